"""04 Framing: the cues that codebooks find.

`find_cues` returns the table spans, one row per cue: doc_id, sent_id, start, end, layer, code
(codebook:code), rule (the pattern that matched), voice_id. A codebook is a TOML file, read by
codebook.py; decisions.py applies its stated rules to articles.
"""

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
