"""07 Validation: human codes, agreement cards and corrected estimates."""

from framebook.validation.agreement import alpha, percent_agreement
from framebook.validation.cards import describe_cards, plot_cards, read_cards, show_cards, stamp
from framebook.validation.design import read_design
from framebook.validation.estimates import compare_sources, correct_share, match_codes
from framebook.validation.sampling import draw, list_units
from framebook.validation.sheets import read_coded

__all__ = [
    "alpha",
    "compare_sources",
    "correct_share",
    "describe_cards",
    "draw",
    "list_units",
    "match_codes",
    "percent_agreement",
    "plot_cards",
    "read_cards",
    "read_coded",
    "read_design",
    "show_cards",
    "stamp",
]
