"""The engine equals the plain rules, and the libraries to the last bit."""

from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from itertools import chain

import numpy as np
import oracles
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.tokenize import RegexpTokenizer
from pandas.testing import assert_frame_equal
from textblob import TextBlob
from textblob.en import sentiment

from framebook.sentiment import bulk as scoring
from framebook.sentiment.lexicons import vader
from framebook.tables import text_of
from framebook.tokenising import bulk
from framebook.tokenising.rules import TOKEN_PATTERN

WORDS = """good bad great terrible kind horrible love hate war peace attack attacks support best
worst really very extremely absolutely not never no nor without don't isn't can't won't ain't
n't cannot hardly barely seldom despite least most more less so this but however And BUT the The
a A I at of to in on death hand mouth kiss shit bomb ass yeah right cut mustard just enough sort
sorta kinda only well-known far-out risk-free state-supported GOOD BAD Not NEVER NO VERY KIND
Kind Of OF LEAST Least At AT Very So THIS This U.S. Mr. etc. no. No. Jan. a.m. p.m. e.g. 3 8 18
2018 x D P p o c b O S s 13th 20th f*cking crap definitely lively deadly early daily hopefully
unfortunately naïve élan 😀 𝒜bad “good” ‘bad’ it’s it's Trump's Trump’s good's bad— —war war…
war... co-op anti-war fine Better happy sad dead killed crisis fear hope hopes fails success
PEACE Great İll ß ﬁne ΟΔΟΣ""".split()
MARKS = """! !! !!! !!!! !!!!! ? ?? ??? ???? ?! !? , . ; : - -- ... … " ' “ ” ‘ ’ ( ) [ ] (!) * *)
: ) : ( :) :( :-) :D :P ;) :'( <3 ♥ 8) =) =/ :/ o_O xD XD >:( :o) ° °O° O° & % $5 5% # @ _ __ ` ~
| / \\ END-OF-SENTENCE \ue000 \ue001 http://x.y/z a@b.c""".split()
PHRASES = """the bomb|the shit|bad ass|yeah right|cut the mustard|kiss of death|hand to mouth|
kind of|sort of|just enough|never so|never this|without doubt|at least|very least|the least|
not really|really not|not very good|no good|not a good|very very good|so good|this bad|
never so bad|kind of bad|Kind of good|KIND OF|not only good but bad|said he was not happy|( ! )|
( 8 )|: - )|hardly any|really no good|hopefully never bad|definitely not a very good|
isn't so great""".replace("\n", "").split("|")
SPACES = [*"     \t\u00a0\u2009\x1c\x1f\x85\r\u2028", "  ", "\n\n"]

piece = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS),
    st.sampled_from(PHRASES),
    st.sampled_from(MARKS),
    st.text(max_size=6),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", *MARKS]),
        st.sampled_from(WORDS),
        st.sampled_from(["", *MARKS]),
    ),
)


def joined(pairs):
    return "".join(chain(*pairs))


sentence = st.lists(st.tuples(piece, st.sampled_from(SPACES)), max_size=14).map(joined)
line = st.one_of(sentence, st.builds("{}. {}? {}".format, sentence, sentence, sentence))
line_end = st.sampled_from(["\n", "\n\n", "\r\n", " \n\t"])
article = st.lists(st.tuples(line, line_end), max_size=5).map(joined)


def make(texts, titles=None):
    """Return documents with gaps in their ids, as a run leaves them."""
    return pd.DataFrame(
        {
            "doc_id": np.arange(len(texts)) * 3 + 1,
            "text": pd.array(texts, dtype="str"),
            "title": pd.array(titles or [None] * len(texts), dtype="str"),
        }
    )


def whole(texts):
    """Return documents, and one sentence for each that is the whole text."""
    documents = make(texts)
    sentences = pd.DataFrame(
        {
            "sent_id": documents.doc_id,
            "doc_id": documents.doc_id,
            "start": 0,
            "end": [len(text) for text in texts],
        }
    )
    return documents, sentences


def assert_tokens_equal(documents):
    for ours, plain in zip(bulk.tokenise(documents), oracles.tokenise(documents), strict=True):
        assert_frame_equal(ours, plain)


def assert_scores_equal(documents, sentences):
    ours = scoring.score_sentences(documents, sentences)
    plain = oracles.score_sentences(documents, sentences)
    assert_frame_equal(ours, plain, check_exact=True)


def test_versions():
    """The equality holds for these releases; with others, compare their rules again."""
    found = {name: version(name) for name in ("nltk", "textblob", "vaderSentiment")}
    assert found == {"nltk": "3.10.4", "textblob": "0.20.1", "vaderSentiment": "3.3.2"}


def test_what_the_arrays_take_for_granted():
    sentiment.load()
    assert not set(sentiment.negations) & set(sentiment.keys())  # a negation is no lexicon word
    assert min(senses[None][2] for senses in sentiment.values()) > 0  # intensities divide
    assert "least" not in vader().lexicon
    for bits in (scoring._textblob_words()[3], scoring._vader_words()):
        lefts = [own & 0xFFFFF for own in bits.values() if own & 0xFFFFF]
        assert len(lefts) == len(set(lefts)) <= 20  # one of the lowest 20 bits for each
        assert all(bit.bit_count() == 1 for bit in lefts)
    text = "".join(f"a{chr(code)}b" for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    assert pc.utf8_split_whitespace(pa.array([text])).flatten().to_pylist() == text.split()
    assert not any(
        chr(code).isspace() for code in range(len(bulk.IS_SPACE)) if not bulk.IS_SPACE[code]
    )


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["", " \n\t ", "a"],
        ["One.", "", "Two"],
        ["* * *\nA line.\n---\n"],
        ["A title\nThe lead. Its end.\nThe body."],
        ["NBSP\u00a0here.\x85Next? Yes"],
        ["x" * 30_000],
        ["."] * 3,
        ["word, " * 4500],
        ["a-b'c." * 2100 + " End"],
        ["!" * 4001],
        ["𝒜 😀 b. É\u0301n Mr. X."],
        ["He asked. ” Then\n” Why? ” Ms. Orr asked.\n“Why?” Mr. Orr said. “No.” He left."],
    ],
)
def test_small_cases(texts):
    documents = make(texts)
    assert_tokens_equal(documents)
    assert_scores_equal(documents, bulk.tokenise(documents)[0])
    assert_scores_equal(*whole(texts))


def test_titles_make_parts():
    titles = ["A title", "No title", None]
    assert_tokens_equal(make(["A title\nLead. More.\nBody."] * 3, titles))


@given(st.lists(article, max_size=6))
def test_generated_articles(texts):
    documents = make(texts)
    assert_tokens_equal(documents)
    assert_scores_equal(documents, bulk.tokenise(documents)[0])


@settings(max_examples=50)
@given(st.lists(st.lists(st.sampled_from([*WORDS, *MARKS, *PHRASES])).map(" ".join), max_size=6))
def test_tokens_are_those_of_nltk(texts):
    documents = make(texts)
    sentences, tokens = bulk.tokenise(documents)
    of_sentence = tokens.groupby("sent_id")
    for row, text in zip(sentences.itertuples(), text_of(documents, sentences), strict=True):
        own = of_sentence.get_group(row.sent_id)
        spans = [
            (row.start + a, row.start + b)
            for a, b in RegexpTokenizer(TOKEN_PATTERN).span_tokenize(text)
        ]
        assert spans == list(zip(own.start, own.end, strict=True))


@given(st.lists(sentence, min_size=1, max_size=20))
def test_generated_sentences(texts):
    assert_scores_equal(*whole(texts))


@given(st.lists(sentence, min_size=1, max_size=5), st.data())
def test_sentences_that_cut_through_chunks(texts, data):
    documents, sentences = whole(texts)
    cuts = [data.draw(st.integers(0, len(text))) for text in texts]
    before, after = sentences.assign(end=cuts), sentences.assign(start=cuts)
    assert_scores_equal(documents, pd.concat([before, after]).reset_index(drop=True))


def test_textblob_object_agrees():
    texts = ["Not a really bad idea!", "kind of good :)", "No, it is hopefully not dead."]
    ours = scoring.score_sentences(*whole(texts))
    theirs = [tuple(TextBlob(text).sentiment) for text in texts]
    assert list(zip(ours.textblob_polarity, ours.textblob_subjectivity, strict=True)) == theirs


def test_blocks_and_forgetting_change_nothing(monkeypatch):
    rng = np.random.default_rng(5)
    texts = [" ".join(rng.choice([*WORDS, *MARKS, *PHRASES], 40)) + "\nNext." for _ in range(40)]
    documents = make([*texts[:20], "", *texts[20:]])
    sentences, tokens = bulk.tokenise(documents)
    scores = scoring.score_sentences(documents, sentences)
    for module in (bulk, scoring):
        monkeypatch.setattr(module, "BLOCK", 7)
    for chunks in (bulk.Chunks(most=3), bulk.Chunks(), None):
        for _ in range(2):
            again, tokens_again = bulk.tokenise(documents, chunks)
            assert_frame_equal(again, sentences)
            assert_frame_equal(tokens_again, tokens)
            assert_frame_equal(
                scoring.score_sentences(documents, again, chunks), scores, check_exact=True
            )


def test_what_is_remembered_is_bounded():
    chunks = bulk.Chunks(most=3)
    bulk.tokenise(make(["one two three four five"]), chunks)
    assert list(chunks.number) == ["one", "two", "three", "four", "five"]
    bulk.tokenise(make(["six one"]), chunks)
    assert list(chunks.number) == ["six", "one"]


def test_each_chunk_is_read_once():
    read = []
    chunks = bulk.Chunks()
    bulk.tokenise(make(["one two two"]), chunks)
    chunks.read(lambda new, own: read.append(new) or [np.zeros(len(new))])
    assert read == [[], ["one", "two"]]


def test_threads_do_not_share(monkeypatch):
    rng = np.random.default_rng(6)
    blocks = [
        make([" ".join(rng.choice([*WORDS, *MARKS, *PHRASES], 60)) for _ in range(9)])
        for _ in range(60)
    ]

    def run(documents):
        sentences, tokens = bulk.tokenise(documents)
        return sentences, tokens, scoring.score_sentences(documents, sentences)

    with ThreadPoolExecutor(4) as pool:
        for documents, found in zip(blocks, pool.map(run, blocks), strict=True):
            for ours, again in zip(found, run(documents), strict=True):
                assert_frame_equal(ours, again, check_exact=True)
