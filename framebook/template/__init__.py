"""The report's pages: an executed notebook, or what the cover says, as one HTML file.

A page asks for nothing outside its own folder, and its parts are named for screen readers.
"""

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from framebook import __version__
from framebook.execution import has_tag

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "framebook"
SHOWN_TYPES = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg",
               "text/plain"]  # of what an output comes in, the first is shown; scripts never are
AMOUNT = r"[-−+]?[\d.,]+ ?%?"
WORDY = 40  # characters from which a table's cell should be a paragraph, not a pillar
WIDE = 30  # characters of fixed width that a screen of 360 px surely holds


def chapter_page(name, notebook, title, chapters):
    """Return the HTML page of an executed notebook; `chapters` as `describe` makes them."""
    names = [chapter["name"] for chapter in chapters]
    place = names.index(name)
    around = {
        "current": name,
        "heading": chapters[place]["heading"],
        "previous": chapters[place - 1] if place else None,
        "next": chapters[place + 1] if place + 1 < len(chapters) else None,
    }
    return _page("chapter", title, chapters, body=Markup(_body(notebook, set(names))), **around)


def cover_page(title, chapters, **parts):
    """Return the HTML of the cover; `parts` are what cover.html.j2 names."""
    return _finished(_page("cover", title, chapters, current=None, **parts))


def describe(name, notebook):
    """Return a chapter's name, number, short label, heading and the question that it asks."""
    number, _, label = name.partition("_")
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = re.search(rf"^# +(?:{number} )?(.+?)\s*$", text, flags=re.MULTILINE)
    label = label.replace("_", " ").capitalize()
    blocks = re.split(r"\n\s*\n", text[heading.end():] if heading else text)
    paragraph = next((block for block in blocks if re.match(r"\s*([\w_“\"]|\*+\w)", block)), "")
    question = notebook.metadata.get("framebook", {}).get("question") or paragraph
    return {"name": name, "number": number, "label": label,
            "heading": _plain(heading.group(1)) if heading else label, "question": _plain(question)}


def _plain(markdown):
    """Markdown as plain text, near enough for a heading or a paragraph."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"<[^>]*>|[*`]|(?<!\w)_|_(?!\w)", "", text).split())


@cache
def _templates():
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True)


def _page(template, title, chapters, **parts):
    style = Markup((FOLDER / "style.css").read_text(encoding="utf-8"))
    return _templates().get_template(f"{template}.html.j2").render(
        title=title, chapters=chapters, version=__version__, style=style, **parts)


@cache
def _exporter():
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    return HTMLExporter(
        template_name="framebook", extra_template_basedirs=[str(HERE)], exclude_anchor_links=True,
        config=Config({"NbConvertBase": {"display_data_priority": SHOWN_TYPES}}))


def _body(notebook, names):
    """The cells that a report shows, as HTML. Changes the notebook, which is not read again."""
    # The parameters' defaults would mislead where the report set others.
    notebook.cells = [cell for cell in notebook.cells
                      if not has_tag(cell, "remove-cell", "parameters", "injected-parameters")]
    for cell in notebook.cells:
        if has_tag(cell, "hide-input"):
            cell.metadata["transient"] = {"remove_source": True}
    return _finished(_exporter().from_notebook_node(notebook)[0], names)


def _finished(html, names=None):
    """HTML with its headings in order, its tables named, and no link that leads nowhere."""
    from bs4 import BeautifulSoup

    page = BeautifulSoup(html, "html.parser")
    _order_headings(page)
    for style in page.select("style[scoped]"):
        style.decompose()  # pandas' own; ours says how tables look
    for number, table in enumerate(page.find_all("table"), start=1):
        _name_headers(page, table)
        _class_columns(table)
        caption = table.caption.get_text(" ", strip=True) if table.caption else f"Table {number}"
        table.wrap(page.new_tag("div", attrs=_region(caption) | {"class": "scroll"}))
    for number, text in enumerate(page.select("pre.printed"), start=1):
        if max(map(len, text.get_text().split("\n"))) > WIDE:
            text.attrs.update(_region(f"Output {number}"))
    for number, figure in enumerate(page.select(".outputs figure"), start=1):
        figure.attrs.update(_region(f"Figure {number}"))
    if names is not None:
        for link in page.select("a[href]"):
            _mend_link(link, names)
    return str(page)


def _region(label):
    """Attributes of what scrolls sideways: the keyboard can reach it, and it has a name."""
    return {"role": "region", "tabindex": "0", "aria-label": label}


def _order_headings(page):
    seen, level = set(), 0
    for heading in page.find_all(re.compile("^h[1-6]$")):
        level = min(max(int(heading.name[1]), 2 if level else 1), level + 1)
        heading.name = f"h{level}"
        base = heading.get("id") or heading.get_text().strip().replace(" ", "-")
        name, n = base, 2
        while name in seen:
            name, n = f"{base}-{n}", n + 1
        seen.add(name)
        heading["id"] = name
        if level > 1 and not heading.find("a"):
            link = page.new_tag("a", attrs={"href": f"#{name}"})
            link.extend(list(heading.contents))
            heading.append(link)


def _name_headers(page, table):
    if table.thead and not table.thead.get_text(strip=True):
        # Markdown knows no table without a header row: then the first column is the header.
        table.thead.decompose()
        for first in table.select("tr > td:first-child"):
            first.name = "th"
    for row, line in enumerate(table.find_all("tr")):
        for column, cell in enumerate(line.find_all("th")):
            if cell.get_text(strip=True):
                across = "col" if cell.find_parent("thead") else "row"
                cell["scope"] = across + ("group" if cell.get("colspan", "1") != "1" else "")
            elif row == column == 0:
                cell["scope"] = "col"
                cell.append(page.new_tag("span", attrs={"class": "unseen"}, string="Row"))
            else:
                cell.name = "td"


def _class_columns(table):
    """Mark the columns that hold amounts, and those of long text, which need room."""
    rows = [row.find_all(["th", "td"], recursive=False) for row in table.find_all("tr")]
    if len({len(row) for row in rows}) > 1:
        return  # cells span several columns
    for column in zip(*rows, strict=True):
        values = [cell.get_text(strip=True) for cell in column if cell.name == "td"]
        if any(values) and all(re.fullmatch(AMOUNT, value) for value in values if value):
            _add_class(column, "amount")
        elif max(map(len, values), default=0) > WORDY:
            _add_class(column, "wordy")


def _add_class(cells, name):
    for cell in cells:
        cell["class"] = [*cell.get("class", []), name]


def _mend_link(link, names):
    """Between notebooks becomes between pages; to a file that the report lacks becomes text."""
    target = urlsplit(link["href"])
    if target.scheme or target.netloc or not target.path:
        return
    name = target.path.removesuffix(".ipynb")
    if name in names:
        link["href"] = f"{name}.html" + (f"#{target.fragment}" if target.fragment else "")
    else:
        link.unwrap()
