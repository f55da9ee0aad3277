"""A folder is replaced whole or not at all, and only when it may be."""

import os
import shutil

import pytest

from framebook.common import folders
from framebook.common.errors import InputError


def test_foreign_folders_are_refused(tmp_path, monkeypatch):
    (tmp_path / "manifest.json").write_text('{"made_by": "framebook 0"}')
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    (tmp_path / "file").write_text("")
    texts = tmp_path / "mine"
    cases = [(texts, None), (tmp_path / "file", None), (texts / "new", texts), (tmp_path, texts)]
    for out, corpus in cases:
        with pytest.raises(InputError), folders.replacing(out, corpus):
            pass
    for project in (tmp_path, tmp_path / "project"):
        monkeypatch.setattr(folders, "PROJECT", project)
        with pytest.raises(InputError), folders.replacing(tmp_path):
            pass
    assert (texts / "thesis.txt").read_text() == "mine"
    assert sorted(os.listdir(tmp_path)) == ["file", "manifest.json", "mine"]


def publish(out, text):
    with folders.replacing(out) as new:
        (new / "manifest.json").write_text('{"made_by": "framebook 0"}')
        (new / "page").write_text(text)


def test_folder_is_replaced_whole(tmp_path):
    publish(tmp_path / "out", "one")
    with pytest.raises(ZeroDivisionError), folders.replacing(tmp_path / "out") as new:
        (new / "page").write_text("half")
        1 / 0  # noqa: B018
    assert (tmp_path / "out" / "page").read_text() == "one"
    publish(tmp_path / "out", "two")
    assert (tmp_path / "out" / "page").read_text() == "two"
    assert os.listdir(tmp_path) == ["out"]


def test_swap_that_was_cut_short_is_undone_by_the_next_run(tmp_path):
    out = tmp_path / "out"
    publish(tmp_path / ".out-abc" / "old0", "one")
    with pytest.raises(ZeroDivisionError), folders.replacing(out):
        assert (out / "page").read_text() == "one"
        1 / 0  # noqa: B018
    assert (out / "page").read_text() == "one"
    publish(tmp_path / ".out-abd" / "old0", "older")  # killed between swap and removal
    publish(out, "two")
    assert (out / "page").read_text() == "two"
    assert os.listdir(tmp_path) == ["out"]


def test_only_old_leftovers_are_removed(tmp_path):
    for name in (".out-young", ".out-old"):
        (tmp_path / name / "new").mkdir(parents=True)
    os.utime(tmp_path / ".out-old", (0, 0))
    publish(tmp_path / "out", "one")
    assert sorted(os.listdir(tmp_path)) == [".out-young", "out"]


def test_failing_swap_puts_the_old_folder_back(tmp_path):
    publish(tmp_path / "out", "one")
    with pytest.raises(OSError), folders.replacing(tmp_path / "out") as new:
        shutil.rmtree(new)
    assert (tmp_path / "out" / "page").read_text() == "one"
    assert os.listdir(tmp_path) == ["out"]


def test_two_runs_into_one_folder_do_not_mix(tmp_path):
    out = tmp_path / "out"
    publish(out, "zero")
    with folders.replacing(out) as slow:
        publish(out, "quick")
        (slow / "page").write_text("slow")
    assert (out / "page").read_text() == "slow"
    assert os.listdir(tmp_path) == ["out"]
