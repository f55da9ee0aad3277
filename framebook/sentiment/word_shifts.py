"""Which words make two voices or two outlets differ in tone: word shifts.

The weighted-average shift of Gallagher et al. (2021, doi:10.1140/epjds/s13688-021-00260-3): the
difference of two mean valences is the sum of what each word adds to it.
"""

import numpy as np
import pandas as pd

from framebook.common.errors import InputError
from framebook.common.resampling import MIN_TO_RESAMPLE
from framebook.common.text import count_of, number
from framebook.sentiment.lexicons import vader
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

PLACE = 2**32  # more than the characters of any document
SHOWN = 16  # words that a figure shows


def roles_of_tokens(tokens, segments):
    """Return for each token narrator, attribution or content, as a categorical Series."""
    starts = segments.sent_id // SENTENCE_STRIDE * PLACE + segments.start
    order = np.argsort(starts.to_numpy(), kind="stable")
    places = tokens.sent_id // SENTENCE_STRIDE * PLACE + tokens.start
    at = starts.to_numpy()[order].searchsorted(places.to_numpy(), side="right") - 1
    return pd.Series(segments.role.astype("category").array[order][at], tokens.index)


def count_words_by_side(tokens, sides, names):
    """Return counts by lower-cased word (rows) and side (two columns, `names` in their order).

    `sides` is a Series by the index of `tokens`; tokens of other sides are left out. Raises
    InputError for a side of fewer than ten sentences: single words would make its tone.
    """
    (numbers, words), counts = number_words(tokens), {}
    for name in names:
        kept = (numbers >= 0) & (sides == name).to_numpy()
        if (n := tokens.sent_id[kept].nunique()) < MIN_TO_RESAMPLE:
            raise InputError(
                f"{name} has {n} of the {MIN_TO_RESAMPLE} sentences that a tone needs; compare two larger sets."
            )
        counts[name] = np.bincount(numbers[kept], minlength=len(words))
    table = pd.DataFrame(counts, words)
    return table[table.any(axis=1)]


def shift_words(counts, valences=None, missing="refuse"):
    """Return what each word adds to the mean valence of the second column less the first's.

    `counts` as `count_words_by_side` makes them; `valences` is {word: number}, by default
    VADER's lexicon (−4 to 4). A row a word; columns the two counts, valence, change (of its
    share of the scored words: second less first) and shift (valence · change); the shifts sum to
    the difference of the means. The largest first. Raises InputError where a word has no
    valence (`missing` "leave out" drops such words), and for a side without any that has one.
    """
    if counts.shape[1] != 2:
        raise InputError(f"A word shift compares two sides, not {counts.shape[1]}.")
    valence = counts.index.to_series().map(vader().lexicon if valences is None else valences)
    valence = valence.astype("float64")
    unknown = counts.index[valence.isna()]
    if len(unknown) and missing != "leave out":
        raise InputError(
            f"{count_of(len(unknown), 'word')} without a valence "
            f"({', '.join(unknown[:5])}, …): give each one, or say "
            'missing="leave out".'
        )
    known = counts[valence.notna()]
    if (known.sum() == 0).any():
        raise InputError(f"{known.sum().idxmin()} has no word with a valence; no shift is drawn.")
    shares = known / known.sum()
    table = known.assign(valence=valence, change=shares.iloc[:, 1] - shares.iloc[:, 0])
    table["shift"] = table.valence * table.change
    order = np.lexsort((table.index, -table["shift"].abs().round(12)))
    return table.iloc[order].rename_axis("word")


def mean_valences(shift):
    """Return the two means whose difference the shifts sum to, as a Series by side."""
    known = shift.iloc[:, :2]
    return known.mul(shift.valence, axis=0).sum() / known.sum()


@styled
def plot_word_shift(shift, note, ax):
    """Draw the words that add most to the difference, and the sum of the others."""
    one, other = shift.columns[:2]
    means, n = mean_valences(shift), shift.iloc[:, :2].sum()
    title = f"Which words make {other} differ in tone from {one}"
    note = (
        f"n = words with a valence: {n[one]:,} of {one}, {n[other]:,} of {other}. Difference "
        f"of mean valences: {number(means[other])} less {number(means[one])} is "
        f"{number(means[other] - means[one])}. {note}"
    )
    rest = shift.iloc[SHOWN:]
    bars = shift.head(SHOWN)[["shift", "change"]]
    if not bars["shift"].any():
        return finish_empty(ax, title, note, "No word adds to a difference.")
    labels = [f"{word} ({number(value)})" for word, value in shift.valence.head(SHOWN).items()]
    if len(rest):
        bars = pd.concat([bars, pd.DataFrame({"shift": [rest["shift"].sum()], "change": 0})])
        labels.append(f"{len(rest):,} other words")
    bars, rows = bars[::-1], label_rows(ax, labels[::-1], 0.26)
    drawn = ax.barh(
        range(len(bars)),
        bars["shift"],
        height=0.7,
        edgecolor=BLUE,
        color=[PALE if change > 0 else "white" for change in bars.change],
    )
    if len(rest):
        drawn[0].set(hatch="///", edgecolor=GREY)
    counts = [f"{a:,} : {b:,}" for a, b in shift.iloc[:SHOWN, :2].to_numpy()]
    for y, text in enumerate(reversed(counts), start=len(bars) - len(counts)):
        write_beside(ax, y, text)
    write_beside(ax, len(bars) - 0.35, f"{one} : {other}", fontsize=7.5, color="#555555")
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.margins(x=0.08)
    ax.set(
        ylim=(-0.6, len(bars) - 0.4),
        xlabel=(
            f"makes {other} darker (left) or brighter (right) than {one}\n"
            f"filled: used more by {other}; empty: used less"
        ),
    )
    listed = "; ".join(
        f"{word} {row['shift']:+.2f} ({row[one]:,.0f} : {row[other]:,.0f})"
        for word, row in shift.head(SHOWN).iterrows()
    )
    return finish(
        ax,
        title,
        note,
        f"Words by what they add ({one} : {other} times): {listed}.".replace("-", "−"),
        shift,
        height=1.8 + rows,
    )
