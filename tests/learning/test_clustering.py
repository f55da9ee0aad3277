"""Articles grouped by elements: groups that were put in are found, and none where none are."""

import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score

from framebook.common.errors import InputError
from framebook.learning.clustering import cluster_elements, group_articles

FAST = {"largest": 5, "repeats": 25, "nulls": 8}
PROFILES = np.array([[9, 1, 9, 1, 8, 1], [1, 9, 1, 9, 1, 8], [1, 1, 1, 9, 9, 1]]) / 10


def made(n, profiles, seed=3):
    rng = np.random.default_rng(seed)
    true = rng.integers(len(profiles), size=n)
    data = (rng.random((n, profiles.shape[1])) < profiles[true]).astype(int)
    return pd.DataFrame(data, index=range(100, 100 + n), columns=list("abcdef")), true


def test_groups_that_were_put_in_are_found():
    elements, true = made(150, PROFILES)
    table = cluster_elements(elements, **FAST)
    assert table.n_groups.tolist() == [2, 3, 4, 5]
    assert table.structure[table.n_groups == 3].item()
    assert not table.structure[table.n_groups > 3].any()
    assert table.stability.between(0, 1).all()
    groups, profiles = group_articles(elements, 3)
    assert adjusted_rand_score(true, groups) > 0.7
    assert profiles.n.sum() == len(elements)
    assert list(groups.index) == list(elements.index)


def test_where_nothing_was_put_in_no_structure_is_seen():
    for seed in range(5):
        elements, _ = made(80, np.full((1, 6), 0.4), seed)
        assert not cluster_elements(elements, **FAST).structure.any()


def test_groups_are_those_of_another_implementation():
    elements, _ = made(90, PROFILES)
    elements += np.random.default_rng(0).random(elements.shape) / 1e6  # no two merges tie
    theirs = AgglomerativeClustering(3, linkage="ward").fit_predict(elements)
    assert adjusted_rand_score(theirs, group_articles(elements, 3)[0]) == 1


def test_profiles_are_shares():
    elements = pd.DataFrame({"a": [1, 1, 0, 0], "b": [1, 1, 0, 0], "c": [1, 0, 0, 0]})
    groups, profiles = group_articles(elements, 2)
    assert groups.tolist() == [1, 1, 2, 2]
    assert profiles.to_dict("list") == {"n": [2, 2], "a": [1, 0], "b": [1, 0], "c": [0.5, 0]}


def test_same_seed_same_table():
    elements, _ = made(60, PROFILES)
    pd.testing.assert_frame_equal(
        cluster_elements(elements, **FAST), cluster_elements(elements, **FAST)
    )


@pytest.mark.parametrize(
    "spoil",
    [
        lambda e: e.head(29),
        lambda e: e[["a", "b"]],
        lambda e: e.assign(c=1, d=0, e=0, f=1),
        lambda e: e.replace({"a": {1: 2}}),
        lambda e: e.astype(float).replace({"b": {1: np.nan}}),
    ],
)
def test_what_cannot_be_grouped_is_refused(spoil):
    with pytest.raises(InputError):
        cluster_elements(spoil(made(60, PROFILES)[0]), **FAST)


def test_without_scipy_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.cluster.hierarchy", None)
    with pytest.raises(InputError, match=r"framebook\[supervised\]"):
        group_articles(made(30, PROFILES)[0], 2)
