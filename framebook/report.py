"""The report: the notebooks executed on a corpus, as pages, with a cover that sums them up."""

import html
import json
import re
import shutil
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from xml.etree import ElementTree

from framebook import __version__
from framebook.errors import InputError
from framebook.execution import execute, read_notebooks, with_parameters, without_cells
from framebook.folders import PROJECT, replacing
from framebook.loading import find_path, load_documents
from framebook.pipeline import make_tables

NOTEBOOKS = PROJECT / "notebooks"
FIGURES = PROJECT / "figures"
SEEDS = PROJECT / "seeds"
PACKAGES = ["jupyterlab", "nbclient", "nbconvert", "pandas", "numpy", "pyarrow", "matplotlib",
            "nltk", "textblob", "vaderSentiment"]
SHOWN_TEXT = {"text", "evalue", "text/plain", "text/html", "text/markdown"}
LISTED = 100  # texts, and rows of the loading table, that the cover names one by one


def make_report(path=None, out="reports", title=None, codebooks=(), workers=1, as_is=False,
                update_figures=False):
    """Return the path of the new report's cover; an older report in `out` is replaced at the end.

    Raises InputError for input that cannot be read, a folder that may not be replaced, or
    `update_figures` on another corpus than seeds/; ChapterError when a chapter fails.
    """
    from framebook.template import describe  # it and what it needs take a second to import

    corpus = find_path(path if path is not None else SEEDS)
    with replacing(out, corpus) as folder:
        tables, figures = folder / "tables", folder / "figures"
        make_tables(corpus, tables, codebooks=codebooks, workers=workers, as_is=as_is)
        seed = _is_seed(tables, as_is)
        if update_figures and not seed:
            raise InputError("The project's figures are those of the seed article; "
                             "update them from seeds only.")
        title = title or f"Framebook report on {'the seed article' if seed else corpus.name}"
        title = title.encode("utf-8", "replace").decode()  # a name on disk may be no Unicode
        notebooks = _prepare(corpus, tables, figures, title, seed)
        chapters = [describe(name, notebook) for name, notebook in notebooks.items()]
        figures.mkdir()
        _make_chapters(notebooks, folder, corpus, title, chapters)
        _make_cover(folder, corpus, title, chapters)
        _write_manifest(folder, corpus, title, chapters)
    if update_figures:
        _copy_figures(Path(out) / "figures")
    cover = Path(out).resolve() / "index.html"
    here = Path.cwd()
    print(f"The report is {cover.relative_to(here) if cover.is_relative_to(here) else cover}")
    return cover


def _is_seed(tables, as_is):
    """Whether the texts are those that the notebooks' prose is about."""
    if not SEEDS.is_dir():
        return False
    seeds, _ = load_documents(SEEDS, as_is=as_is)
    return set(_columns(tables, "documents", ["sha256"]).sha256) == set(seeds.sha256)


def _prepare(corpus, tables, figures, title, seed):
    values = {"corpus": str(corpus), "tables": str(tables), "figures": str(figures), "title": title}
    notebooks = read_notebooks(NOTEBOOKS)
    if not notebooks:
        raise InputError("There are no notebooks beside the package; run Framebook from its clone.")
    if not seed:
        notebooks = {name: without_cells(notebook, "seed-reading")
                     for name, notebook in notebooks.items()}
    return {name: with_parameters(notebook, values) for name, notebook in notebooks.items()}


def _make_chapters(notebooks, folder, corpus, title, chapters):
    from framebook.template import chapter_page

    paths = {folder / "tables": "tables", folder / "figures": "figures", folder: "report",
             corpus: corpus.name, PROJECT: "framebook", Path(sys.prefix): "python",
             Path(sys.base_prefix): "python"}
    with _Progress(len(notebooks)) as progress:
        def finished(name, notebook):
            _hide_paths(notebook, paths)
            _write(folder / f"{name}.html", chapter_page(name, notebook, title, chapters))
            progress.finished(name)

        execute(notebooks, NOTEBOOKS, progress.started, finished)


class _Progress:
    """A bar that names the chapters that run; plain lines where stderr is no terminal."""

    def __init__(self, total):
        from tqdm import tqdm

        self.running, self.done, self.total = [], 0, total
        form = "{desc} {bar} {n_fmt} of {total_fmt}"
        on_terminal = sys.stderr.isatty()
        self.bar = tqdm(total=total, leave=False, bar_format=form) if on_terminal else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.bar is not None:
            self.bar.close()

    def started(self, name):
        self.running.append(name)
        self._show()

    def finished(self, name):
        self.running.remove(name)
        self.done += 1
        if self.bar is None:
            print(f"{name} done ({self.done} of {self.total})", file=sys.stderr, flush=True)
        else:
            self.bar.update()
            self._show()

    def _show(self):
        if self.bar is not None:
            self.bar.set_description(", ".join(self.running) or "cover")


def _hide_paths(notebook, paths):
    """Name what lies on this machine as the report does: no page shows where it was made."""
    names = {form: name for path, name in paths.items() if path.name
             for form in (str(path), path.as_posix(), html.escape(str(path)))}
    longest_first = sorted(names, key=len, reverse=True)
    known = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)")
    # What a warning names as its file: a cell, by the process that ran it.
    temporary = re.compile(rf"{re.escape(tempfile.gettempdir())}[\\/]ipykernel_\d+[\\/]\d+\.py:\d+")
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for holder in (output, output.get("data", {})):
                for key in SHOWN_TEXT & set(holder):
                    text = known.sub(lambda found: names[found[1]], "".join(holder[key]))
                    holder[key] = temporary.sub("cell", text)


def _make_cover(folder, corpus, title, chapters):
    from framebook.template import cover_page

    tables = folder / "tables"
    documents = _columns(tables, "documents", ["path", "source", "date", "sha256"])
    loading = _columns(tables, "loading", ["path", "key", "status", "reason"])
    loading = loading[loading.status != "read"]
    places = loading.path + (", " + loading.key.astype("str")).fillna("")
    n = len(documents)
    _write(folder / "index.html", cover_page(
        title, chapters,
        described=f"{n:,} article{'s' * (n != 1)} read from {corpus.name}.",
        numbers=_numbers(tables, documents), cues=_cues(tables), figures=_figures(folder),
        loading=_listed(zip(places, loading.status, loading.reason, strict=True)),
        inputs=_listed(zip(documents.path, documents.sha256, strict=True)),
        versions=_versions(), codebooks=_codebooks(tables),
    ))


def _columns(tables, name, columns):
    """The columns of a table, or None when this run did not make it."""
    import pandas as pd

    path = tables / f"{name}.parquet"
    path = path if path.exists() else tables / name
    return pd.read_parquet(path, columns=columns) if path.exists() else None


def _listed(rows):
    rows = list(rows)
    return {"rows": rows[:LISTED], "more": f"{len(rows) - LISTED:,}" if len(rows) > LISTED else ""}


def _numbers(tables, documents):
    """What the cover counts: (label, value), only what the tables hold."""
    numbers = [("article" if len(documents) == 1 else "articles", f"{len(documents):,}")]
    sentences = _columns(tables, "sentences", ["sent_id", "n_words"])
    if sentences is not None:
        numbers += [("sentences", f"{len(sentences):,}"), ("words", f"{sentences.n_words.sum():,}")]
    sources = documents.source.nunique()
    numbers.append(("sources", f"{sources:,}" if sources else "not given"))
    dates = documents.date.dropna()
    ends = [f"{day.day} {day:%B %Y}" for day in (dates.min(), dates.max())] if len(dates) else []
    numbers.append(("dates", " to ".join(dict.fromkeys(ends)) or "not given"))
    segments = _columns(tables, "segments", ["sent_id", "role"])
    if segments is not None and sentences is not None and len(sentences):
        n = segments[segments.role == "content"].sent_id.nunique()
        numbers.append(("sentences with an attributed claim",
                        f"{n:,} of {len(sentences):,} ({n / len(sentences):.0%})"))
    return numbers


def _cues(tables):
    spans = _columns(tables, "spans", ["layer", "sent_id"])
    if spans is None:
        return []
    layers = spans.groupby("layer").sent_id.agg(["size", "nunique"])
    return [(layer, f"{row['size']:,}", f"{row['nunique']:,}") for layer, row in layers.iterrows()]


def _figures(folder):
    """The figures of this run: files (SVG first), label and alternative text, by name."""
    figures = {}
    for path in sorted((folder / "figures").iterdir(), key=lambda path: (path.stem, path.suffix)):
        if path.suffix in {".svg", ".png"}:
            figures.setdefault(path.stem, []).append(path)
    return [{"files": [path.name for path in sorted(paths, key=lambda path: path.suffix != ".svg")],
             "label": (label := name.replace("_", " ").replace("-", " ").capitalize()),
             "alt": _description(paths) or label}
            for name, paths in figures.items()]


def _description(paths):
    """The alternative text that an SVG carries as its description, or None."""
    for path in paths:
        if path.suffix == ".svg":
            for element in ElementTree.parse(path).iter():
                if element.tag.rpartition("}")[2] in {"desc", "description"} and element.text:
                    return " ".join(element.text.split())
    return None


def _versions():
    rows = [("framebook", __version__), ("Python", ".".join(map(str, sys.version_info[:3])))]
    for package in PACKAGES:
        try:
            rows.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return rows


def _codebooks(tables):
    manifest = tables / "manifest.json"
    listed = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}
    return [(book.get("name", ""), book.get("version", ""), book.get("citation", ""))
            for book in listed.get("codebooks", [])]


def _write_manifest(folder, corpus, title, chapters):
    manifest = {"made_by": f"framebook {__version__}", "kind": "report", "title": title,
                "corpus": corpus.name, "chapters": [chapter["name"] for chapter in chapters],
                "versions": dict(_versions())}
    _write(folder / "manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")


def _write(path, text):
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")


def _copy_figures(made):
    FIGURES.mkdir(exist_ok=True)
    for path in sorted(made.iterdir()):
        shutil.copyfile(path, FIGURES / path.name)
