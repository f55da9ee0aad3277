"""The tone of short texts with every word behind it: tones.txt, each reading looked at.

Where a rule changes for the better, `python tests/sentiment/test_tone_readings.py` writes them
again, to be read.
"""

from pathlib import Path

import pytest

from framebook.sentiment.tone import describe_tone, explain_tone, find_toned_words

TONES = Path(__file__).with_name("tones.txt")
BLOCKS = TONES.read_text("utf-8").rstrip("\n").split("\n\n")


def text_of(block):
    return block.split("\n")[0].split("  ", 1)[1]


@pytest.mark.parametrize("block", BLOCKS, ids=text_of)
def test_a_tone_comes_of_these_words(block):
    text = text_of(block)
    assert describe_tone([text]) == block
    scored = [(row.words, row.score) for row in explain_tone(text).itertuples() if row.score]
    found = find_toned_words(text)
    assert [(words, score) for *_, words, score in found] == scored
    assert [text[start:end].lower() for start, end, *_ in found] == [words for words, _ in scored]


if __name__ == "__main__":
    told = [describe_tone([text_of(block)]) for block in BLOCKS]
    TONES.write_text("\n\n".join(told) + "\n", "utf-8")
