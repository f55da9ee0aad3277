"""Agreement of coders with each other, and of the cues with what the coders decided.

Coders: Krippendorff's alpha (2019, Content Analysis, 4th ed., ch. 12, doi:10.4135/9781071878781)
of the sampled units as they are. The cues against the decided codes: weighted by one over the
inclusion probability (Hájek's ratio of Horvitz–Thompson totals; Särndal, Swensson & Wretman
1992, section 5.7, doi:10.1007/978-1-4612-4378-6), for a sample rich in cues is no small corpus.
"""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from framebook import __version__, tables
from framebook.common.errors import InputError
from framebook.common.folders import replacing, write_json
from framebook.common.resampling import MIN_TO_RESAMPLE, draw_counts, with_interval
from framebook.validation.cards import Card, describe_cards, write_cards
from framebook.validation.design import read_design
from framebook.validation.exchange import read_coded_elsewhere
from framebook.validation.sheets import fill_empty, read_coders, read_sheet


def agree(sheets, key, out, adjudicated=None, codes=None, corpus=None, empty="nothing"):
    """Write cards.json, labels.parquet and copies of what they come from; return plain lines.

    `sheets` are the filled-in sheets of coders, `key` the sample's design.json; `codes` is a table
    or REFI-QDA project with codes made elsewhere on the texts of `corpus`. Two coders or more are
    needed. `empty` is "0" where coders wrote an x or nothing.
    Raises InputError, one sentence with the file and row, when they don't belong together.
    """
    files = [Path(sheet) for sheet in [*sheets, *filter(None, [adjudicated, codes]), key]]
    for file in files:
        if file.resolve().is_relative_to(Path(out).resolve()):
            raise InputError(f"{file} lies in {out}, which would be replaced; name another folder.")
    design = read_design(key)
    others = read_coded_elsewhere(codes, corpus, design) if codes else {}
    coded, notes = fill_empty(read_coders(sheets, design, others), empty)
    last_word = read_sheet(adjudicated, design)[1] if adjudicated else None
    cards = measure(design, coded, last_word)
    with replacing(out) as folder:
        write_cards(cards, folder / "cards.json")
        shutil.copyfile(key, folder / "design.json")
        for number, sheet in enumerate(map(Path, sheets), start=1):
            shutil.copyfile(sheet, folder / f"sheet-{number}{sheet.suffix.lower()}")
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


def settle_codes(coded, adjudicated=None):
    """Return the decided codes (1, 0, null): the adjudicated ones, else the coders' majority.

    Null where the coders are even (see `list_undecided`) or none has coded.
    """
    mean = _mean(coded)
    decided = mean.mask(mean == 0.5).round()
    return decided if adjudicated is None else adjudicated.fillna(decided)


def list_undecided(coded, adjudicated=None):
    """Return [(unit, code)] of the ties that no adjudicated code decides."""
    ties = (_mean(coded) == 0.5) & settle_codes(coded, adjudicated).isna()
    return list(ties.stack()[lambda tie: tie].index)


def _mean(coded):
    return pd.concat(coded.values()).groupby(level=0, sort=False).mean()


def count_values(coded, code):
    """Return how many coders gave each unit 0 and 1, as an array of two columns."""
    answers = np.array([codes[code] for codes in coded.values()])
    return np.stack([(answers == value).sum(axis=0) for value in (0, 1)], axis=1)


def alpha(counts):
    """Return Krippendorff's alpha, nominal, of counts (units by values); at most 1.

    Null where it is undefined: no unit coded twice, or one value only.
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


def percent_agreement(counts):
    """Return the share (0 to 1) of pairs of codes of the same unit that agree; null without any."""
    given = counts.sum(axis=1)
    return _ratio((counts * (counts - 1)).sum(), (given * (given - 1)).sum())


def count_outcomes(machine, human, weights):
    """Return an array of a row a unit: its weight as true and false positive, false and true
    negative of `machine` against `human` (1 or 0; a null human code weighs nothing)."""
    m, h = np.asarray(machine, float), np.asarray(human, float)
    table = np.stack([m * h, m * (1 - h), (1 - m) * h, (1 - m) * (1 - h)], axis=1)
    return np.nan_to_num(table * np.asarray(weights, float)[:, None])


def score_outcomes(outcomes):
    """Return prevalence, precision, recall, f1 (0 to 1) and alpha from summed `count_outcomes`.

    A dictionary of arrays, null where undefined. alpha is Krippendorff's for two coders, a unit
    of weight w counting as w units.
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


def measure(design, coded, adjudicated=None, draws=2000, seed=1):
    """Return a Card for each code of the sample.

    `coded` is {coder: codes} as from `read_coders`; `adjudicated` codes as from `read_sheet`.
    """
    groups, times, said = resample(design, draws, seed)
    units, decided = design["units"], settle_codes(coded, adjudicated)
    undecided = [code for _, code in list_undecided(coded, adjudicated)]
    weights = np.array([1 / row["inclusion_probability"] for row in units])
    by_group = np.eye(times.shape[1])[groups].T  # group by unit
    cards = []
    for code in design["codes"]:
        counts, human = count_values(coded, code["id"]), decided[code["id"]]
        outcomes = count_outcomes([code["id"] in row["codes"] for row in units], human, weights)
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
                n_coders=len(coded),
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
