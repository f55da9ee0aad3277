"""Corrected regression: how often its 95 % intervals hold, and whether its plans are right.

    python benchmarks/design_model.py [--replications 300] [--only coverage|plans]

Prints JSON. 64 settings: prevalence 2 to 30 %, 100 to 1,000 human codes, an outlet's difference of
none or .8 on the logit scale, a machine that errs alike in both outlets or not (recall .8 and .5,
false positives 2 and 6 %); 200 articles of 13 sentences on average that share a random effect
(standard deviation 1 on the logit scale). Samples are drawn as `framebook sample` does, from one
stratum for cues and one for none. Model: code ~ source + month (three months, no difference).
coverage: of the three slopes' intervals that were given; given: the share that was; a setting
counts as refused where fewer than half are. naive: coverage of the outlet's slope from machine
labels. Plans: the number that `plan_units` gives from a pilot of 400 codes (the median of twenty)
over the number at which the interval has the wished width on average.
"""

import argparse
import json
import sys
from itertools import product

import numpy as np
import pandas as pd

from framebook.coding.design_model import LEAST_DF, plan_units
from framebook.coding.pseudo_outcomes import correct, fit, t_quantile
from framebook.common.errors import InputError
from framebook.validation.sampling import allocate

MACHINES = {"errs unlike": ((0.8, 0.5), (0.02, 0.06)), "errs alike": ((0.9, 0.9), (0.01, 0.01))}
SETTINGS = list(product((0.02, 0.05, 0.1, 0.3), (100, 200, 400, 1000), (0, 0.8), MACHINES))


def make_corpus(rng, prevalence, difference, machine, articles=200, mean=12):
    """Return arrays: cluster, outlet, month, truth (bool), label of the machine (bool)."""
    recall, invented = map(np.array, MACHINES[machine])
    cluster = np.repeat(np.arange(articles), rng.poisson(mean, articles) + 1)
    outlet, month = (np.arange(articles) % 2)[cluster], rng.integers(0, 3, articles)[cluster]
    effect = rng.standard_normal(articles)[cluster]
    logit = np.log(prevalence / (1 - prevalence)) + effect + difference * outlet
    truth = rng.random(len(cluster)) < 1 / (1 + np.exp(-logit))
    label = rng.random(len(cluster)) < np.where(truth, recall[outlet], invented[outlet])
    return cluster, outlet, month, truth, label


def draw(rng, label, outlet, n):
    """Return which units are drawn: as `draw` does, systematically in order of outlet."""
    strata = {"cue": np.flatnonzero(label), "unmarked": np.flatnonzero(~label)}
    counts = allocate({name: len(own) for name, own in strata.items()}, n)
    taken = np.zeros(len(label), bool)
    for name, own in strata.items():
        own = rng.permutation(own)
        own = own[np.argsort(outlet[own], kind="stable")]
        steps = np.arange(len(own) + 1) * counts[name] + rng.integers(len(own))
        taken[own[np.diff(steps // len(own)) == 1]] = True
    return taken


def true_slopes(prevalence, difference):
    effect = np.random.default_rng(0).standard_normal(10**6)
    logit = np.log(prevalence / (1 - prevalence)) + effect
    low, high = ((1 / (1 + np.exp(-logit - own))).mean() for own in (0, difference))
    return np.array([high - low, 0, 0])


def fit_once(rng, prevalence, n, difference, machine):
    cluster, outlet, month, truth, label = make_corpus(rng, prevalence, difference, machine)
    x = np.stack([np.ones(len(cluster)), outlet, month == 1, month == 2], axis=1).astype(float)
    human = np.where(draw(rng, label, outlet, n), truth, np.nan)
    naive, covariance, _ = fit(x, label.astype(float), cluster)
    return (
        correct(x, label.astype(float), human, label.astype(int), cluster),
        (naive[1], covariance[1, 1] ** 0.5),
    )


def cover(setting, number, replications):
    prevalence, n, difference, machine = setting
    rng, slopes = np.random.default_rng(number), true_slopes(prevalence, difference)
    holds, given, naive, error, width = [], [], [], [], []
    for _ in range(replications):
        found, (value, spread) = fit_once(rng, *setting)
        half = t_quantile(np.maximum(found.df, LEAST_DF)) * found.error
        ok = (found.df >= LEAST_DF)[1:]
        holds += list((np.abs(found.beta[1:] - slopes) <= half[1:])[ok])
        given.append(ok.mean())
        error.append(found.beta[1] - slopes[0])
        width.append(2 * half[1])
        naive.append(abs(value - slopes[0]) <= 1.96 * spread)
    row = {"prevalence": prevalence, "codes": n, "difference": difference, "machine": machine}
    row |= {"given": np.mean(given), "coverage": np.mean(holds) if holds else None}
    row |= {"error": np.mean(error), "width": np.mean(width), "naive": np.mean(naive)}
    row = {k: round(float(v), 4) if isinstance(v, float) else v for k, v in row.items()}
    return row | {"refused": bool(np.mean(given) < 0.5)}


def plan(prevalence, n, difference, machine, number):
    """Return the planned over the true number of codes for the width that `n` codes give."""
    rng = np.random.default_rng(number)
    width = np.mean(
        [
            2 * (t_quantile(found.df) * found.error)[1]
            for found, _ in (fit_once(rng, prevalence, n, difference, machine) for _ in range(40))
        ]
    )
    planned = []
    for _ in range(20):
        cluster, outlet, month, truth, label = make_corpus(rng, prevalence, difference, machine)
        taken = draw(rng, label, outlet, 400)
        units = pd.DataFrame({"machine": label.astype(float), "cluster": cluster})
        units["human"] = np.where(taken, truth, np.nan)
        units["stratum"] = np.where(label, "cue", "unmarked")
        units = units.assign(source=outlet.astype(str), month=month.astype(str))
        term = "source: 1 (against 0)"
        try:
            planned.append(plan_units(units, ["source", "month"], term, width).n_sampled.sum())
        except InputError:  # this pilot says that no number of codes is enough
            planned.append(len(units))
    low, high = np.quantile(planned, [0.25, 0.75])
    row = {"prevalence": prevalence, "codes": n, "difference": difference, "machine": machine}
    return row | {"width": round(float(width), 4), "planned": float(np.median(planned)),
                  "ratio": round(float(np.median(planned)) / n, 3),
                  "half_of_them": [round(float(low) / n, 3), round(float(high) / n, 3)]}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--replications", type=int, default=300)
    parser.add_argument("--only", choices=["coverage", "plans"])
    args, result = parser.parse_args(), {}
    if args.only != "plans":
        rows = []
        for number, setting in enumerate(SETTINGS):
            rows.append(cover(setting, number, args.replications))
            print(rows[-1], file=sys.stderr, flush=True)
        found = [row["coverage"] for row in rows if not row["refused"]]
        result |= {"replications": args.replications, "settings": len(rows)}
        result |= {
            "refused": len(rows) - len(found),
            "within": sum(0.93 <= x <= 0.97 for x in found),
        }
        result |= {"lowest": min(found), "highest": max(found), "coverage": rows}
    if args.only != "coverage":
        plans = []
        for number, (n, prevalence) in enumerate(product((600, 800), (0.1, 0.3))):
            for machine in MACHINES:
                plans.append(plan(prevalence, n, 0.8, machine, number))
                print(plans[-1], file=sys.stderr, flush=True)
        result["plans"] = plans
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
