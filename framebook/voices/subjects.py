"""Who is the subject of a verb: noun phrases to its left, in apposition, in the clause before."""

from framebook.voices.classes import builtin
from framebook.voices.cue_words import GERUND_AFTER, GOVERNORS, NO_SPEAKERS, NOUN_LIKE, NOUNS
from framebook.voices.kinds import (
    ADVERB,
    AUXILIARY,
    BE,
    BREAK,
    CALENDAR,
    CAPITAL,
    CAUSING,
    DETERMINER,
    FINITE,
    FRONT_TIMES,
    JOINING,
    LONGEST,
    OTHERS,
    PEOPLE,
    PLURAL,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
    QUOTES,
    RELATIVES,
    REQUIRING,
    ROUGHLY,
    STOP,
    TIMES,
    TRAILING,
)

OBJECTS = {"him", "her", "them", "it", "us", "me"}


class Subjects:
    """What a Sentence knows about its subjects; it has words, kinds, quoted, begin and size."""

    def trimmed(self, source):
        """Return a source without a time before it, or None where it names nobody."""
        (first, last), words, kinds = source, self.words, self.kinds
        while first < last and words[last] in TRAILING:
            last -= 1  # “said Venn afterwards”
        while first < last and (
            kinds[first] & BREAK
            and words[first] in {"when", "while", "as", "if", "although", "though", "because"}
            or words[first].endswith("ing")
            and words[first - 1] in GERUND_AFTER
            and kinds[first + 1] & PLURAL
        ):
            first += 1  # “When Venn”, “by slamming candidates”
        while first < last and kinds[first] & ADVERB and words[first] not in OTHERS:
            first += 1
        comma = words.index(",", first) if "," in words[first:last] else first
        if comma > first and all(
            kinds[n] & (PREPOSITION | ADVERB) or words[n] in FRONT_TIMES or words[n].isdigit()
            for n in range(first, comma)
        ):
            first = comma + 1  # “Late on Sunday, the mayor”
        if words[first] == "neither" or all(word in TIMES for word in words[first : last + 1]):
            return None
        fronted = words[first].endswith("ing") and words[first + 1] != "," and first == self.begin
        if fronted and words[first] not in builtin().nouns and "," in words[first:last]:
            first = words.index(",", first) + 1  # “Following Venn’s speech, the mayor”
        step = first + 1
        while kinds[first] & PREPOSITION and (words[step] in TIMES or words[step].isdigit()):
            step += 1
        if first + 1 < step <= last:
            first = step  # “On Tuesday Secretary Venn”
        if (
            first == last
            and words[first] in NO_SPEAKERS
            or words[first].startswith(("there", "you'"))
            or words[first] == "whose"
        ):
            return None
        if kinds[first] & PREPOSITION and words[first] not in ROUGHLY:  # “On television Venn”
            begin = self.smallest(first + 1, last) if last > first else first
            if begin == first or begin == first + 1 and not kinds[last] & POSSESSIVE:
                return None
            first = begin
        word, kind = words[first], kinds[first] & (CAPITAL | PRONOUN | PLURAL | POSSESSIVE)
        if first < last or kind and not kinds[first] & (PREPOSITION | BREAK):
            return first, last
        known = word in builtin().nouns or word in PEOPLE or word in OTHERS
        return (first, last) if known and not kinds[first] & (PREPOSITION | BREAK) else None

    def required(self, to):
        """Return whether “to” hangs on “requires X”: who is told to speak has not spoken."""
        for n in range(to - 1, max(to - 9, 0), -1):
            if self.kinds[n] & (STOP | AUXILIARY | BREAK):
                return False
            if self.words[n] in REQUIRING:
                return n < to - 1
        return False

    def caused(self, to):
        """Return the range of X in “led X to fear”, `to` being the place of “to”, or None."""
        for n in range(to - 1, max(to - 9, 0), -1):
            if self.kinds[n] & (STOP | AUXILIARY | BREAK):
                return None
            if self.words[n] in CAUSING:
                named = n + 1 < to and self.is_nominal(n + 1)
                return (n + 1, to - 1) if named else None
        return None

    def last_source(self, before, earlier):
        """Return the source of the attribution before, else the subject of the sentence."""
        apart = self.words[before] in JOINING and self.words[before - 1] == ","
        mine = [one for one in earlier if one.source and one.cue[0] < before]
        asked = (
            mine and self.words[mine[-1].source[0] - 1] == "by" and self.words[before] in JOINING
        )
        if asked and mine[-1].source[0] > mine[-1].cue[0]:
            return self._first_phrase(before)  # “Venn was asked by reporters, and said”
        plain = [one for one in mine if not self.kinds[one.source[1]] & POSSESSIVE]
        for one in reversed(plain or mine):
            if not (apart and self.words[one.source[1] + 1] in RELATIVES):
                return one.source  # not “blamed firms that complained it was late, and said”
        return self._first_phrase(before)

    def _first_phrase(self, before):
        """Return the noun phrase at the head of the sentence, up to what looks like its verb."""
        start, words, kinds = self.begin, self.words, self.kinds
        while start < before and (
            self.quoted[start] or kinds[start] & STOP or words[start] in JOINING
        ):
            start += 1
        fronted = words[start].endswith("ing") and not kinds[start + 1] & AUXILIARY
        if (fronted or kinds[start] & (PREPOSITION | BREAK | ADVERB)) and (
            "," in words[start:before]
        ):
            start = words.index(",", start) + 1  # "For now, the people": past the adverbial
        end = start
        named = kinds[start] & CAPITAL and not kinds[start] & (DETERMINER | POSSESSIVE)
        while (
            end < before
            and not kinds[end] & STOP
            and end - start < 12
            and not (end > start and self._ends_phrase(end, named))
        ):
            end += 1
        if end == start or not self.is_nominal(start):
            return None
        return (start, self.with_appositions(start, end - 1))

    def _ends_phrase(self, n, named):
        """Return whether the noun phrase ends before n: at a verb, or where a name ends."""
        word, kind = self.words[n], self.kinds[n]
        if word in {"of", "the"} or kind & CAPITAL or self.words[n - 1] == "of":
            return False
        known = word in builtin().nouns or word in PEOPLE
        if known and named and word not in NOUN_LIKE:
            return False  # “Orr coach Dan Venn”, “Orr supporters”
        if word == "and" and named and self.kinds[n + 1] & CAPITAL:
            return False  # “Venn and Reed’s mother”
        if kind & FINITE and not self.kinds[n - 1] & (DETERMINER | POSSESSIVE):
            return True
        if self.kinds[n - 1] & CAPITAL and kind == 0 and not known:
            after = self.kinds[n + 1]
            if after & (DETERMINER | PREPOSITION | POSSESSIVE) and word != "of":
                return True  # “The World Bank cut its forecast”
        return (
            named
            and not self.kinds[n - 1] & POSSESSIVE
            or kind & (AUXILIARY | BREAK | PREPOSITION | ADVERB)
            or word == "who"
            or word.endswith("ed")
            or self.kinds[n - 1] & PRONOUN
        )

    def subject_of(self, left, earlier):
        """Return the subject that ends at `left`, or before a mark or joining word there."""
        if self.words[left] in TIMES and left > 1:  # "but on Tuesday wrote that"
            left -= 1 + (self.words[left - 1] in {"last", "this", "early", "late", "next"})
            left -= bool(self.kinds[left] & (PREPOSITION | DETERMINER))
        source = self.subject_before(left)
        if source and earlier and source[0] <= earlier[-1].cue[1] < left:
            if "who" in self.words[source[0] + 1 : earlier[-1].cue[0]]:
                return source  # “those who favour the test say”
            if self.words[earlier[-1].cue[0]] in NOUNS:
                return None  # “Venn’s attack on Orr suggests”
            return self.subject_before(left, earlier[-1].cue[1] + 1)
        joined = self.words[left] in JOINING
        if source is None and self.words[left] in {",", "—", "–", ")", "-"}:
            source, joined = self._with_apposition(left), earlier
            if source is None and self.words[left] == ",":  # “Venn and the mayor, urged”
                source = self.subject_before(left - 1)
                alone = source and source[0] == self.begin and source[1] == left - 1
                source = source if alone and "and" in self.words[:left] else None
        return self.last_source(left, earlier) if source is None and joined else source

    def subject_before(self, left, floor=0):
        """Return the noun phrase that ends at `left` and begins at `floor` or later, or None."""
        words, kinds = self.words, self.kinds
        if kinds[left] & STOP or self.quoted[left]:
            return None
        if words[left] in RELATIVES:
            return self._antecedent(left)
        if kinds[left] & (BREAK | PREPOSITION) or words[left] in JOINING:
            return None
        begin = left
        while begin > max(floor, left - LONGEST) and not kinds[begin] & PRONOUN:
            listed = words[begin - 2 : begin] == ["such", "as"]  # “groups such as the Red Cross”
            if kinds[begin - 1] & (STOP | BREAK) and not listed or self.quoted[begin - 1]:
                break
            paid = words[begin] == "by" or words[begin : begin + 2] == ["for", "by"]
            if kinds[begin - 1] & (AUXILIARY | FINITE) and words[begin - 1] != "to" and not paid:
                told = self._told_of(begin - 1, floor)
                if told is not None:  # “the officials whose laws have been struck down say”
                    return (told, left)
                begin = self.smallest(begin, left)
                break
            begin -= 1
        if kinds[begin] & PRONOUN and words[begin] in OBJECTS:
            told = self._told_of(begin, floor)
            if told is not None:  # “the doctor who treated him”
                return (told, left)
        if words[begin] == "who" and floor < begin < left and not kinds[begin - 1] & STOP:
            head = self.subject_before(begin - 1, floor)  # “a woman who lives nearby said”
            return (head[0], left) if head else (begin, left)
        begin = self._past_others(begin, left)
        for n in range(begin + 1, left):  # "the mayor on Monday said", "the mayor at the time said"
            if (
                words[n] in {"on", "in", "this", "last"}
                and words[n + 1] in TIMES
                or (words[n : n + 3] == ["at", "the", "time"])
            ):
                if kinds[begin] & PREPOSITION and words[n + 1] in CALENDAR and n + 2 <= left:
                    return (n + 2, left)  # “In a statement issued on Friday Ada Venn said”
                return (begin, n - 1)
        while left > begin and (words[left] in CALENDAR or words[left] in TRAILING):
            left -= 1
        return (begin, left)

    def _told_of(self, verb, floor):
        """Return where the noun phrase begins whose clause with “who” holds a verb, or None."""
        for n in range(verb, max(floor, verb - 8), -1):
            if self.kinds[n] & STOP or self.words[n] in JOINING:
                return None
            if self.words[n] in {"who", "whose", "which"}:
                head = self.subject_before(n - 1 - (self.words[n - 1] == ","), floor)
                return head[0] if head else None
        return None

    def _past_others(self, begin, left):
        """Return where a subject begins, past another clause, a time or an adverb before it."""
        words, kinds = self.words, self.kinds
        for n in range(begin + 2, left + 1):  # “a charge Oslo denies”
            noun = words[n - 1] not in builtin().nouns and words[n - 1] not in PEOPLE
            if (
                noun
                and kinds[begin] & DETERMINER
                and words[begin] in {"a", "an"}
                and kinds[n - 1] == 0
                and kinds[n] & CAPITAL
                and words[begin - 1] == ","
            ):
                return n
        while kinds[begin - 1] & STOP and kinds[begin] & PREPOSITION:  # "On Monday the minister"
            step = next(
                (
                    n
                    for n in range(begin + 2, left + 1)
                    if kinds[n] & (DETERMINER | PRONOUN | POSSESSIVE)
                ),
                None,
            )
            if step is None:
                break
            begin = step
        for n in range(begin + 2, left):  # “people changed their minds and several said”
            acted = [
                k
                for k in range(begin + 1, n - 1)
                if words[k].endswith("ed")
                and kinds[k + 1] & (DETERMINER | POSSESSIVE | PREPOSITION)
            ]
            if words[n] in {"and", "but"} and acted and self.is_nominal(n + 1):
                begin = n + 1
                break
        while begin < left and (words[begin] in JOINING or kinds[begin] & ADVERB):
            begin += 1
        return begin

    def _antecedent(self, relative):
        """Return the noun phrase before "who" or "which": the nearest, "of" aside."""
        n = relative - 1
        while self.words[n] == ",":
            n -= 1
        found = self.subject_before(n)
        for k in range(n, found[0] if found else n, -1):
            if self.kinds[k] & PREPOSITION and self.words[k] != "of":
                return (k + 1, n)
            bare = self.kinds[k - 1] & (DETERMINER | PREPOSITION) or self.words[k - 1] == "of"
            if self.words[relative] != "who" and self.kinds[k] & DETERMINER and not bare:
                return (k, n)  # “released a statement which”
        return found

    def smallest(self, begin, left):
        """Return where the shortest noun phrase that ends at `left` begins, at or past `begin`."""
        n, kinds = left, self.kinds
        if self.words[left] == "_" and kinds[left] & POSSESSIVE and left > begin:
            return self.smallest(begin, left - 1)  # “protesters’ demands”
        if kinds[left] & CAPITAL:
            while n > begin and kinds[n - 1] & CAPITAL:
                n -= 1
            if self.words[n - 1] == "and" and n - 1 > begin and kinds[n - 2] & CAPITAL:
                n = self.smallest(begin, n - 2)  # “both Venn and Reed claimed”
            return n
        for k in range(left, max(begin, left - 5) - 1, -1):
            if self.words[k] == "_" and kinds[k] & POSSESSIVE and k > begin:
                return self.smallest(begin, k - 1)  # “fans and supporters’ groups”
            if kinds[k] & (DETERMINER | POSSESSIVE) or k < left and self.words[k - 1] == "by":
                return k
        return left

    def _with_apposition(self, mark):
        """Return the source in "Y, the mayor, said" or "Y (the mayor) said": Y and the rest."""
        words, kinds, n, head = self.words, self.kinds, mark - 1, None
        end = mark if words[mark] == ")" else mark - 1
        if words[n] == ")" and "(" in words[max(n - 8, 0) : n]:  # "the Front (FLR), said"
            while words[n] != "(":
                n -= 1
            n -= 1
        if end == mark and "(" in words[max(mark - 8, 0) : mark]:  # "(D-Wash.)"
            while words[n] != "(":
                n -= 1
        for _ in range(5):
            while n >= max(mark - 40, 0) and (not kinds[n] & STOP or words[n] in QUOTES):
                n -= 1
            if words[n] not in {",", "—", "–", "-", "("} or self.quoted[n]:
                break
            back, core = n - 1, 0
            if words[back] == ")" and "(" in words[max(back - 8, 0) : back]:
                back = max(k for k in range(back) if words[k] == "(") - 1
            inner = self.subject_before(back)
            lead = inner[0] if inner else n
            if inner:
                held = range(inner[0], inner[1])
                core = next((k for k in held if words[k] in {"who", "whose"}), inner[1] + 1)
            while inner and lead < inner[1] and (kinds[lead] & ADVERB or words[lead] in ROUGHLY):
                lead += 1  # “just over a quarter, 26 percent, say”
            if (
                inner
                and not kinds[lead] & (PREPOSITION | ADVERB)
                and (
                    kinds[inner[0]] & POSSESSIVE
                    or words[n + 1] == "who"
                    or self.can_speak(inner, inner[1])
                )
                and (not any(k & (AUXILIARY | PRONOUN) for k in kinds[inner[0] : core]))
            ):
                if (
                    kinds[n + 1] & (PREPOSITION | ADVERB | BREAK)
                    or words[n + 1] in RELATIVES | {"whose", "clad"}
                    or words[n + 1].endswith("ing")
                    or words[n + 1].endswith("ed")
                    and words[n] == ","
                    or words[n + 1].isdigit()
                    and n + 2 >= mark
                ) and words[n + 1] != "of":
                    end = inner[1]  # "Y, however, said", "Y, in a letter, said", "Y, who Z, said"
                head = inner
                if words[inner[0] - 1] != ",":
                    break
            n -= 1
        return (head[0], end) if head else None

    def verb_group(self, n):
        """Return (position left of the verb group that ends at n, kinds of its helpers, infinitive).

        The group reaches over auxiliaries and adverbs, and over "to" and what governs it ("was
        quick to", "has tried to"); a bare infinitive has no subject of its own.
        """
        helpers, own, infinitive = 0, None, False
        while n >= 0:
            kind = self.kinds[n]
            if self.words[n] == "to":
                if self.words[n - 1] not in GOVERNORS:
                    return n - 1, helpers, True
                own = helpers if own is None else own
                n, helpers, infinitive = n - 2, 0, self.words[n - 1].endswith("ing")
            elif self.words[n] == "first" and (n == 0 or self.kinds[n - 1] & (AUXILIARY | STOP)):
                n -= 1  # “was first reported by”
            elif kind & (AUXILIARY | ADVERB):
                helpers |= kind & (AUXILIARY | ADVERB)
                if kind & PRONOUN:
                    break  # "he's": the subject with its verb
                n -= 1
            else:
                break
        return n, helpers if own is None else own, infinitive and not helpers & BE
