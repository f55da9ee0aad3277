"""Put small faults into the package, one at a time, and see whether the tests notice.

    python tools/mutate.py [--n 60] [--seed 1] [MODULE ...]

draws n places in the modules (by default eleven rooms), changes each as a slip of the hand would
(a comparison turned, a constant moved by one, a sign changed, a condition or a result dropped),
runs the tests of its room, and that of the limits, on a copy of the checkout, and prints what
survived. The exit status is 1 if fewer than nine in ten were noticed. (Mutation testing: DeMillo,
Lipton & Sayward 1978, doi:10.1109/C-M.1978.218136.)
"""

import argparse
import ast
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
WANTED = 0.9
LONGEST = 900  # seconds of processor time; the tests of a room take a fifth of that
ROOMS = (
    "common comparison framing learning loading robustness sentiment tokenising validation "
    "visualisation voices"
).split()  # not classroom, coding and report, whose tests take long
LIMITS = "tests/test_docs.py::test_the_reference_is_what_the_code_says"  # a module's numbers
TURNED = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.Is: ("is", "is not"),
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.Div: ("/", "*"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
}


def list_faults(source):
    """Return (start, end, new text) for each place in a module's text that can be spoilt."""
    lines = source.splitlines(keepends=True)
    begin = [sum(len(line.encode()) for line in lines[:n]) for n in range(len(lines) + 1)]
    data = source.encode()

    def place(line, column):
        return begin[line - 1] + column

    def between(left, right, operator):
        old, new = TURNED[type(operator)]
        start = place(left.end_lineno, left.end_col_offset)
        end = place(right.lineno, right.col_offset)
        at = data.find(old.encode(), start, end)
        return [(at, at + len(old), new)] if at >= 0 else []

    faults = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in TURNED:
            faults += between(node.left, node.comparators[0], node.ops[0])
        elif isinstance(node, ast.BinOp) and type(node.op) in TURNED:
            faults += between(node.left, node.right, node.op)
        elif isinstance(node, ast.BoolOp):
            faults += between(*node.values[:2], node.op)
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float, bool):
            value = not node.value if isinstance(node.value, bool) else node.value + 1
            start = place(node.lineno, node.col_offset)
            faults.append((start, place(node.end_lineno, node.end_col_offset), repr(value)))
        elif isinstance(node, ast.Return) and node.value is not None:
            start = place(node.value.lineno, node.value.col_offset)
            faults.append((start, place(node.value.end_lineno, node.value.end_col_offset), "None"))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            start = place(node.lineno, node.col_offset)
            faults.append((start, start + len("not "), ""))
    return sorted({one for one in faults if data[one[0] : one[1]].decode() != one[2]})


def tests_of(module):
    """Return lists of the tests that concern a module: those of its name, those of its room."""
    tests = PROJECT / "tests"
    room, alone = tests / module.parent.name, tests / f"test_{module.stem}.py"
    if not room.is_dir():
        return [[alone if alone.exists() else tests / "test_chain.py"]]
    named = sorted(room.glob(f"test_*{module.stem}*.py"))
    return [named, [path for path in sorted(room.glob("test_*.py")) if path not in named]]


def notice(copy, module):
    """Return whether a test fails, or none can be run."""

    def limit():  # a fault may send a run round for ever
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))

    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    for paths in [*tests_of(module), [PROJECT / LIMITS]]:
        places = [str(path.relative_to(PROJECT)) for path in paths]
        run = [*command, *places]
        if not places:
            continue
        done = subprocess.run(run, cwd=copy, capture_output=True, check=False, preexec_fn=limit)
        if done.returncode:
            return True
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("modules", nargs="*", type=Path, metavar="MODULE")
    parser.add_argument("--n", type=int, default=60, help="faults (60)")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    package = PROJECT / "framebook"
    modules = given.modules or [
        path for room in ROOMS for path in sorted((package / room).glob("*.py"))
    ]
    modules = [path.resolve() for path in modules if path.name != "__init__.py"]
    places = [(path, *fault) for path in modules for fault in list_faults(path.read_text("utf-8"))]
    drawn = random.Random(given.seed).sample(places, min(given.n, len(places)))
    noticed = 0
    with tempfile.TemporaryDirectory(prefix="framebook-") as folder:
        copy = Path(folder, "copy")
        left_out = shutil.ignore_patterns(".venv", ".git", "reports", "__pycache__")
        shutil.copytree(PROJECT, copy, ignore=left_out)
        for module, start, end, new in drawn:
            data = module.read_bytes()
            spoilt = copy / module.relative_to(PROJECT)
            spoilt.write_bytes(data[:start] + new.encode() + data[end:])
            seen = notice(copy, module)
            spoilt.write_bytes(data)
            noticed += seen
            if not seen:
                line = data.count(b"\n", 0, start) + 1
                old = data[start:end].decode()
                print(f"{module.relative_to(PROJECT)}:{line}: {old!r} made {new!r}", flush=True)
    print(f"{noticed} of {len(drawn)} faults were noticed.")
    return int(noticed < WANTED * len(drawn))


if __name__ == "__main__":
    sys.exit(main())
