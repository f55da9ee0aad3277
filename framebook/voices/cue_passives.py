"""Passives, states and adverbs as cues: “was called”, “is worried that”, “reportedly”."""

from framebook.voices.classes import builtin
from framebook.voices.contents import is_only_name
from framebook.voices.cue_words import (
    ADJECTIVAL,
    ALONE,
    AMBIGUOUS_ACTS,
    AS_VERBS,
    CONTENT_STARTS,
    CUE_ENDS,
    JUDGED,
    LINKING,
    NAMING,
    NO_PASSIVE,
    PARTICIPLES,
    PUBLISHED,
    QUOTED,
    TEXTS,
)
from framebook.voices.kinds import (
    ADVERB,
    AGENT_STOPS,
    BE,
    CAPITAL,
    DETERMINER,
    HAVE,
    MODAL,
    OCCASIONS,
    PLURAL,
    PREPOSITION,
    PRONOUN,
    RELATIVES,
    STOP,
)
from framebook.voices.sentence import Found


def read_participle(sentence, left, helpers, cue, act, earlier, first):
    """Return (whether a form such as “called” is read here, its attribution or None).

    Not read here is the past tense: “the mayor called”. `first` is where the verb itself is.
    """
    last, words, kinds = cue[1], sentence.words, sentence.kinds
    word, after = words[first], words[last + 1]
    passive = helpers & BE or not helpers & (HAVE | MODAL)
    agent = sentence.agent_after(last) if passive else None
    if word in QUOTED and helpers & BE and after == "as" and words[last + 2].endswith("ing"):
        return True, read_quoted_as(sentence, left, cue, earlier)
    if helpers & BE or _is_reduced(sentence, first, last, agent):
        return True, read_passive(sentence, left, cue, act, agent)
    attributive = (  # “a separate planned visit”
        word in ADJECTIVAL
        and words[first - 1] not in builtin().nouns
        and kinds[first - 1] == 0
        and kinds[first - 2] & DETERMINER
        and kinds[last + 1] in (0, PLURAL)
    )
    named = any(kinds[n] & (CAPITAL | DETERMINER) for n in (last + 1, last + 2))
    reduced = (
        after == "by"  # “a report published by X shows”, “two written warnings”
        and words[last + 2] not in OCCASIONS  # “said by telephone”
        or agent
        and not named
        or not helpers
        and (attributive or words[left] == "those" or word in PUBLISHED and words[left] in TEXTS)
        or word in PARTICIPLES
        and word.endswith("en")
        and not helpers & HAVE
    )
    return bool(reduced), None


def _is_reduced(sentence, first, last, agent):
    """Return whether a participle without a form of “be” is a passive: “, declared safe by X”."""
    words, before, after = sentence.words, sentence.kinds[first - 1], sentence.words[last + 1]
    apart, word = before & STOP, words[first]
    if (
        agent
        and not before & PRONOUN
        and (
            apart
            or words[agent[1] + 1] in {"as", "to", "that"}
            or words[first - 1] in {"as", "though", "although", "while"}
        )
    ):
        return True
    judged = word in JUDGED and after == "as"
    named = word in NAMING and True in sentence.quoted[last + 1 : last + 3]
    return apart and (judged or named) or words[first - 1] == "as" and after in {"at", "in", "on"}


def read_passive(sentence, left, cue, act, agent):
    """Read "X has been framed by Y as Z", "X is expected to Z", "X, declared Z by Y"."""
    last, words = cue[1], sentence.words
    if agent is None:  # “announced to be "safe" by the council”
        closed = next(
            (b for _, b in sentence.quotations if last < b < last + 16 and words[b + 1] == "by"),
            None,
        )
        agent = closed and (closed + 2, sentence.phrase_end(closed + 2, AGENT_STOPS))
        agent = agent if agent and agent[1] >= agent[0] else None
    if agent and act in AMBIGUOUS_ACTS and not sentence.can_speak(agent, agent[1]):
        return None
    after, end = agent[1] + 1 if agent else last + 1, sentence.size - 1
    opens = words[after] in CONTENT_STARTS or sentence.quoted[after]
    opens |= words[last] in JUDGED and not sentence.kinds[after] & STOP
    opens |= words[left] == "as"  # “As revealed at trial”
    opens |= words[left] == "it" and sentence.has_clause(after)
    opens |= (
        words[last] in NAMING
        and not sentence.kinds[after] & (STOP | PREPOSITION)
        and (not is_only_name(sentence, after))
    )
    known_to = words[last] == "known" and words[after] != "that"
    if (
        (known_to and not sentence.kinds[after + 1] & (BE | HAVE))
        or (words[cue[1]] in NO_PASSIVE or words[cue[0]] in NO_PASSIVE)
        and not agent
        or words[last] in AS_VERBS
        and words[after] != "as"
        or not (agent or opens or words[last] in ALONE)
    ):
        return None  # "was dismissed", "has been charged"
    if words[left] in RELATIVES:
        end = next((n for n in range(after, end) if words[n] == ","), end + 1) - 1
    content = []
    if words[left] == "as":  # “, as reported by the agency, Z”
        comma = next((n for n in range(after, end) if words[n] in {",", "—"}), end)
        content = sentence.clause(0, left - 1) + sentence.clause(comma, end)
        return Found(act, cue, agent, content, open_source=agent is None)
    if agent and agent[0] - 2 > last:  # declared *completed* by
        content = [(last + 1, agent[0] - 2)]
    elif not sentence.kinds[after] & STOP:
        content = sentence.clause(after, end)
    if not content or words[after] == "by":
        before = left - (words[left] in {"though", "although", "while"})
        subject = sentence.subject_before(
            before - (words[before] == ",")
        )  # “The gifts, praised by”
        if subject and words[left] == "it" and agent:
            return None  # “it was attacked by”
        if subject and words[left] == "it":  # ", it is said,"
            content = sentence.clause(0, left - 1) + sentence.clause(last + 1, sentence.size - 1)
        elif subject:
            content = [subject, *content]
    return Found(act, cue, agent, content, open_source=agent is None)


def read_quoted_as(sentence, left, cue, earlier):
    """Read “X was quoted as saying Z”: X speaks."""
    after = cue[1] + 2 + sentence.words[cue[1] + 2].endswith("ing")
    source, content = sentence.subject_of(left, earlier), sentence.clause(after, sentence.size - 1)
    return Found("say", (cue[0], after - 1), source, content) if source else None


def read_state(sentence, left, helpers, cue, act, earlier):
    """Read "X is worried that Z", and "X left, worried that Z"."""
    words, kinds_, (first, last) = sentence.words, sentence.kinds, cue
    if words[last + 1] in CUE_ENDS and words[last] not in CUE_ENDS:
        last += 1
    bare = kinds_[last + 1] & (DETERMINER | PRONOUN) and sentence.has_clause(last + 1)
    if (
        not bare
        and words[last] not in CUE_ENDS | {"that"}
        and words[last + 1]
        not in {
            "that",
            "to",
            "when",
            "if",
            "whether",
        }
    ):
        return None
    if words[left] in LINKING:
        left = sentence.verb_group(left - 1)[0]
        first, helpers = left + 1, BE
    if helpers & BE:
        source = sentence.subject_of(left, earlier)
    else:
        source = sentence.last_source(first, earlier) if words[first - 1] == "," else None
    content = sentence.clause(last + 1, sentence.size - 1)
    return Found(act, (first, last), source, content) if source else None


def read_seeming(sentence, left, cue, act):
    """Read "X seems to Z": how it looks, and to nobody that is named."""
    words, after = sentence.words, cue[1] + 1
    if (
        words[cue[1]].startswith("appear")
        and not sentence.kinds[after] & ADVERB
        and (words[after] not in {"to", "that", "as", "likely", "set", "ready", "unlikely"})
    ):
        return None  # "appeared on Monday"
    subject = sentence.subject_before(left) if words[left] != "it" else None
    content = sentence.clause(after, sentence.next_stop(after) - 1)
    return Found(act, cue, None, ([subject] if subject else []) + content, open_source=True)


def read_adverbial(sentence, n, act):
    """Read "X has reportedly Z": the clause around the adverb."""
    begin = next(k for k in range(n, -1, -1) if sentence.kinds[k - 1] & STOP)
    content = sentence.clause(begin, n - 1) + sentence.clause(n + 1, sentence.size - 1)
    return Found(act, (n, n), None, content, open_source=True)
