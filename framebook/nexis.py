"""Nexis Uni exports: one document with many articles, parted by the marks that Nexis sets.

Each article has a headline, an outlet, a date, a copyright line, lines such as `Length: 623
words` and `Byline: …`, the line `Body`, the text, `Load-Date: …` and `End of Document`. A page
that lists the articles may come first. Written from public descriptions of the layout
(LexisNexisTools, doi:10.5281/zenodo.3236389; tm.plugin.lexisnexis).
"""

import re
from itertools import takewhile

END = "End of Document"
FIELD = re.compile(r"(Section|Length|Byline|Dateline|Highlight|Load-Date|Series|Edition):\s*(.*)")
MONTH = ("(?:January|February|March|April|May|June|July|August|September|October|November|"
         "December)")
DATE = re.compile(r"(?:[A-Z][a-z]+day,? )?"
                  rf"({MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}} {MONTH},? \d{{4}}|{MONTH},? \d{{4}})\b")
COVER = re.compile(r"(?:Job Number: |Documents? \(\d+\)$)")
PAGE = re.compile(r"Page \d+ of \d+$")
AFTER = {"Graphic", "Classification"}  # what Nexis adds behind the text


def is_nexis(lines):
    """Tell whether the lines of a document have the marks of a Nexis export."""
    return END in lines and any(re.match(r"Load-Date: |Length: \d+ words", line) for line in lines)


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
    dated = [n for n, line in enumerate(head) if n and DATE.match(line) and len(line) < 120
             and not FIELD.match(line)]
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
    text = [] if body is None else list(takewhile(_is_text, lines[body + 1:]))
    author = re.sub(r"^by\s+", "", fields.get("Byline", ""), flags=re.IGNORECASE)
    return {"text": "\n\n".join(text), "title": " ".join(names) or None, "source": source,
            "date": day, "author": author or None}


def _is_text(line):
    return line not in AFTER and not line.startswith("Load-Date: ")
