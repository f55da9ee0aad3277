"""07 Validation: what people coded, how far they agree, and what that makes of the cues.

The table labels has one row per code given: doc_id, sent_id, start, end, coder, code, value, memo.
A blind sample is drawn by sampling.py; `measure` returns agreement cards; estimates.py corrects
shares with the sample's known probabilities.
"""

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
