"""The closed word lists of `english.toml`, as sets."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def _lists():
    return tomllib.loads(Path(__file__).with_name("english.toml").read_text(encoding="utf-8"))


@cache
def words(name):
    """Return the list `name` of english.toml as a frozenset of lower-case words."""
    return frozenset(_lists()[name].split())
