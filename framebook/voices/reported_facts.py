"""Which attributions report a fact, and which an opinion, a wish, a promise or a question.

By rules over the act, the source and the words of the content; set on the train part of FactAppeal
(Mor-Lan & Sheafer 2025), see `benchmarks/factappeal.py` for how far they agree with annotators.
"""

import re

import pandas as pd

FACTUAL = {"say", "report", "confirm", "claim", "stress"}  # acts that state something
SHORT = 25  # characters: a shorter content is a phrase, such as "a brutal murderer"
PERSONAL = re.compile(r"\b(?:i|i['’](?:m|ve|d|ll)|me)\b", re.IGNORECASE)
VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|will|would|may|might|should"
    r"|must|rose|fell|came|went|left|lost|won|made|took|got|saw|held|gave|found|began|broke|ran"
    r"|\w+ed|\w+s)\b|['’](?:s|re)\b",
    re.IGNORECASE,
)


def reports_fact(documents: pd.DataFrame, voices: pd.DataFrame) -> pd.Series:
    """Return for each row of `voices` whether it reports a fact, true or not (Boolean).

    It does if some source says, reports, confirms, claims or stresses a figure, or a whole clause
    that is not a question and not about the speaker's own self ("I was delighted"). The rest are
    opinions, praise and blame, promises, demands, denials, phrases, and quotations without a
    source.

    >>> from framebook.chain import derive_from
    >>> from framebook.tables import make_documents
    >>> documents = make_documents(["Ada Brook said that 40 houses were lost."])
    >>> reports_fact(documents, derive_from(documents, [], {"voices"})["voices"]).tolist()
    [True]
    """
    texts = dict(zip(documents.doc_id, documents.text, strict=True))
    said = [" ".join(texts[row.doc_id][a:b] for a, b in row.content) for row in voices.itertuples()]
    states = [
        bool(re.search(r"\d", text))
        or len(text) > SHORT
        and "?" not in text
        and not PERSONAL.search(text)
        and bool(VERB.search(text))
        for text in said
    ]
    sourced = voices.speaker_class.astype(str).ne("unspecified")
    return (pd.Series(states, voices.index, bool) & voices.act.isin(FACTUAL) & sourced).rename(
        "reports_fact"
    )
