"""The word list of the style step, tried on sentences, and the pages that it reads."""

import prose
import pytest


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The value is nought.", "nought"),
        ("It parts the text into pieces.", "parts the"),
        ("Draw it anew.", "anew"),
        ("The table has a row a cue.", "a row a"),
        ("The article tells of a war.", "tells of"),
        ("A cue is no frame.", "is no"),
        ("Two cues by 100 words.", "by 100 words"),
        ("The first less the second.", "less the"),
        ("In 25 % of the sentences.", "25 %"),
        ("Alpha is .80 here.", ".80"),
        ("Read 3 article(s).", "article(s)"),
        ("It can't be counted.", "can't"),
        ("It cannot be the reader's.", "'"),
        ("They mend the file.", "mend"),
        ("The officials whom it names.", "whom"),
    ],
)
def test_what_an_editor_would_change_is_found(text, found):
    assert found in [words for _, words, _ in prose.find_faults(f"First.\n\n{text}")]
    assert {line for line, _, _ in prose.find_faults(f"First.\n\n{text}")} == {3}


def test_messages_are_read_without_their_values(tmp_path):
    (tmp_path / "framebook").mkdir()
    (tmp_path / "framebook" / "a.py").write_text(
        'def f(x):\n    "Is no page."\n    print(f"{x} is no page", x)\n'
        '    raise ValueError(\n        f"{x}: make it "\n        "anew."\n    )\n'
    )
    assert sorted(prose.read_messages(tmp_path)) == [
        ("framebook/a.py:3", " is no page"),
        ("framebook/a.py:4", ": make it anew."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "There is no interval, and it is no longer drawn.",
        "In 25% of the sentences (1,666 of 6,692), alpha is 0.80.",
        "Part of the text; the part that counts.",
        "`a row a cue`, and in a fence:\n\n```\nnought 25 %\n```\n",
        "He said “it is nought” twice.",
        "[the page](anew.md), version 1.0.2",
        "It cannot be less than 1.",
    ],
)
def test_what_an_editor_would_print_passes(text):
    assert list(prose.find_faults(text)) == []


def test_contractions_are_for_exercises():
    assert list(prose.find_faults("Don’t look.", exercise=True)) == []
    assert list(prose.find_faults("Don’t look."))


def test_all_that_readers_read_is_read():
    names = {name.partition(",")[0] for name, _, _ in prose.read_pages()}
    assert {"README.md", "docs/recipes.md", "docs/glossary.md", "docs/workshop.md"} <= names
    assert {f"notebooks/{name}.ipynb" for name in ("00_start_here", "08_robustness")} <= names
    assert "notebooks/solutions/03_sentiment.ipynb" in names
    assert "docs/reference.md" not in names
