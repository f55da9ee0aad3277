"""Every mark of the agreement of coders; `python tests/validation/test_card_drawings.py` writes it."""

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from drawing import draw, read, write

from framebook.common.folders import PROJECT
from framebook.validation import measure, read_coded
from framebook.validation.cards import plot_cards

DRAWINGS = Path(__file__).with_name("drawings.txt")
NONE = [None, None, None]


@cache
def one_card():
    return measure(*read_coded(PROJECT / "notebooks" / "codes"), draws=10)[0]


def cards(*estimates, simulated=False):
    made = [
        replace(one_card(), label=f"code_{n}", alpha=alpha, f1=f1, n=10 + n, simulated=simulated)
        for n, (alpha, f1) in enumerate(estimates)
    ]
    return plot_cards(made)


FIGURES = {
    "two codes": lambda: cards(([0.5, 0.25, 0.75], [0.8, 0.7, 0.9]), ([1, None, None], NONE)),
    "below the axis": lambda: cards(([-0.5, -0.75, 0.1], NONE), (NONE, NONE), simulated=True),
    "just above its end": lambda: cards(([-0.125, -0.2, 0], [0.25, None, None])),
    "just below its end": lambda: cards(([-0.125, -0.21, 0], NONE)),
    "nothing": lambda: cards((NONE, NONE)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_what_is_drawn(name):
    assert draw(FIGURES[name]()).split("\n") == read(DRAWINGS)[name].split("\n")


if __name__ == "__main__":
    write(DRAWINGS, FIGURES)
