"""The coding desk: one offline page per coder, which gives back the sheet that `agree` reads."""

import json
import os
from html import escape
from pathlib import Path

from framebook import STATIC
from framebook.common.errors import InputError
from framebook.common.text import frame_page, hash_for_policy
from framebook.loading.articles import find_path
from framebook.validation.design import UNITS, find_codebook, list_asked, read_design, sign
from framebook.validation.sheets import read_cells

FOLDER = Path(__file__).parent / "page"


def write_desks(folder, codebook=None):
    """Write a page per sheet of a drawn sample, next to the sheets; return the pages.

    `folder` is what `framebook sample` wrote. A page holds what its sheet holds, in its order, the
    codebook in words and nothing of what the program found.
    """
    design = read_design(Path(folder) / "design.json")
    book = find_codebook(design, codebook)
    sheets = sorted((Path(folder) / "for-coders").glob("coder-*.csv"))
    return [_write_desk(sheet, design, book) for sheet in sheets]


def show_desk(sheet: str | Path, codebook: str | None = None) -> None:
    """Display the desk of a coder's sheet (.csv) in a notebook; in a page being made, a sentence.

    The sheet is one that `framebook sample` wrote, its key in the folder or in the one above. The
    browser keeps the answers under the sheet's signature, and the coder saves them as a sheet.
    Raises InputError where the sheet or its key can't be read.

    >>> show_desk("notebooks/codes/coder-1.csv")
    <IPython.core.display.HTML object>
    """
    from IPython.display import HTML, display

    sheet = find_path(sheet)
    keys = [key for place in sheet.parents[:2] if (key := place / "design.json").exists()]
    if not keys or sheet.suffix != ".csv":
        needed = "a coder's sheet (.csv) that has its design.json beside or above it"
        raise InputError(f"{sheet} can't be shown as a desk; name {needed}.")
    design = read_design(keys[0])
    book = find_codebook(design, codebook)
    if STATIC in os.environ:
        display(HTML("<p>Run this cell to open the desk.</p>"))
    else:
        display(HTML(frame_page("Desk", _make_desk(sheet, design, book))))


def _write_desk(sheet, design, book):
    path = sheet.with_suffix(".html")
    path.write_text(_make_desk(sheet, design, book), "utf-8", newline="\n")
    return path


def _make_desk(sheet, design, book):
    head, *rows = read_cells(sheet)
    places = [head.index(name) for name in ("unit", "before", "text", "after")]
    coder, signature = rows[0][head.index("coder")], sign(design)
    codes = [
        {
            "id": code.id,
            "label": code.label,
            "definition": " ".join(definition.split()),
            "questions": questions,
            "examples": code.examples,
            "counterexamples": code.counterexamples,
        }
        for code, definition, questions in list_asked(book, design["unit"])
    ]
    data = {"coder": coder, "signature": signature, "file": f"{coder}-{signature[:8]}"}
    data |= {"unit": UNITS[design["unit"]]}
    data |= {"codes": codes, "rows": [[row[n] for n in places] for row in rows]}
    script, style = ((FOLDER / f"desk.{kind}").read_text("utf-8") for kind in ("js", "css"))
    pieces = {
        "coder": escape(coder),
        "title": escape(f"{book.title}, version {book.version}"),
        "unit": data["unit"],
        "citation": escape(book.citation),
        "script": script,
        "style": style,
        "script_hash": hash_for_policy(script),
        "style_hash": hash_for_policy(style),
        # Inside an element script nothing may look like its end, or like a comment.
        "data": json.dumps(data, ensure_ascii=True).replace("<", "\\u003c"),
    }
    first, *parts = (FOLDER / "desk.html").read_text("utf-8").split("{")
    return first + "".join(pieces[name] + rest for name, _, rest in map(_cut, parts))


def _cut(part):
    return part.partition("}")
