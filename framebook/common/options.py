"""What each word of the command line means, said once; a command names those that it takes."""

import argparse
from pathlib import Path


def option(text, metavar=None, type=None, **more):
    """Return the keywords that define an option for argparse; without a type, it takes any text."""
    told = {"help": text, "metavar": metavar, "type": type} | more
    return {key: value for key, value in told.items() if value is not None}


def pair(text):
    field, equals, column = text.partition("=")
    if not (field and equals and column):
        raise argparse.ArgumentTypeError(f"{text} is not FIELD=COLUMN")
    return field, column


# What each word of the command line means. A command names those that it takes.
OPTIONS = {
    "path": option("a folder or file of articles", "PATH", Path),
    "a": option("a folder or file of articles", "A", Path),
    "b": option("a folder or file of articles", "B", Path),
    "sheets": option("a coder's sheet (.xlsx or .csv)", "SHEET", Path, nargs="*"),
    "file": option("a codebook (TOML)", "FILE", Path),
    "out": option("the folder of a report, tables or a comparison", "OUT", Path),
    "--out": option("the folder to write", "DIR", Path, required=True),
    "--title": option("the title of what is written", "TEXT"),
    "--codebook": option(
        "a codebook (TOML) or the name of one of ours; may be repeated",
        "FILE",
        Path,
        dest="codebooks",
        action="append",
        default=[],
    ),
    "--speakers": option(
        "your own list of speaker classes (TOML), in place of the built-in one", "FILE", Path
    ),
    "--codes": option(
        "what `framebook agree` wrote: the figures then say how far cues and people agree",
        "DIR",
        Path,
    ),
    "--links": option(
        "the speaker_links.csv of a report, without the rows that joined two speakers in error",
        "FILE",
        Path,
    ),
    "--home": option(
        "the country the corpus is at home in: evidence.csv then marks foreign governments",
        "COUNTRY",
    ),
    "--workers": option("processes (default: 1)", "N", int, default=1),
    "--as-is": option(
        "do not repair the text: offsets are those of the input", action="store_true"
    ),
    "--columns": option(
        "the columns of a table that hold a field (text=body date=published)",
        "FIELD=COLUMN",
        pair,
        nargs="+",
    ),
    "--single-file": option(
        "write one page, report.html, to send to somebody", action="store_true"
    ),
    "--lessons": option(
        "execute the notebooks on the corpus, too, and add them as pages", action="store_true"
    ),
    "--update-figures": option(
        "also rewrite the project's own figures/ (for its authors)", action="store_true"
    ),
    "--cluster": option(
        "the scheduler of a Dask cluster to use (needs framebook[cluster])", "ADDRESS"
    ),
    "--n": option("units to draw (default: 200)", "N", int, default=200),
    "--unit": option(
        "what is coded: sentences, marked places, or whole articles (default: sentence)",
        choices=["sentence", "span", "article"],
        default="sentence",
    ),
    "--coders": option("sheets to write (default: 2)", "N", int, default=2),
    "--by": option(
        "compare the outlets of A, named in its column source", choices=["source"], default=None
    ),
    "--desk": option(
        "also write the coding desk: a page per coder that needs no network and no program",
        action="store_true",
    ),
    "--seed": option("what the draw follows (default: 1)", "N", int, default=1),
    "--by-source": option(
        "draw from each outlet by itself, so that none is missing", action="store_true"
    ),
    "--empty": option(
        "what an empty cell means where a coder wrote no 0 (default: nothing, it is not coded)",
        choices=["nothing", "0"],
        default="nothing",
    ),
    "--key": option("the sample's design.json", "FILE", Path, required=True),
    "--adjudicated": option(
        "a sheet with the codes agreed on; where it is empty the majority decides", "FILE", Path
    ),
    "--corpus": option("where its texts are now", "PATH", Path),
    "formula": option(
        "a code and what may explain it: source, month, year, part, time ('conflict ~ source')",
        "FORMULA",
    ),
    "--term": option(
        "the coefficient to be known better, as model prints it", "TERM", required=True
    ),
    "--width": option(
        "how wide its 95%% interval may be, as a share (0.1)", "WIDTH", float, required=True
    ),
    "url": option(
        "the server of the model, with the form of OpenAI's (default: http://localhost:11434/v1, "
        "Ollama on this machine)",
        "URL",
        nargs="?",
        default="http://localhost:11434/v1",
    ),
    "--model": option("the model's name, as the server calls it", "NAME"),
    "--replay": option(
        "the requests.jsonl of an earlier run: the same sheet again, without a network",
        "FILE",
        Path,
    ),
    "--sheet": option(
        "a sheet as it was given to the coders (default: coder-1.csv in for-coders next to the key)",
        "FILE",
        Path,
    ),
    "--examine": option(
        "examine the model, too: definitions, examples, order, labels, wordings",
        dest="examined",
        action="store_true",
    ),
    "--most": option("requests of this run at the most (default: no limit)", "N", int),
    "--again": option("ask once more what failed in an earlier run", action="store_true"),
    "--allow-remote": option(
        "the server may be another machine: the articles are sent there", action="store_true"
    ),
    "--scorer": option(
        "your function: it takes a list of texts and returns a number for each",
        "MODULE:FUNCTION",
        required=True,
    ),
    "--margin": option(
        "scores less than this apart count as equal (default: 0.05)", "N", float, default=0.05
    ),
    "--all": option("long tests at their full size", dest="everything", action="store_true"),
}


def takes(names="", **changed):
    """Name the options of a command; what it means by one of them otherwise goes before."""

    def name_options(run):
        run.options = {
            name: OPTIONS[name] | changed.get(name.strip("-"), {}) for name in names.split()
        }
        return run

    return name_options
