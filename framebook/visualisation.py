"""Figures from the tables: every function takes and returns `ax` and describes what it drew.

The description (alternative text from the same data) is `ax.figure.alt`; `show` puts it into
the notebook and `save` into the files. Nothing is told by colour alone.
"""

from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from textwrap import fill

import numpy as np
import pandas as pd

from framebook.tables import SENTENCE_STRIDE

STYLE = Path(__file__).with_name("framebook.mplstyle")
BLUE, RED, GREY, PALE = "#0072B2", "#B34A00", "#666666", "#9AC7E0"
WIDTH = 7.2  # inches
LIMIT = 20  # groups that a figure shows
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


def finish(ax, title, note, alt, height=None):
    """Return `ax` with title, note (n and method), description and, if alone, height in inches."""
    ax.set_title(fill(title, 58))
    ax.figure.supxlabel(fill(note, 118), fontsize=7.5, color="#555555", x=0.01, ha="left")
    ax.figure.alt = " ".join(f"{title}. {alt} {note}".split())
    if height and len(ax.figure.axes) == 1:
        ax.figure.set_size_inches(WIDTH, height)
    return ax


def finish_empty(ax, title, note, what):
    """Return `ax` with a sentence in place of a figure that would have nothing to show."""
    ax.set_axis_off()
    ax.text(0, 0.5, what, va="center", color="#333333")
    return finish(ax, title, note, what, height=1.3)


@contextmanager
def _settled(figure):
    """Lay the figure out once (a second drawing would move it by a hair), and close it at last."""
    import matplotlib.pyplot as plt

    with plt.style.context(STYLE):
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        yield
    plt.close(figure)


def show(ax):
    """Display the figure in a notebook with its alternative text, and close it."""
    from IPython.display import display

    with _settled(ax.figure):
        display(ax.figure, metadata={"image/png": {"alt": ax.figure.alt}})


def save(ax, name, folder):
    """Write the figure as NAME.svg and NAME.png (300 dpi), close it, and return the two paths.

    The same data gives the same bytes: neither date nor version is written, and ids come from
    a fixed salt. Both carry the description. A figure that is saved can still be shown.
    """
    paths = [Path(folder, f"{name}.svg"), Path(folder, f"{name}.png")]
    paths[0].parent.mkdir(parents=True, exist_ok=True)
    said = {"Title": ax.get_title(loc="left").replace("\n", " "), "Description": ax.figure.alt}
    with _settled(ax.figure):
        ax.figure.savefig(paths[0], metadata={"Date": None, "Creator": None, **said})
        ax.figure.savefig(paths[1], metadata={"Software": None, **said})
    return paths


def count_of(n, noun):
    """Return "1 sentence" or "22 sentences"."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def number(value):
    """Return a number with two decimals and a minus sign, without a negative nought."""
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")


def label_text(label, width=30):
    """Return a label for people: no underscores, lines broken at `width` characters."""
    return fill(str(label).replace("_", " "), width)


def _rows(ax, labels, each):
    """Label rows 0, 1, … from the bottom and return how high they are together, in inches."""
    labels = [label_text(label) for label in labels]
    ax.set_yticks(range(len(labels)), labels)
    lines = max(label.count("\n") + 1 for label in labels)
    return max(each, 0.16 * lines + 0.06) * max(len(labels), 2)


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
    return (f"n = {count_of(len(sentences), 'sentence')} of "
            f"{count_of(sentences.doc_id.nunique(), 'article')}")


@styled
def plot_tone(sentiment, sentences, ax):
    """Draw tone by sentence (one article, at most 60), else as means by tenth of the articles."""
    one = sentences.doc_id.nunique() == 1 and len(sentences) <= 60
    frame = sentences[["sent_id", "doc_id"]].merge(sentiment, on="sent_id")
    places, lines, ends = _place(ax, frame, one), [], []
    for column, label, colour, marker, dash in (
            ("vader_compound", "VADER", BLUE, "o", "-"),
            ("textblob_polarity", "TextBlob", RED, "s", "--")):
        values = frame[column].groupby(places).mean()
        ax.plot(values.index, values, dash, marker=marker, color=colour, markersize=4)
        ends.append((values.iloc[-1], label, colour))
        lines.append(f"{label} runs from {number(values.min())} to {number(values.max())}, "
                     f"mean {number(frame[column].mean())}.")
    (high, *_), (low, *_) = ends = sorted(ends, reverse=True)
    apart = max(0.0, 0.17 - (high - low)) / 2  # or one label would stand on the other
    for (value, label, colour), shift in zip(ends, (apart, -apart), strict=True):
        ax.annotate(label, (values.index[-1], value + shift), xytext=(9, 0), color=colour,
                    textcoords="offset points", va="center", fontweight="bold", zorder=3,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.set(ylim=(-1.05, 1.05), yticks=[-1, -0.5, 0, 0.5, 1], ylabel="tone (−1 to 1)")
    ax.margins(x=0.08)
    note = (f"{_size_of(sentences)}{'' if one else '; means by tenth'}. NLTK's VADER, TextBlob. "
            "Not validated here.")
    return finish(ax, "Tone through the text", note, " ".join(lines))


@styled
def plot_bars(counts, total, title, unit="sentences with a cue", ax=None, note=""):
    """Draw one bar a row of `counts` (a Series by label), each with its number."""
    note = f"n = {count_of(total, 'sentence')}. {note}".strip()
    if not len(counts):
        return finish_empty(ax, title, note, "Nothing was counted.")
    counts = counts[::-1].sort_values(kind="stable")
    ax.barh(range(len(counts)), counts, color=PALE, edgecolor=BLUE, height=0.7)
    rows = _rows(ax, counts.index, 0.3)
    for y, value in enumerate(counts):
        ax.text(value, y, f" {value:,}", va="center")
    ax.set(xlabel=unit, xlim=(0, max(counts.max(), 1) * 1.12), ylim=(-0.6, len(counts) - 0.4))
    ax.xaxis.get_major_locator().set_params(integer=True)  # there is no sentence 2.5
    ax.xaxis.set_major_formatter("{x:,.0f}")
    listed = "; ".join(f"{label} {value:,}" for label, value in counts[::-1].items())
    return finish(ax, title, note, f"Bars, {unit}: {listed}.", height=1.4 + rows)


@styled
def plot_sequence(spans, sentences, labels, ax, note="Not validated here."):
    """Draw where each code has a cue, a strip a code of `labels` ({code: label}).

    A mark is a sentence, or in a corpus the share of sentences in that tenth of the articles.
    """
    title, validity, note = "Where the cues stand", note, f"{_size_of(sentences)}. "
    found = set(spans.code.unique())
    codes = [code for code in labels if code in found][::-1]
    if not codes:
        return finish_empty(ax, title, note, "No cue was found.")
    one = sentences.doc_id.nunique() == 1
    place = _place(ax, sentences, one).set_axis(sentences.sent_id)
    found = spans[spans.code.isin(codes)].drop_duplicates(["code", "sent_id"])
    shares = pd.crosstab(found.code, found.sent_id.map(place)) / place.value_counts()
    top = shares.max(axis=None)
    for y, code in enumerate(codes):
        strip = shares.loc[code][shares.loc[code] > 0]
        ax.bar(strip.index, 0.76 * strip / top, bottom=y - 0.38, width=0.8, color=PALE,
               edgecolor=BLUE, linewidth=0.3 if one and len(place) > 60 else 0.9)
    rows = _rows(ax, [labels[code] for code in codes], 0.32)
    ax.set(ylim=(-0.6, len(codes) - 0.3), xlim=(0.3, (len(sentences) if one else 10) + 0.7))
    ax.hlines(np.arange(len(codes)) - 0.38, *ax.get_xlim(), color="#BBBBBB", linewidth=0.7)
    lead = sentences.part.ne("body").sum()
    if one and 0 < lead < len(sentences):
        ax.axvline(lead + 0.5, color=GREY, linewidth=0.8, linestyle=":")
        ax.annotate("headline and lead end here", (lead + 0.5, 1), xytext=(3, -1), va="bottom",
                    xycoords=("data", "axes fraction"), textcoords="offset points", fontsize=7.5,
                    color="#555555")
    listed = "; ".join(f"{labels[code]} in {(found.code == code).sum()}" for code in codes[::-1])
    note += ("A mark is a sentence with a cue" if one else
             f"Height: share of the sentences of that tenth, the highest {top:.0%}")
    return finish(ax, title, f"{note}; a cue is not a frame. {validity}",
                  f"Sentences with a cue: {listed}.", height=1.4 + rows)


def _beside(ax, y, text, **looks):
    """Write a text to the right of a row, outside the axes."""
    ax.annotate(text, (1.02, y), xycoords=("axes fraction", "data"), va="center",
                annotation_clip=False, **{"fontsize": 8.5, **looks})


@styled
def plot_shares(shares, ax):
    """Draw whose words the text is made of, a bar a voice (`shares` as from `voice_shares`)."""
    order = shares[::-1]
    ax.barh(range(len(order)), order.share, color=PALE, edgecolor=BLUE, height=0.7)
    for y, row in enumerate(order.itertuples()):
        ax.text(row.share, y, f" {row.share:.0%}", va="center")
        _beside(ax, y, f"{row.n_words:,} ({row.n_sentences:,})")
    _beside(ax, len(order) - 0.35, "words (sentences)", fontsize=7.5, color="#555555")
    rows = _rows(ax, order.index, 0.3)
    ax.set(xlim=(0, 1), xticks=[0, 0.25, 0.5, 0.75, 1], xlabel="share of all words",
           xticklabels=["0", "25%", "50%", "75%", "100%"], ylim=(-0.6, len(order) - 0.4))
    note = (f"n = {count_of(int(shares.n_words.sum()), 'word')}. Rules over reporting verbs and "
            "quotation marks. Not validated here.")
    listed = "; ".join(f"{name} {share:.0%}" for name, share in shares.share.items())
    return finish(ax, "Whose words", note, f"Shares of the words: {listed}.", height=1.4 + rows)


@styled
def plot_matrix(counts, title, note, ax):
    """Draw a table of counts as shaded cells, each with its number (a point for nought)."""
    if not counts.size:
        return finish_empty(ax, title, note, "Nothing was counted.")
    values = counts.to_numpy()
    ax.imshow(values, cmap="Blues", vmin=0, vmax=max(values.max(), 1) * 1.8, aspect="auto")
    for (y, x), value in np.ndenumerate(values):
        ax.text(x, y, f"{value:,}" if value else "·", ha="center", va="center", fontsize=8.5)
    ax.set_xticks(range(len(counts.columns)), [label_text(c, 14) for c in counts.columns],
                  **(SLANTED if len(counts.columns) > 5 else {}))
    height = _rows(ax, counts.index, 0.29)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    rows = [f"{row}: " + ", ".join(f"{column} {value}" for column, value in values.items() if value)
            for row, values in counts.iterrows() if values.any()]
    return finish(ax, title, note, f"{'; '.join(rows) or 'Only noughts'}.".replace("_", " "),
                  height=1.9 + height)


def group_values(documents, values, by):
    """Return a table of group, date and value (one row a document) for the two plots below.

    `values` is a Series by doc_id; `by` is source or date. Documents without one are left out,
    and fewer than two groups give no row. Dates become days, months or years: the finest of
    which there are at most twelve.
    """
    day = documents.date.dt.strftime("%Y-%m-%d").astype("object")
    cut = next(n for n in (10, 7, 4) if day.str[:n].nunique() <= 12 or n == 4)
    date = day.str[:cut]
    table = pd.DataFrame({"group": date if by == "date" else documents.source.astype("object"),
                          "date": date, "value": values.reindex(documents.doc_id).to_numpy()})
    table = table.dropna(subset=["group", "value"])
    table = table.sort_values("group", kind="stable", ignore_index=True)
    return table if table.group.nunique() > 1 else table.head(0)


def cues_per_document(spans, sentences, code):
    """Return a Series by doc_id of the share of sentences with a cue of the code (0 to 1)."""
    hits = spans[spans.code == code].drop_duplicates("sent_id").sent_id // SENTENCE_STRIDE
    totals = sentences.groupby("doc_id").size()
    return (hits.value_counts().reindex(totals.index, fill_value=0) / totals).rename("share")


def _limits(values):
    """Return the ends of an axis that holds nought and all values."""
    low, high = min(values.min(), 0), max(values.max(), 0)
    room = 0.05 * ((high - low) or 1)
    return low - room * (low < 0), high + room


@styled
def plot_groups(values, title, xlabel, note, ax):
    """Draw a dot a document and a bar at each group's mean (`values`: group and value)."""
    found = values.groupby("group", sort=False).value.agg(["mean", "size"])
    kept = found.head(LIMIT)
    note = (f"n = {count_of(len(values), 'article')} in {count_of(len(found), 'group')}"
            f"{f' (the first {LIMIT} drawn)' if len(found) > LIMIT else ''}. "
            f"A dot is an article, a bar a mean. {note}")
    for y, (group, row) in enumerate(kept[::-1].iterrows()):
        own = np.sort(values.value[values.group == group].to_numpy())
        apart = (np.arange(len(own)) % 3 - 1) * 0.11  # so that equal values stay visible
        ax.scatter(own, y + apart * (len(own) > 1), s=26, facecolor=PALE, edgecolor=BLUE,
                   linewidth=0.9, clip_on=False, zorder=3, rasterized=len(values) > 1000)
        ax.vlines(row["mean"], y - 0.3, y + 0.3, color="black", linewidth=2, zorder=4)
        _beside(ax, y, f"{number(row['mean'])} ({row['size']:,.0f})")
    _beside(ax, len(kept) - 0.4, "mean (articles)", fontsize=7.5, color="#555555")
    rows = _rows(ax, kept.index[::-1], 0.4)
    ax.set(xlabel=xlabel, ylim=(-0.6, len(kept) - 0.4), xlim=_limits(values.value))
    ax.hlines(range(len(kept)), *ax.get_xlim(), color="#DDDDDD", linewidth=0.7, zorder=0)
    if values.value.min() < 0:
        ax.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    listed = "; ".join(f"{group} {number(row['mean'])} ({count_of(int(row['size']), 'article')})"
                       for group, row in kept.iterrows())
    return finish(ax, title, note, f"Means: {listed}.", height=1.5 + rows)


@styled
def plot_panels(values, title, ylabel, note, ax):
    """Draw a small panel a group on shared axes: a dot an article, a line the means by date."""
    found = values.dropna(subset="date")
    groups, dates = list(dict.fromkeys(found.group)), sorted(found.date.unique())
    means = found.groupby(["group", "date"]).value.mean()
    columns = 4 if len(groups) == 4 else 3
    rows = -(-min(len(groups), LIMIT) // columns)
    for n, group in enumerate(groups[:LIMIT]):
        row, column = divmod(n, columns)
        panel = ax.inset_axes([(column + 0.05) / columns, 1 - (row + 0.85) / rows,
                               0.9 / columns, 0.66 / rows])
        own, line = found[found.group == group], means[group].sort_index()
        panel.plot(line.index.map(dates.index), line, color=BLUE)
        panel.scatter(own.date.map(dates.index), own.value, s=20, facecolor=PALE, edgecolor=BLUE,
                      zorder=3)
        panel.axhline(0, color=GREY, linewidth=0.8)
        panel.set_title(label_text(group, 24), fontsize=8.5, fontweight="normal", pad=5)
        panel.set(ylim=_limits(values.value), xlim=(-0.4, len(dates) - 0.6))
        lowest = n + columns >= min(len(groups), LIMIT)
        panel.set_xticks(range(len(dates)), dates if lowest else [""] * len(dates), **SLANTED)
        panel.tick_params(labelleft=column == 0, labelsize=7.5)
        panel.set_ylabel(ylabel if column == 0 else "", fontsize=8)
    ax.set_axis_off()
    listed = "; ".join(f"{group} {date} {number(mean)}" for (group, date), mean in means.items())
    drawn = f" (the first {LIMIT} drawn)" if len(groups) > LIMIT else ""
    note = (f"n = {count_of(len(found), 'article')} in {count_of(len(groups), 'group')}{drawn}. "
            f"A dot is an article, the line a mean by date. {note}")
    return finish(ax, title, note, f"Means: {listed}.", height=1.1 + 1.9 * rows)


@styled
def plot_type_token(curve, ax):
    """Draw how many different words have been seen as the text is read (`type_token_curve`)."""
    ax.plot(curve.n_tokens, curve.n_tokens, linestyle=":", color=GREY)
    ax.plot(curve.n_tokens, curve.n_types, marker="o", markersize=3, color=BLUE)
    words, types = (int(curve[name].max()) for name in ("n_tokens", "n_types"))
    for y, label, colour in ((words, "if every word were new", GREY), (types, "this text", BLUE)):
        ax.annotate(label, (words, y), xytext=(-6, 4), textcoords="offset points", ha="right",
                    va="bottom", color=colour, fontweight="bold")
    ax.set(xlabel="words read", ylabel="different words", ylim=(0, None))
    halfway = int(curve.n_types[curve.n_tokens <= max(words / 2, 1)].max())
    alt = f"{halfway:,} different words after half of the text, {types:,} at its end."
    note = f"n = {count_of(words, 'word')}, capitals and small letters taken as one."
    return finish(ax, "New words as the text is read", note, alt)
