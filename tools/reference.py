"""Write docs/reference.md: the commands, the tables, and the functions that notebooks and docs use.

    .venv/bin/python tools/reference.py

Everything on the page is taken from the code: the parser, tables.py and the docstrings.
"""

import argparse
import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import nbformat

from framebook.cli import build_parser
from framebook.tables import SCHEMAS, VOCABULARIES

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "reference.md"
# What the commands call, beside what the notebooks and the how-to pages import.
BEHIND_COMMANDS = [
    ("report.report", "make_report"),
    ("scaling", "make_tables"),
    ("chain", "derive_tables"),
    ("comparison.comparison", "compare"),
    ("validation.sampling", "sample"),
    ("validation.agreement", "agree"),
    ("framing.checking", "check_codebook"),
    ("framing.importing", "import_codebook"),
    ("validation.exchange", "read_codes"),
    ("tables", "read"),
    ("tables", "write"),
]
TYPES = {
    "int": "whole number",
    "float": "number",
    "str": "text",
    "date": "date",
    "word": "text (categorical)",
    "ranges": "list of [start, end]",
}
HEAD = """# Reference

Made from the code by `tools/reference.py`; change the docstrings and make it anew. What a measure means and what fools it is in the notebooks.
"""  # noqa: E501


def list_commands(parser, name="framebook"):
    """Yield (name, parser) of every command, sub-commands after their command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, command in action.choices.items():
                yield f"{name} {word}", command
                yield from list_commands(command, f"{name} {word}")


def describe_command(name, parser):
    lines = [f"### `{name}`", "", parser.description, ""]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction | argparse._HelpAction):
            continue
        words = " ".join(
            [
                *action.option_strings,
                *([action.metavar or "|".join(action.choices)] if action.nargs != 0 else []),
            ]
        )
        lines.append(f"- `{words}`: {action.help}")
    return "\n".join(lines).rstrip() + "\n"


def describe_table(name):
    lines = [f"### `{name}`", "", "| column | holds |", "|---|---|"]
    for column, kind in SCHEMAS[name].items():
        words = TYPES[kind.rstrip("?")] + (", may be null" if kind.endswith("?") else "")
        closed = VOCABULARIES.get(column)
        lines.append(f"| {column} | {words}{': ' + ', '.join(closed) if closed else ''} |")
    return "\n".join(lines) + "\n"


def list_functions():
    """Return (module, name) of what the notebooks and docs import, and what commands call."""
    sources = [
        cell.source
        for path in PROJECT.glob("notebooks/*.ipynb")
        for cell in nbformat.read(path, 4).cells
        if cell.cell_type == "code"
    ]
    for path in set(PROJECT.glob("docs/*.md")) - {PAGE}:
        sources += re.findall(r"^```python\n(.*?)^```", path.read_text("utf-8"), re.M | re.S)
    found = set(BEHIND_COMMANDS)
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("framebook."):
                found |= {(node.module[10:], alias.name) for alias in node.names}
    return sorted(found)


def describe_functions():
    module = ""
    for own, name in list_functions():
        home = import_module(f"framebook.{own}")
        thing = getattr(home, name)
        if not inspect.isroutine(inspect.unwrap(thing)) or thing.__module__ != home.__name__:
            continue
        if own != module:
            module = own
            yield f"## framebook.{own}\n\n{inspect.getdoc(home)}\n"
        arguments = re.sub(r"<(function|object|class)[^>]*>", "…", str(inspect.signature(thing)))
        arguments = re.sub(r"\w*Path\('[^']*/", "Path('", arguments)  # no folder of this machine
        yield f"### `{name}{arguments}`\n\n{inspect.getdoc(thing)}\n"


def make_page():
    """Return the text of docs/reference.md."""
    return (
        "\n".join(
            [
                HEAD,
                "## Commands\n",
                *(describe_command(*one) for one in list_commands(build_parser())),
                "## Tables\n",
                *map(describe_table, SCHEMAS),
                *describe_functions(),
            ]
        ).rstrip()
        + "\n"
    )


if __name__ == "__main__":
    PAGE.write_text(make_page(), encoding="utf-8", newline="\n")
