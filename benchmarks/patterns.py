"""Codebooks of any number of patterns: ours, thinned evenly."""

from dataclasses import replace

from framebook.chain import CODEBOOKS
from framebook.framing.codebook import load_codebook


def thin_codebooks(n):
    """Return our codebooks with `n` patterns in all, taken evenly; what is excluded stays."""
    books = [load_codebook(name) for name in CODEBOOKS]
    total = sum(len(code.patterns) for book in books for code in book.codes)
    if n > total:
        raise ValueError(f"Our codebooks have {total} patterns; ask for no more.")
    kept, place, thinned = {k * total // n for k in range(n)}, 0, []
    for book in books:
        codes = []
        for code in book.codes:
            patterns = [p for k, p in enumerate(code.patterns, place) if k in kept]
            place += len(code.patterns)
            codes += [replace(code, patterns=patterns)] * bool(patterns)
        thinned.append(replace(book, codes=codes))
    return thinned
