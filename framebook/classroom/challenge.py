"""The challenge set: pairs of short texts that differ in one thing, and what a method must say.

The pairs are in tests/challenge, one file per family, CC0. `python -m
framebook.classroom.challenge` prints the passes of every method as TOML, which
tests/challenge/passes.toml keeps.
"""

import importlib
import json
import os
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from framebook.common.errors import InputError
from framebook.common.folders import PROJECT
from framebook.framing.codebook import load_codebook
from framebook.framing.cues import find_cues
from framebook.sentiment.explain import score_text
from framebook.sentiment.tone import score_tone
from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.voices import find_voices

FOLDER = PROJECT / "tests" / "challenge"
MARGIN = 0.05  # difference of scores that counts as none: VADER's authors' limit of neutral
METHODS = {
    "TextBlob": ["tone"],
    "VADER": ["tone"],
    "news-tone": ["tone"],
    "rhetoric": ["code"],
    "voices": ["voices", "forms", "classes"],
    "speakers": ["speakers"],
}


def read_pairs(folder: Path = FOLDER) -> list[dict]:
    """Return the pairs of the challenge set as dictionaries, each with its family's title.

    Keys: family, number (in the family, from 1), a and b (the texts) and what a method must say:
    tone, code and in, voices, forms, classes or speakers.

    >>> next(pair["b"] for pair in read_pairs() if pair["family"] == "Litotes")
    'The harvest in Dunmar was not bad.'
    """
    pairs = []
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        pairs += [
            {"family": data["title"], "number": n, **pair}
            for n, pair in enumerate(data.get("pair", []), start=1)
        ]
    return pairs


def run_pairs(pairs: list[dict], methods: Iterable[str] = METHODS) -> pd.DataFrame:
    """Return one row per pair and method that it asks: family, number, method, passed (bool).

    `pairs` as from `read_pairs`.

    >>> pair = {"family": "mine", "number": 1, "a": "It was bad.", "b": "It was good.", "tone": "b"}
    >>> run_pairs([pair], ["VADER"]).passed.tolist()
    [True]
    """
    rows = []
    for method in methods:
        asked = [pair for pair in pairs if set(METHODS[method]) & pair.keys()]
        if not asked:
            continue
        found = ANSWERS[method]([text for pair in asked for text in (pair["a"], pair["b"])])
        rows += [
            (pair["family"], pair["number"], method, _passes(pair, method, a, b))
            for pair, a, b in zip(asked, found[::2], found[1::2], strict=True)
        ]
    return pd.DataFrame(rows, columns=["family", "number", "method", "passed"])


def score_pairs(pairs, score, name="scorer", margin=MARGIN):
    """Return the rows of `run_pairs` for a scorer of tone that is not ours.

    `score` takes a list of texts and returns a number for each, higher for a better tone; scores
    less than `margin` apart count as equal. Raises InputError where it returns anything else.
    """
    asked = [pair for pair in pairs if "tone" in pair]
    texts = [text for pair in asked for text in (pair["a"], pair["b"])]
    try:
        scores = np.array([float(one) for one in score(texts)])
    except (TypeError, ValueError):
        scores = np.array([])
    if len(scores) != len(texts) or not np.isfinite(scores).all():
        raise InputError(
            f"{name} must return one number per text: it was given {len(texts)} texts as a list."
        )
    equal = np.abs(scores[::2] - scores[1::2]) < margin
    said = np.where(equal, "equal", np.where(scores[::2] > scores[1::2], "a", "b"))
    rows = [
        (pair["family"], pair["number"], name, bool(found == pair["tone"]))
        for pair, found in zip(asked, said, strict=True)
    ]
    return pd.DataFrame(rows, columns=["family", "number", "method", "passed"])


def load_scorer(place):
    """Return the function in "module:function", also of a module in the current folder."""
    module, colon, name = place.partition(":")
    sys.path.insert(0, os.getcwd())
    try:
        found = getattr(importlib.import_module(module), name) if colon and name else None
    except (ImportError, AttributeError, ValueError) as error:
        raise InputError(f"The scorer {place} can't be imported: {error}.") from None
    finally:
        sys.path.remove(os.getcwd())
    if not callable(found):
        raise InputError(f"{place!r} is not a scorer; name it as module:function.")
    return found


def describe_passes(results):
    """Return a table of "passed / pairs" by family and method, as text, with a last row for all."""
    methods = results.method.unique()
    table = pd.concat([results, results.assign(family="All")])
    cells = table.groupby(["family", "method"], sort=False).passed.agg(["sum", "size"])
    cells = cells["sum"].astype(str) + " / " + cells["size"].astype(str)
    return cells.unstack().reindex(columns=methods).to_string()


def count_passes(results: pd.DataFrame) -> pd.DataFrame:
    """Return "passed / pairs" by family (rows) and method (columns); "–" where there are no pairs.

    `results` as from `run_pairs`.

    >>> results = pd.DataFrame({"family": "mine", "method": "VADER", "passed": [True, False]})
    >>> count_passes(results).loc["mine", "VADER"]
    '1 / 2'
    """
    cells = (
        results.groupby(["family", "method"])
        .passed.agg(lambda passed: f"{passed.sum()} / {len(passed)}")
        .unstack(fill_value="–")
    )
    return cells[[method for method in METHODS if method in cells]]


def _passes(pair, method, a, b):
    if METHODS[method] == ["tone"]:
        said = "equal" if abs(a - b) < MARGIN else "a" if a > b else "b"
        return said == pair["tone"]
    if method == "rhetoric":
        return (pair["code"] in a, pair["code"] in b) == (
            pair["in"] in ("a", "both"),
            pair["in"] in ("b", "both"),
        )
    if method == "speakers":
        return all(map(_same_speakers, (a.speaker, b.speaker), pair["speakers"]))
    return (pair.get("voices", [len(a), len(b)]) == [len(a), len(b)]) and all(
        sorted(found[column]) == sorted(wanted)
        for key, column in (("forms", "form"), ("classes", "speaker_class"))
        for found, wanted in zip((a, b), pair.get(key, []), strict=False)
    )


def _same_speakers(found, wanted):
    """Return whether the names are as many, and each wanted one is the words, or some, of one."""
    left = [set(str(name).lower().split()) for name in found]
    for name in wanted:
        match = next((words for words in left if set(name.lower().split()) <= words), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _codes(texts):
    """Return the set of the rhetoric codes of each text."""
    spans = find_cues(tokenise(make_documents(texts))[1], [load_codebook("rhetoric")])
    return [
        {code.partition(":")[2] for code in spans.code[spans.doc_id == n]}
        for n in range(len(texts))
    ]


def _voices(texts):
    """Return the table of the voices of each text."""
    documents = make_documents(texts)
    voices = find_voices(documents, *tokenise(documents))[0]
    return [voices[voices.doc_id == n] for n in range(len(texts))]


ANSWERS = {
    "TextBlob": lambda texts: [score_text(text)[0] for text in texts],
    "VADER": lambda texts: [score_text(text)[2] for text in texts],
    "news-tone": lambda texts: score_tone(texts).tolist(),
    "rhetoric": _codes,
    "voices": _voices,
    "speakers": _voices,
}


def main():
    results = run_pairs(read_pairs())
    print("# What `python -m framebook.classroom.challenge` measured: [passed, pairs].")
    for family, rows in results.groupby("family"):
        print(f"\n[{json.dumps(family)}]")
        for method, passed in rows.groupby("method", sort=False).passed:
            print(f"{method} = [{passed.sum()}, {len(passed)}]")


if __name__ == "__main__":
    main()
