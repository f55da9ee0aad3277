"""What a corpus states about itself in its corpus.toml: where it is from, and its codebooks."""

import tomllib
from datetime import date

from framebook.common.errors import InputError
from framebook.common.text import CONTROL

FIELDS = {  # of a corpus.toml, and what they are called on a page
    "search_string": "Search string",
    "database": "Database or archive",
    "date_searched": "Date of the search",
    "home": "At home in",
    "sampling": "Sampling",
    "collected_by": "Collected by",
    "licence": "Licence",
    "notes": "Notes",
}


def read_provenance(path):
    """Return {field: text} of what the user states about a corpus; {} if there is no such file.

    Of a folder it is read from corpus.toml, of the file NAME.csv from NAME.corpus.toml next
    to it. Raises InputError when that is not TOML, names another field than FIELDS (or `codebooks`,
    see `read_codebooks`), or has one that is neither a text nor a date.
    """
    file, stated = _read(path)
    stated.pop("codebooks", None)
    if unknown := ", ".join(map(repr, sorted(stated.keys() - FIELDS.keys()))):
        raise InputError(
            f"{file.name} names {unknown}; the fields that it may have are "
            f"{', '.join(FIELDS)}, codebooks."
        )
    for name, value in stated.items():
        if not isinstance(value, str | date):
            raise InputError(f"{file.name}: {name} is not a text; put it between quotation marks.")
    told = {
        name: " ".join(CONTROL.sub(" ", str(stated[name])).split())
        for name in FIELDS
        if name in stated
    }
    return {name: text for name, text in told.items() if text}


def read_codebooks(path):
    """Return the codebooks that a corpus names in its corpus.toml: names of ours, or Paths.

    `codebooks = ["rhetoric", "my-frames.toml"]`; a file lies beside corpus.toml. Empty where
    nothing is named. Raises InputError when it is not a list of texts.
    """
    file, stated = _read(path)
    named = stated.get("codebooks", [])
    if not isinstance(named, list) or not all(isinstance(one, str) and one for one in named):
        raise InputError(
            f"{file.name}: codebooks must be a list of names or files, such as "
            'codebooks = ["generic-news-frames", "my-frames.toml"].'
        )
    return tuple(file.parent / one if one.endswith(".toml") else one for one in named)


def _read(path):
    """Return the corpus.toml that belongs to a path, and the tables in it ({} without one)."""
    file = path / "corpus.toml" if path.is_dir() else path.with_name(f"{path.stem}.corpus.toml")
    if not file.is_file():
        return file, {}
    try:
        return file, tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            f"{file.name} is not valid TOML: {error}; write lines such as "
            'sampling = "all articles found".'
        ) from None


def show_provenance(stated):
    """Return the rows (label, text) of all FIELDS, what `stated` lacks as "not stated"."""
    return [(label, stated.get(name, "not stated")) for name, label in FIELDS.items()]
