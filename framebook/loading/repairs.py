"""Clean a text before counting, and report what was repaired."""

import re
from functools import partial
from html import unescape
from itertools import pairwise
from textwrap import shorten
from unicodedata import normalize

from framebook.common.errors import show
from framebook.loading.boilerplate import cut_boilerplate

LISTED = 2000  # characters of the list of what was cut from an article

# Most news is made of characters that no rule here is about: seen at once, and then passed.
PLAIN = re.compile("[\t\n -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*")
# Nor is any character here the beginning of mojibake.
SIMPLE = re.compile("[\t\n -~\xa0-\xac\xae-\xc1\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*")
# UTF-8 read as Windows-1252 or Latin-1: a lead byte, then what follows one.
GARBLED = re.compile("[\xc2-\xc5\xc7-\xf0][\x80-\xbf\u0152-\u2122]")
# What is left of a web page's code in a text. A text without any of the last kind has pointed
# brackets for another reason: <I> is also a company on the stock exchange.
ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8});", re.IGNORECASE)
BLOCK = re.compile(
    r"\s*<(?:p|div|h[1-6]|ul|ol|table|blockquote|figure|section|article)[\s>]", re.IGNORECASE
)
MARKED = re.compile(r"</[a-z]+[1-6]?\s?>|<br\s?/?>|<(?:a|p|img|div|span)\s[^<>]*=", re.IGNORECASE)
TAGS = [
    (re.compile(rf"(?is){pattern}"), put)
    for pattern, put in (
        (r"<(script|style)\b[^<>]*>(?:(?!<(?:script|style)\b).)*?</\1>|<!--(?:(?!<!--).)*?-->", ""),
        (r"<br\b[^<>]*>", "\n"),
        (
            r"</?(?:p|div|h[1-6]|ul|ol|li|tr|table|blockquote|figure|figcaption|section|article)"
            r"(?:\s[^<>]*)?/?>",
            "\n\n",
        ),
        (
            r"</?(?:a|b|i|u|em|strong|span|img|font|sup|sub|small|td|th|iframe|cite|q)"
            r"(?:\s[^<>]*)?/?>",
            "",
        ),
    )
]
# Where paragraphs were joined with nothing between: “…in Iraq.The group”, “too far.”But he”.
RUN_TOGETHER = re.compile(
    r"""[.?!](?!\s)(?<=[a-z\d)%"'’”]{2}[.?!])["'’”)“‘(]{0,3}"""
    r"""(?=[AI]\s|(?!(?:Co|Com|Gov|Net|Org|Edu|Js)\b)[A-Z][a-z]+[\s.,:;'’])"""
)
LAST_CLEAR_MARK = re.compile(r"""(?s:.*)(?:(?P<begins>(?<![^\s(—-])"(?=\S))|(?<=\S)"(?!\w))""")


def repair_text(text, titled=False):
    """Return (text, [repairs]): HTML taken out, mojibake repaired, line ends as \\n, NFC,
    invisible characters out, ligatures split, wraps joined, boilerplate lines cut, sentences
    that run together separated."""
    without = _take_out_html(text)
    repairs, text = ["HTML taken out"] * (text != without), without
    if not SIMPLE.fullmatch(text) and (GARBLED.search(text) or not PLAIN.fullmatch(text)):
        for repair, change in REPAIRS.items():
            before, text = text, change(text)
            repairs += [repair] * (text != before)
    joined = join_wrapped(text)  # first, since half a sentence may look like a byline
    repairs += ["lines wrapped at a fixed width joined"] * (joined != text)
    text, cut = cut_boilerplate(joined, titled)
    if cut:
        listed = " | ".join(shorten(line, 120, placeholder=" …") for line in cut)
        repairs.append("boilerplate cut: " + show(shorten(listed, LISTED, placeholder=" …")))
    parted = RUN_TOGETHER.sub(_part, text)
    return parted, repairs + ["sentences run together parted"] * (parted != text)


def _take_out_html(text):
    """Return the text of what a feed or an interface gives as HTML, its paragraphs as such.

    That is a text which begins with a tag of a block; any other keeps the tags it speaks of.
    """
    plain = _unescape(text, "")
    if BLOCK.match(plain) and MARKED.search(plain):
        lines = map(str.strip, _replace_tags(plain).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return _unescape(text, "<>")


def _unescape(text, kept):
    if "&" in text:
        for _ in range(2):  # some write &amp;quot;
            text = ENTITY.sub(
                lambda entity: entity[0] if unescape(entity[0]) in kept else unescape(entity[0]),
                text,
            )
    return text


def _replace_tags(text):
    for pattern, put in TAGS:
        text = pattern.sub(put, text)
    return text


def _mend(text):
    """Undo the reading of UTF-8 as another encoding, where ftfy is sure of it (Speer 2019,
    doi:10.5281/zenodo.2591652)."""
    if not GARBLED.search(text):
        return text
    from ftfy import fix_encoding

    return "\n".join(map(fix_encoding, text.split("\n")))


def join_wrapped(text):
    """Join the lines of a text if those between blank lines were cut at a width.

    Then most are long and break off in mid-sentence, and many go on in lower case. A short
    line with a full stop ends its paragraph, and a line that is set in begins one: where some
    are, two lines are enough.
    """
    blocks = re.split(r"\n\s*\n|(\n)(?=[ \t]{2,}\S)", text.strip())
    pairs = (pair for block in blocks[::2] for pair in pairwise(block.split("\n")))
    breaks = [(line.rstrip(), following.lstrip()) for line, following in pairs]
    enough, least = (1, 25) if any(blocks[1::2]) else (3, 40)
    long = sum(least <= len(line) <= 100 and line[-1] not in '.?!”"' for line, _ in breaks)
    going_on = sum(following[:1].islower() for _, following in breaks)
    if len(breaks) < enough or long <= 0.6 * len(breaks) or going_on <= 0.4 * len(breaks):
        return text
    short = int(0.75 * max(len(line) for line, _ in breaks))
    text = re.sub(rf"(?m)^(.{{0,{short}}}[.?!”\"])[ \t]*\n[ \t]?(?=\S)", "\\1\v", text)
    return re.sub(r"(?<=[^\s\v])[ \t]*\n[ \t]?(?=\S)", " ", text).replace("\v", "\n")


def _part(end):
    """Return the end of a sentence with a space before the next one, unless in an address.

    Whether a straight mark opens or closes depends on the last clear one before it, and on how
    many others stand between.
    """
    before = end.string[max(0, end.start() - 300) : end.start()].split("\n")[-1]
    if re.search(r"[@/]|www", before.split()[-1]):
        return end[0]
    clear = LAST_CLEAR_MARK.match(before)
    rest = before[clear.end() :] if clear else before
    open_, place = bool(clear and clear["begins"]) ^ rest.count('"') % 2, 1
    for mark in end[0][1:]:
        if mark in "“‘(" or mark == '"' and not open_:
            break
        open_, place = open_ and mark != '"', place + 1
    return f"{end[0][:place]} {end[0][place:]}"


REPAIRS = {
    "mojibake mended": _mend,
    "line ends made \\n": partial(re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]").sub, "\n"),
    # soft hyphens, and spaces of no width
    "invisible characters taken out": partial(re.compile("[\xad\u200b\u2060\ufeff]").sub, ""),
    "ligatures parted": partial(re.compile("[ﬀ-ﬄ]").sub, lambda m: normalize("NFKC", m[0])),
    "characters composed (NFC)": partial(normalize, "NFC"),
}
