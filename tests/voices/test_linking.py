"""Speakers over a corpus: what is joined, why, and that a reader can undo it; who is foreign."""

import pandas as pd
import pytest

from framebook.chain import load_codebooks
from framebook.common.errors import InputError
from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices import apply_classes, apply_links, find_classes, link_speakers
from framebook.voices.classes import SpeakerClasses, classes_of, load_speakers
from framebook.voices.linking import find_foreign, find_home
from framebook.voices.voices import find_voices

LIST = """[codebook]
name = "own"
title = "My speakers"
{more}
[[code]]
id = "{name}"
patterns = ["Ada Venn", "ferrymen"]
"""


def tables_of(*texts, **options):
    documents = make_documents(texts)
    voices, _, actors = find_voices(documents, *tokenise(documents), **options)
    return documents, voices, actors


def test_names_are_joined_with_a_reason_and_a_row_taken_out_undoes_it():
    _, voices, actors = tables_of(
        "Mayor Ada Venn said it was late. Venn said it was dark.",
        "Mr. Moss and Mrs. Venn met. Mrs. Venn said it was late.",
        "The Lund Relief Organization said it was late.",
        "The LRO said it was late.",
        "Ada K. Venn, a mayor, said it was late.",
    )
    links = link_speakers(voices, actors)
    found = links.set_index("name")[["joined", "reason"]].to_dict("index")
    assert found == {
        "Venn": {"joined": "Ada Venn", "reason": "surname"},
        "Ada K. Venn": {"joined": "Ada Venn", "reason": "first and last name"},
        "LRO": {"joined": "Lund Relief Organization", "reason": "initials"},
    }
    assert set(apply_links(voices, links).speaker) == {"Ada Venn", "Lund Relief Organization"}
    kept = apply_links(voices, links[links.reason != "surname"])
    assert "Venn" in set(kept.speaker)


def test_a_surname_of_two_people_is_left_alone():
    _, voices, actors = tables_of(
        "Mayor Ada Venn said it was late.",
        "Senator Tom Venn said it was late.",
        "Mr. Venn said it was late.",
    )
    assert len(link_speakers(voices, actors)) == 0


def links_of(*speakers, kind="person"):
    """The links of names that each speak in an article of their own."""
    ids = range(len(speakers))
    voices = pd.DataFrame({"speaker": speakers, "actor_id": ids, "doc_id": ids})
    links = link_speakers(voices, pd.DataFrame({"actor_id": ids, "kind": kind}))
    return dict(zip(links.name, links.joined, strict=True))


@pytest.mark.parametrize(
    ("speakers", "joined"),
    [
        (["Ada H.W. Moss", "Ada W. Moss", "Ada Moss"], {}),
        (
            ["Ada Herbert Walker Moss", "Ada H.W. Moss"],
            {"Ada Herbert Walker Moss": "Ada H.W. Moss"},
        ),
        (["Raúl Moss", "Raul Moss", "Raul Moss"], {"Raúl Moss": "Raul Moss"}),
        (["Governor Ada Moss", "Ada Moss", "Ada Moss"], {"Governor Ada Moss": "Ada Moss"}),
        (["Ada Moss", "Ada Moss", "Mrs. Moss", "Senator Moss"], {"Senator Moss": "Ada Moss"}),
        (["Ada Moss", "Moss"], {}),
        (["New Mexico", "New Mexico", "Mexico"], {}),
        (["White Norwegians", "White Norwegians", "Norwegians"], {}),
        (["Never Moss", "Ada Moss", "Ada Moss", "Moss"], {"Moss": "Ada Moss"}),
        ([*["Tom Moss"] * 20, "Ada Moss", "Moss"], {"Moss": "Tom Moss"}),
        ([*["Tom Moss"] * 20, *["Ada Moss"] * 3, "Moss"], {}),
        (["Ada Moss Jr.", "Ada Moss"], {}),
    ],
)
def test_only_names_that_can_be_one_person_are_joined(speakers, joined):
    assert links_of(*speakers) == joined


def test_letters_are_joined_to_the_one_body_that_they_begin():
    bodies = ["Lund Relief Organization", "LRO", "US", "US Senate"]
    assert links_of(*bodies, kind="organisation") == {"LRO": "Lund Relief Organization"}
    two = ["Lund Relief Organization", "Lake Rowing Office", "LRO"]
    assert links_of(*two, kind="organisation") == {}


def test_foreign_needs_a_home_country():
    documents, voices, _ = tables_of(
        "Norwegian minister Ada Venn said it was late. Oslo said it was dark.",
        "The Danish minister Tom Moss said it was late. Residents said it was dark.",
    )
    assert find_foreign(documents, voices, "Norway").tolist() == [False, False, True, False]
    assert find_foreign(documents, voices, "Denmark").tolist() == [True, True, False, False]
    assert not find_foreign(documents, voices, None).any()


def test_home_must_be_a_country():
    assert find_home("united states") == "United States"
    assert find_home(None) is None
    for name in ("Atlantis", "Norwegian"):
        with pytest.raises(InputError, match=f"no country '{name}'"):
            find_home(name)


def test_a_list_of_speakers_replaces_or_extends_the_built_in_one(tmp_path):
    text = "Ada Venn said it was late. The ferrymen said so. Residents said it was dark."
    for more, last in (("", "other"), ("extends = true", "citizen")):
        file = tmp_path / "own.toml"
        file.write_text(LIST.format(name="military", more=more))
        classes = classes_of([load_speakers(file)])
        assert isinstance(classes, SpeakerClasses)
        _, voices, _ = tables_of(text, classes=classes)
        assert voices.speaker_class.tolist() == ["military", "military", last]


def test_a_list_is_no_codebook_and_a_class_of_its_own_is_refused(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(LIST.format(name="military", more=""))
    with pytest.raises(InputError, match="--speakers"):
        load_codebooks((file,))
    assert load_codebooks((), speakers=file)[-1].sha256
    file.write_text(LIST.format(name="pirates", more=""))
    with pytest.raises(InputError, match="the class 'pirates'"):
        load_speakers(file)
    file.write_text(LIST.format(name="state_official", more=""))
    assert classes_of([load_speakers(file)]).classify("the ferrymen") == "government"


def test_a_class_is_carried_over_from_the_articles_that_introduce_a_name():
    _, voices, actors = tables_of(
        "President Ada Venn said it was late. Tom Reed said it was dark.",
        "Ada Venn said it was late. Venn added it was cold.",
        "Tom Reed, a baker, said it was late.",
        "Tom Reed, a senator, said it was late.",
        "Venn said it was late.",
    )
    joined = apply_links(voices, link_speakers(voices, actors))
    classes = find_classes(joined, actors)
    assert classes.fillna({"speaker_class": ""}).to_dict("records") == [
        {"name": "Ada Venn", "introduced_as": "government 1", "n_articles": 1}
        | {"speaker_class": "government", "n_missing": 1},
        {"name": "Tom Reed", "introduced_as": "citizen 1, legislature_party 1", "n_articles": 2}
        | {"speaker_class": "", "n_missing": 1},
    ]
    filled = apply_classes(joined, classes)
    ada = filled[filled.speaker == "Ada Venn"].speaker_class.tolist()
    assert ada == ["government"] * 3
    assert filled.speaker_class.tolist()[1] == "other"  # who disagrees stays without
    assert filled.speaker_class.dtype == voices.speaker_class.dtype


def test_nobody_without_a_full_name_gets_the_class_of_another_article():
    _, voices, actors = tables_of("Mayor Venn said it was late.", "Venn said it was late.")
    assert find_classes(voices, actors).empty
    unchanged = apply_classes(voices, find_classes(voices, actors))
    assert unchanged.speaker_class.tolist() == voices.speaker_class.tolist()
