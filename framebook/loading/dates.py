"""Days from the many ways in which a date is written; what would have to be guessed is none."""

import re
from datetime import UTC, date, datetime

MONTHS = [  # in English, French, German, Spanish
    "january janvier januar enero jan",
    "february février fevrier februar febrero feb févr",
    "march mars märz marzo mar",
    "april avril abril apr",
    "may mai mayo",
    "june juin juni junio jun",
    "july juillet juli julio jul juil",
    "august août aout agosto aug",
    "september septembre septiembre sept sep",
    "october octobre oktober octubre oct",
    "november novembre noviembre nov",
    "december décembre dezember diciembre dec déc",
]
NUMBERS = {word: n for n, words in enumerate(MONTHS, start=1) for word in words.split()}
MONTH = rf"(?i:{'|'.join(sorted(NUMBERS, key=len, reverse=True))})\b\.?"
_DAYS = r"\d{1,2}(?:st|nd|rd|th|er)?\.?(?:\s?(?:[-–/&,]|and|to)\s?\d{1,2}(?:st|nd|rd|th)?\.?){0,3}"
# A day, a span of days or a month, with its year: what a line of an export shows of a date.
_DAY = (
    rf"(?:{_DAYS}(?: (?:of|de))?\s{MONTH}|{MONTH}(?:\s{_DAYS}|(?:\s?[-–/]\s?{MONTH}))?"
    rf"|(?:Spring|Summer|Autumn|Fall|Winter)),?(?: de)?\s\d{{4}}\b"
)
_TO = r"\s?(?:[-–—/&]|and|to|until)\s?"
DATE = rf"(?:(?:{_DAYS}\s{MONTH}|{MONTH}\s{_DAYS})(?:,?\s\d{{4}})?{_TO})?{_DAY}(?:{_TO}{_DAY})?"
# What may stand beside the day: a time, its zone, the day of the week.
ASIDE = re.compile(
    r"(?i)\bT?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\b\.?)?"
    r"(?:\s*[+-]\d{2}:?\d{2}\b)?|\b\d{1,2}\.\d{2} ?[ap]\.?m\b\.?"
    r"|\b(?:at|of|de|the)\b|\b(?-i:[A-Z]{2,5})$"
    r"|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
    r"|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|(?:mon|diens|donners|frei|sams|sonn)tag"
    r"|mittwoch|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b\.?"
)
LONGEST = 200  # characters that are looked at for a date
SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?!\d)")


def find_date(text):
    """Return the part of a text that names a day, a span of days or a month of a year, or None."""
    found = re.search(DATE, text[:LONGEST])
    return found[0] if found else None


def parse_date(text: str) -> date | None:
    """Return the day that a date names, or None where part of it would have to be guessed.

    It does not read 03/04/2031 (two days), March 2031 (no day), May 3-4, 2031, nor years before
    1600 (they mark a missing date). It reads 03.04.2031 as April, and a year of two digits as 1969
    to 2068. A time zone is ignored; milliseconds since 1970 are a day in UTC.

    >>> parse_date("3 April 2031"), parse_date("03/04/2031")
    (datetime.date(2031, 4, 3), None)
    """
    text = text.strip()
    if len(text) > LONGEST:
        return None
    try:
        if re.fullmatch(r"[0-9]{13}", text):
            day = datetime.fromtimestamp(int(text) / 1000, UTC).date()
        elif re.fullmatch(r"[0-9]{14}", text):  # as GDELT writes a moment
            day = datetime.strptime(text, "%Y%m%d%H%M%S").date()
        elif re.fullmatch(r"\d{4}-?(?:\d\d-?\d\d|W\d\d-?\d)(?:[T ].*)?", text):
            day = datetime.fromisoformat(text).date()
        else:
            day = _read_words(text)
    except ValueError:
        day = _read_words(text)
    return day if day and day.year >= 1600 else None


def _read_words(text):
    """Return the day of a date with the name of its month, or in numbers, None if uncertain."""
    text = " ".join(re.sub(r"(?<=\d)(?:st|nd|rd|th|er)\b", "", ASIDE.sub(" ", text)).split(" ,"))
    text, numbers = text.strip(" ,."), [int(n) for n in re.findall(r"\d+", text)]
    words = re.findall(r"[^\W\d_]+", text.lower())
    try:
        if len(words) == 1 and words[0] in NUMBERS and len(numbers) == 2:
            day, year = sorted(numbers)
            if re.fullmatch(r"\d{1,2}-[^\W\d_]+-\d{2}", text):  # as Excel writes it
                day, year = numbers[0], full_year(numbers[1])
            return date(year, NUMBERS[words[0]], day) if year > 31 else None
        if words or len(numbers) != 3:
            return None
        if re.fullmatch(r"\d{4}([-/.])\d{1,2}\1\d{1,2}", text):
            return date(*numbers)
        if re.fullmatch(r"\d{1,2}\. ?\d{1,2}\. ?(?:\d{4}|\d{2})", text):
            return date(full_year(numbers[2]), numbers[1], numbers[0])
        low, high = sorted(numbers[:2])
        if not SLASHED.fullmatch(text) or low != high <= 12:
            return None
        return date(full_year(numbers[2]), low, high)
    except ValueError:
        return None


def full_year(year):
    """Return a year of two digits as one from 1969 to 2068, any other as it is."""
    return year + (1900 if year > 68 else 2000) if year < 100 else year


def find_order(value):
    """Return {"day"} or {"month"}, what a date with slashes must begin with, or nothing."""
    found = isinstance(value, str) and SLASHED.match(value.strip())
    first, second = map(int, found.groups()[:2]) if found else (0, 0)
    return {"day"} if first > 12 >= second else {"month"} if second > 12 >= first else set()


def settle_date(fields, order):
    """Write a date that could be two days as the others of its column must be read."""
    found = SLASHED.match(fields["date"] or "")
    if not found or max(int(found[1]), int(found[2])) > 12:
        return []
    day, month = found.groups()[:2] if order == "day" else found.groups()[1::-1]
    fields["date"] = f"{full_year(int(found[3]))}-{month:>02}-{day:>02}"
    return [f"{found[0]} read with the {order} first, as other dates of its column must be"]
