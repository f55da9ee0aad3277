"""Who a source is: the head of its phrase, names, pronouns, and sources without a name."""

import pytest

from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.voices import find_voices

SPEAKERS = {
    "an_initial_is_part_of_the_name": (
        "The board met. “It will stand,” said Marta J. Ferris, a bridge engineer.",
        "Marta J. Ferris",
        "expert",
    ),
    "an_adviser_is_not_whom_she_advises": (
        "Governor Iva Lund spoke. “Jobs will go,” said Ora Finch, a former adviser to Governor "
        "Iva Lund.",
        "Ora Finch",
        "government",
    ),
    "a_possessive_in_the_apposition": (
        "“All will lose,” said Tom Hale, President Ferris’s trade negotiator.",
        "Tom Hale",
        "government",
    ),
    "the_name_after_a_relative": (
        "Hale’s mother, Clara Moss, said that he was home.",
        "Clara Moss",
        "citizen",
    ),
    "the_name_after_a_place_and_office": (
        "The Tarvel mayor, Ada Venn, said that the road was shut.",
        "Ada Venn",
        "government",
    ),
    "the_head_of_a_firm": (
        "Ada Venn, CEO of Lund Foods, said that prices would rise.",
        "Ada Venn",
        "business",
    ),
    "a_first_name_and_particle": (
        "Ada van der Berg, a senator, said that it was late.",
        "Ada van der Berg",
        "legislature_party",
    ),
    "an_apostrophe_is_no_possessive": (
        "Mayor Ada O’Hara said it was late.",
        "Ada O’Hara",
        "government",
    ),
    "people_close_to_somebody": (
        "People close to Mr. Hale said he would leave.",
        "People close to Mr. Hale",
        "unnamed",
    ),
    "a_source_in_a_ministry": (
        "A source in the ministry said the claim was false.",
        "source in the ministry",
        "unnamed",
    ),
    "somebody_s_lawyer": (
        "Police held Tom Hale. Mr. Hale’s lawyer said the charge was absurd.",
        "Mr. Hale’s lawyer",
        "other",
    ),
    "a_country_is_not_its_president": (
        "President Xan Ferris of Norway came. Norway said on Tuesday that it would pay.",
        "Norway",
        "government",
    ),
    "mr_is_no_woman": (
        "President Ferris came. The first lady, Nora Ferris, was with him. Mr. Ferris said it "
        "was late.",
        "Ferris",
        "government",
    ),
    "he_is_a_person": (
        "Mayor Tom Hale came on Labor Day. The Eastern Sea was calm, he said.",
        "Tom Hale",
        "government",
    ),
    "the_office_is_whoever_holds_it": (
        "Prime Minister Ada Venn came. The prime minister said it was late.",
        "Ada Venn",
        "government",
    ),
    "letters_stand_for_the_body": (
        "The Lund Relief Organization (LRO) met. The LRO said it was late.",
        "Lund Relief Organization",
        "organisation",
    ),
    "a_report_speaks_for_its_maker": (
        "The work is late, according to a report by Lund University.",
        "Lund University",
        "organisation",
    ),
    "a_statement_of_the_subject": (
        "The Lund Relief Organization released a statement saying that it was late.",
        "Lund Relief Organization",
        "organisation",
    ),
    "two_speakers_of_one_cue": (
        "Ada Venn and Tom Hale said that it was late.",
        "Ada Venn and Tom Hale",
        "other",
    ),
    "a_company_with_a_mark_of_the_exchange": (
        "Lund AG <LUND.F> said net profit rose in May.",
        "Lund AG",
        "business",
    ),
    "a_company_that_ends_in_an_s": (
        "Moody’s said it had cut the debt.",
        "Moody",
        "other",
    ),
    "a_surname_that_is_a_trade": (
        "Baker said that the plan was dead.",
        "Baker",
        "other",
    ),
    "a_trade_before_a_name": (
        "Farmer Gil Venn said it was late.",
        "Gil Venn",
        "citizen",
    ),
    "an_adverb_before_a_name": (
        "The mayor met Tom Hale. Later Hale said it was late.",
        "Tom Hale",
        "other",
    ),
    "a_heading_is_nobody": (
        "STORY: The mayor said it was late.",
        "mayor",
        "government",
    ),
    "the_boss_of_a_team": (
        "Lund boss Gil Venn said the team lost the match since the striker, the winger and the "
        "goalkeeper were hurt; the league and the cup were lost, and the season, the coach and "
        "the midfielder with them.",
        "Gil Venn",
        "celebrity_sport",
    ),
    "when_it_was_said_is_no_part_of_the_name": (
        "Ann Williams lost. “I was cold,” said Williams afterwards.",
        "Ann Williams",
        "other",
    ),
    "nobody_within_a_quotation_says_it": (
        "Gil Venn met the council. “It is full of men like Tom Hale,” he said.",
        "Gil Venn",
        "other",
    ),
    "a_preposition_before_a_name": (
        "Tom Hale came. Like Hale, Gil Venn was late. Venn said it was cold.",
        "Gil Venn",
        "other",
    ),
    "the_author": ("I said that it was late.", "the author (I)", "other"),
}


def speakers_of(text):
    documents = make_documents([text])
    voices, _, _ = find_voices(documents, *tokenise(documents))
    return voices


@pytest.mark.parametrize(("text", "speaker", "name"), SPEAKERS.values(), ids=SPEAKERS)
def test_the_speaker(text, speaker, name):
    voices = speakers_of(text)
    assert voices[["speaker", "speaker_class"]].iloc[-1].tolist() == [speaker, name]
