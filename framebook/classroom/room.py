"""A room codes the same sentences: how far it agrees, and which sentence to talk about.

A demonstration. Sentences chosen because they divide people are not a sample, and ten of them
leave alpha wide open: the interval is there to show it.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from framebook.common.errors import InputError
from framebook.common.resampling import draw_counts, with_interval
from framebook.common.text import count_of
from framebook.loading.articles import find_path
from framebook.validation.agreement import alpha, percent_agreement
from framebook.validation.cards import state
from framebook.validation.sheets import VALUES, read_cells, read_sheet, show_text
from framebook.visualisation.figure import (
    BLUE,
    PALE,
    RED,
    finish,
    finish_empty,
    label_rows,
    styled,
    write_beside,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GRID = VALUES | dict.fromkeys("-?._", np.nan)  # on paper, empty boxes need a sign
SIMULATED = "simulated"  # how the names of made-up participants begin


def read_room(
    folder: str | Path | None, design: dict, paper: dict[str, str] | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Return (codes, passed_over): what a room coded, and a sentence on each thing not read.

    codes: one row per participant (named after the file, or in the grid), one column per unit of
    `design` (as from `read_design`, with one code): 1, 0 or null. The folder has filled-in sheets
    and grids (CSV or .xlsx: a name, then one column per sentence); `paper` is {name: "10-1001101"},
    one sign per sentence. Raises InputError when there is no such folder.

    >>> design = {"units": [{"unit": "s1"}, {"unit": "s2"}]}
    >>> read_room(None, design, {"Ada": "1-"})[0].to_dict("index")
    {'Ada': {'s1': 1.0, 's2': nan}}
    """
    units, codes, passed_over = [row["unit"] for row in design["units"]], {}, []
    for name, where, own in _find_answers(folder, design, units, paper or {}):
        name = show_text(str(name))
        if isinstance(own, str):
            passed_over.append(own)
        elif name in codes:
            passed_over.append(f"{where}: there is a participant {name!r} already.")
        elif own.isna().all():
            passed_over.append(f"{where} holds no answer.")
        else:
            codes[name] = own
    return pd.DataFrame.from_dict(codes, "index", columns=units, dtype=float), passed_over


def _find_answers(folder, design, units, paper):
    """Yield (participant, where it stands, the codes or a sentence on why there are none)."""
    folder = find_path(folder) if folder else None
    if folder and not folder.is_dir():
        raise InputError(f"{folder.name} is a file; name the folder that holds the room's sheets.")
    for path in sorted(folder.iterdir()) if folder else []:
        if path.name.startswith((".", "~$")):  # what editors and systems leave behind
            continue
        where = show_text(path.name)
        try:
            rows = _read_rows(path, len(units))
            if rows is None:
                yield path.stem, where, read_sheet(path, design)[1].iloc[:, 0]
        except InputError as error:
            yield path.stem, where, str(error).replace(str(path), where)
            continue
        for number, row in enumerate(rows or [], start=2):
            at = f"{where}, row {number}"
            if any(row):
                yield row[0] or at, at, _read_row(row[1:], units, at)
    for name, row in paper.items():
        where = f"Row {show_text(str(name))!r}"
        yield name, where, _read_row(str(row).replace(" ", ""), units, where)


def _read_rows(path, n):
    """The rows of a grid, or None if the file is a coding sheet."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise InputError(f"{path} is not a .csv or .xlsx file.")
    head, *rows = read_cells(path)
    if "unit" in head:
        return None
    if len(head) <= n or not all(cell.strip("s.0 ").isdigit() for cell in head[1 : n + 1]):
        raise InputError(
            f"{path} is neither a coding sheet nor a grid with a name and {n} columns 1 to {n}."
        )
    return [row[: n + 1] for row in rows]


def _read_row(signs, units, where):
    if len(signs) != len(units):
        return (
            f"{where} has {count_of(len(signs), 'answer')}, not {len(units)}; write - for an "
            "empty box."
        )
    wrong = [sign for sign in signs if sign.strip().lower() not in GRID]
    if wrong:
        return f"{where}: {wrong[0]!r} is not a code; use 1, 0 or -."
    return pd.Series([GRID[sign.strip().lower()] for sign in signs], units)


def rank_sentences(codes: pd.DataFrame) -> pd.DataFrame:
    """Return one row per unit, the most divided first: yes, no, empty, differ, alpha_without.

    `codes` as from `read_room`. The first three count participants; differ is the share of their
    pairs with different answers (0 to 1, null below two), the observed disagreement of
    Krippendorff's alpha unit by unit (2019, ch. 12, doi:10.4135/9781071878781); alpha_without is
    the alpha of the other units.

    >>> codes = pd.DataFrame({"s1": [1, 1, 1], "s2": [1, 0, 1]}, ["Ada", "Ben", "Cleo"])
    >>> rank_sentences(codes).differ.round(2).to_dict()
    {'s2': 0.67, 's1': 0.0}
    """
    counts = _count(codes)
    given = counts.sum(axis=1)
    pairs = np.where(given > 1, given * (given - 1) / 2, np.nan)
    table = pd.DataFrame(
        {
            "yes": counts[:, 1],
            "no": counts[:, 0],
            "empty": len(codes) - given,
            "differ": counts[:, 0] * counts[:, 1] / pairs,
            "alpha_without": [alpha(np.delete(counts, n, axis=0)) for n in range(len(counts))],
        },
        index=codes.columns.rename("unit"),
    )
    return table.sort_values("differ", ascending=False, kind="stable")


def measure_room(codes, draws=2000, seed=1):
    """Return a dict: agreement (share of pairs, 0 to 1) and alpha as [value, low, high], 95 %.

    Alpha is Krippendorff's, nominal, null where it is undefined; the bounds come from drawing
    the sentences again.
    """
    counts = _count(codes)
    times = draw_counts(len(counts), draws, np.random.default_rng(seed))
    drawn = [alpha(np.repeat(counts, one, axis=0)) for one in times]
    return {"agreement": percent_agreement(counts), "alpha": with_interval(alpha(counts), drawn)}


def _count(codes):
    return np.stack([(codes == value).sum(axis=0) for value in (0, 1)], axis=1)


def describe_room(
    codes: pd.DataFrame, passed_over: Iterable[str] = (), draws: int = 2000, seed: int = 1
) -> str:
    """Return the room's agreement, what was not read, and the sentence to discuss, as lines.

    The arguments as from `read_room`.

    >>> codes = pd.DataFrame({"s1": [1, 1], "s2": [1, 0]}, ["Ada", "Ben"])
    >>> describe_room(codes, draws=10).splitlines()[0]
    '2 participants; 2 sentences; 0 empty cells'
    """
    found = measure_room(codes, draws, seed)
    kind = ", SIMULATED" if _is_simulated(codes) else ""
    lines = [
        f"{count_of(len(codes), 'participant')}{kind}; {codes.shape[1]} sentences; "
        f"{count_of(int(codes.isna().sum().sum()), 'empty cell')}"
    ]
    value = found["alpha"][0]
    if value is not None:
        drawn = f"The interval draws the {codes.shape[1]} sentences again"
        if found["alpha"][1] is None:
            drawn = "No interval, for drawing the sentences again gives no range"
        lines += [
            f"agreement {found['agreement']:.0%} of pairs, alpha {state(found['alpha'])}",
            f"{drawn}. A demonstration: they were chosen to divide you.",
        ]
    elif np.isnan(found["agreement"]):
        lines.append("Alpha is undefined: no sentence has the answers of two participants.")
    else:
        lines.append(
            "Alpha is undefined: all answers are the same, so that nothing can be told from chance."
        )
    same = int((codes.nunique(axis=1) == 1).sum())
    if same and value is not None:
        lines.append(
            f"{count_of(same, 'participant')} gave one answer throughout: read the "
            "definition again together."
        )
    ranked = rank_sentences(codes)
    first = ranked.iloc[0]
    if first.differ > 0:
        without = None if np.isnan(first.alpha_without) else first.alpha_without
        lines.append(
            f"Talk about {ranked.index[0]} first: {first.yes:.0f} yes, {first.no:.0f} no, "
            f"so {first.differ:.0%} of the pairs differ; without it alpha is "
            f"{state([without])}."
        )
    return "\n".join([*lines, *(f"Passed over: {what}" for what in passed_over)])


def _is_simulated(codes):
    return codes.index.str.startswith(SIMULATED).any() if len(codes) else False


@styled
def plot_room(codes: pd.DataFrame, texts: Mapping[str, str], ax: "Axes | None" = None) -> "Axes":
    """Return the Axes of a figure: per sentence how many said yes and no, the most divided on top.

    `codes` as from `read_room`; `texts` maps a unit to its sentence.

    >>> codes = pd.DataFrame({"s1": [1, 0]}, ["Ada", "Ben"])
    >>> plot_room(codes, {"s1": "It rained."}).figure.data[["yes", "no"]].values.tolist()
    [[1, 1]]
    """
    title = "Where the room disagrees"
    kind = "SIMULATED answers. " if _is_simulated(codes) else ""
    note = (
        f"{kind}n = {count_of(len(codes), 'participant')}, {codes.shape[1]} sentences chosen "
        "to divide people. A demonstration."
    )
    if not len(codes):
        return finish_empty(ax, title, note, "No answers were read.")
    ranked = rank_sentences(codes)[::-1]
    for y, row in enumerate(ranked.itertuples()):
        for left, width, word, face, edge in (
            (0, row.yes, "yes", PALE, BLUE),
            (row.yes, row.no, "no", "white", RED),
        ):
            ax.barh(y, width, left=left, color=face, edgecolor=edge, height=0.72)
            if width:
                said = f"{width} {word}" if width * 12 > len(codes) else width
                ax.text(left + width / 2, y, said, ha="center", va="center", fontsize=8)
        write_beside(ax, y, "–" if np.isnan(row.differ) else f"{row.differ:.0%}")
    write_beside(ax, len(ranked) - 0.4, "pairs that differ", fontsize=7.5, color="#555555")
    height = label_rows(
        ax, [shorten(f"{unit}: {texts[unit]}", 54, placeholder=" …") for unit in ranked.index], 0.36
    )
    ax.set(xlim=(0, len(codes)), xlabel="participants", ylim=(-0.6, len(ranked) - 0.4))
    ax.xaxis.get_major_locator().set_params(integer=True)
    told = "; ".join(f"{row.Index} {row.yes} yes, {row.no} no" for row in ranked[::-1].itertuples())
    alt = f"From the most divided: {told}."
    return finish(ax, title, note, alt, ranked[::-1], height=1.4 + height)
