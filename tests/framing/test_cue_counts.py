"""What is counted from cues: sentences, overlaps, labels, and cues as text to read."""

from framebook.framing.codebook import Code, Codebook, load_codebook
from framebook.framing.cues import (
    count_overlaps,
    count_sentences,
    describe_cues,
    find_cues,
    label_codes,
)
from framebook.tables import empty, make_documents
from framebook.tokenising.bulk import tokenise

WATER = Code(
    "water",
    "Water",
    "Water is spoken of.",
    ["river*", "dam ... broke"],
    exclude=["river bank account"],
)
FIRE = Code("fire_and_smoke", "Fire", "Fire is spoken of.", ["fire*"])
BOOK = Codebook("mine", "Mine", "", "1", "theme", [WATER, FIRE])
LABELS = {"mine:water": "Water", "mine:fire_and_smoke": "Fire", "mine:earth": "Earth"}


def find(text, book=BOOK):
    sentences, tokens = tokenise(make_documents([text]))
    return find_cues(tokens, [book]), sentences


def test_count_sentences():
    spans, sentences = find("The river and the rivers rose. A fire by the river. Nothing. Fire!")
    table = count_sentences(spans, sentences)
    assert table.to_dict("index") == {
        "mine:fire_and_smoke": {"n_cues": 2, "n_sentences": 2, "share": 0.5},
        "mine:water": {"n_cues": 3, "n_sentences": 2, "share": 0.5},
    }
    table = count_sentences(spans, sentences, LABELS)
    assert table.index.tolist() == ["Fire", "Water", "Earth"]
    assert table.loc["Earth"].tolist() == [0, 0, 0]
    assert table.n_sentences.dtype == "int64"


def test_count_sentences_of_no_cue():
    sentences = find("Nothing.")[1]
    assert len(count_sentences(empty("spans"), sentences)) == 0
    assert count_sentences(empty("spans"), sentences, LABELS).n_sentences.tolist() == [0, 0, 0]
    assert len(count_sentences(empty("spans"), sentences, {})) == 0


def test_count_overlaps():
    spans, _ = find("The river rose. A fire by the river. Fire on the rivers. Fire!")
    rows = {"mine:water": "Water"}
    assert count_overlaps(spans, rows, LABELS).to_dict("index") == {
        "Water": {"Water": 3, "Fire": 2, "Earth": 0}
    }
    assert count_overlaps(empty("spans"), {}, {}).shape == (0, 0)
    assert count_overlaps(empty("spans"), rows, {}).shape == (1, 0)


def test_describe_cues():
    texts = ["The dam at last broke.", "He opened a river bank account.", "A fire."]
    assert describe_cues(texts, BOOK).split("\n") == [
        "The dam at last broke.",
        "    Water: “dam at last broke”, by the pattern dam ... broke",
        "He opened a river bank account.",
        "    no cue",
        "A fire.",
        "    Fire: “fire”, by the pattern fire*",
    ]


def test_label_codes():
    generic = load_codebook("generic-news-frames")
    spans, _ = find("They won.", generic)
    labels = label_codes(spans, "frame")
    assert labels == {f"generic-news-frames:{code.id}": code.label for code in generic.codes}
    assert label_codes(spans, "theme") == {}
    assert label_codes(find("Fire!")[0], "theme") == {"mine:fire_and_smoke": "Fire and smoke"}
    assert label_codes(empty("spans"), "frame") == {}
