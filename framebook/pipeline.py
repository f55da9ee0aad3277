"""The stages joined: from articles to all tables, in memory or as a folder of Parquet."""

import hashlib
import json
from pathlib import Path

from framebook import __version__, tables
from framebook.folders import replacing
from framebook.framing import find_cues, load_codebook
from framebook.loading import find_path, load_documents
from framebook.sentiment import score_sentences
from framebook.tokenising import tokenise
from framebook.voices import assign_voices, find_voices

CODEBOOKS = ("generic-news-frames", "war-and-reconstruction", "rhetoric")
# What each table is made from, in the order in which they are made.
STAGES = {
    "documents": ["documents", "loading"],
    "loading": ["documents", "loading"],
    "sentences": ["sentences", "tokens"],
    "tokens": ["sentences", "tokens"],
    "sentiment": ["sentiment"],
    "voices": ["voices", "segments", "actors"],
    "segments": ["voices", "segments", "actors"],
    "actors": ["voices", "segments", "actors"],
    "spans": ["spans"],
}


def derive_tables(path, codebooks=(), as_is=False, wanted=tuple(STAGES)):
    """Return {name: table} of a file or folder of articles: the wanted tables and their sources.

    Raises InputError when nothing can be read or a codebook is wrong.
    """
    books = [load_codebook(book) for book in (codebooks or CODEBOOKS)]
    made = dict(zip(("documents", "loading"), load_documents(path, as_is), strict=True))
    documents = made["documents"]
    wanted = set(wanted) - set(made)
    if wanted:
        sentences, tokens = tokenise(documents)
        made |= {"sentences": sentences, "tokens": tokens}
    if "sentiment" in wanted:
        made["sentiment"] = score_sentences(documents, sentences)
    if wanted & {"voices", "segments", "actors", "spans"}:
        found = find_voices(documents, sentences, tokens)
        made |= dict(zip(("voices", "segments", "actors"), found, strict=True))
    if "spans" in wanted:
        made["spans"] = assign_voices(find_cues(tokens, books), made["segments"])
    return made


def get_tables(corpus, folder, *names, codebooks=()):
    """Return the named tables, one DataFrame each, in that order.

    They are read from `folder` (made by `framebook tables`) if one is given, else derived
    from the articles in `corpus`. Raises InputError when `corpus` cannot be read.
    """
    if folder:
        return tables.read(find_path(folder), *names)
    made = derive_tables(corpus, codebooks, wanted=names)
    return made[names[0]] if len(names) == 1 else tuple(made[name] for name in names)


def make_tables(path, out, codebooks=(), workers=1, as_is=False):
    """Write all tables of a corpus to the folder `out`, with a manifest; return that folder.

    The folder appears whole or not at all. Raises InputError when nothing can be read or
    `out` holds something else.
    """
    made = derive_tables(path, codebooks, as_is)
    with replacing(out, find_path(path)) as folder:
        for name in STAGES:
            tables.write(name, made[name], folder)
        manifest = describe_run(made, codebooks, as_is)
        text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
        (folder / "manifest.json").write_text(text, encoding="utf-8", newline="\n")
    return Path(out)


def describe_run(made, codebooks, as_is):
    """Return what a manifest says of a run: no time and no place, so that runs compare."""
    books = [load_codebook(book) for book in (codebooks or CODEBOOKS)]
    return {
        "made_by": f"framebook {__version__}",
        "kind": "tables",
        "as_is": as_is,
        "codebooks": [{"name": b.name, "version": b.version, "citation": b.citation} for b in books],
        "rows": {name: len(table) for name, table in made.items()},
        "inputs": hashlib.sha256("".join(made["documents"].sha256).encode()).hexdigest(),
    }


