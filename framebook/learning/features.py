"""What a linear model can learn from: words, letter runs and codebook cues, of text and title."""

from dataclasses import dataclass
from importlib import import_module

import numpy as np
import pandas as pd

from framebook.common.errors import InputError
from framebook.framing.codebook import FOLDER, load_codebook
from framebook.framing.cues import find_cues
from framebook.tokenising.bulk import tokenise
from framebook.voices.voices import assign_voices, find_voices

CODEBOOKS = tuple(sorted(p.stem for p in FOLDER.glob("*.toml") if p.stem != "speaker-classes"))
COUNTED = {
    "words": {"token_pattern": r"(?u)\b\w\w+\b"},
    "letters": {"analyzer": "char_wb", "ngram_range": (3, 5)},
}
CUE_WEIGHT = 0.8  # length of an average document's cues, its words and letters being 1 each


def need(name):
    """Return the module `name`, or raise InputError when the extra is not installed."""
    try:
        return import_module(name)
    except ImportError:
        raise InputError(
            f"Supervised coding needs {name.partition('.')[0]}, which is not "
            "installed; install framebook[supervised]."
        ) from None


def count_cues(documents, codebooks=CODEBOOKS):
    """Return a frame by doc_id with one column per cue feature, all 0 or more.

    Square roots of the share of sentences with a cue of a code or indicator, in all, in the
    narrator's words and in sources' content; the largest number of a code's cues in one
    sentence (pooling by maximum); attributions a sentence by form, act and speaker class.
    """
    books = [load_codebook(book) for book in codebooks]
    sentences, tokens = tokenise(documents)
    voices, segments, _ = find_voices(documents, sentences, tokens)
    spans = assign_voices(find_cues(tokens, books), segments)
    asked = {
        (f"{book.name}:{code.id}", pattern): name
        for book in books
        for code in book.codes
        for pattern, name in code.indicator_of.items()
    }
    indicator = [asked.get(key, "") for key in zip(spans.code, spans.rule, strict=True)]
    narrator = spans.voice_id.isna().to_numpy()
    kinds = [
        (spans, spans.code),
        (spans[narrator], spans.code[narrator] + " (narrator)"),
        (spans[~narrator], spans.code[~narrator] + " (sources)"),
        (spans, spans.code + "/" + pd.Series(indicator, spans.index, dtype=str)),
    ]
    counts = [
        own.groupby(["doc_id", name.rename("name")]).sent_id.nunique().unstack()
        for own, name in kinds
    ]
    counts[3] = counts[3].loc[:, ~counts[3].columns.str.endswith("/")]
    counts += [
        voices.groupby(["doc_id", column]).size().unstack().add_prefix(f"{column}=")
        for column in ("form", "act", "speaker_class")
    ]
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
    """Return the Features of documents; with `terms` ({kind: names}) exactly these columns.

    Kinds are words, letters and cues of the text, and where a document has a title the same of
    the title alone (title words, ...): what a headline says then has a weight of its own.
    """
    scipy = need("scipy.sparse")
    titles = documents.assign(text=documents.title.astype(object).fillna(""))
    parts = {"": documents}
    if titles.text.ne("").any() if terms is None else "title words" in terms:
        parts["title "] = titles
    names, matrices = {}, {}
    for part, table in parts.items():
        for kind, option in COUNTED.items():
            names[part + kind], matrices[part + kind] = _count_terms(
                table.text, option, terms and terms[part + kind]
            )
        kind, cues = f"{part}cues", count_cues(table, codebooks)
        cues = cues if terms is None else cues.reindex(columns=terms[kind], fill_value=0.0)
        names[kind] = cues.columns.to_numpy(str)
        matrices[kind] = scipy.csr_matrix(cues.to_numpy(float))
    return Features(names, matrices)


def _count_terms(texts, option, vocabulary):
    counter = need("sklearn.feature_extraction.text").CountVectorizer(
        vocabulary=vocabulary, **option
    )
    try:
        matrix = counter.fit_transform(texts).astype(float)
    except ValueError:  # scikit-learn's answer to texts, or a vocabulary, without a term
        return np.array([], str), need("scipy.sparse").csr_matrix((len(texts), 0))
    return counter.get_feature_names_out().astype(str), matrix


def fit_weights(features):
    """Return {kind: (columns kept, centre, scale)} of training documents.

    Words and character n-grams of at least two documents and at most 80% of them, inverse
    document frequencies as in scikit-learn; cues of 3% of the documents, mean and standard
    deviation.
    """
    weights = {}
    for kind, counts in features.matrices.items():
        n, df = counts.shape[0], counts.getnnz(axis=0)
        if kind.endswith("cues"):
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
        if kind.endswith("cues"):
            cues = np.clip((counts.toarray() - centre) / scale, -3, 3)
            blocks.append(scipy.csr_matrix(cues * CUE_WEIGHT / max(len(kept), 1) ** 0.5))
        else:
            tf = counts.copy()
            tf.data = 1 + np.log(tf.data)
            tf = tf @ scipy.diags(scale)
            length = np.sqrt(np.asarray(tf.multiply(tf).sum(axis=1)).ravel())
            blocks.append(scipy.diags(1 / np.where(length > 0, length, 1)) @ tf)
    return scipy.hstack(blocks).tocsr()
