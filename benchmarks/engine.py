"""How many times faster the engine is than the naive loop, at several corpus sizes.

    python benchmarks/engine.py FILE [--small] [--out FOLDER]

FILE is a Parquet file of articles with a column `text`. The naive loop is what a notebook
would hold: one row a sentence, then pandas `.apply` of NLTK's word spans, of TextBlob's
sentiment and of NLTK's VADER. It is linear, so it runs on 400 articles spread over the file.
Ours gets blocks of 1,000, as `framebook tables` hands them over, and begins each round
without having met any chunk.
The arms take turns; medians of CPU time of five rounds; imports and lexicons are left out.
`--small` runs once on 500 articles, for CI, and fails where the ratio is below 8.
"""

import argparse
import json
import resource
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import oracles  # noqa: E402

from framebook import columns, scoring, tokenising  # noqa: E402
from framebook.loading import make_documents  # noqa: E402
from framebook.sentiment import vader  # noqa: E402

SIZES = (1000, 5000, 20_000)
STAGES = ("tokens", "sentiment")


def run_naive(texts):
    """Return CPU seconds by stage of the naive loop."""
    from nltk.tokenize import NLTKWordTokenizer
    from textblob import TextBlob

    words, analyser = NLTKWordTokenizer(), vader()
    clock = [time.process_time()]
    sentences = pd.DataFrame(
        [(doc, start, end, text[start:end]) for doc, text in enumerate(texts)
         for _, start, end in oracles.split_text(text)], columns=["doc", "start", "end", "text"])
    spans = sentences.text.apply(lambda text: list(words.span_tokenize(text)))
    pd.DataFrame(
        [(row.Index, row.start + a, row.start + b, row.text[a:b])
         for row, own in zip(sentences.itertuples(), spans, strict=True) for a, b in own],
        columns=["sentence", "start", "end", "word"])
    clock.append(time.process_time())
    sentences["textblob"] = sentences.text.apply(lambda text: TextBlob(text).sentiment)
    sentences["vader"] = sentences.text.apply(lambda text: analyser.polarity_scores(text))
    clock.append(time.process_time())
    return {stage: b - a for stage, a, b in zip(STAGES, clock, clock[1:], strict=False)}


def run_ours(blocks):
    """Return CPU seconds by stage of the engine over blocks of documents."""
    forget()
    seconds = dict.fromkeys(STAGES, 0.0)
    for documents in blocks:
        clock = [time.process_time()]
        sentences, _ = columns.tokenise(documents)
        clock.append(time.process_time())
        scoring.score_sentences(documents, sentences)
        clock.append(time.process_time())
        for stage, a, b in zip(STAGES, clock, clock[1:], strict=False):
            seconds[stage] += b - a
    return seconds


def forget():
    """Let the engine forget all chunks that it has met."""
    columns.met = columns.defaultdict(columns.count().__next__)
    columns.cut.cache_clear()
    for rule in (tokenising.end_class, tokenising.start_class):
        rule.cache_clear()


def measure(texts, size, n_naive, rounds):
    """Return the ratios at one corpus size, and what they were made from."""
    blocks = [make_documents(texts[at:min(at + columns.BLOCK, size)])
              for at in range(0, size, columns.BLOCK)]
    naive, ours, n_naive = [], [], min(n_naive, size)
    for _ in range(rounds):
        naive.append(run_naive(texts[:size][::max(size // n_naive, 1)][:n_naive]))
        ours.append(run_ours(blocks))
    result = {"articles": size, "rounds": rounds, "naive_articles": n_naive}
    for stage in (*STAGES, "whole"):
        a, b = (statistics.median(sum(row.values()) if stage == "whole" else row[stage]
                                  for row in rows) for rows in (naive, ours))
        result[stage] = {"ratio": round(a / n_naive * size / b, 1),
                         "ours_ms_per_article": round(b / size * 1000, 3)}
    result["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return result


def draw(results, path):
    """Draw the ratios by corpus size."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
    for stage, style, label in (("tokens", "o:", "sentences and tokens"),
                                ("sentiment", "s--", "both scores"), ("whole", "D-", "whole")):
        ax.plot([r["articles"] for r in results], [r[stage]["ratio"] for r in results], style,
                label=label)
    ax.set(xscale="log", xlabel="articles", ylabel="times the naive loop", ylim=(0, None))
    ax.set_xticks([r["articles"] for r in results], [f"{r['articles']:,}" for r in results])
    ax.minorticks_off()
    ax.legend()
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--out", default=Path(__file__).parent / "results", type=Path)
    args = parser.parse_args()
    texts = pd.read_parquet(args.file, columns=["text"]).text.tolist()
    run_naive(texts[:2])  # imports and lexicons
    run_ours([make_documents(texts[:2])])
    if args.small:
        result = measure(texts, min(500, len(texts)), 100, 1)
        print(json.dumps(result, indent=1))
        sys.exit(f"only {result['whole']['ratio']} times" if result["whole"]["ratio"] < 8 else 0)
    results = [measure(texts, size, 400, 5) for size in SIZES if size <= len(texts)]
    args.out.mkdir(parents=True, exist_ok=True)
    record = {"versions": {name: version(name) for name in ("nltk", "textblob", "pandas", "numpy")},
              "results": results}
    (args.out / "engine.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    draw(results, args.out / "engine.svg")
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
