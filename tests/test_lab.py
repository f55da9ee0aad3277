"""Hostile texts, names and codebooks in a real JupyterLab: the explorer, tables, figures.

Chapter 06 is opened as `framebook lab` opens it, the explorer in it is used, and a
notebook with a cell of each kind is looked at while it is live, and stored but not trusted.
"""

import json
import os
import subprocess
import sys
import time

import nbformat
import pandas as pd
import pytest
from attacks import ALL, tell, write_codebook, write_corpus
from test_attacks import FORBID, SHOWN, squeezed

from framebook import cli
from framebook.common.folders import PROJECT
from framebook.loading.articles import load_documents
from framebook.report.execution import with_parameters, without_cells

pytestmark = pytest.mark.browser
NAME = f"""<img class="pwned" src=x onerror="window.pwned=91">$x^2$ {ALL[0].replace("/", "∕")}"""
LAB = """import sys; from pathlib import Path; from framebook import cli
cli.PROJECT = Path.cwd()
sys.exit(cli.main(["lab", "--no-browser", "--allow-root", "--port=0",
                   "--IdentityProvider.token=t", "--LabApp.expose_app_in_browser=True"]))"""
SETTINGS = "lab/user-settings/@jupyterlab/notebook-extension"
CELLS = [
    """import pandas as pd
from framebook.framing import count_sentences, label_codes
from framebook.visualisation.marked_text import show_behind, show_cues, show_voices
from framebook.chain import get_tables
from framebook.visualisation import plot_bars, plot_sequence, show
pd.set_option("display.max_rows", None, "display.max_colwidth", None)
documents, loading, sentences, spans, voices = get_tables(
    "a.txt", "", "documents", "loading", "sentences", "spans", "voices",
    codebooks=["attacks.toml"])
labels = label_codes(spans, "frame")""",
    """view = show_voices(documents, sentences, voices, only_hits=False, limit=1000)
view""",
    "show_cues(documents, sentences, spans, labels, limit=1000)",
    "show_behind(documents, sentences, spans, 'code', labels, labels, view, limit=1000)",
    """counts = count_sentences(spans, sentences, labels)
show(plot_bars(counts.n_sentences, len(sentences), "$x^2$ <b class='pwned'>bars</b>"))
show(plot_sequence(spans, sentences, labels))""",
    "get_tables('texts', '', 'documents', 'loading')[1]",
    "documents",
    "spans.groupby('code').size().rename('$x$ <b class=pwned>').to_frame()",
    # What would happen if it were not escaped: the watch must see both.
    """from IPython.display import HTML
HTML("<p>A control: $x^2$</p><script>window.control = 1</script>")""",
]
RUN = """async () => {
    const app = window.jupyterapp, panel = app.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await app.commands.execute("notebook:run-all-cells");
    await panel.context.save();
    return panel.content.model.toJSON().cells.flatMap(cell => cell.outputs || []).filter(
        one => one.output_type == "error").map(one => one.evalue);
}"""
LOOK = """() => {
    const all = [...document.querySelectorAll(".jp-OutputArea-output, .jp-OutputArea-output *")
                 ].filter(one => !one.closest("mjx-container"));
    return {
        pwned: [window.pwned, ...document.querySelectorAll(".pwned, [class*=pwned]")].map(
            one => one && (one.outerHTML || String(one))).filter(Boolean),
        names: [...new Set(all.map(one => one.localName))],
        handlers: all.flatMap(one => [...one.attributes]).map(one => one.name).filter(
            name => name.startsWith("on")),
        sources: all.map(one => one.getAttribute("src") || one.getAttribute("href")).filter(
            one => one && !/^(data:image.png;base64,|#)/.test(one)),
        formulas: [...document.querySelectorAll(".jp-OutputArea-output mjx-container")].map(
            one => one.parentElement.textContent.slice(0, 10)),
    }}"""
OURS = set(
    """caption dd details div dl dt img label li mark ol option p pre script select span
    style sub summary table tbody td th thead tr b ul a""".split()
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A project of our notebooks, with hostile texts beside them."""
    place = tmp_path_factory.mktemp("lab")
    write_corpus(place / "texts")
    (place / "texts" / NAME).mkdir()
    (place / "texts" / NAME / "DATA_CARD.md").write_text("")
    (place / "texts" / NAME / "a.txt").write_text(f"The mayor was angry at $x^2$ and {ALL[0]}.")
    write_codebook(place / "attacks.toml")
    assert (
        cli.main(
            [
                "tables",
                str(place / "texts"),
                "--out",
                str(place / "tables"),
                "--codebook",
                str(place / "attacks.toml"),
            ]
        )
        == 0
    )
    (place / "notebooks").mkdir()
    (place / "notebooks" / "a.txt").write_text(tell(ALL), "utf-8")
    os.symlink(place / "texts", place / "notebooks" / "texts")
    write_codebook(place / "notebooks" / "attacks.toml")
    chapter = nbformat.read(PROJECT / "notebooks" / "06_visualisation.ipynb", 4)
    values = {
        "corpus": str(place / "texts"),
        "tables": str(place / "tables"),
        "figures": str(place / "figures"),
    }
    nbformat.write(
        with_parameters(without_cells(chapter, "seed-reading"), values),
        place / "notebooks" / "06_visualisation.ipynb",
    )
    chapter.cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    nbformat.write(chapter, place / "notebooks" / "own.ipynb")
    return place


@pytest.fixture(scope="module")
def address(place, chromium):
    """The address of `framebook lab` on that project, the network forbidden to its Python."""
    settings = place / "config" / SETTINGS
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    (place / "hook").mkdir()
    (place / "hook" / "sitecustomize.py").write_text(FORBID)
    own = {
        name: str(place / name.lower())
        for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "HOME", "ASKED")
    }
    environment = {
        **os.environ,
        **own,
        "JUPYTER_CONFIG_DIR": str(place / "config"),
        "PYTHONPATH": f"{place / 'hook'}{os.pathsep}{PROJECT}",
    }
    with (place / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", LAB], cwd=place, env=environment, stdout=log, stderr=log
        )
    for _ in range(600):
        said = list((place / "jupyter_runtime_dir").glob("jpserver-*.json"))
        if said or server.poll() is not None:
            break
        time.sleep(0.1)
    assert said, (place / "log").read_text()
    yield json.loads(said[0].read_text())["url"]
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
def open_notebook(address, chromium):
    """Return a function that opens a notebook; no dialog, request or window may come of it."""
    sync_api = pytest.importorskip("playwright.sync_api")
    wrong = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(300_000)
        page.on("dialog", lambda dialog: wrong.append(dialog.message) or dialog.dismiss())
        page.on("popup", lambda popup: wrong.append(f"popup: {popup.url}"))
        page.on(
            "request",
            lambda asked: (
                asked.url.startswith((address, "data:", "blob:")) or wrong.append(asked.url)
            ),
        )

        def opened(name):
            page.goto(f"{address}lab/workspaces/{name[0]}/tree/{name}.ipynb?token=t&reset")
            page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext")
            return page

        yield opened
        browser.close()
    assert wrong == []


def assert_harmless(page, formulas=()):
    found = page.evaluate(LOOK)
    assert found["pwned"] == found["handlers"] == found["sources"] == []
    assert found["formulas"] == list(formulas)
    assert set(found["names"]) <= OURS, set(found["names"]) - OURS


def test_the_explorer_works_in_a_live_notebook(place, open_notebook):
    page = open_notebook("06_visualisation")
    assert page.evaluate(RUN) == []
    page.wait_for_selector("iframe[title=Explorer]")
    frame = page.query_selector("iframe[title=Explorer]").content_frame()
    frame.wait_for_selector("#ex-status[data-n]", state="attached")
    count = "[window.pwned, ...document.querySelectorAll('.pwned')].filter(Boolean).length"

    def look_at_every_view():
        for view in ("speakers", "outlets", "codes", "words"):
            frame.click(f"#ex-views button[value={view}]")
            rows = frame.locator("#ex-result tbody tr").count()
            told = int(frame.locator("#ex-result caption").inner_text().split()[0].replace(",", ""))
            assert rows == told or 50 <= rows < told  # a long table goes on at a click
            assert frame.evaluate(count) == 0
            yield rows

    assert any(look_at_every_view())  # these articles name no outlet
    before = frame.get_attribute("#ex-status", "data-n")
    frame.fill("#ex-q", "day")
    frame.wait_for_function(
        "old => document.getElementById('ex-status').dataset.n !== old", arg=before
    )
    assert any(look_at_every_view())
    frame.click("#ex-views button[value='']")
    frame.locator("#ex-result a").first.click()
    assert frame.locator("#ex-article[open]").count() == 1
    assert page.evaluate("window.pwned") is None
    assert not (place / "asked").exists(), (place / "asked").read_text()


def test_the_desk_works_in_a_cell(place, open_notebook):
    """Its keys are not the notebook's, and the answers are there when it is run again."""
    notebook = nbformat.read(place / "notebooks" / "own.ipynb", 4)  # which names its kernel
    line = "from framebook.coding import show_desk\nshow_desk('notebooks/codes/coder-1.csv')"
    notebook.cells = [nbformat.v4.new_code_cell(line)]
    nbformat.write(notebook, place / "notebooks" / "desk.ipynb")
    page = open_notebook("desk")

    def run():
        assert page.evaluate(RUN) == []
        page.wait_for_selector("iframe[title=Desk]")
        frame = page.query_selector("iframe[title=Desk]").content_frame()
        frame.wait_for_selector("#code-0")
        return frame

    frame = run()
    frame.locator("#where").click()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    progress = frame.locator("#progress").inner_text()
    assert progress != "" and len(page.query_selector_all(".jp-Cell")) == 1
    with page.expect_download() as download:
        page.keyboard.press("=")
    download.value.save_as(place / "saved.csv")
    saved = pd.read_csv(place / "saved.csv", dtype="str", keep_default_na=False)
    assert (saved.iloc[:, 5:-2].iloc[0] != "").all() and (saved.iloc[1:, 5:-2] == "").all(None)
    assert run().locator("#progress").inner_text() == progress
    parts = [
        "@jupyterlab/apputils-extension:notification",
        "@jupyterlab/apputils-extension:announcements",
    ]
    has = [page.evaluate("name => window.jupyterapp.hasPlugin(name)", part) for part in parts]
    assert has == [True, False], "JupyterLab asks no question about news"


def test_every_kind_of_output_shows_text_as_text(place, open_notebook):
    """Live, and stored in a notebook that is not trusted."""
    page = open_notebook("own")
    assert page.evaluate(RUN) == []
    text = load_documents(place / "notebooks" / "a.txt")[0].text[0]
    stored = nbformat.read(place / "notebooks" / "own.ipynb", 4)
    stored.metadata["changed"] = True  # so that JupyterLab does not know it
    nbformat.write(stored, place / "notebooks" / "stored.ipynb")
    for name, control in (("own", 1), ("stored", None)):
        page = page if name == "own" else open_notebook(name)
        page.wait_for_selector("mjx-container")
        assert page.evaluate("window.control") == control
        assert_harmless(page, ["A control:"])
        shown = squeezed(page.locator(".fb-beside > p").evaluate_all(SHOWN))
        assert squeezed(text) == shown, name
        cells = page.locator(".jp-OutputArea-output td").all_text_contents()
        assert text.replace("\n", r"\n") in cells, name  # as pandas shows it
