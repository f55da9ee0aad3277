"""The report: pages about a corpus, made from its tables, and an explorer of its sentences."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup

from framebook import __version__
from framebook.chain import load_codebooks
from framebook.common.errors import InputError
from framebook.common.folders import PROJECT, hash_files, replacing, write_csv, write_json
from framebook.common.program import identify_program, list_versions
from framebook.common.text import writable
from framebook.loading.articles import find_path, load_documents
from framebook.loading.corpus_toml import read_codebooks, read_provenance
from framebook.report.chapters import corpus_page, frames_page, voices_page
from framebook.report.cover import cover_page, list_findings
from framebook.report.evidence import write_evidence
from framebook.report.execution import run_lessons
from framebook.report.explorer import explorer_parts
from framebook.report.found import Corpus, read_columns, read_links
from framebook.report.methods import methods_page
from framebook.report.pages import make_page
from framebook.report.results import comparison_page, sure_page, tone_page
from framebook.report.single_page import join_pages
from framebook.scaling import make_tables
from framebook.validation.cards import is_current, read_cards, write_cards
from framebook.voices.linking import find_home

NOTEBOOKS = PROJECT / "notebooks"
FIGURES = PROJECT / "figures"
SEEDS = PROJECT / "seeds"
CHAPTERS = {  # name: (label, heading, what makes its pieces)
    "corpus": ("Corpus", "What is in the articles", corpus_page),
    "voices": ("Who speaks", "Who speaks", voices_page),
    "frames": ("Frames", "Where the cues are", frames_page),
    "tone": ("Tone", "Tone", tone_page),
    "comparison": ("Outlets", "What sets the outlets apart", comparison_page),
    "sure": ("How sure", "How sure are these numbers?", sure_page),
}


def make_report(
    path=SEEDS, out="reports", title=None, codebooks=(), workers=1, as_is=False, codes=None,
    update_figures=False, columns=None, speakers=None, links=None, single_file=False,
    lessons=False, home=None
):  # fmt: skip
    """Return the path of the new report's cover; an older report in `out` is replaced at the end.

    `codes` is a folder that `framebook agree` wrote: the report then says what it found, where
    the codebook is still the same. `links` is speaker_links.csv of an earlier report, from which
    rows were taken out. `home` is a country, else that of corpus.toml: evidence.csv then marks
    foreign governments. With `single_file` one page, report.html, takes the place of
    the others; with `lessons` the notebooks are executed on the corpus and added as pages. Raises
    InputError for input that cannot be read, a folder that may not be replaced, or
    `update_figures` on another corpus than seeds/; ChapterError when a notebook fails.
    """
    corpus = find_path(path)
    books = load_codebooks(codebooks, corpus, speakers=speakers)
    links = read_links(find_path(links)) if links else None
    home = find_home(home or read_provenance(corpus).get("home"))
    codes = find_path(codes) if codes else ""
    cards = [
        replace(card, current=True) if is_current(card, books) else card
        for card in (read_cards(codes) if codes else [])
    ]
    title = title or f"Framebook report on {corpus.name}"
    title = writable(title)
    named = bool(codebooks or read_codebooks(corpus))
    with replacing(out, corpus) as folder:
        make_tables(
            corpus, folder / "tables", codebooks=codebooks, speakers=speakers, workers=workers,
            as_is=as_is, columns=columns
        )  # fmt: skip
        if update_figures and not is_seed(folder / "tables", as_is):
            raise InputError(
                "The project's figures are those of the seed article; update them from seeds only."
            )
        make_pages(
            folder, corpus, title, books, cards, codes, named, single_file,
            lessons or update_figures, links, home
        )  # fmt: skip
    if update_figures:
        shutil.rmtree(FIGURES, ignore_errors=True)  # also what no chapter draws any more
        shutil.copytree(Path(out) / "figures", FIGURES)
    cover = Path(out) / ("report.html" if single_file else "index.html")
    print(f"The report is {cover}")
    return cover


def _say(what):
    """Say on the terminal, or in a log, what is being done."""
    print(f"Framebook: {what} …", file=sys.stderr, flush=True)


def make_pages(
    folder, corpus, title, books, cards=(), codes="", named=False, single_file=False,
    lessons=False, links=None, home=None
):  # fmt: skip
    """Write all of a report but its tables, from the tables in `folder`.

    Of the Paths `corpus` and `codes` only the names are shown; `links` as of `link_speakers`.
    Raises ChapterError when a notebook fails.
    """
    (folder / "figures").mkdir()
    write_cards(cards, folder / "cards.json")
    _say("the tables are counted")
    found = Corpus(folder, corpus.name, books, list(cards), named, links, home)
    write_csv(found.links, folder / "speaker_links.csv")
    write_csv(found.carried, folder / "speaker_classes.csv")
    chapters = dict(CHAPTERS)
    if len(found.outlets) < 2:
        del chapters["comparison"]
    pages = [{"name": name, "label": label} for name, (label, *_) in chapters.items()]
    pages += [{"name": "explorer", "label": "Explorer"}, {"name": "appendix", "label": "Methods"}]
    notebooks = run_lessons(NOTEBOOKS, folder, corpus, title, codes, _say) if lessons else {}
    pages += [{"name": name, "label": name.replace("_", " ")} for name in notebooks]
    bodies = {}
    for name, (label, heading, make) in chapters.items():
        _say(f"page {len(bodies) + 1} of {len(pages) + 1}, {label.lower()}")
        bodies[name] = (heading, Markup("\n").join(make(found)))
    findings = list_findings(found)
    bodies["index"] = (title, Markup("\n").join(cover_page(found, findings)))
    bodies["appendix"] = ("Methods", Markup("\n").join(methods_page(found, list_versions())))
    bodies |= notebooks
    for name, (heading, body) in bodies.items():
        _write(folder / f"{name}.html", make_page(name, title, pages, heading, body))
    _say("the explorer")
    parts = explorer_parts(found)
    _write(
        folder / "explorer.html", make_page("explorer", title, pages, "Explorer", explorer=parts)
    )
    write_evidence(found)
    if single_file:
        names = ["index", *(page["name"] for page in pages)]
        _write(folder / "report.html", join_pages(folder, names))
        for name in names:
            (folder / f"{name}.html").unlink()
    _write_manifest(
        folder,
        title=title,
        corpus=corpus.name,
        chapters=[page["name"] for page in pages],
        codes=codes and codes.name,
        named=named,
        single_file=single_file,
        lessons=lessons,
        links=links is not None,
        home=home,
        findings=[one["told"] for one in findings],
    )


def _write_manifest(folder, **told):
    """Write the manifest, the last of all files."""
    manifest = {
        "made_by": f"framebook {__version__}",
        "kind": "report",
        **told,
        "versions": list_versions(),
        **identify_program(),
        "files": hash_files(folder),
    }
    write_json(manifest, folder / "manifest.json")


def is_seed(tables, as_is):
    """Return whether the texts are those that the notebooks' prose is about."""
    texts = set(read_columns(tables, "documents", "sha256").sha256)
    return SEEDS.is_dir() and texts == set(load_documents(SEEDS, as_is=as_is)[0].sha256)


def _write(path, text):
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
