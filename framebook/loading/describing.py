"""What to know of a corpus before anything is counted in it, from how its articles were read."""

import re

import pandas as pd

PLACE = re.compile(r"^(?:row|article) \d+ ")


def describe_loading(documents: pd.DataFrame, loading: pd.DataFrame) -> pd.DataFrame:
    """Return what is missing, uncertain or cut in a corpus: one row per finding, none empty.

    Columns: kind; n, how many articles or rows (of outlets: names) it is about; of, how many
    there are; what, the reason or the names, at most ten. Kinds: rejected (one row per reason),
    no date, no outlet, no headline, date not understood, outlets alike (names that differ only in
    case, spaces or marks: one row per outlet), cut (articles with lines of the page cut), breaks
    off, copies (articles that share a text with another).

    >>> from framebook.tables import empty, make_documents
    >>> documents = make_documents(["It rained.", "It froze."], source=["Quay News", "QUAY NEWS"])
    >>> describe_loading(documents, empty("loading"))[["kind", "n", "what"]].values.tolist()[-1]
    ['outlets alike', 2, 'QUAY NEWS | Quay News']
    """
    read, reasons = len(documents), loading.reason.fillna("")
    rejected = reasons[loading.status == "rejected"].map(lambda said: PLACE.sub("", said))
    found = [("rejected", n, len(loading), said) for said, n in rejected.value_counts().items()]
    for kind, missing in (
        ("no date", documents.date.isna()),
        ("no outlet", documents.source.isna()),
        ("no headline", documents.title.isna()),
    ):
        found.append((kind, int(missing.sum()), read, ""))
    for kind, mark in (
        ("date not understood", "date not understood: "),
        ("cut", "boilerplate cut: "),
        ("breaks off", "the text breaks off: "),
    ):
        said = reasons[reasons.str.contains(mark, regex=False)]
        parts = said.str.partition(mark)[2].str.partition(";")[0] if len(said) else said
        what = parts.value_counts().index[:10].tolist() if kind == "date not understood" else []
        found.append((kind, len(said), read, " | ".join(what)))
    names = documents.source.dropna().value_counts()
    plain = (
        pd.Series(names.index, dtype="str").str.casefold().str.replace(r"[\W_]+", "", regex=True)
    )
    for _, own in pd.Series(names.index).groupby(plain.to_numpy(), sort=True):
        if len(own) > 1:
            found.append(("outlets alike", len(own), len(names), " | ".join(sorted(own)[:10])))
    found.append(("copies", int(loading.duplicate_group.notna().sum()), read, ""))
    table = pd.DataFrame(found, columns=["kind", "n", "of", "what"])
    return table[table.n > 0].reset_index(drop=True)
