"""The tone towards a person, by rules, against readers' judgements of single news sentences.

    python benchmarks/targets.py FILE [--split dev]

FILE has the form of NewsMTSC (Hamborg & Donnay 2021; columns split, text, start, end, polarity of
-1, 0, 1). It is no part of this project. The weights of `framebook/voices/target_tone.py` were set
on 2,600 rows of the train split. Prints JSON: F1 of each class, their mean (macro-F1) with a 95 %
interval by resampling sentences, and the same for the tone of the whole sentence by VADER and by
news-tone, with thresholds that were best on the same train rows.
"""

import argparse
import json

import numpy as np
import pandas as pd

from framebook.sentiment.lexicons import vader
from framebook.sentiment.tone import WORD, score_tone
from framebook.voices.roles import Clause, reporting_verbs
from framebook.voices.target_tone import name_tone, weigh_words

CLASSES = {-1: "unfavourable", 0: "neutral", 1: "favourable"}
SIGNS = {"unfavourable": -1, "mixed": 0, "favourable": 1}


def judge(row):
    """Return -1, 0 or 1 for the target of a row."""
    spans = [found.span() for found in WORD.finditer(row.text.replace("’", "'"))]
    inside = [n for n, (a, b) in enumerate(spans) if a < row.end and b > row.start]
    if not inside:
        return 0
    clause = Clause([row.text[a:b] for a, b in spans])
    role, verb = clause.role(inside[0], inside[-1])
    said = ""
    if role == "doer" and clause.words[verb] in reporting_verbs():
        said = "after" if verb > inside[0] else "before"
    before = " ".join(clause.modifiers(inside[0]))
    weighed = weigh_words(row.text, row.start, row.end, said, len(before))
    return SIGNS[name_tone(sum(one[3] for one in weighed))]


def score(truth, told, groups, draws=1000, seed=0):
    """Return F1 by class, macro-F1 and its 95 % interval by resampling groups."""
    labels = np.array(list(CLASSES))
    hit = (truth[:, None] == labels) & (told[:, None] == labels)
    sums = np.column_stack([hit, truth[:, None] == labels, told[:, None] == labels]).astype(float)
    sums = pd.DataFrame(sums).groupby(groups).sum().to_numpy()
    picks = np.random.default_rng(seed).multinomial(
        len(sums), np.full(len(sums), 1 / len(sums)), size=draws
    )
    total = np.vstack([sums.sum(axis=0), picks @ sums])
    f1 = 2 * total[:, :3] / np.maximum(total[:, 3:6] + total[:, 6:], 1)
    low, high = np.percentile(f1[1:].mean(axis=1), [2.5, 97.5])
    return {
        "macro_f1": [round(float(v), 3) for v in (f1[0].mean(), low, high)],
        **{name: round(float(v), 3) for name, v in zip(CLASSES.values(), f1[0], strict=True)},
    }


def cut(values, low, high):
    """Return -1 below `low`, 1 above `high`, else 0."""
    return np.where(values < low, -1, np.where(values > high, 1, 0))


def best_cuts(values, truth):
    """Return the two thresholds of the highest macro-F1."""
    marks = np.unique(np.quantile(values, np.linspace(0.02, 0.98, 49)))
    pairs = [(a, b) for a in marks for b in marks if a <= b]
    same = np.zeros(len(truth))
    return max(pairs, key=lambda pair: score(truth, cut(values, *pair), same, 1)["macro_f1"][0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--split", default="dev", help="the beginning of the split's name")
    args = parser.parse_args()
    rows = pd.read_csv(args.file)
    train = rows[rows.split == "train"].sample(2600, random_state=5)
    rows = rows[rows.split.str.startswith(args.split)].reset_index(drop=True)
    truth, groups = rows.polarity.to_numpy(), rows.sent_id.to_numpy()
    results = {"split": args.split, "n": len(rows)}
    results["tone_towards"] = score(truth, np.array([judge(r) for r in rows.itertuples()]), groups)
    for name, measure in (
        ("news-tone of the sentence", lambda texts: score_tone(texts).to_numpy()),
        (
            "VADER of the sentence",
            lambda texts: np.array([vader().polarity_scores(text)["compound"] for text in texts]),
        ),
    ):
        cuts = best_cuts(measure(train.text), train.polarity.to_numpy())
        results[name] = score(truth, cut(measure(rows.text), *cuts), groups)
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
