"""Every specification in view: none dropped, none without a reason, no test without its needs."""

from itertools import product

import matplotlib

matplotlib.use("agg")

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import permutation_test

from framebook.chain import derive_from, get_tables
from framebook.common.errors import InputError
from framebook.robustness.curve import (
    estimate_specification,
    list_specifications,
    moves,
    permute,
    plot_specifications,
    refuse_test,
    run_specifications,
    state_test,
)
from framebook.robustness.specifications import CHOICES, measure_cues, measure_tone, take_sentences
from framebook.sentiment.explain import score_text
from framebook.tables import make_documents

TONE = {
    "lexicon": "VADER",
    "attribution phrase": "left in",
    "negation": "counted",
    "zeros": "counted",
    "unit": "sentence",
}
CUES = {
    "codebook": "as given",
    "attribution phrase": "left in",
    "negation": "counted",
    "threshold": "one cue",
    "unit": "sentence",
}
CONFLICT = "generic-news-frames:conflict"
SMALL = {
    "lens": {"wide": "shows all", "narrow": "shows one"},
    "film": {"grey": "no hue", "colour": "as seen"},
}
TEXT = (
    "Mayor Ada Venn accused the rebels of theft. There was no dispute. The clash was awful. "
    "The garden is lovely."
)


def tables_of(texts, sources=None):
    documents = make_documents(texts)
    if sources is not None:
        documents["source"] = pd.Series(sources, dtype="str")
    loading = pd.DataFrame({"duplicate_group": pd.array([pd.NA] * len(texts), dtype="Int64")})
    made = derive_from(documents, [], frozenset({"segments"}))
    return documents, loading, made["sentences"], made["tokens"], made["segments"]


def sample_of(values, articles=None, sides=None, n_words=1):
    """Return rows as a specification takes them, a sentence a value."""
    sides = sides or ["all"] * len(values)
    return pd.DataFrame(
        {
            "sent_id": range(len(values)),
            "article": articles or [0] * len(values),
            "side": pd.Categorical(sides, list(dict.fromkeys(sides))),
            "n_words": n_words,
            "value": np.asarray(values, float),
        }
    )


def results_of(estimates, status="done"):
    specifications = list_specifications(SMALL, {"lens": "wide", "film": "grey"})
    return specifications.assign(
        estimate=estimates, low=np.nan, high=np.nan, bounds="", status=status
    )


# The list


def test_every_combination_is_listed_once_and_the_primary_one_first():
    for choices, primary in ((CHOICES["tone"], TONE), (CHOICES["cues"], CUES)):
        table = list_specifications(choices, primary)
        assert len(table) == np.prod([len(options) for options in choices.values()])
        assert not table.duplicated(list(choices)).any()
        assert table.is_primary.sum() == 1 and table.is_primary.iloc[0]
        assert dict(table.iloc[0][list(choices)]) == primary


def test_every_option_that_comes_with_framebook_has_a_reason():
    for choices in CHOICES.values():
        for options in choices.values():
            assert len(options) > 1
            assert all(len(reason.split()) > 3 for reason in options.values())


def test_an_option_without_a_reason_is_refused():
    bare = SMALL | {"film": {"grey": "no hue", "colour": " "}}
    with pytest.raises(InputError, match="'colour' of film has no reason"):
        list_specifications(bare, {"lens": "wide", "film": "grey"})


@pytest.mark.parametrize(
    ("primary", "said"),
    [
        ({"lens": "wide"}, "None as film; use one of: grey, colour."),
        ({"lens": "wide", "film": "blue"}, "'blue' as film; use one of: grey, colour."),
        (
            {"lens": "wide", "film": "grey", "flash": "on"},
            "'on' as flash; use one of: none, it is not a choice.",
        ),
    ],
)
def test_a_primary_that_is_not_listed_is_refused(primary, said):
    with pytest.raises(InputError) as error:
        list_specifications(SMALL, primary)
    assert str(error.value) == f"The primary specification has {said}"


def test_articles_that_differ_by_an_error_of_rounding_have_the_same_value():
    sample = pd.DataFrame({"article": range(20), "side": ["A", "B"] * 10, "value": 0.25})
    sample = sample.astype({"side": "category"})
    sample.loc[0, "value"] += 4e-13
    assert refuse_test(sample) == "all articles have the same value"
    sample.loc[0, "value"] += 2e-12
    assert refuse_test(sample) == ""


def test_what_makes_no_sense_is_left_out_with_the_first_reason_and_stays_in_the_table():
    rules = [
        ({"lens": "narrow", "film": "colour"}, "hue needs light"),
        ({"lens": "narrow"}, "lost"),
    ]
    table = list_specifications(SMALL, {"lens": "wide", "film": "grey"}, rules)
    assert table.status.tolist() == [
        "to do",
        "to do",
        "left out: lost",
        "left out: hue needs light",
    ]
    with pytest.raises(InputError, match="makes no sense here: lost"):
        list_specifications(SMALL, {"lens": "narrow", "film": "grey"}, rules)


# Tone and cues by sentence


def test_tone_left_in_is_that_of_the_whole_sentences():
    tables = tables_of([TEXT, "He said the dam held!"])
    rows, _ = measure_tone(*tables)
    documents, _, sentences = tables[:3]
    texts = [
        documents.text[d][a:b]
        for d, a, b in zip(sentences.doc_id, sentences.start, sentences.end, strict=True)
    ]
    for lexicon, place in (("VADER", 2), ("TextBlob", 0)):
        own = take_sentences(rows, TONE | {"lexicon": lexicon})
        assert own.value.tolist() == [score_text(text)[place] for text in texts]


def test_the_attribution_phrase_is_cut_or_goes_to_either_side():
    rows, rules = measure_tone(
        *tables_of(["Ada Venn stressed the dam is safe. It rained."]), compare="voices"
    )
    said = {}
    for phrase in ("left in", "cut", "narrator’s"):
        own = take_sentences(rows, TONE | {"attribution phrase": phrase})
        said[phrase] = {(row.sent_id, row.side): row.value for row in own.itertuples()}
    safe, phrase, whole = (
        score_text(text)[2]
        for text in ("the dam is safe.", "Ada Venn stressed ", "Ada Venn stressed the dam is safe.")
    )
    assert safe > 0 > phrase
    assert said["left in"][0, "content"] == whole
    assert said["cut"][0, "content"] == said["narrator’s"][0, "content"] == safe
    assert said["narrator’s"][0, "narrator"] == phrase and (0, "narrator") not in said["cut"]
    assert said["cut"][1, "narrator"] == 0
    assert ({"unit": "article"}, "there is one article") in rules


def test_negation_and_zeros_are_left_out_where_the_specification_says_so():
    rows, _ = measure_tone(*tables_of([TEXT]))
    everything, denied, empty = (
        take_sentences(rows, TONE | change).sent_id.tolist()
        for change in ({}, {"negation": "left out"}, {"zeros": "left out"})
    )
    assert everything == [0, 1, 2, 3] and denied == [0, 2, 3]
    assert empty == [n for n in range(4) if rows[rows.lexicon == "VADER"].value.iloc[n] != 0]


def test_cues_by_sentence_under_each_option():
    rows, rules = measure_cues(*tables_of([TEXT]), CONFLICT)
    found = {}
    for change in (
        {},
        {"attribution phrase": "cut"},
        {"negation": "left out"},
        {"threshold": "two cues"},
        {"attribution phrase": "cut", "threshold": "two cues"},
    ):
        own = take_sentences(rows, CUES | change)
        found[*change.values()] = own.sent_id[own.value == 1].tolist()
    assert found == {
        (): [0, 1, 2],
        ("cut",): [0, 1, 2],
        ("left out",): [0, 2],
        ("two cues",): [0],
        ("cut", "two cues"): [],
    }  # “accused”, “rebels”
    assert ({"codebook": "own"}, "no other codebook was given") in rules


def test_a_codebook_without_exclusions_or_without_its_busiest_pattern():
    text = "It was no conflict of interest. A war. The war. One clash."
    rows, _ = measure_cues(*tables_of([text]), CONFLICT)
    found = {
        book: take_sentences(rows, CUES | {"codebook": book}).value.tolist()
        for book in ("as given", "no exclusions", "busiest pattern off")
    }
    assert found == {
        "as given": [0, 1, 1, 1],
        "no exclusions": [1, 1, 1, 1],
        "busiest pattern off": [0, 0, 0, 1],
    }


def test_an_own_codebook_is_used_and_one_without_the_code_fails(tmp_path):
    book = (
        '[codebook]\nname = "mine"\nlayer = "frame"\n[[code]]\nid = "{}"\n'
        'patterns = ["garden"]\nexamples = []\n'
    )
    for code in ("conflict", "peace"):
        (tmp_path / f"{code}.toml").write_text(book.format(code))
    tables = tables_of([TEXT])
    specifications = list_specifications(CHOICES["cues"], CUES)
    rows, rules = measure_cues(*tables, CONFLICT, own=str(tmp_path / "conflict.toml"))
    assert not any("own" in condition.values() for condition, _ in rules)
    assert take_sentences(rows, CUES | {"codebook": "own"}).value.tolist() == [0, 0, 0, 1]
    rows, _ = measure_cues(*tables, CONFLICT, own=str(tmp_path / "peace.toml"))
    results = run_specifications(specifications, rows)
    own = results[results.codebook == "own"]
    assert len(own) == 24 and own.estimate.isna().all()
    assert set(own.status) == {"failed: the codebook “own” has no such code, or no pattern for it"}
    with pytest.raises(InputError, match="has no code 'quarrel'"):
        measure_cues(*tables, "generic-news-frames:quarrel")


def test_rules_say_what_this_corpus_cannot_vary():
    tables = tables_of(["It rained."])
    assert [next(iter(condition)) for condition, _ in measure_tone(*tables)[1]] == [
        "unit",
        "negation",
        "attribution phrase",
        "attribution phrase",
    ]
    reasons = [reason for _, reason in measure_cues(*tables, CONFLICT)[1]]
    assert "no pattern found a cue" in reasons and "there is one article" in reasons


def test_sources_are_compared_by_name_and_others_left_aside():
    tables = tables_of(["It rained."] * 2 + ["A war."], ["North", None, "South"])
    rows, _ = measure_cues(*tables, CONFLICT, compare="South | North")
    own = take_sentences(rows, CUES)
    assert list(zip(own.side, own.value, strict=True)) == [("North", 0), ("South", 1)]
    assert own.side.cat.categories.tolist() == ["South", "North"]
    for wrong in ("North", "North | North", "A | B | C", "North |"):
        with pytest.raises(InputError, match="write two sources"):
            measure_tone(*tables, compare=wrong)


# One specification


def test_estimates_by_unit_are_exact():
    sample = sample_of([1, 0, 0, 0.5], [0, 0, 0, 1], n_words=[2, 1, 1, 4])
    assert estimate_specification(sample)["estimate"] == pytest.approx(1.5 / 4)
    assert estimate_specification(sample, "word")["estimate"] == pytest.approx(4 / 8)
    assert estimate_specification(sample, "article")["estimate"] == pytest.approx(
        (1 / 3 + 1 / 2) / 2
    )
    found = estimate_specification(sample)
    assert (found["n"], found["n_articles"], found["bounds"]) == (4, 2, "")
    assert np.isnan([found["low"], found["high"]]).all()


def test_a_difference_is_the_first_less_the_second_and_needs_ten_sentences_a_side():
    sides = ["b"] * 10 + ["a"] * 10
    assert (
        estimate_specification(sample_of([1] * 10 + [0.25] * 10, sides=sides))["estimate"] == 0.75
    )
    with pytest.raises(InputError, match="a has 9 of the 10 sentences needed"):
        estimate_specification(sample_of([1] * 19, sides=sides[:19]))
    with pytest.raises(InputError, match="no sentence is left"):
        estimate_specification(sample_of([0.0]).head(0))


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(-100, 100), st.integers(1, 9)), min_size=2, max_size=12),
    st.sampled_from(["sentence", "word", "article"]),
)
def test_leaving_one_out_equals_brute_force(rows, unit):
    values, n_words = zip(*[(value / 100, n) for value, n in rows], strict=True)
    sample = sample_of(values, n_words=n_words)
    found = estimate_specification(sample, unit)
    without = [
        estimate_specification(sample[sample.sent_id != n], unit)["estimate"]
        for n in sample.sent_id
    ]
    change = np.abs(np.array(without) - found["estimate"])
    assert found["bounds"] == "any one sentence left out"
    assert [found["low"], found["high"]] == pytest.approx([min(without), max(without)])
    assert found["influence"] == pytest.approx(change.max(), abs=1e-9)
    assert change[found["sent_id"]] == pytest.approx(change.max(), abs=1e-9)


def test_leaving_a_sentence_out_takes_it_from_both_sides():
    sample = sample_of(np.arange(22) / 22, sides=["a", "b"] * 11)
    sample["sent_id"] = np.arange(22) // 2
    without = [estimate_specification(sample[sample.sent_id != n])["estimate"] for n in range(11)]
    found = estimate_specification(sample)
    assert [found["low"], found["high"]] == pytest.approx([min(without), max(without)])


def test_articles_are_resampled_from_ten_on_each_side_and_alike_each_time():
    values, articles = np.arange(40) % 7 / 7, list(range(20)) * 2
    sides = ["a"] * 20 + ["b"] * 20
    found = estimate_specification(sample_of(values, articles, sides))
    assert found["bounds"] == "95 %, articles resampled"
    assert found["low"] < found["estimate"] < found["high"]
    assert found["low"] == estimate_specification(sample_of(values, articles, sides))["low"]
    assert found["low"] != estimate_specification(sample_of(values, articles, sides), seed=2)["low"]
    nine = [n % 9 for n in range(20)] + list(range(100, 120))
    assert estimate_specification(sample_of(values, nine, sides))["bounds"] == ""
    ten = [n % 10 for n in range(20)] + list(range(100, 120))
    assert estimate_specification(sample_of(values, ten, sides))["bounds"] == found["bounds"]
    constant = estimate_specification(sample_of([0.5] * 20, list(range(20))))
    assert constant["low"] == constant["high"] == 0.5


def test_the_interval_is_that_of_a_plain_bootstrap():
    rng = np.random.default_rng(3)
    values, articles = rng.normal(size=60), [n // 3 for n in range(60)]
    found = estimate_specification(sample_of(values, articles), draws=3000)
    means = values.reshape(20, 3).mean(axis=1)[rng.integers(0, 20, (3000, 20))].mean(axis=1)
    assert [found["low"], found["high"]] == pytest.approx(
        np.percentile(means, [2.5, 97.5]), abs=0.03
    )


# All of them


@pytest.mark.parametrize("compare", ["", "voices", "The Sellorn Courier | The Castrel Ledger"])
def test_nothing_is_dropped_and_the_same_is_found_again(compare):
    tables = get_tables(
        "seeds/teaching", "", "documents", "loading", "sentences", "tokens", "segments"
    )
    rows, rules = measure_tone(*tables, compare=compare)
    specifications = list_specifications(CHOICES["tone"], TONE, rules)
    results = run_specifications(specifications, rows, draws=50)
    assert len(results) == len(specifications) == 3 * 36 and results.is_primary.sum() == 1
    done = results.status == "done"
    assert (results.estimate.notna() == done).all() and done.iloc[0]
    assert results.status[~done].str.startswith(("left out: ", "failed: ")).all()
    pd.testing.assert_frame_equal(results, run_specifications(specifications, rows, draws=50))


def test_what_fails_is_told_with_its_reason():
    tables = tables_of([TEXT])
    rows, rules = measure_tone(*tables, compare="voices")
    results = run_specifications(list_specifications(CHOICES["tone"], TONE, rules), rows)
    assert not (results.status == "done").any()
    assert results.status.iloc[0] == "failed: content has 1 of the 10 sentences needed"
    assert moves(results, CHOICES["tone"]).n_pairs.tolist() == [0] * 5


@pytest.mark.parametrize("texts", [["It rained."], ["A war."], ["1 2 3"]])
def test_the_least_corpora_pass(texts):
    for (rows, rules), choices, primary in (
        (measure_tone(*tables_of(texts)), CHOICES["tone"], TONE),
        (measure_cues(*tables_of(texts), CONFLICT), CHOICES["cues"], CUES),
    ):
        results = run_specifications(list_specifications(choices, primary, rules), rows)
        assert results.status.iloc[0] == "done" and results.n.iloc[0] == 1
        assert plot_specifications(results, choices, "T", "y", "N.").figure.alt


def test_moves_by_hand():
    # wide grey 0.1, wide colour 0.4, narrow grey 0.2, narrow colour 0.3
    table = moves(results_of([0.1, 0.4, 0.2, 0.3]), SMALL)
    assert table.loc["film"].tolist() == pytest.approx([2, 0.2, 0.1, 0.3])
    assert table.loc["lens"].tolist() == pytest.approx([2, 0.1, 0.1, 0.1])
    assert table.index.tolist() == ["film", "lens"]


def test_moves_uses_only_pairs_that_are_done():
    results = results_of([0.1, 0.4, np.nan, 0.3], ["done", "done", "failed: no", "done"])
    table = moves(results, SMALL)
    assert table.n_pairs.to_dict() == {"film": 1, "lens": 1}
    assert table.loc["film", "median"] == pytest.approx(0.3)


# The test over articles


@pytest.mark.parametrize(("n", "k"), [(3, 4), (5, 7), (10, 10)])
def test_the_exact_permutation_test_is_that_of_scipy(n, k):
    rng = np.random.default_rng(n)
    one, other = rng.normal(0.8, 1, n).round(2), rng.normal(0, 1, k).round(2)
    expected = permutation_test(
        (one, other),
        lambda x, y, axis: np.abs(np.mean(x, axis) - np.mean(y, axis)),
        alternative="greater",
        n_resamples=np.inf,
        vectorized=True,
    )
    p, exact = permute(one, other)
    assert exact and p == pytest.approx(expected.pvalue, abs=1e-12)


def test_the_random_permutation_test_comes_near_to_scipy():
    rng = np.random.default_rng(1)
    one, other = rng.normal(0.5, 1, 15), rng.normal(0, 1, 18)
    expected = permutation_test(
        (one, other),
        lambda x, y, axis: np.abs(np.mean(x, axis) - np.mean(y, axis)),
        alternative="greater",
        n_resamples=9999,
        vectorized=True,
        rng=rng,
    )
    p, exact = permute(one, other)
    assert not exact and p == pytest.approx(expected.pvalue, abs=0.015)
    assert (p, exact) == permute(one, other) and p >= 1 / 10_000


def test_a_permutation_test_by_hand():
    assert permute([1, 2], [3, 4]) == (2 / 6, True)  # of 6 ways, 2 are as far apart
    assert permute([0, 0], [0, 0]) == (1.0, True)


def test_a_test_is_refused_with_its_reason():
    assert "none are named" in refuse_test(sample_of([1, 2]))
    sides = ["a"] * 10 + ["b"] * 10
    articles = list(range(20))
    assert refuse_test(sample_of(range(20), articles, sides)) == ""
    assert "both sides" in refuse_test(sample_of(range(20), list(range(10)) * 2, sides))
    assert refuse_test(sample_of(range(19), articles[:19], sides[:19])) == (
        "b has 9 of the 10 articles needed"
    )
    assert "same value" in refuse_test(sample_of([1] * 20, articles, sides))


def test_the_test_is_stated_in_words():
    sides = ["a"] * 10 + ["b"] * 10
    sample = sample_of([1] * 10 + [0] * 10, list(range(20)), sides)
    assert state_test(sample) == (
        "Means of 10 and 10 articles differ by +1.00; permutation test, "
        "two-sided, exact: p < 0.001."
    )
    assert state_test(sample.head(0)).startswith("No test: ")


# The figure


def test_the_figure_describes_what_it_draws():
    results = results_of([0.1, 0.4, -0.2, 0.3])
    said = plot_specifications(results, SMALL, "Title", "y", "Ours.").figure.alt
    assert said == (
        "Title. 4 estimates from −0.20 to 0.40. The primary one gives 0.10. "
        "Median change when one choice is switched: film 0.40; lens 0.20. "
        "n = 4 specifications: 4 done. Ours. No intervals."
    )


def test_the_figure_tells_of_what_failed():
    status = ["failed: no light", "done", "failed: no light", "left out: lost"]
    results = results_of([np.nan, 0.4, np.nan, np.nan], status)
    said = plot_specifications(results, SMALL, "Title", "y", "Ours.").figure.alt
    assert "The primary specification is failed: no light." in said
    assert "2 failed, 1 done, 1 left out" in said and "no pair to compare" in said
    results = results_of([np.nan] * 4, "failed: no light")
    assert (
        "None could be estimated: failed: no light."
        in plot_specifications(results, SMALL, "Title", "y", "Ours.").figure.alt
    )


def test_the_marks_of_the_grid_are_the_options_of_the_estimates_above():
    results = results_of([0.1, 0.4, -0.2, 0.3])
    ax = plot_specifications(results, SMALL, "Title", "y", "Ours.")
    grid, curve = ax.child_axes
    assert curve.collections[1].get_offsets()[:, 1].tolist() == [-0.2, 0.1, 0.3, 0.4]
    marks = {(x, y) for one in grid.collections for x, y in one.get_offsets().tolist()}
    labels = [label.get_text() for label in grid.get_yticklabels()]
    order = results.sort_values("estimate").reset_index(drop=True)
    assert marks == {(x, labels.index(order[choice][x])) for x, choice in product(range(4), SMALL)}


def test_estimates_that_are_alike_are_drawn_alike():
    ax = plot_specifications(results_of([0.0, 1e-17, 0.0, 0.0]), SMALL, "T", "y", "N.")
    curve = ax.child_axes[1]
    assert np.ptp(curve.get_ylim()) > 0.05
