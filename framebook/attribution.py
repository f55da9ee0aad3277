"""The rules that find attributions in one sentence.

A cue is a form of a verb, noun or adjective of saying, thinking or wanting (codebook
`reporting-verbs`), or "according to"; its source is the noun phrase that stands as its
subject, its owner or after "by"; its content is the clause, phrase or quotation that goes
with it. The parts are those of Pareti (2012, aclanthology L12-1524). The rules read words,
their kinds (clauses.py) and marks only, from left to right: cues.py says what a form is,
phrases.py where a noun phrase begins and ends.
"""

from bisect import bisect_right
from itertools import accumulate

from framebook import phrases
from framebook.clauses import (
    ADVERB,
    AUXILIARY,
    BE,
    BREAK,
    CAPITAL,
    DETERMINER,
    HAVE,
    MODAL,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
    STOP,
    Found,
)
from framebook.cues import (
    AS_VERBS,
    CLAUSE_VERBS,
    CLOSING,
    CONTENT_STARTS,
    DOCUMENTS,
    OPENING,
    QUOTE_VERBS,
    find_according_to,
    find_label,
    has_clause,
    is_noun,
    is_noun_like,
    is_whole,
    trails,
    verb_group,
)
from framebook.phrases import CALENDAR, RELATIVES, TIMES
from framebook.tables import ACTS, ASCRIBED
from framebook.words import words

STATES, SEEMING, LINKING = words("states"), words("seeming"), words("linking")
THAT_NOUNS, TO_NOUNS = words("nouns_with_that"), words("nouns_with_to")
TOPIC_NOUNS, ABOUT = words("nouns_with_preposition"), words("topic_prepositions")
NOUNS, OWNERS = THAT_NOUNS | TO_NOUNS | TOPIC_NOUNS, words("possessives")
LIGHT, ALONE, PARTICIPLES = words("light_verbs"), words("passive_alone"), words("participles")
ADVERBIAL, CUE_ENDS, TELLING = words("adverbial_cues"), words("cue_ends"), words("telling")
NEAR = 40  # tokens from a source to its cue; attributions looked at for where a content ends
LEADS = {"but", "and", "while", "whereas", "though", "although", "which", "who"}
GERUND_AFTER = {"by", "after", "before", "while", "when", "without", "in", "of", "for", "from"}
NOUN_PHRASE_ENDS = STOP | POSSESSIVE | DETERMINER | PREPOSITION | BREAK | PRONOUN | AUXILIARY
# Acts whose verbs also join things ("the effort underscores the scale"): who speaks is checked.
AMBIGUOUS_ACTS = {"stress", "report", "hint", "urge", "argue", "frame", "confirm", "expect",
                  "promise"}
SPOKEN = set(ACTS) - set(ASCRIBED)


def find_sentence_voices(sentence, hits):
    """Return the attributions of a sentence; `hits` are (first, last, act) of cue forms."""
    found = find_according_to(sentence) + find_label(sentence)
    for first, last, act in hits:
        if sentence.quoted[first] and not _after_open_quotation(sentence, first, last):
            continue
        one = _read(sentence, first, last, act, found)
        if one and one.content:
            found.append(one)
    if len(found) > 1:
        begins = sorted((min(r[0] for r in (one.cue, one.source) if r), n)
                        for n, one in enumerate(found))
        for one in found:
            one.content = [piece for span in one.content
                           for piece in _cut(sentence, one, span, found, begins)]
        around = [0] * (sentence.size + 2)  # how many contents hold each token
        for first, last in (span for one in found for span in one.content):
            around[first] += 1
            around[last + 1] -= 1
        around = list(accumulate(around))
        found = [one for one in found if one.content and (
            not around[one.cue[0]] or _stands_inside(sentence, one))]
    if not sentence.has_quotations:
        return found
    return _add_quotations(sentence, found) + (_find_quoted(sentence, hits) if found else [])


def _find_quoted(sentence, hits):
    """Return what is attributed inside quotations: “The mayor said that it was closed,” she said.

    Only where who is quoted stands in the sentence, and only what others are told to have
    said in a clause of its own: not “I hope”.
    """
    quoted = []
    for first, last in sentence.quotations:
        inside = [(a - first, b - first, act) for a, b, act in hits
                  if first < a and b < last and act in SPOKEN]
        if not inside:
            continue
        part = sentence.cut(first, last)
        for one in find_sentence_voices(part, inside):
            if one.source and one.cue and part.words[one.source[0]] not in {"i", "we", "you"} and (
                    has_clause(part, one.cue[1] + 1)):
                quoted.append(one.shifted(first))
    return quoted


def _stands_inside(sentence, one):
    """Return whether an attribution inside another's content is a clear one.

    "said the engineer promised to": the promise is told of; "said he likes it": no more than
    what was said.
    """
    after = one.cue[1] + 1
    return one.open_source or sentence.words[one.cue[0]] == "according" or bool(
        sentence.kinds[after] & STOP) or has_clause(sentence, after) or (
        one.act in SPOKEN and sentence.words[after] == "to")


def _cut(sentence, one, span, found, begins):
    """Return a content range, ended before a clause that begins another attribution.

    "said the bridge was safe, adding that it was free": what she added is not in what she
    said. Clauses that a comma does not part stay nested: "said the engineer promised that".
    """
    (first, last), words = span, sentence.words
    start = bisect_right(begins, (max(first, one.cue[1]) - NEAR, 0))
    for begin, n in begins[start:start + NEAR]:
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
        between = words[lead + 1:begin]
        if lead > first and words[lead] in {",", ";", "—", "–"} and (
                not between or between[0] in LEADS or between[-1] in RELATIVES):
            last = lead
            break
    return sentence.clause(first, last)


def _after_open_quotation(sentence, first, last):
    """Return whether ", said X" or ", X said." follows a quotation whose end mark was left out."""
    if not sentence.quoted[sentence.size - 1] or sentence.words[sentence.size - 1] in CLOSING or (
            sentence.words[last] not in QUOTE_VERBS | {"said", "says"}):
        return False
    n = first - 1
    while n > max(first - 8, 0) and not sentence.kinds[n] & STOP:
        n -= 1
    return sentence.words[n] == "," and (n == first - 1 or sentence.is_nominal(n + 1) and bool(
        sentence.kinds[last + 1] & STOP))


def _read(sentence, first, last, act, earlier):
    """Return the attribution of a cue form, or None."""
    words, kinds = sentence.words, sentence.kinds
    word = words[first]
    if word in ADVERBIAL:
        return _adverbial(sentence, first, act)
    if last > first and words[last] == "to" and not sentence.is_nominal(last + 1):
        last -= 1  # "to" belongs to what is planned
    if word in NOUNS and not is_noun_like(word) or is_noun(sentence, first):
        return _noun(sentence, first, act, earlier) if word in NOUNS else None
    left, helpers, infinitive = verb_group(sentence, first - 1)
    cue = (left + 1, last)
    if earlier and (left if infinitive else first) <= earlier[-1].cue[1] < last + 1 and (
            earlier[-1].cue[0] <= first):
        return None  # "has promised to say": one attribution
    if word in STATES:
        return _state(sentence, left, helpers, cue, act, earlier)
    if word in SEEMING:
        return _seeming(sentence, left, cue, act)
    if word.endswith(("ed", "en")) or word in PARTICIPLES:
        if helpers & BE or not helpers & (HAVE | MODAL) and _reduced(sentence, first, last):
            return _passive(sentence, left, cue, act)
        if words[last + 1] == "by" or word in PARTICIPLES and word.endswith("en") and (
                not helpers & HAVE):
            return None  # "a report published by X shows", "two written warnings"
    if not is_whole(sentence, first, last):
        return None
    if words[last + 1] in CUE_ENDS and (act != "say" or words[last + 1] in {"about", "of"}) and (
            words[last + 1] != "by" and words[last + 2] not in TIMES):
        last += 1  # "hinted at", "complained about"
        cue = (cue[0], last)
    gerund = word.endswith("ing") and not helpers & BE
    if gerund or infinitive:
        if act not in SPOKEN and not kinds[first - 1] & STOP:
            return None
        return _governed(sentence, (first, last) if gerund else cue, act, earlier)
    return _inverted(sentence, left, cue, act) or _active(sentence, left, cue, act, earlier)


def _noun(sentence, n, act, earlier):
    """Read "X's claim that Z", "the claim by X that Z", "X made a claim that Z"."""
    kinds, words = sentence.kinds, sentence.words
    if earlier and 0 < n - earlier[-1].cue[1] <= 4 and not any(
            k & STOP for k in kinds[earlier[-1].cue[1] + 1:n]):
        return None  # "expressed concern that": one attribution
    left = n - 1
    while left > n - 5 and not kinds[left] & NOUN_PHRASE_ENDS and words[left] not in LIGHT:
        left -= 1
    source, begin, after, verb = None, n, n + 1, left - 1 if kinds[left] & DETERMINER else left
    if kinds[left] & POSSESSIVE:
        source = (left, left) if words[left] in OWNERS else phrases.subject_before(sentence, left)
    elif words[verb] in LIGHT:
        left, _, infinitive = verb_group(sentence, verb - 1)
        begin = left + 1
        source = (phrases.last_source(sentence, begin, earlier)
                  if infinitive or words[verb].endswith("ing")
                  else phrases.subject_of(sentence, left, earlier))
    if words[after] in {"by", "from"}:
        end = phrases.phrase_end(sentence, after + 1, phrases.AGENT_STOPS)
        source = source or ((after + 1, end) if end > after else None)
        after = end + 1
    word, following = words[n], words[after + 1]
    that = words[after] == "that" and word in THAT_NOUNS and not (
        kinds[after + 1] & AUXILIARY or following.endswith("ed"))  # not "a claim that was"
    to = words[after] == "to" and word in TO_NOUNS and source and not following.endswith("ing")
    if that or to:
        content = sentence.clause(after, sentence.size - 1)
        return Found(act, (begin, n), source, content, open_source=source is None)
    if source and word in TOPIC_NOUNS and words[after] in ABOUT:
        content = sentence.clause(after + 1, sentence.next_stop(after + 1) - 1)
        return Found(act, (begin, after if after == n + 1 else n), source, content)
    return None


def _state(sentence, left, helpers, cue, act, earlier):
    """Read "X is worried that Z", and "X left, worried that Z"."""
    words, (first, last) = sentence.words, cue
    if words[last + 1] in CUE_ENDS and words[last] not in CUE_ENDS:
        last += 1
    if words[last] not in CUE_ENDS | {"that"} and words[last + 1] not in {
            "that", "to", "when", "if", "whether"}:
        return None
    if words[left] in LINKING:
        left = verb_group(sentence, left - 1)[0]
        first, helpers = left + 1, BE
    if helpers & BE:
        source = phrases.subject_of(sentence, left, earlier)
    else:
        source = phrases.last_source(sentence, first, earlier) if words[first - 1] == "," else None
    content = sentence.clause(last + 1, sentence.size - 1)
    return Found(act, (first, last), source, content) if source else None


def _seeming(sentence, left, cue, act):
    """Read "X seems to Z": how it looks, and to nobody that is named."""
    words, after = sentence.words, cue[1] + 1
    if words[cue[1]].startswith("appear") and not sentence.kinds[after] & ADVERB and (
            words[after] not in {"to", "that", "as", "likely", "set", "ready", "unlikely"}):
        return None  # "appeared on Monday"
    subject = phrases.subject_before(sentence, left) if words[left] != "it" else None
    content = sentence.clause(after, sentence.next_stop(after) - 1)
    return Found(act, cue, None, ([subject] if subject else []) + content, open_source=True)


def _adverbial(sentence, n, act):
    """Read "X has reportedly Z": the clause around the adverb."""
    begin = n
    while not sentence.kinds[begin - 1] & STOP:
        begin -= 1
    content = sentence.clause(begin, n - 1) + sentence.clause(n + 1, sentence.size - 1)
    return Found(act, (n, n), None, content, open_source=True)


def _reduced(sentence, first, last):
    """Return whether a participle without a form of "be" is a passive: ", declared safe by X"."""
    agent = phrases.agent_after(sentence, last)
    return agent and (sentence.kinds[first - 1] & STOP
                      or sentence.words[agent[1] + 1] in {"as", "to", "that"})


def _passive(sentence, left, cue, act):
    """Read "X has been framed by Y as Z", "X is expected to Z", "X, declared Z by Y"."""
    last, words = cue[1], sentence.words
    agent = phrases.agent_after(sentence, last)
    if agent and act in AMBIGUOUS_ACTS and not phrases.can_speak(sentence, agent, agent[1]):
        return None
    after, end = agent[1] + 1 if agent else last + 1, sentence.size - 1
    opens = words[after] in CONTENT_STARTS or sentence.quoted[after]
    if words[last] in AS_VERBS and words[after] != "as" or not (
            agent or opens or words[last] in ALONE):
        return None  # "was dismissed", "has been charged"
    if words[left] in RELATIVES:
        end = next((n for n in range(after, end) if words[n] == ","), end + 1) - 1
    content = []
    if agent and agent[0] - 2 > last:  # declared *completed* by
        content = [(last + 1, agent[0] - 2)]
    elif not sentence.kinds[after] & STOP:
        content = sentence.clause(after, end)
    if not content or words[after] == "by":
        subject = phrases.subject_before(sentence, left)
        if subject and words[left] == "it":  # ", it is said,"
            content = sentence.clause(0, left - 1) + sentence.clause(last + 1, sentence.size - 1)
        elif subject:
            content = [subject, *content]
    return Found(act, cue, agent, content, open_source=agent is None)


def _governed(sentence, cue, act, earlier):
    """Read ", saying that Z" and "rose to say that Z": the source is the subject so far."""
    (first, last), words = cue, sentence.words
    if words[first] in CLAUSE_VERBS and not has_clause(sentence, last + 1):
        return None
    if words[first].endswith("ing") and not sentence.kinds[first - 1] & (STOP | ADVERB) and (
            words[first - 1] not in GERUND_AFTER):
        source = phrases.subject_before(sentence, first - 1)  # "other candidates suggesting that"
        if source and phrases.can_speak(sentence, source, last):
            source = (phrases.smallest(sentence, source[0], first - 1), first - 1)
        else:
            source = None
    else:
        source = phrases.last_source(sentence, first, earlier)
    content = sentence.clause(last + 1, sentence.size - 1)
    return Found(act, cue, source, content) if source else None


def _inverted(sentence, left, cue, act):
    """Read "Z, said Y" and "“Z” said Y"."""
    (first, last), words, quoted, size = cue, sentence.words, sentence.quoted, sentence.size
    if left != first - 1 or words[first] in TELLING or words[last + 1] in {"that", "this"} or (
            sentence.kinds[last + 1] & (STOP | PREPOSITION | BREAK | AUXILIARY)):
        return None
    if first == 0 and True not in quoted or first and words[left] not in {",", "?", "!", *CLOSING}:
        return None
    if words[left] == "," and act not in {"say", "ask"} and True not in quoted[left - 1:left + 1]:
        return None
    end = phrases.phrase_end(sentence, last + 1, phrases.AGENT_STOPS - {"in", "at", "with"})
    if end == last or any(k & AUXILIARY for k in sentence.kinds[last + 1:end + 1]) or not (
            quoted[left] or sentence.kinds[end + 1] & STOP or (
                sentence.kinds[last + 1] & CAPITAL)):
        return None
    source = phrases.phrase_after(sentence, last + 1)
    content, rest = sentence.clause(0, first - 1), source[1] + 1
    if words[rest] == "," and words[rest + 1] in {"who", "whose", "which"}:
        rest = sentence.next_stop(rest + 1)  # "said Y, who asked not to be named"
    if rest < size - 1 and words[rest] in {",", ":"} | OPENING:
        content += sentence.clause(rest, size - 1)
    return Found(act, cue, source, content)


def _active(sentence, left, cue, act, earlier):
    """Read "Y said Z", "Z, Y said" and "Z, Y said, Z"."""
    (first, last), size, words = cue, sentence.size, sentence.words
    source = phrases.subject_of(sentence, left, earlier)
    if source is None or act in AMBIGUOUS_ACTS and not phrases.can_speak(sentence, source, last):
        return None
    before, after = source[0] - 1, last + 1
    trailing = trails(sentence, after) and words[after] not in {"(", "—"}
    clause = has_clause(sentence, after)
    if words[first] in CLAUSE_VERBS - AS_VERBS and not (
            clause or trailing or words[source[1]] in DOCUMENTS):
        return None
    if trailing:
        content = [] if before == 0 and words[0] == "as" else sentence.clause(0, before)
        return Found(act, cue, source, content + sentence.clause(after, size - 1))
    if words[first] in TELLING or words[last] in TELLING:  # "told reporters that": after "that"
        after = next((n for n in range(after, min(after + 7, size)) if words[n] == "that"), after)
    content = sentence.clause(after, size - 1)
    if before >= 1 and sentence.quoted[before]:  # "“Z,” Y told X": X is no part of it
        content = sentence.clause(0, before) + (content if clause else [])
    elif act == "say" and before > 2 and words[before] == "," and (
            words[after] in CALENDAR or sentence.kinds[after] & PREPOSITION):
        content = sentence.clause(0, before)  # "Z, the ministry said on Tuesday"
    return Found(act, cue, source, content)


def _add_quotations(sentence, found):
    """Give quoted words that no content covers to the attribution of the sentence, or their own."""
    loose = [(a, b) for a, b in sentence.quotations if b - a >= 4 and not any(
        c <= b and d >= a for one in found for c, d in one.content)]
    if not loose:
        return found
    carrier = next((f for f in found if f.act in {"say", "report", "stress"} and f.source), None)
    if carrier:
        carrier.content = sorted(carrier.content + loose)
        return found
    spoken = [not kind & STOP for kind in sentence.kinds]
    if sum(sum(spoken[a:b + 1]) for a, b in loose) < 0.8 * sum(spoken):
        return found
    return [*found, Found("say", None, None, loose, follows=True)]
