"""How a text speaks of an actor: the words of tone near each mention, weighted by where they are.

The tone of a sentence is not the tone towards somebody in it. Here the words of `sentiment/tone.py`
count by five rules: the nearer to the mention the more; what follows it (what the actor is and
does) more than what precedes it; what another clause says little; what the actor says of others
little; an adjective of its own twice. No parser, no training: the weights were set on the train
part of NewsMTSC (Hamborg & Donnay 2021, doi:10.18653/v1/2021.eacl-main.142), see
`benchmarks/targets.py` for how far the result agrees with readers.
"""

import math
import re

import pandas as pd

from framebook.sentiment.tone import find_toned_words
from framebook.tables import text_of
from framebook.voices.roles import reporting_verbs

NEAR = 10  # words after which a word counts e times less
AFTER = 1.7  # weight of what follows the mention
ELSEWHERE = 0.3  # weight of a word beyond a mark, or in what the actor says
OWN = 2  # weight of an adjective directly before the mention
FAVOURABLE, UNFAVOURABLE = 0.25, -0.45  # sums from which a mention is called so
COLUMNS = ["tone", "score", "evidence", "evidence_start", "evidence_end"]
MARK = re.compile(r"[.,;:!?()—–]")


def tone_towards(
    mentions: pd.DataFrame,
    documents: pd.DataFrame,
    sentences: pd.DataFrame,
    segments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the tone of the text towards each mention of an actor, with its evidence.

    `mentions` are rows of `find_portrayals`, such as those of one name. Columns actor_id, name,
    doc_id, sent_id, start, end (the mention), tone ("favourable", "unfavourable", "mixed", or
    "not told" where no word of tone is near), score (the weighed sum, 0 where nothing is told),
    evidence (the words that count most, with what each adds), evidence_start and evidence_end
    (characters, the span from the first of these words to the last; null where nothing is told).
    With `segments` also voice_id: whose words they are (null: the narrator's). It is a reading of
    single sentences by a word list: irony, and what a reader knows of the actor, are not in it.

    >>> from framebook.tables import make_documents
    >>> from framebook.tokenising import tokenise
    >>> documents = make_documents(["Ada Brook is a corrupt liar."])
    >>> sentences, tokens = tokenise(documents)
    >>> mentions = find_portrayals(documents, sentences, tokens)
    >>> tone_towards(mentions, documents, sentences).tone.tolist()
    ['unfavourable']
    """
    rows = sentences.set_index("sent_id")
    texts = dict(zip(sentences.sent_id, text_of(documents, sentences), strict=True))
    told = []
    for one in mentions.itertuples():
        begin, text = rows.start[one.sent_id], texts[one.sent_id]
        place = one.start - begin, one.end - begin
        said = _says(text, *place, one.role, one.verb)
        told.append(_tell(weigh_words(text, *place, said, len(one.modifiers)), begin))
    keys = ["actor_id", "name", "doc_id", "sent_id", "start", "end"]
    table = mentions[keys].reset_index(drop=True).join(pd.DataFrame(told, columns=COLUMNS))
    spans = {name: "Int64" for name in COLUMNS[3:]}
    table = table.astype({"tone": "str", "score": float, "evidence": "str", **spans})
    if segments is None:
        return table
    order = table.reset_index().sort_values("start")
    placed = pd.merge_asof(
        order,
        segments.sort_values("start")[["sent_id", "start", "voice_id"]],
        on="start",
        by="sent_id",
    )
    return placed.sort_values("index").drop(columns="index").reset_index(drop=True)


def weigh_words(
    text: str, start: int, end: int, said: str = "", modifiers: int = 0
) -> list[tuple[int, int, str, float]]:
    """Return (start, end, word, score) of the words of tone, weighed for the target at start:end.

    `said` is "after" or "before" where what follows or precedes the target is what it says;
    `modifiers` is the length of the adjectives directly before it, in characters.

    >>> [(word, round(score, 1)) for *_, word, score in weigh_words("A brave mayor resigned.", 8, 13)]
    [('brave', 1.9), ('resigned', -1.9)]
    """
    weighed = []
    for first, last, word, score in find_toned_words(text):
        if first < end and last > start:
            continue  # a word of the mention itself
        follows = first >= end
        between = text[end:first] if follows else text[last:start]
        weight = math.exp(-(1 + len(between.split())) / NEAR) * (AFTER if follows else 1)
        if MARK.search(between):
            weight *= ELSEWHERE
        if said == ("after" if follows else "before"):
            weight *= ELSEWHERE
        if not follows and modifiers and start - first <= modifiers + 1:
            weight *= OWN
        weighed.append((first, last, word, score * weight))
    return weighed


def name_tone(score: float) -> str:
    """Return "favourable", "unfavourable" or "mixed" for a sum of `weigh_words`."""
    if score > FAVOURABLE:
        return "favourable"
    return "unfavourable" if score < UNFAVOURABLE else "mixed"


def _says(text, start, end, role, verb):
    """Return "after" or "before" where the mention is the subject of a reporting verb, else ""."""
    if role != "doer" or verb not in reporting_verbs():
        return ""
    return "after" if re.search(rf"\b{re.escape(verb)}\b", text[end:].lower()) else "before"


def _tell(weighed, begin):
    """Return a row of COLUMNS for the weighed words of a mention."""
    counted = [one for one in weighed if abs(one[3]) >= 0.05]
    if not counted:
        return "not told", 0.0, "", None, None
    score = sum(one[3] for one in counted)
    most = sorted(sorted(counted, key=lambda one: -abs(one[3]))[:3])
    evidence = ", ".join(f"{word} {value:+.2f}" for _, _, word, value in most)
    span = begin + most[0][0], begin + max(one[1] for one in most)
    return name_tone(score), score, evidence, *span
