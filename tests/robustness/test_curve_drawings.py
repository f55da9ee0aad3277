"""Every mark of a specification curve; `python tests/robustness/test_curve_drawings.py` writes it again."""

import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from drawing import draw, read, write

from framebook.robustness.curve import plot_specifications

DRAWINGS = Path(__file__).with_name("drawings.txt")


def curve(estimates, primary, bounds="95 %", status=None, reach=0.1):
    """Return a curve of two choices, one row per estimate; `primary` is the row of the primary."""
    rows = range(len(estimates))
    table = pd.DataFrame(
        {
            "lens": ["wide" if n % 2 else "narrow" for n in rows],
            "film": ["grey" if n < 2 else "colour" for n in rows],
            "is_primary": [n == primary for n in rows],
            "status": status or ["done"] * len(estimates),
            "estimate": estimates,
            "low": [x - reach for x in estimates],
            "high": [x + 2 * reach for x in estimates],
            "bounds": bounds,
            "n": [10 + n for n in rows],
            "n_articles": 2,
        }
    )
    return plot_specifications(table, ["lens", "film"], "Curve", "mean", "Note.")


FIGURES = {
    "primary on the left": lambda: curve([0.1, 0.4, 0.3, -0.2], 0),
    "primary on the right": lambda: curve([0.1, 0.4, 0.3, -0.2], 1),
    "primary at the half": lambda: curve([0.1, 0.4, 0.3, 0.2], 2),
    "one": lambda: curve([0.25], 0, bounds=""),
    "all alike": lambda: curve([0.5, 0.5, 0.5], 1, reach=0),
    "nearly alike": lambda: curve([0.1, 0.1178], 1, reach=0),
    "not quite alike": lambda: curve([0.1, 0.1183], 1, reach=0),
    "some are left out": lambda: curve(
        [0.1, 0.4, 0.3, 0.2], 1, status=["done", "failed: no", "left out: why", "done"]
    ),
    "none is done": lambda: curve([0.1, 0.2], 0, status=["failed: no sentence", "left out: why"]),
}


@pytest.mark.parametrize("name", FIGURES)
def test_what_is_drawn(name):
    assert draw(FIGURES[name]()).split("\n") == read(DRAWINGS)[name].split("\n")


if __name__ == "__main__":
    write(DRAWINGS, FIGURES)
