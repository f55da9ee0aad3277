"""Where the patterns of a codebook match: many patterns at once, on numbers for words.

Patterns are resolved against the vocabulary once. The words of one exact form or of one
beginning ("mine*") stand side by side in a sorted vocabulary.
"""

import re
from bisect import bisect_left
from functools import cache

import numpy as np

MAX_GAP = 12  # tokens that "..." may stand for
NOWHERE = np.zeros(0, np.int64)


def normalise(word):
    """Return the form in which words and patterns meet: lower case, no possessive ending."""
    word = word.lower().replace("’", "'")
    return word[:-2] if word.endswith("'s") else word


@cache
def parse_pattern(pattern):
    """Return a pattern as phrases (tuples of normalised words) that gaps part."""
    phrases = [
        tuple(normalise(w) for w in part.split())
        for part in re.split(r"(?:^|\s)(?:\.\.\.|…)(?=\s|$)", pattern)
    ]
    return tuple(phrase for phrase in phrases if phrase)


class TokenIndex:
    """The tokens of some sentences as numbers, with the places of every word."""

    def __init__(self, tokens):
        forms = [normalise(word) for word in tokens.word.cat.categories.to_numpy(object)]
        self.vocabulary = sorted(set(forms))
        self.number = {word: n for n, word in enumerate(self.vocabulary)}
        # Sorted much faster if 16 bits.
        small = np.uint16 if len(self.number) <= 2**16 else np.int32
        recode = np.array([self.number[form] for form in forms], small)
        self.ids = recode[tokens.word.cat.codes.to_numpy()]
        self.sent = tokens.sent_id.to_numpy()
        self.order = np.argsort(self.ids, kind="stable")  # the places of word 0, of word 1, …
        self.counts = np.bincount(self.ids, minlength=len(self.number))
        self.begins = np.cumsum(self.counts) - self.counts
        self._lines = "\n".join(self.vocabulary)
        self._line_begins = np.cumsum([0, *(len(word) + 1 for word in self.vocabulary)])
        self._known = {}

    def matching(self, word):
        """Return (how many tokens, ids in order) a pattern word (with * and ?) matches."""
        if word in self._known:
            return self._known[word]
        prefix, wild = re.match(r"([^*?]*)(.*)", word).groups()
        if not wild:
            n = self.number.get(word, -1)
            self._known[word] = (int(self.counts[n]), np.array([n])) if n >= 0 else (0, NOWHERE)
            return self._known[word]
        low, high = (bisect_left(self.vocabulary, prefix + end) for end in ("", "\U0010ffff"))
        ids = np.arange(low, high)
        if wild != "*" and len(ids):
            # Looked for in all words at once; what "*" begins with may stand anywhere.
            lines = re.compile(_shape(word), re.M).finditer(
                self._lines, self._line_begins[low], max(self._line_begins[high] - 1, 0)
            )
            ids = np.searchsorted(self._line_begins, [m.start() for m in lines], "right") - 1
        self._known[word] = int(self.counts[ids].sum()), ids
        return self._known[word]

    def find_phrase(self, phrase):
        """Return the places where a phrase begins, in order.

        It is looked for at the places of its rarest word; the others are looked up beside it.
        """
        words = list(map(self.matching, phrase))
        counts = [count for count, _ in words]
        rarest = counts.index(min(counts))
        if not counts[rarest]:
            return NOWHERE
        pieces = [
            self.order[self.begins[n] : self.begins[n] + self.counts[n]]
            for n in words[rarest][1].tolist()
            if self.counts[n]
        ]
        at = (np.sort(np.concatenate(pieces)) if len(pieces) > 1 else pieces[0]) - rarest
        if len(phrase) == 1:
            return at
        at = at[(at >= 0) & (at + len(phrase) <= len(self.ids))]
        for shift, (_, ids) in enumerate(words):
            if shift != rarest and len(at):
                here = self.ids[at + shift]
                at = at[ids[ids[:-1].searchsorted(here)] == here]
        return at[self.sent[at] == self.sent[at + len(phrase) - 1]]

    def match(self, patterns):
        """Return arrays (number of the pattern, first, last token) of all hits of patterns.

        Each gap is the shortest: of hits with one end, the last to begin.
        """
        numbers, hits = [], [(NOWHERE, NOWHERE)]
        for n, phrases in enumerate(map(parse_pattern, patterns)):
            first = self.find_phrase(phrases[0])
            last = first + len(phrases[0]) - 1
            for phrase in phrases[1:]:
                places = self.find_phrase(phrase)
                after = np.searchsorted(places, last + 1)
                inside = after < len(places)
                first, last, begin = first[inside], last[inside], places[after[inside]]
                near = (begin - last - 1 <= MAX_GAP) & (self.sent[begin] == self.sent[last])
                first, last = first[near], begin[near] + len(phrase) - 1
            if len(phrases) > 1:
                nearest = np.diff(last, append=-1) != 0
                first, last = first[nearest], last[nearest]
            if len(first):
                numbers.append(n)
                hits.append((first, last))
        sizes = [len(first) for first, _ in hits[1:]]
        first, last = map(np.concatenate, zip(*hits, strict=True))
        return np.repeat(np.array(numbers, np.int64), sizes), first, last


def _shape(word):
    """A pattern word as a regular expression that never goes back to an earlier `*`."""
    head, *parts = (re.escape(part).replace(r"\?", ".") for part in word.split("*"))
    if not parts:
        return f"^{head}$"
    *within, end = parts
    if not head and (not within or within[1:] + [end] == [""]):
        return f"{''.join(within)}{'.*' * len(within)}{end}$"
    return f"^{head}{''.join(f'(?>.*?{part})' for part in within)}.*{end}$"


def find_hits(index, codes):
    """Return arrays (code, first, last, pattern): the hits of codes, none of a code overlap.

    `code` and `pattern` are numbers in the lists; in order of code and text. Inside a code the
    longest hit wins, then the first; a hit that overlaps one of `exclude` is dropped.
    """
    patterns, excluded = (
        [(n, p) for n, code in enumerate(codes) for p in given(code)]
        for given in (lambda code: code.patterns, lambda code: code.exclude)
    )
    pattern, first, last = index.match([p for _, p in patterns + excluded])
    code = np.array([n for n, _ in patterns + excluded], np.int64)[pattern]
    sizes = [len(one.patterns) for one in codes]
    pattern = np.where(
        pattern < len(patterns), pattern - (np.cumsum(sizes, dtype=np.int64) - sizes)[code], -1
    )

    # Only hits that touch others of their code need to be weighed one by one: in order of
    # code and text, a hit begins a cluster if all before it have ended.
    stride = len(index.ids) + 1
    order = np.lexsort((pattern, first, code))
    code, first, last, pattern = (a[order] for a in (code, first, last, pattern))
    reach = np.maximum.accumulate(code * stride + last)
    new = np.append(True, code[1:] * stride + first[1:] > reach[:-1])[: len(code)]
    begins = np.append(np.flatnonzero(new), len(code))
    kept = pattern >= 0
    for n in np.flatnonzero(np.diff(begins) > 1).tolist():
        mine = slice(begins[n], begins[n + 1])
        kept[mine] = _weigh(first[mine].tolist(), last[mine].tolist(), pattern[mine].tolist())
    return code[kept], first[kept], last[kept], pattern[kept]


def _weigh(first, last, pattern):
    """Return which of some hits to keep; those with the pattern −1 are of `exclude`."""
    taken, kept = set(), [False] * len(first)
    for n in sorted(
        range(len(first)), key=lambda n: (pattern[n] >= 0, first[n] - last[n], first[n], pattern[n])
    ):
        places = range(first[n], last[n] + 1)
        kept[n] = pattern[n] >= 0 and taken.isdisjoint(places)
        if kept[n] or pattern[n] < 0:
            taken.update(places)
    return kept
