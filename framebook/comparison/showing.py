"""The page of a comparison: its figures, its tables, and the sentences behind them."""

import re
from textwrap import fill

import pandas as pd
from markupsafe import Markup

from framebook.common.text import count_of
from framebook.loading.corpus_toml import show_provenance
from framebook.report.blocks import LIMIT, PARTS, group_reasons, matrix, percent
from framebook.report.pages import comparison_page
from framebook.visualisation.figure import (
    BLUE,
    RED,
    finish,
    finish_empty,
    label_text,
    save,
    styled,
)
from framebook.visualisation.marked_text import show_behind

LISTED = 20  # codes that a figure shows
LONGEST = 32  # characters of a side's name in a table or figure
KINDS = ["kept", "changed", "moved", "added", "dropped"]
RULES = "A cue is not a frame. Not validated here."


def make_comparison_page(folder, told, found, stated, unread):
    """Return the HTML of the page; its figures are drawn into `folder`."""
    names = told["sides"]
    short = {
        side: name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
        for side, name in names.items()
    }
    show = {"versions": _show_versions, "corpora": _show_corpora, "outlets": _show_outlets}
    shown = list(zip(*map(show_provenance, stated), strict=True))
    return comparison_page(
        told["title"],
        case=found["case"],
        names=names,
        short=short,
        reason=found["reason"],
        unread=group_reasons(unread, ["side"])[:LIMIT],
        stated=any(stated),
        provenance=[[rows[0][0], *(text for _, text in rows)] for rows in shown],
        provenance_of=list(short.values()) if len(stated) > 1 else ["Statement"],
        read=[
            [names[side], *map("{:,}".format, counts)]
            for side, counts in found["notes"].get("counts", {}).items()
        ],
        tables=list(found["tables"]),
        same=found["same"],
        notes=found["notes"],
        **show[found["case"]](found, short, folder),
    )


def _show_versions(found, names, folder):
    """Return what the page shows of two versions."""
    sentences, changes = found["tables"]["sentences"], found["tables"]["changes"]
    kinds = sentences.kind.value_counts()
    texts = {
        side: dict(zip(sentences[f"number_{side}"], sentences[f"text_{side}"], strict=True))
        for side in "ab"
    }
    changes = changes.assign(
        **{f"text_{side}": changes[f"number_{side}"].map(texts[side]) for side in "ab"}
    )
    return {
        "counts": [(kind, int(kinds.get(kind, 0))) for kind in KINDS],
        **_show_measures(found["tables"]["measures"]),
        "changes": [(kind, own.to_dict("records")) for kind, own in changes.groupby("kind")],
        "sentences": sentences.to_dict("records"),
    }


def _show_corpora(found, names, folder):
    """Draw the figures into `folder`; return what the page shows of two corpora."""
    measures, words = found["tables"]["measures"], found["tables"]["keywords"]
    cues = measures[~measures.group.isin(["speakers", "tone"])]
    speakers = measures[measures.group == "speakers"]
    n = " and ".join(
        f"{names[side]} {count_of(sentences, 'sentence')} of {count_of(articles, 'article')}"
        for side, (articles, sentences) in found["notes"]["counts"].items()
    )
    most = (cues.n_a + cues.n_b).sort_values(ascending=False, kind="stable")
    first = cues.loc[sorted(most[most > 0].head(LISTED).index)]
    total = ", ".join(f"{names[side]} {speakers[f'total_{side.lower()}'].max():,}" for side in "AB")
    listed = f" The {LISTED} codes with most cues." * (len(first) == LISTED)
    drawn = {
        "cues": (first, "Sentences with a cue", "share of sentences", f"{n}. {RULES}{listed}"),
        "speakers": (
            speakers[speakers.n_a + speakers.n_b > 0],
            "Who speaks",
            "share of attributions",
            f"Attributions: {total}. Rules over reporting verbs and names. Not validated here.",
        ),
    }
    figures = []
    for name, parts in drawn.items():
        ax = plot_sides(*parts, names)
        figures.append({"alt": ax.figure.alt})
        files = [path.name for path in save(ax, name, folder / "figures")]
        figures[-1] |= {"file": f"figures/{files[0]}", "files": files}
    return {
        "figures": figures,
        "words": {side: _list_words(words[words.side == side]) for side in "AB"},
        **_show_measures(measures),
        "behind": _show_behind(found, first),
    }


def _show_outlets(found, names, folder):
    """Return what the page shows of three outlets or more: by group shares and differences."""
    groups, unseen = {}, {}
    measures, words = found["tables"]["measures"], found["tables"]["keywords"]
    outlets = found["documents"].drop_duplicates("side").set_index("side").source
    for title, own in _group(measures):
        seen = own.groupby("label").n_b.transform("sum") + own.n_a > 0
        tone = own.group.iloc[0] == "tone"
        unseen[title] = [] if tone else own[~seen].label.unique().tolist()
        own = own if tone else own[seen]
        if own.empty:
            continue
        wide = {
            column: own.pivot(index="name", columns="outlet", values=column)
            .loc[own.name.unique(), [outlets[side] for side in names]]
            .set_axis(own.drop_duplicates("name").label, axis=0)
            .set_axis(list(names.values()), axis=1)
            for column in ("b", "n_b", "difference", "low", "high")
        }
        groups[title] = {
            "shares": None if tone else matrix("Share in each outlet", "Measure", wide["b"], wide["n_b"],
                                               lambda *_: {}, len(names)),
            "differences": _tabulate_differences(wide, tone),
        }  # fmt: skip
    keywords = {
        name: Markup(", ").join(
            Markup("{} ({:,} : {:,})").format(row.word, row.n_documents_target,
                                              row.n_documents_reference)
            for row in words[words.outlet == outlets[side]].itertuples()
        )
        for side, name in names.items()
    }  # fmt: skip
    return {"groups": groups, "unseen": unseen, "words": list(keywords.items())}


def _tabulate_differences(wide, tone):
    """Return the table of each outlet minus all other articles, with intervals."""
    rows = []
    for number, label in enumerate(wide["b"].index):
        cells = [label]
        for column in range(wide["b"].shape[1]):
            value, *bounds = (
                wide[name].iloc[number, column] for name in ("difference", "low", "high")
            )
            mean = f"{wide['b'].iloc[number, column]:+.2f}, " if tone else ""
            said = _state(value, bounds, tone).replace(" [", "\n[")
            cells.append(_signed(f"{mean}{said}"))
        rows.append(cells)
    title = "Mean, and" * tone + " Outlet minus all other articles" + ", points" * (not tone)
    title = title.replace("and Outlet", "and outlet").strip()
    return PARTS.table(title, ["Measure", *wide["b"].columns], rows, "differences")


def _group(measures):
    """Yield (title, measures): a codebook each, then speakers and tone."""
    title = measures.book.where(measures.book != "", measures.group)
    yield from measures.groupby(title, sort=False)


def _show_measures(measures):
    """Return the measures as rows by codebook or group, and what was seen on neither side."""
    groups, unseen = {}, {}
    for title, own in _group(measures):
        seen = (own.n_a + own.n_b > 0) | (own.group == "tone")
        groups[title] = [_cells(row) for row in own[seen].itertuples()]
        unseen[title] = own.label[~seen].tolist()
    return {"groups": groups, "unseen": unseen}


def _show_behind(found, measures):
    """Return by side the sentences behind the figure of the cues."""
    labels = dict(zip(measures.name, measures.label, strict=True))
    documents, made, shown = found["documents"], found["made"], {}
    for side in "AB":
        doc_ids = documents.doc_id[documents.side == side]
        sentences, spans = (
            made[name][made[name].doc_id.isin(doc_ids)] for name in ("sentences", "spans")
        )
        own = spans.drop_duplicates(["code", "sent_id"])
        shown[side] = Markup(
            show_behind(documents, sentences, own, "code", list(labels), labels).data
        )
    return shown


def _state(value, bounds, tone):
    """Return a difference with its interval: "+3.1 [1.0, 5.2]"."""
    said = [
        f"{round(x if tone else 100 * x, 2 if tone else 1) + 0.0:+.{2 if tone else 1}f}"
        for x in (value, *bounds)
        if pd.notna(x)
    ]
    said = [re.sub(r"^\+(0\.0+)$", r"\1", x) for x in said]
    return (said[0] if said else "undefined") + f" [{', '.join(said[1:])}]" * (len(said) > 1)


def _signed(text):
    return text.replace("-", "−")


def _cells(row):
    """Return a measure as the cells of a table: label, A, B, difference with its interval."""
    tone = row.group == "tone"
    sides = [
        f"{value:+.2f}" if tone else f"{n:,.0f} of {total:,} ({value:.1%})" if total else "none"
        for n, total, value in ((row.n_a, row.total_a, row.a), (row.n_b, row.total_b, row.b))
    ]
    last = _state(row.difference, (row.low, row.high), tone)
    return [row.label, *map(_signed, (*sides, last))]


def _list_words(words):
    """Return keywords as the cells of a table."""
    return [
        [
            row.word,
            f"{row.n_target:,} ({row.n_documents_target:,})",
            f"{row.n_reference:,} ({row.n_documents_reference:,})",
            _signed(f"{-row.log_ratio:+.2f}"),
            *([f"{row.g2:.1f}"] if pd.notna(row.g2) else []),
        ]
        for row in words.itertuples()
    ]


@styled
def plot_sides(measures, title, xlabel, note, names, ax):
    """Draw two marks per row of `measures` (`contrast`, label), one for each side of `names`."""
    if measures.empty:
        return finish_empty(ax, title, note, "Nothing was counted.")
    rows = list(measures[::-1].itertuples())
    sides = (("A", BLUE, "o", 0.12), ("B", RED, "s", -0.12))
    for y, row in enumerate(rows):
        ax.plot([row.a, row.b], [y + 0.12, y - 0.12], color="#BBBBBB", linewidth=1, zorder=1)
        for side, colour, look, shift in sides:
            x = getattr(row, side.lower())
            ax.scatter(x, y + shift, s=38, marker=look, color=colour, zorder=2, clip_on=False,
                       label=fill(names[side], 60) if not y else None)  # fmt: skip
        ax.annotate(f"{percent(row.a)}  {percent(row.b)}", (1.03, y), va="center", fontsize=8,
                    xycoords=("axes fraction", "data"), annotation_clip=False)  # fmt: skip
    ax.set_yticks(range(len(rows)), [label_text(row.label, 34) for row in rows])
    most = max(measures[["a", "b"]].max().max() * 1.05, 0.01)
    ax.set(xlim=(0, most), xlabel=xlabel, ylim=(-0.6, len(rows) - 0.4))
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0%}")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), frameon=False, ncols=1, fontsize=8)
    listed = "; ".join(f"{row.label}: {_both(row, names)}" for row in rows[::-1])
    columns = ["label", "n_a", "total_a", "a", "n_b", "total_b", "b", "difference", "low", "high"]
    data = measures[columns].reset_index(drop=True)
    finish(ax, title, note, f"{listed}.", data, height=1.8 + 0.32 * len(rows))
    ax.set_title(ax.get_title(loc="left"), loc="left", pad=34)  # above the two names
    return ax


def _both(row, names):
    return ", ".join(
        f"{names[side]} {percent(value)}" for side, value in (("A", row.a), ("B", row.b))
    )
