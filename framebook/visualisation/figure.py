"""One style for all figures, with their numbers and alternative text; shown and saved alike."""

from contextlib import contextmanager
from functools import wraps
from html import escape
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

import pandas as pd

from framebook.common.folders import write_csv
from framebook.common.text import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STYLE = Path(__file__).with_name("framebook.mplstyle")
BLUE, RED, GREY, PALE = "#0072B2", "#7A2B00", "#666666", "#9AC7E0"
WIDTH = 7.2  # inches of a figure's width
LISTED = 100  # rows of its numbers that a notebook shows; the CSV file has all
SLANTED = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"}


def styled(plot):
    """Give a plot function Framebook's style and, where none is passed, an `ax` of its own."""

    @wraps(plot)
    def drawn(*args, ax=None, **kwargs):
        import matplotlib.pyplot as plt

        with plt.style.context(STYLE):
            ax = ax if ax is not None else plt.subplots(layout="constrained")[1]
            return plot(*args, ax=ax, **kwargs)

    return drawn


def finish(
    ax: "Axes", title: str, note: str, alt: str, data: pd.DataFrame, height: float | None = None
) -> "Axes":
    """Return `ax` with title, note (n and method), description and data.

    `ax.figure.alt` is the title, the description `alt` and the note; `ax.figure.data` the numbers.
    `height` is in inches, for a figure that is alone.

    >>> import matplotlib.pyplot as plt
    >>> ax = finish(plt.subplots()[1], "Cues", "n = 3.", "Bars: Flood 3.", pd.DataFrame())
    >>> ax.figure.alt
    'Cues. Bars: Flood 3. n = 3.'
    """
    ax.set_title(fill(title, 58))
    ax.figure.supxlabel(fill(note, 118), fontsize=7.5, color="#555555", x=0.01, ha="left")
    ax.figure.alt = " ".join(f"{title}. {alt} {note}".split())
    if not isinstance(data.index, pd.RangeIndex):
        data = data.set_axis([*map(str, data.columns)], axis=1)
        data = data.rename_axis(data.index.name or "row").reset_index()
    ax.figure.data = data
    if height and len(ax.figure.axes) == 1:
        ax.figure.set_size_inches(WIDTH, height)
    return ax


def finish_empty(ax, title, note, what):
    """Return `ax` with a sentence in place of a figure that would have nothing to show."""
    ax.set_axis_off()
    ax.text(0, 0.5, what, va="center", color="#333333")
    return finish(ax, title, note, what, pd.DataFrame(), height=1.3)


@contextmanager
def settled(figure):
    """Lay the figure out once (a second drawing would move it by a hair), and close it at last."""
    import matplotlib.pyplot as plt

    with plt.style.context(STYLE):
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        yield
    plt.close(figure)


def show(ax: "Axes") -> None:
    """Display the figure in a notebook with its alternative text and its numbers, and close it.

    >>> show(plot_bars(pd.Series({"Flood": 3}), 20, "Cues"))  # doctest: +ELLIPSIS
    Figure(...)
    <IPython.core.display.HTML object>
    """
    from IPython.display import HTML, display

    with settled(ax.figure):
        display(ax.figure, metadata={"image/png": {"alt": ax.figure.alt}})
    if len(ax.figure.data):
        display(HTML(tabulate(ax)))


def tabulate(ax):
    """Return the figure's numbers as a closed HTML table, its first 100 rows, all escaped."""
    data, title = ax.figure.data, escape(ax.get_title(loc="left"))
    with pd.option_context("display.max_colwidth", None):
        table = data.head(LISTED).to_html(border=0, na_rep="", float_format=number, index=False)
    more = f"<p>… and {len(data) - LISTED:,} more rows.</p>" if len(data) > LISTED else ""
    table = table.replace("<thead>", f"<caption>{title}</caption><thead>", 1)
    return f"<details><summary>The numbers of this figure</summary>{table}{more}</details>"


def save(ax: "Axes", name: str, folder: str | Path) -> list[Path]:
    """Write the figure as NAME.svg, NAME.png (300 dpi) and NAME.csv; return the three paths.

    The same data gives the same bytes: neither date nor version is written, and ids come from
    a fixed salt. The images contain the description, the CSV (UTF-8 with a byte-order mark, for
    spreadsheets) the numbers. The figure is closed, and can still be shown.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     paths = save(plot_bars(pd.Series({"Flood": 3}), 20, "Cues"), "cues", folder)
    >>> [path.name for path in paths]
    ['cues.svg', 'cues.png', 'cues.csv']
    """
    paths = [Path(folder, f"{name}.{kind}") for kind in ("svg", "png", "csv")]
    paths[0].parent.mkdir(parents=True, exist_ok=True)
    said = {"Title": ax.get_title(loc="left").replace("\n", " "), "Description": ax.figure.alt}
    with settled(ax.figure):
        ax.figure.savefig(paths[0], metadata={"Date": None, "Creator": None, **said})
        ax.figure.savefig(paths[1], metadata={"Software": None, **said})
    write_csv(ax.figure.data, paths[2])
    return paths


def label_text(label, width=30):
    """Return a label for people: no underscores, lines broken at `width` characters."""
    return fill(str(label).replace("_", " "), width)


def label_rows(ax, labels, each):
    """Label rows 0, 1, … from the bottom and return how high they are together, in inches."""
    labels = [label_text(label) for label in labels]
    ax.set_yticks(range(len(labels)), labels)
    lines = max(label.count("\n") + 1 for label in labels)
    return max(each, 0.16 * lines + 0.06) * max(len(labels), 2)


def write_beside(ax, y, text, **looks):
    """Write a text to the right of a row, outside the axes."""
    ax.annotate(
        text,
        (1.02, y),
        xycoords=("axes fraction", "data"),
        va="center",
        annotation_clip=False,
        **{"fontsize": 8.5, **looks},
    )
