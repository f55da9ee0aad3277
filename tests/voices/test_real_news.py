"""Kinds of attribution that real news has: what is said, by whom, and what is none."""

import pytest

from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.voices import find_voices, spell_out

# text: [(speaker, content)] of its voices in order
FOUND = {
    "an_intransitive_verb": (
        "The mayor said the firm would appeal.",
        [("mayor", "the firm would appeal")],
    ),
    "not_what_the_narrator_sees": (
        "“We knew nothing,” said Ms. Venn, standing outside the gate.",
        [("Venn", "“We knew nothing,”")],
    ),
    "not_the_pointing": (
        "“It held,” the mayor said, pointing at the map.",
        [("mayor", "“It held,”")],
    ),
    "not_the_dateline": (
        "TARVEL, Norway (AP) — The dam broke, officials said.",
        [("officials", "The dam broke")],
    ),
    "not_the_dashes": (
        "TARVEL -- The dam broke, officials said.",
        [("officials", "The dam broke")],
    ),
    "a_day_is_not_said": ("The bank said on Friday it would pay.", [("bank", "it would pay")]),
    "a_statement_is_not_said": (
        'Ada Venn said in a statement: "We regret it."',
        [("Ada Venn", '"We regret it."')],
    ),
    "a_warning_after_a_quotation": (
        "“It will rain,” warned Ada Brook.",
        [("Ada Brook", "“It will rain,”")],
    ),
    "an_addressee_is_not_said": (
        "Venn told reporters the vote was a sham.",
        [("Venn", "the vote was a sham")],
    ),
    "a_committee_is_not_said": ("Venn told the committee he had lied.", [("Venn", "he had lied")]),
    "an_agency_is_not_said": ("Venn told AFP: “We won.”", [("Venn", "“We won.”")]),
    "a_dash_and_a_name": (
        "“She will help the port.” -Commissioner Ada Venn",
        [("Ada Venn", "“She will help the port.”")],
    ),
    "a_name_on_its_own_line": (
        "“We never saw it.”\n\n― Ada Venn",
        [("Ada Venn", "“We never saw it.”")],
    ),
    "from_somebody": (
        "And from Mayor Ada Venn:\n\n“It will last.”",
        [("Ada Venn", "“It will last.”")],
    ),
    "single_marks": ("'It is late,' Ms Venn said.", [("Venn", "'It is late,'")]),
    "a_lost_mark": (
        'Boats are lost without a word, " the mayor said.',
        [("mayor", 'Boats are lost without a word, "')],
    ),
    "a_headline": ("Venn: Town was warned", [("Venn", "Town was warned")]),
    "a_poll": (
        "Poll: Two rivals level before debate",
        [("Poll", "Two rivals level before debate")],
    ),
    "quoted_as_saying": (
        "Ada Venn was quoted as saying the wall was weak.",
        [("Ada Venn", "the wall was weak")],
    ),
    "accused_by_nobody": ("Venn was accused of theft.", [(None, "of theft")]),
    "a_second_pronoun": (
        "“We won,” he said. “They lost,” she said.",
        [("he", "“We won,”"), ("she", "“They lost,”")],
    ),
    "a_participle_before_the_verb": (
        "Lund, the carmaker founded in 1903, said profits fell.",
        [("Lund", "profits fell")],
    ),
    "a_title_of_two_words": (
        "Chief Executive Ada Venn wrote that it was late.",
        [("Ada Venn", "it was late")],
    ),
    "a_relative_clause": (
        "A woman who lives nearby said she heard shots.",
        [("woman", "she heard shots")],
    ),
    "an_adverb_in_the_source": (
        "Venn further asserted that it was late.",
        [("Venn", "it was late")],
    ),
    "a_lawyer_after_a_quotation": (
        '"It is not over," Venn\'s lawyer, Ines Vale, said.',
        [("Ines Vale", '"It is not over,"')],
    ),
    "a_transcript": (
        "ADA VENN, HOST: Good evening.\n\nTOM HALE, CHIEF: It rains. We have no boats.",
        [("Ada Venn", "Good evening"), ("Tom Hale", "It rains"), ("Tom Hale", "We have no boats")],
    ),
    "a_colon_before_a_paragraph": (
        "Venn continued:\n\n“It is late.”",
        [("Venn", ""), ("Venn", "“It is late.”")],
    ),
    "per": ("The road is shut, per the ministry.", [("ministry", "The road is shut")]),
    # none
    "a_title_is_won": ("Venn beat her rivals to claim the nomination.", []),
    "a_noun_as_a_verb": ("The world champion clocked nine seconds.", []),
    "states_are_places": ("In 20 of the 28 states for which there were data, it rose.", []),
    "an_imperative": ("Please ask yourself that question.", []),
    "thanks": ("Thank you for signing up.", []),
    "no_income_to_report": ("He had no income to report in those years.", []),
    "an_appeal_for_witnesses": ("Police in Tarvel are appealing for witnesses.", []),
    "a_credit": ("(Additional reporting by Ada Venn in Oslo)", []),
    "a_name_like_a_verb": ("He left the Marvel studio.", []),
}


@pytest.mark.parametrize(("text", "expected"), FOUND.values(), ids=FOUND)
def test_what_is_said_by_whom(text, expected):
    documents = make_documents([text])
    voices, _, _ = find_voices(documents, *tokenise(documents))
    speakers = [None if name != name else name for name in voices.speaker]
    contents = spell_out(documents, voices).content
    assert list(zip(speakers, contents, strict=True)) == expected
