"""Readers: what web pages, Word, PDF, RTF, spreadsheets, JSON, Nexis exports and archives become.

Every text is invented. The Nexis samples are made by hand after public descriptions of the
layout (LexisNexisTools, tm.plugin.lexisnexis); no line of them comes from an export.
"""

import io
import json
import os
import socket
import stat
import sys
import zipfile
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framebook import cli, tables
from framebook.common.errors import InputError
from framebook.loading import documents as readers
from framebook.loading.articles import load_documents
from framebook.loading.databases import split_export
from framebook.loading.documents import READERS
from framebook.loading.encoding import decode
from framebook.loading.language import find_other_language
from framebook.loading.repairs import repair_text
from framebook.scaling import make_tables

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FIRST = (
    "The ferry that has crossed the water at Vessmouth since 1931 sails again today, the "
    "harbour office said on Friday morning."
)
SECOND = (
    "About nine hundred people cross every day, most of them to work at the cannery on the "
    "north bank of the river."
)


def pack(files, method=zipfile.ZIP_DEFLATED):
    """Return the bytes of an archive of {name: text or bytes}."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return held.getvalue()


def word(*paragraphs, body=""):
    """Return the bytes of a Word file with nothing in it but its document."""
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in paragraphs)
    return pack(
        {"word/document.xml": f"<w:document {W}><w:body>{lines}{body}</w:body></w:document>"}
    )


def saved(make, *args):
    held = io.BytesIO()
    make(held, *args)
    return held.getvalue()


def pdf(*pages):
    """Return the bytes of a PDF whose pages hold the lines given, in Helvetica."""
    count = len(pages)
    kids = " ".join(f"{3 + n} 0 R" for n in range(count))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {count}/Kids[{kids}]>>"]
    objects += [
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {3 + count + n} 0 R"
        f"/Resources<</Font<</F {3 + 2 * count} 0 R>>>>>>"
        for n in range(count)
    ]
    for lines in pages:
        shown = "".join(f"({line}) Tj T* " for line in lines)
        stream = f"BT /F 11 Tf 50 800 Td 14 TL {shown}ET"
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    made, places = b"%PDF-1.4\n", []
    for number, held in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj{held}endobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        made
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size "
            f"{len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(made)}\n%%EOF"
        ).encode()
    )


def locked_pdf():
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([FIRST]))))
    writer.encrypt("secret", algorithm="RC4-128")
    return saved(writer.write)


def workbook(*rows):
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("other").append(["text"])
    return saved(book.save)


def load(folder, name, data, **options):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return load_documents(path, **options)


def first_row(documents):
    row = documents.iloc[0]
    return tuple(
        None if pd.isna(row[name]) else row[name]
        for name in ("text", "title", "source", "date", "author")
    )


# Web pages

HEAD = (
    "<title>Ferry back on the water - Quay News</title>"
    "<meta property='og:site_name' content='Quay News'><meta name='author' content='Ann Orr'>"
    "<meta property='article:published_time' content='2031-05-03T10:00:00Z'>"
)


def page(body, head=HEAD):
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>Ferry back on the water</h1>{body}</article>"
        "<footer>About us</footer><script>var a = 1;</script></body></html>"
    )


READ = (
    f"Ferry back on the water\n{FIRST}\n{SECOND}",
    "Ferry back on the water",
    "Quay News",
    pd.Timestamp(2031, 5, 3),
    "Ann Orr",
)


def test_a_web_page_without_a_network(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a connection was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    html = page(f"<p>{FIRST}</p><p>{SECOND}</p>")
    mail = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\n\n--B\n"
        f"Content-Type: text/html; charset=utf-8\n\n{html}\n--B--\n"
    )
    for name, data in (("a.html", html), ("b.HTM", html), ("c.mhtml", mail)):
        documents, loading = load(tmp_path, name, data)
        assert first_row(documents) == READ
        assert (loading.path[0], loading.status[0]) == (name, "read")


def test_a_page_in_an_old_encoding_that_it_names(tmp_path):
    html = page(f"<p>The town of Łódź: {FIRST}</p>", "<meta charset=iso-8859-2>")
    assert "The town of Łódź:" in load(tmp_path, "a.html", html.encode("iso-8859-2"))[0].text[0]


def test_the_parts_of_a_saved_page_are_one_row(tmp_path):
    (tmp_path / "a.html").write_text(page(f"<p>{FIRST}</p><p>{SECOND}</p>"))
    (tmp_path / "a_files").mkdir()
    (tmp_path / "a_files" / "x.js").write_text("x")
    loading = load_documents(tmp_path)[1]
    assert loading.status.tolist() == ["read", "rejected"]
    assert loading.reason[1] == "the parts of a saved web page; passed over"


# Word, RTF, PDF


def test_a_word_file_of_python_docx(tmp_path):
    from docx import Document

    made = Document()
    made.core_properties.author = "Not the author"
    for line in ("Ferry back", "", FIRST):
        made.add_paragraph(line)
    made.add_table(1, 2).rows[0].cells[1].text = "In a table."
    made.sections[0].header.paragraphs[0].text = "Page header"
    documents, loading = load(tmp_path, "a.docx", saved(made.save))
    assert first_row(documents) == (
        f"Ferry back\n\n{FIRST}\n\nIn a table.",
        "Ferry back",
        None,
        None,
        None,
    )
    assert loading.status.tolist() == ["read"]


def test_what_a_reader_of_a_word_file_sees(tmp_path):
    body = (
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:hyperlink><w:r><w:t>Ferry</w:t></w:r>"
        "</w:hyperlink><w:del><w:r><w:t>gone</w:t></w:r></w:del><w:r><w:tab/><w:t>re</w:t>"
        "<w:noBreakHyphen/><w:t>opens</w:t><w:br/><w:instrText>PAGE</w:instrText><w:t>now"
        "</w:t></w:r></w:p>"
    )
    assert load(tmp_path, "a.docx", word(body=body))[0].text[0] == "Ferry\tre-opens\nnow"


def test_an_rtf_file(tmp_path):
    data = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Ferry\par\par It sails\'85 again. "
        rb"\u8220 \'93Yes,\'94 {\field{\*\fldinst HYPERLINK "
        rb'"http://quay.example/"}{\fldrslt she said}}.\par}'
    )
    assert first_row(load(tmp_path, "a.rtf", data)[0])[:2] == (
        "Ferry\n\nIt sails… again. “Yes,” she said.",
        "Ferry",
    )


def test_a_pdf_has_its_lines_joined(tmp_path):
    lines = [
        "The harbour office closed the ferry on Friday after",
        "divers had found that the hull was thinner than",
        "the law allows, and said that two buses would run",
        "over the hill road.",
        "The mayor said that she would write to the ministry",
        "and ask for a second boat before the winter, which",
        "the council had refused to pay for.",
    ]
    documents, loading = load(tmp_path, "a.pdf", pdf(lines[:3], lines[3:], []))
    assert documents.text[0] == " ".join(lines[:4]) + "\n" + " ".join(lines[4:])
    assert loading.reason[0] == ("no text on 1 of 3 pages; lines wrapped at a fixed width joined")


# Tables


def test_a_workbook(tmp_path):
    data = workbook(
        ["Headline", "Body", None, "Published"],
        ["Ferry", "It sails.", "x", pd.Timestamp(2031, 5, 3)],
        [None] * 4,
        [None, 7],
        ["T", None, None, None],
    )
    documents, loading = load(tmp_path, "a.xlsx", data)
    assert documents.text.tolist() == ["Ferry\n\nIt sails."]
    assert documents.date[0] == pd.Timestamp(2031, 5, 3)
    assert loading.reason.fillna("").tolist() == [
        "",
        "row 2 holds no word",
        "row 3 is empty",
        "holds no row",
    ]
    assert loading.path.tolist() == ["a.xlsx/Sheet"] * 3 + ["a.xlsx/other"]


@pytest.mark.parametrize(
    "data",
    [
        [{"text": "It sails.", "source": {"id": 1, "name": "Quay"}}],
        {"status": "ok", "articles": [{"text": "It sails.", "source": "Quay"}]},
        {"text": "It sails.", "source": "Quay", "tags": []},
    ],
)
def test_json(tmp_path, data):
    documents, _ = load(tmp_path, "a.json", json.dumps(data))
    assert first_row(documents) == ("It sails.", None, "Quay", None, None)


def test_columns_are_named(tmp_path):
    data = "story,text,day\nIt sails.,no,2031-05-03\n"
    named = {"text": "Story", "date": "day"}
    documents, _ = load(tmp_path, "a.csv", data, columns=named)
    assert first_row(documents) == ("It sails.", None, None, pd.Timestamp(2031, 5, 3), None)
    out = make_tables(tmp_path / "a.csv", tmp_path / "out", columns=named)
    assert tables.read(out, "documents").text.tolist() == ["It sails."]
    assert json.loads((out / "manifest.json").read_text())["columns"] == named
    with pytest.raises(
        InputError,
        match="^a.csv: has no column body, named for text; its columns are: story, text, day.$",
    ):
        load_documents(tmp_path / "a.csv", columns={"text": "body"})
    with pytest.raises(InputError, match="^There is no field txt that a column .* one of text, "):
        load_documents(tmp_path / "a.csv", columns={"txt": "story"})


def test_columns_on_the_command_line(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("story,day\nIt sails.,2031-05-03\n")
    line = ["tables", str(tmp_path / "a.csv"), "--out", str(tmp_path / "out"), "--columns"]
    assert cli.main([*line, "text=story", "date=day"]) == 0
    assert tables.read(tmp_path / "out", "documents").date.notna().all()
    with pytest.raises(SystemExit):
        cli.main([*line, "story"])
    assert "story is not FIELD=COLUMN" in capsys.readouterr().err


# Nexis Uni (samples made by hand)

COVER = [
    "User Name: A Reader",
    "Date and Time: Monday, May 5, 2031 9:00:00 AM CEST",
    "Job Number: 1234",
    "Documents (3)",
    "1. Ferry back on the water",
    "Client/Matter: -None-",
    "Search Terms: ferry",
    "2. A lean winter",
    "3. No picture",
]
ARTICLES = [
    [
        "Ferry back on the water",
        "The Quay News (Vessmouth)",
        "May 3, 2031 Saturday 6:00 AM GMT",
        "Copyright 2031 Quay Press Limited All Rights Reserved",
        "Section: NEWS; Version:1",
        "Length: 41 words",
        "Byline: By Ann Orr in Vessmouth",
        "Highlight: The hull is mended.",
        "Body",
        "",
        FIRST,
        SECOND,
        "Graphic",
        "A ferry, 2031.",
        "Classification",
        "Language: ENGLISH",
        "Load-Date: May 4, 2031",
        "End of Document",
    ],
    [
        "A lean winter",
        "North Bank Mail",
        "Sunday 4 May 2031",
        "Copyright 2031 North Bank Mail",
        "Length: 9 words",
        "Body",
        "Shopkeepers on the quay expect a lean winter.",
        "Load-Date: May 5, 2031",
        "End of Document",
    ],
    [
        "No picture",
        "Quay Quarterly",
        "May 2031",
        "Length: 0 words",
        "Graphic",
        "None.",
        "Load-Date: May 5, 2031",
        "End of Document",
    ],
]
DOCUMENTS = [
    (
        f"Ferry back on the water\n\n{FIRST}\n\n{SECOND}",
        "Ferry back on the water",
        "The Quay News (Vessmouth)",
        pd.Timestamp(2031, 5, 3),
        "Ann Orr in Vessmouth",
    ),
    (
        "A lean winter\n\nShopkeepers on the quay expect a lean winter.",
        "A lean winter",
        "North Bank Mail",
        pd.Timestamp(2031, 5, 4),
        None,
    ),
]


@pytest.mark.parametrize("cover", [[], COVER])
def test_a_nexis_export_is_parted_into_its_articles(tmp_path, cover):
    data = word(*cover, *sum(ARTICLES, []))
    documents, loading = load(tmp_path, "a.DOCX", data)
    assert [first_row(documents[n : n + 1]) for n in range(2)] == DOCUMENTS and len(documents) == 2
    assert documents.doc_id.tolist() == [0, 1]
    assert loading.reason.fillna("").tolist() == ["", "", "article 3 is empty"]
    out = make_tables(tmp_path / "a.DOCX", tmp_path / "out")
    pd.testing.assert_frame_equal(tables.read(out, "documents"), documents)


def test_a_nexis_export_as_rtf_or_pdf(tmp_path):
    lines = [line.replace("(", "").replace(")", "") for line in sum(ARTICLES[:2], [])]
    rtf = r"{\rtf1 " + r"\par ".join(["Page 1 of 2", *lines]) + r"\par}"
    documents, _ = load(tmp_path, "a.rtf", rtf)
    assert documents.title.tolist() == ["Ferry back on the water", "A lean winter"]
    with pytest.raises(
        InputError, match=r"^a.pdf: is an export of Nexis Uni as PDF; export it as Word"
    ):
        load(tmp_path, "a.pdf", pdf(lines))


@pytest.mark.parametrize(
    "lines, expected",
    [
        (
            [
                "A\xa0headline",
                "of two lines",
                "Mail",
                "3 May 2031 Saturday",
                "Byline: BY A. ORR",
                "Body",
                "May 3, 2031",
                "Text.",
            ],
            ("May 3, 2031\n\nText.", "A headline of two lines", "Mail", "3 May 2031", "A. ORR"),
        ),
        (
            ["May 3, 2031", "Mail", "Saturday, May 10, 2031", "First Edition", "Body", "Text."],
            ("Text.", "May 3, 2031", "Mail", "May 10, 2031", None),
        ),
        (
            ["Title", "Mail", "Copyright 2031 Mail", "Length: 1 words", "Body", "Text.", "End"],
            ("Text.\n\nEnd", "Title", "Mail", None, None),
        ),
        (
            ["We are sorry but there is an error in this document."],
            ("", "We are sorry but there is an error in this document.", None, None, None),
        ),
        ([], ("", None, None, None, None)),
    ],
)
def test_variations_of_a_nexis_article(lines, expected):
    articles = split_export([*lines, "End of Document", *ARTICLES[1]])
    assert [fields["title"] for fields, _ in articles[1:]] == ["A lean winter"]
    assert tuple(articles[0][0].values()) == (*expected, None)


def test_a_nexis_export_that_was_cut_short_loses_no_article():
    lines = ARTICLES[0] + ARTICLES[1][:-2]
    assert [fields["title"] for fields, _ in split_export(lines)] == [
        "Ferry back on the water",
        "A lean winter",
    ]


# Archives


def test_an_archive(tmp_path):
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    files = {
        "b/a.txt": "It sails.",
        "t.csv": "text\nOne.\nTwo.\n",
        "w.docx": word("Word."),
        "n.docx": word(*sum(ARTICLES[:2], [])),
        "../up.txt": "no",
        "/root.txt": "no",
        "c:\\x.txt": "no",
        "in.zip": b"x",
        "x.mp3": b"x",
        "__MACOSX/a.txt": "no",
        ".hidden.txt": "no",
        "README.md": "no",
        link: "/etc/passwd",
        "bad.docx": b"PK",
    }
    documents, loading = load(tmp_path, "a.zip", pack(files))
    assert list(zip(documents.path, documents.text.str[:9], strict=True)) == [
        ("a.zip/b/a.txt", "It sails."),
        ("a.zip/n.docx", "Ferry bac"),
        ("a.zip/n.docx", "A lean wi"),
        ("a.zip/t.csv", "One."),
        ("a.zip/t.csv", "Two."),
        ("a.zip/w.docx", "Word."),
    ]
    refused = loading[loading.status == "rejected"]
    assert dict(zip(refused.path, refused.reason, strict=True)) == {
        "a.zip/../up.txt": "its name leads out of the archive",
        "a.zip//root.txt": "its name leads out of the archive",
        "a.zip/c:/x.txt": "its name leads out of the archive",
        "a.zip/in.zip": "an archive inside an archive; unpack it",
        "a.zip/link.txt": "a link; links are not followed",
        "a.zip/x.mp3": "the file type .mp3 is not read",
        "a.zip/bad.docx": "cannot be opened: it is damaged or was cut short",
    }
    assert sorted(os.listdir(tmp_path)) == ["a.zip"]
    pd.testing.assert_frame_equal(
        tables.read(make_tables(tmp_path / "a.zip", tmp_path / "out"), "documents"), documents
    )


def test_a_member_that_is_damaged_or_locked_does_not_stop_the_others(tmp_path):
    data = bytearray(
        pack({"a.txt": "It sails.", "b.txt": "It waits.", "c.txt": "It sinks."}, zipfile.ZIP_STORED)
    )
    data[data.index(b"It waits.")] ^= 1
    data[data.index(b"PK\1\2") + 8] |= 1  # the mark of a password, in the list and at the member
    data[data.index(b"PK\3\4") + 6] |= 1
    documents, loading = load(tmp_path, "a.zip", bytes(data))
    assert documents.text.tolist() == ["It sinks."]
    assert loading.reason.tolist()[:2] == [
        "is protected with a password",
        "cannot be unpacked: the archive is damaged",
    ]


# What is hostile, locked, cut short or named wrongly: one sentence each

TAGS = {
    "word/document.xml": f"<w:document {W}><w:body>{'<w:p/>' * 10}</w:body></w:document>",
    "xl/styles.xml": "<a/>" * 2_000_001,
}
BOMB = word(body="<w:p/>" * 2_000_000)
ENTITIES = pack(
    {
        "word/document.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + f"<w:document {W}>"
        "<w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>"
    }
)
SHEETS = pack({"[Content_Types].xml": "<x", "xl/workbook.xml": "<x"})
HOSTILE = [
    ("a.txt", b"It sails. " * 5_000_000, "is larger than 40 MB; part it into articles"),
    ("a.docx", b"PK" + bytes(50_000_000), "is larger than 40 MB; part it into articles"),
    ("a.html", b"<p>" + b"It sails. " * 5_000_000, "is larger than 10 MB; part it into articles"),
    ("a.txt", b"a" * 10_000_000, "is longer than 1,000,000 characters; part it"),
    ("a.csv", b"text\n" + b"a" * 10_000_000, "row 1 is longer than 1,000,000 characters; part it"),
    (
        "a.html",
        b"<p>x " * 100_000,
        "has more than 50,000 tags, so it is not the page of an article",
    ),
    ("a.html", b"<p>a\0b</p>", "is not a web page (it holds control characters)"),
    ("a.html", b"PK\3\4", "is not a web page (it holds control characters)"),
    ("a.html", b"<html></html>", "holds no article that could be told from the rest of the page"),
    ("a.mhtml", b"Content-Type: text/plain\n\nx", "holds no web page"),
    ("a.docx", b"", "is empty"),
    ("a.pdf", b"", "is empty"),
    ("a.rtf", b"", "is empty"),
    ("a.html", b"", "is empty"),
    ("a.xlsx", b"", "is empty"),
    ("a.json", b"", "is empty"),
    ("a.zip", b"", "cannot be opened: it is damaged or was cut short"),
    ("a.docx", word("Text.")[:-30], "cannot be opened: it is damaged or was cut short"),
    (
        "a.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "is protected with a password, or an older file and not a Word file (.docx)",
    ),
    (
        "a.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "is protected with a password, or an older file and not an Excel file (.xlsx)",
    ),
    ("a.docx", b"%PDF", "is not a Word file (.docx)"),
    ("a.docx", workbook(["text"]), "is not a Word file (.docx)"),
    ("a.docx", BOMB, "unpacks to over a hundred times its size; pack it again in smaller parts"),
    ("a.docx", pack(TAGS, zipfile.ZIP_STORED), "holds more than 2,000,000 tags; save it as"),
    ("a.xlsx", pack(TAGS, zipfile.ZIP_STORED), "holds more than 2,000,000 tags; save it as"),
    ("a.csv", b"a," * 1000 + b"text\n", "has more than 1,000 columns; keep those of the text"),
    ("a.csv", b"text\n" + b"," * 100_000, "has more than 1,000 columns; keep those of the text"),
    ("a.csv", b'text\n"' + b"a" * 10_000_001, "cannot be read as a table (field larger than field"),
    ("a.csv", b'"a\n",' + b"a," * 1000 + b"text\n", "has more than 1,000 columns; keep those of t"),
    ("a.docx", ENTITIES, "cannot be read as a Word file (DTDForbidden"),
    ("a.docx", word("", " "), "is empty"),
    ("a.pdf", b"It sails.", "is not a PDF"),
    ("a.pdf", locked_pdf(), "is protected with a password; save a copy without one"),
    ("a.pdf", pdf([], []), "holds no text (a scan?); have its text recognised first (OCR)"),
    ("a.pdf", pdf([FIRST])[:300], "cannot be read as a PDF ("),
    ("a.pdf", pdf(*[["x"]] * 501), "has more than 500 pages; part it into articles"),
    ("a.pdf", pdf(["x" * 5_000_001], ["x" * 5_000_001]), "has pages that are too large to be read"),
    (
        "a.rtf",
        b"{\\rtf1 {\\fonttbl" + b"\\f1" * 200_000 + b"} It sails.}",
        "has a list of fonts that is too long to be read",
    ),
    ("a.rtf", rb"{\rtf1 It sails", "is damaged or was cut short"),
    ("a.rtf", b"It sails.", "is not an RTF file"),
    ("a.xlsx", SHEETS, "cannot be read as an Excel file ("),
    ("a.xlsx", workbook(), "holds no row"),
    ("a.json", b"[" * 100_000, "is not JSON, nor an object on each line"),
    ("a.json", b'{"text": "a"}\n{"text": }', "line 2 is not JSON"),
    ("a.json", b"7", "holds no list of articles"),
    ("a.json", b"[]", "holds no row"),
    ("a.json", b"[7]", "item 1 is not a JSON object"),
    (
        "a.json",
        b'{"a": [{"text": "x"}], "b": {"c": [{"body": "x"}]}}',
        "holds several lists of articles (a, c); keep one of them",
    ),
    ("a.json", b'{"a": [{}], "b": [{}]}', "has no text column; its columns are: a, b; name one"),
    ("a.json", b'[{"text": "a\\u0000b"}]', "row 1 is not text (it holds control characters)"),
    ("a.zip", pack({}), "holds no article"),
    (
        "a.zip",
        pack({"a.txt": bytes(50_000_000)}),
        "unpacks to over a hundred times its size; pack it again in smaller parts",
    ),
    (
        "a.zip",
        pack({f"{n}.txt": "" for n in range(10_001)}),
        "holds more than 10,000 files; pack it again in smaller parts",
    ),
    (
        "a.zip",
        pack({"a.txt": "It sails."}, zipfile.ZIP_BZIP2),
        "is packed in an unusual way; pack it again in smaller parts",
    ),
]


@pytest.mark.parametrize("name, data, said", HOSTILE, ids=[case[2][:40] for case in HOSTILE])
def test_hostile_input_is_one_sentence_and_stops_no_other(tmp_path, name, data, said):
    (tmp_path / "b.txt").write_text("It sails.")
    with pytest.raises(InputError) as error:
        load(tmp_path, name, data)
    told = str(error.value)
    assert told.startswith(f"{name}: {said}") and "\n" not in told and len(told) < 200
    documents, loading = load_documents(tmp_path)
    assert documents.text.tolist() == ["It sails."]
    assert loading.status.tolist() == ["rejected", "read"]


def test_objects_deep_in_each_other(tmp_path):
    for depth in range(800, 1010, 15):
        with pytest.raises(InputError, match="too deep|no text column|not JSON"):
            load(tmp_path, "a.json", '{"a":' * depth + "{}" + "}" * depth)


def test_a_long_tag_is_not_begun_anew_with_every_piece():
    """Expat before 2.6 did that (CVE-2023-52425), for minutes."""
    stream = io.BytesIO(b"<a b='" + b"x" * 20_000_000 + b"'/>")
    reads = []
    watched = SimpleNamespace(read=lambda size: reads.append(size) or stream.read(size))
    assert list(readers._paragraphs(watched)) == [] and len(reads) <= 3


def test_a_sheet_that_claims_a_hundred_million_rows(tmp_path):
    cell = '<row r="{0}"><c r="{1}" t="inlineStr"><is><t>{2}</t></is></c></row>'
    rows = cell.format(1, "A1", "text") + cell.format(99_999_999, "XFD2", "It sails.")
    made = zipfile.ZipFile(io.BytesIO(workbook(["text"])))
    files = {name: made.read(name) for name in made.namelist()}
    files["xl/worksheets/sheet1.xml"] = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )
    with pytest.raises(InputError, match="first, a.xlsx/Sheet: holds no row.$"):
        load(tmp_path, "a.xlsx", pack(files))


def test_more_than_the_list_says_is_not_unpacked(tmp_path):
    data = bytearray(pack({"a.txt": "It sails. " * 100_000}))
    entry = data.index(b"PK\1\2")
    data[entry + 24 : entry + 28] = (9).to_bytes(4, "little")  # it says: 9 bytes
    with pytest.raises(InputError, match="cannot be unpacked: the archive is damaged"):
        load(tmp_path, "a.zip", bytes(data))


@pytest.mark.parametrize(
    "library, name, data",
    [
        ("trafilatura", "a.html", page(f"<p>{FIRST}</p>")),
        ("pypdf", "a.pdf", pdf([FIRST])),
        ("striprtf.striprtf", "a.rtf", rb"{\rtf1 It sails.}"),
    ],
)
def test_a_missing_library_is_named(tmp_path, monkeypatch, library, name, data):
    for module in [library, *(m for m in sys.modules if m.startswith(library + "."))]:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=r"\([\w.]+ is not installed\); type: python3 run.py add"):
        load(tmp_path, name, data)


@settings(max_examples=60)
@given(
    data=st.binary(max_size=200),
    kind=st.sampled_from([*READERS, ".xlsx", ".json", ".zip"]),
    start=st.sampled_from([b"", b"PK\3\4", b"%PDF-1.4\n", b"{\\rtf1 ", b"<p>", b"[{"]),
)
def test_any_bytes_are_read_or_refused(tmp_path_factory, data, kind, start):
    folder = tmp_path_factory.mktemp("any")
    (folder / "b.txt").write_text("It sails.")
    (folder / f"a{kind}").write_bytes(start + data)
    documents, loading = load_documents(folder)
    assert loading.path.iloc[-1] == "b.txt" and "\n" not in "".join(loading.reason.fillna(""))
    assert (loading.status != "rejected").sum() == len(documents)


# Repairs, encodings, languages


@pytest.mark.parametrize(
    "glued, parted",
    [
        ("It left the bay.The crew slept.", "It left the bay. The crew slept."),
        ("It sank in 2031.A diver saw it.", "It sank in 2031. A diver saw it."),
        ("It is “too late.”But he went.", "It is “too late.” But he went."),
        ("It is late.“Go,” he said.", "It is late. “Go,” he said."),
        (
            "Sen.Ann Orr spoke (he left.)The rest sat.",
            "Sen. Ann Orr spoke (he left.) The rest sat.",
        ),
        ('"Go," he said."Go now."The boat left.', '"Go," he said. "Go now." The boat left.'),
        ('It is "too late."Orr wept."Go," he said.', 'It is "too late." Orr wept. "Go," he said.'),
        ('"Go now.""I will not," she said.', '"Go now." "I will not," she said.'),
    ],
)
def test_sentences_that_run_together_are_parted(glued, parted):
    assert repair_text(glued) == (parted, ["sentences run together parted"])
    assert repair_text(parted) == (parted, [])


@pytest.mark.parametrize(
    "text",
    [
        "Quay.Com, Orr@Bay.Example, www.quay.Example and quay.example/dam.The.",
        "St.Lena, e.g.The, U.S.The, Well...The, 5.Dam and ferry.dll",
    ],
)
def test_full_stops_inside_names_and_addresses_stay(text):
    assert repair_text(text) == (text, [])


@pytest.mark.parametrize(
    "text, repaired, repairs",
    [
        ("Itâ€™s Â£5 at the cafÃ©.", "It’s £5 at the café.", ["mojibake mended"]),
        ("“Dâ€™Arcy” said", "“D’Arcy” said", ["mojibake mended"]),
        ("Ärger über “Ñandú” – naïve Ångström £5", "Ärger über “Ñandú” – naïve Ångström £5", []),
        ("The oﬃce ﬁnds ﬂour.", "The office finds flour.", ["ligatures parted"]),
        ("The ﬁ\u0301n.", "The f\xedn.", ["ligatures parted", "characters composed (NFC)"]),
        (
            "It sails.\nCopyright 2031 Quay News. All rights reserved.\nIt waits.",
            "It sails.\nIt waits.",
            ["boilerplate cut: Copyright 2031 Quay News. All rights reserved."],
        ),
        (
            "It sails.\n\nRead more: A lean winter\nADVERTISEMENT\n© Quay News",
            "It sails.\n",
            ["boilerplate cut: Read more: A lean winter | ADVERTISEMENT | © Quay News"],
        ),
        (
            "The copyright law of 2019 was read more: she advertised.\nRelated matters are left.\n"
            "Copyright law is old.\nAn advertisement said so.",
            "The copyright law of 2019 was read more: she advertised.\nRelated matters are left.\n"
            "Copyright law is old.\nAn advertisement said so.",
            [],
        ),
    ],
)
def test_repairs(text, repaired, repairs):
    assert repair_text(text) == (repaired, repairs)


def test_as_is_repairs_nothing(tmp_path):
    text = "Itâ€™s back.\nRead more: A lean winter\n"
    documents, loading = load(tmp_path, "a.txt", text, as_is=True)
    assert documents.text.tolist() == [text] and loading.status.tolist() == ["read"]
    documents, loading = load(tmp_path, "a.txt", text)
    assert documents.text.tolist() == ["It’s back."]
    assert loading.reason.tolist() == ["mojibake mended; boilerplate cut: Read more: A lean winter"]
    with pytest.raises(InputError, match="a.txt: holds no word but boilerplate"):
        load(tmp_path, "a.txt", "Advertisement\n")


QUOTED = "“It’s the end,” she said — and the café’s owner agreed. ‘We wait,’ he added.\n" * 3


@pytest.mark.parametrize(
    "code, said", [("cp1252", "Windows-1252"), ("mac_roman", "Mac Roman"), ("gb18030", "GB 18030")]
)
def test_older_encodings(code, said):
    assert decode(QUOTED.encode(code)) == (QUOTED, f"read as {said}, for it is not UTF-8")


def test_half_a_byte_order_mark():
    assert decode(b"\xef") == ("ï", "read as Windows-1252, for it is not UTF-8")
    assert decode(b"\xef\xbb\xbf") == ("", None)


def test_what_a_refusal_cites_cannot_steer_a_terminal(tmp_path):
    with pytest.raises(InputError, match=r"its columns are: a\\x9b2J, b; name one of them text"):
        load(tmp_path, "a.csv", "a\x9b2J,b\n1,2\n")
    _, loading = load(tmp_path, "b.csv", 'date,text\n"3\n\u2028May",It sails.\n')
    assert loading.reason.tolist() == [
        "date not understood: 3\\n\\u2028May; write it as year-month-day"
    ]


@pytest.mark.parametrize(
    "text, language",
    [
        (
            "Der Bürgermeister sagte, dass die Fähre am Freitag nicht mehr fahren werde, weil der Rumpf "
            "zu dünn sei und die Reparatur zu teuer.",
            "German",
        ),
        (
            "Le maire a déclaré que le bac ne circulerait plus vendredi parce que la coque était trop "
            "mince et que la réparation coûterait trop cher.",
            "French",
        ),
        (
            "Ordføreren sa at fergen ikke skal gå på fredag fordi skroget er for tynt og reparasjonen "
            "blir for dyr for kommunen, og at buss settes inn.",
            "Norwegian",
        ),
        (
            "Мэр заявил, что паром в пятницу ходить не будет, потому что корпус слишком тонкий, а ремонт "
            "слишком дорогой для города, и что вместо него пойдут автобусы.",
            "Russian",
        ),
        (
            "市长表示，渡轮将于星期五停运，因为船体太薄，修理费用对镇上来说太高，镇上将安排两辆公交车绕山路行驶。",
            "Chinese",
        ),
        ("Der Bürgermeister sagte nichts.", None),
        (f"{FIRST} {SECOND}", None),
        ("", None),
        (
            "Shr 33 cts vs 28 cts Net 722,000 vs 103,000 Sales 33.0 mln vs 31.8 mln Avg shrs 11.2 mln vs "
            "11.1 mln 1st half Shr 68 cts vs 58 cts Net 1,136 vs loss 42",
            None,
        ),
        (" ".join(f"word{n}" for n in range(50)), None),
    ],
)
def test_other_languages(tmp_path, text, language):
    assert find_other_language(text) == language
    if language:
        with pytest.raises(InputError, match=f"is not English .looks {language}."):
            load(tmp_path, "a.txt", text)
