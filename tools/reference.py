"""Write docs/reference.md: commands and their options, tables and their columns, and limits.

    .venv/bin/python tools/reference.py

Everything on the page is taken from the parser, tables.py, tables.toml and the numbers that
modules name, with a comment beside them. Functions are read with help() or Shift-Tab.
"""

import argparse
import ast
import tomllib
from importlib import import_module
from pathlib import Path

from framebook.cli import build_parser
from framebook.tables import SCHEMAS, VOCABULARIES

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "reference.md"
MEANINGS = tomllib.loads((PROJECT / "framebook" / "tables.toml").read_text("utf-8"))
TYPES = {
    "int": "whole number",
    "float": "number",
    "str": "text",
    "date": "date",
    "word": "text (categorical)",
    "ranges": "list of [start, end]",
}
HEAD = """# Reference

Commands, tables and limits. Functions are documented where they are: `help(framebook)` in Python is the map, and Shift-Tab on a name in JupyterLab shows what it returns. `tools/reference.py` makes this page.
"""
LIMITS = """## Limits

Numbers that the program keeps to: what is cut, refused, or too little to say anything. They have these names in the module in front.

| module | name | value | meaning |
|---|---|---|---|"""


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
    lines = [f"### `{name}`", "", f"{MEANINGS[name]['_'].capitalize()}.", ""]
    lines += ["| column | type | meaning |", "|---|---|---|"]
    for column, kind in SCHEMAS[name].items():
        words = TYPES[kind.rstrip("?")] + (", may be null" if kind.endswith("?") else "")
        closed = ", ".join(VOCABULARIES.get(column, []))
        meaning = MEANINGS[name][column] + (f": {closed}" if closed else "")
        lines.append(f"| {column} | {words} | {meaning} |")
    return "\n".join(lines) + "\n"


def list_limits():
    """Yield (module, names, values, meaning) of the numbers that modules name and explain."""
    package = PROJECT / "framebook"
    for path in sorted(package.rglob("*.py")):
        lines = path.read_text("utf-8").splitlines()
        module = ".".join(path.relative_to(package).with_suffix("").parts)
        for node in ast.parse("\n".join(lines)).body:
            meaning = lines[node.end_lineno - 1].partition("  # ")[2]
            if not isinstance(node, ast.Assign) or not meaning:
                continue
            names = [one.id for one in ast.walk(node.targets[0]) if isinstance(one, ast.Name)]
            held = import_module(f"framebook.{module}")
            values = [getattr(held, name) for name in names]
            if all(type(value) in (int, float) for value in values):
                shown = "; ".join(f"{value:,}" for value in values).replace("-", "−")
                yield module, "; ".join(names), shown, meaning


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
                LIMITS,
                *(f"| {' | '.join(limit)} |" for limit in list_limits()),
            ]
        ).rstrip()
        + "\n"
    )


if __name__ == "__main__":
    PAGE.write_text(make_page(), encoding="utf-8", newline="\n")
