"""Is this machine ready for a workshop? Plain words, and no network needed."""

import platform
import re
import tempfile
import tomllib
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from framebook.folders import PROJECT

CELL = """
import pandas as pd
table = pd.DataFrame({"sentence": [1, 2, 3], "tone": [0.5, -0.25, 0.5]})
table.plot("sentence", "tone")
print(f"{len(table)} sentences, mean tone {table['tone'].mean():.2f}")
"""
PRINTED = "3 sentences, mean tone 0.25\n"
ANEW = "Delete .venv and use `python run.py`"


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
        raise NotReadyError("; ".join(wrong), f"{ANEW}, or make the conda environment anew.")
    return f"{len(named)} at the locked versions"


def check_fonts():
    from matplotlib.font_manager import findfont

    try:
        findfont("DejaVu Sans", fallback_to_default=False)
    except ValueError:
        raise NotReadyError("no DejaVu Sans", "Install Matplotlib anew; it brings it.") from None
    return "DejaVu Sans, as Matplotlib brings it"


def check_writing():
    """Write a file where reports, settings and passing files go."""
    places = {"this folder": Path.cwd(), "the project's folder": PROJECT,
              "the home folder": Path.home(), "the folder for passing files": tempfile.gettempdir()}
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

    from framebook.execution import execute

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    cure = f"{ANEW}; a firewall must let programs talk on 127.0.0.1."
    try:
        with tempfile.TemporaryDirectory() as folder:
            execute({"check": notebook}, folder)
    except RuntimeError as error:
        raise NotReadyError(f"it cannot be executed ({error})", cure) from None
    gave = [o.get("text", "a figure" if "image/png" in o.get("data", {}) else "no figure")
            for o in notebook.cells[0].outputs if o.get("name") != "stderr"]
    if gave != [PRINTED, "a figure"]:
        raise NotReadyError(f"it gave {gave} where {[PRINTED, 'a figure']} was due", cure)
    return "executed, with a table and a figure"


# An older Python never comes as far as here: this module cannot be imported.
CHECKS = {"Python": platform.python_version, "packages": check_packages, "fonts": check_fonts,
          "write access": check_writing, "a notebook": check_notebook}
