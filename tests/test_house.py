"""The rules of the house: what lies where, how large it may be, and what it may import."""

import ast
import json
from pathlib import Path

import pytest

# What is larger than the plan allows. A part that shrinks is taken off, and none is added.
NOT_YET = {
    "report",
    "voices",
}
MOST_LINES = 23_404
MOST_LINES_READ = 7_752
PACKAGE = Path(__file__).resolve().parents[1] / "framebook"
# Each room may import from its own rank and from those before it; a rank holds no circle.
RANKS = [
    ["common", "tables"],
    ["loading", "visualisation"],
    ["tokenising"],
    ["framing", "sentiment"],
    ["voices"],
    ["chain", "learning", "robustness"],
    ["scaling", "validation"],
    ["report", "classroom", "comparison"],
    ["coding"],
    ["cli"],
]
RANK = {room: rank for rank, rooms in enumerate(RANKS) for room in rooms}
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
ROOMS = sorted(name.removesuffix(".__init__") for name in MODULES if name.endswith(".__init__"))


def size(path):
    return len(path.read_text("utf-8").splitlines())


def imports_of(path):
    """Return the modules of the package that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("framebook."):
            found.add(node.module[10:])
        elif isinstance(node, ast.ImportFrom) and node.module == "framebook":
            found |= {a.name for a in node.names if a.name in RANK or a.name in MODULES}
        elif isinstance(node, ast.Import):
            found |= {a.name[10:] for a in node.names if a.name.startswith("framebook.")}
    return found


ARROWS = {name: imports_of(path) for name, path in MODULES.items()}


def room_of(module):
    return module.split(".")[0]


def test_every_module_has_its_room():
    assert {room_of(name) for name in MODULES} - {"__init__", "__main__"} == set(RANK)


@pytest.mark.parametrize("name", [name for name in MODULES if name not in ("__init__", "__main__")])
def test_imports_go_down_only(name):
    here = room_of(name)
    others = {room_of(target) for target in ARROWS[name]} - {here}
    assert [room for room in others if RANK[room] > RANK[here]] == []


def test_no_circle():
    rooms = {room: set() for room in RANK}
    for name, targets in ARROWS.items():
        if room_of(name) in rooms:
            rooms[room_of(name)] |= {room_of(target) for target in targets} - {room_of(name)}
    for arrows in (rooms, {n: {t for t in ts if t in ARROWS} for n, ts in ARROWS.items()}):
        left = dict(arrows)
        while free := [name for name, targets in left.items() if not targets & left.keys()]:
            for name in free:
                del left[name]
        assert left == {}


def find_large_parts():
    """Return what is larger than the house allows: fronts, modules, functions and rooms."""
    large = set()
    for name, path in MODULES.items():
        limit = 40 if name.endswith(".__init__") else 450
        if size(path) >= limit:
            large.add(name)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 60:
                large.add(f"{name}:{node.name}")
    for room in {room_of(name) for name in MODULES}:
        if sum(size(path) for name, path in MODULES.items() if room_of(name) == room) >= 2300:
            large.add(room)
    return large


def test_parts_are_small():
    assert find_large_parts() == NOT_YET


def test_the_package_is_small():
    """It may not grow; the plan is 14,500 lines."""
    assert sum(map(size, MODULES.values())) < MOST_LINES


def imported_by_notebooks():
    """Return {module that a notebook imports: the names it takes}."""
    found = {}
    for path in PACKAGE.parent.glob("notebooks/*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                for node in ast.walk(ast.parse("".join(cell["source"]))):
                    if isinstance(node, ast.ImportFrom) and "framebook." in (node.module or ""):
                        names = found.setdefault(node.module[10:], set())
                        names |= {alias.name for alias in node.names}
    return found


def test_notebooks_import_from_fronts_only():
    allowed = {*ROOMS, "tables", "chain", "common.errors", "common.resampling"}
    assert set(imported_by_notebooks()) <= allowed


def test_what_notebooks_import_is_small():
    """Fronts, `tables`, `chain` and the modules that notebooks import: what a reader reads."""
    read = {"tables", "chain"} | {name for name in MODULES if name.endswith("__init__")}
    for room, names in imported_by_notebooks().items():
        if room in MODULES:
            read.add(room)
            continue
        for node in ast.walk(ast.parse(MODULES[f"{room}.__init__"].read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and names & {a.name for a in node.names}:
                read.add(node.module[10:])
    assert sum(size(MODULES[name]) for name in read) < MOST_LINES_READ  # the plan is 3,800
