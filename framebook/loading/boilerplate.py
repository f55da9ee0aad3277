"""What belongs to a page and not to its article: whole lines, and a few things inside a line."""

import re
import tomllib
from functools import cache
from pathlib import Path

from framebook.loading.dates import ASIDE, MONTH, find_date

LINES = Path(__file__).with_name("boilerplate.toml")
LONGEST = 420  # characters of a line that may be boilerplate
FIRST = 4  # lines above the article in which a byline or kicker may stand
ENDS = tuple(".?!”\"’'")
# A label goes on in a sentence: "Related: he sits on the board of the cannery."
GOES_ON = re.compile(r"[\w ]{2,30}: [a-z].*[.?!][”\"’]?")
HEADLINE = re.compile(r"(?!.*[.?!][”\"’']?\s?$).{2,149}[^,;:]")
# VESSMOUTH, May 3 (Quay Press) — is where and when it was written.
DATELINE = re.compile(
    rf"[A-Z][\w.’' -]{{2,40}}(?:, [A-Z][\w.]+){{0,2}}(?:,? (?:{MONTH} \d{{1,2}}|\d{{1,2}} {MONTH}))?"
    r"(?: ?\([^()]{2,40}\))?\s*[-–—]{1,2}"
    rf"|[A-Z][A-Z.’' -]{{2,40}}(?:, [A-Z][\w.]+)?,? (?:(?:{MONTH} \d{{1,2}}|\d{{1,2}} {MONTH}).{{0,30}}"
    r"|\([A-Z][\w .]{1,30}\))|\([A-Z][\w .]{1,30}\)\s*[-–—]{0,2}"
)
HELD = ("contributed", "ights reserved", "ights Reserved", "IGHTS RESERVED", "@", "http", "www.")


class Boilerplate:
    """What boilerplate.toml says, ready to be looked for."""

    def __init__(self, given):
        self.words = {n: frozenset(w.split()) for n, w in given.items() if isinstance(w, str)}
        anywhere = [given[name] for name in ("notices", "captions", "links", "contacts", "credits")]
        self.anywhere = _compile(sum(anywhere, []))
        self.endings = re.compile(_compile(given["endings"]).pattern + r"\Z", re.IGNORECASE)
        self.lists, self.bylines = _compile(given["lists"]), _compile(given["bylines"])
        self.names = _compile(given["names"])
        self.inside = {
            sign: re.compile(pattern, re.IGNORECASE | re.MULTILINE)
            for sign, pattern in given["inside"].items()
        }

    def is_page(self, line):
        """Return whether a line belongs to the page, wherever it is."""
        if not line.endswith(ENDS) and self._is_buttons(line):
            return True
        if self.anywhere.fullmatch(line):
            return not GOES_ON.fullmatch(line)
        return bool(line[-1] not in ".?!" and self.endings.search(line[-150:]))

    def _is_buttons(self, line):
        words = re.findall(r"[\w-]+", line.lower()) if len(line) < 120 else ()
        return (
            0 < len(words) <= 12
            and self.words["buttons"].issuperset(words)
            and not self.words["alone"].isdisjoint(words)
        )

    def is_above(self, line):
        """Return whether one of a text's first lines is a byline, a kicker or a date."""
        words = re.split(r"[\s|>·•]+", line.lower().strip(" :|>·•"))
        return bool(
            self.bylines.fullmatch(line)
            or self.names.fullmatch(line)
            or is_date(line)
            or len(words) < 5
            and self.words["kickers"].issuperset(words)
        )


def _compile(patterns):
    return re.compile(f"(?:{'|'.join(f'(?:{one})' for one in patterns)})", re.IGNORECASE)


def is_date(line):
    """Return whether a line is a day, or a month, of 1900 to 2099, and at most its time."""
    found = find_date(line)
    if not found or not re.search(r"\b(?:19|20)\d\d$", found):
        return False
    rest = re.sub(r"\b\d{1,2}\.\d\d\b", " ", line.replace(found, " ", 1))
    return not re.search(r"[^\W_]", ASIDE.sub(" ", rest))


def is_dateline(line):
    """Return whether a line is a place, with or without a day and an agency, not a headline."""
    return bool(DATELINE.fullmatch(line))


def find_byline(text):
    """Return whose byline is in front of a text ("Ann Orr" of "By Ann Orr"), or None."""
    lines = [line.strip() for line in text[:1000].split("\n") if line.strip()][:FIRST]
    lines = filter(load_boilerplate().bylines.fullmatch, lines)
    named = (re.match(r"(?i)(?:byline|(?:\w+ )?by):? +(.+)", line) for line in lines)
    return next((found[1] for found in named if found), None)


@cache
def load_boilerplate():
    """Return the Boilerplate of boilerplate.toml."""
    return Boilerplate(tomllib.loads(LINES.read_text(encoding="utf-8")))


def cut_boilerplate(text, titled=False):
    """Return (text, [what was cut]); what is left keeps its order and its line ends.

    `titled` is whether the title is known: names alone in front of the text are a byline then,
    and otherwise only if a headline stands below.
    """
    known, cut, kept, inside, met = load_boilerplate(), [], [], False, 0

    def take(found):
        cut.append(found[0].strip())
        return found.groupdict().get("kept", "")

    for sign, pattern in known.inside.items():
        if sign in text:
            text = pattern.sub(take, text)
    holds = any(map(text.__contains__, HELD))
    lines = text.split("\n")
    for n, line in enumerate(lines):
        bare = line.strip()
        if not bare:
            kept.append(line)
            continue
        first = re.split("[ :]", bare[:20].lower().strip("([•*-–—| "))[0].strip(".)]")
        told = first in known.words["labels"] or holds and any(map(bare.__contains__, HELD))
        if len(bare) > LONGEST or bare.endswith(ENDS) and not told:
            kept.append(line)
            inside, met = False, FIRST
            continue
        bare = " ".join(bare.split())
        if len(bare) < 80 and known.lists.fullmatch(bare):
            inside = True
        elif not (inside and HEADLINE.fullmatch(bare)):
            inside = False
        above = met < FIRST and known.is_above(bare)
        if above and known.names.fullmatch(bare):
            below = next(filter(None, map(str.strip, lines[n + 1 :])), "")
            above = not below[:1].islower() and (
                titled or met or HEADLINE.fullmatch(below) and not known.is_above(below)
            )
        if inside or above or known.is_page(bare):
            cut.append(bare)
        else:
            kept.append(line)
            met += 1
    return ("\n".join(kept) if cut else text), cut
