"""What a clause says that becomes of its harms, helps and amounts: "crime falls", "a truce fails".

The word that says so mostly stands after the noun, where a shifter that reaches forward cannot
find it. A direction (rise, fall) is said of the nearest quantity of `tone.toml`, and the pair
counts for what the change means to people; where there is none, a fall turns the harm or help next
to it. An outcome ("ended", "called off") turns the harm or help before it, with the one it belongs
to ("fears of a flood ease") and over what is said of it ("the siege of the town was lifted"); a
quantity that ends counts as one that falls. A negation that turned nothing after it turns what it
follows ("the promised help did not come"). A negated direction or outcome changes nothing.
"""

import tomllib
from pathlib import Path

REACH = 4  # words that a shifter or direction reaches over
TURNED = -0.5  # what a turned valence is multiplied by
STRONG = 1  # valence below which a harm or help is none that anything becomes of
LISTS = tomllib.loads(Path(__file__).with_name("outcomes.toml").read_text("utf-8"))
BETWEEN, LINKS, HEADS, BEFORE, HELPERS, NO_OBJECT, BARRIERS, LEVELS, OPEN = (
    frozenset(LISTS[name].split())
    for name in "between links heads before helpers no_object barriers levels open".split()
)
PARTICLES = ("up", "down")
PASSIVE = ("ed", "en", "wn", "cut", "lost", "undone")


def reaches(shifter, n, word):
    """Return whether a shifter, (entry, place, ...), reaches place n; see `barriers`."""
    entry, place = shifter[:2]
    return n - place <= REACH and (word not in BARRIERS or entry["id"] == "negation")


def ends(word, entry, after):
    """Return whether a word, before the word `after`, says that what precedes it comes to nothing.

    It is an outcome of the lexicon, or a participle of a verb that ends, resists or withholds.
    """
    if after[:1].isalpha() and after not in NO_OBJECT:
        return False
    kinds = {one["id"] for one in entry.shifters}
    return entry.outcome or (
        word.endswith(PASSIVE) and bool(kinds & {"ending", "resisting", "withholding"})
    )


def settle(rows, moves, quantities, negations, words):
    """Return the rows of a clause after its directions, outcomes and negations have had effect.

    rows are [words, class, valence, turned_by, score, place]; moves are (direction, whether it
    ends what precedes it, first and last place + 1, word); quantities {place: (entry, word)};
    negations (first and last place + 1, word).
    """
    mine = {row[5]: row for row in rows}
    said_of, denied = {}, set()
    for move in moves:
        direction, ending, place, end, word = move
        target = None if place in said_of else _find_target(move, words, quantities, mine)
        if target is None:
            continue
        own, noun = mine.get(place), mine.get(target)
        if own and (ending or target in quantities or own[2] < 0 or noun[2] < 0):
            own[3:5] = words[target], 0.0  # counted once, in what it is said of
        denials = [
            n for n, past, _ in negations if n < place and _only(BETWEEN, words, past, place)
        ]
        denied.update(denials)
        if denials or target in said_of.values():
            continue
        if target in said_of:  # "the growth of sales slows": said of the sales
            target = said_of[target]
            mine[target][3] = ""
        said_of[place] = target
        chain = _chain(target, words, mine)
        absent = any(0 < target - n < REACH for n, *_ in negations)  # "no jobs were lost"
        if target in quantities and (direction or not absent):
            direction = direction or "fall"  # an amount that ends
            _move(mine, target, quantities[target], direction, word)
            chain = chain[1:]
        for one in chain if ending or direction == "fall" else ():
            if one in mine:
                _turn(mine[one], word)
    for place, _, word in negations:
        if place not in denied and not any(
            place < n <= place + REACH and abs(row[2]) > STRONG for n, row in mine.items()
        ):
            _deny(mine, place, word, words)
    return [mine[n] for n in sorted(mine)]


def _only(kind, words, start, end):
    return all(word in kind for word in words[start:end])


def _is_strong(rows, place):
    return place in rows and abs(rows[place][2]) > STRONG


def _turn(row, word):
    if not row[3]:
        row[3:5] = word, row[4] * TURNED


def _move(rows, place, found, direction, word):
    """Score a quantity that rises or falls: what that means to people, or its own tone if more."""
    quantity, name = found
    value, row = quantity[direction], rows.get(place)
    if row is None:
        rows[place] = [name, quantity["id"], value, word, value, place]
    elif not row[3]:
        own = row[2] if row[2] * value > 0 else row[2] * TURNED
        row[3:5] = word, max(value, own, key=abs)


def _deny(rows, place, word, words):
    """Turn the harm or help that a negation follows: "the attack never came"."""
    place -= 1
    for _ in range(REACH - 1):
        if words[place] not in BETWEEN:
            break
        place -= 1
    if _is_strong(rows, place):
        for one in _chain(place, words, rows):
            _turn(rows[one], word)


def _chain(target, words, rows):
    """Return the place of a harm or help and those of what it belongs to: "fears of a flood"."""
    chain, place = [target], target - 1
    while place >= 0 and place > chain[-1] - REACH:
        if _is_strong(rows, place):
            chain.append(place)
        elif words[place] not in HEADS:
            break
        place -= 1
    return chain


def _find_target(move, words, quantities, rows):
    """Return the place of what a direction or outcome is said of, or None."""
    direction, _, place, end, word = move
    if words[end] == "than" or (word in PARTICLES and words[end] == "to"):
        return None  # "more than", "up to 30"
    after = (
        _look_after(end, words, quantities, rows) if direction and word not in PARTICLES else None
    )
    before = _look_before(move, words, quantities, rows)
    first = after if word.endswith("ing") or word in BEFORE else before
    return first if first is not None else before if before is not None else after


def _look_after(end, words, quantities, rows):
    for n in range(end, min(end + REACH, len(words))):
        if not words[n][:1].isalnum():
            return None
        if n in quantities:
            return n
        if _is_strong(rows, n):
            linked = all(word in LINKS or word[0].isdigit() for word in words[end:n])
            return n if linked else None
    return None


def _look_before(move, words, quantities, rows):
    direction, ending, place, _, word = move
    verb = ending and words[place - 1] not in LINKS  # not "killed in the collapse"
    if words[place - 1] == "to" and word not in LEVELS:
        return None
    for n in range(place - 1, max(place - REACH - 2, -1), -1):
        if not words[n][:1].isalnum() or words[n] in HELPERS:
            return None
        if n in quantities or _is_strong(rows, n):
            if word in PARTICLES and words[n].endswith("ing"):
                return None  # "cracking down"
            if direction and n in quantities and word not in PARTICLES:
                return n
            between = [m for m in range(n + 1, place) if words[m] not in BETWEEN and m not in rows]
            if not between or verb and (words[n + 1] in OPEN or between == [n + 1]):
                return n  # "the siege of the town was lifted", "the rescue boats never came"
            if n in rows and not verb:
                return None
    return None
