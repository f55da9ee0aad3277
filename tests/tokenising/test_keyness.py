"""Keyness and dispersion: published examples, other implementations, tiny inputs by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats.contingency import relative_risk

from framebook.common.errors import InputError
from framebook.tables import empty, make_documents
from framebook.tokenising.bulk import tokenise
from framebook.tokenising.counts import collocations
from framebook.tokenising.keyness import (
    adjust,
    count_by_document,
    dispersion,
    keyness,
    log_likelihood,
    log_ratio,
    plot_keyness,
)


def tokens_of(*texts):
    return tokenise(make_documents(list(texts)))[1]


RIVER = ["The river rose.", "A fire by the river.", "The fire's out! 3 rivers, THE rivers."]
TESTS = ["log_ratio_low", "log_ratio_high", "g2", "p", "q"]
# Twelve documents: "dam" once in each of the first six, "fire" once in each of the others,
# "the" in all, "rare" in one.
TWELVE = ["the dam rare"] + ["the dam held"] * 5 + ["the fire held"] * 6


@st.composite
def two_parts(draw):
    """Counts of a word in two parts, not both 0, and the sizes of the parts."""
    a, b = draw(st.integers(0, 500)), draw(st.integers(0, 500))
    a += a + b == 0
    return a, b, a + draw(st.integers(1, 10**6)), b + draw(st.integers(1, 10**6))


# Counts


def test_words_are_counted_by_document_whatever_their_case():
    cells = count_by_document(tokens_of(*RIVER))
    assert list(cells.itertuples(index=False, name=None)) == [
        (0, "river", 1),
        (0, "rose", 1),
        (0, "the", 1),
        (1, "a", 1),
        (1, "by", 1),
        (1, "fire", 1),
        (1, "river", 1),
        (1, "the", 1),
        (2, "3", 1),
        (2, "fire's", 1),
        (2, "out", 1),
        (2, "rivers", 2),
        (2, "the", 2),
    ]
    assert cells.word.cat.categories.tolist() == sorted(set(cells.word))


# Log-likelihood


def test_log_likelihood_of_the_lancaster_example():
    """52 in 50,000 against 57 in 75,000 words: teaching material quotes "LL + 2.65" from the
    calculator whose formula, with two cells, is at ucrel.lancs.ac.uk/llwizard.html.
    """
    assert log_likelihood(52, 57, 50_000, 75_000) == pytest.approx(2.65, abs=0.005)


def test_log_likelihood_of_the_manifestos():
    """Rayson's thesis (Lancaster 2002, section 4.4.1): "will", 461 times (2.26 %) and 515
    (1.83 %), LL 10.63, p < 0.005. The percentages are rounded, and so leave a range.
    """
    rates = [(0.02255, 0.01835), (0.02265, 0.01825)]
    low, high = (log_likelihood(461, 515, 461 / one, 515 / two) for one, two in rates)
    assert low < 10.63 < high
    assert math.erfc(math.sqrt(10.63 / 2)) < 0.005


def test_two_cells_and_four():
    """Two cells are a Poisson comparison; the two further cells of Dunning count other words.

    288 times in 92,965 and 114,099 in 104,570,472 words: a keyness of 228.02 was printed by a
    program that uses four cells (corpus4u.org/threads/8377); two cells give 227.64.
    """
    a, b, c, d = 288, 114_099, 92_965, 104_570_472
    four = stats.chi2_contingency(
        [[a, b], [c - a, d - b]], correction=False, lambda_="log-likelihood"
    ).statistic
    assert four == pytest.approx(228.02, abs=0.005)
    assert log_likelihood(a, b, c, d) == pytest.approx(227.64, abs=0.005)


@given(two_parts())
def test_log_likelihood_is_that_of_scipy(counts):
    a, b, c, d = counts
    expected = [c * (a + b) / (c + d), d * (a + b) / (c + d)]
    ours = log_likelihood(a, b, c, d)
    two, p = stats.power_divergence([a, b], expected, lambda_="log-likelihood")
    assert ours == pytest.approx(two, rel=1e-6, abs=1e-8)
    assert math.erfc(math.sqrt(ours / 2)) == pytest.approx(p, rel=1e-4)
    four = stats.chi2_contingency(
        [[a, b], [c - a, d - b]], correction=False, lambda_="log-likelihood"
    ).statistic
    assert four >= ours - 1e-6
    if max(a / c, b / d) < 0.001:  # for a rare word they are nearly the same
        assert four == pytest.approx(ours, rel=0.001, abs=1e-6)


def test_log_likelihood_of_many_words_at_once():
    a, b = np.array([52, 0, 3, 2]), np.array([57, 3, 0, 3])
    g2 = log_likelihood(a, b, 50_000, 75_000)
    assert g2.tolist() == [log_likelihood(x, y, 50_000, 75_000) for x, y in zip(a, b, strict=True)]
    assert g2[1:].tolist() == pytest.approx([6 * math.log(5 / 3), 6 * math.log(5 / 2), 0])


# Log ratio


def test_log_ratio_by_hand():
    """Hardie's example: 0.0006 is three times 0.0002. Then powers of two."""
    assert log_ratio(6, 2, 10_000, 10_000)[0] == pytest.approx(math.log2(3))
    assert log_ratio(8, 1, 100, 100)[0] == pytest.approx(3)
    assert log_ratio(1, 8, 100, 100)[0] == pytest.approx(-3)
    assert log_ratio(5, 10, 100, 200)[0] == 0
    value, low, high = log_ratio(2, 1, 4, 4)  # variance of the natural log: 1/2 - 1/4 + 1 - 1/4
    assert (value, high - value) == pytest.approx((1, 1.959964 / math.log(2)))
    assert value - low == pytest.approx(high - value)
    assert [float(x) for x in log_ratio(4, 4, 4, 4)] == [0, 0, 0]


def test_a_count_of_nought_becomes_a_half():
    assert log_ratio(4, 0, 100, 100)[0] == pytest.approx(3)
    assert log_ratio(0, 4, 100, 100)[0] == pytest.approx(-3)
    assert log_ratio(1, 0, 1000, 100)[0] < 0  # the convention's price, hence the direction


def test_the_interval_is_that_of_katz():
    """As documented for SciPy's relative_risk: 10 of 75 and 12 of 225, 1.126 to 5.550."""
    value, low, high = log_ratio(10, 12, 75, 225)
    assert (2**value, 2**low, 2**high) == pytest.approx(
        (2.5, 1.1261564003469628, 5.549850800541033)
    )


@given(two_parts())
def test_the_interval_is_that_of_scipy(counts):
    a, b, c, d = counts
    if a and b:
        theirs = relative_risk(a, c, b, d)
        ours = log_ratio(a, b, c, d)
        assert [2**x for x in ours] == pytest.approx(
            [theirs.relative_risk, *theirs.confidence_interval()]
        )


# Benjamini and Hochberg


def test_adjusted_by_hand():
    assert adjust(np.array([0.04, 0.01, 0.5, 0.02])).tolist() == pytest.approx(
        [0.16 / 3, 0.04, 0.5, 0.04]
    )
    assert adjust(np.array([])).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_adjusted_as_scipy_does(p):
    np.testing.assert_allclose(adjust(np.array(p)), stats.false_discovery_control(p), atol=1e-15)


# Keyness


def test_keyness_of_twelve_documents():
    table = keyness(tokens_of(*TWELVE), range(6), min_count=1, min_documents=6)
    assert table.columns.tolist() == [
        "word",
        "n_target",
        "n_documents_target",
        "n_reference",
        "n_documents_reference",
        "n_words_target",
        "n_words_reference",
        "direction",
        "log_ratio",
        *TESTS,
    ]
    assert table.iloc[:, :8].values.tolist() == [
        ["dam", 6, 6, 0, 0, 18, 18, "target"],
        ["fire", 0, 0, 6, 6, 18, 18, "reference"],
        ["rare", 1, 1, 0, 0, 18, 18, "target"],
        ["held", 5, 5, 6, 6, 18, 18, "reference"],
        ["the", 6, 6, 6, 6, 18, 18, "same"],
    ]
    assert table.log_ratio.tolist() == pytest.approx(
        [math.log2(12), -math.log2(12), 1, math.log2(5 / 6), 0]
    )
    g2 = [
        12 * math.log(2),
        12 * math.log(2),
        2 * math.log(2),
        2 * (5 * math.log(5 / 5.5) + 6 * math.log(6 / 5.5)),
        0,
    ]
    assert table.g2.tolist() == pytest.approx(g2)
    assert table.p.tolist() == pytest.approx(stats.chi2.sf(g2, 1).tolist())
    assert table.q.tolist() == pytest.approx(stats.false_discovery_control(table.p).tolist())
    assert (table.log_ratio_low < table.log_ratio).all()


def test_the_direction_is_that_of_the_rates():
    tokens = tokens_of("dam dam the the the the", "dam the", "the")
    assert keyness(tokens, [0]).values.tolist()[0][:2] == ["the", 4]
    table = keyness(tokens, [1, 2], min_count=1).set_index("word")
    assert table.n_target.to_dict() == {"dam": 1, "the": 2}
    assert table.n_reference.to_dict() == {"dam": 2, "the": 4}
    assert table.direction.to_dict() == {"dam": "same", "the": "same"}
    table = keyness(tokens, [2], min_count=1).set_index("word")
    assert table.direction.to_dict() == {"dam": "reference", "the": "target"}  # 1 of 1, 5 of 8
    assert table.log_ratio["the"] == pytest.approx(math.log2(8 / 5))


def test_words_with_equal_numbers_are_in_order():
    tokens = tokens_of(*TWELVE)
    for target in (range(6), range(6, 12)):
        assert keyness(tokens, target, min_documents=1).word.tolist()[:2] == ["dam", "fire"]


def test_the_reference_may_be_another_corpus():
    tokens, other = tokens_of(*TWELVE), tokens_of(*TWELVE[6:], "İ", "?")
    within = keyness(tokens, range(6), min_count=2, min_documents=6)
    across = keyness(tokens, range(6), other, min_count=2, min_documents=6)
    assert across.n_words_reference.eq(19).all()  # İ is a word, ? is none
    counts = ["word", "n_target", "n_documents_target", "n_reference", "n_documents_reference"]
    pd.testing.assert_frame_equal(across[counts], within[counts])
    assert "rare" not in set(within.word)


def test_q_is_over_the_words_returned():
    tokens = tokens_of(*TWELVE)
    for least in (1, 6, 100):
        table = keyness(tokens, range(6), min_count=least, min_documents=1)
        assert table.q.tolist() == pytest.approx(adjust(table.p.to_numpy()).tolist())
    assert len(table) == 0
    assert table.dtypes.equals(keyness(tokens, range(6)).dtypes)


@pytest.mark.parametrize(
    ("target", "reference", "known"),
    [(10, 10, True), (9, 11, False), (11, 9, False), (1, 30, False), (30, 1, False)],
)
def test_few_documents_are_a_census(target, reference, known):
    tokens = tokens_of(*["the dam held"] * target, *["the fire held"] * reference)
    table = keyness(tokens, range(target))
    assert table[TESTS].notna().all(axis=None) == known
    assert table[TESTS].isna().all(axis=None) != known
    assert table[["n_target", "n_reference", "log_ratio", "direction"]].notna().all(axis=None)


def test_a_census_is_in_the_order_of_what_it_shows():
    table = keyness(tokens_of("a a a a a b b b b c", "a b b c c c c c c c"), [0])
    assert table.word.tolist() == ["c", "a", "b"]
    assert table.log_ratio.tolist() == pytest.approx([-math.log2(7), math.log2(5), 1])


def test_documents_without_words_are_no_sample():
    texts = ["the dam held"] * 9 + ["?"] + ["the fire held"] * 10
    assert keyness(tokens_of(*texts), range(10)).g2.isna().all()


@pytest.mark.parametrize(
    ("texts", "target"),
    [
        ([], []),
        (["One text."], [0]),
        (["One text."], []),
        (["One.", "Two."], [0, 1]),
        (["One.", "Two."], [7]),
        (["One.", "?"], [0]),
        (["One.", "?"], [1]),
    ],
)
def test_nothing_to_compare_is_an_error(texts, target):
    tokens = tokens_of(*texts) if texts else empty("tokens")
    with pytest.raises(InputError, match="one of them holds no word"):
        keyness(tokens, target)
    with pytest.raises(InputError, match="one of them holds no word"):
        keyness(tokens_of("One."), [0], empty("tokens"))


def test_our_collocations_use_four_cells():
    """As the docstring says: 6 of 12 "the" and none of 24 other words are before "dam"."""
    pairs = collocations(tokens_of(*TWELVE)).set_index(["first", "second"])
    four = stats.chi2_contingency([[6, 6], [0, 24]], correction=False, lambda_="log-likelihood")
    assert pairs.g2["the", "dam"] == pytest.approx(four.statistic, rel=1e-4)


# Dispersion

# The corpus of Gries (2008, doi:10.1075/ijcl.13.4.02gri) in its five parts
GRIES = [
    "b a m n i b e u p",
    "b a s a t b e w q n",
    "b c a g a b e s t a",
    "b a g h a b e a a t",
    "b a h a a b e a x a t",
]


def test_dispersion_in_the_corpus_of_gries():
    """The word a: v = 1 2 3 4 5 of 15 in parts of 9, 10, 10, 10 and 11 of 50 words.

    s = .18 .20 .20 .20 .22 and v/f = 1/15 … 5/15 differ by .1133 .0667 0 .0667 .1133, half
    of whose sum is .18; the most that it could be is 1 - .18.
    """
    table = dispersion(tokens_of(*GRIES)).set_index("word")
    assert table.loc["a", ["n", "n_documents"]].tolist() == [15, 5]
    assert table.loc["a", ["dp", "dp_norm"]].tolist() == pytest.approx([0.18, 0.18 / 0.82])
    assert table.loc["x", ["dp", "dp_norm"]].tolist() == pytest.approx([0.78, 0.78 / 0.82])
    assert table.loc["i", ["dp", "dp_norm"]].tolist() == pytest.approx([0.82, 1])  # its maximum
    assert table.loc["b", "dp"] == pytest.approx(0.02)  # twice in each part: half of .02 + .02


def test_dispersion_in_the_example_of_lijffijt_and_gries():
    """Three equal parts, with two thirds, one third and none of the occurrences: .33, .5."""
    table = dispersion(tokens_of("a a z", "a y y", "x x x")).set_index("word")
    assert table.loc["a", ["dp", "dp_norm"]].tolist() == pytest.approx([1 / 3, 1 / 2])
    assert table.loc["x", ["dp", "dp_norm"]].tolist() == pytest.approx([2 / 3, 1])


@settings(max_examples=50)
@given(st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=12), min_size=2, max_size=6))
def test_dispersion_is_the_plain_sum(parts):
    table = dispersion(tokens_of(*map(" ".join, parts))).set_index("word")
    total = sum(map(len, parts))
    for word in table.index:
        n = sum(part.count(word) for part in parts)
        dp = sum(abs(part.count(word) / n - len(part) / total) for part in parts) / 2
        smallest = min(map(len, parts)) / total
        expected = [n, sum(word in part for part in parts), dp, dp / (1 - smallest)]
        assert table.loc[word].tolist() == pytest.approx(expected, abs=1e-12)
    assert table[["dp", "dp_norm"]].stack().between(0, 1).all()


def test_dispersion_over_one_document_is_null():
    table = dispersion(tokens_of("The dam and the river.", "?"), min_count=2)
    assert table[["word", "n", "n_documents"]].values.tolist() == [["the", 2, 1]]
    assert table[["dp", "dp_norm"]].isna().all(axis=None)
    nothing = dispersion(empty("tokens"))
    assert len(nothing) == 0
    assert nothing.dtypes.equals(table.dtypes)


# Intervals from documents resampled, and the figure


def two_outlets(n=24, seed=3):
    rng, words = np.random.default_rng(seed), ["dam", "fire", "town", "river"]
    return tokens_of(
        *(
            " ".join(
                rng.choice(words, 30, p=[0.4, 0.2, 0.2, 0.2] if d < n / 2 else [0.2, 0.4, 0.2, 0.2])
            )
            + "."
            for d in range(n)
        )
    )


@pytest.mark.parametrize("n", [1, 9])
def test_few_documents_are_drawn_without_intervals(n):
    tokens = two_outlets(2 * n)
    table = keyness(tokens, range(n), min_count=1)
    figure = plot_keyness(table, ("A", "B"), "INVENTED.").figure
    assert "Too few articles for an interval or a test" in figure.alt and "[" not in figure.alt
    assert list(figure.data) == [
        "word",
        "n_target",
        "n_documents_target",
        "n_reference",
        "n_documents_reference",
    ]


def test_no_word_to_compare_is_said():
    table = keyness(two_outlets(), range(12)).head(0)
    assert "No word was compared." in plot_keyness(table, ("A", "B"), "").figure.alt


def test_typographic_and_straight_apostrophes_make_one_word():
    from framebook.tokenising.bulk import tokenise

    documents = make_documents(["It's cold. It's old.", "It’s cold."])
    table = keyness(tokenise(documents)[1], [0], min_count=1)
    words = table.word.tolist()
    assert not [word for word in words if "’" in word]
    assert len(words) == len(set(words))
