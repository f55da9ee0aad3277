"""Is this machine ready for a workshop? Plain words, and no network needed."""

import re
import shutil
import sys
import tempfile
import tomllib
from importlib import metadata
from pathlib import Path

from framebook.folders import PROJECT

NEEDED_PYTHON = (3, 11)
NEEDED_DISK = 0.5  # GB, for reports and the caches of Jupyter and Matplotlib
CELL = """
import pandas as pd
table = pd.DataFrame({"sentence": [1, 2, 3], "tone": [0.5, -0.25, 0.5]})
table.plot("sentence", "tone")
print(f"{len(table)} sentences, mean tone {table['tone'].mean():.2f}")
"""
PRINTED = "3 sentences, mean tone 0.25\n"


class NotReadyError(Exception):
    """A check failed; the first argument says what is wrong, the second what to do."""


def check_machine():
    """Print one line a check and a verdict; return whether this machine is ready."""
    advice = []
    for name, check in CHECKS.items():
        try:
            print(f"ok  {name}: {check()}", flush=True)
        except Exception as error:
            wrong, cure = error.args if isinstance(error, NotReadyError) else (
                f"{type(error).__name__}: {error}",
                f"The check of {name} itself failed; please report its line.",
            )
            print(f"NO  {name}: {wrong}", flush=True)
            advice.append(cure)
    print(f"Not ready: {' '.join(advice)}" if advice else "This machine is ready for a workshop.")
    return not advice


def check_python():
    """Return the version of Python, if it is new enough."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < NEEDED_PYTHON:
        raise NotReadyError(f"this is Python {version}", "Install Python 3.11 or newer.")
    return version


def check_packages():
    """Compare the packages that Framebook names with the versions in requirements.lock."""
    lock, project = PROJECT / "requirements.lock", PROJECT / "pyproject.toml"
    if not (lock.exists() and project.exists()):
        return "not compared, as there is no requirements.lock beside the package"
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text("utf-8"), re.MULTILINE))
    wrong = []
    named = tomllib.loads(project.read_text("utf-8"))["project"]["dependencies"]
    for name in (re.match(r"[\w.-]+", line)[0] for line in named):
        wanted = locked[name.lower()]
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            found = "missing"
        if found != wanted:
            wrong.append(f"{name} is {found}, not {wanted}")
    if wrong:
        cure = "Delete .venv and use `python run.py`, or make the conda environment anew."
        raise NotReadyError("; ".join(wrong), cure)
    return f"{len(named)} at the locked versions"


def check_fonts():
    """Find the font of the figures, which Matplotlib brings."""
    from matplotlib import font_manager

    try:
        font_manager.findfont("DejaVu Sans", fallback_to_default=False)
    except ValueError:
        raise NotReadyError("no DejaVu Sans", "Install Matplotlib anew; it brings it.") from None
    return "DejaVu Sans, as Matplotlib brings it"


def check_writing():
    """Write a file where reports, settings and passing files go."""
    places = {
        "this folder": Path.cwd(),
        "the project's folder": PROJECT,
        "the home folder": Path.home(),
        "the folder for passing files": Path(tempfile.gettempdir()),
    }
    for name, folder in places.items():
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"framebook")
        except OSError as error:
            wrong = f"cannot write to {name}, {folder}: {error.strerror}"
            raise NotReadyError(wrong, f"Get leave to write to {folder}.") from None
    return ", ".join(places)


def check_disk():
    """Return the free disk space, if it is enough."""
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    if free < NEEDED_DISK:
        raise NotReadyError(f"{free:.1f} GB free", f"Make room: {NEEDED_DISK} GB are needed.")
    return f"{free:.1f} GB free"


def check_notebook():
    """Execute a notebook that uses pandas and draws a figure, and compare what it gives."""
    import nbformat

    from framebook.execution import execute

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    cure = "Delete .venv and use `python run.py`; a firewall must let programs talk on 127.0.0.1."
    try:
        with tempfile.TemporaryDirectory() as folder:
            execute({"check": notebook}, folder)
    except RuntimeError as error:
        raise NotReadyError(f"it cannot be executed ({error})", cure) from None
    outputs = notebook.cells[0].outputs
    printed = "".join(o.text for o in outputs if o.output_type == "stream" and o.name == "stdout")
    if printed != PRINTED:
        raise NotReadyError(f"it printed {printed!r} where {PRINTED!r} was due", cure)
    if not any("image/png" in o.get("data", {}) for o in outputs):
        raise NotReadyError("its figure was not drawn", cure)
    return "executed, with a table and a figure"


CHECKS = {
    "Python": check_python,
    "packages": check_packages,
    "fonts": check_fonts,
    "write access": check_writing,
    "disk": check_disk,
    "a notebook": check_notebook,
}
