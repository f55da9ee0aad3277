"""A finished report checked again: files, texts, tables, prose, figures.

Each check stands by itself. What was generated is made again from the report's own tables, and
they from its own texts, and compared: what was changed is found even where its checksum was
changed with it.
"""

import filecmp
import json
import os
import re
import shutil
import tempfile
from dataclasses import replace
from html import unescape
from itertools import islice
from pathlib import Path

import pandas as pd

from framebook.common.errors import ChapterError, InputError
from framebook.common.folders import hash_files
from framebook.common.text import count_of
from framebook.framing.codebook import FOLDER, load_codebook
from framebook.loading.articles import find_path, make_rows, read_rows
from framebook.loading.corpus_toml import read_provenance
from framebook.report.found import read_columns
from framebook.report.report import identify_program, list_versions, make_pages
from framebook.report.table_checking import (
    UNREADABLE,
    find_derived_faults,
    find_table_faults,
    one_line,
)
from framebook.scaling import BLOCK
from framebook.validation.agreement import measure
from framebook.validation.cards import read_cards
from framebook.validation.sheets import read_coded

SHOWN = 3  # of what is wrong in a check, how much its line names
FIELDS = ["sha256", "source", "date", "author", "language"]  # of an article; the title is in it
STATED = {"files", "codes", "versions", "system", "program"}  # checked elsewhere
NEEDED = {  # by kind, what a manifest states
    "comparison": {},
    "tables": {
        "as_is": bool,
        "columns": dict,
        "codebooks": list,
        "rows": dict,
        "corpus": str,
        "inputs": str,
    },
    "report": {
        "title": str,
        "corpus": str,
        "chapters": list,
        "codes": bool | str,
        "named": bool,
        "lessons": bool,
        "single_file": bool,
        "versions": dict,
        "findings": list,
    },
}
WINDOW = 2**20  # bytes around the first difference of two files


def check(out, corpus=None, codes=None, codebooks=()):
    """Yield (check, whether it is well, a sentence) for each check of the folder `out`.

    None stands for what could not be checked, or may come of another version of the program. Of
    a folder that `framebook tables` made, all but the pages is checked, of a comparison the files.
    `corpus` is where its texts lie now, `codes` where its human codes do, `codebooks` where its
    own codebooks do. Raises InputError when `out` is no folder of Framebook's, or one of the
    others is not there.
    """
    out = Path(out)
    manifest = _read_manifest(out)
    corpus, codes = (find_path(path) if path else None for path in (corpus, codes))
    given = [load_codebook(book) for book in codebooks]
    yield _state(
        "files",
        _compare_files(manifest["files"], hash_files(out)),
        f"all {len(manifest['files'])} are as they were written",
    )
    if manifest["kind"] == "comparison":
        yield "pages", None, "a comparison is not made again, so that only checksums are compared"
        return
    folder, same = out if manifest["kind"] == "tables" else out / "tables", None
    if manifest["kind"] == "report":
        yield (versions := _compare_versions(manifest))
        same = versions[1]
    try:
        made = _read_manifest(folder)
    except InputError as error:
        yield "tables", False, f"{str(error)[:-1]}, and nothing else can be checked without them"
        return
    yield _check_inputs(folder, made, corpus, same)
    yield _state(
        "tables",
        find_table_faults(folder, made),
        "columns, ids and places in the texts are right, and all "
        f"{count_of(sum(made['rows'].values()), 'row')} are there",
    )
    yield from _check_derived(folder, made, given, same)
    if manifest["kind"] == "report":
        yield from _check_generated(out, manifest, _find_books(made, given), codes, same)


def _read_manifest(folder):
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        ours = manifest["made_by"].startswith("framebook ") and manifest["kind"] in NEEDED
    except (*UNREADABLE, TypeError, AttributeError):
        ours = False
    if not ours:
        raise InputError(
            f"{folder} holds no report, tables or comparison of Framebook's; "
            "name a folder with its manifest.json."
        )
    needed = {"files": dict, **NEEDED[manifest["kind"]]}
    if lacking := [
        name
        for name, kind in needed.items()
        if not isinstance(manifest.get(name), kind)
        or kind is list
        and name != "chapters"
        and not all(isinstance(one, dict) for one in manifest[name])
    ]:
        raise InputError(
            f"manifest.json in {folder} does not state {', '.join(lacking)}; it was "
            "changed or made by a version that did not, so make it anew."
        )
    return manifest


def _state(check, faults, well, same=True):
    """Return a check's line: what is well, or the first faults and how many there are more.

    Where the program is not the `same` that made the folder, they may be none.
    """
    faults = list(faults)
    if not faults:
        return check, True, well
    more = f"; and {len(faults) - SHOWN:,} more" if len(faults) > SHOWN else ""
    may = "" if same else " (which may come of another version of the program alone)"
    return check, False if same else None, "; ".join(faults[:SHOWN]) + more + may


def _compare_files(stated, found):
    for place in sorted(stated.keys() | found.keys()):
        if place not in found:
            yield f"{place} is gone; make the report anew"
        elif place not in stated:
            yield f"{place} is no part of it; take it out"
        elif stated[place] != found[place]:
            yield f"{place} was changed since it was written"


def _check_inputs(folder, made, corpus, same):
    """Return the line on the texts: read again, they are those of the tables or not."""
    try:
        path = corpus or find_path(made["corpus"])
    except InputError:
        return (
            "inputs",
            None,
            (
                f"“{made['corpus']}” is not here; say with --corpus where the "
                "texts lie, for they are not read again without"
            ),
        )
    try:
        documents = read_columns(folder, "documents", "doc_id", *FIELDS)
        loading = read_columns(folder, "loading", "path", "key", "status")
        rows, met, first = read_rows(path, made["columns"]), [_mark(documents[:0], loading[:0])], 0
        while part := list(islice(rows, BLOCK)):
            met.append(_mark(*make_rows(part, first, made["as_is"]), first))
            first += len(part)
        now, then = _by_place(pd.concat(met)), _by_place(_mark(documents, loading))
        told = read_provenance(path)
    except UNREADABLE as error:
        return "inputs", False, f"they cannot be compared: {one_line(error).removesuffix('.')}"
    faults = [
        f"{place} {what}"
        for what, places in (
            (
                "is another text now, or has another source, date, author or language",
                {place for place in now.keys() & then.keys() if now[place] != then[place]},
            ),
            ("was added", now.keys() - then.keys()),
            ("is gone", then.keys() - now.keys()),
        )
        for place in sorted(places)
    ]
    if told != made.get("provenance", {}):
        faults.append("corpus.toml says something else")
    check, well, text = _state(
        "inputs",
        faults,
        f"what is in {path} is what was analysed, {count_of(len(documents), 'text')}",
    )
    if not well:
        text = f"in {path}: {text}" + " (unless this version reads them otherwise)" * (not same)
        text += "; if the texts lie elsewhere now, say where with --corpus" * (not corpus)
    return check, well, text


def _mark(documents, loading, first=0):
    """Return `loading` with a mark of what each row that was read holds, 0 where it was refused."""
    marks = pd.util.hash_pandas_object(documents[FIELDS], index=False).set_axis(documents.doc_id)
    rows = range(first, first + len(loading))
    return loading.assign(mark=marks.reindex(rows, fill_value=0).to_numpy())


def _by_place(loading):
    """Return {file and key, with a number where several have the same: (status, mark)}."""
    place = loading.path + (", " + loading.key.astype("str")).fillna("")
    number = loading.groupby(place).cumcount() + 1
    several = loading.groupby(place).path.transform("size") > 1
    place += (" row " + number.astype("str")).where(several, "")
    values = zip(loading.status, loading.mark, strict=True)
    return dict(zip(place, values, strict=True))


def _find_books(made, given):
    """Return (the codebooks that were used, as far as they are here; the names of the others)."""
    ours = {path.stem for path in FOLDER.glob("*.toml")}
    told = [(str(book.get("name")), book.get("sha256")) for book in made["codebooks"]]
    known = {
        book.sha256: book
        for book in [*map(load_codebook, sorted(ours & {name for name, _ in told})), *given]
    }
    books = [known[mark] for _, mark in told if mark in known]
    left = [name for name, mark in told if mark not in known]
    return books, left


def _check_derived(folder, made, given, same):
    """Yield the lines on the codebooks, and on the tables made again from texts and codebooks."""
    books, left = _find_books(made, given)
    names = ", ".join(f"“{name}”" for name in left)
    faults = [
        f"“{book.name}” as it was given is none that was used"
        for book in given
        if book not in books
    ]
    if left and not faults:
        yield (
            "codebooks",
            None,
            (
                f"{names} as used then is not here, and its cues are not looked "
                "for again: say with --codebook where it lies"
            ),
        )
    else:
        yield _state(
            "codebooks", faults, f"{count_of(len(made['codebooks']), 'codebook')}, as used then"
        )
    yield _state(
        "derived",
        find_derived_faults(folder, books, left),
        "tone, voices and cues are what the texts in the tables give"
        + f", less the cues of {names}" * bool(left),
        same,
    )


def _compare_versions(manifest):
    """Return the line on the program and its packages: which are not those of the report."""
    here, then = (
        {
            **versions,
            "system": told.get("system", "unknown"),
            "program": str(told.get("program", "unknown"))[:8],
        }
        for versions, told in (
            (list_versions(), identify_program()),
            (manifest["versions"], manifest),
        )
    )
    other = [
        f"{name} was {then.get(name, 'none')} and is {here.get(name, 'none')}"
        for name in sorted(here.keys() | then.keys())
        if here.get(name) != then.get(name)
    ]
    if not other:
        return "versions", True, "the program and its packages are those that made it"
    return (
        "versions",
        None,
        (
            f"{', '.join(other)}; what is made again below may differ for that "
            "alone, and only the versions that made the report can tell"
        ),
    )


def _check_generated(out, manifest, books, codes, same):
    """Yield the lines on what is made from the tables: pages and figures."""
    books, left = books
    try:
        cards = read_cards(out / "cards.json") if (out / "cards.json").exists() else []
        if manifest["codes"] or codes:
            codes, line = _check_codes(cards, manifest["codes"], codes, same)
            yield line
        if left:
            yield "pages", None, "pages are not made again without all of the codebooks"
            return
        with tempfile.TemporaryDirectory(prefix="framebook-") as place:
            new = Path(place, "report")
            shutil.copytree(out / "tables", new / "tables")
            make_pages(
                new,
                Path(manifest["corpus"]),
                manifest["title"],
                books,
                cards,
                codes or manifest["codes"] and Path(manifest["codes"]),
                **{name: manifest[name] for name in ("named", "single_file", "lessons")},
            )
            yield from _compare_generated(out, new, manifest, same)
    except (*UNREADABLE, ChapterError) as error:
        said = f"nothing can be made of the tables to compare: {one_line(error)}"
        yield _state("pages", [said], "", same)


def _check_codes(cards, name, codes, same):
    """Return (the folder of the human codes or None, the line on them)."""
    if not name:
        return None, ("codes", None, "the report was made without; what --codes names is not used")
    without = "; say with --codes where the human codes lie, or their agreement is not compared"
    try:
        path = codes or find_path(name if isinstance(name, str) else "")
    except InputError:
        known = f"“{name}” is" if isinstance(name, str) else "they are"
        return None, ("codes", None, f"{known} not here{without}")
    try:
        now = measure(*read_coded(path))
    except InputError as error:
        return None, ("codes", False, f"{str(error)[:-1]}{without}")
    faults = [
        f"in {path}: the agreement on {card.label} is not that of the report"
        for card in cards
        if replace(card, current=False) not in now
    ]
    return path, _state(
        "codes",
        faults,
        f"what is in {path} gives the agreement of the report, on {count_of(len(cards), 'code')}",
        same,
    )


def _plain(page):
    return " ".join(unescape(re.sub(r"<[^>]*>", "", page)).split())


def _compare_generated(out, new, manifest, same):
    """Yield the lines on figures and pages."""
    own, made = (
        {place: root / place for place in hash_files(root) if not place.startswith("tables/")}
        for root in (out, new)
    )
    faults = {"figures": [], "pages": []}
    for place in sorted(own.keys() | made.keys()):
        own_faults = faults["figures" if place.startswith("figures/") else "pages"]
        if place not in own:
            own_faults.append(f"{place} is gone")
        elif place not in made:
            own_faults.append(f"{place} is not made from these tables")
        elif not filecmp.cmp(own[place], made[place], shallow=False):
            own_faults.append(f"{place} {_tell_apart(place, own[place], made[place])}")
    now = json.loads((new / "manifest.json").read_text(encoding="utf-8"))
    faults["pages"] += [
        f"manifest.json has another {key}"
        for key in sorted((now.keys() | manifest.keys()) - STATED)
        if now.get(key) != manifest.get(key)
    ]
    n = sum(place.startswith("figures/") for place in made)
    yield _state("figures", faults["figures"], f"all {n} are what the tables give", same)
    yield _state(
        "pages",
        faults["pages"],
        f"all {len(made) - n} are what the tables give",
        same,
    )


def _tell_apart(place, then, now):
    """Return in words where a file first parts from what the tables give."""
    if place.endswith(".png"):
        return "is not the picture that the tables give"
    before = 0  # of what both begin with, in whole windows
    with then.open("rb") as a, now.open("rb") as b:
        while (data := a.read(WINDOW)) and data == b.read(WINDOW):
            before += WINDOW
        texts = []
        for file in (a, b):
            file.seek(max(before - WINDOW, 0))
            texts.append(file.read(3 * WINDOW).decode("utf-8", "replace"))
    then, now = texts
    at = len(os.path.commonprefix([then, now]))
    tag = then[then.rfind("<", 0, at) + 1 : then.find(">", at)]
    if tag.startswith("img") and ">" not in tag:
        told = re.search('alt="([^"]*)', tag)
        return f"has another picture or text for it than the tables give: {told and told[1][:80]}"
    start = max(then.rfind("<", 0, at), then.rfind(">", 0, at), at - 40) + 1
    said, given = (_plain(re.match("[^<>]{,80}", text[start:])[0]) for text in (then, now))
    if not said or not given or said == given:  # it is in no text
        said, given = (" ".join(text[max(at - 20, 0) : at + 60].split()) for text in (then, now))
    return f"says “{said}” where the tables give “{given}”"
