"""Two outlets, two dates, or two versions of one article, side by side, as one page.

Versions are compared sentence by sentence (versions.py). Else the shares of cues, of classes of
speakers, and the tone of both sides are given, and no verdict on either.
"""

import json
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from framebook import __version__
from framebook.chain import derive_from, load_codebooks
from framebook.common.folders import hash_files, replacing, write_json
from framebook.common.resampling import MIN_TO_RESAMPLE, cluster
from framebook.comparison.revisions import compare_versions
from framebook.loading.articles import find_path, load_documents
from framebook.loading.corpus_toml import read_provenance, show_provenance
from framebook.loading.duplicates import find_duplicates
from framebook.report.found import CLASSES
from framebook.report.pages import comparison_page
from framebook.robustness.curve import estimate_specification
from framebook.sentiment.tone import score_tone
from framebook.tables import text_of
from framebook.tokenising.keyness import keyness
from framebook.visualisation.figure import BLUE, RED, finish, finish_empty, label_text, save, styled
from framebook.visualisation.marked_text import show_behind

LISTED, TOP = 20, 20  # codes that a figure shows, and keywords a side
SHOWN = 100  # files or rows refused or repaired that the page names
KINDS = ["kept", "changed", "moved", "added", "dropped"]
TONE = {"vader_compound": "VADER", "textblob_polarity": "TextBlob", "news_tone": "News tone"}
WANTED = frozenset({"sentiment", "voices", "spans"})


def compare(a, b, out, title=None, codebooks=(), as_is=False, columns=None, speakers=None):
    """Write the comparison of two files or folders of articles to `out`; return its page's path.

    index.html, comparison.json (what the page shows), figures/ and manifest.json appear whole
    or not at all. Raises InputError when a side cannot be read, a codebook is wrong, or `out`
    holds something else.
    """
    paths = [find_path(a), find_path(b)]
    books = load_codebooks(codebooks, *paths, speakers=speakers)
    stated = [read_provenance(path) for path in paths]
    shown = list(zip(*map(show_provenance, stated), strict=True))
    names = [path.name for path in paths]
    if names[0] == names[1]:
        names = [f"{path.parent.name}/{path.name}" for path in paths]
    names = [name.encode("utf-8", "replace").decode() for name in names]
    title = title or f"{names[0]} and {names[1]} compared"
    with replacing(out, *paths) as folder:
        loaded = [load_documents(path, as_is, columns) for path in paths]
        documents = join_documents(*(documents for documents, _ in loaded))
        found, reason = compare_versions(documents)
        case = "corpora" if reason else "versions"
        sides = compare_corpora(documents, books)
        if reason:
            found = sides
        else:
            found["tables"]["measures"] = sides["tables"]["measures"]
        parts = (_show_corpora if reason else _show_versions)(found, folder)
        told = {
            "made_by": f"framebook {__version__}",
            "kind": "comparison",
            "case": case,
            "title": title,
            "a": names[0],
            "b": names[1],
        }
        unread = [
            [side, row.path, row.status, row.reason]
            for side, (_, loading) in zip("AB", loaded, strict=True)
            for row in loading.itertuples()
            if row.status != "read"
        ]
        data = {
            name: json.loads(table.to_json(orient="records", double_precision=10))
            for name, table in found["tables"].items()
        }
        data |= {"notes": found["notes"], "unread": unread}
        write_json(told | data, folder / "comparison.json")
        page = comparison_page(
            title,
            case=case,
            names=names,
            reason=reason,
            unread=unread[:SHOWN],
            more=len(unread[SHOWN:]),
            stated=any(stated),
            provenance=[[*one, other[1]] for one, other in shown],
            same=_is_same(documents),
            notes=found["notes"],
            **parts,
        )
        (folder / "index.html").write_text(page, "utf-8", "replace", "\n")
        write_json(
            told
            | {
                "as_is": as_is,
                "codebooks": [
                    {"name": book.name, "version": book.version} for book in found["books"]
                ],
                "provenance": stated,
                "files": hash_files(folder),
            },
            folder / "manifest.json",
        )
    return Path(out) / "index.html"


def join_documents(one, other):
    """Return the documents of both sides as one table, with a column `side` (A or B).

    They stand in an order that does not depend on which is A: what is drawn at random is then
    the same in both directions.
    """
    sides = [one.assign(side="A"), other.assign(side="B")]
    sides.sort(key=lambda table: table.sha256.tolist())
    joined = pd.concat(sides, ignore_index=True)
    return joined.assign(doc_id=range(len(joined)))


def _is_same(documents):
    a, b = (sorted(documents.sha256[documents.side == side]) for side in "AB")
    return a == b


def contrast(rows, draws=1000, seed=1):
    """Return what is the mean of `value` in A and B: n_a, total_a, a, n_b, total_b, b, and more.

    `rows` has article, side (a categorical of B, A), value, sent_id. n is the sum of the values,
    total the number of rows; difference is b less a; low and high its 95 % interval by
    resampling articles (`robustness.estimate`), null unless each side has ten, and where all
    values are alike.
    """
    found = {}
    for side, own in rows.groupby("side", observed=False).value:
        found |= {
            f"n_{side.lower()}": float(own.sum()),
            f"total_{side.lower()}": len(own),
            side.lower(): own.mean(),
        }
    found |= {"difference": found["b"] - found["a"], "low": None, "high": None}
    if not refuse_interval(rows) and rows.value.nunique() > 1:  # what never varies has no spread
        bounds = estimate_specification(rows.assign(n_words=1), draws=draws, seed=seed)
        found |= {"low": round(bounds["low"], 9), "high": round(bounds["high"], 9)}
    return found


def refuse_interval(rows):
    """Return why a difference gets no interval; "" when it does."""
    counts = rows.groupby("side", observed=False).article.nunique()
    short = [f"{side} has {counts[side]}" for side in "AB" if counts[side] < MIN_TO_RESAMPLE]
    return (
        f"{' and '.join(short)} of the {MIN_TO_RESAMPLE} articles needed, near-duplicates counted as one"
        if short
        else ""
    )


def compare_corpora(documents, books, draws=1000, seed=1):
    """Return what was found in two sides: tables, notes, books and what the page needs more.

    Tables: measures (group, name, label and the columns of `contrast`; cues: share of sentences
    with one; speakers: share of attributions; tone: mean over sentences, −1 to 1) and keywords
    (side and the columns of `keyness`, A being its target).
    """
    made = derive_from(documents, books, WANTED)
    made["spans"]["side"] = made["spans"].doc_id.map(documents.set_index("doc_id").side)
    groups = cluster(
        made["sentences"], pd.DataFrame({"duplicate_group": find_duplicates(documents)})
    )
    facts = made["sentences"][["sent_id"]].assign(
        article=groups,
        side=pd.Categorical(
            made["sentences"].doc_id.map(documents.set_index("doc_id").side), ["B", "A"]
        ),
    )
    voiced = made["voices"][["sent_id"]].merge(facts, on="sent_id", how="left")
    measures = pd.DataFrame(
        [
            {
                "group": group,
                "name": name,
                "label": label,
                **contrast(
                    (voiced if group == "speakers" else facts).assign(value=values), draws, seed
                ),
            }
            for group, name, label, values in _list_values(made, documents, books)
        ]
    )
    measures = measures.astype({"low": float, "high": float})
    notes = {
        "no_interval": refuse_interval(facts),
        "no_interval_for_speakers": refuse_interval(voiced),
        "on_both_sides": int((facts.groupby("article").side.nunique() > 1).sum()),
        "counts": {
            side: [int((table.side == side).sum()) for table in (documents, facts)] for side in "AB"
        },
    }
    tables = {"measures": measures, "keywords": _find_keywords(made["tokens"], documents)}
    return {
        "tables": tables,
        "notes": notes,
        "books": books,
        "documents": documents,
        "sentences": made["sentences"],
        "spans": made["spans"],
    }


def _list_values(made, documents, books):
    """Yield (group, name, label, values): one a sentence, or one an attribution for speakers."""
    sentences, hits = made["sentences"], made["spans"].groupby("code").sent_id.agg(set)
    for book in books:
        for code in book.codes:
            name = f"{book.name}:{code.id}"
            found = sentences.sent_id.isin(hits.get(name, set()))
            yield book.layer, name, code.label, found.to_numpy(float)
    for name, label in (CLASSES | {"unspecified": "source left unspecified"}).items():
        found = made["voices"].speaker_class == name
        yield "speakers", name, label.capitalize(), found.to_numpy(float)
    tone = sentences[["sent_id"]].merge(made["sentiment"], on="sent_id", how="left")
    tone["news_tone"] = score_tone(text_of(documents, sentences)).to_numpy()
    yield from (("tone", name, label, tone[name].to_numpy()) for name, label in TONE.items())


def _find_keywords(tokens, documents):
    """Return the words that are more frequent in one side, at most 20 of each."""
    words = keyness(tokens, documents.doc_id[documents.side == "A"])
    side = words.direction.map({"target": "A", "reference": "B"})
    words = words.assign(side=side)[side.notna()].groupby("side").head(TOP)
    return words.sort_values("side", kind="stable", ignore_index=True)


def _show_versions(found, folder):
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


def _show_corpora(found, folder):
    """Draw the figures into `folder`; return what the page shows of two corpora."""
    measures, words = found["tables"]["measures"], found["tables"]["keywords"]
    notes = found["notes"]
    cues = measures[~measures.group.isin(["speakers", "tone"])]
    speakers = measures[measures.group == "speakers"]
    n = " and ".join(
        f"{side} {sentences:,} sentences of {articles:,} articles"
        for side, (articles, sentences) in notes["counts"].items()
    )
    rules = "A cue is not a frame. Not validated here."
    most = (cues.n_a + cues.n_b).sort_values(ascending=False, kind="stable")
    first = cues.loc[sorted(most[most > 0].head(LISTED).index)]
    total = [f"{side} {speakers[f'total_{side.lower()}'].max():,}" for side in "AB"]
    drawn = [
        plot_sides(
            first,
            "Sentences with a cue",
            "share of sentences",
            f"{n}. {rules}" + f" The {LISTED} codes with most." * (len(first) == LISTED),
        ),
        plot_sides(
            speakers[speakers.n_a + speakers.n_b > 0],
            "Who speaks",
            "share of attributions",
            f"Attributions: {', '.join(total)}. Rules over "
            "reporting verbs and names. Not validated here.",
        ),
    ]
    figures = []
    for ax, name in zip(drawn, ("cues", "speakers"), strict=True):
        alt = ax.figure.alt
        figures.append(
            {"file": f"figures/{save(ax, name, folder / 'figures')[0].name}", "alt": alt}
        )
    return {
        "figures": figures,
        "words": {side: _list_words(words[words.side == side]) for side in "AB"},
        **_show_measures(measures),
        "behind": _show_behind(found, first),
    }


def _show_measures(measures):
    """Return the measures as rows by group, and what was seen on neither side."""
    return {
        "groups": {
            name: [
                _cells(row, name) for row in own.itertuples() if name == "tone" or row.n_a + row.n_b
            ]
            for name, own in measures.groupby("group", sort=False)
        },
        "unseen": {
            name: own.label[own.n_a + own.n_b == 0].tolist()
            for name, own in measures.groupby("group")
        },
    }


def _show_behind(found, measures):
    """Return by side the sentences behind the figure of the cues."""
    labels = dict(zip(measures.name, measures.label, strict=True))
    documents, spans = found["documents"], found["spans"]
    shown = {}
    for side in "AB":
        doc_ids = documents.doc_id[documents.side == side]
        sentences = found["sentences"][found["sentences"].doc_id.isin(doc_ids)]
        own = spans[spans.side == side].drop_duplicates(["code", "sent_id"])
        shown[side] = Markup(
            show_behind(documents, sentences, own, "code", list(labels), labels).data
        )
    return shown


def _cells(row, group):
    """Return a measure as the cells of a table: label, A, B, difference with its interval."""
    tone = group == "tone"
    sides = [
        f"{value:+.2f}" if tone else f"{n:,.0f} of {total:,} ({value:.1%})" if total else "none"
        for n, total, value in ((row.n_a, row.total_a, row.a), (row.n_b, row.total_b, row.b))
    ]
    said = [
        f"{value:+.2f}" if tone else f"{100 * value:+.1f}" if value else "0"
        for value in (row.difference, row.low, row.high)
        if pd.notna(value)
    ]
    last = (said[0] if said else "undefined") + f" [{', '.join(said[1:])}]" * (len(said) > 1)
    return [row.label, *(cell.replace("-", "−") for cell in (*sides, last))]


def _list_words(words):
    """Return keywords as the cells of a table."""
    return [
        [
            row.word,
            f"{row.n_target:,} ({row.n_documents_target:,})",
            f"{row.n_reference:,} ({row.n_documents_reference:,})",
            f"{-row.log_ratio:+.2f}".replace("-", "−"),
            *([f"{row.g2:.1f}"] if pd.notna(row.g2) else []),
        ]
        for row in words.itertuples()
    ]


@styled
def plot_sides(measures, title, xlabel, note, ax):
    """Draw a disc A and a disc B a row of `measures` (`contrast`, label), with both shares."""
    if measures.empty:
        return finish_empty(ax, title, note, "Nothing was counted.")
    rows = list(measures[::-1].itertuples())
    for y, row in enumerate(rows):
        ax.plot([row.a, row.b], [y + 0.15, y - 0.15], color="#BBBBBB", linewidth=1, zorder=1)
        for letter, x, at, colour, look in (
            ("A", row.a, y + 0.15, BLUE, "o"),
            ("B", row.b, y - 0.15, RED, "s"),
        ):
            if pd.notna(x):
                ax.scatter(
                    x,
                    at,
                    s=72,
                    marker=look,
                    facecolor="white",
                    edgecolor=colour,
                    linewidth=1.1,
                    zorder=2,
                    clip_on=False,
                )
                ax.text(
                    x,
                    at,
                    letter,
                    ha="center",
                    va="center_baseline",
                    fontsize=6.5,
                    color=colour,
                    fontweight="bold",
                    zorder=3,
                )
        ax.annotate(
            _both(row),
            (1.03, y),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=8,
            annotation_clip=False,
        )
    ax.set_yticks(range(len(rows)), [label_text(row.label, 34) for row in rows])
    ax.set(
        xlim=(0, max(measures[["a", "b"]].max().max() * 1.05, 0.01)),
        xlabel=xlabel,
        ylim=(-0.6, len(rows) - 0.4),
    )
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0%}")
    listed = "; ".join(f"{row.label} {_both(row)}" for row in rows[::-1])
    data = measures[
        ["label", "n_a", "total_a", "a", "n_b", "total_b", "b", "difference", "low", "high"]
    ].reset_index(drop=True)
    return finish(ax, title, note, f"{listed}.", data, height=1.5 + 0.36 * len(rows))


def _both(row):
    return ", ".join(
        f"{side} {value:.0%}" if pd.notna(value) else f"{side} none"
        for side, value in (("A", row.a), ("B", row.b))
    )
