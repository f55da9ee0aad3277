"""The kinds of words, and the tokens of a block as lists: what is read once for every word."""

from functools import lru_cache

import numpy as np

from framebook.common.text import lower_case
from framebook.tables import ACTS, ASCRIBED, SENTENCE_STRIDE
from framebook.tokenising.words import words
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
CALENDAR, APPOSITION = words("calendar"), words("apposition") | words("holders") | {"who", "whose"}
OCCASIONS = words("occasions")
TIMES = CALENDAR | {"week", "month", "year", "recent", "night", "morning"}
QUOTES = {"“", "”", '"'}
RELATIVES = {"who", "which", "that"}
LETTERS = {"WHO", "IT", "US", "AS", "AN", "AM"}  # letters that are no words of theirs
PEOPLE = words("roles") | words("kin") | words("titles")  # besides the nouns of the classes
TRAILING = words("trailing")
CAUSING = set("led leads made makes caused prompted forced causing leading prompting".split())
REQUIRING = words("requiring")
FRONTED = set("late early shortly hours days weeks the a an earlier later that same".split())
FRONT_TIMES = TIMES | FRONTED
ROUGHLY = {"about", "over", "around", "among", "at", "under", "near", "like"}
OTHERS = set("one both all either nobody everyone everybody someone none two three".split())
JOINING = {"and", "but", "or", "then", "nor", "yet"}
AGENT_STOPS = (words("prepositions") - {"of", "for"}) | RELATIVES | {"when", "while", "not", "to"}
BRIEF = {"a", "an", "his", "her", "their", "its"} | CALENDAR
CLAUSE_STARTS = set("that whether if how what why who when where he she it they we".split())
SPOKEN = set(ACTS) - set(ASCRIBED)
SAID = {"said", "says", "told", "denied"}  # no “Orr’s reported income”
BRACKETS = {"<": "(", ">": ")"}  # as agencies mark where a share is traded: “BASF AG <BASF.F>”
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


class Text:
    """The tokens of all sentences of a block, as lists: what is read once for every word."""

    def __init__(self, documents, tokens):
        codes = tokens.word.cat.codes.to_numpy()
        forms = [BRACKETS.get(form, form) for form in tokens.word.cat.categories]
        self.words = np.array(list(map(lower_case, forms)), object)[codes].tolist()
        self.kinds = np.array(list(map(kinds_of, forms)), np.int16)[codes].tolist()
        self.start, self.end = tokens.start.to_numpy(), tokens.end.to_numpy()
        sents = tokens.sent_id.to_numpy()
        self._read_names(forms, codes, sents)
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

    def _read_names(self, forms, codes, sents):
        """Make “Will” and “May” before a name, and not after one, names instead of verbs."""
        modal = np.array([form in {"Will", "May", "Mark"} for form in forms], bool)[codes]
        for n in np.flatnonzero(modal[:-1]).tolist():
            opens = n == 0 or sents[n - 1] != sents[n] or not self.kinds[n - 1] & CAPITAL
            named = self.kinds[n + 1] & CAPITAL and sents[n + 1] == sents[n]
            if named and (opens or self.words[n - 1] in PEOPLE):
                self.kinds[n] = CAPITAL

    def _join_abbreviations(self, forms, codes, sents):
        """Make the full stop of "Mr." and "Ada J. Venn" a part of the name: it ends nothing."""
        stops = np.array([form == "." for form in forms], bool)[codes][1:-1]
        inside = (sents[1:-1] == sents[:-2]) & (sents[1:-1] == sents[2:])
        for n in (np.flatnonzero(stops & inside) + 1).tolist():
            if (
                self.words[n - 1] in words("abbreviated")
                or self.words[n - 1] in words("either")
                and not self.kinds[n + 1] & CAPITAL  # “Orr Inc. said”
                or len(forms[codes[n - 1]]) == 1
                and self.kinds[n - 1] & self.kinds[n + 1] & CAPITAL
                or self.words[n + 1] == ","  # “R-Tenn., said”, “at 5 p.m., she said”
                or self.words[n + 1] == ")"
                and self.kinds[n - 1] & CAPITAL
                and sents[n + 2 : n + 3] == sents[n]  # “(Mich.), said”
            ):
                self.words[n], self.kinds[n] = "_", self.kinds[n - 1] & CAPITAL
                if self.words[n - 1] == "i":  # “Wayne A. I. Orr”
                    self.kinds[n - 1] = CAPITAL
        for n in np.flatnonzero(np.array(self.kinds[:-2], int) & POSSESSIVE).tolist():
            if self.kinds[n] & CAPITAL and self.words[n + 1] in SAID and self.words[n + 2] != "to":
                self.kinds[n] &= ~POSSESSIVE  # “Moody's said”
        # “the protesters’ demands”: the mark belongs to the word.
        marks = np.array([form in "'’" for form in forms], bool)[codes][1:-1]
        joined = (self.start[1:-1] == self.end[:-2]) & (self.start[2:] == self.end[1:-1] + 1)
        for n in (np.flatnonzero(marks & inside & joined) + 1).tolist():
            body = self.words[n + 1] in words("organisation_words")  # “the Teachers’ Union”
            named = self.kinds[n - 1] & self.kinds[n + 1] & CAPITAL  # “the United Nations’ Food”
            plain = self.kinds[n + 1] in (0, PLURAL)
            if self.words[n - 1].endswith("s") and (plain or body or named):
                self.kinds[n - 1] = self.kinds[n - 1] & ~PLURAL | POSSESSIVE
                self.words[n], self.kinds[n] = "_", POSSESSIVE
