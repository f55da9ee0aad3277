"""Sentences drawn at random, spread over the outlets, with their marks and where they come from."""

from hashlib import sha256

import numpy as np
import pandas as pd
from markupsafe import Markup

from framebook.common.text import count_of
from framebook.report.blocks import PARTS, linked
from framebook.visualisation.marked_text import mark

LONGEST = 600  # characters of a sentence that are quoted


def draw(rows, n, salt):
    """Return at most n of the sentences `rows`, drawn at random, from as many outlets as can be.

    `rows` has outlet. The draw depends on `salt` (what the sentences stand for) and on the
    rows, and is the same for the same.
    """
    seed = int.from_bytes(sha256(salt.encode("utf-8", "replace")).digest()[:4], "big")
    mixed = rows.sample(frac=1, random_state=seed)
    turn = mixed.groupby(mixed.outlet.fillna("")).cumcount()
    return mixed.iloc[np.argsort(turn.to_numpy(), kind="stable")[:n]]


def quote(c, sent_ids, n, salt, codes=(), label="", **filters):
    """Return n of these sentences as a list: text with marks, outlet, date, title and speaker.

    Cues are marked only of `codes`. The line above says of what (`label`) and how many were drawn
    from how many, as a link to all by `filters`.
    """
    rows = c.sentences[c.sentences.sent_id.isin(sent_ids)]
    if rows.empty:
        return Markup("")
    drawn = draw(rows, n, salt)
    spread = " over the outlets" * (c.sentences.outlet.nunique() > 1)
    said = Markup("{}{:,} of {}, drawn at random{}.").format(
        Markup("{}: ").format(label) if label else "",
        len(drawn),
        linked(count_of(len(rows), "sentence"), **filters),
        spread,
    )
    return PARTS.quotations([_quote(c, row, codes) for row in drawn.itertuples()], said)


def _quote(c, row, codes):
    article = c.documents.iloc[c.place[row.doc_id]]
    text = article.text[row.start : row.end]
    day = article.date.strftime("%Y-%m-%d") if pd.notna(article.date) else None
    title = next(x for x in (article.title, article.key, article.path) if pd.notna(x))
    where = ", ".join(one for one in (article.source, day, title) if pd.notna(one) and one)
    spans = c.spans.iloc[slice(*c.spans.sent_id.searchsorted([row.sent_id, row.sent_id + 1]))]
    voices = c.voices.iloc[slice(*c.voices.sent_id.searchsorted([row.sent_id, row.sent_id + 1]))]
    spans = spans[spans.code.isin(codes)]
    marks = [
        (a - row.start, b - row.start, "cue", c.labels[code])
        for a, b, code in zip(spans.start, spans.end, spans.code, strict=True)
    ]
    for look, column in (("source", "source"), ("verb", "cue"), ("content", "content")):
        marks += [
            (a - row.start, b - row.start, look, "") for ranges in voices[column] for a, b in ranges
        ]
    who = [
        f"{name} ({c.classes[kind]})" if pd.notna(name) else c.classes[kind]
        for name, kind in zip(voices.speaker, voices.speaker_class, strict=True)
    ]
    said = f"attributed to: {'; '.join(dict.fromkeys(who))}" if who else "nobody is quoted"
    shown = Markup(mark(text[:LONGEST], marks)) + "…" * (len(text) > LONGEST)
    return {"text": shown, "where": f"{where} · {said}"}
