"""What is wrong in the format of a codebook: one opinion, for loading it and for checking it."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from framebook.common.text import UNSEEN, storable
from framebook.tables import VOCABULARIES

KNOWN = {
    "the file": "codebook code",
    "[codebook]": "name title citation version layer licence notes",
    "code": "id label definition patterns parent examples counterexamples exclude indicator "
    "decision",
    "indicator": "id question patterns",
}
RULE = ("indicators", "sentences", "share", "reason")
SHAPE = (
    "a code is a table [[code]], each indicator a table [[code.indicator]], patterns and exclude "
    "are lists of texts."
)


@dataclass
class Problem:
    """One problem: where (number of the code or None, key or text), in words, and is it wrong."""

    code: int | None
    key: str
    text: str
    wrong: bool = True


def find_problems(data: dict) -> Iterator[Problem]:
    """Yield what is wrong in the tables of a codebook's TOML, as `tomllib` reads them."""
    head, entries = data.get("codebook"), data.get("code")
    yield from _find_unknown(data, "the file")
    if not isinstance(head, dict):
        yield Problem(None, "", "there is no [codebook]; begin with it and give it a name.")
    else:
        yield from _find_head_problems(head)
    if not isinstance(entries, list) or not entries:
        yield Problem(None, "", "there is no [[code]]; write at least one.")
        return
    ids = []
    for n, entry in enumerate(entries):
        yield from _find_code_problems(n, entry)
        name = entry.get("id") if isinstance(entry, dict) else None
        if name is not None and name in ids:
            yield Problem(n, "id", f"code {name}: another code has this id.")
        ids.append(name)


def _find_head_problems(head):
    if not is_name(head.get("name")):
        yield Problem(None, "codebook", "[codebook] needs a name without a colon.")
    for key in ("title", "citation", "licence"):
        if not isinstance(head.get(key, ""), str):
            yield Problem(None, key, f"[codebook]: {key} must be a text.")
    layer, layers = head.get("layer", "theme"), VOCABULARIES["layer"]
    if layer not in layers:
        yield Problem(None, "layer", f"the layer {layer!r} is not one of: {', '.join(layers)}.")
    yield from _find_unseen(None, "[codebook]", head)
    yield from _find_unknown(head, "[codebook]")


def _find_code_problems(n, entry):
    indicators = entry.get("indicator", []) if isinstance(entry, dict) else None
    if not isinstance(indicators, list) or not all(isinstance(one, dict) for one in indicators):
        yield Problem(n, "", SHAPE)
        return
    here = f"code {entry.get('id', n + 1)}"
    yield from _find_unknown(entry, here, "code", n)
    for one in indicators:
        yield from _find_unknown(one, f"{here}, indicator {one.get('id')}", "indicator", n)
    lists = [*(one.get("patterns", []) for one in (entry, *indicators)), entry.get("exclude", [])]
    if not all(isinstance(one, list) for one in lists):
        yield Problem(n, "", SHAPE)
        return
    if not is_name(entry.get("id")) or not any(lists[:-1]):
        lacks = entry.get("id") or "one without an id"
        yield Problem(
            n, "", f"each [[code]] needs an id without a colon, and patterns; {lacks} lacks them."
        )
        return
    for pattern in sum(lists, []):
        if not isinstance(pattern, str) or not re.sub(r"[*?.…\s]", "", pattern):
            yield Problem(n, "", f"{here}: the pattern {pattern!r} has no letter to look for.")
    for key in ("label", "definition", "parent"):
        if not isinstance(entry.get(key, ""), str):
            yield Problem(n, key, f"{here}: {key} must be a text.")
    yield from _find_unseen(n, here, entry)
    if said := find_rule_problem(entry.get("decision"), len(indicators)):
        yield Problem(n, "", f"{here}, [code.decision]: {said}")


def is_name(text: object) -> bool:
    """Return whether a text can be a name or an id: a colon stands between them in `code`."""
    return isinstance(text, str) and bool(text) and ":" not in text


def _find_unknown(table, where, kind=None, n=None):
    known = KNOWN[kind or where].split()
    for key in sorted(table.keys() - set(known)):
        close = difflib.get_close_matches(key, known, 1, 0.75)
        hint = f"did you mean {close[0]!r}?" if close else "Framebook does not read it."
        yield Problem(n, key, f"{where} has the unknown key {key!r}; {hint}", bool(close))


def _find_unseen(n, where, table):
    """Yield the first text that no label or figure can show."""
    parts = [table]
    for part in parts:  # which grows
        if isinstance(part, dict | list):
            parts += [*part, *part.values()] if isinstance(part, dict) else part
        elif isinstance(part, str) and (UNSEEN.search(part) or storable(part) != part):
            yield Problem(
                n, "", f"{where} holds control characters, in {part[:80]!r}; take them out."
            )
            return


def find_rule_problem(rule: object, size: int) -> str | None:
    """Return what is wrong in a code's table `decision`, in words; None where nothing is.

    `size` is the number of the code's indicators; decisions.py describes the table.
    """
    if rule is None:
        return None
    if not isinstance(rule, dict):
        return "it must be a table with sentences or share, and a reason."
    if unknown := sorted(rule.keys() - set(RULE)):
        return f"it has the unknown key {unknown[0]!r}; use {', '.join(RULE)}."
    for key in ("indicators", "sentences"):
        if key in rule and (type(rule[key]) is not int or rule[key] < 1):
            return f"{key} is {rule[key]!r}; give a whole number from 1 up."
    share = rule.get("share", 1)
    if type(share) not in (int, float) or not 0 < share <= 1:
        return f"share is {share!r}; give a number above 0 and up to 1."
    if bool(size) != ("indicators" in rule) or rule.get("indicators", 0) > size:
        wanted = f"indicators from 1 to {size}" if size else "no indicators, for the code has none"
        return f"give {wanted}."
    if not {"sentences", "share"} & rule.keys() or not str(rule.get("reason", "")).strip():
        return "it must state sentences or share, and a reason."
    return None
