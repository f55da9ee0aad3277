"""TextBlob's and VADER's scores of many sentences at once, equal to the libraries' to the bit.

What a library makes of a white-space chunk is found once; its rules are then applied to all
sentences together, as arrays, in its own order of additions and multiplications. Sentences
of a rare shape (idioms, emoticons, for TextBlob any "!") are handed to the library itself.
The rules are those of nltk/sentiment/vader.py (nltk 3.10.4) and of the class Sentiment in
textblob/_text.py (textblob 0.20.1); tests/tokenising/test_bulk.py compares every bit.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain, pairwise
from string import punctuation

import numpy as np
import pandas as pd

from framebook.sentiment.lexicons import MEASURES, vader
from framebook.tables import conform
from framebook.tokenising.bulk import BLOCK, Chunks, expand, join_texts


def score_texts(texts: Sequence[str]) -> pd.DataFrame:
    """Return the table sentiment of texts that are one sentence each, sent_id from 0.

    >>> score_texts(["A good day.", "A bad day."]).vader_compound.tolist()
    [0.4404, -0.5423]
    """
    rows = range(len(texts))
    each = pd.DataFrame(
        {
            "doc_id": rows,
            "sent_id": rows,
            "text": pd.Series(texts, dtype="str"),
            "start": 0,
            "end": [len(text) for text in texts],
        }
    )
    return score_sentences(each, each)


# What a word is to VADER, as bits of one number; SO: "so" or "this". The lowest bits, and
# those from 32 on, say which rare pairs of neighbours it may form.
WORD, KNOWN, BOOSTER, UPPER, NEGATION, SO, LEAST, BUT = (1 << n for n in range(20, 28))
# What a word is to TextBlob, as a code: unknown ones by length (0 to 3), negations, and from
# LEXICON on the words of its lexicon. RARE is a bit of a chunk.
WIDE, LONG, NO, NOT, LEXICON, RARE = 1, 2, 4, 5, 6, 1 << 31
# A word or number with such marks about it as TextBlob's tokeniser takes off, whatever stands
# next: two in three of all different chunks. Before a full stop only what is no abbreviation.
SIMPLE = re.compile(
    r"""
    ["'“‘(\[]* ([^\W\d_]+(?:-[^\W\d_]+)*) (?:,?["'”’]*|[)\]]*,?|[:;])
    | ["'“‘(\[]* ([^\W\d_]{5,}(?:-[^\W\d_]+)*) \.["'”’]*
    | \$? (\d+(?:[.,]\d+)*) [.,;:]?""",
    re.VERBOSE,
)


def score_sentences(documents, sentences, chunks=None):
    """Return the table `sentiment`: each whole sentence scored by both libraries' rules."""
    chunks, scores = chunks or Chunks(), np.zeros((len(sentences), 3))
    of = pd.Index(documents.doc_id).get_indexer(sentences.doc_id)
    for at in range(0, len(documents), BLOCK):
        joined, offset = join_texts(documents.text.iloc[at : at + BLOCK].tolist())
        rows = np.flatnonzero(of // BLOCK == at // BLOCK)
        begin, end = (
            sentences[name].to_numpy()[rows] + offset[of[rows] - at] for name in ("start", "end")
        )
        scores[rows] = _score_spans(joined, begin, end, chunks)
    table = pd.DataFrame(scores, columns=MEASURES)
    for column in ("doc_id", "sent_id"):
        table.insert(0, column, sentences[column].to_numpy())
    return conform("sentiment", table)


def _score_spans(joined, begin, end, chunks):
    """Return an array of the three scores, one row a span of the text."""
    from textblob.en import sentiment

    number, start, stop, _ = chunks.cut(joined)
    first, after = np.searchsorted(start, begin), np.searchsorted(start, end)
    torn = np.flatnonzero(
        (np.append(start, -1)[first] != begin) | (np.append(stop, -1)[after - 1] != end)
    )  # cut through a chunk
    text, item = expand(first, after - first)
    number, scores = number[item], np.zeros((len(begin), 3))
    for columns, score, library in (
        (slice(0, 2), _score_textblob, sentiment),
        (2, _score_vader, lambda text: vader().polarity_scores(text)["compound"]),
    ):
        values, rare = score(chunks, number, text, len(begin))
        scores[:, columns] = values.T
        for n in np.union1d(rare, torn).tolist():
            scores[n, columns] = library(joined[begin[n] : end[n]])
    return scores


def _pair_bits(pairs):
    """Return {word: bits} of the words of pairs, those of the right 32 higher than of the left."""
    lefts, bits = {left: 1 << n for n, left in enumerate(sorted({left for left, _ in pairs}))}, {}
    for left, right in pairs:
        bits[right] = bits.get(right, 0) | lefts[left] << 32
    return bits | {left: bit | bits.get(left, 0) for left, bit in lefts.items()}


def _with_pairs(bits, text):
    """Return the texts in which a pair stands."""
    at = np.flatnonzero(bits[:-1] & 0xFFFFF)
    return text[at[(bits[at] << 32 & bits[at + 1] > 0) & (text[at] == text[at + 1])]]


@cache
def _vader_words():
    """Return {word: bits}; the pairs are the ends of idioms and boosters such as "kind of"."""
    rules = vader().constants
    phrases = *rules.SPECIAL_CASE_IDIOMS, *rules.BOOSTER_DICT, "never so", "never this"
    bits = _pair_bits([tuple(key.split()[-2:]) for key in phrases if " " in key])
    for words, bit in (
        (vader().lexicon, KNOWN),
        (rules.BOOSTER_DICT, BOOSTER),
        (rules.NEGATE, NEGATION),
        (["least"], LEAST),
        (["but"], BUT),
    ):
        bits.update((word, bit | bits.get(word, 0)) for word in words)
    return bits


def _read_vader(chunks, names):
    rows = np.fromiter(_see_vader(chunks, names), "i8,f8,f8,i4,i4,i4")
    return [rows[name] for name in rows.dtype.names]


def _see_vader(chunks, names):
    """Yield what VADER sees in each chunk: bits, valence, boost, name, !s and ?s.

    As `SentiText` has it: a chunk of one character is none of its words, and a mark from
    its list goes from one end of a word without other marks.
    """
    rules, lexicon, known = vader().constants, vader().lexicon, _vader_words()
    marks = set(rules.PUNC_LIST)
    for chunk in chunks:
        word, core = chunk, chunk.strip(punctuation)
        if core != chunk and len(core) > 1:
            before, _, after = chunk.partition(core)
            if (
                not (before and after)
                and before + after in marks
                and (core.isalnum() or not rules.REGEX_REMOVE_PUNCTUATION.search(core))
            ):
                word = core
        lower = word.lower()
        bits = (
            known.get(lower, 0)
            | WORD * (len(chunk) > 1)
            | UPPER * word.isupper()
            | SO * (word in ("so", "this"))
            | NEGATION * ("n't" in lower)
        )
        yield (
            bits,
            lexicon.get(lower, 0),
            rules.BOOSTER_DICT.get(lower, 0),
            names[word] if bits & KNOWN else 0,
            chunk.count("!"),
            chunk.count("?"),
        )


def _score_vader(chunks, number, text, n):
    """Return (compound of the n texts, indices of those that the library itself must score)."""
    chunk_bits, valence, boost, name, *marks = chunks.read(_read_vader)
    marked = np.flatnonzero((marks[0] + marks[1])[number])
    cries, asks = (np.bincount(text[marked], mark[number[marked]], n) for mark in marks)
    emphasis = np.minimum(cries, 4) * 0.292 + np.where(
        asks <= 1, 0, np.where(asks <= 3, asks * 0.18, 0.96)
    )
    bits = chunk_bits[number]
    bits, number, text = (values[bits & WORD > 0] for values in (bits, number, text))
    begin = np.searchsorted(text, np.arange(n + 1))
    upper = np.bincount(text[bits & UPPER > 0], minlength=n)
    mixed = (upper > 0) & (upper < np.diff(begin))  # some words in capitals, but not all

    # A repeated word of the lexicon is scored where it first stands: score each once.
    hit = np.flatnonzero(bits & (KNOWN | BOOSTER) == KNOWN)
    of, name = text[hit], name[number[hit]]
    _, once, same = np.unique(
        of * (name.max(initial=0) + 1) + name, return_index=True, return_inverse=True
    )
    at, of_once = hit[once], of[once]
    scores = _weigh(at, valence[number[at]], boost[number], bits, begin[of_once], mixed[of_once])[
        same
    ]

    # What stands before the first "but" counts half, what stands after it one and a half.
    but = np.flatnonzero(bits & BUT)
    but_text, first = np.unique(text[but], return_index=True)
    turn = np.full(n, -1)
    turn[but_text] = but[first]
    scores *= 1 + np.sign(hit - turn[of]) * (turn[of] >= 0) / 2
    bound, scores = np.searchsorted(of, np.arange(n + 1)).tolist(), scores.tolist()
    total = np.array([sum(scores[a:b]) for a, b in pairwise(bound)], float)
    total += np.sign(total) * emphasis
    total /= np.sqrt(total * total + 15)
    compound = np.array([round(score, 4) if score else 0.0 for score in total.tolist()])
    return compound, np.append(_with_pairs(bits, text), of[bits[hit - 1] & LEAST > 0])


def _weigh(at, score, boost, bits, begin, mixed):
    """Return VADER's valence of the words at the places `at`, by the three before each.

    The rules of `sentiment_valence` in turn, each for all words. Places before the text
    are set to its beginning; `near` keeps what is read there from counting.
    """
    rules = vader().constants

    def louder(where):  # capitals among small letters
        return np.where(where & mixed, np.where(score > 0, rules.C_INCR, -rules.C_INCR), 0)

    score = score + louder(bits[at] & UPPER > 0)
    for back, fade in ((1, 1), (2, 0.95), (3, 0.9)):
        place = np.maximum(at - back, begin)
        near = (at - back >= begin) & (bits[place] & KNOWN == 0)
        step = np.where(score < 0, -boost[place], boost[place])
        step = (step + louder(bits[place] & (BOOSTER | UPPER) == BOOSTER | UPPER)) * fade
        factor = np.where(bits[place] & NEGATION, rules.N_SCALAR, 1)
        if back == 3:
            factor = np.where(bits[at - 1] & SO, 1.25, factor)
        score = np.where(near, (score + step) * factor, score)
    return score


@cache
def _textblob_words():
    """Return ({word: code}, an array a property by code, emoticons, bits of their parts)."""
    from textblob._text import EMOTICONS
    from textblob.en import sentiment

    codes = {word: LEXICON + n for n, word in enumerate(sentiment.keys())}
    codes |= {word: NO if len(word) < 3 else NOT for word in sentiment.negations}
    rows = [(0, 0, 1, 0)] * LEXICON + [  # the last: 1 an adverb, 2 one that ends in -ly
        (*senses[None], ("RB" in senses) * (1 + sentiment.modifier(word)))
        for word, senses in sentiment.items()
    ]
    signs = list(chain(*EMOTICONS.values()))
    pairs = _pair_bits(
        [
            (sign[k - 1], sign[k:end])
            for sign in signs
            for k in range(1, len(sign))
            for end in range(k + 1, len(sign) + 1)
        ]
    )
    return codes, np.array(rows).T, {sign.lower() for sign in signs}, pairs


def _read_textblob(chunks, _):
    """Return the number of codes and the bits of each chunk, and all chunks' codes.

    TextBlob's tokeniser looks across white space for emoticons and line breaks only, so
    that chunks pass through it together, with an unused character between them. Of unknown
    words, long ones end the reach of a negation (WIDE) or an adverb (LONG); others do nothing.
    """
    from textblob._text import EOS
    from textblob.en import sentiment

    known, _, signs, pairs = _textblob_words()
    cores = [match[match.lastindex] if match else "" for match in map(SIMPLE.fullmatch, chunks)]
    line = " \ue000 ".join(
        chunk.replace("\ue000", "\ue001")
        for chunk, core in zip(chunks, cores, strict=True)
        if not core
    )
    others = iter(" ".join(sentiment.tokenizer(line)).split("\ue000"))
    counts, bits, codes = [], [], []
    for chunk, core in zip(chunks, cores, strict=True):
        words = [core] if core else next(others).split()
        first = words[0] if words and chunk.startswith(words[0]) else chunk[0]
        sign = pairs.get(chunk[-1], 0) & 0xFFFFF | pairs.get(first, 0) & ~0xFFFFF
        before = len(codes)
        for word in words:
            word = word.lower()
            code = known.get(word) or WIDE * (len(word) > 1) | LONG * (len(word) > 2)
            if code:
                codes.append(code)
            if word in signs:
                sign = RARE
        bits.append(RARE if "!" in chunk or EOS in chunk else sign)
        counts.append(len(codes) - before)
    return [np.array(counts, np.int32), np.array(bits, np.int64), np.array(codes, np.int32)]


def _score_textblob(chunks, number, text, n):
    """Return (polarity and subjectivity of the n texts, indices of those left to the library).

    Its rules are those of `assessments`. Running counts of words that end the reach of an
    adverb (`stops`) or a negation (`wide`) say whether one is between two places.
    """
    counts, bits, codes = chunks.read(_read_textblob)
    bits, last = bits[number], np.cumsum(counts)
    handed = np.append(text[bits & RARE > 0], _with_pairs(bits, text))
    owner, item = expand((last - counts)[number], counts[number])
    code, text = codes[item], text[owner]
    at = np.flatnonzero(code >= LEXICON)
    if not len(at):
        return np.zeros((2, n)), handed
    polarity, subjectivity, intensity, kind = _textblob_words()[1][:, code[at]]
    of, no = text[at], np.flatnonzero((code == NO) | (code == NOT))
    wide = np.cumsum((code < NO) & (code & WIDE > 0))
    stops = np.cumsum((code == NOT) | (code < NO) & (code & LONG > 0))

    # A negation acts on the lexicon's next word; on the word before it if that is an adverb
    # in -ly ("really not"), which is rare.
    before = np.searchsorted(at, no) - 1
    after = np.minimum(before + 1, len(at) - 1)
    rare = (before >= 0) & (kind[before] == 2) & (of[before] == text[no])
    rare &= stops[at[before]] == stops[no] - (code[no] == NOT)
    reaches = (at[after] > no) & (of[after] == text[no]) & (wide[at[after]] == wide[no])
    negated = np.zeros(len(at), bool)
    negated[after[reaches]] = True

    # An adverb modifies the next word, and is replaced by it: "really very good" is one
    # assessment, with the last word's scores, turned if any of its words is negated.
    linked = (kind[:-1] > 0) & (of[1:] == of[:-1]) & (np.diff(stops[at]) == 0)
    linked, is_last = np.append(False, linked), np.append(~linked, True)
    passed = np.append(1, np.where(negated, 1 / intensity, intensity)[:-1])
    turned = np.logical_or.reduceat(negated, np.flatnonzero(~linked))
    means, count = [], np.maximum(np.bincount(of[is_last], minlength=n), 1)
    for values, factor in ((polarity, np.where(turned, -0.5, 1)), (subjectivity, 1)):
        values = np.where(linked, np.clip(values * passed, -1, 1), values)[is_last] * factor
        means.append(np.bincount(of[is_last], values, n) / count)
    return np.array(means), np.append(handed, text[no[rare]])
