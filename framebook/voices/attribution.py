"""The attributions of one sentence.

A cue is a form of a verb, noun or adjective of saying, thinking or wanting (codebook
`reporting-verbs`), or "according to"; its source is the noun phrase that stands as its
subject, its owner or after "by"; its content is the clause, phrase or quotation that goes
with it. The parts are those of Pareti (2012, aclanthology L12-1524). cues.py reads one cue;
here its content is parted from the others', and quotations find theirs.
"""

from bisect import bisect_right
from itertools import accumulate

from framebook.tokenising.words import words as word_list
from framebook.voices.attribution_cues import read_cue
from framebook.voices.classes import builtin
from framebook.voices.cue_words import ADVERBIAL, CLOSING, NOUNS, QUOTE_VERBS
from framebook.voices.kinds import (
    BREAK,
    CAPITAL,
    DETERMINER,
    FINITE,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
    RELATIVES,
    SPOKEN,
    STOP,
)
from framebook.voices.sentence import Found

NEAR = 40  # tokens from a source to its cue; attributions looked at for where a content ends
NO_LABELS, DOCUMENTS = word_list("no_labels"), word_list("documents")
LEADS = {"but", "and", "while", "whereas", "though", "although", "which", "who"}

MOST_CUES = 12  # reporting cues of a sentence; one with more is a list, and would take long


def find_sentence_voices(sentence, hits):
    """Return the attributions of a sentence; `hits` are (first, last, act) of cue forms."""
    named = not {"according", "per", "words"}.isdisjoint(sentence.words)
    hits = hits[:MOST_CUES]
    found = find_according_to(sentence) if named else []
    labels = find_label(sentence) if ":" in sentence.words[1:6] else []
    found += [one for one in labels if not any(first <= one.source[1] for first, _, _ in hits)]
    labelled = any(sentence.words[one.cue[0]] == ":" for one in found)
    for first, last, act in hits:
        if labelled and act not in SPOKEN:
            continue  # “Pell: Town knew dyke was weak”
        if sentence.quoted[first] and not _after_open_quotation(sentence, first, last):
            continue
        one = read_cue(sentence, first, last, act, found)
        if one and one.source:
            one.source = sentence.trimmed(one.source)
            one = one if one.source else None
        if one and (one.content or _leads(sentence)):
            found.append(one)
    if len(found) > 1:
        begins = sorted(
            [(min(one.cue, one.source or one.cue)[0], n) for n, one in enumerate(found)]
        )
        for one in found:
            one.content = [
                piece for span in one.content for piece in _cut(sentence, one, span, found, begins)
            ]
        sourced = [one for one in found if one.source]
        found = [
            one
            for one in found
            if sentence.words[one.cue[0]] not in ADVERBIAL
            or not any(a <= s.cue[0] <= b for s in sourced for a, b in one.content)
        ]  # “He reportedly said that Z”: one attribution
        around = [0] * (sentence.size + 2)  # how many contents hold each token
        for first, last in (span for one in found for span in one.content):
            around[first] += 1
            around[last + 1] -= 1
        around = list(accumulate(around))
        found = [
            one
            for one in found
            if (one.content or _leads(sentence))
            and (not around[one.cue[0]] or _stands_inside(sentence, one))
        ]
    if not sentence.quotations:
        return found
    return _add_quotations(sentence, found) + _find_quoted(sentence, hits)


def _leads(sentence):
    """Return whether a sentence ends before a quotation in the next paragraph: “Venn said:”."""
    return sentence.words[sentence.size - 1] in {":", ","}


def _find_quoted(sentence, hits):
    """Return what is attributed inside quotations: “The mayor said that it was closed,” she said.

    Only where who is quoted stands in the sentence, and only what others are told to have
    said in a clause of its own: not “I hope”.
    """
    quoted, hits = [], [hit for hit in hits if hit[2] in SPOKEN and sentence.quoted[hit[0]]]
    for first, last in sentence.quotations if hits else []:
        inside = [(a - first, b - first, act) for a, b, act in hits if first < a and b < last]
        if not inside:
            continue
        part = sentence.cut(first, last)
        for one in find_sentence_voices(part, inside):
            if (
                one.source
                and one.cue
                and part.words[one.source[0]] not in {"i", "we", "you"}
                and (part.has_clause(one.cue[1] + 1))
            ):
                quoted.append(one.shifted(first))
    return quoted


def _stands_inside(sentence, one):
    """Return whether an attribution inside another's content is a clear one.

    "said the engineer promised to": the promise is told of; "said he likes it": no more than
    what was said.
    """
    after = one.cue[1] + 1
    noun = sentence.words[one.cue[1]] in NOUNS and one.source is not None
    return (
        noun
        or one.act == "say"
        and one.source is not None
        or sentence.words[one.cue[0] - 1] == "as"
        or one.open_source
        or sentence.words[one.cue[0]] == "according"
        or bool(sentence.kinds[after] & STOP)
        or sentence.has_clause(after)
        or (one.act in SPOKEN and sentence.words[after] == "to")
    )


def _cut(sentence, one, span, found, begins):
    """Return a content range, ended before a clause that begins another attribution.

    "said the bridge was safe, adding that it was free": what she added is not in what she
    said. Clauses that a comma does not part stay nested: "said the engineer promised that".
    """
    (first, last), words = span, sentence.words
    start = bisect_right(begins, (max(first, one.cue[1]) - NEAR, 0))
    for begin, n in begins[start : start + NEAR]:
        other = found[n]
        begin = other.cue[0] if begin <= one.cue[1] else begin
        if begin > last:
            break
        if other is one or begin <= max(first, one.cue[1]) or sentence.quoted[begin]:
            continue
        lead, source = begin - 1, other.source
        if words[lead] in LEADS and (source == one.source or source and source[0] == begin):
            last = lead - 1  # "and the company said": a clause of its own
            break
        while lead > first and lead > begin - 5 and not sentence.kinds[lead] & STOP:
            lead -= 1
        between = words[lead + 1 : begin]
        if (
            lead > first
            and words[lead] in {",", ";", "—", "–"}
            and (not between or between[0] in LEADS or between[-1] in RELATIVES)
        ):
            last = lead
            break
    return sentence.clause(first, last)


def _after_open_quotation(sentence, first, last):
    """Return whether ", said X" or ", X said." follows a quotation whose end mark was left out."""
    if (
        not sentence.quoted[sentence.size - 1]
        or sentence.words[sentence.size - 1] in CLOSING
        or (sentence.words[last] not in QUOTE_VERBS | {"said", "says"})
    ):
        return False
    n = first - 1
    while n > max(first - 8, 0) and not sentence.kinds[n] & STOP:
        n -= 1
    return sentence.words[n] == "," and (
        n == first - 1 or sentence.is_nominal(n + 1) and bool(sentence.kinds[last + 1] & STOP)
    )


def find_according_to(sentence):
    """Return the attributions of "according to X"."""
    found, words = [], sentence.words
    for n in range(sentence.size - 2):
        per = words[n] == "per" and _is_source(sentence, n + 1)
        spoken = words[n : n + 4] == ["in", "the", "words", "of"]
        if spoken and not sentence.quoted[n]:
            last = sentence.with_appositions(n + 4, _source_end(sentence, n + 4))
            content = sentence.clause(0, n - 1) + sentence.clause(last + 1, sentence.size - 1)
            found.append(Found("report", (n + 2, n + 2), (n + 4, last), content))
        elif (per or words[n] == "according" and words[n + 1] == "to") and not sentence.quoted[n]:
            begin = n + 1 if per else n + 2
            last = _source_end(sentence, begin)
            if n > 1 and last >= begin:
                last = sentence.with_appositions(begin, last)
            elif words[last + 1] == ",":  # “According to the coach, Ada Venn, …”
                longer = sentence.with_appositions(begin, last)
                last = (
                    longer
                    if words[longer + 1] == "," and sentence.kinds[longer] & CAPITAL
                    else last
                )
            content = sentence.clause(0, n - 1) + sentence.clause(last + 1, sentence.size - 1)
            if last >= begin and content:
                found.append(Found("report", (n, begin - 1), (begin, last), content))
                if len(found) == MOST_CUES:
                    break
    return found


def _is_source(sentence, n):
    """Return whether “per” stands before who says so: not “per cent”, “per day”."""
    kind, words = sentence.kinds[n], sentence.words
    known = any(w in builtin().nouns for w in words[n : n + 4])
    if kind & DETERMINER:
        return words[n] in {"the", "his", "her", "its", "their"} and known
    return (
        bool(kind & CAPITAL)
        and not words[n].isdigit()
        or known
        and words[n].endswith("s")
        or (words[n] == "advice")
    )


def _source_end(sentence, begin):
    """Return where the source after “according to” ends: before a mark or a new clause."""
    words, kinds = sentence.words, sentence.kinds
    last = begin - 1
    while (
        last < begin + NEAR
        and not kinds[last + 1] & STOP
        and (words[last + 1] not in {"was", "is", "according"})
    ):
        n = last + 1
        after_name = last >= begin and kinds[last] & CAPITAL and not kinds[last] & POSSESSIVE
        if last >= begin and kinds[n] & PRONOUN and words[n] not in {"who"}:
            break
        if (
            after_name
            and kinds[n] & DETERMINER
            and words[n] not in {"that"}
            and sentence.has_clause(n)
        ):
            break
        last = n
    return last


def find_label(sentence):
    """Return the attribution of “X: Z” at the head of a sentence: a name, a text or a class."""
    words, kinds, mark = sentence.words, sentence.kinds, 1
    while mark < 6 and words[mark] != ":":
        mark += 1
    first = words[0]
    if words[mark] != ":" or sentence.quoted[0] or first in NO_LABELS:
        return []
    known = words[mark - 1] in builtin().nouns
    if not all(k & CAPITAL for k in kinds[: mark if not known else 1]):
        return []
    quoted = True in sentence.quoted[mark:]
    says = (
        quoted
        or first in DOCUMENTS
        or kinds[mark + 1] & (CAPITAL | PRONOUN)
        and (
            sentence.has_clause(mark + 1)
            or any(
                kinds[n] & FINITE or words[n].endswith("ed") or known and words[n] == "to"
                for n in range(mark + 2, sentence.size)
            )
        )
        and (not kinds[0] & (DETERMINER | PREPOSITION | BREAK))
    )
    content = sentence.clause(mark + 1, sentence.size - 1) if says else []
    return [Found("say", (mark, mark), (0, mark - 1), content)] if content else []


def _add_quotations(sentence, found):
    """Give quoted words that no content covers to the attribution of the sentence, or their own."""
    loose = [
        (a, b)
        for a, b in sentence.quotations
        if b - a >= 4 and not any(c <= b and d >= a for one in found for c, d in one.content)
    ]
    if not loose:
        return found
    carrier = next((f for f in found if f.act in {"say", "report", "stress"} and f.source), None)
    if carrier:
        carrier.content = sorted(carrier.content + loose)
        return found
    spoken = [not kind & STOP for kind in sentence.kinds]
    if sum(sum(spoken[a : b + 1]) for a, b in loose) < 0.8 * sum(spoken):
        return found
    return [*found, Found("say", None, None, loose, follows=True)]
