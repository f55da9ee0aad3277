"""Where the patterns of a codebook match: many patterns at once, on numbers for words.

Patterns are resolved against the vocabulary once. The words of one exact form or of one
beginning ("mine*") stand side by side in a sorted vocabulary, so that whether a token is one
of them is a comparison with two numbers.
"""

import re
from bisect import bisect_left
from functools import cache

import numpy as np

from framebook.columns import expand

MAX_GAP = 12  # tokens that "..." may stand for


def normalise(word):
    """Return the form in which words and patterns meet: lower case, no possessive ending."""
    word = word.lower().replace("’", "'")
    return word[:-2] if word.endswith("'s") else word


@cache
def parse_pattern(pattern):
    """Return a pattern as phrases (tuples of normalised words) that gaps part."""
    phrases = [tuple(normalise(w) for w in part.split())
               for part in re.split(r"(?:^|\s)(?:\.\.\.|…)(?=\s|$)", pattern)]
    return tuple(phrase for phrase in phrases if phrase)


class TokenIndex:
    """The tokens of some sentences as numbers, with the places of every word."""

    def __init__(self, tokens):
        forms = [normalise(word) for word in tokens.word.cat.categories.to_numpy(object)]
        self.vocabulary = sorted(set(forms))
        number = {word: n for n, word in enumerate(self.vocabulary)}
        small = np.uint16 if len(number) <= 2**16 else np.int32  # sorted much faster if 16 bits
        recode = np.array([number[form] for form in forms], small)
        self.ids = recode[tokens.word.cat.codes.to_numpy()]
        self.sent = tokens.sent_id.to_numpy()
        self.order = np.argsort(self.ids, kind="stable")  # the places of word 0, of word 1, …
        counts = np.bincount(self.ids, minlength=len(number))
        self.bounds = np.append(0, np.cumsum(counts))
        self._lines = "\n".join(self.vocabulary)
        self._begins = np.cumsum([0, *(len(word) + 1 for word in self.vocabulary)])
        self._known = {}

    def matching(self, word):
        """Return (low, high, ids) of the words that a pattern word (with * and ?) matches.

        All have numbers from low to below high; `ids` is None where all of these match.
        """
        if word not in self._known:
            prefix, wild = re.match(r"([^*?]*)(.*)", word).groups()
            low, high = (bisect_left(self.vocabulary, prefix + end)
                         for end in ("", "\U0010ffff" if wild else "\0"))
            ids = None
            if wild not in ("", "*"):
                # Looked for in all words at once; what "*" begins with may stand anywhere.
                shape = re.escape(word.lstrip("*")).replace(r"\*", ".*").replace(r"\?", ".")
                lines = re.compile(f"{'^' * (word[0] != '*')}{shape}$", re.M).finditer(
                    self._lines, self._begins[low], max(self._begins[high] - 1, 0))
                ids = np.searchsorted(self._begins, [m.start() for m in lines], "right") - 1
            self._known[word] = low, high, ids
        return self._known[word]

    def find_phrases(self, phrases):
        """Return (places, bounds): phrase n begins at places[bounds[n]:bounds[n + 1]], sorted.

        A phrase is looked for at the places of its rarest word alone; the others are only
        looked up beside it, for all phrases together.
        """
        found = [[self.matching(word) for word in phrase] for phrase in phrases]
        rows, rarest = [], []  # a row: a phrase, and the bounds of places to look at
        for n, words in enumerate(found):
            counts = [self._count(*word) for word in words]
            rarest.append(counts.index(min(counts)))
            low, high, ids = words[rarest[-1]]
            if min(counts):
                pieces = [(low, high)] if ids is None else [(i, i + 1) for i in ids.tolist()]
                rows += [(n, self.bounds[a], self.bounds[b]) for a, b in pieces]
        phrase, first, last = np.array(rows, np.int64).reshape(-1, 3).T
        row, item = expand(first, last - first)
        phrase = phrase[row]
        at = self.order[item] - np.array(rarest, np.int64)[phrase]
        size = np.array([len(words) for words in phrases], np.int64)
        inside = (at >= 0) & (at + size[phrase] <= len(self.ids))
        phrase, at = phrase[inside], at[inside]
        for shift in range(max(size, default=0)):
            phrase, at = self._keep(phrase, at, shift, found)
        one = self.sent[at] == self.sent[at + size[phrase] - 1]
        phrase, at = phrase[one], at[one]
        order = np.argsort(phrase * (len(self.ids) + 1) + at)
        return at[order], np.searchsorted(phrase[order], np.arange(len(phrases) + 1))

    def _count(self, low, high, ids):
        """How often any of the words stands in the text."""
        return int(self.bounds[high] - self.bounds[low] if ids is None
                   else (self.bounds[ids + 1] - self.bounds[ids]).sum())

    def _keep(self, phrase, at, shift, found):
        """Return of candidate places those whose phrase's word number `shift` stands there."""
        words = [words[shift] if shift < len(words) else (0, len(self.vocabulary), None)
                 for words in found]
        low, high = (np.array([word[k] for word in words], np.int64) for k in (0, 1))
        here = self.ids[np.minimum(at + shift, len(self.ids) - 1)]
        kept = (low[phrase] <= here) & (here < high[phrase])
        for n, (_, _, ids) in enumerate(words):
            if ids is not None:
                mine = np.flatnonzero(phrase == n)
                kept[mine] &= np.isin(here[mine], ids)
        return phrase[kept], at[kept]

    def match(self, patterns):
        """Return arrays (number of the pattern, first, last token) of all hits of patterns.

        Each gap is the shortest: of hits with one end, the last to begin.
        """
        parsed = [parse_pattern(pattern) for pattern in patterns]
        phrases = sorted({phrase for pattern in parsed for phrase in pattern})
        number = {phrase: n for n, phrase in enumerate(phrases)}
        places, bounds = self.find_phrases(phrases)
        whole = [(n, number[p[0]]) for n, p in enumerate(parsed) if len(p) == 1]
        pattern, phrase = np.array(whole, np.int64).reshape(-1, 2).T
        owner, item = expand(bounds[phrase], bounds[phrase + 1] - bounds[phrase])
        size = np.array([len(phrases[n]) for n in phrase], np.int64)
        hits = [(pattern[owner], places[item], places[item] + size[owner] - 1)]
        for n, parts in enumerate(parsed):
            if len(parts) > 1:
                found = [places[bounds[number[p]]:bounds[number[p] + 1]] for p in parts]
                first, last = self._bridge(parts, found)
                hits.append((np.full(len(first), n), first, last))
        return tuple(map(np.concatenate, zip(*hits, strict=True)))

    def _bridge(self, phrases, found):
        """Return (first, last) where the phrases follow each other within MAX_GAP tokens."""
        first, last = found[0], found[0] + len(phrases[0]) - 1
        for phrase, places in zip(phrases[1:], found[1:], strict=True):
            after = np.searchsorted(places, last + 1)
            inside = after < len(places)
            first, last, begin = first[inside], last[inside], places[after[inside]]
            near = (begin - last - 1 <= MAX_GAP) & (self.sent[begin] == self.sent[last])
            first, last = first[near], begin[near] + len(phrase) - 1
        nearest = np.diff(last, append=-1) != 0
        return first[nearest], last[nearest]


def find_hits(index, codes):
    """Return arrays (code, first, last, pattern): the hits of codes, none of a code overlap.

    `code` and `pattern` are numbers in the lists; in order of code and text. Inside a code the
    longest hit wins, then the first; a hit that overlaps one of `exclude` is dropped.
    """
    patterns, excluded = ([(n, p) for n, code in enumerate(codes) for p in given(code)]
                          for given in (lambda code: code.patterns, lambda code: code.exclude))
    pattern, first, last = index.match([p for _, p in patterns + excluded])
    code = np.array([n for n, _ in patterns + excluded], np.int64)[pattern]
    sizes = [len(one.patterns) for one in codes]
    pattern = np.where(pattern < len(patterns),
                       pattern - (np.cumsum(sizes, dtype=np.int64) - sizes)[code], -1)

    # Only hits that touch others of their code need to be weighed one by one: in order of
    # code and text, a hit begins a cluster if all before it have ended.
    stride = len(index.ids) + 1
    order = np.lexsort((pattern, first, code))
    code, first, last, pattern = (a[order] for a in (code, first, last, pattern))
    reach = np.maximum.accumulate(code * stride + last)
    new = np.append(True, code[1:] * stride + first[1:] > reach[:-1])[:len(code)]
    begins = np.append(np.flatnonzero(new), len(code))
    kept = pattern >= 0
    for n in np.flatnonzero(np.diff(begins) > 1).tolist():
        mine = slice(begins[n], begins[n + 1])
        kept[mine] = _weigh(first[mine].tolist(), last[mine].tolist(), pattern[mine].tolist())
    return code[kept], first[kept], last[kept], pattern[kept]


def _weigh(first, last, pattern):
    """Return which of some hits to keep; those with the pattern −1 are of `exclude`."""
    taken, kept = set(), [False] * len(first)
    for n in sorted(range(len(first)), key=lambda n: (
            pattern[n] >= 0, first[n] - last[n], first[n], pattern[n])):
        places = range(first[n], last[n] + 1)
        kept[n] = pattern[n] >= 0 and taken.isdisjoint(places)
        if kept[n] or pattern[n] < 0:
            taken.update(places)
    return kept
