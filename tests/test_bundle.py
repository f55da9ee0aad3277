"""The bundle for a room without a network: what goes into it, and that run.py installs from it."""

import hashlib
import importlib.util
import json
import os
import sys
import zipfile
from pathlib import Path

import pytest
from test_environment import SET_UP
from wheels import make_wheel

from framebook.common.errors import InputError
from framebook.common.folders import PROJECT

spec = importlib.util.spec_from_file_location("bundle", PROJECT / "tools" / "bundle.py")
bundle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bundle)

LOCK = """# made by hand
anywhere==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via nothing
early==1.0 ; python_full_version < '3.11.5' \\
    --hash=sha256:cc
early==2.0 ; python_full_version >= '3.11.5' \\
    --hash=sha256:dd
mac-only==1.0 ; sys_platform == 'darwin' \\
    --hash=sha256:ee
windows-only==1.0 ; os_name == 'nt' and platform_system == 'Windows' \\
    --hash=sha256:ff
"""


@pytest.mark.parametrize(
    ("platform", "python", "names"),
    [
        ("linux-x86_64", "3.11.0", ["anywhere==1.0", "early==1.0"]),
        ("linux-aarch64", "3.11.99", ["anywhere==1.0", "early==2.0"]),
        ("macos-arm64", "3.12.0", ["anywhere==1.0", "early==2.0", "mac-only==1.0"]),
        ("windows-x86_64", "3.11.4", ["anywhere==1.0", "early==1.0", "windows-only==1.0"]),
    ],
)
def test_the_markers_are_asked_of_the_other_machine(platform, python, names):
    lines = bundle.needed(LOCK, platform, python)
    assert [line.split()[0] for line in lines] == names
    assert lines[0] == "anywhere==1.0 --hash=sha256:aa --hash=sha256:bb"


@pytest.fixture(scope="module")
def pip(tmp_path_factory):
    return bundle.make_pip(tmp_path_factory.mktemp("pip") / "pip")


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A project whose lock names two tiny packages, and a folder in place of the network."""
    house, project = tmp_path / "house", tmp_path / "project"
    house.mkdir()
    project.mkdir()
    tags = ["cp312-cp312-win_amd64", "cp312-cp312-macosx_11_0_arm64",
            "cp312-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64"]  # fmt: skip
    native = [make_wheel(house, "native", tag=tag).partition("\n") for tag in tags]
    lock = make_wheel(house, "every") + native[0][0] + "\n"
    lock += " \\\n".join(hashes.rstrip("\n") for _, _, hashes in native) + "\n"
    (project / "requirements.lock").write_text(lock)
    monkeypatch.setattr(bundle, "PROJECT", project)
    for name in [n for n in os.environ if n.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(house))
    return project


def test_each_platform_gets_its_own_wheels(pip, shop, tmp_path):
    """This starts pip for real."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    every = "every-1.0-py3-none-any.whl"
    for platform, tag in [
        ("windows-x86_64", "cp312-win_amd64"),
        ("macos-arm64", "cp312-macosx_11_0_arm64"),
        ("linux-x86_64", "abi3-manylinux_2_17_x86_64.manylinux2014_x86_64"),
    ]:
        names = bundle.fetch_wheels(pip, platform, "3.12", wheels)
        assert names == [every, f"native-1.0-cp312-{tag}.whl"]
    assert len(list(wheels.iterdir())) == 4


@pytest.mark.parametrize("wrong", ["no wheel", "another hash"])
def test_a_wheel_that_cannot_be_had_is_one_sentence(pip, shop, tmp_path, wrong):
    lock = shop / "requirements.lock"
    if wrong == "another hash":
        lock.write_text("every==1.0 \\\n    --hash=sha256:" + 64 * "0" + "\n")
    (tmp_path / "wheels").mkdir()
    with pytest.raises(InputError, match="macos-x86_64 with Python 3.12 could not") as error:
        bundle.fetch_wheels(pip, "macos-x86_64", "3.12", tmp_path / "wheels")
    assert "\n" not in str(error.value)
    assert wrong == "another hash" or "native==1.0" in str(error.value)
    assert [p.name for p in tmp_path.glob("wheels/native*")] == []


@pytest.fixture
def room(run, tmp_path, monkeypatch):
    """Return a function that makes a bundle of the made-up project of the fixture `run`."""
    here, wheel = run.machine(), "tiny-1.0-py3-none-any.whl"
    monkeypatch.setattr(bundle, "PROJECT", tmp_path)
    monkeypatch.setattr(bundle, "PLATFORMS", {here[0]: None, "amiga-68000": None})
    monkeypatch.setattr(bundle, "run", run)
    monkeypatch.setattr(bundle, "make_pip", lambda folder: ["pip"])
    sheet = tmp_path / bundle.SHEET
    sheet.parent.mkdir(parents=True)
    sheet.write_text("sheet")
    (tmp_path / "notebooks" / ".ipynb_checkpoints").mkdir()
    (tmp_path / "notebooks" / ".ipynb_checkpoints" / "old.ipynb").touch()
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "private.html").touch()

    def fetch(pip, platform, python, folder):
        (folder / wheel).write_text("for everyone")
        (folder / f"native-{platform}.whl").write_text(platform)
        return sorted([wheel, f"native-{platform}.whl"])

    def report(folder):
        (folder / "figures").mkdir(parents=True)
        (folder / "index.html").write_text("report")

    monkeypatch.setattr(bundle, "fetch_wheels", fetch)
    monkeypatch.setattr(bundle, "make_report", report)

    def make(platform=here[0], python=here[1], status=0):
        out = tmp_path / "room.zip"
        arguments = ["--out", str(out), "--platform", platform, "--python", python]
        assert bundle.main(arguments) == status
        return out

    return make


def test_the_bundle_holds_what_a_room_needs(room, run, capsys):
    with zipfile.ZipFile(room()) as file:
        texts = {name: file.read(name).decode() for name in file.namelist()}
    native = f"native-{run.machine()[0]}.whl"
    assert sorted(texts) == sorted(
        f"framebook/{name}"
        for name in [
            "START-HERE.txt", "coding-sheet.html", "executed-report/index.html", bundle.SHEET,
            "locks/formats.lock", "pyproject.toml", "requirements.lock",
            "tests/requirements.lock", "wheels/bundle.json", f"wheels/{native}", "wheels/tiny-1.0-py3-none-any.whl",
        ]
    )  # fmt: skip
    manifest = json.loads(texts["framebook/wheels/bundle.json"])
    assert manifest["lock"] == hashlib.sha256(b"x").hexdigest()
    assert manifest["wheels"] == {
        "{}, Python {}".format(*run.machine()): [native, "tiny-1.0-py3-none-any.whl"]
    }
    ours = texts["framebook/START-HERE.txt"] + texts["framebook/wheels/bundle.json"]
    assert "{}, Python {}".format(*run.machine()) in texts["framebook/START-HERE.txt"]
    for told in ("://", run.HERE, os.path.expanduser("~"), sys.base_prefix):
        assert told not in ours


def test_git_knows_what_belongs_to_the_project():
    names = {path.relative_to(PROJECT).as_posix() for path in bundle.project_files()}
    assert {"run.py", "notebooks/00_start_here.ipynb", "seeds/DATA_CARD.md"} <= names
    assert not [name for name in names if name.startswith((".venv", "reports/", "wheels/"))]


def test_what_belongs_to_the_project_is_known_without_git_too():
    tops = {path.relative_to(PROJECT).parts[0] for path in bundle.project_files()}
    assert tops - {"docs", ".ci"} <= set(bundle.PARTS)


def test_the_coding_sheet_is_where_it_is_taken_from():
    assert (PROJECT / bundle.SHEET).is_file()


@pytest.mark.parametrize("failing", ["fetch_wheels", "make_report", "write_zip"])
@pytest.mark.parametrize("error", [InputError("no network."), KeyboardInterrupt(), OSError("full")])
def test_a_bundle_that_fails_leaves_nothing(room, tmp_path, monkeypatch, capsys, failing, error):
    def fail(*args):
        if failing == "write_zip":
            args[0].write_text("half")
        raise error

    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(bundle, failing, fail)
    room(status=130 if isinstance(error, KeyboardInterrupt) else 2)
    assert sorted(tmp_path.iterdir()) == before
    assert capsys.readouterr().err.splitlines()[-1].startswith("framebook: ")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [("out", "there already"), ("python", "3.10 is not"), ("sheet", "is missing")],
)
def test_what_stands_in_the_way_is_told_first(room, tmp_path, capsys, wrong, sentence):
    if wrong == "out":
        (tmp_path / "room.zip").write_text("precious")
    if wrong == "sheet":
        (tmp_path / bundle.SHEET).unlink()
    room(python="3.10" if wrong == "python" else "3.12", status=2)
    message = capsys.readouterr().err
    assert sentence in message
    assert message.count("\n") == 1
    assert wrong != "out" or (tmp_path / "room.zip").read_text() == "precious"


# run.py --bundle


@pytest.fixture
def found(run, tmp_path, monkeypatch):
    """The wheels that each installer was pointed to, at the time."""
    pointed = []

    def install(command):
        if "check" in command:
            return
        run.done.append("install")
        if "-f" in command:
            assert "--no-index" in command and "--require-hashes" in command
            folder = command[command.index("-f") + 1]
            pointed.append({path.name: path.read_text() for path in Path(folder).iterdir()})

    monkeypatch.setattr(run, "install", install)
    return pointed


def test_run_py_installs_from_a_bundle(room, run, found, tmp_path):
    out = room()
    assert run.main(["--bundle", str(out), "lab", "a b"]) == 7
    platform = run.machine()[0]
    assert found == [{f"native-{platform}.whl": platform,
                      "tiny-1.0-py3-none-any.whl": "for everyone"}]  # fmt: skip
    assert run.done == [*SET_UP, ["lab", "a b"]]
    assert not (tmp_path / ".venv" / "wheels").exists()
    out.unlink()  # what is set up needs no bundle
    assert run.main(["--bundle", str(out), "lab"]) == run.main(["lab"]) == 7
    assert run.done == [*SET_UP, ["lab", "a b"], ["lab"], ["lab"]]


def test_an_unpacked_bundle_is_found_by_its_run_py(room, run, found, tmp_path):
    with zipfile.ZipFile(room()) as file:
        file.extractall(tmp_path)
    (tmp_path / "framebook" / "wheels").rename(tmp_path / "wheels")
    assert run.main(["report"]) == 7
    assert [sorted(names)[-1] for names in found] == ["tiny-1.0-py3-none-any.whl"]
    assert (tmp_path / "wheels" / "bundle.json").exists()


def test_a_set_up_from_a_bundle_that_was_cut_short_is_done_again(room, run, found, monkeypatch):
    out = str(room())

    def fail(command):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "install", fail)
        assert run.main(["--bundle", out, "lab"]) == 130
    assert run.main(["--bundle", out, "lab"]) == 7
    assert run.done == ["create", *SET_UP, ["lab"]]


def rewrite(path, change):
    """Change the manifest of a bundle."""
    with zipfile.ZipFile(path) as file:
        kept = {name: file.read(name) for name in file.namelist()}
    name = "framebook/wheels/bundle.json"
    kept[name] = change(kept[name].decode()).encode()
    with zipfile.ZipFile(path, "w") as file:
        for name, content in kept.items():
            file.writestr(name, content)


def lay_trap(path):
    """Let the manifest of a bundle name a file elsewhere."""
    rewrite(path, lambda text: text.replace("tiny-1.0", "../../tiny"))
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("framebook/wheels/../../tiny-py3-none-any.whl", "evil")


def damage(path):
    path.write_bytes(path.read_bytes().replace(b"for everyone", b"for Everyone"))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda path: path.unlink(), "not a whole bundle"),
        (lambda path: path.write_text("no zip"), "not a whole bundle"),
        (lambda path: path.write_bytes(path.read_bytes()[:-99]), "not a whole bundle"),
        (lambda path: zipfile.ZipFile(path, "w").close(), "not a whole bundle"),
        (lambda path: rewrite(path, lambda text: "[]"), "not a whole bundle"),
        (lambda path: rewrite(path, lambda text: text[:-2]), "not a whole bundle"),
        (lambda path: rewrite(path, lambda text: text.replace("tiny", "gone")), "no item named"),
        (lay_trap, "is not the name of a wheel"),
        (damage, "Bad CRC-32"),
    ],
)
def test_a_bundle_that_is_none_gets_one_sentence(room, run, tmp_path, capsys, spoil, sentence):
    out = room()
    capsys.readouterr()
    spoil(out)
    assert run.main(["--bundle", str(out), "lab"]) == 1
    assert "install" not in run.done and ["lab"] not in run.done
    assert sentence in capsys.readouterr().err.splitlines()[-1]
    assert not [p for p in tmp_path.rglob("tiny*") if p.parent.name != "wheels"]


@pytest.mark.parametrize("wrong", ["lock", "platform", "python"])
def test_a_bundle_for_another_room_is_refused_before_anything_is_lost(
    room, run, tmp_path, capsys, wrong
):
    old = tmp_path / ".venv" / "old"
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "framebook-stamp").write_text("another")
    old.touch()
    platform, python = run.machine()
    out = room("amiga-68000" if wrong == "platform" else platform,
               "3.99" if wrong == "python" else python)  # fmt: skip
    capsys.readouterr()
    if wrong == "lock":
        (tmp_path / "requirements.lock").write_text("y")
    assert run.main(["--bundle", str(out), "lab"]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    if wrong == "lock":
        assert "another requirements.lock" in message
    else:
        assert f"--platform {platform} --python {python}`" in message
        assert ("amiga-68000" if wrong == "platform" else "3.99") in message
    assert old.exists() and run.done == []


def test_a_lock_with_the_line_ends_of_windows_is_the_same_lock(run, tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_bytes(b"a\nb\n")
    digest = run.digest_of_lock()
    lock.write_bytes(b"a\r\nb\r\n")
    assert run.digest_of_lock() == digest


@pytest.mark.parametrize(
    ("system", "processor", "name"),
    [
        ("linux", "x86_64", "linux-x86_64"),
        ("linux", "aarch64", "linux-aarch64"),
        ("win32", "AMD64", "windows-x86_64"),
        ("darwin", "arm64", "macos-arm64"),
        ("darwin", "x86_64", "macos-x86_64"),
    ],
)
def test_machines_are_called_as_bundles_call_them(run, monkeypatch, system, processor, name):
    monkeypatch.setattr("platform.machine", lambda: processor)
    monkeypatch.setattr(run.sys, "platform", system)
    assert run.machine() == (name, "{}.{}".format(*sys.version_info))
    assert name in bundle.PLATFORMS


def test_bundle_without_a_zip_is_told(run, capsys):
    assert run.main(["--bundle"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_run_py_hands_the_making_on(monkeypatch):
    def start(path, command, environment):
        raise SystemExit(command[2:])  # as it never returns

    monkeypatch.setattr(bundle.run.os, "execve", start)
    monkeypatch.setattr(bundle.run.os, "name", "posix")
    with pytest.raises(SystemExit) as started:
        bundle.run.hand_over(["bundle", "--out", "a b.zip"])
    assert started.value.code == [str(PROJECT / "tools" / "bundle.py"), "--out", "a b.zip"]
