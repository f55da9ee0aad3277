"""Who is mentioned in an article, and which of them each attribution belongs to.

A mention is a run of capitalised words (with its titles) or a noun of a speaker class
("officials", "residents", "the government"). Mentions of one article are grouped by
surname, by title and by head noun; no model and no list of names is used.
"""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import zip_longest

import numpy as np
import pandas as pd

from framebook.framing.codebook import load_codebook
from framebook.tables import ASCRIBED
from framebook.tokenising.rules import STARTERS
from framebook.tokenising.words import words

ACTOR_STRIDE = 2**20  # actor_id = doc_id * ACTOR_STRIDE + n
LINKS = {"of", "for", "de", "del", "van", "von", "bin", "al", "la", "du", "der", "den", "ter"}
TITLES, CALENDAR, ADJECTIVES = words("titles"), words("calendar"), words("adjectives")
ORGANISATION_WORDS, PLACE_WORDS = words("organisation_words"), words("place_words")
PLACE_PREPOSITIONS = words("place_prepositions")
# What a word may be in a run of capitalised words, as bits.
UPPER, OWNER, LINK, STARTER, DATE, PLACING, ARTICLE, POINT = (1 << n for n in range(8))
BEFORE_STOP = TITLES | {"st"}
FUNCTION_WORDS = (
    STARTERS | LINKS | words("be") | words("have") | words("modals") | {"said", "to", "or"}
)
PEOPLE_ENDINGS = re.compile(r"(?i)\w+(?:ian|ean|ish|ese|can|ine|aeli|sian)s?$")
PLURALS = {"people", "police", "men", "women", "children", "military"}
SINGULAR_BODIES = {"organisation", "state_official", "military", "media"}


@dataclass(slots=True)
class Mention:
    """A mention in an article: where it is, its words, and what kind of actor it may be."""

    start: int
    end: int
    words: tuple
    kind: str
    title: tuple = ()  # in small letters
    name: tuple = ()  # the words after the title
    head: str = ""  # the grouping key of a noun such as "officials"


@dataclass(eq=False)
class Actor:
    """An actor of one article with the mentions that were grouped."""

    name: str
    kind: str
    mentions: list = field(default_factory=list)
    titles: set = field(default_factory=set)
    described: str | None = None  # the speaker class of all that it is called


@cache
def class_patterns():
    """Return {first word: [(words of a pattern, speaker class)]}, the longest patterns first.

    An excluded phrase has the class None: it is passed over as a whole.
    """
    codes, classes, by_first = load_codebook("speaker-classes").codes, {}, {}
    for code in reversed(codes):  # where two claim a pattern it is the first one's
        classes |= dict.fromkeys(code.patterns, code.id)
    for pattern in {phrase for code in codes for phrase in code.exclude} - classes.keys():
        classes[pattern] = None
    for pattern, name in classes.items():
        by_first.setdefault(pattern.split()[0], []).append((tuple(pattern.split()), name))
    return {word: sorted(found, key=lambda one: -len(one[0])) for word, found in by_first.items()}


def class_at(words, n, end):
    """Return (length, class) of the longest pattern at n in lower-case words, or (1, None)."""
    for phrase, name in class_patterns().get(words[n], ()):
        size = len(phrase)
        if size == 1 or n + size <= end and tuple(words[n : n + size]) == phrase:
            return size, name
    return 1, None


@lru_cache(maxsize=50_000)
def classify(text):
    """Return the speaker class of a noun phrase: of its head noun, else of what follows "of"."""
    words = re.findall(r"\w+(?:[-'’.]\w+)*", text.lower().replace("’s", "").replace("'s", ""))
    hits, past, known = [], 0, class_patterns()
    for n, word in enumerate(words):
        if n >= past and word in known:
            size, name = class_at(words, n, len(words))
            hits += [(n, name)] if name else []
            past = n + size
    links = {"of", "for", "from", "at", "in", "with", "by", "who", "whose", "which"}
    cut = next((n for n, word in enumerate(words) if word in links), len(words))
    named = [hit for hit in hits if hit[1] != "unnamed"]
    heads = [hit for hit in named if hit[0] < cut] or named or hits or [(0, "other")]
    return heads[-1][1] if heads[-1][0] < cut else heads[0][1]


def find_mentions(tokens, titles=frozenset()):
    """Return {doc_id: mentions in order} of all sentences but `titles` (a set of sent_id).

    Headlines capitalise every word. At the beginning of a sentence a single capitalised word
    is a name only where it stands elsewhere in the article, too.
    """
    text, past, places, read = _Text(tokens), -1, [], []
    taken = bytearray(len(text.bare))  # 1 for a token of a name
    for n, end, known, goes_on in text.find_capitals(titles):
        if n > past:
            past = text.run_end(n, end) if goes_on else n
            first, reading = text.read_name(n, past, known)
            if reading:
                places += first, past
                read.append(reading)
                taken[n : past + 1] = bytes([1]) * (past + 1 - n)
    n_names, past = len(read), -1
    for n, end in text.find_nouns(titles):
        if n > past:
            size, name = class_at(text.lower, n, end)
            past = n + size - 1
            following = text.lower[past + 1] if past + 1 < end else ""
            adjective = (
                text.lower[past] in ADJECTIVES
                and following.isalpha()
                and (following not in FUNCTION_WORDS)
            )
            if name and name != "unnamed" and not adjective and 1 not in taken[n : past + 1]:
                places += n, past
                read.append(_read_noun(" ".join(text.lower[n : past + 1]), name))
    first, last = np.array(places, int).reshape(-1, 2).T
    end, less = text.end[last], last[:n_names]  # names end before a possessive ending
    end[:n_names] = text.start[less] + text.sizes[text.codes[less]]
    mentions, order = {}, np.argsort(first)
    for doc_id, a, b, n in zip(
        (text.sents[first] // ACTOR_STRIDE)[order].tolist(),
        text.start[first][order].tolist(),
        end[order].tolist(),
        order.tolist(),
        strict=True,
    ):
        mentions.setdefault(doc_id, []).append(Mention(a, b, *read[n]))
    return mentions


class _Text:
    """The tokens of all sentences: without possessive, that in small letters, what each may be."""

    def __init__(self, tokens):
        forms, self.codes = tokens.word.cat.categories.tolist(), tokens.word.cat.codes.to_numpy()
        self.sents, self.start, self.end = (
            tokens[name].to_numpy() for name in ("sent_id", "start", "end")
        )
        self.forms = [word.removesuffix("’s").removesuffix("'s").rstrip("'’") for word in forms]
        small, whole = ([word.lower() for word in column] for column in (self.forms, forms))
        self.bare, self.lower = (
            np.array(column, object)[self.codes].tolist() for column in (self.forms, small)
        )
        self.sizes = np.array([len(word) for word in self.forms], int)
        holds = [
            [word[:1].isupper() for word in forms],
            [word != less for word, less in zip(forms, self.forms, strict=True)],
            *(
                [word in known for word in column]
                for known, column in (
                    (LINKS, forms),
                    (STARTERS, whole),
                    (CALENDAR, whole),
                    (PLACE_PREPOSITIONS, whole),
                    ({"the", "der", "den"}, forms),
                    ({"."}, forms),
                )
            ),
        ]
        marks = np.packbits(np.array(holds, bool), axis=0, bitorder="little")[0]
        self.marks = marks[self.codes]
        self.own = [*self.marks.tolist(), 0]
        self.nouns = np.array([word in class_patterns() for word in small], bool)

    def find_nouns(self, titles):
        """Return (place, end of its sentence) of what may be a noun of a speaker class."""
        at = np.flatnonzero(self.nouns[self.codes])
        at = at[~pd.Series(self.sents[at]).isin(titles).to_numpy()]
        return zip(
            at.tolist(), self.sents.searchsorted(self.sents[at], "right").tolist(), strict=True
        )

    def find_capitals(self, titles):
        """Return capitalised words: place, end of its sentence, what `read_name` asks, run or not.

        The third is whether it may be a name alone, the fourth whether the next may belong to it.
        """
        marks, sents = self.marks, self.sents
        at = np.flatnonzero(marks & (UPPER | DATE) == UPPER)
        following = marks[np.minimum(at + 1, len(marks) - 1)] & (UPPER | LINK | POINT) > 0
        keep = following | (marks[at] & STARTER == 0)
        keep &= ~pd.Series(sents[at]).isin(titles).to_numpy()
        at, following = at[keep], following[keep]
        opens = sents[at] != sents[at - 1]
        opens[:1] |= at[:1] == 0
        # A word of a document that stands with a capital elsewhere than at a sentence's beginning.
        number = pd.factorize(np.array(self.forms, object))[0]
        keys = sents[at] // ACTOR_STRIDE * (len(self.forms) + 1) + number[self.codes[at]]
        known = ~opens | pd.Series(keys).isin(keys[~opens]).to_numpy()
        ends = np.searchsorted(sents, sents[at], side="right")
        goes_on = following & (at + 1 < ends) & (marks[at] & OWNER == 0)
        return zip(*(column.tolist() for column in (at, ends, known, goes_on)), strict=True)

    def run_end(self, n, end):
        """Return the last of the capitalised words from n on, not across a possessive."""
        own, last = self.own, n
        while last + 1 < end and not own[last] & OWNER:
            step, following = 1, own[last + 1]
            if following & LINK:
                step = 3 if own[last + 2] & ARTICLE else 2
            elif following & POINT and self.lower[last] in BEFORE_STOP:
                step = 2
            if last + step >= end or not own[last + step] & UPPER:
                break
            last += step
        return last

    def read_name(self, first, last, known):
        """Return (where it begins, what is read) of a run of capitalised words; or Nones."""
        own = self.own
        if own[first] & STARTER:
            if first == last:
                return None, None
            first += 1
        elif first == last and not known:
            return None, None
        while first < last and not own[first] & UPPER:
            first += 1
        placed = first > 0 and own[first - 1] & PLACING > 0
        return first, _read_name(tuple(self.bare[first : last + 1]), placed)


@lru_cache(maxsize=50_000)
def _read_name(words, placed):
    """Return (words, kind, title, name) of capitalised words; `placed`: after "in" or so.

    None for an adjective such as "Russian".
    """
    words = tuple(word for word in words if word != ".")
    lower = {word.lower() for word in words}
    if len(words) == 1 and PEOPLE_ENDINGS.fullmatch(words[0]):
        kind = "group" if words[0].endswith("s") else None
    elif words[0].lower() in TITLES and not lower & {"office", "ministry", "department"}:
        kind = "person"
    elif lower & ORGANISATION_WORDS or any(w.isupper() and len(w) > 1 for w in words):
        kind = "organisation"
    elif placed or lower & PLACE_WORDS or len(words) == 1:
        kind = "place"
    else:
        kind = "person" if len(words) <= 4 else "organisation"
    return kind and (words, kind, *_split_title(words))


@lru_cache(maxsize=50_000)
def _read_noun(head, name):
    """Return (words, kind, title, name, head) of a noun of the speaker class `name`."""
    kind = "organisation" if name in SINGULAR_BODIES and head not in TITLES else "person"
    if name == "document":
        kind = "document"
    elif head.endswith("s") or head in PLURALS:
        kind = "group"
    return (head,), kind, *_split_title((head,)), head


def _split_title(words):
    n = next((n for n, word in enumerate(words) if word.lower() not in TITLES), len(words))
    return tuple(w.lower() for w in words[:n]), words[n:]


def group_mentions(mentions):
    """Return the actors of an article, in order of their first mention.

    Full names are one person when first and last name agree; a bare surname is the latest
    person before it with that surname, else the first after it; so is a bare title.
    """
    actors, by_key, latest = [], {}, {}
    for mention in mentions:
        name = mention.name
        if mention.kind == "person" and len(name) > 1 and not mention.head:
            latest.setdefault(name[-1], f"{name[0]} {name[-1]}")
    for mention, after in zip_longest(mentions, mentions[1:]):
        kind, title, name = mention.kind, mention.title, mention.name
        called = mention.head or " ".join(name or mention.words)
        joined = (
            mention.head
            and kind == "person"
            and after
            and after.kind == "person"
            and (after.start == mention.end + 2 and len(after.name) > 1 and not after.head)
        )
        if joined:  # "the minister, Ada Venn": one person
            key, called = f"{after.name[0]} {after.name[-1]}", " ".join(after.name)
        elif mention.head:
            key = mention.head
        elif kind == "person" and not name:
            key = next(
                (k for k, actor in reversed(by_key.items()) if title in actor.titles),
                " ".join(mention.words),
            )
        elif kind == "person" and len(name) > 1:
            key = latest[name[-1]] = f"{name[0]} {name[-1]}"
        elif len(name) == 1 and name[0] in latest and kind in ("person", "place"):
            key, kind = latest[name[0]], "person"
        else:
            key = called
        actor = by_key.get(key)
        if actor is None:
            actor = by_key[key] = Actor(called, kind)
            actors.append(actor)
        elif not mention.head and kind == "person" and len(name) > len(actor.name.split()):
            actor.name = " ".join(name)
        if joined:
            by_key[mention.head] = actor
        actor.mentions.append(mention)
        if title:
            actor.titles.add(title)
    return actors


def find_actors(documents, sentences, tokens):
    """Yield (doc_id, text, actors) of each document; headlines mention nobody."""
    mentions = find_mentions(tokens, set(sentences.sent_id[sentences.part == "title"]))
    for doc_id, text in zip(documents.doc_id.tolist(), documents.text.tolist(), strict=True):
        yield doc_id, text, group_mentions(mentions.get(doc_id, []))


def silent_actors(actors, voices):
    """Return the people, groups and organisations who are mentioned but never speak.

    Columns of `actors`, the most mentioned first. Whoever is only said to think, feel or
    expect something (the acts in ASCRIBED) does not speak.
    """
    speaking = set(voices.actor_id[~voices.act.isin(ASCRIBED)].dropna().astype("int64"))
    silent = actors[~actors.actor_id.isin(speaking) & ~actors.kind.isin(["place", "document"])]
    return silent.sort_values(["n_mentions", "actor_id"], ascending=[False, True])
