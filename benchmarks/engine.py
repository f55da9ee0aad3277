"""How many times faster the engine is than the naive loop, at several corpus sizes.

    python benchmarks/engine.py FILE [--small] [--out FOLDER]

FILE is a Parquet file of articles with a column `text`. The naive loop is what a notebook
would hold: one row a sentence, then pandas `.apply` of NLTK's word spans, of TextBlob's
sentiment, of NLTK's VADER and of one compiled expression a code (800 patterns in all, thinned
from our codebooks), and `to_parquet`. It is linear, so it runs on 400 articles spread over
the file. Ours repairs and describes the articles, too; it gets blocks of 1,000, as `framebook
tables` hands them over, and begins each round without having met any chunk or word.
`scores` is tokens with offsets, sentences and both scores; `whole` is all; `with_voices` is
all with voices and actors, which the naive loop has none of.
The arms take turns; medians of CPU time of five rounds; imports and lexicons are left out.
`--small` runs once on 500 articles, for CI, and fails where a ratio is below 8.
"""

import argparse
import io
import itertools
import json
import re
import resource
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from patterns import thin_codebooks

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import oracles  # noqa: E402

from framebook import tables  # noqa: E402
from framebook.chain import collector_paused  # noqa: E402
from framebook.framing.cues import find_cues  # noqa: E402
from framebook.framing.matching import TokenIndex  # noqa: E402
from framebook.loading.articles import make_rows, read_rows  # noqa: E402
from framebook.sentiment import bulk as scoring
from framebook.sentiment.lexicons import vader  # noqa: E402
from framebook.tokenising import bulk, rules
from framebook.voices import actors, kinds, names
from framebook.voices.voices import assign_voices, find_voices  # noqa: E402

SIZES = (1000, 3000, 5000, 20_000)
STAGES = ("documents", "tokens", "sentiment", "spans", "parquet")
SCORES = ("tokens", "sentiment")
WITH_VOICES = 3000  # articles at which voices and actors are measured, too


def compile_codes(books):
    """Return {code: one compiled expression of all its patterns}, as a notebook would hold."""

    def shape(pattern):
        parts = [
            re.escape(word).replace(r"\*", r"\w*").replace(r"\?", r"\w")
            for word in pattern.replace("…", "...").split()
        ]
        return r"\s+".join(parts).replace(r"\s+\.\.\.\s+", r"\b(?:\W+\w+){0,12}?\W+")

    return {
        f"{book.name}:{code.id}": re.compile(
            r"\b(?:" + "|".join(map(shape, sorted(code.patterns, key=len, reverse=True))) + r")\b",
            re.IGNORECASE,
        )
        for book in books
        for code in book.codes
    }


def run_naive(texts, expressions):
    """Return CPU seconds by stage of the naive loop."""
    from nltk.tokenize import NLTKWordTokenizer
    from textblob import TextBlob

    words, analyser = NLTKWordTokenizer(), vader()
    clock = [time.process_time()] * 2  # it takes the texts as they are
    sentences = pd.DataFrame(
        [
            (doc, start, end, text[start:end])
            for doc, text in enumerate(texts)
            for _, start, end in oracles.split_text(text)
        ],
        columns=["doc", "start", "end", "text"],
    )
    spans = sentences.text.apply(lambda text: list(words.span_tokenize(text)))
    tokens = pd.DataFrame(
        [
            (row.Index, row.start + a, row.start + b, row.text[a:b])
            for row, own in zip(sentences.itertuples(), spans, strict=True)
            for a, b in own
        ],
        columns=["sentence", "start", "end", "word"],
    )
    clock.append(time.process_time())
    blobs = sentences.text.apply(lambda text: TextBlob(text).sentiment)
    compound = sentences.text.apply(lambda text: analyser.polarity_scores(text)["compound"])
    sentences["polarity"], sentences["subjectivity"] = zip(*blobs, strict=True)
    sentences["vader"] = compound
    clock.append(time.process_time())
    found = [
        (row, *match.span(), code)
        for code, expression in expressions.items()
        for row, own in sentences.text.apply(
            lambda text, find=expression.finditer: list(find(text))
        ).items()
        for match in own
    ]
    cues = pd.DataFrame(found, columns=["sentence", "start", "end", "code"])
    clock.append(time.process_time())
    for table in (pd.DataFrame({"text": texts}), sentences, tokens, cues):
        table.to_parquet(io.BytesIO())
    clock.append(time.process_time())
    return {stage: b - a for stage, a, b in zip(STAGES, clock, clock[1:], strict=False)}


@collector_paused()  # as for every block that is made
def run_ours(blocks, books, voices=False):
    """Return CPU seconds by stage of the engine over blocks of rows as they are read."""
    forget()
    chunks = bulk.Chunks()
    seconds = dict.fromkeys([*STAGES, "voices"], 0.0)
    for first, rows in blocks:
        clock = [time.process_time()]
        documents, loading = make_rows(rows, first)
        clock.append(time.process_time())
        sentences, tokens = bulk.tokenise(documents, chunks)
        clock.append(time.process_time())
        scores = scoring.score_sentences(documents, sentences, chunks)
        clock.append(time.process_time())
        index = TokenIndex(tokens)
        spans = find_cues(tokens, books, index)
        clock.append(time.process_time())
        for name, table in (
            ("documents", documents),
            ("loading", loading),
            ("tokens", tokens),
            ("sentences", sentences),
            ("sentiment", scores),
            ("spans", spans),
        ):
            tables.to_bytes(name, table)
        clock.append(time.process_time())
        for stage, a, b in zip(STAGES, clock, clock[1:], strict=False):
            seconds[stage] += b - a
        if voices:
            made = find_voices(documents, sentences, tokens, index)
            assign_voices(spans, made[1])
            for name, table in zip(("voices", "segments", "actors"), made, strict=True):
                tables.to_bytes(name, table)
            seconds["voices"] += time.process_time() - clock[-1]
    return seconds


def forget():
    """Let the engine forget all words that it has met."""
    for rule in (
        rules.end_class,
        rules.start_class,
        kinds.kinds_of,
        actors.fold,
        names.read_name,
        names._read_noun,
    ):
        rule.cache_clear()


def measure(file, size, n_naive, rounds):
    """Return the ratios at one corpus size, and what they were made from."""
    rows = list(itertools.islice(read_rows(file), size))
    blocks = [(at, rows[at : at + bulk.BLOCK]) for at in range(0, len(rows), bulk.BLOCK)]
    texts = make_rows(rows, 0)[0].text.tolist()
    size = len(texts)
    books, few = thin_codebooks(800), thin_codebooks(100)
    expressions, n_naive = compile_codes(books), min(n_naive, len(texts))
    naive, ours, fewer = [], [], []
    for _ in range(rounds):
        naive.append(run_naive(texts[:: max(len(texts) // n_naive, 1)][:n_naive], expressions))
        ours.append(run_ours(blocks, books, size == WITH_VOICES))
        fewer.append(run_ours(blocks, few))
    result = {"articles": size, "rounds": rounds, "naive_articles": n_naive}
    parts = {stage: [stage] for stage in STAGES[1:]} | {"scores": SCORES, "whole": STAGES}
    if size == WITH_VOICES:
        parts["with_voices"] = [*STAGES, "voices"]
    for name, stages in parts.items():
        a, b, c = (
            statistics.median(sum(row.get(stage, 0) for stage in stages) for row in rows)
            for rows in (naive, ours, fewer)
        )
        result[name] = {
            "ratio": round(a / n_naive * size / b, 1),
            "ours_ms_per_article": round(b / size * 1000, 3),
        }
        if name in ("spans", "whole"):
            result[name]["with_100_patterns_ms"] = round(c / size * 1000, 3)
    more = result["spans"]["ours_ms_per_article"] - result["spans"]["with_100_patterns_ms"]
    result["from_100_to_800_patterns"] = round(more / result["whole"]["with_100_patterns_ms"], 3)
    result["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return result


def draw(results, path):
    """Draw the ratios by corpus size."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
    for stage, style, label in (
        ("scores", "o:", "sentences, tokens and both scores"),
        ("spans", "s--", "800 patterns"),
        ("whole", "D-", "whole"),
    ):
        ax.plot(
            [r["articles"] for r in results],
            [r[stage]["ratio"] for r in results],
            style,
            label=label,
        )
    ax.set(xscale="log", xlabel="articles", ylabel="times the naive loop", ylim=(0, None))
    ax.set_xticks([r["articles"] for r in results], [f"{r['articles']:,}" for r in results])
    ax.minorticks_off()
    ax.legend()
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--out", default=Path(__file__).parent / "results", type=Path)
    args = parser.parse_args()
    measure(args.file, 2, 2, 1)  # imports and lexicons, but those of voices
    if args.small:
        result = measure(args.file, 500, 100, 1)
        print(json.dumps(result, indent=1))
        worst = min(result["scores"]["ratio"], result["whole"]["ratio"])
        sys.exit(f"only {worst} times" if worst < 8 else 0)
    results = [measure(args.file, size, 400, 5) for size in SIZES]
    args.out.mkdir(parents=True, exist_ok=True)
    record = {
        "versions": {name: version(name) for name in ("nltk", "textblob", "pandas", "numpy")},
        "results": results,
    }
    (args.out / "engine.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    draw(results, args.out / "engine.svg")
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
