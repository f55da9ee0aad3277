"""Who is blamed, who is helped, who should act: the parties of a frame's functions.

Entman (1993, doi:10.1111/j.1460-2466.1993.tb01304.x) has a frame name causes and recommend
treatments; the rules below find the words that name these parties, by plain grammar and word tags.
It is the text's claim or a voice's, not a finding of fault. Pronouns are given as they are; what
is denied ("did not blame the crew") is ignored.
"""

from itertools import product, takewhile

import pandas as pd

from framebook.framing.matching import TokenIndex, normalise
from framebook.tables import SENTENCE_STRIDE, conform
from framebook.tokenising.words import words
from framebook.voices.classes import builtin
from framebook.voices.roles import ADVERBS, AUXILIARIES, BE, NOUNS, PHRASE, Clause, reporting_verbs
from framebook.voices.voices import assign_voices

# X is the party, Y something else, BE any form of be; "|" parts choices, "*" is any one word.
RULES = {
    "blamed": [
        "blame|blames|blamed|blaming Y on X",
        "blame|blames|blamed|blaming X",
        "blamed on X",
        "accuse|accuses|accused|accusing X of",
        "caused|inflicted|perpetrated by X",
        "hold|holds|held|holding X responsible|accountable",
        "fault of X",
        "at the hands of X",
        "X BE blamed for",
        "X BE accused of",
        "X BE responsible for",
        "X BE to blame",
        "X BE at fault",
        "X BE held responsible|accountable",
        "X fail|fails|failed to",
        "X neglected to",
        "X caused",
    ],
    "benefits": [
        "help|helps|helped|helping X",
        "compensate|compensates|compensated|compensating X",
        "for the benefit of X",
        "in the interest|interests of X",
        "benefiting|benefitting X",
        "will|would benefit X",
        "X benefit",
        "X benefits|benefited|benefitted from",
        "X will|would receive",
        "X stand|stands to gain|benefit",
        "X BE compensated",
    ],
    "should_act": [
        "X should|must",
        "X ought|need|needs to",
        "should|must be * by X",
        "urge|urges|urged|urging X to",
        "call|calls|called|calling on|upon X to",
        "appeal|appeals|appealed to X to",
        "demand|demands|demanded that X",
        "up to X to",
        "X BE urged to",
    ],
}
NEGATIONS = words("negations")
NO_PARTY = NEGATIONS | set(
    "few it itself nothing one something there this that what whose you".split()
)
BODIES = set("cities countries employers lenders nations states schools hospitals".split())
TIMES = words("calendar") | {"last", "this", "next"}
COLUMNS = ["doc_id", "sent_id", "party", "start", "end", "rule", "voice_id"]


def find_parties(tokens: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Return one row per mention of a party: who is blamed, benefits or should act, in text order.

    Columns doc_id, sent_id, party (blamed, benefits, should_act), start and end (so that
    documents.text[start:end] names the party), rule (one of RULES) and voice_id (the voice in whose
    content it occurs by `segments`; null elsewhere).

    >>> from framebook.tables import empty, make_documents, text_of
    >>> from framebook.tokenising import tokenise
    >>> documents = make_documents(["The mayor blamed the board for the flood."])
    >>> found = find_parties(tokenise(documents)[1], empty("segments"))
    >>> found.party.tolist(), text_of(documents, found)
    (['blamed'], ['the board'])
    """
    index, rules = TokenIndex(tokens), list(_spell_rules())
    surface = tokens.word.astype("object").to_numpy()
    start, end = tokens.start.to_numpy(), tokens.end.to_numpy()
    rows, clauses = [], {}
    for n, first, last in zip(*index.match([rule[-1] for rule in rules]), strict=True):
        party, rule, parts, _ = rules[n]
        sent_id = index.sent[first]
        a, b = (index.sent.searchsorted(sent_id, side) for side in ("left", "right"))
        clause = clauses.get(a) or clauses.setdefault(a, Clause(surface[a:b].tolist()))
        read = _read_subject if parts[0] == "X" else _read_object
        found = read(clause, first - a, last - a, parts)
        if found and (party != "should_act" or _can_act(clause, *found)):
            rows.append(
                (
                    sent_id // SENTENCE_STRIDE,
                    sent_id,
                    start[a + found[0]],
                    end[a + found[1]],
                    "function",
                    party,
                    rule,
                    None,
                )
            )
    spans = pd.DataFrame(
        rows, columns=["doc_id", "sent_id", "start", "end", "layer", "code", "rule", "voice_id"]
    )
    spans = spans.drop_duplicates(["sent_id", "start", "end", "code"])
    spans = conform("spans", spans.sort_values(["sent_id", "start", "end", "code"]))
    return assign_voices(spans, segments).rename(columns={"code": "party"})[COLUMNS]


def _spell_rules():
    """Yield (party, rule, its parts, the pattern to look for) of every choice of every rule."""
    for party, rules in RULES.items():
        for rule in rules:
            for parts in product(*(part.split("|") for part in rule.split())):
                sought = (
                    [part for part in parts if not part.isupper()]
                    if parts[0] == "X"
                    else takewhile(lambda part: not part.isupper(), parts)
                )
                yield party, rule, parts, " ".join(sought)


def _read_subject(clause, first, last, parts):
    """Return the range of the subject of the verb group that ends with the words found, or None."""
    n, between, following = first - 1, [], clause.words[last + 1]
    while (
        n >= 0
        and len(between) < 8
        and (clause.words[n] in AUXILIARIES | ADVERBS or clause.tags[n][:2] == "RB")
    ):
        between.append(clause.words[n])
        n -= 1
    passive = not BE.isdisjoint(between)
    if passive != (parts[1] == "BE") or following == "by" or _is_negated([*between, following]):
        return None
    if parts[-1] in {"should", "must"} and following in BE | {"have", "it", "they"}:
        return None  # "should be repaired", "should have known", "should they ask": no call to act
    n = _end_subject(clause, n)
    if n is None or clause.tags[n] not in NOUNS | {"PRP"} or clause.words[n].endswith("'s"):
        return None
    if parts[-1] == "benefit" and clause.tags[last + 1] in PHRASE | {"PRP"}:
        return None  # "policies will benefit the rich"
    begin = n if clause.tags[n] == "PRP" else clause.edge(n)
    if begin > 1 and clause.words[begin - 1] == "and" and clause.tags[begin - 2] in NOUNS:
        begin = clause.edge(begin - 2)
    while begin > 1 and clause.words[begin - 1] in {"of", "in"} and clause.tags[begin - 2] in NOUNS:
        begin = clause.edge(begin - 2)
    denied = _is_negated(clause.words[max(begin - 2, 0) : begin])  # "denied that he was to blame"
    return None if denied else _check(clause, begin, n)


def _end_subject(clause, n):
    """Return where the subject ends whose verb group, relative clause or comma follows n."""
    if n > 0 and clause.words[n] == ",":  # "the mayor, Ada Venn, should"
        return next(
            (k - 1 for k in range(n - 1, max(n - 15, 0), -1) if clause.words[k] == ","), None
        )
    verbs = 0
    for k in range(n, max(n - 12, 0), -1):  # "the company that runs the line should"
        relative = k == n or clause.is_verb(k + 1) or clause.words[k + 1] in ADVERBS
        if clause.words[k] in {"who", "which", "that"} and verbs < 2 and relative:
            k -= 1 + (clause.words[k - 1] == ",")
            return k if clause.tags[k] in NOUNS else n
        verbs += clause.tags[k][:2] == "VB" and clause.words[k] not in AUXILIARIES
        tells = clause.words[k] in reporting_verbs(clausal=True) and clause.tags[k + 1] != "IN"
        if clause.words[k] == "," or tells:
            break
    return n if n >= 0 else None


def _read_object(clause, first, last, parts):
    """Return the range of X in "blame X", "urge X to" or "blame Y on X", or None."""
    mark = parts.index("Y" if "Y" in parts else "X")
    found = _read_phrase(clause, last + 1, parts[mark + 1 :] != ("of",))
    if found is None or _is_negated(clause.words[max(first - 4, 0) : first]):
        return None
    bare = {"NN"} if parts[0].startswith("help") or parts[0] == "blame" else {"CD"}
    if clause.tags[last + 1] in bare:
        return None  # "help increase trade", "the blame game", "up to 600 troops"
    follows = clause.words[found[1] + 1 : found[1] + 3]
    placed = follows[0] == "on" and follows[1] not in TIMES
    if "Y" in parts:
        found = _read_phrase(clause, found[1] + 2) if placed else None
        return found and _check(clause, *found)
    if [*parts[mark + 1 :]] != follows[: len(parts) - mark - 1] or placed and "blam" in parts[0]:
        return None
    return _check(clause, *found)


def _read_phrase(clause, first, of=True):
    """Return the range of the noun phrase that begins at `first`, "and" and "of" in it, or None."""
    last, joined = None, False
    for n in range(first, clause.last):
        tag, word = clause.tags[n], clause.words[n]
        if tag == "PRP" and last is None:
            return first, n
        if last is not None and (word == "and" or of and word == "of"):
            joined = True
        elif (
            not (tag in PHRASE or clause.is_modifier(n))
            or last is not None
            and not joined
            and (tag in {"DT", "PRP$", "WP$"} or clause.tags[n + 1] in {"DT", "PRP$"})
        ):
            break
        elif tag in NOUNS:
            last, joined = n, False
    return None if last is None else (first, last)


def _check(clause, first, last):
    """Return the range without a day or month around it, or None where it names nobody."""
    while first < last and clause.words[first] in TIMES:
        first += 1
    last -= first < last and clause.words[last] in TIMES
    spelt = any(word[:1].isalpha() for word in clause.words[first : last + 1])
    return (first, last) if spelt and clause.words[first] not in NO_PARTY | TIMES else None


def _is_negated(found):
    """Return whether one of the words denies what follows."""
    return any(word in NEGATIONS or word.endswith("n't") for word in found) and "only" not in found


def _can_act(clause, first, last):
    """Return whether a phrase names somebody who can act: a pronoun, a name, a class of people."""
    found = [normalise(word) for word in clause.words[first : last + 1]]
    return (
        not BODIES.isdisjoint(found)
        or any(tag in {"PRP", "NNP", "NNPS"} for tag in clause.tags[first : last + 1])
        or any(
            builtin().at(found, n, len(found))[1] not in {None, "document", "unnamed"}
            for n in range(len(found))
        )
    )
