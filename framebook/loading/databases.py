"""Exports of databases: many articles in one document, split by what is known of its layout.

Each file of layouts/ describes one database: by which lines an export is recognised (`signs`),
where an article begins or ends, and what its lines are (`line`, the first that matches counts).
A line's `role` says what follows: `text` and `opens` begin the text, `closes` ends it, `ends`
does so if another such line is next (for an article may have a line "Location: the town hall"),
`owned` is a notice of copyright, which ends a text and may be above it, `anchor` is the line above and below which headline and outlet are given, `passes` changes nothing; any
other ends the head. The names of groups are fields. Written from public descriptions of the
layouts and tried on samples made by hand.
"""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from framebook.common.errors import InputError
from framebook.loading.dates import DATE, find_date
from framebook.loading.repairs import join_wrapped

LAYOUTS = Path(__file__).with_name("layouts")
FIELDS = ("text", "title", "source", "date", "author", "key")
MARK = re.compile(r"\0(\w+)\0(.*)", re.DOTALL)  # what the class of an element says of its text
BLOCKS = frozenset(
    "address article aside blockquote body center dd div dl dt figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tr ul".split()
)
LABELS = (  # of what is known of an article, in a form that belongs to no Layout
    "(?:article )?title|headline",
    "(?:publication |load[- ])?date",
    "authors?|byline|source|publication|newspaper|paper|outlet|media|url",
)
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
UNSEEN = frozenset(["style", "script", "noscript", "title", "template"])


@dataclass(frozen=True)
class Layout:
    """How the exports of one database are made; see the module's docstring."""

    name: str
    advice: str  # what to do where an export cannot be split
    hints: list  # of these one is in every export
    signs: list  # each of these matches a line
    line: list
    begins: str = ""  # a line that begins an article, or one that ends it
    ends: str = ""
    leads: bool = False  # the headline is in front of the line that begins an article
    rule: str = ""  # a line between articles that may also be in one
    once: str = ""  # a line that no article has twice
    cover: str = ""  # a line of the page that lists the articles
    listing: list = field(default_factory=list)  # lines of that page, without the first sign
    above: list = field(default_factory=list)  # fields above the anchor; with … all that is left
    last: bool = False  # the last line that could be the anchor is it, not the first
    longest: bool = False  # of the lines above the anchor, the longest is the headline
    below: bool = False  # the first line below the anchor is the outlet
    blocks: bool = False  # paragraphs end at blank lines; else each line may be one
    loose: bool = False  # without a line that opens the text, it is what has no tag
    continues: bool = False  # what a tag gives goes on in the lines below it
    imprint: bool = False  # the publisher's name is below the text
    skips: list = field(default_factory=list)  # lines of the head that are no field
    notices: list = field(default_factory=list)  # blocks of the head that are no field
    drops: list = field(default_factory=list)  # lines of the page, not of an article
    cleans: dict = field(default_factory=dict)  # by field: the first group is kept
    classes: dict = field(default_factory=dict)  # of a web page: end of a class, or tag: field


@cache
def load_layouts():
    """Return the Layouts of the databases that are known."""
    return tuple(
        Layout(**tomllib.loads(file.read_text(encoding="utf-8").replace("{date}", DATE)))
        for file in sorted(LAYOUTS.glob("*.toml"))
    )


def split_export(lines, is_pdf=False):
    """Return [(fields, [repairs])] of the articles of an export, [] of any other text.

    `lines` are those of a text, of a Word file or, from `page_lines`, of a web page. An article
    without text has an empty one. Raises InputError for an export that cannot be split.
    """
    whole = "\n".join(lines)
    for layout in load_layouts():
        if not any(hint in whole for hint in layout.hints):
            continue
        tidy = [line for line in map(_tidy, lines) if not _is(line, layout.drops)]
        met = [any(_is(line, [sign]) for line in tidy) for sign in layout.signs]
        if (
            layout.listing
            and not met[0]
            and all(any(_is(line, [sign]) for line in tidy) for sign in layout.listing)
        ):
            raise InputError(
                f"is the list of a {layout.name} export's articles and holds none of them"
            )
        if not all(met):
            continue
        if is_pdf:
            raise InputError(f"is an export of {layout.name} as PDF; {layout.advice}")
        parts = _split(tidy, layout)
        several = any(sum(_is(line, [layout.once]) for line in part) > 1 for part in parts)
        read = [_read_article(part, layout) for part in parts]
        if several or not any(fields["text"] for fields, _ in read):
            raise InputError(
                f"is an export of {layout.name} that cannot be split into its articles; "
                f"{layout.advice}"
            )
        return read
    if (several := count_articles(whole)) > 1:
        raise InputError(
            f"seems to hold {several} articles, by lines that are given for each; split it, "
            "one article per file or row"
        )
    return []


def count_articles(text):
    """Return how many articles are in a text that should be one, by what is known of each.

    Three notices of copyright are more than an article has; Factiva ends each by its number; a
    database that is not known may give each a title, an author and a date behind labels.
    """
    owned = re.findall(r"(?im)^[ \t]*(?:copyright|\(c\))[^\w\n]*\d{4}\b", text)
    ended = re.findall(r"(?m)^[ \t]*(?:Document|Dokument) [A-Z][A-Za-z0-9]{17,31}[ \t]*$", text)
    labelled = min(len(re.findall(rf"(?im)^[ \t]*(?:{one}) ?:", text)) for one in LABELS)
    return max(len(owned) if len(owned) > 2 else 1, len(ended), labelled)


def _tidy(line):
    """Return a line with one space between words, and a tab where there are more or a cell ends."""
    cells = re.sub(r"(?<! )\|(?! )", "\t", line)  # of a table of an RTF file
    return re.sub(r"\s*\t\s*|\s{2,}", "\t", cells.strip())


def _is(line, patterns):
    return any(pattern and re.match(pattern, line) for pattern in patterns)


def _role(line, layout):
    """Return (role, {field: value}) of a line, (None, {}) of one that nothing is known of."""
    if mark := MARK.match(line):
        return "text" if mark[1] == "text" else "passes", {mark[1]: mark[2]}
    for entry in layout.line:
        if found := re.match(entry["match"], line):
            return entry.get("role", "tag"), found.groupdict()
    return None, {}


def _split(lines, layout):
    """Return the lines of each article; what frames the articles is left out."""
    parts, part, known, begun = [], [], set(), False
    for line in lines:
        begins, ends = _is(line, [layout.begins]), _is(line, [layout.ends])
        if begins or _is(line, [layout.rule]):
            lead = _take_lead(part) if begins and layout.leads else []
            if begun or known & {"text", "opens"}:
                parts.append(part)
            if begun or begins or known & {"text", "opens"} or not known - {None}:  # or a cover
                part, known = lead, set()
            begun = begun or begins
            if not lead:
                continue
        part.append(line)
        known.add(_role(line, layout)[0])
        if ends:
            parts.append(part)
            part, known = [], set()
    return [*parts, part] if begun or known & {"text", "opens"} else parts


def _take_lead(part):
    """Take the last line that is not blank from a part and return it in a list."""
    while part and not part[-1]:
        part.pop()
    return [part.pop()] if part else []


def _read_article(lines, layout):
    """Return (fields, repairs) of one article's lines."""
    units = lines
    if layout.blocks:
        units = [block.strip("\n") for block in re.split(r"\n{2,}", "\n".join(lines))]
    given, head, loose, text = {}, [], [], []
    anchor, tagged, opened, closed, pending = None, False, False, False, None
    marked = any(line.startswith("\0text\0") for line in lines)
    roles = [_role(" ".join(unit.split("\n")), layout) for unit in units]
    for number, (unit, (role, found)) in enumerate(zip(units, roles, strict=True)):
        line = " ".join(unit.split("\n"))
        if role == "ends":
            rest = zip(units[number + 1 :], roles[number + 1 :], strict=True)
            after = next((other for one, (other, _) in rest if one), "closes")
            if after not in ("closes", "ends", "owned"):
                role, found = None, {}
            else:
                role = "closes"
        within = opened and not closed and role not in ("closes", "owned", "text")
        if within and line[:1] != "\0" and (text or role == "anchor" or role == "passes" and found):
            role, found = None, {}  # what is a tag in the head is a sentence here
        if role == "anchor" and not tagged:
            if anchor is None or layout.last:
                anchor = len(head), found
            head.append(unit)
        elif role:
            given.update({k: v.strip() for k, v in found.items() if v and not given.get(k)})
            text += [found["text"]] if found.get("text") else []
            pending = next((k for k, v in found.items() if k != "text" and not v), None)
            opened = opened or role in ("opens", "text")
            tagged = tagged or role not in ("passes", "owned")
            closed = tagged and (role in ("closes", "owned") or closed and role != "text")
            head += [unit] if role == "owned" and not tagged else []
        elif not line:
            pending = pending if layout.continues else None
        elif opened and not closed:
            text += [unit if not layout.blocks else line] * (not marked)
        elif pending and not closed:
            given[pending] = f"{given.get(pending) or ''} {line}".strip()
        elif not tagged:
            head += [unit] if not _is(line, layout.notices) else []
        elif not closed:
            loose.append(line)
        text += [""] * (not line and opened)
    given.pop("text", None)
    if layout.loose and not any(text):
        text = loose
    text = _read_head(head, anchor, text, given, layout)
    return _finish(given, text, layout)


def _read_head(head, anchor, text, given, layout):
    """Add to `given` what the lines of the head are; return the text, which may be below them."""

    def plain(units):
        split = (line for unit in units for line in unit.split("\n"))
        return [line for line in split if not _is(line, layout.skips)]

    where, found = anchor or (len(head), {})
    given.update({k: v for k, v in found.items() if v and not given.get(k)})
    above, below = plain(head[:where]), head[where + 1 :]
    if layout.cover and any(_is(line, [layout.cover]) for line in above):
        above = above[-2:]
    if layout.below and plain(below):
        given.setdefault("source", plain(below)[0])
    if layout.blocks and not any(text) and below:  # the text is in front of its tags
        blocks = [" ".join(block.split("\n")) for block in below]
        if not given.get("title") and len(above) < 2 and blocks[0][-1] not in '.?!”"':
            given["title"] = blocks.pop(0)
        text = blocks
    elif layout.blocks and below and not given.get("title"):
        given["title"] = " ".join(plain(below))
    if layout.longest:
        title = max(above, key=len, default=None)
        after = above[above.index(title) + 1 :] if title and not given.get("title") else []
        found = {"title": title, "author": " ".join(after)}
    else:
        found = _assign(layout.above, above)
    given.update({k: v for k, v in found.items() if v and not given.get(k)})
    return text


def _assign(names, lines):
    """Return {field: text} of lines in the order of their names; a name with … takes the rest."""
    found = {}
    if names and names[0].endswith("…"):  # the rest comes first, and at least one is of it
        found = {name: lines.pop() for name in reversed(names[1:]) if len(lines) > 1}
    for name in names:
        if name.endswith("…"):
            found[name[:-1]], lines = " ".join(lines), []
        elif name not in found and lines:
            found[name] = lines.pop(0)
    return found


def _finish(given, text, layout):
    """Return (fields, repairs): paragraphs laid out, what is no part of a field taken off."""
    text = "\n".join(" ".join(line.split()) for line in text).strip("\n")
    laid = text if layout.blocks else join_wrapped(text)
    paragraphs = [line for line in laid.split("\n") if line and not _is(line, layout.drops)]
    if (
        layout.imprint
        and paragraphs
        and re.fullmatch(r"(?:\S+ ){0,9}\S*[^.?!:;”\"]", paragraphs[-1])
    ):
        paragraphs.pop()
    fields = {name: " ".join((given.get(name) or "").split()) or None for name in FIELDS}
    for name, pattern in layout.cleans.items():
        if fields[name] and (kept := re.match(pattern, fields[name])):
            fields[name] = kept[1].strip() or None
    if fields["date"]:
        fields["date"] = find_date(fields["date"]) or fields["date"]
    if fields["author"]:
        fields["author"] = re.sub(r"(?i)^by\s+", "", fields["author"]) or None
    said = ["lines wrapped at a fixed width joined"] * (laid != text)
    return {**fields, "text": "\n\n".join(paragraphs)}, said


class _Lines(HTMLParser):
    """The lines of a web page, those of elements with known classes marked by their field."""

    def __init__(self, classes):
        super().__init__()
        self.classes, self.counts = classes, {}
        self.open = [("", None, None)]  # tag, field that its class names, field that it is in
        self.lines, self.pieces, self.unseen = [], [], 0

    def end_line(self, blank=False):
        line = " ".join("".join(self.pieces).split(" ")).strip()
        self.pieces, name = [], self.open[-1][2]
        if line:
            self.lines.append(f"\0{name}\0{' '.join(line.split())}" if name else line)
        if blank and self.lines and self.lines[-1]:
            self.lines.append("")

    def handle_starttag(self, tag, attrs):
        given = [tag, *(dict(attrs).get("class") or "").split()]
        names = [self.classes[end] for end in self.classes for one in given if one.endswith(end)]
        name = names[0] if names else None
        if tag in BLOCKS or name:
            self.end_line(tag in BLOCKS)
        elif tag == "br":
            self.end_line()
        elif tag in ("td", "th") and self.pieces:
            self.pieces.append("\t")
        if name == "begins":
            self.lines.append("\0begins\0")
            name = None
        if tag not in VOID:
            self.open.append((tag, name, name or self.open[-1][2]))
            self.counts[tag] = self.counts.get(tag, 0) + 1
            self.unseen += tag in UNSEEN

    def handle_endtag(self, tag):
        if not self.counts.get(tag):
            return
        if tag in BLOCKS or self.open[-1][1]:
            self.end_line(tag in BLOCKS)
        while True:
            one = self.open.pop()[0]
            self.counts[one] -= 1
            self.unseen -= one in UNSEEN
            if one == tag:
                return

    def handle_data(self, data):
        if not self.unseen:
            self.pieces.append(re.sub(r"[\0\s]+", " ", data))


def page_lines(source):
    """Return the lines of a web page, as `split_export` takes them."""
    classes = {end: name for layout in load_layouts() for end, name in layout.classes.items()}
    page = _Lines(classes)
    page.feed(source)
    page.close()
    page.end_line()
    return page.lines
