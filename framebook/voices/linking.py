"""Speakers over a whole corpus: which names are one speaker, and who is foreign to a country.

Inside an article `actors.py` joins names. Across articles nobody can know: the table of
`link_speakers` says what would be joined and why, and a reader takes rows out before
`apply_links` joins anything.
"""

import re

import pandas as pd

from framebook.common.errors import InputError
from framebook.voices.actors import fold
from framebook.voices.names import places

LINKS = ["name", "joined", "reason", "n_articles"]
SMALL = {"of", "the", "and", "for", "on", "in", "de", "la", "&"}


def link_speakers(voices: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """Return which names of speakers in a corpus are the same speaker, one row per name.

    Columns name (as in `voices.speaker`), joined (the name to use), reason, n_articles (in which
    the name speaks). A full name is joined to the most frequent form with its first and last word;
    a surname to the only full name in the corpus that ends with it; letters (“LRO”) to the only
    body whose words begin with them. A name that fits two others is left alone. Take rows out to
    undo a link, then give the rest to `apply_links`.

    >>> voices = pd.DataFrame({"speaker": ["Ada Brook", "Brook"], "actor_id": [1, 2]})
    >>> actors = pd.DataFrame({"actor_id": [1, 2], "kind": "person"})
    >>> link_speakers(voices.assign(doc_id=[0, 1]), actors).iloc[:, :3].values.tolist()
    [['Brook', 'Ada Brook', 'surname']]
    """
    kinds = actors.set_index("actor_id").kind
    named = voices.dropna(subset=["speaker", "actor_id"])
    named = named.assign(kind=named.actor_id.astype("int64").map(kinds))
    counts = named.groupby(["speaker", "kind"], sort=True).doc_id.nunique()
    people, bodies = {}, {}
    for (name, kind), n in counts.items():
        words = fold(name).split()
        if kind == "person" and len(words) > 1 and name[:1].isupper():
            people.setdefault((words[0], words[-1]), []).append((-n, len(name), name))
        elif kind == "organisation" and len(words) > 1:
            bodies.setdefault(_initials(name), set()).add(name)
    best = {key: min(forms)[2] for key, forms in people.items()}
    rows = []
    for (name, kind), n in counts.items():
        words = fold(name).split()
        joined, reason = None, ""
        if kind == "person" and len(words) > 1 and name[:1].isupper():
            joined, reason = best[words[0], words[-1]], "first and last name"
        elif len(words) == 1 and name[:1].isupper():
            full = [one for (_, last), one in best.items() if last == words[0]]
            spelt = bodies.get(name, ()) if name.isupper() else ()
            if len(full) == 1:
                joined, reason = full[0], "surname"
            elif len(spelt) == 1:
                joined, reason = next(iter(spelt)), "initials"
        if joined and joined != name:
            rows.append((name, joined, reason, n))
    links = pd.DataFrame(rows, columns=LINKS).drop_duplicates("name")
    return links.sort_values(["n_articles", "name"], ascending=[False, True], ignore_index=True)


def _initials(name):
    return "".join(word[0] for word in re.findall(r"[\w&]+", name) if word.lower() not in SMALL)


def apply_links(voices: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return the voices with `speaker` replaced by the name that each link joins it to.

    >>> links = pd.DataFrame({"name": ["Brook"], "joined": ["Ada Brook"]})
    >>> apply_links(pd.DataFrame({"speaker": ["Brook", "Reed"]}), links).speaker.tolist()
    ['Ada Brook', 'Reed']
    """
    joined = dict(zip(links.name, links.joined, strict=True))
    return voices.assign(speaker=voices.speaker.map(lambda name: joined.get(name, name)))


def find_foreign(documents: pd.DataFrame, voices: pd.DataFrame, home: str) -> pd.Series:
    """Return for each voice whether a foreign government speaks, seen from the country `home`.

    A Boolean Series: True or False where the class is government and a country is named next to
    the speaker (“Norwegian minister”, “President X of Norway”, “Oslo”), otherwise null. Raises
    InputError if `home` is not a country of places.toml.

    >>> from framebook.chain import derive_from
    >>> from framebook.tables import make_documents
    >>> documents = make_documents(["The Norwegian prime minister said it would rain."])
    >>> voices = derive_from(documents, [], {"voices"})["voices"]
    >>> find_foreign(documents, voices, "Sweden").tolist()
    [True]
    """
    own = places().get(home.lower().replace("_", " "))
    if own is None:
        raise InputError(
            f"There is no country {home!r}; name it as in “Norway” or “United States”."
        )
    texts = dict(zip(documents.doc_id, documents.text, strict=True))
    told = {}
    for row in voices[voices.speaker_class == "government"].itertuples():
        near = " ".join(texts[row.doc_id][max(a - 60, 0) : b + 40] for a, b in row.source[:1])
        spoken = " ".join([row.speaker or "", near])
        found = {country for country, words in _countries(spoken)}
        told.setdefault((row.doc_id, row.speaker), set()).update(found)
    values = []
    for row in voices.itertuples():
        found = told.get((row.doc_id, row.speaker), set())
        known = row.speaker_class == "government" and len(found) == 1
        values.append(found != {own[0]} if known else None)
    return pd.Series(values, voices.index, "boolean", name="foreign")


def _countries(text):
    """Yield (country, phrase) of the countries and their people that a text names."""
    words = re.findall(r"[\w.'’-]+", text.lower())
    for size in (1, 2, 3):
        for n in range(len(words) - size + 1):
            phrase = " ".join(words[n : n + size])
            if phrase in places():
                yield places()[phrase][0], phrase
