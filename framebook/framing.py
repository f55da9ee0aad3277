"""Codebooks, and the cues that their patterns find.

A codebook is a TOML file of codes with definitions, examples and patterns. A pattern's
hit is a cue: a place worth reading. It is not a frame, which is what a reader says.
"""

import re
import tomllib
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field, fields
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
    """Return the Codebook in a TOML file, or the one that comes with Framebook by that name."""
    path = Path(source) if Path(source).suffix else FOLDER / f"{source}.toml"
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
    layer, layers = head.get("layer", "theme"), VOCABULARIES["layer"]
    if layer not in layers:
        raise InputError(f"The codebook {path.name} has the layer {layer!r}; "
                         f"use one of: {', '.join(layers)}.")
    try:
        codes = [_read_code(entry, path.name) for entry in data["code"]]
    except (AttributeError, TypeError):
        raise InputError(f"The codebook {path.name}: each code is a table [[code]], each indicator "
                         "a table [[code.indicator]], and patterns and exclude are lists of "
                         "texts.") from None
    for code_id, n in Counter(code.id for code in codes).items():
        if n > 1:
            raise InputError(f"The codebook {path.name} has two codes with the id {code_id!r}.")
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
    known = {f.name for f in fields(Code)} - {"patterns", "indicators", "extra"}
    given = {"label": entry["id"], "definition": ""} | {k: entry[k] for k in known & entry.keys()}
    extra = {key: entry[key] for key in entry.keys() - known - {"indicator", "patterns"}}
    questions = {i.get("id", ""): i.get("question", "") for i in indicators}
    return Code(**given, patterns=patterns, indicators=questions, extra=extra)


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

    Wildcards are resolved against the vocabulary once, so that the cost of a pattern is that
    of its own hits and not of the text.
    """

    def __init__(self, tokens):
        forms = np.array([normalise(word) for word in tokens.word.cat.categories], dtype=object)
        recode, self.vocabulary = pd.factorize(forms, sort=True)
        self.ids = ids = recode[tokens.word.cat.codes.to_numpy()]
        self.sent = tokens.sent_id.to_numpy()
        self._order = np.argsort(ids, kind="stable")
        self._bounds = np.searchsorted(ids[self._order], np.arange(len(self.vocabulary) + 1))
        self._known = {}

    def matching(self, word):
        """Return the numbers of the words that a pattern word (with * and ?) matches."""
        if word not in self._known:
            prefix, wild = re.match(r"([^*?]*)(.*)", word).groups()
            low, high = (bisect_left(self.vocabulary, prefix + end)
                         for end in ("", "\U0010ffff" if wild else "\0"))
            ids = range(low, high)
            if wild not in ("", "*"):
                shape = re.compile(re.escape(word).replace(r"\*", ".*").replace(r"\?", "."))
                ids = [n for n in ids if shape.fullmatch(self.vocabulary[n])]
            self._known[word] = np.array(ids, dtype=np.int64)
        return self._known[word]

    def positions(self, word):
        """Return the sorted token positions that a pattern word matches."""
        places = [self._order[self._bounds[n]:self._bounds[n + 1]] for n in self.matching(word)]
        return np.sort(np.concatenate([self._order[:0], *places]))

    def phrase(self, words):
        """Return the positions where the words stand one after the other in one sentence."""
        found = [self.matching(word) for word in words]
        counts = [(self._bounds[ids + 1] - self._bounds[ids]).sum() for ids in found]
        if not all(counts):
            return self._order[:0]
        # From the places of the rarest word: the others are only looked up beside them.
        rarest, last = int(np.argmin(counts)), len(words) - 1
        at = self.positions(words[rarest]) - rarest
        at = at[(at >= 0) & (at + last < len(self.ids))]
        for shift, ids in enumerate(found):
            if shift != rarest:
                here = self.ids[at + shift]
                at = at[here == ids[0] if len(ids) == 1 else np.isin(here, ids)]
        return at[self.sent[at] == self.sent[at + last]]

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
    """Return the hits of all patterns, in the order in which they are kept: the longest first."""
    hits = [(first - last, first, n, last) for n, pattern in enumerate(patterns)
            for first, last in np.column_stack(index.match(pattern)).tolist()]
    return [(first, last, n) for _, first, n, last in sorted(hits)]


def find_hits(index, code):
    """Return (first, last, pattern number) of a code's hits: the longest wins, none overlap."""
    taken = {n for first, last, _ in _hits(index, code.exclude) for n in range(first, last + 1)}
    kept = []
    for first, last, pattern in _hits(index, code.patterns):
        if taken.isdisjoint(range(first, last + 1)):
            taken.update(range(first, last + 1))
            kept.append((first, last, pattern))
    return sorted(kept)


def find_cues(tokens, codebooks):
    """Return the spans that the codebooks' patterns find, in order of the text.

    voice_id is null (`voices.assign_voices` fills it). Inside a code the longest hit wins; codes
    may overlap each other; a hit that overlaps an `exclude` pattern is dropped.
    """
    index = TokenIndex(tokens)
    start, end = tokens.start.to_numpy(), tokens.end.to_numpy()
    rows = [
        (index.sent[a], start[a], end[b], book.layer, f"{book.name}:{code.id}", code.patterns[n])
        for book in codebooks for code in book.codes for a, b, n in find_hits(index, code)]
    spans = pd.DataFrame(rows, columns=["sent_id", "start", "end", "layer", "code", "rule"])
    spans = spans.sort_values(["sent_id", "start", "code", "end"], kind="stable")
    doc_id = spans.sent_id.astype("int64") // SENTENCE_STRIDE
    return conform("spans", spans.assign(doc_id=doc_id, voice_id=pd.Series(dtype="Int64")))


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

    Of Framebook's own codebooks all codes; of others those with a cue, which go by their ids.
    """
    codes = spans.code[spans.layer == layer].unique()
    ours = [name for name in dict.fromkeys(code.partition(":")[0] for code in codes)
            if (FOLDER / f"{name}.toml").exists()]
    labels = {code: code.partition(":")[2].replace("_", " ").capitalize() for code in codes}
    own = {f"{name}:{code.id}": code.label for name in ours for code in load_codebook(name).codes}
    return own | {code: label for code, label in labels.items() if code not in own}


def count_sentences(spans, sentences, labels=None):
    """Return by code the number of sentences with a cue, and their share of all sentences.

    Columns n_cues, n_sentences (with at least one cue), share (0 to 1), the most frequent
    first. With `labels` ({code: label}) the rows are those codes by their labels, cue or none.
    """
    grouped = spans.groupby("code", observed=True)
    table = pd.DataFrame({"n_cues": grouped.size(), "n_sentences": grouped.sent_id.nunique()})
    if labels is not None:
        table = table.reindex(list(labels)).fillna(0).astype(int).set_axis(list(labels.values()))
    table["share"] = table.n_sentences / max(len(sentences), 1)
    table = table.rename_axis("code")
    return table.sort_values(["n_sentences", "code"], ascending=[False, True])


def count_overlaps(spans, rows, columns):
    """Return how many sentences have a cue of both codes, `rows` and `columns` as {code: label}."""
    found = {code: set(sent_ids) for code, sent_ids in spans.groupby("code").sent_id}
    counts = [[len(found.get(a, set()) & found.get(b, set())) for b in columns] for a in rows]
    return pd.DataFrame(counts, list(rows.values()), list(columns.values()), dtype="int64")
