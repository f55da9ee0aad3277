"""02 Tokenising: sentences and words.

`tokenise` returns two tables. sentences, one row per sentence: sent_id, doc_id, part (title,
lead, body), paragraph, start, end, n_words. tokens, one row per token: token_id, sent_id, start,
end, word. The rules are in rules.py; bulk.py applies them to many articles at once.
"""

from framebook.tokenising.bulk import split_text, tokenise
from framebook.tokenising.counts import collocations, concordance, count_words, type_token_curve
from framebook.tokenising.keyness import dispersion, keyness, plot_keyness
from framebook.tokenising.rules import TOKEN_PATTERN, token_spans
