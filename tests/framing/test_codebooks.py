"""The codebooks that come with Framebook: their own examples are their tests."""

import re
import tomllib

import pytest

from framebook.framing.codebook import FOLDER, load_codebook
from framebook.framing.cues import find_in_text
from framebook.framing.matching import normalise, parse_pattern
from framebook.loading.articles import find_path
from framebook.tokenising.bulk import split_text
from framebook.tokenising.rules import TOKEN_PATTERN

NAMES = [
    "generic-news-frames",
    "war-and-reconstruction",
    "rhetoric",
    "policy-frames",
    "entman-functions",
]
BOOKS = {name: load_codebook(name) for name in NAMES}
RAW = {name: tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")) for name in NAMES}
CODES = [
    pytest.param(book, code, id=f"{name}:{code.id}")
    for name, book in BOOKS.items()
    for code in book.codes
]
SENTENCES = [
    pytest.param(book, code, sentence, wanted, id=f"{code.id}-{'no' * (not wanted)}{n}")
    for book in BOOKS.values()
    for code in book.codes
    for wanted, sentences in [(True, code.examples), (False, code.counterexamples)]
    for n, sentence in enumerate(sentences)
]


def words_of(pattern):
    return [word for phrase in parse_pattern(pattern) for word in phrase]


def plain(text):
    return " ".join(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize("book, code, sentence, wanted", SENTENCES)
def test_examples_match_and_counterexamples_do_not(book, code, sentence, wanted):
    found = find_in_text(sentence, book)
    rules = found.rule[found.code == f"{book.name}:{code.id}"].tolist()
    assert bool(rules) == wanted, f"{sentence!r} is matched by {rules}"


@pytest.mark.parametrize("book, code", CODES)
def test_code_is_complete(book, code):
    assert code.label and len(code.definition) > 40
    assert len(code.examples) >= 3 and len(code.counterexamples) >= 3
    assert re.fullmatch(r"[a-z_]+", code.id)
    frames = {c.id for c in BOOKS["generic-news-frames"].codes}
    assert code.parent in {"", *frames, *(c.id for c in book.codes)} - {code.id}
    assert all(question.endswith("?") for question in code.indicators.values())


@pytest.mark.parametrize("book, code", CODES)
def test_patterns_are_all_different(book, code):
    for patterns in (code.patterns, code.exclude):
        parsed = [parse_pattern(pattern) for pattern in patterns]
        assert len(set(parsed)) == len(parsed), [
            p for p in patterns if parsed.count(parse_pattern(p)) > 1
        ]
    assert not {parse_pattern(p) for p in code.patterns} & {parse_pattern(p) for p in code.exclude}


@pytest.mark.parametrize("book, code", CODES)
def test_patterns_can_match(book, code):
    """Each word of a pattern is one token for the tokeniser, in the form that is matched."""
    for pattern in code.patterns + code.exclude:
        assert words_of(pattern), pattern
        for word in words_of(pattern):
            filled = re.sub(r"[*?]", "a", word)
            assert re.fullmatch(TOKEN_PATTERN, filled), f"{pattern!r}: {word!r} is several tokens"
            assert word == normalise(word) and word.count("*") <= 2, pattern
        assert pattern == " ".join(pattern.split()) == pattern.lower(), pattern
        assert not re.search(r"(^\.\.\.)|(\.\.\.$)|(\S\.\.\.)|(\.\.\.\S)|…", pattern), pattern


@pytest.mark.parametrize("book, code", CODES)
def test_no_exclusion_swallows_a_pattern(book, code):
    """A pattern that holds an excluded phrase whole would never give a hit."""
    for pattern in code.patterns:
        text = f" {pattern} "
        swallowed = [
            e for e in code.exclude if not re.search(r"[*?]|\.\.\.", e) and f" {e} " in text
        ]
        assert not swallowed, f"{pattern!r} is always excluded by {swallowed}"


@pytest.mark.parametrize("name", NAMES)
def test_header_is_complete(name):
    head = RAW[name]["codebook"]
    assert head["name"] == name and head["title"] and head["version"] and head["notes"].strip()
    assert head["licence"] == "CC0-1.0"
    assert re.search(r"\(\d{4}\)", head["citation"]) and "doi:10." in head["citation"]
    ids = [code.id for code in BOOKS[name].codes]
    assert len(set(ids)) == len(ids)
    for entry in RAW[name]["code"]:
        indicators = [indicator["id"] for indicator in entry.get("indicator", [])]
        assert len(set(indicators)) == len(indicators)
        assert all(i["question"] and i["patterns"] for i in entry.get("indicator", []))


def test_layers_and_ids():
    assert {name: book.layer for name, book in BOOKS.items()} == {
        "generic-news-frames": "frame",
        "war-and-reconstruction": "theme",
        "rhetoric": "rhetoric",
        "policy-frames": "frame",
        "entman-functions": "function",
    }
    assert [code.id for code in BOOKS["generic-news-frames"].codes] == [
        "conflict",
        "human_interest",
        "economic_consequences",
        "morality",
        "responsibility",
    ]
    ids = {code.id for code in BOOKS["war-and-reconstruction"].codes}
    assert ids >= {
        "security",
        "reconstruction",
        "state_commitment",
        "resilience",
        "heroism",
        "alliance",
        "humanitarian",
        "sovereignty",
    }
    assert [code.id for code in BOOKS["policy-frames"].codes] == [
        "economic",
        "capacity_and_resources",
        "morality",
        "fairness_and_equality",
        "legality",
        "policy_prescription",
        "crime_and_punishment",
        "security_and_defence",
        "health_and_safety",
        "quality_of_life",
        "cultural_identity",
        "public_opinion",
        "political",
        "external_regulation",
    ]
    assert [code.id for code in BOOKS["entman-functions"].codes] == [
        "problem_definition",
        "causal_attribution",
        "moral_evaluation",
        "treatment_recommendation",
    ]


@pytest.mark.parametrize("name", ["policy-frames", "entman-functions"])
def test_codes_have_two_to_four_questions_and_four_examples_each_way(name):
    for code in BOOKS[name].codes:
        assert 2 <= len(code.indicators) <= 4, code.id
        assert min(len(code.examples), len(code.counterexamples)) >= 4, code.id


def test_generic_frames_have_three_to_five_questions():
    for code in BOOKS["generic-news-frames"].codes:
        assert 3 <= len(code.indicators) <= 5, code.id


def test_examples_are_not_from_the_articles():
    """Examples are invented: none is a sentence of an article that comes with the collection."""
    texts = [path.read_text(encoding="utf-8") for path in find_path("seeds").glob("*.txt")]
    texts.append((find_path("seeds") / "teaching" / "articles.csv").read_text(encoding="utf-8"))
    taken = {plain(sentence) for text in texts for sentence in split_text(text)}
    joined = " ".join(plain(text) for text in texts)
    for book in BOOKS.values():
        for code in book.codes:
            for sentence in code.examples + code.counterexamples:
                assert plain(sentence) not in taken
                assert len(sentence.split()) < 4 or plain(sentence) not in joined, sentence
