"""Every mark of a keyness figure; `python tests/tokenising/test_keyness_drawings.py` writes it again."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from drawing import draw, read, write

from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.tokenising.keyness import keyness, plot_keyness

DRAWINGS = Path(__file__).with_name("drawings.txt")
DAM = ["the dam leaked", "the dam was old and leaked", "a dam fell"] * 4
FIRE = ["the fire was out", "a fire came and went", "fire and smoke"] * 4


def key(first, second, **options):
    tokens = tokenise(make_documents([*first, *second]))[1]
    table = keyness(tokens, range(len(first)), **options)
    return plot_keyness(table, ("Dam", "Fire"), "Note.")


FIGURES = {
    "with intervals": lambda: key(DAM, FIRE, min_count=6),
    "one part is too small": lambda: key(DAM[:9], FIRE, min_count=6),
    "both are just large enough": lambda: key(DAM[:10], FIRE[:10], min_count=4),
    "no word": lambda: key(DAM, FIRE, min_count=100),
}


@pytest.mark.parametrize("name", FIGURES)
def test_what_is_drawn(name):
    assert draw(FIGURES[name]()).split("\n") == read(DRAWINGS)[name].split("\n")


if __name__ == "__main__":
    write(DRAWINGS, FIGURES)
