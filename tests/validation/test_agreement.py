"""Agreement: published examples, independent implementations, a census; and sheets refused."""

import contextlib
import json
import re
import shutil
import zipfile
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from nltk.metrics.agreement import AnnotationTask
from simulate_codes import PROJECT, simulate

from framebook import cli, tables
from framebook.common.errors import InputError
from framebook.common.resampling import with_interval
from framebook.framing.codebook import load_codebook
from framebook.loading.articles import load_documents
from framebook.validation.agreement import (
    agree,
    alpha,
    count_outcomes,
    count_values,
    list_undecided,
    make_labels,
    measure,
    percent_agreement,
    resample,
    score_outcomes,
    settle_codes,
)
from framebook.validation.cards import (
    NOT_VALIDATED,
    plot_cards,
    read_cards,
    show_cards,
    stamp,
    state,
    write_cards,
)
from framebook.validation.design import read_design
from framebook.validation.sampling import draw, sample
from framebook.validation.sheets import (
    fill_empty,
    read_cells,
    read_coded,
    read_coders,
    read_sheet,
)

BOOK = """[codebook]
name = "demo"
version = "2"
[[code]]
id = "flood"
label = "Flood <b>"
definition = "Water & mud."
patterns = ["flood*"]
[[code]]
id = "row"
label = "Row"
definition = "A quarrel."
patterns = ["quarrel*"]
"""
CODES = ["flood", "row"]


def counts_of(*coders):
    values = sorted({value for coder in coders for value in coder if value != "*"})
    return np.array(
        [
            [sum(coder[n] == value for coder in coders) for value in values]
            for n in range(len(coders[0]))
        ]
    )


@pytest.mark.parametrize(
    ("coders", "expected"),
    [
        (("0100000010", "1110010000"), 0.095),  # section A: two observers, binary
        (("aabbdcccedda", "babbbccceddd"), 0.692),  # B: nominal
        (
            ("123321412***", "1233224125*3", "*3332342251*", "12332441251*"),
            0.743,
        ),  # C: missing values
    ],
)
def test_alpha_of_krippendorffs_worked_examples(coders, expected):
    """Krippendorff (2011), Computing Krippendorff's alpha-reliability, repository.upenn.edu."""
    assert alpha(counts_of(*coders)) == pytest.approx(expected, abs=0.0005)


@given(arrays(int, st.tuples(st.integers(2, 4), st.integers(2, 15)), elements=st.integers(0, 1)))
def test_alpha_is_that_of_nltk(values):
    counts = np.stack([(values == 0).sum(axis=0), (values == 1).sum(axis=0)], axis=1)
    if len(np.unique(values)) < 2:
        assert np.isnan(alpha(counts))
        return
    task = AnnotationTask([(c, u, v) for (c, u), v in np.ndenumerate(values)])
    assert alpha(counts) == pytest.approx(task.alpha())


def test_alpha_is_near_nought_where_a_rare_code_agrees_by_chance_alone():
    counts = np.array([[2, 0]] * 96 + [[1, 1]] * 4)
    assert percent_agreement(counts) == 0.96
    assert alpha(counts) == pytest.approx(1 - 199 * 4 / (196 * 4))


def test_percent_agreement_is_of_pairs():
    assert percent_agreement(np.array([[3, 0], [2, 1], [1, 0]])) == (3 + 1) / (3 + 3)
    assert np.isnan(percent_agreement(np.array([[1, 0]])))


def test_scores_of_a_tiny_example_with_and_without_weights():
    machine, human = [1, 1, 0, 0, 1], [1, 0, 1, 0, np.nan]
    plain = score_outcomes(count_outcomes(machine, human, np.ones(5)).sum(axis=0))
    assert {name: float(value) for name, value in plain.items()} == {
        "prevalence": 0.5,
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
        "machine_alpha": 1 - 7 * 2 / (4 * 4),
    }
    weighted = score_outcomes(count_outcomes(machine, human, [1, 2, 3, 4, 9]).sum(axis=0))
    assert weighted["precision"] == 1 / 3 and weighted["recall"] == 1 / 4
    assert weighted["f1"] == 2 / 7 and weighted["prevalence"] == 4 / 10


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(1, 4)), min_size=1))
def test_a_weight_of_w_counts_as_w_units(rows):
    machine, human, weights = map(np.array, zip(*rows, strict=True))
    found = score_outcomes(count_outcomes(machine, human, weights).sum(axis=0))["machine_alpha"]
    ones = (machine + human).repeat(weights)
    assert found == pytest.approx(alpha(np.stack([2 - ones, ones], axis=1)), nan_ok=True)


def test_what_is_undefined_is_null_and_not_nought():
    scores = score_outcomes([0.0, 0, 0, 5])
    assert scores["prevalence"] == 0
    assert all(np.isnan(scores[name]) for name in ("precision", "recall", "f1", "machine_alpha"))
    assert with_interval(np.nan, []) == [None, None, None]
    assert with_interval(1.0, np.ones(99)) == [1.0, None, None]
    assert with_interval(0.5, [np.nan] * 10 + [0.4] * 90) == [0.5, None, None]
    assert with_interval(0.5, np.linspace(0, 1, 101)) == [0.5, 0.025, 0.975]


def test_weighting_recovers_the_census_and_leaving_it_out_does_not():
    """600 units, of which the machine marks 60: the sample has as many marked as unmarked."""
    generator = np.random.default_rng(3)
    human = np.zeros(600, int)
    human[:45], human[60:115] = 1, 1  # 15 false hits, 55 misses
    machine = np.arange(600) < 60
    units = pd.DataFrame(
        {
            "stratum": np.where(machine, "a", "unmarked"),
            "text": "",
            "source": [f"s{n}" for n in generator.integers(0, 4, 600)],
        }
    )
    truth = score_outcomes(count_outcomes(machine, human, np.ones(600)).sum(axis=0))
    weighted, plain = [], []
    for seed in range(120):
        drawn = draw(units, 100, seed)
        places, weights = drawn.index, 1 / drawn.inclusion_probability
        for scores, own in ((weighted, weights), (plain, np.ones(100))):
            outcomes = count_outcomes(machine[places], human[places], own)
            scores.append(score_outcomes(outcomes.sum(axis=0)))
    for name, value in truth.items():
        values = np.array([scores[name] for scores in weighted])
        assert abs(values.mean() - value) < 4 * values.std() / 11 + 0.02, name
    prevalences = np.array([scores["prevalence"] for scores in weighted])
    assert abs(prevalences.mean() - 100 / 600) < 4 * prevalences.std() / 11  # without bias
    assert truth["recall"] == 45 / 100
    assert np.mean([scores["recall"] for scores in plain]) > 0.8
    assert np.mean([scores["prevalence"] for scores in plain]) > 0.4


# Sheets


@pytest.fixture
def drawn(tmp_path):
    """A sample of eight sentences of one article, and its key."""
    text = (
        "Floods came. They quarrelled. It rained. A flood. A quarrel began. Cats sat. "
        "Dogs ran. The end."
    )
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "demo.toml").write_text(BOOK, encoding="utf-8")
    return sample(tmp_path / "news", tmp_path / "demo.toml", tmp_path / "s", n=8)


def table_of(folder, coder):
    return pd.read_csv(
        folder / "for-coders" / f"coder-{coder}.csv", dtype="str", keep_default_na=False
    )


def fill(folder, coder, **answers):
    """Fill a coder's sheet: `answers` gives, by code, the texts that are 1; write and return it."""
    table = table_of(folder, coder)
    for code in CODES:
        table[code] = ["1" if text in answers.get(code, ()) else "0" for text in table.text]
    path = folder.parent / f"filled-{coder}.csv"
    table.to_csv(path, index=False, encoding="utf-8-sig")
    return path


def change(path, row, column, value):
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    table.loc[row, column] = value
    table.to_csv(path, index=False)
    return table


def key(folder):
    return read_design(folder / "design.json")


FLOODS = ["Floods came.", "A flood."]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", 1),
        ("yes", 1),
        ("1,0", 1),
        ("WAHR", 1),
        ("nein", 0),
        ("FAUX", 0),
        ("X", 1),
        (" y ", 1),
        ("TRUE", 1),
        ("0", 0),
        ("No", 0),
        ("n", 0),
        ("", None),
        ("1.0", 1),
        (" ", None),
    ],
)
def test_what_people_write_into_a_sheet(drawn, value, expected):
    path = fill(drawn, 1)
    table = change(path, 3, "flood", value)
    coder, codes = read_sheet(path, key(drawn))
    assert coder == "coder-1" and list(codes.index) == [row["unit"] for row in key(drawn)["units"]]
    found = codes.flood[table.unit[3]]
    assert found == expected if expected is not None else np.isnan(found)


def test_rows_and_columns_may_stand_in_any_order_and_columns_may_be_added(drawn):
    path = fill(drawn, 1, flood=FLOODS)
    expected = read_sheet(path, key(drawn))[1]
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    table = table[sorted(table)].sample(frac=1, random_state=1).assign(mine="=x")
    for sep, encoding in ((";", "utf-8"), ("\t", "utf-16"), (",", "cp1252")):
        table.to_csv(path, index=False, sep=sep, encoding=encoding)
        pd.testing.assert_frame_equal(read_sheet(path, key(drawn))[1], expected)


def test_a_workbook_filled_in_is_read_as_the_csv_is(drawn):
    workbook = openpyxl.load_workbook(drawn / "for-coders" / "coder-1.xlsx")
    sheet = workbook.worksheets[0]
    for n, row in enumerate(sheet.iter_rows(min_row=2)):
        row[5].value = int(row[3].value in FLOODS)
        row[6].value = "no" if n % 2 else None
    sheet.append([None] * 8)
    workbook.save(drawn.parent / "filled.xlsx")
    codes = read_sheet(drawn.parent / "filled.xlsx", key(drawn))[1]
    csv = read_sheet(fill(drawn, 1, flood=FLOODS), key(drawn))[1]
    assert codes.flood.tolist() == csv.flood.tolist() and codes.row.isna().sum() == 4


def spoil_cell(row, column, value):
    return lambda table: table.astype("object").mask(
        (table.index.to_numpy()[:, None] == row) & (table.columns.to_numpy() == column), value
    )


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            spoil_cell(0, "text", "Another."),
            r"filled-1.csv, row 2: the text of u\w+-\d+ was altered",
        ),
        (spoil_cell(2, "unit", "uffff-0001"), "row 4: the unit 'uffff-0001' is not of this sample"),
        (spoil_cell(2, "row", "maybe"), "row 4, column row: 'maybe' is not a code"),
        (spoil_cell(2, "flood", "10"), "row 4, column flood: '10' is not a code"),
        (spoil_cell(2, "coder", "coder-2"), "mixes rows of coder-1 and coder-2"),
        (lambda table: table.iloc[:-2], "lacks 2 of the sample's 8 units"),
        (lambda table: pd.concat([table, table.iloc[:1]]), "row 10: the unit .* stands twice"),
        (lambda table: table.drop(columns="row"), "has 0 columns named 'row'"),
        (lambda table: table.rename(columns={"memo": "flood"}), "has 2 columns named 'flood'"),
        (lambda table: table.iloc[:0], "lacks 8 of"),
    ],
)
def test_an_altered_sheet_is_refused_by_name(drawn, spoil, sentence):
    path = fill(drawn, 1)
    spoil(pd.read_csv(path, dtype="str", keep_default_na=False)).to_csv(path, index=False)
    with pytest.raises(InputError, match=sentence) as refused:
        read_sheet(path, key(drawn))
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)


def test_a_unit_that_the_key_lacks_is_told_from_another_sample(drawn):
    path = fill(drawn, 1)
    unit = pd.read_csv(path).unit[0].partition("-")[0] + "-9999"
    change(path, 0, "unit", unit)
    with pytest.raises(InputError, match=f"there is no unit '{unit}' in the key"):
        read_sheet(path, key(drawn))


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.xlsx", b"no zip", "damaged or was cut short"),
        ("a.xlsx", b"PK\5\6" + bytes(18), "no .xl"),
        ("a.csv", b"", "has 0 columns named 'unit'"),
        ("a.csv", b"\x00\x01", "control characters"),
        ("missing.csv", None, "can't be opened: No such file"),
        (".", None, "Is a directory"),
    ],
)
def test_what_is_no_sheet_is_refused(drawn, tmp_path, name, data, sentence):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=sentence):
        read_sheet(tmp_path / name, key(drawn))


def test_a_workbook_that_swells_is_refused_before_it_is_unpacked(drawn, monkeypatch):
    monkeypatch.setattr("framebook.validation.sheets.LARGEST", 1000)
    with pytest.raises(InputError, match="when unpacked"):
        read_sheet(drawn / "for-coders" / "coder-1.xlsx", key(drawn))


def test_a_damaged_workbook_is_refused_or_read_and_never_a_fault_of_ours(drawn, tmp_path):
    whole = (drawn / "for-coders" / "coder-1.xlsx").read_bytes()
    generator = np.random.default_rng(1)
    with zipfile.ZipFile(drawn / "for-coders" / "coder-1.xlsx") as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    for n in range(60):
        path, name = tmp_path / "damaged.xlsx", generator.choice(list(members))
        if n % 3 == 0:
            path.write_bytes(whole[: generator.integers(len(whole))])
        else:
            data = bytearray(members[name])
            for place in generator.integers(len(data), size=3):
                data[place] = generator.integers(256)
            with zipfile.ZipFile(path, "w") as packed:
                for other, content in members.items():
                    if other != name or n % 3 == 1:
                        packed.writestr(other, bytes(data) if other == name else content)
        with contextlib.suppress(InputError):
            read_sheet(path, key(drawn))


@pytest.mark.parametrize(
    "change",
    [{"units": []}, {"codes": [{"id": 1}]}, {"simulated": None}, {"corpus": []}, "twice", "never"],
)
def test_a_key_with_parts_missing_or_changed_is_refused(drawn, tmp_path, change):
    design = key(drawn)
    if change == "twice":
        design["units"][1]["unit"] = design["units"][0]["unit"]
    elif change == "never":
        design["units"][0]["inclusion_probability"] = 0
    else:
        design |= change
    (tmp_path / "design.json").write_text(json.dumps(design), encoding="utf-8")
    with pytest.raises(InputError, match="is not the key of a sample"):
        read_design(tmp_path / "design.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"units": [1]}', '{"units": [{"unit": "u"}]}'])
def test_what_is_no_key_is_refused(tmp_path, text):
    (tmp_path / "design.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="is not the key of a sample"):
        read_design(tmp_path / "design.json")


def test_the_same_coder_twice_an_empty_sheet_and_one_alone_are_refused(drawn):
    one, again = fill(drawn, 1), drawn.parent / "copy.csv"
    shutil.copyfile(one, again)
    with pytest.raises(InputError, match="are both by coder-1"):
        read_coders([one, again], key(drawn))
    with pytest.raises(InputError, match="coder-2.xlsx holds no code"):
        read_coders([one, drawn / "for-coders" / "coder-2.xlsx"], key(drawn))
    with pytest.raises(InputError, match="two coders or more"):
        read_coders([one], key(drawn))


# Decisions


def codes_of(**columns):
    return pd.DataFrame(columns, index=[f"u-{n}" for n in range(4)], dtype=float)


def test_the_majority_decides_and_ties_are_undecided():
    nan = np.nan
    coded = {"a": codes_of(x=[1, 1, 0, nan]), "b": codes_of(x=[1, 0, nan, nan])}
    assert settle_codes(coded).x.fillna(-1).tolist() == [1, -1, 0, -1]
    assert list_undecided(coded) == [("u-1", "x")]
    coded["c"] = codes_of(x=[0, 0, 1, nan])
    assert settle_codes(coded).x.fillna(-1).tolist() == [1, 0, -1, -1]
    last = codes_of(x=[0, nan, 1, 1])
    assert (
        settle_codes(coded, last).x.tolist() == [0, 0, 1, 1] and list_undecided(coded, last) == []
    )
    assert count_values(coded, "x").tolist() == [[1, 2], [2, 1], [1, 1], [0, 0]]


def test_documents_are_resampled_and_near_duplicates_are_one():
    rows = [{"cluster": n // 2, "stratum": "s"} for n in range(24)]
    groups, times, said = resample({"units": rows}, draws=50)
    assert said == "95 %, 12 documents resampled" and times.shape == (50, 12)
    assert groups.tolist() == [n // 2 for n in range(24)] and (times.sum(axis=1) == 12).all()
    assert resample({"units": rows[:18]})[1].shape == (0, 9)
    one = [{"cluster": 0, "stratum": "ab"[n > 2]} for n in range(10)]
    groups, times, said = resample({"units": one}, draws=50)
    assert "units of the one document" in said
    assert (times[:, :3].sum(axis=1) == 3).all() and (times[:, 3:].sum(axis=1) == 7).all()


def test_cards_of_a_small_sample(drawn):
    sheets = [
        fill(drawn, 1, flood=[*FLOODS, "It rained."], row=["They quarrelled."]),
        fill(drawn, 2, flood=FLOODS, row=["They quarrelled."]),
    ]
    flood, row = measure(key(drawn), read_coders(sheets, key(drawn)), draws=50)
    assert (flood.measure, flood.codebook_version, flood.label) == ("demo:flood", "2", "Flood <b>")
    assert (flood.n, flood.n_coders, flood.decided, flood.undecided, flood.positives) == (
        8,
        2,
        7,
        1,
        2,
    )
    assert flood.agreement == 7 / 8 and flood.alpha[0] == pytest.approx(1 - 15 * 1 / (11 * 5))
    assert flood.f1 == [1, None, None] and not flood.simulated
    assert row.precision[0] == 0.5 and row.recall[0] == 1 and row.alpha == [1, None, None]
    assert flood.n_units == 8 and flood.n_documents == 1


def test_labels_have_every_code_with_its_place(drawn):
    design = key(drawn)
    coded = read_coders([fill(drawn, 1, flood=FLOODS), fill(drawn, 2)], design)
    labels = make_labels(design, coded, settle_codes(coded))
    assert labels.groupby("coder").size().to_dict() == {"coder-1": 16, "coder-2": 16, "decided": 14}
    text = (drawn.parent / "news" / "a.txt").read_text(encoding="utf-8")
    ones = labels[(labels.value == "1") & (labels.coder == "coder-1")]
    assert sorted(text[a:b] for a, b in zip(ones.start, ones.end, strict=True)) == sorted(FLOODS)
    assert set(ones.code) == {"demo:flood"}


def test_agree_writes_cards_that_can_be_read_and_nothing_by_halves(drawn, capsys):
    sheets = [str(fill(drawn, n, flood=FLOODS)) for n in (1, 2)]
    out = drawn.parent / "agreement"
    line = ["agree", *sheets, "--key", str(drawn / "design.json"), "--out", str(out)]
    assert cli.main(line) == 0
    shown = capsys.readouterr().out
    assert "Agreement is not validity." in shown and "alpha 1.00" in shown
    assert sorted(path.name for path in out.iterdir()) == [
        "cards.json",
        "design.json",
        "labels.parquet",
        "manifest.json",
        "sheet-1.csv",
        "sheet-2.csv",
    ]
    cards = read_cards(out)
    assert cards == read_cards(out / "cards.json") and [card.label for card in cards] == [
        "Flood <b>",
        "Row",
    ]
    assert json.loads((out / "cards.json").read_text("utf-8"))["cautions"] == [
        "Whether this transfers to other texts is unknown.",
        "Agreement is not validity.",
    ]
    assert len(tables.read(out, "labels")) == 48
    design, coded, last = read_coded(out)
    assert list(coded) == ["coder-1", "coder-2"] and last is None
    assert measure(design, coded) == cards
    before = (out / "cards.json").read_bytes()
    change(sheets[0], 0, "flood", "?")
    assert cli.main(line) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (out / "cards.json").read_bytes() == before


def test_agree_replaces_no_folder_that_its_sheets_lie_in(drawn):
    sheets = [fill(drawn, n, flood=FLOODS) for n in (1, 2)]
    out = drawn.parent / "agreement"
    agree(sheets, drawn / "design.json", out)
    with pytest.raises(InputError, match="sheet-1.csv is in"):
        agree([out / "sheet-1.csv", out / "sheet-2.csv"], drawn / "design.json", out)
    with pytest.raises(InputError, match="is in"):
        agree(sheets, drawn / "design.json", drawn)
    assert (out / "sheet-1.csv").exists() and (drawn / "for-coders").exists()


def test_an_adjudicated_sheet_settles_ties_and_is_kept(drawn):
    sheets = [fill(drawn, 1, flood=FLOODS), fill(drawn, 2)]
    last = fill(drawn, 3 - 1, flood=FLOODS).rename(drawn.parent / "last.csv")
    sheets[1] = fill(drawn, 2)
    out = drawn.parent / "agreement"
    agree(sheets, drawn / "design.json", out, adjudicated=last)
    flood = read_cards(out)[0]
    assert (flood.undecided, flood.positives, flood.decided) == (0, 2, 8)
    assert read_coded(out)[2].flood.sum() == 2


# Cards


@pytest.fixture
def cards(drawn):
    sheets = [fill(drawn, n, flood=FLOODS) for n in (1, 2)]
    return measure(key(drawn), read_coders(sheets, key(drawn)), draws=50)


@pytest.fixture
def books(drawn):
    return [load_codebook(drawn.parent / "demo.toml")]


def test_the_stamp_says_what_was_validated_and_what_was_not(cards, books):
    flood, row = cards
    flood.f1, flood.alpha, flood.decided = [0.71, 0.6, 0.8], [0.66, 0.5, 0.7], 200
    said = "Agreement with human codes: Flood <b> F1 .71 [.60, .80], coders’ alpha .66, n = 200"
    assert stamp(["demo:flood", "demo:row"], [flood], books) == (
        f"{said}; the others not validated here."
    )
    assert stamp({"demo:flood": "Flood"}, [flood], books) == f"{said}."
    assert stamp(["demo:other"], cards, books) == stamp([], cards) == NOT_VALIDATED
    assert stamp(["demo:flood"], []) == "Not validated here."
    row.f1, row.alpha = [None] * 3, [None] * 3
    assert stamp(CODES and ["demo:flood", "demo:row"], cards, books) == (
        f"{said}; Row F1 undefined, coders’ alpha undefined, n = 8."
    )


def test_the_stamp_names_simulated_codes_and_other_texts(cards, books, drawn):
    cards[0].simulated = True
    assert stamp(["demo:flood"], cards, books).startswith("Agreement with SIMULATED codes: ")
    documents = load_documents(drawn.parent / "news")[0]
    assert "other texts" not in stamp(["demo:row"], cards, books, documents)
    (drawn.parent / "news" / "b.txt").write_text("More.", encoding="utf-8")
    documents = load_documents(drawn.parent / "news")[0]
    assert stamp(["demo:row"], cards, books, documents).startswith(
        "Agreement with human codes on other texts: Row"
    )


def test_a_card_of_another_version_or_of_other_patterns_does_not_count(cards, books):
    flood = books[0].codes[0]
    flood.patterns = ["flood*", "deluge"]
    assert stamp(["demo:flood"], cards, books) == "Flood <b> validated for another version."
    flood.patterns = ["flood*"]
    assert stamp(["demo:flood"], cards, books).startswith("Agreement")
    books[0].version = "3"
    assert stamp(["demo:flood", "demo:x"], cards, books) == (
        "Flood <b> validated for another version; the others not validated here."
    )


def test_a_card_of_a_codebook_that_is_not_at_hand_is_taken_as_it_is(cards):
    assert stamp(["demo:flood"], cards).startswith("Agreement")


def test_a_card_of_a_code_that_is_gone_does_not_count(cards, books):
    del books[0].codes[0]
    assert stamp(["demo:flood"], cards, books) == "Flood <b> validated for another version."


def test_cards_come_back_from_their_file_and_what_is_none_is_refused(cards, tmp_path):
    write_cards(cards, tmp_path / "cards.json")
    assert read_cards(tmp_path) == cards
    card = json.loads((tmp_path / "cards.json").read_text("utf-8"))["cards"][0]
    for text in (
        "",
        "[]",
        "{}",
        '{"cards": [{"measure": "x"}]}',
        '{"cards": [1]}',
        *(
            json.dumps({"cards": [card | wrong]})
            for wrong in ({"f1": ["x", 0, 1]}, {"f1": [0.5]}, {"n": "1"}, {"label": None})
        ),
    ):
        (tmp_path / "cards.json").write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="no agreement cards"):
            read_cards(tmp_path)
    with pytest.raises(InputError, match="There are no cards"):
        read_cards(tmp_path / "elsewhere")


def test_the_figure_of_cards_gives_each_value_where_it_is_defined(cards):
    ax = plot_cards(cards)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Row", "Flood <b>"]
    values = [text.get_text() for text in ax.texts if text.get_text().startswith((".", "−", "1"))]
    assert len(values) == sum(v[0] is not None for card in cards for v in (card.alpha, card.f1))
    for card in cards:
        assert f"{card.label}: coders’ alpha {state(card.alpha)}, F1 {state(card.f1)}" in (
            ax.figure.alt
        )
    plt.close(ax.figure)
    undefined = replace(cards[0], alpha=[None] * 3, f1=[None] * 3)
    assert "Nothing is defined." in plot_cards([undefined]).figure.alt
    plt.close("all")


def test_the_table_of_cards_is_escaped_and_has_headers(cards):
    page = show_cards(cards).data
    assert "Flood &lt;b&gt;" in page and "<b>" not in page and "Water &amp; mud." in page
    assert page.count('scope="col"') == 9 and page.count('scope="row"') == 2
    assert "<caption>Agreement of cues with human codes</caption>" in page
    assert not re.search("<(td|th)[^>]*></", page)
    assert "Agreement is not validity." in page


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ([0.714, 0.6, 0.8], ".71 [.60, .80]"),
        ([1.0, None, None], "1.00"),
        ([-0.051], "−.05"),
        ([None, None, None], "undefined"),
        ([-0.001, -0.2, 0.999], ".00 [−.20, 1.00]"),
    ],
)
def test_an_estimate_is_written_short(given_, expected):
    assert state(given_) == expected


# The codes that chapter 07 is read with


def test_the_codes_of_chapter_07_are_what_its_command_writes_and_are_called_simulated(tmp_path):
    simulate(tmp_path)
    shipped = sorted((PROJECT / "notebooks" / "codes").iterdir())
    assert [path.name for path in shipped] == sorted(path.name for path in tmp_path.iterdir())
    for path in shipped:
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name
        assert b"imulated" in path.read_bytes() or b"SIMULATED" in path.read_bytes()
    design, coded, last = read_coded(tmp_path)
    assert design["simulated"] and list(coded) == ["simulated-1", "simulated-2"]
    assert settle_codes(coded, last).notna().all(axis=None)
    assert all(card.simulated for card in measure(design, coded, last, draws=20))


def test_a_sheet_of_x_or_nothing_is_told_and_can_be_read_as_zeros():
    coded = {
        "Ann": pd.DataFrame({"flood": [1, np.nan, np.nan], "row": [1.0, 0, np.nan]}),
        "Bo": pd.DataFrame({"flood": [1.0, 0, 0], "row": [np.nan] * 3}),
    }
    same, notes = fill_empty(coded)
    assert all(same[name].equals(coded[name]) for name in coded)
    said = "Ann left 2 of 3 cells of flood empty and wrote no 0: they"
    assert notes == [f"{said} count as not coded; if empty means 0, add --empty 0."]
    filled, notes = fill_empty(coded, "0")
    assert filled["Ann"].flood.tolist() == [1, 0, 0] and filled["Bo"].row.isna().all()
    assert filled["Ann"].row.isna().sum() == 1 and notes == [f"{said} were read as 0."]


def test_sheets_of_other_programs_are_read_or_said_how_to_save(tmp_path):
    (tmp_path / "a.csv").write_text("sep=;\nunit;x\nu1;1\n", encoding="utf-8")
    assert read_cells(tmp_path / "a.csv") == [["unit", "x"], ["u1", "1"]]
    for kind, program in ((".ods", "LibreOffice"), (".xls", "Excel"), (".numbers", "Numbers")):
        with pytest.raises(InputError, match=rf"save it as \.xlsx \({program}: File"):
            read_cells(tmp_path / f"a{kind}")
