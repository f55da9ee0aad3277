"""Articles from tables, one a row: CSV, Excel, JSON and Parquet, whoever made them.

Databases and interfaces name their columns and nest their objects differently; what is known
of that stands in COLUMNS and NESTED, so that none needs code of its own.
"""

import csv
import json
import re
import warnings
from contextlib import contextmanager
from functools import partial
from itertools import islice
from textwrap import shorten

import pandas as pd

from framebook.common.errors import InputError
from framebook.common.text import UNSEEN, storable
from framebook.loading.archives import open_xml
from framebook.loading.dates import find_order, settle_date
from framebook.loading.documents import UNPACKED, check_start
from framebook.loading.encoding import decode

PIECE_ROWS = 1000  # rows of a table that are read at once
WIDEST, MOST = 10**6, 1000  # characters of a header; columns


csv.field_size_limit(10 * WIDEST)
ROWS, WIDTH = 2**20, 256  # of a sheet: Excel has no more rows; what is further right is left
HEADER = 20  # rows of a sheet among which its header is looked for


# Usual names of the columns, without spaces, marks and capitals, the likeliest first.
COLUMNS = {
    field: names.split()
    for field, names in {
        "text": "text body content article fulltext articletext bodytext maintext plaintext "
        "articlebody articlecontent storytext documenttext rawcontent rawtext cleantext textcontent "
        "newstext contents texte texto tekst",
        "title": "title headline heading webtitle articletitle pagetitle storytitle newstitle titel titre "
        "título",
        "source": "sourcehostname source outlet outletname sitename newspaper publication "
        "publicationtitle publicationname medium medianame mediaoutlet publisher sourcename "
        "sourcecommonname paper sourcedomain pubtitle domain quelle zeitung fuente bron",
        "date": "date published publicationdate pubdate datepublished publishdate publisheddate "
        "publishedat datepublish webpublicationdate publishtime pubtime articledate "
        "dateofpublication datetime datetimepub seendate datum fecha",
        "author": "author authors byline authorbyline authorname creator autor auteur",
        "language": "language lang langue sprache",
        "key": "key id docid articleid uid uri storiesid",
    }.items()
}


LISTS = frozenset("url link address abstract snippet description documentidentifier".split())
# Objects that hold a row's fields, those of the last first: no set, whose order is by chance.
NESTED = "metadata", "meta", "attributes", "_source", "fields"
NAMES = ("name", "title", "main", "original")  # what stands for an object, as {"name": "Quay News"}


def read_table(file, encoding, columns=None, sheet=None):
    """Yield (fields of a row, [repairs]) of a table, read in pieces.

    It is read to its end before its first row is yielded: a file is refused as a whole.
    `columns` names columns, {field: column}; `sheet` is one of a workbook's `sheet_names`.
    """
    kind = file.suffix.lower()
    pieces = partial(PIECES.get(kind, _csv_pieces), file, encoding)
    if kind in (".xlsx", ".json"):
        pieces = partial(pieces, lambda names: holds_text(names, columns), sheet)
    filled, orders = {}, {}
    for names, records in pieces():
        filled.update((name, False) for name in names if name not in filled)
        dates = [name for name in names if _is_date(name, columns)]
        for record in records:
            for name in [name for name, full in filled.items() if not full]:
                filled[name] = not _is_empty(record.get(name))
            for name in dates:
                orders.setdefault(name, set()).update(find_order(record.get(name)))
    found = find_columns(filled, columns) if filled else {}
    order = orders.get(found.get("date"), ())
    for _, records in pieces():
        for record in records:
            fields = {name: to_field(name, record.get(column)) for name, column in found.items()}
            repairs = settle_date(fields, *order) if len(order) == 1 else []
            yield {"text": None, **fields}, repairs  # objects without any column have no text


def _normalise(name):
    return re.sub(r"[\W_]+", "", str(name).lower())


def find_columns(filled, named=None):
    """Return {field: column} of the columns that are named for it or have usual names.

    `filled` says for each column whether any row has a value: of several with usual names, the
    likeliest of those is taken. Raises InputError when there is none for the text.
    """
    names = {_normalise(column): column for column in reversed(list(filled))}
    found = {}
    for field, usual in COLUMNS.items():
        if met := [names[name] for name in usual if name in names]:
            found[field] = max(met, key=filled.get)  # the first that is filled, or the first
    given = {str(column).strip().lower(): column for column in filled}
    listed = shorten(", ".join(map(str, filled)), 200, placeholder="…")
    for field, name in (named or {}).items():
        if name.strip().lower() not in given:
            raise InputError(f"has no column {name}, named for {field}; its columns are: {listed}")
        found[field] = given[name.strip().lower()]
    if "text" not in found:
        told = (
            "it lists articles without their full text, as Media Cloud, GDELT and indexes give it"
            if "title" in found and not names.keys().isdisjoint(LISTS)
            else "name one of them text"
        )
        raise InputError(f"has no text column; its columns are: {listed}; {told}")
    return found


def holds_text(names, named=None):
    """Return whether a row of names is the header of a table, or those of an article's object."""
    try:
        return bool(find_columns(dict.fromkeys(names, True), named))
    except InputError:
        return False


def _is_empty(value):
    return value is None or value == "" or value != value  # a missing number differs from itself


def to_field(field, value):
    """Return a table's value as a string that can be stored, or None."""
    if isinstance(value, dict):  # as {"id": …, "name": …} in exports of news interfaces
        value = next((value[name] for name in NAMES if isinstance(value.get(name), str)), None)
    if pd.api.types.is_list_like(value):
        between = "\n\n" if field == "text" else "; "
        value = between.join(filter(None, (to_field(field, part) for part in value)))
    elif pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    value = decode(value)[0] if isinstance(value, bytes) else str(value)
    return value if field == "text" else UNSEEN.sub(" ", storable(value)).strip() or None


# Dates such as 03/05/2031


def _is_date(name, named):
    given = (named or {}).get("date")
    return (
        str(name).strip().lower() == given.strip().lower()
        if given
        else (_normalise(name) in COLUMNS["date"])
    )


# The kinds of files


def _parquet_pieces(file, encoding):
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:  # as in a browser's kernel
        raise InputError(
            "is Parquet, which cannot be read without pyarrow; save it as .csv"
        ) from None
    try:
        # Opened here, for Arrow takes no name that is not Unicode.
        with file.open("rb") as stream, pq.ParquetFile(stream) as table:
            for batch in table.iter_batches(PIECE_ROWS):
                yield table.schema_arrow.names, batch.to_pylist()
    except (pa.ArrowException, ValueError, OverflowError) as error:  # the last two of its values
        raise InputError(f"is not a Parquet file ({shorten(str(error), 120)})") from None


def _csv_pieces(file, encoding):
    with file.open(encoding=encoding, newline="") as text:
        head = text.readline(WIDEST)
        told = re.fullmatch(r"sep=(.)\s*", head)  # for Excel
        between = (
            told[1]
            if told
            else "\t"
            if file.suffix.lower() == ".tsv"
            else (max(",;\t|", key=head.count))
        )
        text.seek(0)
        _check_width(text, between)
    try:
        with pd.read_csv(
            file,
            sep=between,
            encoding=encoding,
            dtype="str",
            keep_default_na=False,
            na_values=[""],
            chunksize=PIECE_ROWS,
            skiprows=int(bool(told)),
        ) as pieces:
            for piece in pieces:
                if not isinstance(piece.index, pd.RangeIndex):
                    raise InputError(
                        "has rows with more fields than its header; "
                        "put texts that hold commas in quotation marks"
                    )
                yield piece.columns, piece.to_dict("records")
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"cannot be read as a table ({shorten(str(error), 120)})") from None


def _check_width(text, between):
    """Raise InputError when the first rows of a table are too wide, which costs memory in all."""
    try:
        first = islice(filter(None, csv.reader(text, delimiter=between)), 3)
        if max(map(len, first), default=0) > MOST:
            raise InputError(
                f"has more than {MOST:,} columns; keep those of the text and of what is known of it"
            )
    except csv.Error as error:
        raise InputError(f"cannot be read as a table ({error})") from None


def _jsonl_pieces(file, encoding):
    with file.open(encoding=encoding) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError):
                    raise InputError(f"line {number} is not JSON") from None
                if not isinstance(record, dict):
                    raise InputError(f"line {number} is not a JSON object")
                record = _lift(record)
                yield record, [record]


def _lift(record):
    """Return a row with the fields of the objects in NESTED as its own."""
    inner = [name for name in NESTED if isinstance(record.get(name), dict)]
    if not inner:
        return record
    lifted = {key: value for name in inner for key, value in record[name].items()}
    return {**lifted, **{key: value for key, value in record.items() if key not in inner}}


def _json_pieces(file, encoding, is_header, sheet):
    """Yield (columns, [row]) of the articles that a JSON file holds, or of its lines."""
    try:
        data = json.loads(file.read_bytes().decode(encoding))
    except (ValueError, RecursionError):
        with file.open(encoding=encoding) as text:
            if text.readline().rstrip()[-1:] != "}":
                raise InputError("is not JSON, nor an object on each line") from None
        yield from _jsonl_pieces(file, encoding)
        return
    try:
        data = _find_records(data, is_header)
    except RecursionError:
        raise InputError("holds objects too deep in each other") from None
    for number, record in enumerate(data, start=1):
        if not isinstance(record, dict):
            raise InputError(f"item {number} is not a JSON object")
        record = _lift(record)
        yield record, [record]


def _find_records(data, is_header):
    """Return the list of articles in a JSON value, however deep in objects it stands."""

    def is_article(value):
        return isinstance(value, dict) and is_header(
            name for name, held in _lift(value).items() if not isinstance(held, dict)
        )

    def walk(name, value):
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield name, value
        elif is_article(value):
            yield name, [value]
        elif isinstance(value, dict):
            inner = list(value.values())
            if inner and all(map(is_article, inner)):  # each below its key
                yield name, inner
            elif (
                inner
                and is_header(value)
                and all(
                    isinstance(column, dict) and 0 < len(column) == len(inner[0])
                    for column in inner
                )
            ):
                yield (
                    name,
                    [
                        dict(zip(value, row, strict=True))
                        for row in zip(  # as pandas writes
                            *(column.values() for column in inner), strict=True
                        )
                    ],
                )
            else:
                for below, part in value.items():
                    yield from walk(below, part)

    if isinstance(data, list):
        return data
    if not isinstance(data, dict):
        raise InputError("holds no list of articles")
    lists = dict(walk("", data))
    found = {name: held for name, held in lists.items() if is_article(held[0])}
    if len(found) > 1:
        listed = shorten(", ".join(found), 100, placeholder="…")
        raise InputError(f"holds several lists of articles ({listed}); keep one of them")
    # Without any, the columns of what makes up most of the file are told.
    most = max(lists.values(), key=lambda held: len(str(held)), default=[])
    return next(iter(found.values()), most if 2 * len(str(most)) > len(str(data)) else [data])


@contextmanager
def _open_book(file):
    from openpyxl import load_workbook

    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says of its size may be wrong
        yield book
        book.close()
    except (InputError, OSError):
        raise
    except Exception as error:  # of openpyxl, on what is no workbook
        said = shorten(f"{type(error).__name__}: {error}", 100, placeholder="…")
        raise InputError(f"cannot be read as an Excel file ({said})") from None


def _rows(sheet):
    rows = sheet.iter_rows(max_row=ROWS, max_col=WIDTH, values_only=True)
    return (row for row in rows if row.count(None) < len(row))


def sheet_names(file):
    """Return the names of a workbook's sheets that are not empty.

    Raises InputError when it is no workbook, or too large to be opened: to be asked first.
    """
    check_start(file, b"PK", "an Excel file (.xlsx)")
    open_xml(file, UNPACKED).close()
    with _open_book(file) as book:
        if not book.worksheets:
            raise InputError("holds no sheet")
        return [sheet.title for sheet in book.worksheets if next(_rows(sheet), None)]


def _xlsx_pieces(file, encoding, is_header, sheet):
    """Yield (columns, [row]) of a sheet, below the first row that can be its header."""
    with _open_book(file) as book:
        first = list(islice(_rows(book[sheet]), HEADER))
        heads = [n for n, row in enumerate(first) if is_header(filter(None, row))]
        wide = [len(row) - row.count(None) for row in first]
        header = heads[0] if heads else wide.index(max(wide))
        yield [name for name in first[header] if name is not None], []
        for row in islice(_rows(book[sheet]), header + 1, None):
            record = dict(zip(first[header], row, strict=False))
            record.pop(None, None)
            yield record, [record]


PIECES = {
    ".parquet": _parquet_pieces,
    ".jsonl": _jsonl_pieces,
    ".json": _json_pieces,
    ".xlsx": _xlsx_pieces,
}
