"""Answers to the exercises, checked without giving them away.

exercises.json has a checksum of each answer, and hints; tools/exercises.py makes it from the
notebooks in notebooks/solutions. A checksum keeps an answer from being read, not from being
searched for.
"""

import json
import re
from hashlib import sha256
from itertools import islice
from pathlib import Path

KEYS = Path(__file__).with_suffix(".json")
MOST = 100  # members of an answer that are looked at


def check(name: str, answer: object) -> None:
    """Print whether the answer to an exercise is right, or what to do next, in one sentence.

    Any object may be an answer, and none raises an error.

    >>> check("cut-axis", ...)
    cut-axis: no answer yet; write it in place of the three dots and run this cell.
    """
    print(judge(name, answer))


def tell_guess(guess: object) -> None:
    """Print what was guessed before a run, or that a guess is still to be made.

    >>> tell_guess(0.7)
    you guessed: 0.7
    """
    print("you guessed:", "nothing yet: write a guess above first" if guess is ... else guess)


def judge(name, answer, keys=None):
    """Return the sentence that `check` prints; any object may be an answer, and none raises."""
    keys = json.loads(KEYS.read_text("utf-8")) if keys is None else keys
    key = keys.get(name) if isinstance(name, str) else None
    if key is None:
        return f"There is no exercise of this name; there are: {', '.join(sorted(keys))}."
    if answer is None or answer is ... or isinstance(answer, str) and not answer.strip(" ."):
        return f"{name}: no answer yet; write it in place of the three dots and run this cell."
    try:
        spelt = spell(answer, key["kind"], key["decimals"])
    except Exception:  # the answer is whatever a participant's code has made
        spelt = None
    if spelt is None:
        return f"{name}: not yet; the answer should be {key['form']}, and this is not one."
    found = hash_answer(name, spelt)
    hint = key["wrong"].get(found, key["hint"])
    return f"{name}: right." if found == key["answer"] else f"{name}: not yet; {hint}"


def hash_answer(name, spelt):
    """Return the checksum of an answer as `spell` gives it, salted by the exercise's name."""
    return sha256(f"framebook exercise {name}\n{spelt}".encode("utf-8", "replace")).hexdigest()


def spell(answer, kind, decimals=0):
    """Return an answer in one spelling, whatever its type; None if it is not of its kind.

    `kind` is number (22, "22" and 22.0 are one, rounded to `decimals`), set (in any order, of
    words or whole numbers, or a text with commas) or text (capitals, quotation marks and the
    full stop at its end do not count).
    """
    if kind == "number":
        text = str(answer).strip().replace("−", "-").replace(",", ".")
        number = float(text) if re.fullmatch(r"[-+]?\d*\.?\d+(e-?\d+)?\.?", text) else None
        return None if number is None else f"{round(number, decimals) + 0.0:.{decimals}f}"
    if kind == "set":
        parts = re.split(r"[,;]", answer) if isinstance(answer, str) else islice(answer, MOST)
        return " | ".join(sorted({part for part in map(_fold, parts) if part})) or None
    return _fold(answer) if isinstance(answer, str) else None


def _fold(part):
    text = re.sub(r"[\"'“”‘’«»]|[.\s]+$", "", str(part)).casefold()
    return " ".join(re.sub(r"(?<=\d)\.0+$", "", text.strip()).split())
