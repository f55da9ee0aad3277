"""Articles compared by source and by date: one dot per article, or the interquartile range."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from framebook.common.text import count_of, number
from framebook.tables import SENTENCE_STRIDE
from framebook.visualisation.charts import LIMIT
from framebook.visualisation.figure import (
    BLUE,
    GREY,
    PALE,
    SLANTED,
    finish,
    label_rows,
    label_text,
    styled,
    write_beside,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CASES = 500  # articles up to which each is a dot


def group_values(documents: pd.DataFrame, values: pd.Series, by: str) -> pd.DataFrame:
    """Return one row per document for `plot_groups` and `plot_panels`: group, date, value.

    `values` is a Series by doc_id; `by` is source or date. Documents without one are left out, and
    fewer than two groups give an empty table. Dates become days, months or years: the finest of
    which there are at most twelve.

    >>> from framebook.tables import make_documents
    >>> documents = make_documents(["It rained.", "It snowed."], source=["Gazette", "Herald"])
    >>> group_values(documents, pd.Series([0.1, 0.4]), "source")[["group", "value"]].values.tolist()
    [['Gazette', 0.1], ['Herald', 0.4]]
    """
    day = documents.date.dt.strftime("%Y-%m-%d").astype("object")
    cut = next(n for n in (10, 7, 4) if day.str[:n].nunique() <= 12 or n == 4)
    date = day.str[:cut]
    table = pd.DataFrame(
        {
            "group": date if by == "date" else documents.source.astype("object"),
            "date": date,
            "value": values.reindex(documents.doc_id).to_numpy(),
        }
    )
    table = table.dropna(subset=["group", "value"])
    table = table.sort_values("group", kind="stable", ignore_index=True)
    return table if table.group.nunique() > 1 else table.head(0)


def cues_per_document(spans: pd.DataFrame, sentences: pd.DataFrame, code: str) -> pd.Series:
    """Return the share of sentences with a cue of the code (0 to 1), a Series by doc_id.

    >>> spans = pd.DataFrame({"code": ["mine:flood"], "sent_id": [0]})
    >>> sentences = pd.DataFrame({"doc_id": [0, 0], "sent_id": [0, 1]})
    >>> cues_per_document(spans, sentences, "mine:flood").to_dict()
    {0: 0.5}
    """
    hits = spans[spans.code == code].drop_duplicates("sent_id").sent_id // SENTENCE_STRIDE
    totals = sentences.groupby("doc_id").size()
    return (hits.value_counts().reindex(totals.index, fill_value=0) / totals).rename("share")


def _limits(values):
    """Return the ends of an axis that includes zero and all values."""
    low, high = min(values.min(), 0), max(values.max(), 0)
    room = 0.05 * ((high - low) or 1)
    return low - room * (low < 0), high + room


def _draw_cases(ax, x, values, many, flat=False):
    """Draw one dot per article, or the interquartile range of many, at the places `x`."""
    if not many:
        ax.scatter(
            *((values, x) if flat else (x, values)),
            s=24,
            facecolor=PALE,
            edgecolor=BLUE,
            linewidth=0.9,
            clip_on=False,
            zorder=3,
        )
    else:
        ends, place = np.percentile(values, [25, 75]), [np.mean(x)] * 2
        ax.plot(
            *((ends, place) if flat else (place, ends)),
            color=PALE,
            linewidth=7,
            solid_capstyle="butt",
        )


def _limit(values):
    """Return (the values of the LIMIT largest groups, are they many, n and marks for the note)."""
    sizes = values.groupby("group", sort=False).size()
    kept = sizes.index[sizes.rank(method="first", ascending=False) <= LIMIT]
    many = len(values) > CASES
    drawn = f" (the {LIMIT} with most articles drawn)" if len(sizes) > LIMIT else ""
    return (
        values[values.group.isin(kept)],
        many,
        (
            f"n = {count_of(len(values), 'article')} in {count_of(len(sizes), 'group')}{drawn}. "
            + ("A pale bar is the middle half of its articles" if many else "A dot is an article")
        ),
    )


@styled
def plot_groups(
    values: pd.DataFrame, title: str, xlabel: str, note: str, ax: "Axes | None" = None
) -> "Axes":
    """Return the Axes of a figure: one dot per document, a bar at each group's mean.

    `values` as from `group_values`.

    >>> values = pd.DataFrame({"group": ["Gazette", "Herald"], "value": [0.1, 0.4], "date": None})
    >>> plot_groups(values, "Cues", "share", "By patterns.").figure.data["mean"].tolist()
    [0.1, 0.4]
    """
    values, many, said = _limit(values)
    table = values.groupby("group", sort=False).value.agg(mean="mean", n_articles="size")
    for y, (group, row) in enumerate(table[::-1].iterrows()):
        own = np.sort(values.value[values.group == group].to_numpy())
        apart = (np.arange(len(own)) % 3 - 1) * 0.11  # so that equal values stay visible
        _draw_cases(ax, y + apart * (len(own) > 1), own, many, flat=True)
        ax.vlines(row["mean"], y - 0.3, y + 0.3, color="black", linewidth=2, zorder=4)
        write_beside(ax, y, f"{number(row['mean'])} ({row.n_articles:,.0f})")
    write_beside(ax, len(table) - 0.4, "mean (articles)", fontsize=7.5, color="#555555")
    rows = label_rows(ax, table.index[::-1], 0.4)
    ax.set(xlabel=xlabel, ylim=(-0.6, len(table) - 0.4), xlim=_limits(values.value))
    ax.hlines(range(len(table)), *ax.get_xlim(), color="#DDDDDD", linewidth=0.7, zorder=0)
    if values.value.min() < 0:
        ax.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    listed = "; ".join(
        f"{group} {number(row['mean'])} ({count_of(int(row.n_articles), 'article')})"
        for group, row in table.iterrows()
    )
    return finish(
        ax,
        title,
        f"{said}, a black line a mean. {note}",
        f"Means: {listed}.",
        table,
        height=1.5 + rows,
    )


@styled
def plot_panels(
    values: pd.DataFrame, title: str, ylabel: str, note: str, ax: "Axes | None" = None
) -> "Axes":
    """Return the Axes of a figure: one small panel per group on shared axes, by date.

    A dot is an article, the line connects the means. `values` as from `group_values`.

    >>> values = pd.DataFrame({"group": ["Gazette", "Herald"], "value": [0.1, 0.4], "date": "2031"})
    >>> plot_panels(values, "Cues", "share", "By patterns.").figure.data["mean"].tolist()
    [0.1, 0.4]
    """
    found, many, said = _limit(values.dropna(subset="date"))
    groups, dates = list(dict.fromkeys(found.group)), sorted(found.date.unique())
    table = found.groupby(["group", "date"]).value.agg(mean="mean", n_articles="size")
    columns = 4 if len(groups) == 4 else 3
    rows = -(-len(groups) // columns)
    for n, group in enumerate(groups):
        row, column = divmod(n, columns)
        panel = ax.inset_axes(
            [(column + 0.05) / columns, 1 - (row + 0.85) / rows, 0.9 / columns, 0.66 / rows]
        )
        own, line = found[found.group == group], table["mean"][group].sort_index()
        panel.plot(line.index.map(dates.index), line, color=BLUE, zorder=2.5)
        for date, cases in own.groupby("date").value:
            _draw_cases(panel, [dates.index(date)] * len(cases), cases, many)
        panel.axhline(0, color=GREY, linewidth=0.8)
        panel.set_title(label_text(group, 24), fontsize=8.5, fontweight="normal", pad=5)
        panel.set(ylim=_limits(values.value), xlim=(-0.4, len(dates) - 0.6))
        lowest = n + columns >= len(groups)
        ticks = range(0, len(dates), 1 + len(dates) // 7)
        panel.set_xticks(ticks, [dates[at] if lowest else "" for at in ticks], **SLANTED)
        panel.tick_params(labelleft=column == 0, labelsize=7.5)
        panel.set_ylabel(ylabel if column == 0 else "", fontsize=8)
    ax.set_axis_off()
    listed = "; ".join(
        f"{group} {date} {number(mean)}" for (group, date), mean in table["mean"].items()
    )
    return finish(
        ax,
        title,
        f"{said}, the line a mean by date. {note}",
        f"Means: {listed}.",
        table.reset_index(),
        height=1.1 + 1.9 * rows,
    )
