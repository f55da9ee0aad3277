"""The chapters on what is in the articles, who speaks in them, and where the cues are.

Each function yields the pieces of its page. No sentence is written in advance about a result:
each says what was counted and of how many, and is left out where there is nothing to count.
"""

import pandas as pd
from markupsafe import Markup

from framebook.common.text import count_of
from framebook.report.blocks import (
    LIMIT,
    MATRIX,
    RULES,
    bars,
    by_outlet,
    ci,
    figure,
    group_reasons,
    heading,
    linked,
    matrix,
    n_of,
    paragraph,
    rows_of,
    save_numbers,
    show_by,
    show_dates,
    table,
)
from framebook.report.cover import SOURCED, describe_corpus, say_most
from framebook.report.quotations import quote

MEASURED = (
    "On five news articles coded by hand, Framebook found 86% of the attributions (95% interval 80% "
    "to 93%) and named the right speaker in 84% of those (72% to 98%)."
)
VOICES = 8  # columns of a matrix of speakers: the reporter, and the classes with most cues
REPORTER = "narrator"  # the filter: in nobody else's words


def corpus_page(c):
    """Yield the pieces of the chapter on the articles."""
    yield paragraph(describe_corpus(c), kind="lead")
    if c.outlets:
        yield _outlets(c)
    yield from show_dates(c)
    words = c.sentences.groupby("doc_id").n_words.sum().sort_values(kind="stable")
    if not c.one:
        low, median, high = words.quantile([0.25, 0.5, 0.75]).round().astype(int)
        yield heading("Length of the articles")
        yield paragraph(
            f"The median article has {count_of(median, 'word')}, and half of the articles have "
            f"between {low:,} and {high:,}. The shortest has {words.min():,} and the longest "
            f"{words.max():,}."
        )
    yield from _loading(c)


def _outlets(c):
    sizes = c.sentences.groupby("outlet").agg(
        sentences=("sent_id", "size"), words=("n_words", "sum")
    )
    n = c.documents.source.value_counts()
    rows = sizes.reindex(c.outlets).fillna(0).astype(int).assign(label=c.outlets)
    rows = rows.assign(n=n[c.outlets], total=len(c.documents), low=None, high=None)
    rows["value"] = rows.n / rows.total
    rows["filters"] = [{"outlet": name} for name in c.outlets]
    file = save_numbers(c, "articles_by_outlet", rows[["label", "n", "sentences", "words"]])
    body = bars("Articles by outlet", "Outlet", rows, "article")
    n = f"n = {count_of(len(c.documents), 'article')}."
    return figure(count_of(len(rows), "outlet"), "", body, n, [file], 2)


def _loading(c):
    yield heading("How the articles were read")
    said = ", ".join(f"{n:,} {name}" for name, n in c.loading.status.value_counts().items())
    yield paragraph(f"{count_of(len(c.loading), 'text')} found: {said}.")
    if rows := group_reasons(c.loading[c.loading.status != "read"]):
        yield table(
            "Texts that were repaired or not read, by reason",
            ["Reason", "Status", "Texts", "Most often, or for example"],
            rows[:LIMIT],
        )


def voices_page(c):
    """Yield the pieces of the chapter on who speaks."""
    row = c.estimates.loc["attributed"]
    yield paragraph(
        n_of(row.n, c.n, "sentence", **SOURCED),
        f"contain something that the text attributes to a source{ci(row)}.",
        kind="lead",
    )
    if c.voices.empty:
        return
    without = len(c.voices) - len(c.sourced)
    if without:
        n = n_of(without, len(c.voices), "attribution", speaker_class="unspecified")
        yield paragraph(n, "do not say who speaks; they are left out of the figures below.")
    if c.sourced.empty:
        return
    yield from _classes(c)
    yield from _speakers(c)
    forms = c.sourced.form.value_counts()
    yield heading("Quoted or paraphrased")
    yield table(
        f"{count_of(len(c.sourced), 'attribution')} by form",
        ["Form", "Attributions"],
        [[k.capitalize(), n_of(n, len(c.sourced), form=k, **SOURCED)] for k, n in forms.items()],
    )
    if len(c.outlets) > 1:
        yield show_by(
            c,
            "attributed_by_outlet",
            "Sentences attributed to a source, by outlet",
            "",
            by_outlet(c, "attributed", **SOURCED),
            level=2,
        )
        counts = pd.crosstab(c.sourced.speaker_class, c.sourced.outlet)
        counts = counts.reindex(columns=[one for one in c.outlets if one in counts])
        yield _matrix(
            c,
            "speaker_classes_by_outlet",
            "Classes of speakers by outlet",
            "Share of the outlet’s attributions to a source.",
            counts / counts.sum(),
            counts,
            {"speaker_class": c.classes, "outlet": {one: one for one in c.outlets}},
            f"n = {count_of(int(counts.to_numpy().sum()), 'attribution')}.",
        )


def _matrix(c, name, title, subtitle, shares, counts, names, n=""):
    """Return the figure of a matrix; `names` is {filter: {key: label}} of rows, then columns."""
    (row, rows), (column, columns) = names.items()
    order = [key for key in rows if key in counts.index]
    shares, counts = (
        part.loc[order].rename(index=rows, columns=columns) for part in (shares, counts)
    )
    file = save_numbers(c, name, counts.rename_axis("row").reset_index())
    keys = {label: key for key, label in [*rows.items(), *columns.items()]}
    kind, most = ("outlets", MATRIX) if column == "outlet" else ("columns", VOICES)
    body = matrix(
        title, row.split("_")[-1].capitalize(), shares, counts,
        lambda one, other: {row: keys[one], column: keys[other]}, most,
    )  # fmt: skip
    wide = counts.shape[1] > most
    note = f"The first {most} of {counts.shape[1]:,} {kind}; the CSV has all. " * wide
    return figure(title, subtitle, body, f"{n} {note}{RULES}".strip(), [file])


def _classes(c):
    known = c.by_class[(c.by_class.n > 0) & (c.by_class.measure != "other")]
    order = known.sort_values("n", ascending=False, kind="stable").measure.tolist()
    unknown = c.by_class.set_index("measure").n["other"]
    if unknown:
        n = n_of(unknown, len(c.sourced), "attribution", speaker_class="other")
        yield paragraph("The rules could not classify the speaker of", n + ".")
        yield from _unclassified(c)
        order.append("other")
    if len(c.carried):
        n, names = int(c.carried.n_missing.sum()), count_of(len(c.carried), "speaker")
        yield paragraph(
            f"{names} had no class in {count_of(n, 'article')} and one in others; the class of most "
            "of these was taken, and none where they disagree:",
            Markup('<a href="speaker_classes.csv">speaker_classes.csv</a>.'),
        )
    yield paragraph(say_most(c))
    yield show_by(
        c,
        "speaker_classes",
        "Attributions to a source by class of speaker",
        "",
        rows_of(c.by_class, "measure", {one: c.classes[one] for one in order},
                lambda one: {"speaker_class": one}),
        "Class",
        unit="attribution",
        level=2,
    )  # fmt: skip
    for name in order[:3]:
        ids = c.sourced.sent_id[c.sourced.speaker_class == name]
        label = c.classes[name].capitalize()
        yield quote(c, ids, 2, f"class {name}", label=label, speaker_class=name)


def _unclassified(c):
    """Yield the speakers without a class who speak most often, and how to give them one."""
    rows = c.sourced[c.sourced.speaker_class == "other"].speaker.value_counts().head(10)
    if rows.empty:
        return
    names = Markup(", ").join(
        Markup("{} ({:,})").format(linked(name, speaker=name, speaker_class="other"), n)
        for name, n in rows.items()
    )
    hint = Markup("To class them, name them in a list of speakers and give it with "
                  "<code>--speakers</code>.")  # fmt: skip
    yield paragraph("The most frequent of them:", names + ".", hint)


def _speakers(c):
    named = c.sourced[(c.sourced.speaker_class != "unnamed") & c.sourced.speaker.notna()]
    if named.empty:
        return
    kinds = named.groupby(["speaker", "speaker_class"]).size().reset_index(name="k")
    kinds = kinds.sort_values("k", ascending=False, kind="stable").drop_duplicates("speaker")
    rows = named.groupby("speaker").agg(
        attributions=("sent_id", "size"), sentences=("sent_id", "nunique"),
        articles=("doc_id", "nunique"),
    )  # fmt: skip
    rows["speaker_class"] = kinds.set_index("speaker").speaker_class.map(c.classes)
    rows["also_written"] = c.also_written.reindex(rows.index).fillna("")
    rows = rows.sort_values(["attributions", "articles"], ascending=False, kind="stable")
    file = save_numbers(c, "speakers", rows.reset_index())
    cells = [
        [row.Index, row.speaker_class, linked(f"{row.attributions:,}", speaker=row.Index)]
        + [f"{row.sentences:,}", f"{row.articles:,}", row.also_written]
        for row in rows.head(LIMIT).itertuples()
    ]
    columns = ["Speaker", "Most often classed as", "Attributions", "Sentences", "Articles"]
    columns.append("Also written as")
    if not (rows.also_written.head(LIMIT) != "").any():
        columns, cells = columns[:-1], [row[:-1] for row in cells]
    joined = c.links.name.isin(c.voices.written).sum()
    said = f"{count_of(joined, 'form')} of a name joined to another" if joined else ""
    yield figure(
        f"Who is quoted most: {count_of(len(rows), 'speaker')}{said and f', with {said}'}",
        Markup("Each link and its reason: <a href=\"speaker_links.csv\">speaker_links.csv</a>. Take "
               "out what is wrong and give the file back with <code>--links</code>.")
        if joined else "",
        table("Speakers by attributions", columns, cells),
        Markup("{}. {} {}").format(
            linked(f"All {len(rows):,}, sorted", view="speakers"), RULES, MEASURED
        ),
        [file],
        2,
    )  # fmt: skip


def frames_page(c):
    """Yield the pieces of the chapter on cues: a part for each codebook that ran."""
    yield paragraph(
        "A cue is a word or phrase from a codebook: a place worth reading, not a frame. Compare "
        "outlets within one code, not codes with each other: their word lists differ in length.",
        kind="lead",
    )
    for number, (book, own) in enumerate(c.codes.groupby("book", sort=False)):
        labels = dict(zip(own.code, own.label, strict=True))
        slug = own.code.iloc[0].rpartition(":")[0]
        rows = rows_of(c.estimates, "measure", labels, lambda code: {"code": code})
        title = f"Sentences with a cue of each code of “{book}”"
        yield show_by(c, f"cues_{slug}", title, "", rows, "Code", level=2)
        drawn = [
            quote(c, c.sentences_with(code), 2, f"code {code}", [code], labels[code], code=code)
            for code in labels
            if c.estimates.n[code]
        ]
        if number:
            drawn = [Markup("<details><summary>Sentences drawn at random</summary>"), *drawn]
            drawn.append(Markup("</details>"))
        yield from drawn
        if len(c.outlets) > 1:
            found = c.by_outlet[c.by_outlet.measure.isin(list(labels))]
            save_numbers(c, f"cues_{slug}_by_outlet_with_intervals", found)
            shares, counts = (
                found.pivot(index="measure", columns="group", values=one)[c.outlets]
                for one in ("value", "n")
            )
            names = {"code": labels, "outlet": {one: one for one in c.outlets}}
            below = "Share of the outlet’s sentences; shading compares a row." * (not number)
            n = f"n = {count_of(c.n, 'sentence')}."
            title = f"“{book}” by outlet"
            yield _matrix(c, f"cues_{slug}_by_outlet", title, below, shares, counts, names, n)
        yield _by_voice(c, slug, book, labels, not number)


def _by_voice(c, slug, book, labels, explain):
    """Return sentences by code and by who answers for the cue: the reporter or a class."""
    spans = c.spans[c.spans.code.isin(list(labels))]
    kinds = dict(zip(c.voices.voice_id, c.voices.speaker_class, strict=True))
    who = spans.voice_id.astype("object").map(kinds).astype("object").fillna(REPORTER)
    counts = spans.groupby(["code", who.rename("who")]).sent_id.nunique().unstack(fill_value=0)
    names = {REPORTER: "the reporter"} | c.classes
    most = counts.sum().sort_values(ascending=False, kind="stable").index
    counts = counts[sorted(most, key=lambda name: name != REPORTER)]
    return _matrix(
        c,
        f"cues_{slug}_by_voice",
        f"In whose words the cues of “{book}” are",
        "Sentences with a cue in the reporter’s words, or in those of a class of speaker, as "
        "shares of the row. A sentence may count twice." * explain,
        counts.div(counts.sum(axis=1), axis=0),
        counts,
        {"code": labels, "speaker_class": names},
        f"n = {count_of(int(counts.to_numpy().sum()), 'sentence')} by code and speaker.",
    )
