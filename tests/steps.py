"""`framebook test`: every check that the project has, one named step after the other."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from framebook.common.errors import InputError
from framebook.common.folders import PROJECT

EXCUSED = "[cannot be had here]"  # in the reason of a skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PYTEST = [sys.executable, "-m", "pytest"]
FOLDERS = ["tests", "notebooks"]


def list_steps(everything=False):
    """Return {name: command}. Package and notebooks run side by side, a module to a process."""
    processes = max(2, min(os.cpu_count() or 2, 4))
    spread = ["-n", str(processes), "--dist", "loadscope", "--no-loadscope-reorder"]
    spread += ["--durations=10"]  # the slowest are named, so that they can be mended
    stored = ["--nbval-lax", "--nbval-current-env", "--ignore=notebooks/exercises"]
    return {
        "style": [sys.executable, "-m", "ruff", "check", "."],
        "prose": [sys.executable, "tests/prose.py"],
        "layout": [sys.executable, "-m", "ruff", "format", "--check", "."],
        "tests": [*PYTEST, *spread, *stored, *(["--all"] if everything else []), *FOLDERS],
    }


def run_tests(everything=False):
    """Run every step and print how each ended; return whether all is well.

    Long tests run a representative, or with `everything` at their full size. Where the
    environment variable CI is "true", a skipped test counts as a failed one.
    """
    strict = os.environ.get("CI") == "true"
    provide_chromium()
    total = {"passed": 0, "failed": 0, "skipped": 0}
    endings = []
    for name, command in list_steps(everything).items():
        print(f"== {name}: {' '.join(['python', *command[1:]])}", flush=True)
        counts = run_step(command)
        well = not counts["failed"] and not (strict and counts["skipped"])
        endings.append(f"{name}: {'passed' if well else 'failed'} ({describe(counts)})")
        total = {kind: total[kind] + counts[kind] for kind in total}
    print("==", *endings, sep="\n")
    well = not total["failed"] and not (strict and total["skipped"])
    if not well and not total["failed"]:
        print("Where CI is true, a skip is a failure.")
    print(describe(total), flush=True)
    return well


def describe(counts):
    """Return counts as `N passed, N failed, N skipped`, the last only where there are any."""
    return ", ".join(f"{n} {kind}" for kind, n in counts.items() if n or kind != "skipped")


def run_step(command):
    """Run one step, letting its output through, and return what it counted."""
    if command[:3] != PYTEST:
        status = subprocess.call(command, cwd=PROJECT)
        return {"passed": int(status == 0), "failed": int(status != 0), "skipped": 0}
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder, "record.xml")
        status = subprocess.call([*command, f"--junitxml={record}"], cwd=PROJECT)
        counts = count(record) if record.exists() else {"passed": 0, "failed": 0, "skipped": 0}
    if status != 0 and not counts["failed"]:
        counts["failed"] = 1  # pytest itself failed, or found no test
    return counts


def count(record):
    """Return how many tests of pytest's record passed, failed (with errors) and were skipped.

    A failure that is expected (xfail), which pytest records as a skip, counts as passed. What is
    tested with parts from a registry that does not give them any more is not counted.
    """
    root = ElementTree.parse(record).getroot()
    total = bad = 0
    for suite in root.iter("testsuite"):
        total += int(suite.get("tests"))
        bad += int(suite.get("failures")) + int(suite.get("errors"))
    skips = [skip for skip in root.iter("skipped") if skip.get("type") != "pytest.xfail"]
    excused = sum(EXCUSED in skip.get("message", "") for skip in skips)
    skipped = len(skips) - excused
    return {"passed": total - bad - skipped - excused, "failed": bad, "skipped": skipped}


def find_chromium():
    """Return the path of a Chromium: that of FRAMEBOOK_CHROMIUM, or one on PATH, or None."""
    named = os.environ.get("FRAMEBOOK_CHROMIUM")
    if named and not shutil.which(named):
        raise InputError(f"FRAMEBOOK_CHROMIUM names {named}, which is not a program.")
    return next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)


def provide_chromium():
    """Install Debian's Chromium where there is none and we may; else say what is skipped."""
    if find_chromium():
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("== Installing Chromium for the browser tests (apt-get install chromium)", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.call(["apt-get", "--quiet", *command], env=quiet)
    if not find_chromium():
        print("The browser tests are skipped: there is no Chromium on PATH.", flush=True)
