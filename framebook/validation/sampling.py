"""A blind sample for human coders: what to code, in which order, and the key that they don't see.

The units are drawn from strata with known probabilities, so that what was coded can be weighted
back to the corpus (Särndal, Swensson & Wretman 1992, doi:10.1007/978-1-4612-4378-6).
"""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd

from framebook.chain import derive_from
from framebook.common.errors import InputError
from framebook.common.folders import replacing, write_json
from framebook.common.resampling import cluster
from framebook.framing.codebook import Codebook, load_codebook
from framebook.loading.articles import find_path
from framebook.tables import text_of
from framebook.validation.design import UNITS, describe_design, digest
from framebook.validation.sheets import LONGEST, TAKEN, show_text, write_sheets

UNMARKED = "unmarked"  # the stratum of the units in which the codebook finds nothing


def sample(
    path,
    codebook,
    out,
    n=200,
    unit="sentence",
    coders=2,
    seed=1,
    as_is=False,
    columns=None,
    by_source=False,
):
    """Write a blind sample to the folder `out`: for-coders/ and, not for them, design.json.

    for-coders/ has a sheet a coder (.xlsx and .csv, the same rows in an order of their own) and
    codebook.txt; nothing in it says what the program found. `by_source` makes each outlet a stratum
    of its own within each code's. The folder has no manifest, so that
    no other command replaces sheets that people have filled in. Raises InputError when the
    corpus or codebook can't be read, a number is too small, or `out` holds anything.
    """
    from framebook.loading.articles import load_documents

    book, corpus = load_codebook(codebook), find_path(path)
    with replacing(out, corpus) as folder:
        documents, loading = load_documents(corpus, as_is, columns)
        made = derive_from(documents, [book], {"sentences", "spans"})
        units = list_units(documents, made["sentences"], made["spans"], book, unit)
        units["cluster"] = cluster(units, loading)
        if by_source:
            units["stratum"] += " | " + units.source
        drawn = draw(units, n, seed)
        design = describe_design(documents, units, drawn, book, unit, seed)
        if notes := list_notes(units, book, n):
            design["notes"] = notes
        write_json(design, folder / "design.json")
        write_sheets(folder / "for-coders", drawn, design, book, coders)
    return Path(out)


def list_notes(units, book, n):
    """Return what to know before coders begin: codes that nothing has a cue of, units that lack."""
    found = set(units.codes.explode().dropna())
    none = [code.id for code in book.codes if code.id not in found]
    notes = []
    if len(none) == len(book.codes):
        notes.append(
            f"The codebook {book.name} has no match in the corpus, so that the coders would look "
            "for something that may not be there; try another codebook first."
        )
    elif none:
        notes.append(f"No unit has a cue of {', '.join(none)}; those drawn are of other codes.")
    if len(units) < n:
        notes.append(f"The corpus has {len(units)} units, fewer than {n}; all were drawn.")
    if cut := int((units.text.str.len() == LONGEST).sum()):
        notes.append(
            f"{cut} units are longer than {LONGEST:,} characters; coders see the beginning."
        )
    return notes


def list_units(
    documents: pd.DataFrame,
    sentences: pd.DataFrame,
    spans: pd.DataFrame,
    book: Codebook,
    unit: str = "sentence",
) -> pd.DataFrame:
    """Return all units of a corpus with the program's labels, one row per unit, in their order.

    `unit` is sentence; span: every place with a cue and every sentence without any; or article,
    which has the codes of its sentences and its first sentence's sent_id. Columns sent_id, doc_id,
    start, end, source (the outlet), before, text, after, codes (a sorted list of ids), stratum (the
    rarest code that marks the unit, or `unmarked`). Raises InputError for another unit, and for a
    code whose id is a column of the coding sheets.

    >>> from framebook.framing import find_cues, load_codebook
    >>> from framebook.tables import make_documents
    >>> from framebook.tokenising import tokenise
    >>> book, documents = load_codebook("generic-news-frames"), make_documents(["They clash. So?"])
    >>> sentences, tokens = tokenise(documents)
    >>> list_units(documents, sentences, find_cues(tokens, [book]), book).codes.tolist()
    [['conflict'], []]
    """
    if unit not in UNITS:
        raise InputError(f"The unit {unit!r} is not known; use sentence, span or article.")
    taken = {code.id for code in book.codes} & TAKEN
    if taken:
        raise InputError(
            f"The codebook {book.name} has a code {min(taken)!r}, which is a column "
            "of the coding sheets; give the code another id."
        )
    texts = pd.Series([show_text(text) for text in text_of(documents, sentences)], dtype="str")
    doc_id = sentences.doc_id.reset_index(drop=True)
    around = [texts.shift(by).where(doc_id.shift(by) == doc_id, "") for by in (1, -1)]
    units = sentences[["sent_id", "doc_id", "start", "end"]].assign(
        source=doc_id.map(documents.set_index("doc_id").source).fillna("").to_numpy(),
        before=around[0].to_numpy(),
        text=texts.to_numpy(),
        after=around[1].to_numpy(),
    )
    place = {"sentence": ["sent_id"], "span": ["sent_id", "start", "end"], "article": ["doc_id"]}
    found = spans.assign(code=spans.code.str.split(":").str[-1])
    found = found.groupby(place[unit]).code.agg(lambda codes: sorted(set(codes)))
    if unit == "sentence":
        units["codes"] = units.sent_id.map(found)
    elif unit == "article":
        units = _join_sentences(documents, units, found)
    else:
        units = _mark_spans(documents, units, found.rename("codes").reset_index())
    units["codes"] = [codes if isinstance(codes, list) else [] for codes in units.codes]
    rarity = units.codes.explode().value_counts()
    units["stratum"] = [
        min(codes, key=lambda code: (rarity[code], code)) if codes else UNMARKED
        for codes in units.codes
    ]
    return units.reset_index(drop=True)


def _join_sentences(documents, units, found):
    """Return one row per article that has a sentence; ¶ stands where a paragraph begins."""
    units = units.drop_duplicates("doc_id")
    texts = documents.set_index("doc_id").text[units.doc_id]
    shown = [show_text(re.sub(r"\n\s*\n", " ¶ ", text.strip())) for text in texts]
    return units.assign(start=0, end=texts.str.len().to_numpy(), before="", text=shown, after="",
                        codes=units.doc_id.map(found))  # fmt: skip


def _mark_spans(documents, units, places):
    """Return one row per cue, marked [[ ]]; sentences without a cue stay whole."""
    whole = units.rename(columns={"start": "first", "end": "last"})
    units = whole.merge(places, on="sent_id", how="left")
    units["start"] = units.start.fillna(units["first"]).astype("int64")
    units["end"] = units.end.fillna(units["last"]).astype("int64")
    texts = dict(zip(documents.doc_id, documents.text, strict=True))
    units["text"] = [
        show_text(f"{texts[d][a:b]}[[{texts[d][b:c]}]]{texts[d][c:e]}")
        for d, a, b, c, e in zip(
            units.doc_id, units["first"], units.start, units.end, units["last"], strict=True
        )
    ]
    return units.drop(columns=["first", "last"])


def allocate(sizes, n):
    """Return {stratum: units to draw}: two each, then equally, a third of all to the unmarked.

    A stratum that is too small leaves its share to the others. Raises InputError when `n` is
    less than two units a stratum.
    """
    bare = {name for name in sizes if name.split(" | ")[0] == UNMARKED}
    weights = {
        name: max(len(sizes) - len(bare), 1) / 2 / len(bare) if name in bare else 1
        for name in sizes
    }
    given = {name: min(2, size) for name, size in sizes.items()}
    if n < sum(given.values()):
        raise InputError(
            f"A sample of {n} is too small for {len(sizes)} strata (one a code, one "
            f"for the unmarked): draw at least {sum(given.values())}."
        )
    for _ in range(min(n, sum(sizes.values())) - sum(given.values())):
        room = [name for name in sizes if given[name] < sizes[name]]
        given[min(room, key=lambda name: (given[name] + 1) / weights[name])] += 1
    return given


def draw(units: pd.DataFrame, n: int, seed: int) -> pd.DataFrame:
    """Return `n` units of `list_units`, in order of the corpus, with their probabilities.

    Columns added: unit (an id, dealt at random) and inclusion_probability (above 0 to 1: drawn/all
    of the stratum, exactly). Each stratum is drawn systematically from its units in order of
    source, so that each source gets its share to the nearest unit (Särndal, Swensson & Wretman
    1992, section 3.4, doi:10.1007/978-1-4612-4378-6). Raises InputError for a seed below 0, or
    fewer than two units per stratum.

    >>> units = pd.DataFrame({"text": list("abcd"), "source": "", "stratum": "unmarked"})
    >>> draw(units, 2, seed=1).inclusion_probability.tolist()
    [0.5, 0.5]
    """
    if seed < 0:
        raise InputError(f"The seed {seed} is below 0; give a whole number from 0 up.")
    generator, drawn = np.random.default_rng(seed), []
    sizes = units.stratum.value_counts().sort_index().to_dict()
    for name, count in allocate(sizes, n).items():
        own = units[units.stratum == name].iloc[generator.permutation(sizes[name])]
        own = own.sort_values("source", kind="stable")
        steps = np.arange(sizes[name] + 1) * count + generator.integers(sizes[name])
        own = own[np.diff(steps // sizes[name]) == 1]
        drawn.append(own.assign(inclusion_probability=count / sizes[name]))
    drawn = pd.concat(drawn).sort_index()
    mark = digest(json.dumps([seed, *drawn.text]))[:5]
    drawn["unit"] = [f"u{mark}-{number:04}" for number in generator.permutation(len(drawn)) + 1]
    return drawn
