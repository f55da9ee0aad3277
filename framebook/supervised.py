"""Supervised coding: a linear model learns codes from human codes, and is tried on others.

It scores words, letter runs inside words and codebook cues, so that what decided can be
read off. What it learns are its coders' habits in their corpus: agreement is not validity.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd

from framebook import __version__
from framebook.duplicates import find_duplicates
from framebook.errors import InputError
from framebook.framing import FOLDER, find_cues, load_codebook
from framebook.tokenising import tokenise
from framebook.voices import assign_voices, find_voices

CODEBOOKS = tuple(sorted(p.stem for p in FOLDER.glob("*.toml") if p.stem != "speaker-classes"))
CUE_WEIGHT = 0.8  # length of an average document's cues, its words and letters being 1 each
YES = {"yes": 1, "true": 1, "1": 1, "no": 0, "false": 0, "0": 0}


def need(name):
    """Return the module `name`, or raise InputError when the extra is not installed."""
    try:
        return import_module(name)
    except ImportError:
        raise InputError(f"Supervised coding needs {name.partition('.')[0]}, which is not "
                         "installed: pip install 'framebook[supervised]'.") from None


# ---- what is learned from: human codes


def read_labels(labels, documents, adjudicator=None):
    """Return (truth, target) by doc_id and code, in the order of the documents coded.

    `labels` has columns doc_id, coder, code, value (yes/no, true/false, 1/0), or is a boolean
    frame by doc_id with a column a code. truth (bool) is the adjudicator's code, else what more
    than half of the coders say. target (0 to 1) is the mean of truth and the coders' share, so
    that a divided vote teaches less than a clear one. Raises InputError for what it can't read.
    """
    if {"doc_id", "coder", "code", "value"} <= set(labels.columns):
        value = labels.value.astype(str).str.strip().str.lower().map(YES)
        if value.isna().any():
            raise InputError(f"A label has the value {labels.value[value.isna()].iloc[0]!r}; "
                             "use yes or no.")
        table = labels.assign(value=value.astype(float))
        own = table.coder == adjudicator
        if adjudicator is not None and not own.any():
            raise InputError(f"No label is by {adjudicator!r}; name a coder of the table.")
        shares = (table if own.all() else table[~own]).pivot_table("value", "doc_id", "code")
        truth = table[own].pivot_table("value", "doc_id", "code") if own.any() else shares > 0.5
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
        raise InputError(f"Document {where[0]} has no code for every column; code it or leave it "
                         "out." if where else "No label belongs to a document of the table.")
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
        raise InputError(f"{len(members)} documents that are no copies of each other can't make "
                         f"{folds} folds; code more or ask for fewer.")
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
    """Return each document's group of near-duplicates (Jaccard at least 0.5), its own if none."""
    found = find_duplicates(documents, threshold=0.5)
    return np.where(found.isna(), documents.doc_id, found.fillna(-1)).astype(np.int64)


# ---- what is learned: features and their weights


def count_cues(documents, codebooks=CODEBOOKS):
    """Return a frame by doc_id with a column a cue feature, all 0 or more.

    Square roots of the share of sentences with a cue of a code or indicator, in all, in the
    narrator's words and in sources' content; the largest number of a code's cues in one
    sentence (pooling by maximum); attributions a sentence by form, act and speaker class.
    """
    books = [load_codebook(book) for book in codebooks]
    sentences, tokens = tokenise(documents)
    voices, segments, _ = find_voices(documents, sentences, tokens)
    spans = assign_voices(find_cues(tokens, books), segments)
    asked = {(f"{book.name}:{code.id}", pattern): name for book in books for code in book.codes
             for pattern, name in code.indicator_of.items()}
    indicator = [asked.get(key, "") for key in zip(spans.code, spans.rule, strict=True)]
    narrator = spans.voice_id.isna().to_numpy()
    kinds = [(spans, spans.code), (spans[narrator], spans.code[narrator] + " (narrator)"),
             (spans[~narrator], spans.code[~narrator] + " (sources)"),
             (spans, spans.code + "/" + pd.Series(indicator, spans.index, dtype=str))]
    counts = [own.groupby(["doc_id", name.rename("name")]).sent_id.nunique().unstack()
              for own, name in kinds]
    counts[3] = counts[3].loc[:, ~counts[3].columns.str.endswith("/")]
    counts += [voices.groupby(["doc_id", voices[c].astype(str)]).size().unstack().add_prefix(f"{c}=")
               for c in ("form", "act", "speaker_class")]
    most = spans.groupby(["doc_id", "sent_id", "code"]).size().groupby(["doc_id", "code"]).max()
    n_sentences = sentences.groupby("doc_id").size().reindex(documents.doc_id).clip(1)
    shares = pd.concat([c.reindex(documents.doc_id) for c in counts], axis=1)
    most = most.unstack().reindex(documents.doc_id).add_suffix(" (most in a sentence)")
    shares = shares.div(n_sentences.to_numpy(), axis=0).pow(0.5)
    return pd.concat([shares, most.pow(0.5)], axis=1).fillna(0.0)


@dataclass
class Features:
    """Counts of each document: sparse matrices of words and letter runs, a frame of cues."""

    terms: dict
    matrices: dict

    def rows(self, keep):
        """Return the Features of the documents at these positions."""
        return Features(self.terms, {name: m[keep] for name, m in self.matrices.items()})


def count_features(documents, codebooks=CODEBOOKS, terms=None):
    """Return the Features of documents; with `terms` ({kind: names}) exactly these columns."""
    text = need("sklearn.feature_extraction.text")
    scipy = need("scipy.sparse")
    options = {"words": {"token_pattern": r"(?u)\b\w\w+\b"},
               "letters": {"analyzer": "char_wb", "ngram_range": (3, 5)}}
    names, matrices = {}, {}
    for kind, option in options.items():
        vectoriser = text.CountVectorizer(vocabulary=terms and terms[kind], **option)
        matrices[kind] = vectoriser.fit_transform(documents.text).astype(float)
        names[kind] = vectoriser.get_feature_names_out().astype(str)
    cues = count_cues(documents, codebooks)
    cues = cues if terms is None else cues.reindex(columns=terms["cues"], fill_value=0.0)
    names["cues"] = cues.columns.to_numpy(str)
    matrices["cues"] = scipy.csr_matrix(cues.to_numpy(float))
    return Features(names, matrices)


def fit_weights(features):
    """Return {kind: (columns kept, centre, scale)} of training documents.

    Words and letter runs of two documents and at most 80 % of them, inverse document
    frequencies as in scikit-learn; cues of 3 % of the documents, mean and standard deviation.
    """
    weights = {}
    for kind, counts in features.matrices.items():
        n, df = counts.shape[0], counts.getnnz(axis=0)
        if kind == "cues":
            kept = np.flatnonzero(df >= max(2, 0.03 * n))
            dense = counts[:, kept].toarray()
            spread = dense.std(axis=0)
            weights[kind] = kept, dense.mean(axis=0), np.where(spread > 0, spread, 1.0)
        else:
            kept = np.flatnonzero((df >= 2) & (df <= max(2, 0.8 * n)))
            weights[kind] = kept, np.zeros(len(kept)), np.log((1 + n) / (1 + df[kept])) + 1
    return weights


def weigh(features, weights):
    """Return the sparse matrix that the model multiplies: TF-IDF of unit length, and cues."""
    scipy, blocks = need("scipy.sparse"), []
    for kind, (kept, centre, scale) in weights.items():
        counts = features.matrices[kind][:, kept]
        if kind == "cues":
            cues = np.clip((counts.toarray() - centre) / scale, -3, 3)
            blocks.append(scipy.csr_matrix(cues * CUE_WEIGHT / max(len(kept), 1) ** 0.5))
        else:
            tf = counts.copy()
            tf.data = 1 + np.log(tf.data)
            tf = tf @ scipy.diags(scale)
            length = np.sqrt(np.asarray(tf.multiply(tf).sum(axis=1)).ravel())
            blocks.append(scipy.diags(1 / np.where(length > 0, length, 1)) @ tf)
    return scipy.hstack(blocks).tocsr()


# ---- the model


def fit_lines(matrix, target, strength=1.0):
    """Return (coefficients, intercepts), a column a code, of logistic regressions on shares.

    Each document counts as yes with its target and as no with the rest; yes and no weigh the
    same in all. Ridge penalty 1/(2 strength).
    """
    linear, scipy = need("sklearn.linear_model"), need("scipy.sparse")
    n, columns = matrix.shape[0], []
    both, answer = scipy.vstack([matrix, matrix]).tocsr(), np.repeat([1, 0], n)
    for share in np.asarray(target, float).T:
        yes, no = share.sum(), n - share.sum()
        if min(yes, no) == 0:
            columns.append(np.append(np.zeros(matrix.shape[1]), 6.0 if yes else -6.0))
            continue
        weight = np.append(share / yes, (1 - share) / no) * n / 2
        used = weight > 0
        line = linear.LogisticRegression(C=strength, solver="liblinear", random_state=0)
        line.fit(both[used], answer[used], sample_weight=weight[used])
        columns.append(np.append(line.coef_[0], line.intercept_))
    columns = np.array(columns).T
    return columns[:-1], columns[-1]


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
        """Return the linear scores, a row a document and a column a code."""
        return weigh(features, self.weights) @ self.coefficients + self.intercepts

    def choose(self, scores):
        """Return (probabilities, yes or no) of linear scores."""
        probability = 1 / (1 + np.exp(-(scores * self.calibration[:, 0] + self.calibration[:, 1])))
        if self.exclusive:
            probability /= probability.sum(axis=1, keepdims=True)
            return probability, np.eye(len(self.codes), dtype=bool)[probability.argmax(axis=1)]
        return probability, probability >= self.thresholds


def _learn(features, truth, target, groups, exclusive, seed, inner=5):
    """Return a Model; calibration and thresholds are from folds inside these documents."""
    scores = np.zeros(truth.shape)
    fold = make_folds(groups, truth, inner, seed)
    for k in range(inner):
        own = features.rows(fold != k)
        weights = fit_weights(own)
        slopes, constants = fit_lines(weigh(own, weights), target[fold != k])
        scores[fold == k] = weigh(features.rows(fold == k), weights) @ slopes + constants
    weights = fit_weights(features)
    slopes, constants = fit_lines(weigh(features, weights), target)
    lines = np.array([calibrate(s, t) for s, t in zip(scores.T, truth.T, strict=True)])
    probability = 1 / (1 + np.exp(-(scores * lines[:, 0] + lines[:, 1])))
    return Model([], exclusive, features.terms, weights, slopes, constants, lines,
                 np.array([best_threshold(p) for p in probability.T]))


def _prepare(documents, labels, codebooks, adjudicator):
    truth, target = read_labels(labels, documents, adjudicator)
    documents = documents.set_index("doc_id", drop=False).loc[truth.index].reset_index(drop=True)
    exclusive = truth.shape[1] > 1 and bool((truth.sum(axis=1) == 1).all())
    if exclusive:
        target = truth.astype(float)
    return (documents, count_features(documents, codebooks), truth, target.to_numpy(),
            group_documents(documents), exclusive)


def train(documents, labels, codebooks=CODEBOOKS, adjudicator=None, seed=0):
    """Return a Model of the codes in `labels` (see `read_labels`).

    Where every document has exactly one of several codes, the most probable one is chosen, else
    each code by its own threshold. Raises InputError for labels that can't be learned from.
    """
    documents, features, truth, target, groups, exclusive = _prepare(
        documents, labels, codebooks, adjudicator)
    model = _learn(features, truth.to_numpy(), target, groups, exclusive, seed)
    for kind, (kept, centre, scale) in model.weights.items():  # drops what is not used
        model.terms[kind] = features.terms[kind][kept]
        model.weights[kind] = np.arange(len(kept)), centre, scale
    model.codes = [str(code) for code in truth]
    model.provenance = {
        "framebook": __version__, "scikit-learn": need("sklearn").__version__, "seed": seed,
        "n_documents": len(truth), "n_yes": {str(c): int(truth[c].sum()) for c in truth},
        "n_features": {kind: len(names) for kind, names in model.terms.items()},
        "codebooks": {str(book): _fingerprint(book) for book in codebooks}}
    return model


def _fingerprint(codebook):
    path = Path(codebook) if Path(codebook).suffix else FOLDER / f"{codebook}.toml"
    load_codebook(codebook)
    return sha256(path.read_bytes()).hexdigest()


def _count_for(model, documents):
    return count_features(documents, list(model.provenance["codebooks"]), model.terms)


def code_documents(model, documents):
    """Return rows doc_id, code, probability (0 to 1), value (bool) for each code and document.

    Probabilities are calibrated on the coded documents' own share of yes; on other news, or on
    few positives, they are no more than an order.
    """
    probability, chosen = model.choose(model.score(_count_for(model, documents)))
    return pd.DataFrame({
        "doc_id": np.repeat(documents.doc_id.to_numpy(), len(model.codes)),
        "code": model.codes * len(documents),
        "probability": probability.ravel(), "value": chosen.ravel()})


def explain(model, documents, doc_id, code):
    """Return (features, sentences) that speak for (above 0) or against a code in one document.

    features: kind, feature, contribution to the linear score, largest first by size; they sum
    to the score less the intercept. sentences: start, end, sentence, contribution, which is the
    score less that of the document without this sentence. Raises InputError for an unknown one.
    """
    document = documents[documents.doc_id == doc_id]
    if code not in model.codes or document.empty:
        raise InputError(f"There is no code {code!r} or no document {doc_id}; the model knows: "
                         f"{', '.join(model.codes)}.")
    n = model.codes.index(code)
    counts = _count_for(model, document)
    values = weigh(counts, model.weights).toarray()[0] * model.coefficients[:, n]
    features = pd.DataFrame({
        "kind": np.repeat(list(model.terms), [len(names) for names in model.terms.values()]),
        "feature": np.concatenate(list(model.terms.values())), "contribution": values})
    features = features[features.contribution != 0].sort_values(
        "contribution", key=np.abs, ascending=False, ignore_index=True)
    text, found = document.text.iloc[0], tokenise(document)[0][["start", "end"]]
    without = document.loc[document.index.repeat(len(found))].assign(
        doc_id=range(len(found)),
        text=[text[:a] + text[b:] for a, b in found.itertuples(index=False)])
    change = model.score(counts)[0, n] - model.score(_count_for(model, without))[:, n]
    sentences = found.assign(sentence=[text[a:b] for a, b in found.itertuples(index=False)],
                             contribution=change)
    return features, sentences.sort_values("contribution", ascending=False, ignore_index=True)


# ---- how well it does


def cross_validate(documents, labels, codebooks=CODEBOOKS, adjudicator=None, folds=5, seeds=5):
    """Return (scores, predictions) of nested cross-validation, near-duplicates never parted.

    predictions: seed, doc_id, code, probability, value, truth, each made by a model that saw
    neither the document nor a copy. scores: see `tabulate_scores`.
    """
    documents, features, truth, target, groups, exclusive = _prepare(
        documents, labels, codebooks, adjudicator)
    found = [_predict(features, truth.to_numpy(), target, groups, exclusive, folds, seed)
             for seed in range(seeds)]
    predictions = pd.concat([_to_rows(truth, *one).assign(seed=n) for n, one in enumerate(found)])
    return tabulate_scores(predictions), predictions.reset_index(drop=True)


def _predict(features, truth, target, groups, exclusive, folds, seed, part=1.0):
    """Return (probabilities, choices) of each document by a model of the other folds."""
    probability, chosen = np.zeros(truth.shape), np.zeros(truth.shape, bool)
    fold = make_folds(groups, truth, folds, seed)
    for k in range(folds):
        own = np.flatnonzero(fold != k)
        if part < 1:  # whole groups, and a smaller part lies inside a larger one
            names = np.random.default_rng([seed, k]).permutation(np.unique(groups[own]))
            own = own[np.isin(groups[own], names[:round(part * len(names))])]
        model = _learn(features.rows(own), truth[own], target[own], groups[own], exclusive, seed)
        model.codes = list(range(truth.shape[1]))
        probability[fold == k], chosen[fold == k] = model.choose(
            model.score(features.rows(fold == k)))
    return probability, chosen


def _to_rows(truth, probability, chosen):
    return pd.DataFrame({
        "doc_id": np.repeat(truth.index.to_numpy(), truth.shape[1]),
        "code": list(truth) * len(truth), "probability": probability.ravel(),
        "value": chosen.ravel(), "truth": truth.to_numpy().ravel()})


def f1_score(truth, value):
    """Return F1, 2 hits / (yes said + yes true), from 0 to 1; 0 when nothing is yes."""
    return 2 * (truth & value).sum() / max(truth.sum() + value.sum(), 1)


def tabulate_scores(predictions):
    """Return by code n_yes, precision, recall, f1, f1_sd (between seeds), always_yes_f1.

    Over all documents of a seed at once (Forman & Scholz 2010, doi:10.1145/1882471.1882479), then
    the mean over seeds. The last row, `macro`, is the mean over codes.
    """
    rows = [{"seed": seed, "code": code, "n_yes": own.truth.sum(),
             "precision": (own.truth & own.value).sum() / max(own.value.sum(), 1),
             "recall": (own.truth & own.value).sum() / max(own.truth.sum(), 1),
             "f1": f1_score(own.truth, own.value),
             "always_yes_f1": f1_score(own.truth, ~(own.truth & False))}
            for (seed, code), own in predictions.groupby(["seed", "code"])]
    table = pd.DataFrame(rows).set_index(["seed", "code"])
    macro = pd.concat({"macro": table.groupby("seed").mean()}, names=["code"]).swaplevel()
    grouped = pd.concat([table, macro]).groupby("code", sort=False)
    scores = grouped.mean()
    scores.insert(4, "f1_sd", grouped.f1.std().fillna(0.0))
    return scores


def learning_curve(documents, labels, codebooks=CODEBOOKS, adjudicator=None, folds=5, seeds=3,
                   parts=(0.25, 0.5, 0.75, 1.0), ahead=(1.5, 2.0), resamples=200):
    """Return rows n_documents, macro_f1, low, high, measured: what more coding would bring.

    Measured on parts of the training folds, then continued by the line of F1 on 1/sqrt(n). low
    and high are a 95 % interval from resampling groups of near-duplicates. What lies ahead is
    a guess that holds only if the next articles are like the first.
    """
    documents, features, truth, target, groups, exclusive = _prepare(
        documents, labels, codebooks, adjudicator)
    yes = truth.to_numpy()
    found = np.array([[_predict(features, yes, target, groups, exclusive, folds, seed, part)[1]
                       for seed in range(seeds)] for part in parts])
    sizes = np.array([*parts, *ahead]) * len(yes) * (folds - 1) / folds
    names, random = np.unique(groups), np.random.default_rng(seeds)
    weights = [np.ones(len(yes))] + [
        np.bincount(random.integers(0, len(names), len(names)), minlength=len(names))[
            np.searchsorted(names, groups)] for _ in range(resamples)]
    curves = np.array([_continue(sizes, _weighted_f1(found, yes, w)) for w in weights])
    low, high = np.quantile(curves[1:], [0.025, 0.975], axis=0)
    return pd.DataFrame({"n_documents": sizes.round().astype(int), "macro_f1": curves[0],
                         "low": low, "high": high, "measured": np.arange(len(sizes)) < len(parts)})


def _weighted_f1(found, yes, weight):
    """Return the macro-F1 by part, documents counted `weight` times, mean over seeds."""
    hits = np.einsum("psdc,dc,d->psc", found, yes, weight)
    said = np.einsum("psdc,d->psc", found, weight) + np.einsum("dc,d->c", yes, weight)
    return (2 * hits / np.maximum(said, 1)).mean(axis=(1, 2))


def _continue(sizes, measured):
    """Return the measured values, then those that their line on 1/sqrt(size) gives ahead."""
    slope, level = np.polyfit(sizes[:len(measured)] ** -0.5, measured, 1)
    return np.append(measured, np.clip(level + slope * sizes[len(measured):] ** -0.5, 0, 1))


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
        raise InputError(f"{path} is no model that Framebook saved ({error}).") from None
    if foreign:
        raise InputError(f"{path} holds types that no model of Framebook has "
                         f"({', '.join(foreign)}); it was not opened.")
    for book, known in model.provenance["codebooks"].items():
        if _fingerprint(book) != known:
            raise InputError(f"The codebook {book} has changed since {path} was trained; "
                             "train again.")
    return model
