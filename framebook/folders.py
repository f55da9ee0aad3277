"""Folders that are made whole or not at all: written beside their place, moved in at the end."""

import glob
import json
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from framebook.errors import InputError

PROJECT = Path(__file__).resolve().parent.parent
WEEK = 7 * 24 * 3600  # no run takes as long, so what is older was left by one that was killed


@contextmanager
def replacing(out, corpus=None):
    """Yield a new empty folder that takes the place of `out` when the block ends well.

    Raises InputError when `out` may not be replaced: a file, a folder with files that are not
    ours, one that holds the project or the texts in `corpus` or lies among them.
    """
    _check_may_replace(out, corpus)
    out = Path(out).resolve()
    for left in out.parent.glob(f".{glob.escape(out.name)}-*"):
        cut_short = any(left.glob("old*"))
        if cut_short or time.time() - left.stat().st_mtime > WEEK:
            _settle(left, out)
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        # mkdtemp's own folder is closed to other users, and so would be what is published.
        new = beside / "new"
        new.mkdir()
        yield new
        _swap(new, out)
    finally:
        _settle(beside, out)


def _check_may_replace(out, corpus):
    place = Path(out).resolve()
    if place == PROJECT or place in PROJECT.parents:
        raise InputError(f"{out} holds Framebook itself; name another folder for what is made.")
    texts = Path(corpus).resolve() if corpus else None
    if texts and (place == texts or place in texts.parents or texts in place.parents):
        raise InputError(f"{out} and the texts in {corpus} lie one inside the other; "
                         "name another folder for what is made.")
    if place.exists() and not place.is_dir():
        raise InputError(f"{out} is a file; name a folder for what is made.")
    if os.path.ismount(place):
        raise InputError(f"{out} is a mount point and cannot be replaced; name a folder inside it.")
    if place.is_dir() and any(place.iterdir()) and not _is_ours(place):
        raise InputError(f"{out} holds files that Framebook did not make; "
                         "name a new or an empty folder.")


def _is_ours(folder):
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return manifest["made_by"].startswith("framebook")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


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


def _settle(beside, out):
    """Put back what was set aside if its place is empty, then remove what a run left."""
    aside = sorted(beside.glob("old*"))
    if aside and not out.exists():
        aside[-1].rename(out)
    shutil.rmtree(beside, ignore_errors=True)
