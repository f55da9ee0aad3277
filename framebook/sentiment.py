"""Tone of sentences by two public lexicons, and what drove each score.

TextBlob (the Pattern lexicon; De Smedt & Daelemans 2012, jmlr.org/papers/v13/desmedt12a)
and VADER (Hutto & Gilbert 2014, doi:10.1609/icwsm.v8i1.14550). The reference for VADER is
NLTK's class with the lexicon that the vaderSentiment package carries; the two
implementations differ on some sentences.
"""

from functools import cache
from importlib.resources import files
from textwrap import fill

import numpy as np
import pandas as pd

from framebook.tables import conform
from framebook.tokenising import text_of

MEASURES = ["textblob_polarity", "textblob_subjectivity", "vader_compound"]
MIN_SENTENCES = 10  # a voice with fewer has no tone here


@cache
def vader():
    """Return NLTK's VADER analyser with the vaderSentiment package's lexicon, in memory."""
    from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

    text = (files("vaderSentiment") / "vader_lexicon.txt").read_text(encoding="utf-8")
    analyser = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)
    analyser.lexicon_file = text.rstrip("\n")
    analyser.lexicon = analyser.make_lex_dict()
    analyser.constants = VaderConstants()
    return analyser


def score_text(text):
    """Return (polarity -1..1, subjectivity 0..1, compound -1..1) of one text.

    Polarity and subjectivity equal `TextBlob(text).sentiment`; compound is NLTK's VADER.
    """
    from textblob.en import sentiment

    polarity, subjectivity = sentiment(text)
    return polarity, subjectivity, vader().polarity_scores(text)["compound"]


def score_sentences(documents, sentences):
    """Return the table `sentiment`: each whole sentence scored by `score_text`."""
    scores = [score_text(text) for text in text_of(documents, sentences)]
    table = pd.DataFrame(scores, columns=MEASURES, dtype=float)
    table.insert(0, "sent_id", sentences.sent_id.to_numpy())
    return conform("sentiment", table)


def explain(text):
    """Return which words drove the scores of a text: method, words, score.

    TextBlob's rows are its own assessments (negation and intensifiers taken in, as
    `not great`), and its polarity is their mean. VADER's rows are the valence of each word
    of its lexicon in its place; their sum s gives compound as s / sqrt(s² + 15), the
    emphasis of ! and ? aside.
    """
    from textblob import TextBlob

    rows = [("textblob", " ".join(words), float(polarity))
            for words, polarity, *_ in TextBlob(text).sentiment_assessments.assessments]
    rows += [("vader", word, float(score)) for word, score in _vader_words(text) if score]
    return pd.DataFrame(rows, columns=["method", "words", "score"])


def _vader_words(text):
    from nltk.sentiment.vader import SentiText

    analyser = vader()
    constants = analyser.constants
    sentitext = SentiText(text, constants.PUNC_LIST, constants.REGEX_REMOVE_PUNCTUATION)
    words, scores = sentitext.words_and_emoticons, []
    for word in words:
        place = words.index(word)  # as the library does: a word counts where it first stood
        kind_of = word.lower() == "kind" and words[place + 1:place + 2] == ["of"]
        if kind_of or word.lower() in constants.BOOSTER_DICT:
            scores.append(0)
        else:
            analyser.sentiment_valence(0, sentitext, word, place, scores)
    return list(zip(words, analyser._but_check(words, scores), strict=True))


def describe_scores(texts):
    """Return texts with their scores and the words behind each, as plain lines to print.

    `texts` is a list, or a Series whose index numbers the sentences.
    """
    lines = []
    for number, text in texts.items() if hasattr(texts, "items") else (("", t) for t in texts):
        polarity, _, compound = score_text(text)
        lines.append(fill(f"{number} {text}".strip(), 80))
        rows = explain(text)
        for name, score in (("TextBlob", polarity), ("VADER", compound)):
            own = rows[rows.method == name.lower()].itertuples()
            words = ", ".join(f"{row.words} {row.score + 0:+.2f}" for row in own)
            lines.append(fill(f"{name:8} {score + 0:+.2f}  {words or 'no word that it knows'}", 80,
                              initial_indent="    ", subsequent_indent=" " * 20))
    return "\n".join(lines)


def count_drivers(texts):
    """Return which words drove the scores of many texts, the strongest total first.

    Columns method, words (lower case), n (times), total (the sum of the scores that `explain`
    gives: of valences for VADER, of polarities for TextBlob).
    """
    rows = pd.concat([explain("")] + [explain(text) for text in texts])
    grouped = rows.groupby(["method", rows.words.str.lower()]).score
    table = grouped.agg(n="size", total="sum").reset_index()
    order = table.assign(size=-table.total.abs().round(9)).sort_values(["method", "size", "words"])
    return table.loc[order.index].reset_index(drop=True)


def score_without_attribution(documents, sentences, segments):
    """Return the tone of each sentence with its attribution phrases cut out.

    Columns sent_id and the three measures, `changed` (was anything cut) and `left`, the text
    that was scored: narrator's text and attributed content, joined by a space. A choice of
    specification, not a correction. Sentences that are all attribution score 0.
    """
    texts = dict(zip(sentences.sent_id, text_of(documents, sentences), strict=True))
    starts = dict(zip(sentences.sent_id, sentences.start, strict=True))
    cuts = segments[segments.role == "attribution"]
    removed = {}
    for sent_id, a, b in zip(cuts.sent_id, cuts.start, cuts.end, strict=True):
        removed.setdefault(sent_id, []).append((a - starts[sent_id], b - starts[sent_id]))
    rows = []
    for sent_id, text in texts.items():
        kept, at = [], 0
        for a, b in removed.get(sent_id, []):
            kept.append(text[at:a])
            at = b
        kept.append(text[at:])
        cut = " ".join("".join(kept).split()).replace(", ,", ",").strip(" ,;:")
        scores = score_text(cut) if cut else (0.0, 0.0, 0.0)
        rows.append((sent_id, *scores, sent_id in removed, cut))
    return pd.DataFrame(rows, columns=["sent_id", *MEASURES, "changed", "left"])


def leave_one_out(values):
    """Return (mean, lowest, highest) of the mean when each value in turn is left out.

    A range of influence, not an interval: it says how far one sentence moves the mean.
    Null for fewer than two values.
    """
    values = np.asarray(values, dtype=float)
    if len(values) < 2:
        return float("nan"), float("nan"), float("nan")
    means = (values.sum() - values) / (len(values) - 1)
    return float(values.mean()), float(means.min()), float(means.max())


def bootstrap_mean(values, documents, draws=2000, seed=1):
    """Return (mean, low, high): a 95 % percentile interval, documents resampled.

    `documents` says which document (or group of near-duplicates) each value belongs to.
    Null bounds for fewer than ten documents, whose resampling says too little
    (Efron & Tibshirani 1993, doi:10.1007/978-1-4899-4541-9).
    """
    frame = pd.DataFrame({"value": np.asarray(values, float), "document": np.asarray(documents)})
    groups = frame.groupby("document").value.agg(["sum", "size"]).to_numpy()
    mean = frame.value.mean()
    if len(groups) < 10:
        return float(mean), float("nan"), float("nan")
    picks = np.random.default_rng(seed).integers(0, len(groups), size=(draws, len(groups)))
    sums = groups[picks].sum(axis=1)
    low, high = np.percentile(sums[:, 0] / sums[:, 1], [2.5, 97.5])
    return float(mean), float(low), float(high)


def cluster(sentences, loading):
    """Return for each sentence its article, near-duplicate articles taken as one (a Series)."""
    groups = loading.duplicate_group.fillna(pd.Series(loading.index, dtype="Int64"))
    return sentences.doc_id.map(groups).astype("int64")


def state_mean(values, documents, form="+.2f"):
    """Return a sentence with the mean of `values` and how far it can be trusted.

    One article gets its leave-one-sentence-out range; a corpus an interval by resampling
    documents, or the reason why there is none. `form` says how numbers are written (`.0%`).
    """
    count = len(set(documents))
    if len(values) < 2:
        return f"{np.mean(values):{form}}, the only sentence" if len(values) else "no sentence"
    if count == 1:
        mean, low, high = leave_one_out(values)
        return (f"{mean:{form}} over {len(values)} sentences of one article "
                f"({low:{form}} to {high:{form}} with any one left out)")
    mean, low, high = bootstrap_mean(values, documents)
    if np.isnan(low):
        return (f"{mean:{form}} over {len(values)} sentences (no interval: {count} articles are "
                "too few to resample)")
    return (f"{mean:{form}} over {len(values)} sentences of {count} articles "
            f"({low:{form}} to {high:{form}}: 95 %, articles resampled)")
