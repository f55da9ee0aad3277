"""News tone: exact valences and scores, what turns them, and the same rule for every side."""

import math
import sys

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framebook.sentiment import tone
from framebook.sentiment.lexicons import vader
from framebook.sentiment.tone import describe_tone, explain_tone, read_lexicon, score_tone


def rows(text):
    return [tuple(row) for row in explain_tone(text).round(4).itertuples(index=False)]


def score(text):
    return score_tone([text]).iloc[0]


def test_the_tone_is_the_sum_against_the_number_of_words():
    assert vader().lexicon["killed"] == -3.5 and vader().lexicon["rescued"] == 1.8
    assert rows("Two miners were killed.") == [("killed", "grave_harm", -3.5, "", -3.5)]
    assert score("Two miners were killed.") == pytest.approx(-3.5 / math.sqrt(3.5**2 + 4 + 15))
    assert score("Rescued!") == pytest.approx(1.8 / math.sqrt(1.8**2 + 1 + 15))
    assert score("RESCUED!!!") == score("rescued")  # capitals and marks add nothing
    assert score("The bus leaves at nine.") == 0


def test_where_both_lexicons_score_a_word_the_mean_counts():
    assert "bankruptcy" not in vader().lexicon and vader().lexicon["injured"] == -1.7
    assert rows("bankruptcy") == [("bankruptcy", "harm", -2.5, "", -2.5)]
    assert rows("injured") == [("injured", "harm", -2.1, "", -2.1)]
    assert rows("awesome") == [("awesome", "VADER", 3.1, "", 3.1)]
    assert vader().lexicon["stressed"] == -1.4 and rows("She stressed it.") == []


TURNED = [
    ("No miners were killed.", "killed", "no", 1.75),
    ("The troops never bombed the town.", "bombed", "never", 1.25),
    ("The spill hasn’t poisoned the river.", "poisoned", "hasn't", 1.175),
    ("Guards prevented the massacre.", "massacre", "prevented", 1.75),
    ("The massacre was averted.", "massacre", "averted", 1.75),
    ("They fight against poverty.", "poverty", "against", 1.2),
    ("A victory over cancer.", "cancer", "victory", 1.475),
    ("The ministry cut aid.", "aid", "cut", -0.9),
    ("They lack relief.", "relief", "lack", -0.975),
]


@pytest.mark.parametrize(("text", "word", "by", "value"), TURNED)
def test_what_turns_a_word(text, word, by, value):
    row = explain_tone(text).set_index("words").loc[word]
    assert row.turned_by == by
    assert row.score == pytest.approx(value) and row.score == row.valence * tone.TURNED


def test_a_shifter_of_harm_leaves_help_and_the_other_way():
    assert explain_tone("They fight for peace.").turned_by.tolist() == ["", ""]
    assert explain_tone("They lack weapons.").turned_by.tolist() == ["", ""]


def test_a_harm_that_turns_a_harm_is_spent():
    table = explain_tone("They fight corruption.").set_index("words")
    assert table.loc["fight", "score"] == 0 and table.loc["fight", "turned_by"] == "corruption"
    assert score("They fight corruption.") > 0 > score("They fight.")


def test_negation_of_a_shifter_turns_twice():
    assert explain_tone("Nobody stopped the war.").score.iloc[-1] == pytest.approx(
        explain_tone("war").score.iloc[0] / 4
    )


def test_a_shifter_reaches_four_words_and_over_no_mark():
    assert explain_tone("Not in the old town killed.").turned_by.tolist() == [""]
    assert explain_tone("Not in the town killed.").turned_by.tolist() == ["not"]
    assert explain_tone("No, killed.").turned_by.tolist() == [""]
    assert explain_tone("Not late but killed.").turned_by.tolist()[-1] == ""


def test_names_have_no_tone_but_the_first_word_and_headlines_do():
    assert rows("The buses leave from Peace Street.") == []
    assert rows("It met the War Crimes Court of Free Orm there.") == []
    assert [row[0] for row in rows("They wanted Peace.")] == ["peace"]
    assert [row[0] for row in rows("Bomb Kills Nine In Orm Market")] == ["bomb", "kills"]


NAMES = st.sampled_from(
    [
        "Kelland",
        "Ostermark",
        "the army",
        "the rebels",
        "the regime",
        "Mira",
        "the opposition",
        "the government",
        "the progressives",
        "the union",
    ]
)
CLAUSES = st.sampled_from(
    [
        "{a} killed nine people near {b}.",
        "{a} said that {b} stopped the attack.",
        "{a} freed the hostages of {b}.",
        "No one in {a} was hurt by {b}.",
        "{a} broke the ceasefire with {b}.",
        "{a} did not end the siege of {b}.",
    ]
)


@given(CLAUSES, NAMES, NAMES)
def test_who_did_it_does_not_change_the_tone(clause, one, other):
    there, back = clause.format(a=one, b=other), clause.format(a=other, b=one)
    assert score(there) == score(back)
    assert explain_tone(there).words.tolist() == explain_tone(back).words.tolist()


def test_no_country_person_party_or_people_is_in_the_lexicon():
    names = """russia russian ukraine ukrainian america american israel israeli palestine
        palestinian gaza hamas iran iranian iraq iraqi china chinese europe european britain
        british germany german france french turkey turkish syria syrian afghan afghanistan
        taliban nato kremlin putin zelensky trump biden obama clinton bush reagan merkel
        republican democrat conservative labour socialist communist liberal progressive fascist
        leftist rightist muslim islam islamic islamist jew jewish christian catholic hindu arab
        kurd african asian hispanic latino black white gay lesbian immigrant migrant refugee
        rebel regime protestant shinto buddhist sikh sunni shia separatist insurgent militant nationalist populist libertarian victoria barbara
        warner bombay hello joyce robbins""".split()
    assert [name for name in names for form in (name, f"{name}s", f"{name}'s") if rows(form)] == []


def test_the_lexicon_is_well_formed():
    lexicon = read_lexicon()
    listed = [word for one in lexicon["class"] for word in one["words"].split()]
    assert len(listed) == len(set(listed)) > 1000
    assert all(word == word.lower() and "*" not in word[:-1] for word in listed)
    assert all(-4 <= one["valence"] <= 4 and one["definition"] for one in lexicon["class"])
    assert {one["id"]: one["turns"] for one in lexicon["shifter"]} == {
        "negation": ["harm", "help"],
        "ending": ["harm", "help"],
        "resisting": ["harm"],
        "scarcity": ["harm", "help"],
        "withholding": ["help"],
        "called_for": ["help"],
    }
    for kind in ("direction", "quantity"):  # each word has one direction, and is good or bad
        words = [word for one in lexicon[kind] for word in one["words"].split()]
        assert len(words) == len(set(words))
    assert all(one["rise"] * one["fall"] < 0 for one in lexicon["quantity"])


BITS = [
    "killed",
    "no",
    "not",
    "ended",
    "fight",
    "peace",
    "averted",
    "was",
    ",",
    "but",
    "no one",
    "Peace",
    "Street",
    "of",
    "'",
    "’s",
    "_",
    "a_b",
    "\x00",
    "北京",
    "😀",
    "é",
    "lack",
    "aid",
    "jobs",
    "lost",
    "prices",
    "up",
    "falls",
    "hopes",
    "over",
    "more",
    "growth",
    "than",
    "fewer",
]
TEXTS = st.one_of(st.lists(st.sampled_from(BITS), max_size=20).map(" ".join), st.text(max_size=60))


@given(TEXTS)
def test_any_text_has_a_tone_and_its_words_add_up_to_it(text):
    total = explain_tone(text).score.sum()
    total *= tone.QUESTION if text.rstrip("\"'”’ ").endswith("?") else 1
    n = sum(word[0].isalnum() for word in tone.WORD.findall(text.replace("’", "'").lower()))
    assert score(text) == pytest.approx(total / math.sqrt(total**2 + n + 15))
    assert -1 < score(text) < 1
    assert describe_tone([text]).startswith(f"{score(text) + 0:+.2f}")


def test_nothing_to_score():
    assert score("") == 0 and score_tone([]).tolist() == []
    assert list(explain_tone("").columns) == ["words", "class", "valence", "turned_by", "score"]
    series = score_tone(pd.Series(["killed", ""], index=[7, 9]))
    assert series.index.tolist() == [7, 9] and series.name == "tone"
    assert describe_tone([]) == ""


def test_describe_tone_says_what_turned_what():
    assert describe_tone(["They fight corruption.", "It rains."]).split("\n") == [
        "+0.28  They fight corruption.",
        "       fight: slight setback -1.20, spent on “corruption”",
        "       corruption: harm -2.50, turned by “fight”: +1.25",
        "+0.00  It rains.",
    ]


def test_work_grows_with_the_length_and_not_its_square():
    def steps(n):
        count, text = 0, "Nobody stopped the war, killed the peace was averted " * n

        def trace(frame, event, _):
            nonlocal count
            count += event == "line"
            return trace if frame.f_code.co_filename == tone.__file__ else None

        before = sys.gettrace()  # of coverage, when that is measured
        sys.settrace(trace)
        try:
            tone.score_tone([text])
        finally:
            sys.settrace(before)
        return count

    steps(5)  # the words are looked up once
    assert steps(400) < 4.4 * steps(100)
