"""Frames from elements: articles grouped by the elements that people found in them.

Nobody codes a frame here. Coders answer one question after another (is a cause named? who is
blamed? is a remedy asked for?), and articles with like answers form a group that may be read
as a frame. Any data can be cut into groups, so each number of groups has to be found again in
resampled articles, and more surely than in the same answers shuffled.
"""

import numpy as np
import pandas as pd

from framebook.common.errors import InputError

STABLE = 0.75  # Hennig's mark: a group found again with less is not to be interpreted
FEWEST = 30  # articles


def cluster_elements(elements, largest=8, repeats=100, nulls=20, seed=0):
    """Return how stable two to `largest` groups of articles are, and whether to read them.

    `elements` has a row an article and a column an element, 0 or 1, as human codes confirmed
    them (Matthes & Kohring 2008, doi:10.1111/j.1460-2466.2008.00384.x; Ward's method). Columns
    n_groups, smallest (articles in the smallest group), stability (0 to 1: the mean, of the
    least stable group, of its Jaccard overlap with its best match in `repeats` bootstrap
    samples; Hennig 2007, doi:10.1016/j.csda.2006.11.025), chance (the 95th percentile of the
    same in `nulls` data sets with every element shuffled by itself) and structure (stability of
    at least .75 and above chance). No row with structure means: no structure here. Groups
    that differ in level only (more or fewer of all elements) may be stable, too: answers that
    lie on one scale were cut so in 4 of 10 made-up sets; read the profiles. Raises InputError
    for fewer than 30 articles, fewer than 3 elements that vary, or other values.
    """
    data = elements.to_numpy(dtype=float)
    if not np.isin(data, (0, 1)).all():
        raise InputError(
            "Elements to be grouped are 0 or 1 for every article; "
            "adjudicate codes that are missing or undecided first."
        )
    data = data[:, data.std(axis=0) > 0]
    if len(data) < FEWEST or data.shape[1] < 3:
        raise InputError(
            f"Grouping needs {FEWEST} articles and 3 elements that vary; there are "
            f"{len(data)} and {data.shape[1]}: code more of them."
        )
    rng = np.random.default_rng(seed)
    found, groups = _stability(data, largest, repeats, rng)
    chance = [
        _stability(rng.permuted(data, axis=0), largest, repeats, rng)[0] for _ in range(nulls)
    ]
    table = pd.DataFrame(
        {
            "n_groups": range(2, largest + 1),
            "smallest": [np.bincount(g)[1:].min() for g in groups],
            "stability": found,
            "chance": np.quantile(chance, 0.95, axis=0),
        }
    )
    return table.assign(structure=(table.stability >= STABLE) & (table.stability > table.chance))


def group_articles(elements, n_groups):
    """Return each article's group (1 to `n_groups`) as a Series, and the groups' profiles.

    The profiles have a row a group: n and, by element, its share of the articles (0 to 1).
    """
    groups = pd.Series(_cut(elements.to_numpy(dtype=float), n_groups)[-1], elements.index)
    grouped = elements.groupby(groups.to_numpy())
    profiles = grouped.mean().rename_axis("group")
    profiles.insert(0, "n", grouped.size())
    return groups.rename("group"), profiles


def _cut(data, largest):
    """The groups by Ward's method, for 2 to `largest` of them."""
    try:
        from scipy.cluster.hierarchy import cut_tree, linkage
    except ImportError:
        raise InputError("Grouping articles needs SciPy: install framebook[supervised].") from None
    return cut_tree(linkage(data, "ward"), range(2, largest + 1)).T + 1


def _stability(data, largest, repeats, rng):
    """For each number of groups the overlap of its least stable group; and the groups."""
    groups = _cut(data, largest)
    overlaps = [np.zeros(g.max()) for g in groups]
    for _ in range(repeats):
        rows = np.unique(rng.integers(len(data), size=len(data)))  # copies would make groups
        for g, again, total in zip(groups, _cut(data[rows], largest), overlaps, strict=True):
            both = np.histogram2d(g[rows], again, bins=(np.arange(len(total) + 1) + 0.5,) * 2)[0]
            either = both.sum(1, keepdims=True) + both.sum(0) - both
            total += (both / either).max(axis=1)
    return np.array([total.min() / repeats for total in overlaps]), groups
