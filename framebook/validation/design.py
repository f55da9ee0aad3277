"""The key of a blind sample: which units were drawn, with which probability, for which codebook."""

import json
import re
from hashlib import sha256
from pathlib import Path

from framebook import __version__
from framebook.common.errors import InputError
from framebook.framing.codebook import load_codebook


def digest(text):
    """Return the checksum of a text as shown; it does not change with white space."""
    return sha256(" ".join(str(text).split()).encode("utf-8", "replace")).hexdigest()[:16]


UNITS = {"sentence": "sentence", "span": "marked place", "article": "article"}  # for coders
AROUND = [
    "with the sentences before and after it. Read all three and",
    "in which ¶ begins a paragraph. Read all of it and",
]
STORY = re.compile(r"\b([Tt])he (story|article)\b")


def word_for(text, unit):
    """Return a definition or question as it is asked about a unit: a sentence is not a story."""
    this = f"his {UNITS[unit]}"
    return text if unit == "article" else STORY.sub(lambda found: found[1] + this, text)


def list_asked(book, unit):
    """Return [(code, definition, questions)] of a codebook as a unit's coders are asked."""
    return [
        (
            code,
            word_for(code.definition, unit),
            [word_for(question, unit) for question in code.indicators.values() if question],
        )
        for code in book.codes
    ]


def describe_design(documents, units, drawn, book, unit, seed):
    """Return the key as a dictionary that JSON can hold: the codebook, the corpus, the units."""
    shas = dict(zip(documents.doc_id, documents.sha256, strict=True))
    names = documents.set_index("doc_id")[["path", "key"]].astype("object")
    names = names.where(names.notna(), None)
    rows = [
        {
            "unit": row.unit,
            "doc_id": row.doc_id,
            "path": names.path[row.doc_id],
            "key": names.key[row.doc_id],
            "doc_sha256": shas[row.doc_id],
            "cluster": row.cluster,
            "sent_id": row.sent_id,
            "start": row.start,
            "end": row.end,
            "source": row.source,
            "stratum": row.stratum,
            "inclusion_probability": row.inclusion_probability,
            "codes": row.codes,
            "text_sha256": digest(row.text),
        }
        for row in drawn.itertuples()
    ]
    return {
        "note": "The key of a blind sample: do not give it to the coders.",
        "made_by": f"framebook {__version__}",
        "unit": unit,
        "seed": seed,
        "simulated": False,
        "codebook": {"name": book.name, "title": book.title, "version": book.version},
        "codes": [
            {
                "id": code.id,
                "label": code.label,
                "definition": code.definition,
                "patterns": hash_patterns(code),
            }
            for code in book.codes
        ],
        "corpus": {
            "n_units": len(units),
            "n_documents": len(documents),
            "sha256": hash_corpus(documents),
        },
        "strata": units.stratum.value_counts().sort_index().to_dict(),
        "units": rows,
    }


def sign(design):
    """Return a checksum of a key: which units are coded, for which codes."""
    units = [[row["unit"], row["text_sha256"]] for row in design["units"]]
    codes = [[code["id"], code["definition"], code["patterns"]] for code in design["codes"]]
    return digest(json.dumps([design["codebook"], codes, units]))


def find_codebook(design, codebook=None):
    """Return the Codebook of a sample; raises InputError where it is another one."""
    book = load_codebook(codebook or design["codebook"]["name"])
    for code in design["codes"]:
        own = next((one for one in book.codes if one.id == code["id"]), None)
        if (
            own is None
            or own.definition != code["definition"]
            or hash_patterns(own) != code["patterns"]
        ):
            raise InputError(
                f"The codebook {book.name} is not the one that the sample was drawn with (its code "
                f"{code['id']!r} differs); name that one with --codebook."
            )
    return book


def hash_patterns(code):
    """Return a checksum of what a code looks for, whatever the order of its patterns."""
    return digest(json.dumps([sorted(set(code.patterns)), sorted(set(code.exclude))]))


def hash_corpus(documents):
    """Return a checksum of the texts of a corpus, whatever their order."""
    return digest(" ".join(sorted(documents.sha256)))


# What a key holds, and of which kind: of the sample, its codes and its units.
KEY = {
    "sample": {"unit": str, "simulated": bool, "codebook": dict, "corpus": dict},
    "codes": {"id": str, "label": str, "definition": str, "patterns": str},
    "units": {
        "unit": str,
        "text_sha256": str,
        "inclusion_probability": int | float,
        "doc_id": int,
        "sent_id": int,
        "start": int,
        "end": int,
        "codes": list,
    },
}


def read_design(path: str | Path) -> dict:
    """Return the key of a sample (design.json): unit, codebook, codes, corpus, strata, units.

    `units` has one dictionary per drawn unit, with inclusion_probability (above 0 to 1) and codes
    (what the program found). Raises InputError when the file is not a key.

    >>> from framebook.loading import find_path
    >>> read_design(find_path("notebooks/codes") / "design.json")["unit"]
    'sentence'
    """
    try:
        design = json.loads(Path(path).read_text(encoding="utf-8"))
        if all(
            isinstance(row[name], kind)
            for where, kinds in KEY.items()
            for row in ([design] if where == "sample" else design[where])
            for name, kind in kinds.items()
        ) and _are_units(design["units"]):
            return design
    except OSError as error:
        raise InputError(
            f"The key {path} can't be opened: {error.strerror}; name the sample's design.json."
        ) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise InputError(f"{path} is not the key of a sample; name its design.json.")


def _are_units(units):
    return (
        bool(units)
        and len({row["unit"] for row in units}) == len(units)
        and all(0 < row["inclusion_probability"] <= 1 for row in units)
    )
