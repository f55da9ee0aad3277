"""The program `framebook`: thin over the functions that the notebooks call.

Exit status: 0 done, 2 the user's input is at fault, 1 ours is or a check failed, 130 interrupted.
"""

import argparse
import errno
import json
import os
import runpy
import sys
import traceback
from contextlib import redirect_stdout
from pathlib import Path

from framebook import __version__
from framebook.common.errors import ChapterError, InputError
from framebook.common.folders import PROJECT
from framebook.common.options import takes
from framebook.common.sparse_nltk import SparseNLTK
from framebook.common.text import UNSEEN

# Refusals of the operating system that no change to the program would cure.
REFUSALS = {
    getattr(errno, name)
    for name in "EACCES EPERM EROFS ENOSPC ENAMETOOLONG EDQUOT EMFILE ENFILE EIO".split()
    if hasattr(errno, name)
}


def main(argv=None):
    """Run one command and return the exit status."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # whoever started us has closed it
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
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
    if argv is None and not options.get("scorer"):
        SparseNLTK.enter()
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
    """Return whether the user's disk, rights or paths are behind an error."""
    if not isinstance(error, OSError):
        return False
    if "temporary directory" in str(error):  # as tempfile says where none can be written
        return True
    named = [*map(options.get, ("path", "out", "file", "a", "b")), *options.get("codebooks", [])]
    return (
        error.errno in REFUSALS
        or isinstance(error.filename, str | os.PathLike)
        and any(
            Path(error.filename).resolve().is_relative_to(path.resolve()) for path in named if path
        )
    )


def build_parser():
    """Return the parser: a command is a function below, its help the function's first line."""
    parser = argparse.ArgumentParser(
        prog="framebook",
        allow_abbrev=False,
        description="Sentiment and framing analysis of news, in notebooks.",
    )
    parser.add_argument("--version", action="version", version=f"framebook {__version__}")
    add_commands(parser, COMMANDS)
    return parser


def add_commands(parser, commands):
    parts = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, run in commands.items():
        text = "Check a codebook, or make one from another program's word list."
        text = text if isinstance(run, dict) else " ".join(run.__doc__.split())
        command = parts.add_parser(name, help=text, description=text, allow_abbrev=False)
        if isinstance(run, dict):
            add_commands(command, run)
            continue
        command.set_defaults(run=run)
        for word, told in run.options.items():
            command.add_argument(word, **told)


ONE_BOOK = {
    "dest": "codebook",
    "action": "store",
    "default": None,
    "help": "the codebook that the sample was drawn with (default: ours of that name)",
}
HUMAN = {"help": "what `framebook agree` wrote", "required": True}


@takes(
    "path --codebook --n --unit --coders --desk --seed --by-source --as-is --columns --out",
    codebook=ONE_BOOK | {"required": True, "help": "a codebook (TOML) or the name of one of ours"},
)
def run_sample(out, desk, **options):
    """Draw a blind sample of a corpus for human coders."""
    from framebook.validation.sampling import sample

    sample(out=out, **options)
    for note in json.loads((out / "design.json").read_text(encoding="utf-8")).get("notes", ()):
        print(note)
    if desk:
        from framebook.coding.desk import write_desks

        write_desks(out, options["codebook"])
    print(f"The sheets are in {out / 'for-coders'}; keep {out / 'design.json'} from the coders")


@takes(
    "sheets --key --adjudicated --codes --corpus --empty --out",
    codes={
        "metavar": "FILE",
        "help": "codes made in another program: REFI-QDA (.qdpx) or .csv; needs --corpus",
    },
    corpus={"help": "the articles that --codes are about"},
)
def run_agree(out, **options):
    """Compare coders' sheets with each other and with the cues."""
    from framebook.validation.agreement import agree

    print(agree(out=out, **options))
    print(f"The cards are in {out}")


@takes(
    "url --model --key --replay --codebook --sheet --examine --most --workers --again "
    "--allow-remote --out",
    codebook=ONE_BOOK,
    workers={"help": "questions asked at the same time (default: 1)"},
)
def run_code_by(**options):
    """Let a language model code a sample; its sheet goes to agree as a person's does."""
    from framebook.coding.coder import code_by

    print(code_by(**options))


@takes(
    "formula path --codes --codebook --as-is --columns --out",
    codebook=ONE_BOOK,
    codes=HUMAN,
    out={"metavar": "FILE.csv", "required": False, "help": "write the table as CSV, too"},
)
def run_model(formula, path, out, **options):
    """Explain a code by outlet or date, corrected for the program's errors by human codes."""
    from framebook.coding import design_model

    code, terms = design_model.read_formula(formula)
    found = design_model.fit_model(design_model.read_units(path, code=code, **options), terms)
    print("\n".join(design_model.describe_model(found, code)))
    if out:
        found.to_csv(out, index=False, lineterminator="\n")


@takes(
    "formula path --codes --term --width --codebook --as-is --columns",
    codebook=ONE_BOOK,
    codes=HUMAN,
)
def run_plan(formula, path, term, width, **options):
    """Say how many units to code for an interval as narrow as you wish."""
    from framebook.coding import design_model

    code, terms = design_model.read_formula(formula)
    units = design_model.read_units(path, code=code, **options)
    found = design_model.plan_units(units, terms, term, width)
    print("\n".join(design_model.describe_plan(found)))


@takes(
    "file path",
    path={
        "nargs": "?",
        "help": "a folder or file of articles: which patterns match never or too often",
    },
)
def run_codebook_check(file, path):
    """Say what is wrong in a codebook, by line, code and pattern."""
    from framebook.framing.checking import check_codebook

    findings = check_codebook(file, path)
    for finding in findings:
        print(finding.describe(file))
    wrong = sum(finding.wrong for finding in findings)
    if wrong:
        raise InputError(
            f"{wrong} of the {len(findings)} lines above must be corrected in the codebook."
        )
    print(f"Nothing is wrong in the codebook; {len(findings)} warnings.")


@takes(
    "path --out",
    path={"metavar": "FILE", "help": "the dictionary: .dic, .lc3, .lcd, .ykd, .yml or .yaml"},
    out={"metavar": "FILE.toml", "help": "the codebook to write"},
)
def run_codebook_import(path, out):
    """Make a codebook from a LIWC, Lexicoder, Yoshikoder, WordStat or quanteda dictionary."""
    from framebook.framing.importing import import_codebook

    for line in import_codebook(path, out):
        print(line)
    print(f"The codebook is in {out}")


@takes(
    "path --out --title --codebook --speakers --links --home --workers --as-is --columns --codes "
    "--single-file --lessons --update-figures",
    path={
        "nargs": "?",
        "help": "a folder or file of articles (default: the article that comes with the project)",
    },
    out={
        "required": False,
        "default": Path("reports"),
        "help": "the folder to write (default: reports)",
    },
)
def run_report(path, out, codebooks, **options):
    """Write a report on a corpus: HTML pages and an explorer of its sentences."""
    # Said before the imports, which take seconds themselves.
    print("Framebook: the articles are read and the tables made …", file=sys.stderr, flush=True)
    from framebook.report.report import make_report

    path = path or in_checkout("seeds", "give a PATH")
    make_report(path, out, codebooks=tuple(codebooks), **options)


@takes("path --out --codebook --speakers --workers --as-is --columns --cluster")
def run_tables(path, out, codebooks, **options):
    """Write the tables of a corpus as Parquet files."""
    from framebook.scaling import make_tables

    make_tables(path, out, codebooks=tuple(codebooks), **options)
    print(f"The tables are in {out}")


@takes(
    "a b --by --out --title --codebook --speakers --as-is --columns",
    b={"nargs": "?", "help": "another file or folder of articles, unless --by is given"},
)
def run_compare(a, b, out, codebooks, **options):
    """Compare two corpora, two versions of an article, or the outlets of one table."""
    from framebook.comparison.comparison import compare

    print(f"The comparison is {compare(a, b, out, codebooks=tuple(codebooks), **options)}")


@takes("--scorer --margin")
def run_challenge(scorer, margin):
    """Try a scorer of tone on pairs of short texts that differ in one thing."""
    import pandas as pd

    from framebook.classroom import challenge

    in_checkout("tests/challenge")
    pairs, score = challenge.read_pairs(), challenge.load_scorer(scorer)
    theirs = challenge.score_pairs(pairs, score, scorer, margin)
    ours = challenge.run_pairs(pairs, ["TextBlob", "VADER", "news-tone"])
    print(challenge.describe_passes(pd.concat([theirs, ours])))


@takes()
def run_lab(rest):
    """Open the notebooks in JupyterLab; further options go to JupyterLab."""
    os.environ["FRAMEBOOK_STARTED_IN"] = os.getcwd()  # where notebooks look for a corpus, too
    os.chdir(in_checkout("notebooks").parent)
    # Its question about news is a part of JupyterLab that only a configuration leaves out.
    quiet = str(Path(__file__).parent / "classroom" / "jupyter")
    others = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [quiet, others]))
    sys.argv = [
        "jupyter-lab",
        "notebooks",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--ContentsManager.pre_save_hook=framebook.classroom.machine.keep_as_stored",
        *rest,
    ]
    runpy.run_module("jupyterlab", run_name="__main__")


@takes("--out")
def run_lite(out):
    """Make a static site in which a browser runs notebooks 00 to 06."""
    site = runpy.run_path(str(in_checkout("tools/lite.py")))["make_site"](out)
    print(f"The site is in {site}; it must be served: python3 -m http.server --directory {site}")


@takes()
def run_check():
    """Say whether this machine is ready for a workshop, offline."""
    from framebook.classroom.machine import check_machine

    return check_machine()


@takes(
    "out --corpus --codes --codebook",
    corpus={
        "dest": "corpora",
        "action": "append",
        "default": [],
        "help": "where its articles are now; of a comparison A, then B",
    },
    codes={"help": "where its human codes are now"},
    codebook={"help": "where a codebook of the user's own is now; may be repeated"},
)
def run_doctor(out, **options):
    """Make a finished report again from its inputs and compare every file; what cannot be known is
    named first. The exit status is 1 where something is wrong, 0 where nothing is."""
    from framebook.comparison.comparison import compare
    from framebook.report.doctor import check

    marks, found = {True: "ok", False: "WRONG", None: "note"}, {True: [], False: [], None: []}
    for name, well, sentence in check(out, compare=compare, **options):
        print(f"{marks[well]:5} {name}: {sentence}.", flush=True)
        found[well].append(name)
    wrong = f"WRONG: {', '.join(found[False])}" if found[False] else "Nothing was found wrong"
    notes = f"; see the notes: {', '.join(found[None])}"
    print(f"{wrong}{notes * bool(found[None])}.")
    return not found[False]


@takes("--all")
def run_test(everything):
    """Run every test: the package, the notebooks, the report in a browser."""
    return runpy.run_path(str(in_checkout("tests/steps.py")))["run_tests"](everything)


def in_checkout(name, cure="run Framebook from its clone"):
    if not (PROJECT / name).exists():
        raise InputError(f"{name} is in the project's checkout, and this is not one: {cure}.")
    return PROJECT / name


COMMANDS = {
    "report": run_report,
    "tables": run_tables,
    "compare": run_compare,
    "sample": run_sample,
    "agree": run_agree,
    "code-by": run_code_by,
    "model": run_model,
    "plan": run_plan,
    "challenge": run_challenge,
    "codebook": {"check": run_codebook_check, "import": run_codebook_import},
    "lab": run_lab,
    "lite": run_lite,
    "check": run_check,
    "doctor": run_doctor,
    "test": run_test,
}
