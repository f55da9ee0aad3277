"""Sentences and tokens with character offsets, and what can be counted from them.

Both are made by published rules: a sentence ends where one white-space chunk can end a
sentence and the next can start one, and a token is a match of TOKEN_PATTERN.
"""

import re
from functools import lru_cache

import numpy as np
import pandas as pd

from framebook.tables import SENTENCE_STRIDE, TOKEN_STRIDE, conform

# An abbreviation with inner full stops; a number with its separators; a word with inner
# hyphens or apostrophes; any other character that is not white space.
TOKEN_PATTERN = r"(?:[^\W\d_]\.){2,}|\d+(?:[.,:]\d+)+|\w+(?:[-'’]\w+)*|[^\w\s]"
MAX_TOKENS = 2000  # a longer "sentence" is cut, so that no step can be slow on one

OPENERS = "\"'“‘«„‹([{*•–—-"
CLOSERS = "\"'”’»“›)]}*"
# Abbreviations that stand before a name or a number: a sentence hardly ever ends there.
BEFORE_NAME = set(
    "mr mrs ms mx dr prof rev fr sr hon pres gov lt gen col maj capt cpt cmdr sgt adm brig cpl "
    "pvt sen rep amb supt insp det atty st mt ft messrs vs cf eg ie e.g i.e viz no nos fig figs "
    "vol art sec para pp ed eds al approx ca dept".split()
)
MONTHS = set("jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs "
             "fri sat sun".split())
# Abbreviations that stand within a sentence as often as at its end.
EITHER = set("jr sr inc co corp ltd llc plc bros etc est a.m p.m am pm ph.d m.d b.a m.a u.s u.k "
             "u.n e.u d.c ave blvd rd a.k.a assn ga va calif conn mass penn tenn".split())
# Words which, with a capital, nearly always begin a sentence.
STARTERS = set(
    "the a an this that these those he she it they we i you his her its their our there here "
    "in on at by for from with as after before when while if but and so yet however meanwhile "
    "although though since because what who how why where which some many most all no not one "
    "according both once now then still even instead also asked such under during until".split()
)


@lru_cache(maxsize=200_000)
def end_class(chunk):
    """Return how a white-space chunk can end a sentence: "", "sure", "month", "maybe", "item"."""
    core = chunk.rstrip(CLOSERS)
    if not core or core[-1] not in ".?!…":
        return ""
    if core[-1] != "." or core.endswith("..") or len(core) == 1:
        return "sure"
    word = core[:-1].lstrip(OPENERS).lower()
    if word in BEFORE_NAME and core == chunk:
        return ""
    if word in MONTHS:
        return "month"
    if word.isdigit() or (len(word) == 1 and core == chunk and word.isalpha()):
        return "item"
    if word in EITHER or re.fullmatch(r"[^\W\d_](\.[^\W\d_])+", word):
        return "maybe"
    return "sure"


@lru_cache(maxsize=200_000)
def start_class(chunk):
    """Return how a white-space chunk can start a sentence: "", "sure", "maybe", "digit"."""
    core = chunk.lstrip(OPENERS)
    if not core:
        return "maybe"
    if core[0].isdigit():
        return "digit"
    if core[0].islower():
        return ""
    word = re.match(r"[^\W\d_]*", core).group().lower()
    return "sure" if word in STARTERS or core is not chunk and core != chunk else "maybe"


def is_boundary(chunk, following, begins_line):
    """Return whether a sentence ends between two chunks that stand on one line."""
    end, start = end_class(chunk), start_class(following)
    if not end or not start:
        return False
    if end == "sure":
        return True
    if end == "month":
        return start == "sure"
    if end == "item":  # "1." begins a list item, "J." a name; elsewhere either may end
        return not begins_line and start == "sure"
    return start == "sure"


def split_text(text):
    """Return [(paragraph, start, end)] of the sentences of one text.

    A line break always ends a sentence; a paragraph is a line that holds a word.
    """
    spans, paragraph, begin, last = [], -1, None, None
    for chunk in re.finditer(r"\S+", text):
        if last is None or "\n" in text[last.end():chunk.start()]:
            if last is not None:
                spans.append((paragraph, begin, last.end()))
            paragraph, begin, begins_line = paragraph + 1, chunk.start(), True
        elif is_boundary(last.group(), chunk.group(), begins_line):
            spans.append((paragraph, begin, last.end()))
            begin, begins_line = chunk.start(), False
        else:
            begins_line = False
        last = chunk
    if last is not None:
        spans.append((paragraph, begin, last.end()))
    return spans


def token_spans(text):
    """Return [(start, end)] of the tokens of a text, by TOKEN_PATTERN."""
    return [match.span() for match in re.finditer(TOKEN_PATTERN, text)]


def _parts(text, title, spans):
    """Return title, lead or body for each sentence: the lead is the first paragraph."""
    title_end = len(title) if title and text.startswith(title) else 0
    lead = next((paragraph for paragraph, start, _ in spans if start >= title_end), None)
    return ["title" if start < title_end else "lead" if paragraph == lead else "body"
            for paragraph, start, _ in spans]


def tokenise(documents):
    """Return (sentences, tokens) of the documents.

    sentences: sent_id, doc_id, part (title, lead, body), paragraph (from 0), start, end
    (characters into the document's text), n_words (tokens that hold a letter or digit).
    tokens: token_id, sent_id, start, end, word (as written, dictionary-coded).
    """
    rows, bounds, words = [], [], []
    for doc_id, text, title in zip(
        documents.doc_id, documents.text, documents.title.fillna(""), strict=True
    ):
        spans = split_text(text)
        number = count = 0
        for (paragraph, start, end), part in zip(spans, _parts(text, title, spans), strict=True):
            tokens = [(start + a, start + b) for a, b in token_spans(text[start:end])]
            for at in range(0, max(len(tokens), 1), MAX_TOKENS):
                piece = tokens[at:at + MAX_TOKENS]
                first = start if at == 0 else piece[0][0]
                last = end if at + MAX_TOKENS >= len(tokens) else piece[-1][1]
                sent_id = doc_id * SENTENCE_STRIDE + number
                texts = [text[a:b] for a, b in piece]
                n_words = sum(any(c.isalnum() for c in word) for word in texts)
                rows.append((sent_id, doc_id, part, paragraph, first, last, n_words))
                token_id = doc_id * TOKEN_STRIDE + count
                bounds += [(token_id + k, sent_id, a, b) for k, (a, b) in enumerate(piece)]
                words += texts
                number, count = number + 1, count + len(piece)
    sentences = pd.DataFrame(rows, columns="sent_id doc_id part paragraph start end n_words".split())
    tokens = pd.DataFrame(bounds, columns=["token_id", "sent_id", "start", "end"])
    tokens["word"] = pd.Categorical(words)
    return conform("sentences", sentences), conform("tokens", tokens)


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


def count_words(tokens):
    """Return a Series of counts by lower-cased word, most frequent first, then by letter."""
    words = tokens.word[is_word(tokens)].astype("str").str.lower()
    counts = words.value_counts().rename_axis("word").rename("n").reset_index()
    return counts.sort_values(["n", "word"], ascending=[False, True]).set_index("word").n


def type_token_curve(tokens, steps=50):
    """Return a DataFrame of n_tokens and n_types as the text is read from its start."""
    words = tokens.word[is_word(tokens)].astype("str").str.lower()
    types = (~words.duplicated()).cumsum().to_numpy()
    at = np.unique(np.linspace(1, len(types), min(steps, len(types))).astype(int))
    return pd.DataFrame({"n_tokens": at, "n_types": types[at - 1] if len(types) else at})


def collocations(tokens, min_count=5, min_documents=10, skip=frozenset()):
    """Return bigrams of words by log-likelihood G² (Dunning 1993, aclanthology J93-1003).

    Columns first, second, n (times together), g2 (0 or more; null where the corpus has
    fewer than `min_documents` documents: one article is a census, and word pairs inside
    it are not independent draws). Pairs with a word in `skip`, or seen fewer than
    `min_count` times, are left out. Pairs never cross a sentence end or punctuation.
    """
    from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder

    kept = is_word(tokens).to_numpy()
    words = tokens.word.astype("str").str.lower()
    lists = [
        [word for word, keep in zip(group, kept[group.index], strict=True) if keep]
        for _, group in words.groupby((tokens.sent_id.diff().ne(0) | ~kept).cumsum())
    ]
    finder = BigramCollocationFinder.from_documents(lists)
    finder.apply_freq_filter(min_count)
    enough = (tokens.sent_id // SENTENCE_STRIDE).nunique() >= min_documents
    scores = dict(finder.score_ngrams(BigramAssocMeasures.likelihood_ratio)) if enough else {}
    rows = [(a, b, n, scores.get((a, b), np.nan)) for (a, b), n in finder.ngram_fd.items()
            if a not in skip and b not in skip]
    found = pd.DataFrame(rows, columns=["first", "second", "n", "g2"])
    by = ["g2", "n", "first", "second"]
    return found.sort_values(by, ascending=[False, False, True, True]).reset_index(drop=True)


def concordance(documents, tokens, word, width=40):
    """Return the key word in context (KWIC): doc_id, sent_id, left, match, right.

    `word` may hold * and ?; case does not count. `width` is in characters.
    """
    from fnmatch import fnmatchcase

    words = tokens.word.cat.categories
    wanted = np.array([fnmatchcase(w.lower(), word.lower()) for w in words], dtype=bool)
    hits = tokens[wanted[tokens.word.cat.codes] if len(words) else np.zeros(0, bool)]
    texts = dict(zip(documents.doc_id, documents.text, strict=True))
    rows = []
    for hit in hits.itertuples():
        doc_id = hit.sent_id // SENTENCE_STRIDE
        text = texts[doc_id]
        left, right = text[max(0, hit.start - width):hit.start], text[hit.end:hit.end + width]
        rows.append((doc_id, hit.sent_id, " ".join(left.split()), text[hit.start:hit.end],
                     " ".join(right.split())))
    return pd.DataFrame(rows, columns=["doc_id", "sent_id", "left", "match", "right"])
