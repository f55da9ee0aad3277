"""Articles from files: the tables `documents` and `loading`."""

import csv
import json
import os
import re
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from textwrap import shorten

import pandas as pd

from framebook.archives import unpack
from framebook.duplicates import find_duplicates
from framebook.encoding import CONTROL, UNSEEN, decode, find_encoding
from framebook.errors import InputError, show
from framebook.folders import PROJECT
from framebook.readers import READERS, json_pieces, largest, read_document, xlsx_pieces
from framebook.repairs import PLAIN, find_other_language, repair_text, storable
from framebook.tables import SCHEMAS, conform

TEXT_FILES = {".txt", ".md"}
STREAMED = {".csv", ".tsv", ".jsonl", ".parquet"}  # tables of any size
TABLE_FILES = STREAMED | {".json", ".xlsx"}
READ = TEXT_FILES | TABLE_FILES | set(READERS) | {".zip"}
CURES = {".doc": "; save it as .docx", ".odt": "; save it as .docx", ".xls": "; save it as .xlsx",
         ".ods": "; save it as .xlsx", ".epub": "; save it as .txt"}
CARDS = "DATA_CARD.md", "corpus.toml"  # what makes a sub-folder a corpus of its own
DEEPEST = 50  # folders within each other
LONGEST = 10**6  # characters of an article
MOST_COLUMNS = 1000  # of a CSV table: each costs memory in every row
PIECE_ROWS = 1000  # rows of a table that are read at once
PASSED_OVER = {"readme", "data_card", "notice", "license"}  # file names, without their ending
csv.field_size_limit(10 * LONGEST)
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


def find_path(path):
    """Return the path as given, or below the project's folder, where notebooks find `seeds`."""
    for candidate in (Path(path).expanduser(), PROJECT / path):
        if str(path) and candidate.exists():
            return candidate.resolve()
    raise InputError(f"There is no file or folder {path}; check the spelling.")


def load_documents(path, as_is=False, columns=None):
    """Return (documents, loading) of a file or a folder and its sub-folders.

    Reads an article a file (.txt, .md, .html, .docx, .pdf, .rtf), an article a row (.csv, .tsv,
    .json, .jsonl, .parquet, .xlsx), the articles of a Nexis Uni export (.docx, .rtf), and .zip
    archives of these; a sub-folder with a data card (DATA_CARD.md, corpus.toml) is a corpus of
    its own. `as_is` leaves the text unrepaired; `columns` names a table's columns, {field:
    column}. doc_id is the input row: what is refused leaves a gap. Raises InputError when
    nothing can be read or `columns` names an unknown field.
    """
    path = find_path(path)
    documents, loading = make_rows(read_rows(path, columns), 0, as_is)
    check_any(path, loading)
    loading.loc[loading.status != "refused", "duplicate_group"] = find_duplicates(documents)
    return documents, loading


def read_rows(path, columns=None):
    """Yield (place, fields or None, repairs or reason for refusal, "row 3" or None)."""
    if unknown := set(columns or {}) - set(COLUMNS):
        raise InputError(f"There is no field {min(unknown)} that a column could be named for; "
                         f"name one of {', '.join(COLUMNS)}.")
    base = path if path.is_dir() else path.parent
    for file, refusal in _files(path, path):
        # A name's bytes are read alike under every locale.
        name = os.fsencode(file.relative_to(base).as_posix()).decode("utf-8", "surrogateescape")
        place = storable(name)
        if refusal or file.suffix.lower() != ".zip":
            yield from _file_rows(place, file, refusal, columns)
        else:
            yield from _archive_rows(place, file, columns)


def _archive_rows(place, file, columns):
    met = False
    try:
        for name, member, refusal in unpack(file, _is_passed_over, largest):
            met = True
            yield from _file_rows(storable(f"{place}/{name}"), member,
                                  refusal or _refuse_kind(member), columns)
        if not met:
            raise InputError("holds no article")
    except (InputError, OSError) as error:
        yield place, None, _say(error), None


def _file_rows(place, file, refusal, columns):
    kind, number = file.suffix.lower(), 0
    try:
        if refusal:
            raise refusal
        articles = _read_file(file, columns)
        if kind in READERS:
            articles = list(articles)
        several = kind in TABLE_FILES or kind in READERS and len(articles) > 1
        for number, (fields, repairs) in enumerate(articles, start=1):
            row = f"{'row' if kind in TABLE_FILES else 'article'} {number}" if several else None
            if len(fields["text"] or "") > LONGEST:
                fields, repairs = None, f"is longer than {LONGEST:,} characters; part it"
            yield place, fields, repairs, row
        if not number:
            raise InputError("holds no row" if kind in TABLE_FILES else "holds no article")
    except (InputError, OSError) as error:
        yield place, None, _say(error), None


def _say(error):
    if isinstance(error, InputError):
        return show(str(error))
    return f"cannot be opened ({error.strerror or type(error).__name__})"


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
            reason = f"{number} {reason}"
        report.append((place, (fields or {}).get("key"), status, reason, None))
    return tuple(conform(name, pd.DataFrame(made, columns=list(SCHEMAS[name])))
                 for name, made in (("documents", documents), ("loading", report)))


def check_any(path, loading):
    """Raise InputError, one sentence with the reason, when nothing could be read."""
    if (loading.status != "refused").any():
        return
    if loading.empty:
        raise InputError(f"The folder {path.name} holds no article; put .txt, .docx, .pdf, "
                         ".html, .csv, .xlsx or .json files in it.")
    first = f"{loading.path[0]}: {loading.reason[0]}."
    raise InputError(first if len(loading) == 1 else f"None of the {len(loading)} files or rows "
                     f"in {path.name} could be read; the first, {first}")


def _files(path, root):
    """Yield (file, error that refuses it or None) in the order of their names."""
    try:
        entries = sorted(path.iterdir(), key=os.fsencode) if path.is_dir() else [path]
    except OSError as error:
        yield path, error
        return
    for entry in entries:
        folder, link = os.path.isdir(entry), os.path.islink(entry)  # no error at too long a path
        if entry != root and _is_passed_over(entry.name, folder):
            continue
        if link and not Path(os.path.realpath(entry)).is_relative_to(root):
            yield entry, InputError("a link that leads out of the folder")
        elif link and folder:
            yield entry, InputError("a link to a folder; such links are not followed")
        elif folder and len(entry.parts) - len(root.parts) > DEEPEST:
            yield entry, InputError(f"lies more than {DEEPEST} folders deep; move it further up")
        elif folder and any(os.path.exists(entry / card) for card in CARDS):
            yield entry, InputError("a corpus of its own (it has a data card): "
                                    "name its folder to read it")
        elif folder and entry.name.endswith("_files") and any(
                entry.with_name(entry.name[:-6] + kind).exists() for kind in (".html", ".htm")):
            yield entry, InputError("the parts of a saved web page; passed over")
        elif folder:
            yield from _files(entry, root)
        elif not os.path.isfile(entry):
            yield entry, InputError("is not a file, or a link that leads nowhere")
        else:
            yield entry, _refuse_kind(entry)


def _is_passed_over(name, folder=False):
    """Tell whether a name is of a file that is no article, in an archive by any part of it."""
    path = Path(name)
    hidden = any(part.startswith(".") and part != ".." or part == "__MACOSX"
                 for part in path.parts)
    return hidden or not folder and (path.stem.lower() in PASSED_OVER
                                     or f".{path.name}".endswith(".corpus.toml"))


def _refuse_kind(file):
    kind = file.suffix.lower()
    if kind in READ:
        return None
    return InputError(f"the file type {file.suffix or '(none)'} is not read{CURES.get(kind, '')}")


def _read_file(file, columns=None):
    """Yield (fields of a row, [repairs]) of one file, a table in pieces.

    A table is read to its end before its first row is yielded: a file is refused as a whole.
    """
    kind, encoding, repair = file.suffix.lower(), None, None
    size = file.stat().st_size
    if not size and kind not in TEXT_FILES | STREAMED:
        raise InputError("is empty")
    if kind not in STREAMED and size > largest(kind):
        raise InputError(f"is larger than {largest(kind) // 10**6} MB; part it into articles")
    if kind in READERS:
        for fields, repairs in read_document(file):
            yield {name: _field(name, value) for name, value in fields.items()}, repairs
        return
    if kind not in (".parquet", ".xlsx"):
        encoding, repair = find_encoding(lambda: file.open("rb"))
    repairs = [repair] if repair else []
    if kind in TEXT_FILES:
        yield {"text": file.read_bytes().decode(encoding)}, repairs
        return
    pieces = {".parquet": _parquet_pieces, ".jsonl": _json_pieces, ".json": json_pieces,
              ".xlsx": xlsx_pieces}.get(kind, _csv_pieces)
    names = dict.fromkeys(name for given, _ in pieces(file, encoding) for name in given)
    found = _find_columns(names, columns) if names else {}
    for _, records in pieces(file, encoding):
        for record in records:
            fields = {name: _field(name, record.get(column)) for name, column in found.items()}
            yield {"text": None, **fields}, repairs  # objects without any column have no text


def _parquet_pieces(file, encoding):
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:  # as in a browser's kernel
        raise InputError("is Parquet, which cannot be read without pyarrow; "
                         "save it as .csv") from None
    try:
        # Opened here, for Arrow takes no name that is not Unicode.
        with file.open("rb") as stream, pq.ParquetFile(stream) as table:
            for batch in table.iter_batches(PIECE_ROWS):
                yield table.schema_arrow.names, batch.to_pylist()
    except (pa.ArrowException, ValueError, OverflowError) as error:  # the last two of its values
        raise InputError(f"is not a Parquet file ({shorten(str(error), 120)})") from None


def _csv_pieces(file, encoding):
    with file.open(encoding=encoding, newline="") as text:
        head = text.readline(LONGEST)
        text.seek(0)
        between = "\t" if file.suffix.lower() == ".tsv" else max(",;", key=head.count)
        try:
            first = islice(filter(None, csv.reader(text, delimiter=between)), 2)
            if max(map(len, first), default=0) > MOST_COLUMNS:
                raise InputError(f"has more than {MOST_COLUMNS:,} columns; keep those of the text "
                                 "and of what is known of it")
        except csv.Error as error:
            raise InputError(f"cannot be read as a table ({error})") from None
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


def _find_columns(columns, named=None):
    """Return {field: column} of the columns that are named for it or have usual names."""
    names = {str(column).strip().lower(): column for column in columns}
    found = {field: names[name] for field, usual in COLUMNS.items()
             for name in reversed(usual) if name in names}
    listed = shorten(", ".join(map(str, columns)), 200, placeholder="…")
    for field, name in (named or {}).items():
        if name.strip().lower() not in names:
            raise InputError(f"has no column {name}, named for {field}; its columns are: {listed}")
        found[field] = names[name.strip().lower()]
    if "text" not in found:
        raise InputError(f"has no text column; its columns are: {listed}; name one of them text")
    return found


def _field(field, value):
    """Return a table's value as a string that can be stored, or None."""
    if isinstance(value, dict):  # as {"id": …, "name": …} in exports of news interfaces
        value = value.get("name", value)
    if pd.api.types.is_list_like(value) and not isinstance(value, dict):
        value = ("\n\n" if field == "text" else "; ").join(map(str, value))
    elif pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    value = decode(value)[0] if isinstance(value, bytes) else str(value)
    return value if field == "text" else UNSEEN.sub(" ", storable(value)).strip() or None


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
        except (ValueError, ArithmeticError):
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
        title = " ".join((repair_text(title)[0].strip() or title).split())
        same = " ".join(first.split()) == title
        return (text, first) if same else (f"{title}\n\n{text}", title)
    short = first[-1] not in ".,;:…" and len(first) <= 150 and any(c.isalpha() for c in first)
    return text, first if short and re.match(r"[^\S\n]*\n", rest) else None


def _make_row(entry, repairs, as_is):
    """Return (row of documents or None, status, reason) of one article."""
    given, title = entry.get("text") or "", entry.get("title")
    plain = PLAIN.fullmatch(given)
    text = given if plain else storable(given)
    if not text.strip():
        return None, "refused", "is empty"
    if not any(map(str.isalpha, text)):
        return None, "refused", "holds no word"
    if not plain and CONTROL.search(text):
        return None, "refused", "is not text (it holds control characters)"
    if text != given:
        repairs = [*repairs, "what is no character made U+FFFD"]
    if not as_is:
        text, more = repair_text(text)
        repairs = repairs + more
        if not any(map(str.isalpha, text)):
            return None, "refused", "holds no word but boilerplate"
        text, title = _find_title(text, title)
        text = text.strip()
    if language := find_other_language(text):
        return None, "refused", f"is not English (looks {language})"
    written = entry.get("date")
    date = parse_date(written) if written else None
    notes = [f"date not understood: {show(written[:40])}"] if written and not date else []
    row = {**entry, "title": title, "date": pd.Timestamp(date), "text": text,
           "sha256": sha256(text.encode()).hexdigest()}
    return row, "repaired" if repairs else "read", "; ".join(repairs + notes) or None


def make_documents(texts, **columns):
    """Return a documents table of texts given by hand, for trying things out."""
    table = pd.DataFrame({"doc_id": range(len(texts)), "text": texts, "path": "",
                          "sha256": [sha256(text.encode()).hexdigest() for text in texts]})
    return conform("documents", table.reindex(columns=list(SCHEMAS["documents"])).assign(**columns))
