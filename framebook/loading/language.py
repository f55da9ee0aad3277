"""Find the language of a text that is not English."""

import re
import unicodedata
from functools import cache

WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+")
# English words that are rare in other languages and make up a fifth of English news.
ENGLISH = frozenset(
    "the of and to that with his she they are from said "
    "who which were been would their this told".split()
)
_NAMES = """
    af Afrikaans ar Arabic bg Bulgarian bn Bengali ca Catalan cs Czech da Danish de German el
    Greek es Spanish et Estonian fa Persian fi Finnish fr French he Hebrew hi Hindi hr Croatian
    hu Hungarian hy Armenian id Indonesian is Icelandic it Italian ja Japanese ka Georgian ko
    Korean lt Lithuanian lv Latvian mk Macedonian ms Malay nb Norwegian nl Dutch no Norwegian
    pl Polish pt Portuguese ro Romanian ru Russian sk Slovak sl Slovene sq Albanian sr Serbian
    sv Swedish sw Swahili ta Tamil th Thai tr Turkish uk Ukrainian ur Urdu vi Vietnamese zh
    Chinese
""".split()
LANGUAGES = dict(zip(_NAMES[::2], _NAMES[1::2], strict=True))


def find_other_language(text):
    """Return the name of the language, or else the script, of a text that is not English, or None.

    What holds English function words is English. A text that is mostly in another script than
    Latin is not, however short; one in Latin letters is not judged below 20 words. Of the rest
    py3langid (Lui & Baldwin 2012, aclanthology.org/P12-3005) must be sure, and name a language in
    LANGUAGES: tables of figures look like Nigerian Pidgin to it.
    """
    text = text[:3000]
    if _is_english(text[:500].lower().split()):  # a fast look first
        return None
    words = WORDS.findall(text.lower())
    if _is_english(words):
        return None
    letters = [] if text.isascii() else [c for c in text if c.isalpha() and c > "\u024f"]
    foreign = [c for c in letters if not "\u1e00" <= c <= "\u1eff"]  # the rest of Latin
    other = 2 * len(foreign) > sum(map(str.isalpha, text))
    if len(words) < 20 and not other:
        return None
    code, sure = _identifier().classify(" ".join(text.split()))
    if sure >= 0.6 and code in LANGUAGES and (len(words) >= 20 or code != "en"):
        return LANGUAGES[code]
    return (
        unicodedata.name(foreign[0], "another").split()[0].capitalize().replace("Cjk", "Chinese")
        if other
        else None
    )


def _is_english(words):
    return sum(map(ENGLISH.__contains__, words)) >= 0.08 * max(len(words), 20)


@cache
def _identifier():
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
