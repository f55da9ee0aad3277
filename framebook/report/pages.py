"""The report's pages: an executed notebook, or what the cover says, as one HTML file.

A page asks for nothing outside its own folder, and its parts are named for screen readers.
"""

import re
from functools import cache
from itertools import count
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from markupsafe import Markup

from framebook import __version__
from framebook.report.template import FOLDER, load_template

EXPORT = {
    # Of what an output comes in, the first is shown; scripts never are.
    "NbConvertBase": {
        "display_data_priority": [
            "text/html",
            "text/markdown",
            "image/svg+xml",
            "image/png",
            "image/jpeg",
            "text/plain",
        ]
    },
    # The parameters' defaults would mislead where the report set others.
    "TagRemovePreprocessor": {
        "remove_cell_tags": ["remove-cell", "parameters", "injected-parameters"],
        "remove_input_tags": ["hide-input"],
    },
}
AMOUNT = r"[-−+]?[\d.,]+ ?%?"
WORDY = 40  # characters from which a table's cell should be a paragraph, not a pillar
WIDE = 30  # characters of fixed width that a screen of 360 px surely holds


def make_page(name, title, pages, heading, body="", explorer=None):
    """Return the HTML of a page; `pages` lists all as {"name", "label"}, `body` is Markup.

    `explorer` are the parts of the explorer, which is put in as it is.
    """
    names = [page["name"] for page in pages]
    place = names.index(name) if name in names else -1
    previous, _, following = [None, {"name": "index", "label": "Cover"}, *pages, None][
        place + 1 : place + 4
    ]
    page = _page(
        "chapter",
        title,
        pages,
        current=name,
        heading=heading,
        body=body,
        previous=previous,
        next=following,
        policy=f"'{explorer['policy']}'" if explorer else "",
    )
    page = _finished(page)
    if explorer:
        part = load_template("explorer").render(**explorer)
        page = page.replace("</h1>", f"</h1>\n{part}", 1)
    return page


def notebook_body(notebook, names):
    """Return the cells of an executed notebook as Markup, links between `names` mended."""
    return Markup(_finished(_exporter().from_notebook_node(notebook)[0], names))


def comparison_page(title, **parts):
    """Return the HTML of a comparison; `parts` are what comparison.html.j2 names."""
    return _finished(_page("comparison", title, [], current=None, policy="", **parts))


def describe(name, notebook):
    """Return a chapter's name, number, short label, heading and the question that it asks."""
    number, _, label = name.partition("_")
    label = label.replace("_", " ").capitalize()
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = re.search(rf"^# +(?:{number} )?(.+?)\s*$", text, flags=re.MULTILINE)
    blocks = re.split(r"\n\s*\n", text[heading.end() :] if heading else text)
    paragraph = next((block for block in blocks if re.match(r"\s*([\w_“\"]|\*+\w)", block)), "")
    question = notebook.metadata.get("framebook", {}).get("question") or paragraph
    return {
        "name": name,
        "number": number,
        "label": label,
        "heading": _plain(heading[1]) if heading else label,
        "question": _plain(question),
    }


def _plain(markdown):
    """Markdown as plain text, near enough for a heading or a paragraph."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"<[^>]*>|[*`]|(?<!\w)_|_(?!\w)", "", text).split())


def _page(template, title, pages, **parts):
    style = Markup(
        "".join((FOLDER / f"{name}.css").read_text("utf-8") for name in ("style", "explorer"))
    )
    return load_template(template).render(
        title=title, pages=pages, version=__version__, style=style, **parts
    )


@cache
def _exporter():
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    return HTMLExporter(
        template_name="framebook",
        extra_template_basedirs=[str(FOLDER.parent)],
        exclude_anchor_links=True,
        config=Config(EXPORT),
    )


def _finished(html, names=()):
    """HTML with its headings in order, its tables named, and no link that leads nowhere."""
    page = BeautifulSoup(html, "html.parser")
    _order_headings(page)
    for style in page.select("style[scoped]"):
        style.decompose()  # pandas' own; ours says how tables look
    for number, table in enumerate(page.find_all("table"), start=1):
        _name_headers(page, table)
        _class_columns(table)
        caption = table.caption.get_text(" ", strip=True) if table.caption else f"Table {number}"
        table.wrap(page.new_tag("div", attrs=_region(caption) | {"class": "scroll"}))
    for kind, parts, wide in ("Output", "pre.printed", WIDE), ("Figure", ".outputs figure", -1):
        for number, part in enumerate(page.select(parts), start=1):
            if max(map(len, part.get_text().split("\n"))) > wide:
                part.attrs.update(_region(f"{kind} {number}"))
    for link in page.select("a[href]") if names else []:
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
        base = name = heading.get("id") or heading.get_text().strip().replace(" ", "-")
        numbers = count(2)
        while name in seen:
            name = f"{base}-{next(numbers)}"
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
    corner = table.th
    for cell in table.find_all("th"):
        if cell.get_text(strip=True):
            across = "col" if cell.find_parent("thead") else "row"
            cell["scope"] = across + ("group" if cell.get("colspan", "1") != "1" else "")
        elif cell is corner:
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
        amounts = any(values) and all(re.fullmatch(AMOUNT, value) for value in values if value)
        if amounts or max(map(len, values), default=0) > WORDY:
            for cell in column:
                cell["class"] = [*cell.get("class", []), "amount" if amounts else "wordy"]


def _mend_link(link, names):
    """Between notebooks becomes between pages; to a file that the report lacks becomes text."""
    target = urlsplit(link["href"])
    name = target.path.removesuffix(".ipynb")
    if name in names:
        link["href"] = f"{name}.html" + (f"#{target.fragment}" if target.fragment else "")
    elif target.path and not target.scheme and not target.netloc:
        link.unwrap()
