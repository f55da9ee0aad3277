"""What README and docs/ tell people to type: each command is understood, and run where it can be.

The commands that execute every notebook or open a program are only parsed here; other tests run
them. Blocks of Python in docs/ are executed as they stand, each page from its top.
"""

import re
import runpy
import shlex

import pytest
from model_server import serve
from test_bundle import bundle

from framebook import cli
from framebook.framing.checking import check_codebook
from framebook.loading.corpus_toml import FIELDS, read_provenance

PAGES = [cli.PROJECT / "README.md", *sorted((cli.PROJECT / "docs").glob("*.md"))]
PARSED = {"report", "lab", "lite", "test", "check", "doctor"}
BOOK = """[codebook]
name = "mine"
layer = "theme"
[[code]]
id = "river"
definition = "The text speaks of the river."
examples = ["The river rose."]
counterexamples = ["The road is dry."]
patterns = ["river*"]
"""


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)


def commands(page):
    lines = "".join(blocks(page, "sh")).splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.strip()]


def fill_in(path):
    """Answer for a coder, so that sheets can be compared: 1 in every other row."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    sheet = book.worksheets[0]
    at = [cell.value for cell in sheet[1]].index("river") + 1
    for number in range(2, sheet.max_row + 1):
        sheet.cell(number, at).value = number % 2
    book.save(path)


def test_there_are_commands():
    assert len(commands(PAGES[0])) > 5


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A folder, the current one, with the articles that the pages speak of."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-articles").mkdir()
    for n in range(12):
        text = f"The river rose {n} metres. The mayor said that it was safe. The road is dry."
        (tmp_path / "my-articles" / f"{n}.txt").write_text(text)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_do_what_is_said(page, workplace, capsys):
    tmp_path = workplace
    for name, verb in (("version-1.txt", "said"), ("version-2.txt", "claimed")):
        (tmp_path / name).write_text(f"The river rose. The mayor {verb} that it was safe.")
    (tmp_path / "my-articles.csv").write_text("source,text\nQuay,It rained.\nDam,It may rain.\n")
    (tmp_path / "my-codebook.toml").write_text(BOOK)
    (tmp_path / "dictionary.dic").write_text("%\n1\tfear\n%\nafraid\t1\n")
    for words in commands(page):
        assert words[:2] == ["python3", "run.py"], words
        if words[2] == "bundle":
            bundle.build_parser().parse_args(words[3:])
            continue
        if words[2] == "--bundle":  # what follows the zip is as without it
            del words[2:4]
        if words[2] in PARSED:
            cli.build_parser().parse_args(words[2:])
            continue
        if words[2] == "code-by":  # a server of ours plays the model
            with serve() as server:
                words[3] = server.url
                assert cli.main(words[2:]) == 0
            continue
        if "import" in words:  # it never writes over a file
            words[-1] = "imported.toml"
        if words[2] == "agree":
            for sheet in (word for word in words if word.endswith(".xlsx")):
                fill_in(sheet)
        assert cli.main(words[2:]) == 0, (words, capsys.readouterr().err)


def test_files_that_are_shown_are_right(tmp_path):
    shown = [block for page in PAGES for block in blocks(page, "toml")]
    codebooks = [block for block in shown if "[codebook]" in block]
    assert 0 < len(codebooks) < len(shown)
    for block in shown:
        (tmp_path / "corpus.toml").write_text(block, "utf-8")
        if block in codebooks:
            assert check_codebook(tmp_path / "corpus.toml") == []
        else:
            assert len(read_provenance(tmp_path)) == len(FIELDS)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.name
)
def test_python_runs(page, workplace, capsys):
    for words in commands(page):
        if words[2] == "tables":  # the Python of a page may read what its commands made
            assert cli.main(words[2:]) == 0
    names = {}
    for block in blocks(page, "python"):
        exec(compile(block, page.name, "exec"), names)  # what a reader pastes, in one session
    assert capsys.readouterr().out


def test_the_reference_is_what_the_code_says():
    made = runpy.run_path(str(cli.PROJECT / "tools" / "reference.py"))
    assert made["PAGE"].read_text("utf-8") == made["make_page"](), "run tools/reference.py"
