"""The report: the notebooks executed on a corpus, as pages, with a cover that sums them up."""

import html
import json
import platform
import re
import shutil
import sys
import tempfile
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
from markupsafe import Markup
from tqdm import tqdm

from framebook import __version__
from framebook.chain import load_codebooks
from framebook.common.errors import InputError
from framebook.common.folders import PROJECT, hash_files, replacing, write_json
from framebook.loading.articles import find_path, load_documents
from framebook.loading.corpus_toml import show_provenance
from framebook.report.evidence import list_evidence, write_evidence
from framebook.report.execution import (
    execute,
    has_tag,
    read_notebooks,
    with_parameters,
    without_cells,
)
from framebook.report.findings import list_findings
from framebook.report.methods import LEXICONS, describe_method, list_references
from framebook.report.pages import appendix_page, chapter_page, cover_page, describe
from framebook.report.single_page import join_pages
from framebook.robustness.specifications import describe_primary
from framebook.scaling import make_tables
from framebook.tables import empty, find_files, list_parts, path_of, read_arrow
from framebook.validation.cards import is_current, read_cards, show_cards, stamp, write_cards

NOTEBOOKS = PROJECT / "notebooks"
FIGURES = PROJECT / "figures"
SEEDS = PROJECT / "seeds"
PACKAGES = [
    "jupyterlab",
    "nbclient",
    "nbconvert",
    "pandas",
    "numpy",
    "pyarrow",
    "matplotlib",
    "nltk",
    "textblob",
    "vaderSentiment",
]
SHOWN_TEXT = {"text", "evalue", "text/plain", "text/html", "text/markdown"}
PLACES = {"tables": "tables", "figures": "figures", "cards": "cards.json"}
LISTED = 100  # texts, and rows of the loading table, that the cover names one by one


def make_report(
    path=SEEDS,
    out="reports",
    title=None,
    codebooks=(),
    workers=1,
    as_is=False,
    codes=None,
    update_figures=False,
    columns=None,
    speakers=None,
    single_file=False,
):
    """Return the path of the new report's cover; an older report in `out` is replaced at the end.

    `codes` is a folder that `framebook agree` wrote: figures then say what it found, where the
    codebook is still the same. With `single_file` one page, report.html, takes the place of the
    others. Raises InputError for input that cannot be read, a folder that may
    not be replaced, or `update_figures` on another corpus than seeds/; ChapterError when a
    chapter fails.
    """
    corpus = find_path(path)
    books = load_codebooks(codebooks, corpus, speakers=speakers)
    codes = find_path(codes) if codes else ""
    cards = [
        replace(card, current=True)
        for card in (read_cards(codes) if codes else [])
        if is_current(card, books)
    ]
    with replacing(out, corpus) as folder:
        make_tables(
            corpus,
            folder / "tables",
            codebooks=codebooks,
            speakers=speakers,
            workers=workers,
            as_is=as_is,
            columns=columns,
        )
        seed = is_seed(folder / "tables", as_is)
        if update_figures and not seed:
            raise InputError(
                "The project's figures are those of the seed article; update them from seeds only."
            )
        title = title or f"Framebook report on {'the seed article' if seed else corpus.name}"
        title = title.encode("utf-8", "replace").decode()  # a name on disk may be no Unicode
        make_pages(folder, corpus, title, seed, cards, codes, single_file)
    if update_figures:
        shutil.copytree(Path(out) / "figures", FIGURES, dirs_exist_ok=True)
    cover = Path(out) / ("report.html" if single_file else "index.html")
    print(f"The report is {cover}")
    return cover


def make_pages(folder, corpus, title, seed, cards=(), codes="", single_file=False):
    """Write all of a report but its tables, from the tables in `folder`.

    Of the Paths `corpus` and `codes` only the names are shown. Raises ChapterError when a
    chapter fails.
    """
    (folder / "figures").mkdir()
    write_cards(cards, folder / "cards.json")
    values = {name: str(folder / place) for name, place in PLACES.items()}
    values |= {"corpus": str(corpus), "title": title, "codes": str(codes)}
    left_out = [] if seed else ["seed-reading"]
    notebooks = {
        name: with_parameters(without_cells(notebook, *left_out), values)
        for name, notebook in read_notebooks(NOTEBOOKS).items()
    }
    if not notebooks:
        raise InputError("There are no notebooks beside the package; run Framebook from its clone.")
    chapters = [describe(name, notebook) for name, notebook in notebooks.items()]
    _make_chapters(notebooks, folder, [corpus, *filter(None, [codes])], title, chapters)
    primary = "".join(
        cell.source
        for cell in notebooks.get("08_robustness", {"cells": []})["cells"]
        if has_tag(cell, "parameters")
    )
    _finish(
        folder,
        corpus.name,
        title,
        chapters,
        cards,
        primary,
        single_file=single_file,
        codes=codes and codes.name,
    )


def is_seed(tables, as_is):
    """Whether the texts are those that the notebooks' prose is about."""
    texts = set(read_columns(tables, "documents", "sha256").sha256)
    return SEEDS.is_dir() and texts == set(load_documents(SEEDS, as_is=as_is)[0].sha256)


def list_versions():
    """Return {package: version} of what a report's numbers rest on."""
    return {
        "framebook": __version__,
        "Python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }


def identify_program():
    """Return the system, and one SHA-256 of all that makes a report: the package and notebooks."""
    parts = {
        place: mark
        for root in (Path(__file__).parent.parent, NOTEBOOKS)
        for place, mark in hash_files(root).items()
        if not place.endswith(".pyc")
    }
    return {
        "system": f"{sys.platform} {platform.machine()}",
        "program": sha256(json.dumps(parts).encode()).hexdigest(),
    }


def _finish(folder, corpus, title, chapters, cards, primary, **told):
    """Write the cover, the appendix, the evidence and the manifest, the last of all files."""
    versions = list_versions()
    findings = find_findings(folder / "tables", [chapter["name"] for chapter in chapters])
    _make_cover(folder, corpus, title, chapters, findings)
    _make_appendix(folder, title, chapters, versions, cards, primary)
    _make_evidence(folder)
    if told["single_file"]:
        _join(folder, ["index", *(chapter["name"] for chapter in chapters), "appendix"])
    manifest = {
        "made_by": f"framebook {__version__}",
        "kind": "report",
        "title": title,
        "corpus": corpus,
        "chapters": [chapter["name"] for chapter in chapters],
        **told,
        "versions": versions,
        **identify_program(),
        "findings": findings,
        "files": hash_files(folder),
    }
    write_json(manifest, folder / "manifest.json")


def _join(folder, names):
    """Put one page, report.html, in the place of the pages."""
    _write(folder / "report.html", join_pages(folder, names))
    for name in names:
        (folder / f"{name}.html").unlink()


def _make_chapters(notebooks, folder, given, title, chapters):
    paths = {
        folder / "tables": "tables",
        folder / "figures": "figures",
        folder: "report",
        **{path: path.name for path in given},
        PROJECT: "framebook",
        Path(sys.prefix): "python",
        Path(sys.base_prefix): "python",
    }
    running = []
    with tqdm(
        total=len(notebooks),
        leave=False,
        disable=None,
        bar_format="{desc} {bar} {n_fmt} of {total_fmt}",
    ) as bar:

        def started(name):
            running.append(name)
            bar.set_description(", ".join(running))

        def finished(name, notebook):
            _hide_paths(notebook, paths)
            _shrink_pictures(notebook)
            _write(folder / f"{name}.html", chapter_page(name, notebook, title, chapters))
            running.remove(name)
            bar.update()
            bar.set_description(", ".join(running))

        execute(notebooks, NOTEBOOKS, started, finished)


def _hide_paths(notebook, paths):
    """Name what lies on this machine as the report does: no page shows where it was made."""
    names = {
        form: name
        for path, name in paths.items()
        if path.name
        for form in (str(path), path.as_posix(), html.escape(str(path)))
    }
    longest_first = sorted(names, key=len, reverse=True)
    known = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)")
    # What a warning names as its file: a cell, by the process that ran it.
    temporary = re.compile(rf"{re.escape(tempfile.gettempdir())}[\\/]ipykernel_\d+[\\/]\d+\.py:\d+")
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        for holder in (output, output.get("data", {})):
            for key in SHOWN_TEXT & set(holder):
                text = known.sub(lambda found: names[found[1]], "".join(holder[key]))
                holder[key] = temporary.sub("cell", text)


def _shrink_pictures(notebook):
    """Give the pictures on the page a palette: a third of the size, no difference to be seen."""
    from PIL import Image  # comes with matplotlib

    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        if png := output.get("data", {}).get("image/png"):
            picture, file = Image.open(BytesIO(b64decode(png))).convert("RGB"), BytesIO()
            picture = picture.quantize(128, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            picture.save(file, "PNG", optimize=True)
            output["data"]["image/png"] = b64encode(file.getvalue()).decode()


def _make_cover(folder, corpus, title, chapters, findings):
    tables = folder / "tables"
    documents = read_columns(tables, "documents", "source", "date")
    loading = read_columns(tables, "loading", "path", "key", "status", "reason")
    loading = loading[loading.status != "read"]
    places = loading.path + (", " + loading.key.astype("str")).fillna("")
    n = len(documents)
    _write(
        folder / "index.html",
        cover_page(
            title,
            chapters,
            described=f"{n:,} article{'s' * (n != 1)} read from {corpus}.",
            numbers=_numbers(tables, documents),
            findings=findings,
            cues=_cues(tables),
            figures=_figures(folder),
            loading=_listed(zip(places, loading.status, loading.reason, strict=True)),
        ),
    )


def find_findings(tables, names):
    """Return what the tables support (`list_findings`), where the chapters `names` show it."""
    columns = {
        "sentences": ["sent_id"],
        "sentiment": ["vader_compound", "textblob_polarity"],
        "spans": ["sent_id", "layer", "code"],
        "voices": ["form", "speaker_class"],
        "segments": ["sent_id", "role"],
    }
    found = list_findings(
        **{name: read_columns(tables, name, *own) for name, own in columns.items()}
    )
    return [finding for finding in found if finding["page"] in names]


def _make_appendix(folder, title, chapters, versions, cards, primary):
    tables = folder / "tables"
    documents = read_columns(tables, "documents", "path", "sha256")
    validated = stamp([card.measure for card in cards], cards, documents=documents)
    n_words = read_columns(tables, "sentences", "n_words").n_words
    made = json.loads((tables / "manifest.json").read_text(encoding="utf-8"))
    books, stated = made["codebooks"], made.get("provenance", {})
    references = list_references(books, "10.1080/19312450709336664" if cards else "")
    _write(folder / "references.bib", references)
    _write(
        folder / "appendix.html",
        appendix_page(
            title,
            chapters,
            versions=versions.items(),
            references=references,
            method=describe_method(
                {
                    "n_articles": len(documents),
                    "n_sentences": len(n_words),
                    "n_words": int(n_words.sum()),
                },
                versions,
                books,
                validated if cards else "",
                stated,
            ),
            provenance=show_provenance(stated),
            cards=Markup(show_cards(cards).data) if cards else "",
            codebooks=[
                [book[key] for key in ("name", "version", "licence", "citation")] for book in books
            ],
            lexicons=[[name, versions[package], *rest] for name, package, *rest in LEXICONS],
            inputs=_listed(
                [
                    *((f"codebook {book['name']}", book["sha256"]) for book in books),
                    *zip(documents.path, documents.sha256, strict=True),
                ]
            ),
            specification=describe_primary(primary) if primary else [],
        ),
    )


def _make_evidence(folder):
    """Write the evidence a part of the tables at a time: it may be larger than they are."""
    columns = {
        "documents": ["doc_id", "path", "key", "source", "date", "text"],
        "sentences": ["sent_id", "doc_id", "start", "end"],
        "spans": ["sent_id", "code"],
        "voices": ["sent_id", "speaker", "speaker_class", "form"],
    }

    def parts():
        first = 1
        for part in list_parts(folder / "tables"):
            found = {
                name: read_columns(folder / "tables", name, *own, part=part)
                for name, own in columns.items()
            }
            yield list_evidence(**found, first=first)
            first += len(found["sentences"])

    write_evidence(folder / "evidence.csv", parts())


def read_columns(tables, name, *columns, part=None):
    """Return columns of a table in a folder, or of one part of it; no row if it was not made."""
    paths = find_files(name, tables) if part is None else [path_of(name, tables, part)]
    return read_arrow(*paths, columns=list(columns)).to_pandas() if paths else empty(name)


def _listed(rows):
    rows = list(rows)
    return {"rows": rows[:LISTED], "more": f"{len(rows) - LISTED:,}" if len(rows) > LISTED else ""}


def _numbers(tables, documents):
    """What the cover counts: (label, value)."""
    sentences = read_columns(tables, "sentences", "sent_id", "n_words")
    segments = read_columns(tables, "segments", "sent_id", "role")
    n, total = segments[segments.role == "content"].sent_id.nunique(), len(sentences)
    sources = documents.source.nunique()
    ends = [
        f"{day.day} {day:%B %Y}"
        for day in (documents.date.min(), documents.date.max())
        if pd.notna(day)
    ]
    return [
        ("article" if len(documents) == 1 else "articles", f"{len(documents):,}"),
        ("sentences", f"{total:,}"),
        ("words", f"{sentences.n_words.sum():,}"),
        ("sources", f"{sources:,}" if sources else "not given"),
        ("dates", " to ".join(dict.fromkeys(ends)) or "not given"),
        ("sentences with an attributed claim", f"{n:,} of {total:,} ({n / max(total, 1):.0%})"),
    ]


def _cues(tables):
    layers = read_columns(tables, "spans", "layer", "sent_id").groupby("layer").sent_id
    return [(layer, f"{len(ids):,}", f"{ids.nunique():,}") for layer, ids in layers]


def _figures(folder):
    """The figures of this run: files (SVG first), label and the description in the SVG."""
    figures = []
    for path in sorted((folder / "figures").glob("*.svg")):
        label = path.stem.replace("_", " ").replace("-", " ").capitalize()
        svg = ElementTree.parse(path)
        told = svg.findtext(".//{*}description") or svg.findtext(".//{*}desc") or label
        files = [
            path.name,
            *(one.name for kind in (".png", ".csv") if (one := path.with_suffix(kind)).exists()),
        ]
        figures.append({"files": files, "label": label, "alt": " ".join(told.split())})
    return figures


def _write(path, text):
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
