"""03 Sentiment: the tone of whole sentences, by three lexicons.

The table sentiment has one row per sentence: sent_id, doc_id, textblob_polarity (−1 to 1),
textblob_subjectivity (0 to 1), vader_compound (−1 to 1). `score_tone` is the package's own
measure for news; `explain` and `describe_tone` name the words behind a score. bulk.py scores
many sentences at once, equal to the libraries to the bit.
"""

from framebook.sentiment.bulk import score_sentences, score_texts
from framebook.sentiment.explain import (
    describe_scores,
    explain,
    score_text,
    score_without_attribution,
)
from framebook.sentiment.lexicons import straighten_marks
from framebook.sentiment.tone import describe_tone, score_tone
