"""How long the report on the seed article takes beside one nbconvert run a chapter.

    python benchmarks/report_speed.py

Both are whole commands with the start of Python in them, over the same notebooks, by turns,
three times; what counts is the ratio of the medians. Writes results/report_speed.json.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).resolve().parent.parent
RESULT = Path(__file__).resolve().parent / "results" / "report_speed.json"
REPEATS = 3
PACKAGES = ["nbclient", "nbconvert", "ipykernel", "jupyter_client", "pandas", "matplotlib"]


def run(*command):
    """Run a module of this Python and return the seconds that it took."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)], cwd=PROJECT, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed: {done.stderr}")
    return time.perf_counter() - began


def make_report(folder):
    """Return the seconds of `framebook report`."""
    return run("framebook", "report", "--out", folder / "report")


def convert_each(folder):
    """Return the seconds of `jupyter nbconvert --execute --to html`, summed over the chapters."""
    chapters = sorted((folder / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    return sum(
        run("nbconvert", "--execute", "--to", "html", "--output-dir", folder / "pages", chapter)
        for chapter in chapters
    )


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        # A copy, for what the notebooks write into their own folder must not stay in the clone.
        shutil.copytree(PROJECT / "notebooks", folder / "notebooks")
        make_report(folder)  # not counted: it fills the caches that both sides use
        seconds = {"report": [], "nbconvert": []}
        for _ in range(REPEATS):
            seconds["report"].append(make_report(folder))
            seconds["nbconvert"].append(convert_each(folder))
        chapters = len(list((folder / "pages").glob("*.html")))
    medians = {name: median(values) for name, values in seconds.items()}
    result = {
        "ratio": round(medians["report"] / medians["nbconvert"], 3),
        "target": 0.6,
        "chapters": chapters,
        "seconds": {name: [round(value, 2) for value in times] for name, times in seconds.items()},
        "medians": {name: round(value, 2) for name, value in medians.items()},
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": {package: version(package) for package in PACKAGES},
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))
    return 0 if result["ratio"] <= result["target"] else 1


if __name__ == "__main__":
    sys.exit(main())
