"""Which actor of an article each attribution belongs to, and the class in which it speaks.

A source is the actor whom its words name. A pronoun is looked for backwards, sentence by
sentence: the first fitting actor of a sentence, most often its subject, comes before others,
and the one in "the mayor’s lawyer" who is only named as an owner comes last.
"""

import re
from bisect import bisect_left, insort

from framebook.actors import ACTOR_STRIDE, classify, find_actors
from framebook.words import words

KINDS = {"he": ("person",), "she": ("person",), "they": ("group", "organisation"),
         "it": ("organisation", "document")}
KINDS |= {"him": KINDS["he"], "his": KINDS["he"], "her": KINDS["she"], "them": KINDS["they"],
          "their": KINDS["they"], "its": KINDS["it"]}
GENDERS = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she"}
GENDERED = {"he": words("he_words"), "she": words("she_words")}
# "Ada Venn opened her office": whose office? What follows tells "her office" from "met her".
POSSESSIVE = re.compile(r"[^.!?;:\n]{0,40}?\b(his|her)\s+(?!(?:in|at|on|to|for|with|and|that|as|by|"
                        r"from|of|when|who|the|a|an)\b)\w")
NEAR = 3  # sentences in which an actor of known gender comes before one of unknown gender
FAR = 30  # sentences in which a pronoun's actor is looked for
ARTICLE = re.compile(r"(?i)^(the|a|an|his|her|its|their)\s+|[’']s?$")
OF = re.compile(r"\b(of|for|from|at|in|by|who|whose|which)\b")


def resolve_speakers(documents, sentences, tokens, voices):
    """Return rows of the table `actors`; give each of `voices` (dictionaries) its speaker.

    They get speaker, actor_id and speaker_class, and lose `open` and `follows`.
    """
    by_doc, rows = {}, []
    for voice in voices:
        by_doc.setdefault(voice["doc_id"], []).append(voice)
    starts = sentences.start.tolist()
    bounds = (sentences.doc_id.searchsorted(documents.doc_id, side=side).tolist()
              for side in ("left", "right"))
    found = find_actors(documents, sentences, tokens)
    for (doc_id, text, actors), a, b in zip(found, *bounds, strict=True):
        rows += [(doc_id * ACTOR_STRIDE + n, doc_id, one.name, one.kind, len(one.mentions))
                 for n, one in enumerate(actors)]
        if doc_id in by_doc:
            _Article(text, actors, starts[a:b]).name_speakers(by_doc[doc_id], doc_id)
    return rows


class _Article:
    """The actors of an article, and where they stand: (start, end, number of the actor)."""

    def __init__(self, text, actors, starts):
        self.text, self.actors, self.starts = text, actors, starts
        self.places = sorted((mention.start, mention.end, n) for n, actor in enumerate(actors)
                             for mention in actor.mentions)
        self.genders = None

    def name_speakers(self, voices, doc_id):
        """Give the attributions, in order of the text, speaker, actor_id and class."""
        latest = None
        for voice in voices:
            source = " ".join(self.text[a:b] for a, b in voice["source"])
            nobody, follows = voice.pop("open") or not source, voice.pop("follows")
            number = latest if follows else None if nobody else self.find(source, voice["source"])
            if number is None and (nobody or follows):
                voice |= {"speaker": None, "actor_id": None, "speaker_class": "unspecified"}
                continue
            voice["speaker_class"] = self.class_of(source, number)
            if number is None:
                voice |= {"speaker": ARTICLE.sub("", source), "actor_id": None}
            else:
                voice |= {"speaker": self.actors[number].name,
                          "actor_id": doc_id * ACTOR_STRIDE + number}
                latest = number

    def class_of(self, source, number):
        """Return the speaker class of a source, else of all that its actor is called."""
        kind = classify(source)
        if number is None:
            return kind
        actor = self.actors[number]
        if kind in ("other", "unnamed"):
            if actor.described is None:
                actor.described = classify(" ".join(w for m in actor.mentions for w in m.words))
            kind = actor.described
        return "organisation" if kind == "other" and actor.kind == "organisation" else kind

    def find(self, source, ranges):
        """Return the number of the actor that a source names or stands for, or None."""
        pronoun = source.lower()
        if pronoun in KINDS:
            return self.find_antecedent(pronoun, ranges[0][0])
        inside = [place for a, b in ranges for place in
                  self.places[bisect_left(self.places, (a,)):bisect_left(self.places, (b,))]
                  if place[1] <= b]
        cut = OF.search(source)
        at_most = ranges[0][0] + (cut.start() if cut else len(source))
        people = [n for at, _, n in inside if self.actors[n].kind == "person"
                  and not self.actors[n].mentions[0].head
                  and not (cut and cut.group() == "by" and at > at_most)]
        if people:
            return min(people)
        heads = [n for at, _, n in inside if not cut or at < at_most]
        return heads[-1] if heads else inside[0][2] if inside else None

    def find_antecedent(self, pronoun, place):
        """Return the number of the actor that a pronoun stands for, or None.

        Whoever it stands for counts as mentioned there, and is known by its gender.
        """
        kinds, gender = KINDS[pronoun], GENDERS.get(pronoun)
        if gender and self.genders is None:
            self.genders = self.read_genders()
        end, found, unknown = place, None, None
        sentence = bisect_left(self.starts, place + 1) - 1
        for back in range(min(sentence + 1, FAR)):
            begin = self.starts[sentence - back]
            here = self.places[bisect_left(self.places, (begin,)):bisect_left(self.places, (end,))]
            end = begin
            here.sort(key=lambda place: self.text[place[1]:place[1] + 2] in {"’s", "'s"})
            for _, _, n in here:
                known = self.genders.get(n) if gender else None
                if self.actors[n].kind in kinds and known == gender:
                    found = n
                    break
                if self.actors[n].kind in kinds and known is None and unknown is None:
                    unknown = n
            if found is not None or unknown is not None and back >= NEAR - 1:
                break
        found = unknown if found is None else found
        if found is not None:
            insort(self.places, (place, place + len(pronoun), found))
            if gender:
                self.genders[found] = gender
        return found

    def read_genders(self):
        """Return {number: "he" or "she"} of actors whom a title, a noun or "her office" tells."""
        genders = {}
        for n, actor in enumerate(self.actors):
            own = {word for m in actor.mentions for word in (*m.title, m.head)}
            for gender, listed in GENDERED.items():
                if own & listed:
                    genders[n] = gender
        people = [place for place in self.places if self.actors[place[2]].kind == "person"]
        for (_, end, n), after in zip(people, [*people[1:], (len(self.text),)], strict=False):
            match = POSSESSIVE.match(self.text, end, min(after[0], end + 60))
            if match and n not in genders:
                genders[n] = "he" if match[1] == "his" else "she"
        return genders
