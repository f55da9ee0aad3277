"""framing.codebook."""

import hashlib
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path

from framebook.common.errors import InputError
from framebook.common.text import UNSEEN, check_size, storable
from framebook.tables import VOCABULARIES

FOLDER = Path(__file__).parent.parent / "codebooks"
DOTTED = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*\.[ \t]*){50}""")


@dataclass
class Code:
    """One code of a codebook.

    `patterns` are its own and then those of its indicators; `indicators` is {id: question}, and
    `indicator_of` {pattern: id of the indicator that asks for it}, the first where several do.
    """

    id: str
    label: str
    definition: str
    patterns: list
    parent: str = ""
    examples: list = field(default_factory=list)
    counterexamples: list = field(default_factory=list)
    exclude: list = field(default_factory=list)
    indicators: dict = field(default_factory=dict)
    indicator_of: dict = field(default_factory=dict)
    extra: dict = field(default_factory=dict)


@dataclass
class Codebook:
    """A codebook: its name, its source and its codes."""

    name: str
    title: str
    citation: str
    version: str
    layer: str
    codes: list
    licence: str = ""
    sha256: str = ""  # of its file, line ends as LF

    def label(self, code):
        """Return the label of a code id such as `conflict` or `codebook:conflict`."""
        return next(c.label for c in self.codes if c.id == code.rpartition(":")[2])


def load_codebook(source):
    """Return the Codebook in a TOML file, or the one that comes with Framebook by that name."""
    path = Path(source) if Path(source).suffix else FOLDER / f"{source}.toml"
    try:
        check_size(path)
        text = path.read_text(encoding="utf-8")
        data = parse_toml(text)
    except FileNotFoundError:
        ours = ", ".join(sorted(p.stem for p in FOLDER.glob("*.toml")))
        raise InputError(
            f"There is no codebook {source}; give a .toml file or one of: {ours}."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"The codebook {path.name} is not valid TOML: {error}.") from None
    head = data.get("codebook")
    if not isinstance(head, dict) or not is_name(head.get("name")) or not data.get("code"):
        raise InputError(
            f"The codebook {path.name} needs [codebook] with a name that holds no "
            "colon, and a [[code]]."
        )
    check_texts(head, path.name, ("title", "citation", "licence"))
    layer, layers = head.get("layer", "theme"), VOCABULARIES["layer"]
    if layer not in layers:
        raise InputError(
            f"The codebook {path.name} has the layer {layer!r}; use one of: {', '.join(layers)}."
        )
    try:
        codes = [read_code(entry, path.name) for entry in data["code"]]
    except (AttributeError, TypeError):
        raise InputError(
            f"The codebook {path.name}: each code is a table [[code]], each indicator "
            "a table [[code.indicator]], and patterns and exclude are lists of "
            "texts."
        ) from None
    for code, entry in zip(codes, data["code"], strict=True):
        check_texts(entry, path.name, ("label", "definition", "parent"))
        check_rule(code, path.name)
    for code_id, n in Counter(code.id for code in codes).items():
        if n > 1:
            raise InputError(f"The codebook {path.name} has two codes with the id {code_id!r}.")
    return Codebook(
        head["name"],
        head.get("title", head["name"]),
        head.get("citation", ""),
        str(head.get("version", "")),
        layer,
        codes,
        head.get("licence", ""),
        hashlib.sha256(text.encode()).hexdigest(),
    )


def parse_toml(text):
    """Return the tables of a TOML text; raises TOMLDecodeError or RecursionError.

    Also for keys of many parts (a.b.c…), whose time grows with the square, and huge numbers.
    """
    if DOTTED.search(text):
        raise tomllib.TOMLDecodeError("a key has more than 50 parts")
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise tomllib.TOMLDecodeError(str(error)) from None


def is_name(text):
    """Return whether a text can be a name or an id: a colon stands between them in `code`."""
    return isinstance(text, str) and bool(text) and ":" not in text


def read_code(entry, where):
    """Return the Code in one [[code]] table; raises InputError, naming the file `where`."""
    indicators = entry.get("indicator", [])
    patterns = entry.get("patterns", []) + [p for i in indicators for p in i.get("patterns", [])]
    if not is_name(entry.get("id")) or not patterns:
        raise InputError(
            f"The codebook {where}: each [[code]] needs an id without a colon, and "
            f"patterns; {entry.get('id') or 'one without an id'} lacks them."
        )
    for pattern in patterns + entry.get("exclude", []):
        if not isinstance(pattern, str) or not re.sub(r"[*?.…\s]", "", pattern):
            raise InputError(
                f"The codebook {where}, code {entry['id']}: the pattern "
                f"{pattern!r} has no letter to look for."
            )
    known = {f.name for f in fields(Code)} - {"patterns", "indicators", "indicator_of", "extra"}
    given = {"label": entry["id"], "definition": ""} | {k: entry[k] for k in known & entry.keys()}
    extra = {key: entry[key] for key in entry.keys() - known - {"indicator", "patterns"}}
    questions = {i.get("id", ""): i.get("question", "") for i in indicators}
    indicator_of = {p: i.get("id", "") for i in reversed(indicators) for p in i.get("patterns", [])}
    return Code(
        **given, patterns=patterns, indicators=questions, indicator_of=indicator_of, extra=extra
    )


def check_texts(table, where, texts):
    """Raise InputError where a table of a codebook holds what no label or figure can show."""
    other = next((key for key in texts if not isinstance(table.get(key, ""), str)), None)
    if other:
        raise InputError(
            f"The codebook {where}: {table[other]!r} is no {other}; give a text in quotation marks."
        )
    parts = [table]
    for part in parts:  # which grows
        if isinstance(part, dict | list):
            parts += [*part, *part.values()] if isinstance(part, dict) else part
        elif isinstance(part, str) and (UNSEEN.search(part) or storable(part) != part):
            raise InputError(
                f"The codebook {where} holds control characters, in {part[:80]!r}; take them out."
            )


KEYS = ("indicators", "sentences", "share", "reason")


def check_rule(code, where):
    """Return the rule of a code as a dict, or None if it states none.

    Raises InputError when the table `decision` is not as described at the head of this module.
    """
    rule = code.extra.get("decision")
    if rule is None:
        return None
    here, size = f"The codebook {where}, code {code.id}, [code.decision]", len(code.indicators)
    if not isinstance(rule, dict):
        raise InputError(f"{here} must be a table with sentences or share, and a reason.")
    if unknown := sorted(rule.keys() - set(KEYS)):
        raise InputError(f"{here} has the unknown key {unknown[0]!r}; use {', '.join(KEYS)}.")
    for key in {"indicators", "sentences"} & rule.keys():
        if type(rule[key]) is not int or rule[key] < 1:
            raise InputError(f"{here}: {key} is {rule[key]!r}; give a whole number from 1 up.")
    share = rule.get("share", 1)
    if type(share) not in (int, float) or not 0 < share <= 1:
        raise InputError(f"{here}: share is {share!r}; give a number above 0 and up to 1.")
    if bool(size) != ("indicators" in rule) or rule.get("indicators", 0) > size:
        wanted = f"indicators from 1 to {size}" if size else "no indicators, for the code has none"
        raise InputError(f"{here}: give {wanted}.")
    if not {"sentences", "share"} & rule.keys() or not str(rule.get("reason", "")).strip():
        raise InputError(f"{here} must state sentences or share, and a reason.")
    return rule
