"""The corpora that other tests run on are what they are called."""

from corpora import write_corpora

from framebook.loading import load_documents


def test_each_corpus_loads_and_is_what_it_is_called(tmp_path):
    made = {name: load_documents(path)[0] for name, path in write_corpora(tmp_path).items()}
    assert {name: len(documents) for name, documents in made.items()} == {
        "one_sentence": 1, "no_full_stop": 1, "no_dates": 12, "no_outlets": 12, "transcript": 1,
        "many": 300,
    }  # fmt: skip
    assert made["no_dates"].date.isna().all() and made["no_dates"].source.notna().all()
    assert made["no_outlets"].source.isna().all() and made["no_outlets"].date.notna().all()
    assert made["many"].source.nunique() == 3 and made["many"].date.nunique() > 80
    assert "." not in made["no_full_stop"].text[0] and made["transcript"].text[0].count(": ") == 12
