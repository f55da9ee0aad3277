"""Articles from files: the tables `documents` and `loading`."""

import hashlib
import json
import re
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd

from framebook.errors import InputError
from framebook.tables import conform

TEXT_FILES = {".txt", ".md"}
TABLE_FILES = {".csv", ".tsv", ".jsonl", ".parquet"}
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
PROJECT = Path(__file__).resolve().parent.parent


def find_path(path):
    """Return the path as given if it exists, else below the project's own folder.

    So a notebook finds `seeds` wherever it is run. Raises InputError when neither is there.
    """
    for candidate in (Path(path).expanduser(), PROJECT / path):
        if candidate.exists():
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
    base = path if path.is_dir() else path.parent
    rows, report = [], []
    for file, refusal in _files(path):
        place = file.relative_to(base).as_posix()
        try:
            if refusal:
                raise InputError(refusal)
            entries = _read_file(file)
        except InputError as error:
            report.append((place, None, "refused", str(error)))
            rows.append(None)
            continue
        except OSError as error:
            report.append((place, None, "refused", f"cannot be opened ({error.strerror})"))
            rows.append(None)
            continue
        for entry, repairs in entries:
            row, status, reason = _make_row(entry, repairs, place, as_is)
            rows.append(row)
            report.append((place, entry.get("key"), status, reason))
    documents = pd.DataFrame([{"doc_id": n, **row} for n, row in enumerate(rows) if row])
    if documents.empty:
        raise InputError(_nothing(path, report))
    documents = conform("documents", documents)
    loading = pd.DataFrame(report, columns=["path", "key", "status", "reason"])
    read = loading.status != "refused"
    loading["duplicate_group"] = pd.array([pd.NA] * len(loading), dtype="Int64")
    loading.loc[read, "duplicate_group"] = find_duplicates(documents)
    return documents, conform("loading", loading)


def _nothing(path, report):
    if len(report) == 1 and report[0][2] == "refused":
        return f"{report[0][0]}: {report[0][3]}."
    if report:
        return (f"None of the {len(report)} files or rows in {path.name} could be read; "
                f"the first, {report[0][0]}: {report[0][3]}.")
    return (f"The folder {path.name} holds no article; put .txt, .md, .csv, .tsv, .jsonl or "
            ".parquet files in it.")


def _files(path):
    """Yield (file, reason for refusal or None) in the order of their names."""
    if path.is_file():
        known = path.suffix.lower() in TEXT_FILES | TABLE_FILES
        yield path, None if known else f"the file type {path.suffix or '(none)'} is not read"
        return
    for entry in sorted(path.iterdir(), key=lambda p: p.name):
        if entry.name.startswith(".") or entry.stem.lower() in PASSED_OVER:
            continue
        if entry.is_symlink() and not entry.resolve().is_relative_to(path.resolve()):
            yield entry, "a link that leads out of the folder"
        elif entry.is_dir() and (entry / "DATA_CARD.md").exists():
            yield entry, "a corpus of its own (it has a data card): name its folder to read it"
        elif entry.is_dir():
            yield from _files(entry)
        elif entry.suffix.lower() in TEXT_FILES | TABLE_FILES:
            yield entry, None
        else:
            yield entry, f"the file type {entry.suffix or '(none)'} is not read"


def decode(data):
    """Return (text, repair or None) of a file's bytes: UTF-8, UTF-16 with a mark, or cp1252.

    Raises InputError when the bytes are not text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding, repair = "utf-16", "read as UTF-16"
    else:
        try:
            data.decode("utf-8")
            encoding, repair = "utf-8-sig", None
        except UnicodeDecodeError:
            encoding, repair = "cp1252", "read as Windows-1252, for it is not UTF-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"cannot be decoded as text (byte {error.start}); save it as UTF-8") from None
    if re.search(r"[\x00-\x08\x0e-\x1f]", text):
        raise InputError("is not a text file (it holds control characters)")
    return text, repair


def _read_file(file):
    """Return [(fields of a row, [repairs])] of one file."""
    suffix = file.suffix.lower()
    if suffix in TEXT_FILES:
        text, repair = decode(file.read_bytes())
        return [({"text": text}, [repair] if repair else [])]
    if suffix == ".parquet":
        return _read_frame(pd.read_parquet(file), [])
    text, repair = decode(file.read_bytes())
    repairs = [repair] if repair else []
    if suffix == ".jsonl":
        return _read_lines(text, repairs)
    from io import StringIO

    try:
        frame = pd.read_csv(StringIO(text), sep="\t" if suffix == ".tsv" else ",", dtype="str",
                            keep_default_na=False, na_values=[""])
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"cannot be read as a table ({error})") from None
    return _read_frame(frame, repairs)


def _read_lines(text, repairs):
    records = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                record = json.loads(line)
            except (json.JSONDecodeError, RecursionError):
                raise InputError(f"line {number} is not JSON") from None
            if not isinstance(record, dict):
                raise InputError(f"line {number} is not a JSON object")
            records.append(record)
    return _read_frame(pd.DataFrame(records), repairs)


def _read_frame(frame, repairs):
    """Return [(fields, repairs)] of a table whose columns have usual names."""
    names = {str(column).strip().lower(): column for column in frame.columns}
    found = {
        field: next((names[name] for name in usual if name in names), None)
        for field, usual in COLUMNS.items()
    }
    if found["text"] is None:
        listed = ", ".join(map(str, frame.columns)) or "none"
        raise InputError(f"has no text column; its columns are: {listed}; name one of them text")
    columns = {field: frame[column] for field, column in found.items() if column is not None}
    return [
        ({field: None if _is_null(value) else str(value)
          for field, value in zip(columns, values, strict=True)}, list(repairs))
        for values in zip(*columns.values(), strict=True)
    ]


def _is_null(value):
    return value is None or value != value or value is pd.NaT or value is pd.NA


def repair_text(text):
    """Return (text, [repairs]): NFC, line ends as \\n, soft hyphens out, hard wraps joined."""
    repairs = []
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xad", "")
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        repairs.append("characters composed (NFC)")
    # Wrapped at a fixed width: blank lines part the paragraphs, and most lines inside them
    # are long and break off in mid-sentence. The break becomes one space.
    inner = [line for block in re.split(r"\n\s*\n", composed.strip())
             for line in block.split("\n")[:-1]]
    wrapped = [line for line in inner if 40 <= len(line) <= 100 and line.rstrip()[-1:] not in ".?!”\""]
    if len(inner) >= 3 and len(wrapped) > 0.6 * len(inner):
        composed = re.sub(r"(?<=\S)[ \t]*\n[ \t]*(?=\S)", " ", composed)
        repairs.append("lines wrapped at a fixed width joined")
    return composed, repairs


def _split_title(text):
    """Return the first paragraph where it looks like a headline: short, no full stop."""
    blocks = text.strip().split("\n", 1)
    first = blocks[0].strip()
    short = 0 < len(first) <= 150 and first[-1] not in ".,;:…" and any(c.isalpha() for c in first)
    return first if short and len(blocks) == 2 and blocks[1].startswith("\n") else None


def _make_row(entry, repairs, place, as_is):
    """Return (row of documents or None, status, reason) of one article."""
    text, title = entry.get("text") or "", (entry.get("title") or "").strip() or None
    if not text.strip():
        return None, "refused", "is empty"
    if not any(c.isalpha() for c in text):
        return None, "refused", "holds no word"
    if not as_is:
        text, more = repair_text(text)
        repairs = repairs + more
        if title:
            title = " ".join(repair_text(title)[0].split())
            if not text.lstrip().startswith(title):
                text = f"{title}\n\n{text}"
        else:
            title = _split_title(text)
        text = text.strip()
    notes, date = list(repairs), pd.NaT
    if entry.get("date"):
        date = pd.to_datetime(entry["date"], errors="coerce", utc=True)
        if pd.isna(date):
            notes.append(f"date not understood: {entry['date'][:40]}")
        else:
            date = date.tz_localize(None).normalize()
    row = {
        "key": entry.get("key"), "title": title, "source": entry.get("source"), "date": date,
        "author": entry.get("author"), "language": entry.get("language"), "text": text,
        "path": place, "sha256": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
    }
    return row, "repaired" if repairs else "read", "; ".join(notes) or None


def make_documents(texts, **columns):
    """Return a documents table of texts given by hand, for trying things out."""
    rows = [
        {"doc_id": n, "text": text, "path": "", "sha256": hashlib.sha256(text.encode()).hexdigest(),
         **{name: None for name in ("key", "title", "source", "date", "author", "language")}}
        for n, text in enumerate(texts)
    ]
    return conform("documents", pd.DataFrame(rows).assign(**columns))


def _shingles(text, width=5):
    """Return the hashes of all runs of five words, as an array of 32-bit integers."""
    words = re.findall(r"\w+", text.lower())
    runs = {" ".join(words[n:n + width]) for n in range(max(len(words) - width + 1, 1))}
    return np.array(sorted({int.from_bytes(hashlib.blake2b(r.encode(), digest_size=4).digest())
                            for r in runs}), dtype=np.uint64)


def find_duplicates(documents, threshold=0.8):
    """Return for each document the doc_id of the first of its group, null for a single one.

    Documents are grouped when the Jaccard similarity of their five-word shingles reaches
    the threshold (0 to 1). Candidates come from MinHash bands (Broder 1997,
    doi:10.1109/SEQUEN.1997.666900), and each is then compared exactly.
    """
    random = np.random.default_rng(7)
    a, b = random.integers(1, 2**31 - 1, size=(2, 64), dtype=np.uint64)
    shingles = [_shingles(text) for text in documents.text]
    leader, buckets = list(range(len(shingles))), {}
    for n, own in enumerate(shingles):
        signature = ((own[:, None] * a + b) % np.uint64(4294967291)).min(axis=0)
        for band in range(16):
            key = (band, signature[4 * band:4 * band + 4].tobytes())
            other = buckets.setdefault(key, n)
            if leader[other] != leader[n]:
                shared = len(np.intersect1d(own, shingles[other], assume_unique=True))
                if shared / (len(own) + len(shingles[other]) - shared) >= threshold:
                    old, new = sorted((leader[n], leader[other]), reverse=True)
                    leader = [new if x == old else x for x in leader]
    sizes = pd.Series(leader).map(pd.Series(leader).value_counts())
    ids = documents.doc_id.to_numpy()
    return pd.array([ids[x] if size > 1 else pd.NA for x, size in zip(leader, sizes, strict=True)],
                    dtype="Int64")
