"""The challenge set: its form, how a pair is judged, and that the stored passes are measured.

After a method has changed: python -m framebook.classroom.challenge > tests/challenge/passes.toml
"""

import difflib
import re
import tomllib

import pandas as pd
import pytest

from framebook import cli
from framebook.classroom.challenge import (
    FOLDER,
    METHODS,
    count_passes,
    load_scorer,
    read_pairs,
    run_pairs,
    score_pairs,
)
from framebook.common.errors import InputError
from framebook.framing.codebook import load_codebook
from framebook.loading.articles import find_path
from framebook.tables import SPEAKER_CLASSES

PAIRS = read_pairs()
KEYS = {
    "family",
    "number",
    "a",
    "b",
    "tone",
    "code",
    "in",
    "voices",
    "forms",
    "classes",
    "speakers",
}


def words(text):
    return re.findall(r"\w+|[^\w\s]", text.lower())


def test_there_are_enough_pairs_of_ten_families():
    families = pd.Series([pair["family"] for pair in PAIRS]).value_counts()
    assert len(PAIRS) >= 150 and len(families) == 10 and families.min() >= 15
    for path in FOLDER.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert path.stem == "passes" or text.startswith("# Challenge set, CC0-1.0.")
        assert path.stem == "passes" or tomllib.loads(text)["question"][-1] in ".?"


def test_no_pair_stands_twice():
    texts = [frozenset((pair["a"], pair["b"])) for pair in PAIRS]
    assert len(set(texts)) == len(texts) and all(len(both) == 2 for both in texts)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['family']}-{pair['number']}")
def test_a_pair_is_minimal_and_has_an_answer(pair):
    a, b = words(pair["a"]), words(pair["b"])
    blocks = difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    same = sum(block.size for block in blocks)
    assert max(len(a), len(b)) - same <= 6 and same >= min(len(a), len(b)) / 3, (a, b)
    assert pair.keys() <= KEYS and len(pair.keys()) > 4
    assert pair.get("tone", "a") in {"a", "b", "equal"}
    assert pair.get("in", "a") in {"a", "b", "both", "neither"} and ("in" in pair) == (
        "code" in pair
    )
    assert all(len(pair.get(key, "ab")) == 2 for key in ("voices", "forms", "classes", "speakers"))
    assert pair.get("code", "hedge") in {code.id for code in load_codebook("rhetoric").codes}
    classes = {name for side in pair.get("classes", []) for name in side}
    assert classes <= set(SPEAKER_CLASSES)


def test_pairs_are_not_from_the_articles():
    articles = " ".join(
        path.read_text(encoding="utf-8")
        for path in find_path("seeds").rglob("*")
        if path.suffix in {".txt", ".csv"}
    )
    assert not [pair for pair in PAIRS if pair["a"] in articles or pair["b"] in articles]


MADE_UP = [
    ({"tone": "b", "a": "A bad day.", "b": "A good day."}, "VADER", True),
    ({"tone": "a", "a": "A bad day.", "b": "A good day."}, "TextBlob", False),
    ({"tone": "equal", "a": "A long day.", "b": "A short day."}, "VADER", True),
    ({"code": "hedge", "in": "b", "a": "It rains.", "b": "It may rain."}, "rhetoric", True),
    ({"code": "hedge", "in": "both", "a": "It rains.", "b": "It may rain."}, "rhetoric", False),
    ({"code": "hedge", "in": "neither", "a": "It rains.", "b": "It rained."}, "rhetoric", True),
    ({"voices": [0, 1], "a": "It rains.", "b": "Ada said it rains."}, "voices", True),
    ({"voices": [1, 1], "a": "It rains.", "b": "Ada said it rains."}, "voices", False),
    ({"forms": [[], ["quoted"]], "a": "It rains.", "b": "“It rains,” Ada said."}, "voices", True),
    ({"forms": [[], ["mixed"]], "a": "It rains.", "b": "“It rains,” Ada said."}, "voices", False),
    (
        {"classes": [[], ["citizen"]], "a": "It rains.", "b": "Residents say it rains."},
        "voices",
        True,
    ),
    (
        {"speakers": [[], ["venn"]], "a": "It rains.", "b": "Ada Venn said it rains."},
        "speakers",
        True,
    ),
    ({"speakers": [[], []], "a": "It rains.", "b": "Ada Venn said it rains."}, "speakers", False),
    (
        {"speakers": [[], ["Roe"]], "a": "It rains.", "b": "Ada Venn said it rains."},
        "speakers",
        False,
    ),
]


@pytest.mark.parametrize(("pair", "method", "passed"), MADE_UP)
def test_a_pair_is_judged(pair, method, passed):
    pair = {"family": "Made up", "number": 1, **pair}
    results = run_pairs([pair])
    assert results.passed[results.method == method].tolist() == [passed]


def test_counts_of_passes():
    results = pd.DataFrame(
        [
            ("B", 1, "VADER", True),
            ("A", 1, "VADER", True),
            ("A", 2, "VADER", False),
            ("A", 1, "TextBlob", False),
        ],
        columns=["family", "number", "method", "passed"],
    )
    assert count_passes(results).to_dict("index") == {
        "A": {"TextBlob": "0 / 1", "VADER": "1 / 2"},
        "B": {"TextBlob": "–", "VADER": "1 / 1"},
    }


def test_the_stored_passes_are_what_is_measured():
    stored = tomllib.loads((FOLDER / "passes.toml").read_text(encoding="utf-8"))
    results = run_pairs(PAIRS)
    measured = {
        family: {
            method: [int(passed.sum()), len(passed)]
            for method, passed in rows.groupby("method").passed
        }
        for family, rows in results.groupby("family")
    }
    assert stored == measured, (
        "python -m framebook.classroom.challenge > tests/challenge/passes.toml"
    )
    assert set(results.method) == set(METHODS)


# ---- a scorer that is not ours

PAIR = {"family": "mine", "number": 1, "a": "bad", "b": "good", "tone": "b"}


@pytest.mark.parametrize(
    ("scores", "tone", "passed"),
    [([0, 1], "b", True), ([0, 1], "a", False), ([0.01, 0], "equal", True), ([3, 1], "a", True)],
)
def test_a_scorer_is_judged_by_which_text_it_scores_higher(scores, tone, passed):
    found = score_pairs([PAIR | {"tone": tone}, {"a": "x", "b": "y"}], lambda texts: scores)
    assert found.values.tolist() == [["mine", 1, "scorer", passed]]


def test_the_margin_is_the_users():
    assert score_pairs([PAIR], lambda texts: [0, 1], margin=2).passed.tolist() == [False]


@pytest.mark.parametrize(
    "scores", [[1], [1, 2, 3], None, 3, ["a", "b"], [float("nan"), 1], [1, float("inf")]]
)
def test_what_is_no_score_is_refused(scores):
    with pytest.raises(InputError, match="one number per text: it was given 2 texts"):
        score_pairs([PAIR], lambda texts: scores)


def test_our_own_method_gets_the_same_passes_as_a_scorer(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine_as_scorer.py").write_text(
        "from framebook.sentiment.explain import score_text\n"
        "def vader(texts):\n    return [score_text(text)[2] for text in texts]\n"
    )
    assert cli.main(["challenge", "--scorer", "mine_as_scorer:vader"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    theirs, textblob, vader = re.findall(r"(\d+) / 103", last)[:3]
    assert last.startswith("All") and theirs == vader != textblob
    assert cli.main(["challenge", "--scorer", "mine_as_scorer"]) == 2
    for place in ("nowhere_at_all:f", "mine_as_scorer:nothing", ":", "mine_as_scorer:"):
        with pytest.raises(InputError, match="be imported|not a scorer"):
            load_scorer(place)


def test_the_data_card_says_how_many_there_are():
    card = (FOLDER / "README.md").read_text("utf-8")
    for family, own in pd.DataFrame(PAIRS).groupby("family"):
        assert f"| {family} | {len(own)} | {own.tone.count()} |" in card
    assert f"{len(PAIRS)} pairs" in card
