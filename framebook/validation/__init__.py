"""07 Validation: human codes, agreement cards and corrected estimates."""

from framebook.validation.agreement import (
    alpha,
    count_outcomes,
    count_values,
    list_undecided,
    measure,
    percent_agreement,
    score_outcomes,
    settle_codes,
)
from framebook.validation.cards import describe_cards, plot_cards, read_cards, show_cards, stamp
from framebook.validation.design import read_design
from framebook.validation.estimates import compare_sources, correct_share, match_codes
from framebook.validation.sampling import draw, list_units
from framebook.validation.sheets import read_coded

__all__ = [
    "alpha",
    "compare_sources",
    "correct_share",
    "count_outcomes",
    "count_values",
    "describe_cards",
    "draw",
    "list_undecided",
    "list_units",
    "match_codes",
    "measure",
    "percent_agreement",
    "plot_cards",
    "read_cards",
    "read_coded",
    "read_design",
    "score_outcomes",
    "settle_codes",
    "show_cards",
    "stamp",
]
