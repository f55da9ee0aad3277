"""Exact and near duplicates: five-word shingles, MinHash bands, an exact comparison."""

import re
from zlib import crc32

import numpy as np
import pandas as pd

WIDTH, BANDS, ROWS = 5, 16, 4
COMMON = 50  # one document in so many: an element in more of them is common
CHUNK = 256  # rows of a product that are computed at a time, for memory
_RANDOM = np.random.default_rng(7)
_A, _B = _RANDOM.integers(1, 2**31 - 1, size=(2, BANDS * ROWS), dtype=np.uint64)
_POWERS = np.uint64(0x9E3779B97F4A7C15) ** np.arange(WIDTH, dtype=np.uint64)


def shingles(text):
    """Return the hashes of all runs of five words, sorted, as an array of 32-bit integers."""
    words = [
        crc32(word.encode("utf-8", "surrogatepass")) for word in re.findall(r"\w+", text.lower())
    ]
    words = np.array(words + [0] * (WIDTH - len(words)), np.uint64)
    count = len(words) - WIDTH + 1
    runs = sum(words[n : n + count] * _POWERS[n] for n in range(WIDTH))
    runs ^= runs >> np.uint64(29)
    return np.unique((runs * np.uint64(0xBF58476D1CE4E5B9)) >> np.uint64(32)).astype(np.uint32)


def signature(own):
    """Return one 64-bit key a band of a document's MinHash signature (Broder 1997)."""
    least = ((own[:, None].astype(np.uint64) * _A + _B) % np.uint64(4294967291)).min(axis=0)
    return (least.reshape(BANDS, ROWS) * _POWERS[:ROWS]).sum(axis=1)


def similarity(one: str, other: str) -> float:
    """Return the Jaccard similarity of two texts' five-word shingles, from 0 to 1.

    >>> round(similarity("The river rose by two metres.", "The river rose by two feet."), 2)
    0.33
    """
    return _jaccard(shingles(one), shingles(other))


def _jaccard(one, other):
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)


def find_duplicates(documents: pd.DataFrame, threshold: float = 0.8) -> pd.arrays.IntegerArray:
    """Return for each document the doc_id of the first of its group, null for a single one.

    Documents are grouped when the Jaccard similarity of their five-word shingles reaches the
    threshold (0 to 1), and so are the groups of any two such. Candidates come from MinHash bands
    (Broder 1997, doi:10.1109/SEQUEN.1997.666900), each then compared exactly; of pairs at 0.8 one
    in 4,500 is missed, at 0.6 one in ten.

    >>> from framebook.tables import make_documents
    >>> wire = "The river rose by two metres last night."
    >>> find_duplicates(make_documents([wire, "It rained.", wire + " More soon."]), 0.5).tolist()
    [0, <NA>, 0]
    """
    found = [shingles(text) for text in documents.text]
    keys = np.array([signature(own) for own in found]).reshape(-1, BANDS)
    return group(documents.doc_id.to_numpy(), found, keys, threshold)


def group(doc_ids, found, keys, threshold=0.8):
    """Return the groups of documents from their shingles (any sequence) and band keys."""
    label = np.arange(len(doc_ids))  # of each document, the first of its group
    for band in keys.T:
        order = np.argsort(band, kind="stable")
        starts = np.flatnonzero(np.diff(band[order], prepend=~band[order[:1]]))
        for members in np.split(order, starts[1:]):
            if len(members) > 1 and (label[members] != label[members[0]]).any():
                _join_members(label, members, found, threshold)
    sizes = np.bincount(label, minlength=len(doc_ids))
    return pd.array([doc_ids[root] if sizes[root] > 1 else pd.NA for root in label], dtype="Int64")


def _join_members(label, members, found, threshold):
    """Give the members of a band that are alike, and the groups they are in, one label."""
    distinct = {}  # a thousand copies are one
    for one in members.tolist():
        own = found[one]
        first = distinct.setdefault(own.tobytes(), (one, own))[0]
        _join(label, np.array([label[first], label[one]]))
    places = np.array([one for one, _ in distinct.values()])
    sets = [own for _, own in distinct.values()]
    sizes = np.array([len(own) for own in sets])
    for n, shared in enumerate(_count_shared(sets)):
        alike = shared / (sizes[n] + sizes - shared) >= threshold
        _join(label, np.unique(label[places[alike]]))


def _join(label, labels):
    if labels.min() != labels.max():
        label[np.isin(label, labels)] = labels.min()


def _count_shared(sets):
    """Yield for each of some sorted arrays how many elements it shares with each of them.

    Elements that many hold are counted by a product of matrices, the others by who holds them:
    neither takes a step for each pair, so that thousands of near-copies take seconds.
    """
    n = len(sets)
    owner = np.repeat(np.arange(n), [len(own) for own in sets])
    _, element, holders = np.unique(np.concatenate(sets), return_inverse=True, return_counts=True)
    often = np.flatnonzero(holders > max(n // COMMON, 1))
    held = np.zeros((n, len(often)), np.float32)
    column = np.searchsorted(often, element)
    is_often = np.isin(element, often)
    held[owner[is_often], column[is_often]] = 1
    order = np.argsort(element, kind="stable")
    starts = np.concatenate([[0], np.cumsum(holders)])
    rest = np.split(element[~is_often], np.cumsum(np.bincount(owner[~is_often], minlength=n))[:-1])
    for first in range(0, n, CHUNK):
        products = held[first : first + CHUNK] @ held.T
        for product, own in zip(products, rest[first : first + CHUNK], strict=True):
            met = [owner[order[starts[one] : starts[one + 1]]] for one in own]
            yield product + np.bincount(np.concatenate([*met, np.empty(0, int)]), minlength=n)
