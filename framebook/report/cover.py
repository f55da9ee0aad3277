"""The cover: what the corpus is, what to distrust in it, and three findings with their sentences.

No finding is chosen for its result: each answers a question that stands here, whatever the
articles say.
"""

import pandas as pd
from markupsafe import Markup

from framebook.common.text import count_of, number
from framebook.report.alerts import has_failed, list_alerts
from framebook.report.blocks import (
    RULES,
    by_outlet,
    ci,
    figure,
    heading,
    linked,
    listed,
    n_of,
    paragraph,
    show_by,
    show_dates,
)
from framebook.report.quotations import quote
from framebook.validation.cards import examinations_of, state
from framebook.visualisation import plot_sequence, save

SOURCED = {"class": "attributed"}  # the filter: an attribution to a source
UNCHECKED = Markup(
    "<strong>Not validated:</strong> nobody compared the measures of this report with human codes "
    "of these articles. <code>framebook sample</code> draws sentences to code, <code>framebook "
    "agree</code> compares coders and program, and <code>--codes</code> puts the result here."
)


def describe_corpus(c):
    """Return the corpus in one sentence."""
    days = c.documents.date.dropna()
    ends = [f"{day.day} {day:%B %Y}" for day in ((days.min(), days.max()) if len(days) else ())]
    outlets = f" of {count_of(len(c.outlets), 'outlet')}" if c.outlets else ""
    when = f", {' to '.join(dict.fromkeys(ends))}" if ends else ""
    size = f"{count_of(c.n, 'sentence')}, {count_of(c.n_words, 'word')}"
    return f"{count_of(len(c.documents), 'article')}{outlets}{when}: {size}."


def list_status(c):
    """Return what was validated, with which agreement, as pieces of Markup; failures first."""
    if not c.cards:
        return [UNCHECKED]
    said = []
    for card in sorted(c.cards, key=has_failed, reverse=True):
        verdict = "failed validation" if has_failed(card) else "validated"
        verdict += "" if card.current else " for another version of the codebook"
        units = count_of(card.decided, "decided unit") + ", SIMULATED codes" * card.simulated
        said.append(
            Markup("<strong>{}: {}.</strong> F1 {}, coders’ alpha {}, {}.").format(
                card.label, verdict, state(card.f1), state(card.alpha), units
            )
        )
    coders = [
        Markup("<strong>{}, a language model among the coders: examination {}.</strong>").format(
            name, verdict
        )
        for name, verdict in examinations_of(c.cards).items()
    ]
    said = sorted(coders, key=lambda one: "examination failed" not in one) + said
    others = len(set(c.codes.code) - {card.measure for card in c.cards})
    rest = f"{count_of(others, 'other code')}, the speakers and the tone were not validated here."
    return [*said, rest[0].upper() + rest[1:]]


def list_findings(c):
    """Return the three findings: dictionaries of title, definition, evidence and what is told."""
    return [one for one in (_attributed(c), _first_code(c), _classes(c) or _tone(c)) if one]


def _finding(page, title, definition, evidence, row):
    """Return a finding; `told` is what the manifest has of it, its numbers by name."""
    bounds = [None if pd.isna(x) else round(float(x), 4) for x in (row.low, row.high)]
    told = {"text": Markup(title).striptags(), "page": page, "measure": row.measure}
    told |= {"n": round(float(row.n), 2), "total": int(row.total), "interval": bounds}
    return {"told": told, "title": title, "definition": definition, "evidence": evidence}


def _attributed(c):
    row = c.estimates.loc["attributed"]
    n = n_of(row.n, c.n, "sentence", **SOURCED)
    title = Markup("{} contain something attributed to a source{}.").format(n, ci(row))
    definition = (
        "Found by rules over reporting verbs and quotation marks. A source is whoever the text "
        "names or describes as speaking."
    )
    ids = c.sentences_with("attributed")
    return _finding("voices", title, definition, quote(c, ids, 2, "who", **SOURCED), row)


def _first_code(c):
    if c.codes.empty:
        return None
    code, label, book = c.codes.iloc[0]
    row = c.estimates.loc[code]
    n = n_of(row.n, c.n, "sentence", code=code)
    title = Markup("{} have a cue of “{}”{}.").format(n, label, ci(row))
    definition = (
        f"A cue is a word or phrase that a codebook lists; “{label}” is the first of the "
        f"{count_of(int((c.codes.book == book).sum()), 'code')} of “{book}”."
    )
    evidence = quote(c, c.sentences_with(code), 2, f"what {code}", [code], code=code)
    return _finding("frames", title, definition, evidence, row)


def find_most(c):
    """Return the recognised class or classes of speakers with most attributions: rows."""
    rows = (
        c.by_class[(c.by_class.measure != "other") & (c.by_class.n > 0)]
        if len(c.by_class)
        else (c.by_class)
    )
    return rows[rows.n == rows.n.max()] if len(rows) else rows


def say_most(c):
    """Return what is said about the most frequent classes of speakers; "" where there is none."""
    most = find_most(c)
    if len(most) == 1:
        row = most.iloc[0]
        bounds = ci(row, around="; {}")
        n = n_of(row.n, row.total, "attribution", bounds, speaker_class=row.measure)
        return Markup("Most frequent of the classes that the rules recognise: {}, {}.").format(
            c.classes[row.measure], n
        )
    named = " and ".join(c.classes[name] for name in most.measure)
    return f"Equally frequent, {int(most.n.max()):,} times each: {named}." if len(most) else ""


def _classes(c):
    most = find_most(c)
    if most.empty:
        return None
    row = most.iloc[0]
    unknown = c.by_class.set_index("measure").n["other"]
    definition = Markup("Speakers are classed by name, office and role; {} have no class.").format(
        n_of(unknown, row.total, "attribution", speaker_class="other")
    )
    ids = c.sourced.sent_id[c.sourced.speaker_class == row.measure]
    evidence = quote(c, ids, 2, "class", speaker_class=row.measure)
    return _finding("voices", say_most(c), definition, evidence, row)


def _tone(c):
    row = c.estimates.loc["VADER"]
    mean = linked(number(row.value), order="low")
    title = Markup("The mean tone of the sentences is {}{}.").format(mean, ci(row, number))
    definition = "By VADER, from −1 to 1: a word list made for social media."
    return _finding("tone", title, definition, quote(c, c.measures.index, 2, "tone"), row)


def _main_figure(c):
    """Yield the main measure by outlet, or of one article where its cues are.

    The measure is the first code of a codebook named for this report, else attribution.
    """
    if c.one:
        yield from show_sequence(c)
    elif len(c.outlets) > 1:
        named = c.named and len(c.codes)
        measure, label = c.codes.loc[0, ["code", "label"]] if named else ("attributed", "")
        title = (
            f"Sentences with a cue of “{label}”" if named else "Sentences attributed to a source"
        )
        rows = by_outlet(c, measure, **({"code": measure} if named else SOURCED))
        below = "Share of the outlet’s sentences; the line is the 95% interval."
        yield show_by(c, "main_measure_by_outlet", f"{title}, by outlet", below, rows, level=2)


def show_sequence(c):
    """Yield the figure of an article’s sentences with a cue, in their order."""
    if c.codes.empty:
        return
    book = c.codes.book[0]
    own = c.codes[c.codes.book == book]
    ax = plot_sequence(c.spans, c.sentences, dict(zip(own.code, own.label, strict=True)))
    alt, files = ax.figure.alt, [path.name for path in save(ax, "sequence", c.out / "figures")]
    picture = Markup('<img src="figures/{}" alt="{}">').format(files[0], alt)
    below = f"Where the cues of “{book}” are."
    yield figure("Sentence by sentence", below, picture, RULES, files, 2)


def cover_page(c, findings):
    """Yield what stands on the cover, in the order in which it should be read."""
    yield paragraph(describe_corpus(c), kind="lead")
    yield heading("Status")
    yield listed(list_status(c), "status")
    if alerts := list_alerts(c):
        yield heading("What to distrust")
        yield listed(alerts, "alerts")
    yield heading("Three findings" if len(findings) == 3 else "Findings")
    for one in findings:
        yield Markup('<section class="finding">{}{}{}</section>').format(
            paragraph(one["title"], kind="claim"),
            paragraph(one["definition"], kind="subtitle"),
            one["evidence"],
        )
    yield from show_dates(c)
    yield from _main_figure(c)
    yield Markup(
        '<p>For R or Stata: <a href="tables/articles.csv">articles.csv</a>, one row per article '
        "({:,}).</p>"
    ).format(len(c.documents))
