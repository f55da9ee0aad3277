"""Single words, marks and names: what each is, in tables to be read."""

import pytest

from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices import kinds
from framebook.voices.by_voice import count_words
from framebook.voices.classes import builtin, by_ending, classify
from framebook.voices.kinds import kinds_of
from framebook.voices.linking import read_person
from framebook.voices.quotations import quotation_spans
from framebook.voices.turns import find_turns


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said “yes” and “no”.", ["“yes”", "“no”"]),
        ('He said "yes" and "no".', ['"yes"', '"no"']),
        ("He said «oui» and left.", ["«oui»"]),
        ("He said: ‘It is late.’ Then he left.", ["‘It is late.’"]),
        ("It is Ada’s and the dogs’ bowl.", []),
        ("“It goes on\nand here not.", ["“It goes on"]),
        ("‘It goes on\nand here not.", []),
        ("“It goes on", ["“It goes on"]),
        ("‘It goes on", []),
        ('It rained. It was cold, " Ada Venn said.', ['It was cold, "']),
        ('It was cold, " Ada Venn said.', ['It was cold, "']),
        ('It was cold," said Ada Venn.', ['It was cold,"']),
        ("“It ran,“ said Venn. “It fell.”", ["“It ran,“", "“It fell.”"]),
        ('"It ran. "It fell," he said.', ['"It ran. ', '"It fell,"']),
        ("'It is late,' she said. 'Go.'", ["'It is late,'", "'Go.'"]),
        ("It's Ada's and the dogs' bowl.", []),
        ("The 'old' mill", ["'old'"]),
        ("“The 'old' mill”", ["“The 'old' mill”"]),
        ("“One” \n “two”", ["“One”", "“two”"]),
        ("", []),
    ],
)
def test_what_is_quoted(text, quoted):
    assert [text[a:b] for a, b in quotation_spans(text)] == quoted


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        (
            "VENN: It rains.\nORR: It snows.\n",
            [("VENN", "VENN: It rains.\n", True), ("ORR", "ORR: It snows.\n", True)],
        ),
        ("VENN: It rains.\nIt snows.", []),
        (
            "Ada Venn: It rains.\nTom Orr: No.\nAda Venn: Yes.",
            [
                ("Ada Venn", "Ada Venn: It rains.\n", True),
                ("Tom Orr", "Tom Orr: No.\n", True),
                ("Ada Venn", "Ada Venn: Yes.", True),
            ],
        ),
        ("Ada Venn: It rains.\nTom Orr: No.\nIda Moss: Yes.", []),
        ("Ada Venn: It rains.\nAda Venn: No.", []),
        ("And from Ada Venn:\n\n“It rains.”\n\nMore.", [("Ada Venn", "“It rains.”", False)]),
        ("Ada Venn later said:\n“It rains.”", [("Ada Venn", "“It rains.”", False)]),
        ("“It rains.” — Ada Venn", [("Ada Venn", "“It rains.”", False)]),
        ("One.\n“It rains.”\n— Ada Venn\n", [("Ada Venn", "“It rains.”", False)]),
        ("Ada Venn said it rains.", []),
    ],
)
def test_whose_turn_it_is(text, turns):
    found = [
        (text[slice(*one.who)], text[one.start : one.end], one.label) for one in find_turns(text)
    ]
    assert found == turns


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Venn", "CAPITAL"),
        ("NATO", "CAPITAL SHOUT"),
        ("Venn’s", "CAPITAL POSSESSIVE"),
        ("mill's", "POSSESSIVE"),
        ("quickly", "ADVERB"),
        ("fly", ""),
        ("mills", "PLURAL"),
        ("glass", ""),
        ("mill", ""),
        ("isn't", "BE"),
        ("hasn’t", "HAVE"),
        ("couldn't", "MODAL"),
        (",", "STOP"),
        ("“", "STOP"),
        ("of", "PREPOSITION"),
        ("the", "DETERMINER"),
        ("she", "PRONOUN"),
        ("THE", "CAPITAL SHOUT DETERMINER"),
    ],
)
def test_the_kinds_of_a_word(word, expected):
    names = (
        "CAPITAL SHOUT POSSESSIVE ADVERB PLURAL BE HAVE MODAL STOP PREPOSITION DETERMINER PRONOUN"
    )
    found = {name for name in names.split() if kinds_of(word) & getattr(kinds, name)}
    assert found == set(expected.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the mayor of Orr", "government"),
        ("a spokesman for the bank", "business"),
        ("an aide to the senator", "legislature_party"),
        ("the dockers’ leader", "organisation"),
        ("a lawyer for the company", "other"),
        ("the head of the police", "judiciary_police"),
        ("the head of the teachers’ union", "organisation"),
        ("a volcanologist", "expert"),
        ("two plumbers", "citizen"),
        ("a man who knows the mayor", "citizen"),
        ("experts at the WHO", "expert"),
        ("someone", "unnamed"),
        ("Brunfels", "other"),
        ("", "other"),
        ("the coach of the team", "celebrity_sport"),
    ],
)
def test_the_class_of_a_description(text, expected):
    assert classify(text) == expected
    assert classify(text) == expected  # from what is remembered


def test_a_pattern_is_the_longest_that_fits():
    known = builtin()
    words = ["prime", "minister", "of", "orr"]
    assert known.at(words, 0, 4) == (2, "government")
    assert known.at(words, 1, 4) == (1, "government")
    assert known.at(words[:1], 0, 1)[0] == 1
    assert known.at(words, 2, 4) == (1, None)
    assert by_ending([]) == "other"
    assert [known.is_open(text) for text in ("president", "the mayor of Orr", "a baker")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ada Brook", ["ada", "brook"]),
        ("Ada J. Brook", ["ada", "j", "brook"]),
        ("Mayor Ada Brook", ["ada", "brook"]),
        ("Mayor Brook", ["brook"]),
        ("Mr Brook", []),
        ("Mr Tom Brook", ["tom", "brook"]),
        ("President-elect Brook", ["brook"]),
        ("Ada van der Brook", ["ada", "van", "der", "brook"]),
        ("Ada van der Brook Lund", []),
        ("the mayor", []),
        ("Norway", []),
        ("Orr Bank", []),
        ("Tom Brook Jr.", []),
        ("Zoë Brøk", ["zoe", "brøk"]),
    ],
)
def test_the_words_of_a_name(name, words):
    assert read_person(name) == words


def test_words_are_counted_from_any_character_to_any_other():
    import re

    import pandas as pd

    text = "Ada’s well-known, e.g. 1,000 mills — “no-one”… a. b"
    documents = make_documents([text, "x, y"])
    assert len(tokenise(documents)[1]) > 10
    pairs = [(0, a, b) for a in range(len(text)) for b in range(a, len(text) + 1)]
    pairs += [(1, a, b) for a in range(4) for b in range(a, 5)]
    segments = pd.DataFrame(pairs, columns=["doc_id", "start", "end"])
    segments["sent_id"] = segments.doc_id * 2**20
    counts = count_words(segments, documents)
    plain = [len(re.findall(r"\w+(?:[-'’.,]\w+)*", documents.text[d][a:b])) for d, a, b in pairs]
    assert counts.tolist() == plain and counts.dtype == "int64"
    assert count_words(segments.assign(n_words=7), documents).eq(7).all()
