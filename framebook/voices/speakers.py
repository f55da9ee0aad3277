"""Which actor of an article each attribution belongs to, and the class in which it speaks.

A source is read like a noun phrase: its head is the name or noun before any “of”, “for” or
“who”; a name in apposition (“the mayor, Ada Venn”) is the head; an owner (“Venn’s lawyer”) is
not. A source without a name stays what it is called. A text speaks for whoever made it.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd

from framebook.tokenising.bulk import expand
from framebook.tokenising.rules import STARTERS
from framebook.tokenising.words import words
from framebook.voices.actors import KIN, find_actors
from framebook.voices.antecedents import PRONOUNS, Antecedents, Speaker, join
from framebook.voices.classes import builtin
from framebook.voices.descriptions import Descriptions
from framebook.voices.introductions import Introductions
from framebook.voices.names import ACTOR_STRIDE, INDEFINITE
from framebook.voices.quotations import quotation_spans

ARTICLE = re.compile(
    r"(?i)^(?:the|a|an|both|and|but)\s+|[’']s?$|\s+(?:also|both|all|each|yesterday|today|\w+ly)$"
)
APART = re.compile(r",\s+|\s+[(<]|[)>]\s*,?\s*|\s+[—–-]{1,2}\s+|;\s+")
CUT = re.compile(
    r"\b(?:of|for|from|at|in|by|with|within|to|on|near|who|whose|which|that|including|close|"
    r"reported|made|established|written|issued|compiled|conducted|commissioned|obtained|seen|"
    r"leaked|given|established|dedicated|led|run|owned|presiding|"
    r"surveyed|polled|interviewed|questioned|affected|familiar|representing|speaking|released|published|posted|signed|dated|briefed|based|"
    r"attending|using|around|across|throughout|behind|alongside|such as|like|about|against|among|inside|outside|over|under|regarding|after|before)\b"
)
# “the unions meeting the minister”: what follows is not the head.
MEETING = re.compile(
    r"\b(\w+(?<!s)s|men|women|people)\s+(?!during)[a-z]{3,}ing\s+(?:[A-Z]|the\b|an?\b|in\b|on\b|at\b|for\b|with\b|to\b)"
)
RELATIVE = re.compile(
    r",?\s+(?:who|whose|which|that|speaking|using)\b|\s[A-Z]\w+\s(?:interviewed|spoke|met)\b"
)
CONTACT = re.compile(r"(?<=[a-z])\s[A-Z]\w+\s(?:interviewed|spoke|met|surveyed|polled|asked)\b")
PARTICIPLE = re.compile(
    r"(?<=\w)\s+(?:released|published|posted|signed|dated|issued|reported|established|made|"
    r"compiled|conducted|commissioned|obtained|written|seen)\b"
)
QUANTITY = words("quantities")
AUTHORED = re.compile(r"(?<!signed )\b(?:by|from)\s+")
ISSUES = re.compile(
    r"\b(?:issu|releas|publish|post|put out|sen[dt]|shar|writ|wrote|made|mak|distribut)"
)
MESSAGES = set("statement release tweet post letter message memo note email e-mail website".split())
FEW = {"one", "another", "some", "many", "most", "several", "others", "few", "both"}
COUNTED = re.compile(r"(?:\w+ )?(\w+) of (?:the |his |her |their |its )?")
BODIES = {"business", "legislature_party", "media", "organisation", "military"}
FIRST_PERSON = {"i", "we", "me", "us", "my", "our"}
UNKNOWN = re.compile(r"[A-Z][\w-]*[a-z]\w*(?: [A-Z][\w-]+)*")
AUTHOR = "the author (I)"


def resolve_speakers(documents, sentences, tokens, voices, classes=None):
    """Return the table `actors`; give each of `voices` (dictionaries) its speaker.

    They get speaker, actor_id and speaker_class, and lose `open`, `follows`, `who`, `inside`.
    """
    by_doc, starts, sizes, rows = defaultdict(list), defaultdict(list), [], []
    for voice in voices:
        by_doc[voice["doc_id"]].append(voice)
    for doc_id, start in zip(sentences.doc_id.tolist(), sentences.start.tolist(), strict=True):
        starts[doc_id].append(start)
    classes = classes or builtin()
    for doc_id, text, actors in find_actors(documents, sentences, tokens, classes):
        rows += [(one.name, one.kind, len(one.mentions)) for one in actors]
        sizes.append(len(actors))
        if doc_id in by_doc:
            article = _Article(text, actors, starts[doc_id], classes)
            article.name_speakers(by_doc[doc_id], doc_id)
    doc_id, n = expand(np.zeros(len(sizes), int), np.array(sizes, int))
    doc_id = documents.doc_id.to_numpy()[doc_id]
    name, kind, n_mentions = zip(*rows, strict=True) if rows else ((), (), ())
    return pd.DataFrame(
        {
            "actor_id": doc_id * ACTOR_STRIDE + n,
            "doc_id": doc_id,
            "name": name,
            "kind": kind,
            "n_mentions": n_mentions,
        }
    )


class _Article:
    """The actors of an article, where they stand, and who has spoken so far."""

    def __init__(self, text, actors, starts, classes):
        self.text, self.actors, self.classes = text, actors, classes
        self.places = sorted(
            (mention.start, mention.end, n, mention)
            for n, actor in enumerate(actors)
            for mention in actor.mentions
        )
        self.begins = [place[0] for place in self.places]
        self.said, self.turn = [], None  # who has spoken; who spoke last, not inside a quotation
        self.antecedents = Antecedents(self, starts)
        self.introductions = Introductions(self)
        self.descriptions = Descriptions(self)

    def name_speakers(self, voices, doc_id):
        """Give the attributions, in order of the text, speaker, actor_id and class."""
        for voice in voices:
            open_source, follows, who, inside = map(voice.pop, ("open", "follows", "who", "inside"))
            inside = inside or voice["parent_id"] is not None
            speaker = None
            if who and self.text[who[0] : who[1]] in {"Q", "A"}:
                self.turn = None  # a question or answer of nobody who is named
            elif who:
                speaker = self.resolve(*who)
                named = speaker.number is not None and self.actors[speaker.number].kind == "person"
                if not named and self.classes.classify(speaker.name) == "other":
                    speaker.kind, speaker.speaker_class = "person", "other"
                speaker.place = min(who[0], voice["content"][0][0])
                self.said.append(speaker)
                self.turn = speaker
            elif follows:
                ahead = self.ahead(voice["content"][0][0], voices)
                speaker = self.resolve(*ahead) if ahead else self.turn
            elif voice["source"] and not open_source:
                start, end = voice["source"][0][0], voice["source"][-1][1]
                speaker = self.resolve(start, end)
                if speaker:
                    speaker.place = start
                    self.said.append(speaker)
                    self.turn = self.turn if inside else speaker
            known = speaker is not None
            number = speaker.number if known else None
            voice["speaker"] = speaker.name if known else None
            voice["actor_id"] = None if number is None else doc_id * ACTOR_STRIDE + number
            voice["speaker_class"] = speaker.speaker_class if known else "unspecified"

    def ahead(self, start, voices):
        """Return the source of a later sentence in which the quotation around a place ends."""
        a, b = next(((a, b) for a, b in self.quotations if a <= start < b), (0, 0))
        for voice in voices:
            inside = [one for one in voice["content"] if max(a, start) < one[0] < b <= one[1] + 1]
            if inside and voice["source"] and voice["source"][0][0] >= b:
                return voice["source"][0][0], voice["source"][-1][1]
        return None

    @cached_property
    def quotations(self):
        return quotation_spans(self.text)

    def between(self, start, end):
        """Return the places that begin at `start` or later and before `end`."""
        return self.places[bisect_left(self.begins, start) : bisect_left(self.begins, end)]

    def resolve(self, start, end):
        """Return the Speaker of the source between two characters."""
        source = self.text[start:end]
        pronoun = re.sub(r"[’'](?:s|re|m|ve|d|ll)$", "", source.lower())
        if pronoun in FIRST_PERSON:
            return Speaker(AUTHOR, None, "person", "other", "I")
        if pronoun in PRONOUNS:
            found = self.antecedents.find(pronoun, start)
            sort, sex = PRONOUNS[pronoun]
            kind = {"person": "person", "body": "group", "thing": "organisation"}[sort]
            if sort == "thing" and not found:
                return None  # “It said so”: nobody who is named
            return found or Speaker(source, None, kind, "other", sex)
        member = self.descriptions.member(source, start)
        if member:
            return member
        parts = self.parts(start, end)
        joint = self.joint(*parts[0][:2])
        if joint:
            return joint
        place, noun = self.head(*parts[0])
        first = self.text[parts[0][0] : parts[0][1]]
        if (
            place is None
            and UNKNOWN.fullmatch(first)
            and first.lower() not in STARTERS
            and (self.classes.classify(first) == "other")
        ):
            told = " ".join(self.text[a:b] for a, b in parts[1:2])
            return Speaker(first, None, "organisation", self.classes.classify(told))
        if place is None or not self.is_named(place):
            for a, b in parts[1:4]:
                apposed, _ = self.head(a, b)
                lone = (
                    apposed and apposed[:2] == (a, b) and apposed[3].kind == "name" and noun in KIN
                )
                body = apposed and self.is_body(apposed) and self.classes.classify(noun) in BODIES
                if apposed and (self.is_person(apposed) or lone) and self.is_single(noun) or body:
                    place = apposed
                    break
            else:
                place = self.adjacent(*parts[0]) or place
        if place is not None and (self.is_named(place) or self.is_linked(place)):
            return self.of_actor(place[2])
        return self.of_noun(parts[0], place, noun)

    def parts(self, start, end):
        """Return [(start, end)] of what commas and brackets part in a source, not inside names."""
        parts, begin = [], start
        for match in APART.finditer(self.text, start, end):
            inside = [p for p in self.between(begin, match.start()) if p[1] > match.start()]
            if not inside and match.start() > begin:
                parts.append((begin, match.start()))
                begin = match.end()
        return [*parts, (begin, end)] if begin < end else parts or [(start, end)]

    def zone(self, start, end):
        """Return where the head of a phrase ends: before “of”, “who” and the like."""
        meeting = MEETING.search(self.text, start, end)
        end = meeting.end(1) if meeting else end
        asked = CONTACT.search(self.text, start, end)
        end = asked.start() if asked else end
        for match in CUT.finditer(self.text, start + 1, end):
            around = [p for p in self.between(start, match.start()) if p[1] > match.start()]
            if not around and self.text[match.start() - 1].isspace():
                return match.start()
        return end

    def head(self, start, end):
        """Return (place of the mention that is a phrase's head or None, its noun in small letters)."""
        zone = self.zone(start, end)
        words_ = self.text[start:zone].split()
        if words_ and words_[-1].lower() in QUANTITY and self.text[zone : zone + 3] == "of ":
            return self.head(zone + 3, end)
        tail = len(self.text[start:zone].rstrip(" ,"))
        inside = [place for place in self.between(start, zone) if place[1] <= zone]
        if inside and inside[-1][1] >= start + tail - 2:
            place = inside[-1]
            return place, place[3].head or place[3].words[-1].lower()
        return None, re.sub(r"\W", "", words_[-1].lower()) if words_ else ""

    def adjacent(self, start, end):
        """Return the place of a name right after another: “head of Amnesty International Ada Tam”."""
        inside = self.between(start, end)
        for one, other in zip(inside, inside[1:], strict=False):
            if (
                self.is_person(other)
                and len(other[3].name) > 1
                and other[0] - one[1] == 1
                and (not one[3].head)
            ):
                return other
        return None

    def is_named(self, place):
        return not place[3].head and bool(place[3].name or place[3].kind != "person")

    def is_linked(self, place):
        """Return whether a noun or office stands for an actor with a name (“the mayor”)."""
        name = self.actors[place[2]].name
        return name[:1].isupper() and (place[3].before in {"the", ""} or not place[3].head)

    def is_person(self, place):
        return not place[3].head and place[3].kind == "person" and bool(place[3].name)

    def is_body(self, place):
        return not place[3].head and place[3].kind == "organisation"

    def is_single(self, noun):
        return noun not in INDEFINITE and (not noun.endswith("s") or noun.endswith("ss"))

    def joint(self, start, end):
        """Return the Speaker of “Ada Venn and Tom Reed”, or None."""
        zone = self.text[start:end]
        if " and " not in zone:
            return None
        end -= (
            len(zone) - len(ARTICLE.sub("", ARTICLE.sub("", zone + " ").strip()).rstrip())
            if (ARTICLE.search(zone) and not ARTICLE.match(zone))
            else 0
        )
        heads = []
        begin = start
        for match in [*re.finditer(r"\s+and\s+", zone), None]:
            stop = start + match.start() if match else end
            if any(p[0] < stop < p[1] for p in self.between(begin, stop)):
                continue
            place, _ = self.head(begin, stop)
            if place is None or not self.is_named(place):
                place = self.adjacent(begin, stop)
            if place is None or place[3].owner or not self.is_named(place):
                return None
            heads.append(place)
            begin = start + match.end() if match else stop
        if len({place[2] for place in heads}) < 2:
            return None
        return join([self.of_actor(place[2]) for place in heads])

    def of_actor(self, number):
        """Return the Speaker that is an actor of the article."""
        actor = self.actors[number]
        gender = actor.gender if actor.kind == "person" else None
        speaker_class = self.introductions.class_of(number)
        return Speaker(actor.name, number, actor.kind, speaker_class, gender)

    def of_noun(self, part, place, noun):
        """Return the Speaker of a source without a name: as it is called, or who made the text."""
        start, end = part
        kind = place[3].kind if place else "person" if self.is_single(noun) else "group"
        if kind == "document":
            author = self.author(start, end, noun.rpartition(" ")[2])
            if author:
                author.noun = noun.rpartition(" ")[2]
                return author
        relative = RELATIVE.search(self.text, start + 1, end)
        phrase = self.text[start : relative.start() if relative else end].strip(" ,")
        made = PARTICIPLE.search(phrase)
        phrase = phrase[: made.start()].rstrip() if made else phrase
        for _ in range(2):
            phrase = ARTICLE.sub("", phrase)
        if self.text[start : start + 4].lower() == "the " or (self.text[start:end].lower() == noun):
            same = self.descriptions.find(phrase, noun, kind, start)
            if same:
                return same
        number = place[2] if place and not self.actors[place[2]].name[:1].isupper() else None
        speaker_class = self.introductions.classify(phrase, start)
        if phrase.lower() in FEW:  # “One wrote”: one of those of whom the text spoke
            among = self.antecedents.nearest("body", None, start)
            if among and among.kind == "group" and among.speaker_class != "other":
                speaker_class = among.speaker_class
        called = set(phrase.lower().split())
        gender = next((g for g in ("he", "she") if called & words(f"{g}_words")), None)
        return Speaker(
            phrase or self.text[start:end],
            number,
            kind,
            speaker_class,
            gender,
            0,
            noun if kind == "document" else "",
        )

    def sender(self, noun, start):
        """Return who spoke last “in a statement”, of which “the statement” then goes on."""
        within = re.compile(
            rf"\b(?:in|by|through|via|on)\s(?:an?|his|her|its|their)\s(?:\w+\s)?{noun}\b"
        )
        places = [match.start() for match in within.finditer(self.text, 0, start)]
        number = self.antecedents.number
        for one in reversed(self.said) if places else ():
            if number(one.place) == number(places[-1]):
                return replace(one)
        return None

    def author(self, start, end, noun):
        """Return the Speaker who made a text, or None where nobody is told."""
        zone = self.zone(start, end)
        owners = [
            p
            for p in self.between(start, zone)
            if p[1] < zone and (p[3].owner or p[3].kind == "organisation" and not p[3].head)
        ]
        if owners:
            place = owners[-1]
            if self.is_named(place) or self.is_linked(place):
                return self.of_actor(place[2])
            return self.of_noun((start, place[1]), place, place[3].head)
        if self.text[start : start + 4].lower() in {"his ", "her ", "its "}:
            return self.antecedents.find(self.text[start : start + 3].lower(), start)
        by = AUTHORED.search(self.text, start, end)
        if by and by.end() < end:
            return self.resolve(by.end(), end)
        begin = self.antecedents.sentence(start)
        if noun in MESSAGES and ISSUES.search(self.text, begin, start):
            found = [p for p in self.between(begin, start) if self.is_named(p)]
            if found:
                return self.of_actor(found[0][2])
            opening = re.compile(r"\w+").search(self.text, begin)
            if opening and opening.group().lower() in PRONOUNS:
                return self.antecedents.find(opening.group().lower(), opening.start())
        if self.text[start : start + 4].lower() == "the ":
            for one in reversed(self.said):
                if one.noun == noun:
                    return one
            if noun in MESSAGES:
                return self.sender(noun, start)
        return None
