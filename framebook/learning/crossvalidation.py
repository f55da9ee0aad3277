"""How well codes are learned: nested cross-validation, and what more coding would bring."""

import numpy as np
import pandas as pd

from framebook.framing.decisions import f1_score
from framebook.learning.features import CODEBOOKS
from framebook.learning.model import learn, make_folds, prepare


def cross_validate(
    documents,
    labels,
    codebooks=CODEBOOKS,
    adjudicator=None,
    folds=5,
    seeds=5,
    encoder=False,
    measure="macro",
):
    """Return (scores, predictions) of nested cross-validation, near-duplicates never split.

    predictions: seed, doc_id, code, probability, value, truth, each made by a model that saw
    neither the document nor a copy. scores: see `tabulate_scores`. `measure` (macro or micro) is
    the F1 that thresholds are tuned for. With `encoder=True` scores has also `f1_without`, and
    predictions `value_without`, from the same folds without the encoder (`describe_gain`).
    """
    documents, features, truth, target, groups, exclusive = prepare(
        documents, labels, codebooks, adjudicator, encoder
    )

    def predict(features):
        rest = truth.to_numpy(), target, groups, exclusive, folds
        found = [_predict(features, *rest, seed, measure) for seed in range(seeds)]
        rows = [_to_rows(truth, *one).assign(seed=n) for n, one in enumerate(found)]
        return pd.concat(rows, ignore_index=True)

    predictions = predict(features)
    scores = tabulate_scores(predictions)
    if encoder:
        plain = predict(features.without_encoder())
        scores["f1_without"] = tabulate_scores(plain).f1
        predictions["value_without"] = plain.value
    return scores, predictions


def describe_gain(scores):
    """Return what the encoder adds, in words, from the scores of `cross_validate(encoder=True)`."""
    return "; ".join(
        f"{name}-F1 {scores.f1_without[name]:.2f} without the encoder, {scores.f1[name]:.2f} with it"
        for name in ("macro", "micro")
    )


def _predict(features, truth, target, groups, exclusive, folds, seed, measure="macro", part=1.0):
    """Return (probabilities, choices) of each document by a model of the other folds."""
    probability, chosen = np.zeros(truth.shape), np.zeros(truth.shape, bool)
    fold = make_folds(groups, truth, folds, seed)
    for k in range(folds):
        own = np.flatnonzero(fold != k)
        if part < 1:  # whole groups, and a smaller part lies inside a larger one
            names = np.random.default_rng([seed, k]).permutation(np.unique(groups[own]))
            own = own[np.isin(groups[own], names[: round(part * len(names))])]
        rest = truth[own], target[own], groups[own], exclusive, seed, measure
        model = learn(features.rows(own), *rest)
        model.codes = list(range(truth.shape[1]))
        probability[fold == k], chosen[fold == k] = model.choose(
            model.score(features.rows(fold == k))
        )
    return probability, chosen


def _to_rows(truth, probability, chosen):
    return pd.DataFrame(
        {
            "doc_id": np.repeat(truth.index.to_numpy(), truth.shape[1]),
            "code": list(truth) * len(truth),
            "probability": probability.ravel(),
            "value": chosen.ravel(),
            "truth": truth.to_numpy().ravel(),
        }
    )


def tabulate_scores(predictions):
    """Return by code n_yes, precision, recall, f1, f1_sd (between seeds), always_yes_f1.

    Over all documents of a seed at once (Forman & Scholz 2010, doi:10.1145/1882471.1882479), then
    the mean over seeds. The last rows are `macro`, the mean over codes, and `micro`, over all
    answers at once.
    """
    pooled = predictions.assign(code="micro")
    rows = [
        {
            "seed": seed,
            "code": code,
            "n_yes": own.truth.sum(),
            "precision": (own.truth & own.value).sum() / max(own.value.sum(), 1),
            "recall": (own.truth & own.value).sum() / max(own.truth.sum(), 1),
            "f1": f1_score(own.truth, own.value, 0.0),
            "always_yes_f1": f1_score(own.truth, ~(own.truth & False), 0.0),
        }
        for table in (predictions, pooled)
        for (seed, code), own in table.groupby(["seed", "code"])
    ]
    table = pd.DataFrame(rows).set_index(["seed", "code"])
    macro = table.drop(index="micro", level="code").groupby("seed").mean()
    macro = pd.concat({"macro": macro}, names=["code"]).swaplevel()
    scores = pd.concat([table, macro]).groupby("code", sort=False)
    scores = scores.mean().assign(f1_sd=scores.f1.std().fillna(0.0))
    order = [code for code in scores.index if code not in ("macro", "micro")]
    columns = ["n_yes", "precision", "recall", "f1", "f1_sd", "always_yes_f1"]
    return scores.loc[[*order, "macro", "micro"], columns]


def learning_curve(
    documents,
    labels,
    codebooks=CODEBOOKS,
    adjudicator=None,
    folds=5,
    seeds=3,
    parts=(0.25, 0.5, 0.75, 1.0),
    ahead=(1.5, 2.0),
    resamples=200,
):
    """Return rows n_documents, macro_f1, low, high, measured: what more coding would bring.

    Measured on parts of the training folds, then continued by the line of F1 on 1/sqrt(n). low
    and high are a 95 % interval from resampling groups of near-duplicates. What lies ahead is
    a guess that holds only if the next articles are like the first.
    """
    documents, features, truth, target, groups, exclusive = prepare(
        documents, labels, codebooks, adjudicator
    )
    yes = truth.to_numpy()
    found = np.array(
        [
            [
                _predict(features, yes, target, groups, exclusive, folds, seed, part=part)[1]
                for seed in range(seeds)
            ]
            for part in parts
        ]
    )
    sizes = np.array([*parts, *ahead]) * len(yes) * (folds - 1) / folds
    names, random = np.unique(groups), np.random.default_rng(seeds)
    weights = [np.ones(len(yes))] + [
        np.bincount(random.integers(0, len(names), len(names)), minlength=len(names))[
            np.searchsorted(names, groups)
        ]
        for _ in range(resamples)
    ]
    curves = np.array([_continue(sizes, _weighted_f1(found, yes, w)) for w in weights])
    low, high = np.quantile(curves[1:], [0.025, 0.975], axis=0)
    return pd.DataFrame(
        {
            "n_documents": sizes.round().astype(int),
            "macro_f1": curves[0],
            "low": low,
            "high": high,
            "measured": np.arange(len(sizes)) < len(parts),
        }
    )


def _weighted_f1(found, yes, weight):
    """Return the macro-F1 by part, documents counted `weight` times, mean over seeds."""
    hits = np.einsum("psdc,dc,d->psc", found, yes, weight)
    said = np.einsum("psdc,d->psc", found, weight) + np.einsum("dc,d->c", yes, weight)
    return (2 * hits / np.maximum(said, 1)).mean(axis=(1, 2))


def _continue(sizes, measured):
    """Return the measured values, then those that their line on 1/sqrt(size) gives ahead."""
    slope, level = np.polyfit(sizes[: len(measured)] ** -0.5, measured, 1)
    return np.append(measured, np.clip(level + slope * sizes[len(measured) :] ** -0.5, 0, 1))
