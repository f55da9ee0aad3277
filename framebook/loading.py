"""Articles from files: the tables `documents` and `loading`."""

import hashlib
import json
import os
import re
import unicodedata
from datetime import datetime
from io import BytesIO, TextIOWrapper
from itertools import islice
from pathlib import Path

import pandas as pd

from framebook.duplicates import find_duplicates
from framebook.errors import InputError
from framebook.folders import PROJECT
from framebook.tables import SCHEMAS, conform

TEXT_FILES = {".txt", ".md"}
TABLE_FILES = {".csv", ".tsv", ".jsonl", ".parquet"}
PIECE, PIECE_ROWS = 2**20, 1000  # characters, and rows, that are read at once
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
INVISIBLE = re.compile("[\xad\u200b\u2060\ufeff]")  # soft hyphens, and spaces of no width


def find_path(path):
    """Return the path as given if it exists, else below the project's own folder.

    So a notebook finds `seeds` wherever it is run. Raises InputError when neither is there.
    """
    for candidate in (Path(path).expanduser(), PROJECT / path):
        if str(path) and candidate.exists():
            return candidate.resolve()
    raise InputError(f"There is no file or folder {path}; check the spelling.")


def load_documents(path, as_is=False):
    """Return (documents, loading) of a file or a folder and its sub-folders.

    Reads .txt and .md (an article a file), .csv, .tsv, .jsonl and .parquet (an article a
    row). README files and data cards are passed over; a sub-folder with a data card is a
    corpus of its own. `as_is` leaves the text unrepaired. doc_id is the input row:
    what is refused leaves a gap. Raises InputError when nothing can be read.
    """
    path = find_path(path)
    documents, loading = make_rows(read_rows(path), 0, as_is)
    check_any(path, loading)
    loading.loc[loading.status != "refused", "duplicate_group"] = find_duplicates(documents)
    return documents, loading


def read_rows(path):
    """Yield (place, fields or None, repairs or reason for refusal, row) of the input in order.

    `row` counts from 1 in a file of many articles, else it is None.
    """
    base = path if path.is_dir() else path.parent
    for file, refusal in _files(path):
        place = _storable(file.relative_to(base).as_posix())
        try:
            if refusal:
                raise InputError(refusal)
            rows = 0
            for rows, (fields, repairs) in enumerate(_read_file(file), start=1):
                row = rows if file.suffix.lower() in TABLE_FILES else None
                yield place, fields, repairs, row
            if not rows:
                raise InputError("holds no row")
        except (InputError, OSError) as error:
            said = str(error) if isinstance(error, InputError) else _unopened(error)
            yield place, None, _storable(said), None


def make_rows(rows, first, as_is=False):
    """Return (documents, loading) of what `read_rows` yields; `first` is the first doc_id."""
    documents, report = [], []
    for doc_id, (place, fields, repairs, number) in enumerate(rows, start=first):
        if fields is None:
            report.append((place, None, "refused", repairs))
            continue
        row, status, reason = _make_row(fields, repairs, place, as_is)
        if row:
            documents.append({"doc_id": doc_id, **row})
        elif number:
            reason = f"row {number} {reason}"
        report.append((place, fields.get("key"), status, reason))
    documents = pd.DataFrame(documents, columns=list(SCHEMAS["documents"]))
    loading = pd.DataFrame(report, columns=["path", "key", "status", "reason"])
    loading["duplicate_group"] = pd.array([pd.NA] * len(loading), dtype="Int64")
    return conform("documents", documents), conform("loading", loading)


def check_any(path, loading):
    """Raise InputError, one sentence with the reason, when nothing could be read."""
    if (loading.status == "refused").all():
        report = loading[["path", "key", "status", "reason"]]
        raise InputError(_nothing(path, report.astype("object").to_numpy().tolist()))


def _nothing(path, report):
    if len(report) == 1:
        return f"{report[0][0]}: {report[0][3]}."
    if report:
        return (f"None of the {len(report)} files or rows in {path.name} could be read; "
                f"the first, {report[0][0]}: {report[0][3]}.")
    return (f"The folder {path.name} holds no article; put .txt, .md, .csv, .tsv, .jsonl or "
            ".parquet files in it.")


def _unopened(error):
    return f"cannot be opened ({error.strerror or type(error).__name__})"


def _files(path, root=None):
    """Yield (file, reason for refusal or None) in the order of their names."""
    root = root or path
    try:
        entries = sorted(path.iterdir(), key=lambda p: p.name) if path.is_dir() else [path]
    except OSError as error:
        yield path, _unopened(error)
        return
    for entry in entries:
        folder = entry.is_dir()
        own = entry.name.startswith(".") or entry.stem.lower() in PASSED_OVER and not folder
        if own and entry != root:
            continue
        link = entry.is_symlink()
        if link and not Path(os.path.realpath(entry)).is_relative_to(root):
            yield entry, "a link that leads out of the folder"
        elif link and folder:
            yield entry, "a link to a folder; such links are not followed"
        elif folder and (entry / "DATA_CARD.md").exists():
            yield entry, "a corpus of its own (it has a data card): name its folder to read it"
        elif folder:
            yield from _files(entry, root)
        elif not entry.is_file():
            yield entry, "is not a file, or a link that leads nowhere"
        elif entry.suffix.lower() in TEXT_FILES | TABLE_FILES:
            yield entry, None
        else:
            yield entry, f"the file type {entry.suffix or '(none)'} is not read"


def decode(data):
    """Return (text, repair or None) of a file's bytes: UTF-8, UTF-16 with a mark, or cp1252.

    Raises InputError when the bytes are not text.
    """
    encoding, repair = find_encoding(lambda: BytesIO(data))
    return data.decode(encoding), repair


def find_encoding(opened):
    """Return (encoding, repair or None) of what `opened()`, a binary stream, holds.

    Reads it in pieces. Raises InputError when it is not text.
    """
    choices = [("utf-8-sig", None), ("cp1252", "read as Windows-1252, for it is not UTF-8")]
    with opened() as stream:
        if stream.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            choices = [("utf-16", "read as UTF-16")]
    for encoding, repair in choices:
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
    suffix = file.suffix.lower()
    if suffix == ".parquet":
        encoding, repairs = None, []
    else:
        encoding, repair = find_encoding(lambda: file.open("rb"))
        repairs = [repair] if repair else []
    if suffix in TEXT_FILES:
        yield {"text": file.read_bytes().decode(encoding)}, repairs
        return
    pieces = {".parquet": _parquet_pieces, ".jsonl": _json_pieces}.get(suffix, _csv_pieces)
    names = dict.fromkeys(name for columns, _ in pieces(file, encoding) for name in columns)
    found = _find_columns(names) if names else {}
    for _, records in pieces(file, encoding):
        for record in records:
            yield {field: _field(field, record.get(column))
                   for field, column in found.items()}, list(repairs)


def _parquet_pieces(file, encoding):
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(file) as table:
            for batch in table.iter_batches(PIECE_ROWS):
                yield table.schema_arrow.names, batch.to_pylist()
    except pa.ArrowException as error:
        raise InputError(f"is not a Parquet file ({_line(error)})") from None


def _csv_pieces(file, encoding):
    with file.open(encoding=encoding, newline="") as text:
        head = text.readline()
    between = ";" if head.count(";") > head.count(",") else ","
    try:
        with pd.read_csv(file, sep="\t" if file.suffix.lower() == ".tsv" else between,
                         encoding=encoding, dtype="str", keep_default_na=False, na_values=[""],
                         chunksize=PIECE_ROWS) as pieces:
            for piece in pieces:
                if not isinstance(piece.index, pd.RangeIndex):
                    raise InputError("has rows with more fields than its header; "
                                     "put texts that hold commas in quotation marks")
                yield piece.columns, piece.to_dict("records")
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"cannot be read as a table ({_line(error)})") from None


def _line(error):
    return " ".join(str(error).split())[:120].rstrip(".")


def _json_pieces(file, encoding):
    with file.open(encoding=encoding) as lines:
        numbered = ((n, line) for n, line in enumerate(lines, start=1) if line.strip())
        while part := list(islice(numbered, PIECE_ROWS)):
            records = []
            for number, line in part:
                try:
                    records.append(json.loads(line))
                except (ValueError, RecursionError):
                    raise InputError(f"line {number} is not JSON") from None
                if not isinstance(records[-1], dict):
                    raise InputError(f"line {number} is not a JSON object")
            yield dict.fromkeys(name for record in records for name in record), records


def _find_columns(columns):
    """Return {field: column} of the columns that have usual names, the text among them."""
    names = {str(column).strip().lower(): column for column in columns}
    found = {field: names[name] for field, usual in COLUMNS.items()
             for name in reversed(usual) if name in names}
    if "text" not in found:
        listed = ", ".join(" ".join(str(column).split()) for column in columns)
        listed = listed[:200] + "…" * (len(listed) > 200) or "none"
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

    def changed(new, repair):
        if new != text:
            repairs.append(repair)
        return new

    text = changed(re.sub("\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text), "line ends made \\n")
    text = changed(INVISIBLE.sub("", text), "invisible characters taken out")
    text = changed(unicodedata.normalize("NFC", text), "characters composed (NFC)")
    if _is_wrapped(text):
        joined = re.sub(r"(?<=\S)[ \t]*\n[ \t]?(?=\S)", " ", text)
        text = changed(joined, "lines wrapped at a fixed width joined")
    return text, repairs


def _is_wrapped(text):
    """Whether the lines inside its paragraphs, which blank lines part, were cut at a width.

    Then most are long and break off in mid-sentence, and many go on in lower case.
    """
    breaks = [(line.rstrip(), following.lstrip()) for block in re.split(r"\n\s*\n", text.strip())
              for lines in [block.split("\n")]
              for line, following in zip(lines, lines[1:], strict=False)]
    long = sum(40 <= len(line) <= 100 and line[-1] not in ".?!”\"" for line, _ in breaks)
    going_on = sum(following[:1].islower() for _, following in breaks)
    return len(breaks) >= 3 and long > 0.6 * len(breaks) and going_on > 0.4 * len(breaks)


def parse_date(text):
    """Return the day that a date names, or None where part of it would have to be guessed.

    So 03/04/2031, which is two days, and March 2031 are not understood, nor is a year before
    the first newspapers, which stands for a missing date. The day is the one written; a time
    zone is passed over.
    """
    try:
        days = {datetime.fromisoformat(text).date()}
    except ValueError:
        from dateutil import parser

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


def _make_row(entry, repairs, place, as_is):
    """Return (row of documents or None, status, reason) of one article."""
    given, title = entry.get("text") or "", entry.get("title")
    text = _storable(given)
    if not text.strip():
        return None, "refused", "is empty"
    if not any(c.isalpha() for c in text):
        return None, "refused", "holds no word"
    if CONTROL.search(text):
        return None, "refused", "is not text (it holds control characters)"
    if text != given:
        repairs = [*repairs, "halves of surrogate pairs made U+FFFD"]
    if not as_is:
        text, more = repair_text(text)
        repairs = repairs + more
        text, title = _find_title(text, title)
        text = text.strip()
    notes, date = list(repairs), None
    if entry.get("date"):
        date = parse_date(entry["date"])
        if date is None:
            notes.append(f"date not understood: {entry['date'][:40]}")
    row = {
        "key": entry.get("key"), "title": title, "source": entry.get("source"),
        "date": pd.NaT if date is None else pd.Timestamp(date), "author": entry.get("author"),
        "language": entry.get("language"), "text": text, "path": place, "sha256": _hash(text),
    }
    return row, "repaired" if repairs else "read", "; ".join(notes) or None


def _hash(text):
    return hashlib.sha256(text.encode()).hexdigest()


def make_documents(texts, **columns):
    """Return a documents table of texts given by hand, for trying things out."""
    rows = [
        {"doc_id": n, "text": text, "path": "", "sha256": _hash(text),
         **{name: None for name in ("key", "title", "source", "date", "author", "language")}}
        for n, text in enumerate(texts)
    ]
    return conform("documents", pd.DataFrame(rows).assign(**columns))
