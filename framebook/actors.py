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

from framebook.framing import load_codebook
from framebook.tables import ASCRIBED
from framebook.tokenising import STARTERS
from framebook.words import words

ACTOR_STRIDE = 2**20  # actor_id = doc_id * ACTOR_STRIDE + n
LINKS = {"of", "for", "de", "del", "van", "von", "bin", "al", "la", "du", "der", "den", "ter"}
TITLES, CALENDAR, ADJECTIVES = words("titles"), words("calendar"), words("adjectives")
ORGANISATION_WORDS, PLACE_WORDS = words("organisation_words"), words("place_words")
PLACE_PREPOSITIONS = words("place_prepositions")
BEFORE_STOP = TITLES | {"st"}
FUNCTION_WORDS = (STARTERS | LINKS | words("be") | words("have") | words("modals")
                  | {"said", "to", "or"})
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
        if size == 1 or n + size <= end and tuple(words[n:n + size]) == phrase:
            return size, name
    return 1, None


@lru_cache(maxsize=50_000)
def classify(text):
    """Return the speaker class of a noun phrase: of its head noun, else of what follows "of"."""
    words = re.findall(r"\w+(?:[-'’.]\w+)*", text.lower().replace("’s", "").replace("'s", ""))
    hits, n = [], 0
    while n < len(words):
        size, name = class_at(words, n, len(words))
        hits += [(n, name)] if name else []
        n += size
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
    forms = tokens.word.cat.categories.to_numpy(object)
    bare = np.array([word.removesuffix("’s").removesuffix("'s").rstrip("'’") for word in forms],
                    object)
    lower = np.array([word.lower() for word in bare], object)
    codes, sents = tokens.word.cat.codes.to_numpy(), tokens.sent_id.to_numpy()
    text = _Text(*(column[codes].tolist() for column in (forms, bare, lower)),
                 tokens.start.to_numpy(), tokens.end.to_numpy())
    found, past = {}, -1
    for n, end, known in _find_capitals(forms, bare, codes, sents, titles):
        if n > past:
            past = text.run_end(n, end)
            mention = text.read_name(n, past, known)
            if mention:
                found[n] = mention, past
    taken = {place for n, (_, last) in found.items() for place in range(n, last + 1)}
    nouns, past = np.array([word in class_patterns() for word in lower], bool), -1
    at = np.flatnonzero(nouns[codes])
    ends = np.searchsorted(sents, sents[at], side="right")
    for n, end, sent_id in zip(at.tolist(), ends.tolist(), sents[at].tolist(), strict=True):
        if n > past and sent_id not in titles:
            size, name = class_at(text.lower, n, end)
            past = n + size - 1
            following = text.lower[past + 1] if past + 1 < end else ""
            adjective = text.lower[past] in ADJECTIVES and following.isalpha() and (
                following not in FUNCTION_WORDS)
            if name and name != "unnamed" and not adjective and (
                    taken.isdisjoint(range(n, past + 1))):
                found[n] = text.read_noun(n, past, name), past
    mentions = {}
    for n in sorted(found):
        mentions.setdefault(int(sents[n]) // ACTOR_STRIDE, []).append(found[n][0])
    return mentions


def _find_capitals(forms, bare, codes, sents, titles):
    """Yield (place, end of its sentence, whether it may be a name alone) of capitalised words."""
    upper = np.array([word[:1].isupper() for word in forms], bool)
    calendar, starters = (np.array([word.lower() in known for word in forms], bool)
                          for known in (CALENDAR, STARTERS))
    joins = upper | np.array([word == "." or word in LINKS for word in forms], bool)
    at = np.flatnonzero((upper & ~calendar)[codes])
    at = at[~(starters[codes[at]] & ~joins[codes[np.minimum(at + 1, len(codes) - 1)]])]
    at = at[~np.isin(sents[at], list(titles))]
    opens = sents[at] != sents[at - 1]
    opens[:1] |= at[:1] == 0
    # A word of a document that stands with a capital elsewhere than at a sentence's beginning.
    number = np.unique(bare, return_inverse=True)[1] if len(bare) else np.zeros(0, int)
    keys = sents[at] // ACTOR_STRIDE * (len(bare) + 1) + number[codes[at]]
    known = ~opens | np.isin(keys, keys[~opens])
    ends = np.searchsorted(sents, sents[at], side="right")
    return zip(at.tolist(), ends.tolist(), known.tolist(), strict=True)


@dataclass
class _Text:
    """The tokens of all sentences: as written, without possessive, that in small letters."""

    words: list
    bare: list
    lower: list
    start: np.ndarray
    end: np.ndarray

    def run_end(self, n, end):
        """Return the last of the capitalised words from n on, not across a possessive."""
        words, last = self.words, n
        while last + 1 < end and self.bare[last] == words[last]:
            step, following = 1, words[last + 1]
            if following == "." and self.lower[last] in BEFORE_STOP:
                step = 2
            elif following in LINKS:
                step = 3 if words[last + 2:last + 3] in (["the"], ["der"], ["den"]) else 2
            if last + step >= end or not words[last + step][:1].isupper():
                break
            last += step
        return last

    def read_name(self, first, last, known):
        """Return the mention that a run of capitalised words is, or None."""
        if self.words[first].lower() in STARTERS:
            if first == last:
                return None
            first += 1
        elif first == last and not known:
            return None
        while first < last and not self.words[first][:1].isupper():
            first += 1
        placed = first > 0 and self.words[first - 1].lower() in PLACE_PREPOSITIONS
        kind, own, title, name = _read_name(tuple(self.bare[first:last + 1]), placed)
        stop = int(self.start[last]) + len(self.bare[last])
        return kind and Mention(int(self.start[first]), stop, own, kind, title, name)

    def read_noun(self, first, last, name):
        """Return the mention that a noun of a speaker class is."""
        head = " ".join(self.lower[first:last + 1])
        kind = "organisation" if name in SINGULAR_BODIES and head not in TITLES else "person"
        if name == "document":
            kind = "document"
        elif head.endswith("s") or head in PLURALS:
            kind = "group"
        return Mention(int(self.start[first]), int(self.end[last]), (head,), kind,
                       *_split_title((head,)), head)


@lru_cache(maxsize=50_000)
def _read_name(words, placed):
    """Return (kind, words, title, name) of capitalised words; `placed`: after "in" or so.

    The kind is None for an adjective such as "Russian".
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
    return kind, words, *_split_title(words)


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
        joined = mention.head and kind == "person" and after and after.kind == "person" and (
            after.start == mention.end + 2 and len(after.name) > 1 and not after.head)
        if joined:  # "the minister, Ada Venn": one person
            key, called = f"{after.name[0]} {after.name[-1]}", " ".join(after.name)
        elif mention.head:
            key = mention.head
        elif kind == "person" and not name:
            key = next((k for k, actor in reversed(by_key.items()) if title in actor.titles),
                       " ".join(mention.words))
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
