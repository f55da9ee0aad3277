"""Whom a description with “the” stands for: somebody whom the article has named before.

“The company” is the firm named last, “the 34-year-old” whoever was given that age, “the
minister” whoever was introduced so, “the father” the man of the couple. What fits nobody
stays what it is called.
"""

import re

from framebook.voices.actors import KIN
from framebook.voices.antecedents import Speaker
from framebook.voices.countries import is_people

NEAR = 12  # sentences in which a named body is looked for
AGED = re.compile(r"(\d{1,3})-year-old$")
MEMBER = re.compile(r"[Tt]he (?P<state>[A-Z]\w+(?: [A-Z]\w+)?) (?P<party>Republican|Democrat)")
# Nouns of bodies, and the classes of the bodies that they may stand for.
BODY_CLASSES = {
    "force": {"judiciary_police", "military"},
    "agency": {"organisation", "media"},
    "group": {"organisation", "business"},
    "club": {"organisation", "celebrity_sport"},
    "team": {"organisation", "celebrity_sport"},
    "paper": {"media"},
    "charity": {"organisation"},
    "organisation": {"organisation"},
    "organization": {"organisation"},
}
NAMED_BODY = set("police government army ministry court council embassy company military".split())
MALE, FEMALE = {"father", "husband", "dad", "grandfather"}, {"mother", "wife", "mum", "grandmother"}
YOUNG = {"boy", "girl", "teen", "teenager", "youngster"}
PRIVATE = {"other", "citizen"}


class Descriptions:
    """Finds who is meant by the descriptions of an article."""

    def __init__(self, article):
        self.article = article

    def find(self, phrase, noun, kind, start):
        """Return the Speaker that “the company”, “police” or “the engineer” was before, or None."""
        bare = not re.search("[’']", phrase) and len(phrase.split()) < 4  # not “the drivers’ union”
        if kind == "organisation":
            return self.spoken(noun) or (self.body(noun, start) if bare else None)
        if kind == "person":
            return self.spoken(noun) or self.person(phrase, noun, start)
        return self.spoken(noun) or (self.police(noun, start) if noun in NAMED_BODY else None)

    def member(self, source, start):
        """Return who “the Ohio Republican” is: the person named with “(R-Ohio)”, or None."""
        told = MEMBER.fullmatch(source)
        pattern = told and rf"(?:\s\(|,\s){told['party'][0]}-{told['state'][:2]}"
        for number in self.before(start, "person") if told else ():
            places = self.article.actors[number].mentions
            if any(re.match(pattern, self.article.text[m.end : m.end + 8]) for m in places):
                return self.article.of_actor(number)
        return None

    def spoken(self, noun):
        """Return who has spoken under a name that ends with the noun: “Orr City Council”."""
        for one in reversed(self.article.said[-12:]):
            if one.name.lower().endswith(" " + noun) and one.name[:1].isupper():
                return one
        return None

    def before(self, start, kind):
        """Yield the numbers of named actors of a kind in the sentences before, the nearest first."""
        article, past = self.article, set()
        starts = article.antecedents.starts
        here = article.antecedents.number(start)
        for _, _, number, mention in reversed(article.between(starts[max(here - NEAR, 0)], start)):
            actor = article.actors[number]
            if number in past or actor.kind != kind or mention.head or not actor.name[:1].isupper():
                continue
            past.add(number)
            yield number

    def body(self, noun, start):
        """Return the named body of the class that the noun tells, or None."""
        article, sort = self.article, self.article.classes.classify(noun)
        fitting = BODY_CLASSES.get(noun, {sort} & {"business", "media"})
        for one in reversed(article.said[-12:]):
            named = one.number is not None and one.name[:1].isupper()
            if one.kind == "organisation" and named and one.speaker_class in fitting:
                return one
        for number in self.before(start, "organisation"):
            if article.introductions.class_of(number) in fitting:
                return article.of_actor(number)
        return self.police(noun, start) if noun in NAMED_BODY else None

    def police(self, noun, start):
        """Return the only police force whose name the article has given, or None."""
        named = re.findall(rf"((?:[A-Z]\w+ )+{noun})\b", self.article.text[:start])
        named = {one for one in named if one.split()[0].lower() not in {"the", "on", "in"}}
        if noun != "police" or len(named) != 1:
            return None
        sort = self.article.classes.classify(noun)
        return Speaker(named.pop(), None, "organisation", sort)

    def person(self, phrase, noun, start):
        """Return the person who was introduced with the noun, age, people or family, or None."""
        article, aged = self.article, AGED.search(phrase)
        people = list(self.before(start, "person"))
        if aged or is_people(phrase.lower()):
            fitting = [n for n in people if not aged or self.has_age(n, aged[1])]
            found = article.antecedents.nearest("person", None, start) if not fitting else None
            return found or (article.of_actor(fitting[0]) if fitting else None)
        for number in people:
            if any(noun in told.lower().split() for told in article.actors[number].descriptions):
                return article.of_actor(number)
        if noun in YOUNG or noun in {"man", "woman"} and not self.was_unnamed(noun, start):
            fitting = [n for n in people if self.fits(n, noun)]
            return article.of_actor(fitting[0]) if len(fitting) == 1 else None
        if noun in KIN and noun in MALE | FEMALE:
            sex = "he" if noun in MALE else "she"
            for number in people:
                private = article.introductions.class_of(number) in PRIVATE
                if private and article.actors[number].gender == sex:
                    return article.of_actor(number)
        return None

    def was_unnamed(self, noun, start):
        """Return whether the text has spoken of “a man” before."""
        a_man = rf"\b(?:an?|another|one)\s(?:[\w-]+\s){{0,2}}{noun}\b"
        return bool(re.search(a_man, self.article.text[:start], re.IGNORECASE))

    def fits(self, number, noun):
        """Return whether a private person may be “the boy” or “the woman”, by sex and age."""
        article, sex = self.article, {"boy": "he", "man": "he", "girl": "she", "woman": "she"}
        if article.introductions.class_of(number) not in PRIVATE:
            return False
        young = any(self.has_age(number, str(age)) for age in range(5, 20))
        gender = article.actors[number].gender
        return (young or noun not in YOUNG) and gender in {sex.get(noun, gender), None}

    def has_age(self, number, age):
        """Return whether a person was given an age: “Ada Venn, 34,”."""
        article = self.article
        return any(
            re.match(rf"(?:\s\(|,\s(?:aged\s)?(?:an?\s)?){age}\b", article.text[m.end : m.end + 24])
            for m in article.actors[number].mentions
        ) or any(age in re.split(r"\W", told) for told in article.actors[number].descriptions)
