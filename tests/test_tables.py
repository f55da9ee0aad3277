"""The tables: documented columns, what `conform` refuses, and Parquet that is read as written."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framebook import tables
from framebook.common.errors import InputError
from framebook.tables import conform, empty, read, write

# The columns of every table, as the project's plan and the data guide name them.
COLUMNS = {
    "documents": "doc_id key title source date author language text path sha256",
    "loading": "path key status reason duplicate_group",
    "sentences": "sent_id doc_id part paragraph start end n_words",
    "tokens": "token_id sent_id start end word",
    "sentiment": "sent_id doc_id textblob_polarity textblob_subjectivity vader_compound",
    "spans": "doc_id sent_id start end layer code rule voice_id",
    "voices": "voice_id doc_id sent_id parent_id form act speaker actor_id speaker_class "
    "source cue content",
    "segments": "seg_id sent_id doc_id start end role voice_id",
    "actors": "actor_id doc_id name kind n_mentions",
    "labels": "doc_id sent_id start end coder code value memo",
}
MAY_BE_NULL = {
    "documents": "key title source date author language",
    "loading": "key reason duplicate_group",
    "spans": "voice_id",
    "voices": "parent_id speaker actor_id",
    "segments": "voice_id",
    "labels": "sent_id start end memo",
}
CLOSED = {
    "loading": ["status"],
    "sentences": ["part"],
    "spans": ["layer"],
    "voices": ["form", "act", "speaker_class"],
    "segments": ["role"],
    "actors": ["kind"],
}
TEXT = "Zoë said: “Ünï ☂.”\n\n\tשלום 🙂 \x0b end"
# Two rows a table: one with a value everywhere, one with every null that is allowed.
ROWS = {
    "documents": [
        (0, "k", "T", "S", "2031-01-06", "A", "en", TEXT, "a/b.txt", "00"),
        (2**40, None, None, None, None, None, None, "", "", ""),
    ],
    "loading": [("a.txt", "k", "read", "r", 2**40), ("b", None, "rejected", None, None)],
    "sentences": [(0, 0, "title", 0, 0, 4, 1), (2**60, 2**40, "body", 3, 5, 9, 0)],
    "tokens": [(0, 0, 0, 3, "Zoë"), (1, 0, 4, 8, "said")],
    "sentiment": [(0, 0, 0.1, -1.0, 1 / 3), (1, 0, -0.0, 0.0, 1e-300)],
    "spans": [
        (0, 0, 0, 3, "frame", "b:c", "a ... b*", 5),
        (0, 0, 4, 8, "rhetoric", "b:d", "x", None),
    ],
    "voices": [
        (
            1,
            0,
            0,
            2**60,
            "quoted",
            "say",
            "Zoë",
            0,
            "citizen",
            [[0, 3]],
            [[4, 8]],
            [[10, 17], [20, 22]],
        ),
        (2, 0, 0, None, "mixed", "expect", None, None, "unspecified", [], [], []),
    ],
    "segments": [(0, 0, 0, 0, 4, "narrator", None), (1, 0, 0, 4, 9, "content", 2**62)],
    "actors": [(0, 0, "Zoë", "person", 3), (1, 0, "the union", "organisation", 1)],
    "labels": [(0, 1, 2, 3, "me", "b:c", "yes", "why"), (0, None, None, None, "me", "c", "", None)],
}
NAMES = list(COLUMNS)


def table(name):
    """Return the two rows of a table as a plain DataFrame, not yet conformed."""
    return pd.DataFrame(ROWS[name], columns=COLUMNS[name].split())


def assert_same(left, right):
    """Assert equal values and dtypes, but for the order of a category's codes."""
    assert list(left.columns) == list(right.columns)
    for column in left:
        kinds = {str(left[column].dtype), str(right[column].dtype)}
        assert len(kinds) == 1, (column, kinds)
        same = left[column].astype("object").where(left[column].notna(), None).tolist()
        assert same == right[column].astype("object").where(right[column].notna(), None).tolist()


def test_the_columns_are_those_of_the_plan():
    assert {name: " ".join(schema) for name, schema in tables.SCHEMAS.items()} == COLUMNS


def test_nulls_are_allowed_where_the_plan_says():
    for name, schema in tables.SCHEMAS.items():
        null = [column for column, kind in schema.items() if kind.endswith("?")]
        assert null == MAY_BE_NULL.get(name, "").split(), name


def test_the_vocabularies_are_closed_and_named_once():
    assert set(tables.VOCABULARIES) == {column for columns in CLOSED.values() for column in columns}
    assert tables.VOCABULARIES["status"] == ["read", "repaired", "rejected"]
    assert tables.VOCABULARIES["part"] == ["title", "lead", "body"]
    assert tables.VOCABULARIES["form"] == ["quoted", "paraphrased", "mixed"]
    assert tables.VOCABULARIES["role"] == ["narrator", "attribution", "content"]
    assert {"unnamed", "unspecified"} <= set(tables.VOCABULARIES["speaker_class"])
    for words in tables.VOCABULARIES.values():
        assert len(words) == len(set(words))
        assert all(re.fullmatch("[a-z_]+", word) for word in words)


@pytest.mark.parametrize("name", NAMES)
def test_conform_orders_types_and_numbers_the_rows(name):
    given = table(name)[COLUMNS[name].split()[::-1]].iloc[::-1]
    before = given.copy(deep=True)
    made = conform(name, given)
    assert list(made.columns) == COLUMNS[name].split()
    assert made.index.tolist() == [0, 1] and isinstance(made.index, pd.RangeIndex)
    for column, kind in tables.SCHEMAS[name].items():
        assert str(made[column].dtype) == tables.DTYPES[kind], column
    pd.testing.assert_frame_equal(given, before)
    assert_same(conform(name, made), made)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_table_has_its_columns_and_types(name):
    made, slim = empty(name), conform(name, conform(name, table(name)).iloc[:0])
    assert len(made) == 0 and list(made.columns) == COLUMNS[name].split()
    assert made.dtypes.astype("str").tolist() == slim.dtypes.astype("str").tolist()


@pytest.mark.parametrize(
    ("name", "column"), [(name, column) for name in NAMES for column in COLUMNS[name].split()]
)
def test_a_null_is_refused_where_none_may_stand(name, column):
    frame = table(name).astype("object")
    frame.loc[1, column] = None
    if column in MAY_BE_NULL.get(name, "").split():
        assert conform(name, frame)[column].isna().tolist()[1]
    else:
        with pytest.raises(ValueError, match=f"Table {name}: column {column} holds a null"):
            conform(name, frame)


@pytest.mark.parametrize(
    ("name", "column"), [(name, column) for name in CLOSED for column in CLOSED[name]]
)
def test_a_value_outside_its_vocabulary_is_refused(name, column):
    frame = table(name)
    frame.loc[0, column] = "Narrator "
    with pytest.raises(ValueError, match=rf"Table {name}: {column} holds .*Narrator "):
        conform(name, frame)


@pytest.mark.parametrize("name", NAMES)
def test_missing_and_unknown_columns_are_named(name):
    first = COLUMNS[name].split()[0]
    with pytest.raises(ValueError, match=rf"Table {name}: .*\b{first}\b"):
        conform(name, table(name).drop(columns=first))
    with pytest.raises(ValueError, match=rf"Table {name}: .*\bcolour\b"):
        conform(name, table(name).assign(colour="red"))


@pytest.mark.parametrize("value", [1.5, "three"])
def test_an_integer_column_takes_whole_numbers_only(value):
    frame = table("actors").astype({"n_mentions": "object"})
    frame.loc[0, "n_mentions"] = value
    with pytest.raises(ValueError):
        conform("actors", frame)


def test_an_unknown_table_is_no_table():
    with pytest.raises(KeyError):
        empty("opinions")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_read_again(name, tmp_path):
    path = write(name, table(name), tmp_path)
    assert path == tmp_path / f"{name}.parquet"
    assert_same(read(tmp_path, name), conform(name, table(name)))
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_table_is_read_again(name, tmp_path):
    write(name, empty(name), tmp_path)
    assert_same(read(tmp_path, name), empty(name))


@pytest.mark.parametrize("name", NAMES)
def test_parts_are_read_as_one_table_in_their_order(name, tmp_path):
    frame = table(name)
    for part, rows in [(10, frame.iloc[1:]), (2, frame.iloc[:1]), (3, empty(name))]:
        assert write(name, rows, tmp_path, part).name == f"part-{part:05d}.parquet"
    assert_same(read(tmp_path, name), conform(name, frame))


def test_ranges_are_lists_of_pairs_of_plain_integers(tmp_path):
    write("voices", table("voices"), tmp_path)
    content = read(tmp_path, "voices").content.tolist()
    assert content == [[[10, 17], [20, 22]], []]
    assert {type(value) for value in (content, content[0], content[0][0])} == {list}
    assert type(content[0][0][0]) is int


def test_dictionaries_of_parts_need_not_agree(tmp_path):
    rows = [(n, 0, n, n + 1, word) for n, word in enumerate(["b", "a", "c", "a"])]
    frame = pd.DataFrame(rows, columns=COLUMNS["tokens"].split())
    for part in (0, 1):
        half = frame.iloc[2 * part : 2 * part + 2]
        write("tokens", half.assign(word=pd.Categorical(half.word)), tmp_path, part)
    words = read(tmp_path, "tokens").word
    assert words.tolist() == ["b", "a", "c", "a"]
    assert sorted(words.cat.categories) == ["a", "b", "c"]


def test_several_tables_come_in_the_order_of_their_names(tmp_path):
    for name in ("actors", "segments"):
        write(name, table(name), tmp_path)
    segments, actors = read(tmp_path, "segments", "actors")
    assert list(actors.columns) == COLUMNS["actors"].split()
    assert list(segments.columns) == COLUMNS["segments"].split()


def test_a_table_that_is_not_there_is_named(tmp_path):
    write("actors", table("actors"), tmp_path)
    with pytest.raises(FileNotFoundError, match="no table voices in"):
        read(tmp_path, "actors", "voices")


def test_nothing_unfit_is_written(tmp_path):
    with pytest.raises(ValueError, match="Table actors"):
        write("actors", table("actors").assign(kind="ghost"), tmp_path)
    assert not list(tmp_path.rglob("*.parquet"))


@pytest.mark.parametrize("name", NAMES)
def test_the_same_rows_give_the_same_bytes(name, tmp_path):
    made = conform(name, table(name))
    ways = {
        "once": made,
        "from plain columns": table(name),
        "with another index and order of columns": made.set_index(pd.Index([7, 7]))[
            made.columns[::-1]
        ],
        "read again": read(write(name, made, tmp_path / "first").parent, name),
    }
    given = {way: write(name, frame, tmp_path / way).read_bytes() for way, frame in ways.items()}
    assert [way for way in given if given[way] != given["once"]] == []


def test_the_order_of_categories_is_not_in_the_bytes(tmp_path):
    frame = conform("tokens", table("tokens"))
    ways = {
        "sorted": frame,
        "as met": frame.assign(word=frame.word.cat.reorder_categories(["Zoë", "said"])),
        "reversed": frame.assign(word=frame.word.cat.reorder_categories(["said", "Zoë"])),
        "with one unused": frame.assign(word=frame.word.cat.add_categories(["unused"])),
        "objects": frame.assign(word=frame.word.astype("object")),
    }
    given = {way: write("tokens", each, tmp_path / way).read_bytes() for way, each in ways.items()}
    assert [way for way in given if given[way] != given["sorted"]] == []


def test_the_file_has_no_index_and_no_metadata_of_pandas(tmp_path):
    import pyarrow.parquet as pq

    frame = table("actors").set_index(pd.Index(["x", "y"], name="old"))
    schema = pq.read_schema(write("actors", frame, tmp_path))
    assert schema.names == COLUMNS["actors"].split()
    assert not schema.metadata
    assert not np.any([field.nullable for field in schema])


def test_every_column_has_a_meaning():
    text = Path(tables.__file__).with_suffix(".toml").read_text("utf-8")
    meanings = tomllib.loads(text)
    assert {name: ["_", *columns] for name, columns in tables.SCHEMAS.items()} == {
        name: list(columns) for name, columns in meanings.items()
    }


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[:-7], lambda d: bytes(len(d))]
)
def test_a_damaged_table_is_one_sentence(tmp_path, damage):
    path = write("actors", empty("actors"), tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError, match=r"actors.parquet is not a whole table .*again\.$"):
        read(tmp_path, "actors")
