"""Tone of sentences, articles and headlines against people's ratings of valence.

    python benchmarks/tone.py FILE [FILE ...]

A FILE is a CSV with the columns text and valence, and id; with a column doc its rows are the
sentences of documents, without one they are headlines. Prints JSON: for the rows tuned on and
those kept aside (by a hash of doc, or of id), and for all, Pearson's r with the valence of
TextBlob's polarity, VADER's compound (NLTK's class) and Framebook's news tone, each with a 95 %
percentile interval by resampling documents (or headlines), and of news-tone less VADER on the
same resamples. A document's values are means over its sentences. A FILE with the columns sign
(1 or -1), kind, round and text, such as `headlines.csv`, gives how many signs each method has
right by round: a score above .02 on the right side.
"""

import argparse
import hashlib
import json

import numpy as np
import pandas as pd

from framebook.sentiment.explain import score_text
from framebook.sentiment.tone import score_tone

METHODS = ["TextBlob", "VADER", "news-tone"]


def is_aside(key):
    """Return whether rows with this key are kept aside: half of all, by a hash."""
    return hashlib.sha256(str(key).encode()).digest()[0] % 2 == 0


def read_scores(path):
    """Return the rows of a file with their group, whether aside, and the score of each method."""
    rows = pd.read_csv(path)
    scores = np.array([score_text(text) for text in rows.text])
    rows["group"] = rows["doc"] if "doc" in rows else rows["id"]
    rows["aside"] = rows.group.map(is_aside)
    rows["TextBlob"], rows["VADER"] = scores[:, 0], scores[:, 2]
    return rows.assign(**{"news-tone": score_tone(rows.text)})


def correlate(rows, draws=2000, seed=1):
    """Return {method: [r, low, high]} and that of news-tone less VADER, groups resampled."""
    x = np.column_stack([rows[method] for method in METHODS] + [rows.valence]).astype(float)
    products = np.column_stack([np.ones(len(x)), x, x * x, x[:, :3] * x[:, 3:]])
    sums = pd.DataFrame(products).groupby(rows.group.to_numpy()).sum().to_numpy()
    picks = np.random.default_rng(seed).multinomial(
        len(sums), np.full(len(sums), 1 / len(sums)), size=draws
    )
    r = _pearson(np.vstack([sums.sum(axis=0), picks @ sums]))
    r = np.column_stack([r, r[:, 2] - r[:, 1]])
    low, high = np.percentile(r[1:], [2.5, 97.5], axis=0)
    return {
        name: [round(float(v), 3) for v in values]
        for name, *values in zip([*METHODS, "news-tone less VADER"], r[0], low, high, strict=True)
    }


def _pearson(sums):
    """Return r of each method with the valence from n, sums, sums of squares and products."""
    n, mean = sums[:, :1], sums[:, 1:5] / sums[:, :1]
    variance = sums[:, 5:9] / n - mean**2
    covariance = sums[:, 9:] / n - mean[:, :3] * mean[:, 3:]
    return covariance / np.sqrt(variance[:, :3] * variance[:, 3:])


def measure(rows):
    """Return the correlations by unit of a part of the rows, with how many there are."""
    if "doc" not in rows:
        return {"headlines": {"n": len(rows), **correlate(rows)}}
    documents = rows.groupby("group")[[*METHODS, "valence"]].mean().reset_index()
    return {
        "sentences": {"n": len(rows), **correlate(rows)},
        "documents": {"n": len(documents), **correlate(documents)},
    }


def count_signs(rows):
    """Return {round: {n, and for each method the number of right signs}}."""
    scores = pd.DataFrame([score_text(text) for text in rows.text])[[0, 2]]
    scores = scores.assign(tone=score_tone(rows.text)).set_axis(METHODS, axis=1)
    right = scores.mul(rows.sign, axis=0).gt(0.02).assign(n=1).groupby(rows["round"]).sum()
    return {f"round {n}": row for n, row in right.to_dict("index").items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", metavar="FILE")
    results = {}
    for path in parser.parse_args().files:
        if "sign" in pd.read_csv(path, nrows=0):
            results["signs"] = count_signs(pd.read_csv(path))
            continue
        rows = read_scores(path)
        for part, mine in (
            ("tuned", rows[~rows.aside]),
            ("aside", rows[rows.aside]),
            ("all", rows),
        ):
            results.setdefault(part, {}).update(measure(mine))
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
