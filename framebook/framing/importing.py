"""Word lists of other programs as codebooks: `framebook codebook import`.

Read are LIWC's .dic (2007 and 2015), Lexicoder's .lc3, Yoshikoder's form of .lcd and .ykd,
WordStat's .cat and quanteda's YAML (.yml, .yaml). The forms are as quanteda reads them (Benoit et
al. 2018, doi:10.21105/joss.00774). What a codebook cannot hold is told, entry by entry, and is left out.
"""

import json
import re
from collections import Counter
from pathlib import Path

from framebook.common.errors import InputError, show
from framebook.common.text import check_size
from framebook.framing.checking import why_never
from framebook.framing.matching import normalise, parse_pattern
from framebook.loading.encoding import decode
from framebook.tokenising.rules import token_spans

LONGEST, DEEPEST = 1000, 50  # characters of a line of LIWC's; categories in each other
COMMENT = re.compile(r"\s*(?:#|//|;)")
REGEX = re.compile(r"[\[\]{}|\\^]|\(\?|\.[*+]|^/.*/\w*$|\$$|\S\+$")


class Dictionary:
    """Categories, in order, as paths of names with their patterns; what was changed and lost."""

    def __init__(self):
        self.patterns, self.lost, self.changed = {}, [], {}
        self.read, self.kept = set(), set()

    def lose(self, name, why, detail=""):
        """Keep what of the word list is no part of the codebook, and of which kind it is."""
        self.lost.append((f"{name!r}: {why}{detail}" if name else why, why))

    def change(self, entry, how):
        """Keep which entries mean something else in the codebook than they are written."""
        self.changed.setdefault(how, set()).add(entry)

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
        self.read.add(entry)
        bare = re.fullmatch(r"[(\[\s\",;]*([^()\[\]]*?)[)\]\s\",;]*", entry)
        if bare and bare[1] != entry and re.search(r"\w", bare[1]):
            self.change(entry, "brackets, quotation marks or commas around it taken off")
            self.read.discard(entry)
            entry = bare[1]
            self.read.add(entry)
        if entry != entry.lower():
            self.change(entry, "capital letters: words match in any case")
        if not entry.isprintable() or not re.search(r"\w", entry):
            self.lose(entry, "no word to look for")
        elif re.search("[()]", entry):
            self.lose(entry, "brackets (a condition?)")
        elif REGEX.search(entry):
            self.lose(entry, "a regular expression, or signs that are not words")
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
            self.lost.append((f"{entry!r}: {why}", "a pattern that can match nothing"))
            return
        self.kept.add(entry)
        for n in range(1, len(path) + 1):  # as in quanteda, a category holds its sub-categories
            self.patterns[path[:n]][pattern] = None

    def describe(self):
        """Return lines: how many entries were taken, changed and lost, by kind; then what was."""
        read, kept = len(self.read), len(self.kept)
        kinds = Counter(kind for _, kind in self.lost)
        return [
            f"{kept:,} of {read:,} entries were taken, {read - kept:,} were not"
            + "".join(f"; lost, {why}: {n:,}" for why, n in sorted(kinds.items())),
            *(f"changed: {how} (entries: {len(own):,})" for how, own in self.changed.items()),
            *(said for said, _ in self.lost),
        ]


def import_codebook(path, out):
    """Write a word list of another program as the codebook `out` (TOML); return what became of it.

    A list of texts: how many entries were taken and lost, what was changed, and each entry that
    was lost; the same are in the codebook's notes. Lexicoder's
    `neg_NAME` becomes a code of its own and an exclude of NAME, so that "not good" is not good.
    Raises InputError when the form is unknown or nothing is left.
    """
    path, out = Path(path), Path(out)
    if out.suffix != ".toml":
        raise InputError(f"{out} is not a name for a codebook; let it end in .toml.")
    if out.exists():
        raise InputError(f"{out} is there already; give another name for what is made.")
    readers = {
        ".dic": _read_liwc,
        ".lc3": _read_lexicoder,
        ".lcd": _read_lexicoder,
        ".ykd": _read_lexicoder,
        ".cat": _read_wordstat,
        ".yml": _read_yaml,
        ".yaml": _read_yaml,
    }
    if path.suffix.lower() not in readers:
        raise InputError(f"{path} has no known form; give a file {', '.join(readers)}.")
    made = Dictionary()
    readers[path.suffix.lower()](_read_text(path), made, path)
    text, part = _write_toml(made, path), out.with_name(f".{out.name}-part")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.write_text(text, encoding="utf-8")
        part.rename(out)
    finally:
        part.unlink(missing_ok=True)
    return [show(one) for one in made.describe()]


def _read_text(path):
    try:
        check_size(path)
        text, _ = decode(path.read_bytes())
        return re.sub("\r\n?", "\n", text)  # old Macs end lines with the first alone
    except FileNotFoundError:
        raise InputError(f"There is no file {path}; check the spelling.") from None
    except InputError as error:
        raise InputError(f"{path} {error}.") from None


def _read_liwc(text, made, path):
    head = re.search(r"^[ \t]*%[^\n]*\n(.*?)^[ \t]*%[^\n]*$", text, re.S | re.M)
    if not head:
        raise InputError(
            f"{path} is not a LIWC dictionary: its categories must stand between two lines with %."
        )
    for line in filter(str.strip, text[: head.start()].splitlines()):
        made.lose(line.strip()[:80], "a line above the categories")
    categories, above, lines = {}, [], [*filter(str.strip, head[1].splitlines())]
    rows = [re.fullmatch(r"(\s*)(\d+)\s+(\S.*?)\s*", line) for line in lines]
    aligned = len({found.end(2) for found in rows if found}) == 1  # to the right: no indent
    for line, found in zip(lines, rows, strict=True):
        if not found:
            why = "no category with a number and a name"
            made.lose(line.strip(), "a comment" if COMMENT.match(line) else why)
            continue
        depth = 0 if aligned else found[1].count("\t") + found[1].count(" ") // 2
        above = [one for one in above if one[0] < depth] + [(depth, found[3])]
        categories[found[2]] = tuple(name for _, name in above)
        made.add(categories[found[2]])
    for line in filter(str.strip, text[head.end() :].splitlines()):
        _read_liwc_entry(line, categories, made)


def _read_liwc_entry(line, categories, made):
    """An entry and its numbers; "(02 134)125/464" and "<of>131/125" are LIWC2007's conditions."""
    if len(line) > LONGEST:
        made.lose(line[:40], f"a line of more than {LONGEST:,} characters")
        return
    line, one = line.strip(), r"(?:[(<][^)>]*[)>]\S*|\d\S*)"
    found = re.fullmatch(rf"([^\t]+)\t\s*(.*)|(\S.*?)\s+({one}(?:\s+{one})*)", line)
    entry, numbers = (found[1] or found[3], found[2] or found[4] or "") if found else (line, "")
    if not numbers and COMMENT.match(line):
        made.lose(line[:80], "a comment")
        return
    rest = re.sub(r"[(<][^)>]*[)>]\S*", "", numbers).split()
    if weights := [one for one in rest if re.fullmatch(r"\d+:-?[\d.]+", one)]:
        made.lose(entry, "the weight", f" in {' '.join(weights)!r}")
        rest = [one.partition(":")[0] for one in rest]
        numbers = " ".join(rest)
    ids = [one for one in rest if one in categories]
    if rest != numbers.split():
        made.lose(entry, "the condition", f" in {numbers!r}")
    for one in rest:
        if one not in categories:
            made.lose(entry, "a number that is not a category (a weight?)", f": {one!r}")
    if not ids:
        made.read.add(entry)
        made.lose(entry, "in no category")
    for one in ids:
        made.add(categories[one], entry)


def _read_lexicoder(text, made, path):
    if text.lstrip().startswith("<"):
        _read_yoshikoder(text, made, path)
        return
    above = ()
    for line in filter(None, map(str.strip, text.splitlines())):
        if name := re.fullmatch(r"(\++)\s*([^+#]+?)\s*(?:\++|#[0-9A-Fa-f]+)?", line):
            above = (*above[: len(name[1]) - 1], name[2])
            made.add(above)
        elif above:
            made.add(above, line)
        else:
            made.read.add(line)
            made.lose(line, "in no category")


def _read_wordstat(text, made, path):
    """Categories and entries by their indents; an entry has a weight in brackets."""
    above = []
    for line in filter(str.strip, text.splitlines()):
        depth = len(line) - len(line.lstrip("\t "))
        above = [one for one in above if one[0] < depth]
        found = re.fullmatch(r"\s*(\S.*?)\s*\((-?[\d.]+)\)\s*", line)
        if not found:
            above.append((depth, line.strip()))
            made.add(tuple(name for _, name in above))
        elif found[1].startswith("@") or "[" in found[1]:
            made.read.add(found[1])
            made.lose(found[1], "a rule of proximity")
        elif not above:
            made.read.add(found[1])
            made.lose(found[1], "in no category")
        else:
            if not re.fullmatch(r"0*1(?:\.0*)?", found[2]):
                made.lose(found[1], "the weight", f" {found[2]}")
            made.add(tuple(name for _, name in above), found[1].replace("_", " "))


def _read_yoshikoder(text, made, path):
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    def walk(node, above):
        for child in node:
            name, weight = child.get("name", ""), child.get("score")
            if weight:
                made.lose(name, "the weight", f" {weight}")
            if child.tag == "cnode":
                made.add((*above, name))
                walk(child, (*above, name))
            elif child.tag == "pnode" and above:
                made.add(above, _read_spaces(name, in_front, made) if spaced else inside(name))

    def inside(name):
        if not substring or "*" in name or not name.strip():
            return name
        made.change(name, "patternengine substring: read as a part of a word")
        return f"*{name.strip()}*"

    try:
        root = fromstring(text.encode())
        substring = root.get("patternengine") == "substring"
        spaced = path.suffix.lower() == ".lcd" or root.get("style", "").lower() == "lexicoder"
        in_front = any(node.get("name", "").startswith(" ") for node in root.iter("pnode"))
        walk(root, ())
    except InputError:
        raise
    except (ParseError, DefusedXmlException, RecursionError, ValueError) as error:
        raise InputError(f"{path} is not a Yoshikoder dictionary: {show(str(error))}.") from None


def _read_spaces(name, in_front, made):
    """Return an entry of Lexicoder's, which begins or ends a word only where it has a space."""
    entry = " ".join(name.split())
    if entry and name[-1] != " " and entry[-1].isalnum():
        made.change(entry, "no space at the end: read as the beginning of a word")
        entry += "*"
    if entry and in_front and name[0] != " " and entry[0].isalnum():
        made.change(entry, "no space in front: read as the end of a word")
        entry = f"*{entry}"
    return entry


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
                    made.lose("", "a key that is not a text")
                    continue
                number = isinstance(value, yaml.ScalarNode) and re.fullmatch(
                    r"[-+]?[\d.]+(e[-+]?\d+)?", value.value
                )
                if above and number:
                    made.lose(key.value, "the weight", f" {value.value}")
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
            raise InputError(f"{path} is not a quanteda dictionary: it must be keys with words.")
        walk(root, ())
    except (yaml.YAMLError, RecursionError) as error:
        why = show(" ".join(str(error).split()))
        raise InputError(f"{path} is not valid YAML: {why}.") from None


def _write_toml(made, path):
    kept = {names: list(patterns) for names, patterns in made.patterns.items() if patterns}
    for names in [names for names, patterns in made.patterns.items() if not patterns]:
        made.lose(" / ".join(names), "an empty category")
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
        *made.describe(),
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
