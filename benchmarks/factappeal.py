"""Sourced facts: how well the voices found agree with FactAppeal, or a file of that form.

    python benchmarks/factappeal.py FILE [--split train|dev|test]

FILE holds a JSON object a line: text, split, and spans with tag, mods, start, end (Mor-Lan &
Sheafer 2025). Prints JSON. Sentence level: a row is positive when it has a Fact_Appeal, and
found when one of our attributions reports a fact (`reports_fact`); `attributed` counts every
attribution that states something (an expectation, thought or feeling that is ascribed does not).
The rules for facts were set on the train split. Source: white-space tokens of the Source spans against ours. Quotation: of
the Fact_Appeal spans that a content of ours overlaps, Direct_Quote against our quoted or mixed,
Indirect_Quote against our paraphrased. Classes: of the Source spans that a source of ours
overlaps, by CLASSES, and Named against a source of ours with a capital inside it.

The classes agree in part only. Theirs say what a source is to the fact (an expert is whoever is
told to know, so a company or NASA can be one; an active participant is whoever took part), ours
what it is by its nouns. Direct_Evidence and null have no class of ours. Their rows are single
sentences, so that our pronouns and surnames have nobody before them to be found in.
"""

import argparse
import json
import re
from collections import Counter

from attribution import Count, covered, scores

from framebook.tables import ASCRIBED, make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.reported_facts import reports_fact
from framebook.voices.voices import find_voices

CLASSES = {
    "Official": {"government", "legislature_party", "judiciary_police", "military"},
    "Expert": {"expert", "organisation"},
    "Expert_Document": {"document"},
    "News_Report": {"media"},
    "Witness": {"citizen"},
    "Active_Participant": {"citizen", "organisation"},
}


def overlap(a, b, ranges):
    """Return how many characters of (a, b) the ranges cover."""
    return sum(max(0, min(b, d) - max(a, c)) for c, d in ranges)


def best(span, voices, column):
    """Return the voice whose ranges in a column overlap the span most, or None."""
    sizes = [(overlap(span["start"], span["end"], row[column]), -n) for n, row in enumerate(voices)]
    size, n = max(sizes, default=(0, 0))
    return voices[-n] if size else None


def agreement(pairs):
    """Return how many of (theirs, ours) agree, with the share of the most frequent of theirs."""
    same = sum(a == b for a, b in pairs)
    most = max(Counter(a for a, _ in pairs).values(), default=0)
    return {
        "pairs": len(pairs),
        "agree": round(same / max(len(pairs), 1), 3),
        "always_the_most_frequent": round(most / max(len(pairs), 1), 3),
    }


def evaluate(rows):
    """Return sentence, source, quotation and class agreement over the rows."""
    documents = make_documents([row["text"] for row in rows])
    voices = find_voices(documents, *tokenise(documents))[0]
    voices["fact"] = reports_fact(documents, voices)
    by_doc = {n: table.to_dict("records") for n, table in voices.groupby("doc_id")}
    count = {"sentence": Count(), "attributed": Count(), "source": Count()}
    quotation, classes, named = [], [], []
    for n, row in enumerate(rows):
        own = [v for v in by_doc.get(n, []) if v["act"] not in ASCRIBED]
        facts = [s for s in row["spans"] if s["tag"] == "Fact_Appeal"]
        sources = [s for s in row["spans"] if s["tag"] == "Source"]
        words = [m.span() for m in re.finditer(r"\S+", row["text"])]
        for name, found, given in (
            ("sentence", {n} if any(v["fact"] for v in own) else set(), {n} if facts else set()),
            ("attributed", {n} if own else set(), {n} if facts else set()),
            (
                "source",
                covered([r for v in own if v["fact"] for r in v["source"]], words),
                covered([(s["start"], s["end"]) for s in sources], words),
            ),
        ):
            count[name].add(found, given, found, given)
        quotation += [
            (s["mods"][0] == "Direct_Quote", v["form"] != "paraphrased")
            for s in facts
            if s["mods"] and (v := best(s, own, "content"))
        ]
        for span in sources:
            voice = best(span, own, "source")
            kind = next((mod for mod in span["mods"] if mod in CLASSES), None)
            if voice and kind:
                classes.append((kind, voice["speaker_class"]))
            if voice and span["mods"][0] in ("Named", "Unnamed"):
                named.append((span["mods"][0] == "Named", _is_named(row["text"], voice)))
    return {
        **{name: one.scores() for name, one in count.items()},
        "always_sourced": scores(*_always(rows)),
        "quotation": agreement(quotation),
        "named": agreement(named),
        "classes": _by_class(classes),
    }


def _is_named(text, voice):
    words = " ".join(text[a:b] for a, b in voice["source"]).split()
    return any(word[:1].isupper() for word in (words if voice["source"][0][0] else words[1:])) or (
        len(words) == 1 and words[0][:1].isupper()
    )


def _always(rows):
    positive = sum(any(s["tag"] == "Fact_Appeal" for s in row["spans"]) for row in rows)
    return positive, len(rows) - positive, 0


def _by_class(pairs):
    """Return the agreement over all pairs, by their class, and how many of ours have no class."""
    result = {"pairs": len(pairs), "agree": 0.0, "no_class_of_ours": 0.0}
    if pairs:
        result["agree"] = round(sum(b in CLASSES[a] for a, b in pairs) / len(pairs), 3)
        none = sum(b in {"other", "unnamed", "unspecified"} for _, b in pairs)
        result["no_class_of_ours"] = round(none / len(pairs), 3)
    for kind in CLASSES:
        ours = [b for a, b in pairs if a == kind]
        result[kind] = f"{sum(b in CLASSES[kind] for b in ours)} of {len(ours)}"
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--split", choices=["train", "dev", "test"], default="dev")
    args = parser.parse_args()
    with open(args.file, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows = [row for row in rows if row["split"] == args.split]
    result = {"sentences": len(rows), "split": args.split, **evaluate(rows)}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
