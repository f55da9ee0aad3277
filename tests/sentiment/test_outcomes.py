"""What a clause says that becomes of its harms, helps and amounts."""

import pandas as pd
import pytest

from framebook.sentiment.lexicons import straighten_marks, vader
from framebook.sentiment.tone import explain_tone, score_tone

# The first of each pair is good news or no news, the second bad news of the same thing.
PAIRS = """Unemployment falls to record low > Unemployment rises to record high
Crime down 20 percent > Crime up 20 percent
The jobless rate dips > The jobless rate climbs
Prices at the pump are easing > Prices at the pump are soaring
Wages rise for the third month > Wages fall for the third month
More jobs for graduates > Fewer jobs for graduates
A rise in wages > A drop in wages
Lower infant mortality > Higher infant mortality
Trust in the courts is growing > Trust in the courts is eroding
The harvest doubled > The harvest halved
War ends after nine years > War begins after nine years
Fears of a flood ease > Fears of a flood grow
Hopes of a deal grow > Hopes of a deal fade
A hostage crisis ends > A hostage crisis begins
Drought is over > Drought is here
Rescue under way > Rescue called off
The raid was averted > The raid was carried out
Fewer people died this year > More people died this year
Less violence this year > More violence this year
Truce extended > Truce expires
The attack never came > The attack came
The promised help came > The promised help did not come
Minister offers aid > Minister refuses aid
The epidemic is under control > The epidemic is out of control
Ceasefire holds > Ceasefire collapses"""


@pytest.mark.parametrize("pair", PAIRS.split("\n"))
def test_good_news_of_a_thing_scores_above_bad_news_of_it(pair):
    good, bad = score_tone(pair.split(" > "))
    assert good > bad


def rows(text):
    return [tuple(row) for row in explain_tone(text).round(2).itertuples(index=False)]


def test_a_change_counts_once_in_what_it_is_said_of():
    spent = "slight_setback", -0.8
    assert rows("Wages fell.") == [
        ("wages", "good_when_it_rises", -1.5, "fell", -1.5),
        ("fell", *spent, "wages", 0.0),
    ]
    assert rows("Prices fell.") == [
        ("prices", "bad_when_it_rises", 1.2, "fell", 1.2),
        ("fell", *spent, "prices", 0.0),
    ]
    # a harm of its own: turned when it falls, and the direction's tone is spent
    assert vader().lexicon["violence"] == -3.1
    assert rows("Violence fell.") == [
        ("violence", "harm", -2.8, "fell", 1.4),
        ("fell", *spent, "violence", 0.0),
    ]


def test_what_is_denied_changes_nothing():
    assert score_tone(["Wages did not fall."])[0] == 0
    assert rows("The war is not over.") == [("war", "harm", -2.7, "", -2.7)]
    assert rows("The war is over.") == [("war", "harm", -2.7, "over", 1.35)]


def test_an_amount_that_ends_and_does_not_change_has_no_tone():
    assert "jobs" not in explain_tone("No further jobs would be lost.").words.tolist()


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("The siege of the town was lifted.", "The siege of the town went on."),
        ("The crime wave ended.", "The peace mission ended."),
        ("Deliveries were resumed.", "Deliveries were halted."),
        ("Unemployment falls to the lowest level.", "Unemployment rises to the highest level."),
        ("Wages outpace prices.", "Prices outpace wages."),
        ("The ban on the march was overturned.", "The truce in the valley was overturned."),
        ("The feared war never came.", "The promised peace never came."),
    ],
)
def test_what_ends_or_never_comes_is_found_over_what_is_said_of_it(good, bad):
    better, worse = score_tone([good, bad])
    assert better > worse and better >= 0 > worse


def test_no_shifter_but_a_negation_reaches_over_a_barrier():
    assert rows("Police halt a march after an attack.")[-1] == ("attack", "harm", -2.3, "", -2.3)
    assert rows("No one was hurt after an attack.")[0][3] == "no one"


def test_a_noun_of_collapse_ends_nothing():
    assert rows("Three miners were killed in the collapse.") == [
        ("killed", "grave_harm", -3.5, "", -3.5),
        ("collapse", "harm", -2.35, "", -2.35),
    ]


def test_a_verb_with_an_object_ends_the_object_and_not_what_stands_before():
    before, after = rows("The attack ended peace.")
    assert before == ("attack", "harm", -2.3, "", -2.3)
    assert after[0] == "peace" and after[3] == "ended" and after[4] < 0


@pytest.mark.parametrize(
    "text",
    ["They pay more than wages.", "It costs up to 30 in wages.", "Wages, then prices, and up."],
)
def test_no_direction_is_said_across_than_to_or_a_mark(text):
    assert "wages" not in explain_tone(text).words.tolist()


def test_a_help_that_is_called_for_counts_half_and_so_does_a_question():
    (there,) = explain_tone("They rescue them.").score
    (wanted,) = explain_tone("They should rescue them.").score
    assert wanted == there / 2
    assert 0 < score_tone(["Was she rescued?"])[0] < score_tone(["She was rescued."])[0]


def test_typographic_marks_are_made_straight_one_for_one():
    assert straighten_marks(["‘a’ “b” „c‟ it’s"]).tolist() == ['\'a\' "b" "c" it\'s']
    series = straighten_marks(pd.Series(["“é”", ""], index=[7, 9]))
    assert series.index.tolist() == [7, 9] and series.str.len().tolist() == [3, 0]
    score = vader().polarity_scores
    assert score("It isn’t good")["compound"] > 0 > score("It isn't good")["compound"]
