"""Which program made a result: the versions of its packages, and a checksum of its own files."""

import json
import platform
import sys
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from framebook import __version__
from framebook.common.folders import PROJECT, hash_files

PACKAGES = ["pandas", "numpy", "pyarrow", "matplotlib", "nltk", "textblob", "vaderSentiment"]


def list_versions():
    """Return {package: version} of what a result's numbers rest on."""
    return {
        "framebook": __version__,
        "Python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }


def identify_program():
    """Return the system, and one SHA-256 of all that makes a report: the package and notebooks."""
    parts = {
        place: mark
        for root in (Path(__file__).parent.parent, PROJECT / "notebooks")
        for place, mark in hash_files(root).items()
        if not place.endswith(".pyc")
    }
    return {
        "system": f"{sys.platform} {platform.machine()}",
        "program": sha256(json.dumps(parts).encode()).hexdigest(),
    }


class SparseNLTK:
    """A finder that gives NLTK, while it is imported, neither scikit-learn nor SciPy.

    NLTK takes them where they are installed, for functions that no command of ours calls, and
    they double the time in which a command starts. Only for processes that run nothing but our
    own code: a reader's kernel, or her own scorer, may want those functions.
    """

    @classmethod
    def enter(cls):
        """Let this process import NLTK so, if it has not yet."""
        if cls not in sys.meta_path:
            sys.meta_path.insert(0, cls)

    @staticmethod
    def find_spec(name, path=None, target=None):
        """Refuse the two packages while NLTK is imported; leave all else to the others."""
        nltk = getattr(sys.modules.get("nltk"), "__spec__", None)
        if name in ("scipy", "sklearn") and getattr(nltk, "_initializing", False):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
