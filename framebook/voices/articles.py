"""One row per article, for analysis elsewhere: what R, Stata or a spreadsheet need."""

import pandas as pd

from framebook.tables import SENTENCE_STRIDE, SPEAKER_CLASSES

ABOUT = ["key", "title", "source", "date"]


def describe_articles(documents, loading, sentences, sentiment, spans, voices, codes=()):
    """Return one row per article: what it is, how long, its tone, its cues and who speaks in it.

    Columns doc_id, key, title, source, date, duplicate_group (articles of nearly the same text),
    n_sentences and n_words; vader_mean and textblob_mean (mean over the sentences, −1 to 1);
    attributed_share and quoted_share (of the sentences, 0 to 1: with an attribution to a source,
    with a quotation from one); n_attributions (to a source); class_NAME (share of these by class
    of speaker, 0 to 1; null where there are none); and for each of `codes` code_NAME (share of
    the sentences with a cue, 0 to 1). `loading` is indexed by doc_id.
    """
    index = pd.Index(documents.doc_id)
    table = documents.set_index("doc_id")[ABOUT].assign(
        duplicate_group=loading.duplicate_group.reindex(index)
    )
    grouped = sentences.groupby("doc_id")
    table["n_sentences"] = grouped.size().reindex(index, fill_value=0)
    table["n_words"] = grouped.n_words.sum().reindex(index, fill_value=0)
    tone = sentiment.groupby(sentiment.sent_id // SENTENCE_STRIDE)
    table["vader_mean"], table["textblob_mean"] = (
        tone.vader_compound.mean(),
        (tone.textblob_polarity.mean()),
    )
    sourced = voices[voices.speaker_class != "unspecified"]
    quoted = sourced[sourced.form != "paraphrased"]

    def share(rows):
        """The share of an article's sentences that are in `rows`."""
        ids = pd.Series(rows.sent_id.unique())
        n = (ids // SENTENCE_STRIDE).value_counts().reindex(index, fill_value=0)
        return n / table.n_sentences.where(table.n_sentences > 0)

    table["attributed_share"], table["quoted_share"] = share(sourced), share(quoted)
    doc = sourced.sent_id // SENTENCE_STRIDE
    table["n_attributions"] = doc.value_counts().reindex(index, fill_value=0)
    kinds = pd.crosstab(doc, sourced.speaker_class)
    for name in SPEAKER_CLASSES:
        if name != "unspecified":
            n = kinds[name].reindex(index, fill_value=0) if name in kinds else 0
            table[f"class_{name}"] = n / table.n_attributions.where(table.n_attributions > 0)
    found = dict(iter(spans.groupby("code")))
    shares = {f"code_{code}": share(found.get(code, spans[:0])) for code in codes}
    return pd.concat([table, pd.DataFrame(shares, index)], axis=1).reset_index()
