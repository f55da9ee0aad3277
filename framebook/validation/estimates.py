"""Shares of units with a frame, corrected for the machine's error by human codes of a sample.

A machine that misses frames and sees some that are not there gives a wrong share and, where it
errs more in one source than in another, a difference that is none (TeBlunthuis, Hase & Chan
2024, doi:10.1080/19312458.2023.2293713). Human codes of a probability sample say how many units
of each machine label have the frame, the labels of all units how much each label weighs. Egami
et al. (2023, arXiv:2306.04746) correct more than shares, by the same reasoning.
"""

from types import SimpleNamespace
from zlib import crc32

import numpy as np
import pandas as pd

from framebook.common.errors import InputError
from framebook.validation.design import hash_corpus
from framebook.validation.sampling import list_units

LEAST_CODED = 50  # units of a group, or their documents: fewer say too little of its share
LEAST_IN_CELL = 2  # coded units of each label for strata to be kept apart


def match_codes(
    documents: pd.DataFrame,
    sentences: pd.DataFrame,
    spans: pd.DataFrame,
    design: dict,
    human: pd.DataFrame,
    code: str,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (units, coded) for `correct_share`: all units of a corpus, and those with codes.

    `design` is the key of a sample, `human` the decided codes (`settle_codes`), `code` the id of
    one of its codes. An undecided unit counts as not drawn: `probability` is the share of its
    stratum that is decided. Raises InputError if the sample is from another corpus.

    >>> from framebook.chain import get_tables
    >>> tables = get_tables("seeds/teaching", "", "documents", "sentences", "spans")
    >>> design, coded, adjudicated = read_coded("notebooks/codes")
    >>> list(match_codes(*tables, design, settle_codes(coded, adjudicated), "conflict")[1])
    ['unit_id', 'human', 'probability']
    """
    book = SimpleNamespace(name=design["codebook"]["name"], codes=[])
    spans = spans[spans.code.str.startswith(f"{book.name}:")]
    units = list_units(documents, sentences, spans, book, design["unit"])
    units = units.drop(columns="doc_id")  # units were drawn one by one, from all documents
    units = units.assign(unit_id=range(len(units)), machine=[code in own for own in units.codes])
    drawn = pd.DataFrame(design["units"]).assign(human=human[code].to_numpy(float))
    place = ["sent_id", "start", "end"]
    coded = drawn.dropna(subset="human").merge(units[[*place, "unit_id"]], on=place)
    if len(coded) < drawn.human.count() or hash_corpus(documents) != design["corpus"]["sha256"]:
        raise InputError(
            "The codes are of another corpus, or of the same read otherwise; "
            "give the articles that the sample was drawn from."
        )
    size = coded.groupby("stratum").unit_id.transform("size")
    coded = coded.assign(
        human=coded.human == 1, probability=size / coded.stratum.map(design["strata"])
    )
    return units, coded[["unit_id", "human", "probability"]]


def correct_share(
    units: pd.DataFrame,
    coded: pd.DataFrame,
    by: str | None = None,
    level: float = 0.95,
    repeats: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the share of units with the frame, corrected by human codes: one row per group.

    `units` has every unit: unit_id, machine (bool), the column `by` (None: one group, "all"),
    stratum if there are any, and doc_id if documents were drawn. `coded` is a probability sample
    of them: unit_id, human (bool), probability (above 0 to 1) and, if known, coders (how many
    coded the unit). Columns: group; n_units, n_coded; machine_share, corrected_share, low, high
    (0 to 1); reason (str: why nothing could be corrected and the last three are null, else null;
    see `_refusal`). Raises InputError for tables that do not fit. Method: `_estimate`.

    >>> units = pd.DataFrame({"unit_id": range(200), "machine": [True, False] * 100})
    >>> coded = units[:100].assign(human=lambda t: t.unit_id % 4 == 0, probability=0.5)
    >>> correct_share(units, coded)[["machine_share", "corrected_share"]].values.tolist()
    [[0.5, 0.25]]
    """
    table = _join(units, coded, by)
    groups = [("all", table)] if by is None else table.groupby(by, observed=True)
    rows = []
    for name, group in groups:
        row, draws = _estimate(name, group, repeats, seed)
        row["low"], row["high"] = _bounds(row["corrected_share"], draws, level)
        rows.append(row)
    table = pd.DataFrame(rows)
    return table.assign(reason=table.pop("reason").astype("str"))


def compare_sources(
    units: pd.DataFrame,
    coded: pd.DataFrame,
    a: str,
    b: str,
    by: str = "source",
    level: float = 0.95,
    repeats: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the share in outlet `a` minus that in `b`, each corrected by its own human codes.

    One row: a, b; machine_difference, corrected_difference, low, high (−1 to 1) and reason, all as
    for `correct_share`. Each outlet needs codes of its own: if the machine errs more in one, errors
    pooled over both make differences that do not exist. Raises InputError for an unknown outlet.

    >>> units = pd.DataFrame({"unit_id": range(400), "source": ["A", "B"] * 200})
    >>> units["machine"] = units.unit_id % 5 == 0
    >>> coded = units[:200].assign(human=lambda t: t.machine & (t.source == "A"), probability=0.5)
    >>> compare_sources(units, coded, "A", "B").corrected_difference.round(2).tolist()
    [0.2]
    """
    table = _join(units, coded, by)
    rows, draws = [], []
    for name in (a, b):
        group = table[table[by] == name]
        if group.empty:
            raise InputError(f"No unit has {name!r} as its {by}: check the name.")
        row, drawn = _estimate(name, group, repeats, seed)
        rows.append(row)
        draws.append(drawn)
    reasons = [f"{row['group']}: {row['reason']}" for row in rows if row["reason"]]
    naive, ours = (rows[0][c] - rows[1][c] for c in ("machine_share", "corrected_share"))
    low, high = _bounds(ours, draws[0] - draws[1], level)
    return pd.DataFrame(
        [
            {
                "a": a,
                "b": b,
                "machine_difference": naive,
                "corrected_difference": ours,
                "low": low,
                "high": high,
                "reason": "; ".join(reasons) or None,
            }
        ]
    ).astype({"reason": "str"})


def _join(units, coded, by):
    """Return the units in order of unit_id with human and probability, null if not coded."""
    optional = [c for c in ("doc_id", "stratum") if c in units]
    needed = ["unit_id", "machine", *([by] if by else [])]
    _check(units, "units", [*needed, *optional], "machine")
    _check(coded, "coded", ["unit_id", "human", "probability"], "human")
    if not coded.unit_id.isin(units.unit_id).all():
        raise InputError("The table coded has a unit_id that is not in units: give all units.")
    probability = pd.to_numeric(coded.probability, errors="coerce")
    if not probability.between(0, 1, inclusive="right").all():
        raise InputError("Every probability in the table coded must be above 0 and at most 1.")
    codes = coded.reindex(columns=["unit_id", "human", "probability", "coders"])
    codes = codes.astype({"human": float, "probability": float})
    units = units[list(dict.fromkeys([*needed, *optional]))]
    return units.merge(codes, on="unit_id", how="left").sort_values("unit_id")


def _check(frame, name, columns, label):
    missing = [column for column in columns if column not in frame]
    if missing or frame.empty:
        lack = f"column {missing[0]}" if missing else "rows"
        raise InputError(f"The table {name} lacks the {lack}: see correct_share.")
    if frame[columns].isna().any(axis=None):
        raise InputError(f"The table {name} has an empty field: fill it or leave the row out.")
    if frame.unit_id.duplicated().any():
        raise InputError(f"The table {name} has a unit_id twice: give one row a unit.")
    if not frame[label].isin([True, False]).all():
        raise InputError(f"The column {label} of the table {name} must be true or false.")


def _refusal(group):
    """Return why the share of a group can't be corrected, or None."""
    coded = group[group.human.notna()]
    absent = set(group.machine.astype(bool)) - set(coded.machine.astype(bool))
    if absent:
        label = "with" if max(absent) else "without"
        return f"no unit that the machine labels {label} the frame has a human code"
    if coded.coders.notna().any() and (coded.coders < 2).all():
        return "only one coder: how far coders agree is not known"
    what, of = ("documents", "doc_id") if "doc_id" in coded else ("units", "unit_id")
    n = coded[of].nunique()
    few = n < LEAST_CODED and len(coded) < len(group)
    return f"{n} {what} have human codes, and {LEAST_CODED} are needed" if few else None


def _cells(group):
    """Return each unit's cell (strata stay apart where each has codes) and each cell's label."""
    machine = group.machine.astype(int)
    stratum = pd.Series(0, group.index)
    if "stratum" in group:
        n_coded = group.human.notna().groupby([machine, group.stratum], observed=True)
        enough = n_coded.transform("sum").groupby(machine).transform("min") >= LEAST_IN_CELL
        stratum = group.groupby("stratum", observed=True).ngroup().where(enough, 0)
    cell, keys = pd.factorize(stratum * 2 + machine, sort=True)
    return cell, keys.to_numpy() % 2


def _estimate(name, group, repeats, seed):
    """Return (a row without bounds, draws of the corrected share about it).

    The share is a sum over cells (machine label by stratum) of the cell's part of all units times
    the mean of its human codes: post-stratification (Holt & Smith 1979, doi:10.2307/2344652), each
    coded unit standing for 1/probability units. The interval is a Bayesian bootstrap (Rubin 1981,
    doi:10.1214/aos/1176345338) with exponential weights for documents, else units, and for each
    machine label one more unit whose code is the toss of a coin: a few codes that agree do not
    make certain. In one cell with equal probabilities that is the generalised fiducial, or mid-p,
    interval of a binomial (Hannig 2009, Statistica Sinica 19, 491). Deviations shrink by the root
    of the part not coded (Cochran 1977, ch. 2).
    """
    taken = group.human.notna().to_numpy()
    row = {
        "group": name,
        "n_units": len(group),
        "n_coded": int(taken.sum()),
        "machine_share": float(group.machine.mean()),
        "corrected_share": np.nan,
        "reason": _refusal(group),
    }
    if row["reason"]:
        return row, np.nan
    cell, label = _cells(group)
    codes, at, human = group[taken], cell[taken], group.human.to_numpy()[taken]
    size, n = np.bincount(cell), np.bincount(at)
    # What a coded unit stands for beyond itself, so that certain inclusion stands for nothing.
    weight = 1 / codes.probability.to_numpy() - 1
    mean_weight = np.bincount(at, weight) / n
    none_left = mean_weight == 0
    if (none_left & (n < size)).any():
        row["reason"] = "units of probability 1 have no human code: check the probabilities"
        return row, np.nan
    weight = np.where(none_left[at], 1, weight) / np.where(none_left, 1, mean_weight)[at]
    known, rest = np.bincount(at, human), np.bincount(at, weight * human) / n
    mean, part = (known + (size - n) * rest) / size, size / size.sum()
    share = row["corrected_share"] = float(part @ mean)
    document = pd.factorize(codes.doc_id)[0] if "doc_id" in codes else np.arange(len(codes))
    influence = part**2 * (1 + 1e-9 - n / size) / n
    tosses = influence / np.bincount(label, influence)[label]
    rng = np.random.default_rng([seed, crc32(str(name).encode())])
    drawn = _resample(human, weight, at, document, tosses, label, repeats, rng)
    least, most = known / size, (known + size - n) / size  # codes are facts
    moved = (np.sqrt(1 - n / size) * (drawn - rest)).clip(least - mean, most - mean)
    return row, share + moved @ part


def _resample(human, weight, at, document, tosses, label, repeats, rng):
    """Return draws of the mean code of each cell (repeats by cells; may leave 0 to 1)."""
    shape = document.max() + 1, len(label)
    sums, ones = (
        np.bincount(document * shape[1] + at, x, minlength=shape[0] * shape[1]).reshape(shape)
        for x in (weight * human, weight)
    )
    rest = sums.sum(0) / ones.sum(0)
    # One more unit for each label, split over its strata by their influence. Units that go
    # together in documents, or of unequal weight, are worth fewer: it weighs as the design
    # effect says (Kish 1965), in a cell whose codes all agree as the largest of the others.
    alone = rest * (1 - rest) * ones.sum(0)  # the variance of as many units drawn at random
    effect = ((sums - rest * ones) ** 2).sum(0) / np.where(alone > 0, alone, np.inf)
    effect = np.where(alone > 0, effect, effect.max()).clip(1)
    shares = rng.standard_exponential((repeats, shape[0]))
    extra = effect * rng.standard_gamma(tosses, (repeats, shape[1]))
    heads = rng.random((repeats, 2))[:, label] < 0.5
    drawn = (shares @ sums + extra * heads) / (shares @ ones + extra)
    # Few documents, or weights that make few of many: as from the normal to Student's t.
    worth = ones.sum(0) ** 2 / (ones**2).sum(0)
    wider = np.sqrt((worth + 1) / rng.chisquare(np.maximum(worth - 1, 1), drawn.shape))
    return rest + (drawn - rest) * np.where(worth < np.bincount(at) - 1e-6, wider, 1)


def _bounds(value, draws, level):
    """Return the bounds of an interval about `value`, null where it is null."""
    if np.isnan(value):
        return np.nan, np.nan
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return min(low, value), max(high, value)
