"""The names and nouns in a text that may be somebody: where they are and how they are read.

A name is a run of capitalised words. It is read into titles, the name proper and what follows
“of”: “U.S. Secretary of State Ada J. Crane”, “President Crane of Tarvel”, “the Bank of Tarvel”.
A noun is one of a speaker class (“officials”, “the mayor”). No model is used; the word lists
are in english.toml and places.toml.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from framebook.tables import SENTENCE_STRIDE as ACTOR_STRIDE
from framebook.tokenising.rules import STARTERS
from framebook.tokenising.words import words
from framebook.voices.classes import builtin
from framebook.voices.countries import is_people, places

TITLES, CALENDAR, ADJECTIVES = words("titles"), words("calendar"), words("adjectives")
BODIES, PLACE_WORDS, FIELDS = words("organisation_words"), words("place_words"), words("fields")
PARTICLES, NO_PERSON = words("particles") - {"of", "and"}, words("no_person")
MEN, WOMEN = words("he_names"), words("she_names")
JOINERS = {"of", "for", "and", "&", "on", "to"} | PARTICLES
KNOWN, PLACES_OR_BODIES = BODIES | TITLES, BODIES | PLACE_WORDS
OFFICES = TITLES | BODIES | PLACE_WORDS | {"secretary", "republic", "campaign", "act", "member"}
# What a word may be in a run of capitalised words, as bits.
UPPER, OWNER, JOINER, STARTER, DATE, PLACING, POINT, PLAIN = (1 << n for n in range(8))
BEFORE_STOP = words("abbreviated") | {"st", "jr", "sr", "dr"}
FUNCTION_WORDS = STARTERS | JOINERS | words("be") | words("have") | words("modals") | {"said", "or"}
OPENERS = STARTERS | (words("no_names") - words("he_names"))
SAYS = set("said says told added wrote announced reported warned tweeted claimed argued".split())
NO_NAMES = SAYS | {"says", "is", "are", "was", "were", "has", "have", "will", "tells", "wants"}
HEADLINE = words("prepositions") - words("particles") - {"of", "for", "on", "to", "without"}
MONTHS = {"may", "march", "april", "june", "august"}  # also names: “Mrs. May”
PLURALS = words("plurals")
# Nouns that take a body's class and are no persons.
COLLECTIVE = words("collective")
PLURALS_OF_PEOPLE = words("plurals_of_people")
INDEFINITE = set("those some many others several most few all both lot".split())
SINGULAR_BODIES = words("singular_bodies")
NAME_LIKE = re.compile(r"(?:(?:[aA]l|[eE]l|[dD]|[lL]|O)[-'’])?[^\W\d_]")


@dataclass(slots=True)
class Mention:
    """A mention in an article: where it is, its words, and what kind of actor it may be."""

    start: int
    end: int
    words: tuple
    kind: str
    title: tuple = ()  # in small letters
    name: tuple = ()  # the words after the title
    head: str = ""  # of a noun such as "officials": the noun
    before: str = ""  # the word before it in small letters, "" at the head of a sentence
    owner: bool = False  # “Crane’s”


def find_mentions(tokens, titles=frozenset(), classes=None):
    """Return {doc_id: mentions in order} of all sentences but `titles` (a set of sent_id).

    Headlines capitalise every word. At the beginning of a sentence a single capitalised word
    is a name only where it stands elsewhere in the article, too, or where a verb of saying
    follows.
    """
    text, past, found = _Text(tokens, classes or builtin()), -1, []
    taken = bytearray(len(text.bare))  # 1 for a token of a name
    for n, end, known, goes_on in text.find_capitals(titles):
        if n > past:
            past = text.run_end(n, end) if goes_on else n
            for first, last, reading in text.read_run(n, past, known):
                found.append((first, last, reading))
                taken[first : last + 1] = bytes([1]) * (last + 1 - first)
    past = -1
    for n, end in text.find_nouns(titles):
        if n > past:
            size, name = text.classes.at(text.lower, n, end)
            past = n + size - 1
            following = text.lower[past + 1] if past + 1 < end else ""
            adjective = (
                text.lower[past] in ADJECTIVES
                and following.isalpha()
                and following not in FUNCTION_WORDS
                and not following.endswith("ed")  # “the bank closed”
            )
            phrase = " ".join(text.lower[n : past + 1])
            held = phrase == "authority" and text.lower[n - 1] != "the"  # “the bank’s authority”
            if name in {None, "unnamed"} or adjective or held or 1 in taken[n : past + 1]:
                continue
            if phrase not in text.classes.proper:
                found.append((n, past, _read_noun(phrase, name)))
            elif text.own[n] & UPPER:  # “Boeing” at the head of a sentence
                run = tuple(text.bare[n : past + 1])
                found.append((n, past, (run, "organisation", (), run, "")))
    mentions = {}
    for first, last, reading in sorted(found, key=lambda one: one[:2]):
        doc_id = int(text.sents[first] // ACTOR_STRIDE)
        mentions.setdefault(doc_id, []).append(text.mention(first, last, reading))
    return mentions


class _Text:
    """The tokens of all sentences: without possessive, that in small letters, what each may be."""

    def __init__(self, tokens, classes):
        forms, self.codes = tokens.word.cat.categories.tolist(), tokens.word.cat.codes.to_numpy()
        self.sents, self.start, self.end = (
            tokens[name].to_numpy() for name in ("sent_id", "start", "end")
        )
        self.classes = classes
        self.forms = [word.removesuffix("’s").removesuffix("'s").rstrip("'’") for word in forms]
        small, whole = ([word.lower() for word in column] for column in (self.forms, forms))
        self.bare, self.lower = (
            np.array(column, object)[self.codes].tolist() for column in (self.forms, small)
        )
        self.sizes = [len(word) for word in self.forms]
        self.small = pd.factorize(np.array(small, object))[0]  # a number for each lower-case word
        holds = [
            [
                bool(match := NAME_LIKE.match(word)) and match.group()[-1].isupper()
                for word in forms
            ],
            [word != less for word, less in zip(forms, self.forms, strict=True)],
            [word in JOINERS or word in {"'", "’"} for word in forms],
            [word.lower() in OPENERS and not word[1:].isupper() for word in forms],
            [word in CALENDAR for word in small],
            [word in words("place_prepositions") for word in whole],
            [word == "." for word in forms],
            [word.islower() for word in forms],
        ]
        self.marks = np.packbits(np.array(holds, bool), axis=0, bitorder="little")[0][self.codes]
        self.own = [*self.marks.tolist(), 0, 0, 0]
        self.nouns = np.array([word in classes.by_first for word in small], bool)

    def find_nouns(self, titles):
        """Return (place, end of its sentence) of what may be a noun of a speaker class."""
        at = np.flatnonzero(self.nouns[self.codes])
        at = at[~pd.Series(self.sents[at]).isin(titles).to_numpy()]
        ends = self.sents.searchsorted(self.sents[at], "right")
        return zip(at.tolist(), ends.tolist(), strict=True)

    def find_capitals(self, titles):
        """Return capitalised words: place, end of its sentence, what `read_run` asks, run or not.

        The third is whether it may be a name alone, the fourth whether the next may belong to it.
        """
        marks, sents = self.marks, self.sents
        at = np.flatnonzero(marks & (UPPER | DATE) == UPPER)
        following = marks[np.minimum(at + 1, len(marks) - 1)] & (UPPER | JOINER | POINT) > 0
        keep = following | (marks[at] & STARTER == 0)
        keep &= ~pd.Series(sents[at]).isin(titles).to_numpy()
        at, following = at[keep], following[keep]
        opens = sents[at] != sents[at - 1]
        opens[:1] |= at[:1] == 0
        quoted = np.array([form in "“\"'‘«" for form in self.forms], bool)
        opens |= quoted[self.codes[at - 1]] & (at > 0)
        # A word of a document that stands with a capital elsewhere than at a sentence's beginning.
        number = self.small[self.codes[at]]
        keys = sents[at] // ACTOR_STRIDE * (len(self.forms) + 1) + number
        known = ~opens | pd.Series(keys).isin(keys[~opens]).to_numpy()
        ends = np.searchsorted(sents, sents[at], side="right")
        goes_on = following & (at + 1 < ends) & (marks[at] & OWNER == 0)
        return zip(*(column.tolist() for column in (at, ends, known, goes_on)), strict=True)

    def run_end(self, n, end):
        """Return the last of the capitalised words from n on, not across a possessive."""
        last = n
        while last + 1 < end and not self.own[last] & OWNER:
            step = self._step(n, last)
            if last + step >= end or not step or not self.own[last + step] & UPPER:
                break
            last += step
        return last

    def _step(self, first, last):
        """Return how many tokens further the run may go on after `last`, or 0."""
        own, lower = self.own, self.lower
        word, following = lower[last], own[last + 1]
        if lower[last + 1 : last + 2] and lower[last + 1] in NO_NAMES:
            return 0  # “Obama Says It Is Over”
        if following & UPPER:
            if following & DATE and not (
                lower[last + 1] in MONTHS and (word in TITLES or word in WOMEN or word in MEN)
            ):
                return 0
            return 1
        if following & POINT:
            return 2 if word in BEFORE_STOP or len(word) == 1 and last > first else 0
        if not following & JOINER:
            return 0
        joiner = lower[last + 1] or "'"
        if joiner == "'":  # “the Leeds Teachers’ Union”
            return 2 if word.endswith("s") and BODIES & {*lower[last + 2 : last + 3]} else 0
        step = 3 if lower[last + 2 : last + 3] == ["the"] else 2
        if joiner in {"of", "for", "to", "on"}:
            fitting = OFFICES if joiner != "on" else BODIES
            fitting = {"ambassador", "envoy"} if joiner == "to" else fitting
            return step if word in fitting else 0
        if joiner == "and":
            fields = word in FIELDS and lower[last + 2] in FIELDS | BODIES
            board = (  # “the Food and Medicines Board”
                lower[last - 1] == "the"
                and last - first < 2
                and not self.bare[last].isupper()
                and word not in BODIES
                and word not in places()
                and lower[last + 3 : last + 4]
                and lower[last + 3] in BODIES
                and own[last + 3] & UPPER
            )
            return 2 if fields or board else 0
        if joiner == "&":
            return 2
        return 3 if own[last + 2] & JOINER else 2

    def _may_be_surname(self, word):
        """Return whether a word may be a name alone: not a noun of a class, or a trade (“Baker”)."""
        citizen = self.classes.at([word], 0, 1)[1] == "citizen" and not word.endswith("s")
        return word not in self.classes.nouns or citizen and word not in PLURALS

    def read_run(self, first, last, known):
        """Return [(first, last, what is read)] of the names in a run of capitalised words."""
        own, lower = self.own, self.lower
        opening = first if not known else -1  # where a lone capital may be that of a sentence
        while first < last and own[first] & (STARTER | DATE):
            first += 1
        if opening == first and first < last and lower[first].endswith(("ly", "ing")):
            first += 1
        if own[first] & STARTER:
            return []
        word = lower[first]
        if opening == first < last and own[first + 1] & UPPER and word not in KNOWN:
            size, name = self.classes.at(lower, first, last)
            maker = size == 1 and name in {"business", "media"} and word not in self.classes.proper
            named = not {lower[first + 1], lower[last]} & BODIES
            person = name == "citizen" and last > first + 1  # “Farmer Gil Venn”, not “Baker Orr”
            first += named and (maker or person or word.endswith("maker"))  # “Retailer Orr said”
            word = lower[first]
        if (
            first == last
            and opening == first
            and not known
            and not (
                word in places()
                or self.bare[first].isupper()
                and len(word) > 1
                or own[first] & OWNER
                and word not in self.classes.nouns
                or lower[first + 1 : first + 2]
                and lower[first + 1] in SAYS
                and self._may_be_surname(word)
            )
        ):
            return []
        while first < last and not own[first] & UPPER:
            first += 1
        placed = first > 0 and own[first - 1] & PLACING > 0
        at = [n for n in range(first, last + 1) if not own[n] & POINT and lower[n]]
        article = first > 0 and lower[first - 1] == "the"
        initial = [n < last and own[n + 1] & POINT and len(lower[n]) == 1 for n in at]
        run = tuple(
            self.bare[n] + "." * bool(dot) + "'" * (n < last and not lower[n + 1])
            for n, dot in zip(at, initial, strict=True)
        )
        read = read_name(run, placed, article)
        return [(at[a], at[b], reading) for a, b, reading in read]

    def mention(self, first, last, reading):
        """Return the Mention of the tokens first to last; a name ends before a possessive."""
        opening = first == 0 or self.sents[first] != self.sents[first - 1]
        owner = bool(self.own[last] & OWNER)
        end = self.start[last] + self.sizes[self.codes[last]] if owner else self.end[last]
        kind_words, kind, title, name, head = reading
        before = "" if opening else self.lower[first - 1]
        return Mention(
            int(self.start[first]), int(end), kind_words, kind, title, name, head, before, owner
        )


@lru_cache(maxsize=50_000)
def read_name(run, placed=False, article=False):
    """Return [(first, last, (words, kind, title, name, ""))] of what a run of capitals names.

    `placed`: it stands after "in" or so; `article`: after "the".
    """
    lower = [word.lower() for word in run]
    if len(run) > 4 and not HEADLINE.isdisjoint(lower):
        return []  # “Orr Serious About Leaving Venn”
    split = _split(run, lower)
    if split:
        left = read_name(run[:split], placed, article)
        right = [(a + split, b + split, one) for a, b, one in read_name(run[split:])]
        return left + right
    size = len(run)
    title = next((n for n in range(size - 2, -1, -1) if lower[n] in TITLES), None)
    if title is not None and not _is_body(lower, title + 1):
        rest = title + 1
        if lower[rest] in {"of", "for", "to", "on"}:  # an office: “Secretary of State Ada Crane”
            fits = [
                n
                for n in range(rest + 2, size - 1)
                if size - n <= 4
                and (
                    _is_first_name(run[n])
                    or lower[n - 1] in PLACES_OR_BODIES
                    or " ".join(lower[rest + 1 : n]).removeprefix("the ") in places()
                )
            ]
            name = next((n for n in fits if _is_first_name(run[n])), fits[-1] if fits else size)
            return [(0, size - 1, (run, "person", tuple(lower[:name]), run[name:], ""))]
        end = next((n for n in range(rest, size) if lower[n] in {"of", "for"}), size)
        if end - rest <= 4:
            read = [(0, end - 1, (run[:end], "person", tuple(lower[:rest]), run[rest:end], ""))]
            while end < size and (lower[end] in {"of", "for", "the"}):
                end += 1
            more = read_name(run[end:], True) if end < size else []
            return read + [(a + end, b + end, one) for a, b, one in more]
    if lower[-1] in TITLES and not _is_body(lower, 0) or _is_office(lower):
        return [(0, size - 1, (run, "person", tuple(lower), (), ""))]
    kind = _kind_of(run, lower, placed, article)
    first = 1 if kind == "person" and size > 2 and is_people(lower[0]) else 0
    return [(0, size - 1, (run, kind, (), run[first:], ""))] if kind else []


def _is_office(lower):
    """Return whether a run without a name is an office: “Speaker of the House”."""
    return (
        len(lower) > 2
        and any(
            word in TITLES and lower[n + 1] in {"of", "for"} for n, word in enumerate(lower[:-2])
        )
        and not _is_body(lower[: lower.index("of") if "of" in lower else lower.index("for")], 0)
    )


def _is_body(lower, first):
    """Return whether the words from `first` on name a body: by the word before “of”, or the last."""
    rest = lower[first:]
    cut = next((n for n, word in enumerate(rest) if n and word in {"of", "for", "on"}), len(rest))
    return rest[cut - 1] in BODIES or rest[-1] in BODIES and cut == len(rest)


def _is_first_name(word):
    return (
        word.lower() in MEN
        or word.lower() in WOMEN
        or bool(re.fullmatch(r"[A-Z][a-z]+-[a-z]+", word))
    )


def _split(run, lower):
    """Return where a second name begins: “Amnesty International | Man-kei Tam”, or None."""
    for n in range(1, len(run) - 1):
        ends = lower[n - 1] in PLACES_OR_BODIES or " ".join(lower[:n]) in places()
        people = is_people(lower[n - 1]) and n == 1
        if (
            ends
            and not people
            and _is_first_name(run[n])
            and len(run) - n <= 4
            and not (
                lower[n - 1] in TITLES or set(lower[n:]) & (BODIES | PLACE_WORDS | {"of", "for"})
            )
        ):
            return n
    return None


def _kind_of(run, lower, placed, article):
    """Return the kind of a name without a title, or None for what names nobody."""
    size, phrase = len(run), " ".join(lower)
    if phrase in places():
        country, people = places()[phrase]
        return (
            ("group" if phrase.endswith("s") and phrase != "swiss" else None)
            if people
            else ("place")
        )
    if _is_body(lower, 0) and not (size == 2 and _is_first_name(run[0])):
        return "organisation"
    if any(word.isupper() and len(word) > 1 and word.isalpha() for word in run):
        shouting = size > 1 and all(word.isupper() for word in run)
        if not shouting:
            return "organisation"
        if not _is_first_name(run[0]):
            return "organisation" if size == 1 else "person"
    if any(character.isdigit() for word in run for character in word):
        return None
    if set(lower[1:-1]) & words("prepositions") or size > 1 and lower[0] in PLURALS_OF_PEOPLE:
        return "organisation"  # “Doctors Without Borders”
    if set(lower[_is_first_name(run[0]) :]) & NO_PERSON:
        return (
            None if lower[-1] in {"day", "days", "war", "act", "code", "book"} else "organisation"
        )
    if size == 1:
        return "place" if placed else "name"
    if _is_first_name(run[0]) and size <= 4 and not set(lower) & {"of", "for"}:
        return "person"
    if set(lower) & PLACE_WORDS or placed:
        return "place"
    if article or size > 4 or set(lower) & {"of", "for", "&"}:
        return "organisation"
    return "person"


@lru_cache(maxsize=50_000)
def _read_noun(head, name):
    """Return (words, kind, title, name, head) of a noun of the speaker class `name`."""
    kind = "organisation" if name in SINGULAR_BODIES and head not in TITLES else "person"
    last = head.rpartition(" ")[2]
    if name == "document":
        kind = "document"
    elif last.endswith("s") and not last.endswith("ss") or last in PLURALS or last in INDEFINITE:
        kind = "group"
    elif (
        last in TITLES
        or last in words("roles")
        or last in words("holders") - BODIES - COLLECTIVE
        or (
            name in {"judiciary_police", "legislature_party"} and last.endswith(("man", "er", "or"))
        )
    ):
        kind = "person"
    return (head,), kind, (head,) if kind == "person" else (), (), head
