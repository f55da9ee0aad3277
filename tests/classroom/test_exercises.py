"""The exercises: what is made from the solutions, the checks of answers, and the room's coding."""

import datetime
import json
import re
import runpy
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pypdf
import pytest
import store
from hypothesis import given, settings
from hypothesis import strategies as st

from framebook.classroom import machine, room
from framebook.classroom.exercises import KEYS, check, hash_answer, judge, spell, tell_guess
from framebook.common.errors import InputError
from framebook.report import execution
from framebook.report.execution import execute, has_tag, read_notebooks
from framebook.validation.agreement import alpha
from framebook.validation.design import read_design
from framebook.validation.sheets import read_cells
from framebook.visualisation.figure import show

PROJECT = Path(__file__).resolve().parents[2]
TOOL = runpy.run_path(str(PROJECT / "tools" / "exercises.py"))
SOLUTIONS, EXERCISES = TOOL["SOLUTIONS"], TOOL["EXERCISES"]
ROOM = EXERCISES / "room"
DESIGN = read_design(ROOM / "design.json")
UNITS = [row["unit"] for row in DESIGN["units"]]
ANSWERS = {"number": 22, "share": 0.525, "words": {"said", "claimed"}, "outlet": "The Lantern"}
MADE = {
    name: {
        "kind": kind,
        "decimals": decimals,
        "form": "a thing",
        "hint": "look again.",
        "answer": hash_answer(name, spell(ANSWERS[name], kind, decimals)),
        "wrong": {},
    }
    for name, kind, decimals in (
        ("number", "number", 0),
        ("share", "number", 2),
        ("words", "set", 0),
        ("outlet", "text", 0),
    )
}
MADE["number"]["wrong"] = {hash_answer("number", "23"): "one too many."}


# What the command makes


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    TOOL["make"](folder)
    return folder


def test_all_that_is_stored_is_what_the_command_makes(made):
    assert (made / KEYS.name).read_bytes() == KEYS.read_bytes()
    for new, place in (
        (made / "exercises", EXERCISES),
        (made / "simulated-room", TOOL["SIMULATED"]),
    ):
        files = {path.relative_to(new) for path in new.rglob("*") if path.is_file()}
        assert files == {
            path.relative_to(place)
            for path in place.rglob("*")
            if path.is_file() and ".ipynb_checkpoints" not in path.parts
        }
        for name in files:
            if name.suffix == ".xlsx":  # a workbook holds the time at which it was made
                assert read_cells(new / name) == read_cells(place / name)
            else:
                assert (new / name).read_bytes() == (place / name).read_bytes(), name


@pytest.mark.parametrize(
    ("source", "stubbed"),
    [
        ("answer = 3\ncheck('x', answer)", "answer = ...\ncheck('x', answer)"),
        (
            "# Count\n# well\nfound = 1\nanswer = found + 2\ncheck('x', answer)",
            "# Count\n# well\nanswer = ...\ncheck('x', answer)",
        ),
        ("# Guess\nguess, most = 0.5, 's3'", "# Guess\nguess = ...\nmost = ..."),
    ],
)
def test_a_stub_keeps_the_question_and_not_the_answer(source, stubbed):
    assert TOOL["stub"](source) == stubbed


def code_of(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def said_by(cell):
    return "".join(output.get("text", "") for output in cell.outputs)


@pytest.mark.parametrize("name", read_notebooks(SOLUTIONS))
def test_solutions_are_stored_with_every_answer_right(name):
    """And nbval, which runs them, compares just these cells."""
    notebook = read_notebooks(SOLUTIONS)[name]
    nbformat.validate(notebook)
    assert list(store.find_faults(notebook)) == []
    checks = [cell for cell in code_of(notebook) if "check(" in cell.source]
    asked = re.findall(r'check\("([\w-]+)"', "".join(cell.source for cell in checks))
    assert checks and set(asked) == set(TOOL["read_keys"](notebook))
    for cell, asked_for in zip(checks, asked, strict=True):
        assert cell.source.startswith("# NBVAL_CHECK_OUTPUT\n")
        assert said_by(cell).endswith(f"{asked_for}: right.\n")
    assert "before you run" in str(notebook)


def test_no_answer_and_no_output_is_left_in_the_exercises():
    given = 0
    for name, notebook in read_notebooks(EXERCISES).items():
        nbformat.validate(notebook)
        source = "\n".join(cell.source for cell in notebook.cells)
        assert "For the teacher" not in source and "```toml" not in source
        assert all(not cell.outputs and cell.execution_count is None for cell in code_of(notebook))
        for cell in code_of(read_notebooks(SOLUTIONS)[name]):
            if has_tag(cell, "solution"):
                assert cell.source not in source and " = ..." in source
                given += 1
    assert given > 15


def test_an_exercise_runs_unanswered_and_each_check_says_what_to_do(monkeypatch):
    notebooks = read_notebooks(EXERCISES)
    execute(notebooks, EXERCISES)
    monkeypatch.setattr(execution, "read_notebooks", lambda folder: notebooks)
    monkeypatch.setattr(execution, "execute", lambda notebooks, folder: None)
    assert machine.check_exercises() == "7 notebooks run; 29 answers are open"
    checks = [
        cell
        for notebook in notebooks.values()
        for cell in code_of(notebook)
        if "check(" in cell.source
    ]
    assert len(checks) == len(json.loads(KEYS.read_text("utf-8")))
    for cell in checks:
        assert "no answer yet; write it in place of the three dots" in said_by(cell)
    for notebook in notebooks.values():
        assert list(store.find_faults(notebook)) == []


# The checks


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        *(
            ("number", answer)
            for answer in (
                22,
                22.0,
                "22",
                " 22. ",
                "22,0",
                np.int64(22),
                np.float32(22),
                21.9999999,
            )
        ),
        *(
            ("share", answer)
            for answer in (0.53, "0.53", "0,53", 0.5251, ".525", np.float64(0.5349))
        ),
        *(
            ("words", answer)
            for answer in (
                ["claimed", "said"],
                ("said", "claimed", "said"),
                "Said, claimed",
                "claimed; “said”.",
                {"said ", "claimed"},
                pd.Series(["said", "claimed"]),
                {"said": 1, "claimed": 2},
                np.array(["claimed", "said"]),
            )
        ),
        *(("outlet", answer) for answer in ("The Lantern", " the  lantern. ", "“The Lantern”")),
    ],
)
def test_a_right_answer_is_right_in_any_type(name, answer):
    assert judge(name, answer, MADE) == f"{name}: right."


def endless():
    while True:
        yield "said"


class Hostile:
    def __str__(self):
        raise RuntimeError

    __iter__ = __eq__ = __hash__ = __str__


ODD = [
    float("nan"),
    float("inf"),
    True,
    b"22",
    10**5000,
    pd.DataFrame({"a": [1]}),
    pd.NA,
    pd.NaT,
    np.zeros((3, 3)),
    object(),
    [],
    {},
    [[1], [2]],
    endless(),
    Hostile(),
    len,
    "\ud800",
    "½",
    datetime.date(2031, 1, 6),
    "x" * 100_000,
    22j,
    [None],
    {"said": ...},
]


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("answer", ODD, ids=lambda answer: type(answer).__name__)
def test_an_odd_answer_gets_one_sentence(name, answer):
    said = judge(name, answer, MADE)
    assert said.startswith(f"{name}: not yet; ") and said.count(". ") == 0 and len(said) < 200


@pytest.mark.parametrize("answer", [None, ..., "", " ", "..."])
def test_an_open_answer_is_told_what_to_do(answer):
    assert "no answer yet" in judge("number", answer, MADE)


def test_hints_do_not_reveal(capsys):
    assert judge("number", 23, MADE) == "number: not yet; one too many."
    assert judge("number", 5, MADE) == "number: not yet; look again."
    check("no-such", 1)
    assert "There is no exercise of this name" in capsys.readouterr().out
    for name in (["x"], {}, None):
        assert "no exercise" in judge(name, 1, MADE)
    tell_guess(...)
    tell_guess(0.5)
    assert capsys.readouterr().out.splitlines() == [
        "you guessed: nothing yet: write a guess above first",
        "you guessed: 0.5",
    ]


def test_the_stored_keys_hold_no_answer_and_hints_do_not_say_it():
    keys = json.loads(KEYS.read_text("utf-8"))
    for name, notebook in read_notebooks(SOLUTIONS).items():
        assert set(TOOL["read_keys"](notebook)) <= set(keys), name
    for name, key in keys.items():
        assert all(re.fullmatch("[0-9a-f]{64}", one) for one in [key["answer"], *key["wrong"]])
        assert key["answer"] not in key["wrong"], name
        for hint in (key["hint"], *key["wrong"].values()):
            assert hint[-1] in ".?" and ". " not in hint, name


@settings(max_examples=50)
@given(
    st.recursive(
        st.none() | st.floats() | st.text() | st.binary() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_answer_crashes_a_check(answer):
    for name in MADE:
        assert judge(name, answer, MADE).startswith(f"{name}: ")


# The room


def fill_sheet(path, answers):
    sheet = pd.read_csv(ROOM / "sheet.csv", dtype=str, keep_default_na=False)
    sheet["responsibility"] = list(answers)
    if path.suffix == ".xlsx":
        sheet.to_excel(path, index=False)
    else:
        sheet.to_csv(path, index=False)


def test_sheets_grids_and_typed_rows_are_read_alike(tmp_path):
    fill_sheet(tmp_path / "ada.csv", "1011010010")
    fill_sheet(tmp_path / "ben.xlsx", "1111100000")
    (tmp_path / "paper.csv").write_text(
        "name;1;2;3;4;5;6;7;8;9;10\ncleo;1;0;;1;0;0;yes;0;1;-\n;1;1;1;1;1;1;1;1;1;1\n"
    )
    codes, passed_over = room.read_room(tmp_path, DESIGN, {"dan": "10-10 0000 1"})
    assert passed_over == []
    assert list(codes.index) == ["ada", "ben", "cleo", "paper.csv, row 3", "dan"]
    assert list(codes.columns) == UNITS
    spelt = {
        name: "".join("-" if np.isnan(x) else str(int(x)) for x in row)
        for name, row in zip(codes.index, codes.to_numpy(), strict=True)
    }
    assert spelt["ada"] == "1011010010" and spelt["ben"] == "1111100000"
    assert spelt["cleo"] == "10-100101-" and spelt["dan"] == "10-1000001"


def test_what_is_no_sheet_is_named_and_passed_over(tmp_path):
    fill_sheet(tmp_path / "ada.csv", "1011010010")
    fill_sheet(tmp_path / "ada.xlsx", "1011010010")  # the same person once more
    fill_sheet(tmp_path / "ben <script>alert(1)<script>.csv", "0011010010")
    fill_sheet(tmp_path / "maybe.csv", ["maybe", *"011010010"])
    (tmp_path / "empty.csv").write_bytes((ROOM / "sheet.csv").read_bytes())
    altered = (ROOM / "sheet.csv").read_text("utf-8-sig").replace("blamed", "praised")
    (tmp_path / "altered.csv").write_text(altered, "utf-8")
    (tmp_path / "notes.txt").write_text("lunch at one")
    (tmp_path / "broken.xlsx").write_text("no workbook")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "nothing.csv").write_text("")
    (tmp_path / "folder.csv").mkdir()
    for left_behind in (".DS_Store", "~$ada.xlsx"):
        (tmp_path / left_behind).write_text("x")
    typed = {"short": "101", "odd": "10q1010010", "none": "----------", "ada": "1" * 10, 7: 1 * 10}
    codes, passed_over = room.read_room(tmp_path, DESIGN, typed)
    assert list(codes.index) == ["ada", "ben <script>alert(1)<script>"]
    assert len(passed_over) == 9 + len(typed) and str(tmp_path) not in str(passed_over)
    for name in (
        "ada.xlsx",
        "maybe.csv, row 2",
        "empty.csv",
        "altered.csv",
        "notes.txt",
        "broken.xlsx",
        "other.csv",
        "nothing.csv",
        "folder.csv",
        "'short'",
        "'odd'",
    ):
        assert any(name in said for said in passed_over), name
    assert all(said.endswith(".") for said in passed_over)
    assert "Passed over: notes.txt is not a .csv or .xlsx file." in room.describe_room(
        codes, passed_over, draws=20
    )


def test_a_folder_that_is_not_there_is_the_users_fault(tmp_path):
    with pytest.raises(InputError, match="no file or folder"):
        room.read_room(tmp_path / "absent", DESIGN)
    with pytest.raises(InputError, match="sheet.csv is a file; name the folder"):
        room.read_room(ROOM / "sheet.csv", DESIGN)


def codes_of(*rows):
    answers = [[np.nan if sign == "-" else float(sign) for sign in row] for row in rows]
    return pd.DataFrame(
        answers, [f"p{n}" for n in range(len(rows))], UNITS[: len(rows[0])] if rows else UNITS
    )


def test_agreement_is_that_of_krippendorffs_own_example():
    """Computing Krippendorff's Alpha-Reliability (2011), section A: 60 per cent, alpha .095."""
    found = room.measure_room(codes_of("0100000010", "1110010000"))
    value, low, high = found["alpha"]
    assert found["agreement"] == 0.6 and value == pytest.approx(0.095, abs=5e-4)
    assert low < -0.2 and high > 0.5  # ten sentences: wide


def test_sentences_are_ranked_by_the_pairs_that_differ():
    ranked = room.rank_sentences(codes_of("110-", "1100", "1011", "10--"))
    assert list(ranked.index) == ["s4", "s2", "s3", "s1"]
    assert ranked.differ.round(6).tolist() == [1, 0.666667, 0.666667, 0]
    assert ranked.loc["s3", ["yes", "no", "empty"]].tolist() == [1, 2, 1]
    rest = codes_of("110", "110", "101", "10-")
    counts = np.stack([(rest == value).sum() for value in (0, 1)], axis=1)
    assert ranked.alpha_without["s4"] == pytest.approx(alpha(counts))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "0 participants"),
        (["1011010010"], "no sentence has the answers of two"),
        (["1111111111", "1111111111"], "all answers are the same"),
        (["1---------", "-0--------"], "no sentence has the answers of two"),
        (["1111111111", "1011010010", "1011010010"], "1 participant gave one answer throughout"),
        (["1011010010"] * 2, "alpha 1.00\nNo interval, for"),
        (
            ["1011010010", "1001110010"],
            "\nThe interval draws the 10 sentences again. A demonstration",
        ),
    ],
)
def test_a_room_of_any_kind_is_described_and_drawn(rows, said):
    codes = codes_of(*rows)
    assert said in room.describe_room(codes, draws=50)
    show(room.plot_room(codes, dict.fromkeys(UNITS, "A sentence <b>& more</b> " * 9)))


def test_thirty_three_participants_are_drawn():
    answers = np.random.default_rng(1).integers(0, 2, (33, 10)).astype(str)
    codes = codes_of(*map("".join, answers))
    assert room.describe_room(codes, draws=20).startswith("33 participants; 10 sentences;")
    ax = room.plot_room(codes, dict.fromkeys(UNITS, "text"))
    assert "s1 " in ax.figure.alt and "SIMULATED" not in ax.figure.alt
    show(ax)


def test_simulated_sheets_say_so_wherever_they_are_shown():
    codes, passed_over = room.read_room("notebooks/solutions/simulated-room", DESIGN)
    assert codes.shape == (12, 10) and passed_over == []
    assert "12 participants, SIMULATED" in room.describe_room(codes, draws=20)
    ax = room.plot_room(codes, dict.fromkeys(UNITS, "text"))
    assert "SIMULATED answers" in ax.figure.alt
    show(ax)


def test_the_paper_holds_what_the_sheet_holds():
    paper = (ROOM / "coding-sheet.html").read_text("utf-8")
    sheet = pd.read_csv(ROOM / "sheet.csv", index_col="unit")
    assert list(sheet.index) == UNITS and len(sheet) == 10
    assert all(f"<td>{text}</td>" in paper for text in sheet.text)
    assert "INVENTED" in paper and not re.search(r"<script|https?:|src=", paper)


@pytest.mark.browser
def test_the_paper_is_one_side_of_a4(chromium, tmp_path):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((ROOM / "coding-sheet.html").as_uri())
        page.pdf(path=tmp_path / "paper.pdf", prefer_css_page_size=True)
        browser.close()
    pages = pypdf.PdfReader(tmp_path / "paper.pdf").pages
    assert len(pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [210, 297]


# The workshop's plans


def test_the_plans_of_the_workshop_leave_no_minute_out():
    page = (PROJECT / "docs" / "workshop.md").read_text("utf-8")
    plans = [
        re.findall(r"^\| (\d+)–(\d+) \|", plan, re.MULTILINE)
        for plan in page.split("| Minutes |")[1:]
    ]
    assert [plan[-1][1] for plan in plans] == ["90", "210", "360", "360"]
    for plan in plans:
        assert [start for start, _ in plan] == ["0", *(end for _, end in plan[:-1])]
        assert all(int(start) < int(end) for start, end in plan)


def test_the_workshop_names_only_what_is_there():
    page = (PROJECT / "docs" / "workshop.md").read_text("utf-8")
    for link in re.findall(r"\]\(([^)#]+)\)", page):
        assert (PROJECT / "docs" / link).exists(), link
    for name in re.findall(r"`(notebooks/[\w/.-]+)`", page):
        assert (PROJECT / name).exists(), name
    for name in re.findall(r"`(0\d_\w+)`", page):
        assert (EXERCISES / f"{name}.ipynb").exists(), name
