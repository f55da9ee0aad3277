"""Nothing is lost: killed at random moments, a full disk, a closed folder, two runs at once."""

import builtins
import errno
import io
import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
from killing import bytes_of, make_inputs
from steps import EXCUSED

from framebook import cli
from framebook.common.folders import PROJECT

KILLING = Path(__file__).with_name("killing.py")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT), "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """(the folder, {command: (arguments of an older run, of a newer)})."""
    base = tmp_path_factory.mktemp("inputs")
    return base, make_inputs(base)


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "framebook", *map(str, arguments)],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize(
    "command, few, full",
    [
        ("tables", 6, 50),
        ("report", 6, 50),
        ("agree", 2, 50),
        ("compare", 2, 50),
        ("sample", 2, 50),
        ("import", 2, 50),
    ],
)
def test_a_kill_leaves_a_whole_result(command, few, full, size):
    """Each kill is followed by a real next run; killing.py says what it asserts."""
    times = size(few, full)
    done = subprocess.run(
        [sys.executable, str(KILLING), command, str(times), "7"],
        check=False,
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["old"] + found["new"] + found["aside"] + found["nothing"] == times
    kinds = {"old", "new", "aside"} if command in ("tables", "report") else set()
    assert all(found[kind] for kind in kinds), "moments on both sides of the swap, and inside it"


@pytest.mark.parametrize("command", ["tables", "agree", "compare", "sample", "import"])
@pytest.mark.parametrize("n", [0, 3])
def test_a_full_disk_is_one_sentence_and_leaves_the_old_result(
    inputs, tmp_path, monkeypatch, capsys, command, n
):
    """The disk is full from the n-th file on that is opened to be written."""
    older, newer = inputs[1][command]
    out = tmp_path / ("out.toml" if command == "import" else "out")
    if older:
        assert cli.main([str(one) for one in [*older, "--out", out]]) == 0
    before, opened, left = bytes_of(out), open, n if command != "import" else 0
    capsys.readouterr()

    def full(file, mode="r", *rest, **options):
        nonlocal left
        if mode[0] in "wxa" and str(file).startswith(str(tmp_path)):
            left -= 1
            if left < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
        return opened(file, mode, *rest, **options)

    with monkeypatch.context() as patch:
        for place in (builtins, io):
            patch.setattr(place, "open", full)
        status = cli.main([str(one) for one in [*newer, "--out", out]])
    said = capsys.readouterr().err
    assert status == 2 and said.count("\n") == 1 and "No space left on device" in said, said
    assert bytes_of(out) == before
    assert {path.name for path in tmp_path.iterdir()} <= {out.name, f".{out.name}.work"}


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid(), reason=f"needs to mount a small disk {EXCUSED}"
)
def test_a_disk_that_is_really_full(inputs, tmp_path):
    """A file system of 60 kB in a mount namespace of its own."""
    base, commands = inputs
    words = [sys.executable, "-m", "framebook", *commands["tables"][1], "--out", tmp_path / "out"]
    place, command = shlex.quote(str(tmp_path)), shlex.join(map(str, words))
    script = f"mount -t tmpfs -o size=60k tmpfs {place} && {command}; echo $?; ls -A {place}"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip(f"no mount is allowed {EXCUSED}")
    assert done.stderr.count("\n") == 1 and "No space left on device" in done.stderr
    status, *left = done.stdout.split()
    assert status == "2" and "out" not in left


@pytest.mark.parametrize("command", ["tables", "agree", "compare", "sample", "import"])
def test_a_closed_folder_is_one_sentence(inputs, tmp_path, command, capsys):
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o500)
    if os.access(closed, os.W_OK):  # root may write everywhere but where nobody can
        closed = Path("/sys/framebook")
        if not closed.parent.exists():
            pytest.skip(f"every folder can be written {EXCUSED}")
    newer = inputs[1][command][1]
    status = cli.main([str(one) for one in [*newer, "--out", closed / "out.toml"]])
    said = capsys.readouterr().err
    assert status == 2 and said.count("\n") == 1 and str(closed) in said, said


def test_two_runs_into_one_folder_at_once(inputs, tmp_path):
    """Two real processes: each ends well, and what is there is one of the two, whole."""
    commands = inputs[1]
    whole = []
    for number, arguments in enumerate(commands["tables"]):
        assert cli.main([str(one) for one in [*arguments, "--out", tmp_path / str(number)]]) == 0
        whole.append(bytes_of(tmp_path / str(number)))
    runs = [start(*arguments, "--out", tmp_path / "out") for arguments in commands["tables"]]
    for run in runs:
        assert (run.communicate()[1], run.returncode) == ("", 0)
    assert bytes_of(tmp_path / "out") in whole
    assert sorted(os.listdir(tmp_path)) == ["0", "1", "out"]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="nothing tells of processes here")
def test_the_workers_of_a_killed_run_end(tmp_path):
    (tmp_path / "many.csv").write_text("text\n" + "The mayor said that it rained.\n" * 3000)
    run = start("tables", tmp_path / "many.csv", "--out", tmp_path / "out", "--workers", "2")
    listed = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    while len(listed.read_text().split()) < 3:  # the pool's two, and what watches over them
        assert run.poll() is None
        time.sleep(0.05)
    workers = [Path("/proc", pid) for pid in listed.read_text().split()]
    run.kill()
    run.communicate()
    for _ in range(600):
        if not any(is_alive(worker) for worker in workers):
            return
        time.sleep(0.1)
    raise AssertionError("they wait for a run that is no more")


def is_alive(process):
    """Whether a process is there, and more than an entry that nobody has asked for yet."""
    try:
        return ") Z" not in (process / "stat").read_text()
    except OSError:
        return False


def test_the_folder_of_another_result_is_left_alone(tmp_path):
    """`out` and `out-b` may be made side by side: what is set aside of one is not the other's."""
    from framebook.common.folders import replacing

    for name in ("old0", "new"):
        (tmp_path / ".out-b-12345678" / name).mkdir(parents=True)
    with replacing(tmp_path / "out") as folder:
        (folder / "page").write_text("mine")
    assert sorted(os.listdir(tmp_path)) == [".out-b-12345678", "out"]


def test_a_run_that_is_under_way_is_left_alone(tmp_path):
    """In the moment between moving the old result out and the new one in, another run starts."""
    from framebook.common import folders

    out = tmp_path / "out"
    with folders.replacing(out) as slow:
        (slow.parent / "old0").mkdir()  # as it is in that moment
        with folders.replacing(out) as quick:
            (quick / "page").write_text("quick")
        (slow / "page").write_text("slow")
    assert (out / "page").read_text() == "slow"
    assert os.listdir(tmp_path) == ["out"]
