"""The figures: descriptions hold the data's numbers, and the same data gives the same bytes."""

import re
from xml.etree import ElementTree

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from framebook.chain import get_tables
from framebook.common.text import number
from framebook.comparison.showing import plot_sides
from framebook.robustness.curve import plot_specifications
from framebook.tables import SENTENCE_STRIDE, empty, make_documents
from framebook.tokenising.keyness import plot_keyness
from framebook.validation import cards
from framebook.visualisation import by_source, charts, figure
from framebook.visualisation.by_source import (
    cues_per_document,
    group_values,
    plot_groups,
    plot_panels,
)
from framebook.visualisation.charts import (
    plot_bars,
    plot_matrix,
    plot_sequence,
    plot_shares,
    plot_tone,
)
from framebook.visualisation.figure import BLUE, RED, save, show, tabulate

LABELS = {"demo:harm": "Harm", "demo:help": "Help"}
GROUPS = pd.DataFrame(
    {
        "group": ["North", "North", "South"],
        "value": [0.1, 0.3, -0.25],
        "date": ["2031-01", "2031-02", "2031-01"],
    }
)


def make_sentences(*counts):
    """Return sentences: one document a count, the first sentence its lead."""
    rows = [
        (d * SENTENCE_STRIDE + n, d, "body" if n else "lead", n, 10 * n, 10 * n + 9, 2)
        for d, count in enumerate(counts)
        for n in range(count)
    ]
    return pd.DataFrame(rows, columns=list(empty("sentences").columns))


def make_tone(sentences):
    values = [round(-0.5 + 0.25 * (n % 4), 2) for n in range(len(sentences))]
    return pd.DataFrame(
        {
            "sent_id": sentences.sent_id,
            "doc_id": sentences.doc_id,
            "textblob_polarity": 0.0,
            "textblob_subjectivity": 0.0,
            "vader_compound": values,
        }
    )


def make_spans(*places):
    """Return spans of (sent_id, code)."""
    rows = [(s // SENTENCE_STRIDE, s, 0, 3, "theme", code, "x", None) for s, code in places]
    return pd.DataFrame(rows, columns=list(empty("spans").columns))


def make_shares(**words):
    shares = pd.DataFrame({"n_words": words, "n_sentences": dict.fromkeys(words, 1)})
    shares.insert(1, "share", shares.n_words / max(shares.n_words.sum(), 1))
    return shares


FOUR = make_sentences(4)
TWO_DOCUMENTS = make_sentences(10, 20)
HITS = make_spans((0, "demo:harm"), (0, "demo:harm"), (2, "demo:harm"), (3, "demo:help"))
MANY = pd.DataFrame(
    {
        "group": ["North", "South"] * 300,
        "value": [0.1, 0.3, 0.2] * 200,
        "date": ["2031-01", "2031-01", "2031-02", "2031-02"] * 150,
    }
)
KEY = pd.DataFrame(
    {
        "word": ["dam", "fire"],
        "n_target": [8, 1],
        "n_documents_target": [5, 1],
        "n_words_target": 100,
        "n_reference": [2, 9],
        "n_documents_reference": [2, 6],
        "n_words_reference": 100,
        "log_ratio": [2.0, -3.0],
        "log_ratio_low": [0.5, -5.0],
        "log_ratio_high": [3.5, -1.0],
        "g2": [9.0, 8.0],
    }
)
CARD = cards.Card(
    "demo:harm",
    "1",
    "",
    "Harm",
    "Harm is done.",
    "sentence",
    9,
    1,
    "",
    2,
    9,
    0.9,
    [0.8, 0.6, 0.9],
    9,
    4,
    0,
    *[[0.5, None, None]] * 5,
    "articles",
    False,
)
SIDES = pd.DataFrame(
    {
        "label": ["Harm"],
        "n_a": 1,
        "total_a": 4,
        "a": 0.25,
        "n_b": 2,
        "total_b": 4,
        "b": 0.5,
        "difference": 0.25,
        "low": None,
        "high": None,
    }
)
DONE = pd.DataFrame(
    {
        "unit": ["sentence", "word"],
        "is_primary": [True, False],
        "status": "done",
        "estimate": [0.1, 0.2],
        "low": 0.0,
        "high": 0.3,
        "n": 9,
        "n_articles": 1,
        "bounds": "any one sentence left out",
    }
)
FIGURES = {
    "tone": lambda **ax: plot_tone(make_tone(FOUR), FOUR, **ax),
    "tone_corpus": lambda **ax: plot_tone(make_tone(TWO_DOCUMENTS), TWO_DOCUMENTS, **ax),
    "bars": lambda **ax: plot_bars(pd.Series({"Harm": 2, "Help": 1}), 4, "Cues", **ax),
    "sequence": lambda **ax: plot_sequence(HITS, FOUR, LABELS, **ax),
    "sequence_corpus": lambda **ax: plot_sequence(HITS, TWO_DOCUMENTS, LABELS, **ax),
    "shares": lambda **ax: plot_shares(make_shares(narrator=3, paraphrased=1), **ax),
    "matrix": lambda **ax: plot_matrix(
        pd.DataFrame({"narrator": [2, 0], "government": [1, 0]}, index=["Harm", "Help"]),
        "M",
        "n = 3.",
        **ax,
    ),
    "groups": lambda **ax: plot_groups(GROUPS, "G", "share", "Note.", **ax),
    "panels": lambda **ax: plot_panels(GROUPS, "P", "share", "Note.", **ax),
    "groups_many": lambda **ax: plot_groups(MANY, "G", "share", "Note.", **ax),
    "panels_many": lambda **ax: plot_panels(MANY, "P", "share", "Note.", **ax),
    "keyness": lambda **ax: plot_keyness(KEY, ("A", "B"), "Note.", **ax),
    "keyness_few": lambda **ax: plot_keyness(
        KEY.assign(log_ratio_low=float("nan")), ("A", "B"), "Note.", **ax
    ),
    "cards": lambda **ax: cards.plot_cards([CARD], **ax),
    "sides": lambda **ax: plot_sides(SIDES, "S", "share", "n = 4.", {"A": "A", "B": "B"}, **ax),
    "specifications": lambda **ax: plot_specifications(DONE, ["unit"], "C", "mean", "Note.", **ax),
}
TINY = {
    "tone_one": lambda: plot_tone(make_tone(make_sentences(1)), make_sentences(1)),
    "bars_none": lambda: plot_bars(pd.Series(dtype=int), 0, "Cues"),
    "bars_noughts": lambda: plot_bars(pd.Series({"Harm": 0}), 1, "Cues"),
    "sequence_none": lambda: plot_sequence(empty("spans"), make_sentences(1), LABELS),
    "sequence_one": lambda: plot_sequence(HITS[:1], make_sentences(1), LABELS),
    "shares_none": lambda: plot_shares(make_shares(narrator=0, quoted=0)),
    "matrix_none": lambda: plot_matrix(pd.DataFrame(), "M", "n = 0."),
    "groups_one": lambda: plot_groups(GROUPS[:1], "G", "share", ""),
    "panels_one": lambda: plot_panels(GROUPS[:1], "P", "share", ""),
}


@pytest.fixture(autouse=True)
def nothing_left_open():
    yield
    plt.close("all")


@pytest.mark.parametrize("name", FIGURES)
def test_returns_the_ax_that_it_was_given(name):
    ax = plt.subplots()[1]
    assert FIGURES[name](ax=ax) is ax


@pytest.mark.parametrize(
    "name, said",
    {
        "tone": "Tone through the text. VADER runs from −0.50 to 0.25, mean −0.12. TextBlob runs from "
        "0.00 to 0.00, mean 0.00. n = 4 sentences of 1 article. NLTK's VADER, TextBlob. "
        "Not validated here.",
        "bars": "Cues. Bars, sentences with a cue: Harm 2; Help 1. n = 4 sentences.",
        "sequence": "Where the cues stand. Sentences with a cue: Harm in 2; Help in 1. n = 4 sentences "
        "of 1 article. A mark is a sentence with a cue by patterns; a cue is not a "
        "frame. Not validated here.",
        "sequence_corpus": "Where the cues stand. Sentences with a cue: Harm in 2; Help in 1. n = 30 "
        "sentences of 2 articles. Cues by patterns. Height: share of the sentences "
        "of that tenth, the highest 33%; a cue is not a frame. Not validated here.",
        "shares": "Whose words. Shares of the words: narrator 75%; paraphrased 25%. n = 4 words. Rules "
        "over reporting verbs and quotation marks. Not validated here.",
        "matrix": "M. Harm: narrator 2, government 1. n = 3.",
        "groups": "G. Means: North 0.20 (2 articles); South −0.25 (1 article). n = 3 articles in 2 "
        "groups. A dot is an article, a black line a mean. Note.",
        "groups_many": "G. Means: North 0.20 (300 articles); South 0.20 (300 articles). n = 600 "
        "articles in 2 groups. A pale bar is the middle half of its articles, a black "
        "line a mean. Note.",
        "keyness": "Words of A and of B. A : B. dam 2.00 [0.50, 3.50], 8 : 2; fire −3.00 [−5.00, "
        "−1.00], 1 : 9. n = A 100 words, B 100. Note. Lines: 95 % intervals, none where a "
        "part lacks the word.",
        "keyness_few": "Words of A and of B. A : B. dam 8 : 2; fire 1 : 9. n = A 100 words, B 100. "
        "Note. Too few articles for an interval or a test.",
        "panels": "P. Means: North 2031-01 0.10; North 2031-02 0.30; South 2031-01 −0.25. n = 3 "
        "articles in 2 groups. A dot is an article, the line a mean by date. Note.",
    }.items(),
)
def test_describes_what_it_drew(name, said):
    assert FIGURES[name]().figure.alt == said


@pytest.mark.parametrize("name", [*FIGURES, "matrix_none"])
def test_saves_the_same_bytes_twice_with_text_and_description(name, tmp_path):
    plot = {**FIGURES, **TINY}[name]
    paths = save(plot(), "figure", tmp_path / "first")
    again = save(plot(), "figure", tmp_path / "second")
    assert [path.name for path in paths] == ["figure.svg", "figure.png", "figure.csv"]
    assert [p.read_bytes() for p in paths] == [p.read_bytes() for p in again]
    svg = paths[0].read_text(encoding="utf-8")
    tags = {
        element.tag.rpartition("}")[2]: element.text
        for element in reversed(list(ElementTree.fromstring(svg).iter()))
    }
    assert tags["description"] == plot().figure.alt
    assert tags["description"].startswith(f"{tags['title']}. ") and "text" in tags
    assert not re.search(r"dc:date|Matplotlib v|\d{4}-\d\d-\d\dT", svg)
    assert b"Description" in paths[1].read_bytes()[:5000]
    assert b"Software" not in paths[1].read_bytes()[:5000]
    dots_a_metre = (11811).to_bytes(4, "big")  # 300 an inch
    assert b"pHYs" + 2 * dots_a_metre + b"\x01" in paths[1].read_bytes()[:5000]


def test_showing_a_figure_in_between_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "IPython.display.display",
        lambda shown, **_: hasattr(shown, "canvas") and shown.canvas.draw(),
    )
    ax = FIGURES["groups"]()
    first = [path.read_bytes() for path in save(ax, "figure", tmp_path)]
    show(ax)
    assert first == [path.read_bytes() for path in save(ax, "figure", tmp_path)]


@pytest.mark.parametrize("name", TINY)
def test_empty_and_tiny_tables_give_a_figure_that_says_so(name):
    alt = TINY[name]().figure.alt
    assert "nan" not in alt.lower()
    if name.endswith("none") and name != "shares_none":
        assert re.search("Nothing was counted|No cue was found", alt)


def test_show_carries_the_description_and_closes_the_figure(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *a, **named: shown.append((a, named)))
    ax = FIGURES["bars"]()
    show(ax)
    assert shown[0] == ((ax.figure,), {"metadata": {"image/png": {"alt": ax.figure.alt}}})
    assert len(shown) == 2 and shown[1][0][0].data == tabulate(ax)
    assert plt.get_fignums() == []


def test_a_figure_of_several_axes_keeps_its_size():
    figure, axes = plt.subplots(1, 2, figsize=(9, 4))
    FIGURES["bars"](ax=axes[0])
    assert figure.get_size_inches().tolist() == [9, 4]


@pytest.mark.parametrize("name", FIGURES)
def test_text_stands_out_from_white(name):
    figure = FIGURES[name]().figure
    figure.draw_without_rendering()
    colours = {text.get_color() for text in figure.findobj(matplotlib.text.Text) if text.get_text()}
    assert {colour: contrast(colour) for colour in colours if contrast(colour) < 4.5} == {}


@pytest.mark.parametrize(
    "name, data",
    {
        "tone": [(1, -0.5, 0), (2, -0.25, 0), (3, 0, 0), (4, 0.25, 0)],
        "bars": [("Harm", 2), ("Help", 1)],
        "sequence": [("Harm", 2, "1, 3"), ("Help", 1, "4")],
        "shares": [("narrator", 3, 0.75, 1), ("paraphrased", 1, 0.25, 1)],
        "matrix": [("Harm", 2, 1), ("Help", 0, 0)],
        "groups": [("North", 0.2, 2), ("South", -0.25, 1)],
        "panels": [
            ("North", "2031-01", 0.1, 1),
            ("North", "2031-02", 0.3, 1),
            ("South", "2031-01", -0.25, 1),
        ],
        "keyness_few": [("dam", 8, 5, 2, 2), ("fire", 1, 1, 9, 6)],
        "cards": [("Harm", 0.8, 0.6, 0.9, 0.5, None, None, 9)],
    }.items(),
)
def test_gives_the_numbers_that_it_drew(name, data):
    assert [*FIGURES[name]().figure.data.itertuples(index=False, name=None)] == data


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_its_numbers_as_a_table_and_a_file(name, tmp_path):
    ax = FIGURES[name]()
    assert len(ax.figure.data) and "<table" in tabulate(ax)
    read = pd.read_csv(save(ax, "figure", tmp_path)[2])
    assert list(read.columns) == list(ax.figure.data.columns) and len(read) == len(ax.figure.data)


@pytest.mark.parametrize("name", FIGURES)
def test_every_note_says_n(name):
    assert "n = " in FIGURES[name]().figure.alt


def test_tables_and_files_are_no_way_in(tmp_path):
    attack = {"<script>alert(1)</script>": 2, "=cmd()|'/C calc'!A0": 1}
    ax = plot_bars(pd.Series(attack), 4, "<img src=x onerror=alert(1)>")
    assert "<script" not in tabulate(ax) and "<img" not in tabulate(ax)
    cells = pd.read_csv(save(ax, "figure", tmp_path)[2]).iloc[:, 0]
    assert cells[1] == "'=cmd()|'/C calc'!A0"


def test_a_long_table_is_cut_in_the_notebook_and_whole_in_the_file(tmp_path):
    ax = plot_bars(pd.Series({f"code {n}": n for n in range(120)}), 120, "Cues")
    assert tabulate(ax).count("<tr") == figure.LISTED + 1
    assert "… and 20 more rows." in tabulate(ax)
    assert len(pd.read_csv(save(ax, "figure", tmp_path)[2])) == 120


def test_the_two_colours_differ_in_grey_and_for_the_colour_blind():
    # Machado et al. (2009, doi:10.1109/TVCG.2009.113), severity 1: two cones, and the third.
    seen = {
        "protan": [
            (0.152286, 1.052583, -0.204868),
            (0.114503, 0.786281, 0.099216),
            (-0.003882, -0.048116, 1.051998),
        ],
        "deutan": [
            (0.367322, 0.860646, -0.227968),
            (0.280085, 0.672501, 0.047413),
            (-0.011820, 0.042940, 0.968881),
        ],
        "tritan": [
            (1.255528, -0.076749, -0.178779),
            (-0.078411, 0.930809, 0.147602),
            (0.004733, 0.691367, 0.303900),
        ],
    }
    lightness = {c: 116 * luminance(c) ** (1 / 3) - 16 for c in (BLUE, RED)}
    assert abs(lightness[BLUE] - lightness[RED]) > 15
    for matrix in seen.values():
        one, other = (pd.DataFrame(matrix).to_numpy() @ to_rgba(c)[:3] for c in (BLUE, RED))
        assert abs(one - other).max() > 0.2


def test_many_articles_are_drawn_as_few_shapes(tmp_path):
    many = pd.DataFrame(
        {
            "group": [f"Paper {n % 30:02}" for n in range(10_000)],
            "date": [f"2031-{1 + n % 12:02}" for n in range(10_000)],
            "value": [n % 7 / 10 for n in range(10_000)],
        }
    )
    assert len(many) > by_source.CASES
    for plot in (plot_groups, plot_panels):
        svg, png, _ = save(plot(many, "Many", "share", ""), plot.__name__, tmp_path)
        assert svg.stat().st_size < 250_000 and png.stat().st_size < 600_000


def test_numbers_on_the_darkest_cell_stand_out():
    shade = FIGURES["matrix"]().images[0]
    assert contrast("black", shade.cmap(shade.norm(2))) >= 4.5


def luminance(colour):
    parts = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgba(colour)[:3]
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(colour, other="white"):
    low, high = sorted([luminance(colour), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("size", [1, 5, 12, 13, 22, 300])
def test_sentences_are_numbered_from_one_in_whole_numbers(size):
    sentences = make_sentences(size)
    ticks = plot_tone(make_tone(sentences), sentences).get_xticks().tolist()
    assert ticks[0] == 1 and ticks[-1] <= size and all(tick == int(tick) for tick in ticks)
    assert len(ticks) == len(set(ticks)) <= 13


def test_axes_of_bars_and_of_groups_hold_nought():
    assert FIGURES["bars"]().get_xlim()[0] == 0
    low, high = FIGURES["groups"]().get_xlim()
    assert low <= -0.25 and high >= 0.3
    positive = GROUPS.assign(value=[0.5, 0.6, 0.7])
    assert plot_groups(positive, "G", "share", "").get_xlim()[0] == 0


def test_equal_counts_keep_the_order_that_they_came_in():
    ax = plot_bars(pd.Series({"Harm": 1, "Help": 1, "Hope": 5}), 9, "Cues")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Help", "Harm", "Hope"]


def test_many_groups_are_cut_and_the_note_says_so():
    values = pd.DataFrame({"group": [f"g{n:02}" for n in range(25)], "value": 0.5})
    ax = plot_groups(values, "G", "share", "")
    assert len(ax.get_yticks()) == charts.LIMIT
    assert "n = 20 articles" not in ax.figure.alt
    assert "n = 25 articles in 25 groups (the 20 with most articles drawn)." in ax.figure.alt
    largest = pd.concat([values, values.tail(3)], ignore_index=True)
    drawn = plot_groups(largest, "G", "share", "").figure.data
    assert {"g22", "g23", "g24"} < set(drawn.group)


@pytest.mark.parametrize("value, said", [(-0.001, "0.00"), (-0.25, "−0.25"), (1, "1.00")])
def test_number(value, said):
    assert number(value) == said


def test_group_values_leaves_out_what_has_no_source_and_says_when_nothing_compares():
    dates = pd.to_datetime(["2031-01-05", None, "2031-01-05", "2031-02-01"])
    documents = make_documents(["a", "b", "c", "d"], source=["S", None, "R", "S"], date=dates)
    values = pd.Series([0.1, 0.2, 0.3], index=[0, 1, 2])
    table = group_values(documents, values, "source")
    assert table.to_dict("list") == {
        "group": ["R", "S"],
        "date": ["2031-01-05"] * 2,
        "value": [0.3, 0.1],
    }
    assert len(group_values(documents, values, "date")) == 0
    assert len(group_values(make_documents(["a", "b"]), values, "source")) == 0


@pytest.mark.parametrize("step, first", [("D", "2031-01-01"), ("MS", "2031-01"), ("YS", "2031")])
def test_group_values_takes_the_finest_dates_of_at_most_twelve(step, first):
    dates = pd.date_range("2031-01-01", periods=12, freq=step)
    days = [*dates, *(day + pd.Timedelta(days={"MS": 9, "YS": 40}.get(step, 0)) for day in dates)]
    documents = make_documents(["a"] * len(days), date=days)
    table = group_values(documents, pd.Series(0.0, index=documents.doc_id), "date")
    assert (table.group.iloc[0], table.group.nunique()) == (first, 12)


def test_cues_per_document_counts_sentences_and_not_cues():
    shares = cues_per_document(HITS, make_sentences(4, 2), "demo:harm")
    assert shares.to_dict() == {0: 0.5, 1: 0.0}


@pytest.mark.parametrize("article", ["The mayor said the bridge would open again.", "Cats sit."])
def test_one_sentence_goes_through_every_figure(article, tmp_path):
    from framebook.voices.by_voice import cues_by_voice, voice_shares

    (tmp_path / "article.txt").write_text(article, encoding="utf-8")
    documents, sentences, sentiment, spans, voices, segments = get_tables(
        tmp_path,
        "",
        "documents",
        "sentences",
        "sentiment",
        "spans",
        "voices",
        "segments",
        codebooks=["reporting-verbs"],
    )
    for ax in (
        plot_tone(sentiment, sentences),
        plot_sequence(spans, sentences, {code: code for code in spans.code}),
        plot_shares(voice_shares(documents, segments, voices)),
        plot_matrix(cues_by_voice(spans, voices), "Cues by voice", ""),
    ):
        assert "nan" not in ax.figure.alt
        ax.figure.draw_without_rendering()
