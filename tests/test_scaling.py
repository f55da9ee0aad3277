"""Blocks: the same bytes from one process, two, a cluster that loses one, and a resumed run."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from framebook import scaling, tables
from framebook.chain import derive_tables
from framebook.common.errors import InputError
from framebook.loading.articles import load_documents
from framebook.scaling import make_tables

ARTICLES = [
    f"Flood {n}\n\nMayor Ada Crane said on day {n} that the {word} was safe. It rained {n} times. "
    f"“We fear the {word},” a resident said."
    for n, word in enumerate(["bridge", "dam", "road", "school", "well", "mill", "field"] * 3)
]


@pytest.fixture
def news(tmp_path):
    return write_news(tmp_path)


def write_news(folder):
    """21 articles as rows of a table, one of them empty, one a copy of another block's."""
    path = folder / "news.csv"
    texts = [*ARTICLES[:9], "", *ARTICLES[9:], ARTICLES[2]]
    pd.DataFrame({"id": [f"a{n}" for n in range(len(texts))], "text": texts}).to_csv(
        path, index=False
    )
    return path


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(scaling, "BLOCK", 4)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of the tables that one run without a mishap makes of the articles."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scaling, "BLOCK", 4)
        return bytes_of(make_tables(write_news(folder), folder / "out"))


def bytes_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def left_over(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_the_parts_hold_what_one_block_holds(news, tmp_path):
    out = make_tables(news, tmp_path / "out")
    assert len(list((out / "tokens").iterdir())) == 6
    whole = derive_tables(news)
    for name in tables.STORED:
        pd.testing.assert_frame_equal(tables.read(out, name), tables.conform(name, whole[name]))
    rows = json.loads((out / "manifest.json").read_text())["rows"]
    assert rows == {name: len(whole[name]) for name in tables.STORED}


def test_duplicates_are_found_across_blocks(news, tmp_path):
    out = make_tables(news, tmp_path / "out")
    groups = tables.read(out, "loading").duplicate_group
    assert groups.dropna().to_dict() == {2: 2, 22: 2}
    pd.testing.assert_series_equal(groups, load_documents(news)[1].duplicate_group)


def test_two_workers_give_the_same_bytes(news, tmp_path, whole):
    assert bytes_of(make_tables(news, tmp_path / "two", workers=2)) == whole
    assert left_over(tmp_path) == []


def count_made(monkeypatch, fail_at=None):
    """Count the blocks that are made; stop as Ctrl-C does before the one numbered `fail_at`."""
    made, make_block = [], scaling.make_block

    def counted(first, *rest, **known):
        if first == fail_at:
            raise KeyboardInterrupt
        made.append(first)
        return make_block(first, *rest, **known)

    monkeypatch.setattr(scaling, "make_block", counted)
    return made


def test_an_interrupted_run_goes_on_where_it_was(news, tmp_path, monkeypatch, whole):
    with monkeypatch.context() as patch:
        count_made(patch, fail_at=16)
        with pytest.raises(KeyboardInterrupt):
            make_tables(news, tmp_path / "out")
    assert not (tmp_path / "out").exists() and left_over(tmp_path) == [".out.work"]
    made = count_made(monkeypatch)
    assert bytes_of(make_tables(news, tmp_path / "out")) == whole
    assert made and set(made) < {0, 4, 8, 12, 16, 20} and made[-1] == 20
    assert left_over(tmp_path) == []


def test_a_changed_article_is_made_again(news, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        count_made(patch, fail_at=20)
        with pytest.raises(KeyboardInterrupt):
            make_tables(news, tmp_path / "out")
    news.write_text(news.read_text().replace("on day 1 ", "on day one "))
    made = count_made(monkeypatch)
    out = make_tables(news, tmp_path / "out")
    assert 0 in made and 4 not in made
    assert "on day one" in tables.read(out, "documents").text[1]


def test_a_killed_run_goes_on_where_it_was(news, tmp_path, whole):
    """SIGKILL in the middle of a real run, then the same command again."""
    program = (
        "import sys, time; from framebook import scaling; scaling.BLOCK = 4\n"
        "store = scaling._store\n"
        "def slow(*args):\n    store(*args); print('stored', flush=True); time.sleep(60)\n"
        "if len(sys.argv) > 3: scaling._store = slow\n"
        "scaling.make_tables(sys.argv[1], sys.argv[2])\n"
    )
    command = [sys.executable, "-c", program, str(news), str(tmp_path / "out")]
    process = subprocess.Popen([*command, "slow"], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "stored\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert not (tmp_path / "out").exists()
    stored = [path for path in (tmp_path / ".out.work").iterdir() if path.is_dir()]
    assert len(stored) == 1
    subprocess.run(command, check=True)
    assert bytes_of(tmp_path / "out") == whole
    assert [name for name in left_over(tmp_path) if name.startswith(".out.work")] == []


def test_two_runs_into_one_folder_do_not_mix(news, tmp_path, whole):
    with scaling.work_folder(tmp_path / "out") as mine:
        assert bytes_of(make_tables(news, tmp_path / "out")) == whole
        assert mine.exists() and not any(mine.glob("*-*"))
    assert left_over(tmp_path) == []


def test_bad_input_leaves_nothing(tmp_path):
    (tmp_path / "empty.csv").write_text("text\n\n")
    with pytest.raises(InputError):
        make_tables(tmp_path / "empty.csv", tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.csv"]


@pytest.mark.parametrize("suffix", [".jsonl", ".tsv", ".parquet"])
def test_every_kind_of_table_streams_to_the_same_tables(news, tmp_path, suffix, whole):
    frame = pd.read_csv(news, dtype="str", keep_default_na=False)
    path = tmp_path / f"news{suffix}"
    if suffix == ".jsonl":
        frame.to_json(path, orient="records", lines=True, force_ascii=False)
    elif suffix == ".tsv":
        frame.to_csv(path, index=False, sep="\t")
    else:
        frame.to_parquet(path)
    made = bytes_of(make_tables(path, tmp_path / "out"))
    kept = [name for name in whole if name.startswith(("tokens/", "spans/"))]
    assert len(kept) > 2 and all(made[name] == whole[name] for name in kept)


def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(news, tmp_path, whole):
    """Dask, two processes, one killed while blocks are under way: every block is made."""
    from threading import Thread

    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        pids = [worker.process.process.pid for worker in cluster.workers.values()]

        def kill():
            for _ in range(600):  # once the first block is stored, others are under way
                if any(tmp_path.glob(".out.work/*-*")):
                    break
                time.sleep(0.01)
            os.kill(pids[0], signal.SIGKILL)

        killer = Thread(target=kill)
        killer.start()
        out = make_tables(news, tmp_path / "out", workers=2, cluster=cluster.scheduler_address)
        killer.join()
    assert bytes_of(Path(out)) == whole


def test_a_cluster_that_is_not_there_is_one_sentence(news, tmp_path):
    import dask

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(InputError, match="No Dask scheduler answers at tcp://127.0.0.1:9"),
    ):
        make_tables(news, tmp_path / "out", cluster="tcp://127.0.0.1:9")
    assert left_over(tmp_path) == []


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"")])
def test_a_damaged_block_is_made_again(news, tmp_path, monkeypatch, damage, whole):
    with monkeypatch.context() as patch:
        count_made(patch, fail_at=20)
        with pytest.raises(KeyboardInterrupt):
            make_tables(news, tmp_path / "out")
    blocks = sorted((tmp_path / ".out.work").glob("000*-*"))
    for block, name in zip(blocks, ["keys.npy", "spans.parquet", "whole.json"], strict=False):
        damage(block / name)
    made = count_made(monkeypatch)
    assert bytes_of(make_tables(news, tmp_path / "out")) == whole
    assert {0, 4, 8} <= set(made) and 12 not in made
