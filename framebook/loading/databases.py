"""Exports of databases: one document with many articles, parted by the marks that are set in it.

In those of Nexis Uni each article has a headline, an outlet, a date, a copyright line, lines
such as `Length: 623 words` and `Byline: …`, the line `Body`, the text, `Load-Date: …` and
`End of Document`. A page that lists the articles may come first. The plain text of LexisNexis
Academic and of ProQuest parts articles by a line and tags what belongs to them (`BYLINE: …`,
`Full text: …`). Written from public descriptions of the layouts (LexisNexisTools,
doi:10.5281/zenodo.3236389; tm.plugin.lexisnexis; pq_parser) and tried on samples made by hand.
"""

import re
from itertools import takewhile

END = "End of Document"
FIELDS = ("text", "title", "source", "date", "author", "key")
FIELD = re.compile(r"(Section|Length|Byline|Dateline|Highlight|Load-Date|Series|Edition):\s*(.*)")
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DATE = re.compile(
    r"(?:[A-Z][a-z]+day,? )?"
    rf"({MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}} {MONTH},? \d{{4}}|{MONTH},? \d{{4}})\b"
)
COVER = re.compile(r"(?:Job Number: |Documents? \(\d+\)$)")
PAGE = re.compile(r"Page \d+ of \d+$")
PARTED = re.compile(r"(?m)^[ \t]*(?:FOCUS - )?\d+ of \d+ DOCUMENTS?[ \t]*$|^_{40,}[ \t]*$")
TAGS = {
    "HEADLINE": "title",
    "Title": "title",
    "BYLINE": "author",
    "Author": "author",
    "Publication title": "source",
    "Publication date": "date",
    "ProQuest document ID": "key",
    **dict.fromkeys(("SECTION", "DATELINE", "HIGHLIGHT", "SERIES", "TYPE")),
}
OPENING, CLOSING = (
    ("LENGTH", "BODY", "Full text"),
    (
        "LOAD-DATE",
        "LANGUAGE",
        "GRAPHIC",
        "PUBLICATION-TYPE",
        "JOURNAL-CODE",
        "SUBJECT",
        "Subject",
        "Location",
        "Company / organization",
        "People",
        "Identifier / keyword",
        "Publication year",
        "Classification",
        "Copyright",
    ),
)
TAG = re.compile(rf"({'|'.join((*TAGS, *OPENING, *CLOSING))}):(?:\s+(.*))?")
NOTICE = re.compile(r"(?i)Copyright\W+\d{4}|All Rights Reserved|\(c\)")
FRAME = ("Report Information from ProQuest", "Contact ProQuest")  # about a ProQuest export
AFTER = {"Graphic", "Classification"}  # what Nexis adds behind the text


def is_nexis(lines):
    """Tell whether the lines of a document have the marks of a Nexis export."""
    return END in lines and any(re.match(r"Load-Date: |Length: \d+ words", line) for line in lines)


def is_list(lines):
    """Tell whether a document is the list of a Nexis export's articles without the articles."""
    return (
        END not in lines
        and any(line.startswith("Job Number:") for line in lines)
        and any(COVER.search(line) for line in lines if not line.startswith("Job"))
    )


def part_text(text):
    """Return [fields] of the articles of an export as plain text, [] for any other text.

    Paragraphs end at blank lines; what is tagged and no field of ours is left out.
    """
    text = re.sub("\r\n?", "\n", text)
    parts = PARTED.split(text)
    if len(parts) < 2 or not re.search(r"(?m)^(?:LENGTH|BODY|Full text):", text):
        return []
    return [
        _read_tagged(part)
        for part in parts[1:]
        if part.strip() and not part.lstrip().startswith(FRAME)
    ]


def count_articles(text):
    """Return how many articles stand in a text that should be one, by lines that own or end them.

    Three notices of copyright are more than an article has; Factiva ends each by its number.
    """
    owned = re.findall(r"(?im)^[ \t]*(?:copyright|\(c\))[^\w\n]*\d{4}\b", text)
    ended = re.findall(r"(?m)^[ \t]*Document [A-Z]{3,}\w{15,}[ \t]*$", text)
    return max(len(owned) if len(owned) > 2 else 1, len(ended))


def _read_tagged(part):
    fields, head, text, tagged, opened = dict.fromkeys(FIELDS), [], [], False, False
    for block in re.split(r"\n\s*\n", part.strip("\n")):
        line = " ".join(block.split())
        tag = TAG.fullmatch(line)
        if tag and (tag[1] in CLOSING or not text):
            opened = tag[1] in OPENING or opened and tag[1] not in CLOSING
            text += [tag[2]] if tag[1] in OPENING[1:] and tag[2] else []
            tagged = True
        elif opened and line and not re.match(r"Copyright \d{4}", line):
            text.append(line)
        elif line and not tagged:
            head.append(block)
        if tag and TAGS.get(tag[1]):
            fields[TAGS[tag[1]]] = fields[TAGS[tag[1]]] or tag[2]
    return {
        **fields,
        **_read_head(head, fields),
        "author": _read_byline(fields["author"]),
        "text": "\n\n".join(text),
    }


def _read_head(blocks, fields):
    """Return source, date and title: outlet, date and headline stand below each other."""
    lines = [" ".join(block.split()) for block in blocks]
    dated = next((n for n, line in enumerate(lines) if DATE.match(line)), None)
    if dated is None:
        return {"title": fields["title"] or (lines or [None])[0]}
    above = [
        line.strip()
        for block in blocks[:dated]
        for line in block.split("\n")
        if not NOTICE.match(line.strip())
    ]
    return {
        "source": (above or [None])[-1],
        "date": DATE.match(lines[dated])[1],
        "title": fields["title"] or " ".join(lines[dated + 1 :]) or None,
    }


def _read_byline(line):
    return re.sub(r"^by\s+", "", line or "", flags=re.IGNORECASE) or None


def part_articles(lines):
    """Return [fields] of the articles of an export, from its lines: text, title, source, ….

    An article without text has an empty one. What Nexis adds is left out: the page that
    lists the articles, highlights, classifications, pictures' captions.
    """
    articles, current = [], []
    for line in lines:
        line = " ".join(line.split())
        if line == END:
            articles.append(_read_article(current))
            current = []
        elif line and not PAGE.match(line):
            current.append(line)
    if "Body" in current:  # the export was cut short, or its last mark is lost
        articles.append(_read_article(current))
    return articles


def _read_article(lines):
    body = lines.index("Body") if "Body" in lines else None
    head = lines[:body] if body is not None else list(takewhile(lambda s: s not in AFTER, lines))
    fields = {match[1]: match[2] for match in map(FIELD.fullmatch, head) if match}
    dated = [
        n
        for n, line in enumerate(head)
        if n and DATE.match(line) and len(line) < 120 and not FIELD.match(line)
    ]
    covered = any(map(COVER.match, head))
    if dated:
        day, below = DATE.match(head[dated[-1]])[1], dated[-1]
    else:
        notice = [n for n, line in enumerate(head) if n > 1 and line.startswith("Copyright ")]
        day, below = None, (notice or [min(2, len(head))])[0]
    names = head[:below]
    source = names.pop() if len(names) > 1 else None
    if covered:  # the list of the articles stands before the first headline
        names = names[-1:]
    text = [] if body is None else list(takewhile(_is_text, lines[body + 1 :]))
    return {
        "text": "\n\n".join(text),
        "title": " ".join(names) or None,
        "source": source,
        "date": day,
        "author": _read_byline(fields.get("Byline")),
    }


def _is_text(line):
    return line not in AFTER and not line.startswith("Load-Date: ")
