"""Loading: what files become, what is refused and in which words, what counts as a copy."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framebook import cli, tables
from framebook.common.errors import InputError
from framebook.loading import articles, duplicates
from framebook.loading.articles import find_path, load_documents, parse_date
from framebook.loading.duplicates import find_duplicates, similarity
from framebook.loading.encoding import decode
from framebook.loading.repairs import repair_text
from framebook.tables import make_documents


def put(folder, files):
    """Write {path: text or bytes} below the folder and return it."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def met(table):
    return list(zip(table.path, table.status, table.reason.fillna(""), strict=True))


def given_texts(documents):
    return list(zip(documents.doc_id, documents.text, strict=True))


# From bytes to letters


@pytest.mark.parametrize(
    "data, text, repair",
    [
        (b"plain", "plain", None),
        ("“é”".encode(), "“é”", None),
        (b"\xef\xbb\xbfmarked", "marked", None),
        (b"\x93Stay,\x94 \x97 she", "“Stay,” — she", "read as Windows-1252, for it is not UTF-8"),
        (b"\xff\xfe" + "Zo\u00eb".encode("utf-16-le"), "Zoë", "read as UTF-16"),
        (b"\xfe\xff" + "Zo\u00eb".encode("utf-16-be"), "Zoë", "read as UTF-16"),
        (b"tab\tand\x0cpage", "tab\tand\x0cpage", None),
        (b"", "", None),
    ],
)
def test_decode(data, text, repair):
    assert decode(data) == (text, repair)


@pytest.mark.parametrize(
    "data, said",
    [
        (b"\x89PNG\r\n\x1a\n\x00", "is not a text file (it holds control characters)"),
        (b"a\x00b", "is not a text file (it holds control characters)"),
        ("plain".encode("utf-16-le"), "is not a text file (it holds control characters)"),
        (b"caf\x81", "cannot be decoded as text; save it as UTF-8"),
        (b"\xff\xfea", "cannot be decoded as text; save it as UTF-8"),
    ],
)
def test_decode_refuses(data, said):
    with pytest.raises(InputError) as error:
        decode(data)
    assert str(error.value) == said


# Files and folders


def test_one_text_file(tmp_path):
    put(tmp_path, {"a.txt": "\nFirst line.\nSecond line.\n\n"})
    documents, table = load_documents(tmp_path / "a.txt")
    row = documents.iloc[0]
    assert list(documents.columns) == list(tables.SCHEMAS["documents"])
    assert (row.doc_id, row.text, row.path) == (0, "First line.\nSecond line.", "a.txt")
    assert row.sha256 == hashlib.sha256(row.text.encode()).hexdigest()
    assert documents.loc[0, ["key", "title", "source", "date", "author", "language"]].isna().all()
    assert met(table) == [("a.txt", "read", "")] and table.duplicate_group.isna().all()


def test_folder_is_read_in_the_order_of_names_and_refused_files_leave_gaps(tmp_path):
    put(
        tmp_path,
        {
            "b.txt": "Bee.",
            "a/z.md": "Zed.",
            "a/y.docx": "x",
            "B.TXT": "Big.",
            "c/d/e.txt": "Deep.",
            "README.md": "no",
            "a/NOTICE.txt": "no",
            "DATA_CARD.md": "no",
            ".hidden.txt": "no",
            "d.txt": " \n",
            "license/f.txt": "Eff.",
            "own/DATA_CARD.md": "x",
            "own/g.txt": "no",
            "corpus.toml": "",
            "z.corpus.toml": "",
            "y/corpus.toml": "",
            "y/h.txt": "no",
            "y.toml": "",
        },
    )
    documents, table = load_documents(tmp_path)
    assert given_texts(documents) == [
        (0, "Big."),
        (2, "Zed."),
        (3, "Bee."),
        (4, "Deep."),
        (6, "Eff."),
    ]
    assert met(table) == [
        ("B.TXT", "read", ""),
        ("a/y.docx", "rejected", "is not a Word file (.docx)"),
        ("a/z.md", "read", ""),
        ("b.txt", "read", ""),
        ("c/d/e.txt", "read", ""),
        ("d.txt", "rejected", "is empty"),
        ("license/f.txt", "read", ""),
        ("own", "rejected", "a corpus of its own (it has a data card): name its folder to read it"),
        ("y", "rejected", "a corpus of its own (it has a data card): name its folder to read it"),
        ("y.toml", "rejected", "the file type .toml is not read"),
    ]
    assert load_documents(tmp_path / "own")[0].text.tolist() == ["no"]
    assert load_documents(tmp_path / "README.md")[0].text.tolist() == ["no"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no links or pipes here")
def test_links_and_pipes(tmp_path):
    put(tmp_path, {"in/a.txt": "Ay.", "in/sub/b.txt": "Bee.", "out.txt": "Outside."})
    os.symlink(tmp_path / "out.txt", tmp_path / "in" / "c.txt")
    os.symlink(tmp_path, tmp_path / "in" / "d")
    os.symlink("..", tmp_path / "in" / "sub" / "loop")
    os.symlink("../a.txt", tmp_path / "in" / "sub" / "same.txt")
    os.symlink("nowhere.txt", tmp_path / "in" / "e.txt")
    os.symlink("f.txt", tmp_path / "in" / "f.txt")
    os.mkfifo(tmp_path / "in" / "g.txt")
    documents, table = load_documents(tmp_path / "in")
    assert documents.path.tolist() == ["a.txt", "sub/b.txt", "sub/same.txt"]
    assert met(table)[1:6] == [
        ("c.txt", "rejected", "a link that leads out of the folder"),
        ("d", "rejected", "a link that leads out of the folder"),
        ("e.txt", "rejected", "is not a file, or a link that leads nowhere"),
        ("f.txt", "rejected", "is not a file, or a link that leads nowhere"),
        ("g.txt", "rejected", "is not a file, or a link that leads nowhere"),
    ]
    assert ("sub/loop", "rejected", "a link to a folder; such links are not followed") in met(table)


def test_files_that_cannot_be_opened_do_not_stop_the_others(tmp_path, monkeypatch):
    put(tmp_path, {"a.txt": "Ay.", "b.txt": "Bee.", "c/d.txt": "Dee."})
    real = type(tmp_path).read_bytes, type(tmp_path).iterdir

    def refuse(n, name):
        def tried(path):
            if path.name == name:
                raise PermissionError(13, "Permission denied")
            return real[n](path)

        return tried

    monkeypatch.setattr(type(tmp_path), "read_bytes", refuse(0, "a.txt"))
    monkeypatch.setattr(type(tmp_path), "iterdir", refuse(1, "c"))
    documents, table = load_documents(tmp_path)
    assert given_texts(documents) == [(1, "Bee.")]
    assert met(table)[0] == ("a.txt", "rejected", "cannot be opened (Permission denied)")
    assert met(table)[2] == ("c", "rejected", "cannot be opened (Permission denied)")


def test_find_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_path("seeds") == articles.PROJECT / "seeds"
    (tmp_path / "seeds").mkdir()
    assert find_path("seeds") == tmp_path / "seeds"
    for missing in ("no such folder", ""):
        with pytest.raises(InputError, match=r"^There is no file or folder .*; check the spelling"):
            find_path(missing)
    with pytest.raises(InputError) as error:
        find_path("absent")
    assert str(tmp_path) in str(error.value) and str(articles.PROJECT) in str(error.value)


def test_a_corpus_in_the_folder_in_which_the_lab_was_started_is_found(tmp_path, monkeypatch):
    (tmp_path / "started" / "mine").mkdir(parents=True)
    monkeypatch.setenv("FRAMEBOOK_STARTED_IN", str(tmp_path / "started"))
    monkeypatch.chdir(tmp_path)
    assert find_path("mine") == tmp_path / "started" / "mine"
    assert find_path(str(tmp_path / "started" / "mine")) == tmp_path / "started" / "mine"


def test_the_seeds():
    documents, table = load_documents("seeds")
    assert len(documents) == 1 and len(documents.text[0].splitlines()) == 22
    assert met(table)[0][1:] == ("read", "") and met(table)[1][:2] == ("teaching", "rejected")
    teaching, table = load_documents("seeds/teaching")
    assert len(teaching) == 12 and set(table.status) == {"read"}
    assert teaching.date.notna().all() and teaching.source.nunique() == 4
    starts = zip(teaching.text, teaching.title, strict=True)
    assert all(text.startswith(f"{title}\n\n") for text, title in starts)


# What nothing can be made of: one sentence, and the user's exit status


@pytest.mark.parametrize(
    "name, data, said",
    [
        ("a.txt", b"", "a.txt: is empty."),
        ("a.txt", b" \n\t\n\xc2\xa0", "a.txt: is empty."),
        ("a.txt", "\u200b\n".encode(), "a.txt: holds no word."),
        ("a.txt", b"12 * 4 = 48", "a.txt: holds no word."),
        ("a.txt", b"\x00\x01\x02", "a.txt: is not a text file (it holds control characters)."),
        ("a.txt", b"caf\x81", "a.txt: cannot be decoded as text; save it as UTF-8."),
        ("a.mp3", b"ID3", "a.mp3: the file type .mp3 is not read."),
        ("a.doc", b"x", "a.doc: the file type .doc is not read; save it as .docx."),
        ("a", b"text", "a: the file type (none) is not read."),
        ("a.csv", b"", "a.csv: cannot be read as a table (No columns to parse from file)."),
        (
            "a.csv",
            b"id,story\n1,It sails.\n",
            "a.csv: has no text column; its columns are: id, story; name one of them text.",
        ),
        ("a.csv", b"id,text\n", "a.csv: holds no row."),
        (
            "a.csv",
            b"id,text\n1,\n2, \n",
            "None of the 2 files or rows in a.csv could be read; the first, a.csv: row 1 is empty.",
        ),
        (
            "a.csv",
            b"id,text\n1,It sails, again\n2,It sails, too\n",
            "a.csv: has rows with more fields than its header; "
            "put texts that hold commas in quotation marks.",
        ),
        (
            "a.csv",
            b'text\n"It sails\n',
            "a.csv: cannot be read as a table (Error tokenizing data. "
            "C error: EOF inside string starting at row 1).",
        ),
        ("a.csv", b"text\n\x00\n", "a.csv: is not a text file (it holds control characters)."),
        ("a.jsonl", b"\n\n", "a.jsonl: holds no row."),
        ("a.jsonl", b'{"text": "Yes."}\n\n{"text": }\n', "a.jsonl: line 3 is not JSON."),
        ("a.jsonl", b"{}", "a.jsonl: row 1 is empty."),
        ("a.jsonl", b'{"text": "Yes."}\n[1]\n', "a.jsonl: line 2 is not a JSON object."),
        ("a.jsonl", b"[" * 100_000, "a.jsonl: line 1 is not JSON."),
        ("a.jsonl", b'{"text": ' + b"9" * 5000 + b"}", "a.jsonl: line 1 is not JSON."),
        (
            "a.jsonl",
            b'{"story": "x", "b\\nc\\ud800": "\\ud800"}',
            "a.jsonl: has no text column; its columns are: story, b c\\ud800; name one of them text.",
        ),
        (
            "a.jsonl",
            b'{"text": "a\\u0000b"}',
            "a.jsonl: row 1 is not text (it holds control characters).",
        ),
    ],
)
def test_unusable_input_is_one_sentence(tmp_path, capsys, name, data, said):
    put(tmp_path, {name: data})
    with pytest.raises(InputError) as error:
        load_documents(tmp_path / name)
    assert str(error.value) == said
    assert cli.main(["tables", str(tmp_path / name), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == f"framebook: {said}\n"
    assert os.listdir(tmp_path) == [name]


def test_unusable_folders(tmp_path):
    put(tmp_path, {"empty/.keep": "", "bad/a.pdf": "x", "bad/b.txt": ""})
    with pytest.raises(InputError, match="^The folder empty holds no article; put .txt"):
        load_documents(tmp_path / "empty")
    with pytest.raises(
        InputError,
        match="^None of the 2 files or rows in bad could be read; the first, a.pdf: is not a PDF.$",
    ):
        load_documents(tmp_path / "bad")


def test_not_parquet(tmp_path):
    put(tmp_path, {"a.parquet": b"PAR0"})
    with pytest.raises(InputError, match=r"^a\.parquet: is not a Parquet file \([^\n]+\)\.$"):
        load_documents(tmp_path)


def test_a_table_with_many_columns_lists_the_first(tmp_path):
    put(tmp_path, {"a.csv": ",".join(f"column{n}" for n in range(500)) + "\n"})
    with pytest.raises(InputError, match="column0, column1, .*…; name one of them text") as error:
        load_documents(tmp_path)
    assert len(str(error.value)) < 300


# Tables


@pytest.mark.parametrize(
    "name, data",
    [
        (
            "a.csv",
            "Headline,Body,Outlet,Published,Byline,ID\n"
            'Ferry,"It sails, now.",Quay,2031-05-03,Orr,7\n',
        ),
        (
            "a.csv",
            "headline;body;outlet;published;byline;id\r\n"
            "Ferry;It sails, now.;Quay;3 May 2031;Orr;7\r\n",
        ),
        (
            "a.tsv",
            "title\ttext\tsource\tdate\tauthor\tkey\n"
            "Ferry\tIt sails, now.\tQuay\t2031-05-03\tOrr\t7\n",
        ),
        (
            "a.jsonl",
            '{"text": "It sails, now.", "title": " Ferry ", "source": "Quay", "id": 7,'
            ' "date": "2031-05-03T23:30:00-05:00", "authors": ["Orr"]}\n',
        ),
    ],
)
def test_columns_have_usual_names(tmp_path, name, data):
    documents, table = load_documents(put(tmp_path, {name: data}))
    row = documents.iloc[0]
    assert (row.key, row.title, row.source, row.author) == ("7", "Ferry", "Quay", "Orr")
    assert (row.text, row.date) == ("Ferry\n\nIt sails, now.", pd.Timestamp(2031, 5, 3))
    assert table[["path", "key", "status"]].values.tolist() == [[name, "7", "read"]]


def test_parquet_holds_what_it_holds(tmp_path):
    pd.DataFrame(
        {
            "text": [b"caf\xc3\xa9", "Two.", None],
            "authors": [["Orr", "Pell"], [], None],
            "date": [pd.Timestamp(2031, 5, 3, 12), pd.NaT, pd.NaT],
            "key": [1.5, None, None],
        }
    ).astype({"text": "object"}).assign(
        text=lambda f: f.text.map(lambda t: t.encode() if isinstance(t, str) else t)
    ).to_parquet(tmp_path / "a.parquet")
    documents, table = load_documents(tmp_path)
    assert given_texts(documents) == [(0, "café"), (1, "Two.")]
    assert documents.author[0] == "Orr; Pell" and documents.author.isna()[1]
    assert documents.key[0] == "1.5" and documents.date[0] == pd.Timestamp(2031, 5, 3)
    assert met(table)[2] == ("a.parquet", "rejected", "row 3 is empty")


def test_lists_of_paragraphs_and_bad_rows_among_good(tmp_path):
    rows = [
        {"text": ["One.", "Two."]},
        {"text": "a\x00b"},
        {"text": "Half \ud83d of it."},
        {"text": "Whole \U0001f600.", "source": "a\x00b\ud800"},
        {"text": {"a": 1}},
        {"text": 7},
    ]
    documents, table = load_documents(put(tmp_path, {"a.jsonl": "\n".join(map(json.dumps, rows))}))
    assert given_texts(documents)[:3] == [
        (0, "One.\n\nTwo."),
        (2, "Half \ufffd of it."),
        (3, "Whole \U0001f600."),
    ]
    assert documents.source[2] == "a b\ufffd"
    assert [status for _, status, _ in met(table)] == [
        "read",
        "rejected",
        "repaired",
        "read",
        "rejected",
        "rejected",
    ]
    assert [reason for *_, reason in met(table)] == [
        "",
        "row 2 is not text (it holds control characters)",
        "what is no character made U+FFFD",
        "",
        "row 5 is empty",
        "row 6 holds no word",
    ]
    tables.write("documents", documents, tmp_path)


def test_a_name_that_no_file_could_hold(tmp_path):
    name = b"caf\xe9.txt".decode("utf-8", "surrogateescape")
    try:
        put(tmp_path, {name: "Open."})
    except (OSError, UnicodeError):
        pytest.skip("this file system knows no such name")
    documents, _ = load_documents(tmp_path)
    assert documents.path.tolist() == ["caf\ufffd.txt"]


# Titles


@pytest.mark.parametrize(
    "title, text, found, whole",
    [
        ("Ferry", "It sails.", "Ferry", "Ferry\n\nIt sails."),
        ("Ferry", "Ferry\n\nIt sails.", "Ferry", "Ferry\n\nIt sails."),
        ("Ferry back", "Ferry  back\nIt sails.", "Ferry  back", "Ferry  back\nIt sails."),
        ("Ferry", "Ferry traffic is back.", "Ferry", "Ferry\n\nFerry traffic is back."),
        ("A\r\n b", "It sails.", "A b", "A b\n\nIt sails."),
        ("", "Ferry back\n\nIt sails.", "Ferry back", "Ferry back\n\nIt sails."),
        ("", "Ferry back\n \t\nIt sails.", "Ferry back", "Ferry back\n \t\nIt sails."),
        ("", "Ferry back\nIt sails.", None, "Ferry back\nIt sails."),
        ("", "Ferry is back.\n\nIt sails.", None, "Ferry is back.\n\nIt sails."),
        ("", "Ferry back", None, "Ferry back"),
        ("", "* * *\n\nIt sails.", None, "* * *\n\nIt sails."),
        ("", "x" * 151 + "\n\nIt sails.", None, "x" * 151 + "\n\nIt sails."),
    ],
)
def test_titles(tmp_path, title, text, found, whole):
    put(tmp_path, {"a.jsonl": json.dumps({"title": title, "text": text})})
    row = load_documents(tmp_path)[0].iloc[0]
    assert (None if pd.isna(row.title) else row.title, row.text) == (found, whole)


# Repairs


@pytest.mark.parametrize(
    "text, repaired, repairs",
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd", ["line ends made \\n"]),
        ("recon\xadstruct\u200bion\ufeff", "reconstruction", ["invisible characters taken out"]),
        ("Cafe\u0301", "Café", ["characters composed (NFC)"]),
        ("שלום 👩\u200d🚒", "שלום 👩\u200d🚒", []),
        ("", "", []),
    ],
)
def test_repair_text(text, repaired, repairs):
    assert repair_text(text) == (repaired, repairs)


WRAPPED = """The harbour office closed the ferry on Friday after
divers had found that the hull was thinner than
the law allows, and said that two buses would run
over the hill road."""


def test_lines_wrapped_at_a_width_are_joined():
    joined = WRAPPED.replace("\n", " ")
    said = ["lines wrapped at a fixed width joined"]
    assert repair_text(WRAPPED) == (joined, said)
    assert repair_text(f"{WRAPPED}\n\n{WRAPPED}\n") == (f"{joined}\n\n{joined}\n", said)
    indented = WRAPPED + "\n    " + WRAPPED  # as news agencies mark a new paragraph
    assert repair_text(indented) == (joined + "\n    " + joined, said)


def test_lines_of_a_report_whose_paragraphs_are_set_in_are_joined():
    """As agencies send it: two lines tell enough where others begin a paragraph."""
    text = (
        "International Ferries\nCorp said that it had bought two boats,\nwhich sail in May.\n"
        "    It gave no price.\n    The boats are older than those which\nit has."
    )
    joined = (
        "International Ferries Corp said that it had bought two boats, which sail in May.\n"
        "    It gave no price.\n    The boats are older than those which it has."
    )
    assert repair_text(text) == (joined, ["lines wrapped at a fixed width joined"])


@pytest.mark.parametrize(
    "text",
    [
        "Boats 56 cts\n    Nets 21 cts\n    Year\n    Boats 60 cts",
        "What to take to the ferry in May\n    Warm clothes\n    A lamp\nTickets are sold at the quay",
        "\n".join(["Ferry to stop on Friday after hull is found too thin"] * 6),
        "\n".join(["Each of these lines is a sentence and it ends with a stop."] * 6),
        "\n".join(["short lines", "as in a poem", "stay", "as they are"]),
        "\n".join(WRAPPED.split("\n")[:2]),
        "The ferry stops.\n\nThe bus runs.",
    ],
)
def test_other_lines_stay(text):
    assert repair_text(text) == (text, [])


def test_as_is_keeps_the_offsets_of_the_input(tmp_path):
    text = f"  Ferry\r\n\r\nCafe\u0301 re\xadopens.\r\n{WRAPPED}\n\n"
    put(tmp_path, {"a.txt": text, "b.jsonl": json.dumps({"title": "T", "text": text})})
    documents, table = load_documents(tmp_path, as_is=True)
    assert documents.text.tolist() == [text, text] and set(table.status) == {"read"}
    assert documents.title.isna()[0] and documents.title[1] == "T"
    repaired, table = load_documents(tmp_path)
    assert repaired.title.tolist() == ["Ferry", "T"] and set(table.status) == {"repaired"}
    assert table.reason[0].startswith("line ends made \\n; invisible characters taken out; char")


# Dates


@pytest.mark.parametrize(
    "text, day",
    [
        ("2031-04-03", date(2031, 4, 3)),
        ("20310403", date(2031, 4, 3)),
        ("2031-04-03T23:59:59-08:00", date(2031, 4, 3)),
        ("2031/04/03", date(2031, 4, 3)),
        ("3 April 2031", date(2031, 4, 3)),
        ("Apr. 3, 2031", date(2031, 4, 3)),
        ("Thu, 03 Apr 2031 10:00:00 GMT", date(2031, 4, 3)),
        ("13/04/2031", date(2031, 4, 13)),
        ("04/04/2031", date(2031, 4, 4)),
        ("03.04.2031", date(2031, 4, 3)),
        ("1933113600000", date(2031, 4, 5)),
        ("3 Apr 2031 10:00 EST", date(2031, 4, 3)),
        ("03/04/2031", None),
        ("April 2031", None),
        ("2031", None),
        ("Monday", None),
        ("10:30", None),
        ("now", None),
        ("soon", None),
        ("", None),
        ("31 April 2031", None),
        ("1926374400", None),
        ("9" * 400, None),
        ("8:" + "8" * 29, None),
        ("\x00", None),
        ("0001-11-30", None),
        ("1605-03-02", date(1605, 3, 2)),
    ],
)
def test_dates_are_not_guessed(text, day):
    assert parse_date(text) == day


@given(st.text(max_size=30) | st.text("0123456789-/.: JanFebT+Z", max_size=25))
def test_no_date_raises(text):
    assert parse_date(text) is None or isinstance(parse_date(text), date)


def test_dates_that_are_not_understood_are_told(tmp_path):
    put(tmp_path, {"a.csv": "text,date\nOne.,03/04/2031\nTwo.,1605-03-02\n"})
    documents, table = load_documents(tmp_path)
    assert documents.date.isna().tolist() == [True, False] and documents.date[1].year == 1605
    assert met(table) == [
        ("a.csv", "read", "date not understood: 03/04/2031; write it as year-month-day"),
        ("a.csv", "read", ""),
    ]


# Copies


WORDS = [f"word{n}" for n in range(54)]  # 50 runs of five


def spoiled(*places):
    """Return the text of WORDS with other words at the places."""
    return " ".join(f"other{n}" if n in places else word for n, word in enumerate(WORDS))


@pytest.mark.parametrize(
    "one, other, expected",
    [
        (spoiled(), spoiled(), 1),
        (spoiled(), spoiled().upper().replace(" ", ",\n"), 1),
        (spoiled(), spoiled(0), 49 / 51),
        (spoiled(), spoiled(20), 45 / 55),
        (spoiled(), spoiled(20, 40), 40 / 60),
        (spoiled(20), spoiled(40), 40 / 60),
        ("one two", "One two!", 1),
        ("one two", "one three", 0),
        ("a b c d e f", "a b c d e g", 1 / 3),
    ],
)
def test_similarity(one, other, expected):
    assert similarity(one, other) == pytest.approx(expected)


@pytest.mark.parametrize(
    "texts, groups",
    [
        ([spoiled()], [None]),
        ([spoiled(), "Something else."], [None, None]),
        ([spoiled(), "Something else.", spoiled()], [0, None, 0]),
        ([spoiled(), spoiled(20)], [0, 0]),
        ([spoiled(), spoiled(20, 40)], [None, None]),
        # Duplicates of duplicates: the first and the last are alike only through the second.
        ([spoiled(), spoiled(20), spoiled(20, 40)], [0, 0, 0]),
        ([spoiled(), spoiled(20, 40), spoiled(20)], [0, 0, 0]),
        ([spoiled(20, 40), "x", spoiled(), spoiled(20), "x", spoiled()], [0, 1, 0, 0, 1, 0]),
    ],
)
def test_find_duplicates(texts, groups):
    found = find_duplicates(make_documents(texts))
    assert [None if group is pd.NA else group for group in found] == groups


def test_the_time_of_copies_does_not_grow_with_their_square():
    """A table of one notice, ten thousand times, would else take an hour."""
    calls, documents = [], make_documents([spoiled()] * 200)
    sys.setprofile(lambda frame, event, arg: event == "call" and calls.append(event))
    try:
        found = find_duplicates(documents)
    finally:
        sys.setprofile(None)
    assert found.tolist() == [0] * 200
    assert len(calls) < 20_000


@given(st.lists(st.sets(st.integers(0, 9), min_size=1), min_size=2, max_size=12))
def test_groups_are_those_of_all_pairs(sets):
    """Whatever the order, against every pair of those with a band in common, compared alone."""
    found = [np.array(sorted(own)) for own in sets]
    keys = np.array([[min(own), max(own)] for own in sets])
    groups = duplicates.group(np.arange(len(sets)), found, keys, 0.6)
    near = [
        {
            m
            for m in range(len(sets))
            if (keys[n] == keys[m]).any() and len(sets[n] & sets[m]) >= 0.6 * len(sets[n] | sets[m])
        }
        for n in range(len(sets))
    ]
    for _ in sets:
        near = [set.union(*(near[m] for m in own)) for own in near]
    expected = [min(own) if len(own) > 1 else None for own in near]
    assert [None if pd.isna(one) else one for one in groups] == expected


@pytest.mark.parametrize("threshold", [0.4, 0.6, 0.8])
def test_many_near_copies_are_grouped_as_pair_by_pair(threshold):
    """Texts of one template, alike at .3 to 1: every pair is compared here, by the definition."""
    draw = np.random.default_rng(3)
    words = [f"w{n}" for n in range(40)]
    template = list(draw.choice(words, 30))
    texts = []
    for share in draw.choice([0, 1, 2, 4, 8, 15], 150):
        own = list(template)
        own[:share] = draw.choice(words, share)
        texts.append(" ".join(own))
    found = [duplicates.shingles(text) for text in texts]
    keys = np.zeros((len(texts), 1), np.uint64)  # all are candidates for each other
    groups = duplicates.group(np.arange(len(texts)), found, keys, threshold)
    label = list(range(len(texts)))
    for one, text in enumerate(texts):
        for other in range(one):
            if label[one] != label[other] and similarity(text, texts[other]) >= threshold:
                new, old = sorted((label[one], label[other]))
                label = [new if mark == old else mark for mark in label]
    alone = [mark if label.count(mark) > 1 else -1 for mark in label]
    assert groups.to_numpy("int64", na_value=-1).tolist() == alone
    assert -1 in alone and len(set(alone)) > 1


@pytest.mark.skipif(sys.platform == "win32", reason="such paths cannot be made here")
def test_folders_in_folders(tmp_path):
    """As deep as no reader of ours would follow, and with paths that no system takes."""
    (tmp_path / "a.txt").write_text("It sails.")
    inside = os.open(tmp_path, os.O_RDONLY)
    for name in ["d" * 200] * 22 + ["e"] * 1200:
        os.mkdir(name, dir_fd=inside)
        within = os.open(name, os.O_RDONLY, dir_fd=inside)
        os.close(inside)
        inside = within
    os.close(inside)
    tmp_path.joinpath(*["b"] * 60).mkdir(parents=True)
    try:
        documents, loading = load_documents(tmp_path)
        assert documents.path.tolist() == ["a.txt"]
        assert loading.path.tolist()[:2] == ["a.txt", "/".join(["b"] * 51)]
        assert loading.reason[1] == "lies more than 50 folders deep; move it further up"
        assert loading.status[2] == "rejected" and len(loading) == 3
    finally:
        subprocess.run(["rm", "-rf", *tmp_path.iterdir()], check=True)


def test_duplicate_groups_are_told_by_the_first_document(tmp_path):
    put(
        tmp_path, {"a.pdf": "", "b.txt": "A text.", "c.txt": "", "d.txt": "A text!", "e.txt": "No."}
    )
    documents, table = load_documents(tmp_path)
    assert documents.doc_id.tolist() == [1, 3, 4]
    assert table.duplicate_group.fillna(-1).tolist() == [-1, 1, -1, 1, -1]


def test_make_documents():
    documents = make_documents(["One.", "Two."], source="Quay", title=["A", None])
    assert given_texts(documents) == [(0, "One."), (1, "Two.")]
    assert documents.source.tolist() == ["Quay"] * 2 and documents.title.isna().tolist() == [0, 1]


# Whatever is in a file


@settings(max_examples=60)
@given(
    data=st.binary(max_size=80) | st.text(max_size=80).map(lambda t: t.encode(errors="replace")),
    suffix=st.sampled_from([".txt", ".md", ".csv", ".tsv", ".jsonl", ".parquet"]),
    as_is=st.booleans(),
)
def test_any_file_is_read_or_refused_in_one_sentence(tmp_path_factory, data, suffix, as_is):
    folder = put(tmp_path_factory.mktemp("any"), {f"a{suffix}": data, "b.txt": "Good."})
    documents, table = load_documents(folder, as_is)
    assert len(table) >= 2 and (table.status != "rejected").sum() == len(documents)
    assert "\n" not in "".join(table.reason.fillna(""))
    for text, seal in zip(documents.text, documents.sha256, strict=True):
        assert hashlib.sha256(text.encode()).hexdigest() == seal
        assert any(c.isalpha() for c in text) and (as_is or text == text.strip())
    tables.write("documents", documents, folder)
    tables.write("loading", table, folder)
