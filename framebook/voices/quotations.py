"""Where quotations stand in a text, whatever marks it uses, and where one was left out."""

import re

OPENS, CLOSES = set('“«„"‘') | {"''", "``"}, set('”»"’') | {"''"}
# A single mark opens before a word, and closes where no letter follows and no plural stands.
MARKS = re.compile(r"[“”„«»\"‘\n]|’(?!\w)|''|``")
OPENING = re.compile(r"(?<!\w)‘(?=\w)")
CLOSING = re.compile(r"(?<!s)’(?!\w)|(?<=s)’(?=[,.;:)]|$)", re.MULTILINE)
# Straight single marks: from before a word to after a mark or a word that is no plural.
SINGLE = re.compile(
    r"(?<![\w'])'(?=[A-Za-z“\[])(?:[^'\n\"“”]|(?<=\w)'(?=\w)){3,800}?(?<!\s)'(?!\w)"
)
SHORT = re.compile(r"(?<=[.,!?…])'|(?<!s)'$")
SAID = r"(?:said|says|added|told|wrote|asked|warned|explained|insisted|argued|continued|recalled)"
# A straight mark after which somebody is said to speak: what stands before it was quoted.
LOST = re.compile(rf"[,.?!]\s?[\"”](?=\s+(?:[\w.’'-]+\s+){{0,6}}?{SAID}\b)")
MISUSED = re.compile(r"[.,?!]“(?!\w)")
REOPENS = re.compile(r"[.!?]\s\"(?=\w)")
SENTENCE_START = re.compile(r"(?<=[.?!][\"”])\s+(?=[A-Z])|(?<=[^A-Z][.?!])\s+(?=[A-Z])")


def quotation_spans(text):
    """Return [(start, end)] of quotations, marks included, paragraph by paragraph.

    Curly, straight, single and angle marks count. A mark that is not closed holds to the end
    of its paragraph, as news leaves it open where the quotation goes on in the next; where the
    opening mark was left out, the quotation begins with its sentence.
    """
    spans, begin, kind, line = [], None, "", 0
    for mark in MARKS.finditer(text):
        at, sign = mark.start(), mark.group()
        if sign == "\n":
            if begin is not None and kind != "‘":
                spans.append((begin, at))
            begin, line = None, at + 1
        elif (
            begin is None
            and sign in '"”'
            and LOST.match(text, max(at - 2, line))
            or (begin is None and sign in '"”' and LOST.match(text, max(at - 1, line)))
        ):
            starts = [m.end() for m in SENTENCE_START.finditer(text, line, at)]
            floor = spans[-1][1] if spans else 0
            spans.append((max(starts[-1] if starts else line, floor), mark.end()))
        elif begin is not None and sign == '"' and REOPENS.match(text, max(at - 2, line)):
            spans.append((begin, at))  # the next paragraph of a quotation, run on
            begin = at
        elif sign == "“" == kind and begin is not None and MISUSED.match(text, at - 1):
            spans.append((begin, mark.end()))  # “It ran,“ said Venn
            begin = None
        elif begin is None and sign in OPENS and (sign != "‘" or OPENING.match(text, at)):
            begin, kind = at, sign
        elif (
            begin is not None
            and sign in CLOSES
            and (kind == "‘") == (sign == "’")
            and (sign != "’" or CLOSING.match(text, at))
        ):
            spans.append((begin, mark.end()))
            begin = None
    if begin is not None and kind != "‘":
        spans.append((begin, len(text)))
    return _with_single(text, spans) if "'" in text else spans


def _with_single(text, spans):
    """Return the quotations with those in straight single marks outside them."""
    found = []
    for match in SINGLE.finditer(text):
        a, b = match.span()
        closed = text[b - 2] in ".,!?…" or (b - a <= 80 and text[b - 2] != "s")
        if closed and not any(c < b and a < d for c, d in spans):
            found.append((a, b))
    return sorted(spans + found)
