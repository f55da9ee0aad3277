"""Word shifts: by hand, as a sum that is exact, and refused where words or sentences lack."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framebook.chain import derive_from
from framebook.common.errors import InputError
from framebook.sentiment.word_shifts import (
    count_words_by_side,
    mean_valences,
    roles_of_tokens,
    shift_words,
)
from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise


def counts_of(**sides):
    return pd.DataFrame(sides).rename_axis("word")


def test_a_shift_by_hand():
    # A: peace, peace, war, war (mean 0); B: peace, war, war, hope (mean (2 − 3 − 3 + 1) / 4).
    counts = counts_of(a={"peace": 2, "war": 2, "hope": 0}, b={"peace": 1, "war": 2, "hope": 1})
    table = shift_words(counts, {"peace": 2, "war": -3, "hope": 1})
    assert table["shift"].to_dict() == {"peace": -0.5, "hope": 0.25, "war": 0.0}
    assert table.change.to_dict() == {"peace": -0.25, "hope": 0.25, "war": 0.0}
    assert mean_valences(table).to_dict() == {"a": -0.5, "b": -0.75}


def test_a_word_that_is_equally_frequent_adds_nothing_however_long_the_texts():
    counts = counts_of(a={"peace": 1, "war": 1}, b={"peace": 50, "war": 50})
    assert shift_words(counts)["shift"].tolist() == [0, 0]


words = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.tuples(st.integers(0, 50), st.integers(0, 50), st.floats(-4, 4)),
    min_size=1,
)


@given(words)
def test_the_shifts_sum_to_the_difference_of_the_means(found):
    counts = pd.DataFrame({word: row[:2] for word, row in found.items()}, ["a", "b"]).T
    valences = {word: row[2] for word, row in found.items()}
    if not counts.sum().all():
        with pytest.raises(InputError):
            shift_words(counts, valences)
        return
    table = shift_words(counts, valences)
    means = [
        sum(counts[side][word] * valences[word] for word in found) / counts[side].sum()
        for side in "ab"
    ]
    assert table["shift"].sum() == pytest.approx(means[1] - means[0], abs=1e-9)
    assert mean_valences(table).tolist() == pytest.approx(means, abs=1e-9)
    mirrored = shift_words(counts[["b", "a"]], valences)
    assert mirrored["shift"].to_dict() == pytest.approx((-table["shift"]).to_dict())


def test_words_without_a_valence_are_refused_by_name_or_left_out_when_asked():
    counts = counts_of(a={"peace": 1, "table": 9}, b={"peace": 2, "table": 1})
    with pytest.raises(InputError, match=r"1 word without a valence \(table, …\)"):
        shift_words(counts)
    table = shift_words(counts, missing="leave out")
    assert table.index.tolist() == ["peace"] and table["shift"].tolist() == [0]
    with pytest.raises(InputError, match="no word with a valence"):
        shift_words(
            counts_of(a={"peace": 0, "table": 9}, b={"peace": 2, "table": 1}), missing="leave out"
        )
    with pytest.raises(InputError, match="two sides"):
        shift_words(counts[["a"]])


def test_a_side_of_fewer_than_ten_sentences_is_refused():
    texts = ["It is Good, good. " * 10, "It is bad. " * 9, "Bad. Bad."]
    tokens = tokenise(make_documents(texts))[1]
    sides = tokens.token_id.floordiv(2**24).map({0: "one", 1: "other"})
    with pytest.raises(InputError, match="other has 9 of the 10 sentences"):
        count_words_by_side(tokens, sides, ("one", "other"))
    with pytest.raises(InputError, match="none has 0"):
        count_words_by_side(tokens, sides, ("one", "none"))
    sides = tokens.token_id.floordiv(2**24).map({0: "one"}).fillna("other")
    counts = count_words_by_side(tokens, sides, ("other", "one"))
    assert counts.to_dict() == {
        "other": {"bad": 11, "good": 0, "is": 9, "it": 9},
        "one": {"bad": 0, "good": 20, "is": 10, "it": 10},
    }


def test_each_token_is_its_segments():
    documents = make_documents(
        [
            "The mayor said the dam would hold, but it broke.",
            "It rained.",
            "“It rained,” she claimed.",
        ]
    )
    made = derive_from(documents, [], frozenset({"segments", "tokens"}))
    tokens, segments = made["tokens"], made["segments"].sample(frac=1, random_state=1)
    roles = roles_of_tokens(tokens, segments)
    for token, role in zip(tokens.itertuples(), roles, strict=True):
        own = segments[
            (segments.sent_id == token.sent_id)
            & (segments.start <= token.start)
            & (segments.end >= token.end)
        ]
        assert own.role.tolist() == [role]
    assert set(roles) == {"narrator", "attribution", "content"}
