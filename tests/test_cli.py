"""The program: which function a command calls, and how it ends when that goes wrong."""

import errno
import os
import shlex
import subprocess
import sys
import types
from pathlib import Path

import pytest

from framebook import __version__, cli
from framebook.common.errors import InputError


@pytest.fixture
def stub(monkeypatch):
    """Return a function that puts a stand-in in the place of a function of the package."""

    def put(module, name, result=None):
        calls = []

        def stand_in(*args, **options):
            calls.append((args, options))
            if isinstance(result, BaseException):
                raise result
            return result

        stand_in_module = types.ModuleType(f"framebook.{module}")
        setattr(stand_in_module, name, stand_in)
        monkeypatch.setitem(sys.modules, f"framebook.{module}", stand_in_module)
        return calls

    return put


def test_report_has_defaults(stub):
    calls = stub("report.report", "make_report")
    assert cli.main(["report"]) == 0
    assert calls == [
        (
            (cli.PROJECT / "seeds", Path("reports")),
            {
                "title": None,
                "codebooks": (),
                "speakers": None,
                "links": None,
                "home": None,
                "workers": 1,
                "as_is": False,
                "columns": None,
                "codes": None,
                "update_figures": False,
                "single_file": False,
                "lessons": False,
            },
        )
    ]


def test_report_passes_every_option_on(stub):
    calls = stub("report.report", "make_report")
    line = "report news --out o --title T --codebook a.toml --codebook b.toml --workers 3"
    assert (
        cli.main(
            [
                *line.split(),
                "--as-is",
                "--codes",
                "c",
                "--update-figures",
                "--single-file",
                "--lessons",
            ]
        )
        == 0
    )
    assert calls == [
        (
            (Path("news"), Path("o")),
            {
                "title": "T",
                "codebooks": (Path("a.toml"), Path("b.toml")),
                "speakers": None,
                "links": None,
                "home": None,
                "workers": 3,
                "as_is": True,
                "columns": None,
                "codes": Path("c"),
                "update_figures": True,
                "single_file": True,
                "lessons": True,
            },
        )
    ]


def test_report_without_seeds_asks_for_a_path(stub, monkeypatch, tmp_path, capsys):
    stub("report.report", "make_report")
    monkeypatch.setattr(cli, "PROJECT", tmp_path)
    assert cli.main(["report"]) == 2
    assert "give a PATH" in capsys.readouterr().err


def test_tables_passes_every_option_on(stub, capsys):
    calls = stub("scaling", "make_tables")
    assert cli.main(["tables", "a.csv", "--out", "t", "--workers", "2", "--as-is"]) == 0
    assert calls == [
        (
            (Path("a.csv"), Path("t")),
            {
                "codebooks": (),
                "speakers": None,
                "workers": 2,
                "as_is": True,
                "cluster": None,
                "columns": None,
            },
        )
    ]
    assert capsys.readouterr().out == "The tables are in t\n"


def test_compare_passes_every_option_on(stub, capsys):
    calls = stub("comparison.comparison", "compare", Path("c/index.html"))
    line = "compare a.txt b.txt --out c --title T --codebook a.toml --as-is --columns text=body"
    assert cli.main(line.split()) == 0
    assert calls == [
        (
            (Path("a.txt"), Path("b.txt"), Path("c")),
            {
                "by": None,
                "title": "T",
                "codebooks": (Path("a.toml"),),
                "speakers": None,
                "as_is": True,
                "columns": {"text": "body"},
            },
        )
    ]
    assert capsys.readouterr().out == f"The comparison is {Path('c/index.html')}\n"


@pytest.mark.parametrize(("result", "status"), [(True, 0), (False, 1)])
def test_check_tells_by_its_status(stub, result, status):
    calls = stub("classroom.machine", "check_machine", result)
    assert cli.main(["check"]) == status
    assert calls == [((), {})]


@pytest.mark.parametrize(("result", "status"), [(True, 0), (False, 1)])
def test_test_runs_the_checkouts_own_script(monkeypatch, tmp_path, result, status):
    (tmp_path / "tests").mkdir()
    script = f"def run_tests(everything):\n    return {result}\n"
    (tmp_path / "tests" / "steps.py").write_text(script, encoding="utf-8")
    monkeypatch.setattr(cli, "PROJECT", tmp_path)
    assert cli.main(["test"]) == status


def test_test_without_a_checkout_says_so(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(cli, "PROJECT", tmp_path)
    assert cli.main(["test"]) == 2
    assert "checkout" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (InputError("no folder x."), 2, "no folder x."),
        (
            PermissionError(errno.EACCES, "Permission denied", "/x"),
            2,
            "cannot use /x: Permission denied.",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            2,
            "cannot use the disk: No space left on device.",
        ),
        (
            NotADirectoryError(errno.ENOTDIR, "Not a directory", "out/page.html"),
            2,
            "cannot use out/page.html: Not a directory.",
        ),
        (KeyboardInterrupt(), 130, "interrupted; what was finished before is left as it was."),
    ],
)
def test_what_is_not_our_fault_gets_one_sentence(stub, capsys, error, status, sentence):
    stub("scaling", "make_tables", error)
    assert cli.main(["tables", "a.csv", "--out", "out"]) == status
    assert capsys.readouterr() == ("", f"framebook: {sentence}\n")


@pytest.mark.parametrize(
    "error",
    [ValueError("bad"), FileNotFoundError(errno.ENOENT, "No such file", "/elsewhere/template")],
)
def test_our_own_fault_gets_a_traceback_too(stub, capsys, error):
    stub("scaling", "make_tables", error)
    assert cli.main(["tables", "a.csv", "--out", "out"]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("Traceback")
    assert shown.splitlines()[-1].startswith("framebook: this is a fault of the program")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no-such-command",
        "tables a.csv",
        "report --workers 0",
        "report --workers ²",
        "report --titel x",
        "check extra",
    ],
)
def test_a_wrong_command_line_exits_with_2(line, capsys):
    with pytest.raises(SystemExit) as ending:
        cli.main(line.split())
    assert ending.value.code == 2
    assert capsys.readouterr().err.startswith("usage: framebook")


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as ending:
        cli.main(["--help"])
    assert ending.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    for command in ("report", "tables", "lab", "check", "test"):
        assert any(line.startswith(f"    {command} ") for line in lines)


def test_version(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"framebook {__version__}\n"


def test_lab_runs_jupyterlab_of_this_python_on_the_notebooks(monkeypatch, tmp_path):
    calls = []
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setattr(cli, "PROJECT", tmp_path)
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "own")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("runpy.run_module", lambda *a, **k: calls.append((a, k, sys.argv)))
    assert cli.main(["lab", "--no-browser", "--port=8899"]) == 0
    quiet = [
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--ContentsManager.pre_save_hook=framebook.classroom.machine.keep_as_stored",
    ]
    argv = ["jupyter-lab", "notebooks", *quiet, "--no-browser", "--port=8899"]
    assert calls == [(("jupyterlab",), {"run_name": "__main__"}, argv)]
    ours, own = os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert own == "own" and Path(ours, "labconfig", "page_config.json").exists()


def test_lab_without_notebooks_says_so(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(cli, "PROJECT", tmp_path)
    assert cli.main(["lab"]) == 2
    assert "checkout" in capsys.readouterr().err


def test_importing_the_program_stays_cheap():
    """Help and version must not wait for pandas; this guards the imports inside functions."""
    import subprocess

    code = "import framebook.cli, sys; print({'pandas', 'nltk', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=cli.PROJECT, capture_output=True)
    assert done.stdout.split() == [b"set()"], done.stderr


def test_a_command_reads_no_scipy_and_leaves_it_to_who_wants_it(tmp_path):
    """NLTK takes SciPy and scikit-learn along, which doubled the time of a small corpus."""
    script = """
import sys
from framebook.cli import main
assert main() == 0
heavy = {"scipy.stats", "sklearn"}
print(sorted(heavy & set(sys.modules)), "nltk" in sys.modules)
import scipy.stats, sklearn
print(sorted(heavy & set(sys.modules)))
"""
    seed = next(cli.PROJECT.glob("seeds/*.txt"))
    done = subprocess.run(
        [sys.executable, "-c", script, "tables", str(seed), "--out", str(tmp_path / "tables")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-2:] == ["[] True", "['scipy.stats', 'sklearn']"]


@pytest.mark.skipif(os.name == "nt", reason="closes a stream as a shell of Unix does")
def test_a_closed_output_is_borne(tmp_path):
    (tmp_path / "a.txt").write_text("The river rose. The mayor said that it was safe.")
    command = f"{shlex.quote(sys.executable)} -m framebook tables a.txt --out t >&- 2>&-"
    assert subprocess.run(command, shell=True, cwd=tmp_path).returncode == 0
    assert (tmp_path / "t" / "manifest.json").exists()


def test_no_temporary_folder_is_one_sentence(capsys, monkeypatch):
    said = "No usable temporary directory found in ['/tmp']"
    error = FileNotFoundError(errno.ENOENT, said)
    monkeypatch.setitem(cli.COMMANDS, "check", fails := cli.takes()(lambda: raise_it(error)))
    fails.__doc__ = "Check."
    assert cli.main(["check"]) == 2
    assert capsys.readouterr().err == f"framebook: cannot use the disk: {said}.\n"


def raise_it(error):
    raise error
