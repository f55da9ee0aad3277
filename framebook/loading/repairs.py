"""What is mended in a text before anything is counted in it, and in which language it is."""

import re
import unicodedata
from functools import cache, partial
from html import unescape
from itertools import pairwise
from textwrap import shorten

from framebook.common.errors import show

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
# Whole lines that belong to the page and not to the article. A sentence is left: after the year
# or colon of such a line stands a name or a headline, which has no full stop.
BOILERPLATE = re.compile(
    r"""^[ \t]*(?:
    (?:copyright[ \t]*)?(?:©|\(c\))[^\w\n]*\d{4}\b(?!['’]).{0,150}
    | (?:copyright[ \t]*)?©.{0,60}
    | copyright[ \t]*[:,]?[ \t]*\d{4}\b(?!['’])
      (?:[^\w\n]+(?:(?:by|the)\ )?(?:(?-i:[A-Z0-9])|\S+\.[a-z]).{0,140})?[^\w\n]?
    | (?:(?:(?-i:[A-Z0-9])[\w.&'’-]*[^\w\n]{1,2}|(?:of|and|the|for)\ ){0,9})
      all\ rights\ reserved(?:[.!]?|\.\ .{0,120})
    | (?:read\ more|read\ also|also\ read|see\ also|related(?:\ (?:stories|articles))?)[ \t]*:
      .{0,150}[^.,;:!"”’]["”’]?
    | (?:story\ continues\ below(?:\ advertisement)?|continue\ reading|read\ more|advertisement)
      [^\w\n]?
    | \[removed\]
    | (?:sign\ up|subscribe)\ (?:for|to)\ [^,;\n]{0,60}\bnewsletters?\b[^,;\n]{0,60}
    | follow\ us\ on\ (?:twitter|x|facebook|instagram|youtube|linkedin|telegram|whatsapp|tiktok
      |threads|bluesky|mastodon|google)\b.{0,80}
    )[ \t]*$\n?""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
# How such a line begins, or what it holds, in what can be looked for fast.
BEGINNINGS = (
    "copyright",
    "©",
    "(c)",
    "read more",
    "read also",
    "also read",
    "see also",
    "related",
    "story cont",
    "continue reading",
    "advertisement",
    "sign up",
    "subscribe",
    "follow us on",
    "all rights",
    "[removed]",
)
RIGHTS = ("ights reserved", "ights Reserved", "IGHTS RESERVED")
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"}
WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+")
# English words that are rare in other languages and make up a fifth of English news.
ENGLISH = frozenset(
    "the of and to that with his she they are from said "
    "who which were been would their this told".split()
)
LANGUAGES = {
    "af": "Afrikaans",
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mk": "Macedonian",
    "ms": "Malay",
    "nb": "Norwegian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovene",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


def repair_text(text):
    """Return (text, [repairs]): HTML taken out, mojibake mended, line ends as \\n, NFC, invisible
    characters out, ligatures parted, boilerplate lines cut, wraps joined."""
    without = _take_out_html(text)
    repairs, text = ["HTML taken out"] * (text != without), without
    if not SIMPLE.fullmatch(text) and (GARBLED.search(text) or not PLAIN.fullmatch(text)):
        for repair, change in REPAIRS.items():
            before, text = text, change(text)
            repairs += [repair] * (text != before)
    if _may_have_boilerplate(text) and (cut := [m[0] for m in BOILERPLATE.finditer(text)]):
        text = BOILERPLATE.sub("", text)
        repairs.append("boilerplate cut: " + show(shorten(" | ".join(cut), 120, placeholder=" …")))
    joined = _join_wrapped(text)
    return joined, repairs + ["lines wrapped at a fixed width joined"] * (joined != text)


def _may_have_boilerplate(text):
    return any(
        line.lstrip(" \t")[:20].lower().startswith(BEGINNINGS) for line in text.split("\n")
    ) or any(map(text.__contains__, RIGHTS))


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


def _join_wrapped(text):
    """Join the lines of a text if those between blank lines were cut at a width.

    Then most are long and break off in mid-sentence, and many go on in lower case. A short
    line with a full stop ends its paragraph.
    """
    breaks = [
        (line.rstrip(), following.lstrip())
        for block in re.split(r"\n\s*\n", text.strip())
        for line, following in pairwise(block.split("\n"))
    ]
    long = sum(40 <= len(line) <= 100 and line[-1] not in '.?!”"' for line, _ in breaks)
    going_on = sum(following[:1].islower() for _, following in breaks)
    if len(breaks) < 3 or long <= 0.6 * len(breaks) or going_on <= 0.4 * len(breaks):
        return text
    short = int(0.75 * max(len(line) for line, _ in breaks))
    text = re.sub(rf"(?m)^(.{{0,{short}}}[.?!”\"])[ \t]*\n[ \t]?(?=\S)", "\\1\v", text)
    return re.sub(r"(?<=[^\s\v])[ \t]*\n[ \t]?(?=\S)", " ", text).replace("\v", "\n")


REPAIRS = {
    "mojibake mended": _mend,
    "line ends made \\n": partial(re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]").sub, "\n"),
    # soft hyphens, and spaces of no width
    "invisible characters taken out": partial(re.compile("[\xad\u200b\u2060\ufeff]").sub, ""),
    "ligatures parted": partial(re.compile("[ﬀ-ﬄ]").sub, lambda m: LIGATURES[m.group()]),
    "characters composed (NFC)": partial(unicodedata.normalize, "NFC"),
}


def find_other_language(text):
    """Return the name of the language of a text that is not English, or None.

    A text of fewer than 20 words is not judged. What holds English function words is English;
    of the rest py3langid (Lui & Baldwin 2012, aclanthology.org/P12-3005) must be sure, and name
    a language in LANGUAGES: tables of figures look like Nigerian Pidgin to it.
    """
    text = text[:3000]
    if _is_english(text[:500].lower().split()):  # a fast look first
        return None
    words = WORDS.findall(text.lower())
    if len(words) < 20 or _is_english(words):
        return None
    code, sure = _identifier().classify(" ".join(text.split()))
    return LANGUAGES.get(code) if sure >= 0.6 else None


def _is_english(words):
    return sum(map(ENGLISH.__contains__, words)) >= 0.08 * max(len(words), 20)


@cache
def _identifier():
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
