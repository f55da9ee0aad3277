"""What is fuzzed: for each reader a function of bytes that checks what must hold of any input.

Either a result comes whose invariants hold, or InputError with one sentence. Each target has
seeds, written by hand or made by what the tests make files with; `run.py` mutates them and
`test_fuzzing.py` replays them.
"""

import io
import json
import os
import re
import tomllib
import unicodedata
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from tempfile import gettempdir
from types import SimpleNamespace

import numpy as np
import oracles
import test_codebook_files as books
import test_exchange as exchange
import test_readers as made

from framebook.common.errors import InputError, show
from framebook.common.text import CONTROL
from framebook.framing import importing
from framebook.framing.checking import check_codebook, why_never
from framebook.framing.codebook import load_codebook, read_code
from framebook.framing.cues import find_cues
from framebook.framing.matching import TokenIndex, find_hits, normalise, parse_pattern
from framebook.framing.problems import find_problems
from framebook.loading import documents as readers
from framebook.loading import encoding
from framebook.loading.archives import unpack
from framebook.loading.articles import _make_row, read_rows
from framebook.loading.boilerplate import cut_boilerplate
from framebook.loading.databases import FIELDS, page_lines, split_export
from framebook.loading.dates import parse_date
from framebook.loading.repairs import repair_text
from framebook.loading.table_files import to_field
from framebook.tables import make_documents, text_of
from framebook.tokenising.bulk import tokenise
from framebook.tokenising.rules import token_spans
from framebook.validation import cards, sheets
from framebook.validation import exchange as code_exchange
from framebook.validation.design import digest, read_design
from framebook.visualisation.marked_text import mark
from framebook.voices.portrayal import find_portrayals
from framebook.voices.voices import assign_voices, find_voices

OWN, LIBRARY, SLOW = 1_000_000, 20_000, 10_000
SHARED, TEMPORARY = Path("/dev/shm"), Path(gettempdir())
TARGETS = {}


@dataclass
class Target:
    """A function of bytes, its seeds, how long an input is and how many are tried."""

    check: object
    seeds: list
    longest: int
    runs: int
    libraries: list = field(default_factory=list)


def target(name, seeds, longest=256, runs=OWN, libraries=()):
    """Keep a function as the target `name`; seeds that are texts become UTF-8."""

    def keep(check):
        given = [seed if isinstance(seed, bytes) else seed.encode() for seed in seeds]
        TARGETS[name] = Target(check, given, longest, runs, list(libraries))
        return check

    return keep


def scratch():
    """Return the folder in which a target may write: in memory, where there is such a place."""
    folder = (SHARED if os.access(SHARED, os.W_OK) else TEMPORARY) / f"framebook-fuzz-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    return folder


def put(name, data):
    """Write an input to a file and return its path."""
    path = scratch() / name
    path.write_bytes(data)
    return path


def check_sentence(text):
    """Check that a refusal is one line that any terminal and file can hold."""
    text.encode()
    assert text.strip() and not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029]", text), ascii(text)


def run(name, data):
    """Run a target on an input; an InputError with one sentence is a good end."""
    try:
        TARGETS[name].check(data)
    except InputError as error:
        check_sentence(show(str(error)))  # as it is printed


def decoded(data):
    return data.decode("utf-8", "replace")


# Text files and articles


def check_row(row):
    """Check an article as it goes into the table `documents`."""
    text, title = row["text"], row["title"]
    assert row["sha256"] == sha256(text.encode()).hexdigest()
    assert any(map(str.isalpha, text)) and not CONTROL.search(text)
    assert text == text.strip() and "\r" not in text
    assert title is None or title and text.startswith(title) and "\n" not in title
    for name in ("key", "source", "author", "language"):
        value = row.get(name)
        assert value is None or value and not CONTROL.search(value), name
        (value or "").encode()


def check_rows(rows):
    """Check what `read_rows` yields and what becomes of it, repaired and as it is."""
    for _, fields, reason, number in rows:
        if fields is None:
            check_sentence(reason)
            continue
        assert number is None or re.fullmatch(r"(row|article) \d+", number)
        for as_is in (False, True):
            row, status, said = _make_row(fields, reason, as_is)
            if status == "rejected" or said:
                check_sentence(said)
            if row and not as_is:
                check_row(row)
            assert row is not None or status == "rejected"


def reads(name, seeds, kind, **options):
    @target(name, seeds, **options)
    def read(data):
        check_rows(list(read_rows(put(f"a{kind}", data))))


LATIN = "“It’s late,” the café’s owner said – and left.".encode("cp1252")


@target("encoding", [made.FIRST, LATIN, "\ufeffA text.", "A text.".encode("utf-16")], 96)
def check_encoding(data):
    text, _ = encoding.decode(data)
    text.encode()
    assert not CONTROL.search(text)
    if data.isascii():
        assert text == data.decode()


@target(
    "encoding-guess",
    [made.QUOTED.encode(code) for code in ("cp1252", "mac_roman", "gb18030")],
    600,
    LIBRARY,
    ["charset_normalizer"],
)
def check_guess(data):
    check_encoding(data)


@target(
    "repairs",
    [
        "Itâ€™s Â£5 at the cafÃ©.",
        "The oﬃce ﬁnds\u00ad\r\nflour.",
        "e\u0301 ﬁ\u0301",
        "It sails.\nCopyright 2031 Quay News. All rights reserved.\nRead more: a\n",
        "\n".join(["a line that is cut off by the width of the page, and"] * 4),
    ],
)
def check_repairs(data):
    text, repairs = repair_text(decoded(data))
    assert "\r" not in text and not re.search("[\xad\u200b\u2060\ufeffﬀ-ﬄ]", text)
    assert unicodedata.is_normalized("NFC", text)
    for said in repairs:
        assert said.strip() and "\n" not in said


@target(
    "article",
    [
        "Dam holds\n3 May 2031\nIt held.",
        "\n2031-05-03T10:00:00Z\n\nDam\n\nIt held.",
        "Dam\n\nDam\n\nIt held.",
    ],
)
def check_article(data):
    title, _, rest = decoded(data).partition("\n")
    date, _, text = rest.partition("\n")
    given = {"title": title or None, "date": date or None, "text": text}
    fields = {name: to_field(name, value) for name, value in given.items()}
    check_rows([("a.csv", fields, [], "row 1")])


reads("txt", [made.FIRST, LATIN, "Dam\n\nIt held."], ".txt", longest=96)


# Documents


NEXIS = (
    "Ferry back\nQuay News\nMay 3, 2031 Friday\nCopyright 2031 Quay\nSection: A\n"
    "Length: 9 words\nByline: By Ann Orr\nHighlight: x\nBody\nIt sails.\nIt waits.\n"
    "Graphic\nA boat\nLoad-Date: May 4, 2031\nEnd of Document\n"
)
LIST = "Documents (2)\n1. Ferry back\nClient/Matter: -None-\nPage 1 of 2\n"


def check_export(lines):
    """Check the articles of an export: nothing made up, nothing of a page's marks left."""
    given = "\n".join(re.sub(r"\0\w+\0", "", line) for line in lines)
    for fields, said in split_export(lines):
        assert tuple(fields) == FIELDS and all(said)
        for name, value in fields.items():
            assert value is None or value == value.strip() and (value or name == "text")
            assert all(word in given and "\0" not in word for word in (value or "").split()), name


@target("nexis", [NEXIS, LIST + NEXIS, NEXIS * 2, NEXIS[:120] + "\nEnd of Document\n"], 800)
def check_nexis(data):
    check_export(decoded(data).replace("\0", " ").split("\n"))


GALE = "\n".join(
    ["Ferry back", "Author: Ann", "Date: May 3, 2031", "From: Quay News", "Full Text:", "It sails."]
    + ["Copyright: COPYRIGHT 2031 Quay", "Source Citation", "Gale Document Number: GALE|A1", ""]
)
LABELS = "Paper: Mail\nTitle: A\nDate: May 3, 2031\nAuthor: Ann\n\nIt sails.\nRecord Number: 1\n"
GERMAN = "A\nMail\n3. Mai 2031\nLänge: 9 Wörter\nHauptteil\nIt sails.\nEnde des Dokuments\n"
RIS = "TY  - NEWS\nT1  - A\nER  - \n"


@target("databases", [GALE * 2, LABELS * 2, GERMAN * 2, RIS, "Accession Number: 1\nRecord: 1"], 700)
def check_databases(data):
    check_export(decoded(data).replace("\0", " ").split("\n"))


PLAIN = (
    "1 of 2 DOCUMENTS\n\nQuay News\n\nMay 3, 2031\n\nFerry back\n\nBYLINE: By Ann Orr\n\n"
    "LENGTH: 9 words\n\nIt sails.\n\nLOAD-DATE: May 4, 2031\n\nCopyright 2031\n\n"
)
PROQUEST = (
    "_" * 60 + "\n\nFerry back\n\nFull text: It sails.\n\nIt waits.\n\nSubject: A\n\n"
    "Title: Ferry back\n\nPublication date: May 3, 2031\n\n"
)
FACTIVA = (
    "News\nFerry back\nBy Ann Orr\n9 words\n3 May 2031\nQuay News\nQ\nEnglish\n(c) 2031 Quay\n"
    "It sails.\nQuay\nDocument QUAYN00020310503ea5300001\n"
)
CODES = "HD\nFerry back\nWC  9 words\nPD\t3 May 2031\n|LP|It sails.|\nAN Document QU20310503ea53000012\n"
BANK = "Ferry back\nMay 3, 2031 | Quay News\nAuthor/Byline: Ann Orr | Page: 1\nIt sails.\nCopyright, 1\n"


@target(
    "plain-export",
    [
        PLAIN * 2,
        PROQUEST * 2,
        PLAIN[:90] + "HEADLINE: A\n\nBODY:\n  B",
        FACTIVA * 2,
        CODES,
        BANK * 2,
    ],
    800,
)
def check_plain_export(data):
    check_export(decoded(data).replace("\0", " ").split("\n"))


EUROPRESSE = (
    "<article><span class=DocPublicationName>Quay, no. 3</span><p class=DocHeader>A, 3 mai 2031</p>"
    "<p class=titreArticle>Ferry<br>back</p><section><p>It sails.</section>news·20310503·Q·1</article>"
)
PAGES = "<div class='article'><b class=enHeadline>Ferry</b><td>HD</td><p class=articleParagraph>It sails."


@target("page-export", [EUROPRESSE * 2, PAGES, f"<pre>{FACTIVA}</pre>", f"<P>{PLAIN}"], 600)
def check_page_export(data):
    lines = page_lines(decoded(data))
    for line in lines:
        assert "\n" not in line and re.fullmatch(r"(?:\0\w+\0)?[^\0]*", line), ascii(line)
    check_export(lines)


@target(
    "boilerplate",
    [
        "By Ann Orr\n\nIt sails.\n\nRelated Articles\nMayor quits\n© 2031 Quay\nPHOTO: A",
        "OPINION\nVESSMOUTH, May 3 —\nShare this\nRelated: he sits on it.\n(AP/A)",
    ],
    200,
)
def check_boilerplate(data):
    text = decoded(data)
    left, cut = cut_boilerplate(text)
    kept = left.split("\n")
    rest = iter(text.split("\n"))
    assert all(any(line == one for one in rest) for line in kept) or not left  # in their order
    if not cut:
        assert left == text
    assert len(kept) + len(cut) == text.count("\n") + 1 or not left


@target(
    "date",
    ["May 3, 2031 10:00 PM EST", "3–4 mai 2031", "05/03/31", "2031-05-03T10:00Z", "3.5.2031"],
    40,
)
def check_date(data):
    text = decoded(data)
    day = parse_date(text)
    assert day is None or 1600 <= day.year <= 9999
    if day:
        assert (
            str(day.day) in re.sub(r"(?<!\d)0", "", " ".join(re.findall(r"\d+", text)))
            or len(text) > 12
        )


WORD = zipfile.ZipFile(
    io.BytesIO(
        made.word(
            made.FIRST,
            "b",
            body=(
                "<w:p><w:del><w:r><w:t>no</w:t></w:r></w:del><w:r><w:t>a</w:t><w:tab/><w:br/></w:r></w:p>"
                "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>c</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
            ),
        )
    )
).read("word/document.xml")


@target("docx-xml", [WORD, WORD.replace(b"?>", b"?><!DOCTYPE a>")], 600)
def check_docx_xml(data):
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException

    try:
        lines = list(readers._paragraphs(io.BytesIO(data)))
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return  # as `read_document` catches them
    assert len(lines) <= data.count(b"p") + data.count(b"\0p")
    "\n".join(lines).encode()


PAGE = made.page(f"<p>{made.FIRST}</p><p>{made.SECOND}</p>")
reads(
    "docx",
    [made.word(made.FIRST, made.SECOND)],
    ".docx",
    longest=2000,
    runs=LIBRARY,
    libraries=["zipfile", "defusedxml"],
)
reads(
    "html",
    [PAGE, PAGE.replace("<article>", "").replace("head", "div")],
    ".html",
    longest=2000,
    runs=LIBRARY,
    libraries=["trafilatura", "htmldate", "justext", "courlan"],
)
reads(
    "mhtml",
    [
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=X\n\n--X\n"
        b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        + PAGE.encode()
        + b"\n--X--\n"
    ],
    ".mhtml",
    longest=2000,
    runs=LIBRARY,
    libraries=["email", "trafilatura"],
)
reads(
    "pdf",
    [made.pdf([made.FIRST, "It sails."], ["It waits."]), made.locked_pdf()],
    ".pdf",
    longest=3000,
    runs=LIBRARY,
    libraries=["pypdf"],
)
reads(
    "rtf",
    [
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 It sails.\par \u8220?It\'92s\u8221? late.}",
        rb'{\rtf1{\field{\*\fldinst HYPERLINK "a"}{\fldrslt It}} {\*\x y}\bin3 abc waits.}',
    ],
    ".rtf",
    longest=600,
    runs=LIBRARY,
    libraries=["striprtf"],
)


# Tables and archives


ARTICLE = {"id": 7, "title": "Dam", "date": "2031-05-03", "text": "It held.", "author": ["A", "B"]}
CSV = 'id,title,date,text\n7,Dam,2031-05-03,It held.\n8,,,"It, held."\n'
reads("csv", [CSV, CSV.replace(",", ";")], ".csv", runs=LIBRARY)
reads("tsv", [CSV.replace(",", "\t")], ".tsv", runs=LIBRARY)
reads(
    "json",
    [
        json.dumps([ARTICLE]),
        json.dumps({"n": 1, "articles": [ARTICLE]}),
        json.dumps({"a": {"fields": ARTICLE}}),
        '{"text": {"0": "It held."}}',
        r'{"text": "a\ud800b", "source": {"id": null, "name": "Quay"}}',
    ],
    ".json",
)
reads("jsonl", [json.dumps(ARTICLE) + "\n" + json.dumps(ARTICLE)], ".jsonl")
reads(
    "xlsx",
    [made.workbook(["text", "date"], ["It held.", 3])],
    ".xlsx",
    longest=8000,
    runs=LIBRARY,
    libraries=["openpyxl", "zipfile"],
)
ZIP = made.pack({"a.txt": "It held.", "b/c.csv": CSV, "../d.txt": "No.", "e.zip": "PK"})
reads(
    "zip",
    [ZIP, made.pack({"a.txt": "It held."}, zipfile.ZIP_STORED)],
    ".zip",
    longest=1500,
    runs=LIBRARY,
    libraries=["zipfile"],
)


@target(
    "archive",
    [ZIP, made.pack({"a.txt": "It held."}, zipfile.ZIP_STORED)],
    1500,
    LIBRARY,
    ["zipfile"],
)
def check_archive(data):
    with suppress(OSError):  # told of by `read_rows`
        check_members(put("a.zip", data))


def check_members(archive):
    for _, path, refusal in unpack(archive, str.istitle, lambda kind: 10_000):
        assert path.resolve().is_relative_to(Path(gettempdir()).resolve())
        if refusal is not None:
            check_sentence(str(refusal))
        else:
            assert path.stat().st_size <= 10_000


def _parquet():
    import pyarrow as pa
    import pyarrow.parquet as pq

    held = io.BytesIO()
    pq.write_table(pa.table({"text": ["It held."], "date": [3]}), held)
    return held.getvalue()


reads("parquet", [_parquet()], ".parquet", longest=4000, runs=LIBRARY)


# Codebooks


SMALL = (
    '[codebook]\nname = "a"\nlayer = "theme"\n[[code]]\nid = "b"\npatterns = ["c*", "d ... e"]'
    '\nexclude = ["f"]\nexamples = ["c"]\n[[code.indicator]]\nid = "g"\nquestion = "h"\n'
    'patterns = ["i"]\n[code.decision]\nindicators = 1\nsentences = 1\nreason = "j"\n'
)


def check_code(code):
    """Check that a code can be looked for, and that its rule and rows are what they should."""
    assert code.id and code.patterns
    for pattern in code.patterns + code.exclude:
        assert parse_pattern(pattern), pattern
        why_never(pattern)
    find_hits(index_of([["c", "d", "e"]]), [code])


@target("codebook", [SMALL, books.GOOD], 400)
def check_book(data):
    book = load_codebook(put("a.toml", data))
    for code in book.codes:
        check_code(code)
        assert isinstance(book.label(code.id), str)
    assert len({code.id for code in book.codes}) == len(book.codes)


@target("codebook-check", [SMALL, books.GOOD], 500, LIBRARY)
def check_checking(data):
    path = put("a.toml", data)
    findings = check_codebook(path)
    for finding in findings:
        assert finding.describe("a.toml").isprintable() and finding.line >= 1
    if not any(finding.wrong for finding in findings):
        for code in load_codebook(path).codes:
            check_code(code)


def index_of(sentences):
    """Return the TokenIndex of sentences as lists of words, without a table."""
    words = [word for sentence in sentences for word in sentence]
    forms, codes = np.unique(np.array(words, object), return_inverse=True)
    sent = np.repeat(np.arange(len(sentences)), [len(sentence) for sentence in sentences])
    values = {"categories": forms.astype(object), "codes": codes, "sent": sent}
    column = {
        name: SimpleNamespace(to_numpy=lambda *_, value=value: value)
        for name, value in values.items()
    }
    return TokenIndex(
        SimpleNamespace(word=SimpleNamespace(cat=SimpleNamespace(**column)), sent_id=column["sent"])
    )


@target(
    "pattern", ["a* ... b\n-c d\n\na c d b\nA’s b", "a?c\n*b*\n...\n\nabc ab b's x", "…\n\na"], 80
)
def check_pattern(data):
    head, _, text = decoded(data).partition("\n\n")
    lines = [line for line in head.split("\n") if line]
    given = {
        "patterns": [line for line in lines if line[0] != "-"],
        "exclude": [line[1:] for line in lines if line[0] == "-"],
    }
    if problem := next(
        find_problems({"codebook": {"name": "b"}, "code": [{"id": "a", **given}]}), None
    ):
        raise InputError(problem.text)
    code = read_code({"id": "a", **given})
    sentences = [line.split() for line in text.split("\n")]
    forms = [[normalise(word) for word in sentence] for sentence in sentences]
    begins = np.cumsum([0, *map(len, sentences)])
    _, first, last, pattern = find_hits(index_of(sentences), [code])
    place = np.searchsorted(begins, first, "right") - 1
    found = {
        (int(n), int(a - begins[n]), int(b - begins[n]), int(p))
        for n, a, b, p in zip(place, first, last, pattern, strict=True)
    }
    assert found == oracles.hits(forms, code.patterns, code.exclude)


# Word lists of other programs


def imports(name, kind, read, seeds, **options):
    @target(name, seeds, **options)
    def check(data):
        path, lists = Path(f"a{kind}"), importing.Dictionary()
        read(decoded(data), lists, path)
        written = importing._write_toml(lists, path)
        given = tomllib.loads(written)
        codes = [read_code(entry) for entry in given["code"]]
        kept = [list(patterns) for patterns in lists.patterns.values() if patterns]
        assert [code.patterns for code in codes] == kept
        assert len({code.id for code in codes}) == len(codes)
        ids = {code.id for code in codes}
        for code in codes:
            assert code.parent == "" or code.parent in ids
            assert not any(map(why_never, code.patterns))


YKD = (
    '<?xml version="1.0"?><dictionary><cnode name="r"><cnode name="a"><pnode name="good*"/>'
    '<pnode name="b c" score="2"/></cnode></cnode></dictionary>'
)
imports(
    "liwc",
    ".dic",
    importing._read_liwc,
    ["%\n1\ta\n  2\tb\n%\ngood*\t1 2\nlike\t(02 134)125/464 1\nkind of 2\n"],
    longest=120,
)
imports(
    "lexicoder",
    ".lc3",
    importing._read_lexicoder,
    ["+a+\ngood\n++b++\nbad *\n+neg_a+\nnot good\n", YKD],
    longest=220,
)
imports(
    "wordstat",
    ".cat",
    importing._read_wordstat,
    ["HARM\n\tA_LIE (1)\n\tWORSE\n\t\tVILE* (0.5)\n\t@RULE [BAD NEAR GOOD] (1)\n"],
    longest=120,
)
imports(
    "quanteda",
    ".yml",
    importing._read_yaml,
    ["a:\n  - good*\n  - b: [no, on]\n    c:\n      d: 2.5\n", "a: {b: c}\n", "a: &x [b]\nc: *x\n"],
    longest=100,
    libraries=["yaml"],
)


# Human codes


REFI = """<Project><Users><User guid="u" name="Ada"/></Users><CodeBook><Codes><Code guid="c"
 name="A">
<Code guid="d" name="A"/></Code></Codes></CodeBook><Sources><TextSource name="s"
 plainTextPath="internal://s1.txt"><PlainTextSelection startPosition="0" endPosition="9">
<Description>m</Description><Coding creatingUser="u"><CodeRef targetGUID="d"/></Coding>
</PlainTextSelection></TextSource><TextSource><PlainTextContent>The dam held. It rained.
</PlainTextContent><Coding><CodeRef targetGUID="c"/></Coding></TextSource></Sources></Project>"""
PACKED = {"project.qde": "", "sources/s1.txt": exchange.SOURCE.encode()}
ROWS = list(exchange.DOCUMENTS.itertuples())


@target("refi", [REFI, REFI.replace("PlainTextSelection", "PictureSelection")], 700)
def check_refi(data):
    packed = SimpleNamespace(read=lambda name: data if name == "project.qde" else PACKED[name])
    project = code_exchange._parse("a.qdpx", packed, PACKED)
    check_codes(
        code_exchange._read_sources(
            "a.qdpx", project, packed, PACKED, SimpleNamespace(itertuples=lambda: iter(ROWS))
        )
    )


def check_codes(rows):
    for doc_id, _, start, end, coder, code, value, memo in rows:
        assert all(isinstance(said, str) and said for said in (coder, code, value))
        assert memo is None or memo
        if not (start is code_exchange.pd.NA and end is code_exchange.pd.NA):
            assert 0 <= start < end <= len(exchange.TEXTS[doc_id])


@target(
    "qdpx",
    [made.pack({"project.qde": exchange.PROJECT, "sources/s1.txt": exchange.SOURCE})],
    3000,
    LIBRARY,
    ["zipfile"],
)
def check_qdpx(data):
    path = put("a.qdpx", data)
    check_codes(
        code_exchange.read_codes(path, exchange.DOCUMENTS, exchange.SENTENCES).itertuples(
            index=False, name=None
        )
    )


@target(
    "codes-csv",
    [
        "document,coder,code,start,end,memo\nk1,A,x,0,6,m\nb.txt,B,y,3,4,\n",
        "document,coder,code,sentence,value\nk2,A,x,1,0\n",
    ],
    160,
    LIBRARY,
)
def check_codes_csv(data):
    check_codes(
        code_exchange._read_table(put("a.csv", data), exchange.DOCUMENTS, exchange.SENTENCES)
    )


FRAMES = load_codebook("generic-news-frames")
DESIGN = {
    "unit": "sentence",
    "simulated": False,
    "codebook": {"name": "a", "version": "1"},
    "corpus": {"n_units": 9, "n_documents": 1, "sha256": "c"},
    "codes": [{"id": name, "label": "", "definition": "", "patterns": ""} for name in "xy"],
    "units": [
        {
            "unit": f"u1-{n}",
            "text_sha256": digest(text),
            "start": n,
            "end": 9,
            "inclusion_probability": 0.5,
            "doc_id": 0,
            "sent_id": n,
            "codes": [],
        }
        for n, text in enumerate(["It held.", "It broke."])
    ],
}
SHEET = "unit,coder,before,text,after,x,y,memo\nu1-1,A,,It broke.,,1,,m\nu1-0,A,,It held.,,no,0,\n"


def check_sheet(path):
    coder, codes = sheets.read_sheet(path, DESIGN)
    assert isinstance(coder, str) and codes.index.tolist() == ["u1-0", "u1-1"]
    assert codes.columns.tolist() == ["x", "y"]
    assert {code for row in codes.to_numpy().tolist() for code in row if code == code} <= {0, 1}


@target("sheet-csv", [SHEET, SHEET.replace(",", ";")], 200)
def check_sheet_csv(data):
    check_sheet(put("a.csv", data))


@target(
    "sheet-xlsx",
    [made.workbook(*(line.split(",") for line in SHEET.splitlines()))],
    8000,
    LIBRARY,
    ["openpyxl", "zipfile"],
)
def check_sheet_xlsx(data):
    check_sheet(put("a.xlsx", data))


@target("design", [json.dumps(DESIGN)], 800)
def check_design(data):
    design = read_design(put("design.json", data))
    assert len({row["unit"] for row in design["units"]}) == len(design["units"]) > 0
    assert all(1 / row["inclusion_probability"] >= 1 for row in design["units"])
    for code in design["codes"]:
        assert all(isinstance(code["id"] in row["codes"], bool) for row in design["units"])


CARD = (
    dict.fromkeys(cards.Card.__dataclass_fields__, 1)
    | {"agreement": 0.5}
    | dict.fromkeys(
        ["alpha", "prevalence", "precision", "recall", "f1", "machine_alpha"], [0.5, 0.25, None]
    )
)
CARD |= dict.fromkeys(
    ["codebook_version", "patterns", "label", "construct", "unit", "corpus", "resampled"], "a"
) | {"measure": "a:b", "simulated": True}


@target("cards", [json.dumps({"cards": [CARD]}), json.dumps({"cards": [CARD] * 2})], 1200)
def check_cards(data):
    found = cards.read_cards(put("cards.json", data))
    assert cards.stamp([card.measure for card in found], found)
    assert not found or cards.describe_cards(found)


# Text


class Balance(HTMLParser):
    """HTML whose tags are all closed, in order; `text` is what is neither label nor said."""

    def __init__(self, html):
        super().__init__()
        self.open, self.text, self.tags = [], "", set()
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"sub", "span"} & set(self.open):
            self.text += data


@target(
    "marks",
    [
        "0 4 cue A & B\n2 9 source \n3 9 content <x>\n\nThey <b>won</b> & it’s &lt;.",
        "0 3 verb 1\n\na\nb",
    ],
    160,
)
def check_marks(data):
    head, _, text = decoded(data).partition("\n\n")
    given = [
        re.fullmatch(r"(\d{1,3}) (\d{1,3}) (cue|source|verb|content) (.*)", line, re.A)
        for line in head.split("\n")
    ]
    marks = [(int(one[1]), int(one[2]), one[3], one[4]) for one in given if one]
    html = mark(text, [one for one in marks if one[0] < one[1]])
    page = Balance(html)
    assert page.tags <= {"mark", "span", "sub"}
    assert page.text == text


@target(
    "sentences",
    [
        "Mr. Orr came. “Why?” Ms. Orr asked. It’s 5 p.m. in the U.S. No. 5 won.\n* *",
        "1. One (AP) — J. Orr said… 3.5m",
    ],
    120,
)
def check_sentences(data):
    text, past = decoded(data), 0
    for _, start, end in oracles.split_text(text):
        assert past <= start < end <= len(text) and text[start:end].strip() == text[start:end]
        past = end
        inside = "".join(text[start + a : start + b] for a, b in token_spans(text[start:end]))
        assert inside == "".join(re.split(r"[^\S\x1c-\x1f]", text[start:end]))


@target(
    "chain",
    [
        "“It is safe,” the mayor said. Ada Crane, who officials said had lied, denied.",
        "According to X, it was said to be expected by the Mayor of Orle’s “ally” that\n"
        "he was told by them: “No,” she, however, added, asking why.",
    ],
    300,
    SLOW,
)
def check_chain(data):
    text = decoded(data)
    documents = make_documents([text])
    sentences, tokens = tokenise(documents)
    plain = oracles.tokenise(documents)
    assert sentences.equals(plain[0]) and tokens.equals(plain[1])
    voices, segments, actors = find_voices(documents, sentences, tokens)
    edges = {key: [own.start.iloc[0], *own.end] for key, own in segments.groupby("sent_id")}
    begins = {key: own.start.tolist() for key, own in segments.groupby("sent_id")}
    for row in sentences.itertuples():
        assert edges[row.sent_id] == [*begins[row.sent_id], row.end]
    assert (segments.start < segments.end).all()
    assert segments.voice_id.isna().eq(segments.role == "narrator").all()
    place = sentences.set_index("sent_id")
    for row in voices.itertuples():
        start, end = place.loc[row.sent_id, ["start", "end"]]
        for ranges in (row.source, row.cue, row.content):
            assert all(start <= a < b <= end for a, b in ranges)
    spans = assign_voices(find_cues(tokens, [FRAMES]), segments)
    assert (spans.start < spans.end).all() and (spans.end <= len(text)).all()
    mentions = find_portrayals(documents, sentences, tokens)
    assert text_of(documents, mentions) == mentions.form.tolist()
    assert mentions.groupby("actor_id").size().tolist() == actors.n_mentions.tolist()
