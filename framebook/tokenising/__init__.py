"""02 Tokenising: sentences and words, as the tables `sentences` and `tokens`."""

from framebook.tokenising.bulk import split_text, tokenise
from framebook.tokenising.counts import collocations, concordance, count_words, type_token_curve
from framebook.tokenising.keyness import dispersion, keyness, plot_keyness, resample_log_ratios
from framebook.tokenising.rules import TOKEN_PATTERN, token_spans

__all__ = [
    "TOKEN_PATTERN",
    "collocations",
    "concordance",
    "count_words",
    "dispersion",
    "keyness",
    "plot_keyness",
    "resample_log_ratios",
    "split_text",
    "token_spans",
    "tokenise",
    "type_token_curve",
]
