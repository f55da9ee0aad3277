"""Check a finished result: make it again from its inputs, and compare every file.

What cannot be made again is named first. Checksums are not trusted, for whoever changes a file can
write them again; and another version of a package excuses the last digits of a score and the pixels
of a picture, never a word, a count, a tag or a missing part.
"""

import base64
import io
import json
import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from matplotlib.image import imread

from framebook import tables
from framebook.chain import derive_from
from framebook.common.errors import ChapterError, InputError
from framebook.common.folders import hash_files, write_json
from framebook.common.program import identify_program, list_versions
from framebook.framing.codebook import FOLDER, load_codebook
from framebook.loading.articles import find_path
from framebook.report.found import read_links
from framebook.report.report import make_pages
from framebook.scaling import list_codes, make_tables, write_articles
from framebook.validation.agreement import measure_again
from framebook.validation.cards import is_current, read_cards

UNREADABLE = (OSError, ValueError, LookupError, ArithmeticError, TypeError, AttributeError)
SHOWN = 3  # faults of a check that its line names
NEEDED = {  # by kind, what a manifest states
    "tables": {"as_is": bool, "columns": dict, "codebooks": list, "rows": dict, "corpus": str},
    "report": {
        "title": str,
        "corpus": str,
        "codes": str,
        "named": bool,
        "single_file": bool,
        "lessons": bool,
        "versions": dict,
    },
    "comparison": {
        "title": str,
        "sides": dict,
        "corpora": list,
        "as_is": bool,
        "columns": dict,
        "codebooks": list,
        "versions": dict,
    },
}
# What is not part of the result.
MADE_BY = {"made_by", "versions", "system", "program", "files", "corpus", "corpora"}
PICTURE = re.compile(r"data:image/png;base64,([\w+/=]+)")
NUMBER = re.compile(r"(?<![\w.])-?\d+\.\d{3,}(?!\d*[\w.])")  # a score or a place in a picture
MISSING = {"", "nan", "None", "<NA>"}
CLOSE = 1e-5  # how far two versions' scores may lie apart
ALIKE = 0.02  # how far the pixels of two versions' pictures may lie apart on average (0 to 1)


def check(out, corpora=(), codes=None, codebooks=(), compare=None):
    """Yield (check, whether it is well, a sentence) for each check of the folder `out`.

    None stands for what cannot be known, which comes first. `corpora` are where its texts are now
    (one place, or of a comparison two), `codes` where its human codes are, `codebooks` where its
    own codebooks are; `compare` is what makes a comparison. Raises InputError when `out` is not a
    folder of Framebook's, or one of the others is not there.
    """
    out = Path(out)
    manifest = _read_manifest(out)
    corpora, codes = [find_path(path) for path in corpora], find_path(codes) if codes else None
    given = {book.sha256: (book, path) for path in codebooks for book in [load_codebook(path)]}
    faults_of_files = list(_find_file_faults(out, manifest))
    compared = manifest["kind"] == "comparison"
    folder = out if manifest["kind"] == "tables" else out / "tables"
    unknown, faults, inputs = ["nothing could be made again"], [], None
    try:
        if compared:
            unknown, faults, inputs = _find_sides(manifest, corpora, given)
        else:
            corpus, made = corpora[0] if corpora else None, _read_manifest(folder, "tables")
            unknown, faults, inputs = _find_inputs(out, manifest, made, corpus, codes, given)
    except (*UNREADABLE, InputError) as error:
        faults = [_one_line(error)]
    if unknown:
        yield "not known", None, "; ".join(unknown)
    yield _state("files", faults_of_files, "all are as they were written")
    which = "codebooks are" if compared else "codebooks and human codes are"
    yield _state("inputs", faults, f"the {which} those that were used")
    same = manifest["kind"] == "tables" or not (other := _describe_versions(manifest))
    if not same:
        yield "versions", None, other
    if compared and inputs:
        yield _compare_comparison(out, manifest, inputs, same, compare)
    elif inputs:
        yield from _compare_with_new(out, folder, manifest, made, inputs, same)


def _find_sides(manifest, corpora, given):
    """Return (what cannot be known, faults in the inputs, the corpora and codebooks or None)."""
    books, _, unknown, faults = _find_codebooks(manifest["codebooks"], given)
    try:
        corpora = corpora or [find_path(name) for name in manifest["corpora"]]
        if len(corpora) != len(manifest["corpora"]):
            raise InputError(f"it compares {' and '.join(manifest['corpora'])}: name both")
    except InputError as error:
        unknown.append(
            f"the articles are not here, so that nothing was made again: say with --corpus, once "
            f"for each of them, where they are ({_one_line(error)})"
        )
    return unknown, faults, None if unknown or faults else (corpora, books)


def _compare_comparison(out, manifest, inputs, same, compare):
    """Return the line on a comparison that was made again."""
    corpora, books = inputs
    stated = {name: manifest[name] for name in ("title", "as_is", "columns", "by")}
    stated |= {"names": manifest["sides"], **_find_sources(books)}
    well = "all tables, figures and sentences are what the articles give"
    try:
        with tempfile.TemporaryDirectory(prefix="framebook-") as place:
            compare(*corpora, out=Path(place, "new"), **stated)
            faults = list(_compare_pages(out, Path(place, "new"), same))
        return _state("pages", faults, well)
    except (*UNREADABLE, InputError) as error:
        return "made again", False, f"it could not be made again: {_one_line(error)}"


def _one_line(error):
    return " ".join(str(error).split()).removesuffix(".") or type(error).__name__


def _read_manifest(folder, kind=None):
    """Return a folder's manifest; raises InputError where it is none of ours."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        ours = manifest["made_by"].startswith("framebook ") and manifest["kind"] in NEEDED
    except UNREADABLE:
        ours = False
    if not ours or kind not in (None, manifest["kind"]):
        raise InputError(
            f"{folder} holds no report, tables or comparison of Framebook's; "
            "name a folder with its manifest.json."
        )
    needed = {"files": dict, **NEEDED[manifest["kind"]]}
    if lacking := [name for name, of in needed.items() if not isinstance(manifest.get(name), of)]:
        raise InputError(
            f"manifest.json in {folder} does not state {', '.join(lacking)}; it was changed, or "
            "made by a version that did not: make it again."
        )
    return manifest


def _state(check, faults, well):
    """Return a check's line: what is well, or the first faults and how many there are more."""
    faults = list(faults)
    more = f"; and {len(faults) - SHOWN:,} more" if len(faults) > SHOWN else ""
    return check, not faults, "; ".join(faults[:SHOWN]) + more if faults else well


def _find_file_faults(out, manifest):
    """Yield what is gone, changed, added, hidden, or a link."""
    stated, found = manifest["files"], hash_files(out)
    for path in sorted(out.rglob("*")):
        place = path.relative_to(out).as_posix()
        if path.is_symlink():
            yield f"{place} is a link; take it out"
        elif path.name.startswith("."):
            yield f"{place} is hidden and not part of it; take it out"
        elif not path.is_dir() and place not in found and place != "manifest.json":
            yield f"{place} is not part of it; take it out"
    for place in sorted(stated.keys() | found.keys()):
        if place not in found:
            yield f"{place} is gone"
        elif place not in stated:
            yield f"{place} is not part of it; take it out"
        elif stated[place] != found[place]:
            yield f"{place} was changed since it was written"


def _find_inputs(out, manifest, made, corpus, codes, given):
    """Return (what cannot be known, faults in the inputs, what is needed to make it again)."""
    unknown = []
    try:
        corpus = corpus or find_path(made["corpus"])
    except InputError:
        unknown.append(
            f"the articles (“{made['corpus']}”) are not here, so that changed texts, titles, "
            "authors, copies and refused files would not be seen: say with --corpus where they are"
        )
    books, left, more, faults = _find_codebooks(made["codebooks"], given)
    unknown, cards = unknown + more, []
    if manifest.get("codes"):
        cards = read_cards(out / "cards.json")
        try:
            measured = measure_again(codes or find_path(manifest["codes"]))
            own = [book for book, *_ in books]
            cards = [replace(card, current=is_current(card, own)) for card in measured]
        except InputError as error:
            unknown.append(
                "the agreement with human codes was not measured again, so that a forged one would "
                f"not be seen: say with --codes where they are ({_one_line(error)})"
            )
    return unknown, faults, (corpus, books, left, cards)


def _find_codebooks(stated, given):
    """Return ((codebook, source, whether a list of speakers), names not found, unknown, faults)."""
    ours = [load_codebook(path.stem) for path in sorted(FOLDER.glob("*.toml"))]
    known = {book.sha256: (book, book.name) for book in ours} | given
    books, left = [], []
    for told in stated:
        name, digest = str(told.get("name")), told.get("sha256")
        books += [(*known[digest], told.get("speakers"))] if digest in known else []
        left += [name] if digest not in known else []
    unknown = [
        f"the codebook “{name}” as it was used is not here, so that neither its cues nor the pages "
        "can be made again: say with --codebook where it is"
        for name in left
    ]
    used = {book.sha256 for book, *_ in books}
    faults = [
        f"“{book.name}” as it was given is none that was used"
        for digest, (book, _) in given.items()
        if digest not in used
    ]
    return books, left, unknown, faults


def _describe_versions(manifest):
    """Return which of the program's parts are not those that made the report, or ""."""
    now, then = (
        told["versions"] | {"system": told.get("system"), "program": str(told.get("program"))[:8]}
        for told in ({"versions": list_versions(), **identify_program()}, manifest)
    )
    other = [
        f"{name} was {then.get(name, 'none')} and is {now.get(name, 'none')}"
        for name in sorted(now.keys() | then.keys())
        if now.get(name) != then.get(name)
    ]
    excused = "the last digits of scores and the pixels of pictures may differ for that alone"
    return f"{', '.join(other)}; {excused}" if other else ""


def _compare_with_new(out, folder, manifest, made, inputs, same):
    """Yield the lines on what was made again: the tables, then the pages and figures."""
    corpus, books, left, cards = inputs
    try:
        with tempfile.TemporaryDirectory(prefix="framebook-") as place:
            new = Path(place, "report")
            tables_at = new if folder == out else new / "tables"
            new.mkdir()
            _make_tables(folder, tables_at, made, corpus, books)
            faults = _compare_tables(folder, tables_at, left, same)
            yield _state("tables", faults, "all rows are what the texts give")
            if folder == out or left:
                return
            # The pages are made of the report's own tables, so that a fault is told once.
            shutil.rmtree(tables_at)
            shutil.copytree(folder, tables_at)
            make_pages(
                new,
                Path(manifest["corpus"]),
                manifest["title"],
                [book for book, *_ in books],
                cards,
                manifest["codes"] and Path(manifest["codes"]),
                links=read_links(out / "speaker_links.csv") if manifest.get("links") else None,
                home=manifest.get("home"),
                **{name: manifest[name] for name in ("named", "single_file", "lessons")},
            )
            faults = _compare_pages(out, new, same)
            yield _state("pages", faults, "all pages and figures are what the tables give")
    except (*UNREADABLE, ChapterError, InputError) as error:
        yield "made again", False, f"it could not be made again: {_one_line(error)}"


def _find_sources(books):
    """Return the codebooks and the list of speakers as options of what is made again.

    Without a codebook of its own, a corpus has those that its corpus.toml names.
    """
    speakers = [source for _, source, is_list in books if is_list]
    codebooks = [source for _, source, is_list in books if not is_list]
    return {"codebooks": codebooks, "speakers": speakers[0] if speakers else None}


def _make_tables(folder, new, made, corpus, books):
    """Write the tables of the corpus; without it, those that the stored texts give."""
    if corpus:
        stated = {"as_is": made["as_is"], "columns": made["columns"] or None}
        make_tables(corpus, new, **stated, **_find_sources(books))
        return
    shutil.copytree(folder, new, ignore=shutil.ignore_patterns("articles.*"))
    wanted = frozenset(tables.STORED) - {"documents", "loading"}
    own = [book for book, *_ in books]
    for part in tables.list_parts(folder):
        stored = tables.read_arrow(tables.path_of("documents", folder, part))
        documents = tables.conform("documents", stored.to_pandas())
        for name, table in derive_from(documents, own, wanted).items():
            tables.write(name, table, new, part)
    write_articles(new, list_codes(own), new)
    write_json(made | {"files": hash_files(new)}, new / "manifest.json")


def _compare_tables(folder, new, left, same):
    """Yield the tables that are not what the texts give."""
    own, made = (hash_files(root) for root in (folder, new))
    yield from (f"{place} is none of its tables" for place in sorted(own.keys() - made.keys()))
    yield from (f"{place} is gone" for place in sorted(made.keys() - own.keys()))
    first = ("documents", "loading")  # what the others are made from
    both = sorted(own.keys() & made.keys(), key=lambda place: (not place.startswith(first), place))
    for place in both:
        name = Path(place).parts[0].split(".")[0]
        if own[place] == made[place] or (left and name in ("spans", "articles")):
            continue
        then, now = folder / place, new / place
        if not place.endswith(".parquet"):
            if same or not _are_close(then.read_bytes(), now.read_bytes()):
                yield f"{place} is not what the texts give"
            continue
        try:
            then, now = (tables.read_arrow(path).to_pandas() for path in (then, now))
        except UNREADABLE + (InputError,) as error:
            yield f"{place} cannot be read ({_one_line(error)})"
            continue
        if same or not _is_close(then, now):
            yield f"{place} is not what the texts give{_describe_row(then, now)}"
    yield from _compare_manifests(folder, new, {"codebooks", "rows"} if left else set())


def _is_close(then, now):
    """Return whether two tables differ by the last digits of scores only."""
    scores = then.select_dtypes("float").columns
    return (
        list(then) == list(now)
        and len(then) == len(now)
        and then.drop(columns=scores).astype(str).equals(now.drop(columns=scores).astype(str))
        and np.allclose(then[scores], now[scores], rtol=0, atol=CLOSE, equal_nan=True)
    )


def _describe_row(then, now):
    """Return in words where two tables of the same columns first differ."""
    if list(then) != list(now) or then.empty or now.empty:
        return ": its columns are others" if list(then) != list(now) else ""
    n = min(len(then), len(now))
    a, b = (table.iloc[:n].astype(str).reset_index(drop=True) for table in (then, now))
    other = a != b
    rows = np.flatnonzero(other.any(axis=1))
    row = a.iloc[rows[0]] if len(rows) else {}
    names = (row[name] for name in ("path", "key", "title") if row.get(name, "") not in MISSING)
    where = (
        f"row {rows[0] + 1:,}" + "".join(f" ({name})" for name in [*names][:1]) if len(rows) else ""
    )
    if len(then) != len(now):
        return (
            f": it has {len(then):,} rows in place of {len(now):,}"
            + f", from {where} on" * bool(where)
        )
    columns = ", ".join(other.columns[other.iloc[rows[0]]]) if len(rows) else "dtype"
    return f": {where} has another {columns}"


def _compare_manifests(then, now, left_out=frozenset()):
    then, now = (json.loads((at / "manifest.json").read_text("utf-8")) for at in (then, now))
    for key in sorted((then.keys() | now.keys()) - MADE_BY - left_out):
        if then.get(key) != now.get(key):
            yield f"manifest.json says something else on {key}"


def _compare_pages(out, new, same):
    """Yield the files beside the tables that are not what the tables give."""
    own, made = (
        {place: mark for place, mark in hash_files(at).items() if not place.startswith("tables/")}
        for at in (out, new)
    )
    yield from (f"{place} is not made from these tables" for place in sorted(own.keys() - made))
    yield from (f"{place} is gone" for place in sorted(made.keys() - own))
    for place in sorted(own.keys() & made.keys()):
        if own[place] == made[place]:
            continue
        then, now = ((at / place).read_bytes() for at in (out, new))
        if same or not _are_close(then, now, place.endswith(".png")):
            yield f"{place} {_tell_apart(then, now)}"
    yield from _compare_manifests(out, new)


def _are_close(then, now, picture=False):
    """Return whether two files differ by last digits of scores and pixels of pictures only."""
    if picture:
        return _look_alike(then, now)
    then, now = (text.decode("utf-8", "replace") for text in (then, now))
    bare = [PICTURE.sub("(picture)", text) for text in (then, now)]
    scores = [np.array(NUMBER.findall(text), float) for text in bare]
    if NUMBER.sub("0", bare[0]) != NUMBER.sub("0", bare[1]):
        return False
    pictures = zip(PICTURE.findall(then), PICTURE.findall(now), strict=True)
    return np.allclose(*scores, rtol=0, atol=CLOSE) and all(
        a == b or _look_alike(*map(base64.b64decode, (a, b))) for a, b in pictures
    )


def _look_alike(then, now):
    """Return whether two PNG pictures differ as another version of the drawing program may."""
    try:
        then, now = (imread(io.BytesIO(data), format="png")[..., :3] for data in (then, now))
    except (*UNREADABLE, SyntaxError):  # Pillow's word on a file that is not a picture
        return False
    return then.shape == now.shape and float(np.abs(then - now).mean()) <= ALIKE


def _tell_apart(then, now):
    """Return in words where two files first differ."""
    then, now = (text.decode("utf-8", "replace") for text in (then, now))
    at = next((n for n, (a, b) in enumerate(zip(then, now, strict=False)) if a != b), None)
    at = min(len(then), len(now)) if at is None else at
    said, given = (" ".join(text[max(at - 20, 0) : at + 60].split()) for text in (then, now))
    return f"has “{said}” where the tables give “{given}”"
