"""A sentence as the attribution rules see it: words, punctuation, and what is quoted."""

import re

from framebook.words import words

STOPS = set(". , ; : ? ! … — – ( ) [ ] “ ” \" « » -".split())
OPENS, CLOSES = set("“«„\"‘") | {"''", "``"}, set("”»\"’") | {"''"}
# A single mark opens before a word, and closes where no letter follows and no plural stands.
QUOTATION_MARKS = r"[“”„«»\"]|''|``|(?<!\w)‘(?=\w)|(?<!s)’(?!\w)|(?<=s)’(?=[,.;:)]|$)"


def quotation_spans(text):
    """Return [(start, end)] of quotations, marks included, paragraph by paragraph.

    Curly, straight and angle marks count. A mark that is not closed holds to the end of its
    paragraph, as news leaves it open where the quotation goes on in the next.
    """
    spans = []
    for line in re.finditer(r"[^\n]+", text):
        begin, kind = None, ""
        for mark in re.finditer(QUOTATION_MARKS, line.group()):
            if begin is None and mark.group() in OPENS:
                begin, kind = mark.start(), mark.group()
            elif begin is not None and mark.group() in CLOSES and (
                    (kind == "‘") == (mark.group() == "’")):
                spans.append((line.start() + begin, line.start() + mark.end()))
                begin = None
        if begin is not None and kind != "‘":
            spans.append((line.start() + begin, line.end()))
    return spans


class Sentence:
    """The tokens of one sentence: words in lower case and as written, which are quoted."""

    def __init__(self, surface, start, end, quotes):
        self.surface = surface
        self.words = [w.lower().replace("’", "'") for w in surface]
        for n in range(1, len(surface) - 1):  # the full stop of "Mr." ends nothing
            if surface[n] == "." and self.words[n - 1] in words("abbreviated"):
                self.words[n] = "_"
        self.start, self.end = start, end
        self.quoted = [False] * len(surface)
        for a, b in quotes:
            for n, (s, e) in enumerate(zip(start, end, strict=True)):
                self.quoted[n] = self.quoted[n] or (s >= a and e <= b)

    def __len__(self):
        return len(self.words)

    def is_stop(self, n):
        """Return whether position n is outside the sentence or a punctuation mark."""
        return n < 0 or n >= len(self) or self.words[n] in STOPS

    def is_capital(self, n):
        """Return whether the word at n begins with a capital."""
        return 0 <= n < len(self) and self.surface[n][:1].isupper()

    def is_nominal(self, n):
        """Return whether a noun phrase can begin at n."""
        if self.is_stop(n):
            return False
        return (self.is_capital(n) or self.words[n] in words("determiners") | words("pronouns")
                or self.words[n].endswith("s"))

    def trim(self, first, last):
        """Return the range without punctuation at its ends, or None when nothing is left."""
        while first <= last and self.is_stop(first):
            first += 1
        while last >= first and self.is_stop(last):
            last -= 1
        return (first, last) if first <= last else None

    def clause(self, first, last):
        """Return a content range: trimmed of commas and full stops, quotation marks kept."""
        while first <= last and self.words[first] in {",", ";", ":", "that", "—", "–"}:
            first += 1
        while last >= first and self.words[last] in {",", ";", ":", ".", "—", "–"}:
            last -= 1
        spoken = any(self.words[n] not in STOPS for n in range(first, last + 1))
        return [(first, last)] if spoken else []

    def quotations(self):
        """Return the ranges of quoted tokens."""
        marks = [n for n in range(len(self) + 1)
                 if (n < len(self) and self.quoted[n]) != (n > 0 and self.quoted[n - 1])]
        return list(zip(marks[::2], (n - 1 for n in marks[1::2]), strict=True))
