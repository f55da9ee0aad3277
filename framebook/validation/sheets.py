"""Coding sheets: written for coders, and read when they come back."""

import csv
import re
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from framebook.common.errors import InputError
from framebook.common.text import guard, unguard
from framebook.loading.archives import OLDER_OFFICE, open_xml
from framebook.loading.articles import find_path
from framebook.loading.encoding import find_encoding
from framebook.validation.design import AROUND, UNITS, digest, list_asked, read_design, sign

FIXED = ["unit", "coder", "before", "text", "after", "memo"]  # columns that are no codes
TAKEN = {*FIXED, "signature"}  # what no code may be called: the desk signs what it saves
MACHINE = "machine:"  # how the name of a coder begins that is a language model
LONGEST = 30_000  # characters; a spreadsheet's cell holds 32,767
README = """How to code

Each row is one {unit} (column text), {around}
answer for the text alone. In the column of each code write 1 if the definition applies and 0 if
it does not; leave a cell empty only if you can't say. Anything else goes into the memo. Change no
other column. Work alone, and save as .xlsx or as CSV in UTF-8.

{title}, version {version}
{citation}
"""


def show_text(text):
    """Return a text as a sheet shows it: on one line, without what a spreadsheet can't hold."""
    return re.sub("[\x00-\x1f\ufffe\uffff]", "\ufffd", " ".join(text.split()))[:LONGEST]


def write_sheets(folder, drawn, design, book, coders):
    """Write each coder's sheet (.xlsx and .csv) and codebook.txt to a new folder."""
    if coders < 1:
        raise InputError(f"{coders} coders can't code; give --coders a number from 1 up.")
    folder.mkdir()
    codes = [code.id for code in book.codes]
    unit = design["unit"]
    told = {"title": book.title, "version": book.version, "citation": book.citation}
    told |= {"unit": UNITS[unit], "around": AROUND[unit == "article"]}
    parts = [
        f"{code.id}: {code.label}\n{definition}\n" + "".join(f"- {q}\n" for q in questions)
        for code, definition, questions in list_asked(book, unit)
    ]
    text = "\n".join([README.format(**told), *parts])
    (folder / "codebook.txt").write_text(text, "utf-8", newline="\n")
    for number in range(1, coders + 1):
        order = np.random.default_rng([design["seed"], number]).permutation(len(drawn))
        answers = dict.fromkeys([*codes, "memo"], "")
        rows = drawn.iloc[order].assign(coder=f"coder-{number}", **answers)
        rows = rows[[*FIXED[:-1], *answers]]
        cells = [[guard(cell) for cell in row] for row in [list(rows), *rows.to_numpy().tolist()]]
        name = folder / f"coder-{number}"
        write_cells(cells, f"{name}.csv")
        _write_workbook(f"{name}.xlsx", cells, list_asked(book, unit))


def write_cells(cells, path, errors="strict"):
    """Write rows of cells as a CSV sheet for spreadsheet programs; `guard` them before."""
    text = pd.DataFrame(cells).to_csv(header=False, index=False, lineterminator="\r\n")
    Path(path).write_bytes(text.encode("utf-8-sig", errors))


def _write_workbook(path, cells, asked):
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    workbook = Workbook()
    coding, about = workbook.active, workbook.create_sheet("codebook")
    coding.title = "coding"
    for row in cells:
        coding.append([cell or None for cell in row])
    about.append(["code", "label", "definition", "questions"])
    for code, definition, questions in asked:
        listed = "\n".join(f"• {q}" for q in questions)
        about.append([guard(show) for show in (code.id, code.label, definition, listed)])
    wide = {"before": 40, "text": 60, "after": 40, "memo": 30, "definition": 70, "questions": 70}
    for sheet in workbook:
        sheet.freeze_panes = "A2"
        for column in sheet.columns:
            column[0].font = Font(bold=True)
            letter = column[0].column_letter
            sheet.column_dimensions[letter].width = wide.get(column[0].value, 14)
            for cell in column:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    workbook.save(path)


VALUES = {
    "": np.nan,
    **dict.fromkeys("1 1.0 1,0 yes y x true ✓ ✔ ja wahr oui vrai si sí verdadero".split(), 1.0),
    **dict.fromkeys("0 0.0 0,0 no n false nein falsch non faux falso".split(), 0.0),
}
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    csv.Error,
    SyntaxError,
    KeyError,
    ValueError,
    IndexError,
    TypeError,
    AttributeError,
    EOFError,
    RuntimeError,
)  # what openpyxl and csv then raise
LARGEST = 200_000_000  # bytes that a workbook may hold when unpacked
OTHERS = {  # kinds of sheets that are not read, and what to do in the program that makes them
    ".ods": "LibreOffice: File, Save As, Excel 2007-365 (.xlsx)",
    ".xls": "Excel: File, Save As, Excel Workbook (.xlsx)",
    ".numbers": "Numbers: File, Export To, Excel (.xlsx)",
    ".gsheet": "Google Sheets: File, Download, Microsoft Excel (.xlsx)",
}


def read_coded(
    folder: str | Path,
) -> tuple[dict, dict[str, pd.DataFrame], pd.DataFrame | None]:
    """Return (design, {coder: codes}, adjudicated or None) of a folder with design.json.

    Codes have one row per unit, one column per code: 1, 0 or null. The sheets (.csv, .xlsx) are
    in the folder or in for-coders/; those without any code are skipped. Raises InputError when a
    sheet does not fit the key.

    >>> design, coded, adjudicated = read_coded("notebooks/codes")
    >>> len(coded), len(design["units"]) == len(adjudicated)
    (2, True)
    """
    folder = find_path(folder)
    design = read_design(folder / "design.json")
    files = sorted(
        file
        for place in (folder, folder / "for-coders")
        for file in place.glob("*.*")
        if file.suffix.lower() in (".csv", ".xlsx")
    )
    last_word = [file for file in files if file.stem == "adjudicated"]
    sheets = [
        file
        for file in files
        if file.stem != "adjudicated" and read_sheet(file, design)[1].notna().any(axis=None)
    ]
    return (
        design,
        read_coders(sheets, design),
        read_sheet(last_word[0], design)[1] if last_word else None,
    )


def read_coders(sheets, design, others=None):
    """Return {coder: codes} of several sheets, each as `read_sheet` reads it.

    `others` are the codes of coders who used another program, as `read_coded_elsewhere` does.
    """
    coded = dict(others or {})
    files = dict.fromkeys(coded, "the codes")
    for sheet in sheets:
        coder, codes = read_sheet(sheet, design)
        if coder in coded:
            raise InputError(
                f"{sheet} and {files[coder]} are both by {coder}; give one sheet a coder."
            )
        if codes.isna().all(axis=None):
            raise InputError(f"{sheet} holds no code; write 1 or 0 into the columns of the codes.")
        coded[coder], files[coder] = codes, sheet
    if len(coded) < 2:
        raise InputError("Agreement needs the sheets of two coders or more.")
    return coded


def read_sheet(path, design):
    """Return (coder, codes) of a sheet: one row per unit in the key's order, 1, 0 or null by code.

    1, yes, y, x and true are 1; 0, no, n and false are 0; an empty cell is not coded. Rows and
    columns may be in any order. Raises InputError when anything else was changed.
    """
    codes = [code["id"] for code in design["codes"]]
    known = {row["unit"]: row["text_sha256"] for row in design["units"]}
    head, *rows = read_cells(Path(path))
    for name in ["unit", "coder", "text", *codes]:
        if head.count(name) != 1:
            raise InputError(
                f"{path} has {head.count(name)} columns named {name!r}, not one; "
                "copy the codes into the sheet as it was given."
            )
    if "signature" in head and any(
        row[head.index("signature")] not in ("", sign(design)) for row in rows
    ):
        raise InputError(f"{path} was saved for another sample; check the key.")
    places, found, coders = {name: head.index(name) for name in head}, {}, set()
    for number, row in enumerate(rows, start=2):
        if not any(row):
            continue
        unit, where = row[places["unit"]], f"{path}, row {number}"
        if unit not in known:
            same = unit.partition("-")[0] == next(iter(known)).partition("-")[0]
            raise InputError(
                f"{where}: "
                + (
                    f"there is no unit {unit!r} in the key."
                    if same
                    else f"the unit {unit!r} is not of this sample; check the key."
                )
            )
        if unit in found:
            raise InputError(f"{where}: the unit {unit} stands twice; leave one row a unit.")
        if digest(row[places["text"]]) != known[unit]:
            raise InputError(
                f"{where}: the text of {unit} was altered; copy the codes into the "
                "sheet as it was given, or save it as CSV in UTF-8."
            )
        for code in codes:
            if row[places[code]].strip().lower() not in VALUES:
                raise InputError(
                    f"{where}, column {code}: {row[places[code]]!r} is not a code; "
                    "use 1, 0 or an empty cell."
                )
        found[unit] = [VALUES[row[places[code]].strip().lower()] for code in codes]
        coders.add(row[places["coder"]])
    missing = [unit for unit in known if unit not in found]
    if missing:
        raise InputError(
            f"{path} lacks {len(missing)} of the sample's {len(known)} units, the "
            f"first {missing[0]}; give the whole sheet."
        )
    if len(coders) != 1:
        raise InputError(
            f"{path} mixes rows of {' and '.join(sorted(coders))}; give one sheet a coder."
        )
    return coders.pop(), pd.DataFrame.from_dict(found, "index", columns=codes).loc[list(known)]


def fill_empty(coded, empty="nothing"):
    """Return ({coder: codes}, [notes]) with empty cells as 0 where `empty` is "0".

    Only where a coder wrote no 0 for a code, but some 1: those who mark by an x or nothing. The
    notes say what was assumed of them, or what to do. An empty cell of a machine is a failure.
    """
    filled, notes = {}, []
    for coder, codes in coded.items():
        filled[coder] = codes.copy()
        if coder.startswith(MACHINE):
            continue
        for code in codes:
            blank, ones = int(codes[code].isna().sum()), int((codes[code] == 1).sum())
            if not (blank and ones and blank + ones == len(codes)):
                continue
            said = f"{coder} left {blank} of {len(codes)} cells of {code} empty and wrote no 0"
            if empty == "0":
                filled[coder][code] = codes[code].fillna(0)
                notes.append(f"{said}: they were read as 0.")
            else:
                notes.append(f"{said}: they count as not coded; if empty means 0, add --empty 0.")
    return filled, notes


def read_cells(path):
    """Return a sheet as lists of texts of one length, the header first, guards taken off."""
    if cure := OTHERS.get(path.suffix.lower()):
        raise InputError(f"The sheet {path} can't be read: save it as .xlsx ({cure}).")
    try:
        with path.open("rb") as stream:
            if stream.read(4) == OLDER_OFFICE:
                raise InputError("it is an older Excel file or has a password; save it as .xlsx")
        cells = _read_workbook(path) if path.suffix.lower() == ".xlsx" else _read_csv(path)
    except OSError as error:
        raise InputError(f"The sheet {path} can't be opened: {error.strerror}.") from None
    except DAMAGED as error:
        reason = str(error) if isinstance(error, InputError) else "it is no .xlsx or CSV file"
        raise InputError(f"The sheet {path} can't be read: {reason}.") from None
    rows = [[unguard("" if cell is None else str(cell)).strip() for cell in row] for row in cells]
    first = next((n for n, row in enumerate(rows[:20]) if "unit" in row), 0)  # below a title
    return rows[first:] or [[]]


def _read_workbook(path):
    from openpyxl import load_workbook

    open_xml(path, LARGEST).close()
    sheets = [[*sheet.iter_rows(values_only=True)] for sheet in load_workbook(path, data_only=True)]
    return next((rows for rows in sheets if any("unit" in row for row in rows[:20])), sheets[0])


def _read_csv(path):
    encoding, _ = find_encoding(lambda: path.open("rb"))
    with path.open(encoding=encoding, newline="") as text:
        head = text.readline()
        if told := re.fullmatch(r"sep=(.)\s*", head):  # for Excel
            rows = list(csv.reader(text, delimiter=told[1]))
        else:
            text.seek(0)
            rows = list(csv.reader(text, delimiter=max(",;\t", key=head.count)))
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]
