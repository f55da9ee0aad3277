"""Texts for people and files: sizes, unseen characters, formulas, numbers and plurals."""

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path

from framebook.common.errors import InputError

LARGEST = 5 * 10**6  # bytes of a codebook or word list
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")  # characters that no text file holds
# Nor a name, a label, or a line on a terminal, which could be made to obey them.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def check_size(path):
    """Raise InputError when a codebook or word list is too large to be read in seconds."""
    if Path(path).stat().st_size > LARGEST:
        raise InputError(f"{path} is larger than {LARGEST // 10**6} MB; part it.")


def storable(text):
    """Return the text with what no file or figure can hold as U+FFFD: halves of surrogate pairs,
    U+FFFE and U+FFFF."""
    return re.sub("[\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


FORMULA = re.compile(r"['=+\-@\t\r\n＝＋－＠]")  # how a cell begins that may be run, or was guarded


def guard(text):
    """Return a cell's text such that no spreadsheet takes it for a formula; `unguard` undoes it."""
    return f"'{text}" if FORMULA.match(text) else text


def unguard(text):
    """Return the text that `guard` was given."""
    return text[1:] if text.startswith("'") and FORMULA.match(text[1:]) else text


def writable(name):
    """Return a name on disk, which may not be Unicode, as text that any file can hold."""
    return name.encode("utf-8", "replace").decode()


def hash_for_policy(text):
    """Return how a page's content security policy names a script or style: by its SHA-256."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def frame_page(title, page):
    """Return the HTML that shows a whole page in a cell of a notebook."""
    look = "width:100%;height:46rem;border:0"
    return f'<div><iframe title="{title}" style="{look}" srcdoc="{escape(page)}"></iframe></div>'


def count_of(n, noun):
    """Return "1 sentence" or "22 sentences"."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def number(value):
    """Return a number with two decimals and a true minus sign, and no negative zero."""
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")


def lower_case(text):
    """Return text in lower case with straight apostrophes."""
    return text.lower().replace("’", "'")
