"""Figures from the tables: every function takes and returns `ax` and describes what it drew.

The description (alternative text, made from the same data) is `ax.figure.alt`; `show` puts
it into the notebook and `save` into the SVG.
"""

from functools import wraps
from pathlib import Path

import numpy as np

from framebook.tables import SENTENCE_STRIDE

STYLE = Path(__file__).with_name("framebook.mplstyle")
BLUE, RED, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#767676"
VOICE_LOOKS = {  # hatch and colour: told apart in grey, too
    "narrator": ("", "#E8E8E8"), "attribution phrase": ("....", "#FFFFFF"),
    "paraphrased": ("", "#56B4E9"), "quoted": ("//", "#0072B2"), "mixed": ("\\\\", "#9AD0F0"),
    "source unspecified": ("xx", "#F5C189"),
}


def styled(plot):
    """Give a plot function Framebook's style and, where none is passed, an `ax` of its own."""
    @wraps(plot)
    def drawn(*args, ax=None, **kwargs):
        import matplotlib.pyplot as plt

        with plt.style.context(STYLE):
            ax = ax if ax is not None else plt.subplots(layout="constrained")[1]
            return plot(*args, ax=ax, **kwargs)
    return drawn


def finish(ax, title, note, alt):
    """Return `ax` with its title, the note beneath (n and method) and its description."""
    ax.set_title(title)
    ax.figure.supxlabel(note, fontsize=7.5, color="#555555", x=0.01, ha="left")
    ax.figure.alt = f"{title}. {alt} {note}"
    return ax


def show(ax):
    """Display the figure in a notebook with its alternative text, and close it."""
    import matplotlib.pyplot as plt
    from IPython.display import display

    figure = ax.figure
    with plt.style.context(STYLE):
        display(figure, metadata={"image/png": {"alt": figure.alt}})
    plt.close(figure)


def save(ax, name, folder):
    """Write the figure as NAME.svg and NAME.png (300 dpi) and return the two paths.

    The same data gives the same bytes: no date is written, and ids come from a fixed salt.
    """
    import matplotlib.pyplot as plt

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.svg", folder / f"{name}.png"]
    with plt.style.context(STYLE):
        ax.figure.savefig(paths[0], metadata={"Date": None, "Description": ax.figure.alt})
        ax.figure.savefig(paths[1], metadata={"Software": None, "Description": ax.figure.alt})
    return paths


def whole_numbers(axis):
    """Put ticks on whole numbers only: there is no sentence 2.5."""
    axis.get_major_locator().set_params(integer=True)


def count_of(n, noun):
    """Return "1 sentence" or "22 sentences"."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _positions(sentences):
    """Return for each sentence its place in its document, from 0 to below 1."""
    grouped = sentences.groupby("doc_id").sent_id
    return (grouped.cumcount() / grouped.transform("size")).to_numpy()


@styled
def plot_tone(sentiment, sentences, ax):
    """Draw tone through the text: sentence by sentence for one article, else mean by tenth."""
    one = sentences.doc_id.nunique() == 1
    frame = sentences[["sent_id", "doc_id"]].merge(sentiment, on="sent_id")
    at = np.arange(1, len(frame) + 1) if one else np.floor(_positions(sentences) * 10) + 1
    lines = []
    for column, label, colour, marker in (("vader_compound", "VADER", BLUE, "o"),
                                          ("textblob_polarity", "TextBlob", RED, "s")):
        values = frame[column].groupby(at).mean()
        ax.plot(values.index, values, marker=marker, color=colour, markersize=4)
        ax.annotate(label, (values.index[-1], values.iloc[-1]), xytext=(8, 0), color=colour,
                    textcoords="offset points", va="center", fontweight="bold")
        lines.append(f"{label} runs from {values.min():.2f} to {values.max():.2f}, "
                     f"mean {frame[column].mean():.2f}.")
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.set(ylim=(-1.05, 1.05), ylabel="tone (−1 to 1)",
           xlabel="sentence" if one else "tenth of the article")
    ax.margins(x=0.08)
    whole_numbers(ax.xaxis)
    note = (f"n = {count_of(len(frame), 'sentence')} of "
            f"{count_of(sentences.doc_id.nunique(), 'article')}"
            f"{'' if one else '; means by tenth'}. NLTK's VADER, TextBlob. Not validated here.")
    return finish(ax, "Tone through the text", note, " ".join(lines))


@styled
def plot_bars(counts, total, title, unit="sentences with a cue", ax=None, note=""):
    """Draw one bar a row of `counts` (a Series by label), each with its number."""
    counts = counts.sort_values(kind="stable")
    ax.barh(range(len(counts)), counts, color="#9AC7E0", edgecolor=BLUE, height=0.7)
    ax.set_yticks(range(len(counts)), counts.index)
    for y, value in enumerate(counts):
        ax.text(value, y, f" {value:,}", va="center")
    ax.set(xlabel=unit, xlim=(0, max(counts.max(), 1) * 1.12 if len(counts) else 1))
    whole_numbers(ax.xaxis)
    ax.figure.set_size_inches(7.2, 1.5 + 0.3 * max(len(counts), 2))
    listed = "; ".join(f"{label} {value:,}" for label, value in counts[::-1].items())
    return finish(ax, title, f"n = {count_of(total, 'sentence')}. {note}".strip(),
                  f"Bars, {unit}: {listed}.")


@styled
def plot_sequence(spans, sentences, labels, ax):
    """Draw where in the text each code has a cue: a strip a code.

    One article: a mark a sentence. More: the mark's area is the share of sentences with the
    cue in that tenth of the articles.
    """
    codes = [code for code in labels if code in set(spans.code)][::-1]
    one = sentences.doc_id.nunique() == 1
    place = dict(zip(sentences.sent_id, np.arange(1, len(sentences) + 1) if one
                     else np.floor(_positions(sentences) * 10) + 1, strict=True))
    totals = sentences.sent_id.map(place).value_counts()
    for y, code in enumerate(codes):
        hits = spans[spans.code == code].drop_duplicates("sent_id").sent_id.map(place).value_counts()
        size = 60 if one else 160 * (hits / totals.reindex(hits.index)).to_numpy()
        ax.scatter(hits.index, [y] * len(hits), s=size, marker="s" if one else "o",
                   facecolor="#9AC7E0", edgecolor=BLUE)
    ax.set_yticks(range(len(codes)), [labels[code] for code in codes])
    ax.set(ylim=(-0.6, len(codes) - 0.4), xlabel="sentence" if one else "tenth of the article")
    ax.set_xlim(0.3, (len(sentences) if one else 10) + 0.7)
    whole_numbers(ax.xaxis)
    ax.hlines(range(len(codes)), *ax.get_xlim(), color="#DDDDDD", linewidth=0.7, zorder=0)
    lead = sentences.part.ne("body").sum()
    if one and 0 < lead < len(sentences):
        ax.axvline(lead + 0.5, color=GREY, linewidth=0.8, linestyle=":")
        ax.text(lead + 0.6, len(codes) - 0.5, "headline and lead end here", fontsize=7, color=GREY)
    ax.figure.set_size_inches(7.2, 1.4 + 0.32 * max(len(codes), 2))
    counts = [f"{labels[code]} in {spans[spans.code == code].sent_id.nunique()}"
              for code in codes[::-1]]
    note = (f"n = {count_of(len(sentences), 'sentence')} of "
            f"{count_of(sentences.doc_id.nunique(), 'article')}. "
            f"{'A mark is a sentence with a cue' if one else 'Area: share of sentences'}; "
            "a cue is not a frame.")
    return finish(ax, "Where the cues stand", note, f"Sentences with a cue: {'; '.join(counts)}.")


@styled
def plot_shares(shares, ax):
    """Draw whose words the text is made of: one bar, parted by voice (`voices.voice_shares`)."""
    left, listed = 0.0, []
    for n, (name, share) in enumerate(shares.share.items()):
        hatch, colour = VOICE_LOOKS[name]
        ax.barh(0, share, left=left, height=0.5, color=colour, hatch=hatch, edgecolor="#333333",
                linewidth=0.7)
        if share > 0:
            ax.annotate(f"{name}\n{share:.0%}", (left + share / 2, 0.25 if n % 2 else -0.25),
                        xytext=(0, 9 if n % 2 else -9), textcoords="offset points", ha="center",
                        va="bottom" if n % 2 else "top", fontsize=8)
            listed.append(f"{name} {share:.0%}")
        left += share
    ax.set(xlim=(0, 1), ylim=(-0.75, 0.75), yticks=[], xticks=[])
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.figure.set_size_inches(7.2, 2.1)
    note = (f"n = {count_of(int(shares.n_words.sum()), 'word')}. Rules over reporting verbs and "
            "quotation marks. Not validated here.")
    return finish(ax, "Whose words", note, f"Shares of the words: {'; '.join(listed)}.")


@styled
def plot_matrix(counts, title, note, ax):
    """Draw a table of counts as shaded cells, each with its number."""
    values = counts.to_numpy()
    if values.size:
        ax.imshow(values, cmap="Blues", vmin=0, vmax=max(values.max(), 1) * 1.6, aspect="auto")
    for (y, x), value in np.ndenumerate(values):
        ax.text(x, y, f"{value:,}" if value else "·", ha="center", va="center", fontsize=8.5)
    ax.set_xticks(range(len(counts.columns)), counts.columns, rotation=30, ha="right")
    ax.set_yticks(range(len(counts)), counts.index)
    ax.tick_params(length=0)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.figure.set_size_inches(7.2, 1.9 + 0.27 * max(len(counts), 2))
    rows = [f"{row}: " + ", ".join(f"{column} {value}" for column, value in values.items() if value)
            for row, values in counts.iterrows() if values.any()]
    return finish(ax, title, note, f"{'; '.join(rows) or 'No cue'}.")


@styled
def plot_groups(values, title, xlabel, note, ax):
    """Draw one dot a document and a bar at each group's mean (`values`: group and value)."""
    groups = list(dict.fromkeys(values.group))[::-1]
    for y, group in enumerate(groups):
        own = values.value[values.group == group].to_numpy()
        ax.plot(own, np.full(len(own), y), "o", color=BLUE, alpha=0.55)
        ax.plot([own.mean()] * 2, [y - 0.28, y + 0.28], color="black", linewidth=2)
        ax.text(own.mean(), y + 0.32, f"{own.mean():.2f}", ha="center", fontsize=8)
    ax.set_yticks(range(len(groups)), groups)
    ax.set(xlabel=xlabel, ylim=(-0.6, len(groups) - 0.2))
    ax.figure.set_size_inches(7.2, 1.5 + 0.42 * max(len(groups), 2))
    means = values.groupby("group", sort=False).value.agg(["mean", "size"])
    listed = "; ".join(f"{group} {row['mean']:.2f} ({count_of(int(row['size']), 'article')})"
                       for group, row in means.iterrows())
    return finish(ax, title, note, f"Means: {listed}.")


def cues_per_document(spans, sentences, code):
    """Return a Series by doc_id of the share of sentences with a cue of the code (0 to 1)."""
    hits = spans[spans.code == code].drop_duplicates("sent_id").sent_id // SENTENCE_STRIDE
    totals = sentences.groupby("doc_id").size()
    return (hits.value_counts().reindex(totals.index, fill_value=0) / totals).rename("share")


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
