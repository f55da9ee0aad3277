"""A sample of a small corpus, drawn with a codebook that has examples."""

import pytest

from framebook.coding import coder
from framebook.validation.sampling import sample

BOOK = """[codebook]
name = "demo"
version = "2"
[[code]]
id = "flood"
label = "Flood"
definition = "Water where it should not be."
patterns = ["flood*"]
examples = ["The flood came.", "Floods hit Dunmar.", "The street was wet.", "A river left its bed."]
counterexamples = ["The sun shone.", "A cat sat.", "The bus left.", "Nobody came."]
[[code]]
id = "row"
label = "Row"
definition = "A quarrel between people."
patterns = ["quarrel*"]
examples = ["They quarrelled.", "A row over fish.", "Two clashed.", "The quarrel went on."]
counterexamples = ["A row of trees.", "They sang.", "The bus left.", "Nobody came."]
"""


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """The folder of a sample of ten sentences."""
    monkeypatch.setattr(coder, "PAUSE", 0)
    news = tmp_path / "news"
    news.mkdir()
    for n in range(12):
        text = f"The flood came in week {n}. They quarrelled over {n} boats. Cat {n} sat there."
        (news / f"{n}.txt").write_text(text, "utf-8")
    (tmp_path / "demo.toml").write_text(BOOK, "utf-8")
    return sample(news, tmp_path / "demo.toml", tmp_path / "sample", n=10)
