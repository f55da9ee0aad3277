"""04 Framing: the cues that codebooks find, as the table `spans`."""

from framebook.framing.codebook import Code, Codebook, load_codebook
from framebook.framing.cues import (
    count_overlaps,
    count_sentences,
    describe_cues,
    find_cues,
    find_in_text,
    label_codes,
)
from framebook.framing.decisions import apply_rules, describe_rule

__all__ = [
    "Code",
    "Codebook",
    "count_overlaps",
    "count_sentences",
    "apply_rules",
    "describe_cues",
    "describe_rule",
    "find_cues",
    "find_in_text",
    "label_codes",
    "load_codebook",
]
