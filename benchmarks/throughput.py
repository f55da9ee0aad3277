"""How Framebook's tables grow with the corpus, and what they cost beside other tools.

    python benchmarks/throughput.py FILE [NAME …] [--most N] [--rounds N] [--out FOLDER]

FILE is a Parquet file of articles with a column `text`; no NAME means all four:
scale      `framebook tables` on 1,000 to 100,000 articles: CPU time an article, peak memory
workers    `framebook tables` with one and with two processes: wall time
libraries  sentences, words and scores against tuned library calls, spaCy and CountVectorizer
wc         documents, sentences, tokens, scores and codebook spans against `wc -w`
Each measurement is a process of its own (throughput_arms.py) that imports, and warms up on
two articles, before its clock starts. The arms take turns; medians of --rounds. --most is the
largest corpus. Each sub-benchmark replaces its own part of results/throughput.json.
spaCy and scikit-learn are measured where this Python has them; Framebook needs neither.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

TARGETS = {"scale": 1.2, "workers": 1.5, "libraries": 15, "wc": 40}
BASE = 5000  # articles: what other sizes are compared with; the size of workers and libraries


# Sub-benchmarks. `run` takes {label: (size, arm, *options)} and returns {label: medians}.


def scale(run, most):
    sizes = sorted({min(size, most) for size in (1000, BASE, 20_000, 100_000)})
    base = BASE if BASE in sizes else sizes[-1]
    found = run({size: (size, "tables", 1) for size in sizes})
    each = {size: row["cpu"] / size for size, row in found.items()}
    rows = [
        {
            "articles": size,
            "different": found[size]["different"],
            "relative": round(each[size] / each[base], 3),
            "cpu_ms_per_article": round(each[size] * 1000, 3),
            "peak_mib": found[size]["peak_mib"],
        }
        for size in sizes
    ]
    return {
        "ratio": rows[-1]["relative"],
        "relative_to": base,
        "sizes": rows,
        "note": "where fewer articles are different than there are, they are repeated with "
        "new ids: no new words, and every article has near-duplicates",
    }


def workers(run, most):
    size = min(BASE, most)
    one, two = run({n: (size, "tables", n) for n in (1, 2)}).values()
    net = [row["wall"] - row["start"] for row in (one, two)]
    return {
        "ratio": round(net[0] / net[1], 2),
        "articles": size,
        "ratio_with_start": round(one["wall"] / two["wall"], 2),
        "wall_seconds": [[round(row[key], 2) for key in ("wall", "start")] for row in (one, two)],
        "note": "ratio leaves out what two articles take: start and imports of processes",
    }


def libraries(run, most):
    size, versions = min(BASE, most), {}
    for name, package in (("spacy", "spacy"), ("sklearn", "scikit-learn")):
        try:
            versions[name] = version(package)
        except PackageNotFoundError:
            versions[name] = "not installed"
    there = [name for name, number in versions.items() if number != "not installed"]
    found = run(
        {
            "ours": (size, "ours", "sentences", "tokens", "sentiment"),
            "words": (size, "ours", "sentences", "tokens"),
            "calls": (size, "calls"),
            **{name: (size, name) for name in there},
        }
    )
    ours, words, calls = (found[name]["cpu"] for name in ("ours", "words", "calls"))
    return {
        "ratio": round(calls / ours, 1),
        "articles": size,
        "words": {
            "finditer": round(found["calls"]["finditer"] / words, 2),
            **{
                name: round(found[name]["cpu"] / words, 2) if name in there else "not installed"
                for name in versions
            },
        },
        "note": "ratio: all calls, given our sentences, against our sentences, tokens and "
        "scores; words: against our sentences and tokens (CountVectorizer finds "
        "neither sentences nor offsets)",
        "versions": versions,
        "seconds": found,
    }


def wc(run, most):
    found = run({"ours": (min(20_000, most), "stages"), "wc": (min(20_000, most), "wc")})
    return {
        "ratio": round(found["ours"]["cpu"] / found["wc"]["cpu"], 1),
        "articles": min(20_000, most),
        "seconds": found,
        "note": "ours reads the Parquet file too; without voices, nothing written",
    }


def start(name, *args):
    """Return the result of an arm that runs in a process of its own."""
    arms = Path(__file__).with_name("throughput_arms.py")
    done = subprocess.run(
        [sys.executable, arms, name, *map(str, args)], capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{name} failed: {done.stderr}")
    return json.loads(done.stdout)


def take_turns(file, folder, rounds, arms):
    """Return the medians of each arm over the rounds, in which every arm runs once."""
    made = {
        size: start("corpus", file, f"{folder}/{size}.parquet", size)
        for size in {2, *(size for size, *_ in arms.values())}
    }
    found = {label: [] for label in arms}
    for _ in range(rounds):
        for label, (size, name, *options) in arms.items():
            paths = f"{folder}/{size}.parquet", f"{folder}/2.parquet"
            found[label].append(start(name, *paths, *options) | made[size])
    return {
        label: {key: median(row[key] for row in rows) for key in rows[0]}
        for label, rows in found.items()
    }


def draw(record, path):
    """Draw the ratios, a panel for each sub-benchmark, dotted where the target is."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        1, len(record), figsize=(3.4 * len(record), 3.2), squeeze=False, layout="constrained"
    )
    for ax, (name, result) in zip(axes[0], record.items(), strict=True):
        bars = {"ratio": result["ratio"]}
        if name == "scale":
            bars = {
                f"{row['articles']:,}\n{row['peak_mib']:.0f} MiB": row["relative"]
                for row in result["sizes"]
            }
        elif name == "libraries":
            bars = {
                "all calls": result["ratio"],
                **{
                    key: value for key, value in result["words"].items() if value != "not installed"
                },
            }
        ax.bar_label(ax.bar(list(bars), list(bars.values()), width=0.6))
        ax.axhline(TARGETS[name], color="grey", linestyle=":")
        ax.set_title(
            {
                "scale": "CPU time an article, and peak",
                "wc": "times wc -w",
                "workers": "two workers: times faster",
                "libraries": "times ours: all, then words",
            }[name]
        )
        ax.tick_params(axis="x", labelsize=8)
        ax.margins(y=0.15)
    figure.savefig(path, dpi=150, metadata={"Software": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--most", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", default=Path(__file__).parent / "results", type=Path)
    args = parser.parse_args()
    if not set(args.names) <= set(TARGETS):
        parser.error(f"a NAME is one of {', '.join(TARGETS)}")
    args.out.mkdir(parents=True, exist_ok=True)
    target = args.out / "throughput.json"
    record = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}
    for name in args.names or TARGETS:
        with tempfile.TemporaryDirectory() as folder:

            def run(arms, folder=folder):
                return take_turns(args.file.resolve(), folder, args.rounds, arms)

            record[name] = {
                "target": TARGETS[name],
                "rounds": args.rounds,
                **globals()[name](run, args.most),
                "cores": os.cpu_count(),
                "python": platform.python_version(),
            }
        target.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        print(json.dumps({name: record[name]}, indent=1), flush=True)
    draw(record, args.out / "throughput.png")


if __name__ == "__main__":
    main()
