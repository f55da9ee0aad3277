"""Articles from files: the tables `documents` and `loading`."""

import json
import os
import re
import unicodedata
from datetime import datetime
from functools import partial
from hashlib import sha256
from io import BytesIO, TextIOWrapper
from itertools import pairwise
from pathlib import Path
from textwrap import shorten

import pandas as pd

from framebook.duplicates import find_duplicates
from framebook.errors import InputError
from framebook.folders import PROJECT
from framebook.tables import SCHEMAS, conform

TEXT_FILES = {".txt", ".md"}
TABLE_FILES = {".csv", ".tsv", ".jsonl", ".parquet"}
PIECE, PIECE_ROWS = 2**20, 1000  # characters, and rows of a table, that are read at once
PASSED_OVER = {"readme", "data_card", "notice", "license"}  # file names, without their ending
# Usual names of the columns, the wanted name first.
COLUMNS = {
    "text": ["text", "body", "content", "article", "full_text", "fulltext", "article_text"],
    "title": ["title", "headline", "heading"],
    "source": ["source", "outlet", "publisher", "publication", "newspaper", "medium"],
    "date": ["date", "published", "publication_date", "pubdate", "date_published", "datetime"],
    "author": ["author", "authors", "byline"],
    "language": ["language", "lang"],
    "key": ["key", "id", "doc_id", "article_id", "uid"],
}
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")  # characters that no text file holds
# Most news is made of characters that no rule here is about: seen at once, and then passed.
PLAIN = re.compile("[\t\n -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*")


def find_path(path):
    """Return the path as given, or below the project's folder, where notebooks find `seeds`."""
    for candidate in (Path(path).expanduser(), PROJECT / path):
        if str(path) and candidate.exists():
            return candidate.resolve()
    raise InputError(f"There is no file or folder {path}; check the spelling.")


def load_documents(path, as_is=False):
    """Return (documents, loading) of a file or a folder and its sub-folders.

    Reads .txt and .md (an article a file), .csv, .tsv, .jsonl and .parquet (an article a
    row); a sub-folder with a data card is a corpus of its own. `as_is` leaves the text
    unrepaired. doc_id is the input row: what is refused leaves a gap. Raises InputError when
    nothing can be read.
    """
    path = find_path(path)
    documents, loading = make_rows(read_rows(path), 0, as_is)
    check_any(path, loading)
    loading.loc[loading.status != "refused", "duplicate_group"] = find_duplicates(documents)
    return documents, loading


def read_rows(path):
    """Yield (place, fields or None, repairs or reason for refusal, row in a table or None)."""
    base = path if path.is_dir() else path.parent
    for file, refusal in _files(path, path):
        place, rows = _storable(file.relative_to(base).as_posix()), 0
        try:
            if refusal:
                raise refusal
            for rows, (fields, repairs) in enumerate(_read_file(file), start=1):
                yield place, fields, repairs, rows if file.suffix.lower() in TABLE_FILES else None
            if not rows:
                raise InputError("holds no row")
        except InputError as error:
            yield place, None, _storable(str(error)), None
        except OSError as error:
            reason = f"cannot be opened ({error.strerror or type(error).__name__})"
            yield place, None, reason, None


def make_rows(rows, first, as_is=False):
    """Return (documents, loading) of what `read_rows` yields; `first` is the first doc_id."""
    documents, report = [], []
    for doc_id, (place, fields, reason, number) in enumerate(rows, start=first):
        row, status = None, "refused"
        if fields is not None:
            row, status, reason = _make_row(fields, reason, as_is)
        if row:
            documents.append({"doc_id": doc_id, "path": place, **row})
        elif number:
            reason = f"row {number} {reason}"
        report.append((place, (fields or {}).get("key"), status, reason, None))
    return tuple(conform(name, pd.DataFrame(made, columns=list(SCHEMAS[name])))
                 for name, made in (("documents", documents), ("loading", report)))


def check_any(path, loading):
    """Raise InputError, one sentence with the reason, when nothing could be read."""
    if (loading.status != "refused").any():
        return
    if loading.empty:
        raise InputError(f"The folder {path.name} holds no article; put .txt, .md, .csv, .tsv, "
                         ".jsonl or .parquet files in it.")
    first = f"{loading.path[0]}: {loading.reason[0]}."
    raise InputError(first if len(loading) == 1 else f"None of the {len(loading)} files or rows "
                     f"in {path.name} could be read; the first, {first}")


def _files(path, root):
    """Yield (file, error that refuses it or None) in the order of their names."""
    try:
        entries = sorted(path.iterdir(), key=lambda p: p.name) if path.is_dir() else [path]
    except OSError as error:
        yield path, error
        return
    for entry in entries:
        folder, link = entry.is_dir(), entry.is_symlink()
        own = entry.name.startswith(".") or entry.stem.lower() in PASSED_OVER and not folder
        if own and entry != root:
            continue
        if link and not Path(os.path.realpath(entry)).is_relative_to(root):
            yield entry, InputError("a link that leads out of the folder")
        elif link and folder:
            yield entry, InputError("a link to a folder; such links are not followed")
        elif folder and (entry / "DATA_CARD.md").exists():
            yield entry, InputError("a corpus of its own (it has a data card): "
                                    "name its folder to read it")
        elif folder:
            yield from _files(entry, root)
        elif not entry.is_file():
            yield entry, InputError("is not a file, or a link that leads nowhere")
        elif entry.suffix.lower() not in TEXT_FILES | TABLE_FILES:
            yield entry, InputError(f"the file type {entry.suffix or '(none)'} is not read")
        else:
            yield entry, None


def decode(data):
    """Return (text, repair or None) of bytes that are UTF-8, UTF-16 with a mark, or cp1252."""
    encoding, repair = find_encoding(lambda: BytesIO(data))
    return data.decode(encoding), repair


def find_encoding(opened):
    """Return (encoding, repair or None) of the binary stream `opened()`, read in pieces."""
    choices = {"utf-8-sig": None, "cp1252": "read as Windows-1252, for it is not UTF-8"}
    with opened() as stream:
        if stream.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            choices = {"utf-16": "read as UTF-16"}
    for encoding, repair in choices.items():
        try:
            with TextIOWrapper(opened(), encoding=encoding, newline="") as text:
                while piece := text.read(PIECE):
                    if CONTROL.search(piece):
                        raise InputError("is not a text file (it holds control characters)")
            return encoding, repair
        except UnicodeDecodeError:
            continue
    raise InputError("cannot be decoded as text; save it as UTF-8")


def _read_file(file):
    """Yield (fields of a row, [repairs]) of one file, a table in pieces.

    A table is read to its end before its first row is yielded: a file is refused as a whole.
    """
    kind, encoding, repair = file.suffix.lower(), None, None
    if kind != ".parquet":
        encoding, repair = find_encoding(lambda: file.open("rb"))
    repairs = [repair] if repair else []
    if kind in TEXT_FILES:
        yield {"text": file.read_bytes().decode(encoding)}, repairs
        return
    pieces = {".parquet": _parquet_pieces, ".jsonl": _json_pieces}.get(kind, _csv_pieces)
    names = dict.fromkeys(name for columns, _ in pieces(file, encoding) for name in columns)
    found = _find_columns(names) if names else {}
    for _, records in pieces(file, encoding):
        for record in records:
            fields = {name: _field(name, record.get(column)) for name, column in found.items()}
            yield fields, repairs


def _parquet_pieces(file, encoding):
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(file) as table:
            for batch in table.iter_batches(PIECE_ROWS):
                yield table.schema_arrow.names, batch.to_pylist()
    except pa.ArrowException as error:
        raise InputError(f"is not a Parquet file ({shorten(str(error), 120)})") from None


def _csv_pieces(file, encoding):
    with file.open(encoding=encoding, newline="") as text:
        head = text.readline()
    between = "\t" if file.suffix.lower() == ".tsv" else max(",;", key=head.count)
    try:
        with pd.read_csv(file, sep=between, encoding=encoding, dtype="str", keep_default_na=False,
                         na_values=[""], chunksize=PIECE_ROWS) as pieces:
            for piece in pieces:
                if not isinstance(piece.index, pd.RangeIndex):
                    raise InputError("has rows with more fields than its header; "
                                     "put texts that hold commas in quotation marks")
                yield piece.columns, piece.to_dict("records")
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"cannot be read as a table ({shorten(str(error), 120)})") from None


def _json_pieces(file, encoding):
    with file.open(encoding=encoding) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError):
                    raise InputError(f"line {number} is not JSON") from None
                if not isinstance(record, dict):
                    raise InputError(f"line {number} is not a JSON object")
                yield record, [record]


def _find_columns(columns):
    """Return {field: column} of the columns that have usual names, the text among them."""
    names = {str(column).strip().lower(): column for column in columns}
    found = {field: names[name] for field, usual in COLUMNS.items()
             for name in reversed(usual) if name in names}
    if "text" not in found:
        listed = shorten(", ".join(map(str, columns)), 200, placeholder="…")
        raise InputError(f"has no text column; its columns are: {listed}; name one of them text")
    return found


def _field(field, value):
    """Return a table's value as a string that can be stored, or None."""
    if pd.api.types.is_list_like(value) and not isinstance(value, dict):
        value = ("\n\n" if field == "text" else "; ").join(map(str, value))
    elif pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    value = decode(value)[0] if isinstance(value, bytes) else str(value)
    return value if field == "text" else CONTROL.sub(" ", _storable(value)).strip() or None


def _storable(text):
    """Return the text with halves of surrogate pairs, which no file can hold, as U+FFFD."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def repair_text(text):
    """Return (text, [repairs]): line ends as \\n, NFC, invisible characters out, wraps joined."""
    repairs = []
    for repair, change in list(REPAIRS.items())[-1 if PLAIN.fullmatch(text) else 0:]:
        before, text = text, change(text)
        repairs += [repair] * (text != before)
    return text, repairs


def _join_wrapped(text):
    """Join the lines of a text if those between blank lines were cut at a width.

    Then most are long and break off in mid-sentence, and many go on in lower case.
    """
    breaks = [(line.rstrip(), following.lstrip()) for block in re.split(r"\n\s*\n", text.strip())
              for line, following in pairwise(block.split("\n"))]
    long = sum(40 <= len(line) <= 100 and line[-1] not in ".?!”\"" for line, _ in breaks)
    going_on = sum(following[:1].islower() for _, following in breaks)
    if len(breaks) < 3 or long <= 0.6 * len(breaks) or going_on <= 0.4 * len(breaks):
        return text
    return re.sub(r"(?<=\S)[ \t]*\n[ \t]?(?=\S)", " ", text)


REPAIRS = {
    "line ends made \\n": partial(re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]").sub, "\n"),
    # soft hyphens, and spaces of no width
    "invisible characters taken out": partial(re.compile("[\xad\u200b\u2060\ufeff]").sub, ""),
    "characters composed (NFC)": partial(unicodedata.normalize, "NFC"),
    "lines wrapped at a fixed width joined": _join_wrapped,
}


def parse_date(text):
    """Return the day that a date names, or None where part of it would have to be guessed.

    So 03/04/2031, which is two days, and March 2031 are not understood, nor is a year before
    the first newspapers, which stands for a missing date. A time zone is passed over.
    """
    from dateutil import parser

    try:
        days = {datetime.fromisoformat(text).date()}
    except ValueError:
        try:
            days = {parser.parse(text, ignoretz=True, dayfirst=first, default=default).date()
                    for first in {False, not re.match(r"\d{4}", text)}
                    for default in (datetime(2000, 1, 1), datetime(2001, 2, 2))}
        except (ValueError, OverflowError):
            return None
    return next((day for day in days if day.year >= 1600), None) if len(days) == 1 else None


def _find_title(text, title):
    """Return (text, title): the headline as the text's own first paragraph.

    A given one is put there unless it is; else a first paragraph that looks like one is
    taken: short, no full stop, and a blank line after it.
    """
    first, _, rest = text.lstrip().partition("\n")
    first = first.strip()
    if title:
        title = " ".join(repair_text(title)[0].split())
        same = " ".join(first.split()) == title
        return (text, first) if same else (f"{title}\n\n{text}", title)
    short = first[-1] not in ".,;:…" and len(first) <= 150 and any(c.isalpha() for c in first)
    return text, first if short and re.match(r"[^\S\n]*\n", rest) else None


def _make_row(entry, repairs, as_is):
    """Return (row of documents or None, status, reason) of one article."""
    given, title = entry.get("text") or "", entry.get("title")
    plain = PLAIN.fullmatch(given)
    text = given if plain else _storable(given)
    if not text.strip():
        return None, "refused", "is empty"
    if not any(map(str.isalpha, text)):
        return None, "refused", "holds no word"
    if not plain and CONTROL.search(text):
        return None, "refused", "is not text (it holds control characters)"
    if text != given:
        repairs = [*repairs, "halves of surrogate pairs made U+FFFD"]
    if not as_is:
        text, more = repair_text(text)
        repairs = repairs + more
        text, title = _find_title(text, title)
        text = text.strip()
    written = entry.get("date")
    date = parse_date(written) if written else None
    notes = [f"date not understood: {written[:40]}"] if written and not date else []
    row = {**entry, "title": title, "date": pd.Timestamp(date), "text": text,
           "sha256": sha256(text.encode()).hexdigest()}
    return row, "repaired" if repairs else "read", "; ".join(repairs + notes) or None


def make_documents(texts, **columns):
    """Return a documents table of texts given by hand, for trying things out."""
    table = pd.DataFrame({"doc_id": range(len(texts)), "text": texts, "path": "",
                          "sha256": [sha256(text.encode()).hexdigest() for text in texts]})
    return conform("documents", table.reindex(columns=list(SCHEMAS["documents"])).assign(**columns))
