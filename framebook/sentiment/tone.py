"""The tone of news sentences: harm and help to people, and what turns them, word by word.

Each word has a valence, -4 to 4: that of its class in the lexicon `tone.toml`, or that of
VADER's lexicon (Hutto & Gilbert 2014, doi:10.1609/icwsm.v8i1.14550), or the mean of the two
where both have one; a word of the class `no_tone` has none. Shifters within four words before
turn a word to half its strength the other way: valence shifters (Polanyi & Zaenen 2006,
doi:10.1007/1-4020-4102-0_1), in classes, since to end, resist or withhold something does not do
the same to a harm and a help (Choi & Cardie 2008, aclanthology.org/D08-1083); a help that is
only called for ("should", "must") counts half. What a clause says after the noun, of its rise,
fall, end or absence, is in `outcomes.py`. Names of several words have no tone. Capitals and "!"
add nothing; a question counts half.
The tone of n words whose valences have the sum s is s / sqrt(s² + n + 15), with VADER's 15.
"""

import math
import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from framebook.common.text import lower_case
from framebook.sentiment.lexicons import vader
from framebook.sentiment.outcomes import REACH, TURNED, ends, reaches, settle

WORD = re.compile(r"\w+(?:[-']\w+)*|[.,;:!?]")
LONGEST = 30  # characters of a word that are looked up
QUESTION = 0.5  # what the sum of a question is multiplied by
KINDS = ("class", "shifter", "direction", "quantity", "outcome")


class Entry(NamedTuple):
    """What the lexicon says of a word or phrase."""

    kind: str  # id of its class, "VADER" or ""
    valence: float
    shifters: tuple
    direction: str  # "rise", "fall" or ""
    quantity: dict | None
    outcome: bool


def score_tone(texts: Iterable[str]) -> pd.Series:
    """Return the tone of each text (a sentence or a headline) as a Series, -1 to 1.

    The index is that of `texts` if it is a Series. For an article take the mean over its
    sentences. 0 is a text without a word that has a valence, or whose words cancel out.

    >>> score_tone(["Unemployment falls", "Unemployment rises"]).round(2).tolist()
    [0.28, -0.47]
    """
    index = texts.index if isinstance(texts, pd.Series) else None
    return pd.Series([_tone_of(text) for text in texts], index, float, "tone")


def explain_tone(text: str) -> pd.DataFrame:
    """Return a row for each word that has a valence: words, class, valence, turned_by, score.

    `class` is that of tone.toml or "VADER"; `valence` -4..4 is the word's own; `turned_by` is
    the word that turned it or that it turned itself ("" if none); `score` is what it adds to the
    sum s (half of it in a question), and the tone of n words is s / sqrt(s² + n + 15). A quantity
    that rises or falls has the class that says which of the two is good.
    """
    return pd.DataFrame(
        [row[:5] for row in _read(text)[0]],
        columns=["words", "class", "valence", "turned_by", "score"],
    ).astype({"valence": float, "score": float})


def describe_tone(texts: Iterable[str]) -> str:
    """Return texts with their tone and the words behind it, as plain lines to print.

    >>> print(describe_tone(["Unemployment falls"]))
    +0.28  Unemployment falls
           unemployment: harm -2.20, turned by “falls”: +1.20
           falls: slight setback -0.80, spent on “unemployment”
    """
    lines = []
    for text, tone in zip(texts, score_tone(texts), strict=True):
        lines.append(f"{tone + 0:+.2f}  {text}")
        for words, kind, valence, turned, score, _ in _read(text)[0]:
            why = f", turned by “{turned}”: {score:+.2f}" if score else f", spent on “{turned}”"
            lines.append(
                f"       {words}: {kind.replace('_', ' ')} {valence:+.2f}" + why * bool(turned)
            )
    return "\n".join(lines)


def find_toned_words(text: str) -> list[tuple[int, int, str, float]]:
    """Return (start, end, words, score) of the words that have a score, by `explain_tone`.

    >>> find_toned_words("They were not killed.")
    [(14, 20, 'killed', 1.75)]
    """
    spans = [found.span() for found in WORD.finditer(str(text).replace("’", "'"))]
    return [
        (spans[place][0], spans[place + words.count(" ")][1], words, score)
        for words, *_, score, place in _read(text)[0]
        if score
    ]


def _tone_of(text):
    rows, n_words = _read(text)
    total = sum(row[4] for row in rows)
    if str(text).rstrip("\"'”’ ").endswith("?"):
        total *= QUESTION
    return total / math.sqrt(total * total + n_words + 15)


@cache
def read_lexicon():
    """Return tone.toml: a dict of the lists class, shifter, direction, quantity and outcome."""
    return tomllib.loads(Path(__file__).with_name("tone.toml").read_text(encoding="utf-8"))


@cache
def _entries(kind):
    """Return {word, phrase or beginning with "*": [its entries]} of one of the lists."""
    entries = {}
    for one in read_lexicon()[kind]:
        for word in one["words"].split():
            entries.setdefault(word.replace("_", " "), []).append(one)
    return entries


@cache
def _heads():
    """Return the first words of the phrases."""
    return {key.split()[0] for kind in KINDS for key in _entries(kind) if " " in key}


def _find(word, kind):
    """Return the entries of the exact word, else of the longest beginning that is listed."""
    entries, ends = _entries(kind), range(min(len(word), LONGEST), max(1, word.find(" ") + 1), -1)
    keys = [word, *(word[:n] + "*" for n in ends)]
    return next((entries[key] for key in keys if key in entries), [])


@lru_cache(maxsize=2**17)
def _look_up(word):
    """Return the Entry of a word, or of a phrase; None for a phrase that is not listed."""
    word = word.removesuffix("'s")
    classes, shifters, direction, quantity, outcome = (_find(word, kind) for kind in KINDS)
    kind, valence = (classes[0]["id"], classes[0]["valence"]) if classes else ("", 0.0)
    if valence:
        valence = (valence + vader().lexicon.get(word, valence)) / 2
    elif not classes and " " not in word:
        negates = any(one["id"] == "negation" for one in shifters)
        valence = 0.0 if negates else vader().lexicon.get(word, 0.0)  # VADER has "no" as a harm
        kind = "VADER" if valence else ""
    elif not (classes or shifters or direction or quantity or outcome):
        return None
    return Entry(
        kind,
        valence,
        tuple(shifters),
        direction[0]["id"] if direction else "",
        quantity[0] if quantity else None,
        bool(outcome) and kind != "no_tone",
    )


def _names(words):
    """Return the places of words that are part of a name of two or more words.

    A name has capitals, may hold "of" or "the", and does not begin the text. Where two words
    in three have capitals, as in some headlines, none is known.
    """
    capital = [len(word) > 1 and word[0].isupper() for word in words]
    if 3 * sum(capital[1:]) >= 2 * sum(word[0].isalpha() for word in words[1:]):
        return set()
    places, run = set(), []
    for n in range(1, len(words) + 1):
        if n < len(words) and (capital[n] or run and words[n] in {"of", "for", "and", "the"}):
            run.append(n)
            continue
        while run and not capital[run[-1]]:
            run.pop()
        if len(run) > 1:
            places.update(run)
        run = []
    return places


def _read(text):
    """Return ([words, class, valence, turned_by, score, place] rows, the number of words)."""
    surface = WORD.findall(str(text).replace("’", "'"))
    words = [lower_case(word) for word in surface] + [""]
    names, heads, rows, n = _names(surface), _heads(), [], 0
    active, moves, quantities, negations, first = [], [], {}, [], 0
    while n < len(words):
        word = words[n]
        if not word[:1].isalnum() or word == "but":  # nothing reaches over a mark or "but"
            if moves or negations:
                rows[first:] = settle(rows[first:], moves, quantities, negations, words)
            active, moves, quantities, negations, first = [], [], {}, [], len(rows)
            n += 1
            continue
        if n in names:
            n += 1
            continue
        pair = f"{word} {words[n + 1]}" if word in heads else ""
        entry = pair and _look_up(pair)
        word, entry, end = (pair, entry, n + 2) if entry else (word, _look_up(word), n + 1)
        active = [one for one in active if reaches(one, n, word)]
        if entry.valence:
            rows.append([word, entry.kind, entry.valence, "", entry.valence, n])
            _turn(rows, active)
        active += [(shifter, n, word) for shifter in entry.shifters]
        if any(one["id"] == "negation" for one in entry.shifters):
            negations.append((n, end, word))
        ending = ends(word, entry, words[end])
        if entry.direction or ending:
            moves.append((entry.direction, ending, n, end, word))
        if entry.quantity:
            quantities[n] = entry.quantity, word
        n = end
    return rows, sum(word[:1].isalnum() for word in words)


def _turn(rows, active):
    """Turn the last row by the nearest negation before it, and the nearest other shifter."""
    row = rows[-1]
    kind = "harm" if row[2] < 0 else "help"
    for negates in (True, False):
        for shifter, place, word in reversed(active):
            if kind in shifter["turns"] and (shifter["id"] == "negation") == negates:
                row[3:5] = f"{row[3]} {word}".strip(), row[4] * shifter.get("factor", TURNED)
                if kind == "harm":
                    _spend(rows, place, row[0])
                break


def _spend(rows, place, turned):
    """Count the harm in a word that turns a harm no longer: "prevented", "fight"."""
    for row in rows[-REACH - 1 :]:
        if row[5] == place and row[2] < 0:
            row[3:5] = turned, 0.0
