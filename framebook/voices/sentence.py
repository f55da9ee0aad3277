"""A sentence as the attribution rules see it: words with their kinds, quotations, noun phrases."""

from dataclasses import dataclass, field, replace

from framebook.voices.classes import builtin
from framebook.voices.kinds import (
    AGENT_STOPS,
    APPOSITION,
    AUXILIARY,
    BREAK,
    BRIEF,
    CALENDAR,
    CAPITAL,
    CLAUSE_STARTS,
    DETERMINER,
    OCCASIONS,
    PEOPLE,
    PLURAL,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
    REACH,
    SHOUT,
    STOP,
    TRIMMED,
)
from framebook.voices.subjects import Subjects


@dataclass(slots=True)
class Found:
    """One attribution in token positions of its sentence (first, last), both included."""

    act: str
    cue: tuple | None
    source: tuple | None = None
    content: list = field(default_factory=list)
    open_source: bool = False  # a passive that leaves its source open
    follows: bool = False  # a quotation that goes on from an earlier sentence
    who: tuple | None = None  # the characters that name the speaker, if outside the sentence
    verbatim: bool = False  # a turn of a transcript
    inside: bool = False  # in somebody's quotation

    def shifted(self, by):
        """Return the same attribution `by` positions further on, inside a quotation."""
        cue, source, *content = (
            (a + by, b + by) for a, b in (self.cue, self.source, *self.content)
        )
        return replace(self, cue=cue, source=source, content=content, inside=True)


class Sentence(Subjects):
    """The tokens of one sentence: in lower case, their kinds, which are quoted.

    `words`, `kinds` and `quoted` have some entries more, those of a mark, which also stands
    before the first word (at -1): so no rule need ask whether it is at an end.
    """

    def __init__(self, words, kinds, quotations=()):
        self.size = len(words)
        self.words, self.kinds = [*words, *[""] * 16], [*kinds, *[STOP] * 16]
        self.quoted = [False] * (self.size + 16)
        self.quotations = quotations  # the ranges of quoted tokens
        for first, last in quotations:
            self.quoted[first : last + 1] = [True] * (last + 1 - first)
        self.begin = self._after_dateline() if kinds and kinds[0] & CAPITAL else 0
        long = [k & CAPITAL for w, k in zip(words, kinds, strict=True) if len(w) > 3]
        self.headline = len(long) > 2 and sum(map(bool, long)) > 0.7 * len(long)

    def _after_dateline(self):
        """Return where the sentence begins after “VESSMOUTH, Ilverra (AP) —”, or 0."""
        for n in range(1, min(14, self.size - 1)):
            kind, word = self.kinds[n], self.words[n]
            if word in {"—", "–", "-"}:
                after = n + 1 + (self.words[n + 1] == "-")
                agency = "(" in self.words[:n] and ")" in self.words[:n]
                return after if agency or self.kinds[0] & SHOUT and after < self.size else 0
            if not (kind & (CAPITAL | STOP) or word in CALENDAR or word[:1].isdigit()):
                return 0
        return 0

    def cut(self, first, last):
        """Return a part of the sentence as one in which nothing is quoted."""
        return Sentence(self.words[first : last + 1], self.kinds[first : last + 1])

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
        words = self.words
        first = max(first, self.begin)
        while first <= last and words[first] in TRIMMED:
            first += 1
        if words[first] == "that" and last - first > 2:  # not "rejected that account"
            first += 1
        while last >= first and words[last] in TRIMMED:
            last -= 1
        for n in range(first, last + 1):
            if not self.kinds[n] & STOP:
                return [(first, last)]
        return []

    def phrase_end(self, first, stops):
        """Return the last position before a mark or one of the words `stops`."""
        last = first - 1
        while not self.kinds[last + 1] & STOP and self.words[last + 1] not in stops:
            gerund = self.words[last + 1].endswith("ing") and not self.kinds[last + 1]
            if last > first and gerund and self.kinds[last] & PLURAL:
                break  # “by officials asking”
            last += 1
        return last

    def agent_after(self, last):
        """Return the range of X in "by X" within six words of the verb, or None."""
        if "by" not in self.words[last + 1 : last + 7]:
            return None
        n = self.words.index("by", last + 1)
        end, word = self.phrase_end(n + 1, AGENT_STOPS), self.words[n + 1]
        between = self.kinds[last + 1 : n]
        no_agent = (
            word.endswith("ing")
            or any(kind & (AUXILIARY | BREAK) for kind in between)
            or word in CALENDAR
            or word in OCCASIONS
            or any(kind & AUXILIARY for kind in self.kinds[n + 1 : end + 1])
            or word[:1].isdigit()
            or (any([kind & STOP for kind in self.kinds[last + 1 : n]]))
        )
        return None if no_agent or end == n else (n + 1, end)

    def phrase_after(self, first):
        """Return the range of Y in "said Y, a mother of three, in a letter"."""
        words, end = self.words, self.phrase_end(first, AGENT_STOPS - {"in", "at", "with"})
        end = next(
            (
                n - 1
                for n in range(first + 1, end)
                if words[n] in {"in", "at"} and words[n + 1] in BRIEF
            ),
            end,
        )
        return (first, self.with_appositions(first, end))

    def with_appositions(self, first, end):
        """Return where "Y (D-Mass.), the mayor of Orr, who was there" ends; Y ends at `end`."""
        words, kinds = self.words, self.kinds
        for _ in range(3):
            if words[end + 1] == "(" and ")" in words[end + 2 : end + 10]:
                end = words.index(")", end + 2)
            begin = end + 2
            if words[end + 1] != "," or begin >= self.size:
                break
            stop = self.next_stop(begin)
            named = (
                kinds[first] & (DETERMINER | POSSESSIVE)
                and stop > begin
                and all(kind & CAPITAL for kind in kinds[begin:stop])
            )  # "said the mayor, Ada Venn"
            if not (
                named
                or words[begin] in APPOSITION
                or words[begin].isdigit()
                or words[begin] in builtin().nouns
                or kinds[begin] & (DETERMINER | POSSESSIVE)
            ):
                break
            end = stop - 1
        return end

    def can_speak(self, source, last):
        """Return whether a subject can answer for a claim: a person, a body, a text, a name.

        "The effort underscores the scale" attributes nothing; before "that" and a quotation any
        subject does.
        """
        if self.words[last + 1] in {"that", "“"}:
            return True
        known = builtin().nouns
        for n in range(source[0], source[1] + 1):
            kind, word = self.kinds[n], self.words[n]
            if kind & PRONOUN and word != "it" or word in {"both", "all", "one"}:
                return True
            if n > source[0] and kind & PREPOSITION and word not in {"of", "for"}:
                break  # “a rowdy meeting in Orr”
            if kind & CAPITAL and word not in CALENDAR and (n > source[0] or n == source[1]):
                return True
            word = word.removesuffix("'s") if kind & POSSESSIVE else word
            counted = word.endswith(("-year-old", "-thirds", "-quarters", "-fifths", "%"))
            if word in known or word in PEOPLE or counted or word in {"quarter", "half", "percent"}:
                return True
        return False

    def has_clause(self, n):
        """Return whether a clause or a quotation begins at n: "added salt" is no attribution."""
        words, quoted, kinds = self.words, self.quoted, self.kinds
        if words[n] in CLAUSE_STARTS or words[n] == ":" or True in quoted[n : n + 2]:
            return True
        for k in range(n, min(n + REACH, self.size)):
            if quoted[k] or kinds[k] & AUXILIARY and words[k] != "to":
                return True
            if kinds[k] & STOP:
                return False
        return False
