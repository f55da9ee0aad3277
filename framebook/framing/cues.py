"""Codebooks, and the cues that their patterns find.

A codebook is a TOML file of codes with definitions, examples and patterns. A pattern's
hit is a cue: a place worth reading. It is not a frame, which is what a reader says.
"""

import numpy as np
import pandas as pd

from framebook.framing.codebook import FOLDER, load_codebook
from framebook.framing.matching import TokenIndex, find_hits
from framebook.tables import SENTENCE_STRIDE, conform


def find_cues(tokens, codebooks, index=None):
    """Return the spans that the codebooks' patterns find, in order of the text.

    voice_id is null (`voices.assign_voices` fills it). Inside a code the longest hit wins; codes
    may overlap each other; a hit that overlaps an `exclude` pattern is dropped. `index` is the
    TokenIndex of the tokens, if made.
    """
    index = index or TokenIndex(tokens)
    codes = [(book, code) for book in codebooks for code in book.codes]
    n, first, last, pattern = find_hits(index, [code for _, code in codes])
    names = np.array([f"{book.name}:{code.id}" for book, code in codes], object)
    layers = np.array([book.layer for book, _ in codes], object)
    rules = [codes[a][1].patterns[b] for a, b in zip(n.tolist(), pattern.tolist(), strict=True)]
    sent_id = index.sent[first]
    start, end = tokens.start.to_numpy()[first], tokens.end.to_numpy()[last]
    order = np.lexsort((end, np.argsort(np.argsort(names, kind="stable"))[n], start, sent_id))
    spans = pd.DataFrame(
        {
            "doc_id": sent_id // SENTENCE_STRIDE,
            "sent_id": sent_id,
            "start": start,
            "end": end,
            "layer": layers[n],
            "code": names[n],
            "rule": np.array(rules, object),
        }
    ).iloc[order]
    return conform("spans", spans.assign(voice_id=pd.Series(dtype="Int64")))


def find_in_text(text, codebook):
    """Return the spans of one text, for trying a codebook on a sentence."""
    from framebook.tables import make_documents
    from framebook.tokenising.bulk import tokenise

    return find_cues(tokenise(make_documents([text]))[1], [codebook])


def describe_cues(texts, codebook):
    """Return texts with the cues that a codebook finds in each, as plain lines to print."""
    lines = []
    for text in texts:
        found = [
            f"    {codebook.label(row.code)}: “{text[row.start : row.end]}”, by the pattern "
            f"{row.rule}"
            for row in find_in_text(text, codebook).itertuples()
        ]
        lines += [text, *(found or ["    no cue"])]
    return "\n".join(lines)


def label_codes(spans, layer):
    """Return {code: label} of a layer's codebooks that have a cue in `spans`, in their order.

    Of Framebook's own codebooks all codes; of others those with a cue, which go by their ids.
    """
    codes = spans.code[spans.layer == layer].unique()
    ours = [
        name
        for name in dict.fromkeys(code.partition(":")[0] for code in codes)
        if (FOLDER / f"{name}.toml").exists()
    ]
    labels = {code: code.partition(":")[2].replace("_", " ").capitalize() for code in codes}
    own = {f"{name}:{code.id}": code.label for name in ours for code in load_codebook(name).codes}
    return own | {code: label for code, label in labels.items() if code not in own}


def count_sentences(spans, sentences, labels=None):
    """Return by code the number of sentences with a cue, and their share of all sentences.

    Columns n_cues, n_sentences (with at least one cue), share (0 to 1), the most frequent
    first. With `labels` ({code: label}) the rows are those codes by their labels, cue or none.
    """
    grouped = spans.groupby("code", observed=True)
    table = pd.DataFrame({"n_cues": grouped.size(), "n_sentences": grouped.sent_id.nunique()})
    if labels is not None:
        table = table.reindex(list(labels)).fillna(0).astype(int).set_axis(list(labels.values()))
    table["share"] = table.n_sentences / max(len(sentences), 1)
    table = table.rename_axis("code")
    return table.sort_values(["n_sentences", "code"], ascending=[False, True])


def count_overlaps(spans, rows, columns):
    """Return how many sentences have a cue of both codes, `rows` and `columns` as {code: label}."""
    found = {code: set(sent_ids) for code, sent_ids in spans.groupby("code").sent_id}
    counts = [[len(found.get(a, set()) & found.get(b, set())) for b in columns] for a in rows]
    return pd.DataFrame(counts, list(rows.values()), list(columns.values()), dtype="int64")
