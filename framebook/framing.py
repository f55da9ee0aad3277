"""Codebooks, and the cues that their patterns find.

A codebook is a TOML file of codes with definitions, examples and patterns. A pattern's
hit is a cue: a place worth reading. It is not a frame, which is what a reader says.
"""

import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from framebook.errors import InputError
from framebook.tables import SENTENCE_STRIDE, VOCABULARIES, conform

FOLDER = Path(__file__).parent / "codebooks"
MAX_GAP = 12  # tokens that "..." may stand for


@dataclass
class Code:
    """One code of a codebook; `patterns` are those of its indicators, in order."""

    id: str
    label: str
    definition: str
    patterns: list
    parent: str = ""
    examples: list = field(default_factory=list)
    counterexamples: list = field(default_factory=list)
    exclude: list = field(default_factory=list)
    indicators: dict = field(default_factory=dict)
    extra: dict = field(default_factory=dict)


@dataclass
class Codebook:
    """A codebook: its name, its source and its codes."""

    name: str
    title: str
    citation: str
    version: str
    layer: str
    codes: list

    def label(self, code):
        """Return the label of a code id such as `conflict` or `codebook:conflict`."""
        return next(c.label for c in self.codes if c.id == code.rpartition(":")[2])


def load_codebook(source):
    """Return the Codebook in a TOML file, or the one that comes with Framebook by that name.

    Raises InputError when the file is not there, is not TOML, or lacks what a codebook needs.
    """
    path = Path(source)
    if not path.suffix:
        path = FOLDER / f"{source}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        ours = ", ".join(sorted(p.stem for p in FOLDER.glob("*.toml")))
        raise InputError(f"There is no codebook {source}; give a .toml file or one of: "
                         f"{ours}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"The codebook {path.name} is not valid TOML: {error}.") from None
    head = data.get("codebook")
    if not isinstance(head, dict) or not head.get("name") or not data.get("code"):
        raise InputError(f"The codebook {path.name} needs [codebook] with a name, and a [[code]].")
    layer = head.get("layer", "theme")
    if layer not in VOCABULARIES["layer"]:
        raise InputError(f"The codebook {path.name} has the layer {layer!r}; "
                         f"use one of: {', '.join(VOCABULARIES['layer'])}.")
    try:
        codes = [_read_code(entry, path.name) for entry in data["code"]]
    except (AttributeError, TypeError):
        raise InputError(f"The codebook {path.name}: each code is a table [[code]], each indicator "
                         "a table [[code.indicator]], and patterns and exclude are lists of "
                         "texts.") from None
    ids = [code.id for code in codes]
    if len(set(ids)) < len(ids):
        raise InputError(f"The codebook {path.name} has two codes with the id "
                         f"{next(i for i in ids if ids.count(i) > 1)!r}.")
    return Codebook(head["name"], head.get("title", head["name"]), head.get("citation", ""),
                    str(head.get("version", "")), layer, codes)


def _read_code(entry, where):
    indicators = entry.get("indicator", [])
    patterns = entry.get("patterns", []) + [p for i in indicators for p in i.get("patterns", [])]
    if not entry.get("id") or not patterns:
        raise InputError(f"The codebook {where}: each [[code]] needs an id and patterns; "
                         f"{entry.get('id') or 'one without an id'} lacks them.")
    for pattern in patterns + entry.get("exclude", []):
        if not isinstance(pattern, str) or not re.sub(r"[*?.\s]", "", pattern):
            raise InputError(f"The codebook {where}, code {entry['id']}: the pattern "
                             f"{pattern!r} has no letter to look for.")
    known = {"id", "label", "definition", "parent", "examples", "counterexamples", "exclude",
             "indicator", "patterns"}
    return Code(
        entry["id"], entry.get("label", entry["id"]), entry.get("definition", ""), patterns,
        entry.get("parent", ""), entry.get("examples", []), entry.get("counterexamples", []),
        entry.get("exclude", []), {i.get("id", ""): i.get("question", "") for i in indicators},
        {key: value for key, value in entry.items() if key not in known},
    )


def normalise(word):
    """Return the form in which words and patterns meet: lower case, no possessive ending."""
    word = word.lower().replace("’", "'")
    return word[:-2] if word.endswith("'s") else word


@cache
def parse_pattern(pattern):
    """Return a pattern as phrases (tuples of normalised words) that gaps part."""
    phrases = [tuple(normalise(w) for w in part.split())
               for part in re.split(r"(?:^|\s)(?:\.\.\.|…)(?=\s|$)", pattern)]
    return tuple(phrase for phrase in phrases if phrase)


class TokenIndex:
    """The tokens of some sentences as integers, with the places of every word.

    `positions(word)` gives the sorted places of all words that a pattern word matches;
    wildcards are resolved against the vocabulary once, so that the cost of a pattern is
    that of its own hits and not of the text.
    """

    def __init__(self, tokens):
        forms = [normalise(word) for word in tokens.word.cat.categories]
        self.vocabulary = sorted(set(forms))
        rank = {word: n for n, word in enumerate(self.vocabulary)}
        recode = np.array([rank[form] for form in forms], dtype=np.int64)
        self.ids = recode[tokens.word.cat.codes.to_numpy()] if len(forms) else np.zeros(0, np.int64)
        self.sent = tokens.sent_id.to_numpy()
        self._order = np.argsort(self.ids, kind="stable")
        self._bounds = np.searchsorted(self.ids[self._order], np.arange(len(self.vocabulary) + 1))
        self._known = {}

    def positions(self, word):
        """Return the sorted token positions that a pattern word (with * and ?) matches."""
        if word not in self._known:
            prefix = re.match(r"[^*?]*", word).group()
            low = bisect_left(self.vocabulary, prefix)
            high = bisect_left(self.vocabulary, prefix + "\U0010ffff")
            if prefix == word:
                ids = [low] if low < high and self.vocabulary[low] == word else []
            elif prefix + "*" == word:
                ids = range(low, high)
            else:
                wild = {"*": ".*", "?": "."}
                shape = re.compile("".join(wild.get(c, re.escape(c)) for c in word))
                ids = [n for n in range(low, high) if shape.fullmatch(self.vocabulary[n])]
            lists = [self._order[self._bounds[n]:self._bounds[n + 1]] for n in ids]
            self._known[word] = np.sort(np.concatenate(lists)) if lists else np.zeros(0, np.int64)
        return self._known[word]

    def phrase(self, words):
        """Return the positions where the words stand one after the other in one sentence."""
        at = self.positions(words[0])
        for shift, word in enumerate(words[1:], start=1):
            at = at[np.isin(at + shift, self.positions(word))]
            at = at[self.sent[at] == self.sent[at + shift]]
        return at

    def match(self, pattern):
        """Return (first, last) token positions of a pattern's hits, each gap the shortest."""
        phrases = parse_pattern(pattern)
        first = self.phrase(phrases[0])
        last = first + len(phrases[0]) - 1
        for phrase in phrases[1:]:
            found = self.phrase(phrase)
            after = np.searchsorted(found, last + 1)
            inside = after < len(found)
            first, last, begin = first[inside], last[inside], found[after[inside]]
            near = (begin - last - 1 <= MAX_GAP) & (self.sent[begin] == self.sent[last])
            first, last = first[near], begin[near] + len(phrase) - 1
        nearest = np.diff(last, append=-1) != 0  # of hits with one end, the last to begin
        return first[nearest], last[nearest]


def _hits(index, patterns):
    """Return rows (first, last, number of the pattern) of all hits, as one array."""
    found = [(*index.match(pattern), n) for n, pattern in enumerate(patterns)]
    rows = [np.column_stack([a, b, np.full(len(a), n)]) for a, b, n in found if len(a)]
    return np.concatenate(rows) if rows else np.zeros((0, 3), np.int64)


def _overlapping(hits, others):
    """Return for each hit whether it shares a token with one of `others`."""
    if not len(others) or not len(hits):
        return np.zeros(len(hits), bool)
    others = others[np.argsort(others[:, 0], kind="stable")]
    furthest = np.maximum.accumulate(others[:, 1])
    before = np.searchsorted(others[:, 0], hits[:, 1], side="right")
    return (before > 0) & (furthest[np.maximum(before - 1, 0)] >= hits[:, 0])


def find_hits(index, code):
    """Return (first, last, pattern number) of a code's hits: the longest wins, none overlap."""
    hits = _hits(index, code.patterns)
    hits = hits[~_overlapping(hits, _hits(index, code.exclude))]
    order = np.lexsort((hits[:, 2], hits[:, 0], hits[:, 0] - hits[:, 1]))
    taken, kept = set(), []
    for first, last, pattern in hits[order].tolist():
        if taken.isdisjoint(range(first, last + 1)):
            taken.update(range(first, last + 1))
            kept.append((first, last, pattern))
    return sorted(kept)


def find_cues(tokens, codebooks):
    """Return the spans that the codebooks' patterns find, in order of the text.

    Columns of the table `spans`: doc_id, sent_id, start, end (characters), layer, code
    (`codebook:code`), rule (the pattern), voice_id (null here; `voices.assign_voices`
    fills it). Inside a code the longest hit wins; codes may overlap each other; a hit
    that overlaps an `exclude` pattern is dropped.
    """
    index = TokenIndex(tokens)
    start, end = tokens.start.to_numpy(), tokens.end.to_numpy()
    rows = [
        (index.sent[a], start[a], end[b], book.layer, f"{book.name}:{code.id}", code.patterns[n])
        for book in codebooks for code in book.codes for a, b, n in find_hits(index, code)
    ]
    spans = pd.DataFrame(rows, columns=["sent_id", "start", "end", "layer", "code", "rule"])
    spans["doc_id"] = spans.sent_id.astype("int64") // SENTENCE_STRIDE
    spans["voice_id"] = pd.array([pd.NA] * len(spans), dtype="Int64")
    spans = spans.sort_values(["sent_id", "start", "code", "end"], kind="stable")
    return conform("spans", spans)


def find_in_text(text, codebook):
    """Return the spans of one text, for trying a codebook on a sentence."""
    from framebook.loading import make_documents
    from framebook.tokenising import tokenise

    return find_cues(tokenise(make_documents([text]))[1], [codebook])


def describe_cues(texts, codebook):
    """Return texts with the cues that a codebook finds in each, as plain lines to print."""
    lines = []
    for text in texts:
        found = [f"    {codebook.label(row.code)}: “{text[row.start:row.end]}”, by the pattern "
                 f"{row.rule}" for row in find_in_text(text, codebook).itertuples()]
        lines += [text, *(found or ["    no cue"])]
    return "\n".join(lines)


def label_codes(spans, layer):
    """Return {code: label} of a layer's codebooks that have a cue in `spans`, in their order.

    All codes of Framebook's own codebooks are there, with a cue or not; those of another
    codebook are there where they have one, and go by their ids.
    """
    codes = list(dict.fromkeys(spans.code[spans.layer == layer]))
    ours = [name for name in dict.fromkeys(code.partition(":")[0] for code in codes)
            if (FOLDER / f"{name}.toml").exists()]
    labels = {f"{name}:{code.id}": code.label
              for name in ours for code in load_codebook(name).codes}
    for code in codes:
        labels.setdefault(code, code.partition(":")[2].replace("_", " ").capitalize())
    return labels


def count_sentences(spans, sentences, labels=None):
    """Return by code the number of sentences with a cue, and their share of all sentences.

    Columns n_cues, n_sentences (with at least one cue), share (0 to 1), one row a code,
    the most frequent first. With `labels` ({code: label}) the rows are those codes by their
    labels, also the ones without a cue.
    """
    grouped = spans.groupby("code", observed=True)
    table = pd.DataFrame({"n_cues": grouped.size(), "n_sentences": grouped.sent_id.nunique()})
    if labels is not None:
        table = table.reindex(list(labels)).fillna(0).astype(int).set_axis(list(labels.values()))
    table["share"] = table.n_sentences / max(len(sentences), 1)
    return table.rename_axis("code").reset_index().sort_values(
        ["n_sentences", "code"], ascending=[False, True]).set_index("code")


def count_overlaps(spans, rows, columns):
    """Return how many sentences have a cue of both codes, `rows` and `columns` as {code: label}."""
    found = {code: set(sent_ids) for code, sent_ids in spans.groupby("code").sent_id}
    counts = [[len(found.get(a, set()) & found.get(b, set())) for b in columns] for a in rows]
    return pd.DataFrame(counts, list(rows.values()), list(columns.values()), dtype="int64")
