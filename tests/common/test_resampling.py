"""Means and their intervals from a handful of numbers, by hand and by brute force."""

import math

import numpy as np
import pandas as pd
import pytest

from framebook.common import resampling
from framebook.common.resampling import (
    bootstrap_mean,
    cluster,
    draw_counts,
    leave_one_out,
    resample,
    state_mean,
    with_interval,
)


def test_one_value_left_out():
    assert leave_one_out([1, 2, 6]) == (3.0, 1.5, 4.0)
    assert leave_one_out([1, 3]) == (2.0, 1.0, 3.0)
    for few in ([], [1]):
        assert len(leave_one_out(few)) == 3 and all(map(math.isnan, leave_one_out(few)))


def test_every_draw_has_as_many_units_as_there_are():
    rng, again = np.random.default_rng(5), np.random.default_rng(5)
    counts = draw_counts(7, 30, rng)
    assert counts.shape == (30, 7) and counts.dtype == np.uint8
    assert (counts.sum(axis=1) == 7).all()
    assert counts.tolist() == [
        [list(drawn).count(n) for n in range(7)]
        for drawn in (again.integers(0, 7, 7).tolist() for _ in range(30))
    ]


@pytest.mark.parametrize("draws", [1, 49, 50, 51, 120])
def test_sums_are_those_of_what_was_drawn(draws):
    sums = np.array([[1.0, 2], [3, 4], [5, 7]])
    counts = draw_counts(3, draws, np.random.default_rng(9))
    assert resample(sums, draws, 9).tolist() == (counts @ sums).tolist()


def test_an_interval_is_that_of_documents_drawn_with_replacement():
    values = [0.0, 1, 2, 4, 3, 5, 9, 7, 6, 8, 2, 10]
    documents = [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9]
    mean, low, high = bootstrap_mean(values, documents)
    rng, means = np.random.default_rng(1), []
    for _ in range(2000):
        drawn = [
            v
            for d in rng.integers(0, 10, 10)
            for v, own in zip(values, documents, strict=True)
            if own == d
        ]
        means.append(sum(drawn) / len(drawn))
    assert mean == pytest.approx(4.75)
    assert (low, high) == pytest.approx(tuple(np.percentile(means, [2.5, 97.5])))
    assert bootstrap_mean(values, documents, 2000, 1) == (mean, low, high)
    assert bootstrap_mean(values, documents, 2000, 2) != (mean, low, high)
    mean, low, high = bootstrap_mean(values[:-1], documents[:-1])  # nine documents
    assert mean == pytest.approx(47 / 11) and math.isnan(low) and math.isnan(high)


def test_near_duplicates_are_one_article():
    loading = pd.DataFrame({"duplicate_group": pd.array([4, pd.NA, 4, pd.NA], "Int64")})
    numbers = cluster(pd.DataFrame({"doc_id": [0, 1, 1, 2, 3]}), loading)
    assert numbers.tolist() == [4, 1, 1, 4, 3] and numbers.dtype == "int64"


@pytest.mark.parametrize(
    ("values", "documents", "said"),
    [
        ([], [], "no sentence"),
        ([0.25], [3], "+0.25, the only sentence"),
        (
            [0.0, 1.0],
            [3, 3],
            "+0.50 over 2 sentences of one article (+0.00 to +1.00 with any one left out)",
        ),
        (
            [0.0, 0.5, 1.0],
            [3, 4, 4],
            "+0.50 over 3 sentences (no interval: 2 articles are too few to resample)",
        ),
        (
            [-1.0] * 10,
            range(10),
            "-1.00 over 10 sentences of 10 articles (-1.00 to -1.00: 95 %, articles resampled)",
        ),
    ],
)
def test_a_mean_is_said_with_what_is_known_of_it(values, documents, said):
    assert state_mean(values, documents) == said


def test_a_mean_is_said_in_the_form_asked_for():
    said = "50% over 2 sentences of one article (0% to 100% with any one left out)"
    assert state_mean([0, 1], [1, 1], ".0%") == said


def test_bounds_of_draws():
    draws = [*map(float, range(1, 20)), math.nan]  # one in twenty is undefined
    assert with_interval(1 / 3, draws) == [0.333333, None, None]
    draws = [*map(float, range(1, 21)), math.nan]  # one in twenty-one
    assert with_interval(2, draws) == [2.0, 1.475, 19.525]
    assert with_interval(math.nan, [1, 2]) == [None, 1.025, 1.975]
    assert with_interval(1, []) == with_interval(1, [3, 3, 3]) == [1.0, None, None]
    assert with_interval(0, [0, 1 / 3]) == [0.0, 0.008333, 0.325]


def test_the_last_two_draws_are_kept_not_made_again(monkeypatch):
    made = []
    monkeypatch.setattr(
        resampling, "draw_counts", lambda *given: made.append(given[:2]) or np.ones((2, 3))
    )
    for seed in (91, 92, 91, 92, 93, 92, 91):
        resample(np.ones((3, 1)), 2, seed)
    assert made == [(3, 2)] * 4
    resampling._draw_once.cache_clear()
