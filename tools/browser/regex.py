r"""A stand-in for `regex` where there is only `re`: the same matches for Framebook's and NLTK's
patterns, by `regex`'s own word characters and white space; without its time limits.

What differs: a character added to Unicode later than this Python's tables is no word character,
and \b is that of `re`.
"""

import re
import sys
import unicodedata
from functools import cached_property, lru_cache
from itertools import groupby

SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
EVERY = range(sys.maxunicode + 1)
JOINERS = {"\u200c", "\u200d"}
LETTERS_IN_SHAPES = set(
    map(
        chr,
        [
            *EVERY[0x24B6:0x24EA],
            *EVERY[0x1F130:0x1F14A],
            *EVERY[0x1F150:0x1F16A],
            *EVERY[0x1F170:0x1F18A],
        ],
    )
)
ESCAPE = r"\\[wWsS]|\\p\{\w+\}"


def is_word(char):
    r"""Whether \w of `regex` matches: alphabetic, a mark, a digit, a connector or a joiner."""
    category = unicodedata.category(char)
    return (
        category[0] in "LM"
        or category in ("Nd", "Nl", "Pc")
        or char in JOINERS
        or char in LETTERS_IN_SHAPES
    )


@lru_cache
def spans(escape):
    r"""Return what stands for \w, \W, \s, \S or \p{L} inside of square brackets."""
    if escape in (r"\s", r"\S"):
        return SPACE if escape == r"\s" else r"\S\x1c-\x1f"
    if escape.startswith(r"\p"):
        wanted = [unicodedata.category(char).startswith(escape[3:-1]) for char in map(chr, EVERY)]
        if not any(wanted):
            raise NotImplementedError(f"{escape}: only general categories are known here")
    else:
        wanted = [is_word(char) is (escape == r"\w") for char in map(chr, EVERY)]
    runs = [list(run) for own, run in groupby(EVERY, wanted.__getitem__) if own]
    return "".join(f"\\U{run[0]:08x}-\\U{run[-1]:08x}" for run in runs)


def translate(pattern):
    """Return the pattern with these escapes spelt out."""

    def spell(found):
        part = found.group()
        inside = re.sub(ESCAPE, lambda found: spans(found[0]), part)
        return inside if part.startswith("[") or inside == part else f"[{inside}]"

    return re.sub(rf"(?s){ESCAPE}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", spell, pattern)


class Pattern:
    """A pattern, compiled at its first use, whose methods take `timeout` and pass it over."""

    def __init__(self, pattern, flags):
        self.pattern, self.flags = pattern, flags

    @cached_property
    def compiled(self):
        return re.compile(translate(self.pattern), self.flags)

    def __getattr__(self, name):
        found = getattr(self.compiled, name)
        if not callable(found):
            return found
        return lambda *args, timeout=None, **options: found(*args, **options)


@lru_cache(maxsize=500)
def compile(pattern, flags=0):
    return Pattern(pattern, flags)


def __getattr__(name):
    """Return a function of `re` over patterns as they are read here, or a flag of `re`."""
    if not hasattr(re.Pattern, name):
        return getattr(re, name)
    return lambda pattern, *args, flags=0, **options: getattr(compile(pattern, flags), name)(
        *args, **options
    )
