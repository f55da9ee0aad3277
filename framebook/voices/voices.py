"""Who answers for the claims: the tables `voices`, `segments` and `actors`.

Attributions come from `attribution.py`, speakers from `actors.py`; here they become rows.
"""

from collections.abc import Iterable
from itertools import compress
from operator import is_not
from textwrap import fill

import numpy as np
import pandas as pd

from framebook.framing.codebook import load_codebook
from framebook.framing.matching import TokenIndex, find_hits
from framebook.tables import SCHEMAS, conform
from framebook.voices.attribution import find_sentence_voices
from framebook.voices.kinds import STOPS, Text
from framebook.voices.sentence import Found, Sentence
from framebook.voices.speakers import resolve_speakers
from framebook.voices.turns import find_turns

VOICE_STRIDE = 2**10  # voice_id = sent_id * VOICE_STRIDE + n
SEGMENT_STRIDE = 2**11  # a sentence has at most 2,000 tokens, and no more segments
NARRATOR = ("narrator", None)
OPENERS = {"according", "per", "words", ":"}  # of attributions without a verb


def _form(sentence, content):
    """Return quoted, mixed or paraphrased by the share of quoted words in the content."""
    if not content:
        return "quoted"  # “Venn continued:” and a quotation in the next paragraph
    if not (sentence.quotations and any([True in sentence.quoted[a : b + 1] for a, b in content])):
        return "paraphrased"
    flags = [
        flag
        for a, b in content
        for word, flag in zip(sentence.words[a : b + 1], sentence.quoted[a : b + 1], strict=True)
        if word not in STOPS
    ]
    share = sum(flags) / max(len(flags), 1)
    return "quoted" if share >= 0.9 else "mixed" if share > 0 else "paraphrased"


def _cue_hits(index):
    """Return [(first, last, act)] in positions inside the sentences, and where each begins."""
    codes = load_codebook("reporting-verbs").codes
    code, first, last, _ = find_hits(index, codes)
    order = np.lexsort((-last, first))
    begins = np.searchsorted(index.sent, index.sent[first])
    hits, places, taken = [], [], -1
    for n, a, b, begin in zip(
        *(x[order].tolist() for x in (code, first, last, begins)), strict=True
    ):
        if a > taken:  # the longest of two acts' forms that begin together
            hits.append((a - begin, b - begin, codes[n].id))
            places.append(a)
            taken = b
    return hits, places


def find_voices(documents, sentences, tokens, index=None, classes=None):
    """Return (voices, segments, actors) of the documents; `index` is their TokenIndex, if made.
    `classes` are the SpeakerClasses of a list of the user's own.

    voices: one row an attribution, with its form, act, speaker, speaker_class, and the
    character ranges of source, cue and content. segments: they part each sentence into
    narrator, attribution and content. actors: who is mentioned, with n_mentions.
    """
    hits, places = _cue_hits(index or TokenIndex(tokens))
    text, voices, turns, owners = Text(documents, tokens), [], [], []
    sents, quotes = tokens.sent_id.to_numpy(), text.quotations
    first, past = (sents.searchsorted(sentences.sent_id, side) for side in ("left", "right"))
    # Of each sentence: its tokens, its hits, the quotations that reach into it.
    bounds = (
        first,
        past,
        *np.searchsorted(places, [first, past]),
        quotes[:, 1].searchsorted(first, "right"),
        quotes[:, 0].searchsorted(past),
    )
    quotes = quotes.tolist()
    turns_of = {
        doc_id: found
        for doc_id, whole in zip(documents.doc_id.tolist(), documents.text, strict=True)
        if (found := find_turns(whole))
    }
    rows = sentences[["doc_id", "sent_id", "start", "end"]].itertuples(index=False)
    for row, a, b, hit, hit_past, quote, quote_past in zip(
        rows, *(bound.tolist() for bound in bounds), strict=True
    ):
        words, found = text.words[a:b], []
        turn = _turn_at(turns_of.get(row.doc_id), row) if turns_of else None
        if turn or hit < hit_past or quote < quote_past or not OPENERS.isdisjoint(words):
            sentence = Sentence(
                words,
                text.kinds[a:b],
                [(max(c, a) - a, min(d, b) - a - 1) for c, d in quotes[quote:quote_past]],
            )
            found = find_sentence_voices(sentence, hits[hit:hit_past])
            if turn:
                found = _add_turn(sentence, found, turn, row, text.start[a:b].tolist())
        turns.append(a)
        owner = [NARRATOR]
        if found:
            mine = _voice_rows(
                sentence, found, row, text.start[a:b].tolist(), text.end[a:b].tolist()
            )
            voices += mine
            owner = _owners(sentence, found, [voice["voice_id"] for voice in mine])
            changes = list(compress(range(1, b - a), map(is_not, owner[1:], owner)))
            turns += [a + n for n in changes]
            owner = [owner[n] for n in [0, *changes]]
        owners += owner
    actors = resolve_speakers(documents, sentences, tokens, voices, classes)
    voices = pd.DataFrame({name: [voice[name] for voice in voices] for name in SCHEMAS["voices"]})
    segments = _segments(sentences, text.start, first, np.array(turns, np.int64), owners)
    return conform("voices", voices), conform("segments", segments), conform("actors", actors)


def _turn_at(turns, row):
    """Return the turn in which a sentence begins or ends, or None."""
    for turn in turns or ():
        if turn.start < row.end and row.start < turn.end:
            return turn
    return None


def _add_turn(sentence, found, turn, row, start):
    """Return a sentence's attributions with the turn that it belongs to."""
    if not turn.label:
        for one in found:
            if one.follows:
                one.who = turn.who
        return found
    found = [one for one in found if not one.follows and sentence.words[one.cue[0]] != ":"]
    mark = -1
    if row.start <= turn.start:
        mark = sentence.words.index(":") if ":" in sentence.words else -1
    content = sentence.clause(mark + 1, sentence.size - 1)
    if not content:
        return found
    own = Found("say", None, None, content, follows=True, who=turn.who, verbatim=True)
    if mark > 0:
        last = max(n for n in range(mark) if start[n] < turn.who[1])
        own = Found("say", (mark, mark), (0, last), content, who=turn.who, verbatim=True)
    return [own, *found]


def _voice_rows(sentence, found, row, start, end):
    """Return the rows of a sentence's attributions."""

    def characters(ranges):
        return [[start[a], end[b]] for a, b in ranges]

    return [
        {
            "voice_id": row.sent_id * VOICE_STRIDE + n,
            "doc_id": row.doc_id,
            "sent_id": row.sent_id,
            "parent_id": _parent(found, n, row.sent_id),
            "form": "quoted" if one.verbatim else _form(sentence, one.content),
            "act": one.act,
            "open": one.open_source,
            "follows": one.follows,
            "who": one.who,
            "inside": one.inside,
            "source": characters([one.source] if one.source else []),
            "cue": characters([one.cue] if one.cue else []),
            "content": characters(one.content),
        }
        for n, one in enumerate(found)
    ]


def _parent(found, n, sent_id):
    """Return the voice_id of the smallest content around a cue that is larger than its own.

    Larger, or of the same size and earlier: so no voice can be its own ancestor.
    """
    cue = found[n].cue
    around = [
        k
        for k, other in enumerate(found)
        if k != n
        and cue
        and other.cue
        and any([a <= cue[0] and cue[1] <= b for a, b in other.content])
    ]
    if not around:
        return None
    sizes = [(sum(b - a for a, b in one.content), -k) for k, one in enumerate(found)]
    larger = [(sizes[k][0], k) for k in around if sizes[k] > sizes[n]]
    return sent_id * VOICE_STRIDE + min(larger)[1] if larger else None


def _owners(sentence, found, voice_ids):
    """Return (role, voice_id) of each token of a sentence.

    A token belongs to the smallest content that holds it; source and cue outside any content
    are attribution; the rest is the narrator's.
    """
    size, words = sentence.size, sentence.words
    owner = [NARRATOR] * size  # a tuple is made once for all its tokens: `is` compares them
    order = range(len(found))
    if len(found) > 1:
        order = sorted(order, key=lambda k: -sum([b - a for a, b in found[k].content]))
    own = [("content", voice_id) for voice_id in voice_ids]
    for k in order:
        for a, b in found[k].content:
            owner[a : b + 1] = [own[k]] * (b - a + 1)
    for k in order:
        attribution, one = ("attribution", voice_ids[k]), found[k]
        for span in (one.source, one.cue):
            if span:
                first = span[0] - (span[0] > 0 and words[span[0] - 1] == "by")  # "by officials"
                for n in range(first, span[1] + 1):
                    if owner[n] is own[k] or owner[n][0] != "content":
                        owner[n] = attribution
        after = one.cue[1] + 1 if one.cue else size
        if after < size and words[after] == "that" and owner[after] is NARRATOR:
            owner[after] = attribution
    return owner


def _segments(sentences, start, first, turns, owners):
    """Return the table `segments`; `turns` are the tokens at which each begins.

    They part the sentences (`first` tokens): white space goes with what stands before it.
    """
    row = np.searchsorted(first, turns, side="right") - 1
    begins = np.flatnonzero(turns == first[row])
    start = start[turns]
    end = np.roll(start, -1)
    start[begins], end[begins - 1] = sentences.start, np.roll(sentences.end, 1)
    role, voice_id = zip(*owners, strict=True) if owners else ((), ())
    sent_id = sentences.sent_id.to_numpy()[row]
    return pd.DataFrame(
        {
            "seg_id": sent_id * SEGMENT_STRIDE + np.arange(len(row)) - begins[row],
            "sent_id": sent_id,
            "doc_id": sentences.doc_id.to_numpy()[row],
            "start": start,
            "end": end,
            "role": role,
            "voice_id": voice_id,
        }
    )


def assign_voices(spans, segments):
    """Return the spans with voice_id set to that of the content in which each cue begins."""
    # Segments part the sentences, in the order of the text: the one that a cue is in is the last
    # that begins at it or before.
    rows = spans[["sent_id", "start"]].assign(row=range(len(spans))).sort_values("start")
    own = segments.sort_values("start")[["sent_id", "start", "role", "voice_id"]]
    rows = pd.merge_asof(rows, own, on="start", by="sent_id").sort_values("row")
    voice_ids = rows.voice_id.where(rows.role == "content")
    return conform("spans", spans.assign(voice_id=voice_ids.to_numpy()))


def spell_out(documents: pd.DataFrame, voices: pd.DataFrame) -> pd.DataFrame:
    """Return the table voices with source, cue and content as text and every speaker filled in.

    The pieces of a content that is interrupted are joined by " … "; a null speaker becomes "source
    unspecified".

    >>> from framebook.chain import derive_from
    >>> from framebook.tables import make_documents
    >>> documents = make_documents(["“It floods,” said Ada Brook."])
    >>> spell_out(documents, derive_from(documents, [], {"voices"})["voices"]).cue.tolist()
    ['said']
    """
    texts = dict(zip(documents.doc_id, documents.text, strict=True))
    spelt = voices.assign(speaker=voices.speaker.fillna("source unspecified"))
    for column in ("source", "cue", "content"):
        spelt[column] = [
            " … ".join(texts[doc_id][a:b] for a, b in ranges)
            for doc_id, ranges in zip(voices.doc_id, voices[column], strict=True)
        ]
    return spelt


def describe_voices(texts: Iterable[str]) -> str:
    """Return texts with the attributions that the rules find in each, as plain lines to print.

    >>> print(describe_voices(["“It floods,” said Ada Brook."]))
    “It floods,” said Ada Brook.
        Ada Brook (other), say, quoted: “It floods,”
    """
    from framebook.tables import make_documents
    from framebook.tokenising.bulk import tokenise

    lines = []
    for text in texts:
        documents = make_documents([text])
        found = spell_out(documents, find_voices(documents, *tokenise(documents))[0])
        lines.append(fill(text, 80))
        for row in found.itertuples():
            kind = f" ({row.speaker_class.replace('_', ' ')})".replace(" (unspecified)", "")
            lines.append(
                fill(
                    f"{row.speaker}{kind}, {row.act}, {row.form}: {row.content}",
                    80,
                    initial_indent="    ",
                    subsequent_indent=" " * 6,
                )
            )
        lines += [] if len(found) else ["    no attribution: the narrator’s"]
    return "\n".join(lines)
