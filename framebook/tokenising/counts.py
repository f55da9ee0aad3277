"""Counts of words, pairs of words, and words in context."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from framebook.common.text import lower_case
from framebook.tables import SENTENCE_STRIDE, text_of


def is_word(tokens):
    """Return a Boolean Series: does the token hold a letter or a digit."""
    words = tokens.word.cat.categories
    flags = np.array([any(c.isalnum() for c in word) for word in words], dtype=bool)
    return pd.Series(flags[tokens.word.cat.codes], index=tokens.index)


def number_words(tokens):
    """Return (the number of each token's lower-cased word, an array; those words in order).

    It is −1 for a token without a letter or digit.
    """
    known = tokens.word.cat.categories
    numbers, words = pd.factorize(known.astype("str").map(lower_case), sort=True)
    numbers[[not any(c.isalnum() for c in word) for word in known]] = -1
    return numbers[tokens.word.cat.codes], words


def count_words(tokens: pd.DataFrame) -> pd.Series:
    """Return how often each lower-cased word occurs, the most frequent first, then by letter.

    >>> from framebook.tables import make_documents
    >>> count_words(tokenise(make_documents(["The river rose. The end."]))[1]).to_dict()
    {'the': 2, 'end': 1, 'river': 1, 'rose': 1}
    """
    numbers, words = number_words(tokens)
    counts = np.bincount(numbers[numbers >= 0], minlength=len(words))
    counts = pd.Series(counts, words.rename("word"), "int64", "n")
    return counts[counts > 0].sort_values(ascending=False, kind="stable")


def type_token_curve(tokens, steps=50):
    """Return a DataFrame of n_tokens and n_types as the text is read from its start."""
    numbers = number_words(tokens)[0]
    types = (~pd.Series(numbers[numbers >= 0]).duplicated()).cumsum().to_numpy()
    at = np.unique(np.linspace(1, len(types), min(steps, len(types))).astype(int))
    return pd.DataFrame({"n_tokens": at, "n_types": types[at - 1] if len(types) else at})


def collocations(
    tokens: pd.DataFrame,
    min_count: int = 5,
    min_documents: int = 10,
    skip: Collection[str] = frozenset(),
) -> pd.DataFrame:
    """Return pairs of adjacent words, the largest log-likelihood G² first.

    Columns first, second, n (times together) and g2 (0 or more; Dunning 1993,
    aclanthology.org/J93-1003). g2 is null where the corpus has
    fewer than `min_documents` documents: word pairs inside one article are not independent draws.
    Pairs with a word in `skip`, or seen fewer than `min_count` times, are left out. A pair never
    crosses a sentence end or punctuation.

    >>> from framebook.tables import make_documents
    >>> tokens = tokenise(make_documents(["The river rose. The river fell."]))[1]
    >>> collocations(tokens, min_count=2)[["first", "second", "n"]].values.tolist()
    [['the', 'river', 2]]
    """
    from nltk.metrics import BigramAssocMeasures

    (numbers, words), sent_ids = number_words(tokens), tokens.sent_id.to_numpy()
    beside = (sent_ids[:-1] == sent_ids[1:]) & (numbers[:-1] >= 0) & (numbers[1:] >= 0)
    pairs, n = np.unique((numbers[:-1] * len(words) + numbers[1:])[beside], return_counts=True)
    first, second = np.divmod(pairs[n >= min_count], max(len(words), 1))
    found = pd.DataFrame({"first": words[first], "second": words[second], "n": n[n >= min_count]})
    found = found[~found["first"].isin(skip) & ~found.second.isin(skip)]
    counts = count_words(tokens)
    enough = (tokens.sent_id // SENTENCE_STRIDE).nunique() >= min_documents
    g2 = [
        BigramAssocMeasures.likelihood_ratio(n, (counts[a], counts[b]), counts.sum())
        if enough
        else np.nan
        for a, b, n in found.itertuples(index=False)
    ]
    by = ["g2", "n", "first", "second"]
    return (
        found.assign(g2=np.array(g2, dtype=float))
        .sort_values(by, ascending=[False, False, True, True])
        .reset_index(drop=True)
    )


def concordance(
    documents: pd.DataFrame, tokens: pd.DataFrame, word: str, width: int = 40
) -> pd.DataFrame:
    """Return each use of a word in context (KWIC): doc_id, sent_id, left, match, right.

    `word` may hold * and ?, and case does not count; `width` is in characters.

    >>> from framebook.tables import make_documents
    >>> documents = make_documents(["The river rose."])
    >>> concordance(documents, tokenise(documents)[1], "riv*")[["left", "match"]].values.tolist()
    [['The', 'river']]
    """
    from fnmatch import fnmatchcase

    words = tokens.word.cat.categories
    shape = word.lower().replace("[", "[[]")
    wanted = np.array([fnmatchcase(w.lower(), shape) for w in words], dtype=bool)
    hits = tokens[wanted[tokens.word.cat.codes] if len(words) else np.zeros(0, bool)]
    places = hits.assign(doc_id=hits.sent_id // SENTENCE_STRIDE)[["doc_id", "sent_id"]]
    sides = {
        "left": ((hits.start - width).clip(0), hits.start),
        "match": (hits.start, hits.end),
        "right": (hits.end, hits.end + width),
    }
    for name, (start, end) in sides.items():
        found = text_of(documents, hits.assign(start=start, end=end))
        places[name] = pd.array([" ".join(text.split()) for text in found], "str")
    return places.reset_index(drop=True)
