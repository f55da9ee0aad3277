"""The rules that find attributions in one sentence.

A cue is a form of a reporting verb (codebook `reporting-verbs`) or "according to"; its
source is the noun phrase that stands as its subject, its agent or after "by"; its content
is the clause or quotation that goes with it. The parts are those of Pareti (2012,
aclanthology L12-1524). The rules read words and marks only, from left to right.
"""

import re
from dataclasses import dataclass, field

from framebook.actors import class_hits
from framebook.clauses import STOPS
from framebook.words import words

BE, HAVE, MODALS, ADVERBS = words("be"), words("have"), words("modals"), words("adverbs")
PRONOUNS, DETERMINERS = words("pronouns"), words("determiners")
PREPOSITIONS, BREAKS = words("prepositions"), words("breaks")
NOUN_LIKE, STATES = words("noun_like"), words("states")
CLAUSE_VERBS, TELLING = words("clause_verbs"), words("telling")
FINITE = BE | HAVE | MODALS - {"to"}
CLAUSE_STARTS = set("that whether if how what why who when where he she it they we".split())
LEADS = {"but", "and", "while", "whereas", "though", "although", "which", "who"}
APPOSITION = {"who", "whose", "his", "her", "their", "one", "former", "now"}
GERUND_AFTER = {"by", "after", "before", "while", "when"}
# Acts whose verbs also join things ("the effort underscores the scale"): who speaks is checked.
AMBIGUOUS_ACTS = {"stress", "report", "hint", "urge", "argue", "frame", "confirm", "expect",
                  "promise"}
# Acts whose verbs stand with or without an object.
FREE_ACTS = {"say", "ask", "claim", "argue", "promise", "hint", "feel"}
BARE_AFTER = set("by in on at as from during after before last earlier".split()) | words("calendar")
OPENING, CLOSING = "“«„\"", "”»\""
# After these a form such as "report" was a noun.
AFTER_NOUNS = (PREPOSITIONS | BE | HAVE | MODALS | {"and", "or", ".", ",", ";", ")", "who", "which"}
               ) - {"to", "for", "on", "with", "against"}
PARTICIPLES = set("said told seen known thought found shown cast held understood read".split())
AGENT_STOPS = PREPOSITIONS - {"of", "for"} | {"that", "which", "who", "when", "while", "and"}


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
    """Return the attributions of a sentence; `hits` are (first, last, act) of verb forms."""
    found = _find_attributions(sentence, hits)
    for one in found:
        one.content = [piece for span in one.content for piece in _cut(sentence, one, span, found)]
    return _add_quotations(sentence, [one for one in found if one.content])


def _cut(sentence, one, span, found):
    """Return a content range, ended before a clause that begins another attribution.

    "said the bridge was safe, adding that it was free": what she added is not in what she
    said. Clauses that a comma does not part stay nested: "said the engineer promised that".
    """
    first, last = span
    for other in found:
        begin = min([r[0] for r in (other.cue, other.source) if r and r[0] > one.cue[1]], default=0)
        if other is one or not first < begin <= last or sentence.quoted[begin]:
            continue
        if max(b for _, b in [*other.content, other.cue, other.source or other.cue]) < last:
            continue  # the sentence comes back to the first claim
        lead = begin - 1
        if sentence.words[lead] in LEADS and other.source and other.source[0] == begin:
            last = min(last, lead - 1)  # "and the company said": a clause of its own
            continue
        while lead > first and lead > begin - 5 and not sentence.is_stop(lead):
            lead -= 1
        between = sentence.words[lead + 1:begin]
        parts = not between or between[0] in LEADS or between[-1] in {"that", "which", "who"}
        if lead > first and sentence.words[lead] in {",", ";", "—", "–"} and parts:
            last = min(last, lead)
    return sentence.clause(first, last)


def _find_attributions(sentence, hits):
    found = _according_to(sentence)
    for first, last, act in hits:
        if sentence.quoted[first] or _is_noun(sentence, first):
            continue
        one = _read_verb(sentence, first, last, act, found)
        if one and one.content:
            found.append(one)
    return found


def _according_to(sentence):
    """Return the attributions of "according to X"."""
    found, words = [], sentence.words
    for n in range(len(words) - 1):
        if words[n] == "according" and words[n + 1] == "to" and not sentence.quoted[n]:
            last = n + 1
            while not (sentence.is_stop(last + 1) or words[last + 1] in {"who", "which", "that"}):
                last += 1
            source = (n + 2, last) if last > n + 1 else None
            content = sentence.clause(0, n - 1) + sentence.clause(last + 1, len(words) - 1)
            found.append(Found("report", (n, n + 1), source, content))
    return found


def _is_noun(sentence, n):
    """Return whether a form such as "report" or "claims" stands as a noun here."""
    word, before = sentence.words[n], sentence.words[n - 1] if n else ""
    if n and (sentence.is_capital(n) or before.endswith("'s") or before in {"<", "/", "@"}):
        return True
    if before in DETERMINERS - {"this", "that", "these", "those", "many", "some", "most", "few"}:
        return not word.endswith("ed") or sentence.words[n + 1:n + 2] != ["that"]
    if word not in NOUN_LIKE and word.removesuffix("s") not in NOUN_LIKE:
        return False
    following = sentence.words[n + 1] if n + 1 < len(sentence) else "."
    if n == 0 or before in PREPOSITIONS - {"to"} or sentence.is_stop(n - 1) or (
            following in AFTER_NOUNS and before not in PRONOUNS | MODALS):
        return True
    plural = before.endswith("s") and not word.endswith("s")
    return not (before in PRONOUNS | MODALS | ADVERBS | {"who", "people"} or plural
                or sentence.is_capital(n - 1) or before.endswith("ly"))


def _skip_auxiliaries(sentence, n):
    """Return the position left of the auxiliaries and adverbs that end at n."""
    while n >= 0 and (sentence.words[n] in BE | HAVE | MODALS | ADVERBS
                      or re.fullmatch(r"\w{2,}ly|\w+n't", sentence.words[n])):
        n -= 1
    return n


def _has_clause(sentence, first, last):
    """Return whether the words hold a clause or a quotation: "added salt" is no attribution."""
    inside = sentence.words[first:last + 1]
    return bool(inside) and (inside[0] in CLAUSE_STARTS or any(sentence.quoted[first:last + 1])
                             or any(w in FINITE or w.endswith("n't") for w in inside))


def _read_verb(sentence, first, last, act, earlier):
    left = _skip_auxiliaries(sentence, first - 1)
    helpers = set(sentence.words[left + 1:first])
    word = sentence.words[first]
    participle = not word.endswith("ing") and (word.endswith(("ed", "en")) or word in PARTICIPLES)
    reduced = participle and not helpers and _agent(sentence, last) and (
        sentence.is_stop(first - 1) or not sentence.is_nominal(last + 1))
    if word in STATES and not helpers & BE:  # "..., hopeful that": of the subject
        apart = first and sentence.words[first - 1] == "," and sentence.words[last] == "that"
        return _participle(sentence, left, first, last, act, []) if apart else None
    if participle and (helpers & BE or reduced) and word not in STATES:
        return _passive(sentence, left, last, act)
    if word.endswith("ing") and not helpers & BE:
        return _participle(sentence, left, first, last, act, earlier)
    if word.endswith("ed") and act not in FREE_ACTS and not helpers & HAVE and (
            sentence.words[last + 1:last + 2] and sentence.words[last + 1] in BARE_AFTER):
        return None  # "the poll released on Monday": a transitive verb without its object
    if not helpers & (HAVE | BE) and left >= 0 and sentence.words[first - 1] == "to":
        return None  # an infinitive without a subject of its own
    return _active(sentence, left, first, last, act, earlier)


def _agent(sentence, last):
    """Return the range of X in "by X" within six words of the verb, or None."""
    for n in range(last + 1, min(last + 7, len(sentence))):
        if sentence.is_stop(n):
            return None
        if sentence.words[n] == "by":
            end = n
            while not sentence.is_stop(end + 1) and (
                    sentence.words[end + 1] not in AGENT_STOPS
                    or sentence.words[end + 1] == "and" and sentence.is_nominal(end + 2)):
                end += 1
            agent_like = end > n and not (sentence.words[n + 1].endswith("ing")
                                          or sentence.words[n + 1] in words("calendar")
                                          or sentence.words[n + 1][0].isdigit())
            return (n + 1, end) if agent_like else None
    return None


def _passive(sentence, left, last, act):
    """Read "X has been framed by Y as Z", "X is expected to Z", "X, declared Z by Y"."""
    agent = _agent(sentence, last)
    if agent and act in AMBIGUOUS_ACTS and not can_speak(sentence, agent, agent[1]):
        return None
    content = []
    if agent and agent[0] - 2 > last:  # declared *completed* by
        content = [(last + 1, agent[0] - 2)]
    after = agent[1] + 1 if agent else last + 1
    relative = left >= 0 and sentence.words[left] in {"which", "that", "who"}
    end = after
    while end < len(sentence) and not (sentence.words[end] == "," and relative):
        end += 1
    if not sentence.is_stop(after) and not content:
        content = sentence.clause(after, end - 1)
    if not content:
        subject = _subject(sentence, left)
        content = [subject] if subject else []
    return Found(act, (left + 1, last), agent, content, open_source=agent is None)


def _participle(sentence, left, first, last, act, earlier):
    """Read ", saying that Z": the source is that of the attribution before, else the subject."""
    if first and not sentence.is_stop(first - 1) and sentence.words[first - 1] not in GERUND_AFTER:
        return None
    source = next((f.source for f in reversed(earlier) if f.source), None)
    source = source or _first_phrase(sentence, first)
    content = sentence.clause(last + 1, len(sentence) - 1)
    return Found(act, (first, last), source, content) if source else None


def _first_phrase(sentence, before):
    """Return the noun phrase at the head of the sentence, up to what looks like its verb."""
    start = 0
    while start < before and (sentence.quoted[start] or sentence.is_stop(start)
                              or sentence.words[start] in BREAKS | {"and"}):
        start += 1
    if sentence.words[start] in PREPOSITIONS and "," in sentence.words[start:before]:
        start = sentence.words.index(",", start) + 1  # "For now, the people": past the adverbial
    end, named = start, sentence.is_capital(start) and sentence.words[start] not in DETERMINERS
    while end < before and not sentence.is_stop(end) and end - start < 12 and not (
            end > start and _ends_phrase(sentence, end, named)):
        end += 1
    return (start, end - 1) if end > start and sentence.is_nominal(start) else None


def _ends_phrase(sentence, n, named):
    """Return whether the noun phrase ends before n: at a verb, or where a name ends."""
    word = sentence.words[n]
    if word in {"of", "the"} or sentence.is_capital(n):
        return False
    return (named or word in BE | HAVE | MODALS | BREAKS | PREPOSITIONS | {"who"}
            or word.endswith("ed") or word.endswith("ly"))


def _active(sentence, left, first, last, act, earlier):
    """Read "Y said Z", "Z, Y said", "Z, said Y" and "Z, Y said, Z"."""
    size = len(sentence)
    inverted = _inverted(sentence, left, first, last, act)
    if inverted:
        content = sentence.clause(0, first - 1)
        rest = inverted[1] + 1
        if rest < size - 1 and sentence.words[rest] in {",", ":"} | set(OPENING):
            content += sentence.clause(rest, size - 1)
        return Found(act, (first, last), inverted, content)
    cue = (left + 1, last)
    source = _subject(sentence, left)
    if source is None and left >= 0:
        if sentence.words[left] in {"and", "but", "or"}:
            source = next((f.source for f in reversed(earlier) if f.source), None)
            source = source or _first_phrase(sentence, left)
        elif sentence.words[left] in {",", "—", "–", ")"}:
            source = _before_apposition(sentence, left)
    if source is None or act in AMBIGUOUS_ACTS and not can_speak(sentence, source, last):
        return None
    before, after = source[0] - 1, last + 1
    trailing = sentence.is_stop(after) and not (
        after < size - 1 and sentence.words[after] in {":"} | set(OPENING) | {"(", "—"})
    content = []
    if trailing or after >= size:
        content = [] if before == 0 and sentence.words[0] == "as" else sentence.clause(0, before)
        if after < size - 1:
            content += sentence.clause(after, size - 1)
    else:
        if sentence.words[first] in TELLING:  # "told reporters that": what follows "that"
            that = [n for n in range(after, min(after + 7, size)) if sentence.words[n] == "that"]
            after = that[0] if that else after
        if sentence.words[first] in CLAUSE_VERBS and not _has_clause(sentence, after, size - 1):
            return None
        content = sentence.clause(after, size - 1)
        if before >= 1 and sentence.quoted[before]:  # "“Z,” Y told X": X is no part of it
            more = content if _has_clause(sentence, after, size - 1) else []
            content = sentence.clause(0, before) + more
    return Found(act, cue, source, content)


def can_speak(sentence, source, last):
    """Return whether a subject can answer for a claim: a person, a body, a text, a name.

    "The effort underscores the scale" attributes nothing; before "that" and a quotation any
    subject does.
    """
    words = sentence.words[source[0]:source[1] + 1]
    if sentence.words[last + 1:last + 2] in (["that"], ["“"]) or set(words) & PRONOUNS - {"it"}:
        return True
    named = any(sentence.is_capital(n) for n in range(source[0] + (source[0] == 0), source[1] + 1))
    return named or sentence.is_capital(source[1]) or bool(class_hits([
        w.removesuffix("'s") for w in words]))


def _inverted(sentence, left, first, last, act):
    """Return the range of Y in "Z, said Y" or "“Z” said Y", or None."""
    if first == 0 or left != first - 1 or sentence.words[left] not in {",", *CLOSING, "?", "!"}:
        return None
    if sentence.words[left] == "," and not sentence.quoted[left] and act not in {"say", "ask"} and (
            left == 0 or not sentence.quoted[left - 1]):
        return None
    if not sentence.is_nominal(last + 1) or sentence.words[last + 1] in {"that", "this"}:
        return None
    end = last + 1
    while not sentence.is_stop(end + 1) and sentence.words[end + 1] not in AGENT_STOPS - {"and"}:
        end += 1
    nominal = all(w not in BE | HAVE | MODALS for w in sentence.words[last + 1:end + 1])
    closed = sentence.quoted[left] or sentence.is_stop(end + 1) or sentence.is_capital(last + 1)
    return (last + 1, _with_apposition(sentence, end)) if nominal and closed else None


def _with_apposition(sentence, end):
    """Return the end of Y in "said Y, a mother of three" (to the next mark), else `end`."""
    if sentence.words[end + 1:end + 2] != [","] or not (
            set(sentence.words[end + 2:end + 3]) & (APPOSITION | {"a", "an", "the"})
            or sentence.words[end + 2:end + 3] and sentence.words[end + 2].isdigit()):
        return end
    n = end + 2
    while not sentence.is_stop(n + 1):
        n += 1
    return n


def _subject(sentence, left):
    """Return the noun phrase that ends at `left`, or None."""
    if left < 0 or sentence.is_stop(left) or sentence.quoted[left]:
        return None
    if sentence.words[left] in {"who", "which", "that"}:
        return _antecedent(sentence, left)
    if sentence.words[left] in BREAKS | {"and"} | PREPOSITIONS:
        return None
    begin = left
    while begin > 0 and not sentence.is_stop(begin - 1) and not sentence.quoted[begin - 1] \
            and sentence.words[begin - 1] not in BREAKS | {"who"} and left - begin < 15:
        if sentence.words[begin] in PRONOUNS or (
                sentence.words[begin - 1] == "and" and not _joins_nouns(sentence, begin - 1)):
            break
        begin -= 1
    if begin == 0 or sentence.is_stop(begin - 1):  # "On Monday the minister": drop the adverbial
        while sentence.words[begin] in PREPOSITIONS and begin < left:
            step = next((n for n in range(begin + 2, left + 1)
                         if sentence.words[n] in DETERMINERS | PRONOUNS), None)
            if step is None:
                break
            begin = step
    while begin < left and sentence.words[begin] in {"and", "but", "then", "later", "even"}:
        begin += 1
    inside = sentence.words[begin:left + 1]
    relative = next((n for n, w in enumerate(inside) if w in {"who", "which"}), len(inside))
    if set(inside[:relative]) & (BE | HAVE | MODALS) - {"'s"}:
        return None
    return (begin, left)


def _joins_nouns(sentence, n):
    """Return whether the "and" at n joins two nouns and not two clauses."""
    return (sentence.is_capital(n - 1) and sentence.is_capital(n + 1)) or (
        sentence.words[n - 1].endswith("s") and sentence.words[n + 1] not in DETERMINERS | PRONOUNS)


def _antecedent(sentence, relative):
    """Return the noun phrase before "who" or "which"."""
    n = relative - 1
    while n >= 0 and sentence.words[n] in {","}:
        n -= 1
    return _subject(sentence, n) if n >= 0 and sentence.words[n] not in BREAKS else None


def _before_apposition(sentence, comma):
    """Return the source in "Y, the mayor, said": Y, and the rest unless a preposition begins it."""
    start = comma
    while start > 0 and not sentence.quoted[start - 1] and \
            sentence.words[start - 1] not in {";", ":", "?", "!"}:
        start -= 1
    start = next((n for n in range(start, comma) if not sentence.is_stop(n)), None)
    if start is None or not sentence.is_nominal(start):
        return None
    head = next((n for n in range(start, comma + 1) if sentence.is_stop(n)), comma)
    if any(w in BE | HAVE | MODALS for w in sentence.words[start:head]):
        return None
    inner = sentence.words[head + 1:head + 2]
    named = head < comma and inner and inner[0] not in PREPOSITIONS
    return (start, comma - 1 if named and comma - start < 30 else head - 1)


def _add_quotations(sentence, found):
    """Give quoted words that no content covers to the attribution of the sentence, or their own."""
    covered = {n for f in found for a, b in f.content for n in range(a, b + 1)}
    loose = [(a, b) for a, b in sentence.quotations()
             if b - a >= 4 and not covered & set(range(a, b + 1))]
    if not loose:
        return found
    carrier = next((f for f in found if f.act in {"say", "report", "stress"} and f.source), None)
    if carrier:
        carrier.content = sorted(carrier.content + loose)
        return found
    words = sum(w not in STOPS for w in sentence.words)
    inside = sum(w not in STOPS for a, b in loose for w in sentence.words[a:b + 1])
    if inside < 0.8 * words:
        return found
    return [*found, Found("say", None, None, loose, follows=True)]
