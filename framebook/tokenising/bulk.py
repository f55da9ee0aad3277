"""Sentences and tokens of many articles at once, by the rules of `tokenising`.

A thousand articles hold half a million white-space chunks, but only 50,000 different ones.
Each of these is numbered and read once by the string rules; all else is arithmetic on
arrays of numbers. The plain loops that this equals stand in tests/oracles.py.
"""

import re
from collections import defaultdict
from itertools import chain, count, islice, pairwise

import numpy as np
import pandas as pd

from framebook.tables import SCHEMAS, SENTENCE_STRIDE, TOKEN_STRIDE, make_documents, text_of
from framebook.tokenising import rules

try:
    import pyarrow as pa
    import pyarrow.compute as pc
except ImportError:  # as in a browser's kernel
    pa = None

BLOCK = 1000  # articles held as arrays at a time
CLOSING = 2  # code of a chunk of closing marks only; else 1 if it can end a sentence, 0 if not
CHUNK = re.compile(r"\S+")
IS_SPACE = np.zeros(0x110000, bool)  # by code point
IS_SPACE[[code for code in range(0x3001) if chr(code).isspace()]] = True


class Chunks:
    """The white-space chunks that a run has met, each numbered and read once.

    `tokenise` and `score_sentences` take one, so that the second does not cut again what the
    first has cut; a run that hands the same one on from block to block reads only new chunks.
    It is for one thread at a time. The results are the same with a new one for every call.
    """

    def __init__(self, most=500_000):
        self.most = most
        self._clear()

    def _clear(self):
        self.number = defaultdict(count().__next__)  # the next chunk gets the next number
        self.seen = {}  # by reader: (how many chunks it has read, its own numbers, its columns)
        self.last = None, None

    def make_room(self):
        """Forget everything once more than `most` different chunks are remembered."""
        if len(self.number) >= self.most:
            self._clear()

    def cut(self, joined):
        """Return number, start, end and new_line of a text's chunks, as arrays.

        They have one entry per chunk: its number in the vocabulary, where it begins and ends,
        and whether it is the first of its line. The last text's are kept.
        """
        if joined != self.last[0]:
            self.last = joined, _cut(joined, self.number)
        return self.last[1]

    def read(self, reader):
        """Return the columns that `reader` makes of all chunks; only new ones are read."""
        if reader not in self.seen:
            own = defaultdict(count().__next__)
            self.seen[reader] = 0, own, reader([], own)
        known, own, columns = self.seen[reader]
        if known < len(self.number):
            new = reader(list(islice(self.number, known, None)), own)
            columns = list(map(np.concatenate, zip(columns, new, strict=True)))
            self.seen[reader] = len(self.number), own, columns
        return columns


def split_text(text: str) -> list[str]:
    """Return the sentences of one text as written, for trying the rules.

    >>> split_text("Dr. Weber spoke. Nobody listened.")
    ['Dr. Weber spoke.', 'Nobody listened.']
    """
    documents = make_documents([text])
    return text_of(documents, tokenise(documents)[0])


def join_texts(texts):
    """Return (all texts in one, each on a line of its own, and where each begins in it)."""
    offset = np.cumsum([1, *(len(text) + 1 for text in texts)])[:-1]
    return "\n".join(["", *texts, ""]), offset


def _cut(joined, numbers):
    codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
    space = IS_SPACE[codes]
    start = np.flatnonzero(space[:-1] & ~space[1:]) + 1
    end = np.flatnonzero(space[1:] & ~space[:-1]) + 1
    new_line = np.zeros(len(start) + 1, bool)
    new_line[np.searchsorted(start, np.flatnonzero(codes == ord("\n")))] = True
    odd = set(codes[space & (codes > 13) & (codes != 32)].tolist())
    return _number(joined, odd, len(start), numbers), start, end, new_line[:-1]


def _number(joined, odd, n, numbers):
    """Return the numbers of a text's n chunks; `odd` are the white space outside ASCII in it."""
    if pa is None:
        return np.fromiter(map(numbers.__getitem__, joined.split()), np.int64, n)
    for code in odd:
        joined = joined.replace(chr(code), " ")  # for the faster of Arrow's ways to split
    parts = pc.ascii_split_whitespace(pa.array([joined])).flatten()  # with empty ones about them
    coded = parts.slice(1, n).dictionary_encode()
    number = np.fromiter(map(numbers.__getitem__, coded.dictionary.to_pylist()), np.int64)
    return number[coded.indices.to_numpy()]


def expand(first, taken):
    """Return (owner, item) of the items first, first + 1, … that each owner has `taken` of.

    An item is the running number of all items, less what earlier owners took, plus `first`.
    """
    owner = np.repeat(np.arange(len(first)), taken)
    return owner, np.arange(len(owner)) + (first - np.cumsum(taken) + taken)[owner]


def tokenise(
    documents: pd.DataFrame, chunks: "Chunks | None" = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables (sentences, tokens) of the documents.

    part is title, lead or body; paragraph counts from 0; n_words counts tokens with a letter or
    digit; word is as written, dictionary-coded. `chunks` is a `Chunks` that knows what was read
    before, or None. Words and sentence ends follow NLTK's tokenisers and the rules in rules.py.

    >>> from framebook.tables import make_documents
    >>> sentences, tokens = tokenise(make_documents(["The river rose. It’s over."]))
    >>> sentences.n_words.tolist(), tokens.word.tolist()[4:]
    ([3, 2], ['It’s', 'over', '.'])
    """
    chunks = chunks or Chunks()
    chunks.make_room()
    blocks = [
        _tokenise_block(documents.iloc[at : at + BLOCK], chunks)
        for at in range(0, max(len(documents), 1), BLOCK)
    ]
    # A column is let go in the blocks once it is joined.
    sentences, tokens = (
        made[0]
        if len(made) == 1
        else {name: np.concatenate([block.pop(name) for block in made]) for name in list(made[0])}
        for made in zip(*blocks, strict=True)
    )
    tokens["word"] = _categorical(list(chunks.seen[_read_tokens][1]), tokens["word"])
    sentences["part"] = pd.array(sentences["part"], dtype="str")
    # Numbers of 64 bits, also where the machine (and with it numpy) counts in 32.
    return tuple(
        pd.DataFrame(made, copy=False).astype(
            {column: "int64" for column, kind in SCHEMAS[name].items() if kind == "int"}
        )
        for name, made in (("sentences", sentences), ("tokens", tokens))
    )


def _tokenise_block(documents, chunks):
    """Return the columns of `sentences` and those of `tokens`, as two dictionaries."""
    joined, offset = join_texts(documents.text.tolist())
    arrays = chunks.cut(joined)
    n_tokens, n_words, ending, *of_token = chunks.read(_read_tokens)
    line = np.cumsum(arrays[-1]) - 1
    kept = (np.bincount(line, n_words[arrays[0]]) > 0)[line]  # lines with a letter or digit
    number, start, end, new_line = (values[kept] for values in arrays)
    first = _find_sentences(joined, start, end, new_line, n_words[number], ending[number])
    n_chunks = np.diff(np.searchsorted(start, offset), append=len(start))  # by document
    doc = np.repeat(np.arange(len(offset)), n_chunks)[first]
    start, end = (values - np.repeat(offset, n_chunks) for values in (start, end))
    begin, end = start[first], end[np.append(first[1:], len(start))[: len(first)] - 1]
    paragraph = np.cumsum(new_line[first])
    paragraph -= paragraph[np.searchsorted(doc, doc)]
    part = _find_parts(documents, doc, paragraph, begin, end)

    # Tokens: each chunk brings those of its type. A sentence of more than MAX_TOKENS of
    # them is cut in pieces; `row` is the sentence that a piece is of.
    chunk, item = expand((np.cumsum(n_tokens) - n_tokens)[number], n_tokens[number])
    token_start, token_end, word, is_word = (column[item] for column in of_token)
    token_start, token_end = (place + start[chunk] for place in (token_start, token_end))
    bound = np.searchsorted(chunk, np.append(first, len(start)))
    row, piece = expand(np.zeros_like(first), -(-np.diff(bound) // rules.MAX_TOKENS))
    from_token = bound[row] + piece * rules.MAX_TOKENS
    to_token = np.minimum(from_token + rules.MAX_TOKENS, bound[row + 1])
    doc, words_before = doc[row], np.append(0, np.cumsum(is_word))
    doc_id, place = documents.doc_id.to_numpy()[doc], np.searchsorted(doc, doc)
    sent_id = doc_id * SENTENCE_STRIDE + np.arange(len(doc)) - place
    of = np.repeat(np.arange(len(row)), to_token - from_token)
    return {
        "sent_id": sent_id,
        "doc_id": doc_id,
        "part": part[row],
        "paragraph": paragraph[row],
        "start": np.where(piece > 0, token_start[from_token], begin[row]),
        "end": np.where(to_token < bound[row + 1], token_end[to_token - 1], end[row]),
        "n_words": words_before[to_token] - words_before[from_token],
    }, {
        "token_id": (doc_id * TOKEN_STRIDE - from_token[place])[of] + np.arange(len(item)),
        "sent_id": sent_id[of],
        "start": token_start,
        "end": token_end,
        "word": word,
    }


def _read_tokens(chunks, words):
    """Return n_tokens, n_words and ending by chunk; start, end, word and is_word by token.

    No token holds white space, so the tokens of a text are those of its chunks, and those
    of all chunks are found in one go where they stand one on a line.
    """
    lines = "\n".join(chunks)
    spans = chain.from_iterable(rules.token_spans(lines))
    start, end = np.fromiter(spans, np.int64).reshape(-1, 2).T
    line = np.cumsum([0, *(len(chunk) + 1 for chunk in chunks)])
    owner = np.searchsorted(line, start, side="right") - 1
    texts = [lines[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)]
    is_word = np.array([text[0].isalpha() or bool(rules.WORD.search(text)) for text in texts], bool)
    ending = [
        0
        if chunk[-1].isalnum()
        else bool(rules.end_class(chunk))
        if chunk.strip(rules.CLOSERS)
        else CLOSING
        for chunk in chunks
    ]
    return [
        np.asarray(column, np.int32)
        for column in (
            np.bincount(owner, minlength=len(chunks)),
            np.bincount(owner[is_word], minlength=len(chunks)),
            ending,
            start - line[owner],
            end - line[owner],
            list(map(words.__getitem__, texts)),
            is_word,
        )
    ]


def _find_sentences(joined, start, end, new_line, n_words, ending):
    """Return the numbers of the chunks that begin sentences.

    There is something to decide only where a chunk may end a sentence and its line goes on:
    at one chunk in 40. A chunk of closing marks stands for the last one before (`said`).
    Running counts tell whether a sentence has a word so far.
    """
    place, words = np.arange(len(start)), np.append(0, np.cumsum(n_words))
    at = np.flatnonzero((ending[:-1] > 0) & ~new_line[1:])
    line = np.maximum.accumulate(np.where(new_line, place, 0))[at]
    said = np.maximum.accumulate(np.where(ending == CLOSING, 0, place))[at]
    at, line, said = at[said >= line], line[said >= line], said[said >= line]
    begins, begin, base = new_line.copy(), -1, 0
    for here, of_line, before, so_far, a, b, c, d in zip(
        *map(
            np.ndarray.tolist,
            (
                at,
                line,
                words[line],
                words[at + 1],
                start[said],
                end[said],
                start[at + 1],
                end[at + 1],
            ),
        ),
        strict=True,
    ):
        if of_line > begin:
            begin, base = of_line, before
        chunk = joined[a:b]
        if so_far > base and rules.is_boundary(chunk, joined[c:d], here == begin):
            rest = joined[c : joined.index("\n", c)] if rules.ASKED.search(chunk) else ""
            if not (rest and rules.goes_on(chunk, rest, CHUNK.match(rest))):
                begin, base = here + 1, so_far
                begins[begin] = True
    first = np.flatnonzero(begins)
    has_word = np.diff(words[np.append(first, len(start))]) > 0
    return first[has_word]  # closing marks that stand apart belong to the sentence before


def _find_parts(documents, doc, *spans):
    """Return title, lead or body for each sentence, by its paragraph, start and end."""
    spans, parts = [column.tolist() for column in spans], []
    bounds = np.searchsorted(doc, np.arange(len(documents) + 1)).tolist()
    titles = documents.title.fillna("")
    for text, title, (a, b) in zip(documents.text, titles, pairwise(bounds), strict=True):
        parts += rules.name_parts(text, title, list(zip(*(s[a:b] for s in spans), strict=True)))
    return np.array(parts, object)


def _categorical(words, codes):
    """Return the words as a Categorical whose categories are those that occur, sorted."""
    used = sorted(np.flatnonzero(np.bincount(codes)).tolist(), key=words.__getitem__)
    rank = np.zeros(len(words), np.int32)
    rank[used] = np.arange(len(used))
    return pd.Categorical.from_codes(rank[codes], pd.Index([words[n] for n in used]))
