"""A finished report checked again: files, texts, tables, prose, figures.

Each check stands by itself. What was generated is made again from the report's own tables and
compared, so that a figure or a sentence that was changed is found even where its checksum was
changed with it.
"""

import json
import os
import re
import shutil
import tempfile
from hashlib import sha256
from html import escape, unescape
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from framebook import tables
from framebook.blocks import BLOCK
from framebook.cards import read_cards
from framebook.errors import ChapterError, InputError
from framebook.folders import hash_files
from framebook.loading import find_path, make_rows, read_rows
from framebook.provenance import read_provenance
from framebook.report import find_findings, identify_program, is_seed, list_versions, make_pages
from framebook.tokenising import text_of

UNREADABLE = (OSError, ValueError, KeyError)
SHOWN = 3  # of what is wrong in a check, how much its line names


def check(out, corpus=None, codes=None):
    """Yield (check, whether it is well, a sentence) for each check of the folder `out`.

    None stands for what could not be checked, or is no fault in itself. Of a folder that
    `framebook tables` made, the files, texts and tables are checked, of a comparison the files.
    `corpus` is where its texts lie now, `codes` where its human codes do. Raises InputError when
    `out` is no folder of Framebook's, or `corpus` or `codes` is not there.
    """
    out = Path(out)
    manifest = _read_manifest(out)
    corpus, codes = (find_path(path) if path else None for path in (corpus, codes))
    yield _state("files", _compare_files(manifest["files"], hash_files(out)),
                 f"all {len(manifest['files'])} are as they were written")
    if manifest["kind"] == "comparison":
        return
    folder = out if manifest["kind"] == "tables" else out / "tables"
    made = _read_manifest(folder)
    if manifest["kind"] == "report":
        yield _compare_versions(manifest)
    yield _check_inputs(folder, made, corpus)
    yield _state("tables", _find_table_faults(folder, made),
                 "columns, ids and offsets are right, and there are as many rows as stated")
    if manifest["kind"] == "report":
        yield from _check_generated(out, manifest, codes)


def _read_manifest(folder):
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        ours = manifest["made_by"].startswith("framebook ")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        ours = False
    if not ours:
        raise InputError(f"{folder} holds no report, tables or comparison of Framebook's; "
                         "name a folder with its manifest.json.")
    if not isinstance(manifest.get("files"), dict) or "kind" not in manifest:
        raise InputError(f"{folder} was made by a version that kept no checksums; make it anew.")
    return manifest


def _state(check, faults, well):
    """Return a check's line: what is well, or the first faults and how many there are more."""
    faults = list(faults)
    more = f"; and {len(faults) - SHOWN:,} more" if len(faults) > SHOWN else ""
    return check, not faults, "; ".join(faults[:SHOWN]) + more if faults else well


def _compare_files(stated, found):
    for place in sorted(stated.keys() | found.keys()):
        if place not in found:
            yield f"{place} is gone; make the report anew"
        elif place not in stated:
            yield f"{place} is no part of it; take it out"
        elif stated[place] != found[place]:
            yield f"{place} was changed since it was written"


def _line(error):
    return " ".join(str(error).split())


def _check_inputs(folder, made, corpus):
    """Return the line on the texts: read again, they are those of the tables or not."""
    try:
        path = corpus or find_path(made["corpus"])
        documents, loading = tables.read(folder, "documents", "loading")
    except InputError as error:
        return "inputs", None, f"{str(error)[:-1]}, or say with --corpus where the texts lie."
    except UNREADABLE as error:
        return "inputs", None, f"the tables cannot be read: {_line(error)}"
    rows, met, first = read_rows(path, made["columns"]), [], 0
    while part := list(islice(rows, BLOCK)):
        met.append(_mark(*make_rows(part, first, made["as_is"]), first))
        first += len(part)
    now, then = _by_place(pd.concat(met)), _by_place(_mark(documents, loading))
    faults = [f"{place} {what}" for what, places in (
        ("is another text now", {place for place in now.keys() & then.keys()
                                 if now[place] != then[place]}),
        ("was added", now.keys() - then.keys()), ("is gone", then.keys() - now.keys()),
    ) for place in sorted(places)]
    if read_provenance(path) != made.get("provenance", {}):
        faults.append("corpus.toml says something else")
    return _state("inputs", [f"in {path}: {fault}" for fault in faults],
                  f"what is in {path} is what was analysed, texts: {len(documents):,}")


def _mark(documents, loading, first=0):
    """Return `loading` with the checksum of each row that was read, "" where it was refused."""
    marks = documents.set_index("doc_id").sha256
    return loading.assign(sha256=marks.reindex(range(first, first + len(loading)),
                                               fill_value="").to_numpy())


def _by_place(loading):
    """Return {file and key, with a number where several have the same: (status, checksum)}."""
    place = loading.path + (", " + loading.key.astype("str")).fillna("")
    number = loading.groupby(place).cumcount() + 1
    several = loading.groupby(place).path.transform("size") > 1
    place += (" row " + number.astype("str")).where(several, "")
    values = zip(loading.status, loading.sha256, strict=True)
    return dict(zip(place, values, strict=True))


def _find_table_faults(folder, made):
    """Yield what is wrong in the tables: a part at a time, so that any corpus fits."""
    rows, digest = dict.fromkeys(tables.STORED, 0), sha256()
    parts = sorted((folder / "documents").glob("part-*.parquet"))
    try:
        for n in range(len(parts)) if parts else [None]:
            part = {name: tables.conform(name, pd.read_parquet(tables.path_of(name, folder, n)))
                    for name in tables.STORED}
            rows = {name: rows[name] + len(part[name]) for name in rows}
            digest.update("".join(part["documents"].sha256).encode())
            yield from _find_part_faults(part)
    except UNREADABLE as error:
        yield f"they cannot be read: {_line(error)}"
        return
    yield from (f"{name} has {n:,} rows, and the manifest says {made['rows'].get(name, 0):,}"
                for name, n in rows.items() if n != made["rows"].get(name))
    if digest.hexdigest() != made["inputs"]:
        yield "documents does not hold the texts that the manifest names"


def _find_part_faults(part):
    documents, sentences = part["documents"], part["sentences"]
    texts = documents.drop_duplicates("doc_id").set_index("doc_id").text
    if documents.sha256.tolist() != [sha256(text.encode()).hexdigest() for text in documents.text]:
        yield "documents: a text is not that of its sha256"
    for name, ids in (("documents", "doc_id"), ("sentences", "sent_id"), ("tokens", "token_id"),
                      ("voices", "voice_id"), ("segments", "seg_id"), ("actors", "actor_id")):
        if not (part[name][ids].is_unique and part[name][ids].is_monotonic_increasing):
            yield f"{name}: {ids} does not rise from row to row"
    for name, table in part.items():
        for ids, known in (("doc_id", texts.index), ("sent_id", sentences.sent_id),
                           ("voice_id", part["voices"].voice_id),
                           ("actor_id", part["actors"].actor_id)):
            if ids in table and not table[ids].dropna().isin(known).all():
                yield f"{name}: a {ids} leads nowhere"
    length = texts.str.len().reindex(sentences.doc_id).to_numpy()
    outer = pd.DataFrame({"start": 0, "end": length}, index=sentences.index)
    bounds = sentences.drop_duplicates("sent_id").set_index("sent_id")[["start", "end"]]
    for name in ("sentences", "tokens", "segments", "spans"):
        inner = part[name]
        if name != "sentences":
            outer = bounds.reindex(inner.sent_id).set_axis(inner.index)
        if not ((outer.start <= inner.start) & (inner.start < inner.end)
                & (inner.end <= outer.end)).all():
            yield f"{name}: a place is outside its {'text' if name == 'sentences' else 'sentence'}"
    tokens = part["tokens"][(part["tokens"].sent_id // tables.SENTENCE_STRIDE).isin(texts.index)]
    if tokens.word.tolist() != text_of(documents, tokens):
        yield "tokens: a word is not what stands at its place in the text"
    if not _part_sentences(part["segments"], bounds):
        yield "segments: they do not part the sentences"
    if part["sentiment"].sent_id.tolist() != sentences.sent_id.tolist():
        yield "sentiment: it is not one row a sentence"
    if (part["sentiment"].drop(columns="sent_id").abs() > 1).any(axis=None):
        yield "sentiment: a score is outside −1 to 1"


def _part_sentences(segments, bounds):
    """Tell whether each sentence's segments begin and end with it, each where the last ended."""
    first = segments.drop_duplicates("sent_id").set_index("sent_id").start
    last = segments.drop_duplicates("sent_id", keep="last").set_index("sent_id").end
    inside = np.diff(segments.sent_id) == 0
    joined = segments.start.to_numpy()[1:] == segments.end.to_numpy()[:-1]
    return first.equals(bounds.start) and last.equals(bounds.end) and joined[inside].all()


def _compare_versions(manifest):
    """Return the line on the program and its packages: which are not those of the report."""
    here, then = ({**versions, "system": told["system"], "program": told["program"][:8]}
                  for versions, told in ((list_versions(), identify_program()),
                                         (manifest["versions"], manifest)))
    other = [f"{name} was {then.get(name, 'none')} and is {here.get(name, 'none')}"
             for name in sorted(here.keys() | then.keys()) if here.get(name) != then.get(name)]
    if not other:
        return "versions", True, "the program and its packages are those that made it"
    return "versions", None, (f"{', '.join(other)}; what is wrong below may come of that alone, "
                              "and only the versions that made the report can tell")


def _check_generated(out, manifest, codes):
    """Yield the lines on what is made from the tables: sentences, then figures and pages."""
    try:
        yield _state("prose", _find_prose_faults(out, manifest),
                     f"all {len(manifest['findings'])} findings are what the tables give")
        with tempfile.TemporaryDirectory(prefix="framebook-") as place:
            new = Path(place, "report")
            shutil.copytree(out / "tables", new / "tables")
            seed = is_seed(new / "tables", _read_manifest(new / "tables")["as_is"])
            make_pages(new, Path(manifest["corpus"]), manifest["title"], seed,
                       read_cards(out), codes=codes if manifest["codes"] and codes else "",
                       single_file=manifest["single_file"])
            left = manifest["codes"] and not codes
            yield from _compare_generated(out, new, ["07_validation.html"] if left else [])
    except (*UNREADABLE, ChapterError) as error:
        yield "generated", False, f"nothing can be made of the tables to compare: {_line(error)}"


def _find_prose_faults(out, manifest):
    """Yield the generated sentences that the manifest or a page does not have."""
    found = find_findings(out / "tables", manifest["chapters"])
    if json.loads(json.dumps(found)) != manifest["findings"]:
        yield "manifest.json holds other findings or numbers than the tables give"
    chapters = {f"{name}.html" for name in [*manifest["chapters"], "appendix"]}
    for page in sorted(out.glob("*.html")):
        if page.name not in chapters:
            text = _plain(page.read_text(encoding="utf-8", errors="replace"))
            yield from (f"{page.name} lacks what the tables give, “{finding['text']}”"
                        for finding in found if _plain(escape(finding["text"])) not in text)


def _plain(page):
    return " ".join(unescape(re.sub(r"<[^>]*>", "", page)).split())


def _compare_generated(out, new, left):
    """Yield the lines on figures and pages; those named in `left` are not compared."""
    for check, pattern in ("figures", "figures/*"), ("pages", "*"):
        own, made = ({path.relative_to(root).as_posix() for path in root.glob(pattern)
                      if path.is_file()} for root in (out, new))
        made -= {"manifest.json", *left}
        extra = own - made if check == "figures" else set()
        faults = [f"{place} is not made from these tables" for place in sorted(extra)]
        for place in sorted(made):
            if place not in own:
                faults.append(f"{place} is gone")
            elif (then := (out / place).read_bytes()) != (now := (new / place).read_bytes()):
                faults.append(f"{place} {_tell_apart(place, then, now)}")
        skipped = f"; {', '.join(left)} needs its human codes: --codes" if left else ""
        yield _state(check, faults, f"all {len(made)} are what the tables give"
                     + skipped * (check == "pages"))


def _tell_apart(place, then, now):
    """Return in words where a file first parts from what the tables give."""
    if place.endswith(".png"):
        return "is not the picture that the tables give"
    then, now = (data.decode("utf-8", "replace") for data in (then, now))
    at = len(os.path.commonprefix([then, now]))
    tag = then[then.rfind("<", 0, at) + 1:then.find(">", at)]
    if tag.startswith("img") and ">" not in tag:
        told = re.search('alt="([^"]*)', tag)
        return f"has another picture or text for it than the tables give: {told and told[1][:80]}"
    start = max(then.rfind("<", 0, at), then.rfind(">", 0, at), at - 40) + 1
    said, given = (_plain(re.match("[^<>]{,80}", text[start:])[0]) for text in (then, now))
    return f"says “{said}” where the tables give “{given}”"
