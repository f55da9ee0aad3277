"""Frames that the codebook's own rules see in whole articles, against human coders.

    python benchmarks/codebook_alone.py FILE [--part tuned|aside]

FILE has the form of the Narrative Frames Corpus (Frermann, Li, Khanehzar & Mikolajczak 2023,
2023.acl-long.486; github.com/phenixace/narrative-framing): JSON lines with id, text and frames.
It is no part of this project. No article is learned from: `generic-news-frames` decides by its
[code.decision]. The two parts are told apart by a hash of the id; words and rules were settled on
"tuned" alone. Its `resolution` (a solution is offered, and somebody acts) stands in for
responsibility, of which it is a part: cause and blame are not in it.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd

from framebook.framing.codebook import load_codebook
from framebook.framing.cues import find_cues
from framebook.framing.decisions import apply_rules, f1_score
from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise

# Code: the set's name for it, and the F1 of one of its annotators against the settled codes.
FRAMES = {
    "conflict": ("conflict", 0.90),
    "human_interest": ("human_interest", 0.62),
    "economic_consequences": ("economic", 0.85),
    "morality": ("morality", 0.71),
    "responsibility": ("resolution", 0.85),
}
RESULTS = Path(__file__).parent / "results" / "codebook_alone.json"


def read(path, part):
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    odd = [int(hashlib.sha256(row["id"].encode()).hexdigest(), 16) % 2 for row in rows]
    return [
        row
        for row, aside in zip(rows, odd, strict=True)
        if None not in (row["frames"] or {"": None}).values()
        and (part == "all" or aside == (part == "aside"))
    ]


def measure(rows, draws=1000, seed=0):
    """Return a row for each frame; `above` is the share of resampled sets that beat always yes."""
    book = load_codebook("generic-news-frames")
    sentences, tokens = tokenise(make_documents([row["text"] for row in rows]))
    decided = (
        apply_rules(find_cues(tokens, [book]), sentences, book)
        .pivot(index="doc_id", columns="code", values="decided")
        .astype(bool)
    )
    again = np.random.default_rng(seed).integers(0, len(rows), (draws, len(rows)))
    table = []
    for code, (name, human) in FRAMES.items():
        said = decided[f"{book.name}:{code}"].to_numpy()
        gold = np.array([row["frames"][name] for row in rows], bool)
        always = np.ones(len(gold), bool)
        above = [f1_score(gold[i], said[i]) > f1_score(gold[i], always) for i in again]
        table.append(
            {
                "code": code,
                "n": len(gold),
                "positives": int(gold.sum()),
                "decided": int(said.sum()),
                "precision": (gold & said).sum() / max(said.sum(), 1),
                "recall": (gold & said).sum() / max(gold.sum(), 1),
                "f1": f1_score(gold, said),
                "f1_always_yes": f1_score(gold, always),
                "above": np.mean(above),
                "f1_human": human,
            }
        )
    return pd.DataFrame(table).round(3)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--part", choices=["tuned", "aside", "all"], default="tuned")
    args = parser.parse_args()
    table = measure(read(args.file, args.part))
    print(table.to_string(index=False))
    kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    kept[args.part] = table.to_dict("records")
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
