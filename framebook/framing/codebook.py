"""Codebooks: TOML files of codes with definitions, examples and patterns, read and checked."""

import hashlib
import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path

from framebook.common.errors import InputError
from framebook.common.text import check_size
from framebook.framing.problems import find_problems

FOLDER = Path(__file__).parent.parent / "codebooks"
DOTTED = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*\.[ \t]*){50}""")


@dataclass
class Code:
    """One code of a codebook: what it means and the patterns that look for it.

    `patterns` are its own and then those of its indicators; `indicators` is {id: question}, and
    `indicator_of` {pattern: id of the indicator that asks for it}, the first where several do.
    `extra` has the keys that Framebook does not know, and the table `decision`.

    >>> Code("flood", "Flood", "Water where it should not be.", ["flood*"]).exclude
    []
    """

    id: str
    label: str
    definition: str
    patterns: list[str]
    parent: str = ""
    examples: list[str] = field(default_factory=list)
    counterexamples: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)
    indicators: dict[str, str] = field(default_factory=dict)
    indicator_of: dict[str, str] = field(default_factory=dict)
    extra: dict = field(default_factory=dict)


@dataclass
class Codebook:
    """A codebook: its name, its source and its codes.

    >>> flood = Code("flood", "Flood", "Water where it should not be.", ["flood*"])
    >>> Codebook("mine", "My codebook", "", "1", "theme", [flood]).label("mine:flood")
    'Flood'
    """

    name: str
    title: str
    citation: str
    version: str
    layer: str
    codes: list[Code]
    licence: str = ""
    sha256: str = ""  # of its file, line ends as LF
    extends: bool = False  # a list of speakers that is added to the built-in one

    def label(self, code):
        """Return the label of a code id such as `conflict` or `codebook:conflict`."""
        return next(c.label for c in self.codes if c.id == code.rpartition(":")[2])


def load_codebook(source: str | Path) -> Codebook:
    """Return the Codebook in a TOML file, or the built-in one with that name.

    Raises InputError, naming the file, when there is no such codebook, it is not valid TOML, or a
    code lacks an id or a pattern, has an id twice or an unknown rule.

    >>> [code.id for code in load_codebook("generic-news-frames").codes][:2]
    ['conflict', 'human_interest']
    """
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
    if problem := next((one for one in find_problems(data) if one.wrong), None):
        raise InputError(f"The codebook {path.name}: {problem.text}")
    head, codes = data["codebook"], list(map(read_code, data["code"]))
    return Codebook(
        head["name"],
        head.get("title", head["name"]),
        head.get("citation", ""),
        str(head.get("version", "")),
        head.get("layer", "theme"),
        codes,
        head.get("licence", ""),
        hashlib.sha256(text.encode()).hexdigest(),
        head.get("extends") is True,
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


def read_code(entry):
    """Return the Code in one [[code]] table in which nothing is wrong."""
    indicators = entry.get("indicator", [])
    patterns = entry.get("patterns", []) + [p for i in indicators for p in i.get("patterns", [])]
    known = {f.name for f in fields(Code)} - {"patterns", "indicators", "indicator_of", "extra"}
    given = {"label": entry["id"], "definition": ""} | {k: entry[k] for k in known & entry.keys()}
    extra = {key: entry[key] for key in entry.keys() - known - {"indicator", "patterns"}}
    questions = {i.get("id", ""): i.get("question", "") for i in indicators}
    indicator_of = {p: i.get("id", "") for i in reversed(indicators) for p in i.get("patterns", [])}
    return Code(
        **given, patterns=patterns, indicators=questions, indicator_of=indicator_of, extra=extra
    )
