"""Kinds of attribution in speakers.txt: who speaks, in which class, and what is said, exactly."""

from pathlib import Path

import pytest

from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.voices import find_voices, spell_out

LINES = Path(__file__).with_name("speakers.txt").read_text("utf-8").splitlines()
CASES = [line.split(" =>") for line in LINES if " =>" in line and not line.startswith("#")]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:50] for text, _ in CASES])
def test_who_speaks(text, expected):
    documents = make_documents([text.replace("\\n", "\n")])
    voices, _, _ = find_voices(documents, *tokenise(documents))
    found = [
        f"{row.speaker} | {row.speaker_class} | {row.content}"
        for row in spell_out(documents, voices).itertuples()
    ]
    assert "; ".join(found).replace("source unspecified", "-") == expected.strip()
