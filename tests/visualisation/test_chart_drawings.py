"""Every mark of every chart, on tables small enough to be followed with a finger.

drawings.txt has what is drawn; `python tests/visualisation/test_chart_drawings.py` writes it again.
"""

import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from drawing import draw, read, write

from framebook.tables import make_documents
from framebook.visualisation.by_source import (
    CASES,
    LIMIT,
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

DRAWINGS = Path(__file__).with_name("drawings.txt")


def sentences_of(*sizes, lead=0):
    """Return sentences of articles of so many sentences each; `lead` of the first are its lead."""
    rows = [(doc_id, doc_id * 2**20 + n) for doc_id, size in enumerate(sizes) for n in range(size)]
    table = pd.DataFrame(rows, columns=["doc_id", "sent_id"])
    return table.assign(part=["lead"] * lead + ["body"] * (len(table) - lead))


def tone(sentences, vader, textblob):
    size = len(sentences)
    return plot_tone(
        sentences.assign(
            vader_compound=(vader * size)[:size], textblob_polarity=(textblob * size)[:size]
        ),
        sentences,
    )


def cued(sentences, **places):
    rows = [(code, sentences.sent_id[n]) for code, at in places.items() for n in at]
    return pd.DataFrame(rows, columns=["code", "sent_id"])


def grouped(n_groups, n_each, dates=None):
    rows = [
        (f"Outlet {group:02}", dates[n % len(dates)] if dates else None, (n % 4 - group % 3) / 4)
        for group in range(n_groups)
        for n in range(n_each + (group == 1))
    ]
    return pd.DataFrame(rows, columns=["group", "date", "value"])


LABELS = {"flood": "Flood and its many consequences for the valley", "fire": "Fire", "none": "No"}
FIGURES = {
    "tone of one article": lambda: tone(sentences_of(5), [0.5, -0.25, 0, 1], [0.125, 0.25]),
    "tone of sixty sentences": lambda: tone(sentences_of(60), [0.5, -0.5], [0.25, 0.75, -1]),
    "tone of sixty-one": lambda: tone(sentences_of(61), [0.5, -0.5], [0.25, 0.75, -1]),
    "tone of two articles": lambda: tone(sentences_of(12, 20), [0.1, -0.2, 0.3], [0.9, 0.2]),
    "tone of thirteen": lambda: tone(sentences_of(13), [0.02], [0.0]),
    "bars": lambda: plot_bars(
        pd.Series({"a_b": 3, "c": 1200, "d": 3, "e": 0}), 1, "Bars", note="N"
    ),
    "bars of nothing": lambda: plot_bars(pd.Series({"a": 0}), 2, "Bars", "units"),
    "no bars": lambda: plot_bars(pd.Series(dtype=int), 0, "Bars"),
    "sequence of one": lambda: plot_sequence(
        cued(sentences_of(6), flood=[1, 1, 4], fire=[0]), sentences_of(6, lead=2), LABELS
    ),
    "sequence of a lead alone": lambda: plot_sequence(
        cued(sentences_of(3), fire=[2]), sentences_of(3, lead=3), LABELS, note="Checked."
    ),
    "sequence of sixty": lambda: plot_sequence(
        cued(sentences_of(60), fire=[0, 59]), sentences_of(60), LABELS
    ),
    "sequence of many": lambda: plot_sequence(
        cued(sentences_of(20, 30), flood=[0, 1, 45], fire=[*range(10, 20)]),
        sentences_of(20, 30),
        LABELS,
    ),
    "sequence of none": lambda: plot_sequence(
        cued(sentences_of(3), other=[1]), sentences_of(3), LABELS
    ),
    "shares": lambda: plot_shares(
        pd.DataFrame(
            {
                "n_words": [1500, 499, 1],
                "share": [0.75, 0.2495, 0.0005],
                "n_sentences": [90, 30, 1],
            },
            ["narrator", "quoted_words", "none"],
        )
    ),
    "matrix": lambda: plot_matrix(
        pd.DataFrame({"narrator": [3, 0], "an_expert": [0, 0], "c": [1000, 0]}, ["Flood", "Fire"]),
        "Matrix",
        "Note.",
    ),
    "matrix of six columns": lambda: plot_matrix(
        pd.DataFrame([[0, 1, 0, 0, 0, 0]], ["a"], list("uvwxyz")), "Matrix", "Note."
    ),
    "matrix of zeros": lambda: plot_matrix(pd.DataFrame({"x": [0]}, ["a"]), "Matrix", "Note."),
    "no matrix": lambda: plot_matrix(pd.DataFrame(), "Matrix", "Note."),
    "groups": lambda: plot_groups(grouped(3, 4), "Groups", "value", "Note."),
    "groups above zero": lambda: plot_groups(
        grouped(2, 1).assign(value=[0.5, 1.0, 0.25]), "Groups", "value", "Note."
    ),
    "as many groups as are drawn": lambda: plot_groups(grouped(LIMIT, 1), "G", "v", "N."),
    "a group too many": lambda: plot_groups(grouped(LIMIT + 1, 1), "G", "v", "N."),
    "as many articles as have dots": lambda: plot_groups(
        grouped(2, CASES // 2).head(CASES), "G", "v", "N."
    ),
    "an article too many": lambda: plot_groups(grouped(2, CASES // 2), "G", "v", "N."),
    "panels": lambda: plot_panels(grouped(3, 4, ["2031", "2032"]), "Panels", "value", "Note."),
    "four panels": lambda: plot_panels(
        grouped(4, 9, [f"203{n}" for n in range(9)]), "Panels", "value", "Note."
    ),
    "five panels of many": lambda: plot_panels(
        grouped(5, CASES // 5, ["2031", None, "2030"]), "Panels", "value", "Note."
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_what_is_drawn(name):
    assert draw(FIGURES[name]()).split("\n") == read(DRAWINGS)[name].split("\n")


def test_values_by_group_and_the_finest_dates_of_which_there_are_twelve():
    days = [f"2031-01-{n:02}" for n in range(1, 13)]
    documents = make_documents(
        ["x"] * 14, source=[*"ba" * 6, None, "c"], date=[*days, days[0], None]
    )
    values = pd.Series({n: n / 10 for n in range(14) if n != 3})
    by_source = group_values(documents, values, "source")
    assert by_source.group.tolist() == list("aaaaabbbbbbc")
    assert by_source.value.tolist() == [0.1, 0.5, 0.7, 0.9, 1.1, 0, 0.2, 0.4, 0.6, 0.8, 1, 1.3]
    assert by_source.date.tolist()[:-1] == [days[n] for n in (1, 5, 7, 9, 11, 0, 2, 4, 6, 8, 10)]
    by_date = group_values(documents, values, "date")
    assert by_date.group.tolist() == [days[0], days[0], days[1], days[2], *days[4:12]]
    for extra, cut in ((["2031-02-01"], 7), ([f"{year}-03-01" for year in range(2000, 2012)], 4)):
        dates = [*days, *extra]
        documents = make_documents(["x"] * len(dates), date=dates)
        found = group_values(documents, pd.Series(1.0, range(len(dates))), "date")
        assert found.group.tolist() == sorted(date[:cut] for date in dates)
    one = make_documents(["x", "y"], source=["a", "a"])
    assert group_values(one, pd.Series([1.0, 2.0]), "source").empty


def test_the_share_of_sentences_with_a_cue():
    sentences = sentences_of(4, 2, 1)
    spans = cued(sentences, a=[0, 0, 3, 4], b=[1])
    assert cues_per_document(spans, sentences, "a").to_dict() == {0: 0.5, 1: 0.5, 2: 0.0}
    assert cues_per_document(spans, sentences, "b").to_dict() == {0: 0.25, 1: 0.0, 2: 0.0}


if __name__ == "__main__":
    write(DRAWINGS, FIGURES)
