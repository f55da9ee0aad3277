"""Who a description stands for, and the class in which somebody is introduced."""

import pytest

from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.classes import classify
from framebook.voices.voices import find_voices, spell_out


def speakers(text):
    """Return [(speaker, class)] of the attributions of a text."""
    documents = make_documents([text])
    found = spell_out(documents, find_voices(documents, *tokenise(documents))[0])
    return list(zip(found.speaker, found.speaker_class, strict=True))


DESCRIBED = {
    "age": (
        "Tom Farrow, 34, a plumber, said he was cold. The 34-year-old said he was tired.",
        ("Tom Farrow", "citizen"),
    ),
    "people": (
        "Tennis player Ivo Marn said he felt strong. “I won,” said the Croatian.",
        ("Ivo Marn", "celebrity_sport"),
    ),
    "father": (
        "Gerald Ash and Louise Ash were tried. The father said he was sorry.",
        ("Gerald Ash", "other"),
    ),
    "company": (
        "Lumex Ltd said sales fell. The company said prices rose.",
        ("Lumex Ltd", "business"),
    ),
    "force": (
        "Kent Police said a man had died. The force said it was looking for a car.",
        ("Kent Police", "judiciary_police"),
    ),
    "another union": (
        "Lumex Ltd said sales fell. The dockers’ union said prices rose.",
        ("dockers’ union", "organisation"),
    ),
    "a man before": (
        "Dan Orr, 40, left. A man ran out. The man said it was dark.",
        ("man", "citizen"),
    ),
    "two people": (
        "Lars Holt said it rained. Mette Brandt said it snowed. They agreed to meet again.",
        ("Lars Holt and Mette Brandt", "other"),
    ),
    "sender": (
        "Ada Venn said in a statement that it rained. The statement said the dam was full.",
        ("Ada Venn", "other"),
    ),
    "one of them": (
        "Fans defended the singer. One wrote: “Everyone has bad days.”",
        ("One", "citizen"),
    ),
    "apposed body": (
        "Her party, the Free Democrats, called for a vote.",
        ("Free Democrats", "legislature_party"),
    ),
    "dateline": (
        "KELMARSH, Ostrava (AP) — A tunnel closed. The drivers’ union demanded a ferry.",
        ("drivers’ union", "organisation"),
    ),
}


@pytest.mark.parametrize(("text", "last"), DESCRIBED.values(), ids=DESCRIBED)
def test_a_description_is_whom_the_article_named(text, last):
    assert speakers(text)[-1] == last


INTRODUCED = {
    "its": ("The union met. Its leader, Agnes Moll, said no.", "organisation"),
    "peer": (
        "Senator Rosa Dell and her colleague Ben Whit criticised it. Whit said no.",
        "legislature_party",
    ),
    "counterpart": (
        "Prime Minister Lars Holt met his Danish counterpart, Mette Brandt. She said no.",
        "government",
    ),
    "spokesman of whom": ("The bank closed. Spokesman Carl Weir said no.", "business"),
    "studies": ("“No,” said Noel Hark, who studies insects.", "expert"),
    "lost a son": ("“No,” said Ruth Adler, whose son was killed.", "citizen"),
    "of an institute": ("Marta Quir of the Institute of Botany said no.", "expert"),
    "list": ("Defectors including Tom Dev and Mark Rath left. Rath said no.", "citizen"),
    "list of actors": (
        "Actors such as Tom Dev and Mark Rath left. Rath said no.",
        "celebrity_sport",
    ),
    "nearest": ("He liked the policies of Ilverran minister Ada Venn. She said no.", "government"),
    "body": ("Doctors Without Borders said no.", "organisation"),
    "joined body": ("The Leeds Teachers’ Union said no.", "organisation"),
    "paper": ("The Orr Post said no.", "media"),
    "refugee agency": ("The United Nations refugee agency said no.", "organisation"),
    "maker": ("Drugmaker Novalis rose. Novalis said no.", "business"),
    "share": ("Six in ten said no.", "citizen"),
    "first name": ("Bill Trask, who lives nearby, said no.", "citizen"),
}


@pytest.mark.parametrize(("text", "speaker_class"), INTRODUCED.values(), ids=INTRODUCED)
def test_the_class_is_that_of_the_introduction(text, speaker_class):
    assert speakers(text)[-1][1] == speaker_class


def test_sport_makes_a_captain_no_soldier():
    game = "The match was the last of the season. Striker Olu Banjo scored a goal for the team. "
    game += "The coach said the players won the cup final. Halden captain Ryan Peak said no."
    assert speakers(game)[-1] == ("Ryan Peak", "celebrity_sport")
    assert speakers("Army captain Ryan Peak said no.")[-1] == ("Ryan Peak", "military")


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("the head of the teachers' union", "organisation"),
        ("a volcanologist", "expert"),
        ("scaffolders", "citizen"),
        ("an aide to the senator", "legislature_party"),
        ("the miners' leader", "organisation"),
        ("a woman who fled", "citizen"),
        ("a lawyer for the company", "other"),
    ],
)
def test_a_description_is_read_by_its_head(phrase, name):
    assert classify(phrase) == name


NOT_SAID = [
    "A court heard that the man had pleaded not guilty.",
    "He was known to officers.",
    "The firm did not answer requests for comment.",
    "Neither Holt nor the council would say why.",
    "They commit crimes.",
    "The talks aimed at ending the strike will begin.",
    "Grants go to cities and states that comply.",
]


@pytest.mark.parametrize("text", NOT_SAID)
def test_nothing_is_attributed(text):
    assert [name for name, kind in speakers(text) if kind != "unspecified"] == []


SOURCES = {
    "The minister said Monday that it rained.": "minister",
    "Erik, an aide of many countries, said Monday that it rained.": "Erik",
    "Her husband, Jacob, said he still sets a place.": "Jacob",
    "She told him by phone that planes had bombed a market.": "She",
    "Meanwhile, Kurier, a newspaper, said he was ill.": "Kurier",
    "On live television Venn attacked the plan.": "Venn",
    "Mr Herron - who won fame as one of the “martyrs” - said he was not convinced.": "Herron",
    "Brannock Inc. said in a statement that it had followed every rule.": "Brannock Inc",
    "The five unions meeting Mr Prescott want a review.": "five unions meeting Mr Prescott",
    "Villagers fear that the water is bad.": "Villagers",
}


@pytest.mark.parametrize(("text", "speaker"), SOURCES.items())
def test_the_source_is_cut_right(text, speaker):
    assert [name for name, _ in speakers(text)] == [speaker]


def test_a_quotation_that_goes_on_is_the_outer_speakers():
    text = "“The mayor told me that it was safe,” said Ann Fox. “I did not believe it.”"
    assert speakers(text)[-1][0] == "Ann Fox"


def test_a_quotation_run_on_begins_again():
    text = '"He is strong," said coach Dai Orr. "John is keen on the game. "He is quick."'
    assert {name for name, _ in speakers(text)} == {"Dai Orr"}
