"""The arithmetic behind `design_model`: least squares, pseudo-outcomes, their variance."""

from dataclasses import dataclass

import numpy as np

FOLDS = 5  # a unit is predicted from codes of other documents


@dataclass
class Corrected:
    """A corrected model: one number per coefficient, or one row per stratum and column for each.

    `coding` is what the variance has, by stratum, for each unit that a human code stands for
    beyond itself; `rest` is the variance if every unit were coded.
    """

    beta: np.ndarray
    error: np.ndarray
    df: np.ndarray
    coding: np.ndarray
    rest: np.ndarray


def predict(machine, stratum, human, taken, clusters):
    """Return for each unit the probability of the code, given machine label and stratum.

    From the human codes of the other folds of documents; a cell leans on its label's mean by as
    much as two codes, and the label's on one half by as much as one.
    """
    fold = np.random.default_rng(0).permutation(clusters.max() + 1)[clusters] % FOLDS
    cell = np.unique(np.stack([machine, stratum]), axis=1, return_inverse=True)[1].ravel()
    label = machine.astype(int)
    predicted = np.empty(len(machine))
    for k in range(FOLDS):
        train = taken & (fold != k)
        ones, n = (np.bincount(label[train], x, 2) for x in (human[train], np.ones(train.sum())))
        mean = (ones + 0.5) / (n + 1)
        size = cell.max() + 1
        ones, n = (np.bincount(cell[train], x, size) for x in (human[train], np.ones(train.sum())))
        own = fold == k
        predicted[own] = ((ones[cell] + 2 * mean[label]) / (n[cell] + 2))[own]
    return predicted


def fit(x, outcome, clusters, weights=None):
    """Return (coefficients, their covariance, influence of each unit on each coefficient).

    Least squares with cluster-robust covariance and its usual correction, G/(G−1)·(N−1)/(N−K).
    """
    weights = np.ones(len(x)) if weights is None else weights
    bread = np.linalg.inv((x * weights[:, None]).T @ x)
    influence = (x * weights[:, None]) @ bread
    beta = influence.T @ outcome
    scores = influence * (outcome - x @ beta)[:, None]
    groups = clusters.max() + 1
    sums = np.stack([np.bincount(clusters, one, groups) for one in scores.T])
    g, n, k = len(np.unique(clusters)), len(x), x.shape[1]
    factor = g / max(g - 1, 1) * (n - 1) / max(n - k, 1)
    return beta, factor * (sums @ sums.T), influence


def correct(x, machine, human, stratum, clusters):
    """Return a Corrected model; `human` is null where a unit was not coded.

    Units are coded with the same probability within a stratum. The variance of a coefficient is
    the larger one of the sandwich's and of what the design says; its degrees of freedom are
    Satterthwaite's, from how uncertain a sum of few, rare codes of unequal weight is.
    """
    taken = ~np.isnan(human)
    known = np.where(taken, human, 0)
    sizes, n = np.bincount(stratum), np.bincount(stratum, taken)
    weight = (sizes / np.maximum(n, 1e-9))[stratum]  # one over the probability
    predicted = predict(machine, stratum, known, taken, clusters)
    outcome = predicted + np.where(taken, (known - predicted) * weight, 0)
    beta, covariance, influence = fit(x, outcome, clusters)
    spread = (predicted * (1 - predicted))[:, None]
    each = influence**2 * spread  # what a unit adds, for each unit that its code stands for
    coding = ((weight - 1)[:, None] * each).sum(axis=0)
    # What is left when all are coded: the variance of units on their own, times what documents
    # make of it, which the machine's labels of all units say best.
    alone = (influence**2 * (predicted - x @ beta)[:, None] ** 2 + each).sum(axis=0)
    together, apart = (fit(x, machine, c)[1].diagonal() for c in (clusters, np.arange(len(x))))
    all_coded = alone * np.maximum(together / np.maximum(apart, 1e-300), 1)
    variance = np.maximum(covariance.diagonal(), all_coded + coding)
    skewed = ((1 - 2 * predicted) ** 2 * np.maximum(weight - 1, 0) ** 2 * weight)[:, None]
    fourth = (influence**4 * spread * skewed).sum(axis=0)
    groups, rest = len(np.unique(clusters)), variance - coding
    df = 2 * variance**2 / (fourth + 2 * rest**2 / max(groups - 1, 1))
    by_stratum = np.stack([np.bincount(stratum, one) for one in each.T], axis=1)
    return Corrected(beta, np.sqrt(variance), np.minimum(df, groups - 1), by_stratum, all_coded)


def t_quantile(df):
    """Return the 97.5 % quantile of Student's t (Abramowitz & Stegun 1964, 26.7.5)."""
    z, v = 1.959963984540054, np.asarray(df, float)
    return (
        z
        + (z**3 + z) / 4 / v
        + (5 * z**5 + 16 * z**3 + 3 * z) / 96 / v**2
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384 / v**3
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160 / v**4
    )
