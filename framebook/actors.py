"""Who is mentioned in an article, and which of them each attribution belongs to.

A mention is a run of capitalised words (with its titles) or a noun of a speaker class
("officials", "residents", "the government"). Mentions of one article are grouped by
surname, by title and by head noun; no model and no list of names is used.
"""

import re
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from framebook.framing import load_codebook
from framebook.tables import ASCRIBED
from framebook.tokenising import STARTERS
from framebook.words import words

ACTOR_STRIDE = 2**20  # actor_id = doc_id * ACTOR_STRIDE + n
LINKS = {"of", "for", "de", "del", "van", "von", "bin", "al", "la", "du", "der", "den", "ter"}
TITLES, CALENDAR, ADJECTIVES = words("titles"), words("calendar"), words("adjectives")
ORGANISATION_WORDS, PLACE_WORDS = words("organisation_words"), words("place_words")
PLACE_PREPOSITIONS = words("place_prepositions")
PEOPLE_ENDINGS = re.compile(r"(?i)\w+(?:ian|ean|ish|ese|can|ine|aeli|sian)s?$")
SINGULAR_BODIES = {"organisation", "state_official", "military", "media"}


@dataclass
class Mention:
    """A mention in an article: where it is, its words, and what kind of actor it may be."""

    start: int
    end: int
    words: list
    kind: str
    head: str = ""  # the grouping key of a noun such as "officials"


@dataclass
class Actor:
    """An actor of one article with the mentions that were grouped."""

    name: str
    kind: str
    mentions: list = field(default_factory=list)
    titles: set = field(default_factory=set)


@cache
def class_patterns():
    """Return {first word: [(words of a pattern, speaker class)]}, the longest patterns first.

    An excluded phrase has the class None: it is passed over as a whole.
    """
    classes = {}
    for code in load_codebook("speaker-classes").codes:
        for phrase in code.exclude:
            classes.setdefault(tuple(phrase.split()), None)
    for code in load_codebook("speaker-classes").codes:
        for pattern in code.patterns:
            key = tuple(pattern.split())
            classes[key] = classes.get(key) or code.id
    by_first = {}
    for phrase in sorted(classes, key=len, reverse=True):
        by_first.setdefault(phrase[0], []).append((phrase, classes[phrase]))
    return by_first


def class_hits(words):
    """Return [(position, length, class)] of speaker-class patterns in lower-case words."""
    by_first, hits, n = class_patterns(), [], 0
    while n < len(words):
        for phrase, name in by_first.get(words[n], ()):
            if tuple(words[n:n + len(phrase)]) == phrase:
                if name:
                    hits.append((n, len(phrase), name))
                n += len(phrase) - 1
                break
        n += 1
    return hits


def classify(text):
    """Return the speaker class of a noun phrase: of its head noun, else of what follows "of"."""
    words = re.findall(r"\w+(?:[-'’.]\w+)*", text.lower().replace("’s", "").replace("'s", ""))
    hits = class_hits(words)
    if not hits:
        return "other"
    links = {"of", "for", "from", "at", "in", "with", "by", "who", "whose", "which"}
    cut = next((n for n, word in enumerate(words) if word in links), len(words))
    named = [hit for hit in hits if hit[2] != "unnamed"]
    heads = [hit for hit in named if hit[0] < cut] or named or hits
    return heads[-1][2] if heads[-1][0] < cut else heads[0][2]


def _bare(word):
    return word.removesuffix("’s").removesuffix("'s").rstrip("'’")


def _name_runs(words):
    """Return [(first, last)] of runs of capitalised words, not across a possessive."""
    runs, n = [], 0
    while n < len(words):
        if words[n][:1].isupper() and words[n].lower() not in CALENDAR:
            last = n
            while last + 1 < len(words) and _bare(words[last]) == words[last]:
                step = 1
                if words[last + 1] == "." and words[last].lower() in TITLES | {"st"}:
                    step = 2
                elif words[last + 1] in LINKS:
                    step = 3 if words[last + 2:last + 3] in (["the"], ["der"], ["den"]) else 2
                if last + step < len(words) and words[last + step][:1].isupper():
                    last += step
                else:
                    break
            runs.append((n, last))
            n = last
        n += 1
    return runs


def find_mentions(surface, start, end, seen_inside):
    """Return the mentions of a sentence, in order.

    `seen_inside` holds the words that are capitalised somewhere else than at the beginning
    of a sentence: only these, or longer runs, count as names at the beginning of one.
    """
    mentions, taken = [], set()
    for first, last in _name_runs(surface):
        if surface[first].lower() in STARTERS and first < last:
            first += 1
        elif first == last and (surface[first].lower() in STARTERS or (
                first == 0 and _bare(surface[first]) not in seen_inside)):
            continue
        while first < last and not surface[first][:1].isupper():
            first += 1
        own = [_bare(w) for w in surface[first:last + 1] if w != "."]
        kind = _kind(own, surface[first - 1].lower() if first else "")
        if kind:
            stop = start[last] + len(_bare(surface[last]))
            mentions.append(Mention(start[first], stop, own, kind))
            taken.update(range(first, last + 1))
    lower = [_bare(w).lower() for w in surface]
    for first, size, name in class_hits(lower):
        last = first + size - 1
        if name != "unnamed" and not taken & set(range(first, last + 1)) and not (
                lower[last] in ADJECTIVES and _is_plain(lower[last + 1:last + 2])):
            head = lower[last] if size == 1 else " ".join(lower[first:last + 1])
            mentions.append(Mention(start[first], end[last], [head], _noun_kind(head, name), head))
    return sorted(mentions, key=lambda m: m.start)


def _is_plain(following):
    """Return whether a noun may follow: a word that is no function word or verb of ours."""
    return bool(following) and following[0].isalpha() and following[0] not in (
        STARTERS | LINKS | words("be") | words("have") | words("modals") | {"said", "to", "or"})


def _noun_kind(head, name):
    if name == "document":
        return "document"
    if head.endswith("s") or head in {"people", "police", "men", "women", "children", "military"}:
        return "group"
    return "organisation" if name in SINGULAR_BODIES and head not in TITLES else "person"


def _kind(words, before):
    """Return the kind of a named actor, or None for an adjective such as "Russian"."""
    lower = [word.lower() for word in words]
    if len(words) == 1 and PEOPLE_ENDINGS.fullmatch(words[0]):
        return "group" if words[0].endswith("s") else None
    if lower[0] in TITLES and not set(lower) & {"office", "ministry", "department"}:
        return "person"
    if set(lower) & ORGANISATION_WORDS or any(w.isupper() and len(w) > 1 for w in words):
        return "organisation"
    if set(lower) & PLACE_WORDS or before in PLACE_PREPOSITIONS:
        return "place"
    return "person" if 2 <= len(words) <= 4 else "place" if len(words) == 1 else "organisation"


def _split_title(words):
    n = 0
    while n < len(words) and words[n].lower() in TITLES:
        n += 1
    return [w.lower() for w in words[:n]], words[n:]


def group_mentions(mentions):
    """Return the actors of an article, in order of their first mention.

    Full names are one person when first and last name agree; a bare surname is the latest
    person before it with that surname, else the first after it; so is a bare title.
    """
    actors, by_key, latest = [], {}, {}
    for mention in mentions:
        name = _split_title(mention.words)[1]
        if mention.kind == "person" and len(name) > 1 and not mention.head:
            latest.setdefault(name[-1], f"{name[0]} {name[-1]}")
    for mention in mentions:
        title, name = _split_title(mention.words)
        kind = mention.kind
        if mention.head:
            key = mention.head
        elif kind == "person" and not name:
            key = next((k for k, actor in reversed(by_key.items()) if tuple(title) in actor.titles),
                       " ".join(mention.words))
        elif kind == "person" and len(name) > 1:
            key = latest[name[-1]] = f"{name[0]} {name[-1]}"
        elif len(name) == 1 and name[0] in latest and kind in ("person", "place"):
            key, kind = latest[name[0]], "person"
        else:
            key = " ".join(name or mention.words)
        if key not in by_key:
            by_key[key] = Actor(mention.head or " ".join(name or mention.words), kind)
            actors.append(by_key[key])
        actor = by_key[key]
        if not mention.head and kind == "person" and len(name) > len(actor.name.split()):
            actor.name = " ".join(name)
        actor.mentions.append(mention)
        if title:
            actor.titles.add(tuple(title))
    return actors


def resolve_speakers(documents, sentences, tokens, voices):
    """Return (actors, voices with speaker, actor_id and speaker_class) of the documents."""
    words = tokens.word.to_numpy()
    doc_of = (tokens.sent_id // ACTOR_STRIDE).to_numpy()
    starts, ends, sents = (tokens[c].to_numpy() for c in ("start", "end", "sent_id"))
    by_doc = {doc_id: rows for doc_id, rows in voices.groupby("doc_id")}
    texts = dict(zip(documents.doc_id, documents.text, strict=True))
    titles = set(sentences.sent_id[sentences.part == "title"])
    actor_rows, voice_rows = [], []
    for doc_id in documents.doc_id:
        mine = slice(*doc_of.searchsorted([doc_id, doc_id + 1]))
        mentions = _document_mentions(words[mine], starts[mine], ends[mine], sents[mine], titles)
        actors = group_mentions(mentions)
        actor_rows += [(doc_id * ACTOR_STRIDE + n, doc_id, a.name, a.kind, len(a.mentions))
                       for n, a in enumerate(actors)]
        rows = by_doc.get(doc_id)
        if rows is not None:
            voice_rows += _speakers(rows, texts[doc_id], actors, doc_id)
    found = pd.DataFrame(voice_rows, columns=["speaker", "actor_id", "speaker_class"],
                         index=voices.index)
    found["actor_id"] = found.actor_id.astype("Int64")
    actors = pd.DataFrame(actor_rows, columns=["actor_id", "doc_id", "name", "kind", "n_mentions"])
    return actors, voices.drop(columns=["open", "follows"]).join(found)


def _document_mentions(words, start, end, sents, titles):
    bounds = [0, *((sents[1:] != sents[:-1]).nonzero()[0] + 1), len(words)]
    inside = {_bare(w) for a, b in zip(bounds, bounds[1:], strict=False) for w in words[a + 1:b]
              if w[:1].isupper() and sents[a] not in titles}
    mentions = []
    for a, b in zip(bounds, bounds[1:], strict=False):
        if b > a and sents[a] not in titles:  # headlines capitalise every word
            mentions += find_mentions(list(words[a:b]), start[a:b], end[a:b], inside)
    return mentions


def _speakers(rows, text, actors, doc_id):
    """Return (speaker, actor_id, class) of an article's attributions, in order of the text."""
    result, past = {}, []
    for row in rows.sort_values(["sent_id", "voice_id"]).itertuples():
        source = " ".join(text[a:b] for a, b in row.source)
        if row.open or (not source and not row.follows):
            result[row.Index] = (None, None, "unspecified")
            continue
        place = row.source[0][0] if row.source else row.content[0][0]
        actor = (past[-1] if row.follows and past
                 else _actor_of(source, row.source, actors, past, place))
        if actor is None and row.follows:
            result[row.Index] = (None, None, "unspecified")
            continue
        name = actor.name if actor else re.sub(
            r"(?i)^(the|a|an|his|her|its|their)\s+|[’']s?$", "", source)
        described = _describe(actor) if actor else ""
        kind = classify(source)
        if kind in ("other", "unnamed") and described:
            kind = classify(described)
        if kind == "other" and actor and actor.kind == "organisation":
            kind = "organisation"
        number = None if actor is None else doc_id * ACTOR_STRIDE + actors.index(actor)
        result[row.Index] = (name, number, kind)
        if actor:
            past.append(actor)
    return [result[index] for index in rows.index]


def _describe(actor):
    return " ".join(" ".join(m.words) for m in actor.mentions)


def _actor_of(source, ranges, actors, past, place):
    """Return the actor that a source names or stands for, or None."""
    word = source.lower()
    kinds = {"he": ("person",), "she": ("person",), "they": ("group", "organisation"),
             "it": ("organisation", "document"), "his": ("person",), "her": ("person",),
             "their": ("group", "organisation"), "its": ("organisation",)}.get(word)
    if kinds:
        said = next((a for a in reversed(past) if a.kind in kinds), None)
        before = [(m.start, n) for n, a in enumerate(actors) if a.kind in kinds
                  for m in a.mentions if m.start < place]
        return said or (actors[max(before)[1]] if before else None)
    inside = [(m.start, n) for n, actor in enumerate(actors) for m in actor.mentions
              for a, b in ranges if m.start >= a and m.end <= b]
    cut = re.search(r"\b(of|for|from|at|in|by|who|whose|which)\b", source)
    people = [n for at, n in inside if actors[n].kind == "person" and not actors[n].mentions[0].head
              and not (cut and cut.group() == "by" and at > ranges[0][0] + cut.start())]
    if people:
        return actors[people[0]]
    heads = [n for at, n in sorted(inside) if not cut or at < ranges[0][0] + cut.start()]
    return actors[heads[-1]] if heads else actors[sorted(inside)[0][1]] if inside else None


def silent_actors(actors, voices):
    """Return the people, groups and organisations who are mentioned but never speak.

    Columns of `actors`, the most mentioned first. Whoever is only said to think, feel or
    expect something (the acts in ASCRIBED) does not speak.
    """
    speaking = set(voices.actor_id[~voices.act.isin(ASCRIBED)].dropna().astype("int64"))
    silent = actors[~actors.actor_id.isin(speaking) & ~actors.kind.isin(["place", "document"])]
    return silent.sort_values(["n_mentions", "actor_id"], ascending=[False, True])
