"""Whether the engine's scores and tokens equal the libraries', on every sentence of a file.

    python benchmarks/equality.py FILE...

FILE is Parquet, CSV or JSON Lines with a column `text` (and `title`, put before it as its own
line). Prints JSON: sentences, how many differ by score, the largest difference, how many
articles' tokens or sentences differ from the plain rules', and the versions compared.
"""

import argparse
import json
import sys
from importlib.metadata import version
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import oracles  # noqa: E402

from framebook.sentiment import bulk as scoring  # noqa: E402
from framebook.sentiment.lexicons import MEASURES  # noqa: E402
from framebook.tokenising import bulk

READERS = {
    ".parquet": pd.read_parquet,
    ".csv": pd.read_csv,
    ".jsonl": lambda path: pd.read_json(path, lines=True, dtype=False),
}


def read_documents(path):
    """Return the documents of a file: doc_id, title and text."""
    frame = READERS[Path(path).suffix](path)
    texts = frame.text.fillna("").astype("str")
    titles = (frame.title if "title" in frame else pd.Series("", frame.index)).fillna("")
    titles = titles.astype("str").str.replace(r"\s+", " ", regex=True).str.strip()
    texts = texts.where(titles == "", titles + "\n\n" + texts)
    return pd.DataFrame(
        {"doc_id": range(len(frame)), "title": titles.to_numpy(), "text": texts.to_numpy()}
    )


def compare(documents):
    """Return the counts for a block of documents."""
    sentences, tokens = bulk.tokenise(documents)
    plain_sentences, plain_tokens = oracles.tokenise(documents)
    ours = scoring.score_sentences(documents, sentences)[MEASURES]
    theirs = oracles.score_sentences(documents, sentences)[MEASURES]
    gap = (ours - theirs).abs()
    return {
        "articles": len(documents),
        "sentences": len(sentences),
        "tokens": len(tokens),
        "different": (gap > 0).sum().to_dict(),
        "largest": float(gap.max().max()),
        "blocks_unlike_plain": int(
            not (sentences.equals(plain_sentences) and tokens.equals(plain_tokens))
        ),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+")
    results = {}
    for path in parser.parse_args().files:
        documents = read_documents(path)
        blocks = [
            compare(documents.iloc[at : at + bulk.BLOCK].reset_index(drop=True))
            for at in range(0, len(documents), bulk.BLOCK)
        ]
        total = {
            key: sum(block[key] for block in blocks)
            for key in ("articles", "sentences", "tokens", "blocks_unlike_plain")
        }
        total["different"] = {
            name: sum(int(block["different"][name]) for block in blocks) for name in MEASURES
        }
        results[Path(path).name] = {**total, "largest": max(block["largest"] for block in blocks)}
    versions = {name: version(name) for name in ("nltk", "textblob", "vaderSentiment")}
    print(json.dumps({"versions": versions, "results": results}, indent=1))


if __name__ == "__main__":
    main()
