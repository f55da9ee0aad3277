"""Who speaks by the layout of a text: turns of a transcript, labels before and names after words.

“STARKE: The water is rising.” on a line of its own is a turn, and what follows up to the next
label is the same speaker’s. A paragraph that ends in a colon (“And from Ada Venn:”, “Venn
continued:”) lends its speaker to the quotation that follows; a line such as “— Ada Venn” to the
quotation before it.
"""

import re
from dataclasses import dataclass

from framebook.tokenising.words import words

LABEL = re.compile(
    r"^(?P<who>(?:[A-Z][A-Z.’'-]*[A-Z.]|[QA])(?:[ ]+[A-Z][A-Z.’'-]*)*|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){1,2})"
    r"(?:, [^:\n]{2,60}| \([^)\n]{2,40}\))?:[ ]",
    re.MULTILINE,
)
NO_LABELS = words("no_labels") - {"q", "a"}
VERBS = (
    r"(?:said|says|added|adds|continued|continues|wrote|writes|told|tweeted|explained|replied|"
    r"responded|answered|asked|commented|stated|posted|concluded|remarked|noted|joked)"
)
LEAD = re.compile(
    r"^(?:(?:And|But|Then|Later|Finally|So|Here(?:’s| is)?|This|Also),? )?(?:(?:it )?(?:comes |is )?[Ff]rom "
    rf"(?P<a>[^:\n“\"]{{2,90}})|(?P<b>[^:\n“\"]{{2,70}}?),? (?:also |then |later |further )?{VERBS}\b[^:\n“\"]{{0,90}})"
    r":\s*\n\s*(?=[“\"'‘«])",
    re.MULTILINE,
)
NAME = r"(?P<who>(?:[A-Z][\w.’'-]*|of|the|and|de|van|von|,)(?:[ ,]+[\w.’'-]+){0,9})"
SIGNED = re.compile(rf"(?<=[”\"’'»])\s*(?:\n\s*)?[—–―-]{{1,2}}\s?{NAME}[ .]*(?=\n|$)")


@dataclass(slots=True)
class Turn:
    """What somebody says between two characters, and the characters that name the speaker."""

    start: int
    end: int
    who: tuple
    label: bool = True  # a turn of a transcript, which begins with its label


def find_turns(text):
    """Return the turns of a text in order: of a transcript, and of quotations with a label."""
    turns = _transcript(text) if ": " in text else []
    if not turns:
        for match in LEAD.finditer(text) if ":" in text else ():
            turns.append(
                Turn(
                    match.end(),
                    _paragraph_end(text, match.end()),
                    match.span("a") if match["a"] else match.span("b"),
                    False,
                )
            )
        for match in SIGNED.finditer(text):
            begin = text.rfind("\n", 0, match.start()) + 1
            turns.append(Turn(begin, match.start(), match.span("who"), False))
    return sorted(turns, key=lambda turn: turn.start)


def _transcript(text):
    """Return the turns of a transcript: of at least three labels, or two in capitals."""
    found = [match for match in LABEL.finditer(text) if match["who"].lower() not in NO_LABELS]
    shouting = [match for match in found if match["who"].isupper()]
    found = shouting if len(shouting) > 1 else found
    several = len({match["who"] for match in found}) < len(found) or len(shouting) > 1
    if len(found) < 2 or not several or len(found) < 3 and not shouting:
        return []
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [
        Turn(match.start(), end, match.span("who")) for match, end in zip(found, ends, strict=True)
    ]


def _paragraph_end(text, start):
    end = text.find("\n", start)
    return len(text) if end < 0 else end
