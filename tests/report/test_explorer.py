"""The explorer: what it holds, and that its filters give what pandas gives, in a real browser."""

import csv
import gzip
import json
import random
import re
from base64 import b64decode

import pytest
from attacks import ALL, write_corpus
from bs4 import BeautifulSoup
from selecting import read_data, select

from framebook import STATIC
from framebook.chain import derive_from, load_codebooks
from framebook.report import explorer
from framebook.report.blocks import link_to
from framebook.report.explorer import explore, pack, take_sample
from framebook.report.found import CLASSES
from framebook.report.report import make_report
from framebook.tables import make_documents

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


def packed(texts, **columns):
    documents = make_documents(texts, **columns)
    books = load_codebooks(["generic-news-frames"])
    found = derive_from(documents, books, {"sentences", "sentiment", "spans", "voices"})
    codes = [(f"{b.name}:{code.id}", code.label, b.title) for b in books for code in b.codes]
    found |= {"documents": documents, "also_written": {}}
    return pack(found, codes, CLASSES), found


def test_places_are_counted_as_a_browser_counts_them():
    said = "“😀 We attack 😀,” said Ada Crane. It rained."
    data, found = packed(["It rained.", said])
    texts = data["sentences"]["text"]
    number = sum(data["cues"]["sentence"])
    wide = texts[number].encode("utf-16-le")
    start, length = data["cues"]["start"][0], data["cues"]["length"][0]
    assert wide[2 * start : 2 * (start + length)].decode("utf-16-le") == "attack"
    assert data["articles"]["n"] == [1, 2] and len(found["spans"]) == 1
    look, a, b = data["voices"]["marks"][0][0]
    assert look == 0 and wide[2 * a : 2 * b].decode("utf-16-le") == "Ada Crane"
    assert data["cues"]["voice"] == [0] and data["speakers"] == ["Ada Crane"]
    assert data["outlets"] == [explorer.NO_OUTLET]


def test_nothing_to_pack_is_packed():
    data, _ = packed(["Rain."])
    assert data["sentences"]["text"] == ["Rain."] and data["cues"]["code"] == []
    assert data["voices"]["marks"] == [] and data["speakers"] == []


def test_a_corpus_too_large_is_drawn_from_and_the_page_says_so(reports, corpora, monkeypatch):
    monkeypatch.setattr(explorer, "MOST_ARTICLES", 7)
    parts = explorer.explorer_parts(corpora["many"])
    assert "7 of the 150 articles, drawn at random" in parts["sampled"]
    data = json.loads(gzip.decompress(b64decode(parts["data"])))
    assert len(data["articles"]["n"]) == 7 and sum(data["articles"]["n"]) == len(
        data["sentences"]["text"]
    )
    monkeypatch.setattr(explorer, "MOST_CHARACTERS", 1)
    assert len(take_sample(corpora["many"].documents)) == 1


def test_a_link_is_the_state():
    assert link_to() == "explorer.html#all="
    assert link_to(code="a:b", speaker_class="citizen", outlet="A & B#1") == (
        "explorer.html#code=a:b&outlet=A%20%26%20B%231&class=citizen"
    )
    assert link_to(date="2031-05") == "explorer.html#from=2031-05&to=2031-05"


def test_the_page_holds_all_without_scripts(reports, corpora):
    page = (reports["two"] / "explorer.html").read_text("utf-8")
    drawn = BeautifulSoup(page, "html.parser").select_one("#ex-drawn")
    assert len(drawn.select("blockquote")) == 20 and "evidence.csv" in str(drawn)
    data = read_data(page)
    assert len(data["sentences"]["text"]) == corpora["two"].n
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", page)


def test_in_a_notebook_it_is_a_frame_and_in_a_page_drawn_sentences(tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    (tmp_path / "a.csv").write_text("text\nThe mayor said <b>the dam</b> may hold.\n")
    monkeypatch.delenv(STATIC, raising=False)
    explore(tmp_path / "a.csv")
    frame = BeautifulSoup(shown[0].data, "html.parser").iframe
    assert read_data(frame["srcdoc"])["sentences"]["text"] and not frame.get("src")
    monkeypatch.setenv(STATIC, "1")
    explore(tmp_path / "a.csv")
    assert "iframe" not in shown[1].data and "the dam" in shown[1].data


# ---- in a browser


@pytest.fixture
def open_page(browser):
    """Return a function that opens the explorer in a folder; nothing may go wrong in it."""
    pages, wrong = [], []

    def opened(folder, state="", **options):
        page = browser.new_context(offline=True, accept_downloads=True, **options).new_page()
        pages.append(page)
        page.on("console", lambda said: wrong.append(said.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda one: wrong.append(one.message) or one.dismiss())
        page.on("request", lambda asked: asked.url.startswith(("file:", "data:", "blob:"))
                or wrong.append(asked.url))  # fmt: skip
        page.goto(f"{(folder / 'explorer.html').as_uri()}{state}")
        if options.get("java_script_enabled", True):
            page.wait_for_selector("#ex-status[data-n]", state="attached")
        return page

    yield opened
    for page in pages:
        page.context.close()
    assert wrong == []


def go(page, state):
    """Set the address and return the numbers that the page then gives."""
    page.evaluate("state => { location.hash = state }", state)
    page.wait_for_function(
        "state => document.getElementById('ex-status').dataset.state === state",
        arg=page.evaluate("location.hash"),
    )
    data = page.evaluate("({...document.getElementById('ex-status').dataset})")
    return {key: int(data[name]) for key, name in (
        ("sentences", "n"), ("articles", "articles"), ("attributions", "voices"), ("cues", "cues")
    )}  # fmt: skip


def random_filters(c, draw):
    """Return one to four filters with values that the corpus has, and now and then has not."""
    names = [name for name in c.voices.speaker.dropna().unique()]
    days = c.documents.date.dropna().dt.strftime("%Y-%m-%d").tolist() or ["2031-01-01"]
    values = {
        "outlet": [*c.outlets, explorer.NO_OUTLET],
        "code": list(c.labels),
        "class": [*c.classes, "narrator", "attributed"],
        "speaker": [*names, *(name[:4] for name in names), "(source unspecified)", "xyz"],
        "form": ["quoted", "paraphrased", "mixed"],
        "tone": ["negative", "positive", "zero", "apart"],
        "from": [day[: draw.choice([4, 7, 10])] for day in days],
        "to": [day[: draw.choice([4, 7, 10])] for day in days],
        "q": ["rained", "DAM hold", '"said that"', "warn*", "we'll", "men died", "Story 1*", '"'],
    }
    chosen = draw.sample(list(values), draw.randint(1, 3))
    return {name: draw.choice(values[name]) for name in chosen}


@pytest.mark.browser
@pytest.mark.parametrize("name", ["two", "many"])
def test_random_filters_give_what_pandas_gives(reports, corpora, open_page, name):
    page, draw = open_page(reports[name]), random.Random(7)
    found = 0
    for _ in range(120):
        filters = random_filters(corpora[name], draw)
        expected = select(corpora[name], filters)
        given = go(page, link_to(**filters).partition("#")[2])
        assert given == expected, filters
        found += expected["sentences"] > 0
    assert found > 20


@pytest.mark.browser
@pytest.mark.parametrize("view", ["speakers", "classes", "codes", "outlets", "dates", "words"])
def test_a_row_of_a_table_opens_as_many_sentences_as_it_says(reports, open_page, view):
    page = open_page(reports["two"], f"#view={view}&class=attributed&from=2030")
    head = page.locator("#ex-result th button").all_inner_texts()
    rows = page.locator("#ex-result tbody tr")
    said = [
        (row.locator("a").get_attribute("href"), row.locator("td").all_inner_texts())
        for row in rows.all()[:8]
    ]
    assert said
    for href, cells in said:
        number = int(dict(zip(head[1:], cells, strict=True))["Sentences"].replace(",", ""))
        assert go(page, href)["sentences"] == number, href


@pytest.mark.browser
def test_what_is_typed_and_chosen_is_in_the_address_and_back(reports, open_page):
    page = open_page(reports["two"])
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "ex-q"
    page.keyboard.type("rained")
    page.wait_for_function("() => location.hash.includes('q=rained')")
    page.select_option("#ex-outlet", "<i>Dam & Co</i>")
    page.wait_for_function("() => location.hash.includes('outlet=')")
    address, n = page.url, page.get_attribute("#ex-status", "data-n")
    other = open_page(reports["two"], address[address.index("#") :])
    assert other.get_attribute("#ex-status", "data-n") == n
    assert other.input_value("#ex-q") == "rained"
    other.click("#ex-clear")
    assert other.get_attribute("#ex-status", "data-n") != n


@pytest.mark.browser
def test_an_article_opens_around_its_sentence_and_escape_closes_it(reports, corpora, open_page):
    page = open_page(reports["two"], "#q=rained")
    page.locator("#ex-result a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#ex-article[open]")
    assert "rained" in page.inner_text(".ex-own")
    article = int(re.search(r"article=(\d+)", page.url)[1]) - 1
    text = corpora["two"].documents.text[article]
    shown = page.locator("#ex-article-text").evaluate(
        "one => { one.querySelectorAll('sub, .unseen').forEach(x => x.remove()); "
        "return one.textContent }"
    )
    assert "".join(shown.split()) == "".join(text.split())
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.hash.includes('article')")
    assert not page.locator("#ex-article[open]").count()


@pytest.mark.browser
def test_what_is_filtered_is_saved(reports, corpora, open_page):
    filters = {"class": "attributed", "code": "generic-news-frames:conflict"}
    page = open_page(reports["two"], "#" + link_to(**filters).partition("#")[2])
    with page.expect_download() as saved:
        page.click("#ex-csv")
    rows = list(csv.DictReader(saved.value.path().read_text("utf-8-sig").splitlines()))
    assert len(rows) == select(corpora["two"], filters)["sentences"] > 0
    assert all("generic-news-frames:conflict" in row["codes"] for row in rows)
    page.click("#ex-views button[value=speakers]")
    with page.expect_download() as saved:
        page.click("#ex-csv")
    assert len(saved.value.path().read_text("utf-8-sig").splitlines()) > 1


@pytest.mark.browser
@pytest.mark.parametrize(
    "scheme, width",
    [
        ("light", 360),
        ("dark", 1280),
        pytest.param("dark", 360, marks=pytest.mark.full),
        pytest.param("light", 1280, marks=pytest.mark.full),
    ],
)
def test_axe_finds_nothing_in_any_state(reports, open_page, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(reports["two"], color_scheme=scheme, viewport={"width": width, "height": 800})
    for state in ("all=", "q=rained", "view=speakers", "view=words&class=attributed", "q=xyzzy",
                  "article=3.2", "view=codes&outlet=nowhere"):  # fmt: skip
        go(page, state)
        page.evaluate("document.getElementById('ex-fields').open = true")
        found = axe.run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response
        wrong = [(rule["id"], node["html"][:200]) for rule in found["violations"]
                 for node in rule["nodes"]]  # fmt: skip
        assert found["passes"] and wrong == [], state
        assert page.evaluate("document.documentElement.scrollWidth") <= width, state


@pytest.mark.browser
def test_attacks_are_text(tmp_path, open_page):
    write_corpus(tmp_path / "texts")
    folder = make_report(tmp_path / "texts", tmp_path / "out").parent
    page = open_page(folder)
    count = "[window.pwned, ...document.querySelectorAll('.pwned')].filter(Boolean).length"
    for view in ("", "speakers", "outlets", "words"):
        go(page, f"view={view}")
        assert page.evaluate(count) == 0, view
    go(page, "q=day")
    while page.locator("button:text('Show all'):visible").count():
        page.click("button:text('Show all')")
    shown = "".join(page.inner_text("#ex-result").split())
    assert sum("".join(one.split()) in shown for one in ALL) > len(ALL) / 2
    for one in ALL[:40]:
        go(page, link_to(q=one, speaker=one, outlet=one, code=one).partition("#")[2])
        assert page.evaluate(count) == 0, one


@pytest.mark.browser
def test_without_scripts_drawn_sentences_are_shown(reports, open_page):
    page = open_page(reports["two"], java_script_enabled=False)
    assert page.locator("blockquote").count() == 20
    assert page.get_by_text("scripts are off").is_visible()
    assert not page.locator("#ex-app").is_visible()


@pytest.mark.browser
def test_it_works_inside_a_notebooks_frame(reports, browser, tmp_path):
    """As JupyterLab shows it: the page as srcdoc, where an address cannot be written."""
    page = browser.new_page()
    inner = (reports["two"] / "explorer.html").read_text("utf-8").replace("&", "&amp;")
    outer = tmp_path / "outer.html"
    outer.write_text(
        f'<iframe style="width:60rem;height:46rem" srcdoc="{inner.replace(chr(34), "&quot;")}"></iframe>',
        "utf-8",
    )
    page.goto(outer.as_uri())
    frame = page.frames[1]
    frame.wait_for_selector("#ex-status[data-n]", state="attached")
    before = frame.get_attribute("#ex-status", "data-n")
    frame.fill("#ex-q", "rained")
    frame.wait_for_function(
        "old => document.getElementById('ex-status').dataset.n !== old", arg=before
    )
    frame.click("#ex-views button[value=outlets]")
    assert frame.locator("#ex-result tbody tr").count() > 1
    page.close()
