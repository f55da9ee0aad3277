"""The stages joined: from articles to all tables, in memory or as a folder of Parquet."""

from pathlib import Path

from framebook import __version__, tables
from framebook.blocks import collector_paused, gather, open_executor, run_blocks, work_folder
from framebook.columns import forget
from framebook.folders import hash_files, replacing, write_json
from framebook.framing import find_cues, load_codebook
from framebook.loading import find_path, load_documents
from framebook.matching import TokenIndex
from framebook.provenance import read_provenance
from framebook.sentiment import score_sentences
from framebook.tokenising import tokenise
from framebook.voices import assign_voices, find_voices

CODEBOOKS = ("generic-news-frames", "entman-functions", "war-and-reconstruction", "rhetoric")


@collector_paused()
def derive_from(documents, books, wanted=frozenset(tables.STORED)):
    """Return {name: table} of what is made from documents: the wanted tables and their sources.

    A pure function of one block: nothing in it looks at another document.
    """
    made = {}
    if wanted - {"documents", "loading"}:
        sentences, tokens = tokenise(documents)
        made |= {"sentences": sentences, "tokens": tokens}
    if "sentiment" in wanted:
        made["sentiment"] = score_sentences(documents, sentences)
    if wanted & {"voices", "segments", "actors", "spans"}:
        index = TokenIndex(tokens)
        found = find_voices(documents, sentences, tokens, index)
        made |= dict(zip(("voices", "segments", "actors"), found, strict=True))
    if "spans" in wanted:
        made["spans"] = assign_voices(find_cues(tokens, books, index), made["segments"])
    return made


def load_codebooks(codebooks=()):
    """Return the named codebooks, or those that come with Framebook when none is named."""
    return [load_codebook(book) for book in (codebooks or CODEBOOKS)]


def derive_tables(path, codebooks=(), as_is=False, wanted=tuple(tables.STORED)):
    """Return {name: table} of a file or folder of articles: the wanted tables and their sources.

    Raises InputError when nothing can be read or a codebook is wrong.
    """
    books = load_codebooks(codebooks) if "spans" in wanted else []
    documents, loading = load_documents(path, as_is)
    return {"documents": documents, "loading": loading,
            **derive_from(documents, books, frozenset(wanted))}


@collector_paused()
def get_tables(corpus, folder, *names, codebooks=()):
    """Return the named tables, one DataFrame each, in that order.

    They are read from `folder` (made by `framebook tables`) if one is given, else derived
    from the articles in `corpus`. Raises InputError when `corpus` cannot be read.
    """
    if folder:
        return tables.read(find_path(folder), *names)
    made = derive_tables(corpus, codebooks, wanted=names)
    return made[names[0]] if len(names) == 1 else tuple(made[name] for name in names)


def take_articles(most, documents, *frames, seed=1):
    """Return the tables of at most `most` articles, drawn at random where there are more.

    The rows keep their order and index. `frames` are tables with doc_id or sent_id.
    """
    if len(documents) > most:
        documents = documents.sample(most, random_state=seed).sort_index()
        frames = [frame[(frame.doc_id if "doc_id" in frame else
                         frame.sent_id // tables.SENTENCE_STRIDE).isin(documents.doc_id)]
                  for frame in frames]
    return documents, *frames


def make_tables(path, out, codebooks=(), workers=1, as_is=False, cluster=None, columns=None):
    """Write all tables of a corpus to the folder `out`, with a manifest; return that folder.

    The corpus streams through in blocks of 1,000 rows; the folder appears whole or not at
    all, with the same bytes whatever ran it. `columns`
    names a table's columns, {field: column}. Raises InputError when nothing can be read or
    `out` holds something else.
    """
    path, books = find_path(path), load_codebooks(codebooks)
    provenance = read_provenance(path)
    with replacing(out, path) as folder, work_folder(out) as work:
        with open_executor(workers, cluster) as pool:
            places = run_blocks(path, work, books, as_is, pool, 2 * workers, columns)
        forget()  # room for what is compared over the whole corpus
        rows, digest = gather(path, places, folder)
        manifest = {
            "made_by": f"framebook {__version__}",
            "kind": "tables",
            "as_is": as_is,
            "columns": columns or {},
            "codebooks": [{"name": b.name, "title": b.title, "version": b.version,
                           "licence": b.licence, "citation": b.citation, "sha256": b.sha256}
                          for b in books],
            "rows": rows,
            "corpus": path.name.encode("utf-8", "replace").decode(),
            "provenance": provenance,
            "inputs": digest,
            "files": hash_files(folder),
        }
        write_json(manifest, folder / "manifest.json")
    return Path(out)
