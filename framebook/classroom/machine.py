"""Check, offline, that this machine can run the notebooks."""

import platform
import re
import shutil
import tempfile
import tomllib
import webbrowser
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from framebook.common.folders import PROJECT

CELL = """
import pandas as pd
table = pd.DataFrame({"sentence": [1, 2, 3], "tone": [0.5, -0.25, 0.5]})
table.plot("sentence", "tone")
print(f"{len(table)} sentences, mean tone {table['tone'].mean():.2f}")
"""
PRINTED = "3 sentences, mean tone 0.25\n"
MEMORY = 1e9  # bytes: a kernel with pandas takes 0.2 GB, JupyterLab as much, a browser the rest
DISK = 0.5e9  # bytes: a report takes some 0.02 GB, and a system that is full writes nothing
SYNCED = "OneDrive|Dropbox|iCloud|Mobile Documents|Google ?Drive|GoogleDrive|Nextcloud|Box Sync"
ANEW = "Delete .venv and use `python run.py`"


def keep_as_stored(model, **_):
    """Leave out of a notebook that is saved what JupyterLab writes into it on opening it.

    `framebook lab` names this to Jupyter's server as its pre-save hook: the names and the version
    of the machine's own Python are no change of the notebook.
    """
    if model["type"] != "notebook" or not isinstance(model.get("content"), dict):
        return
    metadata = model["content"]["metadata"]
    if metadata.get("language_info", {}).get("name") == "python":
        metadata["language_info"] = {"name": "python"}
    if metadata.get("kernelspec", {}).get("name") == "python3":
        metadata["kernelspec"] = {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        }


class NotReadyError(Exception):
    """A check failed; the first argument says what is wrong, the second what to do."""


def check_machine():
    """Print one line a check and a verdict; return whether this machine is ready."""
    advice = []
    for name, check in CHECKS.items():
        try:
            print(f"ok  {name}: {check()}", flush=True)
        except Exception as error:
            wrong, cure = (
                error.args
                if isinstance(error, NotReadyError)
                else (
                    f"{type(error).__name__}: {error}",
                    f"The check of {name} itself failed; please report its line.",
                )
            )
            print(f"NO  {name}: {wrong}", flush=True)
            advice.append(cure)
    print(f"Not ready: {' '.join(advice)}" if advice else "This machine is ready for a workshop.")
    return not advice


def check_packages():
    """Compare the packages that Framebook names with the versions in requirements.lock."""
    lock, project = PROJECT / "requirements.lock", PROJECT / "pyproject.toml"
    if not (lock.exists() and project.exists()):
        return "not compared, as there is no requirements.lock beside the package"
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text("utf-8"), re.MULTILINE))
    named = tomllib.loads(project.read_text("utf-8"))["project"]["dependencies"]
    wrong = []
    for name in (re.match(r"[\w.-]+", line)[0] for line in named):
        wanted = locked[name.lower()]
        found = "missing"
        with suppress(metadata.PackageNotFoundError):
            found = metadata.version(name)
        if found != wanted:
            wrong.append(f"{name} is {found}, not {wanted}")
    if wrong:
        raise NotReadyError("; ".join(wrong), f"{ANEW}, or make the conda environment again.")
    return f"{len(named)} at the locked versions"


def check_fonts():
    from matplotlib.font_manager import findfont

    try:
        findfont("DejaVu Sans", fallback_to_default=False)
    except ValueError:
        raise NotReadyError(
            "no DejaVu Sans", "Install Matplotlib again; it brings the font."
        ) from None
    return "DejaVu Sans, as Matplotlib brings it"


def check_memory():
    """Compare the memory that is free with what JupyterLab, two kernels and a browser take."""
    import psutil

    memory = psutil.virtual_memory()
    said = f"{memory.available / 1e9:.1f} GB free of {memory.total / 1e9:.1f}"
    if memory.available < MEMORY:
        raise NotReadyError(
            f"{said}, and {MEMORY / 1e9:.0f} GB is needed", "Close other programs and browser tabs."
        )
    return said


def check_disk():
    """Compare the room on the disk with what reports take."""
    free = shutil.disk_usage(PROJECT).free
    if free < DISK:
        raise NotReadyError(
            f"{free / 1e9:.1f} GB free, and {DISK / 1e9:.1f} GB is needed", "Make room on the disk."
        )
    return f"{free / 1e9:.1f} GB free"


def check_place():
    """Look whether a program that copies files to a cloud would hold ours while they are used."""
    synced = [part for part in PROJECT.parts if re.match(SYNCED, part, re.IGNORECASE)]
    if synced:
        raise NotReadyError(
            f"the project is in {synced[0]}, which copies every file and locks it meanwhile",
            f"Move the project's folder out of it, for instance to {Path.home() / 'framebook'}.",
        )
    return "in no folder that is copied to a cloud, as far as its name tells"


def check_browser():
    """Say which browser JupyterLab opens; without one, any can be given the address it prints."""
    try:
        return f"{getattr(webbrowser.get(), 'name', 'the default')}, as far as Python knows"
    except webbrowser.Error:
        return "none that Python finds: copy the address that JupyterLab prints into yours"


def check_writing():
    """Write a file where reports, settings and passing files go."""
    places = {
        "this folder": Path.cwd(),
        "the project's folder": PROJECT,
        "the home folder": Path.home(),
        "the folder for passing files": tempfile.gettempdir(),
    }
    for name, folder in places.items():
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"framebook")
        except OSError as error:
            wrong = f"cannot write to {name}, {folder}: {error.strerror}"
            raise NotReadyError(wrong, f"Get leave to write to {folder}.") from None
    return ", ".join(places)


def check_notebook():
    """Execute a notebook that uses pandas and draws a figure, and compare what it gives."""
    import nbformat

    from framebook.report.execution import execute

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    cure = f"{ANEW}; a firewall must let programs talk on 127.0.0.1."
    try:
        with tempfile.TemporaryDirectory() as folder:
            execute({"check": notebook}, folder)
    except RuntimeError as error:
        raise NotReadyError(f"it cannot be executed ({error})", cure) from None
    gave = [
        o.get("text", "a figure" if "image/png" in o.get("data", {}) else "no figure")
        for o in notebook.cells[0].outputs
        if o.get("name") != "stderr"
    ]
    if gave != [PRINTED, "a figure"]:
        raise NotReadyError(f"it gave {gave} where {[PRINTED, 'a figure']} was due", cure)
    return "executed, with a table and a figure"


def check_exercises():
    """Run the notebooks that the participants work in, as they are."""
    from framebook.report.execution import execute, read_notebooks

    folder = PROJECT / "notebooks" / "exercises"
    notebooks = read_notebooks(folder)
    if not notebooks:
        return "not run, as there is no notebooks/exercises beside the package"
    cure = "Take notebooks/exercises from the download again."
    try:
        execute(notebooks, folder)
    except RuntimeError as error:
        raise NotReadyError(str(error), cure) from None
    said = str(list(notebooks.values()))
    if "no exercise of this name" in said:
        raise NotReadyError("they belong to another version of Framebook", cure)
    return f"{len(notebooks)} notebooks run; {said.count('no answer yet')} answers are open"


# An older Python never comes as far as here: this module cannot be imported.
CHECKS = {
    "Python": platform.python_version,
    "packages": check_packages,
    "fonts": check_fonts,
    "memory": check_memory,
    "disk": check_disk,
    "place": check_place,
    "write access": check_writing,
    "browser": check_browser,
    "a notebook": check_notebook,
    "exercises": check_exercises,
}
