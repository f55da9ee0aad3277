"""Uncertainty by resampling whole documents: one way to draw, one way to give an interval."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

# Percentile intervals from fewer clusters are too narrow to be shown.
MIN_TO_RESAMPLE = 10  # articles; fewer get no interval (our convention)


def leave_one_out(values):
    """Return (mean, lowest, highest mean with one value left out); nulls for fewer than two.

    A range of influence, not an interval: it says how far one sentence moves the mean.
    """
    values = np.asarray(values, dtype=float)
    if len(values) < 2:
        return (float("nan"),) * 3
    means = (values.sum() - values) / (len(values) - 1)
    return float(values.mean()), float(means.min()), float(means.max())


def draw_counts(n, draws, rng):
    """Return how often each of n units is drawn when n are, one row per draw (`draws` rows)."""
    return np.array(
        [np.bincount(rng.integers(0, n, n), minlength=n).astype("uint8") for _ in range(draws)]
    )  # no unit is ever drawn 256 times


@lru_cache(2)
def _draw_once(n, draws, seed):
    return draw_counts(n, draws, np.random.default_rng(seed))


def resample(sums, draws, seed):
    """Return sums over articles drawn with replacement: one row per draw (`sums`: per article)."""
    counts = _draw_once(len(sums), draws, seed)
    return np.concatenate([part @ sums for part in np.array_split(counts, -(-draws // 50))])


def bootstrap_mean(values, documents, draws=2000, seed=1):
    """Return (mean, low, high): a 95 % percentile interval, documents resampled.

    `documents` says which document (or group of near-duplicates) each value belongs to. Fewer
    than ten say too little and get no bounds (Efron & Tibshirani 1993,
    doi:10.1007/978-1-4899-4541-9).
    """
    values = pd.Series(np.asarray(values, float))
    groups = values.groupby(np.asarray(documents)).agg(["sum", "size"]).to_numpy()
    mean = values.mean()
    if len(groups) < MIN_TO_RESAMPLE:
        return float(mean), float("nan"), float("nan")
    sums = resample(groups, draws, seed)
    low, high = np.percentile(sums[:, 0] / sums[:, 1], [2.5, 97.5])
    return float(mean), float(low), float(high)


def cluster(sentences: pd.DataFrame, loading: pd.DataFrame) -> pd.Series:
    """Return for each sentence the number of its article; near-duplicate articles count as one.

    `sentences` is any table with doc_id; the index of `loading` is doc_id.

    >>> loading = pd.DataFrame({"duplicate_group": pd.array([pd.NA, 0, 0], "Int64")})
    >>> cluster(pd.DataFrame({"doc_id": [0, 1, 2]}), loading).tolist()
    [0, 0, 0]
    """
    groups = loading.duplicate_group.fillna(pd.Series(loading.index, dtype="Int64"))
    return sentences.doc_id.map(groups).astype("int64")


def state_mean(values: Sequence[float], documents: Iterable[int], form: str = "+.2f") -> str:
    """Return a sentence with the mean of `values` (formatted by `form`) and its uncertainty.

    `documents` says which article each value belongs to. One article gets its range with any one
    sentence left out; a corpus gets a 95% interval from resampling articles (Efron & Tibshirani
    1993, doi:10.1007/978-1-4899-4541-9), or the reason why there is none.

    >>> state_mean([0.0, 0.5, 1.0], [7, 7, 7])
    '+0.50 over 3 sentences of one article (+0.25 to +0.75 with any one left out)'
    """
    count = len(set(documents))
    if len(values) < 2:
        return f"{np.mean(values):{form}}, the only sentence" if len(values) else "no sentence"
    mean, low, high = leave_one_out(values) if count == 1 else bootstrap_mean(values, documents)
    said, span = f"{mean:{form}} over {len(values)} sentences", f"{low:{form}} to {high:{form}}"
    if count == 1:
        return f"{said} of one article ({span} with any one left out)"
    if np.isnan(low):
        return f"{said} (no interval: {count} articles are too few to resample)"
    return f"{said} of {count} articles ({span}: 95 %, articles resampled)"


def with_interval(value, draws):
    """Return [value, low, high], 95 %, with null for what is undefined.

    No bounds where a draw in twenty is undefined, or where all draws are the same.
    """
    draws = np.asarray(draws, float)
    low = high = np.nan
    if len(draws) and np.isnan(draws).mean() < 0.05:
        low, high = np.nanpercentile(draws, [2.5, 97.5])
    bounds = [low, high] if low < high else [np.nan, np.nan]
    return [None if np.isnan(x) else round(float(x), 6) for x in (value, *bounds)]
