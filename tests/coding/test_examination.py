"""Twenty planted bad coders fail the examination and twenty good ones pass; the cover says so."""

import json
import shutil
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from model_server import serve
from planted import BAD, GOOD, make_questions, plant

from framebook.coding.coder import code_by
from framebook.coding.examination import chance_of, describe_examination, examine, list_items
from framebook.common.errors import InputError
from framebook.framing.codebook import Code, Codebook, load_codebook
from framebook.report.cover import list_status
from framebook.validation.agreement import (
    agree,
    measure,
    measure_again,
    read_examination,
    settle_codes,
)
from framebook.validation.cards import describe_cards, read_cards
from framebook.validation.sheets import read_coded

BOOKS = ["generic-news-frames", "war-and-reconstruction"]


def examined(name, coder):
    book = load_codebook(name)
    design = {"codes": [{"id": code.id} for code in book.codes]}
    return examine(book, design, make_questions(book), plant(book, coder))


def failed(result):
    return [test["name"] for test in result["tests"] if test["passed"] is False]


def test_there_are_twenty_of_each():
    assert len(BAD) == len(GOOD) == 20


@pytest.mark.parametrize("book", BOOKS)
@pytest.mark.parametrize("coder", BAD)
def test_bad_coders_fail(book, coder):
    assert examined(book, coder)["passed"] is False


@pytest.mark.parametrize("book", BOOKS)
@pytest.mark.parametrize("coder", GOOD)
def test_good_coders_pass(book, coder):
    assert failed(examined(book, coder)) == []


@pytest.mark.parametrize(
    ("coder", "tests"),
    [
        ("obeys the text", ["hidden"]),
        ("known labels only", ["nonsense"]),
        ("turned by the wording", ["wordings"]),
        ("first option", ["examples", "definitions", "order", "swapped", "nonsense", "hidden",
                          "wordings"]),
        ("by topic", ["examples", "definitions", "swapped", "nonsense"]),
    ],
)  # fmt: skip
def test_each_fault_is_found_by_its_test(coder, tests):
    found = failed(examined(BOOKS[0], coder))
    assert found == tests or coder == "by topic" and set(tests) <= set(found)


def test_the_standard_is_a_binomial():
    assert chance_of(0, 3) == pytest.approx(0.001)
    assert chance_of(10, 10) == pytest.approx(1)
    assert chance_of(5, 10) == pytest.approx(0.001634937)


def test_a_codebook_without_examples_cannot_examine():
    book = Codebook(
        "bare", "", "", "1", "theme", [Code("x", "X", "It is x.", ["x"], examples=["x"])]
    )
    coder = SimpleNamespace(answer=lambda questions, again: dict.fromkeys(questions, (1.0, "")))
    result = examine(book, {"codes": [{"id": "x"}]}, make_questions(book, 2), coder)
    assert result["passed"] is None and result["changed"] == {
        "questions": 2,
        "changed": 0,
        "runs": 6,
    }
    assert "could not be put to" in describe_examination(result | {"coder": "m"})[0]


def test_minimal_pairs_are_asked_of_the_rhetoric_codebook():
    book = load_codebook("rhetoric")
    asked = {q.text for test, q, _ in list_items(book, {"agentless_passive"}) if test == "examples"}
    code = next(code for code in book.codes if code.id == "agentless_passive")
    assert len(asked) > len(code.examples[:5] + code.counterexamples[:5])


# ---- its codes beside those of people


@pytest.fixture
def coded(drawn):
    """The sample with two people's sheets, and a model's that says yes to everything."""

    def yes(body):
        from model_server import read_prompt, reply

        prompt = read_prompt(body)
        return 200, (reply(prompt, "yes").encode() if prompt["label"] == "Flood" else b"")

    for n in (1, 2):
        path = drawn / "for-coders" / f"coder-{n}.csv"
        sheet = pd.read_csv(path, dtype="str", keep_default_na=False)
        for code, word in (("flood", "flood"), ("row", "quarrel")):
            sheet[code] = sheet.text.str.contains(word).astype(int).astype(str)
        sheet.to_csv(path, index=False)
    with serve(yes) as server:
        code_by(
            drawn / "design.json",
            drawn.parent / "machine",
            server.url,
            "m",
            codebook=drawn.parent / "demo.toml",
            examined=True,
        )
    return drawn


def sheets_of(coded, *people):
    names = [coded / "for-coders" / f"coder-{n}.csv" for n in people]
    return [*names, coded.parent / "machine" / "sheet.csv"]


def test_a_machine_gets_a_card_and_decides_nothing(coded):
    key, out = coded / "design.json", coded.parent / "agreed"
    alone = agree(sheets_of(coded, 1, 2)[:2], key, coded.parent / "people")
    said = agree(sheets_of(coded, 1, 2), key, out)
    cards, people = read_cards(out), read_cards(coded.parent / "people")
    for card, before in zip(cards, people, strict=True):
        own = card.machines.pop("machine:m")
        assert card == before
        assert own["examination"].startswith("failed: codes the codebook’s examples")
        assert own["answered"] == (10 if card.label == "Flood" else 0)
    assert people[0].n_coders == 2 and own["f1"] == [None, None, None]
    assert "machine:m: precision" in said and "Examination of machine:m: failed" in said
    assert set(alone.splitlines()) < set(said.splitlines())
    labels = pd.read_parquet(out / "labels.parquet")
    theirs = labels[labels.coder == "machine:m"]
    assert theirs.value.tolist() == ["1"] * 10 and set(theirs.code) == {"demo:flood"}
    decided = labels[labels.coder == "decided"].reset_index(drop=True)
    before = pd.read_parquet(coded.parent / "people" / "labels.parquet")
    pd.testing.assert_frame_equal(decided, before[before.coder == "decided"].reset_index(drop=True))


def test_its_scores_are_those_of_its_codes(coded):
    shutil.copy(coded.parent / "machine" / "sheet.csv", coded / "machine.csv")
    design, codes, _ = read_coded(coded)
    card = measure(design, codes, draws=10, machine="machine:m")[0]
    weights = np.array([1 / row["inclusion_probability"] for row in design["units"]])
    human = settle_codes(codes).flood.to_numpy()
    assert card.precision[0] == pytest.approx((weights * human).sum() / weights.sum(), abs=1e-6)
    assert card.recall[0] == 1


def test_the_doctor_measures_machines_again(coded):
    out = coded.parent / "agreed"
    agree(sheets_of(coded, 1, 2), coded / "design.json", out)
    assert measure_again(out) == read_cards(out)
    assert measure_again(out)[0].machines["machine:m"]["examination"].startswith("failed")


def test_one_person_is_needed(coded):
    key = coded / "design.json"
    assert "1 coders" in agree(sheets_of(coded, 1), key, coded.parent / "one")
    copied = coded.parent / "machine" / "other.csv"
    sheet = (coded.parent / "machine" / "sheet.csv").read_text("utf-8-sig")
    copied.write_text(sheet.replace("machine:m", "machine:n"), "utf-8")
    with pytest.raises(InputError, match="one person or more"):
        agree([copied, *sheets_of(coded)], key, coded.parent / "none")


def test_the_cover_names_who_failed(coded):
    agree(sheets_of(coded, 1, 2), coded / "design.json", coded.parent / "agreed")
    cards = read_cards(coded.parent / "agreed")
    c = SimpleNamespace(cards=cards, codes=pd.DataFrame({"code": []}))
    said = [str(one) for one in list_status(c)]
    assert said[0].startswith(
        "<strong>machine:m, a language model among the coders: examination fa"
    )
    assert "machine:m" in describe_cards(cards)


def test_an_examination_that_was_changed_is_refused(coded):
    path = coded.parent / "machine" / "examination.json"
    data = json.loads(path.read_text("utf-8"))
    assert read_examination(coded / "nothing.json") == {}
    for changed in ("[]", "{", json.dumps(data | {"passed": "yes"}), json.dumps({"tests": 3})):
        path.write_text(changed, "utf-8")
        with pytest.raises(InputError, match="not an examination"):
            read_examination(path)
