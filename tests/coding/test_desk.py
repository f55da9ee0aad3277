"""The coding desk in a real browser: its answers are those of the sheet, and none is lost."""

import json
import random
import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

import pandas as pd
import pytest
from attacks import STRINGS

from framebook import cli
from framebook.coding.desk import show_desk, write_desks
from framebook.common.errors import InputError
from framebook.validation.agreement import agree
from framebook.validation.design import read_design
from framebook.validation.sampling import sample
from framebook.validation.sheets import read_cells, read_sheet

CODES = ["flood", "row", "sun", "cost", "vote"]
BOOK = "[codebook]\nname = 'demo'\ntitle = 'D & <b>emo'\n" + "".join(
    f"[[code]]\nid = '{code}'\nlabel = '{code.title()} <i>'\ndefinition = 'It is {code} & so.'\n"
    f"patterns = ['{code}*']\nexamples = ['The {code} came.']\n"
    for code in CODES
)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
HOSTILE = [
    "</script><script>window.pwned=1</script>",
    "=SUM(A1)",
    "- “No”, she said.",
    "<!-- {data}",
]


def make(place):
    """Draw a sample of ten sentences and write its desks."""
    (place / "demo.toml").write_text(BOOK, "utf-8")
    news = place / "news"
    news.mkdir()
    rng = random.Random(2)
    for n in range(6):
        words = [f"The {rng.choice(CODES)} of {n}-{k} came to Dunmar." for k in range(3)]
        (news / f"{n}.txt").write_text(" ".join([*words, HOSTILE[n % 4], STRINGS["script"][n]]))
    sample(news, place / "demo.toml", place / "drawn", n=20)
    write_desks(place / "drawn", place / "demo.toml")
    return place


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return make(tmp_path_factory.mktemp("desk"))


def desk_of(place, number=1):
    return place / "drawn" / "for-coders" / f"coder-{number}.html"


def test_a_page_holds_its_sheet_and_nothing_of_the_program(place):
    page = desk_of(place).read_text("utf-8")
    data = json.loads(re.search('id="data">(.*?)</script>', page)[1])
    head, *rows = read_cells(desk_of(place).with_suffix(".csv"))
    assert data["rows"] == [[row[0], *row[2:5]] for row in rows]
    assert [code["id"] for code in data["codes"]] == CODES
    for word in ("inclusion", "stratum", "patterns", "unmarked"):
        assert word not in page
    assert page.count("<script") == 2 and "window.pwned=1</script>" not in page
    for kind in ("script", "style"):
        text = re.search(f"<{kind}>(.*?)</{kind}>", page, re.S)[1]
        assert f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in page
    assert "http:" not in page and "https:" not in page


def test_a_sheet_of_another_sample_is_refused(place, tmp_path):
    design = read_design(place / "drawn" / "design.json")
    sheet = desk_of(place).with_suffix(".csv").read_text("utf-8-sig").splitlines()
    signed = [f"{line},{'signature' if n == 0 else 'beef'}" for n, line in enumerate(sheet)]
    (tmp_path / "other.csv").write_text("\n".join(signed), "utf-8")
    with pytest.raises(InputError, match="was saved for another sample"):
        read_sheet(tmp_path / "other.csv", design)


def test_the_command_writes_desks(place, capsys):
    line = ["sample", str(place / "news"), "--codebook", str(place / "demo.toml"), "--n", "12"]
    assert cli.main([*line, "--desk", "--coders", "3", "--out", str(place / "three")]) == 0
    pages = sorted(path.name for path in (place / "three" / "for-coders").glob("*.html"))
    assert pages == ["coder-1.html", "coder-2.html", "coder-3.html"]


def test_a_cell_shows_the_page_of_a_sheet(place, capsys, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda one: shown.append(one.data))
    sheet = place / "drawn" / "for-coders" / "coder-2.csv"
    show_desk(sheet, place / "demo.toml")
    page = re.fullmatch(
        r'<div><iframe title="Desk" style="[^"]*" srcdoc="([^"]*)"></iframe></div>', shown[0]
    )
    assert unescape(page[1]) == desk_of(place, 2).read_text("utf-8")
    monkeypatch.setenv("FRAMEBOOK_STATIC", "1")
    show_desk(sheet, place / "demo.toml")
    assert shown[1] == "<p>Run this cell to open the desk.</p>"


def test_a_sheet_without_its_key_is_refused(place, tmp_path):
    alone = tmp_path / "deep" / "coder-1.csv"
    alone.parent.mkdir()
    alone.write_text((place / "drawn" / "for-coders" / "coder-1.csv").read_text("utf-8"), "utf-8")
    with pytest.raises(InputError, match=r"name a coder's sheet \(\.csv\) that has its design"):
        show_desk(alone)


# ---- in a browser


@pytest.fixture
def context(browser):
    """A context without a network; nothing may be said on its consoles."""
    wrong = []
    context = browser.new_context(offline=True, accept_downloads=True)
    context.on("console", lambda said: wrong.append(said.text))
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("dialog", lambda dialog: wrong.append(dialog.message))
    yield context
    context.close()
    assert wrong == []


def opened(context, place, number=1):
    page = context.new_page()
    page.goto(desk_of(place, number).as_uri())
    return page


def saved(page, path):
    with page.expect_download() as download:
        page.keyboard.press("=")
    download.value.save_as(path)
    assert download.value.suggested_filename.startswith("coder-")
    return path


def answers_for(unit):
    """Return what is answered for a unit: per code "1", "0" or "" (can't say)."""
    rng = random.Random(unit)
    return [rng.choice("0000001") if rng.random() < 0.97 else "" for _ in CODES]


def code_all(page, units):
    """Answer for all units by keys; return how many were pressed."""
    pressed = 0
    for unit in units:
        for key, value in zip("12345", answers_for(unit), strict=True):
            for _ in range({"1": 1, "0": 0, "": 3}[value]):
                page.keyboard.press(key)
                pressed += 1
        page.keyboard.press("Enter")
        pressed += 1
    return pressed


@pytest.mark.browser
def test_answers_are_the_same_as_those_of_the_sheet(context, place, tmp_path):
    desks, sheets = [], []
    for number in (1, 2):
        path = desk_of(place, number).with_suffix(".csv")
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
        page = opened(context, place, number)
        pressed = code_all(page, table.unit)
        assert pressed <= len(table) * len(CODES)  # a sheet takes a digit and a Tab per code
        assert page.locator("#progress").inner_text() == f"{len(table)} of {len(table)} coded."
        desks.append(saved(page, tmp_path / "desk" / f"sheet-{number}.csv"))
        table[CODES] = [answers_for(unit) for unit in table.unit]
        sheets.append(tmp_path / f"sheet-{number}.csv")
        table.to_csv(sheets[-1], index=False, encoding="utf-8-sig", lineterminator="\r\n")
        given, wanted = read_cells(desks[-1]), read_cells(sheets[-1])
        assert [row[:-1] for row in given] == wanted
    for out, files in (("a", desks), ("b", sheets)):
        agree(files, place / "drawn" / "design.json", tmp_path / out)
    for name in ("cards.json", "labels.parquet"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.browser
def test_no_answer_is_lost_in_killed_tabs(context, place, size):
    rng, wanted, kept = random.Random(7), {}, "JSON.stringify(localStorage)"
    other = opened(context, place)
    for _ in range(size(20, 50)):
        page = opened(context, place)
        where = page.locator("#where").inner_text()
        key = rng.choice("12345")
        page.keyboard.press(key)
        value = {None: "1", "1": "0", "0": "?", "?": None}[wanted.get((where, key))]
        wanted[where, key] = value
        page.wait_for_selector(f"#code-{int(key) - 1}[data-value='{value or ''}']")
        if rng.random() < 0.4:
            page.keyboard.press("ArrowRight")
        # A tab of the same browser is told once it is kept, which may take a moment under load.
        # Both are asked each time, since the last key may still be on its way.
        for _ in range(1500):
            if other.evaluate(kept) == page.evaluate(kept):
                break
            other.wait_for_timeout(20)
        else:
            pytest.fail("what one tab keeps, another is never told")
        page.close(run_before_unload=False)
    page = opened(context, place)
    for _ in range(25):
        page.keyboard.press("ArrowLeft")
    found = {}
    for _ in range(20):
        where = page.locator("#where").inner_text()
        for k in range(5):
            if value := page.locator(f"#code-{k}").get_attribute("data-value"):
                found[where, "12345"[k]] = value
        page.keyboard.press("ArrowRight")
    assert found == {place: value for place, value in wanted.items() if value}
    assert len({where for where, _ in found}) > 5


@pytest.mark.browser
def test_undo_memo_buttons_and_keys(context, place, tmp_path):
    page = opened(context, place, 2)
    value = "document.getElementById('code-0').dataset.value"
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    assert page.locator("#where").inner_text() == "Sentence 1 of 20" and page.evaluate(value) == "1"
    assert page.locator("#code-1").get_attribute("data-value") == ""
    page.keyboard.press("Control+z")
    page.keyboard.press("Backspace")
    assert page.evaluate(value) == "" and "nothing to undo" in page.locator("#said").inner_text()
    page.keyboard.press("/")
    page.keyboard.type('=1, "so"\n12')
    page.keyboard.press("Escape")
    page.locator("#code-0").click()
    assert page.evaluate(value) == "1" and page.evaluate("document.activeElement.tagName") == "BODY"
    page.locator("#code-1").focus()
    page.keyboard.press("Enter")  # on a button it presses the button
    assert page.locator("#where").inner_text() == "Sentence 1 of 20"
    page.locator("#done").click()
    page.locator("#open").click()
    page.locator("#back").click()
    page.locator("#back").click()
    page.locator("#keys").uncheck()
    page.locator("#keys").blur()
    page.keyboard.press("2")
    assert page.locator("#code-1").get_attribute("data-value") == "1"
    page.locator("#keys").check()
    page.locator("#keys").blur()
    rows = read_cells(saved(page, tmp_path / "one.csv"))
    assert rows[1][5:] == ["1", "1", "0", "0", "0", '=1, "so"\n12', rows[2][-1]]
    assert [row[5:-1] for row in rows[2:]] == [[""] * 6] * 19
    design = read_design(place / "drawn" / "design.json")
    assert read_sheet(tmp_path / "one.csv", design)[1].notna().sum().sum() == 5


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (360, "dark")])
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(browser, place, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = browser.new_page(
        offline=True, color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page.goto(desk_of(place).as_uri())
    for key in ["1", "2", "2", "3", "3", "3"]:
        page.keyboard.press(key)
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response
    assert found["passes"], "axe ran"
    wrong = [
        (rule["id"], node["html"][:200]) for rule in found["violations"] for node in rule["nodes"]
    ]
    assert wrong == []
    assert page.evaluate("window.pwned") is None
    page.close()


@pytest.mark.browser
def test_a_browser_that_keeps_nothing_says_so(context, place):
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})"
    )
    page = opened(context, place)
    page.keyboard.press("1")
    assert "keeps nothing" in page.locator("#warning").inner_text()
