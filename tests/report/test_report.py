"""The report: what is executed, what its pages show, and what stays when a run fails."""

import csv
import json
import os
import re
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest
import store
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from framebook import tables
from framebook.chain import derive_from, load_codebooks
from framebook.common.errors import ChapterError, InputError
from framebook.loading.articles import load_documents
from framebook.report import report
from framebook.report.evidence import list_evidence, write_evidence
from framebook.report.execution import (
    execute,
    has_tag,
    read_notebooks,
    with_parameters,
    without_cells,
)
from framebook.report.pages import describe
from framebook.report.single_page import join_pages
from framebook.robustness.specifications import CHOICES, describe_primary
from framebook.scaling import make_tables
from framebook.tables import make_documents

TITLE = '<script>alert(1)</script> & "News"'
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><desc>{}</desc></svg>'
FIGURES = f"""
from pathlib import Path
from IPython.display import display
drawing = {SVG.format("Saved &amp; told.")!r}
(Path(figures) / "tone_line.svg").write_text(drawing)
for kind, data, alt in [("image/png", "{PIXEL}", 'A "dot" & <b>no</b> more.'),
                        ("image/svg+xml", drawing, "A drawing.")]:
    display({{kind: data}}, raw=True, metadata={{kind: {{"alt": alt}}}})
"""
TABLE = """
import pandas as pd
pd.DataFrame({"part": ["lead", "body"], "n": [1, 22]})
"""


def code(source, *tags):
    return new_code_cell(source, metadata={"tags": list(tags)})


def write_notebooks(folder, **sources):
    folder.mkdir(exist_ok=True)
    for name, cells in sources.items():
        nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
    return folder


def first_chapter():
    return [
        new_markdown_cell("# What *is* there?\n\nWhich texts were [read](01_two.ipynb#Step-1)?"),
        code('corpus = "seeds"\ntables = ""\ntitle = ""', "parameters"),
        new_markdown_cell("#### Too deep\n\n# A second title\n\nSee [it](../README.md)."),
        code("print('corpus', corpus)\nprint('tables', tables)\nprint(title)", "hide-input"),
        code("import os\nprint('hash seed', os.environ['PYTHONHASHSEED'])\nfolded = 1"),
        code("import matplotlib\nprint(matplotlib.get_backend(), 'from_start_up' in globals())"),
        code("print('never shown')", "remove-cell"),
        new_markdown_cell("About the seed.", metadata={"tags": ["seed-reading"]}),
        code("print('seed reading')\n1 / 0", "seed-reading"),
        code(TABLE),
    ]


def second_chapter():
    return [
        new_markdown_cell("# 01 Two\n\n| | |\n|---|---|\n| **For** | all |\n\n## Step 1"),
        code('figures = "my-figures"', "parameters"),
        code(FIGURES),
    ]


def stand_in_tables(path, folder, **_):
    folder.mkdir()
    for name, frame in zip(("documents", "loading"), load_documents(path), strict=True):
        tables.write(name, frame, folder)
    book = {
        "name": "<i>book</i>",
        "title": "A <b>book</b>",
        "version": "1.0",
        "licence": "",
        "citation": "Nobody (2000)",
        "sha256": "0123abcd",
    }
    (folder / "manifest.json").write_text(json.dumps({"codebooks": [book]}))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with notebooks, and a corpus whose names try to become markup."""
    place = tmp_path_factory.mktemp("place")
    write_notebooks(place / "notebooks", **{"00_one": first_chapter(), "01_two": second_chapter()})
    texts = place / "some texts"
    texts.mkdir()
    (texts / "a <b>bold<b>.txt").write_text("Officials said that it was over.", encoding="utf-8")
    (texts / "empty & bad.txt").write_text("")
    return place


@pytest.fixture(scope="module")
def made(place):
    """The place, with a report made twice on its corpus, into two folders."""
    start_up = place / "ipython" / "profile_default" / "startup"
    start_up.mkdir(parents=True)
    (start_up / "00.py").write_text("from_start_up = True")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "NOTEBOOKS", place / "notebooks")
        patch.setattr(report, "make_tables", stand_in_tables)
        patch.setenv("IPYTHONDIR", str(place / "ipython"))
        patch.setenv("MPLBACKEND", "svg")
        for name in ("report", "again"):
            report.make_report(place / "some texts", place / name, title=TITLE)
    return place


@pytest.fixture
def pages(made):
    return {path.name: path.read_text("utf-8") for path in (made / "report").glob("*.html")}


@pytest.fixture
def stand_in(place, monkeypatch):
    """The place again, with nothing executed: for tests of what surrounds the notebooks."""
    monkeypatch.setattr(report, "NOTEBOOKS", place / "notebooks")
    monkeypatch.setattr(report, "make_tables", stand_in_tables)

    def pass_through(notebooks, folder, started, finished):
        for name, notebook in notebooks.items():
            started(name)
            finished(name, notebook)

    monkeypatch.setattr(report, "execute", pass_through)
    return place


def parsed(page):
    return BeautifulSoup(page, "html.parser")


def test_parameters_are_set_after_their_cell_and_only_those_it_assigns():
    notebook = new_notebook(cells=[code('corpus = "seeds"\nn: int = 3', "parameters"), code("n")])
    made = with_parameters(notebook, {"corpus": "it's", "title": "T", "n": 4})
    assert [cell.source for cell in made.cells] == [
        'corpus = "seeds"\nn: int = 3',
        'corpus = "it\'s"',
        "n",
    ]
    assert made.cells[1].metadata.tags == ["injected-parameters"]
    assert len(notebook.cells) == 2


def test_tagged_cells_are_left_out():
    notebook = new_notebook(cells=[code("1", "seed-reading"), code("2"), new_markdown_cell("3")])
    assert [cell.source for cell in without_cells(notebook, "seed-reading").cells] == ["2", "3"]


def test_describe_takes_heading_and_first_paragraph():
    notebook = new_notebook(cells=first_chapter())
    assert describe("00_start_here", notebook) == {
        "name": "00_start_here",
        "number": "00",
        "label": "Start here",
        "heading": "What is there?",
        "question": "Which texts were read?",
    }
    assert describe("01_two", new_notebook(cells=second_chapter()))["heading"] == "Two"
    notebook.metadata["framebook"] = {"question": "Another?"}
    assert describe("00_start_here", notebook)["question"] == "Another?"


def test_report_has_its_files(made):
    names = {path.relative_to(made / "report").as_posix() for path in (made / "report").rglob("*")}
    assert {
        "index.html",
        "00_one.html",
        "01_two.html",
        "manifest.json",
        "figures/tone_line.svg",
        "tables/documents.parquet",
        "tables/manifest.json",
    } <= names
    manifest = json.loads((made / "report" / "manifest.json").read_text("utf-8"))
    assert manifest["made_by"].startswith("framebook ")
    assert manifest["chapters"] == ["00_one", "01_two"]
    assert [path.name for path in made.iterdir() if path.name.startswith(".")] == []


def test_same_input_gives_the_same_bytes(made):
    for path in (made / "report").rglob("*"):
        if path.is_file():
            other = made / "again" / path.relative_to(made / "report")
            assert path.read_bytes() == other.read_bytes(), path.name


def test_notebooks_are_not_written(made):
    cells = nbformat.read(made / "notebooks" / "00_one.ipynb", as_version=4).cells
    assert not any(cell.get("outputs") for cell in cells)


def test_cells_are_shown_as_their_tags_say(pages):
    text = parsed(pages["00_one.html"]).main.get_text()
    assert "folded = 1" in text and "hash seed 0" in text and "inline False" in text
    for absent in ("never shown", "seed reading", "About the seed", "print('corpus'"):
        assert absent not in text
    assert 'corpus = "seeds"' not in text


def test_no_path_of_the_machine_is_shown(made, pages):
    assert "corpus some texts\ntables tables" in parsed(pages["00_one.html"]).get_text()
    for name, page in pages.items():
        assert str(made) not in page, name
        assert str(report.PROJECT) not in page, name


def test_title_and_names_are_escaped(pages):
    for page in pages.values():
        assert parsed(page).title.string.endswith(TITLE)
        assert not parsed(page).find("script")
    cover, appendix = parsed(pages["index.html"]), parsed(pages["appendix.html"])
    assert cover.h1.string == TITLE
    assert not cover.find(["b", "i"]) and not appendix.find(["b", "i"])
    assert "empty & bad.txt" in cover.get_text()
    assert "a <b>bold<b>.txt" in appendix.get_text() and "<i>book</i>" in appendix.get_text()


def test_inputs_and_word_lists_are_named_in_the_appendix(pages):
    cells = [
        [cell.get_text() for cell in row.find_all("td")]
        for row in parsed(pages["appendix.html"]).find_all("tr")
    ]
    assert ["codebook <i>book</i>", "0123abcd"] in cells
    lists = {row[0]: row[1:] for row in cells if len(row) == 4}
    assert lists["VADER"][:2] == [version("vaderSentiment"), "MIT"]
    assert lists["Pattern, in TextBlob"][1].startswith("PDDL")
    assert lists["Harm and help in news"][1] == "CC0-1.0"


def test_alternative_text_survives(pages):
    images = parsed(pages["01_two.html"]).find_all("img")
    assert [image["alt"] for image in images] == ['A "dot" & <b>no</b> more.', "A drawing."]
    assert parsed(pages["index.html"]).find("img")["alt"] == "Saved & told."
    for page in pages.values():
        assert "No description has been provided for this image" not in page


def test_pages_load_nothing_from_elsewhere(pages):
    for page in pages.values():
        assert not re.search(r"(src|srcset|data|poster)\s*=\s*[\"']?(https?:)?//", page)
        assert not re.search(r"@import|url\(\s*[\"']?(https?:)?//", page)
        assert not parsed(page).find(["script", "iframe", "object", "embed"])
        links = parsed(page).find_all("link")
        assert [link["href"] for link in links] == ["data:,"]


def test_headings_are_in_order(pages):
    page = parsed(pages["00_one.html"])
    headings = [(h.name, h.get_text()) for h in page.find_all(re.compile("^h[1-6]$"))]
    assert headings == [("h1", "What is there?"), ("h2", "Too deep"), ("h2", "A second title")]
    for page in pages.values():
        ids = [element["id"] for element in parsed(page).select("[id]")]
        assert len(parsed(page).find_all("h1")) == 1 and len(ids) == len(set(ids))


def test_links_lead_to_pages_or_nowhere(pages):
    links = {a.get_text(): a["href"] for a in parsed(pages["00_one.html"]).main.find_all("a")}
    assert links["read"] == "01_two.html#Step-1"
    assert "it" not in links
    assert parsed(pages["01_two.html"]).find(id="Step-1")


def test_pages_are_joined_into_one(made):
    folder, names = made / "report", ["index", "00_one", "01_two", "appendix"]
    whole = join_pages(folder, names)
    page = parsed(whole)
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids)) and set(names) <= set(ids)
    links = {a.get_text(): a["href"] for a in page.select("a[href]")}
    assert all(link.startswith("#") and link[1:] in ids for link in links.values())
    assert links["read"] == "#01_two-Step-1"
    levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert [a.get_text() for a in page.select(".skip")] == ["Skip to the content"]
    assert len(page.find_all("main")) == 1 and not page.select("script, .files, nav.turn")
    for image in page.find_all("img"):
        assert image["src"].startswith("data:image/") and image["alt"]
    labels = [region["aria-label"] for region in page.select("[role=region]")]
    assert len(labels) == len(set(labels)) > 1
    assert {section["aria-labelledby"] for section in page.select("section.page")} <= set(ids)
    for name in names:  # nothing that a page says is lost, but the turning of pages
        for gone in (own := parsed((folder / f"{name}.html").read_text("utf-8"))).select(
            "nav.turn, .files, style"
        ):
            gone.decompose()
        assert own.main.get_text() in page.main.get_text(), name
    assert whole == join_pages(folder, names)


def test_single_file_is_the_only_page(stand_in, tmp_path):
    made = report.make_report(stand_in / "some texts", tmp_path / "out", single_file=True)
    assert [path.name for path in made.parent.glob("*.html")] == ["report.html"] == [made.name]
    assert made.read_text("utf-8").count('http-equiv="Content-Security-Policy"') == 1
    assert {"tables", "figures", "manifest.json", "evidence.csv"} <= set(os.listdir(made.parent))


def test_evidence_is_complete_and_safe(tmp_path):
    texts = ["=A1 clashed. It rained.", "Critics said that two sides clashed over jobs."]
    documents = make_documents(texts).assign(key="@k")
    found = derive_from(documents, load_codebooks(), {"spans", "voices", "sentences"})
    found["documents"] = documents
    names = "documents", "sentences", "spans", "voices"
    write_evidence(tmp_path / "e.csv", [list_evidence(*(found[name] for name in names))])
    rows = list(csv.reader((tmp_path / "e.csv").read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["sentence", "path", "key", "source", "date", "text", "cues", "voices"]
    assert [row[0] for row in rows[1:]] == ["1", "3"]
    assert rows[1][5] == "'=A1 clashed." and rows[1][2] == "'@k" and rows[1][7] == ""
    assert "generic-news-frames:conflict; generic-news-frames:economic" in rows[2][6]
    assert rows[2][7] == "Critics (unnamed, paraphrased)"


def test_evidence_is_the_same_from_a_corpus_in_parts(tmp_path, monkeypatch):
    (tmp_path / "texts").mkdir()
    for n, text in enumerate(
        [
            "It rained.",
            "Critics said that two sides clashed.",
            "Ö.",
            "“We will win,” said Ada Crane. The union blamed the mayor.",
            "No.",
        ]
    ):
        (tmp_path / "texts" / f"{n}.txt").write_text(text, "utf-8")
    for name, block in (("whole", 1000), ("parts", 1), ("pairs", 2)):
        monkeypatch.setattr("framebook.scaling.BLOCK", block)
        make_tables(tmp_path / "texts", tmp_path / name / "tables")
        report._make_evidence(tmp_path / name)
    assert len(tables.list_parts(tmp_path / "parts" / "tables")) == 5
    whole = (tmp_path / "whole" / "evidence.csv").read_bytes()
    assert whole.count(b"\xef\xbb\xbf") == 1 and whole.count(b"\r\n") >= 3
    assert all(
        (tmp_path / name / "evidence.csv").read_bytes() == whole for name in ("parts", "pairs")
    )


def test_primary_specification_is_what_chapter_08_declares():
    cells = read_notebooks(report.NOTEBOOKS)["08_robustness"].cells
    source = next(cell.source for cell in cells if has_tag(cell, "parameters"))
    rows = {choice: (taken, others) for choice, taken, others in describe_primary(source)}
    for measure, choices in CHOICES.items():
        for choice, options in choices.items():
            first, *rest = options  # what the other chapters do
            assert rows[f"{measure}: {choice}"] == (first, "; ".join(rest))
    changed = describe_primary(source.replace('unit = "sentence"', 'unit = "word"'))
    assert ("tone: unit", "word", "sentence; article") in changed


def test_tables_have_header_scopes(pages):
    table = parsed(pages["00_one.html"]).find("table")
    assert [(th.get_text(), th["scope"]) for th in table.find_all("th")] == [
        ("Row", "col"),
        ("part", "col"),
        ("n", "col"),
        ("0", "row"),
        ("1", "row"),
    ]
    assert [td.get("class") for td in table.find_all("td")] == [None, ["amount"]] * 2
    card = parsed(pages["01_two.html"]).find("table")
    assert not card.thead and card.th["scope"] == "row" and card.td.string == "all"
    assert table.parent["tabindex"] == "0" and table.parent["aria-label"] == "Table 1"


def test_seed_article_is_recognised(tmp_path):
    stand_in_tables(report.SEEDS, tmp_path / "tables")
    assert report.is_seed(tmp_path / "tables", as_is=False)
    stand_in_tables(report.SEEDS / "teaching", tmp_path / "others")
    assert not report.is_seed(tmp_path / "others", as_is=False)


def test_failing_chapter_is_one_sentence(tmp_path):
    cells = [code("x = 1", "parameters"), code("print(x)"), code("raise ValueError('no\\nway')")]
    notebooks = {"03_bad": with_parameters(new_notebook(cells=cells), {"x": 2})}
    with pytest.raises(ChapterError, match=r"^Chapter 03_bad .* code cell 3: ValueError: no$"):
        execute(notebooks, tmp_path)


def test_broken_notebook_is_one_sentence(tmp_path):
    for text in ("<<<<<<< HEAD", "[]", "{}"):
        (tmp_path / "03_bad.ipynb").write_text(text)
        with pytest.raises(ChapterError, match="^Chapter 03_bad cannot be read as a notebook.$"):
            read_notebooks(tmp_path)


def test_dead_kernel_is_one_sentence(tmp_path):
    notebooks = {"03_bad": new_notebook(cells=[code("import os; os._exit(1)")])}
    with pytest.raises(ChapterError, match="^Chapter 03_bad .* code cell 1: its Python ended"):
        execute(notebooks, tmp_path)


@pytest.mark.parametrize("error", [ChapterError("Chapter x failed."), KeyboardInterrupt()])
def test_last_good_report_stays(stand_in, monkeypatch, tmp_path, error):
    report.make_report(stand_in / "some texts", tmp_path / "out", title="First")

    def fail(*_):
        raise error

    monkeypatch.setattr(report, "execute", fail)
    with pytest.raises(type(error)):
        report.make_report(stand_in / "some texts", tmp_path / "out", title="Second")
    assert "First" in (tmp_path / "out" / "index.html").read_text("utf-8")
    assert os.listdir(tmp_path) == ["out"]


def test_bad_input_leaves_nothing(stand_in, tmp_path):
    (tmp_path / "texts").mkdir()
    with pytest.raises(InputError):
        report.make_report(tmp_path / "texts", tmp_path / "out")
    assert os.listdir(tmp_path) == ["texts"]


def test_figures_are_updated_from_the_seed_only(stand_in, monkeypatch, tmp_path):
    monkeypatch.setattr(report, "FIGURES", tmp_path / "figures")
    with pytest.raises(InputError, match="seed"):
        report.make_report(stand_in / "some texts", tmp_path / "out", update_figures=True)

    def draw(notebooks, folder, started, finished):
        path = re.search(r"figures = '(.*)'", notebooks["01_two"].cells[2].source)[1]
        Path(path, "tone_line.svg").write_text(SVG.format(""))

    monkeypatch.setattr(report, "execute", draw)
    report.make_report(report.SEEDS, tmp_path / "out", update_figures=True)
    assert os.listdir(tmp_path / "figures") == ["tone_line.svg"]


def test_cover_counts_what_the_tables_hold(tmp_path):
    stand_in_tables(report.SEEDS / "teaching", tmp_path / "tables")
    documents = tables.read(tmp_path / "tables", "documents")
    for name, frame in {
        "sentences": {
            "sent_id": [0, 1, 2, 3],
            "doc_id": 0,
            "part": "body",
            "paragraph": 0,
            "start": 0,
            "end": 1,
            "n_words": 300,
        },
        "segments": {
            "seg_id": [0, 1],
            "sent_id": 0,
            "start": 0,
            "end": 1,
            "role": "content",
            "voice_id": None,
        },
        "spans": {
            "doc_id": 0,
            "sent_id": [1, 1, 2],
            "start": 0,
            "end": 1,
            "layer": "frame",
            "code": "a:b",
            "rule": "r",
            "voice_id": None,
        },
    }.items():
        tables.write(name, tables.pd.DataFrame(frame), tmp_path / "tables")
    numbers = dict(report._numbers(tmp_path / "tables", documents))
    assert numbers["articles"] == str(len(documents)) and numbers["words"] == "1,200"
    assert numbers["sentences with an attributed claim"] == "1 of 4 (25%)"
    assert report._cues(tmp_path / "tables") == [("frame", "3", "2")]


@pytest.fixture
def storing(tmp_path):
    def put(*cells):
        write_notebooks(tmp_path, **{"07_new": list(cells)})
        status = store.main(["07_new"], tmp_path)
        return status, nbformat.read(tmp_path / "07_new.ipynb", as_version=4)

    return put


def test_store_keeps_outputs_and_no_trace_of_the_machine(storing, tmp_path):
    first = code("1 + 1")
    first.metadata["execution"] = {"iopub.status.busy": "2026-11-01"}
    status, notebook = storing(first, code("print('a/b </td> https://x.org/a/b 1/2/3')"))
    assert status == 0
    assert notebook.metadata == {"kernelspec": store.KERNEL, "language_info": {"name": "python"}}
    assert [cell.execution_count for cell in notebook.cells] == [1, 2]
    assert notebook.cells[0].outputs[0].data == {"text/plain": "2"}
    assert notebook.cells[0].metadata == {"tags": []} and notebook.cells[0].id == first.id
    assert os.listdir(tmp_path) == ["07_new.ipynb"]


@pytest.mark.parametrize(
    "source, said",
    [
        ("import sys; print('hm', file=sys.stderr)", "stderr"),
        ("import os; print(os.getcwd())", "path of this machine"),
        ("import nbformat; nbformat.__file__", "path of this machine"),
        ("raise ValueError('no')", "failed in code cell 1"),
    ],
)
def test_store_refuses(storing, capsys, source, said):
    status, notebook = storing(code(source))
    assert status == 1 and not notebook.cells[0].outputs
    assert said in capsys.readouterr().out
