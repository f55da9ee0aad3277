"""Tone of sentences by two public lexicons, and what drove each score.

TextBlob (the Pattern lexicon; De Smedt & Daelemans 2012, jmlr.org/papers/v13/desmedt12a)
and VADER (Hutto & Gilbert 2014, doi:10.1609/icwsm.v8i1.14550): NLTK's class, with the lexicon
that the vaderSentiment package carries; that package's own scores differ on some sentences.
"""

from collections.abc import Sequence
from textwrap import fill

import pandas as pd

from framebook.sentiment.bulk import score_texts
from framebook.sentiment.lexicons import vader
from framebook.tables import text_of


def score_text(text: str) -> tuple[float, float, float]:
    """Return (polarity −1 to 1, subjectivity 0 to 1, compound −1 to 1) of one text.

    The first two are TextBlob's, the third is VADER's (Hutto & Gilbert 2014,
    doi:10.1609/icwsm.v8i1.14550).

    >>> [round(score, 2) for score in score_text("A good day.")]
    [0.7, 0.6, 0.44]
    """
    from textblob.en import sentiment

    return *sentiment(text), vader().polarity_scores(text)["compound"]


def explain(text: str) -> pd.DataFrame:
    """Return the words that drove the scores of a text, one row per word or phrase.

    Columns method (textblob, vader), words, score. TextBlob's rows are its own assessments (−1 to
    1, negation and intensifiers included), and its polarity is their mean. VADER's are the valence
    of each word of its lexicon in its place; their sum s gives compound as s / sqrt(s² + 15), apart
    from the emphasis of ! and ?.

    >>> explain("A good day.").values.tolist()
    [['textblob', 'good', 0.7], ['vader', 'good', 1.9]]
    """
    from textblob import TextBlob

    rows = [
        ("textblob", " ".join(words), float(polarity))
        for words, polarity, *_ in TextBlob(text).sentiment_assessments.assessments
    ]
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
        kind_of = word.lower() == "kind" and words[place + 1 : place + 2] == ["of"]
        if kind_of or word.lower() in constants.BOOSTER_DICT:
            scores.append(0)
        else:
            analyser.sentiment_valence(0, sentitext, word, place, scores)
    return list(zip(words, analyser._but_check(words, scores), strict=True))


def describe_scores(texts: Sequence[str] | pd.Series) -> str:
    """Return texts with their scores and the words behind them, as plain lines to print.

    A Series of texts is numbered by its index.

    >>> print(describe_scores(["A good day."]))
    A good day.
        TextBlob +0.70  good +0.70
        VADER    +0.44  good +1.90
    """
    lines = []
    for number, text in texts.items() if hasattr(texts, "items") else (("", t) for t in texts):
        (polarity, _, compound), rows = score_text(text), explain(text)
        lines.append(fill(f"{number} {text}".strip(), 80))
        for name, score in (("TextBlob", polarity), ("VADER", compound)):
            own = rows[rows.method == name.lower()].itertuples()
            words = ", ".join(f"{row.words} {row.score + 0:+.2f}" for row in own)
            score = round(score, 2) + 0  # no negative zero
            lines.append(
                fill(
                    f"{name:8} {score:+.2f}  {words or 'no word that it knows'}",
                    80,
                    initial_indent="    ",
                    subsequent_indent=" " * 20,
                )
            )
    return "\n".join(lines)


def score_without_attribution(
    documents: pd.DataFrame, sentences: pd.DataFrame, segments: pd.DataFrame
) -> pd.DataFrame:
    """Return the tone of each sentence with its attribution phrases cut out.

    Columns of the table sentiment, `changed` (whether anything was cut) and `left`, the text that
    was scored. This is a choice of specification, not a correction. Sentences that are entirely
    attribution score 0.

    >>> from framebook.tables import make_documents
    >>> documents = make_documents(["He warned that it rains."])
    >>> whole = pd.DataFrame({"doc_id": 0, "sent_id": [0], "start": 0, "end": 24})
    >>> phrase = pd.DataFrame({"sent_id": [0], "role": "attribution", "start": 0, "end": 15})
    >>> score_without_attribution(documents, whole, phrase).left.tolist()
    ['it rains.']
    """
    texts = dict(zip(sentences.sent_id, text_of(documents, sentences), strict=True))
    starts = dict(zip(sentences.sent_id, sentences.start, strict=True))
    cuts = segments[segments.role == "attribution"]
    for row in cuts[::-1].itertuples():  # from the end, so that the offsets before it hold
        text, start = texts[row.sent_id], starts[row.sent_id]
        texts[row.sent_id] = text[: row.start - start] + text[row.end - start :]
    left = [" ".join(text.split()).replace(", ,", ",").strip(" ,;:") for text in texts.values()]
    table = score_texts(left).assign(sent_id=list(texts), doc_id=sentences.doc_id.to_numpy())
    return table.assign(changed=table.sent_id.isin(cuts.sent_id), left=left)
