"""Kill commands at random moments and look at what is left: the old result or the new one, whole.

    python tests/killing.py COMMAND [TIMES [SEED]]

COMMAND is tables, report, agree, sample, compare, import: each runs in a fork of this process,
over an older result, and is killed (SIGKILL) as it begins the n-th of its operations on files, n
being drawn. Then the next run is made, which must find or restore a whole result, and leave
nothing behind. With `whole-report` the command is the real one, killed at a random second.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import nbformat

from framebook import cli
from framebook.chain import derive_tables
from framebook.common.folders import PROJECT
from framebook.report import report

EVENTS = {
    "open",
    "os.rename",
    "os.mkdir",
    "os.remove",
    "os.rmdir",
    "os.scandir",
    "os.listdir",
    "shutil.rmtree",
    "shutil.copyfile",
    "tempfile.mkdtemp",
}
BOOK = """[codebook]
name = "demo"
[[code]]
id = "flood"
patterns = ["flood*", "river rose"]
"""
TEXTS = [
    "Floods came. The mayor said that it rained. “We fear the river,” a resident said.",
    "The river rose on Monday, the council stressed. It rained and the road was closed.",
    "Nobody was hurt, an official said. Residents were angry and called for a dam.",
]


def make_inputs(base):
    """Write what the commands read; return {command: (arguments of an older run, of a new one)}."""
    (base / "demo.toml").write_text(BOOK)
    (base / "list.dic").write_text("%\n1 sun\n%\nsun* 1\n")
    for name, texts in (("old", TEXTS[:2]), ("new", TEXTS)):
        (base / name).mkdir()
        for number, text in enumerate(texts):
            (base / name / f"{number}.txt").write_text(text)
    for name in ("notebooks", "empty"):
        (base / name).mkdir()
    cells = [
        nbformat.v4.new_markdown_cell("# One\n\nWhat is there?"),
        nbformat.v4.new_code_cell('corpus = ""', metadata={"tags": ["parameters"]}),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), base / "notebooks" / "00_one.ipynb")
    call(
        [
            "sample",
            base / "new",
            "--codebook",
            base / "demo.toml",
            "--out",
            base / "drawn",
            "--n",
            6,
        ]
    )
    sheets = [base / "drawn" / "for-coders" / f"coder-{n}.csv" for n in (1, 2)]
    for sheet in sheets:
        head, *rows = sheet.read_text("utf-8-sig").splitlines()
        sheet.write_text("\n".join([head, *(row[:-1] + "1," for row in rows)]) + "\n")
    decided = sheets[0].with_name("decided.csv")
    decided.write_text(sheets[0].read_text().replace("coder-1", "all"))
    agree = ["agree", *sheets, "--key", base / "drawn" / "design.json"]
    by = ["--codebook", base / "demo.toml"]
    return {
        "tables": [["tables", base / name, *by] for name in ("old", "new")],
        "report": [["report", base / name, *by] for name in ("old", "new")],
        "whole-report": [["report", base / name, *by] for name in ("old", "new")],
        "agree": [agree, [*agree, "--adjudicated", decided]],
        "compare": [
            ["compare", base / "old" / "0.txt", base / name, *by] for name in ("old", "new")
        ],
        "sample": [None, ["sample", base / "new", *by, "--n", 6]],
        "import": [None, ["codebook", "import", base / "list.dic"]],
    }


def call(arguments):
    """Run a command in this process, silently."""
    with open(os.devnull, "w") as null, contextlib.redirect_stdout(null):
        assert cli.main([str(one) for one in arguments]) == 0, arguments


def pass_through(notebooks, folder, started, finished):
    """Stands for the kernels: every page is made, and nothing is run."""
    for name, notebook in notebooks.items():
        started(name)
        finished(name, notebook)


def count_events(base, then):
    """Call `then(n, swap)` before the n-th operation of this process on a file in `base`.

    `swap` is the operation that moves the new result in.
    """
    n = swap = 0

    def watch(event, values):
        nonlocal n, swap
        if event in EVENTS and values and str(values[0]).startswith(str(base)):
            n += 1
            if event == "os.rename" and str(values[0]).endswith(("/new", "-part")):
                swap = n
            then(n, swap)

    sys.addaudithook(watch)


def fork(base, arguments, at=None):
    """Run a command in a fork, killed at its n-th operation on a file.

    Returns how many it made, and which of them moved the result in.
    """
    told = base / "told"
    told.write_text("[0, 0]")
    file = os.open(told, os.O_WRONLY)
    child = os.fork()
    if not child:
        code = 1
        with contextlib.suppress(BaseException):
            count_events(
                base,
                lambda n, swap: (
                    os.kill(os.getpid(), signal.SIGKILL)
                    if n == at
                    else os.pwrite(file, json.dumps([n, swap]).encode(), 0)
                ),
            )
            call(arguments)
            code = 0
        os._exit(code)
    os.close(file)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL) and (at or not status), (status, at, arguments)
    return json.loads(told.read_text())


def run_real(arguments, seconds=None):
    """Run the real command in a process of its own, killed after so many seconds; return them."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "framebook", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    assert process.returncode in (0, -signal.SIGKILL)
    return time.monotonic() - started, 0


def bytes_of(path):
    """Return the files of a folder, or of a file, by name; None where there is nothing."""
    if not path.exists():
        return None
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return {
        file.relative_to(path).as_posix(): sheet_of(file)
        if file.suffix == ".xlsx"
        else file.read_bytes()
        for file in files
    }


def sheet_of(file):
    """Return what a workbook holds, less the time at which it was made."""
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist() if "core" not in name}


def try_kills(command, times, seed):
    """Return how often there was the old result, the new one, or the old one set aside."""
    draws, found = random.Random(seed), dict.fromkeys(("old", "new", "aside", "nothing"), 0)
    with tempfile.TemporaryDirectory() as base:
        base = Path(base).resolve()
        older, newer = make_inputs(base)[command]
        report.NOTEBOOKS, report.execute = base / "notebooks", pass_through
        derive_tables(base / "new")  # what is loaded now is not loaded in each fork
        name = "out.toml" if command == "import" else "out"
        (base / "here").mkdir()
        (base / "there").mkdir()
        out = base / "here" / name
        whole = command == "whole-report"
        run = (
            (lambda arguments, at=None: run_real(arguments, at))
            if whole
            else (lambda arguments, at=None: fork(base, arguments, at))
        )
        last, swap = run([*newer, "--out", base / "there" / name])
        new, old = bytes_of(base / "there" / name), None
        if older:
            run([*older, "--out", out])
            old = bytes_of(out)
            last, swap = run([*newer, "--out", out])  # an old result in the way takes more
            run([*older, "--out", out])
        for n in range(times):
            anywhere = draws.uniform(0, last) if whole else draws.randint(1, last)
            # Every other time where one result takes the place of the other, first in the middle.
            at = swap + (n // 2 if n < 4 else draws.randint(-1, 6)) if swap and n % 2 else anywhere
            run([*newer, "--out", out], at)
            left = bytes_of(out)
            assert left in (None, old, new), f"a mixture, killed at {at} of {last}"
            aside = [bytes_of(p) for p in out.parent.glob(f".{name}-*/old*")]
            assert left or old is None or old in aside, f"lost, killed at {at} of {last}"
            kind = "new" if left == new else "old" if left else "aside" if old else "nothing"
            found[kind] += 1
            took = restore(base, out, old, new, older or newer, run, n % 5 == 0)
            last = took if whole and took else last  # a machine may become slower
    return found


def restore(base, out, old, new, arguments, run, again):
    """The next run: one that is refused restores the old result, one that is not makes it.

    Returns how long the latter took, or how many operations.
    """
    took = None
    if old:
        with contextlib.redirect_stderr(open(os.devnull, "w")):
            cli.main(["tables", str(base / "empty"), "--out", str(out)])
        assert bytes_of(out) in (old, new), "the next run did not restore the old result"
    elif out.exists():
        shutil.rmtree(out) if out.is_dir() else out.unlink()
    if again or bytes_of(out) == new:
        took, _ = run([*arguments, "--out", out])
        assert bytes_of(out) == (old or new), "the next run did not make a whole result"
        if not old:
            shutil.rmtree(out) if out.is_dir() else out.unlink()
    left = [path for path in out.parent.iterdir() if path != out]
    assert not (old or again) or not any(path.is_file() or any(path.iterdir()) for path in left), (
        f"the next run left {left}"
    )
    return took


if __name__ == "__main__":
    command, times, seed = [*sys.argv[1:], "50", "1"][:3] if len(sys.argv) < 4 else sys.argv[1:4]
    print(json.dumps({"command": command, **try_kills(command, int(times), int(seed))}))
