"""What goes out and comes in again is the same, whatever it holds: texts, tables, sheets, lists."""

import csv
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from framebook import tables
from framebook.framing.codebook import Code, Codebook, load_codebook
from framebook.framing.importing import import_codebook
from framebook.loading.articles import load_documents
from framebook.tables import text_of
from framebook.tokenising.bulk import tokenise
from framebook.validation.design import digest
from framebook.validation.sheets import read_sheet, show_text, write_sheets

PIECES = [
    "It",
    "sails.",
    "cafe\u0301",
    "ﬁ\u0301n",
    "oﬃce",
    "Itâ€™s",
    "soft\u00adly",
    "\u200b",
    "\ufeff",
    "\r\n",
    "\r",
    "\n\n",
    "\u2028",
    "\u0301",
    "가",
    "שלום",
    "👩‍👩‍👧",
    "“Why?”",
    "U.S.",
    "3.5m",
    "© Quay News",
    "Read more: a",
]
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


@given(st.lists(st.sampled_from(PIECES) | TEXT, max_size=30).map(" ".join), st.booleans())
def test_offsets_are_those_of_the_text_as_repaired(text, as_is):
    with TemporaryDirectory() as folder:
        for name, content in (("a.txt", f"Orr {text}"), ("b.txt", "Orr waits.")):
            with open(f"{folder}/{name}", "wb") as file:
                file.write(content.encode())
        documents, _ = load_documents(folder, as_is)
    sentences, tokens = tokenise(documents)
    assert text_of(documents, tokens) == tokens.word.astype("str").tolist()
    for whole, part in zip(
        documents.text,
        map(text_of, [documents] * 2, [sentences[sentences.doc_id == n] for n in documents.doc_id]),
        strict=False,
    ):
        assert as_is or unicodedata.is_normalized("NFC", whole)
        at = 0
        for sentence in part:  # in order, apart, and as they stand
            at = whole.index(sentence, at) + len(sentence)


VALUES = {
    "int": st.integers(-(2**53), 2**53),
    "float": st.floats(allow_nan=False),
    "str": TEXT,
    "word": TEXT,
    "date": st.datetimes(pd.Timestamp(1600, 1, 1), pd.Timestamp(2200, 1, 1)).map(
        lambda day: pd.Timestamp(day).floor("ms")
    ),
    "ranges": st.lists(st.lists(st.integers(0, 2**40), min_size=2, max_size=2), max_size=3),
}


@st.composite
def filled(draw):
    """A table by its name, every column filled at random with what its schema allows."""
    name, n = draw(st.sampled_from(list(tables.SCHEMAS))), draw(st.integers(0, 4))
    columns = {}
    for column, kind in tables.SCHEMAS[name].items():
        values = VALUES[kind.rstrip("?")]
        if column in tables.VOCABULARIES:
            values = st.sampled_from(tables.VOCABULARIES[column])
        if kind.endswith("?"):
            values = values | st.none()
        columns[column] = draw(st.lists(values, min_size=n, max_size=n))
    return name, pd.DataFrame({c: pd.Series(v, dtype=object) for c, v in columns.items()})


@given(filled())
def test_any_table_is_read_as_it_was_written(made):
    name, frame = made
    table = tables.conform(name, frame)
    with TemporaryDirectory() as folder:
        tables.write(name, table, folder)
        pd.testing.assert_frame_equal(tables.read(folder, name), table)


ANSWERS = {"1": 1, "yes": 1, " X ": 1, "0": 0, "No": 0, "": None}


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(TEXT, TEXT, st.sampled_from(list(ANSWERS)), st.sampled_from(list(ANSWERS))),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["csv", "xlsx"]),
    st.sampled_from([",", ";"]),
    st.randoms(),
)
def test_codes_come_back_from_sheets_whatever_the_texts(rows, kind, between, random):
    book = Codebook("a", "A", "", "1", "theme", [Code(c, c, "=d", ["w"]) for c in ("=x", "y")])
    units = pd.DataFrame(
        [
            {"unit": f"u1-{n}", "before": show_text(before), "text": show_text(text), "after": ""}
            for n, (before, text, *_) in enumerate(rows)
        ]
    )
    design = {
        "seed": 1,
        "unit": "sentence",
        "codes": [{"id": "=x"}, {"id": "y"}],
        "units": [
            {"unit": row.unit, "text_sha256": digest(row.text)} for row in units.itertuples()
        ],
    }
    with TemporaryDirectory() as folder:
        write_sheets(Path(folder, "sheets"), units, design, book, 1)
        path = Path(folder, "sheets", f"coder-1.{kind}")
        _fill(path, {f"u1-{n}": row[2:] for n, row in enumerate(rows)}, between, random)
        coder, codes = read_sheet(path, design)
    assert coder == "coder-1" and codes.index.tolist() == units.unit.tolist()
    expected = [[ANSWERS[x], ANSWERS[y]] for *_, x, y in rows]
    np.testing.assert_array_equal(codes.to_numpy(float), np.array(expected, float))


def _fill(path, answers, between, random):
    """Write answers into a sheet as a coder's spreadsheet program does, its rows sorted anew."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = csv.reader(file)
    else:
        from openpyxl import load_workbook

        book = load_workbook(path)
        head, *rows = ([cell.value or "" for cell in row] for row in book["coding"].rows)
    random.shuffle(rows)
    place = head.index("y") - 1
    for row in rows:
        row[place : place + 2] = answers[row[0]]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=between).writerows([head, *rows])
    else:
        for cells, row in zip(book["coding"].rows, [head, *rows], strict=True):
            for cell, value in zip(cells, row, strict=True):
                cell.value, cell.data_type = value or None, "s" if value else "n"
        book.save(path)


NAMES = st.text("abcdé", min_size=1, max_size=4)
ENTRIES = st.lists(
    st.sampled_from(
        ["good", "bad*", "not good", "no", "naïve", "mother-in-law", "isn't", "on", "a?c", "3.5"]
    ),
    min_size=1,
    max_size=4,
    unique=True,
)


@settings(max_examples=40)
@given(st.dictionaries(NAMES, ENTRIES, min_size=1, max_size=4))
def test_a_word_list_is_one_codebook_whatever_program_it_is_of(lists):
    numbers = {name: n for n, name in enumerate(lists, start=1)}
    entries = [(entry, numbers[name]) for name, own in lists.items() for entry in own]
    forms = {
        "a.dic": "%\n"
        + "".join(f"{n}\t{name}\n" for name, n in numbers.items())
        + "%\n"
        + "".join(f"{entry}\t{n}\n" for entry, n in entries),
        "a.lc3": "".join(
            f"+{name}+\n" + "".join(f"{entry}\n" for entry in own) for name, own in lists.items()
        ),
        "a.yml": "".join(
            f"{name}:\n" + "".join(f"  - {entry}\n" for entry in own) for name, own in lists.items()
        ),
        "a.ykd": "<d><cnode name='r'>"
        + "".join(
            f"<cnode name='{name}'>"
            + "".join(f'<pnode name="{entry}"/>' for entry in own)
            + "</cnode>"
            for name, own in lists.items()
        )
        + "</cnode></d>",
    }
    found = {}
    with TemporaryDirectory() as folder:
        for name, text in forms.items():
            Path(folder, name).write_text(text, encoding="utf-8")
            lost = import_codebook(f"{folder}/{name}", f"{folder}/{name}.toml")
            assert all(line.startswith("changed: ") for line in lost[1:])
            book = load_codebook(f"{folder}/{name}.toml")
            found[name] = {code.label: code.patterns for code in book.codes}
    assert found.pop("a.ykd") == {"r": list(dict.fromkeys(e for e, _ in entries)), **lists}
    assert all(one == lists for one in found.values())
