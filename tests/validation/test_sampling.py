"""The blind sample: exact probabilities, nothing told to the coders, sheets that come back."""

import json
import re
from collections import Counter

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framebook import cli
from framebook.coding.coder import list_questions
from framebook.coding.desk import write_desks
from framebook.common.errors import InputError
from framebook.common.text import guard, unguard
from framebook.framing.codebook import Code, Codebook
from framebook.framing.cues import find_cues
from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.validation.design import UNITS, digest, find_codebook, read_design
from framebook.validation.sampling import (
    UNMARKED,
    allocate,
    draw,
    list_notes,
    list_units,
    sample,
)
from framebook.validation.sheets import show_text

BOOK = """[codebook]
name = "demo"
title = "Demo"
version = "2"
[[code]]
id = "flood"
label = "Flood"
definition = "Water where it should not be."
patterns = ["flood*"]
[[code.indicator]]
id = "high"
question = "=Is it wet?"
patterns = ["wet"]
[[code]]
id = "row"
label = "@Row"
definition = "-A quarrel."
patterns = ["quarrel*"]
"""
TEXTS = {
    "a.txt": "Floods came. The mayor slept. They quarrelled over the flood. It rained."
    "\n\nA wet day.",
    "b.txt": "- A quarrel began. =SUM(A1) was said. @home nothing. +1 for the flood. Cats sit.",
}


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (tmp_path / "demo.toml").write_text(BOOK, encoding="utf-8")
    return folder


def run(corpus, out="out", **options):
    return sample(corpus, corpus.parent / "demo.toml", corpus.parent / out, **options)


def design_of(folder):
    return json.loads((folder / "design.json").read_text(encoding="utf-8"))


def rows_of(path):
    if path.suffix == ".csv":
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
        cells = [list(table), *table.to_numpy().tolist()]
    else:
        sheet = openpyxl.load_workbook(path)["coding"]
        cells = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    return [[unguard(cell) for cell in row] for row in cells]


def made_up_units():
    """Twenty-three units in three strata and three sources."""
    strata = ["a"] * 4 + ["b"] * 7 + [UNMARKED] * 12
    return pd.DataFrame(
        {
            "stratum": strata,
            "source": [f"s{n % 3}" for n in range(23)],
            "text": [f"t{n}" for n in range(23)],
        }
    )


def test_every_unit_is_drawn_with_exactly_its_probability():
    units, times = made_up_units(), np.zeros(23)
    draws = 800
    for seed in range(draws):
        drawn = draw(units, 9, seed)
        assert len(drawn) == 9
        times[drawn.index] += 1
    stated = draw(units, 9, 0)
    probability = stated.groupby("stratum").inclusion_probability.first()
    assert probability.to_dict() == {"a": 3 / 4, "b": 3 / 7, UNMARKED: 3 / 12}
    expected = units.stratum.map(probability).to_numpy()
    error = np.sqrt(expected * (1 - expected) / draws)
    assert (np.abs(times / draws - expected) < 4 * error).all()


def test_the_weights_of_a_sample_add_up_to_the_corpus_in_every_stratum():
    drawn = draw(made_up_units(), 10, 5)
    weights = (1 / drawn.inclusion_probability).groupby(drawn.stratum).sum()
    assert weights.round(9).to_dict() == {"a": 4, "b": 7, UNMARKED: 12}


def test_each_source_gets_its_share_of_a_stratum_to_the_nearest_unit():
    units = pd.DataFrame(
        {
            "stratum": UNMARKED,
            "source": ["x"] * 10 + ["y"] * 20 + ["z"] * 30,
            "text": [str(n) for n in range(60)],
        }
    )
    for seed in range(30):
        assert Counter(draw(units, 12, seed).source) == {"x": 2, "y": 4, "z": 6}


@given(
    st.dictionaries(st.sampled_from([*"abcd", UNMARKED]), st.integers(1, 40), min_size=1),
    st.integers(10, 150),
)
def test_allocate_gives_all_out_and_no_stratum_more_than_it_has(sizes, n):
    given_out = allocate(sizes, n)
    assert sum(given_out.values()) == min(n, sum(sizes.values()))
    assert all(min(2, sizes[name]) <= given_out[name] <= sizes[name] for name in sizes)


def test_allocate_gives_a_third_to_the_unmarked():
    assert allocate({"a": 99, "b": 99, UNMARKED: 999}, 30) == {"a": 10, "b": 10, UNMARKED: 10}
    assert allocate({"a": 3, "b": 99, UNMARKED: 999}, 30) == {"a": 3, "b": 14, UNMARKED: 13}
    with pytest.raises(InputError, match="at least 6"):
        allocate({"a": 9, "b": 9, UNMARKED: 9}, 5)


def units_of(text, unit):
    documents = make_documents([text])
    sentences, tokens = tokenise(documents)
    book = Codebook(
        "demo",
        "",
        "",
        "1",
        "theme",
        [Code("flood", "Flood", "", ["flood*"]), Code("row", "Row", "", ["quarrel*"])],
    )
    return list_units(documents, sentences, find_cues(tokens, [book]), book, unit)


TEXT = "Floods came. They quarrelled over the flood. Cats sit."


def test_the_units_are_all_sentences_in_the_stratum_of_their_rarest_code():
    units = units_of(TEXT, "sentence")
    assert units.text.tolist() == ["Floods came.", "They quarrelled over the flood.", "Cats sit."]
    assert units.codes.tolist() == [["flood"], ["flood", "row"], []]
    assert units.stratum.tolist() == ["flood", "row", UNMARKED]
    assert units.before.tolist() == ["", "Floods came.", "They quarrelled over the flood."]
    assert units.after.tolist() == ["They quarrelled over the flood.", "Cats sit.", ""]


def test_or_whole_articles_with_the_codes_of_their_sentences():
    text = f"{TEXT}\n \n=Rain fell.\nIt stopped."
    units = units_of(text, "article")
    assert units.text.tolist() == [f"{TEXT} ¶ =Rain fell. It stopped."]
    assert units[["codes", "stratum", "before", "after"]].values.tolist() == [
        [["flood", "row"], "flood", "", ""]
    ]
    assert units[["start", "end"]].values.tolist() == [[0, len(text)]]


@pytest.mark.parametrize(
    "unit, shown",
    [("sentence", "this sentence"), ("span", "this marked place"), ("article", "the story")],
)
def test_coders_are_asked_about_what_they_code(unit, shown, tmp_path):
    (tmp_path / "texts.txt").write_text("They clash over the dam. " * 30, "utf-8")
    sample(tmp_path / "texts.txt", "generic-news-frames", tmp_path / "out", 8, unit)
    told = (tmp_path / "out" / "for-coders" / "codebook.txt").read_text("utf-8")
    assert f"- Does {shown} set two or more sides of the question against each other?" in told
    assert f"\n{shown.capitalize()} turns on a clash between people" in told
    assert f"Each row is one {UNITS[unit]} (column text)" in told
    workbook = openpyxl.load_workbook(tmp_path / "out" / "for-coders" / "coder-1.xlsx")
    assert workbook["codebook"]["C2"].value.startswith(f"{shown.capitalize()} turns")
    design = read_design(tmp_path / "out" / "design.json")
    assert design["codes"][0]["definition"].startswith("The story turns")
    rows = {row["unit"]: ("", "They clash.", "") for row in design["units"][:1]}
    first = list_questions(design, find_codebook(design), rows)[0]
    assert first.definition.startswith(f"{shown.capitalize()} turns")
    assert first.kind == UNITS[unit] and any(shown in hint for hint in first.hints)
    [desk] = write_desks(tmp_path / "out")[:1]
    assert f"Does {shown} set two or more sides" in desk.read_text("utf-8")


def test_or_all_places_with_a_cue_and_the_sentences_without():
    units = units_of(TEXT, "span")
    assert units.text.tolist() == [
        "[[Floods]] came.",
        "They [[quarrelled]] over the flood.",
        "They quarrelled over the [[flood]].",
        "[[Cats sit.]]",
    ]
    assert units.codes.tolist() == [["flood"], ["row"], ["flood"], []]
    assert [TEXT[a:b] for a, b in zip(units.start, units.end, strict=True)] == [
        "Floods",
        "quarrelled",
        "flood",
        "Cats sit.",
    ]


def test_context_does_not_reach_into_another_article():
    documents = make_documents(["One cat. Two cats.", "Three cats."])
    sentences, tokens = tokenise(documents)
    book = Codebook("demo", "", "", "1", "theme", [Code("x", "X", "", ["zzz"])])
    units = list_units(documents, sentences, find_cues(tokens, [book]), book)
    assert units.after.tolist() == ["Two cats.", "", ""]
    assert units.before.tolist() == ["", "One cat.", ""]


def test_what_coders_get_says_nothing_of_what_the_program_found(corpus):
    folder = run(corpus, n=8, coders=3)
    files = sorted(path.name for path in (folder / "for-coders").iterdir())
    assert files == [
        "codebook.txt",
        *(f"coder-{n}.{kind}" for n in (1, 2, 3) for kind in ("csv", "xlsx")),
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["design.json", "for-coders"]
    design = design_of(folder)
    machine = {row["unit"]: row["codes"] for row in design["units"]}
    orders = []
    for number in (1, 2, 3):
        head, *rows = rows_of(folder / "for-coders" / f"coder-{number}.csv")
        assert head == ["unit", "coder", "before", "text", "after", "flood", "row", "memo"]
        assert all(row[5:] == ["", "", ""] and row[1] == f"coder-{number}" for row in rows)
        orders.append([row[0] for row in rows])
        assert rows == rows_of(folder / "for-coders" / f"coder-{number}.xlsx")[1:]
    assert len({tuple(order) for order in orders}) == 3
    assert {frozenset(order) for order in orders} == {frozenset(machine)}
    shown = "".join(path.read_text("utf-8") for path in (folder / "for-coders").glob("*.csv"))
    assert "inclusion" not in shown and UNMARKED not in shown and "stratum" not in shown
    text = (folder / "for-coders" / "codebook.txt").read_text(encoding="utf-8")
    assert "Water where it should not be." in text and "=Is it wet?" in text


def test_ids_do_not_follow_the_order_of_the_corpus():
    units = pd.DataFrame({"stratum": UNMARKED, "source": "", "text": [str(n) for n in range(50)]})
    ids = draw(units, 50, 1).unit.tolist()
    assert ids != sorted(ids) and len(set(ids)) == 50


def test_the_same_seed_gives_the_same_sample_and_another_seed_another(corpus):
    one, two, other = (
        run(corpus, out, n=6, seed=seed) for out, seed in (("o1", 4), ("o2", 4), ("o3", 5))
    )
    assert design_of(one) == design_of(two) != design_of(other)
    for name in ("coder-1", "coder-2"):
        path = f"for-coders/{name}.csv"
        assert (one / path).read_bytes() == (two / path).read_bytes()
        assert (one / path).read_bytes() != (other / path).read_bytes()


def test_the_key_has_what_a_weighting_needs(corpus):
    design = design_of(run(corpus, n=8))
    assert design["note"].endswith("do not give it to the coders.")
    assert design["corpus"]["n_units"] == 10 and design["corpus"]["n_documents"] == 2
    assert sum(1 / row["inclusion_probability"] for row in design["units"]) == pytest.approx(10)
    assert {row["stratum"] for row in design["units"]} == {"flood", "row", UNMARKED}
    for row in design["units"]:
        text = TEXTS[row["path"]][row["start"] : row["end"]]
        assert row["text_sha256"] == digest(text)
        assert bool(row["codes"]) == bool(re.search("(?i)flood|wet|quarrel", text))


HOSTILE = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "'=x", "''", "'", "＝x", "plain", ""]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_begins_as_a_formula_and_all_come_back(text):
    assert guard(text)[:1] not in set("=+-@\t\r\n＝＋－＠")
    assert unguard(guard(text)) == text


@given(st.text(st.sampled_from("'=+-@\t\r\n＝x"), max_size=5))
def test_guarding_is_undone_for_every_text(text):
    assert unguard(guard(text)) == text and not re.match(r"[=+\-@\t\r\n＝]", guard(text))


def test_no_cell_of_a_sheet_begins_as_a_formula(corpus):
    folder = run(corpus, n=10) / "for-coders"
    texts = [row[3] for row in rows_of(folder / "coder-1.xlsx")[1:]]
    assert sum(text[0] in "=@+-" for text in texts) == 4
    workbook = openpyxl.load_workbook(folder / "coder-1.xlsx")
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value]
    assert all(cell.data_type == "s" and cell.value[0] not in "=+-@" for cell in cells)
    raw = pd.read_csv(folder / "coder-1.csv", dtype="str", keep_default_na=False)
    assert not any(cell.startswith(tuple("=+-@\t\r")) for row in raw.to_numpy() for cell in row)


def test_what_no_spreadsheet_holds_is_shown_in_another_way():
    assert show_text("a\x0bb\x00c\n d\uffff") == "a b�c d�"
    assert len(show_text("x" * 99_999)) == 30_000
    assert digest("a  b\r\n") == digest("a b") != digest("a c")


def test_a_sample_that_people_may_have_filled_in_is_never_replaced(corpus, capsys):
    folder = run(corpus, n=6)
    before = (folder / "design.json").read_bytes()
    line = [
        "sample",
        str(corpus),
        "--codebook",
        str(corpus.parent / "demo.toml"),
        "--out",
        str(folder),
    ]
    assert cli.main(line) == 2 and cli.main(["tables", str(corpus), "--out", str(folder)]) == 2
    assert "name another folder" in capsys.readouterr().err
    assert (folder / "design.json").read_bytes() == before


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--n", "2"], "at least 6"),
        (["--coders", "0"], "from 1 up"),
        (["--seed", "-1"], "below 0"),
        (["--codebook", "nowhere"], "There is no codebook nowhere"),
    ],
)
def test_wrong_input_is_refused_and_leaves_nothing(corpus, capsys, options, sentence):
    line = [
        "sample",
        str(corpus),
        "--codebook",
        str(corpus.parent / "demo.toml"),
        "--out",
        str(corpus.parent / "new"),
        *options,
    ]
    assert cli.main(line) == 2
    shown = capsys.readouterr().err
    assert sentence in shown and shown.count("\n") == 1
    assert not (corpus.parent / "new").exists()


def test_a_code_with_the_name_of_a_column_is_refused(corpus):
    (corpus.parent / "demo.toml").write_text(BOOK.replace('"row"', '"memo"'), encoding="utf-8")
    with pytest.raises(InputError, match="'memo', which is a column"):
        run(corpus)


@pytest.mark.parametrize(
    "codes, n, expected",
    [
        ([["flood"], ["row"]], 2, []),
        ([["flood"], []], 2, ["No unit has a cue of row; those drawn are of other codes."]),
        (
            [[], []],
            3,
            [
                "The codebook demo has no match in the corpus, so that the coders would look for "
                "something that may not be there; try another codebook first.",
                "The corpus has 2 units, fewer than 3; all were drawn.",
            ],
        ),
    ],
)
def test_what_coders_would_do_for_nothing_is_told(codes, n, expected):
    book = Codebook("demo", "", "", "", "", [Code("flood", "", [], []), Code("row", "", [], [])])
    assert list_notes(pd.DataFrame({"codes": codes, "text": ""}), book, n) == expected


def test_each_outlet_can_be_a_stratum(corpus, tmp_path, capsys):
    table = tmp_path / "a.csv"
    rows = [f"{'A' if n else 'B'},Rain {n} fell on the roofs." for n in range(40)]
    table.write_text("source,text\n" + "\n".join(rows), encoding="utf-8")
    command = ["sample", str(table), "--codebook", str(tmp_path / "demo.toml"), "--n", "5"]
    assert cli.main([*command, "--by-source", "--out", str(tmp_path / "out")]) == 0
    design = json.loads((tmp_path / "out" / "design.json").read_text(encoding="utf-8"))
    assert design["strata"] == {"unmarked | A": 39, "unmarked | B": 1}
    drawn = Counter(unit["source"] for unit in design["units"])
    assert drawn == {"A": 4, "B": 1}
    assert "has no match in the corpus" in capsys.readouterr().out
