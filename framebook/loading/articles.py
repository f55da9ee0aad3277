"""Articles from files: the tables `documents` and `loading`."""

import os
import re
from hashlib import sha256
from pathlib import Path

import pandas as pd

from framebook.common.errors import InputError, show
from framebook.common.folders import PROJECT
from framebook.common.text import CONTROL, storable
from framebook.loading.archives import unpack
from framebook.loading.boilerplate import find_byline, is_dateline
from framebook.loading.databases import split_export
from framebook.loading.dates import parse_date
from framebook.loading.documents import READERS, largest, read_document
from framebook.loading.duplicates import find_duplicates
from framebook.loading.encoding import decode, find_encoding
from framebook.loading.language import find_other_language
from framebook.loading.repairs import PLAIN, repair_text
from framebook.loading.table_files import COLUMNS, holds_text, read_table, sheet_names, to_field
from framebook.tables import SCHEMAS, conform

TEXT_FILES = {".txt", ".md"}
STREAMED = {".csv", ".tsv", ".jsonl", ".parquet"}  # tables of any size
TABLE_FILES = STREAMED | {".json", ".xlsx"}
READ = TEXT_FILES | TABLE_FILES | set(READERS) | {".zip"}
CURES = {
    ".doc": "; save it as .docx",
    ".odt": "; save it as .docx",
    ".xls": "; save it as .xlsx",
    ".ods": "; save it as .xlsx",
    ".epub": "; save it as .txt",
    **dict.fromkeys(
        (".ris", ".bib", ".enw", ".nbib"),
        "; it lists references: export the articles with their full text",
    ),
}
DEEPEST = 50  # folders within each other
LONGEST = 10**6  # characters of an article
PASSED_OVER = {"readme", "data_card", "notice", "license"}  # file names, without their ending
CARDS = ["DATA_CARD.md", "corpus.toml"]  # a folder with one of them is a corpus of its own


def find_path(path: str | Path) -> Path:
    """Return the path as given, or below where `framebook lab` was started, or the project.

    Notebooks find `seeds` in the project's folder. Raises InputError, which lists where it looked.

    >>> find_path("seeds").name
    'seeds'
    """
    started = os.environ.get("FRAMEBOOK_STARTED_IN", "")
    folders = dict.fromkeys([Path.cwd(), *([Path(started)] if started else []), PROJECT])
    for folder in folders:
        if str(path) and (folder / Path(path).expanduser()).exists():
            return (folder / Path(path).expanduser()).resolve()
    looked = "" if Path(path).is_absolute() else f" in {' or in '.join(map(str, folders))}"
    raise InputError(f"There is no file or folder {path}{looked}; check the spelling.")


def load_documents(
    path: str | Path, as_is: bool = False, columns: dict[str, str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables (documents, loading) of a file, or of a folder and its sub-folders.

    Reads one article per file (.txt, .md, .html, .docx, .pdf, .rtf), one per row (.csv, .tsv,
    .json, .jsonl, .parquet, .xlsx), exports of databases (see layouts/) and .zip archives of these;
    a sub-folder with a data card (DATA_CARD.md, corpus.toml) is a corpus of its own. `as_is` leaves
    the text unrepaired; `columns` is {field: column} of a table. doc_id is the number of the input
    row: a rejected row leaves a gap. Raises InputError when nothing can be read or `columns` names
    an unknown field.

    >>> documents, loading = load_documents("seeds/teaching")
    >>> len(documents), loading.status.unique().tolist()
    (12, ['read'])
    """
    path = find_path(path)
    documents, loading = make_rows(read_rows(path, columns), 0, as_is)
    check_any(path, loading)
    loading.loc[loading.status != "rejected", "duplicate_group"] = find_duplicates(documents)
    return documents, loading


def read_rows(path, columns=None):
    """Yield (place, fields or None, repairs or reason for refusal, "row 3" or None)."""
    if unknown := set(columns or {}) - set(COLUMNS):
        raise InputError(
            f"There is no field {min(unknown)} that a column could be named for; "
            f"name one of {', '.join(COLUMNS)}."
        )
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
            yield from _file_rows(
                storable(f"{place}/{name}"), member, refusal or _refuse_kind(member), columns
            )
        if not met:
            raise InputError("holds no article")
    except (InputError, OSError) as error:
        yield place, None, _say(error), None


def _file_rows(place, file, refusal, columns, sheet=None):
    kind, number = file.suffix.lower(), 0
    try:
        if refusal:
            raise refusal
        if kind == ".xlsx" and sheet is None:
            yield from _workbook_rows(place, file, columns)
            return
        articles = _read_file(file, columns, sheet)
        if kind not in TABLE_FILES:
            articles = list(articles)
        several = kind in TABLE_FILES or len(articles) > 1
        for number, (fields, repairs) in enumerate(articles, start=1):
            row = f"{'row' if kind in TABLE_FILES else 'article'} {number}" if several else None
            if len(fields["text"] or "") > LONGEST:
                fields, repairs = None, f"is longer than {LONGEST:,} characters; part it"
            yield place, fields, repairs, row
        if not number:
            raise InputError("holds no row" if kind in TABLE_FILES else "holds no article")
    except (InputError, OSError) as error:
        yield place, None, _say(error), None


def _workbook_rows(place, file, columns):
    _check_size(file)
    sheets = sheet_names(file)
    if not sheets:
        raise InputError("holds no row")
    for sheet in sheets:
        name = place if len(sheets) == 1 else storable(f"{place}/{sheet}")
        yield from _file_rows(name, file, None, columns, sheet)


def _say(error):
    if isinstance(error, InputError):
        return show(str(error))
    return f"cannot be opened ({error.strerror or type(error).__name__})"


def make_rows(rows, first, as_is=False):
    """Return (documents, loading) of what `read_rows` yields; `first` is the first doc_id."""
    documents, report = [], []
    for doc_id, (place, fields, reason, number) in enumerate(rows, start=first):
        row, status = None, "rejected"
        if fields is not None:
            row, status, reason = _make_row(fields, reason, as_is)
        if row:
            documents.append({"doc_id": doc_id, "path": place, **row})
        elif number:
            reason = f"{number} {reason}"
        report.append((place, (fields or {}).get("key"), status, reason, None))
    return tuple(
        conform(name, pd.DataFrame(made, columns=list(SCHEMAS[name])))
        for name, made in (("documents", documents), ("loading", report))
    )


def check_any(path, loading):
    """Raise InputError, one sentence with the reason, when nothing could be read."""
    if (loading.status != "rejected").any():
        return
    if loading.empty:
        raise InputError(
            f"The folder {path.name} holds no article; put .txt, .docx, .pdf, "
            ".html, .csv, .xlsx or .json files in it."
        )
    first = f"{loading.path[0]}: {loading.reason[0]}."
    raise InputError(
        first
        if len(loading) == 1
        else f"None of the {len(loading)} files or rows "
        f"in {path.name} could be read; the first, {first}"
    )


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
        elif folder and is_corpus(entry):
            yield (
                entry,
                InputError("a corpus of its own (it has a data card): name its folder to read it"),
            )
        elif (
            folder
            and entry.name.endswith("_files")
            and any(entry.with_name(entry.name[:-6] + kind).exists() for kind in (".html", ".htm"))
        ):
            yield entry, InputError("the parts of a saved web page; passed over")
        elif folder:
            yield from _files(entry, root)
        elif not os.path.isfile(entry):
            yield entry, InputError("is not a file, or a link that leads nowhere")
        else:
            yield entry, _refuse_kind(entry)


def is_corpus(folder):
    """Return whether a folder has a data card: inside another corpus it is a corpus of its own."""
    return any(os.path.isfile(folder / card) for card in CARDS)  # no error at too long a path


def _is_passed_over(name, folder=False):
    """Return whether a file name cannot be an article; in archives each part of the path counts."""
    path = Path(name)
    hidden = any(part.startswith(".") and part != ".." or part == "__MACOSX" for part in path.parts)
    return (
        hidden
        or not folder
        and (path.stem.lower() in PASSED_OVER or f".{path.name}".endswith(".corpus.toml"))
    )


def _refuse_kind(file):
    kind = file.suffix.lower()
    if kind in READ:
        return None
    return InputError(f"the file type {file.suffix or '(none)'} is not read{CURES.get(kind, '')}")


def _check_size(file):
    size, kind = file.stat().st_size, file.suffix.lower()
    if not size and kind not in TEXT_FILES | STREAMED:
        raise InputError("is empty")
    if kind not in STREAMED and size > largest(kind):
        raise InputError(f"is larger than {largest(kind) // 10**6} MB; part it into articles")


def _read_file(file, columns=None, sheet=None):
    """Yield (fields of a row, [repairs]) of one file, a table in pieces.

    A table is read to its end before its first row is yielded: a file is refused as a whole.
    """
    kind, encoding, repair = file.suffix.lower(), None, None
    _check_size(file)
    if kind not in TABLE_FILES:
        for fields, repairs in _read_text(file) if kind in TEXT_FILES else read_document(file):
            yield {name: to_field(name, value) for name, value in fields.items()}, repairs
        return
    if kind not in (".parquet", ".xlsx"):
        encoding, repair = find_encoding(lambda: file.open("rb"))
    repairs = [repair] if repair else []
    for fields, settled in read_table(file, encoding, columns, sheet):
        yield fields, repairs + settled


def _read_text(file):
    text, repair = decode(file.read_bytes())
    names = text[:1000].partition("\n")[0].rstrip("\r").split("\t")
    if len(names) > 1 and holds_text(names):
        raise InputError("is a table with tabs; name it .tsv")
    repairs = [repair] if repair else []
    lines = re.sub("\r\n?", "\n", text).split("\n")
    return [(f, repairs + more) for f, more in split_export(lines) or [({"text": text}, [])]]


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
        return (text, first) if same else (title + "\n\n" + text.lstrip("\n"), title)
    short = first[-1] not in ".,;:…" and len(first) <= 150 and any(c.isalpha() for c in first)
    alone = short and re.match(r"[^\S\n]*\n", rest) and not is_dateline(first)
    return text, first if alone else None


def _make_row(entry, repairs, as_is):
    """Return (row of documents or None, status, reason) of one article."""
    given, title = entry.get("text") or "", entry.get("title")
    plain = PLAIN.fullmatch(given)
    text = given if plain else storable(given)
    if not text.strip():
        return None, "rejected", "is empty"
    if not any(map(str.isalpha, text)):
        return None, "rejected", "holds no word"
    if not plain and CONTROL.search(text):
        return None, "rejected", "is not text (it holds control characters)"
    if text != given:
        repairs = [*repairs, "what is no character made U+FFFD"]
    if not as_is:
        entry = {**entry, "author": entry.get("author") or find_byline(text)}
        text, more = repair_text(text, bool(title))
        repairs = repairs + more
        if not any(map(str.isalpha, text)):
            return None, "rejected", "holds no word but boilerplate"
        text, title = _find_title(text, title)
        text = text.strip()
    if language := find_other_language(text):
        return None, "rejected", f"is not English (looks {language})"
    written = entry.get("date")
    date = parse_date(written) if written else None
    notes = (
        [f"date not understood: {show(written[:40])}; write it as year-month-day"]
        if written and not date
        else []
    )
    if shortened := re.search(r"\[\+\d+ chars\]$", text):
        notes.append(f"the text breaks off: {shortened[0]}")
    row = {
        **entry,
        "title": title,
        "date": pd.Timestamp(date),
        "text": text,
        "sha256": sha256(text.encode()).hexdigest(),
    }
    return row, "repaired" if repairs else "read", "; ".join(repairs + notes) or None
