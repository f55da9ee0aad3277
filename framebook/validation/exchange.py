"""Human codes made elsewhere: a table, or a REFI-QDA project (MAXQDA, NVivo, ATLAS.ti …).

REFI-QDA 1.0 (qdasoftware.org): a zip with project.qde (XML), codes as selections of plain text
with offsets in Unicode characters. Nothing is unpacked to disk.
"""

import posixpath
import re
import zipfile
import zlib
from collections import Counter
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd

from framebook.chain import derive_from
from framebook.common.errors import InputError
from framebook.loading.archives import open_xml
from framebook.loading.articles import load_documents
from framebook.loading.encoding import decode
from framebook.tables import SCHEMAS, conform
from framebook.validation.design import hash_corpus

LARGEST = 500_000_000  # bytes that a project may hold
SELECTIONS = re.compile("Selection$")  # of a text, a PDF, a picture, a sound, a film


def read_codes(path, documents, sentences):
    """Return the table `labels` of a CSV file or a REFI-QDA project (.qdpx).

    CSV: document (its key or path), coder, code, and start and end (characters of the
    document's text) or sentence (its number in the document, from 1); value (else "1") and memo
    may be there. A project's texts must be those of the documents, white space aside. Raises
    InputError, one sentence with the row or source, when a code has no place in the documents.
    """
    path = Path(path)
    try:
        read = _read_project if path.suffix.lower() == ".qdpx" else _read_table
        rows = read(path, documents, sentences)
    except OSError as error:
        raise InputError(f"{path} can't be opened: {error.strerror}.") from None
    numbers = dict.fromkeys(["sent_id", "start", "end"], "Int64")
    table = pd.DataFrame(rows, columns=list(SCHEMAS["labels"])).astype(numbers)
    unplaced = table.sent_id.isna() & table.start.notna()
    table.loc[unplaced, "sent_id"] = _find_sentences(table[unplaced], sentences)
    return conform("labels", table)


def read_coded_elsewhere(path, corpus, design):
    """Return {coder: codes} of a sample's units, as from sheets, of codes made elsewhere.

    A code, found by its id or label, is 1 for a unit that it overlaps and 0 for the other units
    of the documents in which the coder has coded anything; those of other documents are null.
    Raises InputError when the corpus is not the sample's, or no code is one of the codebook's.
    """
    if corpus is None:
        raise InputError("Codes made elsewhere need the texts: name them with --corpus.")
    documents, _ = load_documents(corpus)
    if hash_corpus(documents) != design["corpus"]["sha256"]:
        raise InputError(f"The articles in {corpus} are not those of which the sample was drawn.")
    labels = read_codes(path, documents, derive_from(documents, [], {"sentences"})["sentences"])
    ids = {
        name.lower(): code["id"] for code in design["codes"] for name in (code["label"], code["id"])
    }
    labels["code"] = labels.code.str.lower().map(ids)
    if not labels.code.notna().any():
        raise InputError(f"{path} has none of the codebook's codes: {', '.join(ids.values())}.")
    places, coded = pd.DataFrame(design["units"]).set_index("unit"), {}
    for coder, own in labels.groupby("coder"):
        names = dict.fromkeys(code["id"] for code in design["codes"])
        table = pd.DataFrame(0.0, index=places.index.rename(None), columns=list(names))
        table[~places.doc_id.isin(own.doc_id).to_numpy()] = np.nan
        for row in own.dropna(subset="code").itertuples():
            whole = pd.isna(row.start)
            inside = whole or (places.start < row.end) & (places.end > row.start)
            if row.value.strip().lower() not in ("0", "no", "n", "false"):
                table.loc[((places.doc_id == row.doc_id) & inside).to_numpy(), row.code] = 1.0
        coded[coder] = table
    return coded


def _find_sentences(rows, sentences):
    """The sentence in which each place begins, null where it begins between two."""
    by_document, found = dict(iter(sentences.groupby("doc_id"))), []
    for doc_id, start in zip(rows.doc_id, rows.start, strict=True):
        own = by_document.get(doc_id, sentences.head(0))
        inside = own[(own.start <= start) & (start < own.end)]
        found.append(inside.sent_id.iloc[0] if len(inside) else pd.NA)
    return pd.array(found, "Int64")


def _decode(path, name, data):
    try:
        return decode(data)[0]
    except InputError as error:
        raise InputError(f"{path}: {name} {error}.") from None


def _read_table(path, documents, sentences):
    text = StringIO(_decode(path, "the table", path.read_bytes()))
    try:
        table = pd.read_csv(text, dtype="str", keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        raise InputError(f"{path} is not a CSV table; save it as CSV in UTF-8.") from None
    needed = [
        "document",
        "coder",
        "code",
        *(["start", "end"] if "start" in table else ["sentence"]),
    ]
    missing = [name for name in needed if name not in table]
    if missing:
        raise InputError(f"{path} has no column {missing[0]!r}; it needs {', '.join(needed)}.")
    doc_ids = {
        **dict(zip(documents.path, documents.doc_id, strict=True)),
        **dict(zip(documents.key.dropna(), documents.doc_id[documents.key.notna()], strict=True)),
    }
    lengths = dict(zip(documents.doc_id, documents.text.str.len(), strict=True))
    numbers = dict(iter(sentences.groupby("doc_id")))
    rows = []
    for number, row in enumerate(table.to_dict("records"), start=2):
        doc_id, memo = doc_ids.get(row["document"]), row.get("memo") or None
        refused = f"{path}, row {number}: "
        if doc_id is None:
            raise InputError(f"{refused}there is no document {row['document']!r} in the corpus.")
        if not row["coder"] or not row["code"]:
            raise InputError(f"{refused}the coder or the code is missing.")
        whole = [row[name] for name in needed[3:]]
        if not all(re.fullmatch("[0-9]{1,15}", text) for text in whole):
            raise InputError(f"{refused}{' and '.join(needed[3:])} must be whole numbers.")
        rest = row["coder"], row["code"], row.get("value") or "1", memo
        if "start" in table:
            start, end = map(int, whole)
            if not start < end <= lengths[doc_id]:
                raise InputError(
                    f"{refused}{start} to {end} is not a place in the document's "
                    f"{lengths[doc_id]} characters."
                )
            rows.append((doc_id, pd.NA, start, end, *rest))
        else:
            own, n = numbers.get(doc_id, sentences.head(0)), int(whole[0])
            if not 1 <= n <= len(own):
                raise InputError(
                    f"{refused}the document has {len(own)} sentences, and none with the number {n}."
                )
            place = own.iloc[n - 1]
            rows.append((doc_id, place.sent_id, place.start, place.end, *rest))
    return rows


def _read_project(path, documents, sentences):
    try:
        with _open(path) as packed:
            members = {entry.filename: entry for entry in packed.infolist()}
            outside = [name for name in members if not _is_inside(name)]
            if outside:
                raise InputError(
                    f"{path} holds a file that leads out of it, {outside[0]!r}; it is refused."
                )
            project = _parse(path, packed, members)
            return _read_sources(path, project, packed, members, documents)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, UnicodeDecodeError):
        raise InputError(
            f"{path} is not a REFI-QDA project that can be read (a damaged or "
            "encrypted zip); export it again."
        ) from None


def _open(path):
    try:
        return open_xml(path, LARGEST)
    except InputError as error:
        raise InputError(
            f"{path} is not a REFI-QDA project that can be read: it {error}."
        ) from None


def _is_inside(name):
    parts = re.split(r"[/\\]", name)
    return not (name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0])


def _parse(path, packed, members):
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    # ATLAS.ti names it after the project, the others project.qde, as the standard does.
    named = sorted((n for n in members if n.lower().endswith(".qde")), key=len)
    name = next((n for n in named if n.lower() == "project.qde"), *named[:1] or [None])
    if name is None:
        raise InputError(f"{path} holds no project (.qde); export it as a REFI-QDA project.")
    try:
        root = fromstring(packed.read(name), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise InputError(
            f"{name} of {path} is not plain XML (it is broken, or defines "
            "entities); export it again."
        ) from None
    for element in root.iter():  # names without the namespace, which differs between versions
        element.tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    return root


def _read_sources(path, project, packed, members, documents):
    users = {
        user.get("guid"): user.get("name") or user.get("id") or user.get("guid")
        for user in project.iter("User")
    }
    codes, places, rows = _name_codes(project), _index_texts(documents), []
    for source in project.find("Sources") if project.find("Sources") is not None else ():
        name = source.get("name") or source.get("guid")
        codings = [
            (selection, coding)
            for selection in source
            if SELECTIONS.search(selection.tag)
            for coding in selection.findall("Coding")
        ]
        whole = [(None, coding) for coding in source.findall("Coding")]
        if not codings and not whole:
            continue
        if source.tag != "TextSource":
            raise InputError(
                f"{path}: the source {name!r} has codes and is not a text "
                f"({source.tag}); code its text instead."
            )
        doc_id, offsets = _place_source(path, name, _text_of(path, source, packed, members), places)
        for selection, coding in codings + whole:
            start = end = pd.NA
            if selection is not None:
                start, end = _find_offsets(path, name, selection, offsets)
            user = coding.get("creatingUser") or (
                selection.get("creatingUser") if selection is not None else None
            )
            memo = selection.findtext("Description") if selection is not None else None
            for reference in coding.findall("CodeRef"):
                code = codes.get(reference.get("targetGUID"))
                if code is None:
                    raise InputError(
                        f"{path}: the source {name!r} has a code that is not in the "
                        "project's codebook; export it again."
                    )
                rows.append(
                    (
                        doc_id,
                        pd.NA,
                        start,
                        end,
                        users.get(user) or user or "unknown",
                        code,
                        "1",
                        memo or None,
                    )
                )
    return rows


def _name_codes(project):
    """Return {guid: name}; a name that stands twice goes with those above it, as a/b."""
    paths = {}

    def walk(element, above):
        for code in element.findall("Code"):
            paths[code.get("guid")] = [*above, code.get("name") or code.get("guid") or "unnamed"]
            walk(code, paths[code.get("guid")])

    for codes in project.iter("Codes"):
        walk(codes, [])
    times = Counter(names[-1] for names in paths.values())
    return {
        guid: names[-1] if times[names[-1]] == 1 else "/".join(names)
        for guid, names in paths.items()
    }


def _text_of(path, source, packed, members):
    inline, name = source.findtext("PlainTextContent"), source.get("name")
    if inline is not None:
        return inline
    place = source.get("plainTextPath") or ""
    scheme, _, file = place.partition("://")
    file = posixpath.join("sources", file)
    member = next((m for m in members if m.lower() == file.lower()), None)
    if scheme != "internal" or not _is_inside(file) or member is None:
        raise InputError(
            f"{path}: the text of the source {name!r} is not inside the project "
            f"({place or 'no plain text'}); export it with its sources."
        )
    return _decode(path, f"the text of the source {name!r}", packed.read(member))


def _index_texts(documents):
    """Return {text without white space: (doc_id, text, how much of it is cut)}.

    A document stands there with its headline and without; a text that two share is left out.
    """
    places, twice = {}, set()
    for row in documents.itertuples():
        solid, title = _squeeze(row.text), _squeeze(row.title if isinstance(row.title, str) else "")
        for cut in {0, len(title) if solid.startswith(title) else 0}:
            twice |= {solid[cut:]} & places.keys()
            places[solid[cut:]] = row.doc_id, row.text, cut
    return {solid: place for solid, place in places.items() if solid not in twice}


def _squeeze(text):
    return "".join(text.split())


def _solid(text):
    return np.array([not character.isspace() for character in text], bool)


def _place_source(path, name, text, places):
    """Return (doc_id, (which characters of the source are solid, where each of these stands))."""
    doc_id, whole, cut = places.get(_squeeze(text), (None, "", 0))
    if doc_id is None or not text.strip():
        raise InputError(
            f"{path}: the text of the source {name!r} is not that of one document of "
            "the corpus; give the texts that were coded."
        )
    return doc_id, (_solid(text), np.flatnonzero(_solid(whole))[cut:])


def _find_offsets(path, name, selection, offsets):
    solid, at = offsets
    try:
        start, end = (int(selection.get(key)) for key in ("startPosition", "endPosition"))
    except (TypeError, ValueError):
        start = end = -1
    before = int(solid[: max(start, 0)].sum())
    within = int(solid[max(start, 0) : max(end, 0)].sum())
    if not 0 <= start < end <= len(solid) or not within:
        raise InputError(
            f"{path}: the source {name!r} has a code on no place of its text "
            f"({selection.get('startPosition')} to {selection.get('endPosition')})."
        )
    return int(at[before]), int(at[before + within - 1]) + 1
