"""What the words of the command line take, and what they mean where nothing is given."""

import argparse
from pathlib import Path

import pytest

from framebook.common.options import OPTIONS, option, pair, takes


def read(words, *given):
    """Return what argparse makes of a command line with the options of these names."""
    parser = argparse.ArgumentParser()
    for name in words.split():
        parser.add_argument(name, **OPTIONS[name])
    return vars(parser.parse_args(given))


def test_what_an_option_means_where_it_is_not_given():
    words = "--codebook --workers --as-is --single-file --lessons --update-figures --n --unit "
    words += "--coders --by --desk --seed --by-source --empty --examine --again --allow-remote "
    words += "--margin --all --most"
    assert read(words) == {
        "codebooks": [],
        "workers": 1,
        "as_is": False,
        "single_file": False,
        "lessons": False,
        "update_figures": False,
        "n": 200,
        "unit": "sentence",
        "coders": 2,
        "by": None,
        "desk": False,
        "seed": 1,
        "by_source": False,
        "empty": "nothing",
        "examined": False,
        "again": False,
        "allow_remote": False,
        "margin": 0.05,
        "everything": False,
        "most": None,
    }


def test_what_an_option_means_where_it_is_given():
    flags = "--as-is --single-file --lessons --update-figures --desk --by-source --again"
    assert set(read(flags, *flags.split()).values()) == {True}
    assert read("--columns", "--columns", "text=body", "date=day")["columns"] == [
        ("text", "body"),
        ("date", "day"),
    ]
    assert read("--codebook", "--codebook", "a", "--codebook", "b")["codebooks"] == [
        Path("a"),
        Path("b"),
    ]
    assert read("--allow-remote --all", "--allow-remote", "--all") == {
        "allow_remote": True,
        "everything": True,
    }
    assert read("--examine", "--examine") == {"examined": True}
    assert read("--width --key --term", *"--width .2 --key k --term t".split()) == {
        "width": 0.2,
        "key": Path("k"),
        "term": "t",
    }


@pytest.mark.parametrize("word", ["--out", "--key", "--term", "--width", "--scorer"])
def test_what_must_be_given(word, capsys):
    with pytest.raises(SystemExit):
        read(word)
    assert f"the following arguments are required: {word}" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["text", "=body", "text=", "="])
def test_a_field_needs_a_column(text):
    with pytest.raises(argparse.ArgumentTypeError) as error:
        pair(text)
    assert str(error.value) == f"{text} is not FIELD=COLUMN"
    assert pair("text=a=b") == ("text", "a=b")


def test_a_command_names_what_it_takes():
    assert option("help") == {"help": "help"}
    assert option("help", "N", int, default=0) == {
        "help": "help",
        "metavar": "N",
        "type": int,
        "default": 0,
    }

    @takes("path --n", n={"default": 5})
    def run():
        return 7

    assert run() == 7
    assert run.options == {"path": OPTIONS["path"], "--n": OPTIONS["--n"] | {"default": 5}}
