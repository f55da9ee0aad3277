"""Where a codebook is just right and one step past it."""

import pandas as pd
import pytest

from framebook.common.errors import InputError
from framebook.framing.checking import Finding, Lines, check_codebook
from framebook.framing.codebook import load_codebook
from framebook.framing.cues import count_sentences
from framebook.framing.importing import DEEPEST, Dictionary

TWO = """[codebook]
name = "mine"

[[code]]
id = "flood"
patterns = ["flood", "dam"]
examples = ["The flood came, and the flood went."]

[[code]]
id = 'fire'
patterns = ['fire', "fire"]
"""


def test_a_line_is_found_by_code_text_and_number():
    lines = Lines(TWO)
    assert [lines.find(), lines.find(0), lines.find(1), lines.find(2)] == [1, 4, 9, 1]
    assert [lines.find(0, "flood"), lines.find(0, "dam"), lines.find(1, "fire")] == [5, 6, 10]
    assert lines.find(0, "flood", "patterns") == 6
    assert [lines.find(1, "fire", "patterns", nth) for nth in (0, 1, 2)] == [11, 11, 11]
    assert [lines.find(0, "nothing"), lines.find(0, "nothing", "examples")] == [4, 7]
    assert lines.find(0, after="nowhere") == 4
    many = Lines('[[code]]\npatterns = [\n "a",\n "b",\n "a",\n]\n')
    assert [many.find(0, "a", nth=n) for n in (0, 1, 2)] == [3, 5, 5]
    accented = Lines('[[code]]\npatterns = ["é"]\n')
    assert accented.find(0, "é") == 2


def test_a_finding_is_a_line():
    assert Finding(3, "no\tword").describe("a.toml") == "a.toml:3: no\\tword"
    assert Finding(3, "few", False).describe("a.toml") == "a.toml:3: warning: few"


@pytest.mark.parametrize(("said", "extends"), [("true", True), ("false", False), ('"yes"', False)])
def test_a_list_extends_the_built_in_one_only_where_it_says_so(tmp_path, said, extends):
    path = tmp_path / "mine.toml"
    path.write_text(TWO.replace('name = "mine"', f'name = "mine"\nextends = {said}'), "utf-8")
    assert load_codebook(path).extends is extends


def write(tmp_path, patterns):
    path = tmp_path / "mine.toml"
    path.write_text(
        f'[codebook]\nname = "mine"\n\n[[code]]\nid = "flood"\npatterns = {patterns}\n', "utf-8"
    )
    return path


def test_a_pattern_is_judged_by_its_share_from_twenty_cues_on(tmp_path):
    path = write(tmp_path, '["flood", "dam"]')
    corpus = tmp_path / "corpus"
    corpus.mkdir()

    def said(floods, dams, others):
        sentences = ["A flood came."] * floods + ["A dam broke."] * dams + ["It rained."] * others
        text = " ".join(f"{one[:-1]} on day {n}." for n, one in enumerate(sentences))
        (corpus / "a.txt").write_text(text, "utf-8")
        found = [one.text for one in check_codebook(path, corpus)]
        return [text for text in found if "has no definition" not in text]

    flood, dam = 'code flood, pattern "flood": ', 'code flood, pattern "dam": '
    assert said(10, 10, 200) == []
    assert said(11, 9, 200) == [f"{flood}makes 55% of the code's cues."]
    assert said(11, 8, 200) == []
    assert said(10, 10, 80) == []  # one in ten
    assert said(10, 10, 79) == [
        f"{flood}matches in 10% of the sentences.",
        f"{dam}matches in 10% of the sentences.",
    ]
    assert said(0, 19, 200) == [f"{flood}never matches in this corpus."]


def test_categories_hold_what_is_below_them_fifty_deep():
    made = Dictionary()
    path = tuple(f"c{n}" for n in range(DEEPEST))
    made.add(path, "flood")
    assert [list(patterns) for patterns in made.patterns.values()] == [["flood"]] * DEEPEST
    assert list(made.patterns) == [path[:n] for n in range(1, DEEPEST + 1)]
    with pytest.raises(InputError, match=f"more than {DEEPEST} deep, such as last"):
        made.add((*path, "last"))


def test_what_became_of_the_entries_of_a_word_list():
    made = Dictionary()
    made.add(("a",))
    made.add(("a", "b"), "Flood  water")
    made.add(("a",), '"dam"')
    made.add(("a",), "(if) dam")
    made.add(("a",), "fl[oa]*d")
    made.add(("a",), "!!")
    made.lose("x", "the weight", " 2")
    made.lose("", "a key that is not a text")
    assert {path: list(found) for path, found in made.patterns.items()} == {
        ("a",): ["flood water", "dam"],
        ("a", "b"): ["flood water"],
    }
    assert made.describe() == [
        "2 of 5 entries were taken, 3 were not; lost, a key that is not a text: 1; lost, a regular "
        "expression, or signs that are not words: 1; lost, brackets (a condition?): 1; lost, no "
        "word to look for: 1; lost, the weight: 1",
        "changed: capital letters: words match in any case (entries: 1)",
        "changed: brackets, quotation marks or commas around it taken off (entries: 1)",
        "'(if) dam': brackets (a condition?)",
        "'fl[oa]*d': a regular expression, or signs that are not words",
        "'!!': no word to look for",
        "'x': the weight 2",
        "a key that is not a text",
    ]


def test_the_share_of_one_sentence_and_of_none():
    spans = pd.DataFrame({"code": ["mine:flood"] * 3, "sent_id": [0, 0, 1]})
    for n, share in ((1, 2.0), (2, 1.0), (8, 0.25)):
        table = count_sentences(spans, pd.DataFrame({"sent_id": range(n)}))
        assert table.values.tolist() == [[3, 2, share]]
    none = count_sentences(spans.head(0), pd.DataFrame({"sent_id": []}), {"mine:flood": "Flood"})
    assert none.values.tolist() == [[0, 0, 0]]
