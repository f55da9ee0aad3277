"""What pages are made of: tables and bars in which every number is a link to its sentences.

Everything from a text or a file's name is escaped; how the parts look is in parts.html.j2.
"""

import re
from hashlib import sha256
from urllib.parse import quote, urlencode

import pandas as pd
from markupsafe import Markup, escape

from framebook.common.folders import write_csv
from framebook.common.text import count_of, number
from framebook.report.found import find_unit
from framebook.report.pictures import draw_bars, save_picture
from framebook.report.template import load_template

LIMIT = 20  # rows that a page shows where there are many; the CSV has all
MATRIX = 12  # columns of a matrix
RULES = "Found by rules; not validated here."
PARTS = load_template("parts").module
table, listed = PARTS.table, PARTS.listed


def link_to(**filters):
    """Return the address of a selection; `speaker_class` and `date` stand for their filters."""
    if "speaker_class" in filters:
        filters["class"] = filters.pop("speaker_class")
    if "date" in filters:
        filters["from"] = filters["to"] = filters.pop("date")
    chosen = {key: value for key, value in filters.items() if value}
    return f"explorer.html#{urlencode(chosen, quote_via=quote, safe=':') or 'all='}"


def percent(value):
    """Return "25%", with a decimal below 1%, and a dash for what is not defined."""
    if pd.isna(value):
        return "–"
    if 0 < value < 0.0005:
        return "<0.1%"
    return f"{value:.1%}" if 0 < value < 0.01 else f"{value:.0%}"


def linked(text, **filters):
    """Return a text as a link to the sentences that the filters choose, if there are any."""
    if not filters:
        return escape(text)
    return Markup('<a href="{}">{}</a>').format(link_to(**filters), text)


def n_of(n, total, noun="", bounds="", **filters):
    """Return "1,666 of 6,692 sentences (25%)", the first number as a link to its sentences.

    `bounds` follows the share in the same brackets.
    """
    said = Markup("{} of {}").format(
        linked(f"{int(n):,}", **filters), count_of(int(total), noun) if noun else f"{int(total):,}"
    )
    return said + (f" ({percent(n / total)}{bounds})" if total else "")


def interval(low, high, form=percent):
    """Return "20% to 30%", or a dash where there is no interval."""
    return "–" if pd.isna(low) else f"{form(low)} to {form(high)}"


def ci(row, form=percent, around=" ({})"):
    """Return " (95% interval 20% to 30%)", or nothing where there is none."""
    said = f"95% interval {interval(row.low, row.high, form)}"
    return "" if pd.isna(row.low) else around.format(said)


def heading(text, level=2):
    return Markup("<h{0}>{1}</h{0}>").format(level, text)


def paragraph(*parts, kind=""):
    """Return a paragraph of texts and links, with a space between them."""
    body = Markup(" ").join(part for part in parts if part)
    return Markup('<p class="{}">{}</p>' if kind else "<p>{1}</p>").format(kind, body)


def figure(title, subtitle, body, note="", files=(), level=3):
    """Return a figure: the finding as title, the definition as subtitle, the data to take away."""
    return PARTS.figure(title, subtitle, body, note, files, level)


def group_reasons(texts, by=()):
    """Return [reason, status, texts, what most often or an example] of rows of the table loading.

    The columns `by` stand in front; the most frequent reason comes first.
    """
    reasons = [str(reason).partition(": ") for reason in texts.reason.fillna("not stated")]
    texts = texts.assign(kind=[kind for kind, *_ in reasons])
    texts["what"] = [what.split(" | ") if what else [] for *_, what in reasons]
    rows = []
    for key, own in texts.groupby([*by, "kind", "status"]):
        most = own.what.explode().dropna().value_counts().head(3)
        most = [f"{what} ({count_of(n, 'text')})" for what, n in most.items()]
        first = own.iloc[0][["path", "key"]].dropna()
        rows.append([*key, len(own), "; ".join(most) or ", ".join(first)])
    rows.sort(key=lambda row: -row[-2])
    return [[*key, f"{n:,}", example] for *key, n, example in rows]


def make_axis(rows, signed):
    """Return a function from a value to its place on a scale for all rows, in per cent."""
    ends = pd.concat([rows.value, rows.low, rows.high]).dropna()
    low, high = (min(ends.min(), 0), max(ends.max(), 0)) if len(ends) else (0, 1)
    room = 0.04 * ((high - low) or 1)
    low, high = (low - room, high + room) if signed else (0, (high or 1) * 1.02)
    return lambda value: round(100 * (value - low) / (high - low), 1)


def bars(caption, first, rows, unit="sentence", signed=False, plain=False):
    """Return rows as a table with bars: label, bar, number (a link), 95% interval.

    `rows` has label, n, total, value, low, high and filters. Of a `signed` value (a mean) the
    value is given, else n of total, or only n where it is `plain`. Beyond LIMIT rows the others
    are one.
    """
    axis, ranges = make_axis(rows, signed), bool(rows.low.notna().any())
    form, cells = number if signed else percent, []
    for row in rows.head(LIMIT).itertuples():
        said = n_of(row.n, row.total, **row.filters)
        if signed or plain:
            said = linked(number(row.value) if signed else f"{int(row.n):,}", **row.filters)
        cells.append([row.label, PARTS.track(row, axis, signed), said])
        cells[-1] += [interval(row.low, row.high, form)] * ranges
    if len(rest := rows.iloc[LIMIT:]):
        n, total = rest.n.sum(), rest.total.sum()
        said = number(n / total) if signed else f"{int(n):,}" if plain else n_of(n, total)
        cells.append([f"{len(rest):,} others", "", said, *["–"] * ranges])
    names = [first, "", "Mean" if signed else f"{unit}s".capitalize(), *["95% interval"] * ranges]
    return table(caption, names, cells, "bars")


def matrix(caption, first, shares, counts, filters, most=MATRIX):
    """Return a table of shares, shaded by row, each cell a link to its sentences.

    `shares` and `counts` are alike in shape; `filters(row, column)` gives what a cell links to.
    """
    rows = []
    for name, values in shares.iloc[:, :most].iterrows():
        cells = [name]
        for column, value in values.items():
            n = int(counts.loc[name, column])
            text = linked(percent(value), **filters(name, column)) if n else percent(value)
            cells.append(PARTS.cell(text, round(55 * value / values.max()) if n else 0, n))
        rows.append(cells)
    return table(caption, [first, *shares.columns[:most]], rows, "matrix")


def plain_name(name):
    """Return a name for files; one that is not plain, such as a codebook's own, gets a checksum."""
    plain = re.sub(r"[^\w-]+", "-", name, flags=re.ASCII)[:60]
    if plain == name:
        return name
    return f"{plain}-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def save_numbers(c, name, rows):
    """Write the rows of a figure as CSV that no spreadsheet runs; return the file's name."""
    name = plain_name(name)
    table = rows.drop(columns="filters", errors="ignore")
    write_csv(table, c.out / "figures" / f"{name}.csv")
    return f"{name}.csv"


def rows_of(estimates, key, labels, filters):
    """Return rows for `bars`: of estimates, those whose `key` is in `labels`, in that order."""
    rows = estimates.set_index(key, drop=False)
    rows = rows.loc[[name for name in labels if name in rows.index]]
    return rows.assign(
        label=[labels[name] for name in rows.index], filters=[filters(name) for name in rows.index]
    )


def by_outlet(c, measure, **filters):
    """Return rows for `bars` of one measure by outlet, those with most articles first."""
    rows = c.by_outlet[c.by_outlet.measure == measure]
    names = dict(zip(c.outlets, c.outlets, strict=True))
    return rows_of(rows, "group", names, lambda name: {"outlet": name, **filters})


def show_by(c, name, title, subtitle, rows, first="Outlet", signed=False, unit="sentence",
            level=3):  # fmt: skip
    """Return a figure of one measure by outlet, date or class; picture and numbers are saved."""
    note = f"The first {LIMIT} of {len(rows):,}; the CSV has all. " * (len(rows) > LIMIT)
    few = rows.low.isna() & (rows.n_articles < 10)
    few = few.any() and not c.one  # the cover says so of a single article
    note += "No interval where there are fewer than ten articles. " * bool(few)
    body = bars(title, first, rows, unit, signed)
    whole = rows.total.sum() if first in ("Outlet", "Date") else rows.total.max()
    n = f"n = {count_of(int(whole), unit)}. "
    columns = ["label", "n", "total", "value", "low", "high", "n_articles"]
    data = rows[[one for one in columns if not (signed and one == "n")]]
    form, axis = number if signed else percent, make_axis(rows, signed)
    shapes, height = draw_bars(rows, title, n + note + RULES, form, axis, signed)
    alt = "; ".join(shape[3] for shape in shapes if shape[0] == "text")
    path = c.out / "figures" / plain_name(name)
    files = [one.name for one in save_picture(shapes, height, title, alt, path)]
    files.append(save_numbers(c, name, data))
    return figure(title, subtitle, body, n + note + RULES, files, level)


def show_dates(c):
    """Yield the articles over time, where there are two dates or more."""
    n = c.periods.dropna().value_counts()
    if len(n) < 2:
        return
    short = find_unit(c.documents.date)
    unit = {"D": "day", "M": "month", "Y": "year"}[short]
    days = pd.period_range(n.index.min(), n.index.max(), freq=short).astype("str")
    n = n.reindex(days, fill_value=0)
    rows = [{"label": day, "n": int(k), "href": link_to(date=day)} for day, k in n.items()]
    file = save_numbers(c, "articles_by_date", pd.DataFrame(rows)[["label", "n"]])
    body = PARTS.columns(f"Articles by {unit}", rows, int(n.max()))
    said = f"n = {count_of(int(n.sum()), 'article')} with a date."
    yield figure(f"Articles from {n.index[0]} to {n.index[-1]}", "", body, said, [file], 2)
