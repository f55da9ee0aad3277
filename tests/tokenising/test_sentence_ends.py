"""Sentence ends against a reader's: sentence_ends.txt has “⏹” after each sentence.

The prose is invented, of the kinds that news are made of, and was marked before the rule was
run on it. About half of its sentences hold something awkward. CC0.
"""

from pathlib import Path

import pytest

from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise

MARK = "⏹"
MARKED = Path(__file__).with_name("sentence_ends.txt").read_text(encoding="utf-8")


def marked_ends(marked):
    """Return the text without its marks, and the positions at which they stood."""
    sentences = marked.split(MARK)
    text, ends = "", set()
    for sentence in sentences[:-1]:
        text += sentence
        ends.add(len(text))
    return text + sentences[-1], ends


def scores(found, marked):
    """Return precision, recall and F1 of two sets of positions."""
    hits = len(found & marked)
    return hits / len(found), hits / len(marked), 2 * hits / (len(found) + len(marked))


def test_scores_by_hand():
    text, ends = marked_ends("Orr came.⏹ Pell left.⏹\n")
    assert (text, ends) == ("Orr came. Pell left.\n", {9, 20})
    assert scores({9, 12, 15}, ends) == (1 / 3, 1 / 2, 2 / 5)


@pytest.mark.parametrize("line_ends", [True, False])
def test_sentence_ends(line_ends):
    text, marked = marked_ends(MARKED)
    assert len(marked) >= 400
    documents = make_documents([text])
    assert documents.text[0] == text
    found = set(tokenise(documents)[0].end)
    if not line_ends:  # a line break always ends a sentence: those ends are given away
        found, marked = (
            {end for end in ends if not text.startswith("\n", end)} for ends in (found, marked)
        )
    precision, recall, f1 = scores(found, marked)
    misses = [
        f"{'not found' if end in marked else 'too many'}: "
        f"{text[max(end - 40, 0) : end]}|{text[end : end + 30]}".replace("\n", "⏎")
        for end in sorted(found ^ marked)
    ]
    print(
        f"{len(marked)} ends, precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}",
        *misses,
        sep="\n",
    )
    assert f1 >= 0.97
