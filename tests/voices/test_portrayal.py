"""Doer or done to: sentences marked by hand; and the tables of how actors are portrayed."""

import re
from pathlib import Path

import pytest

from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.voices.portrayal import find_portrayals, summarise_actors
from framebook.voices.roles import Clause
from framebook.voices.voices import find_voices

MARKED = Path(__file__).with_name("portrayal.txt").read_text(encoding="utf-8")
NOT_YET = {
    "Officers beat and kicked the [protesters].": "the second of two verbs is given, kicked",
    "The town has to house and feed the [refugees].": "“feed” is tagged a noun",
    "[Refugees] arriving at the border sleep in tents.": "“sleep” is tagged a noun",
}


def marked():
    """Yield (role, verb, text with the actor in brackets) of the sentences marked by hand."""
    for line in MARKED.splitlines():
        if "|" in line:
            role, verb, text = map(str.strip, line.split("|"))
            reason = NOT_YET.get(text)
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            yield pytest.param(role, verb, text, marks=marks, id=text)


def read_role(text):
    """Return (role, verb) of the actor in brackets."""
    before, actor, after = re.split(r"[\[\]]", text)
    tokens = tokenise(make_documents([before + actor + after]))[1]
    inside = [
        n for n, start in enumerate(tokens.start) if len(before) <= start < len(before) + len(actor)
    ]
    clause = Clause(tokens.word.astype("str").tolist())
    role, verb = clause.role(inside[0], inside[-1])
    return role or "neither", clause.words[verb] if role else ""


@pytest.mark.parametrize(("role", "verb", "text"), list(marked()))
def test_the_role_is_the_one_marked(role, verb, text):
    assert read_role(text) == (role, verb)


def test_what_is_marked_is_in_the_list():
    texts = [line.rpartition("| ")[2] for line in MARKED.splitlines() if "|" in line]
    assert len(texts) == len(set(texts)) == 103 and set(NOT_YET) < set(texts)


# Met in articles while reading what the rule made of them


@pytest.mark.parametrize(
    ("role", "verb", "text"),
    [
        ("done_to", "hailed", "The premier, in a long speech, hailed his [troops] as heroes."),
        ("neither", "", "The presence of observers and aid [organisations] has been noted."),
        ("doer", "lighting", "[Nella Orr] was lighting the oven."),
        ("doer", "declined", "The [premier], Maren Orr, declined to say more."),
        ("doer", "received", "About 400 [families] had received it."),
        ("neither", "", "It has laid off half of its 510 [workers] and is expected to close."),
        ("neither", "", "In the capital, [Castrel], and according to him, it rained."),
        ("done_to", "told", "He told the [court] that nothing was stolen."),
        ("doer", "refused", "It is one of those whose [owners] have refused a house."),
        ("doer", "said", "It was safe, said the [mayor]."),
        ("neither", "", "[Residents]"),
        ("doer", "opened", "The [mayor] who was ill opened the bridge."),
        ("neither", "", "[Residents] that were there left."),
    ],
)
def test_met_in_articles(role, verb, text):
    assert read_role(text) == (role, verb)


# Tables


TEXT = (
    "Mayor Ada Crane hired the old engineers. The angry engineers were trained by Crane. "
    "Crane said that the tired engineers are good."
)


@pytest.fixture(scope="module")
def crane():
    documents = make_documents([TEXT])
    sentences, tokens = tokenise(documents)
    return documents, sentences, tokens, find_portrayals(documents, sentences, tokens)


def test_a_row_a_mention(crane):
    documents, _, _, mentions = crane
    assert mentions[["name", "form", "title", "modifiers", "role", "verb"]].values.tolist() == [
        ["Ada Crane", "Mayor Ada Crane", "mayor", "", "doer", "hired"],
        ["Ada Crane", "Crane", "", "", "doer", "trained"],
        ["Ada Crane", "Crane", "", "", "doer", "said"],
        ["engineers", "engineers", "", "old", "done_to", "hired"],
        ["engineers", "engineers", "", "angry", "done_to", "trained"],
        ["engineers", "engineers", "", "tired", "", ""],
    ]
    assert [TEXT[a:b] for a, b in zip(mentions.start, mentions.end, strict=True)] == (
        mentions.form.tolist()
    )


def test_actors_are_those_of_the_table(crane):
    documents, sentences, tokens, mentions = crane
    actors = find_voices(documents, sentences, tokens)[2]
    assert mentions.groupby("actor_id").size().to_dict() == dict(
        zip(actors.actor_id, actors.n_mentions, strict=True)
    )


def test_a_summary_an_actor(crane):
    table = summarise_actors(crane[3])
    assert table.loc["Ada Crane"].to_dict() == {
        "n_mentions": 3,
        "n_doer": 3,
        "n_done_to": 0,
        "forms": "Crane 2, Mayor Ada Crane 1",
        "does": "hired 1, trained 1, said 1",
        "suffers": "",
        "modifiers": "",
        "titles": "mayor 1",
    }
    assert table.loc["engineers"].to_dict() == {
        "n_mentions": 3,
        "n_doer": 0,
        "n_done_to": 2,
        "forms": "engineers 3",
        "does": "",
        "suffers": "hired 1, trained 1",
        "modifiers": "old 1, angry 1, tired 1",
        "titles": "",
    }


def test_nobody_is_portrayed_where_nobody_is_mentioned():
    documents = make_documents(["It rained.", "…"])
    sentences, tokens = tokenise(documents)
    mentions = find_portrayals(documents, sentences, tokens)
    assert len(mentions) == len(summarise_actors(mentions)) == 0
