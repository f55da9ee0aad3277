"""Decisions about whole articles: is a code present, by a rule that the codebook states.

The rule is a table of the code, every number with its reason:

    [code.decision]
    indicators = 1    # at least so many of the code's indicators count (left out if it has none)
    sentences = 2     # an indicator counts when at least so many sentences have a cue of it
    share = 0.1       # and at least this share of the article's sentences has a cue of the code
    reason = "…"

`benchmarks/codebook_alone.py` measures how far such decisions agree with coders.
"""

import numpy as np
import pandas as pd

from framebook.framing.codebook import Code, Codebook


def describe_rule(code: Code) -> str | None:
    """Return the rule of a code in words, to print with a figure; None if it states no rule.

    >>> rule = {"sentences": 2, "reason": "One may be chance."}
    >>> describe_rule(Code("flood", "Flood", "Water.", ["flood*"], extra={"decision": rule}))
    'cues in at least 2 sentences'
    """
    rule = code.extra.get("decision")
    if rule is None:
        return None
    n, parts = rule.get("sentences", 1), []
    among = f"in at least {n} sentence{'s' * (n > 1)}"
    if code.indicators:
        m = rule["indicators"]
        parts = [f"at least {m} of {len(code.indicators)} indicators, {'each ' * (m > 1)}{among}"]
    elif "sentences" in rule:
        parts = [f"cues {among}"]
    if "share" in rule:
        parts.append(f"cues in at least {rule['share'] * 100:g}% of the sentences")
    return ", and ".join(parts)


def apply_rules(spans: pd.DataFrame, sentences: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return one row per document and code: does the code's rule call it present?

    Columns doc_id, code (`codebook:code`), n_indicators (that count by the rule), of_indicators,
    n_sentences (with a cue), share (of the document's sentences, 0 to 1), decided (nullable
    Boolean: null where the code states no rule), rule (in words). After the yes/no items of
    Semetko & Valkenburg (2000, doi:10.1111/j.1460-2466.2000.tb02843.x).

    >>> rule = {"sentences": 1, "reason": "Any cue counts."}
    >>> code = Code("flood", "Flood", "Water.", ["flood*"], extra={"decision": rule})
    >>> book = Codebook("mine", "", "", "", "theme", [code])
    >>> sentences = pd.DataFrame({"doc_id": [0, 0]})
    >>> apply_rules(find_in_text("The flood rose.", book), sentences, book).decided.tolist()
    [True]
    """
    size = sentences.groupby("doc_id").size()
    return pd.concat(
        [_decide_code(spans, size, codebook, code) for code in codebook.codes], ignore_index=True
    ).sort_values("doc_id", kind="stable", ignore_index=True)


def _decide_code(spans, size, codebook, code):
    rule = code.extra.get("decision") or {}
    mine = spans.loc[spans.code == f"{codebook.name}:{code.id}", ["doc_id", "sent_id", "rule"]]
    # A pattern of no indicator counts in the share alone, unless the code has no indicators.
    indicator_of = code.indicator_of or dict.fromkeys(code.patterns, "")
    mine["indicator"] = mine.pop("rule").astype(object).map(indicator_of)
    counts = mine.groupby(["doc_id", "indicator"]).sent_id.nunique()
    enough = (counts >= rule.get("sentences", 1)).groupby("doc_id").sum()
    enough = enough.reindex(size.index, fill_value=0).astype("int64")
    n_sentences = mine.groupby("doc_id").sent_id.nunique().reindex(size.index, fill_value=0)
    share = n_sentences / size
    decided = (enough >= rule.get("indicators", 1)) & (share >= rule.get("share", 0))
    return pd.DataFrame(
        {
            "doc_id": size.index,
            "code": f"{codebook.name}:{code.id}",
            "n_indicators": enough if code.indicators else 0,
            "of_indicators": len(code.indicators),
            "n_sentences": n_sentences.astype("int64"),
            "share": share,
            "decided": (decided if rule else decided.map(lambda _: pd.NA)).astype("boolean"),
            "rule": pd.Series(describe_rule(code), size.index, dtype="str"),
        }
    )


def f1_score(codes, decided, without_yes=np.nan):
    """Return F1 of decisions against human codes, 0 to 1; `without_yes` when there is none."""
    said = codes.sum() + decided.sum()
    return float(2 * (codes & decided).sum() / said) if said else without_yes
