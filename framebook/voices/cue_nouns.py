"""Nouns as cues: “the claim that”, “her pledge to”; and whether a form is a noun."""

from framebook.voices.classes import builtin
from framebook.voices.cue_words import (
    ABOUT,
    BOTH,
    BY_NOUNS,
    CLAUSE_VERBS,
    CLOSING,
    CONTENT_STARTS,
    DOCUMENTS,
    GIVEN,
    GIVING,
    LIGHT,
    NEUTRAL,
    NOBODY,
    NOUN_LIKE,
    NOUN_PHRASE_ENDS,
    OF_SPEAKERS,
    OPENING,
    OWNER_LINKS,
    OWNERS,
    RUMOURS,
    THAT_NOUNS,
    TO_NOUNS,
    TOPIC_NOUNS,
    VOWS,
)
from framebook.voices.kinds import (
    ADVERB,
    AGENT_STOPS,
    AUXILIARY,
    BREAK,
    CAPITAL,
    DETERMINER,
    FINITE,
    MODAL,
    PLURAL,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
    STOP,
)
from framebook.voices.sentence import Found


def is_noun(sentence, n):
    """Return whether a form such as "report" or "claims" stands as a noun here."""
    words, kinds = sentence.words, sentence.kinds
    word, before, after, left = words[n], kinds[n - 1], kinds[n + 1], words[n - 1] if n else ""
    if kinds[n] & POSSESSIVE or before & POSSESSIVE and left != "her" or left in {"/", "@", "<"}:
        return True
    if before & DETERMINER and (
        left not in NEUTRAL or left in {"these", "those"} and word[-1] == "s"
    ):
        return True
    if (
        before & ADVERB
        and word.endswith("ed")
        and kinds[n - 2] & (DETERMINER | PREPOSITION | POSSESSIVE)
        and (not after & (STOP | DETERMINER | PREPOSITION | PRONOUN))
    ):
        return True  # "a hotly contested race"
    if word == "back" and (after & PREPOSITION or words[n + 1] in {"to", "in"}):
        return True  # “brought pupils back to school”
    if left == "and" and kinds[n - 2] == 0 and kinds[n - 3] & DETERMINER and word in NOUN_LIKE:
        return True  # “the hassle and stress this can cause”
    if word == "states" and not (
        before & (CAPITAL | PRONOUN | ADVERB)
        or left in {"which", "who"}
        or left == "and"
        and not kinds[n - 2] & PLURAL  # not “cities and states”
        or left in builtin().nouns
    ):
        return True
    if left == "to" and word in NOUN_LIKE and words[n + 1] in {",", "and", "or"}:
        return True  # “grants to state, local and tribal authorities”
    if word not in NOUN_LIKE or word in CLAUSE_VERBS and DOCUMENTS & set(words[max(n - 8, 0) : n]):
        return False  # "the polls show"
    return _is_used_as_noun(sentence, n)


def _is_used_as_noun(sentence, n):
    """Return whether a form that is as often a noun is one here, by what stands around it."""
    words, kinds = sentence.words, sentence.kinds
    word, before, after, left = words[n], kinds[n - 1], kinds[n + 1], words[n - 1] if n else ""
    apposed = (
        left == ","
        and word.endswith("s")
        and after & (DETERMINER | CAPITAL)
        and ("," in words[max(n - 20, 0) : n - 1])
    )  # “Ada Venn, an expert, doubts the plan”
    opens = n - 1 == sentence.begin  # “Ministers hope to”: the capital is the sentence's
    if (
        opens
        and before & PLURAL
        and (
            words[n + 1] in {"that", "to"}
            or after & (DETERMINER | PRONOUN)
            and sentence.has_clause(n + 1)
        )
    ):
        return False
    if left == "to" and sentence.caused(n - 1):
        return False  # “led the journalist to fear a pact”
    if (
        n == 0
        or kinds[n] & CAPITAL
        and not sentence.headline
        or before & STOP
        and not apposed
        or (before & PREPOSITION and left != "to")
    ):
        return True
    if apposed:
        return False
    if before & (PRONOUN | MODAL):
        return False
    if after & (STOP | AUXILIARY) and words[n + 1] not in {"to", ":"} | OPENING:
        return not (after & STOP and word in BOTH and _closes(sentence, n))
    if before & ADVERB or left in {"who", "which", "people"}:
        return False
    if word.endswith("s"):  # "the company plans to", "Crane attacks him"; "official reports say"
        return not (
            words[n + 1] in CONTENT_STARTS | OPENING
            or sentence.is_nominal(n + 1)
            or before & CAPITAL
            and n - 1 > sentence.begin
            and not after & (STOP | AUXILIARY)
        )
    return not (
        before & PLURAL and not before & CAPITAL or before & CAPITAL and word.endswith("ed")
    )


def _closes(sentence, n):
    """Return whether “, the book claims.” ends a sentence: a mark, who speaks, the verb."""
    words, kinds, begin = sentence.words, sentence.kinds, n - 1
    known = words[begin] in builtin().nouns or words[begin] in DOCUMENTS
    while begin > max(n - 9, 0) and not kinds[begin - 1] & (STOP | AUXILIARY | FINITE | BREAK):
        begin -= 1
    return bool(
        words[begin - 1] in {",", *CLOSING}
        and begin > 3
        and (known and kinds[begin] & DETERMINER or kinds[n - 1] & CAPITAL and n - begin < 5)
    )


def read_noun(sentence, n, act, earlier):
    """Read "X's claim that Z", "the claim by X that Z", "X made a claim that Z"."""
    kinds, words = sentence.kinds, sentence.words
    reach = 9 if words[n - 2] in {"in", "through", "via", "with"} else 4  # “in a statement that”
    if (
        earlier
        and 0 < n - earlier[-1].cue[1] <= reach
        and not any(k & (STOP | POSSESSIVE) for k in kinds[earlier[-1].cue[1] + 1 : n])
    ):
        return None  # "expressed concern that": one attribution
    left = n - 1
    while left > n - 5 and not kinds[left] & NOUN_PHRASE_ENDS and words[left] not in LIGHT:
        left -= 1
    one, source, begin, left = _lent(sentence, n, left, act, earlier)
    if one or source is None and kinds[left] & POSSESSIVE:
        return one
    after = n + 1
    if words[after] in {"made", "voiced", "given"} and words[after + 1] == "by":
        after += 1
    known = not builtin().nouns.isdisjoint(words[after + 1 : after + 5])
    if source is None and words[after] == "of" and words[n] in OF_SPEAKERS and known:
        end = sentence.phrase_end(after + 1, AGENT_STOPS)
        end = sentence.with_appositions(after + 1, end)
        rest = sentence.clause(end + 1, sentence.size - 1) if words[end + 1] == "," else []
        return Found(act, (n, n), (after + 1, end), rest or [(left + 1, n)])
    if words[after] in {"by", "from", "among"}:
        wanted = words[n] in {"calls", "demands", "appeals", "pleas"}  # “calls by unions for”
        end = sentence.phrase_end(after + 1, AGENT_STOPS | ({"for"} if wanted else set()))
        source = source or ((after + 1, end) if end > after else None)
        after = end + 1
    return _content_of(sentence, n, act, source, begin, after)


def _lent(sentence, n, left, act, earlier):
    """Return (an attribution read at once, source, begin of the cue, left of it).

    The source is the owner of the noun or the subject of “made a”, “came to the”, “gave”.
    """
    words, kinds = sentence.words, sentence.kinds
    verb = left - 1 if kinds[left] & DETERMINER else left
    if kinds[left] & POSSESSIVE:
        floor = earlier[-1].cue[1] + 1 if earlier and earlier[-1].cue[1] < left else 0
        source = (left, left) if words[left] in OWNERS else sentence.subject_before(left, floor)
        for k in range(source[0], left - 1) if source else ():
            if kinds[k + 1] & DETERMINER and words[k] not in {"of", "for", "all", "both"}:
                source = (k + 1, left)  # “stopped the government’s determination”
        while source and source[0] < left and words[source[0]] in OWNER_LINKS:
            source = (source[0] + 1, left)
        return None, source if words[left].removesuffix("'s") not in NOBODY else None, n, left
    if words[verb] == "to" and words[verb - 1] in {"came", "come", "comes", "coming"}:
        left, begin = sentence.verb_group(verb - 2)[0], verb - 1
        source = sentence.subject_of(left, earlier)
        content = sentence.clause(n + 1, sentence.size - 1) if words[n + 1] == "that" else []
        found = Found(act, (begin, n), source, content or [(verb + 1, n)])
        return found if source else None, None, n, left
    if words[n] in GIVEN and not GIVING.isdisjoint(words[max(n - 8, 0) : n]):
        begin = max(k for k in range(max(n - 8, 0), n) if words[k] in GIVING)
        left = sentence.verb_group(begin - 1)[0]
        source = sentence.subject_of(left, earlier)
        if source and begin + 1 < n and not any(k & STOP for k in kinds[begin:n]):
            content = sentence.clause(begin + 1, sentence.size - 1)
            return Found(act, (begin, n), source, content), source, begin, left
        return None, source, begin, left
    if words[verb] in LIGHT:
        left, _, infinitive = sentence.verb_group(verb - 1)
        governed = infinitive or words[verb].endswith("ing")
        find = sentence.last_source if governed else sentence.subject_of
        return None, find(left + 1 if governed else left, earlier), left + 1, left
    return None, None, n, left


def _content_of(sentence, n, act, source, begin, after):
    """Return the attribution of a noun whose source is known, by what follows it, or None."""
    words, kinds = sentence.words, sentence.kinds
    word, following = words[n], words[after + 1]
    that = (
        words[after] == "that"
        and word in THAT_NOUNS
        and not (kinds[after + 1] & AUXILIARY or following.endswith("ed"))
    )  # not "a claim that was"
    to = (
        words[after] == "to"
        and word in TO_NOUNS
        and (source or word in VOWS and words[n - 1] in {"a", "an"})
        and not (following.endswith("ing") or "-" in following)
        and not kinds[after + 1] & (DETERMINER | CAPITAL | PLURAL | POSSESSIVE | PRONOUN)
    )
    if that or to:
        content = sentence.clause(after, sentence.size - 1)
        return Found(act, (begin, n), source, content, open_source=source is None)
    rumour = word in RUMOURS and source is None and words[after] in {"of", "that"}
    if rumour and words[after + 1] not in {"the", "his", "her"} and not kinds[n - 1] & DETERMINER:
        content = sentence.clause(after + 1, sentence.next_stop(after + 1) - 1)
        return Found(act, (n, n), None, content, open_source=True) if content else None
    if source and word in BY_NOUNS and words[n + 1] in {"by", "from"}:
        return Found(act, (n, n), source, [(n, n)])  # “despite criticism by the union”
    if source and word in TOPIC_NOUNS and words[after] in ABOUT:
        content = sentence.clause(after + 1, sentence.next_stop(after + 1) - 1)
        return Found(act, (begin, after if after == n + 1 else n), source, content)
    return None
