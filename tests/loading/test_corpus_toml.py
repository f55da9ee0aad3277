"""The codebooks that a corpus names in its corpus.toml."""

import pytest

from framebook import chain
from framebook.common.errors import InputError
from framebook.loading.articles import PROJECT
from framebook.loading.corpus_toml import read_codebooks, read_provenance

BOOK = """[codebook]
name = "quays"
[[code]]
id = "quay"
patterns = ["quay"]
"""


def names(*given, corpora=()):
    return [book.name for book in chain.load_codebooks(given, *corpora)]


def test_a_corpus_names_its_codebooks_and_the_command_comes_first(tmp_path):
    (tmp_path / "corpus.toml").write_text('codebooks = ["rhetoric", "quays.toml"]\n', "utf-8")
    (tmp_path / "quays.toml").write_text(BOOK, "utf-8")
    (tmp_path / "a.txt").write_text("The quay is shut. Nobody was on the quay.", "utf-8")
    assert read_codebooks(tmp_path) == ("rhetoric", tmp_path / "quays.toml")
    assert read_provenance(tmp_path) == {}
    assert names(corpora=[tmp_path]) == ["rhetoric", "quays"]
    assert names("entman-functions", corpora=[tmp_path]) == ["entman-functions"]
    spans = chain.derive_tables(tmp_path, wanted=("spans",))["spans"]
    assert spans.code[spans.code == "quays:quay"].tolist() == ["quays:quay"] * 2


def test_two_corpora_are_read_with_the_codebooks_of_both(tmp_path):
    for name, book in (("one", "rhetoric"), ("other", "policy-frames"), ("third", "rhetoric")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "corpus.toml").write_text(f"codebooks = ['{book}']", "utf-8")
    corpora = [tmp_path / name for name in ("one", "other", "third")]
    assert names(corpora=corpora) == ["rhetoric", "policy-frames"]


def test_a_codebook_on_one_issue_runs_only_where_it_is_named(tmp_path):
    assert read_codebooks(tmp_path) == () and names(corpora=[tmp_path]) == list(chain.CODEBOOKS)
    assert "war-and-reconstruction" not in chain.CODEBOOKS
    assert "war-and-reconstruction" in read_codebooks(PROJECT / "seeds")


@pytest.mark.parametrize("value", ["'rhetoric'", "[1]", "['']", "{a = 1}"])
def test_codebooks_that_are_not_a_list_of_names(tmp_path, value):
    (tmp_path / "corpus.toml").write_text(f"codebooks = {value}", "utf-8")
    with pytest.raises(InputError, match="^corpus.toml: codebooks must be a list of names"):
        read_codebooks(tmp_path)
