"""What a specification measures: tone and cues by sentence, under every option at once.

The options are listed in specifications.toml, each with its reason.
"""

import tomllib
from dataclasses import replace
from pathlib import Path

import pandas as pd

from framebook.common.errors import InputError
from framebook.common.resampling import cluster
from framebook.framing.codebook import load_codebook
from framebook.framing.cues import find_cues
from framebook.sentiment.bulk import score_texts
from framebook.sentiment.tone import score_tone
from framebook.tables import text_of
from framebook.voices.by_voice import count_words
from framebook.voices.voices import assign_voices

# {"tone" or "cues": {choice: {option: reason}}}
CHOICES = tomllib.loads(Path(__file__).with_name("specifications.toml").read_text("utf-8"))
CHOSEN = ["lexicon", "codebook", "attribution phrase"]  # choices that pick rows


def _facts(documents, loading, sentences, tokens, segments, sides):
    """Return (article, negated and side of each sentence by sent_id; the rules they make)."""
    rhetoric = load_codebook("rhetoric")
    negation = replace(rhetoric, codes=[c for c in rhetoric.codes if c.id == "negation"])
    sources = sentences.doc_id.map(dict(zip(documents.doc_id, documents.source, strict=True)))
    facts = pd.DataFrame(
        {
            "article": cluster(sentences, loading).to_numpy(),
            "negated": sentences.sent_id.isin(find_cues(tokens, [negation]).sent_id).to_numpy(),
            "side": sources.to_numpy(object) if len(sides) > 1 else sides[0],
        },
        index=sentences.sent_id,
    )
    return facts, _rules(
        ("unit", "article", facts.article.nunique() < 2, "there is one article"),
        ("negation", "left out", not facts.negated.any(), "no sentence has a negation"),
        (
            "attribution phrase",
            "cut",
            "attribution" not in set(segments.role),
            "no attribution phrase was found",
        ),
    )


def _rules(*known):
    return [({choice: option}, reason) for choice, option, holds, reason in known if holds]


def _sides(compare):
    sides = [side.strip() for side in compare.split("|")] if compare else ["all"]
    sides = ["narrator", "content"] if sides == ["voices"] else sides
    if len(set(sides)) != len(sides) or compare and len(sides) != 2 or "" in sides:
        raise InputError(f"What is compared is {compare!r}; write two sources as “A | B”.")
    return sides


def _conform(rows, facts, sides):
    """Return the rows with the facts of their sentences, those of other sides left out."""
    rows = rows.join(facts.drop(columns=rows.columns, errors="ignore"), on="sent_id")
    kinds = {name: "category" for name in CHOSEN if name in rows}  # compared 250 times
    return rows[rows.side.isin(sides)].astype(kinds | {"side": pd.CategoricalDtype(sides)})


def measure_tone(
    documents: pd.DataFrame,
    loading: pd.DataFrame,
    sentences: pd.DataFrame,
    tokens: pd.DataFrame,
    segments: pd.DataFrame,
    compare: str = "",
) -> tuple[pd.DataFrame, list[tuple]]:
    """Return (rows, rules): what `take_sentences` chooses from, and this corpus's rules.

    `compare` is "" for all sentences, "voices" for the narrator minus what is attributed, or
    "A | B" for one outlet minus another; what a sentence gives to one side is scored as one text.
    Columns sent_id, article (near-duplicates as one), side, negated, attribution phrase, n_words,
    lexicon and value (the tone, −1 to 1). Raises InputError for another `compare`.

    >>> from framebook.chain import get_tables
    >>> names = "documents", "loading", "sentences", "tokens", "segments"
    >>> rows, rules = measure_tone(*get_tables("seeds/teaching", "", *names))
    >>> sorted(rows.lexicon.unique())
    ['TextBlob', 'VADER', 'news-tone']
    """
    voices, sides = compare == "voices", _sides(compare)
    facts, rules = _facts(documents, loading, sentences, tokens, segments, sides)
    parts = segments.assign(
        text=text_of(documents, segments), n_words=count_words(segments, documents)
    )
    rows = []
    for phrase, owner in {"left in": "content", "cut": None, "narrator’s": "narrator"}.items():
        role = parts.role.astype("object").mask(parts.role == "attribution", owner)
        side = role if voices else parts.sent_id.map(facts.side).where(role.notna())
        texts = parts.groupby(["sent_id", side.rename("side")])[["text", "n_words"]].sum()
        rows.append(texts.reset_index().assign(**{"attribution phrase": phrase}))
    rows = pd.concat(rows, ignore_index=True).query("n_words > 0")
    number, texts = pd.factorize(rows.text)
    scores = score_texts(texts)
    values = {
        "VADER": scores.vader_compound,
        "TextBlob": scores.textblob_polarity,
        "news-tone": score_tone(texts),
    }
    rows = pd.concat(
        [
            rows.assign(lexicon=lexicon, value=value.to_numpy()[number])
            for lexicon, value in values.items()
        ]
    )
    rules += _rules(("attribution phrase", "narrator’s", not voices, "no voices are compared"))
    return _conform(rows.drop(columns="text"), facts, sides), rules


def measure_cues(
    documents: pd.DataFrame,
    loading: pd.DataFrame,
    sentences: pd.DataFrame,
    tokens: pd.DataFrame,
    segments: pd.DataFrame,
    code: str,
    own: str = "",
    compare: str = "",
) -> tuple[pd.DataFrame, list[tuple]]:
    """Return (rows, rules) as `measure_tone`, value being the number of a code's cues.

    `code` is `codebook:id`, `own` another codebook's file or name, `compare` "" or "A | B". The
    column codebook replaces lexicon; a codebook that lacks the code has no rows. The busiest
    pattern has the most cues here. Raises InputError for an unknown code.

    >>> from framebook.chain import get_tables
    >>> names = "documents", "loading", "sentences", "tokens", "segments"
    >>> tables = get_tables("seeds/teaching", "", *names)
    >>> measure_cues(*tables, "generic-news-frames:conflict")[0].codebook.unique().tolist()
    ['as given', 'no exclusions', 'busiest pattern off']
    """
    sides = _sides(compare)
    facts, rules = _facts(documents, loading, sentences, tokens, segments, sides)
    name, _, code_id = code.rpartition(":")
    book = load_codebook(name)
    given = next((c for c in book.codes if c.id == code_id), None)
    if given is None:
        raise InputError(
            f"The codebook {name} has no code {code_id!r}; "
            f"use one of: {', '.join(c.id for c in book.codes)}."
        )
    busiest = find_cues(tokens, [replace(book, codes=[given])]).rule.mode().head(1).tolist()
    fewer = [pattern for pattern in given.patterns if pattern not in busiest]
    variants = {
        "as given": [given],
        "no exclusions": [replace(given, exclude=[])],
        "busiest pattern off": [replace(given, patterns=fewer)] if fewer else [],
        "own": [c for c in (load_codebook(own).codes if own else []) if c.id == code_id],
    }
    # `assign_voices` looks at contents only; here it shall look at attribution phrases.
    is_phrase = segments.role == "attribution"
    phrases = segments.assign(role=is_phrase.map({True: "content", False: "narrator"}))
    rows = []
    for variant, codes in variants.items():
        spans = assign_voices(find_cues(tokens, [replace(book, codes=codes)]), phrases)
        for phrase in ("left in", "cut") if codes else ():
            kept = spans if phrase == "left in" else spans[spans.voice_id.isna()]
            n_cues = sentences.sent_id.map(kept.sent_id.value_counts()).fillna(0)
            rows.append(
                sentences[["sent_id", "n_words"]].assign(
                    codebook=variant, value=n_cues, **{"attribution phrase": phrase}
                )
            )
    rules += _rules(
        ("codebook", "no exclusions", not given.exclude, "there are no exclusions"),
        ("codebook", "busiest pattern off", not busiest, "no pattern found a cue"),
        ("codebook", "own", not own, "no other codebook was given"),
    )
    return _conform(pd.concat(rows, ignore_index=True), facts, sides), rules


def take_sentences(rows: pd.DataFrame, specification: dict[str, str]) -> pd.DataFrame:
    """Return the rows that one specification measures; value is a tone, or 0 or 1 for cues.

    `rows` as from `measure_tone` or `measure_cues`. Raises InputError when the codebook of the
    specification lacks the code.

    >>> rows = pd.DataFrame({"value": [0.0, 0.5], "negated": [False, False]})
    >>> take_sentences(rows, {"negation": "counted", "zeros": "left out"}).value.tolist()
    [0.5]
    """
    one = specification
    if len(rows) and "codebook" in rows and one["codebook"] not in rows.codebook.unique():
        raise InputError(f"the codebook “{one['codebook']}” has no such code, or no pattern for it")
    for choice in rows.columns.intersection(CHOSEN):
        rows = rows[rows[choice] == one[choice]]
    left_out = rows.negated & (one["negation"] == "left out")
    if "threshold" in one:
        enough = rows.value >= (1 if one["threshold"] == "one cue" else 2)
        return rows.assign(value=(enough & ~left_out).astype(float))
    return rows[~left_out & ((rows.value != 0) | (one["zeros"] == "counted"))]
