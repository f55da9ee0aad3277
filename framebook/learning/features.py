"""What a linear model can learn from: words, letter runs, codebook cues, and what texts mean.

Of the text and of its title; of longer texts the cues of the lead and the codebooks' rules
besides; with the encoder the mean of what its sentences mean.
"""

from dataclasses import dataclass
from importlib import import_module

import numpy as np
import pandas as pd

from framebook.common.errors import InputError
from framebook.framing.codebook import FOLDER, load_codebook
from framebook.framing.cues import find_cues
from framebook.framing.decisions import apply_rules
from framebook.learning.encoder import SIZE, encode
from framebook.tokenising.bulk import tokenise
from framebook.voices.voices import assign_voices, find_voices

CODEBOOKS = tuple(sorted(p.stem for p in FOLDER.glob("*.toml") if p.stem != "speaker-classes"))
COUNTED = {
    "words": {"token_pattern": r"(?u)\b\w\w+\b"},
    "letters": {"analyzer": "char_wb", "ngram_range": (3, 5)},
}
# Length of an average document's part, its words and letters being 1 each. Standardised kinds:
WEIGHTS = {"cues": 0.8, "title cues": 0.8, "lead cues": 0.6, "rules": 0.6}
MEANING = {"meaning": 1.0, "title meaning": 2.2}  # kinds that only the encoder gives
LEAD = 5  # sentences; what most articles of a corpus go beyond, or it has no lead of its own


def need(name):
    """Return the module `name`, or raise InputError when the extra is not installed."""
    try:
        return import_module(name)
    except ImportError:
        raise InputError(
            f"Supervised coding needs {name.partition('.')[0]}, which is not "
            "installed; install framebook[supervised]."
        ) from None


def _find(documents, books):
    """Return (sentences, voices, spans with their voice) of documents."""
    sentences, tokens = tokenise(documents)
    voices, segments, _ = find_voices(documents, sentences, tokens)
    return sentences, voices, assign_voices(find_cues(tokens, books), segments)


def _tabulate_cues(doc_id, books, sentences, voices, spans):
    """Return a frame by doc_id with one column per cue feature, all 0 or more.

    Square roots of the share of sentences with a cue of a code or indicator, in all, in the
    narrator's words and in sources' content; the largest number of a code's cues in one
    sentence (pooling by maximum); attributions a sentence by form, act and speaker class.
    """
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
    n_sentences = sentences.groupby("doc_id").size().reindex(doc_id).clip(1)
    shares = pd.concat([c.reindex(doc_id) for c in counts], axis=1)
    most = most.unstack().reindex(doc_id).add_suffix(" (most in a sentence)")
    shares = shares.div(n_sentences.to_numpy(), axis=0).pow(0.5)
    return pd.concat([shares, most.pow(0.5)], axis=1).fillna(0.0)


def _count_rules(doc_id, books, sentences, spans):
    """Return by doc_id how many indicators of each code count, and whether its rule says yes."""
    rules = pd.concat([apply_rules(spans, sentences, book) for book in books])
    rules["decided"] = rules.decided.astype("Float64").fillna(0.0)
    table = rules.pivot(index="doc_id", columns="code", values=["n_indicators", "decided"])
    table.columns = [f"{code} ({what})" for what, code in table.columns]
    return table.astype(float).reindex(doc_id).fillna(0.0)  # a text without a sentence has none


def _encode_sentences(documents, sentences):
    """Return the mean of each document's sentence vectors."""
    texts = dict(zip(documents.doc_id, documents.text, strict=True))
    place = pd.Index(documents.doc_id).get_indexer(sentences.doc_id)
    mean = np.zeros((len(documents), SIZE))
    columns = sentences[["doc_id", "start", "end"]].itertuples(index=False)
    np.add.at(mean, place, encode([texts[d][a:b] for d, a, b in columns]))
    return mean / np.bincount(place, minlength=len(documents)).clip(1)[:, None]


@dataclass
class Features:
    """Counts of each document: sparse matrices of words and letter runs, a frame of cues."""

    terms: dict
    matrices: dict

    def rows(self, keep):
        """Return the Features of the documents at these positions."""
        return Features(self.terms, {name: m[keep] for name, m in self.matrices.items()})

    def without_encoder(self):
        """Return the Features less what only the encoder gives."""
        kinds = [kind for kind in self.terms if kind not in MEANING]
        return Features(*({k: held[k] for k in kinds} for held in (self.terms, self.matrices)))


def count_features(documents, codebooks=CODEBOOKS, terms=None, encoder=False):
    """Return the Features of documents; with `terms` ({kind: names}) exactly these columns.

    Kinds are words, letters and cues of the text, and where a document has a title the same of
    the title alone (title words, ...): what a headline says then has a weight of its own. Where
    most texts go beyond LEAD sentences, also the cues of these and the codebooks' rules.
    `encoder` adds `meaning`, of text and title.
    """
    need("sklearn")
    books = [load_codebook(book) for book in codebooks]
    titles = documents.assign(text=documents.title.astype(object).fillna(""))
    names, matrices = {}, {}

    def keep(kind, table, columns=None):
        if terms is not None and columns is None:
            table = table.reindex(columns=terms[kind], fill_value=0.0)
        names[kind] = table.columns.to_numpy(str) if columns is None else columns
        matrices[kind] = need("scipy.sparse").csr_matrix(np.asarray(table, float))

    found = {"": _find(documents, books)}
    if titles.text.ne("").any() if terms is None else "title words" in terms:
        found["title "] = _find(titles, books)
    for part, table in {"": documents, "title ": titles}.items():
        if part in found:
            for kind, option in COUNTED.items():
                names[part + kind], matrices[part + kind] = _count_terms(
                    table.text, option, terms and terms[part + kind]
                )
            keep(f"{part}cues", _tabulate_cues(table.doc_id, books, *found[part]))
    sentences, voices, spans = found[""]
    size = sentences.groupby("doc_id").size().reindex(documents.doc_id, fill_value=0)
    if (size.median() > LEAD) if terms is None else "rules" in terms:
        first = sentences[sentences.groupby("doc_id").cumcount() < LEAD]
        of_lead = (own[own.sent_id.isin(first.sent_id)] for own in (voices, spans))
        keep("lead cues", _tabulate_cues(documents.doc_id, books, first, *of_lead))
        keep("rules", _count_rules(documents.doc_id, books, sentences, spans))
    if encoder if terms is None else "meaning" in terms:
        numbers = np.array([f"all {SIZE} numbers"] * SIZE)
        keep("meaning", _encode_sentences(documents, sentences), numbers)
        if "title " in found:
            keep("title meaning", encode(titles.text), numbers)
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
    document frequencies as in scikit-learn; cues and rules of 3% of the documents, mean and
    standard deviation; of what they mean the mean.
    """
    weights = {}
    for kind, counts in features.matrices.items():
        n, df = counts.shape[0], counts.getnnz(axis=0)
        if kind in MEANING:
            centre = np.asarray(counts.mean(axis=0)).ravel()
            weights[kind] = np.arange(counts.shape[1]), centre, np.ones(counts.shape[1])
        elif kind in WEIGHTS:
            kept = np.flatnonzero(df >= max(2, 0.03 * n))
            dense = counts[:, kept].toarray()
            spread = dense.std(axis=0)
            weights[kind] = kept, dense.mean(axis=0), np.where(spread > 0, spread, 1.0)
        else:
            kept = np.flatnonzero((df >= 2) & (df <= max(2, 0.8 * n)))
            weights[kind] = kept, np.zeros(len(kept)), np.log((1 + n) / (1 + df[kept])) + 1
    return weights


def weigh(features, weights):
    """Return the sparse matrix that the model multiplies: rows of unit length, and cues."""
    scipy, blocks = need("scipy.sparse"), []
    for kind, (kept, centre, scale) in weights.items():
        counts = features.matrices[kind][:, kept]
        if kind in WEIGHTS:
            cues = np.clip((counts.toarray() - centre) / scale, -3, 3)
            blocks.append(scipy.csr_matrix(cues * WEIGHTS[kind] / max(len(kept), 1) ** 0.5))
            continue
        if kind in MEANING:
            rows, weight = scipy.csr_matrix(counts.toarray() - centre), MEANING[kind]
        else:
            tf = counts.copy()
            tf.data = 1 + np.log(tf.data)
            rows, weight = tf @ scipy.diags(scale), 1
        length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        blocks.append(scipy.diags(weight / np.where(length > 0, length, 1)) @ rows)
    return scipy.hstack(blocks).tocsr()
