"""The tone towards an actor: which words count, how much, and what is shown of them."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framebook.sentiment.tone import explain_tone
from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.portrayal import find_portrayals
from framebook.voices.target_tone import AFTER, ELSEWHERE, NEAR, tone_towards, weigh_words
from framebook.voices.voices import find_voices


def weights(text, target, **options):
    start = text.index(target)
    found = weigh_words(text, start, start + len(target), **options)
    own = dict(zip(explain_tone(text).words, explain_tone(text).score, strict=True))
    assert all(text[a:b].lower() == word for a, b, word, _ in found)
    return {word: round(score / own[word], 4) for *_, word, score in found}


def test_nearer_words_count_more_and_later_ones_more_than_earlier():
    assert weights("Nine victims saw Venn rescue them.", "Venn") == {
        "victims": round(math.exp(-2 / NEAR), 4),
        "rescue": round(AFTER * math.exp(-1 / NEAR), 4),
    }


def test_what_another_clause_says_counts_little_and_so_does_what_the_target_says():
    near = AFTER * math.exp(-1 / NEAR)
    far = AFTER * math.exp(-2 / NEAR)
    assert weights("Venn, rescued", "Venn") == {"rescued": round(ELSEWHERE * far, 4)}
    assert weights("Venn rescued", "Venn", said="after") == {"rescued": round(ELSEWHERE * near, 4)}
    assert weights("Venn rescued", "Venn", said="before") == {"rescued": round(near, 4)}


def test_an_adjective_of_the_target_counts_twice_and_its_own_words_do_not():
    single = math.exp(-1 / NEAR)
    assert weights("The brave Venn", "Venn") == {"brave": round(single, 4)}
    assert weights("The brave Venn", "Venn", modifiers=5) == {"brave": round(2 * single, 4)}
    assert weights("The Victory party", "Victory") == {}


def tell(text):
    documents = make_documents([text])
    sentences, tokens = tokenise(documents)
    mentions = find_portrayals(documents, sentences, tokens)
    segments = find_voices(documents, sentences, tokens)[1]
    return documents, tone_towards(mentions, documents, sentences, segments)


def test_a_mention_has_its_evidence_as_a_span():
    text = "Lena Orr was cleared of the fraud. The board betrayed Gil Starke. Ana Venn came by bus."
    documents, table = tell(text)
    told = table.set_index("name")
    assert told.loc["Gil Starke", "tone"] == "unfavourable"
    assert told.loc["Ana Venn", "tone"] == "not told"
    assert told.loc["Ana Venn", "score"] == 0 and told.loc["Ana Venn", "evidence"] == ""
    assert told.evidence_start.isna().equals(told.tone == "not told")
    row = told.loc["Gil Starke"]
    assert text[row.evidence_start : row.evidence_end] == "betrayed"
    assert row.evidence.startswith("betrayed −") or row.evidence.startswith("betrayed -")


def test_the_voice_is_that_of_the_mention():
    text = "“Gil Starke is a coward,” said Lena Orr. Gil Starke is a hero."
    _, table = tell(text)
    starke = table[table.name == "Gil Starke"].sort_values("start")
    assert starke.tone.tolist() == ["unfavourable", "favourable"]
    assert starke.voice_id.isna().tolist() == [False, True]


def test_nobody_is_mentioned():
    _, table = tell("It rained on the quay.")
    assert table.empty and list(table.columns)[-1] == "voice_id"


BITS = ["Venn", "killed", "praised", "the", ",", "not", "mayor", "“", "said", ".", "\n", "é", "😀"]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(BITS), max_size=15).map(" ".join), st.integers(0, 40))
def test_any_target_of_any_text_has_words_inside_the_text(text, start):
    start = min(start, len(text))
    for a, b, word, score in weigh_words(text, start, min(start + 4, len(text)), "after", 3):
        assert text[a:b].lower() == word and math.isfinite(score)


@pytest.mark.parametrize("said", ["", "before", "after"])
def test_an_empty_text_has_none(said):
    assert weigh_words("", 0, 0, said) == []
