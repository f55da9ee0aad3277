"""The environment: three lists that may not drift apart, run.py that makes it, and the check."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
import steps as testing
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from framebook import __version__
from framebook.classroom import machine
from framebook.common.folders import PROJECT

# where conda-forge calls a package otherwise than the Python package index
TEST_LOCK = "tests/requirements.lock"
EXTRAS = {name: f"locks/{name}.lock" for name in ("formats", "supervised", "encoder", "cluster")}
EXTRAS["test"] = TEST_LOCK
LOCKS = ["requirements.lock", *EXTRAS.values()]
CONDA_NAMES = {"matplotlib-base": "matplotlib"}


def read(name):
    return (PROJECT / name).read_text(encoding="utf-8")


def named_in_pyproject(extra=None):
    """Return {name: the versions allowed} of what pyproject.toml names, by need or for an extra."""
    project = tomllib.loads(read("pyproject.toml"))["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return {canonicalize_name(r.name): r.specifier for r in map(Requirement, lines)}


def parse_lock(lock):
    """Return the requirements of a lock."""
    return list(map(Requirement, re.findall(r"^[\w.-]+==[^\\\n]+", read(lock), re.MULTILINE)))


def locked(lock="requirements.lock"):
    """Return {name: version} of a lock, for the Python of environment.yml."""
    here = {"python_full_version": "3.12.0", "python_version": "3.12"}
    needed = [r for r in parse_lock(lock) if not r.marker or r.marker.evaluate(here)]
    return {r.name: str(r.specifier).removeprefix("==") for r in needed}


def pinned_for_conda():
    """Return {name: version} of what environment.yml pins, by conda or by pip."""
    pins = re.findall(r"^ +- ([\w.-]+)==(\S+)", read("environment.yml"), re.MULTILINE)
    return {CONDA_NAMES.get(name, name): version for name, version in pins}


def test_environment_yml_pins_what_pyproject_names_at_the_locked_versions():
    pins, lock = pinned_for_conda(), locked(TEST_LOCK)
    assert set(pins) == {*named_in_pyproject(), "pytest", "nbval"}
    assert pins == {name: lock[name] for name in pins}


def test_the_locked_versions_satisfy_pyproject():
    for lock, extra in (("requirements.lock", None), (TEST_LOCK, None), (TEST_LOCK, "test")):
        for name, allowed in named_in_pyproject(extra).items():
            assert locked(lock)[name] in allowed


def test_the_tests_lock_holds_the_other_lock():
    assert locked().items() <= locked(TEST_LOCK).items()


def test_every_pin_of_environment_yml_has_its_reason():
    for line in read("environment.yml").splitlines():
        if re.match(r" +- \S+=", line):
            assert re.search(r"  # \S+", line), line


def test_the_lock_has_the_build_backend():
    project = tomllib.loads(read("pyproject.toml"))
    backend = project["build-system"]["requires"]
    assert backend == project["dependency-groups"]["build"]
    assert backend == [f"flit_core =={locked()['flit-core']}"]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_a_hash_for_everything_and_no_address(lock):
    text = read(lock)
    for requirement in re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in requirement, requirement.splitlines()[0]
    assert not re.search(r"://|^-| @ ", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_version_that_no_project_would_give(lock):
    """Such versions, 999.9.9 for one, are given to packages that stand in for others."""
    versions = re.findall(r"^[\w.-]+==([^\s;]+)", read(lock), re.MULTILINE)
    assert versions
    for version in map(Version, versions):
        assert max(version.release[1:], default=0) < 10_000, version
        assert version.release.count(9) < 2 and not {99, 999, 9999} & set(version.release), version


def test_the_locks_agree_with_each_other():
    for lock in LOCKS:
        for name, version in locked(lock).items():
            assert locked(TEST_LOCK).get(name, version) == version, f"{name} in {lock}"


@pytest.mark.parametrize("extra", [None, "formats", "supervised", "encoder", "cluster", "test"])
def test_the_locks_are_complete(extra):
    """They are installed with --no-deps: whatever is asked for, also with an extra, is in them."""
    locks = ["requirements.lock", *([] if not extra else [EXTRAS[extra]])]
    entries = [entry for lock in locks for entry in parse_lock(lock)]
    environment = {**default_environment(), "extra": ""}
    here = {canonicalize_name(e.name) for e in entries if not e.marker or e.marker.evaluate()}
    wanted = list(required(extra))
    if extra == "encoder" and not find_spec("onnxruntime"):  # it is not among the tests' packages
        pytest.skip("the extra `encoder` is not among the tests’ packages [cannot be had here]")
    seen = set()
    while wanted:
        name, extras = wanted.pop()
        assert name in here, f"{name} is in none of {locks}"
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        for line in metadata.requires(name) or []:
            one = Requirement(line)
            asked = [{**environment, "extra": e} for e in (extras or [""])]
            if not one.marker or any(one.marker.evaluate(e) for e in asked):
                wanted.append((canonicalize_name(one.name), tuple(sorted(one.extras))))


def required(extra):
    """Yield (name, extras) of what pyproject.toml asks for, with one of its extras."""
    project = tomllib.loads(read("pyproject.toml"))["project"]
    lines = project["dependencies"] + (project["optional-dependencies"][extra] if extra else [])
    for one in map(Requirement, lines):
        yield canonicalize_name(one.name), tuple(sorted(one.extras))


def test_the_version_stands_in_one_place_and_the_pages_follow():
    assert tomllib.loads(read("pyproject.toml"))["project"]["dynamic"] == ["version"]
    assert f"\nversion: {__version__}\n" in read("CITATION.cff")
    assert f"version {__version__}." in read("README.md")
    assert (
        re.search(r"^## \[(\S+)\] – \d{4}-\d\d-\d\d$", read("CHANGELOG.md"), re.M)[1] == __version__
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no run bit")
@pytest.mark.parametrize("name", ["postBuild", ".ci/run"])
def test_scripts_can_be_run(name):
    assert read(name).startswith("#!/usr/bin/env bash\n")
    assert os.access(PROJECT / name, os.X_OK)


# run.py


SET_UP = ["create", "install", "install"]


def test_run_py_imports_the_standard_library_alone():
    names = set()
    for node in ast.walk(ast.parse(read("run.py"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module.split(".")[0])
    assert "subprocess" in names
    assert names <= sys.stdlib_module_names


def test_the_packages_of_the_tests_are_added_once_and_only_for_the_tests(run):
    assert run.main(["report"]) == run.main(["test"]) == run.main(["test"]) == 7
    assert run.main(["report"]) == 7
    assert run.done == [*SET_UP, ["report"], "install", ["test"], ["test"], ["report"]]


def test_an_extra_is_added_once_and_again_when_its_lock_or_the_environment_changes(run, tmp_path):
    assert run.main(["add", "formats"]) == run.main(["add", "formats"]) == 0
    assert run.done == [*SET_UP, "install"]
    (tmp_path / "locks" / "formats.lock").write_text("y")
    assert run.main(["add", "formats"]) == 0
    assert run.done == [*SET_UP, "install", "install"]
    (tmp_path / "requirements.lock").write_text("y")
    run.done.clear()
    assert run.main(["report"]) == run.main(["add", "formats"]) + 7 == 7
    assert run.done == [*SET_UP, "install", ["report"]]


@pytest.mark.parametrize("names", [[], ["luck"], ["formats", "luck"], ["../formats"]])
def test_an_extra_that_is_not_known_is_one_sentence(run, capsys, names):
    assert run.main(["add", *names]) == 2
    assert capsys.readouterr().err == "framebook: add takes one or more of formats.\n"
    assert run.done == []


def test_the_second_run_installs_nothing_and_passes_the_status_on(run, capsys):
    assert run.main(["report", "a b"]) == 7
    assert run.done == [*SET_UP, ["report", "a b"]]
    said = capsys.readouterr().err.splitlines()
    assert [line.split()[1] for line in said] == ["Setting", "1", "2", "3", "4"]
    run.done.clear()
    assert run.main(["check"]) == 7
    assert run.done == [["check"]]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("change", ["lock", "pyproject", "procedure", "python", "gone"])
def test_a_stale_environment_is_made_anew(run, change, tmp_path, monkeypatch):
    run.main([])
    run.done.clear()
    (tmp_path / ".venv" / "old").mkdir()
    if change == "lock":
        (tmp_path / "requirements.lock").write_text("y")
    elif change == "pyproject":
        (tmp_path / "pyproject.toml").write_text("y")
    elif change == "procedure":
        monkeypatch.setattr(run, "PROCEDURE", "another")
    elif change == "python":
        monkeypatch.setattr(sys, "base_prefix", "elsewhere")
    else:
        (tmp_path / ".venv" / "python").unlink()
    assert run.main([]) == 7
    assert run.done == [*SET_UP, []]
    assert not (tmp_path / ".venv" / "old").exists()


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [("SetUpError", 1, "could not"), ("KeyboardInterrupt", 130, "interrupted")],
)
def test_a_set_up_cut_short_is_not_taken_for_done(
    run, monkeypatch, capsys, error, status, sentence
):
    def fail(command):
        raise {"SetUpError": run.SetUpError, "KeyboardInterrupt": KeyboardInterrupt}[error](
            sentence
        )

    with monkeypatch.context() as patch:
        patch.setattr(run, "install", fail)
        assert run.main([]) == status
    assert sentence in capsys.readouterr().err
    assert run.done == ["create"]
    assert run.main([]) == 7
    assert run.done == ["create", *SET_UP, []]


def test_an_environment_of_the_users_own_is_left_alone(run, tmp_path, capsys):
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "precious").touch()
    assert run.main([]) == 1
    assert "was not made by run.py" in capsys.readouterr().err
    assert (tmp_path / ".venv" / "precious").exists()


def test_an_old_python_is_told_in_one_sentence(run, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    assert run.main([]) == 1
    message = "framebook: needs Python 3.11 or newer, and this is Python 3.10.\n"
    assert capsys.readouterr().err == message
    assert run.done == []


def test_a_python_that_cannot_make_environments_is_told_what_to_install(run, monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert run.main([]) == 1
    message = capsys.readouterr().err
    assert "apt install python3-venv" in message
    assert message.count("\n") == 1
    assert run.done == []


def test_a_missing_lock_gets_one_sentence(run, tmp_path, capsys):
    (tmp_path / "requirements.lock").unlink()
    assert run.main([]) == 1
    message = capsys.readouterr().err
    assert "requirements.lock" in message
    assert message.count("\n") == 1


def test_a_second_run_waits_for_the_first(run, tmp_path):
    with open(tmp_path / "lock", "w") as first, open(tmp_path / "lock", "w") as second:
        assert run.lock(first)
        assert not run.lock(second)
        first.close()
        assert run.lock(second)


# framebook check


def test_the_check_passes_here(monkeypatch, capsys):
    """This executes a notebook for real; tests/classroom/test_exercises.py does so with the exercises."""
    monkeypatch.delitem(machine.CHECKS, "exercises")
    assert machine.check_machine()
    lines = capsys.readouterr().out.splitlines()
    assert [line[:4] for line in lines[:-1]] == ["ok  "] * len(machine.CHECKS)
    assert lines[-1] == "This machine is ready for a workshop."


def test_the_check_says_what_is_wrong_and_what_to_do(monkeypatch, capsys):
    def fail():
        raise machine.NotReadyError("0.1 GB free", "Make room.")

    monkeypatch.setattr(machine, "CHECKS", {"disk": fail, "luck": lambda: 1 / 0})
    assert not machine.check_machine()
    assert capsys.readouterr().out.splitlines() == [
        "NO  disk: 0.1 GB free",
        "NO  luck: ZeroDivisionError: division by zero",
        "Not ready: Make room. The check of luck itself failed; please report its line.",
    ]


def test_the_check_finds_a_package_of_another_version(monkeypatch):
    monkeypatch.setattr(machine.metadata, "version", lambda name: "0.1")
    with pytest.raises(machine.NotReadyError, match="pandas is 0.1, not "):
        machine.check_packages()


def test_the_check_finds_a_folder_that_cannot_be_written(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "PROJECT", tmp_path / "absent")
    with pytest.raises(machine.NotReadyError, match="cannot write to the project's folder"):
        machine.check_writing()


def test_the_check_finds_little_memory_a_full_disk_and_a_synced_folder(monkeypatch):
    monkeypatch.setattr(machine, "MEMORY", 1e15)
    with pytest.raises(machine.NotReadyError, match=r"GB free of .* is needed"):
        machine.check_memory()
    monkeypatch.setattr(machine, "DISK", 1e18)
    with pytest.raises(machine.NotReadyError, match="GB free, and"):
        machine.check_disk()
    for name in ("OneDrive - University of X", "Dropbox", "iCloud Drive"):
        monkeypatch.setattr(machine, "PROJECT", Path("/", "Users", "ada", name, "framebook"))
        with pytest.raises(machine.NotReadyError, match=f"is in {name}"):
            machine.check_place()


def test_the_check_goes_on_without_a_browser(monkeypatch):
    def none():
        raise machine.webbrowser.Error("none")

    monkeypatch.setattr(machine.webbrowser, "get", none)
    assert "copy the address" in machine.check_browser()


def test_the_check_finds_exercises_that_fail_or_belong_elsewhere(monkeypatch, tmp_path):
    """This starts kernels for real."""
    monkeypatch.setattr(machine, "PROJECT", tmp_path)
    assert "not run" in machine.check_exercises()
    folder = tmp_path / "notebooks" / "exercises"
    folder.mkdir(parents=True)
    for source, said in (
        ("from framebook.classroom.exercises import check\ncheck('other', 1)", "another version"),
        ("1 / 0", "ZeroDivisionError"),
    ):
        cell = nbformat.v4.new_code_cell(source)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "03_x.ipynb")
        with pytest.raises(machine.NotReadyError, match=said):
            machine.check_exercises()


# framebook test


def test_a_step_counts_its_tests(monkeypatch, tmp_path):
    """This starts pytest for real; a failure that is expected counts as passed."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text(
        "import pytest\n"
        "def test_a(): pass\n"
        "def test_b(): assert 0\n"
        "def test_c(): pytest.skip('no reason')\n"
        "@pytest.mark.xfail\n"
        "def test_d(): assert 0\n"
    )
    (tmp_path / "tests" / "test_y.py").write_text(
        "import pytest\npytest.importorskip('no_such_module')\n"
    )
    monkeypatch.setattr(testing, "PROJECT", tmp_path)
    counts = testing.run_step([*testing.PYTEST, "tests"])
    assert counts == {"passed": 2, "failed": 1, "skipped": 2}


def test_a_step_without_tests_fails(monkeypatch, tmp_path):
    (tmp_path / "tests").mkdir()
    monkeypatch.setattr(testing, "PROJECT", tmp_path)
    counts = testing.run_step([*testing.PYTEST, "tests"])
    assert counts == {"passed": 0, "failed": 1, "skipped": 0}


@pytest.mark.parametrize(("ci", "well"), [("true", False), ("", True)])
def test_a_skip_is_a_failure_only_in_ci(monkeypatch, capsys, ci, well):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(testing, "provide_chromium", lambda: None)
    counts = {"passed": 2, "failed": 0, "skipped": 1}
    steps = []
    monkeypatch.setattr(testing, "run_step", lambda command: steps.append(command) or counts)
    assert testing.run_tests() is well
    assert capsys.readouterr().out.splitlines()[-1] == "8 passed, 0 failed, 4 skipped"
    assert not any("--all" in step for step in steps)
    testing.run_tests(everything=True)
    assert ["--all" in step for step in steps[4:]] == [False, False, False, True]


def test_the_tests_run_in_as_many_processes_as_there_are_cores(monkeypatch):
    for cores, processes in ((1, 2), (2, 2), (4, 4), (64, 4), (None, 2)):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        assert testing.list_steps()["tests"].count(str(processes)) == 1


def test_the_browser_may_be_named(monkeypatch):
    monkeypatch.setenv("FRAMEBOOK_CHROMIUM", sys.executable)
    assert testing.find_chromium() == sys.executable
    monkeypatch.setenv("FRAMEBOOK_CHROMIUM", "no-such-program")
    with pytest.raises(testing.InputError, match="not a program"):
        testing.find_chromium()
    monkeypatch.delenv("FRAMEBOOK_CHROMIUM")
    monkeypatch.setenv("PATH", "")
    assert testing.find_chromium() is None


def test_without_rights_to_install_a_browser_it_says_what_is_skipped(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("FRAMEBOOK_CHROMIUM", raising=False)
    monkeypatch.setattr(subprocess, "call", lambda *a, **k: pytest.fail("nothing may be installed"))
    testing.provide_chromium()
    assert "browser tests are skipped" in capsys.readouterr().out
