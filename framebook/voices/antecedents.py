"""Whom a pronoun stands for: by number and sex, subject and speaker, and how far back.

Every candidate within a few sentences is given a distance in sentences, with something added
where it fits worse; the nearest wins. The numbers were chosen by reading news, not learned.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

PERSONS, BODIES, THINGS = "person", "body", "thing"
PRONOUNS = {  # what each may stand for, and its sex
    "he": (PERSONS, "he"),
    "him": (PERSONS, "he"),
    "his": (PERSONS, "he"),
    "she": (PERSONS, "she"),
    "her": (PERSONS, "she"),
    "they": (BODIES, None),
    "them": (BODIES, None),
    "their": (BODIES, None),
    "it": (THINGS, None),
    "its": (THINGS, None),
}
FIT = {  # what is added for a kind of actor, None where it cannot be meant
    PERSONS: {"person": 0.0},
    BODIES: {"group": 0.0, "organisation": 0.6, "document": 1.5},
    THINGS: {"organisation": 0.0, "document": 0.3, "place": 0.5},
}
FAR = 12  # sentences in which whoever is meant is looked for
UNKNOWN_SEX, NOT_SURE, OBLIQUE, OWNER, SPOKE = 0.5, 2.0, 0.6, 0.8, -0.5
# What stands between a word of a quotation and who is named after it.
IN_QUOTATION = re.compile(r"[^“”\"]*(?:”|\"[^\"]*(?:\"[^\"]*\"[^\"]*)*$)")
OBLIQUES = set("of to with by for from in at on against about over between near into".split())


@dataclass(slots=True)
class Speaker:
    """Who speaks at a place: a name or description, its actor if it has one, and its class."""

    name: str
    number: int | None  # of the actor
    kind: str  # person, group, organisation, place, document
    speaker_class: str
    gender: str | None = None
    place: int = 0
    noun: str = ""  # of a text: “statement”


def join(speakers):
    """Return several Speakers as one, of the first class that any of them has."""
    names = [one.name for one in speakers]
    joined = ", ".join(names[:-1]) + " and " + names[-1]
    classes = [one.speaker_class for one in speakers if one.speaker_class != "other"]
    kind = "group" if any(one.kind == "person" for one in speakers) else "organisation"
    return Speaker(joined, None, kind, (classes or ["other"])[0])


class Antecedents:
    """Looks for antecedents in an article; `starts` are where its sentences begin."""

    def __init__(self, article, starts):
        self.article, self.starts = article, starts

    def sentence(self, place):
        """Return where the sentence around a place begins."""
        return self.starts[max(bisect_right(self.starts, place) - 1, 0)]

    def number(self, place):
        """Return the number of the sentence around a place."""
        return max(bisect_right(self.starts, place) - 1, 0)

    def find(self, pronoun, place):
        """Return the Speaker that a pronoun stands for, or None."""
        return self.nearest(*PRONOUNS[pronoun], place, pronoun)

    def nearest(self, sort, sex, place, pronoun=""):
        """Return the nearest Speaker of a sort and sex before a place, or None."""
        here = bisect_right(self.starts, place) - 1
        best, found = 99.0, None
        for cost, candidate in (
            *self.speakers(pronoun, sort, sex, here, place),
            *self.mentioned(sort, sex, here, place),
        ):
            if cost < best:
                best, found = cost, candidate
        if sort == BODIES and best >= 1:
            found = self.couple(here, best) or found
        if sort == BODIES and best > 2.5:
            found = self.pair(here) or found  # “They agreed to meet again”
        if found is None:
            return None
        said = [one for one in self.article.said if one.number == found is not None]
        if isinstance(found, int) and said and not self.article.actors[found].name[:1].isupper():
            found = said[-1]  # “Orr officials”, not “officials”
        one = found if not isinstance(found, int) else self.article.of_actor(found)
        return replace(one, gender=one.gender or sex, place=place)

    def couple(self, here, best):
        """Return two persons with “and” between them, not far back, as one Speaker, or None."""
        article = self.article
        for back in range(1, min(here, int(best)) + 1):
            begin, end = self.starts[here - back], self.starts[here - back + 1]
            places = article.between(begin, end)[:3]
            for one, other in zip(places, places[1:], strict=False):
                named = all(p[3].kind == "person" and p[3].name for p in (one, other))
                if named and article.text[one[1] : other[0]] == " and " and one[2] != other[2]:
                    return join([article.of_actor(one[2]), article.of_actor(other[2])])
        return None

    def pair(self, here):
        """Return the two persons who spoke last as one Speaker, if both did nearby, or None."""
        near = [
            one
            for one in self.article.said
            if one.kind == "person" and one.number is not None and here - self.number(one.place) < 4
        ]
        both = list({one.number: one for one in reversed(near)}.values())
        if len(both) != 2 or not all(one.name[:1].isupper() for one in both):
            return None
        return join(both[::-1])

    def speakers(self, pronoun, sort, sex, here, place):
        """Yield (cost, Speaker) of those who have spoken."""
        for one in reversed(self.article.said):
            back = here - (bisect_right(self.starts, one.place) - 1)
            if back > FAR:
                return
            fit = FIT[sort].get(one.kind)
            if fit is None or sex and one.gender not in {sex, None}:
                continue
            if one.name.lower() in PRONOUNS and one.name.lower() != pronoun:
                continue
            yield back + fit + SPOKE + UNKNOWN_SEX * (bool(sex) and one.gender is None), one

    def mentioned(self, sort, sex, here, place):
        """Yield (cost, number of the actor) of those who are mentioned before the pronoun."""
        text, actors = self.article.text, self.article.actors
        for back in range(min(here, FAR) + 1):
            begin = self.starts[here - back]
            end = place if back == 0 else self.starts[here - back + 1]
            order = 0
            for start, past, number, mention in self.article.between(begin, end):
                if not back and IN_QUOTATION.match(text, past, place):
                    continue  # “Orr is late,” she said: not of Orr
                actor = actors[number]
                fit = FIT[sort].get(actor.kind)
                if fit is None or sex and actor.gender not in {sex, None}:
                    continue
                cost = back + fit + 0.1 * order + UNKNOWN_SEX * (bool(sex) and actor.gender is None)
                order += 1
                if sort == PERSONS and not (actor.certain or mention.head):
                    several = len(actor.name.split()) > 1
                    cost += (
                        NOT_SURE / (4 if len(actor.mentions) > 1 else 2) if several else NOT_SURE
                    )
                cost += OWNER * mention.owner
                before = text[max(begin, start - 24) : start].split()[-2:]
                oblique = before and (
                    before[-1].lower() in OBLIQUES
                    or before[-1].lower() == "the"
                    and before[0].lower() in OBLIQUES
                )
                yield cost + OBLIQUE * bool(oblique and start > begin + 12), number
