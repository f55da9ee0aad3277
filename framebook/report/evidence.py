"""What stands behind the counts of a report: every sentence with a cue or a voice, as CSV."""

from framebook.common.folders import write_csv
from framebook.tables import text_of


def list_evidence(c):
    """Return the sentences of a corpus with a cue or an attribution, all of them, in their order.

    Columns sentence (its number in the corpus, from 1), path, key, outlet, date, text, codes and
    voices (each listed, "; " between them; of a voice the speaker with class and form; “foreign”
    before the class of another country's government, where `c.home` is a country). All but
    sentence are text, "" where there is none.
    """
    once = c.spans.drop_duplicates(["sent_id", "code"])
    codes = _join(once.sent_id, once.code)
    kinds = c.voices.speaker_class.map(c.classes)
    kinds = kinds.where(~c.foreign, "foreign " + kinds)
    said = c.voices.speaker.fillna("source not given") + " (" + kinds + ", " + c.voices.form + ")"
    voices = _join(c.voices.sent_id, said)
    rows = c.sentences[c.sentences.sent_id.isin([*codes, *voices])]
    about = c.documents.set_index("doc_id").loc[rows.doc_id]
    table = about[["path", "key", "source"]].rename(columns={"source": "outlet"})
    table.insert(0, "sentence", rows.index.to_numpy() + 1)
    table["date"] = about.date.dt.strftime("%Y-%m-%d")
    table["text"] = text_of(c.documents, rows)
    table["codes"] = rows.sent_id.map(codes).to_numpy()
    table["voices"] = rows.sent_id.map(voices).to_numpy()
    texts = table.columns.drop("sentence")
    return table.astype(dict.fromkeys(texts, "object")).fillna(dict.fromkeys(texts, ""))


def _join(sent_ids, texts):
    """Return {sent_id: its texts, with "; " between them}."""
    found = {}
    for sent_id, text in zip(sent_ids, texts, strict=True):
        found.setdefault(sent_id, []).append(text)
    return {sent_id: "; ".join(own) for sent_id, own in found.items()}


def write_evidence(c):
    """Write `list_evidence` as CSV of which no spreadsheet runs a cell as a formula."""
    write_csv(list_evidence(c), c.out / "evidence.csv")
