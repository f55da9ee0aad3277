"""Doer or done to: what an actor is to the verb of its clause.

Read from word tags (TextBlob's lexicon; De Smedt & Daelemans 2012) from left to right, without
a parser. Of 73 own sentences marked beforehand and kept aside (tests/voices/portrayal.txt) the role
was right in 69 and the verb, too, in 67 when first scored; four mistakes were fixed since. They
are no sample of news. Nothing beyond REACH words from the actor is looked at.
"""

from functools import cache

from framebook.common.text import lower_case
from framebook.framing.codebook import load_codebook
from framebook.framing.matching import normalise
from framebook.tokenising.words import words

REACH = 40  # tokens from a source in which its role is looked for
BE, HAVE, ADVERBS = words("be"), words("have"), words("adverbs")
AUXILIARIES = BE | HAVE | words("modals")
CLAUSAL = {"after", "before", "since", "until", "as", "than", "that", "if", "while", "because"}
PREPOSITIONS = (words("prepositions") | {"of", "for", "to"}) - CLAUSAL
ABOUT = {"about", "around", "nearly", "over", "under"}
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
    verbs = {
        p
        for code in load_codebook("reporting-verbs").codes
        for p in code.patterns
        if " " not in p and (code.id in CLAUSE_ACTS or not clausal)
    }
    return verbs - words("telling") if clausal else verbs


class Clause:
    """The tagged words of a sentence, and what the actor at some of them does or suffers."""

    def __init__(self, surface):
        from textblob.en import parser

        bare = [
            normalise(w) if w[:1].islower() else w.removesuffix("’s").removesuffix("'s")
            for w in surface
        ]
        self.words = [*map(lower_case, surface), "."]
        self.tags = [tag for _, tag in parser.find_tags(bare)] + ["."]
        self.last = len(surface)

    def edge(self, n):
        """Return where the noun phrase begins whose noun is at n."""
        for k in range(n - 1, max(n - REACH, 0) - 1, -1):
            if self.words[k] in CLAUSAL or not (self.tags[k] in PHRASE or self.is_modifier(k)):
                return k + 1
            if self.tags[k] in {"DT", "PRP$", "WP$"} and self.tags[k - 1] != "PDT":
                return k
        return max(n - REACH, 0)

    def is_modifier(self, n):
        """Return whether an adjective, or a participle inside a noun phrase, is at n."""
        inside = n and self.tags[n - 1] in PHRASE - NOUNS
        return self.words[n] not in NO_MODIFIERS and (
            self.tags[n] in ADJECTIVES or self.tags[n] in {"VBN", "VBG"} and inside
        )

    def modifiers(self, first):
        """Return the adjectives and participles directly before the words from `first` on."""
        n = first
        while n > 0 and self.is_modifier(n - 1):
            n -= 1
        return self.words[n:first]

    def is_verb(self, n):
        """Return whether a verb is at n, or a noun that must be one by what follows it."""
        word = self.words[n]
        if self.tags[n] in VERBS and word != "according" or word in AUXILIARIES - {"to"}:
            return True
        return self.tags[n] in {"NN", "NNS"} and (
            self.tags[n + 1] in {"DT", "PRP", "PRP$", "TO"} or self.words[n + 1] == "that"
        )

    def skip_phrases(self, n):
        """Return the first position from n on that is in no noun phrase, preposition, adverb."""
        last = min(self.last, n + REACH)
        while (
            n < last
            and not self.is_verb(n)
            and (
                self.tags[n] in PHRASE
                or self.tags[n].startswith("RB")
                or self.words[n] in PREPOSITIONS | ADVERBS | {"and", "or"}
            )
        ):
            n += 1
        return n

    def role(self, first, last):
        """Return (doer, done_to or None, position of the verb or None) of an actor."""
        begin = self.edge(first)
        before = self.words[begin - 1] if begin else ""
        if (
            before == "of"
            and begin > 1
            and (self.words[begin - 2] in MANY or self.tags[begin - 2] == "CD")
        ):
            begin = self.edge(begin - 2)
        if begin and (
            self.words[begin - 1] == "at"
            and self.words[begin] in {"least", "most"}
            or self.words[begin - 1] in ABOUT
            and self.tags[begin] == "CD"
        ):
            begin -= 1
        before = self.words[begin - 1] if begin else ""
        if self.tags[last + 1] in NOUNS and not self.is_verb(last + 1):
            return None, None
        governed = begin > 0 and self.tags[begin - 1] in VERBS and before not in BE
        mark = self.words[begin - 2] if governed and begin > 1 else ""
        if before in reporting_verbs(clausal=mark == ",") and mark and mark in ',”"’»':
            return "doer", begin - 1  # "It is safe, said the mayor"
        listed = self.list_start(begin) if before in {"and", "or"} else begin
        if not {before, self.words[listed - 1] if listed else ""} & PREPOSITIONS and not (
            governed and before not in reporting_verbs(clausal=True)
        ):
            verb = self.verb_after(last + 1)
            if verb:
                return verb
        return self.object_of(begin)

    def verb_after(self, n):
        """Return (role, verb) for the subject before n, or None if it is not a subject."""
        n = self.skip_phrases(n)
        if self.words[n] in {",", "(", "—", "–"}:
            ends = (
                self.skip_phrases(k + 1)
                for k in range(n + 1, min(n + REACH, self.last))
                if self.words[k] in {",", ")", "—", "–"}
            )
            n = next(filter(self.is_verb, ends), n)
        relative = self.words[n] in {"who", "which", "that"}
        n = self.skip_phrases(n + relative)
        if not self.is_verb(n) or self.words[n - 1] in {"and", "or"}:
            return None
        role, verb = self.group(n)
        reduced = (
            verb == n
            and self.tags[n] in {"VBN", "VBD", "VBG"}
            and (self.words[n + 1] in PREPOSITIONS - {"to"})
        )
        if relative or reduced:
            after = self.skip_phrases((n if verb is None else verb) + 1)  # None: "who is here"
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
        ended |= word.endswith("ing") and self.tags[n] in NOUNS and self.tags[n + 1] in {"DT", "IN"}
        if self.is_verb(n) or bare or passive and ended:
            return ("done_to" if passive and not word.endswith("ing") else "doer"), n
        return (None, None) if self.words[verb] in BE - {"get", "got"} else ("doer", verb)

    def list_start(self, begin):
        """Return where the list begins whose last phrase does: "the firemen and the soldiers"."""
        for _ in range(REACH):
            if (
                begin > 1
                and self.words[begin - 1] in {"and", "or", ","}
                and (self.tags[begin - 2] in NOUNS)
            ):
                begin = self.edge(begin - 2)
        return begin

    def object_of(self, begin):
        """Return (role, verb) of the noun phrase that begins there and is not a subject."""
        n = self.list_start(begin) - 1
        while n > 0 and self.tags[n].startswith("RB"):
            n -= 1
        if n > 0 and self.words[n] == "by" and self.tags[n - 1] in {"VBN", "VBD"}:
            return "doer", n - 1
        if n >= 0 and self.tags[n] in VERBS and self.words[n] not in BE:
            return "done_to", n
        return None, None
