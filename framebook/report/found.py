"""The tables of a finished run as the pages need them, and the one way in which they are counted.

Whatever several pages show is counted here, so that no two of them can differ.
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from framebook.common.errors import InputError
from framebook.common.resampling import MIN_TO_RESAMPLE, cluster, resample
from framebook.common.text import unguard
from framebook.tables import (
    SPEAKER_CLASSES,
    empty,
    find_files,
    path_of,
    read_arrow,
    text_of,
)
from framebook.voices.classes import is_speaker_list
from framebook.voices.linking import (
    apply_classes,
    apply_links,
    find_classes,
    find_foreign,
    link_speakers,
)

LABELS = {  # of the classes of speakers whose name does not say it
    "government": "governments and officials",
    "legislature_party": "legislatures and parties",
    "judiciary_police": "courts and police",
    "military": "the military",
    "organisation": "organisations",
    "expert": "experts",
    "celebrity_sport": "celebrities and sport",
    "citizen": "citizens",
    "document": "documents",
    "other": "not classified",
    "unnamed": "without a name",
    "unspecified": "source not given",
}
CLASSES = {name: LABELS.get(name, name.replace("_", " ")) for name in SPEAKER_CLASSES}
COLUMNS = {
    "documents": ["doc_id", "key", "title", "source", "date", "text", "path", "sha256"],
    "loading": ["path", "key", "status", "reason", "duplicate_group"],
    "sentences": ["sent_id", "doc_id", "part", "paragraph", "start", "end", "n_words"],
    "sentiment": ["sent_id", "vader_compound", "textblob_polarity"],
    "spans": ["sent_id", "start", "end", "code", "voice_id"],
    "voices": ["voice_id", "doc_id", "sent_id", "form", "act", "speaker", "actor_id"]
    + ["speaker_class", "source", "cue", "content"],
    "actors": ["actor_id", "kind"],
}
TONES = ["VADER", "TextBlob"]
REPEATED = 5  # articles that share a sentence before it is boilerplate


def read_columns(tables, name, *columns, part=None):
    """Return columns of a table in a folder, or of one part of it; no row if it was not made."""
    paths = find_files(name, tables) if part is None else [path_of(name, tables, part)]
    return read_arrow(*paths, columns=list(columns)).to_pandas() if paths else empty(name)


def read_links(path):
    """Return the links of speakers in a CSV file: name and joined, both text.

    Raises InputError where the file is not such a table.
    """
    try:
        links = pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False)
        return links[["name", "joined"]].map(unguard).drop_duplicates("name")
    except (ValueError, KeyError, OSError, pd.errors.ParserError):
        raise InputError(
            f"{path.name} is not a table of links; give the speaker_links.csv of a report."
        ) from None


def find_unit(dates):
    """Return the unit for a column of dates: "D", "M", or "Y" where more than 24 months pass."""
    for unit in "DM":
        spans = dates.dropna().dt.to_period(unit)
        if spans.empty or (spans.max() - spans.min()).n < 24:
            return unit
    return "Y"


@dataclass
class Corpus:
    """What was found in the articles: the tables, the codebooks that ran, and human agreement."""

    out: Path  # the folder of the report, with its tables
    name: str
    books: list
    cards: list = field(default_factory=list)
    named: bool = False  # whether the codebooks were named for this report
    links: pd.DataFrame | None = None  # which names are one speaker; None: `link_speakers` says
    home: str | None = None  # the country seen from which governments are foreign
    classes = CLASSES

    def __post_init__(self):
        self.books = [book for book in self.books if not is_speaker_list(book)]
        for name, columns in COLUMNS.items():
            setattr(self, name, read_columns(self.folder, name, *columns))
        self.place = {doc_id: n for n, doc_id in enumerate(self.documents.doc_id)}
        at = self.sentences.doc_id.map(self.place)
        self.sentences["article"] = cluster(self.sentences, self.loading)
        self.sentences["outlet"] = self.documents.source.to_numpy(object)[at]
        self.sentences["period"] = self.periods.to_numpy(object)[at]
        self.voices = self.voices.sort_values("sent_id", kind="stable")
        self.spans = self.spans.sort_values("sent_id", kind="stable")
        self.own_links = self.links is not None
        if not self.own_links:
            self.links = link_speakers(self.voices, self.actors)
        self.foreign = find_foreign(self.documents, self.voices, self.home)
        self.voices["written"] = self.voices.speaker  # as the article has it
        self.voices = apply_links(self.voices, self.links)
        self.carried = find_classes(self.voices, self.actors)
        self.voices = apply_classes(self.voices, self.carried)
        rows = pd.Index(self.sentences.sent_id)
        for name in ("doc_id", "article", "outlet"):
            values = self.sentences[name].to_numpy()
            self.voices[name] = values[rows.get_indexer(self.voices.sent_id)]

    @property
    def folder(self):
        return self.out / "tables"

    @property
    def n(self):
        return len(self.sentences)

    @property
    def n_words(self):
        return int(self.sentences.n_words.sum())

    @property
    def one(self):
        """Return whether there is one article: a census of itself."""
        return len(self.documents) == 1

    @cached_property
    def sourced(self):
        """The attributions to a source that the text names or describes."""
        return self.voices[self.voices.speaker_class != "unspecified"].reset_index(drop=True)

    @cached_property
    def texts(self):
        """The text of each sentence, in lower case with single spaces."""
        texts = pd.Series(text_of(self.documents, self.sentences), self.sentences.index, "str")
        return texts.str.casefold().str.split().str.join(" ")

    @cached_property
    def repeated(self):
        """Sentences of four words or more in several articles: columns n (articles), first (row)."""
        rows = self.sentences[["article"]].assign(text=self.texts, row=self.sentences.index)
        rows = rows[self.sentences.n_words > 3].groupby("text")
        found = rows.agg(n=("article", "nunique"), first=("row", "first"))
        return found[found.n >= REPEATED].sort_values("n", ascending=False, kind="stable")

    @cached_property
    def periods(self):
        """The day, month or year of each article: the finest of which 24 span all; or null."""
        day = self.documents.date.dt.strftime("%Y-%m-%d").astype("object")
        return day.str[: {"D": 10, "M": 7, "Y": 4}[find_unit(self.documents.date)]]

    @cached_property
    def outlets(self):
        """The outlets, those with most articles first (by name where equal)."""
        sizes = self.documents.source.value_counts()
        return sorted(sizes.index, key=lambda name: (-sizes[name], name))

    @cached_property
    def codes(self):
        """The codes that ran, in their order: columns code, label, book."""
        rows = [
            (f"{book.name}:{code.id}", code.label, book.title)
            for book in self.books
            for code in book.codes
        ]
        return pd.DataFrame(rows, columns=["code", "label", "book"])

    @cached_property
    def labels(self):
        return dict(zip(self.codes.code, self.codes.label, strict=True))

    @cached_property
    def measures(self):
        """What is estimated by sentence (the index): attributed, each code, VADER and TextBlob."""
        ids = pd.Index(self.sentences.sent_id)
        hits = {"attributed": ids.isin(self.sourced.sent_id)}
        found = dict(iter(self.spans.groupby("code").sent_id))
        hits |= {code: ids.isin(found.get(code, [])) for code in self.labels}
        tone = self.sentiment.set_index("sent_id").reindex(ids).set_axis(TONES, axis=1)
        return pd.concat([pd.DataFrame(hits, ids).astype(float), tone], axis=1)

    @cached_property
    def also_written(self):
        """The other forms of a speaker's name, by the name that the report uses."""
        pairs = self.voices[["speaker", "written"]].dropna().drop_duplicates()
        pairs = pairs[pairs.speaker != pairs.written]
        return pairs.groupby("speaker").written.agg(lambda names: "; ".join(sorted(names)))

    def sentences_with(self, measure):
        """Return the sent_ids of the sentences with a cue of a code, or with an attribution."""
        return self.measures.index[self.measures[measure] == 1]

    @cached_property
    def estimates(self):
        """`estimate` of all measures over the whole corpus, by measure."""
        return estimate(self.measures, self.sentences).set_index("measure", drop=False)

    @cached_property
    def by_outlet(self):
        return estimate(self.measures, self.sentences, "outlet")

    @cached_property
    def by_period(self):
        return estimate(self.measures[TONES], self.sentences, "period")

    @cached_property
    def by_class(self):
        """Shares of the attributions to a source, by class of speaker (the measure)."""
        kinds = {name: self.sourced.speaker_class == name for name in self.classes}
        del kinds["unspecified"]
        return estimate(pd.DataFrame(kinds).astype(float), self.sourced)


def estimate(values, rows, by=None, draws=1000, seed=1):
    """Return the mean of each column of `values`, a row each, with what it rests on.

    `rows` has article (near-duplicates as one) and the column `by`, for each row of `values`.
    Columns group, measure, n (the sum), total, value (the mean), low, high (95%, articles
    resampled with replacement; null for fewer than ten articles, Efron & Tibshirani 1993,
    doi:10.1007/978-1-4899-4541-9, and where all rows are alike) and n_articles.
    """
    matrix, article = values.to_numpy(float), rows.article.to_numpy()
    group = np.zeros(len(rows), dtype=object) if by is None else rows[by].to_numpy(object)
    found = []
    for name, places in pd.Series(range(len(rows))).groupby(group):
        own = matrix[places]
        number, articles = pd.factorize(article[places])
        order = np.argsort(number, kind="stable")
        first = np.searchsorted(number[order], range(len(articles)))
        sums = np.add.reduceat(np.column_stack([own, np.ones(len(own))])[order], first)
        table = pd.DataFrame({"group": name, "measure": values.columns, "n": own.sum(axis=0)})
        table = table.assign(total=len(own), value=own.mean(axis=0), low=np.nan, high=np.nan)
        table["n_articles"] = len(articles)
        if len(articles) >= MIN_TO_RESAMPLE:
            drawn = resample(sums, draws, seed)
            bounds = np.percentile(drawn[:, :-1] / drawn[:, -1:], [2.5, 97.5], axis=0)
            varies = own.min(axis=0) < own.max(axis=0)
            table["low"], table["high"] = np.where(varies, bounds, np.nan)
        found.append(table)
    columns = ["group", "measure", "n", "total", "value", "low", "high", "n_articles"]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
