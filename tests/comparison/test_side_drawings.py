"""Every mark of a comparison of two sides; `python tests/comparison/test_side_drawings.py` writes it."""

import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from drawing import draw, read, write

from framebook.comparison.showing import plot_sides

DRAWINGS = Path(__file__).with_name("drawings.txt")


def sides(*shares):
    rows = [
        {
            "label": f"code {n} with a label that is longer than one line",
            "n_a": 10 * n,
            "total_a": 100,
            "a": a,
            "n_b": 5,
            "total_b": 50,
            "b": b,
            "difference": a - b,
            "low": a - b - 0.1,
            "high": a - b + 0.1,
        }
        for n, (a, b) in enumerate(shares)
    ]
    names = {"A": "Gazette", "B": "Herald " * 12}
    table = pd.DataFrame(rows, columns=rows[0] if rows else [])
    return plot_sides(table, "Sides", "share", "Note.", names)


FIGURES = {
    "three codes": lambda: sides((0.1, 0.25), (0.5, 0), (0, 1)),
    "hardly anything": lambda: sides((0.001, 0.002)),
    "nothing": lambda: sides(),
}


@pytest.mark.parametrize("name", FIGURES)
def test_what_is_drawn(name):
    assert draw(FIGURES[name]()).split("\n") == read(DRAWINGS)[name].split("\n")


if __name__ == "__main__":
    write(DRAWINGS, FIGURES)
