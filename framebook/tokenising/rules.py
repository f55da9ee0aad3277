"""Sentences and tokens with character offsets, and what can be counted from them.

Both are made by published rules: a sentence ends where one white-space chunk can end a
sentence and the next can start one, and a token is a match of TOKEN_PATTERN.
"""

import re
from functools import lru_cache

import regex

from framebook.tokenising.words import words

# An abbreviation with inner full stops; a number with its separators; a word with inner
# hyphens or apostrophes; any other character that is not white space.
TOKEN_PATTERN = r"(?:[^\W\d_]\.){2,}|\d+(?:[.,:]\d+)+\w*(?:[-'’]\w+)*|\w+(?:[-'’]\w+)*|[^\w\s]"
MAX_TOKENS = 2000  # a longer "sentence" is cut, so that no step can be slow on one
OPENERS = "\"'“‘«„‹([{*•–—-"
CLOSERS = "\"'”’»“›)]}*"
BEFORE_NAME, BEFORE_NUMBER = words("before_name"), words("before_number")
CALENDAR, STATES = words("calendar_abbreviated"), words("states_abbreviated")
EITHER, STARTERS = words("either"), words("starters")
WORD = re.compile(r"[^\W_]")
# A quotation's question or exclamation mark, and who said it after it: the sentence goes on.
ASKED = re.compile(r"""(?:[?!…]|\.\.\.)["'”’»]+$""")
SPEECH = re.compile(
    r"(?:[A-Z][\w.’'-]*\s+){1,4}(?:said|says|asked|asks|tweeted|wrote|added|told|replied|wondered|"
    r"demanded|shouted|cried|joked|exclaimed)(?=[.,;:]|\s+(?:on|at|during|when|as|of|her|him|them|"
    r"me|reporters)\b)"
)


@lru_cache(maxsize=200_000)
def end_class(chunk):
    """Return how a chunk can end a sentence: "", sure, maybe, item, number or state."""
    core = chunk.rstrip(CLOSERS)
    if not core or core[-1] not in ".?!…":
        return ""
    if core[-1] != "." or core.endswith("..") or len(core) == 1:
        return "sure"
    written = re.split(r"[/–—-]", core[:-1].lstrip(OPENERS))[-1]
    word = written.lower()
    if word in BEFORE_NAME and core == chunk:
        return ""
    if word in BEFORE_NUMBER:
        return "number"
    if word.isdigit() or (len(word) == 1 and core == chunk and word.isalpha()):
        return "item"
    if word in STATES and written[0].isupper():
        return "state"
    either = word in EITHER or word in CALENDAR and written[0].isupper()
    return "maybe" if either or re.fullmatch(r"[^\W\d_](\.[^\W\d_])+", word) else "sure"


@lru_cache(maxsize=200_000)
def start_class(chunk):
    """Return how a chunk can start a sentence: "", sure, maybe, digit or aside."""
    core = chunk.lstrip(OPENERS)
    if not any(c.isalnum() for c in core):
        return "" if any(c in ".…?!’”»)]}" for c in core) else "aside"
    if core[0].isdigit():
        return "digit"
    if core[0].islower():
        return ""
    word = re.match(r"[^\W\d_]*", core).group().lower()
    if word in STARTERS or chunk[0] in "\"'“‘«„‹":
        return "sure"
    return "maybe" if core == chunk else "aside"


def is_boundary(chunk, following, alone):
    """Return whether a sentence ends between two chunks that stand on one line.

    `alone`: nothing of the sentence stands before the first chunk.
    """
    end, start = end_class(chunk), start_class(following)
    if not end or not start:
        return False
    if end == "item" and re.fullmatch(r"[A-Z]\.", following):
        return False  # “Wayne A. I. Orr”
    if end == "item":  # "1." begins an item of a list and "J." a name; elsewhere either may end
        return not alone and (start == "sure" or any(c.isdigit() for c in chunk))
    if end == "number" or end == "state":
        return start != ("digit" if end == "number" else "aside")
    return end == "sure" or start == "sure"


def goes_on(chunk, line, following):
    """Return whether the speaker is named after a quotation's question: “Why?” Ms. Orr asked."""
    return (
        ASKED.search(chunk)
        and start_class(following.group()) == "maybe"
        and SPEECH.match(line, following.start())
    )


def token_spans(text):
    """Return [(start, end)] of the tokens of a text: NLTK's RegexpTokenizer, TOKEN_PATTERN.

    By `regex`, as NLTK does: its word characters (½, combining marks) are not those of `re`.
    """
    return [match.span() for match in regex.finditer(TOKEN_PATTERN, text)]


def name_parts(text, title, spans):
    """Return title, lead or body for each sentence: the lead is the first paragraph."""
    title_end = len(title) if title and text.startswith(f"{title}\n") else 0
    lead = next((paragraph for paragraph, start, _ in spans if start >= title_end), None)
    return [
        "title" if start < title_end else "lead" if paragraph == lead else "body"
        for paragraph, start, _ in spans
    ]
