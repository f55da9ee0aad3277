"""Corrected shares: how often their 95 % intervals hold, in corpora where the truth is known.

    python benchmarks/coverage.py [--replications 1000] [--workers 2] [--only WORD]

Prints JSON, a row a scenario; 1,000 draws an interval. Each makes one corpus by a seed, in which
every unit has a frame or not and a machine's label with a given recall and precision, then draws
and codes samples of it without error. coverage: how many intervals hold the truth, of those
given; below, above: the truth lies there; refused: how many samples got no interval; error: the
mean estimate less the truth; machine_error: the machine's share (or difference) less the truth;
width: mean; of_human: width over that of human codes alone, of as many units drawn simply at
random (or of as many documents). In `difference` scenarios recall and precision differ between
two sources; n is then the units (or documents) of each.
"""

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd

from framebook.validation.estimates import compare_sources, correct_share

GOOD, FAIR, POOR = (0.95, 0.95), (0.7, 0.8), (0.4, 0.4)  # recall, precision
UNLIKE = (0.9, 0.75), (0.5, 0.9)


def scenarios():
    """Return name: (units, prevalence, (recall, precision), design, n)."""
    rows = {}
    for n in (50, 100, 200, 500):
        rows[f"random, n {n}"] = (3000, 0.3, FAIR, "random", n)
        rows[f"by label, n {n}"] = (3000, 0.3, FAIR, "label", n)
        rows[f"difference 0, by label, n {n}"] = (3000, (0.3, 0.3), UNLIKE, "label", n)
    for n in (50, 200):
        rows[f"good machine, by label, n {n}"] = (3000, 0.3, GOOD, "label", n)
        rows[f"poor machine, by label, n {n}"] = (3000, 0.3, POOR, "label", n)
    for n in (100, 500):
        rows[f"unequal probabilities, n {n}"] = (3000, 0.3, FAIR, "unequal", n)
    for n in (100, 200, 500):
        rows[f"rare 5 %, random, n {n}"] = (3000, 0.05, (0.6, 0.6), "random", n)
        rows[f"rare 5 %, by label, n {n}"] = (3000, 0.05, (0.6, 0.6), "label", n)
        rows[f"rare 2 %, by label, n {n}"] = (3000, 0.02, (0.6, 0.5), "label", n)
    for n in (100, 500):
        rows[f"rare 5 %, 8 strata by label, n {n}"] = (3000, 0.05, (0.6, 0.6), "strata", n)
        rows[f"rare 2 %, few missed, by label, n {n}"] = (3000, 0.02, (0.95, 0.3), "label", n)
    rows["difference 0, rare 5 %, by label, n 100"] = (
        3000,
        (0.05, 0.05),
        ((0.9, 0.6), (0.5, 0.8)),
        "label",
        100,
    )
    rows["difference .1, random, n 100"] = (3000, (0.3, 0.2), UNLIKE, "random", 100)
    for n in (50, 100):
        rows[f"documents, n {n}"] = (6000, 0.3, FAIR, "documents", n)
        rows[f"documents, rare 5 %, n {n}"] = (6000, 0.05, (0.6, 0.6), "documents", n)
        rows[f"documents, 5 sentences of each, n {n}"] = (6000, 0.3, FAIR, "stages", n)
    rows["difference 0, documents, n 50"] = (6000, (0.3, 0.3), UNLIKE, "documents", 50)
    rows["half coded, random, n 200"] = (400, 0.3, FAIR, "random", 200)
    rows["half coded, by label, n 200"] = (400, 0.3, FAIR, "label", 200)
    rows["half coded, rare 5 %, n 200"] = (400, 0.05, (0.6, 0.6), "random", 200)
    rows["half coded, documents, n 50"] = (2000, 0.3, FAIR, "documents", 50)
    return rows


def make_units(size, prevalence, quality, design, rng, source="one"):
    """Return the units of one source: the table units with the truth and kind beside it.

    In documents (3 to 37 sentences) both frame and error keep together: shares of the frame vary
    by a beta distribution of intraclass correlation .15. Kind: a fifth of the units, in which
    the frame is twice as frequent (used by the design `unequal` only).
    """
    recall, precision = quality
    doc_id = np.repeat(np.arange(size), rng.integers(3, 38, size))[:size]
    spread = 1 / 0.15 - 1
    by_document = rng.beta(prevalence * spread, (1 - prevalence) * spread, size)[doc_id]
    kind = rng.random(size) < 0.2
    chance = {
        "documents": by_document,
        "stages": by_document,
        "unequal": prevalence / 1.2 * (1 + kind),
    }.get(design, prevalence)
    truth = rng.random(size) < chance
    false_alarm = prevalence * recall * (1 - precision) / precision / (1 - prevalence)
    machine = rng.random(size) < np.where(truth, recall, false_alarm)
    first = size if source == "b" else 0
    units = pd.DataFrame(
        {
            "unit_id": first + np.arange(size),
            "machine": machine,
            "source": source,
            "human": truth,
            "kind": kind,
            "doc_id": first + doc_id,
        }
    )
    return units.assign(stratum=np.arange(size) % 8) if design == "strata" else units


def draw(units, design, n, rng):
    """Return (rows drawn, their probabilities)."""
    if design in ("documents", "stages"):
        documents = units.doc_id.unique()
        chosen = rng.choice(documents, n, replace=False)
        rows = np.flatnonzero(units.doc_id.isin(chosen))
        size = units.doc_id.iloc[rows].groupby(units.doc_id).transform("size").to_numpy()
        share = np.minimum(1, 5 / size) if design == "stages" else np.ones(len(rows))
        order = pd.Series(rng.random(len(rows))).groupby(units.doc_id.to_numpy()[rows]).rank()
        kept = order.to_numpy() <= np.round(share * size)
        return rows[kept], (share * n / len(documents))[kept]
    cells = {
        "label": ["machine"],
        "strata": ["machine", "stratum"],
        "unequal": ["machine", "kind"],
    }.get(design, ["source"])
    cell = units.groupby(cells).ngroup().to_numpy()
    rows, probabilities = [], []
    for number in range(cell.max() + 1):
        members = np.flatnonzero(cell == number)
        taken = min(len(members), -(-n // (cell.max() + 1)))
        rows.append(rng.choice(members, taken, replace=False))
        probabilities.append(np.full(taken, taken / len(members)))
    return np.concatenate(rows), np.concatenate(probabilities)


def play(item, replications):
    """Return the result of one scenario."""
    name, (size, prevalence, quality, design, n) = item
    rng = np.random.default_rng(7)
    two = isinstance(prevalence, tuple)
    given = zip("ab", prevalence, quality, strict=True) if two else [("one", prevalence, quality)]
    parts = [make_units(size, p, q, design, rng, source) for source, p, q in given]
    truths = [part.human.mean() for part in parts]
    truth = truths[0] - truths[1] if two else truths[0]
    clustered = design in ("documents", "stages")
    hidden = ["human", "kind"] if clustered else ["human", "kind", "doc_id"]
    units = pd.concat(parts).drop(columns=hidden)
    rows, human_widths = [], []
    for seed in range(replications):
        rows.append(estimate(units, sample(parts, design, n, rng), two, seed))
        if seed < 100:
            coded = sample(parts, design if clustered else "random", n, rng)
            human_widths.append(width(estimate(units.assign(machine=False), coded, two, seed)))
    return {"scenario": name, **summarise(pd.DataFrame(rows), truth, np.mean(human_widths))}


def sample(parts, design, n, rng):
    coded = []
    for part in parts:
        rows, probability = draw(part, design, n, rng)
        coded.append(part.iloc[rows][["unit_id", "human"]].assign(probability=probability))
    return pd.concat(coded)


def estimate(units, coded, two, seed):
    if two:
        return (
            compare_sources(units, coded, "a", "b", repeats=1000, seed=seed)
            .rename(columns={"machine_difference": "machine", "corrected_difference": "corrected"})
            .iloc[0]
        )
    return (
        correct_share(units, coded, repeats=1000, seed=seed)
        .rename(columns={"machine_share": "machine", "corrected_share": "corrected"})
        .iloc[0]
    )


def width(row):
    return row.high - row.low


def summarise(rows, truth, human_width):
    given = rows[rows.corrected.notna()]
    below, above = (truth < given.low).mean(), (truth > given.high).mean()
    figures = {
        "truth": truth,
        "coverage": 1 - below - above,
        "below": below,
        "above": above,
        "refused": 1 - len(given) / len(rows),
        "error": given.corrected.mean() - truth,
        "machine_error": rows.machine.mean() - truth,
        "width": width(given).mean(),
        "of_human": width(given).mean() / human_width,
    }
    return {key: round(float(value), 4) for key, value in figures.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--replications", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="scenarios with this in their name")
    args = parser.parse_args()
    items = [item for item in scenarios().items() if args.only in item[0]]
    with ProcessPoolExecutor(args.workers) as pool:
        results = []
        for row in pool.map(play, items, [args.replications] * len(items)):
            results.append(row)
            print(row["scenario"], row["coverage"], file=sys.stderr, flush=True)
    coverages = [row["coverage"] for row in results]
    print(
        json.dumps(
            {
                "replications": args.replications,
                "lowest_coverage": min(coverages),
                "highest_coverage": max(coverages),
                "scenarios": results,
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
