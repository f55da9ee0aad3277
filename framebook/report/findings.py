"""What the report's cover says of a corpus: sentences made from cells of the tables.

None is written in advance: each has its place in a fixed order, says what was counted and of
how many, and is left out where there is nothing to count. They are the same for every corpus.
"""

from framebook.framing.cues import label_codes

CLASSES = {
    "government": "governments and officials",
    "legislature_party": "legislatures and parties",
    "judiciary_police": "courts and police",
    "military": "the military",
    "organisation": "organisations",
    "business": "business",
    "expert": "experts",
    "celebrity_sport": "celebrities and sport",
    "citizen": "citizens",
    "media": "media",
    "document": "documents",
    "other": "speakers not classified",
    "unnamed": "sources without a name",
}


def list_findings(sentences, sentiment, spans, voices, segments):
    """Return the findings: dictionaries of text, numbers, page and section (where to look).

    `numbers` has every number of the text by name. The tables need these columns only:
    sentences sent_id; sentiment textblob_polarity, vader_compound; spans sent_id, layer, code;
    voices form, speaker_class; segments sent_id, role.
    """
    n = len(sentences)
    found = [*_of_voices(voices, segments, n), *_of_cues(spans, n), *_of_tone(sentiment, n)]
    return [
        {"text": _fill(text, numbers), "numbers": numbers, "page": page, "section": section}
        for text, numbers, page, section in found
    ]


def _fill(text, numbers):
    for name, value in numbers.items():
        shown = f"{value:,}" if isinstance(value, int) else f"{value:.2f}".replace("-", "−")
        text = text.replace(f"<{name}>", shown)
    return text


def _of_voices(voices, segments, n):
    claims = segments.sent_id[segments.role == "content"].nunique()
    yield (
        "<claims> of <n> sentences hold a claim that the text attributes to someone.",
        {"claims": claims, "n": n},
        "05_voices",
        "Whose words",
    )
    if voices.empty:
        return
    total, classes = len(voices), voices.speaker_class.value_counts().sort_index()
    named = classes.drop("unspecified", errors="ignore")
    if len(named):
        most, numbers = named.idxmax(), {"most": int(named.max()), "total": total}
        text = (
            f"No class of source is given more often than {CLASSES[most]}, in <most> of "
            "<total> attributions"
        )
        if most != "citizen":
            text += "; citizens are in <citizens>"
            numbers["citizens"] = int(classes.get("citizen", 0))
        yield f"{text}.", numbers, "05_voices", "Who speaks"
    yield (
        "<unspecified> of <total> attributions leave the source unspecified; <quoted> hold a "
        "quotation.",
        {
            "unspecified": int(classes.get("unspecified", 0)),
            "total": total,
            "quoted": int((voices.form != "paraphrased").sum()),
        },
        "05_voices",
        "Sources left unspecified",
    )


def _of_cues(spans, n):
    for layer, name in (("frame", "frames"), ("theme", "themes")):
        rows = spans[spans.layer == layer]
        labels = label_codes(rows, layer)
        counts = rows.drop_duplicates(["sent_id", "code"]).code.value_counts()
        counts = counts.reindex(list(labels), fill_value=0)
        if len(counts) > 1 and counts.max() > counts.min():
            yield (
                f"Of the {name}, cues of “{labels[counts.idxmax()]}” stand in most sentences, "
                f"<most> of <n>, and of “{labels[counts.idxmin()]}” in fewest, <least>.",
                {"most": int(counts.max()), "least": int(counts.min()), "n": n},
                "04_framing",
                "How many sentences",
            )


def _of_tone(sentiment, n):
    if n:
        scores = sentiment[["vader_compound", "textblob_polarity"]]
        vader, textblob = (round(float(value), 2) + 0.0 for value in scores.mean())
        yield (
            "The mean tone of the sentences is <vader> by VADER and <textblob> by TextBlob "
            "(−1 to 1); in <apart> of <n> one is above nought and the other below.",
            {
                "vader": vader,
                "textblob": textblob,
                "apart": int((scores.prod(axis=1) < 0).sum()),
                "n": n,
            },
            "03_sentiment",
            "Where the two disagree",
        )
