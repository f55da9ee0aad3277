"""A process from which is taken, before anything is imported, what a browser's kernel lacks.

`python tests/browser_limits.py FOLDER PATH …` works in FOLDER and writes as JSON, to
limits.json there: the tables of each corpus, and what the cells of each notebook print. What it
cannot take away is the width of numbers: a browser's kernel counts in 32 bits.
"""

import atexit
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from importlib import metadata
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# Of the standard library: pools of processes, and what Pyodide keeps apart or leaves out.
GONE = {"_multiprocessing", "_posixshmem", "lzma", "_lzma", "_curses", "_tkinter"}


class Lacking:
    """The finder that refuses what is not there."""

    def __init__(self, there):
        self.gone = GONE | {
            top
            for top, owners in metadata.packages_distributions().items()
            if not there & set(map(plain, owners))
        }

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.gone:
            raise ModuleNotFoundError(f"No module named {name!r}, as in a browser", name=name)


def plain(name):
    return re.sub("[-_.]+", "-", name).lower()


def needed_by(*names):
    """Return the names of these packages and of all that they need, as far as installed."""
    found, open_ones = set(), list(names)
    while open_ones:
        name = plain(open_ones.pop())
        if name not in found:
            found.add(name)
            try:
                needs = metadata.requires(name) or []
            except metadata.PackageNotFoundError:
                continue
            open_ones += [re.match(r"[\w.-]+", need)[0] for need in needs if "extra ==" not in need]
    return found


def limit():
    """Take away from this process what a browser's kernel lacks."""

    def refuse(self, *args, **options):
        raise RuntimeError(f"no {type(self).__name__} can be started, as in a browser")

    sys.path.insert(0, str(PROJECT / "tools"))
    from lite import LOCKED, OFFICIAL, pack_own, without_lzma

    there = {"framebook", "regex", *LOCKED, *needed_by(*OFFICIAL)}
    own = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, own)
    for wheel in pack_own(own):  # `regex` is the stand-in, and no other file of ours is there
        shutil.unpack_archive(wheel, own, "zip")
    files = {str(file): file.locate() for file in metadata.files("py3langid")}
    for name, data in without_lzma(
        {name: file.read_bytes() for name, file in files.items() if name.startswith("py3langid/")}
    ).items():
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        (own / name).write_bytes(data)
    for name in list(sys.modules):  # what has been imported by now
        if name.partition(".")[0] in GONE | {"framebook"}:
            del sys.modules[name]
    sys.path[0] = str(own)
    sys.meta_path.insert(0, Lacking(there))
    threading.Thread.start = subprocess.Popen.__init__ = refuse


def describe_tables(path, digits=30):
    """Return {table: [dtypes and rows as text]} of a corpus, fractions rounded to `digits`."""
    from framebook.chain import derive_tables

    described = {}
    for name, table in derive_tables(path).items():
        fractions = table.select_dtypes("float64").round(digits)
        rows = table.assign(**fractions).astype(object).to_numpy().tolist()
        described[name] = [*map(str, table.dtypes), *map(repr, rows)]
    return described


def run_cells(path):
    """Return what each code cell of a notebook prints, or the error that it ends in."""
    import pandas as pd
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from traitlets.config import Config

    pd.set_option("display.max_columns", 20)  # as in a kernel; a terminal would have others
    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    printed = []
    shell.enable_gui = lambda gui=None: None  # there is none, and IPython asks
    shell.enable_matplotlib("inline")
    for cell in json.loads(Path(path).read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            with capture_output() as said:
                error = shell.run_cell("".join(cell["source"])).error_in_exec
            printed.append(said.stdout if error is None else f"{error!r}")
    return printed


if __name__ == "__main__":
    limit()
    folder, *paths = sys.argv[1:]
    os.chdir(folder)
    made = {
        path: run_cells(path) if path.endswith(".ipynb") else describe_tables(path)
        for path in paths
    }
    made["imported"] = sorted({name.partition(".")[0] for name in sys.modules})
    made["from"] = str(sys.modules["framebook.common.folders"].PROJECT)
    Path("limits.json").write_text(json.dumps(made), "utf-8")
