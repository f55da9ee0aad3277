"""Whom a pronoun stands for: by number and sex, subject and speaker, and how far back.

Every candidate within a few sentences is given a distance in sentences, with something added
where it fits worse; the nearest wins. The numbers were chosen by reading news, not learned.
"""

from bisect import bisect_right

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
UNKNOWN_SEX, NOT_SURE, OBLIQUE, OWNER, SPOKE = 1.2, 2.0, 0.6, 0.8, -0.5
OBLIQUES = set("of to with by for from in at on against about over between near into after".split())


class Antecedents:
    """Looks for antecedents in an article; `starts` are where its sentences begin."""

    def __init__(self, article, starts):
        self.article, self.starts = article, starts

    def sentence(self, place):
        """Return where the sentence around a place begins."""
        return self.starts[max(bisect_right(self.starts, place) - 1, 0)]

    def find(self, pronoun, place):
        """Return the Speaker that a pronoun stands for, or None."""
        sort, sex = PRONOUNS[pronoun]
        here = bisect_right(self.starts, place) - 1
        best, found = 99.0, None
        for cost, candidate in (
            *self.speakers(pronoun, sort, sex, here, place),
            *self.mentioned(sort, sex, here, place),
        ):
            if cost < best:
                best, found = cost, candidate
        if found is None:
            return None
        one = found if not isinstance(found, int) else self.article.of_actor(found)
        return type(one)(
            one.name, one.number, one.kind, one.speaker_class, one.gender or sex, place, one.noun
        )

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
            for start, _, number, mention in self.article.between(begin, end):
                actor = actors[number]
                fit = FIT[sort].get(actor.kind)
                if fit is None or sex and actor.gender not in {sex, None}:
                    continue
                cost = back + fit + 0.1 * order + UNKNOWN_SEX * (bool(sex) and actor.gender is None)
                order += 1
                if sort == PERSONS and not (actor.certain or mention.head):
                    cost += NOT_SURE if len(actor.name.split()) < 2 else NOT_SURE / 2
                cost += OWNER * mention.owner
                before = text[max(begin, start - 24) : start].split()[-2:]
                oblique = before and (
                    before[-1].lower() in OBLIQUES
                    or before[-1].lower() == "the"
                    and before[0].lower() in OBLIQUES
                )
                yield cost + OBLIQUE * bool(oblique and start > begin + 12), number
