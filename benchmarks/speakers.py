"""Who speaks: the voices of Framebook against articles coded by hand for their speakers.

    python benchmarks/speakers.py SCORER GOLD.jsonl [--aside 5] [--out FILE.json]

The scorer (score_speakers.py) and the coded articles are the user's own and no part of this
project. A fifth of the articles, those with the smallest hash of their id, is kept aside.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path


def split(rows, aside):
    """Return (tuned, kept aside) of coded articles by a hash of their id."""
    order = sorted(rows, key=lambda row: hashlib.sha256(row["id"].encode()).hexdigest())
    ids = {row["id"] for row in order[:aside]}
    return [r for r in rows if r["id"] not in ids], [r for r in rows if r["id"] in ids]


def score(scorer, rows):
    """Return what the scorer reports of some articles, by its own classes."""
    with tempfile.TemporaryDirectory() as folder:
        gold, result = Path(folder) / "gold.jsonl", Path(folder) / "result.json"
        gold.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        command = [sys.executable, scorer, gold, "--strict-class", "--json", result]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return json.loads(result.read_text(encoding="utf-8"))["report"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scorer", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--aside", type=int, default=5)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    lines = args.gold.read_text(encoding="utf-8").splitlines()
    parts = split([json.loads(line) for line in lines], args.aside)
    names = ("tuned", "aside")
    result = {name: score(args.scorer, rows) for name, rows in zip(names, parts, strict=True)}
    text = json.dumps(result, indent=1)
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
