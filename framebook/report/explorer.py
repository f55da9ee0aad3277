"""The explorer: one page with every sentence of a corpus, its cues and its speakers.

The page holds its data, compressed, and one script of ours; it asks for nothing else. What it
shows is written after "#" in its address, so that a selection can be linked to and cited.
"""

import gzip
import json
import os
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from markupsafe import Markup

from framebook import STATIC
from framebook.chain import load_codebooks
from framebook.common.text import frame_page, hash_for_policy
from framebook.loading.articles import find_path
from framebook.report.found import Corpus
from framebook.report.pages import make_page
from framebook.report.quotations import quote
from framebook.report.template import FOLDER
from framebook.scaling import make_tables
from framebook.tables import ACTS, VOCABULARIES, text_of

MOST_ARTICLES, MOST_CHARACTERS = 5_000, 18_000_000  # that the page holds
NO_OUTLET, NO_SOURCE = "(no outlet given)", "(source unspecified)"
LOOKS = ["source", "cue", "content"]
COLUMNS = {
    "documents": ["doc_id", "key", "title", "source", "date", "text", "path"],
    "sentences": ["sent_id", "doc_id", "paragraph", "start", "end"],
    "sentiment": ["sent_id", "vader_compound", "textblob_polarity"],
    "spans": ["sent_id", "start", "end", "code", "voice_id"],
    "voices": ["voice_id", "sent_id", "form", "act", "speaker", "speaker_class", *LOOKS],
}


def take_sample(documents, seed=1):
    """Return the articles that the page can hold: all, or a random sample in corpus order."""
    sizes = documents.text.str.len()
    if len(documents) <= MOST_ARTICLES and sizes.sum() <= MOST_CHARACTERS:
        return documents
    drawn = documents.sample(min(len(documents), MOST_ARTICLES), random_state=seed)
    fits = sizes[drawn.index].cumsum().to_numpy() <= MOST_CHARACTERS
    return drawn[fits | (np.arange(len(drawn)) == 0)].sort_index()


def pack(found, codes, classes):
    """Return what the page holds of the tables `found`: columns as lists, places as steps.

    `found` has the tables of COLUMNS and `also_written` (other forms by name); `codes` lists (id, label, codebook) and `classes` is
    {class: label}. Places are counted from the beginning of their sentence in UTF-16 units, as a
    browser counts them.
    """
    documents, sentences = found["documents"], found["sentences"]
    sentences = sentences[sentences.doc_id.isin(documents.doc_id)]
    place = _Places(text_of(documents, sentences), sentences)
    tone = found["sentiment"].set_index("sent_id").reindex(sentences.sent_id)
    voices, voice_ids = _pack_voices(found["voices"], place, list(classes))
    also = dict(found["also_written"])
    paragraph = sentences.paragraph.to_numpy()
    return {
        "articles": _pack_articles(documents, sentences),
        "outlets": _list_outlets(documents),
        "codes": [dict(zip(("id", "label", "book"), one, strict=True)) for one in codes],
        "classes": [{"id": name, "label": label} for name, label in classes.items()],
        "forms": VOCABULARIES["form"],
        "acts": ACTS,
        "also": [also.get(name, "") for name in voices["speakers"]] if also else [],
        "speakers": voices.pop("speakers"),
        "sentences": {
            "text": place.texts,
            "breaks": (np.diff(paragraph, prepend=-1) != 0).astype(int).tolist(),
            "vader": (10_000 * tone.vader_compound).round().astype(int).tolist(),
            "textblob": np.sign(tone.textblob_polarity).astype(int).tolist(),
        },
        "voices": voices,
        "cues": _pack_cues(found["spans"], place, [code for code, *_ in codes], voice_ids),
    }


class _Places:
    """Where characters of the documents are in the page: (sentence, UTF-16 units into it)."""

    def __init__(self, texts, sentences):
        self.texts = texts
        self.row = pd.Index(sentences.sent_id)
        self.start = sentences.start.to_numpy()
        self.wide = {n for n, text in enumerate(texts) if text and max(text) > "\uffff"}

    def of(self, sent_ids):
        """Return the number of each sentence, −1 for one that is not on the page."""
        return self.row.get_indexer(sent_ids)

    def within(self, rows, places):
        """Return the places (an array) in the sentences `rows`, never outside them."""
        places = np.asarray(places, dtype=np.int64) - self.start[rows]
        if not self.wide:
            return places
        return np.array(
            [
                place + sum(map("\uffff".__lt__, self.texts[row][: max(place, 0)]))
                if row in self.wide
                else place
                for row, place in zip(rows.tolist(), places.tolist(), strict=True)
            ],
            dtype=np.int64,
        )


def _steps(rows):
    """Return ascending numbers as their differences, which compress to a third."""
    return np.diff(rows, prepend=0).tolist()


def _list_outlets(documents):
    return sorted(documents.source.fillna(NO_OUTLET).unique())


def _pack_articles(documents, sentences):
    outlets = _list_outlets(documents)
    sizes = sentences.groupby("doc_id").size().reindex(documents.doc_id, fill_value=0)
    key = documents.key.fillna(documents.path)
    return {
        "outlet": pd.Index(outlets).get_indexer(documents.source.fillna(NO_OUTLET)).tolist(),
        "date": documents.date.dt.strftime("%Y-%m-%d").fillna("").tolist(),
        "title": documents.title.fillna("").tolist(),
        "key": key.tolist(),
        "n": sizes.tolist(),
    }


def _pack_voices(voices, place, classes):
    """Return (the voices as columns with their `speakers`, their ids in that order)."""
    rows = place.of(voices.sent_id)
    voices = voices.assign(row=rows)[rows >= 0].sort_values("row", kind="stable")
    speakers, names = pd.factorize(voices.speaker.fillna(NO_SOURCE), sort=True)
    kinds = {name: VOCABULARIES[name] for name in ("form", "act")}
    marks = [[] for _ in range(len(voices))]
    rows = voices.row.to_numpy()
    for look, column in enumerate(LOOKS):
        own = [(n, *pair) for n, pairs in enumerate(voices[column]) for pair in pairs]
        if own:
            which, starts, ends = np.array(own).T
            at = rows[which]
            places = zip(
                which.tolist(),
                place.within(at, starts).tolist(),
                place.within(at, ends).tolist(),
                strict=True,
            )
            for n, start, end in places:
                if end > 0:  # what lies in another sentence is not marked in this one
                    marks[n].append([look, max(start, 0), end])
    return {
        "sentence": _steps(rows),
        "speaker": speakers.tolist(),
        "class": pd.Index(classes).get_indexer(voices.speaker_class).tolist(),
        **{
            name: pd.Index(words).get_indexer(voices[name]).tolist()
            for name, words in kinds.items()
        },
        "marks": marks,
        "speakers": names.tolist(),
    }, pd.Index(voices.voice_id)


def _pack_cues(spans, place, codes, voice_ids):
    rows = place.of(spans.sent_id)
    code = pd.Index(codes).get_indexer(spans.code)
    known = (rows >= 0) & (code >= 0)
    spans = spans.assign(row=rows, number=code)[known].sort_values(["row", "start"], kind="stable")
    rows = spans.row.to_numpy()
    start, end = (place.within(rows, spans[side]) for side in ("start", "end"))
    return {
        "sentence": _steps(rows),
        "start": start.tolist(),
        "length": (end - start).tolist(),
        "code": spans.number.tolist(),
        "voice": voice_ids.get_indexer(spans.voice_id.fillna(-1).astype("int64")).tolist(),
    }


def compress(data):
    """Return the data of a page as text: JSON, compressed, in base64; the same for the same."""
    packed = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return b64encode(gzip.compress(packed.encode("utf-8", "replace"), 7, mtime=0)).decode()


def read_script():
    """Return (the script of the page, its hash as a content security policy names it)."""
    script = (FOLDER / "explorer.js").read_text(encoding="utf-8")
    return script, hash_for_policy(script)


def explorer_parts(c):
    """Return what explorer.html.j2 needs for a corpus (`found.Corpus`)."""
    documents, sampled = take_sample(c.documents), ""
    if len(documents) < len(c.documents):
        sampled = (
            f"this page has {len(documents):,} of the {len(c.documents):,} articles, drawn at "
            "random; the other pages count all of them. The rest is in evidence.csv and tables."
        )
    found = {name: getattr(c, name) for name in [*COLUMNS, "also_written"]}
    found |= {"documents": documents}
    script, policy = read_script()
    return {
        "data": compress(pack(found, c.codes.to_numpy().tolist(), c.classes)),
        "script": Markup(script),
        "policy": policy,
        "sampled": sampled,
        "drawn": quote(c, c.measures.index, 20, "explorer", list(c.labels)),
    }


def explore(corpus: str = "seeds", tables: str = "", codebooks: Sequence[str] = ()) -> None:
    """Display the explorer of a corpus in a notebook; in a page being made, drawn sentences.

    It is read from the folder `tables` (made by `framebook tables`) if one is given, otherwise made
    from the articles. Raises InputError when these cannot be read.

    >>> explore("seeds/teaching")
    <IPython.core.display.HTML object>
    """
    from IPython.display import HTML, display

    with TemporaryDirectory() as place:
        if not tables:
            make_tables(corpus, Path(place, "tables"), codebooks=codebooks)
        folder = Path(tables or Path(place, "tables"))
        c = Corpus(folder.parent, Path(corpus).name, load_codebooks(codebooks, find_path(corpus)))
    parts = explorer_parts(c)
    if STATIC in os.environ:
        display(HTML(str(parts["drawn"])))
        return
    page = make_page("explorer", c.name, [], "Explorer", explorer=parts)
    display(HTML(frame_page("Explorer", page)))
