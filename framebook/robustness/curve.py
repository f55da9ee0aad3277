"""One question under every specification that could be justified before its answer was seen.

The multiverse (Steegen et al. 2016, doi:10.1177/1745691616658637) as a specification curve
(Simonsohn, Simmons & Nelson 2020, doi:10.1038/s41562-020-0912-z), without their joint tests:
specifications share their text, so that the number of them that agree is not evidence.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from framebook.common.errors import InputError
from framebook.common.resampling import MIN_TO_RESAMPLE, resample
from framebook.common.text import count_of, number
from framebook.robustness.specifications import take_sentences
from framebook.visualisation.figure import BLUE, GREY, finish, finish_empty, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EXACT = 200_000  # ways to deal the articles out, up to which a test takes all of them
NOTHING = {
    "estimate": np.nan,
    "n": 0,
    "n_articles": 0,
    "low": np.nan,
    "high": np.nan,
    "bounds": "",
    "sent_id": pd.NA,
    "influence": np.nan,
}


def list_specifications(
    choices: dict[str, dict[str, str]], primary: dict[str, str], rules: Iterable[tuple] = ()
) -> pd.DataFrame:
    """Return every combination of options, one row per specification, the primary one first.

    One column of strings per choice; is_primary; status: "to do", or "left out: " and the reason.
    `choices` is {choice: {option: reason}}, `primary` {choice: option}, `rules` [({choice: option},
    reason)]: a combination with all these options makes no sense and is left out. Raises InputError
    for an option without a reason, and for a primary that is not listed or is left out.

    >>> choices = {"zeros": {"counted": "as scored", "left out": "no word was known"}}
    >>> list_specifications(choices, {"zeros": "left out"}).zeros.tolist()
    ['left out', 'counted']
    """
    for choice in choices | primary:
        options = choices.get(choice, {})
        if primary.get(choice) not in options:
            raise InputError(
                f"The primary specification has {primary.get(choice)!r} as {choice}; "
                f"use one of: {', '.join(options) or 'none, it is not a choice'}."
            )
        if bare := [option for option, reason in options.items() if not reason.strip()]:
            raise InputError(f"The option {bare[0]!r} of {choice} has no reason; give one.")
    table = pd.DataFrame(list(product(*choices.values())), columns=list(choices), dtype="str")
    table["is_primary"] = (table == pd.Series(primary)[table.columns]).all(axis=1)
    table["status"] = "to do"
    for condition, reason in rules:
        hit = (table[list(condition)] == pd.Series(condition)).all(axis=1)
        if (hit & table.is_primary).any():
            raise InputError(
                f"The primary specification makes no sense here: {reason}; declare another."
            )
        table.loc[hit & (table.status == "to do"), "status"] = f"left out: {reason}"
    return table.sort_values("is_primary", ascending=False, kind="stable", ignore_index=True)


def estimate_specification(sample, unit="sentence", draws=1000, seed=1):
    """Return what one specification gives, as a dictionary.

    estimate: the mean of `value`, or that of the first side minus the second's; n (sentences);
    n_articles; low, high and `bounds`, what they are: "any one sentence left out" (one
    article), "95 %, articles resampled" (percentiles; ten articles or more on each side;
    Efron & Tibshirani 1993, doi:10.1007/978-1-4899-4541-9) or "" (null); for one article sent_id,
    the sentence without which the estimate moves most, and by how much (influence). Raises
    InputError where no sentence is left, or fewer than ten on a side of a difference.
    """
    sizes = sample.side.value_counts(sort=False)
    if sizes.min() < (MIN_TO_RESAMPLE if len(sizes) > 1 else 1):
        raise InputError(
            f"{sizes.idxmin()} has {sizes.min()} of the {MIN_TO_RESAMPLE} sentences needed"
            if len(sizes) > 1
            else "no sentence is left"
        )
    grouped = sample.groupby(["article", "side"], observed=True)
    weight = {
        "sentence": 1 + 0 * sample.value,
        "word": sample.n_words,
        "article": 1 / grouped.side.transform("size"),
    }[unit]
    sums = _sums(sample, weight, "article")
    value, n = float(_contrast(sums.sum(axis=1))), sample.sent_id.nunique()
    found = NOTHING | {"estimate": value, "n": n, "n_articles": sums.shape[1]}
    if sums.shape[1] == 1 and n > 1:
        each = _sums(sample, weight, "sent_id")
        without = _contrast(each.sum(axis=1, keepdims=True) - each)
        change = np.abs(without - value).round(12)
        most = {"sent_id": sample.sent_id.unique()[change.argmax()], "influence": change.max()}
        found |= most | {
            "low": without.min(),
            "high": without.max(),
            "bounds": "any one sentence left out",
        }
    elif (sums[1] > 0).sum(axis=0).min() >= MIN_TO_RESAMPLE:
        drawn = resample(np.moveaxis(sums, 1, 0).reshape(sums.shape[1], -1), draws, seed)
        means = _contrast(np.moveaxis(drawn.reshape(draws, 2, -1), 1, 0))
        low, high = np.nanpercentile(means, [2.5, 97.5])
        found |= {"low": low, "high": high, "bounds": "95 %, articles resampled"}
    return found


def _sums(sample, weight, by):
    """Return sums of weight · value and of weight: an array of two by unit by side."""
    number, units = pd.factorize(sample[by])
    shape = len(units), len(sample.side.cat.categories)
    at = number * shape[1] + sample.side.cat.codes
    return np.stack(
        [
            np.bincount(at, x, shape[0] * shape[1]).reshape(shape)
            for x in (weight * sample.value, weight)
        ]
    )


def _contrast(sums):
    """Return the mean, or the first side's mean minus the second's, of sums as `_sums` makes."""
    with np.errstate(invalid="ignore", divide="ignore"):
        means = sums[0] / sums[1]
    return means[..., 0] - (means[..., 1] if means.shape[-1] > 1 else 0)


def run_specifications(
    specifications: pd.DataFrame, rows: pd.DataFrame, draws: int = 1000, seed: int = 1
) -> pd.DataFrame:
    """Return the specifications, none dropped, with the columns of `estimate_specification`.

    `rows` as from `measure_tone` or `measure_cues`. status is "done", "failed: " and the reason, or
    "left out: " and the rule's reason.

    >>> rows = pd.DataFrame({"sent_id": [0, 1], "article": 0, "side": "all", "value": [0.0, 0.5]})
    >>> rows = rows.assign(negated=False, n_words=3).astype({"side": "category"})
    >>> given = {"zeros": "counted", "unit": "sentence", "negation": "counted"}
    >>> specifications = list_specifications({k: {v: "plain"} for k, v in given.items()}, given)
    >>> run_specifications(specifications, rows)[["estimate", "low", "high"]].values.tolist()
    [[0.25, 0.0, 0.5]]
    """
    results = []
    for one in specifications.to_dict("records"):
        one |= NOTHING
        if one["status"] == "to do":
            try:
                sample = take_sentences(rows, one)
                one |= estimate_specification(sample, one["unit"], draws, seed) | {"status": "done"}
            except InputError as error:
                one["status"] = f"failed: {error}"
        results.append(one)
    return pd.DataFrame(results).astype({"sent_id": "Int64"})


def moves(results: pd.DataFrame, choices: Iterable[str]) -> pd.DataFrame:
    """Return how far the estimate moves when one choice alone is switched: one row per choice.

    Columns n_pairs (of specifications that are done and differ in nothing else), median, smallest
    and largest absolute change, in units of the estimate; the largest median first.

    >>> results = pd.DataFrame({"zeros": ["counted", "left out"], "estimate": [0.25, 0.5]})
    >>> moves(results.assign(status="done"), ["zeros"]).loc["zeros", ["n_pairs", "median"]].tolist()
    [1.0, 0.25]
    """
    done, rows = results[results.status == "done"].assign(all=0), {}
    for choice in choices:
        others = [name for name in choices if name != choice]
        wide = done.pivot(index=[*others, "all"], columns=choice, values="estimate")
        pairs = [(wide[a] - wide[b]).abs() for a, b in combinations(wide, 2)]
        changes = pd.concat([pd.Series(dtype=float), *pairs]).dropna().round(12)
        rows[choice] = len(changes), changes.median(), changes.min(), changes.max()
    table = pd.DataFrame(rows, ["n_pairs", "median", "smallest", "largest"]).T
    table = table.astype({"n_pairs": int}).rename_axis("choice")
    return table.sort_values("median", ascending=False, kind="stable")


def permute(
    one: Sequence[float], other: Sequence[float], draws: int = 9999, seed: int = 1
) -> tuple[float, bool]:
    """Return (p, is exact) of a two-sided permutation test of the difference between two means.

    p is above 0 and up to 1. The test is exact, over all ways to deal the values out, if there are
    at most 200,000; otherwise it takes `draws` random ones and the one observed (Phipson & Smyth
    2010, doi:10.2202/1544-6115.1585).

    >>> permute([1, 2, 3], [4, 5, 6])
    (0.1, True)
    """
    pooled, k = np.concatenate([one, other]), len(one)
    exact = math.comb(len(pooled), k) <= EXACT
    if exact:
        sums = pooled[np.array(list(combinations(range(len(pooled)), k)))].sum(axis=1)
    else:
        rng = np.random.default_rng(seed)
        sums = np.array([np.sum(one), *(rng.permutation(pooled)[:k].sum() for _ in range(draws))])
    apart = np.abs(sums / k - (pooled.sum() - sums) / (len(pooled) - k))
    return float(np.mean(apart >= abs(np.mean(one) - np.mean(other)) - 1e-12)), exact


def refuse_test(sample):
    """Return why two sides may not be compared by a test over articles; "" when they may."""
    counts = sample.groupby("side", observed=False).article.nunique()
    if len(counts) < 2:
        return "a test compares two sources, and none are named"
    if sample.groupby("article").side.nunique().max() > 1:
        return "an article, or copies of one, stands on both sides: these are not independent"
    if counts.min() < MIN_TO_RESAMPLE:
        return f"{counts.idxmin()} has {counts.min()} of the {MIN_TO_RESAMPLE} articles needed"
    if sample.groupby("article").value.mean().round(12).nunique() < 2:
        return "all articles have the same value"
    return ""


def state_test(sample: pd.DataFrame, draws: int = 9999, seed: int = 1) -> str:
    """Return a sentence: p of a permutation test over articles, or why there is none.

    `sample` as from `take_sentences`; the test needs two sides with ten articles each.

    >>> sample = pd.DataFrame({"article": [0, 1], "side": ["A", "B"], "value": [0.1, 0.3]})
    >>> state_test(sample.astype({"side": "category"}))
    'No test: A has 1 of the 10 articles needed.'
    """
    if reason := refuse_test(sample):
        return f"No test: {reason}."
    values = sample.groupby(["side", "article"], observed=True).value.mean()
    one, other = (values[side].to_numpy() for side in sample.side.cat.categories)
    p, exact = permute(one, other, draws, seed)
    return (
        f"Means of {len(one)} and {len(other)} articles differ by "
        f"{one.mean() - other.mean():+.2f}; permutation test, two-sided, "
        f"{'exact' if exact else f'{draws:,} draws'}: p "
        f"{'< 0.001' if p < 0.001 else f'= {p:.3f}'}."
    )


def _draw_options(grid, rows, done):
    """Mark below each estimate which option of each choice it took; `rows` is (choice, option)."""
    grid.set_yticks(range(len(rows)), [option or choice for choice, option in rows])
    for y, (choice, option) in enumerate(rows):
        if option is None:
            grid.get_yticklabels()[y].set_fontweight("bold")
            grid.axhline(y - 0.5, color="#DDDDDD", linewidth=0.8)
        else:
            own = done[done[choice] == option]
            grid.scatter(own.index, [y] * len(own), marker="|", s=34, color=BLUE, linewidth=1)
            own = own[own.is_primary]
            grid.scatter(own.index, [y] * len(own), marker="D", s=20, color="black", zorder=4)
    grid.set_ylim(len(rows) - 0.5, -0.5)
    grid.tick_params(length=0, labelsize=8)


def _mark_primary(curve, grid, done):
    """Mark the primary estimate, if it is done, in both panels; return the sentence on it."""
    for x, row in done[done.is_primary].iterrows():
        curve.scatter(x, row.estimate, s=52, marker="D", color="black", zorder=4)
        curve.vlines(x, row.low, row.high, color="black", linewidth=1.6)
        curve.annotate(
            f"primary {number(row.estimate)}",
            (x, 1.03),
            fontweight="bold",
            ha="right" if x > len(done) / 2 else "left",
            xycoords=("data", "axes fraction"),
        )
        for panel in (curve, grid):
            panel.axvline(x, color="black", linewidth=0.8, linestyle=":", zorder=0)
        return f"The primary one gives {number(row.estimate)}."


def _draw_estimates(curve, done, ylabel):
    """Draw the estimates in order, with their intervals."""
    curve.vlines(done.index, done.low, done.high, color="#BBBBBB", linewidth=1.2)
    curve.scatter(done.index, done.estimate, s=9, color=BLUE, zorder=3)
    curve.axhline(0, color=GREY, linewidth=0.8)
    curve.set_ylabel(ylabel)
    curve.tick_params(labelsize=8)
    curve.spines.bottom.set_visible(False)


def _list_moves(results, choices):
    """Return the median change of each choice, in words."""
    moved = [row for row in moves(results, choices).itertuples() if row.n_pairs]
    listed = "; ".join(f"{row.Index} {number(row.median)}" for row in moved)
    return listed or "no pair to compare"


@styled
def plot_specifications(
    results: pd.DataFrame,
    choices: Iterable[str],
    title: str,
    ylabel: str,
    note: str,
    ax: "Axes | None" = None,
) -> "Axes":
    """Return the Axes of a specification curve: the estimates in order, the primary as a diamond.

    The grid below the curve marks which options gave each estimate; `results` as from
    `run_specifications`.

    >>> results = pd.DataFrame({"zeros": ["counted"], "is_primary": True, "estimate": 0.25})
    >>> results = results.assign(low=0.2, high=0.3, bounds="", status="done")
    >>> ax = plot_specifications(results, ["zeros"], "Tone", "mean", "VADER.")
    >>> ax.figure.data.estimate.tolist()
    [0.25]
    """
    done = results[results.status == "done"].sort_values("estimate", kind="stable")
    done, kinds = done.reset_index(drop=True), results.status.str.partition(":")[0].value_counts()
    note = (
        f"n = {count_of(len(results), 'specification')}: "
        f"{', '.join(f'{n} {kind}' for kind, n in kinds.items())}. {note}"
    )
    if not len(done):
        return finish_empty(ax, title, note, f"None could be estimated: {results.status.iloc[0]}.")
    tried = results[~results.status.str.startswith("left out")]
    rows = [
        row
        for choice in choices
        for row in [(choice, None), *((choice, option) for option in tried[choice].unique())]
    ]
    below = 0.17 * len(rows) / (2.6 + 0.17 * len(rows))
    grid, curve = ax.inset_axes([0, 0, 1, below]), ax.inset_axes([0, below + 0.03, 1, 0.92 - below])
    bounds = [one for one in done.bounds.unique() if one]
    _draw_estimates(curve, done, ylabel)
    _draw_options(grid, rows, done)
    said = _mark_primary(curve, grid, done) or (
        f"The primary specification is {results.status[results.is_primary].iloc[0]}."
    )
    for panel in (curve, grid):
        panel.set(xlim=(-1, len(done)), xticks=[])
    low, high = curve.get_ylim()
    if high - low < 0.02:  # all alike: an axis of their rounding errors would say otherwise
        curve.set_ylim(low - 0.05, high + 0.05)
    ax.set_axis_off()
    note = f"{note} {f'Lines: {bounds[0]}.' if bounds else 'No intervals.'}"
    alt = (
        f"{count_of(len(done), 'estimate')} from {number(done.estimate.iloc[0])} to "
        f"{number(done.estimate.iloc[-1])}. {said} Median change when one choice is switched: "
        f"{_list_moves(results, choices)}."
    )
    shown = [*choices, "is_primary", "estimate", "low", "high", "n", "n_articles"]
    return finish(ax, title, note, alt, done.filter(shown), height=3.6 + 0.17 * len(rows))
