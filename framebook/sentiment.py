"""Tone of sentences by two public lexicons, and what drove each score.

TextBlob (the Pattern lexicon; De Smedt & Daelemans 2012, jmlr.org/papers/v13/desmedt12a)
and VADER (Hutto & Gilbert 2014, doi:10.1609/icwsm.v8i1.14550): NLTK's class, with the lexicon
that the vaderSentiment package carries; that package's own scores differ on some sentences.
"""

from functools import cache, lru_cache
from importlib.resources import files
from textwrap import fill

import numpy as np
import pandas as pd

from framebook.tokenising import text_of

FEW = 10  # articles, or sentences of a side: fewer say too little about others to be resampled
MEASURES = ["textblob_polarity", "textblob_subjectivity", "vader_compound"]


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
    """Return (polarity -1..1, subjectivity 0..1, compound -1..1): `TextBlob.sentiment`, VADER."""
    from textblob.en import sentiment

    return *sentiment(text), vader().polarity_scores(text)["compound"]


def score_sentences(documents, sentences):
    """Return the table `sentiment`: each whole sentence scored by `score_text`, to the bit."""
    from framebook import scoring

    return scoring.score_sentences(documents, sentences)


def score_texts(texts):
    """Return the table `sentiment` of texts that are a sentence each, sent_id from 0."""
    rows = range(len(texts))
    each = pd.DataFrame({"doc_id": rows, "sent_id": rows, "text": pd.Series(texts, dtype="str"),
                         "start": 0, "end": [len(text) for text in texts]})
    return score_sentences(each, each)


def explain(text):
    """Return which words drove the scores of a text: method, words, score.

    TextBlob's rows are its own assessments (negation and intensifiers taken in), and its
    polarity is their mean. VADER's are the valence of each word of its lexicon in its place;
    their sum s gives compound as s / sqrt(s² + 15), the emphasis of ! and ? aside.
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
    """Return texts (a list, or a Series by number) with scores and their words, to print."""
    lines = []
    for number, text in texts.items() if hasattr(texts, "items") else (("", t) for t in texts):
        (polarity, _, compound), rows = score_text(text), explain(text)
        lines.append(fill(f"{number} {text}".strip(), 80))
        for name, score in (("TextBlob", polarity), ("VADER", compound)):
            own = rows[rows.method == name.lower()].itertuples()
            words = ", ".join(f"{row.words} {row.score + 0:+.2f}" for row in own)
            score = round(score, 2) + 0  # no negative nought
            lines.append(fill(f"{name:8} {score:+.2f}  {words or 'no word that it knows'}", 80,
                              initial_indent="    ", subsequent_indent=" " * 20))
    return "\n".join(lines)


def count_drivers(texts):
    """Return which words drove the scores of many texts, the strongest total first.

    Columns method, words (lower case), n (times), total (the sum of the scores of `explain`).
    """
    rows = pd.concat([explain("")] + [explain(text) for text in texts])
    grouped = rows.groupby(["method", rows.words.str.lower()]).score
    table = grouped.agg(n="size", total="sum").reset_index()
    order = np.lexsort((table.words, -table.total.abs().round(9), table.method))
    return table.iloc[order].reset_index(drop=True)


def score_without_attribution(documents, sentences, segments):
    """Return the tone of each sentence with its attribution phrases cut out.

    Columns sent_id and the three measures, `changed` (was anything cut) and `left`, the text
    that was scored. A choice of specification, not a correction. Sentences that are all
    attribution score 0.
    """
    texts = dict(zip(sentences.sent_id, text_of(documents, sentences), strict=True))
    starts = dict(zip(sentences.sent_id, sentences.start, strict=True))
    cuts = segments[segments.role == "attribution"]
    for row in cuts[::-1].itertuples():  # from the end, so that the offsets before it hold
        text, start = texts[row.sent_id], starts[row.sent_id]
        texts[row.sent_id] = text[:row.start - start] + text[row.end - start:]
    left = [" ".join(text.split()).replace(", ,", ",").strip(" ,;:") for text in texts.values()]
    table = score_texts(left).assign(sent_id=list(texts))
    return table.assign(changed=table.sent_id.isin(cuts.sent_id), left=left)


def leave_one_out(values):
    """Return (mean, lowest, highest mean with one value left out); nulls for fewer than two.

    A range of influence, not an interval: it says how far one sentence moves the mean.
    """
    values = np.asarray(values, dtype=float)
    if len(values) < 2:
        return (float("nan"),) * 3
    means = (values.sum() - values) / (len(values) - 1)
    return float(values.mean()), float(means.min()), float(means.max())


def draw_again(n, draws, rng):
    """Return how often each of n articles is drawn when n are, a row a draw (`draws` rows)."""
    return np.array([np.bincount(rng.integers(0, n, n), minlength=n).astype("uint8")
                     for _ in range(draws)])  # of 256 articles or more none is drawn as often


@lru_cache(2)
def _draw_once(n, draws, seed):
    return draw_again(n, draws, np.random.default_rng(seed))


def resample(sums, draws, seed):
    """Return the sums over articles (rows of `sums`) drawn again and again, a row a draw."""
    counts = _draw_once(len(sums), draws, seed)
    return np.concatenate([part @ sums for part in np.array_split(counts, -(-draws // 50))])


def bootstrap_mean(values, documents, draws=2000, seed=1):
    """Return (mean, low, high): a 95 % percentile interval, documents resampled.

    `documents` says which document (or group of near-duplicates) each value belongs to. Fewer
    than ten say too little and get no bounds (Efron & Tibshirani 1993,
    doi:10.1007/978-1-4899-4541-9).
    """
    values = pd.Series(np.asarray(values, float))
    groups = values.groupby(np.asarray(documents)).agg(["sum", "size"]).to_numpy()
    mean = values.mean()
    if len(groups) < FEW:
        return float(mean), float("nan"), float("nan")
    sums = resample(groups, draws, seed)
    low, high = np.percentile(sums[:, 0] / sums[:, 1], [2.5, 97.5])
    return float(mean), float(low), float(high)


def cluster(sentences, loading):
    """Return for each sentence its article, near-duplicate articles taken as one (a Series)."""
    groups = loading.duplicate_group.fillna(pd.Series(loading.index, dtype="Int64"))
    return sentences.doc_id.map(groups).astype("int64")


def state_mean(values, documents, form="+.2f"):
    """Return a sentence with the mean of `values` (written by `form`) and its uncertainty.

    One article gets its leave-one-sentence-out range; a corpus an interval by resampling
    documents, or the reason why there is none.
    """
    count = len(set(documents))
    if len(values) < 2:
        return f"{np.mean(values):{form}}, the only sentence" if len(values) else "no sentence"
    mean, low, high = leave_one_out(values) if count == 1 else bootstrap_mean(values, documents)
    said, span = f"{mean:{form}} over {len(values)} sentences", f"{low:{form}} to {high:{form}}"
    if count == 1:
        return f"{said} of one article ({span} with any one left out)"
    if np.isnan(low):
        return f"{said} (no interval: {count} articles are too few to resample)"
    return f"{said} of {count} articles ({span}: 95 %, articles resampled)"
