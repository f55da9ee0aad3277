"""Event factuality: do our cues tell which events of a news text are not certain?

    python benchmarks/factuality.py FILE [--part tuned|aside|dev]

FILE is a CSV with the columns sent_id, split, text (words parted by spaces), token (the place
of the event's word) and factuality (-3 certainly not, 3 certainly happened), as in the UW set
(Lee, Artzi, Choi & Zettlemoyer 2015). An event is uncertain when |factuality| is under 2; one
that certainly did not happen is certain. Prints JSON: precision, recall and F1 of the rules
below, each alone and all together, and of calling every event uncertain. The rules were tuned
on four fifths of the train split; the fifth part (by a hash of the sentence's id) was kept
aside, and dev was scored once, at the end.
"""

import argparse
import json
import re

import pandas as pd
from attribution import is_aside, scores

from framebook.framing.codebook import load_codebook
from framebook.framing.cues import find_cues
from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.voices import find_voices

SENTENCE_ENDS = set(". ; : ? ! — – ( )".split())
CLAUSE_STARTS = set(
    "but because although though while when after before since until who which "
    "whose where whereas as".split()
)
MODALS = set("would could may might can should must shall ought d cannot".split())
BE = set("is are was were am be been being has had have".split())
# "to" after these leads to what happened: it began to, was forced to, used to, led to.
REALISED = re.compile(
    r"(manage|beg[aiu]n|start|continue?|force|compel|happen|come|came|go"
    r"|went|gone|used|led|lead|respond|return|according|due|thanks|prior|close|next|add"
    r"|listen|prove|turn|help|appear)(s|d|ed|ning|ing|led)?$"
)
# What is the object of these is wanted, feared, possible or planned, and not yet so.
PROSPECT = re.compile(
    r"((want|wish|hop|desir|plan|propos|prepar|intend|aim|seek|tr[iy]|attempt|effort|ask|urg"
    r"|demand|request|order|requir|need|allow|permit|consider|threat|threaten|offer|promis|pledg"
    r"|vow|fear|worr|risk|chanc|prospect|possib|potential|recommend|suggest|encourag|persuad"
    r"|press|call|appeal|negotiat|oppos|favou?r|advocat|warn|predict"
    r"|forecast|anticipat|avoid|prevent|able|abilit|likel)(e|s|es|ies|ied|ed|ing|ning|ned|en|ible"
    r"|ibl[ey]|ibilit\w+|ibly|ly|al|y|ion|ions|ful|ation|ations)?|sought|willing|ready|right|any)$"
)
# Cues of the codebook `rhetoric`, with the number of words that they reach over.
REACH = {"hedge": 7, "necessity": 7, "commissive": 7, "promised": 5, "condition": 12, "negation": 3}
# The acts whose content is promised, asked for or hinted at.
ACTS = {"promise", "hint", "urge", "threaten", "ask"}


class Event:
    """An event's word in its sentence, with the cues and attributions of that sentence."""

    def __init__(self, words, n, cues, acts):
        self.words, self.n, self.cues, self.acts = words, n, cues, acts
        first = n
        while first and words[first - 1] not in SENTENCE_ENDS | CLAUSE_STARTS and n - first < 12:
            first -= 1
        self.before = words[first:n]  # the words of its clause, back to its beginning
        self.first = first

    def near(self, size):
        """Return the last words of the clause before the event."""
        return self.before[-size:]


def in_scope_of_a_cue(event):
    """Return whether a cue of the codebook stands before the event, near it in its clause."""
    return any(
        last >= event.first and 0 < event.n - last <= REACH.get(code, 0) and not told_as_past(event)
        for last, code in event.cues
    )


def under_a_modal(event):
    """Return whether a modal verb other than "will" governs the event."""
    return bool(MODALS & set(event.near(4)))


def infinitive(event):
    """Return whether the event is an infinitive whose governor does not say it was done."""
    near = event.near(3)
    if "to" not in near or told_as_past(event):
        return False
    at = len(near) - near[::-1].index("to") - 1
    governor = event.n - len(near) + at - 1
    between = near[at + 1 :]
    return all(w.endswith("ly") or w in {"be", "have", "not"} for w in between) and not (
        governor >= 0 and REALISED.match(event.words[governor])
    )


def wanted(event):
    """Return whether the event is the object of a word of wanting, planning or fearing."""
    return any(PROSPECT.match(w) for w in event.near(4)) and not told_as_past(event)


def coordinated(event):
    """Return whether the event is joined to an infinitive or modal: "to sell and reap"."""
    word, before = event.words[event.n], event.near(12)
    if not {"and", "or"} & set(event.near(2)) or word.endswith(("ed", "s", "ing")):
        return False
    return "to" in before or bool(MODALS & set(before))


def in_content_not_asserted(event):
    """Return whether the event lies in what is promised, hinted at or asked for."""
    return bool(ACTS & event.acts) and not told_as_past(event)


def told_as_past(event):
    """Return whether the event looks like a finite past form: no auxiliary or "to" before it."""
    auxiliaries = MODALS | BE | {"to", "will", "not", "would"}
    return (
        event.words[event.n].endswith("ed")
        and not auxiliaries & set(event.near(3))
        or (event.words[event.n] in {"said", "says", "told", "was", "were", "had", "did"})
    )


RULES = [
    in_scope_of_a_cue,
    under_a_modal,
    infinitive,
    coordinated,
    wanted,
    in_content_not_asserted,
]


def is_uncertain(event):
    """Return whether any rule calls the event uncertain."""
    return any(rule(event) for rule in RULES)


def join_words(words):
    """Return the words as running text, and where each begins."""
    text, starts = "", []
    for word in words:
        word = {"``": "“", "''": "”"}.get(word, word)
        glued = not text or re.fullmatch(r"n't|'(s|re|ve|ll|d|m)|[.,;:?!%)]", word)
        text += "" if glued else " "
        starts.append(len(text))
        text += word
    return text, starts


def read_events(rows):
    """Return the Event of each row, its sentence read by our codebook and our voices."""
    once = rows.drop_duplicates("sent_id").reset_index(drop=True)
    joined = [join_words(text.split(" ")) for text in once.text]
    documents = make_documents([text for text, _ in joined])
    sentences, tokens = tokenise(documents)
    spans = find_cues(tokens, [load_codebook("rhetoric")])
    voices = find_voices(documents, sentences, tokens)[0]
    by_doc = [
        dict(list(table.groupby(table.sent_id // 2**20))) for table in (tokens, spans, voices)
    ]
    place = {sent_id: n for n, sent_id in enumerate(once.sent_id)}
    return [
        _event(
            joined[place[row.sent_id]][1][row.token],
            *(table.get(place[row.sent_id]) for table in by_doc),
        )
        for row in rows.itertuples()
    ]


def _event(at, tokens, spans, voices):
    start = tokens.start.to_numpy()
    n = int(start.searchsorted(at, side="right")) - 1
    words = tokens.word.astype(str).str.lower().str.replace("’", "'").tolist()
    cues = (
        []
        if spans is None
        else [
            (int(start.searchsorted(row.end)) - 1, row.code.partition(":")[2])
            for row in spans.itertuples()
            if row.end <= at
        ]
    )
    acts = (
        set()
        if voices is None
        else {row.act for row in voices.itertuples() if any(a <= at < b for a, b in row.content)}
    )
    return Event(words, n, cues, acts)


def measure(found, gold):
    """Return precision, recall and F1 of two lists of true and false."""
    pairs = list(zip(found, gold, strict=True))
    return scores(*(pairs.count(pair) for pair in [(True, True), (True, False), (False, True)]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--part", choices=["tuned", "aside", "dev"], default="dev")
    args = parser.parse_args()
    rows = pd.read_csv(args.file, keep_default_na=False)
    rows = rows[rows.split == ("dev" if args.part == "dev" else "train")]
    if args.part != "dev":
        rows = rows[rows.sent_id.map(is_aside) == (args.part == "aside")]
    events, gold = read_events(rows), (rows.factuality.abs() < 2).tolist()
    rules = {rule.__name__: measure([rule(e) for e in events], gold) for rule in RULES}
    result = {
        "part": args.part,
        "events": len(rows),
        "uncertain": sum(gold),
        "any_rule": measure([is_uncertain(e) for e in events], gold),
        "always_uncertain": measure([True] * len(gold), gold),
        "rules": rules,
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
