"""08 Robustness: which choice of the analyst moves the result.

A specification is one way to make every choice in specifications.toml; `run_specifications`
returns one row per specification: the choices, estimate, low, high, n, n_articles, status.
"""

from framebook.robustness.curve import (
    list_specifications,
    moves,
    permute,
    plot_specifications,
    run_specifications,
    state_test,
)
from framebook.robustness.specifications import CHOICES, measure_cues, measure_tone, take_sentences
