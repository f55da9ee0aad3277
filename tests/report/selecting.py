"""The explorer's filters once more, with pandas: what a link of the report must open."""

import gzip
import json
import re
from base64 import b64decode
from urllib.parse import parse_qsl

import numpy as np
import pandas as pd
from bs4 import BeautifulSoup

LETTER = r"\w"


def read_data(page):
    """Return what an explorer's page holds."""
    text = BeautifulSoup(page, "html.parser").select_one("#ex-data").string
    return json.loads(gzip.decompress(b64decode(text)))


def read_link(href):
    """Return the filters of a link into the explorer."""
    return dict(parse_qsl(href.partition("#")[2]))


def select(c, filters):
    """Return the numbers of what filters choose: sentences, attributions, cues, articles.

    `c` is a `found.Corpus`. Written from the page's help, not from its script.
    """
    one, voices = dict(filters), c.voices
    kind = one.get("class")
    by_voice = bool(one.get("speaker") or one.get("form") or kind not in (None, "narrator"))
    if one.get("speaker"):
        names = voices.speaker.fillna("(source unspecified)").astype("str")
        exact = names == one["speaker"]
        if not exact.any():
            same = voices.written.astype("str") == one["speaker"]
            exact = names.isin(voices.speaker[same]) & voices.speaker.notna()
        part = names.str.lower().str.contains(one["speaker"].lower(), regex=False)
        voices = voices[exact if exact.any() else part]
    if one.get("form"):
        voices = voices[voices.form == one["form"]]
    if kind == "attributed":
        voices = voices[voices.speaker_class != "unspecified"]
    elif kind == "narrator":
        voices = voices[:0]
    elif kind:
        voices = voices[voices.speaker_class == kind]
    spans = c.spans
    if one.get("code"):
        spans = spans[spans.code == one["code"]]
    if kind == "narrator":
        spans = spans[spans.voice_id.isna() & (not (one.get("speaker") or one.get("form")))]
    elif by_voice:
        spans = spans[spans.voice_id.isin(voices.voice_id)]
    rows = c.sentences
    if one.get("code"):
        rows = rows[rows.sent_id.isin(spans.sent_id)]
    elif kind == "narrator":
        rows = rows[~rows.sent_id.isin(c.voices.sent_id)]
    elif by_voice:
        rows = rows[rows.sent_id.isin(voices.sent_id)]
    documents = c.documents.set_index("doc_id")
    if one.get("outlet"):
        outlet = documents.source.fillna("(no outlet given)").reindex(rows.doc_id).to_numpy()
        rows = rows[outlet == one["outlet"]]
    day = documents.date.dt.strftime("%Y-%m-%d").fillna("").astype("str")
    if one.get("from"):
        rows = rows[day.reindex(rows.doc_id).to_numpy() >= one["from"]]
    if one.get("to"):
        days = day.reindex(rows.doc_id).str.slice(0, len(one["to"])).to_numpy()
        rows = rows[(days <= one["to"]) & (days != "")]
    tone = c.sentiment.set_index("sent_id").reindex(rows.sent_id)
    vader, textblob = tone.vader_compound.to_numpy(), tone.textblob_polarity.to_numpy()
    wanted = {
        "negative": vader < 0,
        "positive": vader > 0,
        "zero": vader == 0,
        "apart": vader * textblob < 0,
    }
    if one.get("tone"):
        rows = rows[wanted[one["tone"]]]
    for term in re.findall(r'"[^"]+"?|[^\s"]+', one.get("q", "")):
        rows = rows[np.array(_has(c, rows, term.replace('"', "").strip()), dtype=bool)]
    chosen = set(rows.sent_id)
    return {
        "sentences": len(rows),
        "attributions": int(voices.sent_id.isin(chosen).sum()),
        "cues": int(spans.sent_id.isin(chosen).sum()),
        "articles": rows.doc_id.nunique(),
    }


def _has(c, rows, words):
    if not re.search(r"[^\W_]", words):
        return pd.Series(True, rows.index)
    pattern = re.escape(words.lower()).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    pattern = pattern.replace("'", "['’]").replace("’", "['’]")
    first = r"(?<!\w)" if re.match(r"\w", words) else ""
    last = r"(?!\w)" if re.search(r"\w$", words) else ""
    found = re.compile(first + pattern + last, re.IGNORECASE)
    texts = dict(zip(c.documents.doc_id, c.documents.text, strict=True))
    return [bool(found.search(texts[row.doc_id][row.start : row.end])) for row in rows.itertuples()]
