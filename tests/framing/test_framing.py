"""The matcher, on inputs small enough to check by eye, and against a plain oracle."""

import oracles
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framebook.common.errors import InputError
from framebook.framing.codebook import Code, Codebook, load_codebook
from framebook.framing.cues import count_sentences, find_cues, find_in_text
from framebook.framing.matching import MAX_GAP, TokenIndex, find_hits, normalise, parse_pattern
from framebook.tables import make_documents, text_of
from framebook.tokenising.bulk import tokenise


def make_book(**codes):
    """Return a codebook; each code is a list of patterns, or a pair (patterns, exclude)."""
    pairs = {
        name: (value, []) if isinstance(value, list) else value for name, value in codes.items()
    }
    return Codebook(
        "test",
        "Test",
        "",
        "1",
        "theme",
        [
            Code(name, name, "", patterns, exclude=exclude)
            for name, (patterns, exclude) in pairs.items()
        ],
    )


def cues(text, patterns, exclude=()):
    """Return the pieces of a text that one code finds."""
    found = find_in_text(text, make_book(a=(patterns, list(exclude))))
    return [text[a:b] for a, b in zip(found.start, found.end, strict=True)]


# What a pattern matches


@pytest.mark.parametrize(
    "pattern, text, expected",
    [
        ("mine", "A mine, two mines, a landmine, mined.", ["mine"]),
        ("mine*", "A mine, two mines, a landmine, mined.", ["mine", "mines", "mined"]),
        ("*mine", "A mine, two mines, a landmine, mined.", ["mine", "landmine"]),
        ("*mine*", "A mine, two mines, a landmine, mined.", ["mine", "mines", "landmine", "mined"]),
        ("m?ne", "mine mane moon mne", ["mine", "mane"]),
        ("mine?", "mine mines mined", ["mines", "mined"]),
        ("m*n?", "mine moaned meant mini", ["mine", "meant", "mini"]),
        ("*-conflict", "The post-conflict plan after the conflict", ["post-conflict"]),
        ("conflict", "The post-conflict plan after the conflict", ["conflict"]),
        ("under fire", "She came under fire; the fire under it.", ["under fire"]),
        ("under fire", "They went under. Fire followed.", []),
        ("too little , too late", "It was too little, too late.", ["too little, too late"]),
        ("$ * million", "It cost $2.5 million and 3 million.", ["$2.5 million"]),
        ("* again", "Once again, again.", ["Once again", ", again"]),  # a comma too
        ("u.s. troops", "U.S. troops left the U.S.", ["U.S. troops"]),
        ("24 / 7", "Open 24/7.", ["24/7"]),
        ("a.b", "a.b axb", []),  # a full stop is no wildcard
    ],
)
def test_words_and_phrases(pattern, text, expected):
    assert cues(text, [pattern]) == expected


@pytest.mark.parametrize(
    "pattern, text",
    [
        ("government", "GOVERNMENT"),
        ("GOVERNMENT", "Government"),
        ("Élan", "élan"),
        ("government", "government's"),
        ("government", "government’s"),
        ("nation’s", "nation"),
        ("don't", "don’t"),
        ("don’t", "DON'T"),
        ("o'brien", "O’Brien’s"),
    ],
)
def test_case_possessives_and_apostrophes(pattern, text):
    assert cues(text, [pattern]) == [text]


def test_possessive_of_a_plural():
    assert cues("the soldiers’ graves", ["soldiers"]) == ["soldiers"]
    assert cues("the soldiers’ graves", ["soldiers ’ graves"]) == ["soldiers’ graves"]


def test_normalise():
    assert normalise("Government’s") == normalise("government's") == "government"
    assert normalise("DON’T") == "don't"
    assert normalise("’s") == ""


def test_parse_pattern():
    assert parse_pattern("Not merely ... but") == (("not", "merely"), ("but",))
    assert parse_pattern("not … but … at all") == (("not",), ("but",), ("at", "all"))
    assert parse_pattern("  rather   than ") == (("rather", "than"),)
    assert parse_pattern("... but") == (("but",),)
    assert parse_pattern("u.s. ... e.g.") == (("u.s.",), ("e.g.",))
    assert parse_pattern("...") == ()


# Gaps


def test_gap_is_at_most_twelve_tokens():
    for length, expected in [(0, 1), (1, 1), (MAX_GAP, 1), (MAX_GAP + 1, 0)]:
        text = "not " + "x " * length + "but this"
        assert len(cues(text, ["not ... but"])) == expected, length


def test_gap_counts_punctuation():
    assert cues("not " + "x, " * 6 + "but", ["not ... but"]) != []
    assert cues("not " + "x, " * 6 + "y but", ["not ... but"]) == []


def test_gap_is_the_shortest():
    assert cues("not a but b but c", ["not ... but"]) == ["not a but"]
    assert cues("not a, not b but c", ["not ... but"]) == ["not b but"]
    assert cues("not a but b, not c but d", ["not ... but"]) == ["not a but", "not c but"]
    assert cues("x a x b b y", ["x ... b ... y"]) == ["x b b y"]


def test_gap_between_phrases():
    text = "It is not so much a road as a promise, as they say."
    assert cues(text, ["not so much ... as a"]) == ["not so much a road as a"]


def test_parts_of_a_gap_do_not_share_tokens():
    assert cues("by by", ["by ... by"]) == ["by by"]
    assert cues("one by one", ["one by ... by one"]) == []


def test_hits_stay_inside_a_sentence():
    assert cues("It was not here. But it was there.", ["not ... but"]) == []
    assert cues("It was not here\nbut there", ["not ... but"]) == []
    assert cues("He came under. Fire broke out.", ["under . fire", "under fire"]) == []


# Which hits are kept


def test_longest_wins_inside_a_code():
    patterns = ["war", "war crime*", "crimes tribunal", "tribunal"]
    assert cues("a war crimes tribunal", patterns) == ["war crimes", "tribunal"]
    assert cues("a war crimes tribunal", patterns + ["war ... tribunal"]) == ["war crimes tribunal"]


def test_equal_length_goes_to_the_first_in_the_text_then_the_first_pattern():
    book = make_book(a=["b c", "a b", "a *"])
    found = find_in_text("a b c", book)
    assert found.rule.tolist() == ["a b"]


def test_rule_names_the_pattern():
    found = find_in_text("He accused them of a cover-up.", make_book(a=["accus*", "cover-up"]))
    assert found.rule.tolist() == ["accus*", "cover-up"]


def test_codes_may_overlap():
    found = find_in_text("a war crimes tribunal", make_book(a=["war crimes"], b=["crimes *"]))
    assert found.code.tolist() == ["test:a", "test:b"]
    assert found.start.tolist() == [2, 6] and found.end.tolist() == [12, 21]


def test_exclude_wins():
    assert cues("a conflict of interest", ["conflict"], ["conflict of interest"]) == []
    assert cues("armed conflict", ["conflict"], ["conflict of interest"]) == ["conflict"]
    text = "a conflict of interest in a conflict"
    assert cues(text, ["conflict"], ["conflict of interest"]) == ["conflict"]


def test_exclude_wins_over_a_longer_hit_and_one_that_only_touches_it():
    assert cues("heart attack victims", ["attack victims"], ["heart attack"]) == []
    assert cues("heart attack, victims", ["victims"], ["heart attack"]) == ["victims"]
    # The longer hit is dropped first, so that a shorter one beside the exclusion remains.
    assert cues("war of words", ["war of", "words"], ["war"]) == ["words"]


def test_exclude_of_one_code_leaves_the_others():
    found = find_in_text("fire", make_book(a=(["fire"], ["fire"]), b=["fire"]))
    assert found.code.tolist() == ["test:b"]


def test_exclude_with_a_gap():
    assert cues("won a big prize", ["won"], ["won ... prize*"]) == []
    assert cues("won, and gave no prize. He won.", ["won"], ["won ... prize*"]) == ["won"]


# Tables


def test_offsets_round_trip_over_documents():
    texts = ["“No war,” she said.\n\nWar’s end came.", "", "   ", "Naïve 🙂 war: WAR’S"]
    documents = make_documents(texts)
    tokens = tokenise(documents)[1]
    found = find_cues(tokens, [make_book(a=["war"])])
    assert text_of(documents, found) == ["war", "War’s", "war", "WAR’S"]
    assert found.doc_id.tolist() == [0, 0, 3, 3]
    assert found.sent_id.tolist() == [0, 1, 3 * 2**20, 3 * 2**20]


def test_columns():
    found = find_in_text("war", make_book(a=["war"]))
    assert list(found) == ["doc_id", "sent_id", "start", "end", "layer", "code", "rule", "voice_id"]
    assert found.layer.tolist() == ["theme"] and found.voice_id.isna().all()


@pytest.mark.parametrize("text", ["", "   \n", "🙂"])
def test_text_without_a_hit(text):
    found = find_in_text(text, make_book(a=["war", "w*"], b=["x ... y"]))
    assert found.empty and list(found)[:2] == ["doc_id", "sent_id"]


def test_no_codebook_and_no_document():
    tokens = tokenise(make_documents(["war"]))[1]
    assert find_cues(tokens, []).empty
    assert find_cues(tokens.iloc[:0], [make_book(a=["war", "*ar", "a ... b"])]).empty


def test_count_sentences():
    documents = make_documents(["War and war. Peace. War.\n\nThe end."])
    sentences, tokens = tokenise(documents)
    spans = find_cues(tokens, [make_book(a=["war"], b=["peace"], c=["flood"])])
    table = count_sentences(spans, sentences)
    assert table.loc["test:a"].tolist() == [3, 2, 0.5]
    assert table.loc["test:b"].tolist() == [1, 1, 0.25]
    assert table.index.tolist() == ["test:a", "test:b"]


# The matcher against the rules of the docstrings, written out with loops (oracles.py)

WORDS = ["a", "b", "ab", "ba", "abb", ","]
SHAPES = WORDS + ["a*", "*b", "?", "a?", "*", "*b*", "b?b"]
PHRASES = st.lists(st.sampled_from(SHAPES), min_size=1, max_size=3).map(" ".join)
PATTERNS = st.lists(PHRASES, min_size=1, max_size=3).map(" ... ".join)
SENTENCES = st.lists(st.lists(st.sampled_from(WORDS), max_size=30), max_size=4)


def make_tokens(sentences):
    rows = [(number, word) for number, sentence in enumerate(sentences) for word in sentence]
    frame = pd.DataFrame(rows, columns=["sent_id", "word"]).astype({"sent_id": "int64"})
    frame["word"] = pd.Categorical(frame.word.astype(str))
    return frame


@given(SENTENCES, st.lists(PATTERNS, min_size=1, max_size=4), st.lists(PATTERNS, max_size=2))
def test_matcher_agrees_with_the_oracle(sentences, patterns, exclude):
    tokens = make_tokens(sentences)
    starts = {}
    for place, number in enumerate(tokens.sent_id):
        starts.setdefault(number, place)
    index = TokenIndex(tokens)
    hits = find_hits(index, [Code("c", "", "", patterns, exclude=exclude)])
    found = {
        (number := tokens.sent_id[a], a - starts[number], b - starts[number], n)
        for _, a, b, n in zip(*hits, strict=True)
    }
    assert found == oracles.hits(sentences, patterns, exclude)


# Loading


def write(folder, text):
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


GOOD = """
[codebook]
name = "mine"
version = 2
[[code]]
id = "a"
exclude = ["no"]
colour = "red"
patterns = ["one"]
[[code.indicator]]
id = "i"
question = "Is it?"
patterns = ["two", "three"]
[[code]]
id = "b"
label = "Bee"
patterns = ["four"]
"""


def test_load_codebook(tmp_path):
    book = load_codebook(write(tmp_path, GOOD))
    assert (book.name, book.title, book.version, book.layer) == ("mine", "mine", "2", "theme")
    code = book.codes[0]
    assert code.patterns == ["one", "two", "three"] and code.exclude == ["no"]
    assert code.indicators == {"i": "Is it?"} and code.extra == {"colour": "red"}
    assert code.label == "a" and code.parent == ""
    assert book.label("b") == book.label("mine:b") == "Bee"


def test_load_by_name():
    assert load_codebook("rhetoric").layer == "rhetoric"


@pytest.mark.parametrize(
    "text, part",
    [
        ("[codebook", "not valid TOML"),
        ("", "[codebook]"),
        ('[codebook]\nname = "x"\n', "[[code]]"),
        ('[[code]]\nid = "a"\npatterns = ["b"]\n', "[codebook]"),
        (
            '[codebook]\nname = "x"\nlayer = "mood"\n[[code]]\nid = "a"\npatterns = ["b"]\n',
            "'mood'",
        ),
        ('[codebook]\nname = "x"\n[[code]]\npatterns = ["b"]\n', "without an id"),
        ('[codebook]\nname = "x"\n[[code]]\nid = "empty"\n', "empty lacks"),
        ('[codebook]\nname = "x"\n[[code]]\nid = "a"\npatterns = ["b", "..."]\n', "'...'"),
        ('[codebook]\nname = "x"\n[[code]]\nid = "a"\npatterns = ["* ?"]\n', "'* ?'"),
        ('[codebook]\nname = "x"\n[[code]]\nid = "a"\npatterns = ["b", 3]\n', "3"),
        ('[codebook]\nname = "x"\n[[code]]\nid = "a"\npatterns = ["b"]\nexclude = [""]\n', "''"),
        ('[codebook]\nname = "x"\n[[code]]\nid = "a"\npatterns = "b"\n', "lists of texts"),
        ('[codebook]\nname = "x"\n[[code]]\nid = "a"\npatterns = ["b"]\nexclude = "c"\n', "lists"),
        ('[codebook]\nname = "x"\n[code]\nid = "a"\npatterns = ["b"]\n', "[[code]]"),
        (
            '[codebook]\nname = "x"\n[[code]]\nid = "a"\n[code.indicator]\npatterns = ["b"]\n',
            "[[code.indicator]]",
        ),
        ('codebook = "x"\n[[code]]\nid = "a"\npatterns = ["b"]\n', "[codebook]"),
        (GOOD + '[[code]]\nid = "a"\npatterns = ["b"]\n', "code a: another code has this id"),
    ],
)
def test_faulty_codebook_gets_one_sentence(tmp_path, text, part):
    with pytest.raises(InputError) as caught:
        load_codebook(write(tmp_path, text))
    message = str(caught.value)
    assert part in message and "mine.toml" in message
    assert message.endswith(".") and "\n" not in message and "Traceback" not in message


def test_missing_codebook_names_the_ones_there_are():
    with pytest.raises(InputError, match="There is no codebook no-such; .*generic-news-frames"):
        load_codebook("no-such")


def test_codebook_that_is_not_text(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not valid TOML"):
        load_codebook(path)
