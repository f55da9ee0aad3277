"""The closed word lists of `english.toml`, as sets."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def words(name):
    """Return the list `name` of english.toml as a frozenset of lower-case words."""
    text = Path(__file__).with_name("english.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)[name].split())
