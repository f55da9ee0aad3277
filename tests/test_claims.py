"""The voices spelt out, for the notebook and for trying the rules on a sentence."""

from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.voices import describe_voices, find_voices, spell_out

SPLIT = "“The dam,” Mayor Ada Venn said, “will hold.”"


def test_spell_out_gives_the_words_of_source_cue_and_content():
    documents = make_documents([SPLIT, "The work is expected to take a year."])
    voices = find_voices(documents, *tokenise(documents))[0]
    spelt = spell_out(documents, voices)
    assert spelt.source.tolist() == ["Mayor Ada Venn", ""]
    assert spelt.cue.tolist() == ["said", "is expected"]
    assert spelt.content.tolist() == ["“The dam,” … “will hold.”", "to take a year"]
    assert spelt.speaker.tolist() == ["Ada Venn", "source unspecified"]
    assert voices.speaker.isna().sum() == 1  # the table itself keeps its null


def test_spell_out_of_no_voices_has_the_same_columns():
    documents = make_documents(["Cats sit."])
    voices = find_voices(documents, *tokenise(documents))[0]
    assert list(spell_out(documents, voices).columns) == list(voices.columns)


def test_describe_voices_prints_each_attribution_or_that_there_is_none():
    assert describe_voices([SPLIT, "The work is expected to take a year.", "Cats sit."]) == (
        f"{SPLIT}\n"
        "    Ada Venn (government), say, quoted: “The dam,” … “will hold.”\n"
        "The work is expected to take a year.\n"
        "    source unspecified, expect, paraphrased: to take a year\n"
        "Cats sit.\n"
        "    no attribution: the narrator’s"
    )
