"""The program `framebook`: thin over the functions that the notebooks call.

Exit status: 0 done, 2 the user's input is at fault, 1 ours is or a check failed, 130 interrupted.
"""

import argparse
import errno
import os
import runpy
import sys
import traceback
from pathlib import Path

from framebook import __version__
from framebook.errors import ChapterError, InputError
from framebook.folders import PROJECT

# Refusals of the operating system that no change to the program would cure.
REFUSALS = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.ENAMETOOLONG}
REFUSALS.add(getattr(errno, "EDQUOT", errno.ENOSPC))


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit status."""
    args = parse(argv)
    try:
        status = args.run(args)
        sys.stdout.flush()
        return status
    except InputError as error:
        say(str(error))
        return 2
    except ChapterError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("interrupted; what was finished before is left as it was.")
        return 130
    except BrokenPipeError:  # whoever read our output has stopped reading
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if isinstance(error, OSError) and is_the_users(error, args):
            say(" ".join(f"cannot use {error.filename or 'the disk'}: {error.strerror}.".split()))
            return 2
        traceback.print_exc()
        say("this is a fault of the program, not of your input; please report the lines above.")
        return 1


def say(sentence: str) -> None:
    """Print one sentence on the standard error output."""
    print(f"framebook: {sentence}", file=sys.stderr, flush=True)


def is_the_users(error: OSError, args: argparse.Namespace) -> bool:
    """Tell whether the user's disk, rights or paths are behind an operating-system error."""
    if error.errno in REFUSALS:
        return True
    if not isinstance(error.filename, str | os.PathLike):
        return False
    named = [getattr(args, "path", None), getattr(args, "out", None)]
    named += getattr(args, "codebook", None) or []
    file = Path(error.filename).resolve()
    return any(file.is_relative_to(path.resolve()) for path in named if path)


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Read the command line; only `lab` may have options that are not ours."""
    parser = build_parser()
    args, rest = parser.parse_known_args(argv)
    if rest and args.command != "lab":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    args.rest = rest
    return args


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="framebook", allow_abbrev=False,
        description="Sentiment and framing analysis of news, in notebooks.")
    parser.add_argument("--version", action="version", version=f"framebook {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND",
                                     required=True)

    def add(name, run, help):
        command = commands.add_parser(name, help=help, description=help, allow_abbrev=False)
        command.set_defaults(run=run)
        return command

    report = add("report", run_report, "Execute the notebooks on a corpus and write HTML pages.")
    report.add_argument("path", metavar="PATH", type=Path, nargs="?", help="a folder or file of "
                        "articles (default: the article that comes with the project)")
    report.add_argument("--out", metavar="DIR", type=Path, default=Path("reports"),
                        help="the folder to write (default: reports)")
    report.add_argument("--title", metavar="TEXT", help="the report's title")
    add_stage_options(report)
    report.add_argument("--update-figures", action="store_true",
                        help="also rewrite the project's own figures/ (for its authors)")

    tables = add("tables", run_tables, "Write the tables of a corpus as Parquet files.")
    tables.add_argument("path", metavar="PATH", type=Path, help="a folder or file of articles")
    tables.add_argument("--out", metavar="DIR", type=Path, required=True,
                        help="the folder to write")
    add_stage_options(tables)
    tables.add_argument("--cluster", metavar="ADDRESS",
                        help="the scheduler of a Dask cluster to use (needs framebook[cluster])")

    add("lab", run_lab, "Open the notebooks in JupyterLab; further options go to JupyterLab.")
    add("check", run_check, "Say whether this machine is ready for a workshop, offline.")
    add("test", run_test, "Run every test: the package, the notebooks, the report in a browser.")
    return parser


def add_stage_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `report` and `tables` share."""
    parser.add_argument("--codebook", metavar="FILE", type=Path, action="append", default=[],
                        help="a codebook of your own (TOML), or the name of one of ours; "
                        "may be repeated")
    parser.add_argument("--workers", metavar="N", type=positive, default=1,
                        help="processes to use (default: 1)")
    parser.add_argument("--as-is", action="store_true",
                        help="do not repair the text: offsets are those of the input")


def positive(text: str) -> int:
    """Return a whole number from 1 up."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def stage_options(args: argparse.Namespace) -> dict:
    """Return the options that `report` and `tables` share, as keywords."""
    return {"codebooks": tuple(args.codebook), "workers": args.workers, "as_is": args.as_is}


def run_report(args: argparse.Namespace) -> int:
    from framebook.report import make_report

    path = args.path or PROJECT / "seeds"
    if args.path is None and not path.is_dir():
        raise InputError("there is no seeds folder beside the package: give a PATH.")
    make_report(path, args.out, title=args.title, update_figures=args.update_figures,
                **stage_options(args))
    return 0


def run_tables(args: argparse.Namespace) -> int:
    from framebook.pipeline import make_tables

    make_tables(args.path, args.out, cluster=args.cluster, **stage_options(args))
    print(f"The tables are in {args.out}")
    return 0


def run_lab(args: argparse.Namespace) -> int:
    """Become JupyterLab, of this very environment, on the notebooks folder."""
    if not (PROJECT / "notebooks").is_dir():
        raise InputError("the notebooks are in the project's checkout, and this is not one.")
    os.chdir(PROJECT)
    sys.argv = ["jupyter-lab", "notebooks", *args.rest]
    runpy.run_module("jupyterlab", run_name="__main__")
    return 0


def run_check(args: argparse.Namespace) -> int:
    from framebook.checking import check_machine

    return 0 if check_machine() else 1


def run_test(args: argparse.Namespace) -> int:
    """Run tests/steps.py, which is no part of the package."""
    script = PROJECT / "tests" / "steps.py"
    if not script.exists():
        raise InputError("the tests are in the project's checkout, and this is not one.")
    return 0 if runpy.run_path(str(script))["run_tests"]() else 1
