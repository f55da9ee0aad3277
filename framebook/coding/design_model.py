"""Regression on a machine's labels, corrected by the human codes of a probability sample.

Design-based supervised learning (Egami, Hinck, Stewart & Wei 2023, arXiv:2306.04746): in place of
the label of a unit stands the pseudo-outcome

    prediction + (human code − prediction) · drawn / probability of being drawn,

whose expectation is the human code whatever the machine's errors. The model is a linear one: a
coefficient is a difference in the share of units. Whole documents, near-duplicates as one, are
the clusters of a sandwich variance (Liang & Zeger 1986, doi:10.1093/biomet/73.1.13).
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from framebook.chain import derive_from
from framebook.coding.pseudo_outcomes import correct, fit, t_quantile
from framebook.common.errors import InputError
from framebook.common.resampling import MIN_TO_RESAMPLE, cluster
from framebook.tables import SENTENCE_STRIDE
from framebook.validation.agreement import settle_codes
from framebook.validation.design import find_codebook
from framebook.validation.estimates import match_codes
from framebook.validation.sampling import allocate
from framebook.validation.sheets import read_coded

LEAST_CODED = 100  # human codes; with fewer, our simulation does not cover
LEAST_DF = 15  # degrees of freedom of a variance; with fewer, our simulation does not cover
TERMS = ["source", "month", "year", "part", "time"]


def read_formula(formula):
    """Return (code, [terms]) of a formula such as "conflict ~ source + month"."""
    found = re.fullmatch(r"\s*([\w.:-]+)\s*~\s*(\w+(?:\s*\+\s*\w+)*)\s*", formula)
    terms = re.split(r"\s*\+\s*", found[2]) if found else []
    if not found or set(terms) - set(TERMS) or len(set(terms)) < len(terms):
        raise InputError(
            f"{formula!r} is not a formula such as 'conflict ~ source + month'; use each of "
            f"{', '.join(TERMS)} once at the most."
        )
    return found[1].rpartition(":")[2], terms


def read_units(
    path: str | Path,
    codes: str | Path,
    code: str,
    codebook: str | Path | None = None,
    as_is: bool = False,
    columns: dict | None = None,
) -> pd.DataFrame:
    """Return all units of a corpus for `fit_model`: with the cues' labels and the human codes.

    `codes` is the folder of a coded sample. One row per unit; columns machine, human (null: not
    coded), stratum, cluster (articles, near-duplicates as one), and the terms source, month, year,
    part, time (years since the first date). Raises InputError when the codes are not of this corpus
    and codebook.

    >>> units = read_units("seeds/teaching", "notebooks/codes", "conflict")
    >>> len(units), int(units.human.notna().sum())
    (175, 100)
    """
    from framebook.loading.articles import find_path, load_documents

    design, coded, adjudicated = read_coded(codes)
    if code not in {one["id"] for one in design["codes"]}:
        known = ", ".join(one["id"] for one in design["codes"])
        raise InputError(f"The sample has no code {code!r}; it has {known}.")
    documents, loading = load_documents(find_path(path), as_is, columns)
    book = find_codebook(design, codebook)
    made = derive_from(documents, [book], {"sentences", "spans"})
    decided = settle_codes(coded, adjudicated)
    units, known = match_codes(documents, made["sentences"], made["spans"], design, decided, code)
    doc_id = units.sent_id // SENTENCE_STRIDE
    if any(" | " in name for name in design["strata"]):  # sample --by-source
        units["stratum"] += " | " + units.source
    dates = documents.set_index("doc_id").date.reindex(doc_id).reset_index(drop=True)
    return units.assign(
        human=units.unit_id.map(known.set_index("unit_id").human).astype(float),
        machine=units.machine.astype(float),
        cluster=cluster(pd.DataFrame({"doc_id": doc_id}), loading),
        source=units.source.where(units.source != ""),
        month=dates.dt.strftime("%Y-%m"),
        year=dates.dt.strftime("%Y"),
        time=(dates - dates.min()).dt.days / 365.25,
        part=units.sent_id.map(made["sentences"].set_index("sent_id").part),
    )


def fit_model(units: pd.DataFrame, terms: list[str]) -> pd.DataFrame:
    """Return one row per coefficient of a linear model: naive, human-only and corrected.

    `units` has one row per unit of the corpus: machine and human (1, 0; human is null where it
    was not coded), stratum, cluster and a column per term. Columns term, and for the machine's
    labels (naive), the human codes alone, weighted (human), and the correction (corrected) the
    coefficient and its 95% bounds, all differences in shares (−1 to 1); n_units, n_coded, df, and
    reason: why nothing could be corrected (then the last three numbers are null). Method: Egami,
    Hinck, Stewart & Wei (2023, arXiv:2306.04746). Raises InputError where two terms say the same.

    >>> units = pd.DataFrame({"machine": [1.0, 0.0] * 300, "human": [1.0, 0.0] * 300})
    >>> units = units.assign(stratum="all", cluster=range(600), source=["A"] * 300 + ["B"] * 300)
    >>> fit_model(units, ["source"])[["term", "corrected"]].round(6).values.tolist()
    [['(intercept)', 0.5], ['source: B (against A)', 0.0]]
    """
    matrix, known = make_columns(units, terms)
    own, x = units[known.to_numpy()], matrix.to_numpy(float)
    clusters, human = pd.factorize(own.cluster)[0], own.human.to_numpy(float)
    taken = ~np.isnan(human)
    rows = {"term": list(matrix)}
    if not len(own):
        raise InputError(f"No unit has {' and '.join(terms)}; name others in the formula.")
    _add(rows, "naive", *fit(x, own.machine.to_numpy(), clusters)[:2], clusters)
    stratum = pd.factorize(own.stratum)[0]
    drawn = pd.Series(taken).groupby(stratum).transform("mean").to_numpy()
    seen = taken.sum() and np.linalg.matrix_rank(x[taken]) == x.shape[1]
    if seen:
        beta, covariance, _ = fit(x[taken], human[taken], clusters[taken], 1 / drawn[taken])
        _add(rows, "human", beta, covariance, clusters[taken])
    else:
        rows |= dict.fromkeys(["human", "human_low", "human_high"], np.nan)
    rows |= dict.fromkeys(["corrected", "low", "high", "df"], np.nan)
    rows |= {"n_units": len(own), "n_coded": int(taken.sum()), "reason": None}
    reason = _refusal(taken, drawn, clusters, seen)
    if not reason:
        found = correct(x, own.machine.to_numpy(), human, stratum, clusters)
        half = t_quantile(np.maximum(found.df, LEAST_DF)) * found.error
        few = found.df < LEAST_DF
        for name, value in (("corrected", 0), ("low", -half), ("high", half)):
            rows[name] = np.where(few, np.nan, found.beta + value)
        rows["df"] = found.df.round(1)
        reason = np.where(few, "too few human codes of this kind: code more units", None)
    return pd.DataFrame(rows | {"reason": reason}).astype({"reason": "str"})


def _add(rows, name, beta, covariance, clusters):
    """Add a coefficient and its bounds; fewer than ten clusters give none."""
    groups = len(np.unique(clusters))
    half = np.full(len(beta), np.nan)
    if groups >= MIN_TO_RESAMPLE:
        half = t_quantile(groups - 1) * np.sqrt(covariance.diagonal())
    rows |= {name: beta, f"{name}_low": beta - half, f"{name}_high": beta + half}


def _refusal(taken, drawn, clusters, seen):
    """Return why no coefficient can be corrected, or None."""
    if taken.sum() < LEAST_CODED and not taken.all():
        return f"{int(taken.sum())} units have human codes, and {LEAST_CODED} are needed"
    if len(np.unique(clusters)) <= LEAST_DF:
        return f"fewer than {LEAST_DF + 1} articles"
    if (drawn == 0).any():
        return "no unit of a stratum has a human code"
    return None if seen else "a term has levels without any human code"


def plan_units(units: pd.DataFrame, terms: list[str], term: str, width: float) -> pd.DataFrame:
    """Return how many units to code per stratum for a 95% interval of `width`, one row each.

    Columns stratum, n_units, n_coded, n_needed (in all, the fewest) and n_sampled (as `sample`
    would share out the number that it needs). `units` and `terms` as for `fit_model`. The last
    column's sum is what to give to `sample --n`. Raises InputError where no number is enough.

    >>> units = pd.DataFrame({"machine": [1.0, 0.0] * 300, "human": [1.0, 0.0, None] * 200})
    >>> units = units.assign(stratum="all", cluster=range(600), source=["A", "B"] * 300)
    >>> list(plan_units(units, ["source"], "(intercept)", 0.3))[2:]
    ['n_coded', 'n_needed', 'n_sampled']
    """
    matrix, known = make_columns(units, terms)
    own = units[known.to_numpy()]
    if term not in matrix:
        raise InputError(f"The model has no coefficient {term!r}; name one of {list(matrix)}.")
    human, clusters = own.human.to_numpy(float), pd.factorize(own.cluster)[0]
    names = pd.Index(sorted(own.stratum.unique()))
    stratum = names.get_indexer(own.stratum)
    size, coded = np.bincount(stratum), np.bincount(stratum, ~np.isnan(human))
    if coded.min() < 1 or coded.sum() < LEAST_CODED / 2:
        raise InputError(f"A plan needs {LEAST_CODED // 2} human codes, and some in each stratum.")
    found = correct(matrix.to_numpy(float), own.machine.to_numpy(), human, stratum, clusters)
    at = list(matrix).index(term)
    coding, rest, groups = found.coding[:, at], found.rest[at], len(np.unique(clusters))

    def spread(n):
        return rest + (coding * (size / np.maximum(n, 1e-9) - 1)).sum()

    larger = found.error[at] ** 2 / spread(coded)  # as the sandwich of these codes is

    def widen(n):
        """Return the width with so many codes in each stratum; degrees of freedom grow with them."""
        df = np.clip(found.df[at] * n.sum() / coded.sum(), LEAST_DF, groups - 1)
        return 2 * t_quantile(df) * (larger * spread(n)) ** 0.5

    if widen(size) >= width:
        raise InputError(
            f"With every unit coded the interval is {widen(size):.3f} wide: more articles are "
            "needed, and not more codes."
        )
    low, high = 0.0, 1e9
    for _ in range(200):
        middle = (low + high) / 2
        enough = widen(np.clip(middle * np.sqrt(coding * size), 1, size)) <= width
        low, high = (low, middle) if enough else (middle, high)
    needed = np.ceil(np.clip(high * np.sqrt(coding * size), 1, size)).astype(int)
    sizes, n = dict(zip(names, size, strict=True)), 2 * len(names)
    low, high = n, int(size.sum())
    while low < high:
        n = (low + high) // 2
        given = allocate(sizes, n)
        enough = widen(np.array([given[name] for name in names])) <= width
        low, high = (low, n) if enough else (n + 1, high)
    given = allocate(sizes, max(low, min(LEAST_CODED, len(own))))
    columns = {"stratum": names, "n_units": size, "n_coded": coded.astype(int)}
    columns |= {"n_needed": needed, "n_sampled": [given[name] for name in names]}
    return pd.DataFrame(columns)


def describe_model(found, code):
    """Return plain lines on a model: per coefficient naive, human-only and corrected."""

    def show(row, name, low, high):
        value, *bounds = row[name], row[low], row[high]
        if np.isnan(value):
            return "–"
        return f"{value:+.3f}" + (
            f" [{bounds[0]:+.3f}, {bounds[1]:+.3f}]" if bounds[0] < value else ""
        )

    first = found.iloc[0]
    lines = [
        f"Share of units with {code}: {first.n_units:,} units, {first.n_coded:,} with human codes."
    ]
    for row in found.to_dict("records"):
        corrected = show(row, "corrected", "low", "high")
        lines += [
            row["term"],
            f"    naive      {show(row, 'naive', 'naive_low', 'naive_high')}",
            f"    human only {show(row, 'human', 'human_low', 'human_high')}",
            f"    corrected  {corrected if corrected != '–' else 'none: ' + str(row['reason'])}",
        ]
    return [
        *lines,
        "Differences in shares, 95% intervals, articles as clusters. Report the corrected rows.",
    ]


def describe_plan(found):
    """Return plain lines on a plan."""
    lines = [
        f"{row.stratum}: {row.n_needed:,} of {row.n_units:,} ({row.n_coded:,} are coded)"
        for row in found.itertuples()
    ]
    return [
        "Human codes that are needed in all, by stratum:",
        *lines,
        f"That is {found.n_needed.sum():,} at the least; with the shares that framebook sample "
        f"gives to the strata it is a sample of {found.n_sampled.sum():,} (--n).",
    ]


def make_columns(units, terms):
    """Return (the matrix as a DataFrame with named columns, which units have every term).

    Categories are compared with their first; `time` is in years since the first date.
    """
    known = units[terms].notna().all(axis=1)
    own, columns = units[known], {"(intercept)": 1.0}
    for term in terms:
        if term == "time":
            columns["time (years)"] = (own.time - own.time.min()).to_numpy()
            continue
        first, *others = sorted(own[term].unique()) or [""]
        for level in others:
            columns[f"{term}: {level} (against {first})"] = (own[term] == level).astype(float)
    matrix = pd.DataFrame(columns, index=own.index)
    if len(own) and np.linalg.matrix_rank(matrix.to_numpy(float)) < len(columns):
        raise InputError("Two terms of the formula say the same of these units; leave one out.")
    return matrix, known
