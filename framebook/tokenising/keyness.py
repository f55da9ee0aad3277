"""Which words distinguish two sets of documents, and how evenly words are spread."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from framebook.common.errors import InputError
from framebook.common.text import number
from framebook.tables import SENTENCE_STRIDE
from framebook.tokenising.counts import number_words
from framebook.visualisation.figure import (
    BLUE,
    GREY,
    PALE,
    finish,
    finish_empty,
    label_rows,
    styled,
    write_beside,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COUNTED = ["n_target", "n_documents_target", "n_reference", "n_documents_reference"]


def count_by_document(tokens):
    """Return doc_id, word (dictionary-coded), n (1 or more), ordered by doc_id and word."""
    numbers, words = number_words(tokens)
    row, doc_ids = pd.factorize(tokens.sent_id.to_numpy() // SENTENCE_STRIDE, sort=True)
    cells, n = np.unique((row * len(words) + numbers)[numbers >= 0], return_counts=True)
    row, number = np.divmod(cells, max(len(words), 1))
    word = pd.Categorical.from_codes(number, words).remove_unused_categories()
    return pd.DataFrame({"doc_id": doc_ids[row], "word": word, "n": n})


def log_likelihood(a, b, c, d):
    """Return G² (0 or more) of words found a times in c words and b times in d words.

    2(a ln a/E1 + b ln b/E2), E1 and E2 being c and d times (a + b)/(c + d): the two cells of
    Rayson & Garside (2000, doi:10.3115/1117729.1117730). That of Dunning (1993,
    aclanthology.org/J93-1003; so NLTK and our collocations) adds two cells for all other
    words, and is larger by about the word's share of all words.
    """
    share = (a + b) / (c + d)
    one, two = (x * np.log(np.where(x > 0, x / (n * share), 1)) for x, n in ((a, c), (b, d)))
    return np.maximum(2 * (one + two), 0)


def log_ratio(a, b, c, d):
    """Return (log2 of a/c over b/d, lower and upper bound of its 95 % interval).

    Hardie (2014, cass.lancs.ac.uk/log-ratio-an-informal-introduction); the interval is that of
    Katz et al. (1978, doi:10.2307/2530610). By convention 0.5 stands for a count of 0, which
    in a small part may even turn the sign.
    """
    a, b = np.where(a > 0, a, 0.5), np.where(b > 0, b, 0.5)
    value = np.log2(a / c) - np.log2(b / d)
    reach = 1.959963984540054 * np.sqrt(1 / a - 1 / c + 1 / b - 1 / d) / math.log(2)
    return value, value - reach, value + reach


def adjust(p):
    """Return q (0 to 1): Benjamini & Hochberg (1995, doi:10.1111/j.2517-6161.1995.tb02031.x)."""
    order, q = np.argsort(p)[::-1], np.empty(len(p))
    q[order] = np.minimum.accumulate(p[order] * len(p) / np.arange(len(p), 0, -1))
    return q


def keyness(
    tokens: pd.DataFrame,
    target_doc_ids: Iterable[int],
    reference: pd.DataFrame | None = None,
    min_count: int = 5,
    min_documents: int = 10,
) -> pd.DataFrame:
    """Return one row per word seen `min_count` times or more in target and reference together.

    Reference: the rest of `tokens`, or the tokens table `reference` of another corpus. Columns
    word; n_, n_documents_, n_words_ (all words), each with target and reference; direction (target,
    reference, same: where it is more frequent); log_ratio with _low and _high; g2, p, q (over the
    rows returned), as defined in `log_ratio`, `log_likelihood` and `adjust`. Sorted by g2, then by
    size of log_ratio. Raises InputError when a part has no words.

    Bounds, g2, p, q are null unless both parts have `min_documents` documents. Words of a document
    are not independent draws: p and q are too small, bounds too close (Lijffijt et al. 2016,
    doi:10.1093/llc/fqu064); see n_documents_.

    >>> from framebook.tables import make_documents
    >>> tokens = tokenise(make_documents(["Rain, rain, rain.", "Rain and sun."]))[1]
    >>> keyness(tokens, [0], min_count=3)[["word", "n_target", "direction"]].values.tolist()
    [['rain', 3, 'target']]
    """
    cells = count_by_document(tokens)
    chosen = cells.doc_id.isin(list(target_doc_ids))
    parts = cells[chosen], cells[~chosen] if reference is None else count_by_document(reference)
    if any(part.empty for part in parts):
        raise InputError("Keyness compares two parts, and one of them holds no word.")
    table = _by_word(parts[0], "_target").join(_by_word(parts[1], "_reference"), how="outer")
    table = table.fillna(0).astype("int64").reset_index()
    table = table[table.n_target + table.n_reference >= min_count]
    a, b = table.n_target.to_numpy(), table.n_reference.to_numpy()
    c, d = (int(part.n.sum()) for part in parts)
    (ratio, low, high), g2 = log_ratio(a, b, c, d), log_likelihood(a, b, c, d)
    if min(part.doc_id.nunique() for part in parts) < min_documents:
        low = high = g2 = np.full(len(a), np.nan)
    p = np.array([math.erfc(math.sqrt(x / 2)) for x in g2], dtype=float)  # chi-square, 1 df
    more = np.select([a * d > b * c, a * d < b * c], ["target", "reference"], "same")
    table = table.assign(
        n_words_target=c,
        n_words_reference=d,
        direction=more,
        log_ratio=ratio,
        log_ratio_low=low,
        log_ratio_high=high,
        g2=g2,
        p=p,
        q=adjust(p),
    )
    return table.iloc[np.lexsort((table.word, -np.abs(ratio), -g2))].reset_index(drop=True)


def _draw_ratios(ax, table, names, tested):
    """Draw log ratios with their intervals, or rates to both sides where there are none."""
    y = range(len(table))
    if tested:
        ax.hlines(y, table.log_ratio_low, table.log_ratio_high, color=BLUE, linewidth=1.4)
        ax.scatter(table.log_ratio, y, color=BLUE, s=22, zorder=3)
        ax.set_xlabel(f"log ratio: doublings, more in {names[1]} (left) or {names[0]} (right)")
    else:
        for sign, part in ((1000, "target"), (-1000, "reference")):
            ax.barh(
                y,
                sign * table[f"n_{part}"] / table[f"n_words_{part}"],
                color=PALE,
                edgecolor=BLUE,
                height=0.7,
            )
        ax.xaxis.set_major_formatter(lambda x, _: f"{abs(x):,g}")
        ax.set_xlabel(f"by 1,000 words of {names[1]} (left) and of {names[0]} (right)")


@styled
def plot_keyness(
    table: pd.DataFrame, names: tuple[str, str], note: str, ax: "Axes | None" = None
) -> "Axes":
    """Return the Axes of a figure of rows of `keyness`: log ratios, their intervals, and counts.

    Rates per 1,000 words are drawn if there are no intervals. `names` are those of target and
    reference.

    >>> from framebook.tables import make_documents
    >>> tokens = tokenise(make_documents(["Rain, rain, rain.", "Rain and sun."]))[1]
    >>> ax = plot_keyness(keyness(tokens, [0], min_count=3), ("Monday", "Tuesday"), "")
    >>> ax.figure.data[["word", "n_target", "n_reference"]].values.tolist()
    [['rain', 3, 1]]
    """
    title = f"Words of {names[0]} and of {names[1]}"
    n = "0 words"
    if len(table):
        sizes = table.n_words_target.max(), table.n_words_reference.max()
        n = f"{names[0]} {sizes[0]:,.0f} words, {names[1]} {sizes[1]:,.0f}"
    table = table.sort_values("log_ratio", kind="stable", ignore_index=True)
    tested = bool(table.log_ratio_low.notna().any())
    note = f"n = {n}. {note}" + (
        " Lines: 95 % intervals, none where a part lacks the word."
        if tested
        else " Too few articles for an interval or a test."
    )
    if table.empty:
        return finish_empty(ax, title, note, "No word was compared.")
    rows = label_rows(ax, table.word, 0.26)
    _draw_ratios(ax, table, names, tested)
    said = []
    for place, row in table.iterrows():
        a, in_a, b, in_b = row[COUNTED]
        g2 = f"   {row.g2:.1f}" if tested else ""
        write_beside(ax, place, f"{a:,} ({in_a:,}) : {b:,} ({in_b:,}){g2}")
        ratio = (
            f"{number(row.log_ratio)} [{number(row.log_ratio_low)}, {number(row.log_ratio_high)}], "
            if tested
            else ""
        )
        said.append(f"{row.word} {ratio}{a:,} : {b:,}")
    write_beside(
        ax,
        len(table) - 0.35,
        f"{names[0]} : {names[1]}, times (articles)" + ", G²" * tested,
        fontsize=7.5,
        color="#555555",
    )
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.set_ylim(-0.6, len(table) - 0.4)
    kept = ["word", *COUNTED, *(["log_ratio", "log_ratio_low", "log_ratio_high", "g2"] * tested)]
    return finish(
        ax,
        title,
        note,
        f"{names[0]} : {names[1]}. {'; '.join(said[::-1])}.",
        table[kept][::-1].reset_index(drop=True),
        height=1.7 + rows,
    )


def dispersion(tokens, min_count=1):
    """Return how evenly each word seen `min_count` times is spread over the documents.

    Columns word, n, n_documents, dp (deviation of proportions: 0 as documents' lengths would
    have it, near 1 all in one short document; Gries 2008, doi:10.1075/ijcl.13.4.02gri), dp_norm
    (over its largest value: Lijffijt & Gries 2012, doi:10.1075/ijcl.17.1.08lij), both null for
    one document. Most frequent first.
    """
    cells = count_by_document(tokens)
    expected = cells.groupby("doc_id").n.transform("sum") / max(cells.n.sum(), 1)
    observed = cells.n / cells.groupby("word", observed=True).n.transform("sum")
    # A document without the word differs by its whole share, and the shares sum to 1: so
    # the sum over all documents is 1 and what the documents with the word add to it.
    added = ((observed - expected).abs() - expected).groupby(cells.word, observed=True).sum()
    dp = np.where(expected.min() < 1, (1 + added.to_numpy()) / 2, np.nan).clip(0, 1)
    table = _by_word(cells).assign(dp=dp, dp_norm=(dp / (1 - expected.min())).clip(0, 1))
    table = table[table.n >= min_count].sort_values("n", ascending=False, kind="stable")
    return table.reset_index()


def _by_word(cells, suffix=""):
    """Return n and n_documents by word, of counts by document."""
    found = cells.groupby("word", observed=True).n.agg(n="sum", n_documents="size")
    return found.set_axis(found.index.astype("str")).add_suffix(suffix)
