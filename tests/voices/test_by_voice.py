"""What is measured by voice: words, cues, tone and concentration, on texts counted by hand."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framebook.framing.codebook import load_codebook
from framebook.framing.cues import find_cues
from framebook.sentiment.explain import score_text
from framebook.tables import SENTENCE_STRIDE, empty, make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.by_voice import (
    concentration,
    count_words,
    cue_rates,
    cues_by_voice,
    tone_by_voice,
    voice_shares,
)
from framebook.voices.voices import assign_voices, find_voices


def analyse(*texts):
    """Return (documents, voices, segments, tokens) of some texts, each a document."""
    documents = make_documents(texts)
    sentences, tokens = tokenise(documents)
    return documents, *find_voices(documents, sentences, tokens)[:2], tokens


def test_words_are_counted_without_punctuation():
    documents, _, segments, _ = analyse("It rained 3.5 metres on St. Orla’s well-kept road …")
    assert count_words(segments, documents).tolist() == [9]


@given(st.lists(st.text("aé_5½ß😀 -'’.,\n"), min_size=1, max_size=3), st.data())
def test_words_of_a_segment_are_those_that_the_pattern_finds_in_it(texts, data):
    rows = []
    for doc, text in enumerate(texts):
        cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6)))
        rows += [(doc * SENTENCE_STRIDE, a, b) for a, b in zip(cuts, cuts[1:], strict=False)]
    documents = pd.DataFrame({"doc_id": range(len(texts)), "text": texts})
    segments = pd.DataFrame(rows, columns=["sent_id", "start", "end"])
    found = [
        len(re.findall(r"\w+(?:[-'’.,]\w+)*", texts[sent_id // SENTENCE_STRIDE][a:b]))
        for sent_id, a, b in rows
    ]
    assert count_words(segments, documents).tolist() == found
    assert count_words(segments.assign(n_words=7), documents).tolist() == [7] * len(rows)


def test_shares_are_counts_of_words_and_sentences():
    documents, voices, segments, _ = analyse(
        "It rained. “We built it,” said Mayor Ada Crane. The bridge is expected to open. "
        "The road, she said, was safe."
    )
    shares = voice_shares(documents, segments, voices)
    assert shares.index.tolist() == [
        "narrator",
        "attribution phrase",
        "paraphrased",
        "quoted",
        "mixed",
        "source unspecified",
    ]
    assert shares.n_words.tolist() == [4, 8, 4, 3, 0, 2]
    assert shares.n_sentences.tolist() == [2, 3, 1, 1, 0, 1]
    assert shares.share.tolist() == pytest.approx([n / 21 for n in (4, 8, 4, 3, 0, 2)])


def test_shares_of_nothing_are_nothing():
    documents, voices, segments, _ = analyse("…")
    shares = voice_shares(documents, segments, voices)
    assert (shares.n_words == 0).all() and (shares.share == 0).all()


# Cues


@pytest.fixture
def tolls(tmp_path):
    """(documents, spans, segments, voices) of two articles with cues of one code, `b:toll`."""
    path = tmp_path / "mine.toml"
    path.write_text('[codebook]\nname = "b"\n[[code]]\nid = "toll"\npatterns = ["toll", "said"]\n')
    documents, voices, segments, tokens = analyse(
        "The toll fell. Critics said that the toll was a tax.",
        "The toll, the mayor said, is fair. A toll is expected to come.",
    )
    return (
        documents,
        assign_voices(find_cues(tokens, [load_codebook(path)]), segments),
        segments,
        voices,
    )


def test_cues_are_counted_by_who_answers_for_them(tolls):
    _, spans, _, voices = tolls
    table = cues_by_voice(spans, voices)
    assert table.loc["b:toll"].to_dict() == {"narrator": 4, "government": 1, "unnamed": 1}
    assert table.columns.tolist() == ["narrator", "government", "unnamed"]
    assert cues_by_voice(spans, voices, "speaker").columns.tolist() == [
        "narrator",
        "Critics",
        "mayor",
    ]
    assert cues_by_voice(spans.iloc[:0], voices).columns.tolist() == ["narrator"]


@pytest.mark.parametrize(
    ("by", "official", "unnamed", "nobody"),
    [
        ("speaker_class", "government", "unnamed", "unspecified"),
        ("speaker", "mayor", "Critics", "source unspecified"),
    ],
)
def test_rates_have_their_counts_and_their_words(tolls, by, official, unnamed, nobody):
    table = cue_rates(*tolls, by)
    assert table.n_cues.to_dict() == {"narrator": 4, unnamed: 1, official: 1, nobody: 0}
    assert table.n_words.to_dict() == {"narrator": 13, unnamed: 5, official: 4, nobody: 2}
    assert table.per_100_words.tolist() == pytest.approx([400 / 13, 20, 25, 0])


def test_rates_of_single_attributions(tolls):
    table = cue_rates(*tolls, "voice_id")
    assert table.drop("narrator").n_cues.to_dict() == dict(
        zip(tolls[3].voice_id.iloc[[0, 1, 2]], [1, 1, 0], strict=True)
    )


def test_rates_where_there_is_no_word():
    documents, voices, segments, _ = analyse("…")
    assert len(cue_rates(documents, empty("spans"), segments, voices)) == 0
    documents, voices, segments, _ = analyse("“!”")
    table = cue_rates(documents, empty("spans"), segments, voices)
    assert table.n_words.tolist() == [0] * len(table) and table.per_100_words.isna().all()


# Tone


def test_tone_without_and_with_the_attribution_phrase():
    documents, voices, segments, _ = analyse(
        " ".join(["Critics complained that the bridge is good."] * 3 + ["It rained."] * 2)
    )
    tone = tone_by_voice(documents, segments, voices, minimum=3)
    assert tone.n_sentences.to_dict() == {"unnamed": 3, "narrator": 2}
    assert tone.loc["narrator"].drop("n_sentences").isna().all()
    critics = tone.loc["unnamed"]
    assert critics[["textblob_polarity", "vader_compound"]].tolist() == pytest.approx([0.7, 0.4404])
    whole = score_text("Critics complained that the bridge is good.")
    assert critics[["textblob_polarity_with", "vader_compound_with"]].tolist() == pytest.approx(
        whole[::2]
    )
    assert critics.vader_compound_cut == pytest.approx(0.4404 - whole[2]) and whole[2] < 0.2
    assert critics.textblob_polarity_cut == pytest.approx(0.7 - whole[0])
    assert (
        tone_by_voice(documents, segments, voices).drop(columns="n_sentences").isna().all(axis=None)
    )


def test_tone_of_speakers_and_of_a_narrator_without_a_phrase():
    documents, voices, segments, _ = analyse(
        "Critics said that the bridge is good.", "The bridge is good. Critics said it is bad."
    )
    tone = tone_by_voice(documents, segments, voices, "speaker", minimum=1)
    assert tone.n_sentences.to_dict() == {"Critics": 2, "narrator": 1}
    assert tone.textblob_polarity.tolist() == pytest.approx([0, 0.7])
    assert tone.loc["narrator", ["textblob_polarity_cut", "vader_compound_cut"]].tolist() == [0, 0]


def test_tone_of_nothing():
    documents, voices, segments, _ = analyse("…")
    assert len(tone_by_voice(documents, segments, voices)) == 0


# Concentration


def test_concentration_of_five_attributions():
    """Three of one and one each of two: 9/25 + 1/25 + 1/25; a source left open is no source."""
    _, voices, _, _ = analyse(
        "The mayor said that it rained. The mayor said that it froze. The mayor said it thawed. "
        "Residents said that it rained. Soldiers said it rained. It is expected to snow."
    )
    found = concentration(voices)
    assert found == {
        "n": 5,
        "n_sources": 3,
        "most_frequent": "mayor",
        "share": 0.6,
        "hhi": pytest.approx(11 / 25),
    }
    assert concentration(voices, "speaker_class")["most_frequent"] == "government"
    found = concentration(voices.iloc[:0])
    assert (found["n"], found["n_sources"], found["most_frequent"]) == (0, 0, None)
    assert found["hhi"] != found["hhi"]
