"""The report on the seed article, opened from the disk in a real browser with no network."""

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from framebook.common.folders import PROJECT
from framebook.comparison.comparison import compare
from framebook.report.report import make_report
from framebook.report.single_page import join_pages

pytestmark = pytest.mark.browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
IMAGES = "images => images.map(i => [i.complete && i.naturalWidth > 0, i.alt, i.src.slice(0, 80)])"
OPEN = "all => all.forEach(one => one.open = true)"
ALL_LINKS = "links => links.map(link => link.href)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, chromium):
    """The folder of the real report, made once."""
    return make_report(out=tmp_path_factory.mktemp("browser") / "report").parent


@pytest.fixture
def open_page(browser):
    """Return a function that opens a file; what goes wrong is gathered and must be nothing."""
    tabs, wrong = {}, []

    def watch(route):
        url = route.request.url
        if urlsplit(url).scheme in {"file", "data"}:
            route.continue_()
        else:
            wrong.append(f"requested {url}")
            route.abort()

    def opened(path, width=1600, scheme="light"):
        if (width, scheme) not in tabs:
            page = browser.new_page(
                offline=True, color_scheme=scheme, viewport={"width": width, "height": 800}
            )
            page.route("**/*", watch)
            page.on("console", lambda said: wrong.append(said.text))
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("requestfailed", lambda request: wrong.append(f"failed {request.url[:80]}"))
            tabs[width, scheme] = page
        tabs[width, scheme].goto(path.as_uri(), wait_until="load")
        return tabs[width, scheme]

    yield opened
    for page in tabs.values():
        page.close()
    assert wrong == []


@pytest.fixture(scope="module")
def comparisons(tmp_path_factory, chromium):
    """The pages of two versions of a text, and of two corpora."""
    folder = tmp_path_factory.mktemp("comparisons")
    for name, text in (
        ("a", "The mayor said the dam may hold. It rained. 12 men left early."),
        ("b", "It rained. The mayor claimed the dam will hold. All is well."),
    ):
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return [
        compare(folder / "a.txt", folder / "b.txt", folder / "versions"),
        compare(folder / "a.txt", PROJECT / "seeds" / "teaching", folder / "corpora"),
    ]


@pytest.fixture(scope="module")
def whole(folder, tmp_path_factory):
    """The report as one page, alone in a folder."""
    chapters = json.loads((folder / "manifest.json").read_text("utf-8"))["chapters"]
    names = ["index", *chapters]
    path = tmp_path_factory.mktemp("whole") / "report.html"
    path.write_text(join_pages(folder, names), "utf-8")
    return path


def pages_of(folder):
    pages = sorted(folder.glob("*.html"))
    assert len(pages) >= 8, "a cover, five chapters, the explorer and the methods"
    return pages


def test_nothing_is_missing(folder, open_page):
    images = 0
    for path in pages_of(folder):
        page = open_page(path)
        page.locator("details").evaluate_all(OPEN)
        for shown, alt, source in page.locator("img").evaluate_all(IMAGES):
            assert shown and alt.strip(), f"{path.name}: {source}"
            assert "No description has been provided" not in alt, path.name
            images += 1
        assert page.locator("h1").count() == 1, path.name
        assert page.locator("main").count() == 1, path.name
        assert page.title().strip(), path.name
    assert images > 0


def test_links_lead_somewhere(folder, open_page):
    for path in pages_of(folder):
        for link in open_page(path).locator("a[href]").evaluate_all(ALL_LINKS):
            target = urlsplit(link)
            if target.scheme == "file" and "=" not in target.fragment:
                file = Path(unquote(target.path))
                assert file.exists(), f"{path.name}: {link}"
                if target.fragment:
                    anchor = f'id="{unquote(target.fragment)}"'
                    assert anchor in file.read_text("utf-8"), f"{path.name}: {link}"


def test_one_page_has_all_that_it_links_to(whole, open_page):
    page = open_page(whole)
    page.locator("details").evaluate_all(OPEN)
    images = page.locator("img").evaluate_all(IMAGES)
    assert images and all(shown and alt.strip() for shown, alt, _ in images)
    ids = page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    for link in page.locator("a[href]").evaluate_all(ALL_LINKS):
        target = urlsplit(link)
        fragment = unquote(target.fragment)
        assert target.scheme != "file" or "=" in fragment or fragment in ids, link


@pytest.mark.parametrize("width", [360, 1600])
def test_page_does_not_scroll_sideways(folder, whole, comparisons, open_page, width):
    for path in [*pages_of(folder), whole, *comparisons]:
        page = open_page(path, width=width)
        page.locator("details").evaluate_all(OPEN)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name


def test_keyboard_reaches_the_content_first(folder, open_page):
    page = open_page(folder / "index.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_paper_has_every_mark_of_a_chart_and_cuts_no_line(folder, comparisons, open_page):
    for path in [*pages_of(folder), *comparisons]:
        page = open_page(path, width=673)  # what A4 has between our margins, at 96 to the inch
        page.emulate_media(media="print")
        marks = "[...document.querySelectorAll('.track > span, .cell, .column')]"
        told = page.evaluate(f"{marks}.map(one => getComputedStyle(one).printColorAdjust)")
        assert set(told) <= {"exact"}, path.name
        assert told or path.stem not in ("voices", "frames")
        assert page.evaluate("document.documentElement.scrollWidth") <= 673, path.name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(folder, whole, comparisons, open_page, scheme, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    pages = [*pages_of(folder), *comparisons]
    few = pages if scheme == "light" else [folder / "index.html", folder / "voices.html"]
    for path in size(few, [*pages, whole]):
        page = open_page(path, width=360, scheme=scheme)
        page.locator("details").evaluate_all(OPEN)
        found = axe.run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response
        assert found["passes"], "axe ran"
        wrong = [
            (rule["id"], node["html"][:200])
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
        assert wrong == [], path.name
