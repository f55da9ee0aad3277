"""Where what is said begins and ends."""

from framebook.voices.classes import builtin
from framebook.voices.kinds import (
    ADVERB,
    AUXILIARY,
    BREAK,
    CALENDAR,
    CAPITAL,
    CLAUSE_STARTS,
    DETERMINER,
    OCCASIONS,
    PLURAL,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
    RELATIVES,
    STOP,
    TIMES,
)


def skip_addressee(sentence, n):
    """Return where the content begins: after “reporters”, “the committee” or “him”, from n on."""
    words, kinds, end = sentence.words, sentence.kinds, n
    if kinds[n] & CAPITAL and not kinds[n] & POSSESSIVE:
        while kinds[end] & CAPITAL and end < n + 5:
            end += 1
    elif (
        words[n] in {"him", "her", "them", "us", "me", "you", "it"}
        or kinds[n] == 0
        and words[n] in builtin().nouns
    ):
        end = n + 1
    elif kinds[n] & PLURAL or kinds[n] & DETERMINER:
        while end < n + 6 and not kinds[end] & (STOP | PRONOUN | AUXILIARY | BREAK | PREPOSITION):
            closed = kinds[end - 1] & PLURAL or end > n + 1
            if end > n and closed and kinds[end] & (DETERMINER | CAPITAL | POSSESSIVE):
                break
            end += 1
    name = end  # “the broadcaster Orr that”
    while end > n and kinds[name] & CAPITAL and name < end + 4:
        name += 1
    end = name if words[name] == "that" else end
    after = skip_circumstance(sentence, end)
    told = (
        words[after] in {"that", ":", ","}
        or sentence.quoted[after]
        or (sentence.is_nominal(after) and sentence.has_clause(after))
        or words[after] in CLAUSE_STARTS
    )
    if end > n and told and not kinds[end] & AUXILIARY:
        return after
    end = min(sentence.next_stop(n), n + 14)
    return next((k for k in range(n, end) if words[k] == "that"), n)


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
        elif words[n] in {"on", "in", "late"} and words[n + 1] in CALENDAR:
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


def rest_after(sentence, n, was_quoted):
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


def is_only_name(sentence, n):
    """Return whether what follows “called” is but a name: “a device called the E-meter.”"""
    end = sentence.next_stop(n)
    begin = n + (sentence.words[n] == "the")
    return (
        begin < end <= n + 5
        and not sentence.quoted[n]
        and all(kind & CAPITAL for kind in sentence.kinds[begin:end])
    )


def has_verb(sentence, n):
    """Return whether a clause goes on from n: “said such a step by the mayor would fail”."""
    while not sentence.kinds[n] & (STOP | BREAK) and sentence.words[n] not in RELATIVES:
        if sentence.kinds[n] & AUXILIARY and sentence.words[n] != "to":
            return True
        n += 1
    return False
