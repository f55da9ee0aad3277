"""VADER's lexicon, and the marks that VADER and TextBlob do not know."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import pandas as pd

MEASURES = ["textblob_polarity", "textblob_subjectivity", "vader_compound"]
STRAIGHT = str.maketrans("‘’‚‛“”„‟", "'" * 4 + '"' * 4)


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


def straighten_marks(texts: Iterable[str]) -> pd.Series:
    """Return texts with typographic quotation marks and apostrophes made straight (a Series).

    VADER (NLTK's class) and TextBlob know the straight ones only: to them "isn’t good" is not
    negated. Nothing in Framebook does this unasked; whoever does states it:
    `documents.assign(text=straighten_marks(documents.text))`. Each character stands for one,
    so offsets stay true.

    >>> straighten_marks(["It isn’t ‘good’."]).tolist()
    ["It isn't 'good'."]
    """
    index = texts.index if isinstance(texts, pd.Series) else None
    return pd.Series([str(text).translate(STRAIGHT) for text in texts], index, "str", "text")
