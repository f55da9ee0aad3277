"""What throughput.py measures, an arm at a time, in a process of its own.

    python benchmarks/throughput_arms.py ARM CORPUS FEW [OPTION …]

Prints JSON: seconds of CPU time unless a name says otherwise. Imports stand inside the arms
and are left out, as are lexicons: each arm first runs over FEW, a corpus of two articles.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path


def arm_corpus(file, out, size):
    """Write `size` articles with new ids; where the file has fewer, they come again."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = pq.read_table(file, columns=["text"])
    corpus = pa.concat_tables([texts] * -(-int(size) // len(texts))).slice(0, int(size))
    ids = pa.array(map(str, range(len(corpus))))
    pq.write_table(corpus.append_column("doc_id", ids), out, row_group_size=1000)
    return {"different": min(int(size), len(texts))}


def arm_tables(corpus, few, workers):
    """Measure `framebook tables`; `start` is the wall time that two articles take."""
    from framebook.scaling import make_tables

    with tempfile.TemporaryDirectory() as folder:
        make_tables(few, f"{folder}/warm")
        walls, cpu = [time.perf_counter()], 0
        for path in (few, corpus):
            cpu = time.process_time()
            make_tables(path, f"{folder}/{Path(path).stem}", workers=int(workers))
            cpu = time.process_time() - cpu
            walls.append(time.perf_counter())
    # A process starts with its parent's peak, so the parent of the arms loads nothing itself.
    peak = max(
        resource.getrusage(who).ru_maxrss  # KiB on Linux
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "cpu": cpu,
        "start": walls[1] - walls[0],
        "wall": walls[2] - walls[1],
        "peak_mib": peak // 1024,
    }


def read_blocks(corpus):
    """Yield the documents of each block, as `framebook tables` makes them."""
    from framebook.loading.articles import make_rows, read_rows
    from framebook.scaling import BLOCK

    rows, first = read_rows(Path(corpus)), 0
    while part := list(islice(rows, BLOCK)):
        yield make_rows(part, first)[0]
        first += len(part)


def clocked(seconds, stage, function, *args):
    """Return what the function returns, and add the CPU time of the call to its stage."""
    began = time.process_time()
    result = function(*args)
    seconds[stage] = seconds.get(stage, 0) + time.process_time() - began
    return result


def arm_stages(corpus, few):
    """Measure all from the file to codebook spans, without voices and without writing."""
    from patterns import thin_codebooks

    from framebook import chain
    from framebook.tokenising.bulk import Chunks

    books, wanted = thin_codebooks(800), frozenset({"sentences", "tokens", "sentiment"})
    for path in (few, corpus):
        seconds, made, chunks = {}, read_blocks(path), Chunks()
        with chain.collector_paused():  # as for every block that is made
            while (documents := clocked(seconds, "documents", next, made, None)) is not None:
                # Asked for spans, derive_from would find voices too: hence find_cues by itself.
                tables = clocked(
                    seconds, "scores", chain.derive_from, documents, books, wanted, chunks
                )
                clocked(seconds, "spans", chain.find_cues, tables["tokens"], books)
    return {"cpu": sum(seconds.values()), **seconds}


def arm_ours(corpus, few, *wanted):
    """Measure the wanted tables, given the documents."""
    from framebook.chain import derive_from
    from framebook.tokenising.bulk import Chunks

    for path in (few, corpus):
        seconds, chunks = {}, Chunks()
        for documents in read_blocks(path):
            clocked(seconds, "cpu", derive_from, documents, [], frozenset(wanted), chunks)
    return seconds


def arm_calls(corpus, few):
    """Measure one library call a sentence; our sentences are given."""
    from textblob.en import sentiment

    from framebook.chain import derive_from
    from framebook.sentiment.lexicons import vader
    from framebook.tables import text_of
    from framebook.tokenising.rules import TOKEN_PATTERN

    find = re.compile(TOKEN_PATTERN).finditer
    calls = {
        "finditer": lambda text: [(match.span(), match.group()) for match in find(text)],
        "textblob": sentiment,
        "vader": vader().polarity_scores,
    }
    for path in (few, corpus):
        seconds = {}
        for documents in read_blocks(path):
            texts = text_of(documents, derive_from(documents, [], {"sentences"})["sentences"])
            for name, call in calls.items():
                clocked(seconds, name, lambda call, texts: [call(t) for t in texts], call, texts)
    return {"cpu": sum(seconds.values()), **seconds}


def arm_spacy(corpus, few):
    """Measure spaCy's blank English pipeline: words with offsets, and sentences."""
    import spacy

    nlp, seconds = spacy.blank("en"), {}
    nlp.add_pipe("sentencizer")
    for path in (few, corpus):
        texts, seconds = [text for block in read_blocks(path) for text in block.text], {}
        clocked(seconds, "cpu", lambda texts: sum(len(doc) for doc in nlp.pipe(texts)), texts)
    return seconds


def arm_sklearn(corpus, few):
    """Measure CountVectorizer with our pattern: counts, but no offsets and no sentences."""
    from sklearn.feature_extraction.text import CountVectorizer

    from framebook.tokenising.rules import TOKEN_PATTERN

    for path in (few, corpus):
        texts, seconds = [text for block in read_blocks(path) for text in block.text], {}
        counter = CountVectorizer(token_pattern=TOKEN_PATTERN, lowercase=False)
        clocked(seconds, "cpu", counter.fit_transform, texts)
    return seconds


def arm_wc(corpus, few):
    """Measure `wc -w` over the texts, read as the UTF-8 that they are."""
    times = [os.times()]
    with tempfile.NamedTemporaryFile() as file:
        for documents in read_blocks(corpus):
            file.writelines(text.encode() + b"\n" for text in documents.text)
        file.flush()
        for _ in range(6):  # the first warms the file's cache; a clock of 10 ms needs several
            subprocess.run(
                ["wc", "-w", file.name],
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                stdout=subprocess.DEVNULL,
                check=True,
            )
            times.append(os.times())
    used = [now.children_user + now.children_system for now in times]
    return {"cpu": (used[6] - used[1]) / 5}


if __name__ == "__main__":
    print(json.dumps(globals()[f"arm_{sys.argv[1]}"](*sys.argv[2:])))
