"""The class in which somebody speaks: by the head noun of a description, as data lists it.

The lists are those of the codebook `speaker-classes`, or of a file of the same form
(`--speakers`). A noun that only says what somebody is to a body (“spokesman”, “leader”: the
list `holders` of english.toml) takes the class of that body where one is told.
"""

import re
from functools import cache

from framebook.common.errors import InputError
from framebook.framing.codebook import load_codebook
from framebook.tables import SPEAKER_CLASSES
from framebook.tokenising.words import words
from framebook.voices.countries import is_people

HOLDERS, PRIVATE = words("holders"), words("kin") | words("roles")
NO_PLURALS = {"document", "unnamed"}
PEOPLE = {"citizen", "expert", "celebrity_sport"}
FORMER = {"state_official": "government", "foreign_leader": "government"}  # names until 0.9
LINKS = words("links")
WORD = re.compile(r"[.]?\w+(?:[-'’.]\w+)*")
NO_BODIES = {"citizen", "document", "unnamed"}  # nobody holds an office of them
ENDINGS = [
    (re.compile(r"\wolog(?:ist|er)s?$|\wnomists?$"), "expert"),
    (re.compile(r"\w{2}(?<!policy)makers?$"), "business"),
    (re.compile(r"\w{3}(?:ees|ists|goers|keepers?|dwellers?|smiths?|(?<!lawy)ers)$"), "citizen"),
]


class SpeakerClasses:
    """The speaker classes of a codebook: phrases by their first word, and what they tell."""

    def __init__(self, *books):
        classes, self.by_first, self._known = {}, {}, {}
        self.books = books
        codes = [code for book in books for code in book.codes]
        self.proper = {p.lower() for code in codes for p in code.patterns if p != p.lower()}
        for code in reversed(codes):  # where two claim a pattern it is the first one's
            classes |= dict.fromkeys(map(str.lower, code.patterns), FORMER.get(code.id, code.id))
        for pattern, name in list(classes.items()):  # plurals of people: “plumbers”
            if name not in NO_PLURALS and " " not in pattern and pattern[-1] not in "sny":
                classes.setdefault(pattern + "s", name)
        excluded = {phrase.lower() for code in codes for phrase in code.exclude}
        for pattern in excluded - classes.keys():  # passed over as a whole
            classes[pattern] = None
        for pattern, name in classes.items():
            phrase = tuple(pattern.split())
            self.by_first.setdefault(phrase[0], []).append((phrase, name))
        self.nouns = {
            phrase[0]
            for found in self.by_first.values()
            for phrase, name in found
            if name and len(phrase) == 1
        }
        for found in self.by_first.values():
            found.sort(key=lambda one: -len(one[0]))

    def at(self, lower, n, end):
        """Return (length, class) of the longest pattern at n in lower-case words, or (1, None)."""
        for phrase, name in self.by_first.get(lower[n], ()):
            size = len(phrase)
            if size == 1 or n + size <= end and tuple(lower[n : n + size]) == phrase:
                return size, name
        return 1, None

    def classify(self, text):
        """Return the speaker class of a noun phrase, or "other" where no word of it has one."""
        if text not in self._known:
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[text] = self._classify(text)
        return self._known[text]

    def is_open(self, text):
        """Return whether a description tells no more than “president” or “leader” does alone."""
        lower = WORD.findall(text.lower())
        known = [word for word in lower if word in self.by_first]
        of_a_state = any(is_people(word) for word in lower)  # “the Ilverran president”
        return not of_a_state and bool(known) and known[-1] in HOLDERS and len(set(known)) == 1

    def _classify(self, text):
        """Read a description chunk by chunk: the last noun of one is its head (“teachers’ union”)."""
        lower = WORD.findall(re.sub(r"['’]s?\b", "", text.lower()))
        chunks, past = [[]], 0  # of each chunk: (class, is a holder)
        for n, word in enumerate(lower):
            if n < past:
                continue
            size, name = self.at(lower, n, len(lower))
            past = n + size
            if word == "who" and "WHO" not in text:
                name = None
            holder = size == 1 and word in HOLDERS
            if name or holder:
                chunks[-1].append((name, holder))
                if size > 1 and lower[past - 1] in LINKS:
                    chunks.append([])  # “institute for”
            elif n and word in LINKS:
                chunks.append([])
        heads = [
            next((hit for hit in reversed(chunk) if not hit[1]), chunk[-1])
            for chunk in chunks[1:]
            if chunk
        ]
        first = [hit for hit in chunks[0] if hit[0] != "unnamed"] or chunks[0]
        if not first:
            cut = next((n for n, word in enumerate(lower) if n and word in LINKS), len(lower))
            if lower and lower[cut - 1] in PRIVATE:
                return "other"  # “a lawyer for the company” is not the company
            told = [name for name, _ in heads if name]
            return told[0] if told and told[0] != "unnamed" else by_ending(lower[:cut])
        own, holder = first[-1]
        if holder:  # the class of what it stands for
            bodies = [name for name, other in (*first[-2::-1], *heads) if name and not other]
            held = [name for name, other in heads if name and other]  # “an aide to the senator”
            fitting = [name for name in bodies if name not in NO_BODIES]
            if own == "government" and not fitting and "citizen" in bodies:
                return "organisation"  # “the dockers’ leader”
            held = held if own in {None, "unnamed"} else []
            own = [*fitting, *held, own, *bodies][0] or (bodies or ["other"])[0]
        return own or "other"


def by_ending(lower):
    """Return the class that the ending of a noun tells: “a volcanologist”, “the scaffolders”."""
    noun = lower[-1] if lower else ""
    return next((name for ending, name in ENDINGS if ending.search(noun)), "other")


@cache
def builtin():
    """Return the SpeakerClasses that come with Framebook."""
    return SpeakerClasses(load_codebook("speaker-classes"))


def classify(text):
    """Return the speaker class of a noun phrase by the built-in lists."""
    return builtin().classify(text)


def is_speaker_list(book):
    """Return whether a codebook is a list of speakers: all its codes are speaker classes."""
    return all(code.id in SPEAKER_CLASSES or code.id in FORMER for code in book.codes)


def load_speakers(path):
    """Return the Codebook of a list of speakers (`--speakers`).

    It replaces the built-in list; with `extends = true` in its [codebook] it is read before it.
    Raises InputError where it has a class that is none of Framebook's.
    """
    book = load_codebook(path)
    allowed = [name for name in SPEAKER_CLASSES if name not in {"other", "unspecified"}]
    wrong = [code.id for code in book.codes if code.id not in {*allowed, *FORMER}]
    if wrong:
        raise InputError(
            f"The list of speakers {path} has the class {wrong[0]!r}; use: {', '.join(allowed)}."
        )
    return book


def classes_of(books):
    """Return the SpeakerClasses that the lists of speakers among codebooks make, or the built-in."""
    lists = [book for book in books if is_speaker_list(book)]
    if not lists:
        return builtin()
    extended = [load_codebook("speaker-classes")] if any(book.extends for book in lists) else []
    return SpeakerClasses(*lists, *extended)
