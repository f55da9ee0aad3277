"""Word lists of other programs as codebooks: `framebook codebook import`.

Read are LIWC's .dic (2007 and 2015), Lexicoder's .lc3, Yoshikoder's form of .lcd and .ykd, and
quanteda's YAML (.yml, .yaml). The forms are as quanteda reads them (Benoit et al. 2018,
doi:10.21105/joss.00774). What a codebook cannot hold is told, entry by entry, and is left out.
"""

import json
import re
from pathlib import Path

from framebook.common.errors import InputError, show
from framebook.common.text import check_size
from framebook.framing.checking import why_never
from framebook.framing.matching import normalise, parse_pattern
from framebook.tokenising.rules import token_spans

LONGEST, DEEPEST = 1000, 50  # characters of a line of LIWC's; categories in each other
REGEX = re.compile(r"[\[\]{}|\\^]|\(\?|\.[*+]|^/.*/\w*$|\$$|\S\+$")


class Dictionary:
    """Categories, in order, as paths of names with their patterns; and what was lost."""

    def __init__(self):
        self.patterns, self.lost, self.upper = {}, [], set()

    def add(self, path, entry=None):
        """Take a category, and an entry of it if one is given, if a pattern can be made of it."""
        if len(path) > DEEPEST:  # the time grows with the square of the depth
            raise InputError(
                f"The word list has categories more than {DEEPEST} deep, such as "
                f"{show(path[-1][:40])}; make it flatter."
            )
        for n in range(1, len(path) + 1):
            self.patterns.setdefault(path[:n], {})
        if entry is None:
            return
        entry = " ".join(entry.split())
        if entry != entry.lower():
            self.upper.add(entry)
        if not entry.isprintable() or not re.search(r"\w", entry):
            self.lost.append(f"{entry!r}: no word to look for")
        elif REGEX.search(entry):
            self.lost.append(f"{entry!r}: a regular expression, or signs that are no words")
        else:
            self._add_pattern(path, entry)

    def _add_pattern(self, path, entry):
        words = []
        for word in entry.lower().split():
            plain = normalise(word)
            parts = [plain[a:b] for a, b in token_spans(plain)]
            words += [plain] if re.search(r"[*?]", word) else parts
        pattern = " ".join(words)
        if why := why_never(pattern) or (not parse_pattern(pattern) and "it holds only a gap"):
            self.lost.append(f"{entry!r}: {why}")
            return
        for n in range(1, len(path) + 1):  # as in quanteda, a category holds its sub-categories
            self.patterns[path[:n]][pattern] = None


def import_codebook(path, out):
    """Write a word list of another program as the codebook `out` (TOML); return what was lost.

    A list of texts, empty when all was kept; the same stand in the codebook's notes. Lexicoder's
    `neg_NAME` becomes a code of its own and an exclude of NAME, so that "not good" is not good.
    Raises InputError when the form is unknown or nothing is left.
    """
    path, out = Path(path), Path(out)
    if out.suffix != ".toml":
        raise InputError(f"{out} is no name for a codebook; let it end in .toml.")
    if out.exists():
        raise InputError(f"{out} is there already; give another name for what is made.")
    readers = {
        ".dic": _read_liwc,
        ".lc3": _read_lexicoder,
        ".lcd": _read_lexicoder,
        ".ykd": _read_lexicoder,
        ".yml": _read_yaml,
        ".yaml": _read_yaml,
    }
    if path.suffix.lower() not in readers:
        raise InputError(f"{path} has no known form; give a file {', '.join(readers)}.")
    made = Dictionary()
    readers[path.suffix.lower()](_read_text(path), made, path)
    if made.upper:
        made.lost.append(f"capital letters (entries: {len(made.upper)}): words match in any case")
    text, part = _write_toml(made, path), out.with_name(f".{out.name}-part")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.write_text(text, encoding="utf-8")
        part.rename(out)
    finally:
        part.unlink(missing_ok=True)
    return [show(one) for one in made.lost]


def _read_text(path):
    try:
        check_size(path)
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"There is no file {path}; check the spelling.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8; save it in that encoding.") from None


def _read_liwc(text, made, path):
    head = re.match(r"\s*%[^\n]*\n(.*?)^%[^\n]*$", text, re.S | re.M)
    if not head:
        raise InputError(
            f"{path} is no LIWC dictionary: its categories must stand between two lines with %."
        )
    categories, above = {}, []
    for line in filter(str.strip, head[1].splitlines()):
        found = re.fullmatch(r"(\s*)(\d+)\s+(\S.*?)\s*", line)
        if not found:
            made.lost.append(f"{line.strip()!r}: no category with a number and a name")
            continue
        depth = len(found[1])
        above = [one for one in above if one[0] < depth] + [(depth, found[3])]
        categories[found[2]] = tuple(name for _, name in above)
        made.add(categories[found[2]])
    for line in filter(str.strip, text[head.end() :].splitlines()):
        _read_liwc_entry(line, categories, made)


def _read_liwc_entry(line, categories, made):
    """An entry and its numbers; "(02 134)125/464" and "<of>131/125" are LIWC2007's conditions."""
    if len(line) > LONGEST:
        made.lost.append(f"{line[:40]!r} …: a line of more than {LONGEST:,} characters")
        return
    line, one = line.strip(), r"(?:[(<][^)>]*[)>]\S*|\d\S*)"
    found = re.fullmatch(rf"([^\t]+)\t\s*(.*)|(\S.*?)\s+({one}(?:\s+{one})*)", line)
    entry, numbers = (found[1] or found[3], found[2] or found[4] or "") if found else (line, "")
    rest = re.sub(r"[(<][^)>]*[)>]\S*", "", numbers).split()
    ids = [one for one in rest if one in categories]
    if rest != numbers.split():
        made.lost.append(f"{entry!r}: the condition in {numbers!r}")
    for one in rest:
        if one not in categories:
            made.lost.append(f"{entry!r}: {one!r}, which is no category (a weight?)")
    if not ids:
        made.lost.append(f"{entry!r}: it stands in no category")
    for one in ids:
        made.add(categories[one], entry)


def _read_lexicoder(text, made, path):
    if text.lstrip().startswith("<"):
        _read_yoshikoder(text, made, path)
        return
    above = ()
    for line in filter(None, map(str.strip, text.splitlines())):
        if name := re.fullmatch(r"(\++)\s*([^+]+?)\s*\++", line):
            above = (*above[: len(name[1]) - 1], name[2])
            made.add(above)
        elif above:
            made.add(above, line)
        else:
            made.lost.append(f"{line!r}: it stands in no category")


def _read_yoshikoder(text, made, path):
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    def walk(node, above):
        for child in node:
            name, weight = child.get("name", ""), child.get("score")
            if weight:
                made.lost.append(f"{name!r}: the weight {weight}")
            if child.tag == "cnode":
                made.add((*above, name))
                walk(child, (*above, name))
            elif child.tag == "pnode" and above:
                made.add(above, name)

    try:
        walk(fromstring(text.encode()), ())
    except InputError:
        raise
    except (ParseError, DefusedXmlException, RecursionError, ValueError) as error:
        raise InputError(f"{path} is no Yoshikoder dictionary: {show(str(error))}.") from None


def _read_yaml(text, made, path):
    import yaml

    def walk(node, above):
        if isinstance(node, yaml.ScalarNode):
            if node.value or node.style:
                made.add(above, node.value)
        elif isinstance(node, yaml.SequenceNode):
            for one in node.value:
                walk(one, above)
        else:
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    made.lost.append("a key that is no text")
                    continue
                number = isinstance(value, yaml.ScalarNode) and re.fullmatch(
                    r"[-+]?[\d.]+(e[-+]?\d+)?", value.value
                )
                if above and number:
                    made.lost.append(f"{key.value!r}: the weight {value.value}")
                    made.add(above, key.value)
                else:
                    made.add((*above, key.value))
                    walk(value, (*above, key.value))

    try:
        # Nodes as written: read as values, the words no and on would become false and true.
        depth = 0
        for event in yaml.parse(text, yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise InputError(f"{path} holds aliases (*name); write the words out.")
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST + 1:
                raise InputError(f"{path} is nested more than {DEEPEST} deep; make it flatter.")
        root = yaml.compose(text, yaml.SafeLoader)
        if not isinstance(root, yaml.MappingNode):
            raise InputError(f"{path} is no dictionary of quanteda: it must be keys with words.")
        walk(root, ())
    except (yaml.YAMLError, RecursionError) as error:
        why = show(" ".join(str(error).split()))
        raise InputError(f"{path} is not valid YAML: {why}.") from None


def _write_toml(made, path):
    kept = {names: list(patterns) for names, patterns in made.patterns.items() if patterns}
    made.lost += [
        f"{' / '.join(names)!r}: an empty category"
        for names, patterns in made.patterns.items()
        if not patterns
    ]
    if not kept:
        raise InputError(f"{path} holds no word that a codebook can look for.")
    ids = {}
    for names in kept:
        for name in ("_".join(names[k:]) for k in range(len(names) - 1, -1, -1)):
            one = re.sub(r"\W+", "_", name.lower()).strip("_") or "code"
            if one not in ids.values():
                break
        while one in ids.values():
            one += "_2"
        ids[names] = one
    of = {one: names for names, one in ids.items()}
    notes = [
        f"Imported from {path.name}. The codes neg_NAME are excluded from NAME.",
        *(f"Lost: {one}" for one in made.lost),
    ]
    notes = "\n".join(_quote(note)[1:-1] for note in notes)
    name = re.sub(r"[^\w-]+", "-", path.stem)
    lines = [
        "[codebook]",
        f"name = {_quote(name)}",
        f"title = {_quote(path.stem)}",
        'layer = "theme"',
        f'notes = """\n{notes}\n"""',
    ]
    for names, one in ids.items():
        lines += ["", "[[code]]", f"id = {_quote(one)}", f"label = {_quote(names[-1])}"]
        if names[:-1] in ids:
            lines.append(f"parent = {_quote(ids[names[:-1]])}")
        if f"neg_{one}" in of:
            lines.append(f"exclude = {_quote(kept[of[f'neg_{one}']])}")
        lines.append(f"patterns = {_quote(kept[names])}")
    return "\n".join(lines) + "\n"


def _quote(value):
    """Return a text, or a list of texts, as TOML, whose basic strings are JSON's but for DEL."""
    if isinstance(value, list):
        return "[\n" + "".join(f"    {_quote(one)},\n" for one in value) + "]"
    return json.dumps(show(value), ensure_ascii=False)
