"""Scores of thousands of short texts at once are those that the libraries give each alone."""

import random
from itertools import product

import numpy as np
import pandas as pd
import pytest
from test_sentiment import BITS, SENTENCES, nltk_vader  # noqa: F401
from textblob.en import sentiment

from framebook.sentiment.bulk import score_sentences, score_texts
from framebook.tables import make_documents

WORDS = [
    *BITS,
    *"good, bad; GOOD! good. (good) “bad” 'bad' good's bad- $5 40 3.5 a I it".split(),
    *"really extremely slightly barely hardly quickly nicely really, VERY Very very.".split(),
    *"don't DON'T cannot nor nothing least, So this THIS so, but. BUT, never, not, no. n't".split(),
    *"to die for the shit bomb bad ass kind of sort sorta :( ;-) :D <3 8) 😡 u.s. e.g. U.S.".split(),
    *"well-known best-loved good-bad Good_bad 1,000 excellent terrible excellent! awful? ??? !!".split(),
    *"ok no-one x - , ! & (very) very) !good ?bad hopelessly hopeless utterly nice".split(),
]


def combine():
    """Return texts of one to three words in many orders, and longer ones drawn of them."""
    draw = random.Random(3)
    pairs = [" ".join(pair) for pair in product(WORDS[::2], WORDS[1::2])]
    few = [
        "good",
        "bad",
        "very",
        "VERY",
        "not",
        "never",
        "so",
        "least",
        "but",
        "hardly",
        "the",
        "!",
    ]
    triples = [" ".join(three) for three in product(few, repeat=3)]
    longer = [" ".join(draw.choices(WORDS, k=draw.randrange(4, 12))) for _ in range(1200)]
    return [*WORDS, *pairs[::2], *triples, *longer, *SENTENCES]


@pytest.fixture(scope="module")
def texts():
    return combine()


@pytest.fixture(scope="module")
def scores(texts):
    return score_texts(texts)


def test_textblob(texts, scores):
    wanted = [sentiment(text) for text in texts]
    found = scores[["textblob_polarity", "textblob_subjectivity"]].to_numpy()
    wrong = np.flatnonzero((found != np.array(wanted)).any(axis=1))
    assert [texts[n] for n in wrong] == []


def test_vader(texts, scores, nltk_vader):  # noqa: F811
    wanted = [nltk_vader.polarity_scores(text)["compound"] for text in texts]
    wrong = np.flatnonzero(scores.vader_compound.to_numpy() != np.array(wanted))
    assert [texts[n] for n in wrong] == []


def test_rows_are_those_of_the_sentences():
    documents = make_documents(["Good. Bad day", "x", "A good day. Very bad!"])
    at = [(0, 0, 5), (0, 6, 13), (1, 0, 1), (2, 0, 11), (2, 12, 21), (2, 2, 6), (2, 3, 6)]
    sentences = pd.DataFrame(at, columns=["doc_id", "start", "end"]).assign(
        sent_id=lambda table: table.doc_id * 2**20 + range(len(at))
    )
    table = score_sentences(documents, sentences)
    assert table.sent_id.tolist() == sentences.sent_id.tolist()
    assert table.doc_id.tolist() == sentences.doc_id.tolist()
    alone = score_texts([documents.text[d][a:b] for d, a, b in at])
    for column in ("textblob_polarity", "textblob_subjectivity", "vader_compound"):
        assert table[column].tolist() == alone[column].tolist()
    assert alone.sent_id.tolist() == alone.doc_id.tolist() == list(range(7))
    assert alone.vader_compound.tolist() == [0.4404, -0.5423, 0, 0.4404, -0.623, 0.4404, 0]


def test_texts_beyond_one_block_are_their_own():
    some = ["A good day.", "A bad day.", "A day.", "Not a good day."] * 700
    table = score_texts(some)
    assert table.vader_compound.tolist() == [0.4404, -0.5423, 0.0, -0.3412] * 700
    assert table.textblob_polarity.tolist() == pytest.approx([0.7, -0.7, 0.0, -0.35] * 700)
