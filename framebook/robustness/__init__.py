"""08 Robustness: which choice of the analyst moves the result."""

from framebook.robustness.curve import (
    list_specifications,
    moves,
    permute,
    plot_specifications,
    run_specifications,
    state_test,
)
from framebook.robustness.specifications import CHOICES, measure_cues, measure_tone, take_sentences

__all__ = [
    "CHOICES",
    "list_specifications",
    "measure_cues",
    "measure_tone",
    "moves",
    "permute",
    "plot_specifications",
    "run_specifications",
    "state_test",
    "take_sentences",
]
