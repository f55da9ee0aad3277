"""Which attributions report a fact."""

import pytest

from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.reported_facts import reports_fact
from framebook.voices.voices import find_voices


def facts(text):
    documents = make_documents([text])
    return reports_fact(documents, find_voices(documents, *tokenise(documents))[0]).tolist()


FACTS = """The ministry said that the bridge was closed on Monday.
According to the report, the dyke has been leaking for a year.
“The water rose through the night,” said Lena Orr.
The agency announced 40 job losses."""
NO_FACTS = """Lena Orr praised the firemen who had cleared the road.
The mayor promised that the bridge would be mended by spring.
“I was delighted with the whole of the evening,” said Lena Orr.
“Who is going to pay for the damage?” asked Lena Orr.
The mayor called it “a brutal mistake”."""


@pytest.mark.parametrize("text", FACTS.split("\n"))
def test_a_fact(text):
    assert True in facts(text)


@pytest.mark.parametrize("text", NO_FACTS.split("\n"))
def test_no_fact(text):
    assert facts(text) and True not in facts(text)


def test_one_value_a_voice_and_none_without_voices():
    assert facts("It rained.") == []
    documents = make_documents(["The mayor said the dyke held. The board praised her."])
    voices = find_voices(documents, *tokenise(documents))[0]
    assert reports_fact(documents, voices).index.equals(voices.index)
    assert reports_fact(documents, voices).dtype == bool
