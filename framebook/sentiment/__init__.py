"""03 Sentiment: the tone of each sentence, as the table `sentiment`."""

from framebook.sentiment.bulk import score_sentences, score_texts
from framebook.sentiment.explain import (
    count_drivers,
    describe_scores,
    explain,
    score_text,
    score_without_attribution,
)
from framebook.sentiment.lexicons import straighten_marks
from framebook.sentiment.tone import describe_tone, score_tone
from framebook.sentiment.word_shifts import (
    count_words_by_side,
    plot_word_shift,
    roles_of_tokens,
    shift_words,
)

__all__ = [
    "count_drivers",
    "count_words_by_side",
    "describe_scores",
    "describe_tone",
    "explain",
    "plot_word_shift",
    "roles_of_tokens",
    "score_sentences",
    "score_text",
    "score_texts",
    "score_tone",
    "score_without_attribution",
    "shift_words",
    "straighten_marks",
]
