"""What is measured by voice: words, cues, tone, and on how few sources the text rests."""

import numpy as np
import pandas as pd

from framebook.sentiment.bulk import score_texts
from framebook.tables import SENTENCE_STRIDE, text_of
from framebook.tokenising.bulk import join_texts

SCORES = ["textblob_polarity", "vader_compound"]


def name_voices(voice_ids: pd.Series, voices: pd.DataFrame, by: str = "speaker_class") -> pd.Series:
    """Return for each voice_id whose words these are, by a column of `voices`; null: narrator.

    `voice_ids` is a column voice_id of spans or segments.

    >>> voices = pd.DataFrame({"voice_id": [5], "speaker_class": ["expert"]})
    >>> name_voices(pd.Series([5, None], dtype="Int64"), voices).tolist()
    ['expert', 'narrator']
    """
    names = voices[by].astype("object").fillna("source unspecified")
    at = pd.Index(voices.voice_id).get_indexer(voice_ids.astype("Int64").fillna(-1))
    return pd.Series(np.append(names, "narrator")[at], voice_ids.index, "object", voice_ids.name)


def count_words(segments, documents):
    """Return the number of words of each segment, as a Series (punctuation aside).

    A word is what `\\w+(?:[-'’.,]\\w+)*` finds in the segment; where segments have a column
    n_words they were counted before, and it is returned.
    """
    if "n_words" in segments:
        return segments.n_words
    joined, offset = join_texts(documents.text.tolist())
    codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
    met = list(map(chr, range(codes.max() + 1)))
    is_word = np.array([c.isalnum() or c == "_" for c in met])[codes]
    is_join = np.array([c in "-'’.," for c in met])[codes]
    begins = is_word.copy()
    begins[1:] &= ~is_word[:-1]
    begins[2:] &= ~(is_join[1:-1] & is_word[:-2])
    of = pd.Index(documents.doc_id).get_indexer(segments.sent_id // SENTENCE_STRIDE)
    first, last = (offset[of] + segments[side].to_numpy() for side in ("start", "end"))
    counts = np.diff(np.flatnonzero(begins).searchsorted([first, last]), axis=0)[0]
    # What stands before a segment is no part of its first word.
    counts += (first < last) & is_word[first] & ~begins[first]
    after = np.minimum(first + 1, last)
    counts += (after < last) & is_join[first] & is_word[after] & ~begins[after]
    return pd.Series(counts, index=segments.index, dtype="int64")


def label_segments(
    documents: pd.DataFrame, segments: pd.DataFrame, voices: pd.DataFrame
) -> pd.DataFrame:
    """Return the segments that contain a word, with n_words and `voice`: whose words these are.

    voice is narrator, attribution phrase, paraphrased, quoted, mixed or source unspecified.

    >>> from framebook.chain import derive_from
    >>> from framebook.tables import make_documents
    >>> documents = make_documents(["“It floods,” said Ada Brook."])
    >>> made = derive_from(documents, [], {"voices"})
    >>> label_segments(documents, made["segments"], made["voices"]).voice.tolist()
    ['quoted', 'attribution phrase']
    """
    form = voices.form.astype("object").mask(
        voices.speaker_class == "unspecified", "source unspecified"
    )
    form = segments.voice_id.map(dict(zip(voices.voice_id, form, strict=True))).astype("object")
    roles = segments.role.astype("object").replace("attribution", "attribution phrase")
    rows = segments.assign(
        n_words=count_words(segments, documents), voice=form.where(roles == "content", roles)
    )
    return rows[rows.n_words > 0]  # a comma alone is nobody's claim


def voice_shares(
    documents: pd.DataFrame, segments: pd.DataFrame, voices: pd.DataFrame
) -> pd.DataFrame:
    """Return whose words the text consists of, one row per value of `label_segments`.

    Columns n_words, share (of all words, 0 to 1; they add up to 1) and n_sentences (with such a
    segment; a sentence may count in several rows).

    >>> from framebook.chain import derive_from
    >>> from framebook.tables import make_documents
    >>> documents = make_documents(["“It floods,” said Ada Brook."])
    >>> made = derive_from(documents, [], {"voices"})
    >>> voice_shares(documents, made["segments"], made["voices"]).share.round(2)["quoted"].item()
    0.4
    """
    grouped = label_segments(documents, segments, voices).groupby("voice")
    shares = pd.DataFrame(
        {"n_words": grouped.n_words.sum(), "n_sentences": grouped.sent_id.nunique()}
    )
    shares = shares.reindex(
        ["narrator", "attribution phrase", "paraphrased", "quoted", "mixed", "source unspecified"],
        fill_value=0,
    )
    shares.insert(1, "share", shares.n_words / max(shares.n_words.sum(), 1))
    return shares.rename_axis("voice")


def cues_by_voice(
    spans: pd.DataFrame, voices: pd.DataFrame, by: str = "speaker_class"
) -> pd.DataFrame:
    """Return counts of cues by code (rows) and by who answers for them (columns).

    The first column is the narrator's; the others are values of `by`, a column of `voices`.

    >>> voices = pd.DataFrame({"voice_id": [5], "speaker_class": ["expert"]})
    >>> spans = pd.DataFrame({"code": "mine:flood", "voice_id": pd.array([5, 5, None], "Int64")})
    >>> cues_by_voice(spans, voices).to_dict("index")
    {'mine:flood': {'narrator': 1, 'expert': 2}}
    """
    who = name_voices(spans.voice_id, voices, by)
    table = pd.crosstab(spans.code, who)
    others = set(table.columns) - {"narrator"}
    order = ["narrator", *sorted(others, key=lambda c: (-table[c].sum(), str(c)))]
    return table.reindex(columns=order, fill_value=0).rename_axis(columns="voice")


def cue_rates(
    documents: pd.DataFrame,
    spans: pd.DataFrame,
    segments: pd.DataFrame,
    voices: pd.DataFrame,
    by: str = "speaker_class",
) -> pd.DataFrame:
    """Return how many of the cues `spans` each voice uses for its length, the longest voice first.

    One row per value of `by` (speaker_class, speaker, or voice_id for single attributions) and for
    the narrator. Columns n_cues, n_words (all its words; attribution phrases are the narrator's,
    who chose them) and per_100_words (null for a voice without words). A name that occurs in
    several articles is one speaker.

    >>> voices = pd.DataFrame({"voice_id": [5], "speaker_class": ["expert"]})
    >>> segments = pd.DataFrame({"role": ["narrator", "content"], "n_words": [10, 20]})
    >>> segments["voice_id"] = spans = pd.array([None, 5], "Int64")
    >>> cue_rates(None, pd.DataFrame({"voice_id": spans}), segments, voices).per_100_words.to_dict()
    {'expert': 5.0, 'narrator': 10.0}
    """
    content = segments.voice_id.where(segments.role == "content")
    n_words = count_words(segments, documents).groupby(name_voices(content, voices, by)).sum()
    table = pd.DataFrame({"n_words": n_words.rename_axis("voice")})
    n_cues = name_voices(spans.voice_id, voices, by).value_counts()
    table.insert(0, "n_cues", n_cues.reindex(table.index, fill_value=0))
    table["per_100_words"] = 100 * table.n_cues / table.n_words.where(table.n_words > 0)
    return table.sort_values("n_words", ascending=False, kind="stable")


def tone_by_voice(
    documents: pd.DataFrame,
    segments: pd.DataFrame,
    voices: pd.DataFrame,
    by: str = "speaker_class",
    minimum: int = 10,
) -> pd.DataFrame:
    """Return the mean tone of what each voice says, without and with its attribution phrase.

    One row per value of `by` (speaker_class or speaker) and for the narrator, who has no phrase.
    Columns n_sentences; textblob_polarity and vader_compound (−1 to 1) of the content alone; each
    again with _with (the phrase left in) and _cut (the effect of the cut, −2 to 2: without minus
    with). All null for a voice of fewer than `minimum` sentences. What one sentence gives to one
    voice is scored as one text. The cut is a choice of specification, not a correction.

    >>> from framebook.chain import derive_from
    >>> from framebook.tables import make_documents
    >>> documents = make_documents(["Ada Brook warned that it is a good day."])
    >>> made = derive_from(documents, [], {"voices"})
    >>> tone = tone_by_voice(documents, made["segments"], made["voices"], minimum=1)
    >>> tone[["vader_compound", "vader_compound_cut"]].round(2).values.tolist()
    [[0.44, 0.24]]
    """
    rows = segments.assign(
        text=pd.Series(text_of(documents, segments), segments.index, "str"),
        voice=name_voices(segments.voice_id, voices, by),
    )
    spoken = rows[(rows.role != "attribution") & rows.text.str.contains(r"\w")]
    texts = _join_texts(spoken).to_frame("text")
    texts["whole"] = _join_texts(rows)
    numbers, once = pd.factorize(pd.concat([texts.text, texts.whole]))  # many have no phrase
    scores = score_texts(once)
    for own, ending in zip(np.split(numbers, 2), ("", "_with"), strict=True):
        for name in SCORES:
            texts[name + ending] = scores[name].to_numpy()[own]
    grouped = texts.drop(columns=["text", "whole"]).groupby("voice")
    table = grouped.mean()
    for name in SCORES:
        table[f"{name}_cut"] = table[name] - table[f"{name}_with"]
    table[grouped.size() < minimum] = np.nan
    table.insert(0, "n_sentences", grouped.size())
    return table.sort_values("n_sentences", ascending=False, kind="stable")


def _join_texts(rows):
    """The texts of one voice in one sentence as one; a tenth of the time of a grouped join."""
    joined = {}
    for *key, text in zip(rows.voice, rows.sent_id, rows.text, strict=True):
        joined[*key] = f"{joined[*key]} {text}" if (*key,) in joined else text
    index = pd.MultiIndex.from_tuples(joined, names=["voice", "sent_id"])
    return pd.Series(list(joined.values()), index, "str").sort_index()


def concentration(voices: pd.DataFrame, by: str = "speaker") -> dict:
    """Return on how few sources the attributions rest, those without a source left out.

    A dictionary: n (attributions with a source), n_sources, most_frequent, share (its, 0 to 1)
    and hhi, the sum of the squared shares: 1 for one source, 1/k for k that speak equally
    often. The index is Hirschman's (1964, jstor.org/stable/1818582), often called Herfindahl's.

    >>> voices = pd.DataFrame({"speaker": ["Brook", "Brook", "Reed"], "speaker_class": "expert"})
    >>> found = concentration(voices)
    >>> found["most_frequent"], round(found["hhi"], 2)
    ('Brook', 0.56)
    """
    counts = voices[by][voices.speaker_class != "unspecified"].value_counts()
    shares = counts / max(counts.sum(), 1)
    return {
        "n": int(counts.sum()),
        "n_sources": len(counts),
        "most_frequent": next(iter(counts.index), None),
        "share": float(shares.max()) if len(counts) else np.nan,
        "hhi": float((shares**2).sum()) if len(counts) else np.nan,
    }
