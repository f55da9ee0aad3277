"""What several tests need."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from run_module import load_run
from steps import find_chromium


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="the full size of every test")


def pytest_configure(config):
    """Choose how many inputs are generated; without a deadline, as machines are noisy."""
    settings.register_profile("few", deadline=None, max_examples=40)
    settings.register_profile("full", deadline=None, max_examples=400)
    settings.load_profile("full" if config.getoption("--all") else "few")


# Begun first where several processes run the tests, so that none ends with a long one alone.
LONGEST = (
    "notebooks attacks kills scaling chain doctor explorer lab lite set_up browser exercises report"
).split()


def pytest_collection_modifyitems(config, items):
    """Leave out what only `run.py test --all` runs, and put the longest modules first."""
    if not config.getoption("--all"):
        left_out = [item for item in items if item.get_closest_marker("full")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
    names = [f"test_{name}" for name in LONGEST]
    items.sort(key=lambda item: names.index(item.path.stem) if item.path.stem in names else 99)


@pytest.fixture(scope="session")
def size(request):
    """Return a function that chooses between a representative size and the full one."""
    return lambda few, full: full if request.config.getoption("--all") else few


@pytest.fixture(scope="session")
def chromium():
    """The path of a Chromium; a test that needs one is skipped where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on PATH (or in FRAMEBOOK_CHROMIUM)")
    return path


@pytest.fixture(scope="module")
def browser(chromium):
    """A Chromium for the tests of one module."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def run(monkeypatch, tmp_path):
    """run.py as a module whose project is an empty folder and which starts no program."""
    module = load_run(tmp_path)
    for name in ("requirements.lock", "pyproject.toml", "tests/requirements.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / "formats.lock").write_text("x")
    module.done = []

    def create(uv):
        module.done.append("create")
        Path(module.site_packages()).mkdir(parents=True)
        Path(module.PYTHON).touch()

    def install(command):
        if "check" not in command:
            assert "--no-deps" in command
            module.done.append("install")

    def hand_over(arguments):
        module.done.append(arguments)
        return 7

    def find_damage(stamp, thoroughly):
        return None if os.path.exists(module.PYTHON) else "it is damaged"

    own = {"find_uv": lambda: None, "create": create, "install": install}
    own |= {"hand_over": hand_over, "find_damage": find_damage}
    for name, function in own.items():
        monkeypatch.setattr(module, name, function)
    return module
