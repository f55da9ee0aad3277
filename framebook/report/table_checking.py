"""Faults in a folder of tables: in themselves, and compared with what their texts give."""

import tempfile
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

from framebook import tables
from framebook.chain import derive_from
from framebook.common.folders import hash_files
from framebook.scaling import ARTICLES, list_codes, write_articles
from framebook.tables import text_of

UNREADABLE = (OSError, ValueError, LookupError, ArithmeticError)


def one_line(error):
    """Return what an error says on one line."""
    return " ".join(str(error).split())


def _read(name, folder, part):
    table = tables.read_arrow(tables.path_of(name, folder, part))
    return tables.conform(name, table.to_pandas())


def find_table_faults(folder, made):
    """Yield what is wrong in the tables, whose manifest is `made`; one part is held at a time."""
    rows, digest = dict.fromkeys(tables.STORED, 0), sha256()
    parts = tables.list_parts(folder)
    known = {tables.path_of(name, folder, part) for name in tables.STORED for part in parts}
    known |= {folder / name for name in ARTICLES}
    yield from (
        f"{place} is no table" for place in hash_files(folder) if folder / place not in known
    )
    try:
        for n in parts:
            part = {name: _read(name, folder, n) for name in tables.STORED}
            rows = {name: rows[name] + len(part[name]) for name in rows}
            digest.update("".join(part["documents"].sha256).encode())
            yield from find_part_faults(part)
    except UNREADABLE as error:
        yield f"they cannot be read: {one_line(error)}"
        return
    yield from (
        f"{name} has {n:,} rows, and the manifest says {made['rows'].get(name, 0):,}"
        for name, n in rows.items()
        if n != made["rows"].get(name)
    )
    if digest.hexdigest() != made["inputs"]:
        yield "documents does not hold the texts that the manifest names"


def find_part_faults(part):
    """Yield what is wrong in a part, {name: table}: ids, places, words, scores."""
    documents, sentences = part["documents"], part["sentences"]
    texts = documents.drop_duplicates("doc_id").set_index("doc_id").text
    if documents.sha256.tolist() != [sha256(text.encode()).hexdigest() for text in documents.text]:
        yield "documents: a text is not that of its sha256"
    for name, ids in (
        ("documents", "doc_id"),
        ("sentences", "sent_id"),
        ("tokens", "token_id"),
        ("voices", "voice_id"),
        ("segments", "seg_id"),
        ("actors", "actor_id"),
    ):
        if not (part[name][ids].is_unique and part[name][ids].is_monotonic_increasing):
            yield f"{name}: {ids} does not rise from row to row"
    for name, table in part.items():
        for ids, known in (
            ("doc_id", texts.index),
            ("sent_id", sentences.sent_id),
            ("voice_id", part["voices"].voice_id),
            ("actor_id", part["actors"].actor_id),
        ):
            if ids in table and not table[ids].dropna().isin(known).all():
                yield f"{name}: a {ids} leads nowhere"
    length = texts.str.len().reindex(sentences.doc_id).to_numpy()
    outer = pd.DataFrame({"start": 0, "end": length}, index=sentences.index)
    bounds = sentences.drop_duplicates("sent_id").set_index("sent_id")[["start", "end"]]
    for name in ("sentences", "tokens", "segments", "spans"):
        inner = part[name]
        if name != "sentences":
            outer = bounds.reindex(inner.sent_id).set_axis(inner.index)
        if not (
            (outer.start <= inner.start) & (inner.start < inner.end) & (inner.end <= outer.end)
        ).all():
            yield f"{name}: a place is outside its {'text' if name == 'sentences' else 'sentence'}"
    tokens = part["tokens"][(part["tokens"].sent_id // tables.SENTENCE_STRIDE).isin(texts.index)]
    if tokens.word.tolist() != text_of(documents, tokens):
        yield "tokens: a word is not what stands at its place in the text"
    if not _part_sentences(part["segments"], bounds):
        yield "segments: they do not part the sentences"
    if part["sentiment"].sent_id.tolist() != sentences.sent_id.tolist():
        yield "sentiment: it is not one row a sentence"
    if (part["sentiment"].drop(columns="sent_id").abs() > 1).any(axis=None):
        yield "sentiment: a score is outside −1 to 1"


def _part_sentences(segments, bounds):
    """Return whether each sentence's segments begin and end with it, each where the last ended."""
    first = segments.drop_duplicates("sent_id").set_index("sent_id").start
    last = segments.drop_duplicates("sent_id", keep="last").set_index("sent_id").end
    inside = np.diff(segments.sent_id) == 0
    joined = segments.start.to_numpy()[1:] == segments.end.to_numpy()[:-1]
    return first.equals(bounds.start) and last.equals(bounds.end) and joined[inside].all()


def find_derived_faults(folder, books, left=()):
    """Yield the tables that are not what the texts in `documents` give, a part at a time.

    The spans of the codebooks named in `left` are not compared.
    """

    def to_bytes(name, table):
        if name == "spans" and left:
            table = table[~table.code.str.split(":").str[0].isin(left)]
        return tables.to_bytes(name, table)

    wanted = [name for name in tables.STORED if name not in ("documents", "loading")]
    try:
        for part in tables.list_parts(folder):
            made = derive_from(_read("documents", folder, part), books, frozenset(wanted))
            for name in wanted:
                if to_bytes(name, made[name]) != to_bytes(name, _read(name, folder, part)):
                    place = tables.path_of(name, folder, part).relative_to(folder).as_posix()
                    yield f"{place} is not what the texts give"
        if not left:
            with tempfile.TemporaryDirectory(prefix="framebook-") as place:
                write_articles(folder, list_codes(books), Path(place))
                for name in ARTICLES:
                    if Path(place, name).read_bytes() != (folder / name).read_bytes():
                        yield f"{name} is not what the tables give"
    except UNREADABLE as error:
        yield f"the tables cannot be read: {one_line(error)}"
