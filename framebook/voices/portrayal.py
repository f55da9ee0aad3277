"""How actors are portrayed: what they are called, what they do, what is done to them, and tone.

Nomination, categorisation, activation and passivation are those of van Leeuwen (2008,
doi:10.1093/acprof:oso/9780195323306.001.0001). Only names and nouns count: pronouns are not
followed, and headlines are left out.
"""

import numpy as np
import pandas as pd

from framebook.voices.actors import find_actors
from framebook.voices.names import ACTOR_STRIDE
from framebook.voices.roles import Clause

STRIDE = 2**32  # more than the characters of any document
COLUMNS = [
    "actor_id",
    "name",
    "kind",
    "doc_id",
    "sent_id",
    "start",
    "end",
    "form",
    "title",
    "modifiers",
    "role",
    "verb",
]


def find_portrayals(
    documents: pd.DataFrame, sentences: pd.DataFrame, tokens: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per mention of an actor, in order of the actors.

    Columns actor_id and name (as in the table `actors`), kind, doc_id, sent_id, start, end, form
    (as written), title and modifiers (words before it, or ""), role (doer: subject of an active
    verb or agent of a passive; done_to: object or subject of a passive; else "") and verb.

    >>> from framebook.tables import make_documents
    >>> from framebook.tokenising import tokenise
    >>> documents = make_documents(["Ada Brook praised the crew."])
    >>> mentions = find_portrayals(documents, *tokenise(documents))
    >>> mentions[["name", "role", "verb"]].values.tolist()[0]
    ['Ada Brook', 'doer', 'praised']
    """
    surface, sents = tokens.word.astype("object").to_numpy(), tokens.sent_id.to_numpy()

    starts = sents // ACTOR_STRIDE * STRIDE + tokens.start.to_numpy()
    rows, clauses = [], {}
    for doc_id, text, actors in find_actors(documents, sentences, tokens):
        named = [(n, actor, one) for n, actor in enumerate(actors) for one in actor.mentions]
        bounds = np.array([(one.start, one.end) for _, _, one in named]).reshape(-1, 2)
        places = starts.searchsorted(doc_id * STRIDE + bounds) - [0, 1]
        for (n, actor, one), (a, b) in zip(named, places.tolist(), strict=True):
            sent_id = sents[a]
            if sent_id not in clauses:
                at, end = (sents.searchsorted(sent_id, side) for side in ("left", "right"))
                clauses[sent_id] = at, Clause(surface[at:end].tolist())
            at, clause = clauses[sent_id]
            role, verb = clause.role(a - at, b - at)
            rows.append(
                (
                    doc_id * ACTOR_STRIDE + n,
                    actor.name,
                    actor.kind,
                    doc_id,
                    sent_id,
                    one.start,
                    one.end,
                    text[one.start : one.end],
                    " ".join(one.title),
                    " ".join(clause.modifiers(a - at)),
                    role or "",
                    clause.words[verb] if role else "",
                )
            )
    numbers = dict.fromkeys(["actor_id", "doc_id", "sent_id", "start", "end"], "int64")
    return pd.DataFrame(rows, columns=COLUMNS).astype(numbers)


def summarise_actors(mentions: pd.DataFrame, by: str = "name") -> pd.DataFrame:
    """Return how each actor is portrayed, the most mentioned first, of `find_portrayals`.

    One row per value of `by` (name, or actor_id to keep articles apart). Columns n_mentions,
    n_doer, n_done_to; and as text, the most frequent first with counts, forms, does (the verbs as
    doer), suffers (those as done to), modifiers and titles.

    >>> from framebook.tables import make_documents
    >>> from framebook.tokenising import tokenise
    >>> documents = make_documents(["Ada Brook praised the crew."])
    >>> summarise_actors(find_portrayals(documents, *tokenise(documents))).does["Ada Brook"]
    'praised 1'
    """
    grouped = mentions.groupby(by, sort=False)
    table = pd.DataFrame({"n_mentions": grouped.size()})
    roles = {"does": "doer", "suffers": "done_to"}
    for role in roles.values():
        table[f"n_{role}"] = grouped.role.agg(lambda values, role=role: (values == role).sum())
    said = {
        "forms": mentions.form,
        **{name: mentions.verb.where(mentions.role == role, "") for name, role in roles.items()},
        "modifiers": mentions.modifiers,
        "titles": mentions.title,
    }
    for name, texts in said.items():
        table[name] = _count(texts, mentions[by]).reindex(table.index, fill_value="")
    return table.sort_values("n_mentions", ascending=False, kind="stable")


def _count(texts, names):
    """Return by name "the mayor 3, Venn 2" of texts, empty ones left out."""
    kept = texts[texts != ""]
    counts = kept.groupby([names, kept], sort=False).size()
    counts = counts.sort_values(ascending=False, kind="stable")
    listed = {}
    for (name, text), n in counts.items():
        listed.setdefault(name, []).append(f"{text} {n}")
    return pd.Series({name: ", ".join(parts) for name, parts in listed.items()}, dtype="str")
