"""The countries, their peoples and capitals (places.toml)."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def places():
    """Return {phrase in lower case: (country, whether it names its people)} of places.toml."""
    table = tomllib.loads(Path(__file__).with_name("places.toml").read_text(encoding="utf-8"))
    known = {}
    for country, others in table.items():
        country = country.replace("_", " ")
        for phrase in [country.lower(), *others.split()]:
            known[phrase.rstrip("+").replace("_", " ")] = (country, phrase.endswith("+"))
    return known


def is_people(word):
    """Return whether a word in lower case is an adjective or noun of a people (“Russian”)."""
    return places().get(word, ("", False))[1]
