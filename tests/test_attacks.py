"""Hostile texts, names, codebooks and coders: what they hold is shown, and nothing else happens.

The whole report is made of attack_strings.toml with the network forbidden to every process of
it, and opened in a real browser together with a comparison.
"""

import os
import re
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import pandas as pd
import pytest
from attacks import ALL, REFUSED, STRINGS, tell, write_codebook, write_corpus

from framebook import cli
from framebook.common.folders import PROJECT
from framebook.framing.codebook import load_codebook
from framebook.loading.articles import load_documents

TITLE = '</title><script>window.pwned="title"</script>$x$ <b class="pwned">'
SEED = "3"
REPORT = [
    "report",
    "texts",
    "--codebook",
    "attacks.toml",
    "--codebook",
    "war-and-reconstruction",
    "--title",
    TITLE,
    "--codes",
    "cards",
]
# In every Python that the report starts, kernels too: no name is looked up, no other machine met.
FORBID = """
import os, sys
LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
PLACES = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"}
def forbid(event, args):
    if event in LOOK_UPS or event in PLACES and isinstance(args[1], tuple):
        host = args[0] if event in LOOK_UPS else args[1][0]
        if host not in (None, "", "127.0.0.1", "::1", "localhost"):
            with open(os.environ["ASKED"], "a") as file:
                print(event, args, file=file)
            raise PermissionError("there is no network in this test")
sys.addaudithook(forbid)
with open(os.environ["ASKED"] + ".pids", "a") as file:
    print(os.getpid(), file=file)
"""


def run(*arguments, cwd, **world):
    """Run a command of ours; return what it printed."""
    return watched("-m", "framebook", *map(str, arguments), cwd=cwd, **world)


def watched(*arguments, cwd, **world):
    """Run a Python that must end well, the network forbidden in it; return what it printed."""
    hook = cwd / "hook"
    hook.mkdir(exist_ok=True)
    (hook / "sitecustomize.py").write_text(FORBID)
    command = [sys.executable, *arguments]
    cut_off = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    if (
        shutil.which("unshare")
        and not subprocess.run([*cut_off, "true"], capture_output=True, check=False).returncode
    ):
        command = [*cut_off, *command]  # then what is no Python is without a network too
    environment = {
        **os.environ,
        "PYTHONPATH": f"{hook}{os.pathsep}{PROJECT}",
        "ASKED": str(cwd / "asked"),
        **world,
    }
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, encoding="utf-8", check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with hostile texts, a codebook, and coders' sheets filled in under their names."""
    place = tmp_path_factory.mktemp("attacks")
    write_corpus(place / "texts")
    write_codebook(place / "attacks.toml")
    assert (
        cli.main(
            [
                "sample",
                str(place / "texts"),
                "--codebook",
                str(place / "attacks.toml"),
                "--out",
                str(place / "sample"),
                "--n",
                "60",
                "--seed",
                SEED,
            ]
        )
        == 0
    )
    for number, name in enumerate(STRINGS["script"][:2], start=1):
        path = place / "sample" / "for-coders" / f"coder-{number}.csv"
        sheet = pd.read_csv(path, dtype="str", keep_default_na=False)
        codes = sheet.columns[5:-1]
        sheet[codes] = [
            [str((row + column) % 2) for column in range(len(codes))] for row in range(len(sheet))
        ]
        sheet.assign(coder=name, memo=name).to_csv(path, index=False)
    return place


def sheets_of(place):
    return [place / "sample" / "for-coders" / f"coder-{n}.csv" for n in (1, 2)]


@pytest.fixture(scope="module")
def made(place):
    """The report, the cards and the comparison of all that."""
    before = project_stamps()
    said = run(
        "agree",
        *sheets_of(place),
        "--key",
        place / "sample" / "design.json",
        "--out",
        "cards",
        cwd=place,
    )
    assert not REFUSED.search(said)
    run(*REPORT, "--out", "report", cwd=place, LC_ALL="C.UTF-8", TZ="UTC", PYTHONHASHSEED="0")
    for name, ending in (("a", "It rained."), ("b", "It snowed.")):
        (place / f"{name}.txt").write_text(f"{tell(ALL)}\n\n{ending}", "utf-8")
    run("compare", "a.txt", "b.txt", "--out", "versions", "--title", TITLE, cwd=place)
    run("compare", "texts", "b.txt", "--out", "corpora", "--codebook", "attacks.toml", cwd=place)
    assert project_stamps() == before, "the user's own notebooks and figures stay"
    return place


def project_stamps():
    """What tells whether a file of the project was written."""
    return {
        path: path.stat().st_mtime_ns
        for name in ("notebooks", "seeds", "figures")
        for path in (PROJECT / name).rglob("*.*")
    }


def pages_of(place):
    pages = [
        page
        for name in ("report", "versions", "corpora")
        for page in sorted((place / name).glob("*.html"))
    ]
    assert len(pages) >= 10
    return pages


def squeezed(text):
    return "".join(text.split())


# ---- the browser

COUNT = """() => ({
  pwned: [window.pwned, ...document.querySelectorAll('.pwned, [class*=pwned], #pwned')].map(
    one => one && (one.outerHTML || String(one))).filter(Boolean),
  names: [...new Set([...document.querySelectorAll('*')].map(one => one.localName))],
  handlers: [...document.querySelectorAll('*')].flatMap(one => [...one.attributes]).map(
    one => one.name).filter(name => name.startsWith('on')),
  sources: [...document.querySelectorAll('[src], [href], [srcset], [action], [data]')].map(one =>
    one.getAttribute('src') || one.getAttribute('href') || 'other'),
})"""
OURS = set(
    """a abbr b blockquote body br button caption code datalist dd del details dialog div dl dt em
    form input label optgroup option script select figcaption figure footer h1
    h2 h3 h4 h5 h6 head header hr html i img ins kbd li link main mark meta nav ol p pre section
    span strong style sub summary sup table tbody td th thead title tr ul""".split()
)
SOURCES = re.compile(
    r"data:image/(png|svg\+xml);|data:,$|#|[\w%-]+\.(html|bib|json|csv)(#|$)|"
    r"figures/|tables/articles\.csv$|https://(doi\.org|github\.com)/"
)
SHOWN = """all => all.map(one => {
  one = one.cloneNode(true);
  one.querySelectorAll('.fb-said, sub, .fb-margin, .unseen').forEach(part => part.remove());
  return one.textContent}).join(' ')"""


@pytest.fixture(scope="module")
def open_page(browser):
    """Return a function that opens a file; any dialog, request, fault or message is a failure."""
    wrong, page = [], browser.new_page()
    page.on("dialog", lambda dialog: wrong.append(dialog.message) or dialog.dismiss())
    page.on("console", lambda said: wrong.append(said.text))  # the policy's refusals too
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda asked: asked.url.startswith(("file:", "data:")) or wrong.append(asked.url),
    )
    page.on("requestfailed", lambda asked: wrong.append(f"failed: {asked.url[:80]}"))
    page.on("popup", lambda popup: wrong.append(f"popup: {popup.url}"))

    def opened(path):
        page.goto(path.as_uri(), wait_until="load")
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        page.mouse.move(200, 300)
        page.keyboard.press("Tab")
        assert page.url.partition("#")[0] == path.as_uri(), "it went elsewhere"
        assert wrong == [], path.name
        return page

    return opened


@pytest.mark.browser
def test_nothing_runs_and_nothing_is_made_of_a_text(made, open_page):
    folders = {path.name for path in made.iterdir()}
    for path in pages_of(made):
        found = open_page(path).evaluate(COUNT)
        assert found["pwned"] == found["handlers"] == [], path.name
        assert set(found["names"]) <= OURS, path.name
        for source in found["sources"]:
            assert SOURCES.match(source), (path.name, source)
        assert "Content-Security-Policy" in path.read_text("utf-8")
    assert folders == {path.name for path in made.iterdir()}


@pytest.mark.browser
def test_every_attack_is_shown_as_the_text_that_it_is(made, open_page):
    """In the versions all sentences stand, in the appendix all files, each as what it was."""
    texts = {path: load_documents(path)[0].text[0] for path in (made / "a.txt", made / "b.txt")}
    page = open_page(made / "versions" / "index.html")
    shown = squeezed(page.locator(".aligned > li > p:last-child").evaluate_all(SHOWN))
    for string in ALL:
        line = squeezed(
            next(
                line
                for line in texts[made / "b.txt"].split("\n")
                if f"day {ALL.index(string)}." in line
            )
        )
        assert line in shown, string
    assert page.locator("h1").inner_text() == TITLE == page.title()
    page = open_page(made / "report" / "appendix.html")
    shown = squeezed(page.locator("main").evaluate_all(SHOWN))
    for field in ("citation", "licence"):
        book = load_codebook(made / "attacks.toml")
        assert squeezed(getattr(book, field)) in shown
    assert all(squeezed(code.label) in shown for code in book.codes)


@pytest.mark.browser
def test_the_figures_are_drawn_with_the_text_as_it_is(made, open_page):
    for path in sorted(made.glob("*/figures/*.svg")):
        told = " ".join(ElementTree.parse(path).getroot().itertext())
        assert "attack.invalid" not in " ".join(
            value for one in ElementTree.parse(path).iter() for value in one.attrib.values()
        )
        page = open_page(path)
        assert page.evaluate("window.pwned") is None and page.locator(".pwned").count() == 0
        if path.stem == "cues_generic":
            assert r"$$\frac" in told.lower() and "<h1 class=" in told.lower()


# ---- no network


def test_the_whole_report_asks_no_other_machine(made):
    assert not (made / "asked").exists(), (made / "asked").read_text()
    pids = (made / "asked.pids").read_text().split()
    assert len(set(pids)) >= 4, "each command was watched"


@pytest.mark.parametrize(
    "code",
    ["socket.getaddrinfo('attack.invalid', 80)", "socket.socket().connect(('192.0.2.1', 80))"],
)
def test_the_watch_sees(tmp_path, code):
    with pytest.raises(AssertionError, match="there is no network in this test"):
        watched("-c", f"import socket; {code}", cwd=tmp_path)
    assert (tmp_path / "asked").read_text().startswith("socket.")


# ---- the same bytes


def bytes_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_another_folder_and_another_world_give_the_same_bytes(made, tmp_path):
    """Report, tables and figures: other locale, time zone, hash seed, workers, folder and home."""
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    strange = [name for name in ("ja_JP.eucjp", "de_DE.iso88591", "tr_TR.utf8") if name in listed]
    # a stock machine has no locale but C, in which no folder can be called "ü"
    there = tmp_path / ("zweite Ausgabe mit ü" if strange else "zweite Ausgabe")
    there.mkdir()
    shutil.copytree(made / "texts", there / "texts")
    shutil.copytree(made / "cards", there / "cards")
    shutil.copy(made / "attacks.toml", there)
    world = {
        "LC_ALL": [*strange, "C"][0],
        "PYTHONUTF8": "0",
        "HOME": str(tmp_path),
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "4242",
    }
    run(*REPORT, "--out", "other", "--workers", "2", cwd=there, **world)
    here, there = bytes_of(made / "report"), bytes_of(there / "other")
    assert here.keys() == there.keys() and len(here) > 30
    assert [name for name in here if here[name] != there[name]] == []
