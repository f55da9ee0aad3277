"""Outlets of one table, two corpora, or two versions of one article, side by side, as one page.

Versions are compared sentence by sentence (revisions.py). Else the shares of cues, of classes of
speakers, and the tone of the sides are given, and no verdict on any.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from framebook import __version__
from framebook.chain import derive_from, load_codebooks
from framebook.common.errors import InputError
from framebook.common.folders import hash_files, replacing, write_csv, write_json
from framebook.common.program import identify_program, list_versions
from framebook.common.resampling import MIN_TO_RESAMPLE, cluster, resample
from framebook.common.text import count_of, writable
from framebook.comparison.revisions import compare_versions
from framebook.comparison.showing import make_comparison_page
from framebook.framing.codebook import load_codebook
from framebook.loading.articles import find_path, load_documents
from framebook.loading.corpus_toml import read_provenance
from framebook.loading.duplicates import find_duplicates
from framebook.report.found import CLASSES
from framebook.scaling import state_codebooks
from framebook.sentiment.tone import score_tone
from framebook.tables import text_of
from framebook.tokenising.keyness import keyness

TOP, OUTLETS = 20, 8  # keywords per side, and outlets of a table that are compared
SPREAD = 3  # articles of a side of ten or more in which a keyword must occur
TONE = {"vader_compound": "VADER", "textblob_polarity": "TextBlob", "news_tone": "News tone"}
WANTED = frozenset({"sentiment", "voices", "spans"})


def compare(
    a, b=None, out=None, title=None, codebooks=(), as_is=False, columns=None, speakers=None,
    by=None, names=None
):  # fmt: skip
    """Write a comparison to `out`; return its page's path.

    `a` and `b` are files or folders of articles; with `by` ("source") the outlets of `a` alone.
    `names` are the sides' names, {"A": name, "B": name}, where they are not the files'. index.html, comparison.json (what the page shows), figures/ and manifest.json appear whole
    or not at all. Raises InputError when a side cannot be read, a table has fewer than two
    outlets, a codebook is wrong, or `out` holds something else.
    """
    if (b is None) == (by is None):
        raise InputError(
            "Name two files or folders to compare, or one file or folder with --by source."
        )
    paths = [find_path(path) for path in (a, b) if path is not None]
    books = load_codebooks(codebooks, *paths, speakers=speakers)
    with replacing(out, *paths) as folder:
        loaded = [load_documents(path, as_is, columns) for path in paths]
        if by:
            documents, names = split_outlets(loaded[0][0], paths[0])
        else:
            documents = join_documents(*(one for one, _ in loaded))
            names = names or name_sides(paths)
        found = find_differences(documents, books, names, by)
        told = {
            "made_by": f"framebook {__version__}",
            "kind": "comparison",
            "case": found["case"],
            "title": title or name_comparison(names, paths),
            "sides": names,
        }
        stated = [read_provenance(path) for path in paths]
        unread = list_unread(loaded, list(names.values()) if b is not None else [paths[0].name])
        page = make_comparison_page(folder, told, found, stated, unread)
        (folder / "index.html").write_text(page, "utf-8", "replace", "\n")
        _write_tables(folder, told, found, unread)
        told |= {"as_is": as_is, "columns": columns or {}, "by": by, "provenance": stated}
        told |= {"codebooks": state_codebooks(books), "versions": list_versions()}
        told |= {"corpora": [writable(path.name) for path in paths], **identify_program()}
        write_json(told | {"files": hash_files(folder)}, folder / "manifest.json")
    return Path(out) / "index.html"


def _write_tables(folder, told, found, unread):
    """Write what was found as comparison.json, and each flat table as CSV."""
    data = {
        name: json.loads(table.to_json(orient="records", double_precision=10))
        for name, table in found["tables"].items()
    }
    listed = unread[["side", "path", "status", "reason"]].to_numpy().tolist()
    told = told | data | {"notes": found["notes"], "unread": listed}
    write_json(told, folder / "comparison.json")
    for name, table in found["tables"].items():
        write_csv(table.drop(columns="pieces", errors="ignore"), folder / f"{name}.csv")


def name_sides(paths):
    """Return {"A": name, "B": name}, with the folder where both files have the same name."""
    names = [path.name for path in paths]
    if names[0] == names[1]:
        names = [f"{path.parent.name}/{path.name}" for path in paths]
    return dict(zip("AB", map(writable, names), strict=True))


def name_comparison(names, paths):
    """Return the title of a comparison that was given none."""
    if len(names) > 2:
        return f"{count_of(len(names), 'outlet')} of {writable(paths[0].name)} compared"
    return f"{' and '.join(names.values())} compared"


def list_unread(loaded, names):
    """Return the rows of the table loading that were not read as they are, with their `side`."""
    sides = [one.assign(side=name) for name, (_, one) in zip(names, loaded, strict=True)]
    return pd.concat(sides).query("status != 'read'")


def join_documents(one, other):
    """Return the documents of both sides as one table, with a column `side` (A or B).

    They come in an order that does not depend on which is A: what is drawn at random is then
    the same in both directions.
    """
    sides = [one.assign(side="A"), other.assign(side="B")]
    sides.sort(key=lambda table: table.sha256.tolist())
    joined = pd.concat(sides, ignore_index=True)
    return joined.assign(doc_id=range(len(joined)))


def split_outlets(documents, path):
    """Return (the articles with an outlet, with their `side`; {side: outlet}).

    Two outlets are A and B; of more, those with most articles are sides, at most OUTLETS, and
    the articles of the others have none (null). Raises InputError for fewer than two.
    """
    documents = documents[documents.source.notna()].reset_index(drop=True)
    sizes = documents.source.value_counts()
    if len(sizes) < 2:
        raise InputError(
            f"{path.name} has {count_of(len(sizes), 'outlet')}, and a comparison needs two: name "
            "the column with --columns source=COLUMN."
        )
    order = sorted(sizes.index, key=lambda name: (-sizes[name], name))[:OUTLETS]
    names = dict(zip("AB" if len(order) == 2 else map(str, range(1, 99)), order, strict=False))
    side = documents.source.map({name: side for side, name in names.items()})
    return documents.assign(side=side, doc_id=range(len(documents))), names


def find_differences(documents, books, names, by=None):
    """Return what was found in the sides: case, tables, notes, books and what a page needs more.

    The tables of all sides are derived once. `case` is versions, corpora or outlets.
    """
    rhetoric = next((book for book in books if book.name == "rhetoric"), None)
    rhetoric = rhetoric or load_codebook("rhetoric")
    more = [] if rhetoric in books else [rhetoric]
    made = derive_from(documents, [*books, *more], WANTED)
    found, reason = ({}, "") if by else compare_versions(documents, made)
    if len(names) > 2:
        found = compare_outlets(documents, made, books, names)
    elif by or reason:
        found = compare_corpora(documents, made, books, names)
    else:
        found["tables"]["measures"] = _Facts(documents, made, books).contrast("B")
    case = "outlets" if len(names) > 2 else "corpora" if by or reason else "versions"
    texts = [sorted(own) for _, own in documents.groupby("side").sha256]
    same = len(texts) == 2 and texts[0] == texts[1]
    return found | {"case": case, "reason": reason, "same": same, "books": books}


def contrast(values, article, in_b, draws=1000, seed=1):
    """Return the means of the columns of `values` in A and in B, one row per column.

    `in_b` says for each row on which side it is, `article` to which article (or group of
    near-duplicates) it belongs. Columns n_a, total_a, a, n_b, total_b, b (n is the sum of the
    values, total the number of rows); difference, b minus a; low and high, its 95% interval by
    resampling articles (Efron & Tibshirani 1993, doi:10.1007/978-1-4899-4541-9), null unless
    each side has ten, and where all values are alike.
    """
    matrix = np.column_stack([values.to_numpy(float), np.ones(len(values))])
    number, units = pd.factorize(np.asarray(article))
    sums = [
        pd.DataFrame(matrix[own]).groupby(number[own]).sum().reindex(range(len(units))).fillna(0)
        for own in (~in_b, in_b)
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = {}
        for side, own in zip("ab", sums, strict=True):
            total = own.sum().to_numpy()
            found |= {f"n_{side}": total[:-1], f"total_{side}": int(total[-1])}
            found[side] = total[:-1] / total[-1]
        found = pd.DataFrame(found, values.columns)
        found["difference"] = found.b - found.a
        found["low"] = found["high"] = np.nan
        if min((own.iloc[:, -1] > 0).sum() for own in sums) >= MIN_TO_RESAMPLE:
            drawn = np.split(resample(np.hstack(sums), draws, seed), 2, axis=1)
            one, other = (own[:, :-1] / own[:, -1:] for own in drawn)
            bounds = np.nanpercentile(other - one, [2.5, 97.5], axis=0).round(9)
            varies = (values.max() > values.min()).to_numpy()  # what never varies has no spread
            found["low"], found["high"] = np.where(varies, bounds, np.nan)
    return found


def refuse_interval(rows, names):
    """Return why a difference between two sides gets no interval; "" when it does."""
    counts = rows.groupby("side").article.nunique().reindex(list(names), fill_value=0)
    short = [f"{names[side]} has {n}" for side, n in counts.items() if n < MIN_TO_RESAMPLE]
    needed = f"of the {MIN_TO_RESAMPLE} articles needed, near-duplicates counted as one"
    return f"{' and '.join(short)} {needed}" if short else ""


class _Facts:
    """What is measured: values by sentence and by attribution, and what each row belongs to."""

    def __init__(self, documents, made, books):
        sides = documents.set_index("doc_id").side
        groups = pd.DataFrame({"duplicate_group": find_duplicates(documents)})
        sentences = made["sentences"]
        self.rows = sentences[["sent_id"]].assign(
            article=cluster(sentences, groups), side=sentences.doc_id.map(sides)
        )
        self.voiced = made["voices"][["sent_id"]].merge(self.rows, on="sent_id", how="left")
        hits = made["spans"].groupby("code").sent_id.agg(set)
        named, values = [], {}
        for book in books:
            for code in book.codes:
                name = f"{book.name}:{code.id}"
                named.append((book.layer, name, code.label, book.title))
                values[name] = sentences.sent_id.isin(hits.get(name, set()))
        kinds = CLASSES | {"unspecified": "source left unspecified"}
        named += [("speakers", name, label.capitalize(), "") for name, label in kinds.items()]
        named += [("tone", name, label, "") for name, label in TONE.items()]
        tone = sentences[["sent_id"]].merge(made["sentiment"], on="sent_id", how="left")
        tone["news_tone"] = score_tone(text_of(documents, sentences)).to_numpy()
        values = pd.DataFrame(values, index=sentences.index)
        self.values = pd.concat([values, tone[list(TONE)].set_index(values.index)], axis=1)
        self.classes = pd.DataFrame({name: made["voices"].speaker_class == name for name in kinds})
        self.named = pd.DataFrame(named, columns=["group", "name", "label", "book"])

    def contrast(self, side, draws=1000, seed=1):
        """Return `contrast` of all measures, `side` being B and all other articles A."""
        found = pd.concat(
            contrast(values, rows.article, (rows.side == side).to_numpy(), draws, seed)
            for values, rows in ((self.values, self.rows), (self.classes, self.voiced))
        )
        return self.named.merge(found, left_on="name", right_index=True, how="left")


def compare_corpora(documents, made, books, names, draws=1000, seed=1):
    """Return what was found in two sides: tables, notes and what the page needs more.

    Tables: measures (group, name, label, book and the columns of `contrast`; cues: share of
    sentences with one; speakers: share of attributions; tone: mean over sentences, −1 to 1) and
    keywords (side and the columns of `keyness`, A being its target).
    """
    facts = _Facts(documents, made, books)
    words = keyness(made["tokens"], documents.doc_id[documents.side == "A"])
    words = words.assign(side=words.direction.map({"target": "A", "reference": "B"}))
    sizes = documents.side.value_counts()
    for side, part in ("A", "target"), ("B", "reference"):
        least = SPREAD if sizes[side] >= MIN_TO_RESAMPLE else 1
        words = words[(words.side != side) | (words[f"n_documents_{part}"] >= least)]
    words = words[words.side.notna()].groupby("side").head(TOP)
    notes = {
        "no_interval": refuse_interval(facts.rows, names),
        "no_interval_for_speakers": refuse_interval(facts.voiced, names),
        "on_both_sides": int((facts.rows.groupby("article").side.nunique() > 1).sum()),
        "counts": _count(documents, facts.rows, names),
    }
    tables = {
        "measures": facts.contrast("B", draws, seed),
        "keywords": words.sort_values("side", kind="stable", ignore_index=True),
    }
    return {"tables": tables, "notes": notes, "documents": documents, "made": made}


def compare_outlets(documents, made, books, names, draws=1000, seed=1):
    """Return what was found in three outlets or more, each against all other articles.

    Tables as of `compare_corpora`, with a column `outlet`: B is the outlet, A are the others.
    """
    facts = _Facts(documents, made, books)
    measures, words = [], []
    for side, name in names.items():
        measures.append(facts.contrast(side, draws, seed).assign(outlet=name))
        own = keyness(made["tokens"], documents.doc_id[documents.side == side])
        least = SPREAD if (documents.side == side).sum() >= MIN_TO_RESAMPLE else 1
        own = own[(own.direction == "target") & (own.n_documents_target >= least)]
        words.append(own.head(TOP).assign(outlet=name))
    notes = {
        "counts": _count(documents, facts.rows, names),
        "outlets": int(documents.source.nunique()),
        "no_interval": refuse_interval(facts.rows, names),
        "no_interval_for_speakers": "",
    }
    tables = {"measures": measures, "keywords": words}
    tables = {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}
    return {"tables": tables, "notes": notes, "documents": documents, "made": made}


def _count(documents, rows, names):
    return {
        side: [int((table.side == side).sum()) for table in (documents, rows)] for side in names
    }
