"""Who is blamed, who benefits, who should act: own sentences, read whole; and what always holds."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.parties import RULES, find_parties
from framebook.voices.voices import find_voices

COLUMNS = ["doc_id", "sent_id", "party", "start", "end", "rule", "voice_id"]


def read(*texts):
    """Return (documents, sentences, voices, parties) of texts."""
    documents = make_documents(list(texts))
    sentences, tokens = tokenise(documents)
    voices, segments, _ = find_voices(documents, sentences, tokens)
    return documents, sentences, voices, find_parties(tokens, segments)


def named(text):
    """Return {(party, the words that name it)} of a text."""
    return {(row.party, text[row.start : row.end]) for row in read(text)[3].itertuples()}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Residents blamed the council for the flood.", "the council"),
        ("The report blamed the mayor on Monday.", "the mayor"),
        ("Farmers blamed the drought on the dam’s owners.", "the dam’s owners"),
        ("The collapse was blamed on poor maintenance.", "poor maintenance"),
        ("The ministry was blamed for the delay.", "The ministry"),
        ("They accused the firm of fraud.", "the firm"),
        ("The police were accused of brutality.", "The police"),
        ("The inquiry held the governor responsible.", "the governor"),
        ("The owners of the mill are responsible for the leak.", "The owners of the mill"),
        ("The operator must be held accountable.", "The operator"),
        ("Both banks are partly to blame.", "Both banks"),
        ("The council failed to act on the warnings.", "The council"),
        ("The minister, Ada Venn, has repeatedly failed to answer.", "The minister"),
        ("The company that runs the line failed to repair it.", "The company"),
        ("The fire was caused by a faulty heater in the mill.", "a faulty heater"),
        ("The damage caused by the storm angered farmers.", "the storm"),
        ("They not only blamed the crew for it but sacked the pilot.", "the crew"),
    ],
)
def test_who_is_blamed(text, wanted):
    assert named(text) == {("blamed", wanted)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The grant will help small farmers plant the fields.", "small farmers"),
        ("The firm will compensate the victims of the leak.", "the victims of the leak"),
        ("Families who lost their homes will be compensated.", "Families"),
        ("The scheme is for the benefit of poor families.", "poor families"),
        ("Pensioners will benefit from the change.", "Pensioners"),
        ("The cut would benefit the richest households.", "the richest households"),
        ("The farmers will receive a grant.", "The farmers"),
        ("Two firms stand to gain from the sale.", "Two firms"),
    ],
)
def test_who_benefits(text, wanted):
    assert named(text) == {("benefits", wanted)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("“The government must act,” said Ada Venn.", "The government"),
        ("France and Germany should pay their share.", "France and Germany"),
        ("Critics say the minister needs to resign.", "the minister"),
        ("Officials who knew of it should resign.", "Officials"),
        ("Residents who said the mayor should resign were jeered.", "the mayor"),
        ("The bridge should be repaired by the council.", "the council"),
        ("Campaigners urged the government to act.", "the government"),
        ("He was urged to resign.", "He"),
        ("She called on the leaders of the town to resign.", "the leaders of the town"),
        ("The unions demanded that the company reopen the mine.", "the company"),
        ("It is up to parliament to decide.", "parliament"),
    ],
)
def test_who_should_act(text, wanted):
    assert named(text) == {("should_act", wanted)}


@pytest.mark.parametrize(
    "text",
    [
        "She did not blame the crew.",
        "Nobody blamed the crew.",
        "No minister is to blame.",
        "The operator is not responsible for the leak.",
        "The council didn’t fail to warn anyone.",
        "The owner denied he was to blame.",
        "The owner denied that she was to blame.",
        "Officials said nothing caused the leak.",
        "Ministers should not act alone.",
        "There was no benefit.",
        "The minister refused to help the farmers.",
    ],
)
def test_what_is_denied_is_passed_over(text):
    assert named(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "The bridge should open in June.",  # what is expected of a thing
        "The council should have acted.",
        "The bridge must be repaired.",
        "Should it rain, the fair moves indoors.",
        "The rule helps reduce prices.",
        "They made phone calls on Sunday to senators.",
        "The state sent up to 600 troops to the border.",
        "Here is what you need to know.",
        "The fault lay deep under the valley.",
        "",
        "?!",
    ],
)
def test_what_looks_like_a_party_and_is_none(text):
    assert named(text) == set()


def test_a_deed_is_not_blamed_where_it_is_the_effect():
    assert named("Voters blame the crisis on bankers.") == {("blamed", "bankers")}


def test_the_voice_is_that_of_the_content_or_null():
    text = "“The council must act,” said Ada Venn. The mill failed to warn its workers."
    _, _, voices, parties = read(text)
    assert parties.party.tolist() == ["should_act", "blamed"]
    assert parties.voice_id[0] == voices.voice_id[0] and pd.isna(parties.voice_id[1])


def test_columns_order_and_documents():
    documents, _, _, parties = read(
        "No one was hurt.",
        "Ministers must act. The bank is to blame.",
        "The town blamed the bank and urged ministers to act.",
    )
    assert list(parties.columns) == COLUMNS
    assert parties.doc_id.tolist() == [1, 1, 2, 2]
    assert parties.party.tolist() == ["should_act", "blamed", "blamed", "should_act"]
    assert str(parties.voice_id.dtype) == "Int64" and parties.start.dtype == "int64"
    assert parties.rule.isin(rule for rules in RULES.values() for rule in rules).all()


def test_nothing_gives_an_empty_table():
    parties = read("Rain fell.")[3]
    assert list(parties.columns) == COLUMNS and not len(parties)
    _, tokens = tokenise(make_documents([]))
    segments = read("Rain fell.")[3].iloc[:0]
    assert list(find_parties(tokens, segments.assign(role="")).columns) == COLUMNS


PIECES = [
    "The council",
    "Ada Venn",
    "ministers",
    "blamed",
    "the mayor",
    "on",
    "for",
    "failed to",
    "should",
    "must",
    "act",
    ",",
    ".",
    "“",
    "”",
    "who",
    "that",
    "was",
    "not",
    "be",
    "by",
    "urged",
    "to",
    "help",
    "caused",
    "caused by",
    "held",
    "responsible",
    "it is up to",
    "é",
    "will benefit",
    "😀",
    "of",
    "and",
    "\n\n",
    "Monday",
    "is to blame",
    "has",
    "(",
    "’s",
]


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join), min_size=1, max_size=3)
)
def test_offsets_name_words_inside_the_sentence(texts):
    documents, sentences, voices, parties = read(*texts)
    text, inside = documents.set_index("doc_id").text, sentences.set_index("sent_id")
    for row in parties.itertuples():
        found = text[row.doc_id][row.start : row.end]
        sentence = inside.loc[row.sent_id]
        assert found and found == found.strip() and any(c.isalpha() for c in found)
        assert sentence.start <= row.start < row.end <= sentence.end
        assert sentence.doc_id == row.doc_id
    assert set(parties.voice_id.dropna()) <= set(voices.voice_id)
    assert not parties.duplicated(["sent_id", "party", "start", "end"]).any()
