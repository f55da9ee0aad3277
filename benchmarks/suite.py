"""How long the tests take, by the clock and by processor time, and which take longest.

    python benchmarks/suite.py [OPTION ...]

runs `pytest tests` with two processes (or as the options say) and prints JSON. Processor time
counts what a test's own processes take as far as they have ended; it barely changes when other
work runs on the machine, and the clock does.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

LONGEST = 10
PLACE = "FRAMEBOOK_SUITE_TIMES"


def spent():
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Write down what one test, with what it sets up and tears down, takes."""
    clock, processor = time.perf_counter(), spent()
    try:
        return (yield)
    finally:
        row = [item.nodeid, time.perf_counter() - clock, spent() - processor]
        with open(Path(os.environ[PLACE], f"{os.getpid()}.jsonl"), "a") as file:
            print(json.dumps(row), file=file)


def main(options):
    """Run the tests and print what they took; return pytest's exit status."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        os.environ[PLACE] = folder
        shutil.copy(__file__, Path(folder, "suite_times.py"))  # alone, where no other name is
        command = [sys.executable, "-m", "pytest", "-q", "-p", "suite_times", *options]
        world = {**os.environ, PLACE: folder, "PYTHONPATH": folder}
        status = subprocess.run(command, env=world, check=False, stdout=sys.stderr).returncode
        seconds = time.perf_counter() - started
        lines = [
            line for path in Path(folder).glob("*.jsonl") for line in path.read_text().splitlines()
        ]
    rows = sorted(map(json.loads, lines), key=lambda row: -row[2])
    modules = {}
    for name, _, processor in rows:
        module = name.partition("::")[0]
        modules[module] = modules.get(module, 0) + processor
    told = {
        "status": status,
        "tests": len(rows),
        "load": [round(one, 1) for one in os.getloadavg()],
        "clock_s": round(seconds),
        "processor_s": round(sum(row[2] for row in rows)),
        "longest": [[name, round(clock, 1), round(cpu, 1)] for name, clock, cpu in rows[:LONGEST]],
        "modules": {
            name: round(took, 1) for name, took in sorted(modules.items(), key=lambda one: -one[1])
        },
    }
    print(json.dumps(told, indent=1))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["-n", "2", "--dist", "loadscope", "tests"]))
