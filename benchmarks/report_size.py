"""How large and how slow a report is on 10,000 invented articles, beside `framebook tables`.

    python benchmarks/report_size.py [--articles N] [--keep FOLDER]

The corpus is made here, from a seed: sentences of the twelve teaching articles (CC0) strewn
over articles of 15 to 35, in which one long word or name of five is replaced by an invented
word, common ones more often. Three whole commands, one after the other in one run: the report
on the seed article, `framebook tables` and the report on the corpus. Counted are the pages
and the figures; tables lie beside them and are told apart. Writes results/report_size.json.
"""

import argparse
import json
import os
import platform
import re
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from report_speed import PROJECT, run

RESULT = Path(__file__).resolve().parent / "results" / "report_size.json"
SEED = 20261123
WORDS = 30_000  # invented words that may come in, the n-th as often as 1 / n
SYLLABLES = [a + b for a in "b d f g k l m n p r s t v z br dr st tr".split() for b in "aeiou"]


def invent(path, n_articles):
    """Write a Parquet file of invented articles with title, source, date and text."""
    from framebook.tokenising.bulk import split_text

    draw = np.random.default_rng(SEED)
    taught = pd.read_csv(PROJECT / "seeds" / "teaching" / "articles.csv")
    known = [sentence for text in taught.text for sentence in split_text(text)]
    words = np.array(["".join(draw.choice(SYLLABLES, 3)) for _ in range(WORDS)])
    chance = np.cumsum(1 / np.arange(1, WORDS + 1))

    def change(found):
        if draw.random() > 0.2:
            return found[0]
        word = words[np.searchsorted(chance, draw.random() * chance[-1])]
        return word.capitalize() if found[0][0].isupper() else word

    rows = []
    for n in range(n_articles):
        picked = draw.choice(known, int(draw.integers(16, 36)))
        first, *rest = (
            re.sub(r"(?<=\s)([A-Z][a-z]+|[a-z]{7,})\b", change, text) for text in picked
        )
        paragraphs = [" ".join(rest[k : k + 3]) for k in range(0, len(rest), 3)]
        day = pd.Timestamp("2031-01-01") + pd.Timedelta(days=int(draw.integers(365)))
        rows.append(
            {
                "id": f"invented-{n}",
                "title": " ".join(first.split()[:9]).rstrip(".,"),
                "source": f"Invented outlet {draw.integers(1, 13)}",
                "date": f"{day:%Y-%m-%d}",
                "text": "\n\n".join(paragraphs),
            }
        )
    pd.DataFrame(rows).to_parquet(path)


def time_of(*command):
    """Run a command of Framebook; return its seconds, by the clock and of all processors."""
    before = os.times()
    wall, after = run("framebook", *command), os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    return {"wall": round(wall, 1), "cpu": round(cpu, 1)}


def weigh(folder, *patterns):
    """Return the megabytes (of a million bytes) of the files that match one of the patterns."""
    files = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return round(sum(path.stat().st_size for path in files) / 1e6, 3)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, help="a folder for the corpus and what is made")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        corpus = folder / "corpus.parquet"
        invent(corpus, args.articles)
        run("framebook", "report", "--out", folder / "seed")  # not counted: fills the caches
        seconds = {
            "report on the seed": time_of("report", "--out", folder / "seed"),
            "tables": time_of("tables", corpus, "--out", folder / "tables"),
            "report": time_of("report", corpus, "--out", folder / "report"),
        }
        megabytes = {
            name: {
                "pages": weigh(folder / name, "*.html"),
                "figures": weigh(folder / name, "figures/*"),
                "pages and figures": weigh(folder / name, "*.html", "figures/*"),
                "tables beside them": weigh(folder / name, "tables/**/*"),
                "evidence.csv": weigh(folder / name, "evidence.csv"),
            }
            for name in ("seed", "report")
        }
        sentences = sum(
            len(pd.read_parquet(path, columns=["sent_id"]))
            for path in (folder / "tables").glob("sentences*")
        )
    ratio = {
        clock: round(
            (seconds["report"][clock] - seconds["report on the seed"][clock])
            / seconds["tables"][clock],
            2,
        )
        for clock in ("wall", "cpu")
    }
    sizes = [megabytes[name]["pages and figures"] for name in ("seed", "report")]
    result = {
        "articles": args.articles,
        "sentences": sentences,
        "ratio": ratio,
        "target": 2,
        "megabytes": megabytes,
        "megabytes_targets": [3, 10],
        "seconds": seconds,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))
    return 0 if ratio["wall"] <= 2 and sizes[0] < 3 and sizes[1] < 10 else 1


if __name__ == "__main__":
    sys.exit(main())
