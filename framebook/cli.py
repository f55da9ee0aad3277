"""The program `framebook`: thin over the functions that the notebooks call.

Exit status: 0 done, 2 the user's input is at fault, 1 ours is or a check failed, 130 interrupted.
"""

import argparse
import errno
import os
import runpy
import sys
import traceback
from contextlib import redirect_stdout
from pathlib import Path

from framebook import __version__
from framebook.common.errors import ChapterError, InputError
from framebook.common.folders import PROJECT
from framebook.common.text import UNSEEN

# Refusals of the operating system that no change to the program would cure.
REFUSALS = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.ENAMETOOLONG, errno.EDQUOT}


def main(argv=None):
    """Run one command and return the exit status."""
    parser = build_parser()
    args, rest = parser.parse_known_args(argv)
    options = vars(args)
    if options.get("columns"):
        options["columns"] = dict(options["columns"])
    run = options.pop("run")
    if run is run_lab:
        options["rest"] = rest
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if options.get("workers", 1) < 1:
        parser.error(f"argument --workers: {args.workers} is not a whole number from 1 up")
    try:
        with redirect_stdout(Plain(sys.stdout)):
            well = run(**options)
            sys.stdout.flush()
        return int(well is False)
    except (InputError, ChapterError) as error:
        status, sentence = 2 if isinstance(error, InputError) else 1, error
    except KeyboardInterrupt:
        status, sentence = 130, "interrupted; what was finished before is left as it was."
    except BrokenPipeError:  # whoever read our output has stopped reading
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if is_the_users(error, options):
            sentence = f"cannot use {error.filename or 'the disk'}: {error.strerror}."
            status = 2
        else:
            print(traceback.format_exc(), file=Plain(sys.stderr), end="")
            status, sentence = (
                1,
                (
                    "this is a fault of the program, not of your input; "
                    "please report the lines above."
                ),
            )
    sentence = " ".join(str(sentence).splitlines())
    print(f"framebook: {sentence}", file=Plain(sys.stderr), flush=True)
    return status


class Plain:
    """A stream whose terminal obeys nothing that it prints: names and texts may be hostile."""

    def __init__(self, stream):
        self.stream = stream

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def write(self, text):
        shown = UNSEEN.sub(lambda found: repr(found[0])[1:-1], text)
        code = self.stream.encoding or "utf-8"
        return self.stream.write(shown.encode(code, "backslashreplace").decode(code))


def is_the_users(error, options):
    """Tell whether the user's disk, rights or paths are behind an error."""
    if not isinstance(error, OSError):
        return False
    named = [*map(options.get, ("path", "out", "file", "a", "b")), *options.get("codebooks", [])]
    return (
        error.errno in REFUSALS
        or isinstance(error.filename, str | os.PathLike)
        and any(
            Path(error.filename).resolve().is_relative_to(path.resolve()) for path in named if path
        )
    )


def build_parser():
    parser = argparse.ArgumentParser(
        prog="framebook",
        allow_abbrev=False,
        description="Sentiment and framing analysis of news, in notebooks.",
    )
    parser.add_argument("--version", action="version", version=f"framebook {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name, run, help):
        command = commands.add_parser(name, help=help, description=help, allow_abbrev=False)
        command.set_defaults(run=run)
        return command.add_argument

    report = add("report", run_report, "Execute the notebooks on a corpus and write HTML pages.")
    tables = add("tables", run_tables, "Write the tables of a corpus as Parquet files.")
    compare = add("compare", run_compare, "Compare two outlets, dates, or versions of an article.")
    for name in ("a", "b"):
        compare(name, metavar=name.upper(), type=Path, help="a folder or file of articles")
    report(
        "path",
        metavar="PATH",
        type=Path,
        nargs="?",
        help="a folder or file of articles (default: the article that comes with the project)",
    )
    tables("path", metavar="PATH", type=Path, help="a folder or file of articles")
    report(
        "--out",
        metavar="DIR",
        type=Path,
        default=Path("reports"),
        help="the folder to write (default: reports)",
    )
    for option in (tables, compare):
        option("--out", metavar="DIR", type=Path, required=True, help="the folder to write")
    for option in (report, compare):
        option("--title", metavar="TEXT", help="the title of what is written")
    for option in (report, tables, compare):
        option(
            "--codebook",
            dest="codebooks",
            metavar="FILE",
            type=Path,
            action="append",
            default=[],
            help="a codebook (TOML) or the name of one of ours; may be repeated",
        )
    for option in (report, tables):
        option("--workers", metavar="N", type=int, default=1, help="processes (default: 1)")
    for option in (report, tables, compare):
        option(
            "--as-is",
            action="store_true",
            help="do not repair the text: offsets are those of the input",
        )
        _add_columns(option)
    report(
        "--codes",
        metavar="DIR",
        type=Path,
        help="what `framebook agree` wrote: the figures then say how far cues and people agree",
    )
    report(
        "--single-file",
        action="store_true",
        help="write one page, report.html, to send to somebody",
    )
    report(
        "--update-figures",
        action="store_true",
        help="also rewrite the project's own figures/ (for its authors)",
    )
    tables(
        "--cluster",
        metavar="ADDRESS",
        help="the scheduler of a Dask cluster to use (needs framebook[cluster])",
    )
    _add_coding(add)
    _add_codebook(commands)
    _add_tools(add)
    return parser


def _add_tools(add):
    add("lab", run_lab, "Open the notebooks in JupyterLab; further options go to JupyterLab.")
    lite = add("lite", run_lite, "Make a static site in which a browser runs notebooks 00 to 06.")
    lite("--out", metavar="DIR", type=Path, required=True, help="the folder to write")
    add("check", run_check, "Say whether this machine is ready for a workshop, offline.")
    doctor = add(
        "doctor",
        run_doctor,
        "Check a finished report again, from texts to prose; the "
        "exit status is 1 where something is wrong, 0 where nothing is.",
    )
    doctor("out", metavar="OUT", type=Path, help="the folder of a report, tables or a comparison")
    doctor("--corpus", metavar="PATH", type=Path, help="where its texts lie now")
    doctor("--codes", metavar="DIR", type=Path, help="where its human codes lie now")
    doctor(
        "--codebook",
        dest="codebooks",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="where a codebook of the user's own lies now; may be repeated",
    )
    add("test", run_test, "Run every test: the package, the notebooks, the report in a browser.")


def _add_columns(option):
    def pair(text):
        field, equals, column = text.partition("=")
        if not (field and equals and column):
            raise argparse.ArgumentTypeError(f"{text} is not FIELD=COLUMN")
        return field, column

    option(
        "--columns",
        metavar="FIELD=COLUMN",
        type=pair,
        nargs="+",
        help="the columns of a table that hold a field (text=body date=published)",
    )


def _add_coding(add):
    sample = add("sample", run_sample, "Draw a blind sample of a corpus for human coders.")
    sample("path", metavar="PATH", type=Path, help="a folder or file of articles")
    sample(
        "--codebook",
        metavar="FILE",
        type=Path,
        required=True,
        help="a codebook (TOML) or the name of one of ours",
    )
    sample("--n", metavar="N", type=int, default=200, help="units to draw (default: 200)")
    sample(
        "--unit",
        choices=["sentence", "span"],
        default="sentence",
        help="what is coded: sentences, or marked places (default: sentence)",
    )
    sample("--coders", metavar="N", type=int, default=2, help="sheets to write (default: 2)")
    sample("--seed", metavar="N", type=int, default=1, help="what the draw follows (default: 1)")
    sample(
        "--as-is",
        action="store_true",
        help="do not repair the text: offsets are those of the input",
    )
    _add_columns(sample)
    agree = add("agree", run_agree, "Compare coders' sheets with each other and with the cues.")
    agree("sheets", metavar="SHEET", type=Path, nargs="+", help="a coder's sheet (.xlsx or .csv)")
    agree("--key", metavar="FILE", type=Path, required=True, help="the sample's design.json")
    agree(
        "--adjudicated",
        metavar="FILE",
        type=Path,
        help="a sheet with the codes agreed on; where it is empty the majority decides",
    )
    for option in (sample, agree):
        option("--out", metavar="DIR", type=Path, required=True, help="the folder to write")


def run_sample(out, **options):
    from framebook.validation.sampling import sample

    sample(out=out, **options)
    print(f"The sheets are in {out / 'for-coders'}; keep {out / 'design.json'} from the coders")


def run_agree(out, **options):
    from framebook.validation.agreement import agree

    print(agree(out=out, **options))
    print(f"The cards are in {out}")


def _add_codebook(commands):
    text = "Check a codebook, or make one from another program's word list."
    parts = commands.add_parser(
        "codebook", help=text, description=text, allow_abbrev=False
    ).add_subparsers(title="commands", metavar="COMMAND", required=True)
    text = "Say what is wrong in a codebook, by line, code and pattern."
    check = parts.add_parser("check", help=text, description=text, allow_abbrev=False)
    check.add_argument("file", metavar="FILE", type=Path, help="a codebook (TOML)")
    check.add_argument(
        "path",
        metavar="PATH",
        type=Path,
        nargs="?",
        help="a folder or file of articles: which patterns match never or too often",
    )
    check.set_defaults(run=run_codebook_check)
    text = "Make a codebook from a LIWC, Lexicoder, Yoshikoder or quanteda (YAML) dictionary."
    make = parts.add_parser("import", help=text, description=text, allow_abbrev=False)
    make.add_argument(
        "path",
        metavar="FILE",
        type=Path,
        help="the dictionary: .dic, .lc3, .lcd, .ykd, .yml or .yaml",
    )
    make.add_argument(
        "--out", metavar="FILE.toml", type=Path, required=True, help="the codebook to write"
    )
    make.set_defaults(run=run_codebook_import)


def run_codebook_check(file, path):
    from framebook.framing.checking import check_codebook

    findings = check_codebook(file, path)
    for finding in findings:
        print(finding.describe(file))
    wrong = sum(finding.wrong for finding in findings)
    if wrong:
        raise InputError(
            f"{wrong} of the {len(findings)} lines above must be mended in the codebook."
        )
    print(f"Nothing is wrong in the codebook; {len(findings)} warnings.")


def run_codebook_import(path, out):
    from framebook.framing.importing import import_codebook

    for lost in import_codebook(path, out):
        print(f"lost: {lost}")
    print(f"The codebook is in {out}")


def run_report(path, out, codebooks, **options):
    from framebook.report.report import make_report

    path = path or in_checkout("seeds", "give a PATH")
    make_report(path, out, codebooks=tuple(codebooks), **options)


def run_tables(path, out, codebooks, **options):
    from framebook.scaling import make_tables

    make_tables(path, out, codebooks=tuple(codebooks), **options)
    print(f"The tables are in {out}")


def run_compare(a, b, out, codebooks, **options):
    from framebook.comparison.comparison import compare

    print(f"The comparison is {compare(a, b, out, codebooks=tuple(codebooks), **options)}")


def run_lab(rest):
    """Become JupyterLab, of this very environment, on the notebooks folder.

    It looks for no newer version and no news, which would ask the network.
    """
    os.chdir(in_checkout("notebooks").parent)
    sys.argv = [
        "jupyter-lab",
        "notebooks",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        *rest,
    ]
    runpy.run_module("jupyterlab", run_name="__main__")


def run_lite(out):
    """Run tools/lite.py, which is no part of the package."""
    site = runpy.run_path(str(in_checkout("tools/lite.py")))["make_site"](out)
    print(f"The site is in {site}; it must be served: python3 -m http.server --directory {site}")


def run_check():
    from framebook.classroom.machine import check_machine

    return check_machine()


def run_doctor(out, **options):
    from framebook.report.doctor import check

    marks, found = {True: "ok", False: "WRONG", None: "note"}, {True: [], False: [], None: []}
    for name, well, sentence in check(out, **options):
        print(f"{marks[well]:5} {name}: {sentence}.", flush=True)
        found[well].append(name)
    wrong = f"WRONG: {', '.join(found[False])}" if found[False] else "Nothing was found wrong"
    notes = f"; what could not be told is in the notes on {', '.join(found[None])}"
    print(f"{wrong}{notes * bool(found[None])}.")
    return not found[False]


def run_test():
    """Run tests/steps.py, which is no part of the package."""
    return runpy.run_path(str(in_checkout("tests/steps.py")))["run_tests"]()


def in_checkout(name, cure="run Framebook from its clone"):
    if not (PROJECT / name).exists():
        raise InputError(f"{name} is in the project's checkout, and this is not one: {cure}.")
    return PROJECT / name
