"""Speakers over a whole corpus: which names are one speaker, and who is foreign to a country.

Inside an article `actors.py` joins names. Across articles nobody can know: the table of
`link_speakers` says what would be joined and why, and a reader takes rows out before
`apply_links` joins anything.
"""

import re

import pandas as pd

from framebook.common.errors import InputError
from framebook.voices.actors import fold
from framebook.voices.countries import is_people, places
from framebook.voices.names import (
    BODIES,
    FUNCTION_WORDS,
    MEN,
    NO_PERSON,
    PARTICLES,
    TITLES,
    WOMEN,
)

LINKS = ["name", "joined", "reason", "n_articles"]
SENTENCE_END = re.compile(r"[.!?]\s")
SMALL = {"of", "the", "and", "for", "on", "in", "de", "la", "&"}
ELDERS = {"jr", "sr", "ii", "iii", "iv"}  # a father and a son are two people
FEW = 10  # a surname is one person's where another has it in at most one of so many articles
AMBIGUOUS = {"mr", "mrs", "ms", "miss", "lady", "lord", "sir", "dame"}  # may be a relative


def link_speakers(voices: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """Return which names of speakers in a corpus are the same speaker, one row per name.

    Columns name (as in `voices.speaker`), joined (the name to use), reason, n_articles (in which
    the name speaks). Joined are: names that differ in accents, marks or case only (spelling);
    full names with the same first and last word, unless their middle initials differ; a surname,
    with or without an office, to the only full name with it, or to one found in ten times as many
    articles as all others (two or more); letters (“LRO”) to the only body whose words begin with
    them. All else is left alone. Take rows out to undo a link, then give the rest to
    `apply_links`.

    >>> voices = pd.DataFrame({"speaker": ["Ada Brook", "Ada Brook", "Brook"]})
    >>> voices = voices.assign(actor_id=[1, 2, 3], doc_id=[0, 1, 2])
    >>> actors = pd.DataFrame({"actor_id": [1, 2, 3], "kind": "person"})
    >>> link_speakers(voices, actors).iloc[:, :3].values.tolist()
    [['Brook', 'Ada Brook', 'surname']]
    """
    kinds = actors.set_index("actor_id").kind
    named = voices.dropna(subset=["speaker", "actor_id"])
    named = named.assign(kind=named.actor_id.astype("int64").map(kinds))
    counts = named.groupby(["speaker", "kind"], sort=True).doc_id.nunique().reset_index(name="n")
    counts = counts.sort_values(["n", "speaker"], ascending=[False, True], kind="stable")
    counts = counts.drop_duplicates("speaker")
    spelt, bodies, people, bare = {}, {}, {}, []
    for name, kind, n in counts.itertuples(index=False):
        words = read_person(name) if kind == "person" else []
        spelt.setdefault((kind, fold(name)) if " " in name else name, []).append(name)
        if len(words) > 1:
            people.setdefault((words[0], *words[-1:]), []).append((n, name, words[1:-1]))
        elif words and not (_is_place(words[0]) or words[0] in TITLES | MEN | WOMEN):
            bare.append((name, words[0], n))
        if kind == "organisation" and " " in name:
            bodies.setdefault(_initials(name), []).append(name)
    joined = {one: (first, "spelling") for first, *rest in spelt.values() for one in rest}
    surnames = {}
    for (given, last), forms in people.items():
        for same in _part_by_middle(forms):
            best = min(same, key=lambda form: (-form[0], len(form[1]), form[1]))[1]
            found = sum(n for n, *_ in same)
            if found > 1 or given in MEN | WOMEN:  # else it may be a verb before a surname
                surnames.setdefault(last, []).append((found, best))
            joined |= {name: (best, "first and last name") for _, name, _ in same if name != best}
    for name, last, n in bare:
        (most, best), *others = sorted(surnames.get(last, [(0, "")]), reverse=True)
        if most > 1 and FEW * sum(k for k, _ in others) <= most and n <= FEW * most:
            joined[name] = (best, "surname")
    for name in counts.speaker:
        whole = bodies.get(name, []) if len(name) > 2 and name.isupper() else []
        if len(whole) == 1 and name not in whole[0]:
            joined[name] = (whole[0], "initials")
    sizes = dict(zip(counts.speaker, counts.n, strict=True))
    rows = []
    for name, (target, reason) in joined.items():
        while target in joined and joined[target][0] != name:
            target = joined[target][0]
        rows.append((name, target, reason, sizes[name]))
    links = pd.DataFrame(rows, columns=LINKS)
    return links.sort_values(["n_articles", "name"], ascending=[False, True], ignore_index=True)


def read_person(name):
    """Return the words of a person's name, folded, without offices; [] where it may be no name."""
    if not all(word[:1].isupper() or word.lower() in PARTICLES for word in name.split()):
        return []
    words = [word.strip(".,") for word in fold(name).split()]
    while len(words) > 1 and (words[0] in TITLES or words[0] == "elect"):
        if words[0] in AMBIGUOUS and len(words) == 2:
            return []
        words = words[1:]
    known = _is_place(" ".join(words[:2])) or is_people(words[0])
    odd = known or words[0] in FUNCTION_WORDS or len(words) > 4
    return [] if odd or words[-1] in NO_PERSON | BODIES | ELDERS else words


def _is_place(words):
    return words in places() or is_people(words.removesuffix("s"))


def _part_by_middle(forms):
    """Return the forms of a name by person: those whose middle initials differ are two people."""
    parts, plain, initials = {}, [], {}
    for form in forms:
        initials[form[1]] = "".join(word[0] for word in re.findall(r"\w+", " ".join(form[2])))
    longest = sorted(set(initials.values()), key=lambda one: (-len(one), one))
    for form in forms:
        own = initials[form[1]]
        whole = next(one for one in longest if one.startswith(own))
        (parts.setdefault(whole, []) if own else plain).append(form)
    if len(parts) == 1:
        return [plain + next(iter(parts.values()))]
    return [one for one in (plain, *parts.values()) if one]


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


def find_classes(voices: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """Return the class that a name has in other articles, for each name that somewhere has none.

    A person is classed where an article introduces her (“President Ada Venn”); where she is only
    named she is “other”. One row per full name of a person, or name of a body, that is “other” in
    n_missing articles and has a class in n_articles: name, introduced_as (“government 3, business
    1”, in articles), n_articles, speaker_class (that of more than half of these; else null: it
    stays “other”), n_missing. `apply_classes` fills it in. Join names by `apply_links` first.

    >>> voices = pd.DataFrame({"speaker": "Ada Brook", "actor_id": [1, 2], "doc_id": [0, 1]})
    >>> voices["speaker_class"] = ["government", "other"]
    >>> actors = pd.DataFrame({"actor_id": [1, 2], "kind": "person"})
    >>> find_classes(voices, actors).values.tolist()
    [['Ada Brook', 'government 1', 1, 'government', 1]]
    """
    named = voices.dropna(subset=["speaker", "actor_id"])
    kind = named.actor_id.astype("int64").map(actors.set_index("actor_id").kind)
    full = (kind == "person") & named.speaker.str.contains(" ") | (kind == "organisation")
    named = named[full].astype({"speaker_class": str})
    told = ~named.speaker_class.isin(["other", "unnamed", "unspecified"])
    missing = named[named.speaker_class == "other"].groupby("speaker").doc_id.nunique()
    told &= named.speaker.isin(missing.index)
    counts = named[told].groupby(["speaker", "speaker_class"]).doc_id.nunique()
    counts = counts.sort_values(ascending=False, kind="stable")
    rows = []
    for name, own in counts.groupby(level="speaker"):
        classes = own.droplevel("speaker")
        said = ", ".join(f"{one} {n}" for one, n in classes.items())
        most = classes.index[0] if 2 * classes.iloc[0] > classes.sum() else None
        rows.append((name, said, int(classes.sum()), most, int(missing[name])))
    columns = ["name", "introduced_as", "n_articles", "speaker_class", "n_missing"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["n_missing", "name"], ascending=[False, True], ignore_index=True)


def apply_classes(voices: pd.DataFrame, classes: pd.DataFrame) -> pd.DataFrame:
    """Return the voices with the class that `find_classes` found, where theirs is “other”.

    >>> classes = pd.DataFrame({"name": ["Ada Brook"], "speaker_class": ["government"]})
    >>> voices = pd.DataFrame({"speaker": ["Ada Brook"], "speaker_class": ["other"]})
    >>> apply_classes(voices.assign(actor_id=1), classes).speaker_class.tolist()
    ['government']
    """
    found = dict(classes.dropna(subset=["speaker_class"])[["name", "speaker_class"]].values)
    rows = zip(voices.speaker, voices.speaker_class, voices.actor_id.notna(), strict=True)
    filled = [found.get(name, c) if c == "other" and actor else c for name, c, actor in rows]
    filled = pd.Series(filled, voices.index, object).astype(voices.speaker_class.dtype)
    return voices.assign(speaker_class=filled)


def find_home(name: str | None) -> str | None:
    """Return the country of places.toml that a name means, None for None.

    Raises InputError if there is none of that name.

    >>> find_home("Norway")
    'Norway'
    """
    country, people = places().get((name or "").lower().replace("_", " "), ("", True))
    if name and (people or not country):
        raise InputError(
            f"There is no country {name!r}; name it as in “Norway” or “United States”."
        )
    return country or None


def find_foreign(documents: pd.DataFrame, voices: pd.DataFrame, home: str | None) -> pd.Series:
    """Return for each voice whether a foreign government speaks, seen from the country `home`.

    A Boolean Series: True where the class is government and one other country is named next to
    the speaker (“Norwegian minister”, “President X of Norway”, “Oslo”). Without `home`, False.

    >>> from framebook.chain import derive_from
    >>> from framebook.tables import make_documents
    >>> documents = make_documents(["The Norwegian prime minister said it would rain."])
    >>> voices = derive_from(documents, [], {"voices"})["voices"]
    >>> find_foreign(documents, voices, "Sweden").tolist()
    [True]
    """
    texts, told = dict(zip(documents.doc_id, documents.text, strict=True)), {}
    speakers = list(zip(voices.doc_id, voices.speaker, strict=True))
    ruling = (voices.speaker_class == "government").to_numpy() & (home is not None)
    for row in voices[ruling].itertuples():
        near = [row.speaker or ""]
        for a, b in row.source[:1]:  # of its own sentence
            text = texts[row.doc_id]
            near += [SENTENCE_END.split(text[max(a - 60, 0) : a])[-1], text[a:b]]
            near.append(SENTENCE_END.split(text[b : b + 40])[0])
        found = {country for country, _ in _countries(" ".join(near))}
        told.setdefault((row.doc_id, row.speaker), set()).update(found)
    told = {one: len(found) == 1 and found != {home} for one, found in told.items()}
    foreign = [bool(rules and told[one]) for one, rules in zip(speakers, ruling, strict=True)]
    return pd.Series(foreign, voices.index, "bool", name="foreign")


def _countries(text):
    """Yield (country, phrase) of the countries and their people that a text names."""
    words = re.findall(r"[\w.'’-]+", text.lower())
    for size in (1, 2, 3):
        for n in range(len(words) - size + 1):
            phrase = " ".join(words[n : n + size])
            if phrase in places():
                yield places()[phrase][0], phrase
