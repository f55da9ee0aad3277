"""A corpus of any size, block by block: the same tables from one process, many, or a cluster.

A block is 1,000 input rows, whatever the number of workers. `make_block` is a pure function
from rows to tables and runs anywhere; the process that called it writes what comes back. A
block that was finished before a run was killed is not made again.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections import deque
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import cache, partial
from itertools import islice
from pathlib import Path
from threading import Thread

import numpy as np
import pandas as pd

from framebook import __version__, tables
from framebook.chain import collector_paused, derive_from, load_codebooks
from framebook.common.errors import InputError
from framebook.common.folders import hash_files, lock, replacing, write_json
from framebook.common.sparse_nltk import SparseNLTK
from framebook.common.text import guard, writable
from framebook.loading.articles import check_any, find_path, make_rows, read_rows
from framebook.loading.corpus_toml import read_provenance
from framebook.loading.duplicates import BANDS, group, shingles, signature
from framebook.tokenising.bulk import Chunks
from framebook.voices.articles import describe_articles
from framebook.voices.classes import is_speaker_list


def make_tables(
    path, out, codebooks=(), workers=1, as_is=False, cluster=None, columns=None, speakers=None
):
    """Write all tables of a corpus to the folder `out`, with a manifest; return that folder.

    The corpus streams through in blocks of 1,000 rows; the folder appears whole or not at all,
    with the same bytes whatever ran it. `columns` names a table's columns, {field: column};
    `speakers` is the user's own list of speakers. Raises InputError when nothing can be read or
    `out` holds something else.
    """
    path = find_path(path)
    books = load_codebooks(codebooks, path, speakers=speakers)
    provenance = read_provenance(path)
    with replacing(out, path) as folder, work_folder(out) as work:
        places = run_blocks(path, work, books, as_is, workers, cluster, columns)
        rows, digest = gather(path, places, folder)
        write_articles(folder, list_codes(books), folder)
        manifest = {
            "made_by": f"framebook {__version__}",
            "kind": "tables",
            "as_is": as_is,
            "columns": columns or {},
            "codebooks": state_codebooks(books),
            "rows": rows,
            "corpus": writable(path.name),
            "provenance": provenance,
            "inputs": digest,
            "files": hash_files(folder),
        }
        write_json(manifest, folder / "manifest.json")
    return Path(out)


def state_codebooks(books):
    """Return what a manifest states of codebooks and lists of speakers."""
    names = ("name", "title", "version", "licence", "citation", "sha256")
    return [
        {name: getattr(book, name) for name in names} | {"speakers": is_speaker_list(book)}
        for book in books
    ]


BLOCK = 1000  # input rows of a block
WHOLE = "whole.json"  # the checksums of a finished block's files
ARTICLES = ["articles.csv", "articles.parquet"]


class SerialExecutor(Executor):
    """The Executor that runs at once, in this process."""

    def submit(self, function, /, *args, **kwargs):
        future = Future()
        future.set_result(function(*args, **kwargs))
        return future


@contextmanager
def open_executor(workers=1, cluster=None):
    """Yield the Executor of a run and its way to make a block.

    It is this process, a pool of processes, or a Dask cluster (whose workers have threads, so
    that every block reads its chunks for itself). Raises InputError when Dask is not installed or
    no scheduler answers.
    """
    if cluster:
        try:
            from distributed import Client
        except ImportError:
            raise InputError("--cluster needs Dask; install framebook[cluster].") from None
        try:
            client = Client(cluster, timeout="10s")
        except (OSError, ValueError) as error:
            raise InputError(f"No Dask scheduler answers at {cluster} ({error}).") from None
        with client:
            yield (
                client.get_executor(retries=3),
                make_block,
            )  # a block whose worker died is made again
    elif workers > 1:
        from concurrent.futures import ProcessPoolExecutor  # not at the top: browsers have none
        from multiprocessing import get_context

        # Spawned and not forked: the same on every system, and safe beside Arrow's threads.
        with ProcessPoolExecutor(workers, get_context("spawn"), _begin_worker) as pool:
            yield pool, _make_block_in_worker
    else:
        yield SerialExecutor(), partial(make_block, chunks=Chunks())


def _begin_worker():
    """Import lightly, and end when the run that started us was killed: we would wait for ever."""
    from multiprocessing import parent_process

    SparseNLTK.enter()
    parent = parent_process()
    Thread(target=lambda: parent.join() or os._exit(1), daemon=True).start()


@collector_paused()
def make_block(first, rows, books, as_is, chunks=None):
    """Return ({table: Parquet bytes}, what the pass over the whole corpus needs) of a block.

    The same rows give the same bytes wherever it runs.
    """
    documents, loading = make_rows(rows, first, as_is)
    made = {
        "documents": documents,
        "loading": loading,
        **derive_from(documents, books, chunks=chunks),
    }
    found = [shingles(text) for text in documents.text]
    lasting = {
        "rows": np.array([len(table) for table in made.values()]),
        "sha256": np.array(documents.sha256.tolist(), dtype="U64"),
        "doc_ids": documents.doc_id.to_numpy(),
        "keys": np.array([signature(own) for own in found], np.uint64).reshape(-1, BANDS),
        "bounds": np.cumsum([len(own) for own in found], dtype=np.int64),
        "shingles": np.concatenate([*found, np.zeros(0, np.uint32)]),
    }
    return {name: tables.to_bytes(name, table) for name, table in made.items()}, lasting


def _make_block_in_worker(*args):
    return make_block(*args, chunks=_worker_chunks())


@cache
def _worker_chunks():
    """Return the one `Chunks` of a worker process, which has one thread."""
    return Chunks()


def run_blocks(path, work, books, as_is, workers=1, cluster=None, columns=None):
    """Return the folders of the corpus's blocks, in order; those in `work` are not made again.

    At most two blocks per worker are under way, so that memory does not grow with the corpus.
    """
    from tqdm import tqdm

    places, pending, rows = [], deque(), iter(read_rows(path, columns))
    bar = tqdm(unit=" articles", leave=False, disable=not sys.stderr.isatty())

    def store_next():
        place, size, future = pending.popleft()
        if future is not None:
            _store(place, *future.result())
        bar.update(size)

    with bar, open_executor(workers, cluster) as (pool, make):
        while part := list(islice(rows, BLOCK)):
            # What the block is made from: a changed text, codebook or version makes it again.
            said = json.dumps([__version__, as_is, repr(books), part]).encode()
            first, mark = len(places) * BLOCK, hashlib.sha256(said).hexdigest()[:16]
            place = work / f"{len(places):05d}-{mark}"
            future = None if _is_whole(place) else pool.submit(make, first, part, books, as_is)
            places.append(place)
            pending.append((place, len(part), future))
            if len(pending) >= 2 * workers:
                store_next()
        while pending:
            store_next()
    return places


def _is_whole(place):
    """Return whether a block has every file that was stored, as it was stored.

    A run that was killed may have begun to move it away, and a disk may have damaged it.
    """
    try:
        stored = json.loads((place / WHOLE).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    found = hash_files(place)
    found.pop(WHOLE)
    return found == stored


def _store(place, files, lasting):
    """Write a block's files beside its place and move them in: a block is whole or absent."""
    beside = place.with_suffix(".part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for name, data in files.items():
        (beside / f"{name}.parquet").write_bytes(data)
    for name, array in lasting.items():
        np.save(beside / f"{name}.npy", array)
    write_json(hash_files(beside), beside / WHOLE)
    shutil.rmtree(place, ignore_errors=True)
    beside.rename(place)


class _Shingles:
    """The shingles of all documents, each read when it is asked for: they outgrow memory."""

    def __init__(self, places, bounds):
        self.places, self.bounds = places, bounds
        self.first = np.cumsum([0, *map(len, bounds)])

    def __getitem__(self, n):
        block = np.searchsorted(self.first, n, side="right") - 1
        ends, n = self.bounds[block], n - self.first[block]
        own = slice(ends[n - 1] if n else 0, ends[n])
        return np.array(np.load(self.places[block] / "shingles.npy", mmap_mode="r")[own])


def gather(path, places, folder):
    """Move the blocks' tables into `folder` and return (rows by table, hash of all texts).

    Near-duplicates are found over the whole corpus here; they are written into `loading`.
    Raises InputError when no block holds a document.
    """
    kept = [
        {
            name: np.load(place / f"{name}.npy", mmap_mode="r")
            for name in ("rows", "sha256", "doc_ids", "keys", "bounds")
        }
        for place in places
    ]
    if not any(len(block["doc_ids"]) for block in kept):
        check_any(path, tables.read(places[0], "loading") if places else tables.empty("loading"))
    doc_ids = np.concatenate([block["doc_ids"] for block in kept])
    found = _Shingles(places, [block["bounds"] for block in kept])
    groups = group(doc_ids, found, np.concatenate([block["keys"] for block in kept]))
    groups = pd.Series(groups, index=doc_ids)
    digest, totals = hashlib.sha256(), 0
    for number, (place, block) in enumerate(zip(places, kept, strict=True)):
        part = number if len(places) > 1 else None
        for name in tables.STORED:
            target = tables.path_of(name, folder, part)
            target.parent.mkdir(exist_ok=True)
            (place / f"{name}.parquet").rename(target)
        loading = tables.read_arrow(tables.path_of("loading", folder, part)).to_pandas()
        loading.index += number * BLOCK
        tables.write("loading", loading.assign(duplicate_group=groups), folder, part)
        digest.update("".join(block["sha256"]).encode())
        totals += block["rows"]
    return dict(zip(tables.STORED, totals.tolist(), strict=True)), digest.hexdigest()


def list_codes(books):
    """Return the codes of codebooks, `codebook:code` each, in their order."""
    own = [book for book in books if not is_speaker_list(book)]
    return [f"{book.name}:{code.id}" for book in own for code in book.codes]


def write_articles(folder, codes, out):
    """Write articles.csv and .parquet to `out`: one row per article of the tables in `folder`.

    The CSV is for R, Stata and spreadsheets: UTF-8, days as 2031-05-03, and no cell that is run.
    """
    rows = []
    for number, part in enumerate(tables.list_parts(folder)):
        found = {
            name: tables.read_arrow(tables.path_of(name, folder, part)).to_pandas()
            for name in ("documents", "loading", "sentences", "sentiment", "spans", "voices")
        }
        found["loading"].index += number * BLOCK  # then it is the doc_id
        rows.append(describe_articles(**found, codes=codes))
    table = pd.concat(rows, ignore_index=True)
    table.to_parquet(out / "articles.parquet", index=False)
    for name in ("key", "title", "source"):
        table[name] = table[name].map(guard, na_action="ignore")
    table.rename(columns=guard).to_csv(
        out / "articles.csv",
        index=False,
        float_format="%.6g",
        date_format="%Y-%m-%d",
        encoding="utf-8",
        errors="replace",
        lineterminator="\n",
    )


@contextmanager
def work_folder(out):
    """Yield the folder beside `out` where finished blocks wait for the end of the run.

    A run that is killed leaves it, and the next run to the same place goes on from it. While
    one run uses it, another gets a folder of its own.
    """
    out = Path(out).resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    work = out.parent / f".{out.name}.work"
    work.mkdir(exist_ok=True)
    with (work / "lock").open("w") as file:
        shared = lock(file)
        if not shared:
            work = Path(tempfile.mkdtemp(prefix=f".{out.name}.work", dir=out.parent))
        try:
            yield work
        except BaseException as error:
            if isinstance(error, InputError) or not shared or not any(work.glob("*-*")):
                shutil.rmtree(work, ignore_errors=True)
            raise
        shutil.rmtree(work, ignore_errors=True)
