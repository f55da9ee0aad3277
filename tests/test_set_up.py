"""run.py for real, in a tiny project whose packages come from a folder instead of a network.

On that "index" a package that is asked for with an extra has a newer release than the locked one.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import zipfile
from pathlib import Path

import pytest
from run_module import load_run
from steps import EXCUSED, PROJECT
from wheels import make_wheel

BACKEND = """
import os, zipfile

def build_editable(folder, *rest):
    about = "framebook-0.dist-info"
    files = {"framebook.pth": os.getcwd() + "\\n",
             about + "/METADATA": "Metadata-Version: 2.1\\nName: framebook\\nVersion: 0\\n"
                                  "Requires-Dist: outer >=1\\n",
             about + "/WHEEL": "Wheel-Version: 1.0\\nTag: py3-none-any\\n"}
    files[about + "/RECORD"] = "".join(name + ",,\\n" for name in files)
    with zipfile.ZipFile(os.path.join(folder, "framebook-0-py3-none-any.whl"), "w") as file:
        for name, text in files.items():
            file.writestr(name, text)
    return "framebook-0-py3-none-any.whl"
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
PROGRAM = "import sys, outer, inner, leaf\nprint('ran', *sys.argv[1:])\n"
SETTINGS = ("PIP_", "UV_", "FRAMEBOOK_", "PYTHON", "LC_", "LANG")


@pytest.fixture
def house(tmp_path):
    """A folder of wheels, in place of a network."""
    folder = tmp_path / "house"
    folder.mkdir()
    make_wheel(folder, "inner", "1.1", requires=["leaf; extra == 'nice'"], extra="nice")
    return folder


@pytest.fixture
def project(tmp_path, house):
    """A project with a name of more than ASCII letters, and with nothing set up."""
    folder = tmp_path / "my prüfung"
    for part in ("framebook", "tests", "locks"):
        (folder / part).mkdir(parents=True)
    shutil.copy(PROJECT / "run.py", folder)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "framebook" / "__main__.py").write_text(PROGRAM)
    inner = make_wheel(house, "inner", requires=["leaf; extra == 'nice'"], extra="nice")
    lock = inner + make_wheel(house, "leaf") + make_wheel(house, "outer", requires=["inner[nice]"])
    (folder / "requirements.lock").write_text(lock)
    (folder / "tests" / "requirements.lock").write_text(lock + make_wheel(house, "tester"))
    (folder / "locks" / "formats.lock").write_text(make_wheel(house, "reader"))
    return folder


@pytest.fixture
def start(project, house, tmp_path):
    """Return a function that starts run.py with pip, or with uv, on a machine of its own."""

    def started(*arguments, uv=None, index=house, pip=None, **settings):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(SETTINGS)}
        tools = tmp_path / "uv-alone"
        if uv:
            tools.mkdir(exist_ok=True)
            shutil.copy(uv, tools) if not (tools / uv.name).exists() else None
        own = {
            "PATH": os.pathsep.join([str(tools), "/usr/bin", "/bin"]) if uv else "",
            "LC_ALL": "C",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "UV_NO_CONFIG": "1",
            "UV_NO_INDEX": "1",
            "UV_CACHE_DIR": str(tmp_path / "cache"),
            # settings that would lead astray
            "PIP_TARGET": str(tmp_path / "elsewhere"),
            "PIP_USER": "1",
            "PIP_REQUIRE_HASHES": "1",
            "PYTHONPATH": str(tmp_path),
        }
        own |= {f"{name}_FIND_LINKS": str(index) for name in ("PIP", "UV") if index}
        script = [str(project / "run.py")]
        if pip:
            script = ["-c", f"import run; run.PIP = [{str(pip)!r}]; {CALL}"]
        return subprocess.Popen(
            [sys.executable, "-X", "frozen_modules=on", *script, *map(str, arguments)],
            cwd=project if pip else tmp_path,
            env={**kept, **own, **({"PYTHONPATH": ""} if pip else {}), **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )

    return started


CALL = "import sys; sys.exit(run.main(sys.argv[1:]))"


@pytest.fixture
def call(start):
    """Return a function that runs run.py and returns (its status, what it printed, what it said)."""

    def called(*arguments, **options):
        process = start(*arguments, **options)
        printed, said = process.communicate()
        return process.returncode, printed, said

    return called


@pytest.fixture(scope="session")
def uv():
    """The path of uv, which comes with the packages of the tests."""
    path = Path(sysconfig.get_path("scripts"), "uv.exe" if os.name == "nt" else "uv")
    if not path.exists():
        pytest.skip("uv is not installed with the packages of the tests")
    return path


def packages(project):
    return {path.name for path in project.glob(".venv/[lL]ib/**/site-packages/*-*.dist-info")}


def test_two_commands_set_up_once_with_this_pythons_own_pip(call, project):
    """Nothing is resolved: a newer release of `inner` is on the index and is not taken."""
    status, printed, said = call("report", "a b")
    assert (status, printed) == (0, "ran report a b\n"), said
    assert [line.split()[1] for line in said.splitlines()] == ["Setting", "1", "2", "3", "4"]
    assert {"inner-1.0.dist-info", "leaf-1.0.dist-info"} <= packages(project)
    assert call("report") == (0, "ran report\n", "")
    status, printed, said = call("test")
    assert (status, printed, said.count("\n")) == (0, "ran test\n", 1), said
    assert "tester-1.0.dist-info" in packages(project)
    assert call("test") == (0, "ran test\n", "")


def test_two_commands_set_up_once_with_uv(call, project, uv):
    assert call("report", uv=uv)[:2] == (0, "ran report\n")
    assert "inner-1.0.dist-info" in packages(project)
    assert call("report", uv=uv) == (0, "ran report\n", "")
    status, printed, said = call("add", "formats", uv=uv)
    assert (status, printed) == (0, ""), said
    assert said.splitlines()[-1] == "framebook: formats can be used now."
    assert "reader-1.0.dist-info" in packages(project)


@pytest.mark.full
@pytest.mark.parametrize("release", ["22.3", "23.2.1", "24.0", "newest"])
def test_with_the_pips_that_supported_pythons_bring(call, project, tmp_path, release):
    """22.3 comes with Python 3.11.0, 23.2.1 with 3.11.7, 24.0 with 3.12.3."""
    wanted = "pip" if release == "newest" else f"pip=={release}"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "-d", tmp_path, wanted]
    got = subprocess.run(command, capture_output=True, text=True, check=False)
    if got.returncode:
        pytest.skip(f"this release of pip {EXCUSED}")
    pip = next(tmp_path.glob("pip-*.whl")) / "pip"
    status, printed, said = call("report", pip=pip)
    assert (status, printed) == (0, "ran report\n"), said
    assert "inner-1.0.dist-info" in packages(project)
    if release == "23.2.1":  # the trap is real: without --no-deps this pip falls into it
        source = (
            (project / "run.py").read_text("utf-8").replace('"--no-deps", "--require', '"--require')
        )
        (project / "run.py").write_text(source, "utf-8")
        shutil.rmtree(project / ".venv")
        status, _, said = call("report", pip=pip)
        assert status == 1 and "inner" in said, said


@pytest.mark.parametrize("packed", [True, False])
def test_a_bundle_needs_no_index(call, project, house, tmp_path, packed):
    run = load_run(project)
    wheels = sorted(p.name for p in house.iterdir() if p.name.startswith(("in", "le", "ou")))
    wheels.remove("inner-1.1-py3-none-any.whl")
    here = "{}, Python {}".format(*run.machine())
    manifest = json.dumps({"lock": run.digest_of_lock(), "wheels": {here: wheels}})
    if packed:
        with zipfile.ZipFile(tmp_path / "room.zip", "w") as file:
            file.writestr(run.IN_ZIP + run.MANIFEST, manifest)
            for name in wheels:
                file.write(house / name, run.IN_ZIP + name)
    else:
        (project / "wheels").mkdir()
        (project / "wheels" / run.MANIFEST).write_text(manifest)
        for name in wheels:
            shutil.copy(house / name, project / "wheels")
    bundle = ["--bundle", "room.zip"] if packed else []
    status, printed, said = call(*bundle, "report", index=None)
    assert (status, printed) == (0, "ran report\n"), said
    assert not (project / ".venv" / "wheels").exists()


def test_a_locale_that_cannot_write_the_folders_name_is_one_sentence(call):
    status, printed, said = call("report", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert status == 0 or "PYTHONUTF8=1" in said.splitlines()[-1], said
    assert "Traceback" not in said


def gone(project):
    shutil.rmtree(next(project.glob(".venv/[lL]ib/**/site-packages/leaf")))


def not_python(project):
    python = next(project.glob(".venv/bin/python"))
    python.unlink()
    python.write_text("this is not a program")
    python.chmod(0o755)


def no_settings(project):
    (project / ".venv" / "pyvenv.cfg").unlink()


def cut_short(project):
    (project / ".venv" / "framebook-stamp").write_text('{"made": ""')


def changed(project):
    next(project.glob(".venv/[lL]ib/**/site-packages/leaf/__init__.py")).write_text("")


@pytest.mark.skipif(os.name == "nt", reason="the folders of .venv have other names there")
@pytest.mark.parametrize("harm", [gone, not_python, no_settings, cut_short, changed])
def test_a_damaged_environment_heals(call, project, uv, harm):
    command = "check" if harm is changed else "report"  # `check` looks at every file
    assert call("add", "formats", uv=uv)[0] == 0
    assert call(command, uv=uv) == (0, f"ran {command}\n", "")
    harm(project)
    status, printed, said = call(command, uv=uv)
    assert (status, printed) == (0, f"ran {command}\n"), said
    assert said.count("must be made again") == (harm is not cut_short), said
    assert ("reader-1.0.dist-info" in packages(project)) == (harm is not cut_short)
    assert call(command, uv=uv) == (0, f"ran {command}\n", "")


def test_two_set_ups_at_once(start, project, uv):
    both = [start("report", n, uv=uv) for n in (1, 2)]
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert [printed for printed, _ in told] == ["ran report 1\n", "ran report 2\n"]
    assert "".join(said for _, said in told).count("Setting up .venv") == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_set_up_that_was_killed_is_done_again(start, call, project, uv, how):
    process = start("report", uv=uv)
    while not (project / ".venv").exists() or not list(project.glob(".venv/*")):
        assert process.poll() is None
        time.sleep(0.001)
    process.send_signal(how)
    process.communicate()
    status, printed, said = call("report", uv=uv)
    assert (status, printed) == (0, "ran report\n"), said


def test_a_lock_that_is_not_complete_is_one_sentence_with_the_log(call, project, uv):
    lock = project / "requirements.lock"
    lock.write_text("leaf==" + lock.read_text().partition("leaf==")[2])
    status, printed, said = call("report", uv=uv)
    last = said.splitlines()[-1]
    assert (status, printed) == (1, "")
    assert "inner" in last and "framebook-set-up.log" in last
    assert "inner" in (project / ".venv" / "framebook-set-up.log").read_text("utf-8")


def test_a_package_that_cannot_be_had_is_one_sentence_with_the_log(call, project, house):
    (house / "leaf-1.0-py3-none-any.whl").unlink()
    status, printed, said = call("report")
    last = said.splitlines()[-1]
    assert (status, printed, said.count("\n")) == (1, "", 4), said
    assert "leaf==1.0" in last and "framebook-set-up.log" in last
