"""How well the voices found agree with human annotation: PolNeAR, or a file of that form.

    python benchmarks/attribution.py FILE [--part tuned|aside|all] [--most N]

FILE has one article a line: {"id", "text", "attributions": [{"source", "cue", "content": each a
list of [start, end]}]}. Prints JSON. Sentence level: a sentence of ours is positive when an
annotated cue begins in it, and found when a cue of ours begins in it. Token level: white-space
tokens that a source, cue or content covers, over all articles. A fifth of the articles (by a
hash of their id) is the part kept aside while tuning.

The same measures for parts of the attributions: by content, `quoted` (at least half of its
characters stand in quotation marks) or `paraphrased`; by cue, `thought` (it holds a form of the
acts expect, think or feel of our codebook of reporting verbs) or `speech`. The file has no such
marks of its own, so one rule sorts both sides. Recall is the share of the annotated ones of the
kind that any of ours meets; precision the share of ours of the kind that meet any annotated one.
"""

import argparse
import hashlib
import json
import re

from framebook.framing.codebook import load_codebook
from framebook.tables import ASCRIBED, make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.quotations import quotation_spans
from framebook.voices.voices import find_voices

PARTS = ("source", "cue", "content")
KINDS = {"content": ("quoted", "paraphrased"), "cue": ("speech", "thought")}
THOUGHTS = {
    pattern.split()[0]
    for code in load_codebook("reporting-verbs").codes
    if code.id in ASCRIBED
    for pattern in code.patterns
}


def is_aside(article_id):
    """Return whether an article belongs to the fifth that is kept aside."""
    return hashlib.sha256(str(article_id).encode()).digest()[0] % 5 == 0


def covered(ranges, tokens):
    """Return the numbers of the white-space tokens that the character ranges touch."""
    found = set()
    for a, b in ranges:
        found.update(n for n, (s, e) in enumerate(tokens) if s < b and e > a)
    return found


def kinds_of(one, text, quotes):
    """Return the kinds of an attribution: by its content, and by its cue."""
    inside = sum(max(0, min(b, d) - max(a, c)) for a, b in one["content"] for c, d in quotes)
    length = sum(b - a for a, b in one["content"])
    words = {w for a, b in one["cue"] for w in re.findall(r"\w+", text[a:b].lower())}
    return {
        "quoted" if length and inside >= length / 2 else "paraphrased",
        "thought" if words & THOUGHTS else "speech",
    }


def scores(tp, fp, fn):
    """Return precision, recall and F1 (0 to 1) from counts."""
    return rates(tp / max(tp + fp, 1), tp / max(tp + fn, 1))


def rates(precision, recall):
    """Return precision, recall and their harmonic mean F1, rounded."""
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


class Count:
    """Hits and numbers of ours and of the annotated ones; precision and recall from them."""

    def __init__(self):
        self.numbers = [0, 0, 0, 0]

    def add(self, ours, gold, all_ours, all_gold):
        """Count sets of tokens or sentences of one kind against all those of the other side."""
        for n, number in enumerate(
            (len(ours & all_gold), len(ours), len(gold & all_ours), len(gold))
        ):
            self.numbers[n] += number

    def scores(self):
        """Return precision, recall and F1 (0 to 1)."""
        hits, ours, met, gold = self.numbers
        return rates(hits / max(ours, 1), met / max(gold, 1))


def sets_of(attributions, rows, words):
    """Return {"sentence": sentences with a cue, "source": tokens, "cue": …, "content": …}."""
    begins = [min(a for a, _ in x["cue"]) for x in attributions if x["cue"]]
    sets = {"sentence": {s for s, a, b in rows if any(a <= c < b for c in begins)}}
    return sets | {
        name: covered([r for x in attributions for r in x[name]], words) for name in PARTS
    }


def evaluate(articles):
    """Return sentence-level and token-level agreement over the articles, whole and by kind."""
    documents = make_documents([a["text"] for a in articles])
    sentences, tokens = tokenise(documents)
    voices, _, _ = find_voices(documents, sentences, tokens)
    by_doc = dict(list(voices.groupby("doc_id")))
    sent_by_doc = dict(list(sentences.groupby("doc_id")))
    names = ["all", *(kind for kinds in KINDS.values() for kind in kinds)]
    counts = {kind: {name: Count() for name in ("sentence", *PARTS)} for kind in names}
    for doc_id, article in enumerate(articles):
        text, gold = article["text"], article["attributions"]
        ours = by_doc.get(doc_id, voices.iloc[:0])[list(PARTS)].to_dict("records")
        rows = sent_by_doc[doc_id][["sent_id", "start", "end"]].to_numpy().tolist()
        words = [m.span() for m in re.finditer(r"\S+", text)]
        quotes = quotation_spans(text)
        kinds = {id(one): {"all"} | kinds_of(one, text, quotes) for one in [*ours, *gold]}
        whole = [sets_of(side, rows, words) for side in (ours, gold)]
        for kind in names:
            some = (
                [
                    sets_of([x for x in side if kind in kinds[id(x)]], rows, words)
                    for side in (ours, gold)
                ]
                if kind != "all"
                else whole
            )
            for name, count in counts[kind].items():
                count.add(some[0][name], some[1][name], whole[0][name], whole[1][name])
    scores = {
        kind: {name: count.scores() for name, count in some.items()}
        for kind, some in counts.items()
    }
    return scores["all"] | {
        f"by_{part}": {kind: scores[kind] for kind in kinds} for part, kinds in KINDS.items()
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--part", choices=["tuned", "aside", "all"], default="all")
    parser.add_argument("--most", type=int, default=None)
    args = parser.parse_args()
    with open(args.file, encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines if line.strip()]
    if args.part != "all":
        articles = [a for a in articles if is_aside(a["id"]) == (args.part == "aside")]
    articles = articles[: args.most]
    result = {"articles": len(articles), "part": args.part, **evaluate(articles)}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
