"""The cues that the patterns of codebooks find, and counts of them.

A pattern's hit is a cue: a place worth reading. It is not a frame; that is for a reader to say.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from framebook.framing.codebook import FOLDER, Codebook, load_codebook
from framebook.framing.matching import TokenIndex, find_hits
from framebook.tables import SENTENCE_STRIDE, conform


def find_cues(
    tokens: pd.DataFrame, codebooks: Iterable[Codebook], index: TokenIndex | None = None
) -> pd.DataFrame:
    """Return the table spans: one row per cue that the codebooks' patterns find, in text order.

    voice_id is null (`assign_voices` fills it). Inside a code the longest hit wins; codes may
    overlap each other; a hit that overlaps an `exclude` pattern is dropped. `index` is the
    TokenIndex of the tokens, if it exists already.

    >>> from framebook.tables import make_documents
    >>> from framebook.tokenising import tokenise
    >>> tokens = tokenise(make_documents(["The flood rose."]))[1]
    >>> code = Code("flood", "Flood", "Water where it should not be.", ["flood*"])
    >>> find_cues(tokens, [Codebook("mine", "", "", "", "theme", [code])]).code.tolist()
    ['mine:flood']
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


def find_in_text(text: str, codebook: Codebook) -> pd.DataFrame:
    """Return the table spans of one text, for trying a codebook on a sentence.

    >>> code = Code("flood", "Flood", "Water where it should not be.", ["flood*"])
    >>> spans = find_in_text("The flood rose.", Codebook("mine", "", "", "", "theme", [code]))
    >>> spans[["start", "end", "rule"]].values.tolist()
    [[4, 9, 'flood*']]
    """
    from framebook.tables import make_documents
    from framebook.tokenising.bulk import tokenise

    return find_cues(tokenise(make_documents([text]))[1], [codebook])


def describe_cues(texts: Iterable[str], codebook: Codebook) -> str:
    """Return texts with the cues that a codebook finds in each, as plain lines to print.

    >>> code = Code("flood", "Flood", "Water where it should not be.", ["flood*"])
    >>> print(describe_cues(["It rained."], Codebook("mine", "", "", "", "theme", [code])))
    It rained.
        no cue
    """
    lines = []
    for text in texts:
        found = [
            f"    {codebook.label(row.code)}: “{text[row.start : row.end]}”, by the pattern "
            f"{row.rule}"
            for row in find_in_text(text, codebook).itertuples()
        ]
        lines += [text, *(found or ["    no cue"])]
    return "\n".join(lines)


def label_codes(spans: pd.DataFrame, layer: str) -> dict[str, str]:
    """Return {code: label} of the codebooks of a layer that have a cue in `spans`, in their order.

    `layer` is frame, theme, function or rhetoric. Of a built-in codebook all codes are listed; of
    another only those with a cue, labelled by their ids.

    >>> spans = pd.DataFrame({"layer": ["theme"], "code": ["mine:high_water"]})
    >>> label_codes(spans, "theme")
    {'mine:high_water': 'High water'}
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


def count_sentences(
    spans: pd.DataFrame, sentences: pd.DataFrame, labels: dict[str, str] | None = None
) -> pd.DataFrame:
    """Return one row per code: how many sentences have a cue, the most frequent first.

    Columns n_cues, n_sentences (with at least one cue) and share (of all sentences, 0 to 1). With
    `labels` ({code: label}) the rows are those codes, by their labels, with a cue or without.

    >>> spans = pd.DataFrame({"code": ["mine:flood", "mine:flood"], "sent_id": [0, 0]})
    >>> count_sentences(spans, pd.DataFrame({"sent_id": [0, 1]})).values.tolist()
    [[2.0, 1.0, 0.5]]
    """
    grouped = spans.groupby("code", observed=True)
    table = pd.DataFrame({"n_cues": grouped.size(), "n_sentences": grouped.sent_id.nunique()})
    if labels is not None:
        table = table.reindex(list(labels)).fillna(0).astype(int).set_axis(list(labels.values()))
    table["share"] = table.n_sentences / max(len(sentences), 1)
    table = table.rename_axis("code")
    return table.sort_values(["n_sentences", "code"], ascending=[False, True])


def count_overlaps(
    spans: pd.DataFrame, rows: dict[str, str], columns: dict[str, str]
) -> pd.DataFrame:
    """Return how many sentences have a cue of both codes; `rows` and `columns` are {code: label}.

    >>> spans = pd.DataFrame({"code": ["a:flood", "b:blame"], "sent_id": [7, 7]})
    >>> count_overlaps(spans, {"a:flood": "Flood"}, {"b:blame": "Blame"}).to_dict()
    {'Blame': {'Flood': 1}}
    """
    found = {code: set(sent_ids) for code, sent_ids in spans.groupby("code").sent_id}
    counts = [[len(found.get(a, set()) & found.get(b, set())) for b in columns] for a in rows]
    return pd.DataFrame(counts, list(rows.values()), list(columns.values()), dtype="int64")
