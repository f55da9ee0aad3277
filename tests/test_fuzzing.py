"""What is fuzzed holds for the seeds, and for every input that once failed (fuzz/found)."""

from pathlib import Path

import pytest
import targets

FUZZ = Path(__file__).with_name("fuzz")

FOUND = [(path.parent.name, path) for path in sorted(FUZZ.glob("found/*/*"))]


@pytest.mark.parametrize("name", targets.TARGETS)
def test_the_seeds_pass(name):
    for seed in targets.TARGETS[name].seeds:
        targets.run(name, seed)


@pytest.mark.parametrize(("name", "path"), FOUND, ids=[f"{n}-{p.name}" for n, p in FOUND])
def test_what_failed_once_passes(name, path):
    targets.run(name, path.read_bytes())
