"""How well the voices found agree with human annotation: PolNeAR, or a file of that form.

    python benchmarks/attribution.py FILE [--part tuned|aside|all] [--most N]

Prints JSON. Sentence level: a sentence of ours is positive when an annotated cue begins in
it, and found when one of our attributions with a cue (or a quotation that goes on) lies in
it. Token level: white-space tokens that a source, cue or content covers, over all articles.
A fifth of the articles (by a hash of their id) is the part kept aside while tuning.
"""

import argparse
import hashlib
import json
import re

from framebook.loading import make_documents
from framebook.tokenising import tokenise
from framebook.voices import find_voices


def is_aside(article_id):
    """Return whether an article belongs to the fifth that is kept aside."""
    return hashlib.sha256(str(article_id).encode()).digest()[0] % 5 == 0


def covered(ranges, tokens):
    """Return the numbers of the white-space tokens that the character ranges touch."""
    chars = sorted((a, b) for a, b in ranges)
    found = set()
    for a, b in chars:
        found.update(n for n, (s, e) in enumerate(tokens) if s < b and e > a)
    return found


def scores(tp, fp, fn):
    """Return precision, recall and F1 (0 to 1) from counts."""
    precision, recall = tp / max(tp + fp, 1), tp / max(tp + fn, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def evaluate(articles):
    """Return sentence-level and token-level agreement over the articles."""
    documents = make_documents([a["text"] for a in articles])
    sentences, tokens = tokenise(documents)
    voices, _, _ = find_voices(documents, sentences, tokens)
    by_doc = dict(list(voices.groupby("doc_id")))
    sent_by_doc = dict(list(sentences.groupby("doc_id")))
    count = {name: [0, 0, 0] for name in ("sentence", "source", "cue", "content")}
    for doc_id, article in enumerate(articles):
        own = by_doc.get(doc_id, voices.iloc[:0])
        rows = sent_by_doc[doc_id]
        begins = [min(a for a, _ in x["cue"]) for x in article["attributions"] if x["cue"]]
        gold = {s for s, a, b in zip(rows.sent_id, rows.start, rows.end, strict=True)
                if any(a <= c < b for c in begins)}
        found = set(own.sent_id[own.cue.map(len) > 0])
        tally(count["sentence"], gold, found)
        words = [m.span() for m in re.finditer(r"\S+", article["text"])]
        for name in ("source", "cue", "content"):
            gold = covered([r for x in article["attributions"] for r in x[name]], words)
            tally(count[name], gold, covered([r for v in own[name] for r in v], words))
    return {name: scores(*numbers) for name, numbers in count.items()}


def tally(numbers, gold, found):
    """Add to [true positives, false positives, false negatives]."""
    numbers[0] += len(gold & found)
    numbers[1] += len(found - gold)
    numbers[2] += len(gold - found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--part", choices=["tuned", "aside", "all"], default="all")
    parser.add_argument("--most", type=int, default=None)
    args = parser.parse_args()
    with open(args.file, encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    if args.part != "all":
        articles = [a for a in articles if is_aside(a["id"]) == (args.part == "aside")]
    articles = articles[:args.most]
    result = {"articles": len(articles), "part": args.part, **evaluate(articles)}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
