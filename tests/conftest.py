"""What several tests need."""

import importlib.util

import pytest
from hypothesis import settings
from steps import PROJECT, find_chromium

settings.register_profile("untimed", deadline=None)  # machines are noisy
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def chromium():
    """The path of a Chromium; a test that needs one is skipped where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on PATH (or in FRAMEBOOK_CHROMIUM)")
    return path


@pytest.fixture
def run(monkeypatch, tmp_path):
    """run.py as a module whose project is an empty folder and which starts no program."""
    spec = importlib.util.spec_from_file_location("run", PROJECT / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "tests").mkdir()
    for name in ("requirements.lock", "pyproject.toml", "tests/requirements.lock"):
        (tmp_path / name).write_text("x")
    monkeypatch.setattr(module, "HERE", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "WHEELS", str(tmp_path / "wheels"))
    monkeypatch.setattr(module, "STAMP", str(tmp_path / ".venv" / "framebook-stamp"))
    monkeypatch.setattr(module, "PYTHON", str(tmp_path / ".venv" / "python"))
    monkeypatch.setattr(module, "find_uv", lambda: None)
    module.done = []

    def create(folder, **options):
        module.done.append("create")
        (tmp_path / ".venv" / "python").touch()

    def hand_over(arguments):
        module.done.append(arguments)
        return 7

    monkeypatch.setattr("venv.create", create)
    monkeypatch.setattr(module, "install", lambda command: module.done.append("install"))
    monkeypatch.setattr(module, "hand_over", hand_over)
    return module
