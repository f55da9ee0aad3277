"""Execute notebooks on their defaults and store their outputs: for whoever changes one.

    python tests/store.py [NAME ...]

Without a name, all chapters. A notebook that warns, fails or shows a path of this machine is
not stored.
"""

import hashlib
import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat

from framebook.common.errors import ChapterError
from framebook.report.execution import execute, read_notebooks

PROJECT = Path(__file__).resolve().parent.parent
NOTEBOOKS = PROJECT / "notebooks"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
OF_THE_EDITOR = {
    "execution",
    "collapsed",
    "scrolled",
    "ExecuteTime",
    "jupyter",
    "editable",
    "slideshow",
    "trusted",
}
# A path from the root, in plain text: /x/y or C:\x, not the slashes of an address or a tag.
PATH = re.compile(r"(?<![\w/:.<*])/(?:[\w.~-]+/)+[\w.~-]+|\b[A-Za-z]:\\\w")


def main(names, folder=NOTEBOOKS):
    """Return 0 when every notebook named was executed and stored in its folder, else 1."""
    chapters = read_notebooks(folder)
    names = [Path(name).stem for name in names] or list(chapters)
    unknown = [name for name in names if name not in chapters]
    if unknown:
        print(f"There is no notebook {unknown[0]}; there are: {', '.join(chapters)}.")
        return 1
    chosen = {name: chapters[name] for name in names}
    try:
        execute(chosen, folder, finished=lambda name, _: print(f"{name} executed"))
    except ChapterError as error:
        print(error)
        return 1
    refused = 0
    for name, notebook in chosen.items():
        if reasons := list(find_faults(notebook)):
            print(f"{name} is not stored:", *reasons, sep="\n  ")
            refused += 1
        else:
            normalise(notebook)
            write(folder / f"{name}.ipynb", notebook)
    return 1 if refused else 0


def find_faults(notebook):
    """Yield a sentence for each output that may not be stored."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            where = f"In [{cell.execution_count}]"
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get(
                "tags", []
            ):
                yield f"{where} fails: {output.ename}."
            if output.get("name") == "stderr":
                yield f"{where} writes to stderr: {output.text.strip().splitlines()[-1]}"
            if any("widget" in kind for kind in output.get("data", {})):
                yield f"{where} shows a widget, which is nothing without its kernel."
            for text in _texts(output):
                if found := _machine_path(text):
                    yield f"{where} shows a path of this machine: {found}"


def _texts(output):
    data = output.get("data", {})
    kinds = [kind for kind in data if kind.startswith("text/") or kind == "image/svg+xml"]
    traceback = output.get("traceback", [])
    return [output.get("text", ""), *traceback, *(str(data[kind]) for kind in kinds)]


def _machine_path(text):
    text = re.sub(r"data:[\w/+.-]+;base64,[\w+/=]+", "", text)
    for place in (PROJECT, Path.home(), Path(tempfile.gettempdir()), Path(sys.prefix)):
        if len(place.parts) > 1 and re.search(re.escape(str(place)) + r"\b", text):
            return str(place)
    found = PATH.search(text)
    return found and found.group()


def normalise(notebook):
    """Leave in the notebook only what the same sources give on every machine."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata["kernelspec"] = KERNEL
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata.pop("widgets", None)
    seen = set()
    for cell in notebook.cells:
        for key in OF_THE_EDITOR & set(cell.metadata):
            del cell.metadata[key]
        if "guess" in cell.metadata.get("tags", []):  # the reader guesses before the output opens
            cell.metadata |= {"collapsed": True, "jupyter": {"outputs_hidden": True}}
        if not cell.get("id") or cell["id"] in seen:
            own = hashlib.sha256(f"{len(seen)} {cell.source}".encode()).hexdigest()
            cell["id"] = own[:8]
        seen.add(cell["id"])


def write(path, notebook):
    """Write the notebook beside its place and move it in, so that it is never half there."""
    text = nbformat.writes(notebook)
    beside = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        beside.write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
