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
