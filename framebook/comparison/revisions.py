"""What was changed from one version of an article to another, sentence by sentence.

Sentences are kept, changed, moved, added or dropped, as in Spangher et al. (2022,
doi:10.18653/v1/2022.naacl-main.10), whose edits and refactorings are here changed and moved. The
alignment is the one in order that keeps most words (Needleman & Wunsch 1970,
doi:10.1016/0022-2836(70)90057-4); moves are found after it. Its thresholds are set by thought and
not measured. The named kinds of change are forms: why a change was made, no rule can see.
"""

import re
from collections import Counter
from difflib import SequenceMatcher

import numpy as np
import pandas as pd

from framebook.tables import text_of
from framebook.voices.portrayal import find_portrayals
from framebook.voices.voices import spell_out

ALIKE, MOVED = 0.4, 0.7  # shared words (Dice) of a changed sentence, and of one out of its place
VERSIONS = 0.2  # share of a side's words in sentences of both, from which on it is one text
LONGEST = 3000  # sentences of an article that are aligned
TOKEN = re.compile(r"\w+(?:[-'’.,]\w+)*|[^\w\s]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
SPELT = {
    word: str(n)
    for n, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(), start=2
    )
}
MARKS = '“”"«»‘’, '
QUOTED = re.compile(r"[\"“”«»„]|(?<!\w)['‘]|['’](?!\w)")
EMPTY = {"the", "a", "an", "his", "her", "its", "their"}


def align(one, other):
    """Return how two lists of sentences go together: one row per sentence or pair, in order.

    Columns kind (kept, changed, moved, added or dropped), a and b (the places in the lists, from
    0; null where there is none). Kept are equal but for white space; a moved pair may differ in
    words, too. Swapping the lists swaps a and b, added and dropped.
    """
    turned = other < one  # ties are broken in one order, so that both directions agree
    pairs = _match(other, one) if turned else _match(one, other)
    pairs = [(j, i, moved) if turned else (i, j, moved) for i, j, moved in pairs]
    used, partner = {i for i, _, _ in pairs}, {j: (i, moved) for i, j, moved in pairs}
    rows, new, at = [], [], 0
    for j in range(len(other) + 1):
        i, moved = partner.get(j, (None, False)) if j < len(other) else (len(one), False)
        if i is None or moved:
            new.append(("moved" if moved else "added", i, j))
            continue
        rows += [("dropped", n, None) for n in range(at, i) if n not in used] + new
        new, at = [], i + 1
        if j < len(other):
            rows.append(("kept" if one[i].split() == other[j].split() else "changed", i, j))
    return pd.DataFrame(rows, columns=["kind", "a", "b"]).astype({"a": "Int64", "b": "Int64"})


def _match(one, other):
    """Return the pairs (place in one, in other, is it out of order) of sentences alike."""
    if not (one and other):
        return []
    shared, alike, same = _overlap(one, other)
    weight = np.where(alike >= ALIKE, shared * alike + same, 0)
    best = np.zeros((len(one) + 1, len(other) + 1))
    for i, row in enumerate(weight):
        best[i + 1, 1:] = np.maximum.accumulate(np.maximum(best[i, 1:], best[i, :-1] + row))
    pairs, i, j = [], len(one), len(other)
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j, False))
    free = alike.copy()
    for i, j, _ in pairs:
        free[i], free[:, j] = 0, 0
    places = np.argwhere(free >= MOVED).tolist()
    for i, j in sorted(places, key=lambda at: -free[at[0], at[1]]):
        if free[i, j] >= MOVED:
            pairs.append((i, j, True))
            free[i], free[:, j] = 0, 0
    return pairs


def _overlap(one, other):
    """Return matrices: shared words, their share of both (Dice, 0 to 1), is the text the same."""
    bags = [_bag(text) for text in one + other]
    place = {term: n for n, term in enumerate(dict.fromkeys(t for bag in bags for t in bag))}
    held = np.zeros((len(bags), len(place)), np.float32)
    for n, bag in enumerate(bags):
        held[n, [place[term] for term in bag]] = 1
    a, b = held[: len(one)], held[len(one) :]
    shared = (a @ b.T).astype(float)
    texts = pd.factorize(np.array([" ".join(text.split()) for text in one + other], object))[0]
    same = texts[: len(one), None] == texts[len(one) :]
    sizes = a.sum(axis=1)[:, None] + b.sum(axis=1)
    return shared, np.where(same, 1, 2 * shared / np.maximum(sizes, 1)), same


def _bag(text):
    """Return the words of a text as a set of (word, how often it stood before)."""
    seen, bag = Counter(), []
    for word in re.findall(r"\w+", text.lower()):
        bag.append((word, seen[word]))
        seen[word] += 1
    return bag


def find_difference(one, other):
    """Return what makes `other` of `one`: a list of (same, deleted or inserted; the text).

    What is the same and what is inserted make up `other`; swapping the texts swaps deleted and
    inserted.
    """
    tokens = [list(TOKEN.finditer(text)) for text in (one, other)]
    words = [[token[0] for token in own] for own in tokens]
    turned = words[1] < words[0]
    steps = SequenceMatcher(None, *words[:: -1 if turned else 1], autojunk=False).get_opcodes()

    def cut(n, first, last):
        begins = [token.start() for token in tokens[n]] + [len((one, other)[n])]
        return (one, other)[n][begins[first] : begins[last]]

    pieces = []
    for step, *places in steps:
        a, b = (places[2:], places[:2]) if turned else (places[:2], places[2:])
        if step == "equal":
            pieces.append(("same", cut(1, *b)))
        else:
            pieces += [("deleted", cut(0, *a))] * (a[0] < a[1])
            pieces += [("inserted", cut(1, *b))] * (b[0] < b[1])
    return pieces


def compare_versions(documents, made):
    """Return (what was found, "") of two versions of one article, or (None, why it is not).

    `documents` as `comparison.join_documents` makes them, `made` their tables with the cues of
    the codebook `rhetoric`. Found: tables, notes. Tables: sentences (kind, number_a, number_b,
    start_a, end_a, start_b, end_b, text_a, text_b, pieces: numbers from 1, offsets into each
    text, pieces as of `find_difference`) and changes (kind, detail, number_a, number_b).
    """
    if len(documents) != 2 or documents.side.nunique() != 2:
        return None, "a side has several articles"
    doc_ids = documents.set_index("side").doc_id
    sides = {
        side: made["sentences"][made["sentences"].doc_id == doc_ids[side]].reset_index(drop=True)
        for side in "AB"
    }
    if max(map(len, sides.values())) > LONGEST:
        return None, f"an article has more than {LONGEST:,} sentences"
    texts = {side: text_of(documents, own) for side, own in sides.items()}
    rows = align(texts["A"], texts["B"])
    both = rows[rows.a.notna() & rows.b.notna()]
    share = max(
        own.n_words[both[side.lower()]].sum() / max(own.n_words.sum(), 1)
        for side, own in sides.items()
    )
    if share < VERSIONS:
        return None, (
            f"sentences that both have hold {share:.0%} of their words, and from "
            f"{VERSIONS:.0%} on they are taken as versions of one article"
        )
    rows = _place(rows, sides, texts)
    pairs = rows[rows.sent_id_a.notna() & rows.sent_id_b.notna() & (rows.kind != "kept")]
    pairs = list(zip(pairs.sent_id_a, pairs.sent_id_b, strict=True))
    changes = find_changes(
        documents, *(made[name] for name in ("sentences", "tokens", "voices", "spans")), pairs
    )
    keys = ["sent_id_a", "sent_id_b"]
    changes = (
        changes.astype(dict.fromkeys(keys, "Int64"))
        .merge(rows[["number_a", "number_b", *keys]], on=keys, how="left")
        .drop(columns=keys)
    )
    return {"tables": {"sentences": rows.drop(columns=keys), "changes": changes}, "notes": {}}, ""


def _place(rows, sides, texts):
    """Return the rows of `align` with the words that differ, and each side's number and offsets."""
    rows["pieces"] = [
        _pieces(
            *(None if pd.isna(n) else texts[side][n] for side, n in (("A", row.a), ("B", row.b)))
        )
        for row in rows.itertuples()
    ]
    for side, own in sides.items():
        own = own.assign(number=range(1, len(own) + 1), text=texts[side])
        own = own[["sent_id", "number", "start", "end", "text"]].add_suffix(f"_{side.lower()}")
        rows = rows.join(own, on=side.lower()).drop(columns=side.lower())
    counts = [f"{name}_{side}" for side in "ab" for name in ("sent_id", "number", "start", "end")]
    return rows.astype(dict.fromkeys(counts, "Int64"))


def _pieces(one, other):
    """Return `find_difference` of two sentences, of which one may be missing (None)."""
    if one is None or other is None:
        return [("inserted", other) if one is None else ("deleted", one)]
    return find_difference(one, other)


def find_changes(documents, sentences, tokens, voices, spans, pairs):
    """Return the named kinds of change in pairs of sentences, [(sent_id, sent_id)].

    Columns kind, detail (the words), sent_id_a, sent_id_b. `spans` must hold the cues of the
    codebook `rhetoric`.
    """
    texts = dict(zip(sentences.sent_id, text_of(documents, sentences), strict=True))
    spelt = {
        key: list(rows.itertuples())
        for key, rows in spell_out(documents, voices).groupby("sent_id")
    }
    cues = spans[spans.code.str.startswith("rhetoric:")].assign(
        code=lambda table: table.code.str.replace("rhetoric:", ""),
        words=lambda table: [text.lower() for text in text_of(documents, table)],
    )
    cues = cues.groupby(["sent_id", "code"]).words.agg(list).to_dict()
    acting = find_portrayals(documents, sentences, tokens).query("role == 'doer'")
    doers = acting.groupby("sent_id")[["form", "verb"]].agg(list)

    def read(sent_id):
        return {
            "text": texts[sent_id],
            "voices": spelt.get(sent_id, []),
            "doers": list(zip(*doers.loc[sent_id], strict=True)) if sent_id in doers.index else [],
            "cues": {
                code: cues.get((sent_id, code), [])
                for code in ("hedge", "booster", "agentless_passive")
            },
        }

    rows = [
        (kind, detail, a, b) for a, b in pairs for kind, detail in _name_changes(read(a), read(b))
    ]
    return pd.DataFrame(rows, columns=["kind", "detail", "sent_id_a", "sent_id_b"])


def _name_changes(one, other):
    together = [(one["voices"][a], other["voices"][b]) for a, b in _pair_voices(one, other)]
    for a, b in together:
        if a.cue and b.cue and a.act != b.act and _swapped(a.cue, b.cue, one, other):
            yield "reporting verb changed", f"“{a.cue}” became “{b.cue}”"
        if (
            "unspecified" not in (a.speaker_class, b.speaker_class)
            and not (_is_same(a.speaker, b.speaker) or _is_same(a.source, b.source))
            and (_swapped(a.source, b.source, one, other))
        ):
            yield "source changed", f"“{a.speaker}” became “{b.speaker}”"
        marked = [len(QUOTED.findall(side["text"])) for side in (one, other)]
        if (a.form == "paraphrased") != (b.form == "paraphrased") and marked[0] != marked[1]:
            yield (
                "paraphrase turned quotation"
                if a.form == "paraphrased"
                else "quotation turned paraphrase",
                f"“{a.content.strip(MARKS)}” became “{b.content.strip(MARKS)}”",
            )
    numbers = [_numbers(side["text"]) for side in (one, other)]
    gone, new = numbers[0] - numbers[1], numbers[1] - numbers[0]
    if gone and new:
        yield "number changed", f"{', '.join(gone)} became {', '.join(new)}"
    kept = {
        voice.voice_id
        for pair in together
        for voice in pair
        if "unspecified" not in (pair[0].speaker_class, pair[1].speaker_class)
    }
    for ending, sides in ("removed", (one, other)), ("added", (other, one)):
        yield from ((f"{kind} {ending}", f"“{words}”") for kind, words in _lost(*sides, kept))


def _pair_voices(one, other):
    """Return which attributions of two sentences go together: those with most shared content."""
    if len(one["voices"]) == len(other["voices"]) == 1:
        return [(0, 0)]
    rows = align(*([voice.content for voice in side["voices"]] for side in (one, other)))
    return [(int(a), int(b)) for a, b in zip(rows.a, rows.b, strict=True) if pd.notna(a + b)]


def _lost(one, other, kept):
    """Yield (kind, words) of what `one` has and `other` lacks."""
    for code in ("hedge", "booster"):
        yield from (
            (code, cue)
            for cue in (Counter(one["cues"][code]) - Counter(other["cues"][code])).elements()
        )
    for voice in one["voices"]:
        if (
            voice.voice_id not in kept
            and voice.speaker_class != "unspecified"
            and not (_names(other["text"], voice.speaker))
            and _is_rarer(voice.source, one, other)
        ):
            yield "source", voice.speaker
    passives = [side["cues"]["agentless_passive"] for side in (one, other)]
    telling = {word for voice in one["voices"] for word in voice.cue.lower().split()}
    if len(passives[1]) > len(passives[0]):
        yield from (
            ("agent", f"{form} … {verb}")
            for form, verb in one["doers"]
            if verb not in telling and not _names(other["text"], form)
        )


def _is_rarer(words, one, other):
    """Return whether words are more frequent in `one`; else a rule read them differently."""
    found = re.compile(rf"\b{re.escape(words.lower())}\b") if words else re.compile("(?!)")
    counts = [len(found.findall(side["text"].lower())) for side in (one, other)]
    return counts[0] > counts[1]


def _swapped(a, b, one, other):
    return _is_rarer(a, one, other) and _is_rarer(b, other, one)


def _words(text):
    return set(re.findall(r"\w+", text.lower().replace("’s", "").replace("'s", ""))) - EMPTY


def _names(text, name):
    return _words(name) <= _words(text)


def _is_same(one, other):
    """Return whether a name is the other or a part of it: "Venn", "Ada Venn"."""
    return bool(_words(one) and _words(other)) and (_names(one, other) or _names(other, one))


def _numbers(text):
    words = [SPELT.get(word, word) for word in re.findall(r"[\w.,]+", text.lower())]
    return Counter(n.replace(",", "") for word in words for n in NUMBER.findall(word))
