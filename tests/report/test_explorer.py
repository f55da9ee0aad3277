"""The explorer: menus that show what is chosen, a page without them, and nothing unescaped."""

import re
import sys

import pytest

from framebook import STATIC
from framebook.chain import get_tables
from framebook.common.errors import InputError
from framebook.loading.articles import CARDS, load_documents
from framebook.report import explorer

widgets = pytest.importorskip("ipywidgets")
ATTACK = "<img src=x onerror=x(1)><script>x(2)</script>"
BOOK = """[codebook]
name = "demo"
[[code]]
id = "harm"
label = "Harm"
patterns = ["flood*"]
"""


@pytest.fixture
def corpus(tmp_path):
    (tmp_path / "demo.toml").write_text(BOOK, "utf-8")
    folder = tmp_path / "articles"
    (folder / "more").mkdir(parents=True)
    text = f"The flood came.\n\nThe mayor said the flood was over.\n\nThen {ATTACK}, a flood."
    (folder / "one.txt").write_text(text, "utf-8")
    (folder / "more" / "DATA_CARD.md").write_text("Invented.", "utf-8")
    (folder / "more" / "two.txt").write_text("It rained on the old town for days.", "utf-8")
    return folder


def books_of(corpus):
    return [str(corpus.parent / "demo.toml")]


def tables_of(corpus):
    return get_tables(corpus, "", *explorer.NAMES, codebooks=books_of(corpus))


def numbers_in(html):
    return [
        tuple(re.findall(r"<td>(.*?)</td>", row))
        for row in re.findall(r"<tr>(?:(?!</tr>).)*<td>.*?</tr>", html, re.DOTALL)
    ]


def assert_harmless(html):
    assert "<script" not in html and "onerror" not in re.sub(r"&lt;.*?&gt;", "", html)
    assert all(
        re.match(
            r'<img alt="[^"]+" style="max-width:100%" src="data:image/png;base64,'
            r'[\w+/=]+">',
            found,
        )
        for found in re.findall(r"<img.*?>", html)
    )


@pytest.mark.parametrize(
    "voice, n", {"all": 3, "narrator": 2, "attributed": 1, "government": 1}.items()
)
def test_a_choice_shows_its_numbers_and_its_sentences(corpus, voice, n):
    html = explorer.render_choice(tables_of(corpus), "demo", voice)
    assert numbers_in(html) == [("Harm", str(n))]
    assert html.count("<li ") == n
    assert_harmless(html)


def test_the_page_without_menus_has_the_numbers_of_every_choice(corpus):
    tables = tables_of(corpus)
    html = explorer.render_all(tables)
    voices = explorer.list_voices(*tables[2:])
    assert voices == ["all", "narrator", "attributed", "government"]
    assert numbers_in(html) == [("Harm", "3", "2", "1", "1")]
    assert_harmless(html)


def test_menus_redraw_what_is_chosen(corpus):
    menus, view = explorer.make_menus(str(corpus), codebooks=books_of(corpus)).children
    choose = {menu.description: menu for menu in menus.children}
    assert choose["corpus"].options == ("articles", "articles/more")
    assert numbers_in(view.value) == [("Harm", "3")]
    choose["voice"].value = "narrator"
    assert numbers_in(view.value) == [("Harm", "2")]
    choose["voice"].index = 2  # as the browser does
    assert numbers_in(view.value) == [("Harm", "1")]
    choose["corpus"].value = "articles/more"
    assert view.value == "<p>No cue was found.</p>" and choose["codebook"].value is None
    choose["corpus"].value = "articles"
    assert (choose["codebook"].value, choose["voice"].value) == ("demo", "attributed")
    assert numbers_in(view.value) == [("Harm", "1")]
    assert_harmless(view.value)


def test_what_cannot_be_read_is_said_in_the_view_and_escaped(corpus, monkeypatch):
    def fail(*_, **__):
        raise InputError(f"There is nothing in {ATTACK}.")

    monkeypatch.setattr(explorer, "get_tables", fail)
    view = explorer.make_menus(str(corpus)).children[1]
    assert "There is nothing in &lt;img" in view.value
    assert_harmless(view.value)


@pytest.mark.parametrize("case", ["a page is made", "ipywidgets is missing", "live"])
def test_menus_are_shown_in_a_live_notebook_only(corpus, monkeypatch, case):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    monkeypatch.delenv(STATIC, raising=False)
    if case == "a page is made":
        monkeypatch.setenv(STATIC, "1")
    if case == "ipywidgets is missing":
        monkeypatch.setitem(sys.modules, "ipywidgets", None)
    explorer.explore(str(corpus), codebooks=books_of(corpus))
    assert isinstance(shown[0], widgets.VBox) == (case == "live")
    if case != "live":
        assert shown[0].data == explorer.render_all(tables_of(corpus))


def test_corpora_are_the_given_one_those_within_and_those_beside_seeds(tmp_path, monkeypatch):
    for name in ("seeds/teaching", "my-news", "framebook", ".git", "tests", "tools", "my-report"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "seeds" / "teaching" / "DATA_CARD.md").write_text("", "utf-8")
    (tmp_path / "my-report" / "manifest.json").write_text("{}", "utf-8")
    assert list(explorer.list_corpora(tmp_path / "seeds")) == ["seeds", "seeds/teaching"]
    monkeypatch.setattr(explorer, "PROJECT", tmp_path)
    assert list(explorer.list_corpora(tmp_path / "seeds")) == ["seeds", "seeds/teaching", "my-news"]


@pytest.mark.parametrize("card", CARDS)
def test_a_corpus_within_another_is_left_out_of_it_and_offered(tmp_path, card):
    for place in ("own", "part/of/it", "no/card"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "a.txt").write_text("It rained in the town for days.", "utf-8")
        if place != "no/card":
            (tmp_path / place / card).write_text('notes = "Invented."', "utf-8")
    name = tmp_path.name
    found = {f"{name}/{place}": tmp_path / place for place in ("own", "part/of/it")}
    assert explorer.list_corpora(tmp_path) == {name: tmp_path, **found}
    assert load_documents(tmp_path)[0].path.tolist() == ["no/card/a.txt"]
