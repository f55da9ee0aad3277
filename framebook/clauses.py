"""A sentence as the attribution rules see it: words with their kinds, and what is quoted."""

import re
from bisect import bisect_left, bisect_right
from copy import copy
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from framebook.words import words

STOPS = set(". , ; : ? ! … — – ( ) [ ] “ ” \" « » „ - ' ’ ‘ * | •".split())
TRIMMED = {",", ";", ":", "—", "–", "."}
OPENS, CLOSES = set("“«„\"‘") | {"''", "``"}, set("”»\"’") | {"''"}
# A single mark opens before a word, and closes where no letter follows and no plural stands.
QUOTATION_MARKS = r"[“”„«»\"‘’\n]|''|``"
OPENING = re.compile(r"(?<!\w)‘(?=\w)")
CLOSING = re.compile(r"(?<!s)’(?!\w)|(?<=s)’(?=[,.;:)]|$)", re.MULTILINE)

# The kinds of a word, as bits: a word may be of several.
(STOP, CAPITAL, BE, HAVE, MODAL, ADVERB, PRONOUN, DETERMINER, PREPOSITION, BREAK, PLURAL,
 POSSESSIVE) = (1 << n for n in range(12))
AUXILIARY = BE | HAVE | MODAL
LISTS = {"be": BE, "have": HAVE, "modals": MODAL, "adverbs": ADVERB, "pronouns": PRONOUN,
         "determiners": DETERMINER, "prepositions": PREPOSITION, "breaks": BREAK,
         "possessives": POSSESSIVE}
CONTRACTED = {"'s": BE, "'re": BE, "'m": BE, "'ve": HAVE, "'d": MODAL, "'ll": MODAL}


def lower_case(text):
    """Return text in lower case with straight apostrophes."""
    return text.lower().replace("’", "'")


@lru_cache(maxsize=2**18)
def kinds_of(surface):
    """Return the kinds of a word, whatever its place."""
    word = lower_case(surface)
    stem, mark, ending = word.partition("'")
    if surface in STOPS:
        return STOP
    kinds = sum(bit for name, bit in LISTS.items() if word in words(name))
    if mark and ending and not kinds & AUXILIARY:
        if word.endswith("n't"):
            kinds = next((LISTS[name] for name in ("be", "have") if word[:-3] in words(name)),
                         MODAL)
        elif stem in words("pronouns") | {"that", "there", "here", "what"}:
            kinds = PRONOUN | CONTRACTED.get("'" + ending, 0)
        else:
            kinds |= POSSESSIVE
    elif word.endswith("ly") and len(word) > 4 and word not in words("not_adverbs"):
        kinds |= ADVERB
    return kinds | (CAPITAL if surface[:1].isupper() else 0) | (
        PLURAL if word.endswith("s") and not word.endswith("ss") and not kinds else 0)


def quotation_spans(text):
    """Return [(start, end)] of quotations, marks included, paragraph by paragraph.

    Curly, straight and angle marks count. A mark that is not closed holds to the end of its
    paragraph, as news leaves it open where the quotation goes on in the next.
    """
    spans, begin, kind = [], None, ""
    for mark in re.finditer(QUOTATION_MARKS, text):
        at, sign = mark.start(), mark.group()
        if sign == "\n":
            if begin is not None and kind != "‘":
                spans.append((begin, at))
            begin = None
        elif begin is None and sign in OPENS and (sign != "‘" or OPENING.match(text, at)):
            begin, kind = at, sign
        elif begin is not None and sign in CLOSES and (kind == "‘") == (sign == "’") and (
                sign != "’" or CLOSING.match(text, at)):
            spans.append((begin, mark.end()))
            begin = None
    if begin is not None and kind != "‘":
        spans.append((begin, len(text)))
    return spans


@dataclass
class Found:
    """One attribution in token positions of its sentence (first, last), both included."""

    act: str
    cue: tuple | None
    source: tuple | None = None
    content: list = field(default_factory=list)
    open_source: bool = False  # a passive that leaves its source open
    follows: bool = False  # a quotation that goes on from an earlier sentence

    def shifted(self, by):
        """Return the same attribution `by` positions further on."""
        cue, source, *content = (
            (a + by, b + by) for a, b in (self.cue, self.source, *self.content))
        return replace(self, cue=cue, source=source, content=content)


class Text:
    """The tokens of all sentences of a block, as lists: what is read once for every word."""

    def __init__(self, tokens):
        forms, codes = tokens.word.cat.categories.tolist(), tokens.word.cat.codes.to_numpy()
        lower = list(map(lower_case, forms))
        self.surface, self.lower, self.kinds = (
            np.array(column, object)[codes].tolist()
            for column in (forms, lower, list(map(kinds_of, forms))))
        self.start, self.end = tokens.start.tolist(), tokens.end.tolist()


class Sentence:
    """The tokens of one sentence: as written, in lower case, their kinds, which are quoted.

    `words`, `kinds` and `quoted` have two entries more, those of a mark, which also stands
    before the first word (at -1): so no rule need ask whether it is at an end.
    """

    def __init__(self, text, first, last, quotes):
        self.surface, self.start, self.end = (
            column[first:last] for column in (text.surface, text.start, text.end))
        surface, start, end, self.size = self.surface, self.start, self.end, last - first
        size = self.size
        self.words = [*text.lower[first:last], "", ""]
        self.kinds = [*text.kinds[first:last], STOP, STOP]
        if "." in self.words[1:size - 1]:
            for n in range(1, size - 1):  # the full stop of "Mr." and "Ada J. Venn" ends nothing
                if surface[n] == "." and (self.words[n - 1] in words("abbreviated") or len(
                        surface[n - 1]) == 1 and self.kinds[n - 1] & self.kinds[n + 1] & CAPITAL):
                    self.words[n], self.kinds[n] = "_", CAPITAL
        self.quoted, self.has_quotations = [False] * (size + 2), bool(quotes)
        self.quotations = []  # the ranges of quoted tokens
        for a, b in quotes:
            first, last = bisect_left(start, a), bisect_right(end, b)
            if last > first:
                self.quoted[first:last] = [True] * (last - first)
                self.quotations.append((first, last - 1))

    def cut(self, first, last):
        """Return a part of the sentence as one in which nothing is quoted."""
        part = copy(self)
        part.size = last - first + 1
        for name in ("surface", "start", "end"):
            setattr(part, name, getattr(self, name)[first:last + 1])
        part.words = [*self.words[first:last + 1], "", ""]
        part.kinds = [*self.kinds[first:last + 1], STOP, STOP]
        part.quoted, part.has_quotations, part.quotations = [False] * (part.size + 2), False, []
        return part

    def is_nominal(self, n):
        """Return whether a noun phrase can begin at n."""
        return bool(self.kinds[n] & (CAPITAL | DETERMINER | PRONOUN | POSSESSIVE | PLURAL))

    def next_stop(self, n):
        """Return the first position from n on that is a mark or the end."""
        while not self.kinds[n] & STOP:
            n += 1
        return n

    def clause(self, first, last):
        """Return a content range: trimmed of commas and full stops, quotation marks kept."""
        while first <= last and self.words[first] in TRIMMED:
            first += 1
        if self.words[first] == "that" and last - first > 2:  # not "rejected that account"
            first += 1
        while last >= first and self.words[last] in TRIMMED:
            last -= 1
        for n in range(first, last + 1):
            if not self.kinds[n] & STOP:
                return [(first, last)]
        return []
