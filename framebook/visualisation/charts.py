"""Figures from the tables: every function takes and returns `ax` and describes what it drew.

The same call leaves a description as `ax.figure.alt` and the numbers as `ax.figure.data`, a
DataFrame; `show` puts both into the notebook and `save` into files. Nothing is shown by colour
alone, and the two main colours differ in grey.
"""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from framebook.common.text import count_of, number
from framebook.visualisation.figure import (
    BLUE,
    GREY,
    PALE,
    RED,
    SLANTED,
    finish,
    finish_empty,
    label_rows,
    label_text,
    styled,
    write_beside,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LIMIT = 20  # groups that a figure shows
SCORES = ["vader_compound", "textblob_polarity"]


def _place(ax, sentences, one):
    """Number the x axis by sentence, or in a corpus by tenth; return each sentence's place."""
    from matplotlib.ticker import MaxNLocator

    last = len(sentences) if one else 10
    locator = MaxNLocator(8 if last > 12 else 12, integer=True, steps=[1, 2, 5, 10])
    ax.set_xticks([1, *(int(tick) for tick in locator.tick_values(1, last) if 1 < tick <= last)])
    ax.set_xlabel("sentence" if one else "tenth of the article")
    grouped = sentences.groupby("doc_id").sent_id
    return grouped.cumcount() * last // grouped.transform("size") + 1


def _size_of(sentences):
    return (
        f"n = {count_of(len(sentences), 'sentence')} of "
        f"{count_of(sentences.doc_id.nunique(), 'article')}"
    )


@styled
def plot_tone(sentiment: pd.DataFrame, sentences: pd.DataFrame, ax: "Axes | None" = None) -> "Axes":
    """Return the Axes of a figure of tone (−1 to 1): VADER and TextBlob through the text.

    By sentence for one article of at most 60, otherwise as means by tenth of the articles.

    >>> sentences = pd.DataFrame({"doc_id": [0, 0], "sent_id": [0, 1]})
    >>> sentiment = sentences.assign(vader_compound=[0.0, 0.5], textblob_polarity=0.1)
    >>> ax = plot_tone(sentiment, sentences)
    >>> ax.figure.data.vader_compound.tolist()
    [0.0, 0.5]
    """
    one = sentences.doc_id.nunique() == 1 and len(sentences) <= 60
    frame = sentences[["sent_id"]].merge(sentiment, on="sent_id")
    places, lines, ends = _place(ax, frame, one), [], []
    shown = frame[SCORES].groupby(places.rename("sentence" if one else "tenth")).mean()
    for column, label, colour, marker, dash in (
        ("vader_compound", "VADER", BLUE, "o", "-"),
        ("textblob_polarity", "TextBlob", RED, "s", "--"),
    ):
        values = shown[column]
        ax.plot(values.index, values, dash, marker=marker, color=colour, markersize=4)
        ends.append((values.iloc[-1], label, colour))
        lines.append(
            f"{label} runs from {number(values.min())} to {number(values.max())}, "
            f"mean {number(frame[column].mean())}."
        )
    (high, *_), (low, *_) = ends = sorted(ends, reverse=True)
    apart = max(0.0, 0.17 - (high - low)) / 2  # or one label would stand on the other
    for (value, label, colour), shift in zip(ends, (apart, -apart), strict=True):
        ax.annotate(
            label,
            (values.index[-1], value + shift),
            xytext=(9, 0),
            color=colour,
            textcoords="offset points",
            va="center",
            fontweight="bold",
            zorder=3,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.set(ylim=(-1.05, 1.05), yticks=[-1, -0.5, 0, 0.5, 1], ylabel="tone (−1 to 1)")
    ax.margins(x=0.08)
    note = (
        f"{_size_of(sentences)}{'' if one else '; means by tenth'}. NLTK's VADER, TextBlob. "
        "Not validated here."
    )
    return finish(ax, "Tone through the text", note, " ".join(lines), shown)


@styled
def plot_bars(
    counts: pd.Series,
    total: int,
    title: str,
    unit: str = "sentences with a cue",
    ax: "Axes | None" = None,
    note: str = "",
) -> "Axes":
    """Return the Axes of a figure: one bar per row of `counts` (a Series by label), largest on top.

    `total` is the number of sentences, for the note.

    >>> plot_bars(pd.Series({"Flood": 3, "Blame": 7}), 20, "Cues").figure.data.values.tolist()
    [['Blame', 7], ['Flood', 3]]
    """
    note = f"n = {count_of(total, 'sentence')}. {note}".strip()
    if not len(counts):
        return finish_empty(ax, title, note, "Nothing was counted.")
    counts = counts[::-1].sort_values(kind="stable").rename(unit)
    ax.barh(range(len(counts)), counts, color=PALE, edgecolor=BLUE, height=0.7)
    rows = label_rows(ax, counts.index, 0.3)
    for y, value in enumerate(counts):
        ax.text(value, y, f" {value:,}", va="center")
    ax.set(xlabel=unit, xlim=(0, max(counts.max(), 1) * 1.12), ylim=(-0.6, len(counts) - 0.4))
    ax.xaxis.get_major_locator().set_params(integer=True)  # there is no sentence 2.5
    ax.xaxis.set_major_formatter("{x:,.0f}")
    listed = "; ".join(f"{label} {value:,}" for label, value in counts[::-1].items())
    return finish(
        ax, title, note, f"Bars, {unit}: {listed}.", counts[::-1].to_frame(), height=1.4 + rows
    )


def _draw_strips(ax, shares, one, width):
    """Draw a row of bars per code (rows of `shares`): filled for one article, outlined for many."""
    top = shares.max(axis=None)
    for y, (_, row) in enumerate(shares.iterrows()):
        strip = row[row > 0]
        ax.bar(
            strip.index,
            0.76 * strip / top,
            bottom=y - 0.38,
            width=width,
            color=BLUE if one else PALE,
            edgecolor=BLUE,
            linewidth=0.4 if one else 0.9,
        )


def _mark_lead(ax, sentences):
    """Mark where an article's headline and lead end."""
    lead = sentences.part.ne("body").sum()
    if 0 < lead < len(sentences):
        ax.axvline(lead + 0.5, color=GREY, linewidth=0.8, linestyle=":")
        ax.annotate(
            "headline and lead end here",
            (lead + 0.5, 1),
            xytext=(3, -1),
            va="bottom",
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            fontsize=7.5,
            color="#555555",
        )


@styled
def plot_sequence(
    spans: pd.DataFrame,
    sentences: pd.DataFrame,
    labels: dict[str, str],
    ax: "Axes | None" = None,
    note: str = "Not validated here.",
) -> "Axes":
    """Return the Axes of a barcode: where each code has a cue, one row per code of `labels`.

    `labels` is {code: label}. A mark is a sentence with a cue; in a corpus its height is the share
    of sentences in that tenth of the articles.

    >>> spans = pd.DataFrame({"code": ["mine:flood"], "sent_id": [1]})
    >>> sentences = pd.DataFrame({"doc_id": [0, 0], "sent_id": [0, 1], "part": "body"})
    >>> plot_sequence(spans, sentences, {"mine:flood": "Flood"}).figure.data.values.tolist()
    [['Flood', 1, '2']]
    """
    title, validity, note = "Where the cues stand", note, f"{_size_of(sentences)}. "
    known = set(spans.code.unique())
    codes = [code for code in labels if code in known][::-1]
    if not codes:
        return finish_empty(ax, title, note, "No cue was found.")
    one = sentences.doc_id.nunique() == 1
    place = _place(ax, sentences, one).set_axis(sentences.sent_id)
    found = spans[spans.code.isin(codes)].drop_duplicates(["code", "sent_id"])
    shares = pd.crosstab(found.code, found.sent_id.map(place)) / place.value_counts()
    shares = shares.reindex(columns=sorted(set(place)), fill_value=0).fillna(0)
    top, n = shares.max(axis=None), found.code.value_counts()
    _draw_strips(ax, shares.loc[codes], one, 0.8 if len(place) < 60 else 1)
    for y, code in enumerate(codes):
        write_beside(ax, y, f"{n[code]:,} ({n[code] / len(sentences):.0%})")
    write_beside(ax, len(codes) - 0.3, "sentences (share)", fontsize=7.5, color="#555555")
    rows = label_rows(ax, [labels[code] for code in codes], 0.32)
    ax.set(ylim=(-0.6, len(codes) - 0.3), xlim=(0.3, (len(sentences) if one else 10) + 0.7))
    ax.hlines(np.arange(len(codes)) - 0.38, *ax.get_xlim(), color="#BBBBBB", linewidth=0.7)
    if one:
        _mark_lead(ax, sentences)
    listed = "; ".join(f"{labels[code]} in {n[code]}" for code in codes[::-1])
    data = pd.DataFrame(
        {"code": [labels[code] for code in codes[::-1]], "n_sentences": n[codes[::-1]].to_numpy()}
    )
    if one:
        places = found.sent_id.map(place).groupby(found.code).agg(lambda x: ", ".join(map(str, x)))
        data["sentences"] = places[codes[::-1]].to_numpy()
    else:
        data = data.join(shares.loc[codes[::-1]].add_prefix("tenth ").reset_index(drop=True))
    note += (
        "A mark is a sentence with a cue by patterns"
        if one
        else "Cues by patterns. Height: share of the sentences of that tenth, "
        f"the highest {top:.0%}"
    )
    return finish(
        ax,
        title,
        f"{note}; a cue is not a frame. {validity}",
        f"Sentences with a cue: {listed}.",
        data,
        height=1.4 + rows,
    )


@styled
def plot_shares(shares: pd.DataFrame, ax: "Axes | None" = None) -> "Axes":
    """Return the Axes of a figure: whose words the text consists of, one bar per voice.

    `shares` as from `voice_shares`.

    >>> shares = pd.DataFrame({"n_words": [30, 10], "share": [0.75, 0.25], "n_sentences": [3, 1]})
    >>> plot_shares(shares.set_axis(["narrator", "quoted"])).figure.data.row.tolist()
    ['narrator', 'quoted']
    """
    order = shares[::-1]
    ax.barh(range(len(order)), order.share, color=PALE, edgecolor=BLUE, height=0.7)
    for y, row in enumerate(order.itertuples()):
        ax.text(row.share, y, f" {row.share:.0%}", va="center")
        write_beside(ax, y, f"{row.n_words:,} ({row.n_sentences:,})")
    write_beside(ax, len(order) - 0.35, "words (sentences)", fontsize=7.5, color="#555555")
    rows = label_rows(ax, order.index, 0.3)
    ax.set(
        xlim=(0, 1),
        xticks=[0, 0.25, 0.5, 0.75, 1],
        xlabel="share of all words",
        xticklabels=["0", "25%", "50%", "75%", "100%"],
        ylim=(-0.6, len(order) - 0.4),
    )
    note = (
        f"n = {count_of(int(shares.n_words.sum()), 'word')}. Rules over reporting verbs and "
        "quotation marks. Not validated here."
    )
    listed = "; ".join(f"{name} {share:.0%}" for name, share in shares.share.items())
    return finish(
        ax, "Whose words", note, f"Shares of the words: {listed}.", shares, height=1.4 + rows
    )


@styled
def plot_matrix(counts: pd.DataFrame, title: str, note: str, ax: "Axes | None" = None) -> "Axes":
    """Return the Axes of a figure: a table of counts as shaded cells with numbers, a dot for zero.

    >>> counts = pd.DataFrame({"narrator": [3], "expert": [0]}, ["Flood"])
    >>> plot_matrix(counts, "Cues by voice", "By patterns.").figure.alt
    'Cues by voice. Flood: narrator 3. By patterns.'
    """
    if not counts.size:
        return finish_empty(ax, title, note, "Nothing was counted.")
    values = counts.to_numpy()
    ax.imshow(values, cmap="Blues", vmin=0, vmax=max(values.max(), 1) * 1.8, aspect="auto")
    for (y, x), value in np.ndenumerate(values):
        ax.text(x, y, f"{value:,}" if value else "·", ha="center", va="center", fontsize=8.5)
    ax.set_xticks(
        range(len(counts.columns)),
        [label_text(c, 14) for c in counts.columns],
        **(SLANTED if len(counts.columns) > 5 else {}),
    )
    height = label_rows(ax, counts.index, 0.29)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    rows = [
        f"{row}: " + ", ".join(f"{column} {value}" for column, value in values.items() if value)
        for row, values in counts.iterrows()
        if values.any()
    ]
    return finish(
        ax,
        title,
        note,
        f"{'; '.join(rows) or 'Only zeros'}.".replace("_", " "),
        counts,
        height=1.9 + height,
    )
