"""sentiment.lexicons."""

from functools import cache
from importlib.resources import files

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
