"""The coding desk: one offline page per coder, which gives back the sheet that `agree` reads."""

import json
from html import escape
from pathlib import Path

from framebook.common.text import hash_for_policy
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


def _write_desk(sheet, design, book):
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
    page, path = (FOLDER / "desk.html").read_text("utf-8"), sheet.with_suffix(".html")
    parts = page.split("{")
    text = parts[0] + "".join(pieces[name] + rest for name, _, rest in map(_cut, parts[1:]))
    path.write_text(text, "utf-8", newline="\n")
    return path


def _cut(part):
    return part.partition("}")
