"""A sentence as the attribution rules see it: words with their kinds, quotations, noun phrases."""

from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from framebook.common.text import lower_case
from framebook.tables import ACTS, ASCRIBED, SENTENCE_STRIDE
from framebook.tokenising.words import words
from framebook.voices.classes import builtin
from framebook.voices.quotations import quotation_spans

STOPS = set(". , ; : ? ! … — – ( ) [ ] “ ” \" « » „ - ' ’ ‘ * | •".split())
TRIMMED = {",", ";", ":", "—", "–", "."}
# The kinds of a word, as bits: a word may be of several.
(
    STOP,
    CAPITAL,
    BE,
    HAVE,
    MODAL,
    ADVERB,
    PRONOUN,
    DETERMINER,
    PREPOSITION,
    BREAK,
    PLURAL,
    POSSESSIVE,
    SHOUT,
    FINITE,
) = (1 << n for n in range(14))
AUXILIARY = BE | HAVE | MODAL
LISTS = {
    "be": BE,
    "have": HAVE,
    "modals": MODAL,
    "adverbs": ADVERB,
    "pronouns": PRONOUN,
    "determiners": DETERMINER,
    "prepositions": PREPOSITION,
    "breaks": BREAK,
    "possessives": POSSESSIVE,
    "finite": FINITE,
}
LISTED = {}  # {word: its bits}
for name, bit in LISTS.items():
    LISTED |= {word: bit | LISTED.get(word, 0) for word in words(name)}
CONTRACTED = {"'s": BE, "'re": BE, "'m": BE, "'ve": HAVE, "'d": MODAL, "'ll": MODAL}
CALENDAR, APPOSITION = words("calendar"), words("apposition")
TIMES = CALENDAR | {"week", "month", "year", "recent", "night", "morning"}
RELATIVES = {"who", "which", "that"}
LETTERS = {"WHO", "IT", "US", "AS", "AN", "AM"}  # letters that are no words of theirs
PEOPLE = words("roles") | words("kin") | words("titles")  # besides the nouns of the classes
TRAILING = set(
    "further earlier later almost also again himself herself themselves both yesterday then".split()
)
CAUSING = set("led leads made makes caused prompted forced causing leading prompting".split())
JOINING = {"and", "but", "or", "then", "nor", "yet"}
AGENT_STOPS = (words("prepositions") - {"of", "for"}) | RELATIVES | {"when", "while", "not", "to"}
BRIEF = {"a", "an", "his", "her", "their", "its"} | CALENDAR
CLAUSE_STARTS = set("that whether if how what why who when where he she it they we".split())
SPOKEN = set(ACTS) - set(ASCRIBED)
REACH = 30  # tokens in which a verb's clause shows itself
LONGEST = 20  # tokens of a noun phrase
TEXT_STRIDE = 2**32  # more than the characters of any document


@lru_cache(maxsize=2**18)
def kinds_of(surface):
    """Return the kinds of a word, whatever its place."""
    word = lower_case(surface)
    stem, mark, ending = word.partition("'")
    if surface in STOPS:
        return STOP
    core = surface.partition("’" if "’" in surface else "'")[0]
    if len(core) > 1 and core.isupper() and core in LETTERS:
        return CAPITAL | (SHOUT if len(core) > 2 else 0) | (POSSESSIVE if mark else 0)
    kinds = LISTED.get(word, 0)
    if mark and ending and not kinds & AUXILIARY:
        if word.endswith("n't"):
            kinds = next(
                (LISTS[name] for name in ("be", "have") if word[:-3] in words(name)), MODAL
            )
        elif stem in words("pronouns") | {"that", "there", "here", "what"}:
            kinds = PRONOUN | CONTRACTED.get("'" + ending, 0)
        elif ending == "s":
            kinds |= POSSESSIVE
    elif word.endswith("ly") and len(word) > 4 and word not in words("not_adverbs"):
        kinds |= ADVERB
    return (
        kinds
        | (CAPITAL if surface[:1].isupper() else 0)
        | (SHOUT if len(surface) > 2 and surface.isupper() else 0)
        | (PLURAL if word.endswith("s") and not word.endswith("ss") and not kinds else 0)
    )


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

    def shifted(self, by):
        """Return the same attribution `by` positions further on."""
        cue, source, *content = (
            (a + by, b + by) for a, b in (self.cue, self.source, *self.content)
        )
        return replace(self, cue=cue, source=source, content=content)


class Text:
    """The tokens of all sentences of a block, as lists: what is read once for every word."""

    def __init__(self, documents, tokens):
        forms, codes = tokens.word.cat.categories.tolist(), tokens.word.cat.codes.to_numpy()
        self.words = np.array(list(map(lower_case, forms)), object)[codes].tolist()
        self.kinds = np.array(list(map(kinds_of, forms)), np.int16)[codes].tolist()
        self.start, self.end = tokens.start.to_numpy(), tokens.end.to_numpy()
        sents = tokens.sent_id.to_numpy()
        self._join_abbreviations(forms, codes, sents)
        # Quotations by the numbers of their first token and of that after their last.
        spans = [
            (doc_id * TEXT_STRIDE + a, doc_id * TEXT_STRIDE + b)
            for doc_id, text in zip(documents.doc_id.tolist(), documents.text, strict=True)
            for a, b in quotation_spans(text)
        ]
        begin, end = np.array(spans, np.int64).reshape(-1, 2).T
        offset = sents // SENTENCE_STRIDE * TEXT_STRIDE
        first = (offset + self.start).searchsorted(begin)
        past = (offset + self.end).searchsorted(end, side="right")
        self.quotations = np.column_stack([first, past])[first < past]

    def _join_abbreviations(self, forms, codes, sents):
        """Make the full stop of "Mr." and "Ada J. Venn" a part of the name: it ends nothing."""
        stops = np.array([form == "." for form in forms], bool)[codes][1:-1]
        inside = (sents[1:-1] == sents[:-2]) & (sents[1:-1] == sents[2:])
        for n in (np.flatnonzero(stops & inside) + 1).tolist():
            if (
                self.words[n - 1] in words("abbreviated")
                or len(forms[codes[n - 1]]) == 1
                and self.kinds[n - 1] & self.kinds[n + 1] & CAPITAL
            ):
                self.words[n], self.kinds[n] = "_", CAPITAL
        # “the protesters’ demands”: the mark belongs to the word.
        marks = np.array([form in "'’" for form in forms], bool)[codes][1:-1]
        joined = (self.start[1:-1] == self.end[:-2]) & (self.start[2:] == self.end[1:-1] + 1)
        for n in (np.flatnonzero(marks & inside & joined) + 1).tolist():
            if self.words[n - 1].endswith("s") and self.kinds[n + 1] in (0, PLURAL):
                self.kinds[n - 1] = self.kinds[n - 1] & ~PLURAL | POSSESSIVE
                self.words[n], self.kinds[n] = "_", POSSESSIVE


class Sentence:
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
                or words[begin] in APPOSITION | {"who", "whose"}
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
            if kind & CAPITAL and (n > source[0] or n == source[1]):
                return True
            word = word.removesuffix("'s") if kind & POSSESSIVE else word
            if word in known or word in PEOPLE:
                return True
        return False

    def caused(self, to):
        """Return the range of X in “led X to fear”, `to` being the place of “to”, or None."""
        for n in range(to - 1, max(to - 9, 0), -1):
            if self.kinds[n] & (STOP | AUXILIARY | BREAK):
                return None
            if self.words[n] in CAUSING:
                named = n + 1 < to and self.is_nominal(n + 1)
                return (n + 1, to - 1) if named else None
        return None

    def last_source(self, before, earlier):
        """Return the source of the attribution before, else the subject of the sentence."""
        for one in reversed(earlier):
            if one.source and one.cue[0] < before:
                return one.source
        return self._first_phrase(before)

    def _first_phrase(self, before):
        """Return the noun phrase at the head of the sentence, up to what looks like its verb."""
        start, words, kinds = self.begin, self.words, self.kinds
        while start < before and (
            self.quoted[start] or kinds[start] & STOP or words[start] in JOINING
        ):
            start += 1
        if (kinds[start] & (PREPOSITION | BREAK | ADVERB) or words[start].endswith("ing")) and (
            "," in words[start:before]
        ):
            start = words.index(",", start) + 1  # "For now, the people": past the adverbial
        end, named = start, kinds[start] & CAPITAL and not kinds[start] & DETERMINER
        while (
            end < before
            and not kinds[end] & STOP
            and end - start < 12
            and not (end > start and self._ends_phrase(end, named))
        ):
            end += 1
        return (start, end - 1) if end > start and self.is_nominal(start) else None

    def _ends_phrase(self, n, named):
        """Return whether the noun phrase ends before n: at a verb, or where a name ends."""
        word, kind = self.words[n], self.kinds[n]
        if word in {"of", "the"} or kind & CAPITAL:
            return False
        if kind & FINITE and not self.kinds[n - 1] & (DETERMINER | POSSESSIVE):
            return True
        return (
            named
            or kind & (AUXILIARY | BREAK | PREPOSITION | ADVERB)
            or word == "who"
            or word.endswith("ed")
            or self.kinds[n - 1] & PRONOUN
        )

    def subject_of(self, left, earlier):
        """Return the subject that ends at `left`, or before a mark or joining word there."""
        if self.words[left] in TIMES and left > 1:  # "but on Tuesday wrote that"
            left -= 1 + (self.words[left - 1] in {"last", "this", "early", "late", "next"})
            left -= bool(self.kinds[left] & (PREPOSITION | DETERMINER))
        source = self.subject_before(left)
        if source and earlier and source[0] <= earlier[-1].cue[1] < left:
            return self.subject_before(left, earlier[-1].cue[1] + 1)
        joined = self.words[left] in JOINING
        if source is None and self.words[left] in {",", "—", "–", ")", "-"}:
            source, joined = self._with_apposition(left), earlier
        return self.last_source(left, earlier) if source is None and joined else source

    def subject_before(self, left, floor=0):
        """Return the noun phrase that ends at `left` and begins at `floor` or later, or None."""
        words, kinds = self.words, self.kinds
        if kinds[left] & STOP or self.quoted[left]:
            return None
        if words[left] in RELATIVES:
            return self._antecedent(left)
        if kinds[left] & (BREAK | PREPOSITION) or words[left] in JOINING:
            return None
        begin = left
        while begin > max(floor, left - LONGEST) and not kinds[begin] & PRONOUN:
            if kinds[begin - 1] & (STOP | BREAK) or self.quoted[begin - 1]:
                break
            if kinds[begin - 1] & (AUXILIARY | FINITE) and words[begin - 1] != "to":
                begin = self.smallest(begin, left)
                break
            begin -= 1
        if words[begin] == "who" and floor < begin < left and not kinds[begin - 1] & STOP:
            head = self.subject_before(begin - 1, floor)  # “a woman who lives nearby said”
            return (head[0], left) if head else (begin, left)
        for n in range(begin + 2, left + 1):  # “a charge Oslo denies”
            noun = words[n - 1] not in builtin().nouns and words[n - 1] not in PEOPLE
            if (
                noun
                and kinds[begin] & DETERMINER
                and words[begin] in {"a", "an"}
                and kinds[n - 1] == 0
                and kinds[n] & CAPITAL
                and words[begin - 1] == ","
            ):
                return (n, left)
        while kinds[begin - 1] & STOP and kinds[begin] & PREPOSITION:  # "On Monday the minister"
            step = next(
                (
                    n
                    for n in range(begin + 2, left + 1)
                    if kinds[n] & (DETERMINER | PRONOUN | POSSESSIVE)
                ),
                None,
            )
            if step is None:
                break
            begin = step
        while begin < left and (words[begin] in JOINING or kinds[begin] & ADVERB):
            begin += 1
        for n in range(begin + 1, left):  # "the mayor on Monday said", "the mayor at the time said"
            if (
                words[n] in {"on", "in", "this", "last"}
                and words[n + 1] in TIMES
                or (words[n : n + 3] == ["at", "the", "time"])
            ):
                return (begin, n - 1)
        while left > begin and (words[left] in CALENDAR or words[left] in TRAILING):
            left -= 1
        return (begin, left)

    def _antecedent(self, relative):
        """Return the noun phrase before "who" or "which": the nearest, "of" aside."""
        n = relative - 1
        while self.words[n] == ",":
            n -= 1
        found = self.subject_before(n)
        for k in range(n, found[0] if found else n, -1):
            if self.kinds[k] & PREPOSITION and self.words[k] != "of":
                return (k + 1, n)
            bare = self.kinds[k - 1] & (DETERMINER | PREPOSITION) or self.words[k - 1] == "of"
            if self.words[relative] != "who" and self.kinds[k] & DETERMINER and not bare:
                return (k, n)  # “released a statement which”
        return found

    def smallest(self, begin, left):
        """Return where the shortest noun phrase that ends at `left` begins, at or past `begin`."""
        n, kinds = left, self.kinds
        if kinds[left] & CAPITAL:
            while n > begin and kinds[n - 1] & CAPITAL:
                n -= 1
            return n
        for k in range(left, max(begin, left - 5) - 1, -1):
            if kinds[k] & (DETERMINER | POSSESSIVE) or k < left and self.words[k - 1] == "by":
                return k
        return left

    def _with_apposition(self, mark):
        """Return the source in "Y, the mayor, said" or "Y (the mayor) said": Y and the rest."""
        words, kinds, n, head = self.words, self.kinds, mark - 1, None
        end = mark if words[mark] == ")" else mark - 1
        if end == mark and "(" in words[max(mark - 8, 0) : mark]:  # "(D-Wash.)"
            while words[n] != "(":
                n -= 1
        for _ in range(5):
            while n >= max(mark - 40, 0) and not kinds[n] & STOP:
                n -= 1
            if words[n] not in {",", "—", "–", "-", "("} or self.quoted[n]:
                break
            inner = self.subject_before(n - 1)
            if (
                inner
                and not kinds[inner[0]] & PREPOSITION
                and self.can_speak(inner, inner[1])
                and (not any(k & (AUXILIARY | PRONOUN) for k in kinds[inner[0] : inner[1] + 1]))
            ):
                if (
                    kinds[n + 1] & (PREPOSITION | ADVERB | BREAK)
                    or words[n + 1] in RELATIVES | {"whose", "clad"}
                    or words[n + 1].endswith("ing")
                    or words[n + 1].endswith("ed")
                    and words[n] == ","
                    or words[n + 1].isdigit()
                    and n + 2 >= mark
                ) and words[n + 1] != "of":
                    end = inner[1]  # "Y, however, said", "Y, in a letter, said", "Y, who Z, said"
                head = inner
                if words[inner[0] - 1] != ",":
                    break
            n -= 1
        return (head[0], end) if head else None

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
