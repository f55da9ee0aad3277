"""Folders that are made whole or not at all: written next to their place, moved in at the end."""

import glob
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from framebook.common.errors import InputError
from framebook.common.text import guard

PROJECT = Path(__file__).resolve().parents[2]
WEEK = 7 * 24 * 3600  # seconds after which a temporary folder was left by a killed run


@contextmanager
def replacing(out, *corpora):
    """Yield a new empty folder that takes the place of `out` when the block ends well.

    Raises InputError when `out` may not be replaced: a file, a folder with files that are not
    ours, one that holds the project or the texts in `corpora` or lies among them.
    """
    for corpus in corpora or [None]:
        _check_may_replace(out, corpus)
    out = Path(out).resolve()
    for left in out.parent.glob(f".{glob.escape(out.name)}-*"):
        if "-" not in left.name.removeprefix(f".{out.name}-") and _is_left(left):
            _settle(left, out)
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        with (beside / "lock").open("w") as file:
            lock(file)
            # mkdtemp's own folder is closed to other users, and so would be what is published.
            new = beside / "new"
            new.mkdir()
            yield new
            _swap(new, out)
    finally:
        _settle(beside, out)


def hash_files(folder):
    """Return {place in the folder: SHA-256} of its files, hidden ones and its manifest left out."""
    found = {}
    for path in Path(folder).rglob("*"):
        place = path.relative_to(folder).as_posix()
        if path.is_file() and place != "manifest.json" and not re.search(r"(^|/)\.", place):
            found[place] = hash_file(path)
    return dict(sorted(found.items()))


def hash_file(path):
    """Return the SHA-256 of a file's bytes."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_may_replace(out, corpus):
    place, texts = Path(out).resolve(), Path(corpus or PROJECT).resolve()
    is_folder, manifest = place.is_dir(), place / "manifest.json"
    ours = manifest.is_file() and '"made_by": "framebook' in manifest.read_text("utf-8", "replace")
    for refused, reason in (
        (PROJECT.is_relative_to(place), "holds Framebook itself"),
        (
            corpus and (place.is_relative_to(texts) or texts.is_relative_to(place)),
            f"and the texts in {corpus} lie one inside the other",
        ),
        (place.exists() and not is_folder, "is a file"),
        (str(place).encode(errors="replace").decode() != str(place), "has a name that is not text"),
        (os.path.ismount(place), "is a mount point and cannot be replaced"),
        (is_folder and not ours and any(place.iterdir()), "holds files that are not Framebook's"),
    ):
        if refused:
            raise InputError(f"{out} {reason}; name another folder for what is made.")


def _is_left(folder):
    """Return whether the run that made a folder has ended: the lock that it held is free."""
    try:
        with (folder / "lock").open("r+") as file:
            return lock(file)
    except FileNotFoundError:  # the run may not have taken its lock yet
        return any(folder.glob("old*")) or time.time() - folder.stat().st_mtime > WEEK


def lock(file):
    """Return whether this process now holds the file's lock; the system frees it at its end."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _swap(new, out, tries=5):
    for n in range(tries):
        try:
            if out.exists():
                out.rename(new.parent / f"old{n}")
            new.rename(out)
            return
        except OSError:
            # Another run may have moved its own folder in or out at this moment: once more.
            if n == tries - 1 or not new.exists():
                raise


def write_json(data, path):
    """Write data as JSON, as every file of ours has it: UTF-8, a line each, no NaN."""
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    Path(path).write_text(text, "utf-8", "replace", "\n")


def write_csv(table, path, float_format="%.6g"):
    """Write a table as CSV of which no spreadsheet runs a cell as a formula."""
    safe = table.rename(columns=lambda name: guard(str(name)))
    safe = safe.map(lambda cell: guard(cell) if isinstance(cell, str) else cell)
    safe.to_csv(
        path,
        index=False,
        float_format=float_format,
        lineterminator="\n",
        encoding="utf-8-sig",
        errors="replace",
    )


def _settle(beside, out):
    """Put back what was set aside if its place is empty, then remove what a run left."""
    aside = sorted(beside.glob("old*"))
    if aside and not out.exists():
        aside[-1].rename(out)
    shutil.rmtree(beside, ignore_errors=True)
