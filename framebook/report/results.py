"""The chapters on tone, on what sets outlets apart, and on how sure the numbers are."""

import numpy as np
import pandas as pd
from markupsafe import Markup

from framebook.common.resampling import MIN_TO_RESAMPLE
from framebook.common.text import count_of, number
from framebook.report.blocks import (
    by_outlet,
    ci,
    figure,
    heading,
    linked,
    listed,
    n_of,
    paragraph,
    rows_of,
    save_numbers,
    show_by,
    table,
)
from framebook.report.cover import list_status
from framebook.report.found import TONES, read_columns
from framebook.report.quotations import quote
from framebook.tokenising.keyness import count_by_document, log_likelihood

KEYWORDS, OUTLETS = 12, 8  # keywords of an outlet, and outlets with keywords


def tone_page(c):
    """Yield the pieces of the chapter on tone."""
    yield paragraph(
        "Tone scores, from −1 to 1, come from word lists made for other texts. They show where words "
        "with a positive or negative ring are, not what an article thinks.",
        kind="lead",
    )
    means = [
        Markup("{} by {}{}").format(
            linked(number(row.value), order="low"), row.measure, ci(row, number)
        )
        for row in c.estimates.loc[TONES].itertuples()
    ]
    yield paragraph("The mean of the sentences is", Markup(" and ").join(means) + ".")
    apart = int((c.measures[TONES].prod(axis=1) < 0).sum())
    if apart:
        n = n_of(apart, c.n, "sentence", tone="apart")
        yield paragraph("The two lexicons disagree on the sign of", n + ".")
    periods = sorted(c.periods.dropna().unique())
    for by, rows, keys in ("outlet", c.by_outlet, c.outlets), ("date", c.by_period, periods):
        if len(keys) < 2:
            continue
        labels = {key: key for key in keys}
        for name in TONES:
            own = rows_of(rows[rows.measure == name], "group", labels,
                          lambda key, by=by: {by: key, "order": "low"})  # fmt: skip
            title, file = f"Tone by {by} ({name})", f"tone_{name.lower()}_by_{by}"
            yield show_by(c, file, title, "", own, by.capitalize(), signed=True, level=2)
    order = c.measures.VADER.sort_values(kind="stable").index
    tenth = max(len(order) // 10, 1)
    for name, ids, sort in ("lowest", order[:tenth], "low"), ("highest", order[-tenth:], "high"):
        label = linked(f"The tenth with the {name} tone (VADER)", order=sort)
        yield quote(c, ids, 4, f"tone {name}", label=label)


def comparison_page(c):
    """Yield the pieces of the chapter on outlets: codes of the first codebook, and keywords."""
    yield paragraph(
        "Outlets whose intervals do not overlap differ in these measures. Outlets whose intervals "
        "overlap may differ too: framebook compare with --by source gives the difference of each "
        "outlet from the others, with its interval.",
        kind="lead",
    )
    first = c.codes.book.iloc[0] if len(c.codes) else None
    for code, label in c.codes[c.codes.book == first][["code", "label"]].itertuples(index=False):
        if c.estimates.n[code]:
            rows = by_outlet(c, code, code=code)
            title = f"Sentences with a cue of “{label}”, by outlet"
            yield show_by(c, f"outlets_{code.replace(':', '_')}", title, "", rows, level=2)
    yield from _keywords(c)


def find_keywords(c, tokens):
    """Return words in a larger share of an outlet's articles than of the others'.

    Columns outlet, word, n and n_other (articles with it), total and total_other, g2. Articles
    are counted and not occurrences, so that no article makes a keyword alone; a word must be in
    three articles of the outlet or more.
    """
    cells = count_by_document(tokens)
    names = dict(zip(c.documents.doc_id, c.documents.source, strict=True))
    outlet = pd.Categorical(cells.doc_id.map(names), c.outlets).codes
    words = cells.word.cat.categories.astype("str")
    known = outlet >= 0
    at = cells.word.cat.codes[known].to_numpy(np.int64) * len(c.outlets) + outlet[known]
    counts = np.bincount(at, minlength=len(words) * len(c.outlets)).reshape(len(words), -1)
    is_word = words.str.contains(r"[^\W\d_].*[^\W\d_]")
    sizes = c.documents.source.value_counts()
    found = []
    for column, name in enumerate(c.outlets[:OUTLETS]):
        own = pd.DataFrame({"outlet": name, "word": words, "n": counts[:, column]})
        own["n_other"] = counts.sum(axis=1) - own.n
        own["total"], own["total_other"] = sizes[name], sizes.sum() - sizes[name]
        own = own[is_word & (own.n >= 3) & (own.n * own.total_other > own.n_other * own.total)]
        own["g2"] = log_likelihood(own.n, own.n_other, own.total, own.total_other)
        found.append(own.sort_values(["g2", "word"], ascending=[False, True]).head(KEYWORDS))
    return pd.concat(found, ignore_index=True)


def _keywords(c):
    tokens = read_columns(c.folder, "tokens", "sent_id", "word")
    boilerplate = c.sentences.sent_id[c.texts.isin(c.repeated.index)]
    rows = find_keywords(c, tokens[~tokens.sent_id.isin(boilerplate)])
    if rows.empty:
        return
    cells = []
    for name, own in rows.groupby("outlet", sort=False):
        words = [
            Markup("{} ({:,} : {:,})").format(linked(row.word, q=row.word, outlet=name), row.n,
                                              row.n_other)
            for row in own.itertuples()
        ]  # fmt: skip
        cells.append([name, Markup(", ").join(words)])
    yield figure(
        f"Words that set {count_of(len(cells), 'outlet')} apart",
        "Words in a larger share of the outlet’s articles than of the others’ (articles of the "
        "outlet : articles of the others), by G² over articles.",
        table("Keywords by outlet", ["Outlet", "Words"], cells),
        f"The {OUTLETS} outlets with most articles. " * (len(c.outlets) > OUTLETS),
        [save_numbers(c, "keywords", rows)],
        2,
    )


def sure_page(c):
    """Yield the pieces of the chapter on validation and on other choices."""
    if c.cards:
        yield heading("Validation")
        yield listed(list_status(c), "status")
    else:
        yield paragraph("Nobody has validated them on these articles; the cover says how to.")
    yield heading("Would another choice have given another result?")
    shown = {"attributed": "Attributed", **dict(list(c.labels.items())[:3]), "VADER": "VADER"}
    shown["TextBlob"] = "TextBlob"
    rows = [
        [name, f"{int((weight > 0).sum()):,}", *(
            f"{mean:.3f}".replace("-", "−") if key in TONES else f"{mean:.1%}"
            for key, mean in zip(shown, weight @ c.measures[list(shown)] / sum(weight), strict=True)
        )]
        for name, weight in list_choices(c)
        if sum(weight)
    ]  # fmt: skip
    title = "The main numbers under other choices"
    yield table(title, ["Choice", "Sentences", *shown.values()], rows)
    wide = c.by_outlet[c.by_outlet.n_articles >= MIN_TO_RESAMPLE].pivot(
        index="group", columns="measure", values="value"
    )
    if len(wide) > 2:
        rho = wide[TONES].rank().corr().iloc[0, 1]
        yield paragraph(
            f"Ordered by mean tone, the {len(wide):,} outlets with {MIN_TO_RESAMPLE} articles or more agree "
            f"between VADER and TextBlob with Spearman’s ρ = {number(rho)} (1: the same order)."
        )


def list_choices(c):
    """Return rows of a choice and the weight that it gives to each sentence (an array)."""
    rows = c.sentences
    first = rows.doc_id == rows.groupby("article").doc_id.transform("first")
    sizes = rows.groupby("doc_id").sent_id.transform("size")
    choices = {
        "All sentences (the default)": rows.n_words >= 0,
        "Without headlines": rows.part != "title",
        "One article of each group of near-duplicates": first,
        "Without sentences that occur more than once": ~c.texts.duplicated(keep=False),
        "Every article weighs the same": 1 / sizes,
    }
    return [(name, weight.to_numpy(float)) for name, weight in choices.items()]
