"""What a form of a verb, noun or adjective of saying, thinking or wanting attributes.

The rules read words, their kinds (kinds.py) and marks only, from left to right.
"""

from framebook.voices.contents import (
    has_verb,
    is_only_name,
    rest_after,
    skip_addressee,
    skip_circumstance,
)
from framebook.voices.cue_nouns import is_noun, read_noun
from framebook.voices.cue_passives import (
    read_adverbial,
    read_participle,
    read_seeming,
    read_state,
)
from framebook.voices.cue_words import (
    ADVERBIAL,
    AMBIGUOUS_ACTS,
    AS_VERBS,
    BARE_VERBS,
    BEFORE_UNNAMED,
    CLAUSE_VERBS,
    CLOSING,
    CUE_ENDS,
    DOCUMENTS,
    DOING,
    GERUND_AFTER,
    NOBODY,
    NOUN_LIKE,
    NOUNS,
    OPENING,
    ORDERS,
    PARTICIPLES,
    QUOTE_VERBS,
    QUOTING,
    SEEMING,
    STATES,
    TELLING,
    TOPICS,
    UNNAMED,
    WON,
)
from framebook.voices.kinds import (
    ADVERB,
    AGENT_STOPS,
    AUXILIARY,
    BE,
    BREAK,
    CAPITAL,
    DETERMINER,
    FINITE,
    JOINING,
    PLURAL,
    PREPOSITION,
    PRONOUN,
    SPOKEN,
    STOP,
    TIMES,
)
from framebook.voices.sentence import Found


def read_cue(sentence, first, last, act, earlier):
    """Return the attribution of a cue form, or None."""
    words, kinds = sentence.words, sentence.kinds
    word = words[first]
    if _is_name(sentence, first) or words[0] == "(" and word in {"reporting", "writing"}:
        return None
    if word in ADVERBIAL:
        return read_adverbial(sentence, first, act)
    if last > first and words[last] == "to" and not sentence.is_nominal(last + 1):
        last -= 1  # "to" belongs to what is planned
    if word in NOUNS and word not in NOUN_LIKE or is_noun(sentence, first):
        return read_noun(sentence, first, act, earlier) if word in NOUNS else None
    left, helpers, infinitive = sentence.verb_group(first - 1)
    cue = (left + 1, last)
    if (
        earlier
        and (left if infinitive else first) <= earlier[-1].cue[1] < last + 1
        and (earlier[-1].cue[0] <= first)
    ):
        return None  # "has promised to say": one attribution
    if word in STATES:
        return read_state(sentence, left, helpers, cue, act, earlier)
    if word in SEEMING:
        return read_seeming(sentence, left, cue, act)
    if word.endswith(("ed", "en")) or word in PARTICIPLES:
        read, one = read_participle(sentence, left, helpers, cue, act, earlier, first)
        if read:
            return one
    if (
        not is_whole(sentence, first, last)
        or word.startswith("appeal")
        and (words[last] == "for" or words[last + 1] == "for")
    ):
        return None
    if (
        words[last + 1] in CUE_ENDS
        and (act != "say" or words[last + 1] in {"about", "of"})
        and (words[last + 1] != "by" and words[last + 2] not in TIMES)
        and not (
            words[last + 1] in {"about", "over"}
            and (
                words[last + 2][:1].isdigit()
                or words[last + 2] == "half"
                or sentence.has_clause(last + 2)
                and act == "say"
            )
        )
    ):
        last += 1  # "hinted at", "complained about"
        cue = (cue[0], last)
    gerund = word.endswith("ing") and not helpers & BE
    if gerund or infinitive:
        if act not in SPOKEN and not kinds[first - 1] & STOP:
            return None
        return _governed(sentence, (first, last) if gerund else cue, act, earlier, first)
    return _inverted(sentence, left, cue, act) or _active(sentence, left, cue, act, earlier, first)


def _is_name(sentence, n):
    """Return whether a cue is part of a name: it has a capital inside a sentence."""
    return bool(
        n > sentence.begin
        and sentence.kinds[n] & CAPITAL
        and not sentence.headline
        and not sentence.kinds[n - 1] & STOP
    )


def _may_govern(sentence, first, last, act):
    """Return whether “to say” may be an attribution: not after a noun (“no income to report”)."""
    words, before = sentence.words, sentence.words[first - 1]
    if words[first] != "to" or sentence.has_clause(last + 1) or words[last + 1] == "to":
        return True
    after_noun = sentence.kinds[first - 1] == 0 and not before.endswith(("ed", "ing", "en"))
    return not after_noun and act in SPOKEN


def _governed(sentence, cue, act, earlier, verb):
    """Read ", saying that Z" and "rose to say that Z": the source is the subject so far."""
    (first, last), words = cue, sentence.words
    if words[verb] in CLAUSE_VERBS and not sentence.has_clause(last + 1):
        return None
    if not words[verb].endswith("ing") and not _may_govern(sentence, first, last, act):
        return None
    if words[first] == "to" and sentence.required(first):
        return None
    caused = sentence.caused(first) if words[first] == "to" else None
    if caused:
        return Found(act, cue, caused, sentence.clause(last + 1, sentence.size - 1))
    if words[first - 1] == "as" and words[verb].endswith("ing"):  # “cited the army as saying”
        left = first - 2
        while left > 0 and words[left] not in QUOTING and not sentence.kinds[left] & STOP:
            left -= 1
        if words[left] in QUOTING and left < first - 2:
            content = sentence.clause(last + 1, sentence.size - 1)
            return Found(act, cue, (left + 1, first - 2), content)
    if (
        words[first].endswith("ing")
        and not sentence.kinds[first - 1] & (STOP | ADVERB)
        and (words[first - 1] not in GERUND_AFTER)
    ):
        source = sentence.subject_before(first - 1)  # "other candidates suggesting that"
        nearest = source and (sentence.smallest(source[0], first - 1), first - 1)
        if nearest and sentence.can_speak(nearest, sentence.size):
            source = nearest
        elif nearest and sentence.kinds[nearest[0]] & DETERMINER:
            source = sentence.last_source(first, earlier)  # “toured the region urging”
        else:
            source = None
    else:
        source = sentence.last_source(first, earlier)
    if (
        source
        and words[source[0] - 1] in {"in", "at", "to", "for", "on", "near"}
        and (source[1] == first - 1)
    ):
        source = sentence.last_source(first, earlier)  # “wrote to the embassy in Bern asking”
    content = sentence.clause(last + 1, sentence.size - 1)
    return Found(act, cue, source, content) if source and words[source[0]] not in NOBODY else None


def _inverted(sentence, left, cue, act):
    """Read "Z, said Y" and "“Z” said Y"."""
    (first, last), words, quoted, size = cue, sentence.words, sentence.quoted, sentence.size
    if (
        left != first - 1
        or last > first
        and words[last] in CUE_ENDS
        or words[first] in TELLING
        and (words[first] in {"tell", "tells", "told"} or not quoted[left])
        or words[last + 1] in {"that", "this"}
        or (sentence.kinds[last + 1] & (STOP | PREPOSITION | BREAK | AUXILIARY))
    ):
        return None
    parted = quoted[left] or words[left] in {",", "?", "!", *CLOSING}
    if first == 0 and True not in quoted or first and not parted:
        return None
    if words[left] == "," and act not in {"say", "ask"} and True not in quoted[left - 1 : left + 1]:
        return None
    end = sentence.phrase_end(last + 1, AGENT_STOPS - {"in", "at", "with"})
    if (
        end == last
        or any(k & (AUXILIARY | FINITE) for k in sentence.kinds[last + 1 : end + 1])
        or words[last + 1] in TIMES
        or not quoted[left]
        and has_verb(sentence, end + 1)
        or sentence.kinds[last + 1] & PRONOUN
        and end > last + 1  # “Ada, her aunt, said she left”
        or not (
            quoted[left] or sentence.kinds[end + 1] & STOP or (sentence.kinds[last + 1] & CAPITAL)
        )
    ):
        return None
    source = sentence.phrase_after(last + 1)
    if not quoted[left] and not sentence.can_speak(source, source[1]):
        return None  # “Tesla, the carmaker founded in 2003, said profits fell.”
    content, rest = sentence.clause(0, first - 1), source[1] + 1
    if words[rest] == "," and words[rest + 1] in {"who", "whose", "which"}:
        rest = sentence.next_stop(rest + 1)  # "said Y, who asked not to be named"
    if rest < size - 1 and words[rest] in {",", ":"} | OPENING:
        content += rest_after(sentence, rest, quoted[left])
    return Found(act, cue, source, content)


def _active(sentence, left, cue, act, earlier, verb):
    """Read "Y said Z", "Z, Y said" and "Z, Y said, Z"."""
    (first, last), size, words = cue, sentence.size, sentence.words
    source = sentence.subject_of(left, earlier)
    loose = act in AMBIGUOUS_ACTS or last > first and words[last] in CUE_ENDS  # “talks aimed at”
    if source is None or loose and not sentence.can_speak(source, last):
        return None
    before, after = source[0] - 1, last + 1
    if words[after] == "," and sentence.kinds[after + 1] & (PREPOSITION | ADVERB):
        comma = sentence.next_stop(after + 1)  # “said, among other things, that”
        after = comma + 1 if words[comma : comma + 2] == [",", "that"] else after
    trailing = sentence.kinds[after] & STOP and words[after] not in {":", "(", "—", *OPENING}
    clause = sentence.has_clause(after)
    if (
        words[verb].startswith("claim")
        and not clause
        and not WON.isdisjoint(words[after : after + 6])
    ):
        return None  # “claimed the title”
    if words[verb] in CLAUSE_VERBS - AS_VERBS and not (
        clause
        or trailing
        or not DOCUMENTS.isdisjoint(words[source[0] : first])
        or act == "deny"
        and not NOUNS.isdisjoint(words[after : after + 4])  # “declined the request”
    ):
        return None
    if words[source[1]] in NOBODY or words[source[0]] == "you" and words[source[0] - 1] in DOING:
        return None  # “Do you know where”, “Please ask”
    if trailing:
        relative = words[before] in {"which", "as", "and", "but", "so"}
        if before > sentence.begin and not (sentence.kinds[before] & STOP or relative):
            content = rest_after(sentence, after, True) if words[after] != "." else []
            if words[before - 1] in {"a", "an"} and words[before - 2] == ",":
                content = [(before - 1, before)]  # “a charge Oslo denies”
            if not content:
                return None  # “The minister said the company would appeal.”
            return Found(act, cue, source, content)
        content = [] if before == 0 and words[0] == "as" else sentence.clause(0, before)
        quoted = bool(content) and sentence.quoted[before]
        return Found(act, cue, source, content + rest_after(sentence, after, quoted))
    if words[verb] in TELLING or words[last] in TELLING:
        after = skip_addressee(sentence, after)
    after = skip_circumstance(sentence, after)
    content = sentence.clause(after, size - 1)
    if before >= 1 and sentence.quoted[before]:  # "“Z,” Y told X": X is no part of it
        content = sentence.clause(0, before) + (content if clause else [])
    elif (
        before > 2
        and words[before] == ","
        and (
            (words[after] in TIMES | {"last", "late"} or sentence.kinds[after] & PREPOSITION)
            and (act in {"say", "report"} or act in SPOKEN and _is_told(sentence, before))
            or words[verb] in TELLING
            and not sentence.has_clause(after)
            and _is_told(sentence, before)
        )
    ):
        content = sentence.clause(0, before)  # "Z, the ministry said on Tuesday"
    return Found(act, cue, source, content)


def is_whole(sentence, first, last):
    """Return whether a verb has beside it what makes it an attribution."""
    word, after = sentence.words[first], last + 1
    following = sentence.words[after]
    if following in BEFORE_UNNAMED and not UNNAMED.isdisjoint(sentence.words[after : after + 7]):
        return False  # "who asked not to be named"
    if word in AS_VERBS:
        return "as" in sentence.words[after : after + 12] or (
            word in CLAUSE_VERBS and sentence.has_clause(after)
        )
    alone = last == first
    if following == ":" and after == sentence.size - 1:
        return True  # “Venn continued:” before a quotation
    near = sentence.words[after : after + 12]
    if word.startswith(("answer", "respond")) and not {"request", "requests"}.isdisjoint(near[:4]):
        return False  # “did not answer requests for comment”
    if word.startswith("commit") and alone:
        return following in {"to", "that"}  # not “commit crimes”
    if word.startswith("plead"):
        return alone and following in {"with", "for", "to"}  # not “pleaded guilty”
    if word.startswith("refer") and not alone:
        return "as" in near or True in sentence.quoted[after : after + 8]
    if word in ORDERS:
        return "to" in near or "that" in near or sentence.has_clause(after)
    if word in {"called", "dubbed", "nicknamed", "calling"} and alone:
        return not is_only_name(sentence, after)
    if word in BARE_VERBS and alone and following in TOPICS:
        return True
    if (
        alone
        and word in BARE_VERBS
        or word in QUOTE_VERBS
        and (alone or sentence.words[last] == "on")
    ):
        that = "that" in sentence.words[after : min(sentence.next_stop(after), after + 10)]
        quoted = True in sentence.quoted[max(first - 9, 0) : last + 6]
        return that or quoted or _is_fronted(sentence, first, after)
    # Not “residents present at the meeting”.
    return word != "present" or not sentence.kinds[after] & PREPOSITION


def _is_told(sentence, comma):
    """Return whether a whole clause stands before a comma: “It failed, ”."""
    words, kinds, begin = sentence.words, sentence.kinds, sentence.begin
    return not kinds[begin] & (BREAK | PREPOSITION) and any(
        kinds[n] & (AUXILIARY | FINITE)
        or words[n].endswith("ed")
        or n > begin
        and kinds[n] & PLURAL
        and kinds[n + 1] & (DETERMINER | PRONOUN)  # “lacks a plan”
        for n in range(begin, comma)
    )


def _is_fronted(sentence, first, after):
    """Return whether what is said stands before a verb: “It failed, Ada Venn wrote in a memo”."""
    words, kinds, begin = sentence.words, sentence.kinds, sentence.begin
    comma = next((n for n in range(begin + 2, first) if words[n] in {",", *CLOSING}), first)
    if comma == first or sentence.quoted[comma - 1]:
        return comma < first
    if not words[first].startswith(("wr", "post")):
        return False
    if words[first - 1] != "," and words[after] == ",":
        return True
    if not _is_told(sentence, comma):
        return False
    inverted = words[first - 1] == "," and not kinds[after] & (STOP | DETERMINER | PREPOSITION)
    trails = kinds[after] & (STOP | PREPOSITION) or words[after] in TIMES | {"last", "this"}
    return inverted or bool(trails) and words[first - 1] not in JOINING
