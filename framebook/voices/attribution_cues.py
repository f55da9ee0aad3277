"""What a form of a verb, noun or adjective of saying, thinking or wanting attributes.

The rules read words, their kinds (clauses.py) and marks only, from left to right.
"""

from framebook.tokenising.words import words
from framebook.voices.classes import builtin
from framebook.voices.sentence import (
    ADVERB,
    AGENT_STOPS,
    AUXILIARY,
    BE,
    BREAK,
    CALENDAR,
    CAPITAL,
    CLAUSE_STARTS,
    DETERMINER,
    HAVE,
    MODAL,
    PLURAL,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
    RELATIVES,
    SPOKEN,
    STOP,
    TIMES,
    Found,
)

QUOTED = {"quoted", "cited", "reported"}
NAMING = {"called", "dubbed", "nicknamed", "described", "labelled", "labeled", "branded"}
OF_SPEAKERS = {"demands", "words", "testimony", "view", "opinion"}
RUMOURS = set("allegations accusations rumors rumours claims reports".split())
WON = set(
    "nomination title prize crown championship gold medal throne seat lives life spot".split()
)
ORDERS = set("ordered orders ordering order instructed instructs commanded".split())
OCCASIONS = words("occasions")
QUOTING = set("cited cites citing quoted quotes quoting".split())
NOBODY = set("anyone nobody none please let neither thank thanks".split())
DOING = {"do", "did", "would", "could", "can", "will", "should"}
GIVEN, GIVING = {"blame", "credit", "praise"}, {"gave", "give", "gives", "giving", "given"}
VOWS = set("pledge promise vow threat demand request refusal plea commitment".split())
JUDGED = set(
    "accused suspected considered regarded rated deemed praised blamed criticised criticized".split()
)
# As often a noun as a verb, and so is the plural.
NOUN_LIKE = words("noun_like") | {f"{word}s" for word in words("noun_like")}
GOVERNORS, DOCUMENTS = words("governors"), words("documents")
CLAUSE_VERBS, AS_VERBS = words("clause_verbs"), words("as_verbs")
QUOTE_VERBS, BARE_VERBS = words("quote_verbs"), words("bare_verbs")
STATES, SEEMING, LINKING = words("states"), words("seeming"), words("linking")
THAT_NOUNS, TO_NOUNS = words("nouns_with_that"), words("nouns_with_to")
TOPIC_NOUNS, ABOUT = words("nouns_with_preposition"), words("topic_prepositions")
NOUNS, OWNERS = THAT_NOUNS | TO_NOUNS | TOPIC_NOUNS | {"words"}, words("possessives")
LIGHT, ALONE, PARTICIPLES = words("light_verbs"), words("passive_alone"), words("participles")
ADVERBIAL, CUE_ENDS, TELLING = words("adverbial_cues"), words("cue_ends"), words("telling")
CONTENT_STARTS = CLAUSE_STARTS | {"to", "as", "not", "by"}
OPENING, CLOSING = set("“«„\"'‘"), set("”»\"'’")
NEUTRAL = set("this that these those many some most few all both each".split())
TOPICS = {"about", "of", "on", "for", "that", "out"}
UNNAMED = {"anonymity", "anonymous", "named", "identified"}
BEFORE_UNNAMED = {"anonymity", "not", "to", "on", "that", "of"}
GERUND_AFTER = {"by", "after", "before", "while", "when", "without", "in", "of", "for", "from"}
NOUN_PHRASE_ENDS = STOP | POSSESSIVE | DETERMINER | PREPOSITION | BREAK | PRONOUN | AUXILIARY
# Acts whose verbs also join things ("the effort underscores the scale"): who speaks is checked.
AMBIGUOUS_ACTS = set("stress report hint urge argue frame confirm expect promise".split())


def read_cue(sentence, first, last, act, earlier):
    """Return the attribution of a cue form, or None."""
    words, kinds = sentence.words, sentence.kinds
    word = words[first]
    if _is_name(sentence, first) or words[0] == "(" and word in {"reporting", "writing"}:
        return None
    if word in ADVERBIAL:
        return _adverbial(sentence, first, act)
    if last > first and words[last] == "to" and not sentence.is_nominal(last + 1):
        last -= 1  # "to" belongs to what is planned
    if word in NOUNS and word not in NOUN_LIKE or is_noun(sentence, first):
        return _noun(sentence, first, act, earlier) if word in NOUNS else None
    left, helpers, infinitive = verb_group(sentence, first - 1)
    cue = (left + 1, last)
    if (
        earlier
        and (left if infinitive else first) <= earlier[-1].cue[1] < last + 1
        and (earlier[-1].cue[0] <= first)
    ):
        return None  # "has promised to say": one attribution
    if word in STATES:
        return _state(sentence, left, helpers, cue, act, earlier)
    if word in SEEMING:
        return _seeming(sentence, left, cue, act)
    if word.endswith(("ed", "en")) or word in PARTICIPLES:
        passive = helpers & BE or not helpers & (HAVE | MODAL)
        agent = sentence.agent_after(last) if passive else None
        reduced = agent and (  # ", declared safe by X"
            kinds[first - 1] & STOP
            or words[agent[1] + 1] in {"as", "to", "that"}
            or words[first - 1] in {"as", "though", "although", "while"}
        )
        reduced = reduced or kinds[first - 1] & STOP and word in JUDGED and words[last + 1] == "as"
        reduced = (
            reduced
            or kinds[first - 1] & STOP
            and word in NAMING
            and (True in sentence.quoted[last + 1 : last + 3])
        )
        reduced = reduced or words[first - 1] == "as" and words[last + 1] in {"at", "in", "on"}
        if (
            word in QUOTED
            and helpers & BE
            and words[last + 1] == "as"
            and (words[last + 2].endswith("ing"))
        ):
            return _quoted_as(sentence, left, cue, earlier)
        if helpers & BE or reduced:
            return _passive(sentence, left, cue, act, agent)
        if (
            words[last + 1] == "by"
            or word in PARTICIPLES
            and word.endswith("en")
            and (not helpers & HAVE)
        ):
            return None  # "a report published by X shows", "two written warnings"
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


def _noun(sentence, n, act, earlier):
    """Read "X's claim that Z", "the claim by X that Z", "X made a claim that Z"."""
    kinds, words = sentence.kinds, sentence.words
    if (
        earlier
        and 0 < n - earlier[-1].cue[1] <= 4
        and not any(k & (STOP | POSSESSIVE) for k in kinds[earlier[-1].cue[1] + 1 : n])
    ):
        return None  # "expressed concern that": one attribution
    left = n - 1
    while left > n - 5 and not kinds[left] & NOUN_PHRASE_ENDS and words[left] not in LIGHT:
        left -= 1
    source, begin, after, verb = None, n, n + 1, left - 1 if kinds[left] & DETERMINER else left
    if kinds[left] & POSSESSIVE:
        source = (left, left) if words[left] in OWNERS else sentence.subject_before(left)
        while (
            source and source[0] < left and words[source[0]] in {"of", "to", "by", "from", "with"}
        ):
            source = (source[0] + 1, left)
        if words[left].removesuffix("'s") in NOBODY:
            return None
    elif words[verb] == "to" and words[verb - 1] in {"came", "come", "comes", "coming"}:
        left, begin = verb_group(sentence, verb - 2)[0], verb - 1
        source = sentence.subject_of(left, earlier)
        content = sentence.clause(after, sentence.size - 1) if words[after] == "that" else []
        content = content or [(verb + 1, n)]
        return Found(act, (begin, n), source, content) if source else None
    elif words[n] in GIVEN and not GIVING.isdisjoint(words[max(n - 8, 0) : n]):
        begin = max(k for k in range(max(n - 8, 0), n) if words[k] in GIVING)
        left = verb_group(sentence, begin - 1)[0]
        source = sentence.subject_of(left, earlier)
        if source and begin + 1 < n and not any(k & STOP for k in kinds[begin:n]):
            return Found(act, (begin, n), source, sentence.clause(begin + 1, sentence.size - 1))
    elif words[verb] in LIGHT:
        left, _, infinitive = verb_group(sentence, verb - 1)
        begin = left + 1
        source = (
            sentence.last_source(begin, earlier)
            if infinitive or words[verb].endswith("ing")
            else sentence.subject_of(left, earlier)
        )
    if words[after] in {"made", "voiced", "given"} and words[after + 1] == "by":
        after += 1
    if (
        source is None
        and words[after] == "of"
        and words[n] in OF_SPEAKERS
        and not (builtin().nouns.isdisjoint(words[after + 1 : after + 5]))
    ):
        end = sentence.phrase_end(after + 1, AGENT_STOPS)
        end = sentence.with_appositions(after + 1, end)
        rest = sentence.clause(end + 1, sentence.size - 1) if words[end + 1] == "," else []
        return Found(act, (n, n), (after + 1, end), rest or [(left + 1, n)])
    if words[after] in {"by", "from", "among"}:
        end = sentence.phrase_end(after + 1, AGENT_STOPS)
        source = source or ((after + 1, end) if end > after else None)
        after = end + 1
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
    if source and word in TOPIC_NOUNS and words[after] in ABOUT:
        content = sentence.clause(after + 1, sentence.next_stop(after + 1) - 1)
        return Found(act, (begin, after if after == n + 1 else n), source, content)
    return None


def _state(sentence, left, helpers, cue, act, earlier):
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
        left = verb_group(sentence, left - 1)[0]
        first, helpers = left + 1, BE
    if helpers & BE:
        source = sentence.subject_of(left, earlier)
    else:
        source = sentence.last_source(first, earlier) if words[first - 1] == "," else None
    content = sentence.clause(last + 1, sentence.size - 1)
    return Found(act, (first, last), source, content) if source else None


def _seeming(sentence, left, cue, act):
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


def _adverbial(sentence, n, act):
    """Read "X has reportedly Z": the clause around the adverb."""
    begin = next(k for k in range(n, -1, -1) if sentence.kinds[k - 1] & STOP)
    content = sentence.clause(begin, n - 1) + sentence.clause(n + 1, sentence.size - 1)
    return Found(act, (n, n), None, content, open_source=True)


def _quoted_as(sentence, left, cue, earlier):
    """Read “X was quoted as saying Z”: X speaks."""
    after = cue[1] + 2 + sentence.words[cue[1] + 2].endswith("ing")
    source, content = sentence.subject_of(left, earlier), sentence.clause(after, sentence.size - 1)
    return Found("say", (cue[0], after - 1), source, content) if source else None


def _passive(sentence, left, cue, act, agent):
    """Read "X has been framed by Y as Z", "X is expected to Z", "X, declared Z by Y"."""
    last, words = cue[1], sentence.words
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
        and (not _names(sentence, after))
    )
    if (
        words[last] in AS_VERBS
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
        subject = sentence.subject_before(left)
        if subject and words[left] == "it":  # ", it is said,"
            content = sentence.clause(0, left - 1) + sentence.clause(last + 1, sentence.size - 1)
        elif subject:
            content = [subject, *content]
    return Found(act, cue, agent, content, open_source=agent is None)


def _governed(sentence, cue, act, earlier, verb):
    """Read ", saying that Z" and "rose to say that Z": the source is the subject so far."""
    (first, last), words = cue, sentence.words
    if words[verb] in CLAUSE_VERBS and not sentence.has_clause(last + 1):
        return None
    if not words[verb].endswith("ing") and not _may_govern(sentence, first, last, act):
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
        if source and sentence.can_speak(source, last):
            source = (sentence.smallest(source[0], first - 1), first - 1)
        else:
            source = None
    else:
        source = sentence.last_source(first, earlier)
    if (
        source
        and words[source[0] - 1] in {"in", "at", "to", "with", "for", "on", "near"}
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
    if first == 0 and True not in quoted or first and words[left] not in {",", "?", "!", *CLOSING}:
        return None
    if words[left] == "," and act not in {"say", "ask"} and True not in quoted[left - 1 : left + 1]:
        return None
    end = sentence.phrase_end(last + 1, AGENT_STOPS - {"in", "at", "with"})
    if (
        end == last
        or any(k & AUXILIARY for k in sentence.kinds[last + 1 : end + 1])
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
        content += _rest(sentence, rest, quoted[left])
    return Found(act, cue, source, content)


def _rest(sentence, n, was_quoted):
    """Return what goes on being said after “Z, said Y”: not “, standing outside the court”."""
    last = sentence.size - 1
    if was_quoted:
        return (
            [
                piece
                for a, b in sentence.quotations
                if a >= n
                for piece in sentence.clause(a, min(b, last))
            ]
            if sentence.words[n] != ":"
            else sentence.clause(n, last)
        )
    following = sentence.kinds[n + 1]
    narrated = sentence.words[n + 1].endswith("ing") or following & (PREPOSITION | ADVERB)
    return [] if narrated else sentence.clause(n, last)


def _active(sentence, left, cue, act, earlier, verb):
    """Read "Y said Z", "Z, Y said" and "Z, Y said, Z"."""
    (first, last), size, words = cue, sentence.size, sentence.words
    source = sentence.subject_of(left, earlier)
    if source is None or act in AMBIGUOUS_ACTS and not sentence.can_speak(source, last):
        return None
    before, after = source[0] - 1, last + 1
    trailing = sentence.kinds[after] & STOP and words[after] not in {":", "(", "—", *OPENING}
    clause = sentence.has_clause(after)
    if (
        words[verb].startswith("claim")
        and not clause
        and not WON.isdisjoint(words[after : after + 6])
    ):
        return None  # “claimed the title”
    if words[verb] in CLAUSE_VERBS - AS_VERBS and not (
        clause or trailing or not DOCUMENTS.isdisjoint(words[source[0] : first])
    ):
        return None
    if words[source[1]] in NOBODY or words[source[0]] == "you" and words[source[0] - 1] in DOING:
        return None  # “Do you know where”, “Please ask”
    if trailing:
        relative = words[before] in {"which", "as", "and", "but", "so"}
        if before > sentence.begin and not (sentence.kinds[before] & STOP or relative):
            content = _rest(sentence, after, True) if words[after] != "." else []
            if words[before - 1] in {"a", "an"} and words[before - 2] == ",":
                content = [(before - 1, before)]  # “a charge Oslo denies”
            if not content:
                return None  # “The minister said the company would appeal.”
            return Found(act, cue, source, content)
        content = [] if before == 0 and words[0] == "as" else sentence.clause(0, before)
        quoted = bool(content) and sentence.quoted[before]
        return Found(act, cue, source, content + _rest(sentence, after, quoted))
    if words[verb] in TELLING or words[last] in TELLING:
        after = skip_addressee(sentence, after)
    after = skip_circumstance(sentence, after)
    content = sentence.clause(after, size - 1)
    if before >= 1 and sentence.quoted[before]:  # "“Z,” Y told X": X is no part of it
        content = sentence.clause(0, before) + (content if clause else [])
    elif (
        act == "say"
        and before > 2
        and words[before] == ","
        and (words[after] in CALENDAR or sentence.kinds[after] & PREPOSITION)
    ):
        content = sentence.clause(0, before)  # "Z, the ministry said on Tuesday"
    return Found(act, cue, source, content)


def skip_addressee(sentence, n):
    """Return where the content begins: after “reporters”, “the committee” or “him”, from n on."""
    words, kinds, end = sentence.words, sentence.kinds, n
    if kinds[n] & CAPITAL and not kinds[n] & POSSESSIVE:
        while kinds[end] & CAPITAL and end < n + 5:
            end += 1
    elif words[n] in {"him", "her", "them", "us", "me", "you", "it"}:
        end = n + 1
    elif kinds[n] & PLURAL or kinds[n] & DETERMINER:
        while end < n + 6 and not kinds[end] & (STOP | PRONOUN | AUXILIARY | BREAK | PREPOSITION):
            closed = kinds[end - 1] & PLURAL or end > n + 1
            if end > n and closed and kinds[end] & (DETERMINER | CAPITAL | POSSESSIVE):
                break
            end += 1
    after = skip_circumstance(sentence, end)
    told = (
        words[after] in {"that", ":", ","}
        or sentence.quoted[after]
        or (sentence.is_nominal(after) and sentence.has_clause(after))
        or words[after] in CLAUSE_STARTS
    )
    if end > n and told and not kinds[end] & AUXILIARY:
        return after
    return next((k for k in range(n, min(n + 7, sentence.size)) if words[k] == "that"), n)


def skip_circumstance(sentence, n):
    """Return where what is said begins after “on Tuesday” or “in a statement”, from n on."""
    words, start = sentence.words, n
    for _ in range(4):
        if (
            words[n] in TIMES
            or words[n] in {"earlier", "late", "last", "this"}
            and (words[n + 1] in TIMES)
        ):
            n += 1 + (words[n + 1] in TIMES)
        elif words[n] == "on" and words[n + 1] in CALENDAR:
            n += 2 + (words[n + 2] in TIMES)
        elif words[n] in {"in", "at", "during", "via", "through", "on", "by", "to", "from"}:
            end = next((k for k in range(n + 1, n + 7) if words[k] in OCCASIONS), None)
            if end is None or any(k & STOP for k in sentence.kinds[n:end]):
                break
            n = end + 1
            while words[n] in OCCASIONS or words[n] in {"with", "to", "from", "posted", "released"}:
                n += 1
                while (
                    sentence.kinds[n] & (CAPITAL | DETERMINER)
                    and words[n] not in {"that"}
                    and (words[n - 1] not in OCCASIONS)
                ):
                    n += 1
        else:
            break
    opens = words[n] in {":", "that", ","} or sentence.quoted[n] or sentence.has_clause(n)
    return n if opens and n < sentence.size - 1 else start


def _names(sentence, n):
    """Return whether what follows “called” is but a name: “a device called the E-meter.”"""
    end = sentence.next_stop(n)
    begin = n + (sentence.words[n] == "the")
    return (
        begin < end <= n + 5
        and not sentence.quoted[n]
        and all(kind & CAPITAL for kind in sentence.kinds[begin:end])
    )


def is_noun(sentence, n):
    """Return whether a form such as "report" or "claims" stands as a noun here."""
    words, kinds = sentence.words, sentence.kinds
    word, before, after, left = words[n], kinds[n - 1], kinds[n + 1], words[n - 1] if n else ""
    if kinds[n] & POSSESSIVE or before & POSSESSIVE and left != "her" or left in {"/", "@", "<"}:
        return True
    if before & DETERMINER and left not in NEUTRAL:
        return True
    if (
        before & ADVERB
        and word.endswith("ed")
        and kinds[n - 2] & (DETERMINER | PREPOSITION)
        and (not after & (STOP | DETERMINER | PREPOSITION | PRONOUN))
    ):
        return True  # "a hotly contested race"
    if word == "states" and not (
        before & (CAPITAL | PRONOUN | ADVERB)
        or left in {"and", "which", "who"}
        or left in builtin().nouns
    ):
        return True
    if word not in NOUN_LIKE or word in CLAUSE_VERBS and DOCUMENTS & set(words[max(n - 8, 0) : n]):
        return False  # "the polls show"
    apposed = (
        left == ","
        and word.endswith("s")
        and after & (DETERMINER | CAPITAL)
        and ("," in words[max(n - 20, 0) : n - 1])
    )  # “Ada Venn, an expert, doubts the plan”
    if (
        n == 0
        or kinds[n] & CAPITAL
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
        return True
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


def verb_group(sentence, n):
    """Return (position left of the verb group that ends at n, kinds of its helpers, infinitive).

    The group reaches over auxiliaries and adverbs, and over "to" and what governs it ("was
    quick to", "has tried to"); a bare infinitive has no subject of its own.
    """
    helpers, own, infinitive = 0, None, False
    while n >= 0:
        kind = sentence.kinds[n]
        if sentence.words[n] == "to":
            if sentence.words[n - 1] not in GOVERNORS:
                return n - 1, helpers, True
            own = helpers if own is None else own
            n, helpers, infinitive = n - 2, 0, sentence.words[n - 1].endswith("ing")
        elif kind & (AUXILIARY | ADVERB):
            helpers |= kind & (AUXILIARY | ADVERB)
            if kind & PRONOUN:
                break  # "he's": the subject with its verb
            n -= 1
        else:
            break
    return n, helpers if own is None else own, infinitive and not helpers & BE


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
    if word.startswith("refer") and not alone:
        return "as" in near or True in sentence.quoted[after : after + 8]
    if word in ORDERS:
        return "to" in near or "that" in near or sentence.has_clause(after)
    if word in {"called", "dubbed", "nicknamed", "calling"} and alone:
        return not _names(sentence, after)
    if word in BARE_VERBS and alone and following in TOPICS:
        return True
    if (
        alone
        and word in BARE_VERBS
        or word in QUOTE_VERBS
        and (alone or sentence.words[last] == "on")
    ):
        return True in sentence.quoted[max(first - 9, 0) : last + 6]
    return True
