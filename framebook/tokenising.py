"""Sentences and tokens with character offsets, and what can be counted from them.

Both are made by published rules: a sentence ends where one white-space chunk can end a
sentence and the next can start one, and a token is a match of TOKEN_PATTERN.
"""

import re
from functools import lru_cache

import numpy as np
import pandas as pd
import regex

from framebook.tables import SENTENCE_STRIDE
from framebook.words import words

# An abbreviation with inner full stops; a number with its separators; a word with inner
# hyphens or apostrophes; any other character that is not white space.
TOKEN_PATTERN = r"(?:[^\W\d_]\.){2,}|\d+(?:[.,:]\d+)+\w*(?:[-'’]\w+)*|\w+(?:[-'’]\w+)*|[^\w\s]"
MAX_TOKENS = 2000  # a longer "sentence" is cut, so that no step can be slow on one

OPENERS = "\"'“‘«„‹([{*•–—-"
CLOSERS = "\"'”’»“›)]}*"
BEFORE_NAME, BEFORE_NUMBER = words("before_name"), words("before_number")
CALENDAR, STATES = words("calendar_abbreviated"), words("states_abbreviated")
EITHER, STARTERS = words("either"), words("starters")
WORD = re.compile(r"[^\W_]")
# A quotation's question or exclamation mark, and who said it after it: the sentence goes on.
ASKED = re.compile(r"""(?:[?!…]|\.\.\.)["'”’»]+$""")
SPEECH = re.compile(
    r"(?:[A-Z][\w.’'-]*\s+){1,4}(?:said|says|asked|asks|tweeted|wrote|added|told|replied|wondered|"
    r"demanded|shouted|cried|joked|exclaimed)(?=[.,;:]|\s+(?:on|at|during|when|as|of|her|him|them|"
    r"me|reporters)\b)"
)


@lru_cache(maxsize=200_000)
def end_class(chunk):
    """Return how a chunk can end a sentence: "", sure, maybe, item, number or state."""
    core = chunk.rstrip(CLOSERS)
    if not core or core[-1] not in ".?!…":
        return ""
    if core[-1] != "." or core.endswith("..") or len(core) == 1:
        return "sure"
    written = re.split(r"[/–—-]", core[:-1].lstrip(OPENERS))[-1]
    word = written.lower()
    if word in BEFORE_NAME and core == chunk:
        return ""
    if word in BEFORE_NUMBER:
        return "number"
    if word.isdigit() or (len(word) == 1 and core == chunk and word.isalpha()):
        return "item"
    if word in STATES and written[0].isupper():
        return "state"
    either = word in EITHER or word in CALENDAR and written[0].isupper()
    return "maybe" if either or re.fullmatch(r"[^\W\d_](\.[^\W\d_])+", word) else "sure"


@lru_cache(maxsize=200_000)
def start_class(chunk):
    """Return how a chunk can start a sentence: "", sure, maybe, digit or aside."""
    core = chunk.lstrip(OPENERS)
    if not any(c.isalnum() for c in core):
        return "" if any(c in ".…?!’”»)]}" for c in core) else "aside"
    if core[0].isdigit():
        return "digit"
    if core[0].islower():
        return ""
    word = re.match(r"[^\W\d_]*", core).group().lower()
    if word in STARTERS or chunk[0] in "\"'“‘«„‹":
        return "sure"
    return "maybe" if core == chunk else "aside"


def is_boundary(chunk, following, alone):
    """Return whether a sentence ends between two chunks that stand on one line.

    `alone`: nothing of the sentence stands before the first chunk.
    """
    end, start = end_class(chunk), start_class(following)
    if not end or not start:
        return False
    if end == "item":  # "1." begins an item of a list and "J." a name; elsewhere either may end
        return not alone and (start == "sure" or any(c.isdigit() for c in chunk))
    if end == "number" or end == "state":
        return start != ("digit" if end == "number" else "aside")
    return end == "sure" or start == "sure"


def goes_on(chunk, line, following):
    """Whether who said it follows on a quotation's question: “Why?” Ms. Orr asked."""
    return (ASKED.search(chunk) and start_class(following.group()) == "maybe"
            and SPEECH.match(line, following.start()))


def token_spans(text):
    """Return [(start, end)] of the tokens of a text: NLTK's RegexpTokenizer, TOKEN_PATTERN.

    By `regex`, as NLTK does: its word characters (½, combining marks) are not those of `re`.
    """
    return [match.span() for match in regex.finditer(TOKEN_PATTERN, text)]


def name_parts(text, title, spans):
    """Return title, lead or body for each sentence: the lead is the first paragraph."""
    title_end = len(title) if title and text.startswith(f"{title}\n") else 0
    lead = next((paragraph for paragraph, start, _ in spans if start >= title_end), None)
    return ["title" if start < title_end else "lead" if paragraph == lead else "body"
            for paragraph, start, _ in spans]


def tokenise(documents):
    """Return (sentences, tokens) of the documents.

    sentences: sent_id, doc_id, part (title, lead, body), paragraph (from 0), start, end
    (characters into the document's text), n_words (tokens that hold a letter or digit).
    tokens: token_id, sent_id, start, end, word (as written, dictionary-coded).
    """
    from framebook import columns  # the rules above, over arrays

    return columns.tokenise(documents)


def split_text(text):
    """Return the sentences of one text as written, for trying the rule."""
    from framebook.loading import make_documents

    documents = make_documents([text])
    return text_of(documents, tokenise(documents)[0])


def text_of(documents, rows):
    """Return the text of rows that have doc_id, start and end (or sent_id), as a list."""
    doc_ids = rows.doc_id if "doc_id" in rows else rows.sent_id // SENTENCE_STRIDE
    texts = dict(zip(documents.doc_id, documents.text, strict=True))
    return [texts[d][a:b] for d, a, b in zip(doc_ids, rows.start, rows.end, strict=True)]


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
    numbers, words = pd.factorize(known.astype("str").str.lower(), sort=True)
    numbers[[not any(c.isalnum() for c in word) for word in known]] = -1
    return numbers[tokens.word.cat.codes], words


def count_words(tokens):
    """Return a Series of counts by lower-cased word, most frequent first, then by letter."""
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


def collocations(tokens, min_count=5, min_documents=10, skip=frozenset()):
    """Return bigrams of words by log-likelihood G² (Dunning 1993, aclanthology.org/J93-1003).

    Columns first, second, n (times together), g2 (0 or more; null where the corpus has
    fewer than `min_documents` documents: one article is a census, and word pairs inside
    it are not independent draws). Pairs with a word in `skip`, or seen fewer than
    `min_count` times, are left out. Pairs never cross a sentence end or punctuation.
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
    g2 = [BigramAssocMeasures.likelihood_ratio(n, (counts[a], counts[b]), counts.sum())
          if enough else np.nan for a, b, n in found.itertuples(index=False)]
    by = ["g2", "n", "first", "second"]
    return found.assign(g2=np.array(g2, dtype=float)).sort_values(
        by, ascending=[False, False, True, True]).reset_index(drop=True)


def concordance(documents, tokens, word, width=40):
    """Return the key word in context (KWIC): doc_id, sent_id, left, match, right.

    `word` may hold * and ?; case does not count. `width` is in characters.
    """
    from fnmatch import fnmatchcase

    words = tokens.word.cat.categories
    shape = word.lower().replace("[", "[[]")
    wanted = np.array([fnmatchcase(w.lower(), shape) for w in words], dtype=bool)
    hits = tokens[wanted[tokens.word.cat.codes] if len(words) else np.zeros(0, bool)]
    places = hits.assign(doc_id=hits.sent_id // SENTENCE_STRIDE)[["doc_id", "sent_id"]]
    sides = {"left": ((hits.start - width).clip(0), hits.start), "match": (hits.start, hits.end),
             "right": (hits.end, hits.end + width)}
    for name, (start, end) in sides.items():
        found = text_of(documents, hits.assign(start=start, end=end))
        places[name] = pd.array([" ".join(text.split()) for text in found], "str")
    return places.reset_index(drop=True)
