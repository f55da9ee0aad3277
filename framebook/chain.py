"""The stages joined: from articles to all tables, in memory."""

import gc
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from framebook import tables
from framebook.common.errors import InputError
from framebook.framing.codebook import load_codebook
from framebook.framing.cues import find_cues
from framebook.framing.matching import TokenIndex
from framebook.loading.articles import find_path, load_documents
from framebook.loading.corpus_toml import read_codebooks
from framebook.sentiment.bulk import score_sentences
from framebook.tokenising.bulk import Chunks, tokenise
from framebook.voices.classes import classes_of, is_speaker_list, load_speakers
from framebook.voices.voices import assign_voices, find_voices

CODEBOOKS = ("generic-news-frames", "entman-functions", "rhetoric")


@contextmanager
def collector_paused():
    """Pause the garbage collector: the rows of a block form no cycles, and it takes a fifth of the
    time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@collector_paused()
def derive_from(documents, books, wanted=frozenset(tables.STORED), chunks=None):
    """Return {name: table} of what is made from documents: the wanted tables and their sources.

    A pure function of one block: nothing in it looks at another document. `chunks` is a
    `Chunks` that a run hands on from block to block, so that each chunk is read once.
    """
    made, chunks = {}, chunks or Chunks()
    if wanted - {"documents", "loading"}:
        sentences, tokens = tokenise(documents, chunks)
        made |= {"sentences": sentences, "tokens": tokens}
    if "sentiment" in wanted:
        made["sentiment"] = score_sentences(documents, sentences, chunks)
    if wanted & {"voices", "segments", "actors", "spans"}:
        index = TokenIndex(tokens)
        found = find_voices(documents, sentences, tokens, index, classes_of(books))
        made |= dict(zip(("voices", "segments", "actors"), found, strict=True))
    if "spans" in wanted:
        books = [book for book in books if not is_speaker_list(book)]
        made["spans"] = assign_voices(find_cues(tokens, books, index), made["segments"])
    return made


def load_codebooks(codebooks=(), *corpora, speakers=None):
    """Return the named codebooks, else those that the corpora name in their corpus.toml.

    Where neither names one, those that fit any news. `corpora` are Paths. `speakers` is a list
    of speakers of the user's own, which comes last. Raises InputError where one is among the
    codebooks.
    """
    named = codebooks or dict.fromkeys(book for path in corpora for book in read_codebooks(path))
    books = [load_codebook(book) for book in (named or CODEBOOKS)]
    wrong = next((book.name for book in books if is_speaker_list(book)), None)
    if wrong:
        raise InputError(f"{wrong} is a list of speakers, not a codebook; give it with --speakers.")
    return [*books, load_speakers(speakers)] if speakers else books


def derive_tables(path, codebooks=(), as_is=False, wanted=tuple(tables.STORED)):
    """Return {name: table} of a file or folder of articles: the wanted tables and their sources.

    Raises InputError when nothing can be read or a codebook is wrong.
    """
    books = load_codebooks(codebooks, find_path(path)) if "spans" in wanted else []
    documents, loading = load_documents(path, as_is)
    return {
        "documents": documents,
        "loading": loading,
        **derive_from(documents, books, frozenset(wanted)),
    }


@collector_paused()
def get_tables(
    corpus: str | Path, folder: str | Path | None, *names: str, codebooks: Sequence[str] = ()
) -> pd.DataFrame | tuple[pd.DataFrame, ...]:
    """Return the named tables, one DataFrame each, in that order; their columns: `tables.SCHEMAS`.

    They are read from `folder` (made by `framebook tables`) if one is given, otherwise derived from
    the articles in `corpus`. `codebooks` are names or files for spans; if empty, those that the
    corpus names, or three that fit any news. Raises InputError when `corpus` cannot be read.

    >>> documents, sentences = get_tables("seeds/teaching", "", "documents", "sentences")
    >>> sentences.doc_id.isin(documents.doc_id).all().item()
    True
    """
    if folder:
        return tables.read(find_path(folder), *names)
    made = derive_tables(corpus, codebooks, wanted=names)
    return made[names[0]] if len(names) == 1 else tuple(made[name] for name in names)


def take_articles(
    most: int, documents: pd.DataFrame, *frames: pd.DataFrame, seed: int = 1
) -> tuple[pd.DataFrame, ...]:
    """Return (documents, *frames) of at most `most` articles, drawn at random if there are more.

    `frames` are tables with doc_id or sent_id. The rows keep their order and index.

    >>> from framebook.tables import make_documents
    >>> documents, = take_articles(1, make_documents(["One.", "Two.", "Three."]))
    >>> len(documents)
    1
    """
    if len(documents) > most:
        documents = documents.sample(most, random_state=seed).sort_index()
        frames = [
            frame[
                (
                    frame.doc_id if "doc_id" in frame else frame.sent_id // tables.SENTENCE_STRIDE
                ).isin(documents.doc_id)
            ]
            for frame in frames
        ]
    return documents, *frames
