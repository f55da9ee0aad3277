"""What stands behind the counts of a report: every sentence with a cue or a voice, as CSV."""

from itertools import pairwise

import numpy as np
import pandas as pd

from framebook.common.text import guard
from framebook.tables import text_of


def list_evidence(documents, sentences, spans, voices, first=1):
    """Return the sentences with a cue or an attribution, all of them, in their order.

    Columns sentence (its number in the corpus, from 1, as the pages have it; `first` is that of
    the first of `sentences`), path, key, source, date (of its article), text, cues and voices
    (each listed, "; " between them; of a voice the speaker with class and form). All but sentence
    are text, "" where there is none.
    """
    once = spans.drop_duplicates(["sent_id", "code"])
    cues = _list_by_sentence(once.sent_id, once.code)
    said = (
        voices.speaker.astype("object").fillna("source unspecified")
        + " ("
        + voices.speaker_class.str.replace("_", " ")
        + ", "
        + voices.form
        + ")"
    )
    said = _list_by_sentence(voices.sent_id, said)
    found = sentences.sent_id.isin(cues.index) | sentences.sent_id.isin(said.index)
    rows = sentences[found]
    about = documents.drop(columns="text").set_index("doc_id").reindex(rows.doc_id)
    table = pd.DataFrame(
        {
            "sentence": rows.index + first,
            "path": about.path.to_numpy(),
            "key": about.key.to_numpy(),
            "source": about.source.to_numpy(),
            "date": about.date.dt.strftime("%Y-%m-%d").to_numpy(),
            "text": text_of(documents, rows),
            "cues": rows.sent_id.map(cues).to_numpy(),
            "voices": rows.sent_id.map(said).to_numpy(),
        }
    )
    texts = table.columns.drop("sentence")
    return table.astype(dict.fromkeys(texts, "object")).fillna(dict.fromkeys(texts, ""))


def _list_by_sentence(sent_ids, texts):
    """The texts of each sentence as one, a Series by sent_id."""
    order = sent_ids.argsort(kind="stable")
    texts = texts.iloc[order].tolist()
    ids, first = np.unique(sent_ids.iloc[order], return_index=True)
    ends = [*first.tolist(), len(texts)]
    return pd.Series(["; ".join(texts[a:b]) for a, b in pairwise(ends)], ids, "object")


def write_evidence(path, parts):
    """Write tables of `list_evidence`, one below the other, as one CSV file.

    No spreadsheet runs a cell of it as a formula.
    """
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        for n, table in enumerate(parts):
            safe = table.assign(**{name: table[name].map(guard) for name in table.columns[1:]})
            safe.to_csv(file, index=False, header=n == 0, lineterminator="\r\n")
