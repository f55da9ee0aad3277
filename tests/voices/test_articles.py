"""articles: each number counted once more by hand on three tiny articles."""

import pandas as pd

from framebook.chain import derive_from, load_codebooks
from framebook.scaling import make_tables
from framebook.tables import empty, make_documents
from framebook.voices.articles import describe_articles

TEXTS = [
    "It rained. “We will attack,” said Ada Crane. It was reported that he left.",
    "Nothing.",
    "Police said that it snowed. Critics said that two sides clashed. Cats sit. Dogs sit.",
]
CODE = "generic-news-frames:conflict"


def described(texts):
    documents = make_documents(texts, source="Quay News")
    wanted = {"sentences", "sentiment", "spans", "voices"}
    found = derive_from(documents, load_codebooks(), wanted)
    loading = empty("loading").reindex(range(len(texts)))
    tables = {name: found[name] for name in ("sentences", "sentiment", "spans", "voices")}
    return describe_articles(documents, loading, **tables, codes=[CODE, "own:none"])


def test_each_article_is_a_row():
    table = described(TEXTS)
    assert table.n_sentences.tolist() == [3, 1, 4] and table.n_words.tolist() == [14, 1, 15]
    assert table.attributed_share.tolist() == [1 / 3, 0, 0.5]
    assert table.quoted_share.tolist() == [1 / 3, 0, 0]
    assert table.n_attributions.tolist() == [1, 0, 2]
    assert table[f"code_{CODE}"].tolist() == [1 / 3, 0, 0.25]
    assert table["code_own:none"].tolist() == [0, 0, 0]
    shares = table.filter(like="class_").sum(axis=1, min_count=1)
    assert shares[[0, 2]].tolist() == [1, 1] and pd.isna(shares[1])
    assert table.vader_mean.between(-1, 1).all() and table.vader_mean[1] == 0


def test_the_file_is_the_same_from_parts(tmp_path, monkeypatch):
    rows = {"text": TEXTS, "title": ["=A1", "b", "c"], "date": "2031-05-03", "id": list("xyz")}
    pd.DataFrame(rows).to_csv(tmp_path / "t.csv", index=False)
    made = {}
    for block in (1, 2, 1000):
        monkeypatch.setattr("framebook.scaling.BLOCK", block)
        folder = make_tables(tmp_path / "t.csv", tmp_path / str(block))
        made[block] = (folder / "articles.csv").read_bytes()
    assert len(set(made.values())) == 1
    table = pd.read_csv(folder / "articles.csv")
    assert table.title[0] == "'=A1" and table.date.eq("2031-05-03").all()
    stored = pd.read_parquet(folder / "articles.parquet")
    assert stored.title[0] == "=A1" and list(stored) == list(table)
    assert table.n_sentences.tolist() == stored.n_sentences.tolist() == [4, 2, 5]
