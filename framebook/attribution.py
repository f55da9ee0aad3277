"""The rules that find attributions in one sentence.

A cue is a form of a verb, noun or adjective of saying, thinking or wanting (codebook
`reporting-verbs`), or "according to"; its source is the noun phrase that stands as its
subject, its owner or after "by"; its content is the clause, phrase or quotation that goes
with it. The parts are those of Pareti (2012, aclanthology L12-1524). The rules read words,
their kinds (clauses.py) and marks only, from left to right.
"""

from dataclasses import dataclass, field

from framebook.actors import class_patterns
from framebook.clauses import (
    ADVERB,
    AUXILIARY,
    BE,
    BREAK,
    CAPITAL,
    DETERMINER,
    HAVE,
    MODAL,
    PLURAL,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
    STOP,
)
from framebook.words import words

NOUN_LIKE, STATES, SEEMING = words("noun_like"), words("states"), words("seeming")
THAT_NOUNS, TO_NOUNS = words("nouns_with_that"), words("nouns_with_to")
TOPIC_NOUNS, ABOUT = words("nouns_with_preposition"), words("topic_prepositions")
NOUNS = THAT_NOUNS | TO_NOUNS | TOPIC_NOUNS
CLAUSE_VERBS, TELLING, GOVERNORS = words("clause_verbs"), words("telling"), words("governors")
QUOTE_VERBS, AS_VERBS, BARE = words("quote_verbs"), words("as_verbs"), words("bare_verbs")
DOCUMENTS = words("documents")
LIGHT, ALONE, PARTICIPLES = words("light_verbs"), words("passive_alone"), words("participles")
ADVERBIAL, CALENDAR, CUE_ENDS = words("adverbial_cues"), words("calendar"), words("cue_ends")
RELATIVES = {"who", "which", "that"}
CLAUSE_STARTS = set("that whether if how what why who when where he she it they we".split())
CONTENT_STARTS = CLAUSE_STARTS | {"to", "as", "not", "by"}
JOINING = {"and", "but", "or", "then", "nor", "yet"}
LEADS = {"but", "and", "while", "whereas", "though", "although", "which", "who"}
GERUND_AFTER = {"by", "after", "before", "while", "when", "without", "in", "of", "for", "from"}
# Acts whose verbs also join things ("the effort underscores the scale"): who speaks is checked.
AMBIGUOUS_ACTS = {"stress", "report", "hint", "urge", "argue", "frame", "confirm", "expect",
                  "promise"}
# Acts whose verbs stand with or without an object.
FREE_ACTS = {"say", "ask", "claim", "argue", "promise", "hint", "feel", "think", "expect"}
# Acts that say something, whatever the grammar of the verb.
SPOKEN = {"say", "report", "claim", "hint", "stress", "blame", "praise", "confirm", "frame",
          "promise", "deny", "argue", "ask", "threaten", "urge", "speculate"}
TIMES = words("calendar") | set("week month year recent night morning".split())
UNNAMED, UNNAMED_BEFORE = {"anonymity", "anonymous", "named", "identified"}, {
    "anonymity", "not", "to", "on", "that", "of"}
BRIEF = {"a", "an", "his", "her", "their", "its"} | words("calendar")
OPENING, CLOSING = set("“«„\"'‘"), set("”»\"'’")
AGENT_STOPS = (words("prepositions") - {"of", "for"}) | RELATIVES | {"when", "while", "not", "to"}


@dataclass
class Found:
    """One attribution in token positions of its sentence (first, last), both included."""

    act: str
    cue: tuple | None
    source: tuple | None = None
    content: list = field(default_factory=list)
    open_source: bool = False  # a passive that leaves its source open
    follows: bool = False  # a quotation that goes on from an earlier sentence


def find_sentence_voices(sentence, hits):
    """Return the attributions of a sentence; `hits` are (first, last, act) of cue forms."""
    found = _according_to(sentence) + _label(sentence)
    for first, last, act in hits:
        if sentence.quoted[first] and not _after_open_quotation(sentence, first, last):
            continue
        one = _read(sentence, first, last, act, found)
        if one and one.content:
            found.append(one)
    if len(found) == 1:
        found[0].content = [p for a, b in found[0].content for p in sentence.clause(a, b)]
        return _add_quotations(sentence, [one for one in found if one.content])
    begins = sorted((min(r[0] for r in (one.cue, one.source) if r), n)
                    for n, one in enumerate(found))
    for one in found:
        one.content = [p for span in one.content for p in _cut(sentence, one, span, found, begins)]
    if len(found) > 1:
        found = [one for one in found if _stands(sentence, one, found)]
    return _add_quotations(sentence, [one for one in found if one.content])


def _stands(sentence, one, found):
    """Return whether an attribution stands by itself or, inside another's content, is a clear one.

    "said the engineer had promised that": the promise is told of; "said he likes it": no more
    than what was said.
    """
    at = one.cue[0]
    if one.open_source or sentence.words[at] == "according":
        return True
    inside = any(a <= at <= b for other in found if other is not one for a, b in other.content)
    return not inside or one.act in SPOKEN and _has_clause(sentence, one.cue[1] + 1) or (
        sentence.kinds[one.cue[1] + 1] & STOP)


def _cut(sentence, one, span, found, begins):
    """Return a content range, ended before a clause that begins another attribution.

    "said the bridge was safe, adding that it was free": what she added is not in what she
    said. Clauses that a comma does not part stay nested: "said the engineer promised that".
    """
    (first, last), words = span, sentence.words
    for begin, n in begins:
        other = found[n]
        begin = other.cue[0] if begin <= one.cue[1] else begin
        if other is one or not first < begin <= last or begin <= one.cue[1] or (
                sentence.quoted[begin]):
            continue
        if max(b for _, b in [*other.content, other.cue, other.source or other.cue]) < last:
            continue  # the sentence comes back to the first claim
        lead = begin - 1
        same = other.source == one.source
        if words[lead] in LEADS and (same or other.source and other.source[0] == begin):
            last = lead - 1  # "and the company said": a clause of its own
            break
        while lead > first and lead > begin - 5 and not sentence.kinds[lead] & STOP:
            lead -= 1
        between = words[lead + 1:begin]
        parts = not between or between[0] in LEADS or between[-1] in RELATIVES
        if lead > first and words[lead] in {",", ";", "—", "–"} and parts:
            last = lead
            break
    return sentence.clause(first, last)


def _after_open_quotation(sentence, first, last):
    """Return whether a verb stands after a quotation whose closing mark was left out."""
    end = sentence.size - 1
    if not sentence.quoted[end] or sentence.words[end] in CLOSING:
        return False
    n = first - 1
    while n > 0 and not sentence.kinds[n] & STOP and n > first - 8:
        n -= 1
    before = sentence.words[n] == "," and sentence.words[last] in QUOTE_VERBS | {"said", "says"}
    return before and (n == first - 1 or sentence.kinds[last + 1] & STOP) and (
        n == first - 1 or sentence.is_nominal(n + 1))


def _according_to(sentence):
    """Return the attributions of "according to X"."""
    found, words = [], sentence.words
    if "according" not in words:
        return found
    for n in range(len(words) - 2):
        if words[n] == "according" and words[n + 1] == "to" and not sentence.quoted[n]:
            last = _phrase_end(sentence, n + 2, RELATIVES | {"was", "is"})
            source = (n + 2, last) if last > n + 1 else None
            after = last + 1
            if words[after] == "," and words[after + 1] in {"who", "which", "whose", "a", "an"}:
                after = sentence.next_stop(after + 1)
            content = sentence.clause(0, n - 1) + sentence.clause(after, sentence.size - 1)
            found.append(Found("report", (n, n + 1), source, content))
    return found


def _label(sentence):
    """Return the attribution of "X: “Z”" at the head of a sentence."""
    if ":" not in sentence.words[1:6]:
        return []
    mark = next((n for n in range(1, min(6, sentence.size - 1)) if sentence.words[n] == ":"), 0)
    named = mark and all(k & CAPITAL for k in sentence.kinds[:mark]) and not sentence.quoted[0]
    if not named or True not in sentence.quoted[mark:]:
        return []
    content = sentence.clause(mark + 1, sentence.size - 1)
    return [Found("say", (mark, mark), (0, mark - 1), content)] if content else []


def _phrase_end(sentence, first, stops):
    """Return the last position before a mark or one of the words `stops`."""
    last = first - 1
    while not sentence.kinds[last + 1] & STOP and sentence.words[last + 1] not in stops:
        last += 1
    return last


# What a form is


def _is_noun(sentence, n):
    """Return whether a form such as "report" or "claims" stands as a noun here."""
    word, kind, before = sentence.words[n], sentence.kinds[n], sentence.kinds[n - 1]
    left = sentence.words[n - 1] if n else ""
    if kind & POSSESSIVE or before & POSSESSIVE and not left == "her" or left in {"/", "@", "<"}:
        return True
    if before & DETERMINER and left not in {"this", "that", "these", "those", "many", "some",
                                            "most", "few", "all", "both", "each"}:
        return True
    if before & ADVERB and word.endswith("ed") and sentence.kinds[n - 2] & (
            DETERMINER | PREPOSITION | POSSESSIVE) and not sentence.kinds[n + 1] & (
            STOP | DETERMINER | PREPOSITION | PRONOUN):
        return True  # "a hotly contested race"
    if word not in NOUN_LIKE and word.removesuffix("s") not in NOUN_LIKE:
        return False
    if word in CLAUSE_VERBS and DOCUMENTS & set(sentence.words[max(n - 8, 0):n]):
        return False  # "the polls show"
    if n == 0 or kind & CAPITAL or before & STOP or before & PREPOSITION and left != "to":
        return True
    after = sentence.kinds[n + 1]
    ends = after & (STOP | AUXILIARY) and sentence.words[n + 1] not in {"to", ":"} | OPENING
    if ends and not before & (PRONOUN | MODAL):
        return True
    if before & (PRONOUN | MODAL | ADVERB) or left in {"who", "which", "people"}:
        return False
    if word.endswith("s"):  # "the company plans to", "Crane attacks him", not "official reports say"
        return not (sentence.words[n + 1] in CONTENT_STARTS | OPENING or sentence.is_nominal(n + 1)
                    or before & CAPITAL and after & PREPOSITION)
    return not (before & PLURAL or before & CAPITAL and word.endswith("ed"))


def _group(sentence, n):
    """Return (position left of the verb group that ends at n, kinds of its helpers, infinitive).

    The group reaches over auxiliaries and adverbs, and over "to" and what governs it:
    "was quick to", "has tried to".
    """
    helpers, infinitive, own = 0, False, None
    while n >= 0:
        kind, word = sentence.kinds[n], sentence.words[n]
        if word == "to":
            if sentence.words[n - 1] not in GOVERNORS:
                return n - 1, helpers, True
            n -= 2
            own = helpers if own is None else own
            helpers, infinitive = 0, sentence.words[n + 1].endswith("ing")
        elif kind & (AUXILIARY | ADVERB):
            if kind & PRONOUN:
                return n, helpers | kind & AUXILIARY if own is None else own, False
            helpers |= kind
            n -= 1
        else:
            break
    return n, helpers if own is None else own, infinitive and not helpers & BE


def _has_clause(sentence, n):
    """Return whether a clause or a quotation begins at n: "added salt" is no attribution."""
    if sentence.words[n] in CLAUSE_STARTS or sentence.quoted[n] or sentence.quoted[
            min(n + 1, sentence.size)] or sentence.words[n] == ":":
        return True
    while not sentence.kinds[n] & STOP:
        if sentence.kinds[n] & AUXILIARY and sentence.words[n] != "to" or sentence.quoted[n]:
            return True
        n += 1
    return False


def _read(sentence, first, last, act, earlier):
    """Return the attribution of a cue form, or None."""
    word = sentence.words[first]
    if word in ADVERBIAL:
        return _adverbial(sentence, first, act)
    if last > first and sentence.words[last] == "to" and not sentence.is_nominal(last + 1):
        last -= 1  # "to" belongs to what is planned
    noun = word in NOUNS and (word not in NOUN_LIKE and word.removesuffix("s") not in NOUN_LIKE)
    if noun or _is_noun(sentence, first):
        return _noun(sentence, first, act, earlier) if word in NOUNS else None
    left, helpers, infinitive = _group(sentence, first - 1)
    cue = (left + 1, last)
    if sentence.kinds[left] & PRONOUN and sentence.kinds[left] & AUXILIARY:
        left, cue = left, (left + 1, last)  # "he's worried": the subject with its verb
    else:
        cue = (left + 1, last)
    if any(f.cue[0] <= first <= f.cue[1] for f in earlier):
        return None
    if word in STATES:
        return _state(sentence, left, helpers, cue, act, earlier)
    if word in SEEMING:
        return _seeming(sentence, left, cue, act)
    if word.endswith(("en", "wn")) and not helpers & (BE | HAVE) and word in PARTICIPLES and (
            sentence.words[last + 1] != "as"):
        return None  # "two written warnings"
    gerund = word.endswith("ing") and not helpers & BE
    participle = not word.endswith("ing") and (word.endswith(("ed", "en")) or word in PARTICIPLES)
    if participle and (helpers & BE or not helpers & (HAVE | MODAL) and _reduced(
            sentence, left, first, last)):
        return _passive(sentence, left, cue, act, earlier)
    if not _complete(sentence, first, last, act, helpers):
        return None
    if sentence.words[last + 1] in CUE_ENDS - {"by"} and (
            act != "say" or sentence.words[last + 1] in {"about", "of"}) and (
            sentence.words[last + 2] not in TIMES):
        last += 1  # "hinted at", "complained about"
        cue = (cue[0], last)
    if infinitive and earlier and earlier[-1].cue[1] >= left:
        return None  # "has promised to say": one attribution
    if gerund or infinitive:
        if act not in SPOKEN and not sentence.kinds[first - 1] & STOP:
            return None
        return _governed(sentence, left, (first, last) if gerund else cue, act, earlier)
    return _active(sentence, left, cue, act, earlier)


def _complete(sentence, first, last, act, helpers):
    """Return whether a verb has beside it what makes it an attribution."""
    word, after = sentence.words[first], last + 1
    following = sentence.words[after]
    if following in UNNAMED_BEFORE and UNNAMED & set(sentence.words[after:after + 7]):
        return False  # "who asked not to be named"
    if word in AS_VERBS:
        return "as" in sentence.words[after:after + 12] or word in CLAUSE_VERBS and (
            _has_clause(sentence, after))
    if word in BARE and last == first:
        return following in {"about", "of", "on", "for", "against", "that", "out", "with"} or (
            _quoted_beside(sentence, first, last))
    if word in QUOTE_VERBS and (last == first or following == "on" or sentence.words[last] == "on"):
        return _quoted_beside(sentence, first, last)
    if word.endswith("ed") and act not in FREE_ACTS and not helpers & HAVE and (
            sentence.kinds[after] & PREPOSITION or following in CALENDAR):
        return following in {"for", "as", "to", "about", "against"} or (
            "that" in sentence.words[after:after + 4])  # not "released on Monday"
    return True


def _trails(sentence, after):
    """Return whether nothing but a mark, or a time and place, follows the verb."""
    return bool(sentence.kinds[after] & STOP) and sentence.words[after] not in {":", *OPENING}


def _quoted_beside(sentence, first, last):
    """Return whether a quotation ends before the subject of the verb, or begins after it."""
    return any(sentence.quoted[max(first - 9, 0):first]) or any(
        sentence.quoted[last + 1:last + 6])


def _reduced(sentence, left, first, last):
    """Return whether a participle without a form of "be" is a passive: "declared safe by X"."""
    apart = sentence.kinds[first - 1] & STOP
    if apart and sentence.words[last + 1] == "as":
        return True
    agent = _agent(sentence, last)
    return bool(agent) and (apart or sentence.words[agent[1] + 1] in {"as", "to", "that"})


# Nouns, adjectives, adverbs


def _noun(sentence, n, act, earlier):
    """Read "X's claim that Z", "the claim by X that Z", "X made a claim that Z"."""
    if earlier and 0 < n - earlier[-1].cue[1] <= 4 and not any(
            k & STOP for k in sentence.kinds[earlier[-1].cue[1] + 1:n]):
        return None  # "expressed concern that": one attribution
    kinds, words = sentence.kinds, sentence.words
    left = n - 1
    while left > n - 5 and not kinds[left] & (STOP | POSSESSIVE | DETERMINER | PREPOSITION | BREAK
                                              | PRONOUN | AUXILIARY) and words[left] not in LIGHT:
        left -= 1
    source, cue = None, (n, n)
    if kinds[left] & POSSESSIVE:
        source = (left, left) if words[left] in words_of_owners else _subject(sentence, left)
    else:
        verb = left - 1 if kinds[left] & DETERMINER else left
        if words[verb] in LIGHT:
            left, _, infinitive = _group(sentence, verb - 1)
            governed = infinitive or words[verb].endswith("ing")
            source = (_last_source(sentence, left + 1, earlier) if governed
                      else _subject_of(sentence, left, earlier))
            cue = (left + 1, n)
    after = n + 1
    if words[after] in {"by", "from"}:
        end = _phrase_end(sentence, after + 1, AGENT_STOPS)
        source, after = source or (after + 1, end), end + 1
    to = source and words[n] in TO_NOUNS and words[after] == "to"
    if words[after] == "that" and words[n] in THAT_NOUNS and not (
            kinds[after + 1] & AUXILIARY or words[after + 1].endswith("ed")) or (
            to and not words[after + 1].endswith("ing")):
        content = sentence.clause(after, sentence.size - 1)
    elif source and words[n] in TOPIC_NOUNS and words[after] in ABOUT:
        cue = (cue[0], after) if after == n + 1 else cue
        content = sentence.clause(after + 1, sentence.next_stop(after + 1) - 1)
    else:
        return None
    return Found(act, cue, source, content, open_source=source is None)


words_of_owners = words("possessives")


def _state(sentence, left, helpers, cue, act, earlier):
    """Read "X is worried that Z", and "X left, worried that Z"."""
    last = cue[1]
    if sentence.words[last + 1] in CUE_ENDS and sentence.words[last] not in CUE_ENDS:
        cue = (cue[0], last + 1)
    after = sentence.words[cue[1] + 1]
    if cue[1] == last and after not in {"that", "to", "when", "if", "whether"} and (
            sentence.words[last] not in CUE_ENDS | {"that"}):
        return None
    if helpers & BE or sentence.words[left] in words("linking"):
        if sentence.words[left] in words("linking"):
            left, _, _ = _group(sentence, left - 1)
            cue = (left + 1, cue[1])
        source = _subject_of(sentence, left, earlier)
    elif sentence.words[cue[0] - 1] == ",":
        source = _last_source(sentence, cue[0], earlier)
    else:
        return None
    content = sentence.clause(cue[1] + 1, sentence.size - 1)
    return Found(act, cue, source, content) if source else None


def _seeming(sentence, left, cue, act):
    """Read "X seems to Z": how it looks, and to nobody that is named."""
    after = cue[1] + 1
    if sentence.words[cue[1]].startswith("appear") and sentence.words[after] not in {
            "to", "that", "as", "likely", "set", "ready", "unlikely", "poised"} and not (
            sentence.kinds[after] & ADVERB):
        return None
    subject = _subject(sentence, left)
    content = [subject] if subject and sentence.words[left] != "it" else []
    return Found(act, cue, None, content + sentence.clause(after, sentence.next_stop(after) - 1),
                 open_source=True)


def _adverbial(sentence, n, act):
    """Read "X has reportedly Z": the clause around the adverb."""
    begin = n
    while not sentence.kinds[begin - 1] & STOP:
        begin -= 1
    content = sentence.clause(begin, n - 1) + sentence.clause(n + 1, sentence.size - 1)
    return Found(act, (n, n), None, content, open_source=True)


# Verbs


def _agent(sentence, last):
    """Return the range of X in "by X" within six words of the verb, or None."""
    for n in range(last + 1, min(last + 7, sentence.size)):
        if sentence.kinds[n] & STOP:
            return None
        if sentence.words[n] == "by":
            end = _phrase_end(sentence, n + 1, AGENT_STOPS)
            agent_like = end > n and not (sentence.words[n + 1].endswith("ing")
                                          or sentence.words[n + 1] in CALENDAR
                                          or sentence.words[n + 1][0].isdigit())
            return (n + 1, end) if agent_like else None
    return None


def _passive(sentence, left, cue, act, earlier):
    """Read "X has been framed by Y as Z", "X is expected to Z", "X, declared Z by Y"."""
    last, words = cue[1], sentence.words
    agent = _agent(sentence, last)
    if agent and act in AMBIGUOUS_ACTS and not can_speak(sentence, agent, agent[1]):
        return None
    content = []
    if agent and agent[0] - 2 > last:  # declared *completed* by
        content = [(last + 1, agent[0] - 2)]
    after = agent[1] + 1 if agent else last + 1
    opens = words[after] in CONTENT_STARTS or sentence.quoted[after]
    if words[cue[1]] in AS_VERBS and words[after] != "as":
        return None
    if not agent and not opens and words[last] not in ALONE:
        return None  # "was dismissed", "has been charged"
    end = sentence.size - 1
    if words[left] in RELATIVES:
        end = next((n for n in range(after, end) if words[n] == ","), end + 1) - 1
    if not sentence.kinds[after] & STOP and not content:
        content = sentence.clause(after, end)
    if not content or words[after] == "by":
        subject = _subject(sentence, left)
        if subject and subject[0] == subject[1] and words[left] == "it":  # ", it is said,"
            content = sentence.clause(0, left - 1) + sentence.clause(last + 1, sentence.size - 1)
        elif subject:
            content = [subject, *content]
    return Found(act, cue, agent, content, open_source=agent is None)


def _governed(sentence, left, cue, act, earlier):
    """Read ", saying that Z" and "rose to say that Z": the source is the subject so far."""
    first, last = cue
    if sentence.words[first].endswith("ing") and not sentence.kinds[first - 1] & (STOP | ADVERB):
        if sentence.words[first - 1] not in GERUND_AFTER:
            direct = _subject(sentence, first - 1)  # "other candidates suggesting that"
            if not direct or not can_speak(sentence, direct, last):
                return None
            direct = (_smallest(sentence, direct[0], first - 1), first - 1)
            return Found(act, cue, direct, sentence.clause(last + 1, sentence.size - 1))
    if sentence.words[last] in CLAUSE_VERBS and not _has_clause(sentence, last + 1):
        return None
    source = _last_source(sentence, first, earlier)
    content = sentence.clause(last + 1, sentence.size - 1)
    return Found(act, cue, source, content) if source else None


def _last_source(sentence, before, earlier):
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
    return named or kind & (AUXILIARY | BREAK | PREPOSITION | ADVERB) or word == "who" or (
        word.endswith("ed")) or bool(sentence.kinds[n - 1] & PRONOUN)


def _active(sentence, left, cue, act, earlier):
    """Read "Y said Z", "Z, Y said", "Z, said Y" and "Z, Y said, Z"."""
    (first, last), size, words = cue, sentence.size, sentence.words
    inverted = _inverted(sentence, left, first, last, act)
    if inverted:
        content = sentence.clause(0, first - 1)
        rest = inverted[1] + 1
        if words[rest] == "," and words[rest + 1] in {"who", "whose", "which"}:
            rest = sentence.next_stop(rest + 1)  # "said Y, who asked not to be named"
        if rest < size - 1 and words[rest] in {",", ":"} | OPENING:
            content += sentence.clause(rest, size - 1)
        return Found(act, cue, inverted, content)
    source = _subject_of(sentence, left, earlier)
    if source is None or act in AMBIGUOUS_ACTS and not can_speak(sentence, source, last):
        return None
    before, after = source[0] - 1, last + 1
    if words[first] in CLAUSE_VERBS - AS_VERBS and not _trails(sentence, after) and not (
            _has_clause(sentence, after) or words[source[1]] in DOCUMENTS):
        return None
    content = []
    if after >= size or _trails(sentence, after) and words[after] not in {"(", "—"}:
        content = [] if before == 0 and words[0] == "as" else sentence.clause(0, before)
        if after < size - 1:
            content += sentence.clause(after, size - 1)
    else:
        if words[first] in TELLING or words[last] in TELLING:  # "told reporters that": after "that"
            that = [n for n in range(after, min(after + 7, size)) if words[n] == "that"]
            after = that[0] if that else after
        content = sentence.clause(after, size - 1)
        if before >= 1 and sentence.quoted[before]:  # "“Z,” Y told X": X is no part of it
            more = content if _has_clause(sentence, after) else []
            content = sentence.clause(0, before) + more
        elif words[before] == "," and before > 2 and (
                words[after] in CALENDAR or sentence.kinds[after] & PREPOSITION) and act == "say":
            content = sentence.clause(0, before)  # "Z, the ministry said on Tuesday"
    return Found(act, cue, source, content)


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
        if kind & PRONOUN and word != "it" or word in {"both", "all", "one"} or kind & CAPITAL and (n > source[0] or n == source[1]):
            return True
        if (word[:-2] if kind & POSSESSIVE and word[-2:] == "'s" else word) in known:
            return True
    return False


def _inverted(sentence, left, first, last, act):
    """Return the range of Y in "Z, said Y" or "“Z” said Y", or None."""
    words, quoted = sentence.words, sentence.quoted
    if left != first - 1 or first and words[left] not in {",", *CLOSING, "?", "!"}:
        return None
    if first == 0 and not any(quoted):
        return None
    if words[first] in TELLING:
        return None
    if words[left] == "," and not quoted[left] and act not in {"say", "ask"} and (
            not quoted[left - 1]):
        return None
    if words[last + 1] in {"that", "this"} or sentence.kinds[last + 1] & (
            STOP | PREPOSITION | BREAK | AUXILIARY):
        return None
    end = _phrase_end(sentence, last + 1, AGENT_STOPS - {"in", "at", "with"})
    for n in range(last + 2, end):
        if words[n] in {"in", "at"} and words[n + 1] in BRIEF:
            end = n - 1  # "said X in an interview"
            break
    nominal = not any(k & AUXILIARY for k in sentence.kinds[last + 1:end + 1])
    closed = quoted[left] or sentence.kinds[end + 1] & STOP or sentence.kinds[last + 1] & CAPITAL
    return (last + 1, _with_apposition(sentence, end)) if nominal and closed else None


def _with_apposition(sentence, end):
    """Return the end of Y in "said Y, a mother of three" (to the next mark), else `end`."""
    words = sentence.words
    if words[end + 1] != "," or end + 2 >= sentence.size:
        return end
    after = words[end + 2]
    if after in words_of_apposition or sentence.kinds[end + 2] & (DETERMINER | POSSESSIVE) or (
            after.isdigit()):
        return sentence.next_stop(end + 2) - 1
    return end


words_of_apposition = words("apposition")


def _subject_of(sentence, left, earlier):
    """Return the subject whose last word, or the mark or joining word after it, is at `left`."""
    if sentence.words[left] in TIMES and left > 1:  # "but on Tuesday wrote that"
        left -= 2 if sentence.kinds[left - 1] & (PREPOSITION | DETERMINER) else 1
    source = _subject(sentence, left)
    if source is None and left >= 0:
        if sentence.words[left] in JOINING:
            source = _last_source(sentence, left, earlier)
        elif sentence.words[left] in {",", "—", "–", ")", "-"}:
            source = _before_apposition(sentence, left) or (
                _last_source(sentence, left, earlier) if earlier else None)
    elif source and earlier and source[0] <= earlier[-1].cue[1] < left:
        source = _subject(sentence, left, earlier[-1].cue[1] + 1)
    return source


def _subject(sentence, left, floor=0):
    """Return the noun phrase that ends at `left` and begins no earlier than `floor`, or None."""
    words, kinds = sentence.words, sentence.kinds
    if left < 0 or kinds[left] & STOP or sentence.quoted[left]:
        return None
    if words[left] in RELATIVES:
        n = left - 1
        while n >= 0 and words[n] == ",":
            n -= 1
        found = _subject(sentence, n) if n >= 0 and not kinds[n] & BREAK else None
        near = next((k for k in range(n, found[0], -1) if kinds[k] & PREPOSITION
                     and words[k] != "of"), None) if found else None
        return (near + 1, n) if near else found
    if kinds[left] & (BREAK | PREPOSITION) or words[left] in JOINING:
        return None
    begin = left
    while begin > floor and left - begin < 20:
        kind, word = kinds[begin - 1], words[begin - 1]
        if kind & (STOP | BREAK) or sentence.quoted[begin - 1]:
            break
        if kinds[begin] & PRONOUN or word == "and" and not _joins_nouns(sentence, begin - 1):
            break
        if kind & AUXILIARY and word != "to":
            begin = _smallest(sentence, begin, left)
            break
        begin -= 1
    if kinds[begin - 1] & STOP:  # "On Monday the minister": drop the adverbial
        while kinds[begin] & PREPOSITION and begin < left:
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


def _smallest(sentence, begin, left):
    """Return where the shortest noun phrase that ends at `left` begins."""
    n, kinds = left, sentence.kinds
    while n > begin and kinds[left] & CAPITAL and kinds[n - 1] & CAPITAL:
        n -= 1
    if n == left and not kinds[left] & CAPITAL:
        n = next((k for k in range(left, max(begin, left - 5) - 1, -1)
                  if kinds[k] & (DETERMINER | POSSESSIVE)), left)
    return n


def _joins_nouns(sentence, n):
    """Return whether the "and" at n joins two nouns and not two clauses."""
    before, after = sentence.kinds[n - 1], sentence.kinds[n + 1]
    return before & after & CAPITAL or before & PLURAL and not after & (DETERMINER | PRONOUN)


def _before_apposition(sentence, mark):
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
        inner = _subject(sentence, n - 1)
        lone = kinds[n + 1] & (PREPOSITION | ADVERB | BREAK) and words[n + 1] != "of"
        if inner and not any(k & (AUXILIARY | PRONOUN) for k in kinds[inner[0]:inner[1] + 1]) and (
                not kinds[inner[0]] & PREPOSITION and can_speak(sentence, inner, inner[1])):
            head = inner
            end = inner[1] if lone else end
            if words[inner[0] - 1] != ",":
                break
        n -= 1
    return (head[0], end) if head else None


def _add_quotations(sentence, found):
    """Give quoted words that no content covers to the attribution of the sentence, or their own."""
    if not sentence.has_quotations:
        return found
    loose = [(a, b) for a, b in sentence.quotations() if b - a >= 4 and not any(
        c <= b and d >= a for one in found for c, d in one.content)]
    if not loose:
        return found
    carrier = next((f for f in found if f.act in {"say", "report", "stress"} and f.source), None)
    if carrier:
        carrier.content = sorted(carrier.content + loose)
        return found
    total = sum(not kind & STOP for kind in sentence.kinds)
    inside = sum(not kind & STOP for a, b in loose for kind in sentence.kinds[a:b + 1])
    if inside < 0.8 * total:
        return found
    return [*found, Found("say", None, None, loose, follows=True)]
