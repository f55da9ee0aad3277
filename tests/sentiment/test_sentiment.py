"""Tone: the scores are the libraries' own, and what explains them adds up.

The scores hold for NLTK 3.10.4, textblob 0.20.1 and the lexicon of vaderSentiment 3.3.2.
"""

from importlib.metadata import version
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textblob import TextBlob

from framebook.common.resampling import bootstrap_mean, cluster, leave_one_out, state_mean
from framebook.sentiment.bulk import score_sentences
from framebook.sentiment.explain import (
    describe_scores,
    explain,
    score_text,
    score_without_attribution,
)
from framebook.sentiment.lexicons import MEASURES, vader
from framebook.tables import conform, empty, make_documents
from framebook.tokenising.bulk import tokenise

SENTENCES = """
The talks were a success, but the ceasefire collapsed.
He said the bridge would reopen.
He STRESSED that the bridge would reopen!
No civilians were killed.
Nobody was hurt in the blast.
The hospital was not damaged, and it never closed.
The engineers destroyed 40 explosive devices.
It is not merely a wall but a disaster.
It is not merely good but excellent!!!
The talks were no good.
This is a kind of support, and she was kind.
The plan is hardly perfect.
It was very, very, VERY bad?
WAR AND PEACE
What??? A disgrace!?!?!
Without doubt the best of times; without hope, the worst.
“It is a disgrace,” the mayor said.
"It is a disgrace," the mayor said.
The mayor didn’t support it.
The mayor didn't support it.
:) :-( <3 and then D:
I love it 😀 but hate it 😡
least good, at least good, very least good
The bomb was the shit, said nobody of the kiss of death.
He is bad ass and she is to die for.
Interest rates rose; most of the village burned.
Straße, naïve café, Київ, 北京 and the good news
good good good, but bad bad good
never so good, never this bad
Vice Prime Minister A. Toldray: "a great, GREAT victory" – or not.
""".strip().split("\n")
BITS = [
    "good",
    "bad",
    "GOOD",
    "killed",
    "not",
    "never",
    "no",
    "isn't",
    "isn’t",
    "but",
    "BUT",
    "very",
    "least",
    "at",
    "kind",
    "of",
    "so",
    "without",
    "doubt",
    "war",
    "peace",
    "stressed",
    "the",
    "mayor",
    "!",
    "!!!",
    "?",
    "??",
    ",",
    "“",
    "”",
    '"',
    ":)",
    ":-(",
    "😀",
    "é",
    "北京",
    "great,”",
    "(bad)",
    "merely",
    "hardly",
    "most",
    "kiss",
    "death",
    "bad-tempered",
    "'",
    "—",
]
TEXTS = st.one_of(st.lists(st.sampled_from(BITS), max_size=14).map(" ".join), st.text(max_size=40))


@pytest.fixture(scope="module")
def nltk_vader(tmp_path_factory):
    """NLTK's analyser with the same lexicon, loaded by NLTK itself from a data folder."""
    import nltk
    from nltk.sentiment.vader import SentimentIntensityAnalyzer

    folder = tmp_path_factory.mktemp("nltk_data")
    (folder / "sentiment").mkdir()
    lexicon = (files("vaderSentiment") / "vader_lexicon.txt").read_bytes()
    (folder / "sentiment" / "lexicon.txt").write_bytes(lexicon.rstrip(b"\n"))
    kept, nltk.data.path[:] = list(nltk.data.path), [str(folder)]
    try:
        yield SentimentIntensityAnalyzer(lexicon_file="sentiment/lexicon.txt")
    finally:
        nltk.data.path[:] = kept


def test_the_versions_are_those_the_scores_hold_for():
    assert version("nltk") == "3.10.4"
    assert version("textblob") == "0.20.1"
    assert version("vaderSentiment") == "3.3.2"
    assert len(vader().lexicon) == 7506


def assert_equal_to_the_libraries(text, nltk_vader):
    polarity, subjectivity, compound = score_text(text)
    theirs = TextBlob(text).sentiment
    assert polarity - theirs.polarity == 0
    assert subjectivity - theirs.subjectivity == 0
    assert compound - nltk_vader.polarity_scores(text)["compound"] == 0


@pytest.mark.parametrize("text", SENTENCES)
def test_scores_are_the_libraries_own(text, nltk_vader):
    assert_equal_to_the_libraries(text, nltk_vader)


@given(TEXTS)
def test_scores_are_the_libraries_own_on_any_text(nltk_vader, text):
    assert_equal_to_the_libraries(text, nltk_vader)


def test_known_scores():
    def rounded(text):
        return tuple(round(score, 4) for score in score_text(text))

    assert rounded("He said the bridge would reopen.") == (0, 0, 0)
    assert rounded("He stressed the bridge would reopen.") == (0, 0, -0.34)
    assert rounded("No civilians were killed.") == (-0.2, 0, -0.7717)
    assert rounded("Civilians were killed.") == (-0.2, 0, -0.6705)
    assert rounded("The talks were no good.") == (-0.35, 0.6, 0.1779)
    assert score_text("") == (0, 0, 0)


def assert_explained(text):
    rows = explain(text)
    polarities = rows.score[rows.method == "textblob"]
    assert score_text(text)[0] == pytest.approx(polarities.mean() if len(polarities) else 0)
    sum_ = rows.score[rows.method == "vader"].sum()
    analyser = vader()
    emphasis = analyser._punctuation_emphasis(sum_, text)
    sum_ += np.sign(sum_) * emphasis if abs(sum_) > 1e-12 else 0
    assert score_text(text)[2] == pytest.approx(sum_ / (sum_**2 + 15) ** 0.5, abs=6e-5)


@pytest.mark.parametrize("text", SENTENCES)
def test_words_explain_the_scores(text):
    assert_explained(text)


@given(TEXTS)
def test_words_explain_the_scores_of_any_text(text):
    assert_explained(text)


def test_explain_names_the_words():
    rows = explain("The talks were a success, but the ceasefire collapsed.")
    assert [tuple(row) for row in rows.round(6).itertuples(index=False)] == [
        ("textblob", "success", 0.3),
        ("vader", "success", 1.35),
        ("vader", "collapsed", -1.65),
    ]
    assert list(explain("").columns) == ["method", "words", "score"]
    assert len(explain("")) == 0


def test_describe_scores():
    text = describe_scores(pd.Series(["No civilians were killed."], index=[7]))
    assert text.split("\n") == [
        "7 No civilians were killed.",
        "    TextBlob -0.20  killed -0.20",
        "    VADER    -0.77  No -1.20, killed -3.50",
    ]
    assert describe_scores(["He left it."]).split("\n")[2].endswith("no word that it knows")
    assert describe_scores([]) == ""


def make(text, pieces):
    """Documents and sentences of one text, and segments from (piece, role)."""
    documents = make_documents([text])
    sentences, _ = tokenise(documents)
    rows, at = [], 0
    for n, (piece, role) in enumerate(pieces):
        start = text.index(piece, at)
        at = start + len(piece)
        sent_id = sentences.sent_id[(sentences.start <= start)].iloc[-1]
        rows.append(
            {
                "seg_id": n,
                "sent_id": sent_id,
                "doc_id": 0,
                "start": start,
                "end": at,
                "role": role,
                "voice_id": None,
            }
        )
    segments = conform("segments", pd.DataFrame(rows)) if rows else empty("segments")
    return documents, sentences, segments


def test_without_attribution_cuts_the_phrase():
    text = "It is safe, he stressed, and the war is over."
    cut = score_without_attribution(
        *make(
            text,
            [
                ("It is safe, ", "content"),
                ("he stressed, ", "attribution"),
                ("and the war is over.", "content"),
            ],
        )
    )
    assert cut.left.tolist() == ["It is safe, and the war is over."]
    assert cut.changed.tolist() == [True]
    assert tuple(cut.loc[0, MEASURES]) == score_text("It is safe, and the war is over.")


def test_without_attribution_when_all_or_nothing_is_attribution():
    text = "He stressed. The war is over."
    tables = make(text, [("He stressed.", "attribution"), ("The war is over.", "narrator")])
    cut = score_without_attribution(*tables)
    assert cut.left.tolist() == ["", "The war is over."]
    assert cut.changed.tolist() == [True, False]
    assert cut.loc[0, MEASURES].tolist() == [0, 0, 0]
    assert tuple(cut.loc[1, MEASURES]) == score_text("The war is over.")
    whole = score_without_attribution(*tables[:2], empty("segments"))
    assert not whole.changed.any()
    pd.testing.assert_frame_equal(
        whole[["sent_id", "doc_id", *MEASURES]], score_sentences(*tables[:2])
    )


def test_without_attribution_cuts_two_phrases_of_one_sentence():
    text = "He said, she warned, it was bad."
    cut = score_without_attribution(
        *make(
            text,
            [
                ("He said, ", "attribution"),
                ("she warned, ", "attribution"),
                ("it was bad.", "content"),
            ],
        )
    )
    assert cut.left.tolist() == ["it was bad."]


def test_score_sentences_scores_each_sentence_alone():
    documents = make_documents(["The war is over. It was bad.", "Good."])
    sentences, _ = tokenise(documents)
    table = score_sentences(documents, sentences)
    expected = [score_text(t) for t in ("The war is over.", "It was bad.", "Good.")]
    assert table[MEASURES].to_records(index=False).tolist() == expected
    assert table.sent_id.tolist() == sentences.sent_id.tolist()


def test_empty_tables():
    documents, sentences, segments = empty("documents"), empty("sentences"), empty("segments")
    assert len(score_sentences(documents, sentences)) == 0
    cut = score_without_attribution(documents, sentences, segments)
    assert (
        list(cut.columns) == ["sent_id", "doc_id", *MEASURES, "changed", "left"] and len(cut) == 0
    )


def test_leave_one_out():
    assert leave_one_out([1, 2, 6]) == (3, 1.5, 4)
    assert all(np.isnan(leave_one_out([5])))
    assert all(np.isnan(leave_one_out([])))


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=30))
def test_leave_one_out_against_leaving_each_out(values):
    means = [np.mean(values[:n] + values[n + 1 :]) for n in range(len(values))]
    expected = (np.mean(values), min(means), max(means))
    assert leave_one_out(values) == pytest.approx(expected, abs=1e-12)
    mean, low, high = leave_one_out(values)
    assert low - 1e-12 <= mean <= high + 1e-12


def test_bootstrap_mean_needs_ten_documents():
    mean, low, high = bootstrap_mean(np.arange(9), np.arange(9))
    assert mean == 4 and np.isnan(low) and np.isnan(high)
    assert bootstrap_mean([0.5] * 20, np.repeat(np.arange(10), 2)) == (0.5, 0.5, 0.5)


def test_bootstrap_mean_resamples_documents_and_not_values():
    values, documents = np.repeat([0.0, 1.0] * 6, 50), np.repeat(np.arange(12), 50)
    mean, low, high = bootstrap_mean(values, documents)
    assert mean == 0.5
    assert high - low > 0.4  # 600 independent values would give about 0.08
    assert (low, high) == bootstrap_mean(values, documents)[1:]  # a fixed seed


@settings(max_examples=50)
@given(st.lists(st.floats(-1, 1), min_size=10, max_size=20))
def test_bootstrap_mean_stays_inside_the_values(values):
    mean, low, high = bootstrap_mean(values, range(len(values)), draws=200)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9


def test_state_mean():
    assert state_mean([1, 2, 6], [0, 0, 0]) == (
        "+3.00 over 3 sentences of one article (+1.50 to +4.00 with any one left out)"
    )
    assert state_mean([0, 1], [0, 1], ".0%") == (
        "50% over 2 sentences (no interval: 2 articles are too few to resample)"
    )
    assert state_mean([0.5] * 12, range(12)) == (
        "+0.50 over 12 sentences of 12 articles (+0.50 to +0.50: 95 %, articles resampled)"
    )
    assert state_mean([0.25], [3]) == "+0.25, the only sentence"
    assert state_mean([], []) == "no sentence"


def test_cluster_takes_near_duplicates_as_one():
    loading = conform(
        "loading",
        pd.DataFrame(
            {
                "path": ["a", "b", "c", "d"],
                "key": None,
                "reason": None,
                "status": ["read", "rejected", "read", "read"],
                "duplicate_group": [0, None, None, 0],
            }
        ),
    )
    sentences = pd.DataFrame({"doc_id": [0, 0, 2, 3]})
    assert cluster(sentences, loading).tolist() == [0, 0, 2, 0]
