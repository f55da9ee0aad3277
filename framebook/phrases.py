"""Noun phrases around a verb: where the subject, the agent and the apposition begin and end."""

from framebook.actors import class_patterns
from framebook.clauses import (
    ADVERB,
    AUXILIARY,
    BREAK,
    CAPITAL,
    DETERMINER,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
    STOP,
)
from framebook.words import words

CALENDAR, APPOSITION = words("calendar"), words("apposition")
TIMES = CALENDAR | {"week", "month", "year", "recent", "night", "morning"}
RELATIVES = {"who", "which", "that"}
JOINING = {"and", "but", "or", "then", "nor", "yet"}
AGENT_STOPS = (words("prepositions") - {"of", "for"}) | RELATIVES | {"when", "while", "not", "to"}
BRIEF = {"a", "an", "his", "her", "their", "its"} | CALENDAR
LONGEST = 20  # tokens of a noun phrase


def phrase_end(sentence, first, stops):
    """Return the last position before a mark or one of the words `stops`."""
    last = first - 1
    while not sentence.kinds[last + 1] & STOP and sentence.words[last + 1] not in stops:
        last += 1
    return last


def agent_after(sentence, last):
    """Return the range of X in "by X" within six words of the verb, or None."""
    for n in range(last + 1, min(last + 7, sentence.size)):
        if sentence.kinds[n] & STOP:
            return None
        if sentence.words[n] == "by":
            end, word = phrase_end(sentence, n + 1, AGENT_STOPS), sentence.words[n + 1]
            no_agent = word.endswith("ing") or word in CALENDAR or word[:1].isdigit()
            return None if no_agent or end == n else (n + 1, end)
    return None


def phrase_after(sentence, first):
    """Return the range of Y in "said Y, a mother of three, in a letter"."""
    words, end = sentence.words, phrase_end(sentence, first, AGENT_STOPS - {"in", "at", "with"})
    end = next((n - 1 for n in range(first + 1, end)
                if words[n] in {"in", "at"} and words[n + 1] in BRIEF), end)
    return (first, with_appositions(sentence, first, end))


def with_appositions(sentence, first, end):
    """Return the end of "Y (D-Mass.), the mayor of Orr, who was there" where Y ends at `end`."""
    words, kinds = sentence.words, sentence.kinds
    for again in range(3):
        if words[end + 1] == "(" and ")" in words[end + 2:end + 10]:
            end = words.index(")", end + 2)
        begin = end + 2
        if words[end + 1] != "," or begin >= sentence.size:
            break
        stop = sentence.next_stop(begin)
        named = kinds[first] & (DETERMINER | POSSESSIVE) and stop > begin and all(
            kind & CAPITAL for kind in kinds[begin:stop])  # "said the mayor, Ada Venn"
        if not (named or words[begin] in APPOSITION | {"who", "whose"} or words[begin].isdigit()
                or words[begin] in class_patterns() or again and words[begin] == "which"
                or kinds[begin] & (DETERMINER | POSSESSIVE)):
            break
        end = stop - 1
    return end


def can_speak(sentence, source, last):
    """Return whether a subject can answer for a claim: a person, a body, a text, a name.

    "The effort underscores the scale" attributes nothing; before "that" and a quotation any
    subject does.
    """
    if sentence.words[last + 1] in {"that", "“"}:
        return True
    known = class_patterns()
    for n in range(source[0], source[1] + 1):
        kind, word = sentence.kinds[n], sentence.words[n]
        if kind & PRONOUN and word != "it" or word in {"both", "all", "one"}:
            return True
        if kind & CAPITAL and (n > source[0] or n == source[1]):
            return True
        if (word.removesuffix("'s") if kind & POSSESSIVE else word) in known:
            return True
    return False


def last_source(sentence, before, earlier):
    """Return the source of the attribution before, else the subject of the sentence."""
    for one in reversed(earlier):
        if one.source and one.cue[0] < before:
            return one.source
    return _first_phrase(sentence, before)


def _first_phrase(sentence, before):
    """Return the noun phrase at the head of the sentence, up to what looks like its verb."""
    start, words, kinds = 0, sentence.words, sentence.kinds
    while start < before and (sentence.quoted[start] or kinds[start] & STOP
                              or words[start] in JOINING):
        start += 1
    if (kinds[start] & (PREPOSITION | BREAK | ADVERB) or words[start].endswith("ing")) and (
            "," in words[start:before]):
        start = words.index(",", start) + 1  # "For now, the people": past the adverbial
    end, named = start, kinds[start] & CAPITAL and not kinds[start] & DETERMINER
    while end < before and not kinds[end] & STOP and end - start < 12 and not (
            end > start and _ends_phrase(sentence, end, named)):
        end += 1
    return (start, end - 1) if end > start and sentence.is_nominal(start) else None


def _ends_phrase(sentence, n, named):
    """Return whether the noun phrase ends before n: at a verb, or where a name ends."""
    word, kind = sentence.words[n], sentence.kinds[n]
    if word in {"of", "the"} or kind & CAPITAL:
        return False
    return (named or kind & (AUXILIARY | BREAK | PREPOSITION | ADVERB) or word == "who"
            or word.endswith("ed") or sentence.kinds[n - 1] & PRONOUN)


def subject_of(sentence, left, earlier):
    """Return the subject whose last word, or the mark or joining word after it, is at `left`."""
    if sentence.words[left] in TIMES and left > 1:  # "but on Tuesday wrote that"
        left -= 2 if sentence.kinds[left - 1] & (PREPOSITION | DETERMINER) else 1
    source = subject_before(sentence, left)
    if source and earlier and source[0] <= earlier[-1].cue[1] < left:
        return subject_before(sentence, left, earlier[-1].cue[1] + 1)
    if source is None and left >= 0:
        if sentence.words[left] in {",", "—", "–", ")", "-"}:
            source = _with_apposition(sentence, left)
            joined = bool(earlier)
        else:
            joined = sentence.words[left] in JOINING
        if source is None and joined:
            source = last_source(sentence, left, earlier)
    return source


def subject_before(sentence, left, floor=0):
    """Return the noun phrase that ends at `left` and begins no earlier than `floor`, or None."""
    words, kinds = sentence.words, sentence.kinds
    if left < 0 or kinds[left] & STOP or sentence.quoted[left]:
        return None
    if words[left] in RELATIVES:
        return _antecedent(sentence, left)
    if kinds[left] & (BREAK | PREPOSITION) or words[left] in JOINING:
        return None
    begin = left
    while begin > max(floor, left - LONGEST) and not kinds[begin] & PRONOUN:
        if kinds[begin - 1] & (STOP | BREAK) or sentence.quoted[begin - 1]:
            break
        if kinds[begin - 1] & AUXILIARY and words[begin - 1] != "to":
            begin = smallest(sentence, begin, left)
            break
        begin -= 1
    while kinds[begin - 1] & STOP and kinds[begin] & PREPOSITION:  # "On Monday the minister"
        step = next((n for n in range(begin + 2, left + 1)
                     if kinds[n] & (DETERMINER | PRONOUN | POSSESSIVE)), None)
        if step is None:
            break
        begin = step
    while begin < left and (words[begin] in JOINING or kinds[begin] & ADVERB):
        begin += 1
    for n in range(begin + 1, left):  # "the mayor on Monday said"
        if words[n] in {"on", "in", "this", "last"} and words[n + 1] in TIMES:
            return (begin, n - 1)
    return (begin, left - 1 if left > begin and words[left] in CALENDAR else left)


def _antecedent(sentence, relative):
    """Return the noun phrase before "who" or "which": the nearest, "of" aside."""
    n = relative - 1
    while n >= 0 and sentence.words[n] == ",":
        n -= 1
    found = subject_before(sentence, n) if n >= 0 and not sentence.kinds[n] & BREAK else None
    for k in range(n, found[0] if found else n, -1):
        if sentence.kinds[k] & PREPOSITION and sentence.words[k] != "of":
            return (k + 1, n)
    return found


def smallest(sentence, begin, left):
    """Return where the shortest noun phrase that ends at `left` begins, `begin` at the least."""
    n, kinds = left, sentence.kinds
    if kinds[left] & CAPITAL:
        while n > begin and kinds[n - 1] & CAPITAL:
            n -= 1
        return n
    return next((k for k in range(left, max(begin, left - 5) - 1, -1)
                 if kinds[k] & (DETERMINER | POSSESSIVE)), left)


def _with_apposition(sentence, mark):
    """Return the source in "Y, the mayor, said" or "Y (the mayor) said": Y and the rest."""
    words, kinds, n, head = sentence.words, sentence.kinds, mark - 1, None
    end = mark if words[mark] == ")" else mark - 1
    if end == mark and "(" in words[max(mark - 8, 0):mark]:  # "(D-Wash.)"
        while words[n] != "(":
            n -= 1
    for _ in range(5):
        while n >= max(mark - 40, 0) and not kinds[n] & STOP:
            n -= 1
        if n <= 0 or words[n] not in {",", "—", "–", "-", "("} or sentence.quoted[n]:
            break
        inner = subject_before(sentence, n - 1)
        if inner and not any(k & (AUXILIARY | PRONOUN) for k in kinds[inner[0]:inner[1] + 1]) and (
                not kinds[inner[0]] & PREPOSITION and can_speak(sentence, inner, inner[1])):
            if kinds[n + 1] & (PREPOSITION | ADVERB | BREAK) and words[n + 1] != "of":
                end = inner[1]  # "Y, however, said", "Y, in a letter, said"
            head = inner
            if words[inner[0] - 1] != ",":
                break
        n -= 1
    return (head[0], end) if head else None
