"""Whole readings of short texts: who says what, by which words, in which form, and who is in it.

readings.txt has each text and what is read in it, every field of every row, so that no rule can
slip unnoticed. Each reading was looked at and is what a careful reader makes of the text. Where a
rule changes for the better, `python tests/voices/test_readings.py` writes them again, to be read.
"""

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.voices import find_voices

READINGS = Path(__file__).with_name("readings.txt")
MARK = "> "
LONE = re.compile(r"[A-Z][a-z]+")


def tell(texts):
    """Return what is read in each text as lines: its actors, its attributions, its segments."""
    documents = make_documents([text.replace("\\n", "\n") for text in texts])
    tables = find_voices(documents, *tokenise(documents))
    rows = [dict(list(table.groupby("doc_id"))) for table in tables]
    empty = [table[:0] for table in tables]
    return {
        text: spell(whole, *(own.get(n, none) for own, none in zip(rows, empty, strict=True)))
        for n, (text, whole) in enumerate(zip(texts, documents.text, strict=True))
    }


def spell(whole, voices, segments, actors):
    """Return the rows of one text as lines."""
    number = {voice_id: str(n + 1) for n, voice_id in enumerate(voices.voice_id)}
    names = dict(zip(actors.actor_id, actors.name, strict=True))
    kinds = [
        "" if LONE.fullmatch(one.name) and one.kind != "person" else f" ({one.kind})"
        for one in actors.itertuples()
    ]  # what a name without more is, is a guess
    counted = zip(actors.name, kinds, actors.n_mentions, strict=True)
    lines = ["in it: " + "; ".join(f"{name}{kind} {n}" for name, kind, n in counted)]
    for one in voices.itertuples():
        source, cue, content = (
            " / ".join(whole[a:b] for a, b in ranges).replace("\n", "\\n")
            for ranges in (one.source, one.cue, one.content)
        )
        who = "nobody" if pd.isna(one.speaker) else one.speaker
        known = "-" if pd.isna(one.actor_id) else names[one.actor_id]
        inside = "" if pd.isna(one.parent_id) else f", in {number[one.parent_id]}"
        lines.append(
            f"{number[one.voice_id]} {who} ({known}), {one.speaker_class}: {one.act}, {one.form}"
            f"{inside} | {source} | {cue} | {content}"
        )
    pieces = " ".join(
        f"{one.role[0]}{'' if pd.isna(one.voice_id) else number[one.voice_id]} {one.start}-{one.end}"
        for one in segments.itertuples()
    )
    return [*lines, f"pieces: {pieces}"]


@cache
def read():
    """Return {text: its lines}."""
    blocks = READINGS.read_text("utf-8").split("\n" + MARK)
    lines = [block.removeprefix(MARK).rstrip("\n").split("\n") for block in blocks]
    return {first: rest for first, *rest in lines}


@pytest.fixture(scope="module")
def told():
    return tell(list(read()))


@pytest.mark.parametrize("text", read())
def test_a_text_is_read_so(text, told):
    assert told[text] == read()[text]


if __name__ == "__main__":
    told = tell(list(read()))
    READINGS.write_text(
        "".join("\n".join([MARK + text, *told[text], ""]) for text in told), "utf-8"
    )
