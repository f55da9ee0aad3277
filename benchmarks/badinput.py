"""Text that no newsroom writes: does the chain hold, are offsets true, is time linear?

    python benchmarks/badinput.py

Each kind of text is made in 1,000, 10,000 and 100,000 words and goes through `tokenise`,
`find_voices` and `find_portrayals`. Checked are the offsets of all tables and that segments part
each sentence. Processor time a word at 100,000 words over that at 10,000 (the best of three runs
each, interleaved) is asked to be at most 1.5 in tokenising and voices. Kept in
results/badinput.json; exit 1 where a check fails or a ratio is above 1.5.
"""

import json
import sys
import time
from pathlib import Path

from framebook.tables import make_documents, text_of
from framebook.tokenising.bulk import tokenise
from framebook.voices.portrayal import find_portrayals
from framebook.voices.voices import find_voices

RESULT = Path(__file__).with_name("results") / "badinput.json"
SIZES, ROUNDS, ASKED = (1_000, 10_000, 100_000), 3, 1.5
STAGES = ("tokenise", "voices", "portrayal")
UNITS = {  # what is repeated, and what stands before it once
    "no sentence (marks alone)": ("", "… — , ; ( ) "),
    "no word twice": ("", None),
    "one sentence": ("The mayor said that ", "the bridge and the road were safe and "),
    "one sentence of attributions": ("", "the mayor said, "),
    "one sentence of names": ("", "Ada Crane and the Mayor of Orle met soldiers, "),
    "no space": ("", "bridge,"),
    "quotation mark not closed": ("“The bridge is safe, the mayor said. ", "It rained on us. "),
    "each quotation mark left open": ("", "“It is safe, the mayor said. It rained.\n"),
    "quotation marks": ("", "“It is safe,” she said. "),
    "quotation marks in one sentence": ("", "“safe” and 'sound' "),
    "quotation marks alone": ("", '” “ " « '),
    "right-to-left": ("", "ראש העיר אמר: „הגשר בטוח”. قالت الوزيرة «الطريق آمن». "),
    "combining characters": (
        "",
        "Ma\u0301y\u0308or\u0323 Z\u0334\u0335a\u0301 said “e\u0301t\u0301”. ",
    ),
    "emoji": ("", "👩‍👩‍👧‍👦 said 🇺🇦 “🙂🙂” 👍🏽. "),
    "news": ("", "Mayor Ada Crane said on Monday that the bridge was safe. Residents were angry. "),
}


def make_text(name, n_words):
    """Return a text of about `n_words` words (pieces between spaces) of one kind."""
    head, unit = UNITS[name]
    if unit is None:
        return " ".join(f"w{n}" for n in range(n_words))
    return head + unit * (n_words // max(len(unit.split()), 1))


def run(text):
    """Return (the tables, seconds of each stage) of a text."""
    documents = make_documents([text])
    times = [time.process_time()]
    sentences, tokens = tokenise(documents)
    times.append(time.process_time())
    found = find_voices(documents, sentences, tokens)
    times.append(time.process_time())
    mentions = find_portrayals(documents, sentences, tokens)
    times.append(time.process_time())
    seconds = [b - a for a, b in zip(times, times[1:], strict=False)]
    return (documents, sentences, tokens, *found, mentions), seconds


def find_faults(documents, sentences, tokens, voices, segments, actors, mentions):
    """Yield what is wrong with the offsets of the tables of one text."""
    text = documents.text[0]
    if text_of(documents, tokens) != tokens.word.astype("str").tolist():
        yield "a token is not its text"
    if text_of(documents, mentions.assign(doc_id=0)) != mentions.form.tolist():
        yield "a mention is not its text"
    for column in ("source", "cue", "content"):
        if any(not 0 <= a < b <= len(text) for ranges in voices[column] for a, b in ranges):
            yield f"a {column} is outside the text"
    bounds = segments.groupby("sent_id").agg(start=("start", "min"), end=("end", "max"))
    own = sentences.set_index("sent_id")[["start", "end"]]
    if not bounds.equals(own.astype(bounds.dtypes.to_dict())):
        yield "segments do not begin and end with their sentence"
    same = segments.sent_id.eq(segments.sent_id.shift())
    if (segments.start[same] != segments.end.shift()[same]).any():
        yield "segments leave a gap or overlap"
    if actors.n_mentions.sum() != len(mentions):
        yield "actors and mentions disagree"


def main():
    result, bad = {}, []
    for name in UNITS:
        best, faults = {}, []
        for _ in range(ROUNDS):
            for size in SIZES:
                tables, seconds = run(make_text(name, size))
                best[size] = list(map(min, best.get(size, seconds), seconds))
        for size in SIZES:
            faults += [f"{size}: {fault}" for fault in find_faults(*run(make_text(name, size))[0])]
        small, large = (best[size] for size in SIZES[-2:])
        ratios = {
            stage: round(b / a / (SIZES[-1] / SIZES[-2]), 2)
            for stage, a, b in zip(STAGES, small, large, strict=True)
        }
        slow = [stage for stage in STAGES[:2] if ratios[stage] > ASKED]
        result[name] = {
            "microseconds_a_word": {
                size: [round(s / size * 1e6, 1) for s in best[size]] for size in SIZES
            },
            "ratio": ratios,
            "faults": faults,
        }
        bad += faults + slow
        print(
            f"{name}: {ratios}, faults: {faults or 'none'}, µs a word "
            f"{result[name]['microseconds_a_word'][SIZES[-1]]}",
            flush=True,
        )
    RESULT.write_text(json.dumps({"stages": STAGES, "kinds": result}, indent=1) + "\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
