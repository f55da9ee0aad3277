"""Decisions about documents: exact tables by stated rules, and thresholds learned from codes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framebook.common.errors import InputError
from framebook.framing.codebook import load_codebook
from framebook.framing.cues import find_cues
from framebook.framing.decisions import apply_rules, describe_rule, f1_score
from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise

HEAD = '[codebook]\nname = "b"\n'
CODE = '[[code]]\nid = "{}"\npatterns = ["{}*"]\n'
TWO = (
    '[[code]]\nid = "weather"\n{}\n[[code.indicator]]\nid = "wet"\nquestion = "Wet?"\n'
    'patterns = ["rain*", "snow*"]\n[[code.indicator]]\nid = "hot"\nquestion = "Hot?"\n'
    'patterns = ["sun*"]\n'
)
TEXTS = [
    "Rain fell. Snow fell. Sun and rain came. It was fine.",
    "Rain fell. It was fine.",
    "It was fine.",
]


def load(tmp_path, text):
    path = tmp_path / "b.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_codebook(path)


def decide_texts(book, texts=TEXTS):
    sentences, tokens = tokenise(make_documents(texts))
    return apply_rules(find_cues(tokens, [book]), sentences, book)


def rule(text):
    return f'[code.decision]\n{text}\nreason = "why"\n'


@pytest.mark.parametrize(
    "text, n_indicators, decided, words",
    [
        (
            "indicators = 1\nsentences = 2",
            [1, 0, 0],
            [True, False, False],
            "at least 1 of 2 indicators, in at least 2 sentences",
        ),
        (
            "indicators = 2\nsentences = 1",
            [2, 1, 0],
            [True, False, False],
            "at least 2 of 2 indicators, each in at least 1 sentence",
        ),
        (
            "indicators = 1\nshare = 0.5",
            [2, 1, 0],
            [True, True, False],
            "at least 1 of 2 indicators, in at least 1 sentence, "
            "and cues in at least 50% of the sentences",
        ),
        (
            "indicators = 1\nsentences = 1\nshare = 0.51",
            [2, 1, 0],
            [True, False, False],
            "at least 1 of 2 indicators, in at least 1 sentence, "
            "and cues in at least 51% of the sentences",
        ),
        (
            "indicators = 2\nsentences = 2",
            [1, 0, 0],
            [False, False, False],
            "at least 2 of 2 indicators, each in at least 2 sentences",
        ),
    ],
)
def test_rules_with_indicators(tmp_path, text, n_indicators, decided, words):
    table = decide_texts(load(tmp_path, TWO.format(rule(text))))
    assert table.columns.tolist() == [
        "doc_id",
        "code",
        "n_indicators",
        "of_indicators",
        "n_sentences",
        "share",
        "decided",
        "rule",
    ]
    assert table.doc_id.tolist() == [0, 1, 2] and set(table.code) == {"b:weather"}
    assert table.n_indicators.tolist() == n_indicators
    assert table.of_indicators.tolist() == [2, 2, 2]
    assert table.n_sentences.tolist() == [3, 1, 0] and table["share"].tolist() == [0.75, 0.5, 0]
    assert table.decided.tolist() == decided and str(table.decided.dtype) == "boolean"
    assert set(table["rule"]) == {words}


def test_code_without_rule_is_not_decided(tmp_path):
    book = load(
        tmp_path, CODE.format("one", "rain") + CODE.format("two", "rain") + rule("sentences = 1")
    )
    table = decide_texts(book)
    assert table.code.tolist() == ["b:one", "b:two"] * 3
    assert table.decided.isna().tolist() == [True, False] * 3
    assert table.decided[1::2].tolist() == [True, True, False]
    assert table["rule"].isna().tolist() == [True, False] * 3
    assert describe_rule(book.codes[1]) == "cues in at least 1 sentence"
    assert table.n_indicators.tolist() == [0] * 6 and table.of_indicators.tolist() == [0] * 6


def test_nothing_to_decide(tmp_path):
    book = load(tmp_path, CODE.format("one", "rain") + rule("share = 0.1"))
    assert decide_texts(book, ["Dry."]).decided.tolist() == [False]
    assert len(decide_texts(book, [])) == 0
    assert describe_rule(book.codes[0]) == "cues in at least 10% of the sentences"


@given(
    st.lists(
        st.sampled_from(["Rain fell.", "The sun shone.", "Sun and rain.", "Fine."]),
        min_size=1,
        max_size=12,
    )
)
def test_more_is_never_less(tmp_path_factory, parts):
    """A sentence with cues of all indicators more never turns a yes into a no."""
    book = load(
        tmp_path_factory.mktemp("b"), TWO.format(rule("indicators = 2\nsentences = 2\nshare = 0.3"))
    )
    before, after = decide_texts(
        book, [" ".join(parts), " ".join([*parts, "Sun and rain."])]
    ).decided
    assert after or not before
    wet, hot = (sum(word in part.lower() for part in parts) for word in ("rain", "sun"))
    some = sum(part != "Fine." for part in parts)
    assert before == (wet >= 2 and hot >= 2 and some / len(parts) >= 0.3)


@pytest.mark.parametrize(
    "text, said",
    [
        ("indicators = 3\nsentences = 1", "indicators from 1 to 2"),
        ("indicators = 0\nsentences = 1", "whole number"),
        ("indicators = true\nsentences = 1", "whole number"),
        ("indicators = 1\nsentences = 1.5", "whole number"),
        ("sentences = 1", "indicators from 1 to 2"),
        ("indicators = 1", "state sentences or share"),
        ("indicators = 1\nshare = 1.5", "above 0 and up to 1"),
        ("indicators = 1\nshare = nan", "above 0 and up to 1"),
        ('indicators = 1\nshare = "half"', "above 0 and up to 1"),
        ("indicators = 1\nsentence = 1", "unknown key 'sentence'"),
    ],
)
def test_malformed_rules_are_refused(tmp_path, text, said):
    with pytest.raises(InputError, match=said) as caught:
        load(tmp_path, TWO.format(rule(text)))
    assert "code weather" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text, said",
    [
        ("decision = 3\n", "must be a table"),
        ("[code.decision]\nsentences = 1\n", "a reason"),
        ('[code.decision]\nindicators = 1\nsentences = 1\nreason = "x"\n', "no indicators"),
    ],
)
def test_malformed_rules_of_plain_codes_are_refused(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        load(tmp_path, CODE.format("one", "rain") + text)


def test_generic_frames_state_their_rules():
    for code in load_codebook("generic-news-frames").codes:
        assert "indicators, in at least" in describe_rule(code)
        assert len(code.extra["decision"]["reason"]) > 40


def test_f1_of_nothing_is_null():
    assert np.isnan(f1_score(np.zeros(3, bool), np.zeros(3, bool)))
