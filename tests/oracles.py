"""The plain rules, one text and one word after the other: what the engine must equal."""

import re

import pandas as pd
from nltk.tokenize import RegexpTokenizer

from framebook.framing.matching import MAX_GAP, normalise
from framebook.sentiment.explain import score_text
from framebook.sentiment.lexicons import MEASURES
from framebook.tables import SENTENCE_STRIDE, TOKEN_STRIDE, conform, text_of
from framebook.tokenising.rules import (
    CLOSERS,
    MAX_TOKENS,
    TOKEN_PATTERN,
    WORD,
    goes_on,
    is_boundary,
    name_parts,
)

tokeniser = RegexpTokenizer(TOKEN_PATTERN)


def split_text(text):
    """Return [(paragraph, start, end)] of the sentences of one text.

    A line break always ends a sentence, and each line that holds a letter or digit is a
    paragraph. A line without any, such as "* * *", is no sentence.
    """
    spans, paragraph = [], -1
    for line in re.finditer(r"[^\n]+", text):
        if not WORD.search(line.group()):
            continue
        paragraph += 1
        chunks = list(re.finditer(r"\S+", line.group()))
        begin, said = chunks[0].start(), ""
        for chunk, following in zip(chunks, chunks[1:], strict=False):
            alone = chunk.start() == begin
            if chunk.group().strip(CLOSERS):
                said = chunk.group()  # what stands before closing marks that stand apart
            if (
                is_boundary(said, following.group(), alone)
                and WORD.search(line.group(), begin, chunk.end())
                and not goes_on(said, line.group(), following)
            ):
                spans.append((paragraph, line.start() + begin, line.start() + chunk.end()))
                begin = following.start()
        end = line.start() + chunks[-1].end()
        if WORD.search(line.group(), begin):
            spans.append((paragraph, line.start() + begin, end))
        else:
            spans[-1] = (*spans[-1][:2], end)
    return spans


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
        parts = name_parts(text, title, spans)
        for (paragraph, start, end), part in zip(spans, parts, strict=True):
            # White space that NLTK takes for tokens, \x1c to \x1f, is in no file that is read.
            tokens = [
                (start + a, start + b)
                for a, b in tokeniser.span_tokenize(text[start:end])
                if not text[start + a].isspace()
            ]
            for at in range(0, max(len(tokens), 1), MAX_TOKENS):
                piece = tokens[at : at + MAX_TOKENS]
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
    columns = ["sent_id", "doc_id", "part", "paragraph", "start", "end", "n_words"]
    sentences = pd.DataFrame(rows, columns=columns)
    tokens = pd.DataFrame(bounds, columns=["token_id", "sent_id", "start", "end"])
    tokens["word"] = pd.Categorical(words)
    return conform("sentences", sentences), conform("tokens", tokens)


def score_sentences(documents, sentences):
    """Return the table `sentiment`: each whole sentence scored by the libraries."""
    scores = [score_text(text) for text in text_of(documents, sentences)]
    table = pd.DataFrame(scores, columns=MEASURES, dtype=float)
    table.insert(0, "doc_id", sentences.doc_id.to_numpy())
    table.insert(0, "sent_id", sentences.sent_id.to_numpy())
    return conform("sentiment", table)


def match(sentence, pattern):
    """Return [(first, last)] of a pattern in one sentence, a list of normalised words."""

    def fits(word, shape):
        shape = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in shape)
        return re.fullmatch(shape, word, re.DOTALL) is not None

    def places(phrase):
        return [
            n
            for n in range(len(sentence) - len(phrase) + 1)
            if all(fits(sentence[n + k], shape) for k, shape in enumerate(phrase))
        ]

    phrases = [[]]
    for word in pattern.split():
        if word in ("...", "…"):
            phrases.append([])
        else:
            phrases[-1].append(normalise(word))
    phrases = [phrase for phrase in phrases if phrase]
    hits = []
    for first in places(phrases[0]):
        last = first + len(phrases[0]) - 1
        for phrase in phrases[1:]:
            following = [n for n in places(phrase) if n > last]
            if not following or following[0] - last - 1 > MAX_GAP:
                break
            last = following[0] + len(phrase) - 1
        else:
            hits.append((first, last))
    return [hit for hit in hits if not any(b == hit[1] and a > hit[0] for a, b in hits)]


def hits(sentences, patterns, exclude):
    """Return {(sentence, first, last, pattern number)} that `find_hits` should keep."""
    kept = set()
    for number, sentence in enumerate(sentences):
        banned = {
            n for pattern in exclude for a, b in match(sentence, pattern) for n in range(a, b + 1)
        }
        found = [
            (a - b, a, n, b)
            for n, pattern in enumerate(patterns)
            for a, b in match(sentence, pattern)
        ]
        taken = set()
        for _, a, n, b in sorted(found):
            tokens = set(range(a, b + 1))
            if not tokens & banned and not tokens & taken:
                taken |= tokens
                kept.add((number, a, b, n))
    return kept
