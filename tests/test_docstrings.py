"""What notebooks import is annotated, described, and shown by an example that runs."""

import ast
import doctest
import importlib
import inspect
import json

import pytest
from steps import PROJECT

VERBS = {"Return", "Print", "Display", "Write"}


def parse_cells():
    for path in PROJECT.glob("notebooks/**/*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield ast.parse("".join(cell["source"]))


def list_imports():
    """Return {module: names} of what chapters, exercises and solutions take from the package."""
    found, rooms = {}, set()
    trees = list(parse_cells())
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.ImportFrom) and node.module == "framebook":
            rooms |= {alias.name for alias in node.names}  # `validation`, then `validation.alpha`
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("framebook."):
            found.setdefault(node.module, set()).update(alias.name for alias in node.names)
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") in rooms:
            found.setdefault(f"framebook.{node.value.id}", set()).add(node.attr)
    return found


IMPORTS = list_imports()


def list_faults(name, thing):
    """Return what the signature and the docstring of a function or class lack."""
    text, faults = inspect.getdoc(thing) or "", []
    if not isinstance(thing, type):
        signature = inspect.signature(thing)
        blank = inspect.Parameter.empty
        faults += [
            f"{name}({one.name})"
            for one in signature.parameters.values()
            if one.annotation is blank
        ]
        faults += [f"{name} -> "] if signature.return_annotation is blank else []
        faults += [] if text.split(" ")[0] in VERBS else [f"{name}: its first word"]
    if ">>> " not in text and not (isinstance(thing, type) and issubclass(thing, Exception)):
        faults.append(f"{name}: an example")
    return faults


def test_the_notebooks_were_read():
    assert {"framebook.chain", "framebook.loading", "framebook.voices"} <= IMPORTS.keys()
    assert "alpha" in IMPORTS["framebook.validation"]


@pytest.mark.parametrize("module", sorted(IMPORTS))
def test_what_notebooks_import_is_described(module):
    things = vars(importlib.import_module(module))
    used = {name: things[name] for name in sorted(IMPORTS[module]) if callable(things[name])}
    assert [fault for name, thing in used.items() for fault in list_faults(name, thing)] == []


@pytest.mark.parametrize("module", sorted(IMPORTS))
def test_examples_give_what_they_say(module, monkeypatch):
    """Run each with the room's front, pandas and NumPy at hand, as in a notebook."""
    import matplotlib.pyplot as plt
    import numpy as np
    import pandas as pd

    monkeypatch.chdir(PROJECT)
    front = {k: v for k, v in vars(importlib.import_module(module)).items() if k[0] != "_"}
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for name, thing in front.items():
        if getattr(thing, "__module__", "").startswith(module):
            globs = {**front, "pd": pd, "np": np}
            text = inspect.getdoc(thing) or ""
            runner.run(doctest.DocTestParser().get_doctest(text, globs, name, module, 0))
    plt.close("all")
    assert runner.failures == 0
