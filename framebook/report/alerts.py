"""What a reader should distrust in a corpus before any result: said first, on the cover."""

import numpy as np
import pandas as pd
from markupsafe import Markup

from framebook.common.resampling import MIN_TO_RESAMPLE
from framebook.common.text import count_of
from framebook.report.blocks import linked, n_of, percent
from framebook.report.found import REPEATED, read_columns
from framebook.tables import SENTENCE_STRIDE, text_of

CROWDED = 15  # times per article from which a pair of words is taken for boilerplate
MANY = 0.2  # share of attributions lacking something from which it is an alert
NAMED = 3  # examples that an alert gives
POOR = 0.67  # F1 below which a measure has failed its validation


def list_alerts(c):
    """Return the alerts of a corpus as pieces of Markup, the gravest first."""
    finders = _failed, _few, _rejected, _missing, _cases, _attributions, _sentences, _pairs, _copies
    return [alert for find in finders for alert in find(c)]


def has_failed(card):
    """Return whether a measure agreed too little with the human codes to be reported."""
    return card.current and card.f1[0] is not None and card.f1[0] < POOR


def _say(head, *parts):
    return Markup("<strong>{}</strong> {}").format(head, Markup(" ").join(parts))


def _failed(c):
    for card in filter(has_failed, c.cards):
        said = f"F1 against the human codes is {card.f1[0]:.2f}, below {POOR}: do not report this "
        yield _say(f"The cues of “{card.label}” failed validation.", f"{said}measure as it is.")


def _few(c):
    articles = c.sentences.article.nunique()
    if 1 < articles < MIN_TO_RESAMPLE:
        said = f"Fewer than {MIN_TO_RESAMPLE} say too little about others: there are counts and no intervals."
        yield _say(f"Only {count_of(articles, 'article')}.", said)


def _rejected(c):
    rejected = c.loading[~c.loading.status.isin(["read", "repaired"])]
    if n := len(rejected):
        reasons = rejected.reason.fillna("no reason given").value_counts().head(NAMED)
        named = "; ".join(f"{reason} ({n:,})" for reason, n in reasons.items())
        yield _say(f"{n:,} {'text was' if n == 1 else 'texts were'} not read:", f"{named}.")


def _missing(c):
    total = len(c.documents)
    for name, label in (("date", "date"), ("source", "outlet")):
        n = int(c.documents[name].isna().sum())
        if n and n < total:
            said = f"{n:,} of {count_of(total, 'article')} ({percent(n / total)}) have none and are"
            yield _say(f"Missing {label}s:", f"{said} left out wherever a page goes by {label}.")


def _cases(c):
    names = pd.Series(c.outlets, dtype="str")
    alike = names.groupby(names.str.casefold().str.replace(r"[\W_]+", "", regex=True)).agg(list)
    for group in alike[alike.str.len() > 1].head(NAMED):
        named = Markup(", ").join(linked(name, outlet=name) for name in group)
        yield _say("Outlets whose names differ only in case or punctuation:", named, "count apart.")


def _attributions(c):
    unknown = int((c.sourced.speaker_class == "other").sum())
    if unknown and unknown >= MANY * len(c.sourced):
        n = n_of(unknown, len(c.sourced), "attribution", speaker_class="other")
        yield _say("Unclassified speakers:", "the rules could not classify the speaker of", n + ".")
    without = len(c.voices) - len(c.sourced)
    if without and without >= MANY * len(c.voices):
        n = n_of(without, len(c.voices), "attribution", speaker_class="unspecified")
        yield _say("Attributions without a source:", n, "do not say who speaks.")


def _sentences(c):
    """Sentences of four words or more that stand in several articles, copies aside."""
    found = c.repeated
    if len(found):
        texts = text_of(c.documents, c.sentences.loc[found["first"].head(NAMED)])
        named = Markup("; ").join(
            Markup("{} ({:,} articles)").format(linked(f"“{_cut(text)}”", q=_query(text)), n)
            for text, n in zip((" ".join(one.split()) for one in texts), found.n, strict=False)
        )
        said = f"{count_of(len(found), 'sentence')} found in {REPEATED} articles or more, such as"
        yield _say("Repeated passages:", said, named + ".", "Each is counted every time.")


def _pairs(c):
    """Pairs of words that crowd in the articles that have them, as captions' labels do."""
    tokens = read_columns(c.folder, "tokens", "sent_id", "word")
    codes, words = tokens.word.cat.codes.to_numpy().astype(np.int64), tokens.word.cat.categories
    is_word = np.array([str(word).isalpha() for word in words], dtype=bool)
    doc, docs = pd.factorize(tokens.sent_id.to_numpy() // SENTENCE_STRIDE)
    at = np.flatnonzero(is_word[codes[:-1]] & is_word[codes[1:]] & (doc[:-1] == doc[1:]))
    pairs = codes[at] * len(words) + codes[at + 1]
    cells, n = np.unique(pairs * len(docs) + doc[at], return_counts=True)
    table = pd.Series(n).groupby(cells // max(len(docs), 1)).agg(["sum", "size"])
    crowded = table[(table["size"] >= REPEATED) & (table["sum"] >= CROWDED * table["size"])]
    for pair, total, articles in crowded.nlargest(NAMED, "sum").itertuples():
        said = f"{words[pair // len(words)]} {words[pair % len(words)]}"
        link = linked(f"“{said}”", q=f'"{said.lower()}"')
        yield _say("A repeated label:", link, f"occurs {total:,} times in {articles:,} articles.")


def _copies(c):
    groups = c.loading.duplicate_group.dropna()
    if groups.nunique():
        said = f"{count_of(len(groups), 'article')} in {count_of(groups.nunique(), 'group')} of"
        yield _say("Near-duplicates:", f"{said} nearly the same text count as one in intervals.")


def _cut(text, most=80):
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def _query(text):
    """Return a search for a repeated sentence: its first words as a phrase."""
    return '"' + " ".join(text.replace('"', " ").split()[:8]).strip(".,;:!?“” ") + '"'
