"""The tone of news sentences: harm and help to people, and what turns them, word by word.

Each word has a valence, -4 to 4: that of its class in the lexicon `tone.toml`, or that of
VADER's lexicon (Hutto & Gilbert 2014, doi:10.1609/icwsm.v8i1.14550), or the mean of the two
where both have one; a word of the class `no_tone` has none. Shifters
within four words before turn a word to half its strength the other way: valence shifters
(Polanyi & Zaenen 2006, doi:10.1007/1-4020-4102-0_1), in four classes, since to end, resist or
withhold something does not do the same to a harm and a help (Choi & Cardie 2008,
aclanthology.org/D08-1083). Names of several words have no tone. Capitals and "!" add nothing.
The tone of n words whose valences have the sum s is s / sqrt(s² + n + 15), with VADER's 15.
"""

import math
import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

import pandas as pd

from framebook.common.text import lower_case
from framebook.sentiment.lexicons import vader

WORD = re.compile(r"\w+(?:[-']\w+)*|[.,;:!?]")
REACH = 4  # words that a shifter reaches over
TURNED = -0.5  # what a turned valence is multiplied by
LONGEST = 30  # characters of a word that are looked up
BE = {"is", "are", "was", "were", "be", "been", "being", "get", "gets", "got"}
# After these a participle has no object of its own: "the attack was averted by the guards".
NO_OBJECT = {"", "by", "in", "at", "on", "after", "as", "for", "from", "with", "when", "and"}


def score_tone(texts):
    """Return the tone of each text (a sentence or a headline) as a Series, -1 to 1.

    The index is that of `texts` if it is a Series. For an article take the mean over its
    sentences. 0 is a text without a word that has a valence, or whose words cancel out.
    """
    index = texts.index if isinstance(texts, pd.Series) else None
    return pd.Series([_tone_of(text) for text in texts], index, float, "tone")


def explain_tone(text):
    """Return a row for each word that has a valence: words, class, valence, turned_by, score.

    `class` is that of tone.toml or "VADER"; `valence` -4..4 is the word's own; `turned_by` is
    the word that turned it or that it turned itself ("" if none); `score` is what it adds to the
    sum s, and the tone of n words is s / sqrt(s² + n + 15).
    """
    return pd.DataFrame(
        [row[:5] for row in _read(text)[0]],
        columns=["words", "class", "valence", "turned_by", "score"],
    ).astype({"valence": float, "score": float})


def describe_tone(texts):
    """Return texts with their tone and the words behind it, as plain lines to print."""
    lines = []
    for text, tone in zip(texts, score_tone(texts), strict=True):
        lines.append(f"{tone + 0:+.2f}  {text}")
        for words, kind, valence, turned, score, _ in _read(text)[0]:
            why = f", turned by “{turned}”: {score:+.2f}" if score else f", spent on “{turned}”"
            lines.append(
                f"       {words}: {kind.replace('_', ' ')} {valence:+.2f}" + why * bool(turned)
            )
    return "\n".join(lines)


def _tone_of(text):
    rows, n_words = _read(text)
    total = sum(row[4] for row in rows)
    return total / math.sqrt(total * total + n_words + 15)


@cache
def read_lexicon():
    """Return tone.toml: a dict of the lists `class` and `shifter`, each of dicts."""
    return tomllib.loads(Path(__file__).with_name("tone.toml").read_text(encoding="utf-8"))


@cache
def _entries(kind):
    """Return {word, phrase or beginning with "*": [its classes]} of the classes or shifters."""
    entries = {}
    for one in read_lexicon()[kind]:
        for word in one["words"].split():
            entries.setdefault(word.replace("_", " "), []).append(one)
    return entries


@cache
def _heads():
    """Return the first words of the phrases."""
    return {key.split()[0] for key in _entries("class") | _entries("shifter") if " " in key}


def _find(word, kind):
    """Return the classes of the exact word, else of the longest beginning that is listed."""
    entries, ends = _entries(kind), range(min(len(word), LONGEST), max(1, word.find(" ") + 1), -1)
    keys = [word, *(word[:n] + "*" for n in ends)]
    return next((entries[key] for key in keys if key in entries), [])


@lru_cache(maxsize=2**17)
def _look_up(word):
    """Return (class or "", valence, shifters that it is), or None for an unlisted phrase."""
    word = word.removesuffix("'s")
    classes, shifters = _find(word, "class"), tuple(_find(word, "shifter"))
    if classes:
        kind, valence = classes[0]["id"], classes[0]["valence"]
        if valence:
            valence = (valence + vader().lexicon.get(word, valence)) / 2
        return kind, valence, shifters
    if " " in word and not shifters:
        return None
    negates = any(one["id"] == "negation" for one in shifters)
    valence = 0.0 if negates else vader().lexicon.get(word, 0.0)  # VADER has "no" as a harm
    return "VADER" if valence else "", valence, shifters


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
    text = str(text).replace("’", "'")
    surface = WORD.findall(text)
    words = [lower_case(word) for word in surface] + [""]
    names, heads, rows, active, n = _names(surface), _heads(), [], [], 0
    while n < len(surface):
        word, size = words[n], 1
        if not word[0].isalnum() or word == "but":
            active, n = [], n + 1  # a shifter does not reach over a mark or "but"
            continue
        if n in names:
            n += 1
            continue
        found = _look_up(f"{word} {words[n + 1]}") if word in heads else None
        if found:
            word, size = f"{word} {words[n + 1]}", 2
        kind, valence, shifters = found or _look_up(word)
        if active and n - active[0][1] > REACH:
            active = [one for one in active if n - one[1] <= REACH]
        if valence:
            rows.append([word, kind, valence, "", valence, n])
            _turn(rows, active)
        if shifters:
            _turn_back(rows, shifters, words, n)
            active += [(shifter, n, word) for shifter in shifters]
        n += size
    return rows, sum(word[:1].isalnum() for word in words)


def _turn(rows, active):
    """Turn the last row by the nearest negation before it, and the nearest other shifter."""
    row = rows[-1]
    kind = "harm" if row[2] < 0 else "help"
    for negates in (True, False):
        for shifter, place, word in reversed(active):
            if kind in shifter["turns"] and (shifter["id"] == "negation") == negates:
                row[3:5] = f"{row[3]} {word}".strip(), row[4] * TURNED
                if kind == "harm":
                    _spend(rows, place, row[0])
                break


def _turn_back(rows, shifters, words, n):
    """Turn a harm that stands up to three words before a participle: "a raid was averted"."""
    after = words[n + 1]
    passive = words[n].endswith("ed") and (
        words[n - 1] in BE or after in NO_OBJECT or not after[0].isalnum()
    )
    if passive and any(one["id"] in ("ending", "resisting") for one in shifters):
        for row in rows[-4:]:
            if n - 4 < row[5] < n and row[2] < 0 and not row[3]:
                row[3:5] = words[n], row[2] * TURNED
                _spend(rows, n, row[0])


def _spend(rows, place, turned):
    """Count the harm in a word that turns a harm no longer: "prevented", "fight"."""
    for row in rows[-REACH - 1 :]:
        if row[5] == place and row[2] < 0:
            row[3:5] = turned, 0.0
