"""How far the rules look: a text at a limit, and the same with one word more, which is too far."""

import pytest

from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.attribution import MOST_CUES
from framebook.voices.voices import find_voices, spell_out


def tell(text):
    documents = make_documents([text])
    voices = spell_out(documents, find_voices(documents, *tokenise(documents))[0])
    return [(one.speaker, one.content) for one in voices.itertuples()]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He called the Old Red Iron Wheel.", []),  # a name of four words, and of five
        ("He called the Old Red Iron Water Wheel.", [("He", "the Old Red Iron Water Wheel")]),
        ("Orr Hill Farm Dam Board: It is late.", [("Orr Hill Farm Dam Board", "It is late")]),
        ("Orr Hill Farm Dam Fire Board: It is late.", []),
        (
            "The mill was called a danger and a shame by the council.",
            [("council", "a danger and a shame")],
        ),
        (
            "The mill was called a danger and a great shame by the council.",
            [("source unspecified", "a danger and a great shame by the council")],
        ),
        ("Reid’s old claim that it rained.", [("Reid", "it rained")]),
        (
            "“We won!” the small old grey and very tired man said.",
            [("small old grey and very tired man", "“We won!”")],
        ),
        (
            "The mayor (who was ill and tired) said it rained.",
            [("mayor", "it rained")],
        ),
        ("Reid said in an odd and dull statement: “It rained.”", [("Reid", "“It rained.”")]),
    ],
)
def test_as_far_as_is_looked(text, found):
    assert tell(text) == found


def test_a_list_of_cues_is_cut():
    names = ["Ada", "Bo", "Ida", "Tom", "Ina", "Ola", "Ira", "Lena", "Carl", "Dora", "Sune", "Tess"]
    said = [f"Ms. {name} said it rained" for name in [*names, "Olga", "Ruth"]]
    assert len(tell("; ".join(said[:MOST_CUES]) + ".")) == MOST_CUES
    assert len(tell("; ".join(said) + ".")) == MOST_CUES
