"""Who answers for the claims: what a careful reader expects of sentences, and what is counted.

Each case was written from reading the sentence. Where readers may differ, the alternatives
stand side by side. Content is compared without the marks at its ends. A case that the rules
do not meet yet is in NOT_YET with what is wrong; it fails when it comes to be met, so that
the list stays true.
"""

import re
import time
from dataclasses import dataclass

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framebook.common.folders import PROJECT
from framebook.framing.codebook import load_codebook
from framebook.framing.cues import find_cues
from framebook.loading.articles import load_documents
from framebook.tables import make_documents, text_of
from framebook.tokenising.bulk import tokenise
from framebook.voices.portrayal import find_portrayals
from framebook.voices.voices import assign_voices, find_voices

MARKS = " \n.,;:—–“”‘’\"'«»🙂"


@dataclass
class Voice:
    """What is expected of an attribution. A tuple is a choice; None means that there is none."""

    source: str | tuple | None
    cue: str | tuple | None
    content: str | tuple  # pieces are joined by " / "
    act: str | tuple
    speaker: str | tuple | None
    speaker_class: str
    form: str = "paraphrased"
    parent: int | None = None  # the number of the voice that this one stands in


def choice(value):
    return value if isinstance(value, tuple) else (value,)


def plain(name):
    """Return a speaker's name as it is compared: no article, small letters."""
    return None if name is None else re.sub(r"(?i)^(the|a|an) ", "", name).lower()


def analyse(text):
    """Return (documents, sentences, voices, segments, actors) of one text."""
    documents = make_documents([text])
    sentences, tokens = tokenise(documents)
    return documents, sentences, *find_voices(documents, sentences, tokens)


def as_read(text, voices):
    """Return the voices table as a list of what can be compared, in order of the table."""

    def cut(ranges):
        return [text[a:b].strip(MARKS) for a, b in ranges]

    numbers = {voice_id: n for n, voice_id in enumerate(voices.voice_id)}
    return [
        {
            "source": " ".join(cut(row.source)) or None,
            "cue": " ".join(cut(row.cue)) or None,
            "content": " / ".join(cut(row.content)),
            "act": row.act,
            "speaker": None if pd.isna(row.speaker) else plain(row.speaker),
            "speaker_class": row.speaker_class,
            "form": row.form,
            "parent": None if pd.isna(row.parent_id) else numbers[row.parent_id],
        }
        for row in voices.itertuples()
    ]


def differences(text, voices, expected):
    """Yield a sentence for each way in which the voices differ from those expected.

    They are compared in order of their cues, or of their content where there is no cue.
    """
    place = [(v.cue or v.content)[0][0] for v in voices.itertuples()]
    voices = voices.iloc[sorted(range(len(voices)), key=place.__getitem__)]
    found = as_read(text, voices)
    if len(found) != len(expected):
        said = [f"{one['source']} | {one['cue']} | {one['content']}" for one in found]
        yield f"{len(expected)} voices expected, {len(found)} found: {said}"
        return
    for number, (one, wanted) in enumerate(zip(found, expected, strict=True)):
        for name, value in one.items():
            allowed = choice(getattr(wanted, name))
            if name == "speaker":
                allowed = tuple(map(plain, allowed))
            if value not in allowed:
                wished = " or ".join(map(repr, allowed))
                yield f"Voice {number}: {name} is {value!r}, expected {wished}"


CRANE = ("Ada Crane", "government")
CASES = {
    # where the attribution stands
    "according_to_first": (
        "According to Mayor Ada Crane, the bridge is safe.",
        [Voice("Mayor Ada Crane", "According to", "the bridge is safe", "report", *CRANE)],
    ),
    "according_to_last": (
        "The bridge is safe, according to Mayor Ada Crane.",
        [Voice("Mayor Ada Crane", "according to", "The bridge is safe", "report", *CRANE)],
    ),
    "according_to_in_the_middle": (
        "The bridge, according to Mayor Ada Crane, is safe.",
        [Voice("Mayor Ada Crane", "according to", "The bridge / is safe", "report", *CRANE)],
    ),
    "according_to_a_document": (
        "The bridge is safe, according to a report by the ministry.",
        [
            Voice(
                "a report by the ministry",
                "according to",
                "The bridge is safe",
                "report",
                "ministry",
                "government",
            )
        ],
    ),
    "said_that": (
        "Mayor Ada Crane said that the bridge was safe.",
        [Voice("Mayor Ada Crane", "said", "the bridge was safe", "say", *CRANE)],
    ),
    "said_without_that": (
        "Mayor Ada Crane said the bridge was safe.",
        [Voice("Mayor Ada Crane", "said", "the bridge was safe", "say", *CRANE)],
    ),
    "adverbial_first": (
        "On Monday the minister said that the road would reopen.",
        [Voice("the minister", "said", "the road would reopen", "say", "minister", "government")],
    ),
    "said_in_the_middle": (
        "The bridge, Mayor Ada Crane said, was safe.",
        [Voice("Mayor Ada Crane", "said", "The bridge / was safe", "say", *CRANE)],
    ),
    "said_last": (
        "The bridge was safe, the mayor said.",
        [Voice("the mayor", "said", "The bridge was safe", "say", "mayor", "government")],
    ),
    "as_someone_said": (
        "As the mayor said, the bridge is safe.",
        [
            Voice(
                "the mayor",
                ("said", "As said"),
                "the bridge is safe",
                "say",
                "mayor",
                "government",
            )
        ],
    ),
    "told_someone_that": (
        "The minister told reporters that the road would reopen.",
        [
            Voice(
                "The minister",
                ("told", "told reporters"),
                "the road would reopen",
                "say",
                "minister",
                "government",
            )
        ],
    ),
    "apposition": (
        "Lena Ward, an economist, said that prices would fall.",
        [
            Voice(
                ("Lena Ward", "Lena Ward, an economist"),
                "said",
                "prices would fall",
                "say",
                "Lena Ward",
                "expert",
            )
        ],
    ),
    "relative_clause_between": (
        "Mayor Ada Crane, who leads the council, said that the bridge was safe.",
        [
            Voice(
                ("Mayor Ada Crane", "Mayor Ada Crane, who leads the council"),
                "said",
                "the bridge was safe",
                "say",
                *CRANE,
            )
        ],
    ),
    "two_speakers": (
        "The mayor said that the bridge was safe, but residents fear that it is not.",
        [
            Voice("The mayor", "said", "the bridge was safe", "say", "mayor", "government"),
            Voice("residents", "fear", "it is not", "feel", "residents", "citizen"),
        ],
    ),
    "said_last_on_a_day": (
        "The army has cleared the field, the Ministry of Trade announced on Tuesday.",
        [
            Voice(
                "the Ministry of Trade",
                "announced",
                "The army has cleared the field",
                "say",
                "Ministry of Trade",
                "government",
            )
        ],
    ),
    "a_report_by_someone_shows": (
        "The dam was weak, a report published by the council shows.",
        [
            Voice(
                ("a report published by the council", "a report"),
                "shows",
                "The dam was weak",
                ("report", "argue", "confirm"),
                "council",
                "legislature_party",
            )
        ],
    ),
    "office_then_name": (
        "The Deputy Prime Minister, Maren Holt, said that help was near.",
        [
            Voice(
                ("The Deputy Prime Minister, Maren Holt", "Maren Holt"),
                "said",
                "help was near",
                "say",
                "Maren Holt",
                "government",
            )
        ],
    ),
    "hydrologist_who_advised": (
        "Dr. Ysolde Karr, a hydrologist who advised on the refit, said that the dam was old.",
        [
            Voice(
                (
                    "Dr. Ysolde Karr",
                    "Dr. Ysolde Karr, a hydrologist",
                    "Dr. Ysolde Karr, a hydrologist who advised on the refit",
                ),
                "said",
                "the dam was old",
                "say",
                "Ysolde Karr",
                "expert",
            )
        ],
    ),
    "general_who_commands_engineers": (
        "Lt. Gen. Orsin Bell, who commands the Engineer Corps, said that the water was high.",
        [
            Voice(
                ("Lt. Gen. Orsin Bell", "Lt. Gen. Orsin Bell, who commands the Engineer Corps"),
                "said",
                "the water was high",
                "say",
                "Orsin Bell",
                "military",
            )
        ],
    ),
    "mayor_whose_signature": (
        "Ada Crane, the mayor, whose signature is on the letter, said that no rule was broken.",
        [
            Voice(
                (
                    "Ada Crane",
                    "Ada Crane, the mayor",
                    "Ada Crane, the mayor, whose signature is on the letter",
                ),
                "said",
                "no rule was broken",
                "say",
                *CRANE,
            )
        ],
    ),
    "according_to_someone_who": (
        "The work is slow, according to Gen. Orsin Bell, who commands the corps.",
        [
            Voice(
                ("Gen. Orsin Bell", "Gen. Orsin Bell, who commands the corps"),
                "according to",
                "The work is slow",
                "report",
                "Orsin Bell",
                "military",
            )
        ],
    ),
    "a_body_which_said": (
        "The plan was drawn up by the council, which said that it was lawful.",
        [
            Voice(
                ("the council", "which", "the council, which"),
                "said",
                "it was lawful",
                "say",
                "council",
                "legislature_party",
            )
        ],
    ),
    "said_that_and_called": (
        "The mayor insisted that all was well and called the claim “a disgrace”.",
        [
            Voice(
                "The mayor",
                "insisted",
                "all was well",
                ("stress", "urge"),
                "mayor",
                "government",
            ),
            Voice(
                "The mayor",
                "called",
                "the claim “a disgrace",
                "frame",
                "mayor",
                "government",
                "mixed",
            ),
        ],
    ),
    # acts
    "asked_whether": (
        "Residents asked whether the bridge was safe.",
        [
            Voice(
                "Residents",
                "asked",
                ("whether the bridge was safe", "the bridge was safe"),
                "ask",
                "residents",
                "citizen",
            )
        ],
    ),
    "denied": (
        "The company denied that anyone had been hurt.",
        [Voice("The company", "denied", "anyone had been hurt", "deny", "company", "business")],
    ),
    "did_not_say": (
        "The mayor did not say when the bridge would open.",
        [
            Voice(
                "The mayor",
                "did not say",
                "when the bridge would open",
                ("say", "deny"),
                "mayor",
                "government",
            )
        ],
    ),
    "promised_to": (
        "The government has pledged to rebuild the school.",
        [
            Voice(
                "The government",
                ("has pledged", "has pledged to"),
                ("to rebuild the school", "rebuild the school"),
                "promise",
                "government",
                "government",
            )
        ],
    ),
    "announced": (
        "The Ministry of Reconstruction announced that work had begun.",
        [
            Voice(
                "The Ministry of Reconstruction",
                "announced",
                "work had begun",
                "say",
                "Ministry of Reconstruction",
                "government",
            )
        ],
    ),
    "unnamed_critics": (
        "Critics say the plan is weak.",
        [Voice("Critics", "say", "the plan is weak", "say", "critics", "unnamed")],
    ),
    "a_document_says": (
        "The report says that the dam was weak.",
        [Voice("The report", "says", "the dam was weak", "say", "report", "document")],
    ),
    "rejected_that_account": (
        "The ministry rejected that account.",
        [Voice("The ministry", "rejected", "that account", "deny", "ministry", "government")],
    ),
    "a_memorandum_describes": (
        "A memorandum describes the figure as low.",
        [
            Voice(
                "A memorandum",
                "describes",
                ("the figure as low"),
                "frame",
                "memorandum",
                "document",
            )
        ],
    ),
    "accused": (
        "The mayor has accused his critics of lying.",
        [
            Voice(
                "The mayor",
                "has accused",
                "his critics of lying",
                "blame",
                "mayor",
                "government",
            )
        ],
    ),
    # passives and participles
    "passive_with_by": (
        "The fire has been described by the union as an accident.",
        [
            Voice(
                "the union",
                "has been described",
                ("as an accident", "The fire / as an accident"),
                "frame",
                "union",
                "organisation",
            )
        ],
    ),
    "warned_by_the_army_not_to": (
        "Families were warned by the army not to return.",
        [
            Voice(
                "the army",
                "were warned",
                ("not to return", "Families / not to return"),
                ("argue", "urge", "threaten"),
                "army",
                "military",
            )
        ],
    ),
    "passive_without_by": (
        "The fire has been described as an accident.",
        [
            Voice(
                None,
                "has been described",
                ("as an accident", "The fire / as an accident"),
                "frame",
                None,
                "unspecified",
            )
        ],
    ),
    "passive_with_a_date_after_by": (
        "The report is expected by Friday.",
        [
            Voice(
                None,
                "is expected",
                ("The report", "The report / by Friday", "by Friday"),
                "expect",
                None,
                "unspecified",
            )
        ],
    ),
    "it_was_noted": (
        "It was noted that the dam had passed its inspections.",
        [
            Voice(
                None, "was noted", "the dam had passed its inspections", "say", None, "unspecified"
            )
        ],
    ),
    "is_expected_to": (
        "The bridge is expected to open in May.",
        [
            Voice(
                None,
                ("is expected", "is expected to"),
                ("to open in May", "open in May", "The bridge / to open in May"),
                "expect",
                None,
                "unspecified",
            )
        ],
    ),
    "which_is_expected_to": (
        "The work, which is expected to last a year, began on Monday.",
        [
            Voice(
                None,
                ("is expected", "is expected to"),
                ("to last a year", "last a year", "The work / to last a year"),
                "expect",
                None,
                "unspecified",
            )
        ],
    ),
    "declared_by": (
        "The exercise, declared finished by Colonel Ida Moss, had lasted a week.",
        [
            Voice(
                "Colonel Ida Moss",
                "declared",
                ("finished", "The exercise / finished"),
                "frame",
                "Ida Moss",
                "military",
            )
        ],
    ),
    "adding_that": (
        "Mayor Ada Crane opened the bridge on Monday, adding that it would stay free.",
        [Voice("Mayor Ada Crane", "adding", "it would stay free", "say", *CRANE)],
    ),
    "said_adding_that": (
        "Mayor Ada Crane said the bridge was safe, adding that it would stay free.",
        [
            Voice("Mayor Ada Crane", "said", "the bridge was safe", "say", *CRANE),
            Voice("Mayor Ada Crane", "adding", "it would stay free", "say", *CRANE),
        ],
    ),
    # who is meant
    "he_is_the_person_before": (
        "Mayor Tom Reed opened the bridge. He said that it was safe.",
        [Voice("He", "said", "it was safe", "say", "Tom Reed", "government")],
    ),
    "she_is_the_speaker_before": (
        "“The bridge is safe,” Mayor Ada Crane told Tom Reed. She added that it was free.",
        [
            Voice(
                "Mayor Ada Crane",
                ("told", "told Tom Reed"),
                "The bridge is safe",
                "say",
                *CRANE,
                "quoted",
            ),
            Voice("She", "added", "it was free", "say", *CRANE),
        ],
    ),
    "she_is_the_person_named_and_not_her_mother": (
        "Nella Sorr woke her mother at dawn. “The river came in,” she said.",
        [
            Voice(
                "she",
                "said",
                "The river came in",
                "say",
                "Nella Sorr",
                ("other", "citizen"),
                "quoted",
            )
        ],
    ),
    "a_bare_title_is_the_person_named": (
        "Deputy Prime Minister Maren Holt visited the valley on Monday. "
        "The Deputy Prime Minister stressed that help was near.",
        [
            Voice(
                "The Deputy Prime Minister",
                "stressed",
                "help was near",
                "stress",
                "Maren Holt",
                "government",
            )
        ],
    ),
    "a_surname_is_the_person_named": (
        "Mayor Ada Crane opened the bridge. Crane said that it was safe.",
        [Voice("Crane", "said", "it was safe", "say", *CRANE)],
    ),
    "they_are_the_officials": (
        "Officials have met the mayor. The plan, they said, was sound.",
        [Voice("they", "said", "The plan / was sound", "say", "officials", "government")],
    ),
    "he_is_no_place": (
        "Mayor Tom Reed opened the bridge in Tarvel. He said that it was safe.",
        [Voice("He", "said", "it was safe", "say", "Tom Reed", "government")],
    ),
    # quotation marks
    "curly": (
        "“The bridge is safe,” Mayor Ada Crane said.",
        [Voice("Mayor Ada Crane", "said", "The bridge is safe", "say", *CRANE, "quoted")],
    ),
    "straight": (
        '"The bridge is safe," Mayor Ada Crane said.',
        [Voice("Mayor Ada Crane", "said", "The bridge is safe", "say", *CRANE, "quoted")],
    ),
    "angle": (
        "«The bridge is safe», Mayor Ada Crane said.",
        [Voice("Mayor Ada Crane", "said", "The bridge is safe", "say", *CRANE, "quoted")],
    ),
    "single": (
        "‘The bridge is safe,’ Mayor Ada Crane said.",
        [Voice("Mayor Ada Crane", "said", "The bridge is safe", "say", *CRANE, "quoted")],
    ),
    "quotation_then_said_someone": (
        "“The bridge is safe,” said Mayor Ada Crane.",
        [Voice("Mayor Ada Crane", "said", "The bridge is safe", "say", *CRANE, "quoted")],
    ),
    "said_someone_with_apposition": (
        "“The bridge is safe,” said Ada Crane, the mayor.",
        [
            Voice(
                ("Ada Crane", "Ada Crane, the mayor"),
                "said",
                "The bridge is safe",
                "say",
                *CRANE,
                "quoted",
            )
        ],
    ),
    "said_someone_who": (
        "“It will fall,” said an official in the ministry, who requested anonymity.",
        [
            Voice(
                (
                    "an official in the ministry",
                    "an official",
                    "an official in the ministry, who requested anonymity",
                ),
                "said",
                "It will fall",
                "say",
                ("official", "official in the ministry"),
                "government",
                "quoted",
            )
        ],
    ),
    "quotation_then_place_and_day": (
        "“The bridge is safe,” Mayor Ada Crane said on Sunday in the town hall.",
        [Voice("Mayor Ada Crane", "said", "The bridge is safe", "say", *CRANE, "quoted")],
    ),
    "quotation_then_someone_close_to": (
        "“There was pressure from above,” a person close to the company claimed.",
        [
            Voice(
                "a person close to the company",
                "claimed",
                "There was pressure from above",
                "claim",
                ("person", "person close to the company"),
                "unnamed",
                "quoted",
            )
        ],
    ),
    "split_quotation": (
        "“The bridge,” said Mayor Ada Crane, “is safe.”",
        [Voice("Mayor Ada Crane", "said", "The bridge / is safe", "say", *CRANE, "quoted")],
    ),
    "question_quoted": (
        "“Is the bridge safe?” Mayor Ada Crane asked.",
        [
            Voice(
                "Mayor Ada Crane",
                "asked",
                ("Is the bridge safe?", "Is the bridge safe"),
                "ask",
                *CRANE,
                "quoted",
            )
        ],
    ),
    "colon": (
        "Mayor Ada Crane said: “The bridge is safe.”",
        [Voice("Mayor Ada Crane", "said", "The bridge is safe", "say", *CRANE, "quoted")],
    ),
    "partly_quoted": (
        "The mayor called the bridge “a wonder of our age”.",
        [
            Voice(
                "The mayor",
                "called",
                "the bridge “a wonder of our age",
                "frame",
                "mayor",
                "government",
                "mixed",
            )
        ],
    ),
    "open_over_paragraphs": (
        "“The bridge is safe,” Mayor Ada Crane said. “We have built it well.\n\n"
        "“It will stand for a hundred years.”",
        [
            Voice("Mayor Ada Crane", "said", "The bridge is safe", "say", *CRANE, "quoted"),
            Voice(None, None, "We have built it well", "say", *CRANE, "quoted"),
            Voice(None, None, "It will stand for a hundred years", "say", *CRANE, "quoted"),
        ],
    ),
    "verb_inside_a_quotation": (
        "“The engineer said that it would hold,” Mayor Ada Crane said.",
        [
            Voice(
                "The engineer",
                "said",
                "it would hold",
                "say",
                "engineer",
                "expert",
                "quoted",
                parent=1,
            ),
            Voice(
                "Mayor Ada Crane",
                "said",
                "The engineer said that it would hold",
                "say",
                *CRANE,
                "quoted",
            ),
        ],
    ),
    "hope_inside_a_quotation": (
        "“I hope that it will hold,” Mayor Ada Crane said.",
        [Voice("Mayor Ada Crane", "said", "I hope that it will hold", "say", *CRANE, "quoted")],
    ),
    "nested": (
        "Mayor Ada Crane said that the engineer had promised that the bridge would hold.",
        [
            Voice(
                "Mayor Ada Crane",
                "said",
                "the engineer had promised that the bridge would hold",
                "say",
                *CRANE,
            ),
            Voice(
                "the engineer",
                "had promised",
                "the bridge would hold",
                "promise",
                "engineer",
                "expert",
                parent=0,
            ),
        ],
    ),
    "expected_according_to": (
        "The work is expected to last a year, according to Mayor Ada Crane.",
        [
            Voice(
                None,
                ("is expected", "is expected to"),
                ("to last a year", "last a year", "The work / to last a year"),
                "expect",
                None,
                "unspecified",
                parent=1,
            ),
            Voice(
                "Mayor Ada Crane",
                "according to",
                "The work is expected to last a year",
                "report",
                *CRANE,
            ),
        ],
    ),
    # nouns, adjectives, thoughts and intentions
    "in_a_statement": (
        "In a statement, the ministry said that the road was open.",
        [Voice("the ministry", "said", "the road was open", "say", "ministry", "government")],
    ),
    "made_in_a_statement": (
        "The ministry said in a statement that the road was open.",
        [
            Voice(
                "The ministry",
                ("said", "said in a statement"),
                ("the road was open", "in a statement that the road was open"),
                "say",
                "ministry",
                "government",
            )
        ],
    ),
    "official_reports_say": (
        "Official reports say the dam is sound.",
        [
            Voice(
                "Official reports",
                "say",
                "the dam is sound",
                "say",
                ("official reports", "reports"),
                "document",
            )
        ],
    ),
    "a_pledge_to": (
        "The council’s pledge to rebuild the school was welcome news.",
        [
            Voice(
                ("The council’s", "The council"),
                "pledge",
                ("to rebuild the school", "to rebuild the school was welcome news"),
                "promise",
                "council",
                "legislature_party",
            )
        ],
    ),
    "her_promise_to": (
        "Mayor Ada Crane kept her promise to open the bridge.",
        [Voice("her", "promise", "to open the bridge", "promise", "Ada Crane", "government")],
    ),
    "a_warning_that": (
        "The army’s warning that the field was mined came late.",
        [
            Voice(
                ("The army’s", "The army"),
                "warning",
                ("the field was mined", "the field was mined came late"),
                "argue",
                "army",
                "military",
            )
        ],
    ),
    "a_claim_by_someone_that": (
        "The claim by the union that pay had fallen was new.",
        [
            Voice(
                "the union",
                "claim",
                ("pay had fallen", "pay had fallen was new"),
                "claim",
                "union",
                "organisation",
            )
        ],
    ),
    "fears_that": (
        "Fears that the dam would break spread through the valley.",
        [
            Voice(
                None,
                "Fears",
                ("the dam would break", "the dam would break spread through the valley"),
                "feel",
                None,
                "unspecified",
            )
        ],
    ),
    "their_criticism_of": (
        "Residents went on with their criticism of the wall.",
        [
            Voice(
                "their",
                ("criticism of", "criticism"),
                ("the wall", "of the wall"),
                "blame",
                "residents",
                "citizen",
            )
        ],
    ),
    "is_worried_that": (
        "The union is worried that pay will fall.",
        [
            Voice(
                "The union",
                ("is worried", "is worried that"),
                "pay will fall",
                "feel",
                "union",
                "organisation",
            )
        ],
    ),
    "remains_opposed_to": (
        "The council remains opposed to the tunnel.",
        [
            Voice(
                "The council",
                ("remains opposed", "remains opposed to"),
                ("the tunnel", "to the tunnel"),
                "deny",
                "council",
                "legislature_party",
            )
        ],
    ),
    "wants_to": (
        "The company wants to close the plant.",
        [
            Voice(
                "The company",
                ("wants", "wants to"),
                ("to close the plant", "close the plant"),
                "feel",
                "company",
                "business",
            )
        ],
    ),
    "intends_to": (
        "The ministry intends to sell the line.",
        [
            Voice(
                "The ministry",
                ("intends", "intends to"),
                ("to sell the line", "sell the line"),
                "expect",
                "ministry",
                "government",
            )
        ],
    ),
    "seems_to": (
        "The river seems to be falling.",
        [
            Voice(
                None,
                ("seems", "seems to"),
                ("The river / to be falling", "to be falling"),
                "think",
                None,
                "unspecified",
            )
        ],
    ),
    "reportedly": (
        "The company has reportedly sold the plant.",
        [
            Voice(
                None,
                "reportedly",
                "The company has / sold the plant",
                "report",
                None,
                "unspecified",
            )
        ],
    ),
    "was_quick_to": (
        "The mayor was quick to deny that the bridge was weak.",
        [
            Voice(
                "The mayor",
                ("was quick to deny", "deny"),
                "the bridge was weak",
                "deny",
                "mayor",
                "government",
            )
        ],
    ),
    "called_for": (
        "The union called for a longer break.",
        [Voice("The union", "called for", "a longer break", "urge", "union", "organisation")],
    ),
    # negated, modal, impersonal
    "may_announce": (
        "The ministry may announce new rules.",
        [Voice("The ministry", "may announce", "new rules", "say", "ministry", "government")],
    ),
    "has_never_said": (
        "The company has never said that the plant was safe.",
        [
            Voice(
                "The company",
                "has never said",
                "the plant was safe",
                ("say", "deny"),
                "company",
                "business",
            )
        ],
    ),
    "it_is_expected_that": (
        "It is expected that the road will open in May.",
        [Voice(None, "is expected", "the road will open in May", "expect", None, "unspecified")],
    ),
    "it_is_said_in_the_middle": (
        "The dam, it is said, will hold.",
        [Voice(None, ("is said", "it is said"), "The dam / will hold", "say", None, "unspecified")],
    ),
    "sources_close_to_the_board": (
        "Sources close to the board say the plant will shut.",
        [
            Voice(
                "Sources close to the board",
                "say",
                "the plant will shut",
                "say",
                ("sources", "sources close to the board", "board"),
                ("unnamed", "organisation", "government", "other"),
            )
        ],
    ),
    "however_in_the_middle": (
        "The mayor, however, said that the bridge was safe.",
        [Voice("The mayor", "said", "the bridge was safe", "say", "mayor", "government")],
    ),
    "on_a_day_before_the_verb": (
        "Mayor Ada Crane on Monday said that the bridge was safe.",
        [Voice("Mayor Ada Crane", "said", "the bridge was safe", "say", *CRANE)],
    ),
    "told_a_paper_after_a_comma": (
        "Tom Reed, a baker, told the Herald that flour was dear.",
        [
            Voice(
                ("Tom Reed", "Tom Reed, a baker"),
                ("told", "told the Herald"),
                "flour was dear",
                "say",
                "Tom Reed",
                ("citizen", "other"),
            )
        ],
    ),
    # quotations that are not closed, or go on
    "closing_mark_left_out": (
        '"The bridge is safe, said Mayor Ada Crane.',
        [Voice("Mayor Ada Crane", "said", ("The bridge is safe"), "say", *CRANE, "quoted")],
    ),
    "the_quotation_goes_on_over_sentences": (
        "“We are late,” Mayor Ada Crane said. “We will catch up by May. We have done so before.”",
        [
            Voice("Mayor Ada Crane", "said", "We are late", "say", *CRANE, "quoted"),
            Voice(None, None, "We will catch up by May", "say", *CRANE, "quoted"),
            Voice(None, None, "We have done so before", "say", *CRANE, "quoted"),
        ],
    ),
    "a_label_before_a_quotation": (
        "Crane: “The bridge is safe.”",
        [Voice("Crane", (None, ":"), "The bridge is safe", "say", "Crane", "other", "quoted")],
    ),
    # nobody is quoted
    "not_to_be_named": ("The driver asked not to be named.", []),
    "anonymity": ("An engineer spoke on condition of anonymity.", []),
    "who_commands_the_corps": ("General Orsin Bell, who commands the corps, rose at dawn.", []),
    "a_hotly_disputed_road": ("It was a hotly disputed road over the hills.", []),
    "an_army_that_rallies": ("The band played and the attack began.", []),
    "their_promises_alone": ("Their promises were many.", []),
    "report_of_a_gun": ("The report of a gun broke the silence.", []),
    "an_effort_underscores": ("The effort underscores the scale of the task.", []),
    "a_river_claims": ("The river claimed two lives in March.", []),
    "a_road_offers": ("The road offers a view of the sea.", []),
    "noun_report": ("The report was long and full of maps.", []),
    "noun_claims": ("The claims were made in March.", []),
    "noun_promise": ("A promise was kept at last.", []),
    "nouns_demands_and_talks": ("The union’s demands grew and the talks went on.", []),
    "noun_in_a_list": ("Reports, claims and promises filled the room.", []),
    "someone_sees": ("The pilot saw smoke over the river.", []),
    "someone_finds": ("The minister found the keys in the car.", []),
    "someone_releases": ("The council released the water at dawn.", []),
    "someone_adds": ("The cook added salt to the soup.", []),
    "someone_repeats": ("Officials repeated the test on Monday.", []),
    "someone_is_dismissed": ("The inspector was dismissed in March.", []),
    "someone_is_charged": ("No one has been charged.", []),
    "someone_is_treated_by": ("Two people were treated by Dr. Amis Hale for cold.", []),
    "someone_paints": ("Tom Reed has painted his door blue.", []),
    "two_no_longer_speak": ("They were neighbours once, and they no longer speak.", []),
    "written_warnings": ("The board ignored two written warnings about the dam.", []),
    "whose_name_appears": ("The man whose name appears on the list was late.", []),
    "narration": ("It rained. The road was wet and the river rose.", []),
    # strange input
    "white_space": (" \n\n ", []),
    "marks_only": ("“…” — !", []),
    "cue_alone": ("Said.", []),
    "emoji": (
        "🙂 Mayor Ada Crane said that the 🌉 was safe 🙂🙂.",
        [Voice("Mayor Ada Crane", "said", "the 🌉 was safe", "say", *CRANE)],
    ),
    "right_to_left": ("ראש העיר אמרה: “הגשר בטוח”.", []),
    "right_to_left_content": (
        "Mayor Ada Crane said that the sign read שלום לכולם in Hebrew.",
        [Voice("Mayor Ada Crane", "said", "the sign read שלום לכולם in Hebrew", "say", *CRANE)],
    ),
    "he_is_the_last_person_named": (
        "Mayor Ada Crane said that it had rained. Judge Tom Reed left. He said that it was late.",
        [
            Voice("Mayor Ada Crane", "said", "it had rained", "say", *CRANE),
            Voice("He", "said", "it was late", "say", "Tom Reed", "judiciary_police"),
        ],
    ),
    "two_in_one_sentence": (
        "The union said that pay was low and the company said that it was fair.",
        [
            Voice("The union", "said", "pay was low", "say", "union", "organisation"),
            Voice("the company", "said", "it was fair", "say", "company", "business"),
        ],
    ),
    "no_break_spaces": (
        "Mayor\u00a0Ada\u00a0Crane said\u00a0that the bridge was\u202fsafe.",
        [Voice("Mayor\u00a0Ada\u00a0Crane", "said", "the bridge was\u202fsafe", "say", *CRANE)],
    ),
}

VICE = ("Rustam Masharipov", "government")
GOVERNMENT = ("government", "government")
OFFICIALS = (("officials", "russian officials"), "government")
OPEN = (None, "unspecified")
# The seed article, read sentence by sentence (numbers from 1). Those not listed have no voice.
SEED = {
    2: [
        Voice(
            "Vice Prime Minister Rustam Masharipov",
            "According to",
            "the work is being carried out with precision, involving thousands of engineers and "
            "specialized units tasked with neutralizing explosive remnants of war",
            "report",
            *VICE,
        )
    ],
    3: [
        Voice(
            "he",
            "emphasized",
            "The process / is not merely a technical challenge but a critical step toward "
            "ensuring the safety of local populations and reestablishing stability in a region "
            "that has borne the brunt of recent hostilities",
            "stress",
            *VICE,
        )
    ],
    4: [
        Voice(
            "he",
            "noted",
            "This operation / is part of a larger narrative of resilience and determination, "
            "reflecting the Russian government’s commitment to protecting its citizens and "
            "restoring normalcy in areas affected by conflict",
            "say",
            *VICE,
        )
    ],
    5: [
        Voice(
            None,
            ("is expected", "is expected to"),
            (
                "to take over a year to complete",
                "take over a year to complete",
                "The demining effort / to take over a year to complete",
            ),
            "expect",
            *OPEN,
        )
    ],
    6: [
        Voice(
            "Officials",
            "have confirmed",
            (
                "the federal budget will fully fund the restoration of infrastructure, including "
                "roads, utilities, and housing",
                "the federal budget will fully fund the restoration of infrastructure, including "
                "roads, utilities, and housing, though exact figures remain unannounced",
            ),
            "confirm",
            *OFFICIALS,
        )
    ],
    7: [
        Voice(
            None,
            "is being framed",
            (
                "as a testament to the state’s prioritization of the region’s recovery",
                "This financial commitment / "
                "as a testament to the state’s prioritization of the region’s recovery",
            ),
            "frame",
            *OPEN,
        )
    ],
    8: [
        Voice(
            "The Vice Prime Minister",
            "stressed",
            "the work is not just about clearing landmines but about rebuilding a future where "
            "the people of Kursk can live without the shadow of war",
            "stress",
            *VICE,
        )
    ],
    9: [
        Voice(
            "The government",
            ("has also pledged", "has also pledged to"),
            tuple(
                to + "ensure that the process is transparent and that local communities are "
                "actively involved in planning and decision-making"
                for to in ("to ", "")
            ),
            "promise",
            *GOVERNMENT,
        )
    ],
    10: [
        Voice(
            "General Staff Chief Valery Gerasimov",
            "declared",
            ("completed", "The operation to liberate the Kursk Region / completed"),
            "frame",
            "Valery Gerasimov",
            "military",
        )
    ],
    11: [
        Voice(
            "official reports",
            "According to",
            (
                "the effort involved not only Russian forces but also a contingent of fighters "
                "from North Korea",
                "the effort involved not only Russian forces but also a contingent of fighters "
                "from North Korea, whose participation has drawn international attention",
            ),
            "report",
            ("official reports", "reports"),
            "document",
        )
    ],
    12: [
        Voice(
            "Kim Jong Un",
            "hailed",
            "his troops as heroes",
            "praise",
            "Kim Jong Un",
            "other",
        ),
        Voice(
            "analysts",
            "has been interpreted",
            tuple(
                first + "as both a display of solidarity with Russia and a calculated effort "
                "to bolster North Korea’s geopolitical standing"
                for first in ("", "a move / ")
            ),
            ("frame", "think"),
            "analysts",
            "expert",
        ),
    ],
    13: [
        Voice(
            "Russian officials",
            "has been framed",
            tuple(
                first + "as a symbol of global unity against aggression" + last
                for first in ("", "This collaboration / ")
                for last in (
                    "",
                    ", with the Kursk Region serving as a focal point for this narrative",
                )
            ),
            "frame",
            ("officials", "Russian officials"),
            "government",
        )
    ],
    16: [
        Voice(
            None,
            "has been noted",
            "The presence of international observers and humanitarian organizations",
            "say",
            *OPEN,
        )
    ],
    17: [
        Voice(
            "The government",
            "has emphasized",
            (
                "the demining process is a prerequisite for any future economic or social "
                "initiatives in the area",
                "the demining process is a prerequisite for any future economic or social "
                "initiatives in the area, a step that will require patience and sustained "
                "investment",
            ),
            "stress",
            *GOVERNMENT,
        )
    ],
    19: [
        Voice(
            "Officials",
            ("have hinted", "have hinted at"),
            tuple(
                at + "plans for agricultural revitalization, the expansion of educational "
                "institutions, and the development of new industries that can sustain the "
                "region’s economy"
                for at in ("", "at ")
            ),
            "hint",
            *OFFICIALS,
        )
    ],
    20: [
        Voice(
            "they",
            "argue",
            "These efforts / are not only about repairing the damage caused by war but about "
            "creating a model of post-conflict recovery that can be replicated in other parts "
            "of Russia",
            "argue",
            *OFFICIALS,
        )
    ],
    21: [
        Voice(
            "The government",
            ("has also pledged", "has also pledged to"),
            tuple(
                to + "address the psychological and social scars left by the conflict" + last
                for to in ("to ", "")
                for last in (
                    "",
                    ", with mental health programs and community-building "
                    "initiatives already in the planning stages",
                )
            ),
            "promise",
            *GOVERNMENT,
        )
    ],
    22: [
        Voice(
            "the people of Kursk",
            ("hopeful", "hopeful that"),
            "the region’s future will be defined not by the trauma of war but by the promise "
            "of peace",
            ("feel", "expect"),
            ("people of Kursk", "people"),
            "citizen",
        )
    ],
}

# Cases that the rules do not meet yet: the name (a number: a sentence of the seed), and why.
NOT_YET = {
    "she_is_the_person_named_and_not_her_mother": "the nearest noun wins over the subject",
}


def cases(items):
    """Return the parameters of a test, those in NOT_YET marked as expected to fail."""
    return [
        pytest.param(
            *values,
            id=str(name),
            marks=[pytest.mark.xfail(strict=True, reason=NOT_YET[name])] if name in NOT_YET else [],
        )
        for name, values in items
    ]


@pytest.mark.parametrize(("text", "expected"), cases(CASES.items()))
def test_a_careful_reader_agrees(text, expected):
    _, _, voices, _, _ = analyse(text)
    assert list(differences(text, voices, expected)) == []


@pytest.fixture(scope="module")
def seed():
    documents, _ = load_documents(PROJECT / "seeds")
    sentences, tokens = tokenise(documents)
    return documents.text[0], sentences, find_voices(documents, sentences, tokens)[0]


@pytest.mark.parametrize(
    ("number", "expected"), cases((n, (n, SEED.get(n, []))) for n in range(1, 23))
)
def test_a_careful_reader_of_the_seed_agrees(seed, number, expected):
    text, sentences, voices = seed
    own = voices[voices.sent_id == sentences.sent_id[number - 1]]
    assert list(differences(text, own, expected)) == []


def test_the_cases_of_not_yet_exist():
    assert set(NOT_YET) <= set(CASES) | set(SEGMENTS) | set(range(1, 23))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", "The mayor"),
        ("cue", "add"),
        ("content", "the bridge"),
        ("act", "deny"),
        ("speaker", "Tom Reed"),
        ("speaker_class", "expert"),
        ("form", "quoted"),
        ("parent", 0),
    ],
)
def test_the_comparison_sees_each_difference(field, value):
    text, expected = CASES["said_that"]
    _, _, voices, _, _ = analyse(text)
    wrong = Voice(**{**vars(expected[0]), field: value})
    assert [said.split()[2] for said in differences(text, voices, [wrong])] == [field]
    assert len(list(differences(text, voices, []))) == 1


def test_no_article_gives_empty_tables():
    for documents in (make_documents([""]), make_documents(["x"]).iloc[:0]):
        sentences, tokens = tokenise(documents)
        for table in find_voices(documents, sentences, tokens):
            assert len(table) == 0 and len(table.columns) > 4


# Segments


def by_role(text):
    """Return [(role, words)] of the segments of a text that hold a word."""
    _, _, _, segments, _ = analyse(text)
    pieces = zip(segments.role, segments.start, segments.end, strict=True)
    return [(role, text[a:b].strip(MARKS)) for role, a, b in pieces if text[a:b].strip(MARKS)]


SEGMENTS = {
    "the_middle": (
        "The bridge, she said, was safe.",
        [("content", "The bridge"), ("attribution", "she said"), ("content", "was safe")],
    ),
    "that_is_part_of_the_attribution": (
        "The mayor said that the bridge was safe.",
        [("attribution", "The mayor said that"), ("content", "the bridge was safe")],
    ),
    "quotation": (
        "“We built it,” said the mayor. It rained.",
        [("content", "We built it"), ("attribution", "said the mayor"), ("narrator", "It rained")],
    ),
    "which_clause": (
        "The work, which is expected to last a year, began on Monday.",
        [
            ("narrator", "The work, which"),
            ("attribution", "is expected"),
            ("content", "to last a year"),
            ("narrator", "began on Monday"),
        ],
    ),
    "narrator_and_source_in_one": (
        "The lift, called unsafe by the union, cost a million.",
        [
            ("narrator", "The lift"),
            ("attribution", "called"),
            ("content", "unsafe"),
            ("attribution", "by the union"),
            ("narrator", "cost a million"),
        ],
    ),
    "nobody": ("It rained.", [("narrator", "It rained")]),
}


@pytest.mark.parametrize(("text", "expected"), cases(SEGMENTS.items()))
def test_segments_say_whose_words_they_are(text, expected):
    assert by_role(text) == expected


def test_offsets_count_characters_whatever_the_script():
    text = "🙂🙂 שלום. Mayor Ada Crane said that the 🌉 was safe."
    _, _, voices, segments, _ = analyse(text)
    [(a, b)], [(c, d)] = voices.source[0], voices.content[0]
    assert (text[a:b], text[c:d]) == ("Mayor Ada Crane", "the 🌉 was safe")
    assert "".join(text[s:e] for s, e in zip(segments.start, segments.end, strict=True)) == (
        text.replace(" Mayor", "Mayor")
    )


PIECES = [
    "The mayor",
    "Ada Crane",
    "officials",
    "said",
    "said that",
    "according to",
    "was told by",
    "is expected to",
    "it",
    "rained",
    "a\u0301\u0323",
    "העיר",
    "الطريق",
    "👩‍👩‍👧",
    "🇺🇦",
    "“",
    "”",
    "‘",
    "’",
    '"',
    "«",
    "»",
    "''",
    ",",
    ".",
    ".\n",
    "?",
    "…",
    "(",
    "—",
    "by",
    "who",
    "and",
    "3.5",
    "\u200f",
    "\u00a0",
    "x" * 300,
]


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join), max_size=3))
def test_whatever_the_text_offsets_are_true_and_segments_part_each_sentence(texts):
    documents = make_documents(texts)
    sentences, tokens = tokenise(documents)
    voices, segments, actors = find_voices(documents, sentences, tokens)
    assert text_of(documents, tokens) == tokens.word.astype("str").tolist()
    for row in sentences.itertuples():
        own = segments[segments.sent_id == row.sent_id]
        assert [row.start, *own.end] == [*own.start, row.end]
        assert (own.start < own.end).all()
    assert segments.voice_id.isna().eq(segments.role == "narrator").all()
    bounds = sentences.set_index("sent_id")
    for row in voices.itertuples():
        start, end = bounds.loc[row.sent_id, ["start", "end"]]
        for ranges in (row.source, row.cue, row.content):
            assert all(start <= a < b <= end for a, b in ranges)
    mentions = find_portrayals(documents, sentences, tokens)
    assert text_of(documents, mentions) == mentions.form.tolist()
    assert mentions.groupby("actor_id").size().tolist() == actors.n_mentions.tolist()


# Long sentences


def test_a_huge_sentence_keeps_its_attribution():
    text = "Mayor Ada Crane said that " + "the bridge and " * 800 + "the road were safe."
    _, sentences, voices, segments, _ = analyse(text)
    assert sentences.n_words.tolist() == [2000, len(text.split()) - 2000]
    assert voices.speaker.tolist() == ["Ada Crane"]
    assert voices.content[0] == [[text.index("the bridge"), sentences.end[0]]]
    assert segments.start[0] == 0 and segments.end.iloc[-1] == len(text)


def time_of(n_voices):
    """Return the processor time in seconds that a sentence with many attributions takes."""
    documents = make_documents([" ".join(f"w{n} said," for n in range(n_voices))])
    sentences, tokens = tokenise(documents)
    start = time.process_time()
    find_voices(documents, sentences, tokens)
    return time.process_time() - start


def test_time_does_not_explode_with_the_attributions_of_a_sentence():
    """Three times the text may take nine times as long, not twenty-seven."""
    time_of(10)  # what is loaded once
    assert time_of(450) < 16 * time_of(150)


# Whose cue it is


@pytest.fixture
def toll(tmp_path):
    """A codebook with one code, `toll`."""
    path = tmp_path / "mine.toml"
    path.write_text('[codebook]\nname = "b"\n[[code]]\nid = "toll"\npatterns = ["toll", "said"]\n')
    return load_codebook(path)


def test_a_cue_belongs_to_the_content_it_begins_in(toll):
    documents = make_documents(
        [
            "The toll fell. Critics said that the toll was a tax.",
            "A toll?",
            "The toll, the mayor said, is fair. A toll is expected to come.",
        ]
    )
    sentences, tokens = tokenise(documents)
    voices, segments, _ = find_voices(documents, sentences, tokens)
    spans = assign_voices(find_cues(tokens, [toll]), segments)
    names = dict(zip(voices.voice_id, voices.speaker, strict=True))
    found = [
        (rule, None if pd.isna(v) else plain(names[v]))
        for rule, v in zip(spans.rule, spans.voice_id, strict=True)
    ]
    assert found == [
        ("toll", None),
        ("said", None),
        ("toll", "critics"),
        ("toll", None),
        ("toll", "mayor"),
        ("said", None),
        ("toll", None),
    ]


def test_no_voice_takes_a_cue_where_nobody_speaks(toll):
    documents = make_documents(["The toll fell."])
    sentences, tokens = tokenise(documents)
    voices, segments, _ = find_voices(documents, sentences, tokens)
    for spans in (find_cues(tokens, [toll]), find_cues(tokens, [toll]).iloc[:0]):
        spans = assign_voices(spans, segments)
        assert spans.voice_id.isna().all() and str(spans.voice_id.dtype) == "Int64"


def test_a_list_of_cues_is_bounded():
    """A sentence of cues alone: a few are read, so that the time does not grow with the square."""
    documents = make_documents(["according to Ada Crane, " * 500])
    voices = find_voices(documents, *tokenise(documents))[0]
    assert voices.groupby("sent_id").size().max() <= 12
