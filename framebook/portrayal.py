"""How actors are portrayed: what they are called, doers or done to, verbs, modifiers, tone.

Activation, passivation, nomination and categorisation are those of van Leeuwen (2008,
doi:10.1093/acprof:oso/9780195323306.001.0001). They are read from word tags (the lexicon of
TextBlob; De Smedt & Daelemans 2012) by rules from left to right; pronouns are not followed.
"""

from functools import cache

import pandas as pd

from framebook.actors import ACTOR_STRIDE, find_mentions, group_mentions
from framebook.framing import load_codebook
from framebook.matching import normalise
from framebook.measures import SCORES, name_voices
from framebook.words import words

BE, HAVE, ADVERBS = words("be"), words("have"), words("adverbs")
AUXILIARIES = BE | HAVE | words("modals")
CLAUSAL = {"after", "before", "since", "until", "as", "than", "that", "if", "while", "because"}
PREPOSITIONS = (words("prepositions") | {"of", "for", "to"}) - CLAUSAL
MANY = set("all both dozens few half hundreds many most none one several some thousands".split())
VERBS, FINITE = {"VB", "VBD", "VBG", "VBN", "VBP", "VBZ"}, {"VBD", "VBP", "VBZ"}
NOUNS, ADJECTIVES = {"NN", "NNS", "NNP", "NNPS"}, {"JJ", "JJR", "JJS"}
PHRASE = NOUNS | ADJECTIVES | {"DT", "PDT", "PRP$", "CD", "WP$"}
NO_MODIFIERS = set("few many more most much other own same several such".split())
BARE_AFTER = words("modals")
PARTICIPLES = set("cast cut hit hurt put read set shot".split())
CLAUSE_ACTS = {"argue", "claim", "confirm", "deny", "expect", "hint", "say", "stress", "think"}


@cache
def reporting_verbs(clausal=False):
    """Return the single words among the reporting verbs; `clausal`: that need no “that”."""
    return {p for code in load_codebook("reporting-verbs").codes for p in code.patterns
            if " " not in p and (code.id in CLAUSE_ACTS or not clausal)}


class Clause:
    """The tagged words of a sentence, and what the actor at some of them does or suffers."""

    def __init__(self, surface):
        from textblob.en import parser

        bare = [normalise(w) if w[:1].islower() else w.removesuffix("’s").removesuffix("'s")
                for w in surface]
        self.words = [w.lower().replace("’", "'") for w in surface] + ["."]
        self.tags = [tag for _, tag in parser.find_tags(bare)] + ["."]

    def edge(self, n):
        """Return where the noun phrase begins whose noun is at n."""
        while n > 0 and (self.tags[n - 1] in PHRASE and self.words[n - 1] not in CLAUSAL
                         or self.is_modifier(n - 1)):
            n -= 1
        return n

    def is_modifier(self, n):
        """Return whether an adjective, or a participle inside a noun phrase, is at n."""
        inside = self.tags[n - 1] in PHRASE - NOUNS if n else True
        return self.words[n] not in NO_MODIFIERS and (
            self.tags[n] in ADJECTIVES or self.tags[n] in {"VBN", "VBG"} and inside)

    def is_verb(self, n):
        """Return whether a verb is at n, or a noun that must be one by what follows it."""
        if self.tags[n] in VERBS or self.words[n] in AUXILIARIES - {"to"}:
            return True
        return self.tags[n] in {"NN", "NNS"} and (
            self.tags[n + 1] in {"DT", "PRP", "PRP$", "TO"} or self.words[n + 1] == "that")

    def skip_phrases(self, n):
        """Return the first position from n on that is in no noun phrase, preposition, adverb."""
        while n < len(self.words) - 1 and not self.is_verb(n) and (
                self.tags[n] in PHRASE or self.tags[n].startswith("RB")
                or self.words[n] in PREPOSITIONS | ADVERBS | {"and", "or"}):
            n += 1
        return n

    def role(self, first, last):
        """Return (doer, done_to or None, position of the verb or None) of an actor."""
        begin = self.edge(first)
        before = self.words[begin - 1] if begin else ""
        if before == "of" and begin > 1 and (self.words[begin - 2] in MANY
                                             or self.tags[begin - 2] == "CD"):
            begin = self.edge(begin - 2)
            before = self.words[begin - 1] if begin else ""
        if self.tags[last + 1] in NOUNS and not self.is_verb(last + 1):
            return None, None
        governed = begin > 0 and self.tags[begin - 1] in VERBS and before not in BE
        inverted = governed and before in reporting_verbs() and (
            begin > 1 and self.words[begin - 2] in set(",”\"’»"))
        if inverted:
            return "doer", begin - 1
        if before not in PREPOSITIONS and not (
                governed and before not in reporting_verbs(clausal=True)):
            verb = self.verb_after(last + 1)
            if verb:
                return verb
        return self.object_of(begin)

    def verb_after(self, n):
        """Return (role, verb) for the subject before n, or None where it is no subject."""
        n = self.skip_phrases(n)
        if self.words[n] in {",", "(", "—", "–"}:
            ends = [k for k in range(n + 1, len(self.words) - 1)
                    if self.words[k] in {",", ")", "—", "–"} and self.is_verb(
                        self.skip_phrases(k + 1))]
            n = self.skip_phrases(ends[0] + 1) if ends else n
        relative = self.words[n] in {"who", "which", "that"}
        n = self.skip_phrases(n + relative)
        if not self.is_verb(n):
            return None
        role, verb = self.group(n)
        reduced = verb == n and self.tags[n] in {"VBN", "VBD", "VBG"} and (
            self.words[n + 1] in PREPOSITIONS)
        if relative or reduced:
            after = self.skip_phrases(verb + 1)
            if self.tags[after] in FINITE or self.words[after] in AUXILIARIES - {"to"}:
                return self.group(after)
        return role, verb

    def group(self, n):
        """Return (role, verb) of the subject of the verb group that begins at n."""
        passive, verb = False, n
        while self.words[n] in AUXILIARIES | ADVERBS or self.tags[n].startswith("RB"):
            if self.words[n] in AUXILIARIES:
                passive, verb = self.words[n] in BE, n
            n += 1
        word, bare = self.words[n], self.words[verb] in BARE_AFTER and self.tags[n] in {"NN", "JJ"}
        ended = word in PARTICIPLES or word.endswith("ed") and word not in words("states")
        if self.is_verb(n) or bare or passive and ended:
            return ("done_to" if passive and self.tags[n] != "VBG" else "doer"), n
        return (None, None) if self.words[verb] in BE - {"get", "got"} else ("doer", verb)

    def object_of(self, begin):
        """Return (role, verb) of the noun phrase that begins there and is no subject."""
        while begin > 1 and self.words[begin - 1] in {"and", "or", ","} and (
                self.tags[begin - 2] in NOUNS):
            begin = self.edge(begin - 2)
        n = begin - 1
        while n > 0 and self.tags[n].startswith("RB"):
            n -= 1
        if n > 0 and self.words[n] == "by" and self.tags[n - 1] in {"VBN", "VBD"}:
            return "doer", n - 1
        if n >= 0 and self.tags[n] in VERBS and self.words[n] not in BE:
            return "done_to", n
        return None, None
