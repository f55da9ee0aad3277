"""Agreement of coders with each other, and of the cues with the codes that were decided.

Agreement between coders is computed on the sampled units as they are. The cues are compared with
the decided codes by weighting each unit by one over its inclusion probability (Hájek's ratio of
Horvitz–Thompson totals; Särndal, Swensson & Wretman 1992, section 5.7,
doi:10.1007/978-1-4612-4378-6), because a sample rich in cues is not a small copy of the corpus.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from framebook import __version__, tables
from framebook.common.errors import InputError
from framebook.common.folders import replacing, write_json
from framebook.common.resampling import MIN_TO_RESAMPLE, draw_counts, with_interval
from framebook.validation.cards import MACHINE_SCORES, Card, describe_cards, write_cards
from framebook.validation.design import read_design
from framebook.validation.exchange import read_coded_elsewhere
from framebook.validation.sheets import MACHINE, fill_empty, read_coded, read_coders, read_sheet


def agree(sheets, key, out, adjudicated=None, codes=None, corpus=None, empty="nothing"):
    """Write cards.json, labels.parquet and copies of what they come from; return plain lines.

    `sheets` are the filled-in sheets of coders, `key` the sample's design.json; `codes` is a table
    or REFI-QDA project with codes made elsewhere on the texts of `corpus`. Two coders or more are
    needed, one of them a person: the codes of machines decide nothing, and are compared with what
    people decided. `empty` is "0" where coders wrote an x or nothing.
    Raises InputError, one sentence with the file and row, when they don't belong together.
    """
    files = [Path(sheet) for sheet in [*sheets, *filter(None, [adjudicated, codes]), key]]
    for file in files:
        if file.resolve().is_relative_to(Path(out).resolve()):
            raise InputError(f"{file} is in {out}, which would be replaced; name another folder.")
    design = read_design(key)
    others = read_coded_elsewhere(codes, corpus, design) if codes else {}
    coded, notes = fill_empty(read_coders(sheets, design, others), empty)
    last_word = read_sheet(adjudicated, design)[1] if adjudicated else None
    examinations = {}
    for sheet in sheets:
        examinations |= read_examination(Path(sheet).parent / "examination.json")
    cards = add_machines(measure(design, coded, last_word), design, coded, last_word, examinations)
    with replacing(out) as folder:
        write_cards(cards, folder / "cards.json")
        shutil.copyfile(key, folder / "design.json")
        for number, sheet in enumerate(map(Path, sheets), start=1):
            shutil.copyfile(sheet, folder / f"sheet-{number}{sheet.suffix.lower()}")
            if (examination := sheet.parent / "examination.json").exists():
                shutil.copyfile(examination, folder / f"examination-{number}.json")
        if codes:
            shutil.copyfile(codes, folder / f"codes{Path(codes).suffix.lower()}")
        if adjudicated:
            suffix = Path(adjudicated).suffix.lower()
            shutil.copyfile(adjudicated, folder / f"adjudicated{suffix}")
        tables.write("labels", make_labels(design, coded, settle_codes(coded, last_word)), folder)
        manifest = {
            "made_by": f"framebook {__version__}",
            "kind": "agreement",
            "sheets": [file.name for file in files],
        }
        write_json(manifest, folder / "manifest.json")
    return "\n".join([describe_cards(cards), *notes])


def settle_codes(
    coded: dict[str, pd.DataFrame], adjudicated: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the decided codes: the adjudicated ones, otherwise the majority of the people.

    `coded` and `adjudicated` as from `read_coded`; machines among the coders decide nothing. One
    row per unit, one column per code: 1, 0, or null where the coders are tied (see
    `list_undecided`) or nobody has coded.

    >>> one, other = (pd.DataFrame({"conflict": codes}) for codes in ([1.0, 0, 1], [1.0, 0, 0]))
    >>> settle_codes({"A": one, "B": other}).conflict.tolist()
    [1.0, 0.0, nan]
    """
    mean = _mean(coded)
    decided = mean.mask(mean == 0.5).round()
    return decided if adjudicated is None else adjudicated.fillna(decided)


def list_undecided(coded, adjudicated=None):
    """Return [(unit, code)] of the ties that no adjudicated code decides."""
    ties = (_mean(coded) == 0.5) & settle_codes(coded, adjudicated).isna()
    return list(ties.stack()[lambda tie: tie].index)


def _mean(coded):
    return pd.concat(people(coded).values()).groupby(level=0, sort=False).mean()


def people(coded):
    """Return the coders who are people; raises InputError where there are none."""
    own = {coder: codes for coder, codes in coded.items() if not coder.startswith(MACHINE)}
    if not own:
        raise InputError("Machines are compared with people: give the sheet of one person or more.")
    return own


def count_values(coded: dict[str, pd.DataFrame], code: str) -> np.ndarray:
    """Return how many coders gave each unit 0 (first column) and 1 (second column).

    >>> one, other = (pd.DataFrame({"conflict": codes}) for codes in ([1, 0], [1, 1]))
    >>> count_values({"A": one, "B": other}, "conflict").tolist()
    [[0, 2], [1, 1]]
    """
    answers = np.array([codes[code] for codes in coded.values()])
    return np.stack([(answers == value).sum(axis=0) for value in (0, 1)], axis=1)


def alpha(counts: np.ndarray) -> float:
    """Return Krippendorff's alpha for nominal values: 1 is perfect agreement, 0 is chance.

    `counts` has one row per unit and one column per value, as from `count_values`. Null where alpha
    is undefined: no unit was coded twice, or only one value was used. Krippendorff (2019, Content
    Analysis, 4th ed., ch. 12, doi:10.4135/9781071878781).

    >>> round(alpha(np.array([[2, 0], [2, 0], [0, 2], [1, 1]])), 2)
    0.53
    """
    from krippendorff import alpha

    paired = counts[counts.sum(axis=1) > 1]
    if (paired.sum(axis=0) > 0).sum() < 2:
        return float("nan")
    return float(
        alpha(
            value_counts=paired,
            value_domain=np.arange(counts.shape[1]),
            level_of_measurement="nominal",
        )
    )


def percent_agreement(counts: np.ndarray) -> float:
    """Return the share (0 to 1) of pairs of codes of the same unit that agree; null without pairs.

    `counts` as for `alpha`. Unlike alpha, it does not take out the agreement expected by chance.

    >>> float(percent_agreement(np.array([[2, 0], [2, 0], [0, 2], [1, 1]])))
    0.75
    """
    given = counts.sum(axis=1)
    return _ratio((counts * (counts - 1)).sum(), (given * (given - 1)).sum())


def count_outcomes(
    machine: Sequence[int] | pd.Series,
    human: Sequence[float] | pd.Series,
    weights: Sequence[float] | pd.Series,
) -> np.ndarray:
    """Return the weight of each unit (one row) as true positive, false positive, false negative
    and true negative (columns) of `machine` against `human`.

    Labels and codes are 1 or 0; a unit whose human code is null has weight 0.

    >>> count_outcomes([1, 0, 1], [1, 1, None], [1.0, 2.0, 1.0]).sum(axis=0).tolist()
    [1.0, 0.0, 2.0, 0.0]
    """
    m, h = np.asarray(machine, float), np.asarray(human, float)
    table = np.stack([m * h, m * (1 - h), (1 - m) * h, (1 - m) * (1 - h)], axis=1)
    return np.nan_to_num(table * np.asarray(weights, float)[:, None])


def score_outcomes(outcomes: np.ndarray) -> dict[str, np.ndarray]:
    """Return prevalence, precision, recall, f1 (0 to 1) and machine_alpha of `count_outcomes`.

    `outcomes` are its four columns, summed over units. Scores are null where undefined.
    machine_alpha is Krippendorff's alpha for two coders; a unit of weight w counts as w units.

    >>> scores = score_outcomes([6, 2, 4, 88])
    >>> {name: round(float(scores[name]), 2) for name in ("precision", "recall", "f1")}
    {'precision': 0.75, 'recall': 0.6, 'f1': 0.67}
    """
    tp, fp, fn, tn = np.moveaxis(np.asarray(outcomes, float), -1, 0)
    ones, noughts, apart = 2 * tp + fp + fn, 2 * tn + fp + fn, fp + fn
    return {
        "prevalence": _ratio(tp + fn, tp + fp + fn + tn),
        "precision": _ratio(tp, tp + fp),
        "recall": _ratio(tp, tp + fn),
        "f1": _ratio(2 * tp, ones),
        "machine_alpha": 1 - _ratio((ones + noughts - 1) * apart, ones * noughts),
    }


def _ratio(above, below):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(below) > 0, np.divide(above, below), np.nan)[()]


def resample(design, draws=2000, seed=1):
    """Return (group of each unit, times each group is drawn in each draw, what is resampled).

    Groups are documents, near-duplicates as one; of one document, its units, by stratum. From
    two to nine documents there is no draw.
    """
    units = pd.DataFrame(design["units"])
    generator = np.random.default_rng(seed)
    groups, names = pd.factorize(units.cluster)
    if 1 < len(names) < MIN_TO_RESAMPLE:
        said = f"none, for {len(names)} documents are too few to resample"
        return groups, np.zeros((0, len(names)), int), said
    if len(names) > 1:
        return (
            groups,
            draw_counts(len(names), draws, generator),
            f"95 %, {len(names)} documents resampled",
        )
    times = np.zeros((draws, len(units)), int)
    for own in units.groupby("stratum").indices.values():
        times[:, own] = draw_counts(len(own), draws, generator)
    return np.arange(len(units)), times, "95 %, units of the one document resampled by stratum"


def measure(
    design: dict,
    coded: dict[str, pd.DataFrame],
    adjudicated: pd.DataFrame | None = None,
    draws: int = 2000,
    seed: int = 1,
    machine: str | None = None,
) -> list[Card]:
    """Return one `Card` per code of the sample; the arguments as from `read_coded`.

    The cues are compared with the codes that people decided, or else the codes of the coder
    `machine`, where it gave any.

    Intervals are 95% percentiles of `draws` draws of whole documents (Efron & Tibshirani 1993,
    doi:10.1007/978-1-4899-4541-9); if there is one document, of its units by stratum.

    >>> cards = measure(*read_coded("notebooks/codes"), draws=10)
    >>> cards[0].label, cards[0].n_coders
    ('Conflict', 2)
    """
    groups, times, said = resample(design, draws, seed)
    own, units, decided = people(coded), design["units"], settle_codes(coded, adjudicated)
    undecided = [code for _, code in list_undecided(coded, adjudicated)]
    weights = np.array([1 / row["inclusion_probability"] for row in units])
    by_group = np.eye(times.shape[1])[groups].T  # group by unit
    cards = []
    for code in design["codes"]:
        counts, human = count_values(own, code["id"]), decided[code["id"]]
        found = coded[machine][code["id"]] if machine else [code["id"] in x["codes"] for x in units]
        outcomes = count_outcomes(found, human, weights)
        scores = score_outcomes(outcomes.sum(axis=0))
        drawn = score_outcomes(times @ (by_group @ outcomes))
        alphas = [alpha(np.repeat(counts, one[groups], axis=0)) for one in times]
        share = percent_agreement(counts)
        book, corpus = design["codebook"], design["corpus"]
        cards.append(
            Card(
                measure=f"{book['name']}:{code['id']}",
                codebook_version=book["version"],
                patterns=code["patterns"],
                label=code["label"],
                construct=code["definition"],
                unit=design["unit"],
                n_units=corpus["n_units"],
                n_documents=corpus["n_documents"],
                corpus=corpus["sha256"],
                n_coders=len(own),
                n=int((counts.sum(axis=1) > 1).sum()),
                agreement=None if np.isnan(share) else round(float(share), 6),
                alpha=with_interval(alpha(counts), alphas),
                decided=int(human.notna().sum()),
                positives=int(human.sum()),
                undecided=undecided.count(code["id"]),
                resampled=said,
                simulated=design["simulated"],
                **{name: with_interval(scores[name], drawn[name]) for name in scores},
            )
        )
    return cards


def add_machines(cards, design, coded, adjudicated, examinations):
    """Return the cards, each with what the machines among the coders made of its code."""
    for machine in sorted(coded.keys() - people(coded).keys()):
        own = measure(design, coded, adjudicated, machine=machine)
        for card, theirs in zip(cards, own, strict=True):
            answered = coded[machine][theirs.measure.partition(":")[2]].notna().sum()
            card.machines[machine] = {
                "examination": examinations.get(machine, "not examined"),
                "answered": int(answered),
                **{name: getattr(theirs, name) for name in MACHINE_SCORES},
            }
    return cards


def measure_again(folder):
    """Return the cards of a folder with a key and sheets, such as `agree` wrote, made from these."""
    given, examinations = read_coded(folder), {}
    for path in sorted(Path(folder).glob("examination-*.json")):
        examinations |= read_examination(path)
    return add_machines(measure(*given), *given, examinations)


def read_examination(path):
    """Return {coder: what became of its examination} of an examination.json, or {}."""
    if not path.exists():
        return {}
    try:
        data = json.loads(path.read_text("utf-8"))
        failed = [test["title"] for test in data["tests"] if test["passed"] is False]
        said = {True: "passed", False: "failed: " + "; ".join(failed), None: "too few examples"}
        return {str(data["coder"]): said[data["passed"]]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise InputError(f"{path} is not an examination; leave it as code-by wrote it.") from None


def make_labels(design, coded, decided):
    """Return the table `labels`: each coder's codes, and those decided, by the coder `decided`."""
    places = pd.DataFrame(design["units"]).set_index("unit")[["doc_id", "sent_id", "start", "end"]]
    parts = []
    for coder, codes in {**coded, "decided": decided}.items():
        long = codes.rename_axis("unit").melt(ignore_index=False, var_name="code").dropna()
        parts.append(
            places.loc[long.index].assign(
                coder=coder,
                code=design["codebook"]["name"] + ":" + long.code,
                value=long.value.astype(int).astype("str"),
                memo=None,
            )
        )
    return tables.conform("labels", pd.concat(parts))
