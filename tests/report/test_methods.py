"""The methods paragraph, the references, and what a user states about a corpus."""

import re

import pytest

from framebook.common.errors import InputError
from framebook.loading.corpus_toml import FIELDS, read_provenance, show_provenance
from framebook.report.methods import describe_method, list_references
from framebook.report.report import SEEDS

VERSIONS = {"framebook": "9.9", "nltk": "1", "vaderSentiment": "2", "textblob": "3"}


def method(n, books=(), **more):
    numbers = {"n_articles": n, "n_sentences": 1234, "n_words": 5}
    return describe_method(numbers, VERSIONS, books, **more)


def test_the_methods_paragraph_says_what_was_done():
    one, ten = method(1), method(10, validated="Checked.")
    assert one.startswith("1 article (1,234 sentences, 5 words) was analysed with Framebook 9.9")
    assert "Cues" not in one and "  " not in one
    assert one.endswith(
        "So few texts are a census of themselves: counts are given, and no interval or test."
    )
    assert "10 articles" in ten and "Checked. Intervals come from resampling" in ten
    books = [{"title": t, "name": "n", "version": "1"} for t in "ABC"]
    assert "of “A” (n 1), “B” (n 1) and “C” (n 1); a cue is" in method(1, books)


def test_references_are_those_of_the_codebooks():
    cited = {"title": "Known", "citation": "After X, doi:10.1111/j.1460-2466.2000.tb02843.x"}
    own = {"title": "My {codes} 100% \\input{x}", "citation": "Me & you"}
    text = list_references([cited, own])
    assert "@article{semetko2000," in text and "hyland" not in text
    assert "@misc{codebook2,\n  title = {My codes 100\\% inputx},\n  note = {Me \\& you}\n}" in text
    for key in ("entman1993", "hutto2014", "framebook"):
        assert text.count("{" + key + ",") == 1
    assert text.count("{") == text.count("}")


def test_every_entry_is_whole():
    from framebook.report.methods import REFERENCES

    text = REFERENCES.read_text("utf-8")
    entries = text.strip().split("\n}\n")
    assert len(entries) == text.count("\n@") + 1
    for entry in entries:
        assert re.match(r"@\w+\{\w+,\n  author = \{.+\},\n  title = \{.+\},\n", entry)
        assert re.search(r"year = \{\d{4}\}", entry)


STATED = """
search_string = 'mine* AND "Tarvell Valley"'
database = "Nexis"
date_searched = 2031-03-01
sampling = "Every   tenth\\u0000 article\\n<b>found</b>"
notes = " "
"""


def test_what_is_stated_of_a_corpus_is_read_and_the_rest_is_called_so(tmp_path):
    assert read_provenance(tmp_path) == {}
    (tmp_path / "corpus.toml").write_text(STATED)
    stated = read_provenance(tmp_path)
    assert stated == {
        "search_string": 'mine* AND "Tarvell Valley"',
        "database": "Nexis",
        "date_searched": "2031-03-01",
        "sampling": "Every tenth article <b>found</b>",
    }
    rows = show_provenance(stated)
    assert [label for label, _ in rows] == list(FIELDS.values())
    assert [text for _, text in rows if text not in stated.values()] == ["not stated"] * 4
    (tmp_path / "corpus.toml").rename(tmp_path / "texts.corpus.toml")
    (tmp_path / "texts.csv").write_text("text")
    assert read_provenance(tmp_path / "texts.csv") == stated
    assert read_provenance(tmp_path) == read_provenance(tmp_path / "other.csv") == {}


@pytest.mark.parametrize(
    "text, said",
    [
        ("sampling = all", "is not valid TOML"),
        ("x = " + "[" * 9999, "is not valid TOML"),
        ("sample = 'all'\nlicense = 'x'", "names 'license', 'sample'"),
        ("[corpus]\nsampling = 'all'", "names 'corpus'"),
        ("sampling = 12", "sampling is not a text"),
        ("notes = ['a']", "notes is not a text"),
        (b"notes = '\xff'", "is not valid TOML"),
    ],
)
def test_a_wrong_statement_is_one_sentence(tmp_path, text, said):
    (tmp_path / "corpus.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as error:
        read_provenance(tmp_path)
    assert str(error.value).startswith(f"corpus.toml{':' * ('not a text' in said)} {said}")
    assert "\n" not in str(error.value) and len(str(error.value)) < 300


def test_search_and_sampling_are_in_the_methods_paragraph_where_given():
    stated = {
        "search_string": "mine*",
        "database": "Nexis",
        "date_searched": "2031-03-01",
        "sampling": "Every tenth.",
    }
    assert (
        "Texts were searched for in Nexis on 2031-03-01 with the search string “mine*”. "
        "Sampling, as those who collected the texts state it: “Every tenth”. Tone was"
    ) in method(12, stated=stated)
    assert "searched for with the search" in method(1, stated={"search_string": "mine*"})
    for absent in ({}, {"notes": "x", "database": "Nexis"}):
        assert method(12, stated=absent) == method(12)


def test_seeds_say_how_they_were_collected():
    assert "sample of nothing" in read_provenance(SEEDS)["sampling"]
    assert "INVENTED" in read_provenance(SEEDS / "teaching")["notes"]
