"""Codebooks, and the cues that their patterns find.

A codebook is a TOML file of codes with definitions, examples and patterns. A pattern's
hit is a cue: a place worth reading. It is not a frame, which is what a reader says.
"""

import hashlib
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np
import pandas as pd

from framebook.decisions import check_rule
from framebook.encoding import UNSEEN, check_size
from framebook.errors import InputError
from framebook.matching import TokenIndex, find_hits
from framebook.repairs import storable
from framebook.tables import SENTENCE_STRIDE, VOCABULARIES, conform

FOLDER = Path(__file__).parent / "codebooks"
DOTTED = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*\.[ \t]*){50}""")


@dataclass
class Code:
    """One code of a codebook.

    `patterns` are its own and then those of its indicators; `indicators` is {id: question}, and
    `indicator_of` {pattern: id of the indicator that asks for it}, the first where several do.
    """

    id: str
    label: str
    definition: str
    patterns: list
    parent: str = ""
    examples: list = field(default_factory=list)
    counterexamples: list = field(default_factory=list)
    exclude: list = field(default_factory=list)
    indicators: dict = field(default_factory=dict)
    indicator_of: dict = field(default_factory=dict)
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
    licence: str = ""
    sha256: str = ""  # of its file, line ends as LF

    def label(self, code):
        """Return the label of a code id such as `conflict` or `codebook:conflict`."""
        return next(c.label for c in self.codes if c.id == code.rpartition(":")[2])


def load_codebook(source):
    """Return the Codebook in a TOML file, or the one that comes with Framebook by that name."""
    path = Path(source) if Path(source).suffix else FOLDER / f"{source}.toml"
    try:
        check_size(path)
        text = path.read_text(encoding="utf-8")
        data = parse_toml(text)
    except FileNotFoundError:
        ours = ", ".join(sorted(p.stem for p in FOLDER.glob("*.toml")))
        raise InputError(f"There is no codebook {source}; give a .toml file or one of: "
                         f"{ours}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"The codebook {path.name} is not valid TOML: {error}.") from None
    head = data.get("codebook")
    if not isinstance(head, dict) or not is_name(head.get("name")) or not data.get("code"):
        raise InputError(f"The codebook {path.name} needs [codebook] with a name that holds no "
                         "colon, and a [[code]].")
    check_texts(head, path.name, ("title", "citation", "licence"))
    layer, layers = head.get("layer", "theme"), VOCABULARIES["layer"]
    if layer not in layers:
        raise InputError(f"The codebook {path.name} has the layer {layer!r}; "
                         f"use one of: {', '.join(layers)}.")
    try:
        codes = [read_code(entry, path.name) for entry in data["code"]]
    except (AttributeError, TypeError):
        raise InputError(f"The codebook {path.name}: each code is a table [[code]], each indicator "
                         "a table [[code.indicator]], and patterns and exclude are lists of "
                         "texts.") from None
    for code, entry in zip(codes, data["code"], strict=True):
        check_texts(entry, path.name, ("label", "definition", "parent"))
        check_rule(code, path.name)
    for code_id, n in Counter(code.id for code in codes).items():
        if n > 1:
            raise InputError(f"The codebook {path.name} has two codes with the id {code_id!r}.")
    return Codebook(head["name"], head.get("title", head["name"]), head.get("citation", ""),
                    str(head.get("version", "")), layer, codes, head.get("licence", ""),
                    hashlib.sha256(text.encode()).hexdigest())


def parse_toml(text):
    """Return the tables of a TOML text; raises TOMLDecodeError or RecursionError.

    Also for keys of many parts (a.b.c…), whose time grows with the square, and huge numbers.
    """
    if DOTTED.search(text):
        raise tomllib.TOMLDecodeError("a key has more than 50 parts")
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise tomllib.TOMLDecodeError(str(error)) from None


def is_name(text):
    """Return whether a text can be a name or an id: a colon stands between them in `code`."""
    return isinstance(text, str) and bool(text) and ":" not in text


def read_code(entry, where):
    """Return the Code in one [[code]] table; raises InputError, naming the file `where`."""
    indicators = entry.get("indicator", [])
    patterns = entry.get("patterns", []) + [p for i in indicators for p in i.get("patterns", [])]
    if not is_name(entry.get("id")) or not patterns:
        raise InputError(f"The codebook {where}: each [[code]] needs an id without a colon, and "
                         f"patterns; {entry.get('id') or 'one without an id'} lacks them.")
    for pattern in patterns + entry.get("exclude", []):
        if not isinstance(pattern, str) or not re.sub(r"[*?.…\s]", "", pattern):
            raise InputError(f"The codebook {where}, code {entry['id']}: the pattern "
                             f"{pattern!r} has no letter to look for.")
    known = {f.name for f in fields(Code)} - {"patterns", "indicators", "indicator_of", "extra"}
    given = {"label": entry["id"], "definition": ""} | {k: entry[k] for k in known & entry.keys()}
    extra = {key: entry[key] for key in entry.keys() - known - {"indicator", "patterns"}}
    questions = {i.get("id", ""): i.get("question", "") for i in indicators}
    indicator_of = {p: i.get("id", "") for i in reversed(indicators) for p in i.get("patterns", [])}
    return Code(**given, patterns=patterns, indicators=questions, indicator_of=indicator_of,
                extra=extra)


def check_texts(table, where, texts):
    """Raise InputError where a table of a codebook holds what no label or figure can show."""
    other = next((key for key in texts if not isinstance(table.get(key, ""), str)), None)
    if other:
        raise InputError(f"The codebook {where}: {table[other]!r} is no {other}; "
                         "give a text in quotation marks.")
    parts = [table]
    for part in parts:  # which grows
        if isinstance(part, dict | list):
            parts += [*part, *part.values()] if isinstance(part, dict) else part
        elif isinstance(part, str) and (UNSEEN.search(part) or storable(part) != part):
            raise InputError(f"The codebook {where} holds control characters, in {part[:80]!r}; "
                             "take them out.")


def find_cues(tokens, codebooks, index=None):
    """Return the spans that the codebooks' patterns find, in order of the text.

    voice_id is null (`voices.assign_voices` fills it). Inside a code the longest hit wins; codes
    may overlap each other; a hit that overlaps an `exclude` pattern is dropped. `index` is the
    TokenIndex of the tokens, if made.
    """
    index = index or TokenIndex(tokens)
    codes = [(book, code) for book in codebooks for code in book.codes]
    n, first, last, pattern = find_hits(index, [code for _, code in codes])
    names = np.array([f"{book.name}:{code.id}" for book, code in codes], object)
    layers = np.array([book.layer for book, _ in codes], object)
    rules = [codes[a][1].patterns[b] for a, b in zip(n.tolist(), pattern.tolist(), strict=True)]
    sent_id = index.sent[first]
    start, end = tokens.start.to_numpy()[first], tokens.end.to_numpy()[last]
    order = np.lexsort((end, np.argsort(np.argsort(names, kind="stable"))[n], start, sent_id))
    spans = pd.DataFrame({
        "doc_id": sent_id // SENTENCE_STRIDE, "sent_id": sent_id, "start": start, "end": end,
        "layer": layers[n], "code": names[n], "rule": np.array(rules, object)}).iloc[order]
    return conform("spans", spans.assign(voice_id=pd.Series(dtype="Int64")))


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
