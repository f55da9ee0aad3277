"""run.py as a module, for the tests of the set-up."""

import importlib.util
from pathlib import Path

from steps import PROJECT


def load_run(folder):
    """Return run.py as a module that takes a folder for its own."""
    spec = importlib.util.spec_from_file_location("run", PROJECT / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.HERE = str(folder)
    module.VENV = str(folder / ".venv")
    module.WHEELS = str(folder / "wheels")
    for name in ("STAMP", "FILES", "LOG"):
        setattr(module, name, str(folder / ".venv" / Path(getattr(module, name)).name))
    module.PYTHON = str(folder / ".venv" / "python")
    return module
