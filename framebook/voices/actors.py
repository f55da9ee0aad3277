"""Who is who in one article: mentions that are the same actor, what it is called, its class.

Full names are one person where first and last name agree. A bare surname is the person last
named with it, of the sex that its title tells; a bare office (“the President”) is whoever was
introduced with it; letters in brackets stand for the name before them. Nothing is looked up
outside the article.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import pandas as pd

from framebook.tables import ASCRIBED
from framebook.tokenising.words import words
from framebook.voices.classes import PEOPLE, builtin
from framebook.voices.countries import places
from framebook.voices.names import BODIES, MEN, TITLES, WOMEN, find_mentions

GENDERED = {"he": words("he_words"), "she": words("she_words")}
KIN, HOLDERS, ROLES = words("kin") | {"first lady"}, words("holders"), words("roles")
PERSON_NOUNS = ROLES | KIN | TITLES | HOLDERS
RANKS = {"vice", "deputy", "former", "ex", "acting", "shadow", "assistant", "first", "future"}
BREAK = r".,;:()“”\"\n—–"
INTRODUCED = re.compile(
    rf"(?:\s*\([^)\n]{{1,30}}\))?(?:,\s*(?:aged\s)?\d{{1,3}}\b)?(?:,\s+(?:who\s(?:is|was)\s|then\s|now\s)?"
    rf"|\s+(?:is|was|became)\s+(?=an?\s|the\s|one\sof))(?P<what>[^{BREAK}]{{2,110}})"
)
RELATIVE = re.compile(
    rf"(?:\s*\([^)\n]{{1,30}}\))?(?:,\s*(?:aged\s)?\d{{1,3}})?,\s+(?P<what>who(?:se)?\s[^{BREAK}]{{2,70}})"
)
OPENS = words("opens")
HEAD_END = re.compile(r"\s(?:of|for|at|in|who|whose|which)\s")
APPOSED_END = re.compile(r"\s(?:of|for|at|in|on|with|to|from|who|whose|and)\b")
NEAREST = re.compile(
    r"\b(?:of|for|with|by|to|from|against|between|at|in|on|that|than|as)\s", re.IGNORECASE
)
PAIRED = re.compile(r"(?: and|,) [A-Z]")  # “the analysts Ada Venn and Tom Reed”
FRONTING = words("prepositions") | {"earlier", "later", "late", "of"}
# “defectors including Ada Venn, Tom Reed and …”
LISTED = re.compile(
    rf"\b(?P<what>[A-Za-z][a-z]+s)\b[^{BREAK}]{{0,50}}\b(?:including|such as|like)\s(?:[A-Z][^.;()\n]{{0,80}})?\Z"
)
SAYS = re.compile(r"\b(?:said|says|told|added|wrote|was|were|has|have|had|will|announced)\b")
OWNED = re.compile(r"((?:[A-Z][\w.&-]*\s){0,3}[A-Z][\w.&-]*)[’']s?\s\Z")
BELONGS = re.compile(rf",?\s+(?:of|from|at)\s+(?P<what>[^{BREAK}]{{2,60}})")
PARTY = re.compile(r"\s*\((?:[RDI]|Rep|Dem|Lab|Con|Lib)\b[^)]{0,20}\)|,?\s+[RDI]-[A-Z]")
BEFORE = re.compile(
    rf"(?:^|[{BREAK}]|\b(?:said|says|and|by|to|with|that|told)\s)(?P<what>[^{BREAK}]{{2,90}})$"
)
ACTS = re.compile(r"\s+(?:said|says|has|have|is|was|will|would|had|\w{3,}ed)\b")
DATELINE = re.compile(
    r"[A-Z][A-Z .'’-]{2,30}(?:, [^—–\n(:]{2,30})?\s*(?:\([^)\n]{2,30}\)\s*)?(?:[—–]|--?)\s"
)
BRACKET = re.compile(r"\s*[(<][^()<>\n]*[)>]\s*$")
# “Ada Venn opened her office”: whose? What follows tells “her office” from “met her”.
POSSESSIVE = re.compile(
    r"[^.!?;:\n]{0,40}?\b(his|her)\s+(?!(?:in|at|on|to|for|with|and|that|as|by|"
    r"from|of|when|who|the|a|an)\b)\w"
)


@lru_cache(maxsize=50_000)
def fold(text):
    """Return a name as it is compared: no accents, no case, hyphens as spaces."""
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("ı", "i"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.lower().replace("-", " ").replace("’", "'").replace(".", "").strip()


@dataclass(eq=False)
class Actor:
    """An actor of one article with the mentions that were grouped."""

    name: str
    kind: str
    text: str
    mentions: list = field(default_factory=list)
    titles: list = field(default_factory=list)  # (words of an office or noun) that it was given
    certain: bool = False  # a person by title, first name, age or apposition

    @cached_property
    def descriptions(self):
        """What it is called and introduced as, in the order of the text."""
        found = [" ".join(title) for title in self.titles]
        if self.kind == "person":
            for mention in self.mentions[:12]:
                if not mention.head:
                    found += describe(self.text, mention)
        return list(dict.fromkeys(found))

    @cached_property
    def gender(self):
        """“he” or “she” by a title, noun, first name, or “her office” after a mention; or None."""
        called = {word for title in self.titles for word in title}
        called |= {word for one in self.descriptions for word in one.lower().split()[-4:]}
        for gender, listed in GENDERED.items():
            if called & listed and not called & GENDERED["she" if gender == "he" else "he"]:
                return gender
        first = fold(self.name).split()[0] if self.name else ""
        if len(self.name.split()) > 1 and (first in MEN) != (first in WOMEN):
            return "he" if first in MEN else "she"
        for mention in self.mentions[:12]:
            match = (
                None
                if mention.head
                else POSSESSIVE.match(
                    self.text, mention.end, min(mention.end + 60, self.limit(mention))
                )
            )
            if match and not mention.owner:
                return "he" if match[1] == "his" else "she"
        return None

    def limit(self, mention):
        """Return where the next capitalised name after a mention may begin."""
        after = re.compile(r"[A-Z]\w+ [A-Z]").search(self.text, mention.end + 1, mention.end + 60)
        return after.start() if after else len(self.text)


def is_noun(word):
    """Return whether an apposition may open with a word: “owner of the Red Lion”."""
    word = word.lower()
    return word in OPENS or (word in builtin().nouns or word in HOLDERS) and word[-1:] != "s"


def is_person(word):
    """Return whether a word is a noun for one person: “director”, “baker”."""
    word = word.lower()
    return word[-1:] != "s" and (word in PERSON_NOUNS or builtin().classify(word) in PEOPLE)


def describe(text, mention):
    """Return what a name is introduced as, before and after it."""
    found = []
    before = BRACKET.sub(" ", text[max(0, mention.start - 90) : mention.start])
    if before.endswith((" ", ", ")) and not before.endswith((".  ", "; ")):
        match = BEFORE.search(before[:-2] if before.endswith(", ") else before[:-1])
        what = match["what"].strip() if match else ""
        nearest = NEAREST.split(what)[-1]
        if what.partition(" ")[0].lower() in FRONTING:
            person = is_person(nearest.rpartition(" ")[2])
            what = nearest if person and before[-2] != "," else ""  # not “On live television, Venn”
        elif not before.endswith(", ") and nearest.rpartition(" ")[2].islower():
            what = nearest  # of “the policies of Ilverran leader Ada Venn” the last
        last = (HEAD_END.split(what)[0] or what).rpartition(" ")[2]
        low = last.lower()
        noun = low in builtin().nouns or low in PERSON_NOUNS
        if (
            what
            and (last.islower() or low in TITLES)
            and noun
            and (not last.endswith("s") or PAIRED.match(text, mention.end))
            or (
                what and re.search(r"\b[a-z]+ (?:of|for|at) (?:the )?[A-Z]\S*(?: [A-Z]\S*)*$", what)
            )
        ):
            found.append(what)
    owner = OWNED.search(text, max(0, mention.start - 40), mention.start)
    if owner:
        found.append("of " + owner[1])  # “Orr Radio’s Ada Venn”
    listed = LISTED.search(text, max(0, mention.start - 150), mention.start)
    if listed:
        found.append(listed["what"])
    if PARTY.match(text, mention.end):
        found.append("politician")
    match = INTRODUCED.match(text, mention.end, mention.end + 170)
    if match and not mention.owner:
        what = match["what"].strip()
        opening = what.split()[:4]
        head = APPOSED_END.split(what)[0].rpartition(" ")[2]
        if (
            opening
            and (
                is_noun(opening[0])
                or is_person(head)
                or any(re.search("['’]s?$", word) for word in opening)
            )
            and not SAYS.search(what)
        ):
            found.append(what)
    match = RELATIVE.match(text, mention.end, mention.end + 110)
    if match and not mention.owner:
        found.append(match["what"].strip())
    match = BELONGS.match(text, mention.end, mention.end + 80)
    if match and not mention.owner:
        found.append("of " + SAYS.split(match["what"])[0])
    return found


class Cast:
    """The actors of an article, while its mentions are grouped one by one."""

    def __init__(self, text):
        self.text, self.actors = text, []
        self.full, self.surnames, self.keys, self.aliases = {}, {}, {}, {}

    def new(self, name, kind):
        actor = Actor(name, kind, self.text)
        self.actors.append(actor)
        return actor

    def add(self, mention, following):
        """Give a mention to its actor; `following` is the next mention or None."""
        between = self.text[mention.end : following.start] if following else None
        close = between != ", " or mention.head in KIN
        joined = (
            between in {" ", ", ", " named ", " called ", " identified as "}
            and following.kind in ({"person", "name"} if close else {"person"})
            and following.name
            and not following.head
            and not mention.owner
            and mention.kind == "person"
            and not mention.name
        )  # "the minister, Ada Venn": one person
        if joined:
            actor = self.person(following, (*mention.title, mention.head))
        elif mention.head:
            actor = self.noun(mention)
        elif mention.kind == "person":
            actor = self.person(mention) if mention.name else self.office(mention)
        else:
            actor = self.other(mention)
        actor.mentions.append(mention)
        given = mention.title or (
            (mention.head,) if mention.head and actor.kind == "person" else ()
        )
        if given and given not in actor.titles and actor.kind == "person":
            actor.titles.append(given)
        bracketed = between == " (" and self.text[following.end : following.end + 1] == ")"
        if bracketed and following.words[0][:1] == (mention.name or mention.words)[0][:1]:
            self.aliases[fold(" ".join(following.words))] = actor
        return actor

    def person(self, mention, intro=()):
        """Return the actor of a name with first name, or with a title."""
        name = mention.name
        if len("".join(name)) > 3 and all(word.isupper() for word in name):  # “GIL STARKE”
            name = tuple(word.title() if len(word) > 2 else word for word in name)
        parts = fold(" ".join(name)).split()
        if len(name) > 1:
            key = (parts[0], parts[-1] if parts[-1] not in {"jr", "sr", "ii", "iii"} else parts[-2])
            actor = self.full.get(key)
            if actor is None:
                bare = self.surnames.get(key[1], [])
                actor = next((one for one in reversed(bare) if " " not in one.name), None)
                if actor and (KIN & set(intro) or _clash(actor, name)):
                    actor = None
                actor = actor or self.new(" ".join(name), "person")
                actor.kind = "person"
                actor.__dict__.pop("gender", None)
                self.full[key] = actor
                for part in dict.fromkeys([key[1], key[0], *parts]):
                    self.surnames.setdefault(part, []).append(actor)
            if len(name) > len(actor.name.split()):
                actor.name = " ".join(name)
        else:
            actor = self.by_surname(parts[0] if parts else "", mention.title)
            if actor and actor.kind == "name":
                actor.kind = "person"  # “Francis” before “Pope Francis”
                actor.__dict__.pop("gender", None)
            if actor is None:
                actor = self.new(" ".join(name), "person")
                self.surnames.setdefault(parts[0], []).append(actor)
        actor.certain |= bool(mention.title or intro) or parts[0] in MEN or parts[0] in WOMEN
        return actor

    def by_surname(self, surname, title=()):
        """Return the person last named with a surname, of the sex that the title tells, or None."""
        fitting = self.surnames.get(surname, [])
        for gender, listed in GENDERED.items():
            if listed & set(title):
                fitting = [one for one in fitting if _early_gender(one) in {gender, None}]
        last = [one for one in fitting if fold(one.name).split()[-1:] == [surname]]
        held = [one for one in last if title and title[-1:] in [t[-1:] for t in one.titles]]
        return (held or last or fitting or [None])[-1]

    def office(self, mention):
        """Return the actor of an office without a name: who was introduced with it, if anybody."""
        return self.holder(mention.title) or self.other(mention)

    def holder(self, title):
        """Return the person last introduced with an office, or None."""
        wanted = {word for word in title} - {"the", "of"}
        for actor in reversed(self.actors):
            for held in actor.titles if actor.kind == "person" and actor.name[:1].isupper() else ():
                has = set(" ".join(held).split())
                if title[-1] in has and wanted <= has and not (has & RANKS) - wanted:
                    return actor
        return None

    def noun(self, mention):
        """Return the actor of a noun: the one that “the mayor” was before, or a new one."""
        definite = mention.before in {"the", "this"}
        if definite and mention.kind == "person":
            actor = self.holder(tuple(mention.head.split()))
            if actor:
                return actor
        if definite and mention.kind == "organisation":
            for actor in reversed(self.actors):
                if actor.kind == "organisation" and actor.name[:1].isupper():
                    lower = fold(actor.name).split()
                    cut = lower.index("of") if "of" in lower else len(lower)
                    if mention.head in (lower[cut - 1], lower[-1]):
                        return actor
        key = mention.head
        if key not in self.keys:
            self.keys[key] = self.new(mention.head, mention.kind)
        return self.keys[key]

    def other(self, mention):
        """Return the actor of a body, place or unknown name."""
        called = " ".join(mention.name or mention.words)
        key = fold(called)
        if key in self.aliases:
            return self.aliases[key]
        if mention.kind != "group" and len(mention.words) == 1:
            actor = self.by_surname(key)
            if actor:
                return actor
        actor = self.keys.get(key) or next(
            (
                one
                for one in self.actors
                if one.kind == "organisation"
                and key
                and fold(one.name).startswith(key + " ")
                and key.split()[0] not in places()
                and mention.kind in {"name", "organisation"}
                and len(mention.words) == 1
                and key not in BODIES
            ),
            None,
        )
        if actor is None:
            actor = self.keys[key] = self.new(called, mention.kind)
            if mention.kind in {"name", "person"}:
                self.surnames.setdefault(key.split()[-1] if key else "", []).append(actor)
        elif actor.kind in {"name", "place"} and mention.kind == "organisation":
            actor.kind = "organisation"
        return actor


def _early_gender(actor):
    """Return the sex that titles and first name tell; no text is read."""
    called = {word for title in actor.titles for word in " ".join(title).split()}
    for gender, listed in GENDERED.items():
        if called & listed:
            return gender
    first = fold(actor.name).split()[0]
    return (
        None
        if " " not in actor.name
        else ("he" if first in MEN else "she" if first in WOMEN else None)
    )


def _clash(actor, name):
    """Return whether an actor known by surname cannot be the person of a full name."""
    first = fold(name[0])
    gender = "he" if first in MEN else "she" if first in WOMEN else None
    return gender is not None and _early_gender(actor) not in {gender, None}


def group_mentions(mentions, text=""):
    """Return the actors of an article, in order of their first mention."""
    cast, dateline = Cast(text), DATELINE.match(text)
    for mention in mentions if dateline else ():
        if mention.start < dateline.end():
            mention.kind, mention.head = "place", ""
    for mention, following in zip(mentions, [*mentions[1:], None], strict=False):
        cast.add(mention, following)
    for actor in cast.actors:
        if actor.kind == "name":
            acts = any(m.before == "" or ACTS.match(text, m.end) for m in actor.mentions)
            actor.kind = "organisation" if acts else "place"
    return cast.actors


def find_actors(documents, sentences, tokens, classes=None):
    """Yield (doc_id, text, actors) of each document; headlines mention nobody."""
    titles = set(sentences.sent_id[sentences.part == "title"])
    mentions = find_mentions(tokens, titles, classes)
    for doc_id, text in zip(documents.doc_id.tolist(), documents.text.tolist(), strict=True):
        yield doc_id, text, group_mentions(mentions.get(doc_id, []), text)


def silent_actors(actors: pd.DataFrame, voices: pd.DataFrame) -> pd.DataFrame:
    """Return the people, groups and organisations who are mentioned but never speak.

    Columns of `actors`, the most mentioned first. Whoever is only said to think, feel or expect
    something (the acts in ASCRIBED) does not speak.

    >>> actors = pd.DataFrame({"actor_id": [1, 2], "kind": "person", "n_mentions": [3, 2]})
    >>> silent_actors(actors, pd.DataFrame({"actor_id": [2], "act": "say"})).actor_id.tolist()
    [1]
    """
    speaking = set(voices.actor_id[~voices.act.isin(ASCRIBED)].dropna().astype("int64"))
    silent = actors[~actors.actor_id.isin(speaking) & ~actors.kind.isin(["place", "document"])]
    return silent.sort_values(["n_mentions", "actor_id"], ascending=[False, True])
