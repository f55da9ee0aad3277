"""Two sides compared: the alignment, the named kinds of change, the shares, and the page."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from framebook import cli
from framebook.chain import derive_from, derive_tables
from framebook.common.errors import InputError
from framebook.comparison import comparison, revisions
from framebook.comparison.comparison import compare, compare_corpora, contrast, join_documents
from framebook.comparison.revisions import align, compare_versions, find_difference
from framebook.framing.codebook import load_codebook
from framebook.tables import make_documents

CALM, RAIN, DAM = "The river was calm all day.", "It rained.", "The old dam still holds the lake."
NEW = "Farmers sold their last goats."
MIRROR = {
    "added": "dropped",
    "dropped": "added",
    "A": "B",
    "B": "A",
    "deleted": "inserted",
    "inserted": "deleted",
}


def aligned(one, other):
    return [
        (row.kind, *(None if pd.isna(n) else n for n in (row.a, row.b)))
        for row in align(one, other).itertuples()
    ]


@pytest.mark.parametrize(
    ("one", "other", "rows"),
    [
        ([CALM, RAIN], [CALM, RAIN], [("kept", 0, 0), ("kept", 1, 1)]),
        ([CALM, RAIN], ["The river  was calm\nall day.", RAIN], [("kept", 0, 0), ("kept", 1, 1)]),
        ([CALM, RAIN], [CALM.replace("calm", "wild"), RAIN], [("changed", 0, 0), ("kept", 1, 1)]),
        ([CALM], [CALM, RAIN], [("kept", 0, 0), ("added", None, 1)]),
        ([CALM, DAM, RAIN], [CALM, RAIN], [("kept", 0, 0), ("dropped", 1, None), ("kept", 2, 1)]),
        ([CALM, DAM, RAIN], [RAIN, CALM, DAM], [("moved", 2, 0), ("kept", 0, 1), ("kept", 1, 2)]),
        ([CALM, DAM], [NEW], [("dropped", 0, None), ("dropped", 1, None), ("added", None, 0)]),
        ([CALM, NEW], [CALM, DAM], [("kept", 0, 0), ("dropped", 1, None), ("added", None, 1)]),
        (["!?"], ["!?"], [("kept", 0, 0)]),
        ([RAIN], [RAIN, RAIN], [("kept", 0, 0), ("added", None, 1)]),
        ([], [CALM], [("added", None, 0)]),
        ([], [], []),
    ],
)
def test_sentences_are_aligned(one, other, rows):
    assert aligned(one, other) == rows


def test_what_is_moved_and_mended_is_found():
    moved = DAM.replace("still", "no longer")
    assert aligned([DAM, CALM, NEW], [CALM, NEW, moved]) == [
        ("kept", 1, 0),
        ("kept", 2, 1),
        ("moved", 0, 2),
    ]


def test_a_tie_is_broken_alike_in_both_directions():
    there, back = (
        aligned(["a b c", "d e f"], ["d e f", "a b c"]),
        aligned(["d e f", "a b c"], ["a b c", "d e f"]),
    )
    assert sorted(kind for kind, *_ in there) == ["kept", "moved"]
    assert {(kind, b, a) for kind, a, b in back} == set(there)


sentences_of = st.lists(
    st.lists(st.sampled_from("a b c d e f".split()), max_size=6).map(" ".join), max_size=6
)


@given(sentences_of, sentences_of)
def test_alignment_uses_each_sentence_once_and_mirrors(one, other):
    rows = align(one, other)
    assert sorted(rows.a.dropna()) == list(range(len(one)))
    assert sorted(rows.b.dropna()) == list(range(len(other)))
    in_order = rows[rows.kind.isin(["kept", "changed"])]
    assert in_order.a.is_monotonic_increasing and in_order.b.is_monotonic_increasing
    back = {(MIRROR.get(kind, kind), b, a) for kind, a, b in aligned(other, one)}
    assert set(aligned(one, other)) == back


def test_words_deleted_and_inserted():
    assert find_difference("The dam may hold.", "The old dam will hold.") == [
        ("same", "The "),
        ("inserted", "old "),
        ("same", "dam "),
        ("deleted", "may "),
        ("inserted", "will "),
        ("same", "hold."),
    ]
    assert find_difference(RAIN, RAIN) == [("same", RAIN)]
    assert find_difference("a <b> c", "a c") == [("same", "a "), ("deleted", "<b> "), ("same", "c")]


@given(*[st.text("ab c.\n<’", max_size=20)] * 2)
def test_difference_makes_up_both_texts(one, other):
    pieces, back = find_difference(one, other), find_difference(other, one)
    for left_out, whole in ("deleted", other), ("inserted", one):
        made = "".join(text for kind, text in pieces if kind != left_out)
        assert "".join(made.split()) == "".join(whole.split())
    for kind in ("deleted", "inserted"):
        assert [text for k, text in pieces if k == kind] == [
            text for k, text in back if k == MIRROR[kind]
        ]


NAMES = {"A": "one", "B": "other"}


def derive_tables_of(documents):
    return derive_from(documents, [load_codebook("rhetoric")], comparison.WANTED)


def versions_of(one, other):
    documents = join_documents(make_documents([one]), make_documents([other]))
    found, reason = compare_versions(documents, derive_tables_of(documents))
    assert reason == ""
    return found["tables"]


def changes_of(one, other):
    return {(row.kind, row.detail) for row in versions_of(one, other)["changes"].itertuples()}


SAID = "The mayor said the bridge will open in June."
CHANGES = [
    (SAID, SAID.replace("said", "claimed"), "reporting verb changed", "“said” became “claimed”"),
    (SAID, SAID.replace("mayor", "engineer"), "source changed", "“mayor” became “engineer”"),
    (SAID, "The bridge will open in June.", "source removed", "“mayor”"),
    ("The bridge will open in June.", SAID, "source added", "“mayor”"),
    (
        "The army shelled the village of Orrin on Monday.",
        "The village of Orrin was shelled on Monday.",
        "agent removed",
        "“army … shelled”",
    ),
    ("The dam may hold until spring.", "The dam will hold until spring.", "hedge removed", "“may”"),
    (
        "The dam will hold until spring.",
        "The dam will certainly hold until spring.",
        "booster added",
        "“certainly”",
    ),
    (
        "“The bridge will open in June,” the mayor said.",
        SAID,
        "quotation turned paraphrase",
        "“The bridge will open in June” became “the bridge will open in June”",
    ),
    (
        SAID,
        "“The bridge will open in June,” the mayor said.",
        "paraphrase turned quotation",
        "“the bridge will open in June” became “The bridge will open in June”",
    ),
    (
        "Twelve people were hurt in the fall.",
        "15 people were hurt in the fall.",
        "number changed",
        "12 became 15",
    ),
]


@pytest.mark.parametrize(("one", "other", "kind", "detail"), CHANGES)
def test_a_kind_of_change_is_named(one, other, kind, detail):
    speaker = detail.replace("“mayor”", "“the mayor”").replace("“engineer”", "“the engineer”")
    own = [d for k, d in changes_of(one, other) if k == kind]
    assert own in ([detail], [speaker])


@pytest.mark.parametrize(
    ("one", "other", "kinds"),
    [
        (SAID, SAID.replace("said", "says"), "reporting verb"),
        (SAID, SAID.replace("The mayor", "The old mayor"), "source"),
        (SAID, SAID.replace("June", "July"), "source"),
        (
            "Ada Venn leads the town. She said it rained hard in June.",
            "Ada Venn leads the town. Hard as she had it, it rained in June.",
            "source",
        ),
        (
            "The mayor believes he said the truth about the dam.",
            "The mayor he said the truth about the dam.",
            "source|reporting",
        ),
        (SAID, "According to the mayor, the bridge will open in June.", "source"),
        (
            "The army shelled the village of Orrin on Monday.",
            "The village of Orrin was shelled by the army on Monday.",
            "agent",
        ),
        (
            "The army shelled the village of Orrin on Monday.",
            "The army shelled the village of Orrin on Sunday.",
            "agent",
        ),
        ("The dam may hold until spring.", "The dam may hold until summer.", "hedge"),
        ("The dam opened on 5 May.", "The dam opened on 6 May.", "hedge"),
        ("It is certainly a long way.", "It is certainly a very long way.", "hedge"),
        (
            "“The bridge will open in June,” the mayor said.",
            "“The bridge will open in July,” the mayor said.",
            "quotation|paraphrase",
        ),
        ("Twelve people were hurt in the fall.", "12 people were hurt in the fall.", "number"),
        ("It cost 1,000 talins to mend.", "It cost 1000 talins to mend.", "number"),
        ("It cost 1,000 talins to mend.", "It cost many talins to mend.", "number"),
        (SAID, SAID, ""),
    ],
)
def test_a_kind_of_change_is_not_named_in_error(one, other, kinds):
    assert [change for change in changes_of(one, other) if re.match(kinds, change[0])] == []


def test_sources_hold_to_the_attribution_with_the_same_content():
    one = "Ada Venn said the dam holds, but Tom Orr said that the bridge fell."
    other = "Ada Venn said the dam holds, but Tom Orr claimed that the bridge fell."
    assert changes_of(one, other) == {("reporting verb changed", "“said” became “claimed”")}


TURNED = {"removed": "added", "added": "removed"}


@pytest.mark.parametrize(("one", "other"), [pair[:2] for pair in CHANGES])
def test_versions_mirror_each_other(one, other):
    there, back = versions_of(f"{one} {RAIN}", other), versions_of(other, f"{one} {RAIN}")
    mirrored = set()
    for kind, detail in changes_of(other, one):
        start, _, end = kind.rpartition(" ")
        kind = f"{start} {TURNED[end]}" if end in TURNED else kind
        if " turned " in kind:
            kind = " turned ".join(kind.split(" turned ")[::-1])
        mirrored.add((kind, " became ".join(detail.split(" became ")[::-1])))
    assert changes_of(one, other) == mirrored
    for table in (there["sentences"], back["sentences"]):
        table["kind"] = table.kind.astype("object")
    keys = ["kind", "start_a", "end_a", "start_b", "end_b"]
    rows = {tuple(map(str, row)) for row in there["sentences"][keys].to_numpy()}
    assert rows == {
        (MIRROR.get(kind, kind), c, d, a, b)
        for kind, a, b, c, d in (tuple(map(str, row)) for row in back["sentences"][keys].to_numpy())
    }


A = "Dam <b>holds</b>\n\nThe mayor said the dam may hold. The river was calm. It rained & poured."
B = "Dam <b>holds</b>\n\nThe river was calm. The mayor claimed the dam will hold. <script>x"


@pytest.fixture
def two(tmp_path):
    for name, text in ("a.txt", A), ("b.txt", B):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def page_of(folder):
    return BeautifulSoup((folder / "index.html").read_text("utf-8"), "html.parser")


def check_page(page):
    levels = [int(h.name[1]) for h in page.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))
    ids = [one["id"] for one in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert all(link["href"].removeprefix("#") in ids for link in page.select('a[href^="#"]'))
    assert not page.find(["script", "iframe", "object"])
    assert not re.search(r"(src|srcset|data|poster)\s*=\s*[\"']?(https?:)?//", str(page))
    assert page.find("meta", {"http-equiv": "Content-Security-Policy"})
    assert all(th.get("scope") for th in page.find_all("th"))
    assert "Not validated here." in page.get_text()


def test_page_of_two_versions(two):
    assert compare(two / "a.txt", two / "b.txt", two / "out", title="<i>T</i>") == (
        two / "out" / "index.html"
    )
    page, data = page_of(two / "out"), json.loads((two / "out/comparison.json").read_text())
    check_page(page)
    assert page.h1.get_text() == "<i>T</i>" and not page.main.find(["i", "script"])
    assert "Dam <b>holds</b>" in page.get_text()
    items = page.select(".aligned > li")
    assert [item["class"][0] for item in items] == [row["kind"] for row in data["sentences"]]
    changed = next(item for item in items if item.find("del") and item.find("ins"))
    assert [one.get_text() for one in changed.find_all("del")] == ["said", "may"]
    assert [one.get_text() for one in changed.find_all("ins")] == ["claimed", "will"]
    assert "[deleted: said] [inserted: claimed]" in " ".join(changed.get_text().split())
    counts = {d.dt.get_text(): int(d.dd.get_text()) for d in page.select(".numbers div")}
    kinds = pd.Series([row["kind"] for row in data["sentences"]]).value_counts()
    assert {kind: n for kind, n in counts.items() if n} == kinds.to_dict()
    shown = page.select(".evidence > li")
    assert len(shown) == len(data["changes"]) > 0
    assert all(len(one.find_all("p")) == 3 for one in shown)
    assert "forms, not intent" in page.get_text()


def test_versions_are_measured_alike_and_without_an_interval(two):
    compare(two / "a.txt", two / "b.txt", two / "out")
    page, data = page_of(two / "out"), json.loads((two / "out/comparison.json").read_text())
    rows = {row["name"]: row for row in data["measures"]}
    assert {row["group"] for row in data["measures"]} >= {"frame", "speakers", "tone"}
    assert all(row["low"] is None and row["high"] is None for row in rows.values())
    sides = {
        side: sum(row[f"number_{side}"] is not None for row in data["sentences"]) for side in "ab"
    }
    assert all(
        (row["total_a"], row["total_b"]) == (sides["a"], sides["b"])
        for row in rows.values()
        if row["group"] not in ("speakers", "tone")
    )
    shown = {cell.get_text() for cell in page.select("table tbody th")}
    assert shown == {
        row["label"] for row in rows.values() if row["group"] == "tone" or row["n_a"] + row["n_b"]
    }
    assert "no interval and no test" in page.get_text()


def test_offsets_are_those_of_the_tables(two):
    compare(two / "a.txt", two / "b.txt", two / "out")
    rows = json.loads((two / "out" / "comparison.json").read_text("utf-8"))["sentences"]
    for side in "ab":
        made = derive_tables(two / f"{side}.txt", wanted=("sentences",))
        text, own = made["documents"].text[0], [row for row in rows if row[f"number_{side}"]]
        own.sort(key=lambda row: row[f"number_{side}"])
        assert [(row[f"start_{side}"], row[f"end_{side}"]) for row in own] == list(
            zip(made["sentences"].start, made["sentences"].end, strict=True)
        )
        for row in own:
            assert text[row[f"start_{side}"] : row[f"end_{side}"]] == row[f"text_{side}"]


@pytest.mark.parametrize(("one", "other"), [(A, A), ("Rain.", "Rain."), ("Rain.", "Rain. " + A)])
def test_identical_and_short_texts(tmp_path, one, other):
    for name, text in ("a.txt", one), ("b.txt", other):
        (tmp_path / name).write_text(text, "utf-8")
    compare(tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "out")
    page = page_of(tmp_path / "out")
    check_page(page)
    assert ("No difference" in page.get_text()) == (one == other)


def test_what_shares_no_text_is_two_corpora(tmp_path):
    for name, text in ("a.txt", CALM), ("b.txt", NEW):
        (tmp_path / name).write_text(text, "utf-8")
    compare(tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "out")
    page = page_of(tmp_path / "out")
    check_page(page)
    text = " ".join(page.get_text().split())
    assert "as two corpora because sentences that both have hold 0% of their words" in text
    assert "a.txt has 1 and b.txt has 1 of the 10 articles needed" in text


def corpora(n_a, n_b):
    """Invented articles: the first half of A's, and the first of B's, have a hedge."""
    texts = [
        [
            f"The dam of place{side}{n} {'may' if n < k else 'will'} hold tower{side}{n} well. "
            f"Nobody{n} lives near{side}{n} there{n} now{side}."
            for n in range(n)
        ]
        for side, n, k in (("x", n_a, n_a // 2), ("y", n_b, 1))
    ]
    return [make_documents(own) for own in texts]


def sides_of(a, b, draws=1000):
    documents = join_documents(a, b)
    made = derive_tables_of(documents)
    return compare_corpora(documents, made, [load_codebook("rhetoric")], NAMES, draws)


@pytest.mark.parametrize("n", [4, 12])
def test_shares_are_those_of_plain_counting(n):
    a, b = corpora(n, 15)
    found = sides_of(a, b, draws=200)
    measures = found["tables"]["measures"].set_index("name")
    hedge = measures.loc["rhetoric:hedge"]
    assert (hedge.n_a, hedge.total_a, hedge.n_b, hedge.total_b) == (n // 2, 2 * n, 1, 30)
    assert hedge.difference == pytest.approx(1 / 30 - 1 / 4)
    sides = derive_tables_of(a), derive_tables_of(b)
    for letter, tables in zip("ab", sides, strict=True):
        assert measures.loc["vader_compound", letter] == pytest.approx(
            tables["sentiment"].vader_compound.mean()
        )
        assert (
            measures.loc["rhetoric:hedge", f"n_{letter}"]
            == tables["spans"].sent_id[tables["spans"].code == "rhetoric:hedge"].nunique()
        )
    if n < 10:
        assert measures.low.isna().all()
        assert found["notes"]["no_interval"].startswith("one has 4 of the 10 articles needed")
        assert found["tables"]["keywords"].g2.isna().all()
    else:
        assert -0.4 < hedge.low < hedge.difference < hedge.high < 0
        assert found["notes"]["no_interval"] == ""


def test_corpora_mirror_each_other():
    a, b = corpora(12, 15)
    there, back = (sides_of(*sides, draws=100)["tables"] for sides in ((a, b), (b, a)))
    one, other = (tables["measures"] for tables in (there, back))
    for x, y in ("n_a", "n_b"), ("total_a", "total_b"), ("a", "b"):
        pd.testing.assert_series_equal(one[x], other[y], check_names=False)
    for x, y in ("difference", "difference"), ("low", "high"):
        pd.testing.assert_series_equal(one[x], -other[y], check_names=False)
    words = {side: own.word.tolist() for side, own in there["keywords"].groupby("side")}
    turned = {MIRROR[side]: own.word.tolist() for side, own in back["keywords"].groupby("side")}
    assert words == turned and words


def test_near_duplicates_count_as_one_article():
    a, b = corpora(12, 12)
    copies = make_documents([b.text[0]] * 3 + a.text[:9].tolist())
    found = sides_of(copies, b, draws=10)
    assert found["notes"]["on_both_sides"] == 1
    fewer = make_documents([a.text[0]] * 5 + a.text[1:9].tolist())
    notes = sides_of(fewer, b)["notes"]
    assert notes["no_interval"].startswith("one has 9 of the 10")


def test_contrast_without_a_row_of_a_side():
    found = contrast(pd.DataFrame({"x": [1.0, 0.0]}), [1, 1], np.array([False, False])).loc["x"]
    assert (found.n_a, found.total_a, found.a, found.total_b) == (1, 2, 0.5, 0)
    assert pd.isna(found.b) and pd.isna(found.difference) and pd.isna(found.low)


def test_contrast_is_that_of_one_column_alone():
    draw = np.random.default_rng(3)
    values = pd.DataFrame({"x": draw.random(90) < 0.3, "y": draw.random(90), "same": 1.0})
    article, in_b = np.repeat(range(30), 3), np.repeat([False, True], 45)
    found = contrast(values, article, in_b, draws=200)
    alone = contrast(values[["y"]], article, in_b, draws=200)
    pd.testing.assert_frame_equal(found.loc[["y"]], alone)
    assert found.loc["x", "n_a"] == values.x[~in_b].sum()
    assert (found.low < found.difference)[:2].all() and pd.isna(found.loc["same", "low"])


def test_page_of_two_corpora_and_same_bytes(tmp_path):
    for name, own in zip("ab", corpora(11, 12), strict=True):
        own[["text"]].to_csv(tmp_path / f"{name}.csv", index=False)
    for out in ("out", "again"):
        line = [tmp_path / "a.csv", tmp_path / "b.csv", "--out", tmp_path / out]
        assert cli.main(["compare", *map(str, line), "--codebook", "rhetoric"]) == 0
    page = page_of(tmp_path / "out")
    check_page(page)
    images = page.find_all("img")
    assert len(images) == 2 and all((tmp_path / "out" / i["src"]).exists() for i in images)
    assert "Hedge: a.csv 23%, b.csv 4%" in images[0]["alt"]
    row = next(tr for tr in page.find_all("tr") if tr.th.get_text() == "Hedge")
    assert [td.get_text() for td in row.find_all("td")][:2] == ["5 of 22 (22.7%)", "1 of 24 (4.2%)"]
    behind = [one.get_text() for one in page.select(".fb-behind li") if "Hedge" in one.get_text()]
    assert [re.search(r"Hedge: (\d+),", text)[1] for text in behind] == ["5", "1"]
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file():
            assert (
                path.read_bytes()
                == (tmp_path / "again" / path.relative_to(tmp_path / "out")).read_bytes()
            ), path.name
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "comparison" and manifest["case"] == "corpora"
    assert str(tmp_path) not in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_sides_without_a_cue(tmp_path):
    for name in "ab":
        frame = pd.DataFrame({"text": [f"Sun{name}{n} shone." for n in range(2)]})
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    compare(tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "out")
    page = page_of(tmp_path / "out")
    check_page(page)
    assert "Nothing was counted." in page.img["alt"] and "No such word." in page.get_text()


def test_codebook_of_ones_own_with_hostile_labels(tmp_path):
    book = tmp_path / "own.toml"
    book.write_text(
        """[codebook]
name = "own"
version = "1"
title = "<b>Own</b>"
citation = "none"
[[code]]
id = "sun"
label = "<i>Sun</i> $\\\\frac{$"
definition = "The sun is named."
patterns = ["sun*"]
""",
        "utf-8",
    )
    for name in "ab":
        frame = pd.DataFrame({"text": [f"Sun{name}{n} shone." for n in range(2)]})
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    compare(tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "out", codebooks=(book,))
    page = page_of(tmp_path / "out")
    check_page(page)
    label = r"<i>Sun</i> $\frac{$"
    assert not page.find("i") and f"{label}: a.csv 100%, b.csv 100%" in page.img["alt"]
    assert [td.get_text() for td in page.find("th", string=label).find_next_siblings("td")] == [
        "2 of 2 (100.0%)",
        "2 of 2 (100.0%)",
        "0.0",
    ]


def test_same_names_are_told_apart(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text(A, "utf-8")
    compare(tmp_path / "old" / "x.txt", tmp_path / "new" / "x.txt", tmp_path / "out")
    assert page_of(tmp_path / "out").h1.get_text() == "old/x.txt and new/x.txt compared"


def test_what_is_not_read_is_named(two):
    (two / "many").mkdir()
    (two / "many" / "x.txt").write_text(CALM, "utf-8")
    (two / "many" / "empty <b>.txt").write_text("", "utf-8")
    compare(two / "many", two / "a.txt", two / "out")
    page = page_of(two / "out")
    check_page(page)
    row = next(tr for tr in page.find_all("tr") if "rejected" in tr.get_text())
    assert [cell.get_text() for cell in row.find_all(["th", "td"])] == [
        "many",
        "is empty",
        "rejected",
        "1",
        "empty <b>.txt",
    ]


def test_errors_are_one_sentence_and_leave_nothing(two, capsys):
    a, b, out = (str(two / name) for name in ("a.txt", "b.txt", "out"))
    (two / "empty.txt").write_text("")
    for line in (
        [a, str(two / "none.txt")],
        [str(two / "empty.txt"), b],
        [a, b, "--codebook", "nothing"],
        [a],
        [a, b, "--by", "source"],
        [a, "--by", "source"],
    ):
        assert cli.main(["compare", *line, "--out", out]) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and said.startswith("framebook: ") and said.endswith(".\n")
    assert not (two / "out").exists()
    for place in (a, b):
        with pytest.raises(InputError):
            compare(two / "a.txt", two / "b.txt", place)
    assert sorted(path.name for path in two.iterdir()) == ["a.txt", "b.txt", "empty.txt"]


def test_an_article_that_is_too_long_is_no_version(monkeypatch):
    monkeypatch.setattr(revisions, "LONGEST", 1)
    documents = join_documents(make_documents([A]), make_documents([A]))
    found, reason = compare_versions(documents, derive_tables_of(documents))
    assert found is None and reason == "an article has more than 1 sentences"


def outlets(tmp_path, names, n=12):
    """A table with n articles of each outlet; only the first outlet hedges."""
    rows = [
        {
            "source": name,
            "text": f"The dam of {name}{k} {'may' if name == names[0] else 'will'} hold tower{k}. "
            f"It was shut, said Ada Crane of {name}{k}.",
        }
        for name in names
        for k in range(n)
    ]
    pd.DataFrame([*rows, {"source": "", "text": "Nobody owns this may."}]).to_csv(
        tmp_path / "table.csv", index=False
    )
    return tmp_path / "table.csv"


def test_two_outlets_of_a_table_have_their_names(tmp_path):
    table = outlets(tmp_path, ["<b>Quay", "Dam & Co"])
    line = ["compare", str(table), "--by", "source", "--out", str(tmp_path / "out")]
    assert cli.main([*line, "--codebook", "rhetoric"]) == 0
    page, data = (
        page_of(tmp_path / "out"),
        json.loads((tmp_path / "out/comparison.json").read_text()),
    )
    check_page(page)
    assert data["sides"] == {"A": "<b>Quay", "B": "Dam & Co"}
    assert page.h1.get_text() == "<b>Quay and Dam & Co compared"
    hedge = next(row for row in data["measures"] if row["name"] == "rhetoric:hedge")
    assert (hedge["n_a"], hedge["total_a"], hedge["n_b"], hedge["total_b"]) == (12, 24, 0, 24)
    assert not re.search(r"\bB\b", page.main.get_text())
    saved = pd.read_csv(tmp_path / "out" / "measures.csv", encoding="utf-8-sig")
    assert len(saved) == len(data["measures"])


@pytest.mark.parametrize("n", [3, 10])
def test_outlets_of_a_table_are_each_set_against_the_others(tmp_path, n):
    names = [f"Outlet {k}" for k in range(n)]
    compare(outlets(tmp_path, names), None, tmp_path / "out", codebooks=["rhetoric"], by="source")
    page, data = (
        page_of(tmp_path / "out"),
        json.loads((tmp_path / "out/comparison.json").read_text()),
    )
    check_page(page)
    hedge = [row for row in data["measures"] if row["name"] == "rhetoric:hedge"]
    shown = min(n, comparison.OUTLETS)
    assert [row["outlet"] for row in hedge] == names[:shown]
    assert [row["n_b"] for row in hedge] == [12] + [0] * (shown - 1)
    assert {row["total_a"] + row["total_b"] for row in hedge} == {24 * n}
    assert hedge[0]["difference"] == 0.5 and hedge[1]["difference"] < 0
    assert (f"of {n}; the other articles" in page.get_text()) == (n > shown)
    assert {row["word"] for row in data["keywords"] if row["outlet"] == names[0]} == {"may"}


def test_the_same_file_on_both_sides_is_said(two):
    compare(two / "a.txt", two / "a.txt", two / "out")
    page = page_of(two / "out")
    check_page(page)
    assert "No difference" in page.get_text()
    table = two / "table.csv"
    pd.DataFrame({"text": [CALM, NEW]}).to_csv(table, index=False)
    compare(table, table, two / "out")
    assert "No difference" in page_of(two / "out").get_text()


def test_tables_are_derived_once(two, monkeypatch):
    calls = []
    derive = comparison.derive_from
    monkeypatch.setattr(comparison, "derive_from", lambda *a: calls.append(1) or derive(*a))
    compare(two / "a.txt", two / "b.txt", two / "out")
    assert calls == [1]
