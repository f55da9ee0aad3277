"""Supervised coding: a linear model learns codes from human codes, and is tried on others.

It scores words, letter runs inside words and codebook cues, so that what decided can be
read off. What it learns are its coders' habits in their corpus: agreement is not validity.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from framebook import __version__
from framebook.common.errors import InputError
from framebook.common.folders import hash_file
from framebook.framing.codebook import FOLDER, load_codebook
from framebook.learning.encoder import MODEL as ENCODER
from framebook.learning.features import CODEBOOKS, count_features, fit_weights, need, weigh
from framebook.loading.duplicates import find_duplicates
from framebook.tokenising.bulk import tokenise

YES = {"yes": 1, "true": 1, "1": 1, "no": 0, "false": 0, "0": 0}
LEAST = 5  # of yes and of no, so that each inner fold can hold one


# ---- what is learned from: human codes


def read_labels(labels, documents, adjudicator=None):
    """Return (truth, target) by doc_id and code, in the order of the documents coded.

    `labels` has columns doc_id, coder, code, value (yes/no, true/false, 1/0), or is a boolean
    frame by doc_id with one column per code. truth (bool) is the adjudicator's code, else what more
    than half of the coders say. target (0 to 1) is the mean of truth and the coders' share, so
    that a divided vote teaches less than a clear one. Raises InputError for what it can't read.
    """
    if {"doc_id", "coder", "code", "value"} <= set(labels.columns):
        value = labels.value.astype(str).str.strip().str.lower().map(YES)
        if value.isna().any():
            raise InputError(
                f"A label has the value {labels.value[value.isna()].iloc[0]!r}; use yes or no."
            )
        table = labels.assign(value=value.astype(float))
        own = table.coder == adjudicator
        if adjudicator is not None and not own.any():
            raise InputError(f"No label is by {adjudicator!r}; name a coder of the table.")
        shares = (table if own.all() else table[~own]).pivot_table("value", "doc_id", "code")
        truth = (
            table[own].pivot_table("value", "doc_id", "code")
            if own.any()
            else ((shares > 0.5).where(shares.notna()))
        )
        shares = shares.reindex_like(truth)
    else:
        truth = shares = labels.sort_index()
        wrong = [c for c in truth if not truth[c].dropna().isin([0, 1]).all()]
        if wrong:
            raise InputError(f"The codes in column {wrong[0]!r} are not all yes or no.")
    kept = [doc_id for doc_id in documents.doc_id if doc_id in truth.index]
    truth, shares = truth.loc[kept], shares.loc[kept]
    if not kept or truth.isna().any(axis=None):
        where = truth.index[truth.isna().any(axis=1)].tolist()[:1]
        raise InputError(
            f"Document {where[0]} has no code for every column; code it or leave it out."
            if where
            else "No label belongs to a document of the table."
        )
    truth = truth.astype(bool)
    return truth, (truth + shares.astype(float).fillna(truth.astype(float))) / 2


def make_folds(groups, truth, folds, seed):
    """Return each document's fold, 0 to folds - 1: a group stays whole, rare codes are spread.

    Groups are taken in random order, those with the rarest code first, each to the fold that
    has the fewest documents of this code (Sechidis et al. 2011, doi:10.1007/978-3-642-23808-6_10).
    """
    groups, truth = np.asarray(groups), np.asarray(truth, bool)
    order = np.argsort(truth.sum(axis=0), kind="stable")
    rarest = np.where(truth.any(axis=1), truth[:, order].argmax(axis=1), truth.shape[1])
    kinds, members = {}, {}
    for n, own in enumerate(groups):
        members.setdefault(own, []).append(n)
        kinds[own] = min(kinds.get(own, len(order)), rarest[n])
    if len(members) < folds:
        raise InputError(
            f"{len(members)} documents that are not copies of each other can't make "
            f"{folds} folds; code more or ask for fewer."
        )
    random = np.random.default_rng(seed)
    names = [list(members)[k] for k in random.permutation(len(members))]
    counts, fold = np.zeros((folds, len(order) + 1)), np.empty(len(groups), np.int64)
    for own in sorted(names, key=lambda g: (kinds[g], -len(members[g]))):
        load = [(counts[k, kinds[own]], counts[k].sum(), random.random()) for k in range(folds)]
        chosen = min(range(folds), key=load.__getitem__)
        fold[members[own]] = chosen
        counts[chosen, kinds[own]] += len(members[own])
    return fold


def group_documents(documents):
    """Return each document's group, a number: near-duplicates share it (Jaccard at least 0.5).

    Near-duplicate titles of five words or more, so no standing heading, make a group as well.
    """
    scipy, csgraph = need("scipy.sparse"), need("scipy.sparse.csgraph")
    texts = documents.assign(doc_id=range(len(documents)))
    titles = texts.assign(text=texts.title.astype(object).fillna(""))
    titles = titles[titles.text.str.count(r"\w+") >= 5]
    pairs = (
        pd.concat(
            [
                pd.DataFrame(
                    {"one": table.doc_id, "other": find_duplicates(table, threshold=0.5).tolist()}
                )
                for table in (texts, titles)
                if len(table)
            ]
        )
        .dropna()
        .astype(np.int64)
    )
    graph = scipy.coo_matrix(
        (np.ones(len(pairs)), (pairs.one, pairs.other)), shape=(len(texts), len(texts))
    )
    return csgraph.connected_components(graph, directed=False)[1].astype(np.int64)


# ---- the model


def fit_lines(matrix, target, strength=1.0):
    """Return (coefficients, intercepts), one column per code, of logistic regressions on shares.

    Each document counts as yes with its target and as no with the rest; yes and no weigh the
    same in all. Ridge penalty 1/(2 strength), also on the intercept. With fewer documents than
    columns the line is sought among weights of documents, which gives the same one sooner.
    """
    scipy, optimise = need("scipy.sparse"), need("scipy.optimize")
    n, columns = matrix.shape[0], []
    matrix = scipy.hstack([matrix, np.ones((n, 1))]).tocsr()
    turned, back = matrix, None
    if n < min(matrix.shape[1], 3000):
        size, axes = np.linalg.eigh((matrix @ matrix.T).toarray())
        kept = size > size[-1] * 1e-10
        turned = axes[:, kept] * size[kept] ** 0.5
        back = axes[:, kept] / size[kept] ** 0.5
    for share in np.asarray(target, float).T:
        yes, no = share.sum(), n - share.sum()
        if min(yes, no) == 0:
            columns.append(np.append(np.zeros(matrix.shape[1] - 1), 6.0 if yes else -6.0))
            continue
        weights = np.array([share / yes, (1 - share) / no]) * n / 2 * strength
        start = np.zeros(turned.shape[1])
        line = optimise.minimize(_loss, start, (turned, *weights), method="L-BFGS-B", jac=True)
        columns.append(line.x if back is None else matrix.T @ (back @ line.x))
    columns = np.array(columns).T
    return columns[:-1], columns[-1]


def _loss(line, rows, yes, no):
    """Return (loss, gradient) of a line, each row counting `yes` as yes and `no` as no."""
    score = rows @ line
    slope = no - (yes + no) / (1 + np.exp(np.clip(score, -500, 500)))
    loss = line @ line / 2 + yes @ np.logaddexp(0, -score) + no @ np.logaddexp(0, score)
    return loss, line + rows.T @ slope


def calibrate(scores, truth):
    """Return (slope, intercept) that turn scores into probabilities (Platt 1999)."""
    if truth.all() or not truth.any():
        return 0.0, 6.0 if truth.all() else -6.0
    line = need("sklearn.linear_model").LogisticRegression(C=100.0)
    line.fit(np.asarray(scores)[:, None], truth)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def best_threshold(probability):
    """Return the probability from which yes gives the highest expected F1.

    From calibrated probabilities and not from the codes: steadier on few positives. At the
    best it is half of that F1 (Lipton, Elkan & Naryanaswamy 2014,
    doi:10.1007/978-3-662-44851-9_15).
    """
    ordered = np.sort(np.asarray(probability, float))[::-1]
    f1 = 2 * ordered.cumsum() / (np.arange(1, len(ordered) + 1) + ordered.sum())
    return float(ordered[f1.argmax()])


@dataclass
class Model:
    """What `train` learned: arrays with a row or an entry a code, and where they come from."""

    codes: list
    exclusive: bool
    terms: dict
    weights: dict
    coefficients: np.ndarray
    intercepts: np.ndarray
    calibration: np.ndarray
    thresholds: np.ndarray
    provenance: dict = field(default_factory=dict)

    def score(self, features):
        """Return the linear scores, one row per document and one column per code."""
        return weigh(features, self.weights) @ self.coefficients + self.intercepts

    def choose(self, scores):
        """Return (probabilities, yes or no) of linear scores."""
        probability = 1 / (1 + np.exp(-(scores * self.calibration[:, 0] + self.calibration[:, 1])))
        if self.exclusive:
            probability /= probability.sum(axis=1, keepdims=True)
            return probability, np.eye(len(self.codes), dtype=bool)[probability.argmax(axis=1)]
        return probability, probability >= self.thresholds


def learn(features, truth, target, groups, exclusive, seed, measure="macro", inner=5):
    """Return a Model; calibration and thresholds are from folds inside these documents.

    For macro-F1 each code has its own threshold, for micro-F1 (`measure="micro"`) all share one.
    """
    scores = np.zeros(truth.shape)
    fold = make_folds(groups, truth, inner, seed)
    with need("threadpoolctl").threadpool_limits(1):  # several wait for each other
        for k in range(inner):
            own = features.rows(fold != k)
            weights = fit_weights(own)
            slopes, constants = fit_lines(weigh(own, weights), target[fold != k])
            scores[fold == k] = weigh(features.rows(fold == k), weights) @ slopes + constants
        weights = fit_weights(features)
        slopes, constants = fit_lines(weigh(features, weights), target)
    lines = np.array([calibrate(s, t) for s, t in zip(scores.T, truth.T, strict=True)])
    probability = 1 / (1 + np.exp(-(scores * lines[:, 0] + lines[:, 1])))
    parts = probability.T if measure == "macro" else [probability.ravel()] * len(lines)
    thresholds = np.array([best_threshold(p) for p in parts])
    return Model([], exclusive, features.terms, weights, slopes, constants, lines, thresholds)


def prepare(documents, labels, codebooks, adjudicator, encoder=False):
    """Return (documents coded, features, truth, target, groups, exclusive) to learn from."""
    truth, target = read_labels(labels, documents, adjudicator)
    for code, own in truth.items():
        if min(own.sum(), (~own).sum()) < LEAST:
            raise InputError(
                f"The code {code!r} is yes for {own.sum()} and no for {(~own).sum()} "
                f"documents; it takes at least {LEAST} of each to learn it."
            )
    documents = documents.set_index("doc_id", drop=False).loc[truth.index].reset_index(drop=True)
    exclusive = truth.shape[1] > 1 and bool((truth.sum(axis=1) == 1).all())
    if exclusive:
        target = truth.astype(float)
    return (
        documents,
        count_features(documents, codebooks, encoder=encoder),
        truth,
        target.to_numpy(),
        group_documents(documents),
        exclusive,
    )


def train(
    documents, labels, codebooks=CODEBOOKS, adjudicator=None, seed=0, encoder=False, measure="macro"
):
    """Return a Model of the codes in `labels` (see `read_labels`).

    Where every document has exactly one of several codes, the most probable one is chosen, else
    each code by its own threshold, or with `measure="micro"` all by one. `encoder=True` learns
    from the sentences' meaning as well. Raises InputError for labels that can't be learned from.
    """
    documents, features, truth, target, groups, exclusive = prepare(
        documents, labels, codebooks, adjudicator, encoder
    )
    model = learn(features, truth.to_numpy(), target, groups, exclusive, seed, measure)
    for kind, (kept, centre, scale) in model.weights.items():  # drops what is not used
        model.terms[kind] = features.terms[kind][kept]
        model.weights[kind] = np.arange(len(kept)), centre, scale
    model.codes = [str(code) for code in truth]
    model.provenance = {
        "framebook": __version__,
        "scikit-learn": need("sklearn").__version__,
        "seed": seed,
        "n_documents": len(truth),
        "n_yes": {str(c): int(truth[c].sum()) for c in truth},
        "n_features": {kind: len(names) for kind, names in model.terms.items()},
        "encoder": ENCODER if encoder else "",
        "codebooks": {str(book): _fingerprint(book) for book in codebooks},
    }
    return model


def _fingerprint(codebook):
    path = Path(codebook) if Path(codebook).suffix else FOLDER / f"{codebook}.toml"
    load_codebook(codebook)
    return hash_file(path)


def _count_for(model, documents):
    return count_features(documents, list(model.provenance["codebooks"]), model.terms)


def code_documents(model, documents):
    """Return rows doc_id, code, probability (0 to 1), value (bool) for each code and document.

    Probabilities are calibrated on the coded documents' own share of yes; on other news, or on
    few positives, they are no more than an order.
    """
    probability, chosen = model.choose(model.score(_count_for(model, documents)))
    return pd.DataFrame(
        {
            "doc_id": np.repeat(documents.doc_id.to_numpy(), len(model.codes)),
            "code": model.codes * len(documents),
            "probability": probability.ravel(),
            "value": chosen.ravel(),
        }
    )


def explain(model, documents, doc_id, code):
    """Return (features, sentences) that speak for (above 0) or against a code in one document.

    features: kind, feature, contribution to the linear score, largest first by size; they sum
    to the score less the intercept. sentences: start, end, sentence, contribution, which is the
    score less that of the document without this sentence. Raises InputError for an unknown one.
    """
    document = documents[documents.doc_id == doc_id]
    if code not in model.codes or document.empty:
        raise InputError(
            f"There is no code {code!r} or no document {doc_id}; the model knows: "
            f"{', '.join(model.codes)}."
        )
    n = model.codes.index(code)
    counts = _count_for(model, document)
    values = weigh(counts, model.weights).toarray()[0] * model.coefficients[:, n]
    features = pd.DataFrame(
        {
            "kind": np.repeat(list(model.terms), [len(names) for names in model.terms.values()]),
            "feature": np.concatenate(list(model.terms.values())),
            "contribution": values,
        }
    )
    features = features.groupby(["kind", "feature"], sort=False, as_index=False).sum()
    features = features[features.contribution != 0].sort_values(
        "contribution", key=np.abs, ascending=False, ignore_index=True
    )
    text, found = document.text.iloc[0], tokenise(document)[0][["part", "start", "end"]]
    without = document.loc[document.index.repeat(len(found))].assign(
        doc_id=range(len(found)),
        text=[text[: row.start] + text[row.end :] for row in found.itertuples()],
    )
    without.loc[found.part.eq("title").to_numpy(), "title"] = None
    found = found[["start", "end"]]
    change = model.score(counts)[0, n] - model.score(_count_for(model, without))[:, n]
    sentences = found.assign(
        sentence=[text[a:b] for a, b in found.itertuples(index=False)], contribution=change
    )
    return features, sentences.sort_values("contribution", ascending=False, ignore_index=True)


# ---- keeping it


def save(model, path):
    """Write the Model to a .skops file, whole or not at all: arrays and names, no code."""
    path, skops = Path(path), need("skops.io")
    beside = path.with_name(f".{path.name}.part")
    skops.dump(vars(model), beside)
    beside.replace(path)


def load(path):
    """Return the Model in a .skops file; a file that would run code is refused, not opened.

    Raises InputError also when a codebook has changed since, for its cues would be others.
    """
    skops = need("skops.io")
    try:
        foreign = skops.get_untrusted_types(file=path)
        model = None if foreign else Model(**skops.load(path, trusted=[]))
    except FileNotFoundError:
        raise InputError(f"There is no file {path}; give one that save() wrote.") from None
    except Exception as error:
        raise InputError(f"{path} is not a model that Framebook saved ({error}).") from None
    if foreign:
        raise InputError(
            f"{path} holds types that no model of Framebook has "
            f"({', '.join(foreign)}); it was not opened."
        )
    if model.provenance.get("encoder", "") not in ("", ENCODER):
        raise InputError(f"{path} was trained with another encoder; train again.")
    for book, known in model.provenance["codebooks"].items():
        if _fingerprint(book) != known:
            raise InputError(
                f"The codebook {book} has changed since {path} was trained; train again."
            )
    return model
