"""Make the locks from pyproject.toml: what is installed, with the hash of every file.

    .venv/bin/python tools/locks.py [--upgrade-package NAME ...]

requirements.lock is complete. tests/requirements.lock is complete too, with what only the tests
need. A lock in locks/ holds what one extra needs beyond requirements.lock; `run.py add NAME`
installs it. Versions stay as they are unless they are named after --upgrade-package. It needs a
network and uv, which `run.py test` installs.
"""

import re
import subprocess
import sys
import sysconfig
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BASE = "requirements.lock"
EXTRAS = {
    "test": "tests/requirements.lock",
    "formats": "locks/formats.lock",
    "supervised": "locks/supervised.lock",
    "encoder": "locks/encoder.lock",
    "cluster": "locks/cluster.lock",
}
OPTIONS = (
    "--universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 "
    "--group build --quiet"
).split()
HEAD = "# Made by tools/locks.py from pyproject.toml: change that, and make it again.\n"


def main(options):
    """Make every lock."""
    base = compile_lock(PROJECT / BASE, options)
    (PROJECT / BASE).write_text(HEAD + base, encoding="utf-8", newline="\n")
    for extra, name in EXTRAS.items():
        path = PROJECT / name
        path.parent.mkdir(exist_ok=True)
        text = compile_lock(path, [*options, "--extra", extra, "--constraints", BASE])
        if extra != "test":
            text = "".join(entry for entry in entries(text) if entry not in entries(base))
        path.write_text(HEAD + text, encoding="utf-8", newline="\n")


def compile_lock(path, options):
    """Return the text of a lock; uv keeps the versions that the file has now."""
    uv = Path(sysconfig.get_path("scripts"), "uv")
    command = [uv, "pip", "compile", *OPTIONS, *options, "--output-file", path, "pyproject.toml"]
    subprocess.run(command, cwd=PROJECT, check=True)
    return "".join(entries(path.read_text("utf-8")))


def entries(lock):
    """Return the entry of each package, without the notes on who asked for it."""
    lines = re.sub(r"^ *#.*\n", "", lock, flags=re.MULTILINE)
    return re.split(r"^(?=[\w.-]+==)", lines, flags=re.MULTILINE)[1:]


if __name__ == "__main__":
    main(sys.argv[1:])
