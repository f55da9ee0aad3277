"""How well human codes of frames are learned, by nested cross-validation on the user's own file.

FILE is recognised by its form: lines of JSON with `frames` and `question_votes` (narrative
frames), a table with `frame1` (gun violence headlines), or one with `frame` (single sentences).

    python benchmarks/frames.py FILE [--seeds 5] [--alone] [--encoder] [--fifth] [--both]

A headline is the title of a document whose text goes on with `lead3`, the article's first
sentences; its annotators saw the headline only. With --alone so does the model. With --both a
headline has its second frame too, and thresholds are tried for macro- and for micro-F1. `aside` is
the half of a table, by the hash of `policy.py`, for which no codebook's patterns were written;
`fifth` the part, by a hash of the text, that no choice of the model's was made on: a model of the
other four fifths codes it.

--encoder puts the figures with the sentence encoder beside those without, on the same folds.

Each document is coded by a model that saw neither it nor a near-duplicate; thresholds and
calibration come from folds inside the training folds. The baseline, in the same folds: TF-IDF
of words and word pairs and a balanced logistic regression, for yes/no codes with the threshold
of the highest F1 in the inner folds.
"""

import argparse
import json
from pathlib import Path
from zlib import crc32

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from framebook.framing.decisions import f1_score
from framebook.learning.crossvalidation import cross_validate, describe_gain, tabulate_scores
from framebook.learning.model import (
    code_documents,
    group_documents,
    make_folds,
    read_labels,
    train,
)
from framebook.tables import make_documents

RESULTS = Path(__file__).parent / "results" / "frames.json"
# One annotator against the adjudicated code, by the data's own rule; the annotator took part in
# the adjudication, so this is the friendlier bound.
HUMAN = {
    "conflict": 0.90,
    "economic": 0.85,
    "human_interest": 0.62,
    "morality": 0.71,
    "resolution": 0.85,
}
QUESTIONS = {
    "conflict": (["co1", "co2", "co3"], 2),
    "economic": (["ec1", "ec2", "ec3"], 2),
    "human_interest": (["hi1", "hi2", "hi5"], 2),
    "morality": (["mo1", "mo2"], 1),
    "resolution": (["re2", "re6"], 2),
}


def read(path, alone=False, both=False):
    """Return (form, documents, labels, adjudicator) of a file; key is a document's half."""
    if path.suffix == ".jsonl":
        with open(path, encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        rows = [row for row in rows if None not in row["frames"].values()]
        labels = [(n, *label) for n, row in enumerate(rows) for label in _codes(row)]
        labels = pd.DataFrame(labels, columns=["doc_id", "coder", "code", "value"])
        return "narrative", make_documents([row["text"] for row in rows]), labels, "adjudicated"
    table = pd.read_csv(path, keep_default_na=False, dtype=str)
    form, column = ("gvfc", "frame1") if "frame1" in table else ("frac", "frame")
    texts, titles = table.text, None
    if form == "gvfc":
        table = table[(table.relevant == "1") & (table.frame1 != "")].reset_index(drop=True)
        texts = table.text
        if not alone:
            texts, titles = (table.text + "\n\n" + table.lead3).str.strip(), list(table.text)
    half = ["aside" if crc32(text.encode()) % 2 else "tuned" for text in table.text]
    labels = pd.get_dummies(table[column]).astype(bool)
    if both:
        labels |= pd.get_dummies(table.frame2).reindex(columns=labels.columns, fill_value=False)
    return (
        form + " alone" * alone + " both" * both,
        make_documents(list(texts), title=titles, key=half),
        labels,
        None,
    )


def _codes(row):
    """Yield (coder, code, value): the adjudicated code, and each annotator's by the same rule."""
    votes = row["question_votes"]
    for code, (questions, least) in QUESTIONS.items():
        yield "adjudicated", code, str(int(row["frames"][code]))
        for n, answers in enumerate(zip(*(votes.get(q, []) for q in questions), strict=False)):
            if set(answers) <= {"yes", "no"}:
                yield f"annotator {n}", code, str(int(answers.count("yes") >= least))


def baseline(documents, truth, folds, seeds):
    """Return the predictions of the baseline in the folds of `cross_validate`."""
    texts, groups, found = documents.text.to_numpy(object), group_documents(documents), []
    exclusive = (truth.sum(axis=1) == 1).all()
    yes = truth.to_numpy()
    for seed in range(seeds):
        fold, value = make_folds(groups, yes, folds, seed), np.zeros(yes.shape, bool)
        for k in range(folds):
            own, new = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
            if exclusive:
                chosen = _pipeline().fit(texts[own], yes[own].argmax(axis=1)).predict(texts[new])
                value[new, chosen] = True
            else:
                value[new] = _with_threshold(texts, yes, groups, own, new, seed)
        found.append(
            pd.DataFrame(
                {
                    "seed": seed,
                    "doc_id": np.repeat(truth.index, yes.shape[1]),
                    "code": list(truth) * len(truth),
                    "value": value.ravel(),
                    "truth": yes.ravel(),
                }
            )
        )
    return pd.concat(found)


def _pipeline():
    return make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(class_weight="balanced", max_iter=1000),
    )


def _with_threshold(texts, yes, groups, own, new, seed):
    inner, value = make_folds(groups[own], yes[own], 5, seed), []
    for code in yes.T:
        score = np.zeros(len(own))
        for k in range(5):
            fitted = _pipeline().fit(texts[own[inner != k]], code[own[inner != k]])
            score[inner == k] = fitted.decision_function(texts[own[inner == k]])
        best = max(score, key=lambda t, s=score, c=code: f1_score(c[own], s >= t))
        fitted = _pipeline().fit(texts[own], code[own])
        value.append(fitted.decision_function(texts[new]) >= best)
    return np.column_stack(value)


def summarise(predictions):
    """Return accuracy over documents (all codes right) and macro-F1, mean and sd over seeds."""
    right = (
        (predictions.value == predictions.truth)
        .groupby([predictions.seed, predictions.doc_id])
        .all()
    )
    accuracy = right.groupby("seed").mean()
    scores = tabulate_scores(predictions)
    return scores, {
        "macro_f1": round(scores.f1["macro"], 3),
        "micro_f1": round(scores.f1["micro"], 3),
        "macro_f1_sd": round(scores.f1_sd["macro"], 3),
        "accuracy": round(accuracy.mean(), 3),
        "accuracy_sd": round(accuracy.std() if len(accuracy) > 1 else 0.0, 3),
    }


def score_fifth(documents, labels, adjudicator, encoder, measure):
    """Return macro-F1 and accuracy on a fifth that no choice was made on, coded by the others."""
    truth = read_labels(labels, documents, adjudicator)[0]
    groups = pd.Series(group_documents(documents), documents.doc_id)
    hashed = [crc32(text.encode()) % 5 == 0 for text in documents.text]
    aside = documents.doc_id[groups.isin(groups[hashed]).to_numpy()]
    new = documents.doc_id.isin(aside)
    rest = labels[~(labels.doc_id if "doc_id" in labels else labels.index).isin(aside)]
    model = train(documents[~new], rest, adjudicator=adjudicator, encoder=encoder, measure=measure)
    found = code_documents(model, documents[new]).assign(seed=0)
    pairs = zip(found.doc_id, found.code, strict=True)
    found["truth"] = [bool(truth.loc[pair]) for pair in pairs]
    return {"documents": int(new.sum())} | summarise(found)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--alone", action="store_true", help="headlines without what follows")
    parser.add_argument("--encoder", action="store_true", help="with the sentence encoder too")
    parser.add_argument("--fifth", action="store_true", help="score the fifth kept aside")
    parser.add_argument("--known-baseline", action="store_true", help="as in results/")
    parser.add_argument("--both", action="store_true", help="headlines with their second frame")
    args = parser.parse_args()
    form, documents, labels, adjudicator = read(args.file, args.alone, args.both)
    result = {"documents": len(documents), "folds": args.folds, "seeds": args.seeds}
    options = {"adjudicator": adjudicator, "folds": args.folds, "seeds": args.seeds}
    for measure in ("macro", "micro") if args.both else ("macro",):
        scores, predictions = cross_validate(
            documents, labels, encoder=args.encoder, measure=measure, **options
        )
        if args.encoder:
            print(describe_gain(scores))
            result["encoder" + " one cut" * (measure == "micro")] = summarise(predictions)[1]
            with_it = scores.f1
            predictions["value"] = predictions.pop("value_without")
        scores, result["one cut" if measure == "micro" else "framebook"] = summarise(predictions)
    truth = predictions[predictions.seed == 0].pivot(index="doc_id", columns="code", values="truth")
    truth = truth[predictions.code.drop_duplicates()].astype(bool)
    table, kept = scores.drop(columns="n_yes"), json.loads(RESULTS.read_text("utf-8"))
    if args.known_baseline:
        result["baseline"] = kept[form]["baseline"]
        before = {code: row["baseline_f1"] for code, row in kept[form]["codes"].items()}
        table["baseline_f1"] = pd.Series(before | {"macro": result["baseline"]["macro_f1"]})
    else:
        plain = baseline(documents, truth, args.folds, args.seeds)
        result["baseline"] = summarise(plain)[1]
        table["baseline_f1"] = summarise(plain)[0].f1
    if args.encoder:
        table["encoder_f1"] = with_it
    if form == "narrative":
        table["human_f1"] = pd.Series(HUMAN | {"macro": sum(HUMAN.values()) / len(HUMAN)})
    result["codes"] = {
        code: {"n_yes": int(scores.n_yes[code])} | row
        for code, row in table.round(3).to_dict("index").items()
        if code not in ("macro", "micro")
    }
    aside = predictions.doc_id.isin(documents.doc_id[documents.key == "aside"])
    if aside.any():
        result["aside"] = summarise(predictions[aside])[1]
    for name, encoder in {"fifth": False, "fifth encoder": True}.items():
        if args.fifth and (args.encoder or not encoder):
            result[name] = score_fifth(documents, labels, adjudicator, encoder, measure)
    print(table.round(2).to_string())
    print(json.dumps({k: v for k, v in result.items() if k != "codes"}, indent=1))
    RESULTS.write_text(json.dumps(kept | {form: result}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
