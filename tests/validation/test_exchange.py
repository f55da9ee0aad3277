"""Codes made elsewhere: a table, and a REFI-QDA project written by hand after the standard."""

import zipfile

import pytest

from framebook import cli
from framebook.common.errors import InputError
from framebook.tables import make_documents, text_of
from framebook.tables import read as read_tables
from framebook.tokenising.bulk import tokenise
from framebook.validation.design import read_design
from framebook.validation.exchange import read_coded_elsewhere, read_codes
from framebook.validation.sampling import sample

# The second text begins with its headline, as loaded; the project's source has the body alone.
TEXTS = [
    "Floods came 😀 early. Cats sat.\n\nThey quarrelled.",
    "Dam news\n\nThe dam held. It rained.",
]
DOCUMENTS = make_documents(
    TEXTS, key=["k1", "k2"], path=["a.txt", "b.txt"], title=[None, "Dam news"]
)
SENTENCES = tokenise(DOCUMENTS)[0]
PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Project name="News" origin="NVivo 14" xmlns="urn:QDA-XML:project:1.0"
 creatingUserGUID="11111111-1111-1111-1111-111111111111">
 <Users>
  <User guid="11111111-1111-1111-1111-111111111111" name="Ada Venn" id="AV"/>
  <User guid="22222222-2222-2222-2222-222222222222" name="Bo Lund" id="BL"/>
 </Users>
 <CodeBook><Codes>
  <Code guid="c1" name="Flood" isCodable="true" color="#0000ff">
   <Description>Water.</Description><Code guid="c2" name="Cause" isCodable="true"/></Code>
  <Code guid="c3" name="Row" isCodable="true"><Code guid="c4" name="Cause" isCodable="true"/></Code>
 </Codes></CodeBook>
 <Sources>
  <TextSource guid="s1" name="first" plainTextPath="internal://s1.txt"
   richTextPath="internal://s1.docx" creatingUser="11111111-1111-1111-1111-111111111111">
   <PlainTextSelection guid="p1" name="Floods came" startPosition="0" endPosition="13"
    creatingUser="11111111-1111-1111-1111-111111111111"><Description>Sure.</Description>
    <Coding guid="x1" creatingUser="11111111-1111-1111-1111-111111111111">
     <CodeRef targetGUID="c1"/></Coding>
    <Coding guid="x2" creatingUser="22222222-2222-2222-2222-222222222222">
     <CodeRef targetGUID="c2"/></Coding>
   </PlainTextSelection>
   <PlainTextSelection guid="p2" name="They quarrelled." startPosition="34" endPosition="50">
    <Coding guid="x3"><CodeRef targetGUID="c4"/></Coding></PlainTextSelection>
  </TextSource>
  <TextSource guid="s2" name="second"><PlainTextContent>The dam held. It rained.
</PlainTextContent>
   <PlainTextSelection guid="p3" startPosition="14" endPosition="24">
    <Coding guid="x4" creatingUser="22222222-2222-2222-2222-222222222222">
     <CodeRef targetGUID="c3"/></Coding></PlainTextSelection>
   <Coding guid="x5" creatingUser="22222222-2222-2222-2222-222222222222">
    <CodeRef targetGUID="c1"/></Coding>
  </TextSource>
  <PDFSource guid="s3" name="uncoded" path="internal://s3.pdf"/>
 </Sources>
</Project>"""
SOURCE = "\ufeff" + TEXTS[0].replace("\n\n", "\r\n\r\n")


@pytest.fixture
def pack(tmp_path):
    def write(project=PROJECT, **files):
        path = tmp_path / "project.qdpx"
        files = {"sources/s1.txt": SOURCE, **files}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            if project is not None:
                packed.writestr("project.qde", project)
            for name, data in files.items():
                packed.writestr(name, data)
        return path

    return write


def read(path):
    return read_codes(path, DOCUMENTS, SENTENCES)


def test_a_project_becomes_labels_at_the_places_of_our_texts(pack):
    labels = read(pack())
    placed = labels[labels.start.notna()]
    found = list(zip(placed.coder, placed.code, text_of(DOCUMENTS, placed), strict=True))
    assert found == [
        ("Ada Venn", "Flood", "Floods came 😀"),
        ("Bo Lund", "Flood/Cause", "Floods came 😀"),
        ("unknown", "Row/Cause", "They quarrelled."),
        ("Bo Lund", "Row", "It rained."),
    ]
    assert labels.doc_id.tolist() == [0, 0, 0, 1, 1] and set(labels.value) == {"1"}
    assert labels.memo.dropna().tolist() == ["Sure.", "Sure."]
    assert placed.sent_id.tolist() == [SENTENCES.sent_id[n] for n in (0, 0, 2, 5)]
    whole = labels.iloc[4]  # a code of the whole article has no place
    assert (whole.coder, whole.code) == ("Bo Lund", "Flood") and labels.start.isna().sum() == 1


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            lambda p: p.replace("internal://s1.txt", "internal://../s1.txt"),
            "is not inside the project",
        ),
        (
            lambda p: p.replace("internal://s1.txt", "relative://s1.txt"),
            "is not inside the project",
        ),
        (
            lambda p: p.replace("internal://s1.txt", "absolute:///etc/passwd"),
            "not inside the project",
        ),
        (lambda p: p.replace(' plainTextPath="internal://s1.txt"', ""), "no plain text"),
        (lambda p: p.replace('endPosition="13"', 'endPosition="99"'), "on no place of its text"),
        (lambda p: p.replace('startPosition="0"', 'startPosition="-1"'), "on no place of its text"),
        (lambda p: p.replace('startPosition="0"', ""), "on no place of its text"),
        (
            lambda p: p.replace('targetGUID="c4"', 'targetGUID="c9"'),
            "not in the project's codebook",
        ),
        (
            lambda p: p.replace("The dam held", "The dam broke"),
            "'second' is not that of one document",
        ),
        (lambda p: p.replace("TextSource", "PictureSource"), "is not a text"),
        (lambda p: p.replace("</Project>", ""), "is not plain XML"),
        (
            lambda p: p.replace("<Project", '<!DOCTYPE x [<!ENTITY a "b">]><Project', 1),
            "not plain XML",
        ),
        (lambda p: None, r"holds no project \(\.qde\)"),
    ],
)
def test_a_project_that_does_not_fit_is_refused(pack, spoil, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        read(pack(spoil(PROJECT)))
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["../x.txt", "/etc/x", "sources/../../x", "..\\x", "C:/x", "\\x"])
def test_a_path_that_leads_out_of_the_project_is_refused(pack, name):
    with pytest.raises(InputError, match="leads out of it"):
        read(pack(**{name: "x"}))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(pack, monkeypatch):
    path = pack(**{"sources/big.txt": b"0" * 3_000_000})
    assert path.stat().st_size < 20_000
    monkeypatch.setattr("framebook.validation.exchange.LARGEST", 2_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    with pytest.raises(InputError, match="larger than 2 MB when unpacked"):
        read(path)


def test_too_many_files_are_refused(pack, monkeypatch):
    monkeypatch.setattr("framebook.loading.archives.MEMBERS", 1)
    with pytest.raises(InputError, match="more than 1 files"):
        read(pack())


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all"])
def test_what_is_no_zip_is_refused(tmp_path, data):
    (tmp_path / "x.qdpx").write_bytes(data)
    with pytest.raises(InputError, match="not a REFI-QDA project"):
        read(tmp_path / "x.qdpx")
    with pytest.raises(InputError, match="can't be opened: No such file"):
        read(tmp_path / "y.qdpx")


def table(tmp_path, text):
    (tmp_path / "codes.csv").write_text(text, encoding="utf-8")
    return tmp_path / "codes.csv"


def test_a_table_by_characters_or_by_sentences(tmp_path):
    labels = read(
        table(
            tmp_path,
            "document,start,end,coder,code,value,memo\n"
            "k1,0,6,Ada,Flood,1,\nb.txt,10,22,Bo,Dam,0,why\n",
        )
    )
    assert text_of(DOCUMENTS, labels) == ["Floods", "The dam held"]
    assert labels.value.tolist() == ["1", "0"] and labels.memo.dropna().tolist() == ["why"]
    assert labels.sent_id.tolist() == [SENTENCES.sent_id[0], SENTENCES.sent_id[4]]
    labels = read(table(tmp_path, "code,coder,document,sentence\nRow,Ada,a.txt,3\n"))
    assert text_of(DOCUMENTS, labels) == ["They quarrelled."] and labels.value[0] == "1"
    assert labels.sent_id.tolist() == [SENTENCES.sent_id[2]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("document,coder,code\nk1,A,x\n", "no column 'sentence'"),
        ("coder,code,start,end\nA,x,0,1\n", "no column 'document'"),
        ("document,coder,code,start,end\nk9,A,x,0,1\n", "row 2: there is no document 'k9'"),
        ("document,coder,code,start,end\nk1,A,x,0,1\nk1,A,x,5,5\n", "row 3: 5 to 5 is not a place"),
        ("document,coder,code,start,end\nk1,A,x,0,9999\n", "is not a place"),
        ("document,coder,code,start,end\nk1,A,x,-1,3\n", "must be whole numbers"),
        ("document,coder,code,start,end\nk1,A,x,1.5,3\n", "must be whole numbers"),
        ("document,coder,code,sentence\nk1,A,x,4\n", "has 3 sentences, and none with the number 4"),
        ("document,coder,code,sentence\nk1,A,x,0\n", "none with the number 0"),
        ("document,coder,code,sentence\nk1,,x,1\n", "the coder or the code is missing"),
        ("", "is not a CSV table"),
        ("\0", r"the table is not a text file .*\.$"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(tmp_path, text, sentence):
    with pytest.raises(InputError, match=sentence):
        read(table(tmp_path, text))


def test_the_project_file_may_bear_another_name(tmp_path):
    """As ATLAS.ti names it after the project."""
    path = tmp_path / "a.qdpx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("Harbour study.qde", PROJECT)
        packed.writestr("sources/s1.txt", SOURCE)
    assert len(read(path)) == 5


BOOK = """[codebook]
name = "demo"
[[code]]
id = "flood"
label = "Water"
patterns = ["flood*"]
[[code]]
id = "row"
patterns = ["quarrel*"]
"""


@pytest.fixture
def drawn(tmp_path):
    """A corpus, its sample's key and the units by the beginning of their sentence."""
    (tmp_path / "demo.toml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "news").mkdir()
    for name, text in (
        ("a.txt", "Floods came. Cats sat. They quarrelled."),
        ("b.txt", "It rained."),
    ):
        (tmp_path / "news" / name).write_text(text, encoding="utf-8")
    sample(tmp_path / "news", tmp_path / "demo.toml", tmp_path / "out", n=4, coders=2)
    return tmp_path, read_design(tmp_path / "out" / "design.json")


CODED = """document,coder,code,start,end,value
a.txt,Ann,Water,0,6,1
a.txt,Ann,other,13,22,1
a.txt,Bo,FLOOD,0,22,1
a.txt,Bo,row,23,39,1
"""


def test_codes_made_elsewhere_are_read_beside_sheets(drawn):
    folder, design = drawn
    (folder / "codes.csv").write_text(CODED, encoding="utf-8")
    coded = read_coded_elsewhere(folder / "codes.csv", folder / "news", design)
    order = sorted((unit["doc_id"], unit["start"], unit["unit"]) for unit in design["units"])
    units = [unit for _, _, unit in order]
    assert list(coded) == ["Ann", "Bo"]
    ann, bo = (coded[name].loc[units].fillna(-1).to_numpy().tolist() for name in coded)
    assert ann == [[1, 0], [0, 0], [0, 0], [-1, -1]]  # b.txt has no code of hers
    assert bo == [[1, 0], [1, 0], [0, 1], [-1, -1]]
    key = folder / "out" / "design.json"
    command = ["agree", "--codes", str(folder / "codes.csv"), "--corpus", str(folder / "news")]
    assert cli.main([*command, "--key", str(key), "--out", str(folder / "cards")]) == 0
    assert (folder / "cards" / "codes.csv").read_text(encoding="utf-8") == CODED
    labels = read_tables(folder / "cards", "labels")
    assert set(labels.coder) == {"Ann", "Bo", "decided"}


@pytest.mark.parametrize(
    "codes, corpus, said",
    [
        (
            CODED.replace("Water", "x").replace("FLOOD", "x").replace("row", "x"),
            "news",
            "has none of",
        ),
        (CODED, None, "name them with --corpus"),
        (CODED, "news/a.txt", "are not those of which the sample was drawn"),
    ],
)
def test_codes_that_do_not_fit_the_sample_are_refused(drawn, codes, corpus, said):
    folder, design = drawn
    (folder / "codes.csv").write_text(codes, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_coded_elsewhere(folder / "codes.csv", corpus and folder / corpus, design)
