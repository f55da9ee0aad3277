"""The class in which an actor of an article speaks: what the article introduces it as.

A name says it (“the Court of Appeal”), or what stands around it where it is introduced: an
apposition, a title, “who studies insects”, “of the University of Orr”. What an owner is to
the speaker (“its leader”, “her colleague”) gives the class of the owner.
"""

import re
from functools import cached_property

from framebook.tokenising.words import words
from framebook.voices.actors import HOLDERS, INTRODUCED, KIN, fold
from framebook.voices.classes import PEOPLE, by_ending
from framebook.voices.countries import is_people, places

PERSONAL = words("personal")
SPOKESMEN = {"spokesman", "spokeswoman", "spokesperson"}
LAWYERS = set("lawyer attorney solicitor barrister counsel".split())
CHAIRS = set("chairman chairwoman chair boss chief head director vice-chairman".split())
PEERS = set("colleague counterpart predecessor successor deputy ally rival teammate".split())
OPEN_CLASSES = {"government", "unnamed", "other", "celebrity_sport", "media", "legislature_party"}
BODY_CLASSES = {"media", "business", "organisation"}
SPARE = {"other", "unnamed", "document"}
OWNED = re.compile(r"\b(its|their|his|her)\s", re.IGNORECASE)
BODY_OWNER = re.compile(r"(?i)the\s(\w+)[’']s?\s")
LAST_WORD = re.compile(r"(?<![\w’'-])([a-z][\w-]+|(?<=[.!?\n]\s)[A-Z][a-z]+|^[A-Z][a-z]+)\s$")
LEARNED = re.compile(r"(?i)\b(?:universit|institut|college|laborator|observatory|school of)")
SHARE = re.compile(
    r"(?i)\b(?:percent|per cent|in (?:three|four|five|ten))$|%$"
    r"|^(?:\w+ )?\d+(?:\.\d+)?(?:%| per ?cent)"
)
COUNTED = re.compile(r"(?:\w+ )?(\w+) of (?:the |his |her |their |its )?")
HEAD_END = re.compile(r"\b(?:of|for|from|at|in|by|with|within|to|on|who|whose|which|that)\b|,")
QUANTITY = words("quantities")
# What a relative clause after a name tells: “who studies insects”, “whose son was killed”.
RELATIVE_CLASSES = [
    (re.compile(rf"who(?:se)?\s+(?:also\s+|has\s+|have\s+|had\s+)?(?:{verbs})\b"), name)
    for verbs, name in (
        (
            "stud(?:y|ies|ied)|research(?:es|ed)?|teach(?:es)?|taught|lectures?|speciali[sz]es?",
            "expert",
        ),
        ("represents?|chairs? the|sits? on the|was elected to", "legislature_party"),
        (
            "plays?|played|scored|coache[sd]|starred|stars|directed|sings?|won the",
            "celebrity_sport",
        ),
        ("founded|owns?|runs? (?:a|the|an)|co-founded|manages?", "business"),
        (
            "lives?|lived|survived|witnessed|saw|escaped|fled|lost|works? (?:as|in|at)|worked|moved|"
            "was (?:injured|hurt|wounded|evacuated|born)|grew up|attended|joined|watched|been|"
            "(?:son|daughter|husband|wife|brother|sister|mother|father|parents|house|home|shop)",
            "citizen",
        ),
    )
]
SPORTS = words("sports")
SHOWS = words("shows")
PAPERS = words("papers")
# Articles that are about sport or shows: their words, how many tell, and titles of theirs.
FIELDS = [
    (
        SPORTS,
        8,
        set("boss captain manager skipper defender forward back prop centre keeper".split()),
    ),
    (SHOWS, 3, set("director producer writer author creator".split())),
]
FIELD_CLASSES = {"military", "business", "other", "organisation", "expert"}


class Introductions:
    """The classes of the actors of an article."""

    def __init__(self, article):
        self.article, self.classes, self.text = article, article.classes, article.text
        self.known = {}  # {number of an actor: its class}

    @cached_property
    def fields(self):
        """The titles that an article about sport or shows gives to players and artists."""
        found = set(re.findall(r"[a-z]+", self.text.lower()))
        return set().union(*(titles for told, n, titles in FIELDS if len(told & found) >= n))

    def class_of(self, number):
        """Return the class of an actor: the first in which it is introduced."""
        if number not in self.known:
            self.known[number] = "other"  # for whoever is described by herself
            actor = self.article.actors[number]
            read = self.of_person if actor.kind == "person" else self.of_body
            self.known[number] = read(actor)
        return self.known[number]

    def of_body(self, actor):
        """Return the class of a body, place, group or text: by its name, or what it is called."""
        if actor.kind == "place":
            country, people = places().get(fold(actor.name), ("", False))
            if country and not people:
                return "government"
            own = self.classes.classify(actor.name)
            return self.classes.classify("the " + actor.name) if own == "other" else own
        own = self.classes.classify(actor.name)
        if own == "other":
            own = self.classes.classify("the " + actor.name)
        if own == "other" and actor.kind == "group" and is_people(fold(actor.name)):
            return "citizen"
        if own == "citizen" and actor.kind == "organisation" and not actor.mentions[0].head:
            return "other"  # “Baker said”
        if fold(actor.name).split()[-1] in PAPERS and " " in actor.name:
            return "media"
        first = actor.name.split()[0].lower()
        if (
            own in PEOPLE
            and " " in actor.name
            and actor.kind == "organisation"
            and (first in self.classes.nouns)
        ):
            own = "organisation"  # “Doctors Without Borders”
        if own not in {"other", "organisation"} or actor.mentions[0].head:
            return own
        for mention in actor.mentions[:6]:
            match = INTRODUCED.match(self.text, mention.end, mention.end + 120)
            before = LAST_WORD.findall(self.text[max(0, mention.start - 40) : mention.start])
            for told in [match["what"] if match else "", *before]:
                name = self.classes.classify(told)
                if name not in {"other", "unnamed", "citizen"} and mention.head == "":
                    return name
        several = len(actor.name.split()) > 1 or actor.name.isupper()
        return "organisation" if own == "other" and several else own

    def of_person(self, actor):
        """Return the class of a person: the first that a title or description tells."""
        own = self.classes.classify(actor.name)
        listed = self.classes.by_first.get(actor.name.lower().split()[0], ())
        if own != "other" and actor.name.lower() in {" ".join(phrase) for phrase, _ in listed}:
            return own  # a name in the list
        named = not (actor.certain or actor.descriptions)
        if named and own in BODY_CLASSES and not PAPERS.isdisjoint(fold(actor.name).split()):
            return own  # “Gazeta Holt”
        spare = "other"  # of an office that is anybody's: “president”
        for told in actor.descriptions:
            at = self.text.find(told, max(actor.mentions[0].start - 160, 0))
            name = self.classify(told, at)
            if name in FIELD_CLASSES and self.fields & set(told.lower().split()):
                name = "celebrity_sport"
            if told.lower().split()[-1] in LAWYERS and name == "other":
                return name  # a lawyer who represents somebody
            if told.lower() in PEERS:
                continue  # whose?
            if (
                told.lower() in SPOKESMEN or told.lower() in CHAIRS and name == "other"
            ):  # “Spokesman Tom Reed”: of whom?
                body = self.article.antecedents.nearest("thing", None, actor.mentions[0].start)
                if body and body.kind == "organisation" and body.speaker_class not in SPARE:
                    return body.speaker_class
            if (
                name in SPARE
                or told.lower() in {"lord", "lady", "baroness"}
                or spare == "government"
                and name == "legislature_party"
                and ("president" in actor.descriptions[0].split())
            ):
                continue  # a president, once a candidate
            if not self.classes.is_open(told) or name != self.classes.classify(told):
                return name
            spare = name if spare == "other" else spare
        if spare == "other" and "skipper" in self.fields and " " in actor.name:
            return "celebrity_sport"
        return spare

    def classify(self, phrase, at=-1):
        """Return the class of a description at a place; of its owner where it stands for one."""
        counted = COUNTED.match(phrase)
        if counted and counted[1].lower() in QUANTITY:
            phrase = phrase[counted.end() :]
        if phrase.startswith(("who ", "whose ")):
            return next((c for clause, c in RELATIVE_CLASSES if clause.match(phrase)), "other")
        name = self.classes.classify(phrase)
        if phrase.startswith("of ") and name == "organisation" and LEARNED.search(phrase):
            return "expert"
        end = HEAD_END.search(phrase, 1)
        last = (phrase[: end.start()] if end else phrase).lower().split()[-1:] or [""]
        if last[0] in HOLDERS or last[0] in PEERS or last[0] in PERSONAL:
            owner = self.owner(phrase, at) or self.named_owner(phrase, name, last[0])
            if owner:
                return owner
        if SHARE.search(phrase):
            return "citizen"  # “54% of those asked”, “six in ten”
        if name == "other":
            kin = last[0] in KIN - words("roles") - {"lawyers", "attorney"}
            return "citizen" if kin else by_ending(last)
        return name

    def owner(self, phrase, at):
        """Return the class of “its”, “her” or “the agency’s” at the head of a description."""
        owned, body = OWNED.search(phrase), BODY_OWNER.match(phrase)
        if at < 0 or not (owned or body):
            return None
        found = (
            self.article.antecedents.find(owned[1].lower(), at + owned.start())
            if owned
            else self.article.descriptions.find(body[1], body[1].lower(), "organisation", at)
        )
        return found.speaker_class if found and found.speaker_class not in SPARE else None

    def named_owner(self, phrase, name, last):
        """Return the class of an actor that a description names: “spokesman for Orr Ltd”."""
        for number, actor in enumerate(self.article.actors):
            if actor.kind in {"group", "document"} or (
                actor.kind == "person" and last not in PERSONAL | PEERS
            ):
                continue
            told = any(
                not m.head and self.text[m.start : m.end] in phrase for m in actor.mentions[:6]
            )
            if told and (name in OPEN_CLASSES or actor.kind == "place" and name == "business"):
                other = self.class_of(number)
                if other not in {"other", "unnamed"}:
                    return other
        return None
