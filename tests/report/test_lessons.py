"""Lessons: the notebooks executed on a corpus, as pages of the report."""

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from framebook.common.errors import ChapterError
from framebook.report.execution import (
    execute,
    read_notebooks,
    run_lessons,
    with_parameters,
    without_cells,
)
from framebook.report.pages import make_page


def code(source, *tags):
    return new_code_cell(source, metadata={"tags": list(tags)})


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


def test_what_is_configured_outside_changes_nothing(tmp_path, monkeypatch):
    """A startup file, settings of Jupyter, IPython and Matplotlib, and a home that is closed."""
    cells = [
        code("import sys\nsys.argv = []"),
        code("abs(-5)"),
        code("import matplotlib as m\nm.rcParams['lines.linewidth']"),
    ]
    cells.append(code("[k for k in m.rcParams if k == 'x'], m.get_backend().lower()"))
    notebooks = [{"01_a": new_notebook(cells=[code(cell.source) for cell in cells])} for _ in "ab"]
    execute(notebooks[0], tmp_path)
    folder = tmp_path / "outside"
    (folder / "profile_default" / "startup").mkdir(parents=True)
    loud = "print('loud')\nimport builtins\nbuiltins.abs = lambda n: 'loud'\n"
    (folder / "start.py").write_text(loud)
    (folder / "profile_default" / "startup" / "00.py").write_text(loud)
    (folder / "profile_default" / "ipython_config.py").write_text(
        "c = get_config()\nc.InteractiveShellApp.exec_lines = ['print(\"loud\")']\n"
    )
    (folder / "jupyter_config.py").write_text(loud + "raise SystemExit(3)\n")
    (folder / "matplotlibrc").write_text("lines.linewidth: 9\n")
    outside = {
        "PYTHONSTARTUP": folder / "start.py",
        "IPYTHONDIR": folder,
        "JUPYTER_CONFIG_DIR": folder,
        "JUPYTER_CONFIG_PATH": folder,
        "JUPYTER_RUNTIME_DIR": "/dev/null/none",
        "JUPYTER_DATA_DIR": "/dev/null/none",
        "JUPYTER_PLATFORM_DIRS": "1",
        "MATPLOTLIBRC": folder / "matplotlibrc",
        "MPLBACKEND": "svg",
        "HOME": "/dev/null/none",
        "XDG_DATA_HOME": "/dev/null/none",
        "XDG_CONFIG_HOME": "/dev/null/none",
    }
    for name, value in outside.items():
        monkeypatch.setenv(name, str(value))
    execute(notebooks[1], tmp_path)
    inside, again = ([cell.outputs for cell in one["01_a"].cells] for one in notebooks)
    assert again == inside and inside[1][0].data["text/plain"] == "5"


def lesson():
    return [
        new_markdown_cell(
            "# 00 What *is* there?\n\nSee [two](01_two.ipynb#Step) and [it](../x.md)."
        ),
        code('corpus = "seeds"\ntables = ""', "parameters"),
        code("print('corpus', corpus)\nprint('tables', tables)", "hide-input"),
        code("import os\nprint('hash seed', os.environ['PYTHONHASHSEED'])"),
        code("print('never shown')", "remove-cell"),
        code("1 / 0", "seed-reading"),
        new_markdown_cell("Kept: a lesson.", metadata={"tags": ["lesson"]}),
        code("import pandas as pd\npd.DataFrame({'part': ['lead', 'body'], 'n': [1, 22]})"),
    ]


def test_lessons_are_executed_on_the_corpus_and_name_no_place(tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "00_one.ipynb").write_text(writes(new_notebook(cells=lesson())))
    (folder / "01_two.ipynb").write_text(writes(new_notebook(cells=[code("1")])))
    texts, out = tmp_path / "some texts", tmp_path / "out"
    texts.mkdir()
    said = []
    made = run_lessons(folder, out, texts, "T", "", said.append)
    assert list(made) == ["00_one", "01_two"] and said == ["notebook 00_one", "notebook 01_two"]
    heading, body = made["00_one"]
    assert heading == "What is there?"
    page = BeautifulSoup(make_page("00_one", "T", [], heading, body), "html.parser")
    text = page.main.get_text()
    assert "corpus some texts\ntables tables" in text and "hash seed 0" in text
    assert "Kept: a lesson." in text and str(tmp_path) not in str(page)
    for absent in ("never shown", "ZeroDivisionError", "seeds", "print('corpus'"):
        assert absent not in text
    links = {a.get_text(): a["href"] for a in page.main.select("a[href]")}
    assert links["two"] == "01_two.html#Step" and "it" not in links
    scopes = [(th.get_text(), th["scope"]) for th in page.table.select("th")]
    assert scopes == [("Row", "col"), ("part", "col"), ("n", "col"), ("0", "row"), ("1", "row")]
    assert len(page.select("h1")) == 1


def test_a_clone_without_notebooks_is_one_sentence(tmp_path):
    with pytest.raises(ChapterError, match="^There are no notebooks"):
        run_lessons(tmp_path, tmp_path, tmp_path, "T", "", print)
