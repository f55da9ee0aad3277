"""Policy frames: the cues of the codebook alone, without training, against human codes.

    python benchmarks/policy.py FILE --form frac|gvfc [--half tuned|aside]

FILE is a table (CSV) of single sentences with one code each: FrAC (Guida, Otmakhova, Hovy &
Frermann 2025; columns text and frame) or GVFC (Liu, Guo, Mays, Betke & Wijaya 2019; text, relevant
and frame1). The frame told is the one with most cues in the sentence; of several, the one whose
first cue comes first; "other" where there is none. FrAC joins some dimensions and leaves some out
(FRAC), so ours are joined and left out alike. GVFC has frames of its own: only those that stand for
one dimension are kept (GVFC), and a mapping of ours is no more than approximate. A hash of the text
parts the rows in two halves: one was read, the other only scored. Prints JSON.
"""

import argparse
import json
import zlib

import pandas as pd

from framebook.framing.codebook import load_codebook
from framebook.framing.cues import find_cues
from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise

FRAC = {
    "economic": "economic",
    "morality": "morality",
    "fairness_and_equality": "fairness_and_equality",
    "legality": "legality_and_crime",
    "crime_and_punishment": "legality_and_crime",
    "policy_prescription": "political_and_policy",
    "political": "political_and_policy",
    "security_and_defence": "security_and_defense",
    "health_and_safety": "health_and_safety",
    "cultural_identity": "cultural_identity",
    "public_opinion": "public_opinion",
}
GVFC = {
    "economic": "economic_consequences",
    "political": "politics",
    "public_opinion": "public_opinion",
    "health_and_safety": "mental_health",
    "policy_prescription": "gun_control_regulation",
    "legality": "gun_2nd_amendment_rights",
    "cultural_identity": "society_culture",
}


def read_rows(file, form):
    """Return (rows with text and frame, {code of ours: frame}) of a file."""
    rows = pd.read_csv(file)
    if form == "gvfc":
        rows = rows[(rows.relevant == 1) & rows.frame1.isin(GVFC.values())]
        rows = rows.rename(columns={"frame1": "frame"}).drop_duplicates("text")
    return rows, FRAC if form == "frac" else GVFC


def tell_frames(texts, names):
    """Return (the frame told of each text, the sets of frames with a cue in each)."""
    tokens = tokenise(make_documents(texts))[1]
    spans = find_cues(tokens, [load_codebook("policy-frames")])
    spans["frame"] = spans.code.str.partition(":")[2].map(names)
    found = spans.dropna(subset="frame").groupby(["doc_id", "frame"]).start.agg(["size", "min"])
    found = found.reset_index().sort_values(["size", "min"], ascending=[False, True])
    told = found.drop_duplicates("doc_id").set_index("doc_id").frame
    return (
        told.reindex(range(len(texts)), fill_value="other").tolist(),
        found.groupby("doc_id").frame.agg(set).reindex(range(len(texts))).tolist(),
    )


def f1(found, given):
    """Return the F1 of two lists of truth values."""
    hits = sum(a and b for a, b in zip(found, given, strict=True))
    return round(2 * hits / max(sum(found) + sum(given), 1), 3)


def evaluate(rows, names):
    """Return accuracy, macro-F1 and each frame's F1: told, by any cue, and by always saying yes."""
    given = rows.frame.tolist()
    told, cued = tell_frames(rows.text.tolist(), names)
    frames = {}
    for frame in sorted(set(given)):
        wanted = [one == frame for one in given]
        frames[frame] = {
            "n": sum(wanted),
            "told": f1([one == frame for one in told], wanted),
            "always_yes": f1([True] * len(given), wanted),
        }
        if frame != "other":
            any_cue = [isinstance(one, set) and frame in one for one in cued]
            frames[frame]["any_cue"] = f1(any_cue, wanted)
    n = len(given)
    return {
        "sentences": n,
        "accuracy": round(sum(a == b for a, b in zip(told, given, strict=True)) / n, 3),
        "always_the_most_frequent": round(rows.frame.value_counts().iloc[0] / n, 3),
        "macro_f1": round(sum(one["told"] for one in frames.values()) / len(frames), 3),
        "frames": frames,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--form", choices=["frac", "gvfc"], required=True)
    parser.add_argument("--half", choices=["tuned", "aside"], default="tuned")
    args = parser.parse_args()
    rows, names = read_rows(args.file, args.form)
    half = rows.text.map(lambda text: zlib.crc32(text.encode()) % 2)
    rows = rows[half == (args.half == "aside")]
    print(json.dumps({"form": args.form, "half": args.half, **evaluate(rows, names)}, indent=1))


if __name__ == "__main__":
    main()
