"""Which actor of an article each attribution belongs to, and the class in which it speaks.

A source is the actor whom its words name. A pronoun is looked for backwards, sentence by
sentence: the first fitting actor of a sentence, most often its subject, comes before others,
and the one in "the mayor’s lawyer" who is only named as an owner comes last.
"""

import re
from bisect import bisect_left, insort
from collections import defaultdict
from functools import cached_property

import numpy as np
import pandas as pd

from framebook.tokenising.bulk import expand
from framebook.tokenising.words import words
from framebook.voices.actors import ACTOR_STRIDE, classify, find_actors

PERSON, BODY, THING = ("person",), ("group", "organisation"), ("organisation", "document")
PRONOUNS = {  # the kinds of actors that each may stand for, and their gender
    "he": (PERSON, "he"),
    "him": (PERSON, "he"),
    "his": (PERSON, "he"),
    "she": (PERSON, "she"),
    "her": (PERSON, "she"),
    "they": (BODY, None),
    "them": (BODY, None),
    "their": (BODY, None),
    "it": (THING, None),
    "its": (THING, None),
}
GENDERED = {"he": words("he_words"), "she": words("she_words")}
# "Ada Venn opened her office": whose office? What follows tells "her office" from "met her".
POSSESSIVE = re.compile(
    r"[^.!?;:\n]{0,40}?\b(his|her)\s+(?!(?:in|at|on|to|for|with|and|that|as|by|"
    r"from|of|when|who|the|a|an)\b)\w"
)
NEAR = 3  # sentences in which an actor of known gender comes before one of unknown gender
FAR = 30  # sentences in which a pronoun's actor is looked for
ARTICLE = re.compile(r"(?i)^(the|a|an|his|her|its|their)\s+|[’']s?$")
OF = re.compile(r"\b(of|for|from|at|in|by|who|whose|which)\b")


def resolve_speakers(documents, sentences, tokens, voices):
    """Return the table `actors`; give each of `voices` (dictionaries) its speaker.

    They get speaker, actor_id and speaker_class, and lose `open` and `follows`.
    """
    by_doc, starts, sizes, rows = defaultdict(list), defaultdict(list), [], []
    for voice in voices:
        by_doc[voice["doc_id"]].append(voice)
    for doc_id, start in zip(sentences.doc_id.tolist(), sentences.start.tolist(), strict=True):
        starts[doc_id].append(start)
    for doc_id, text, actors in find_actors(documents, sentences, tokens):
        rows += [(one.name, one.kind, len(one.mentions)) for one in actors]
        sizes.append(len(actors))
        if doc_id in by_doc:
            _Article(text, actors, starts[doc_id]).name_speakers(by_doc[doc_id], doc_id)
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
    """The actors of an article, and where they stand: (start, end, number of the actor)."""

    def __init__(self, text, actors, starts):
        self.text, self.actors, self.starts = text, actors, starts
        self.places = sorted(
            (mention.start, mention.end, n)
            for n, actor in enumerate(actors)
            for mention in actor.mentions
        )

    def name_speakers(self, voices, doc_id):
        """Give the attributions, in order of the text, speaker, actor_id and class."""
        latest = None
        for voice in voices:
            source = " ".join([self.text[a:b] for a, b in voice["source"]])
            nobody, follows = voice.pop("open") or not source, voice.pop("follows")
            number = latest if follows else None if nobody else self.find(source, voice["source"])
            speaker, actor_id, kind = None, None, "unspecified"
            if number is not None:
                speaker, actor_id = self.actors[number].name, doc_id * ACTOR_STRIDE + number
                kind, latest = self.class_of(source, self.actors[number]), number
            elif not (nobody or follows):
                speaker, kind = ARTICLE.sub("", source), classify(source)
            voice["speaker"], voice["actor_id"], voice["speaker_class"] = speaker, actor_id, kind

    def class_of(self, source, actor):
        """Return the speaker class of a source, else of all that its actor is called."""
        kind = classify(source)
        if kind in ("other", "unnamed"):
            if actor.described is None:
                actor.described = classify(" ".join(w for m in actor.mentions for w in m.words))
            kind = actor.described
        return "organisation" if kind == "other" and actor.kind == "organisation" else kind

    def find(self, source, ranges):
        """Return the number of the actor that a source names or stands for, or None."""
        pronoun = source.lower()
        if pronoun in PRONOUNS:
            return self.find_antecedent(pronoun, ranges[0][0])
        inside = [place for a, b in ranges for place in self.between(a, b) if place[1] <= b]
        if not inside:
            return None
        cut = OF.search(source)
        at_most = ranges[0][0] + (cut.start() if cut else len(source))
        people = [
            n
            for at, _, n in inside
            if self.actors[n].kind == "person"
            and not self.actors[n].mentions[0].head
            and not (cut and cut.group() == "by" and at > at_most)
        ]
        if people:
            return min(people)
        heads = [n for at, _, n in inside if not cut or at < at_most]
        return heads[-1] if heads else inside[0][2]

    def between(self, start, end):
        """Return the places that begin at `start` or later and before `end`."""
        return self.places[bisect_left(self.places, (start,)) : bisect_left(self.places, (end,))]

    def find_antecedent(self, pronoun, place):
        """Return the number of the actor that a pronoun stands for, or None.

        Whoever it stands for counts as mentioned there, and is known by its gender.
        """
        kinds, gender = PRONOUNS[pronoun]
        known = self.genders if gender else {}
        end, found, unknown = place, None, None
        last = bisect_left(self.starts, place + 1)
        for back, begin in enumerate(reversed(self.starts[max(last - FAR, 0) : last]), start=1):
            fitting = [
                place for place in self.between(begin, end) if self.actors[place[2]].kind in kinds
            ]
            here = [
                n
                for *_, n in sorted(
                    fitting, key=lambda place: self.text[place[1] : place[1] + 2] in {"’s", "'s"}
                )
            ]
            end = begin
            found = next((n for n in here if known.get(n) == gender), None)
            if unknown is None:
                unknown = next((n for n in here if n not in known), None)
            if found is not None or unknown is not None and back >= NEAR:
                break
        found = unknown if found is None else found
        if found is not None:
            insort(self.places, (place, place + len(pronoun), found))
            if gender:
                self.genders[found] = gender
        return found

    @cached_property
    def genders(self):
        """Return {number: "he" or "she"} of actors whom a title, a noun or "her office" tells."""
        genders = {}
        for n, actor in enumerate(self.actors):
            own = {word for m in actor.mentions if m.title or m.head for word in (*m.title, m.head)}
            for gender, listed in GENDERED.items():
                if own & listed:
                    genders[n] = gender
        people = [place for place in self.places if self.actors[place[2]].kind == "person"]
        for (_, end, n), after in zip(people, [*people[1:], (len(self.text),)], strict=False):
            match = POSSESSIVE.match(self.text, end, min(after[0], end + 60))
            if match and n not in genders:
                genders[n] = "he" if match[1] == "his" else "she"
        return genders
