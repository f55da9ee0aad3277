"""The tables that pass between the notebooks: columns, types, vocabularies, nulls.

Every table is a pandas DataFrame with one kind of row. `conform` gives a frame the
order and the types written here and rejects what does not fit; `write` and `read`
keep tables as Parquet, one file or one folder of parts each.
"""

from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from framebook.common.errors import InputError


def make_documents(texts: Sequence[str], **columns: Sequence) -> pd.DataFrame:
    """Return the table documents of texts given by hand, for trying things out.

    `columns` fills others of its columns, such as source or date; doc_id counts from 0.

    >>> make_documents(["It rained."], source=["Gazette"])[["doc_id", "source"]].values.tolist()
    [[0, 'Gazette']]
    """
    table = pd.DataFrame(
        {
            "doc_id": range(len(texts)),
            "text": texts,
            "path": "",
            "sha256": [sha256(text.encode()).hexdigest() for text in texts],
        }
    )
    return conform("documents", table.reindex(columns=list(SCHEMAS["documents"])).assign(**columns))


def text_of(documents: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """Return the text of each row: `documents.text[start:end]` of its document.

    `rows` is any table with start, end and doc_id or sent_id.

    >>> rows = pd.DataFrame({"doc_id": [0], "start": [3], "end": [9]})
    >>> text_of(make_documents(["It rained."]), rows)
    ['rained']
    """
    doc_ids = rows.doc_id if "doc_id" in rows else rows.sent_id // SENTENCE_STRIDE
    texts = dict(zip(documents.doc_id, documents.text, strict=True))
    return [texts[d][a:b] for d, a, b in zip(doc_ids, rows.start, rows.end, strict=True)]


pd.set_option("display.html.use_mathjax", False)  # in a text's words "$" begins no formula


SENTENCE_STRIDE = 2**20  # sent_id = doc_id * SENTENCE_STRIDE + n
TOKEN_STRIDE = 2**24  # token_id = doc_id * TOKEN_STRIDE + n
# Speech acts, from the weakest to the strongest commitment of the source to the claim.
ACTS = [
    "ask",
    "deny",
    "speculate",
    "hint",
    "expect",
    "think",
    "feel",
    "frame",
    "say",
    "report",
    "claim",
    "argue",
    "urge",
    "praise",
    "blame",
    "threaten",
    "promise",
    "stress",
    "confirm",
]
ASCRIBED = ["expect", "think", "feel"]  # a state of mind is ascribed; nothing is said
SPEAKER_CLASSES = [
    "government",
    "legislature_party",
    "judiciary_police",
    "military",
    "organisation",
    "business",
    "expert",
    "media",
    "citizen",
    "celebrity_sport",
    "document",
    "unnamed",
    "unspecified",
    "other",
]
VOCABULARIES = {
    "status": ["read", "repaired", "rejected"],
    "part": ["title", "lead", "body"],
    "layer": ["frame", "theme", "function", "rhetoric"],
    "form": ["quoted", "paraphrased", "mixed"],
    "act": ACTS,
    "speaker_class": SPEAKER_CLASSES,
    "role": ["narrator", "attribution", "content"],
    "kind": ["person", "organisation", "place", "group", "document"],
}
# type, then "?" where a null is allowed: int, float, str, date, word (dictionary-coded
# text) and ranges (a list of [start, end]).
SCHEMAS = {
    "documents": {
        "doc_id": "int",
        "key": "str?",
        "title": "str?",
        "source": "str?",
        "date": "date?",
        "author": "str?",
        "language": "str?",
        "text": "str",
        "path": "str",
        "sha256": "str",
    },
    "loading": {
        "path": "str",
        "key": "str?",
        "status": "str",
        "reason": "str?",
        "duplicate_group": "int?",
    },
    "sentences": {
        "sent_id": "int",
        "doc_id": "int",
        "part": "str",
        "paragraph": "int",
        "start": "int",
        "end": "int",
        "n_words": "int",
    },
    "tokens": {"token_id": "int", "sent_id": "int", "start": "int", "end": "int", "word": "word"},
    "sentiment": {
        "sent_id": "int",
        "doc_id": "int",
        "textblob_polarity": "float",
        "textblob_subjectivity": "float",
        "vader_compound": "float",
    },
    "spans": {
        "doc_id": "int",
        "sent_id": "int",
        "start": "int",
        "end": "int",
        "layer": "str",
        "code": "str",
        "rule": "str",
        "voice_id": "int?",
    },
    "voices": {
        "voice_id": "int",
        "doc_id": "int",
        "sent_id": "int",
        "parent_id": "int?",
        "form": "str",
        "act": "str",
        "speaker": "str?",
        "actor_id": "int?",
        "speaker_class": "str",
        "source": "ranges",
        "cue": "ranges",
        "content": "ranges",
    },
    "segments": {
        "seg_id": "int",
        "sent_id": "int",
        "doc_id": "int",
        "start": "int",
        "end": "int",
        "role": "str",
        "voice_id": "int?",
    },
    "actors": {
        "actor_id": "int",
        "doc_id": "int",
        "name": "str",
        "kind": "str",
        "n_mentions": "int",
    },
    "labels": {
        "doc_id": "int",
        "sent_id": "int?",
        "start": "int?",
        "end": "int?",
        "coder": "str",
        "code": "str",
        "value": "str",
        "memo": "str?",
    },
}
# The tables that a run writes, in the order in which they are made.
STORED = [
    "documents",
    "loading",
    "sentences",
    "tokens",
    "sentiment",
    "voices",
    "segments",
    "actors",
    "spans",
]
DTYPES = {
    "int": "int64",
    "int?": "Int64",
    "float": "float64",
    "str": "str",
    "str?": "str",
    "date?": "datetime64[ms]",
    "word": "category",
    "ranges": "object",
}


def empty(name):
    """Return the table `name` with no row."""
    return conform(name, pd.DataFrame(columns=list(SCHEMAS[name])))


def conform(name, frame):
    """Return `frame` with the columns, order and dtypes of the table `name`.

    Raises ValueError when a column is missing or unknown, a null stands where none may,
    or a value is outside its vocabulary.
    """
    schema = SCHEMAS[name]
    if set(frame.columns) != set(schema):
        wrong = sorted(set(frame.columns) ^ set(schema))
        raise ValueError(f"Table {name}: columns missing or unknown: {', '.join(wrong)}.")
    columns = {}
    for column, kind in schema.items():
        values = frame[column]
        if kind == "int" and values.dtype == "int64":
            columns[column] = values
            continue
        if not kind.endswith("?") and values.isna().any():
            raise ValueError(f"Table {name}: column {column} holds a null.")
        if column in VOCABULARIES:
            unknown = set(values.dropna().unique()) - set(VOCABULARIES[column])
            if unknown:
                raise ValueError(f"Table {name}: {column} holds {sorted(unknown)}.")
        cast = values.astype(DTYPES[kind])
        if kind.startswith("int") and not (values.isna() | (values == cast)).all():
            raise ValueError(
                f"Table {name}: column {column} holds something that is not a whole number."
            )
        if kind == "word":  # the same rows give the same codes, whatever they came from
            used = np.bincount(cast.cat.codes, minlength=len(cast.cat.categories)) > 0
            if not (used.all() and cast.cat.categories.is_monotonic_increasing):
                cast = cast.cat.set_categories(sorted(cast.cat.categories[used]))
        columns[column] = cast
    return pd.DataFrame(columns, copy=False).reset_index(drop=True)


def _arrow_schema(name):
    import pyarrow as pa

    types = {
        "int": pa.int64(),
        "float": pa.float64(),
        "str": pa.large_string(),
        "date": pa.timestamp("ms"),
        "word": pa.dictionary(pa.int32(), pa.large_string()),
        "ranges": pa.list_(pa.list_(pa.int64())),
    }
    return pa.schema([(c, types[k.rstrip("?")], k.endswith("?")) for c, k in SCHEMAS[name].items()])


def to_bytes(name, frame):
    """Return the table as the bytes of a Parquet file.

    They hold no time stamp and no index, so the same rows give the same bytes. Numbers are
    stored as differences, which for places in a text takes half the room and time.
    """
    from io import BytesIO

    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(
        conform(name, frame), schema=_arrow_schema(name), preserve_index=False
    )
    kinds = {column: kind.rstrip("?") for column, kind in SCHEMAS[name].items()}
    numbers = [
        c + ".list.element" * 2 * (kind == "ranges")
        for c, kind in kinds.items()
        if kind in ("int", "ranges")
    ]
    file = BytesIO()
    pq.write_table(
        table.replace_schema_metadata(None),
        file,
        use_dictionary=[c for c, kind in kinds.items() if kind in ("str", "word")],
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        write_statistics=[c for c, kind in kinds.items() if kind == "int"],
    )
    return file.getvalue()


def path_of(name, folder, part=None):
    """Return where a table is kept: `folder/NAME.parquet`, or a part in the folder `NAME`."""
    file = f"{name}.parquet" if part is None else f"{name}/part-{part:05d}.parquet"
    return Path(folder) / file


def find_files(name, folder):
    """Return the files of a table in their order: one, or its parts, or none."""
    path = path_of(name, folder)
    return [path] if path.exists() else sorted(path.with_suffix("").glob("part-*.parquet"))


def list_parts(folder):
    """Return the numbers of the parts that a folder's tables have, [None] where they are whole."""
    return range(len(list(Path(folder, "documents").glob("part-*.parquet")))) or [None]


def write(name, frame, folder, part=None):
    """Write the table, or one part of it, as Parquet and return the path."""
    path = path_of(name, folder, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_bytes(name, frame))
    return path


def read(folder, *names):
    """Return the named tables of a folder, one DataFrame for each name, in that order.

    Raises FileNotFoundError when a table is not there.
    """
    frames = []
    for name in names:
        parts = find_files(name, folder)
        if not parts:
            raise FileNotFoundError(f"There is no table {name} in {folder}.")
        table = read_arrow(*parts)
        ranges = [c for c, kind in SCHEMAS[name].items() if kind == "ranges"]
        frame = table.drop_columns(ranges).to_pandas()
        for column in ranges:
            frame[column] = _ranges(table[column].combine_chunks())
        frames.append(conform(name, frame))
    return frames[0] if len(frames) == 1 else tuple(frames)


def read_arrow(*paths, columns=None):
    """Return Parquet files, one below the other, or some of their columns, as an Arrow table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts = []
    for path in paths:
        try:
            with path.open("rb") as stream:  # for Arrow opens no name that is not UTF-8
                parts.append(pq.read_table(stream, columns=columns))
        except pa.ArrowException as error:
            raise InputError(
                f"{path} is not a whole table ({' '.join(str(error).split())[:80]}); "
                "make the tables again."
            ) from None
    return pa.concat_tables(parts).unify_dictionaries()


def _ranges(column):
    """The lists of [start, end] in an Arrow column; numbers are no Python objects before."""
    pairs = column.values.values.to_numpy().reshape(-1, 2).tolist()
    ends = column.offsets.to_numpy().tolist()
    return [pairs[a:b] for a, b in pairwise(ends)]
