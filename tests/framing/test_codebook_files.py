"""Codebooks checked in their author's words, and made from other programs' word lists."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framebook import cli
from framebook.common.errors import InputError
from framebook.framing import checking
from framebook.framing.checking import check_codebook
from framebook.framing.codebook import FOLDER, load_codebook
from framebook.framing.cues import find_in_text
from framebook.framing.importing import import_codebook

GOOD = """[codebook]
name = "mine"

[[code]]
id = "water"
definition = "Water is spoken of."
examples = ["The river rose."]
counterexamples = ["He opened a river bank account."]
exclude = ["river bank account"]
patterns = [
    "river*", "dam ... broke",
]
"""


def check(tmp_path, text, corpus=None):
    path = tmp_path / "c.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [finding.describe("c.toml") for finding in check_codebook(path, corpus)]


def test_nothing_is_wrong(tmp_path):
    assert check(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    "old, new, lines",
    [
        ("[[code]]", "[[code]", ["c.toml:4: not valid TOML: "]),
        ('id = "water"', 'id = ["water"]', ["c.toml:4: each [[code]] needs"]),
        (
            'id = "water"',
            'id = "water"\nparent = []',
            ["c.toml:6: code water: parent must be a text."],
        ),
        (
            'id = "water"',
            'id = "water"\nindicator = 3',
            ["c.toml:4: a code is a table [[code]], each indicator a table [[code.indicator]]"],
        ),
        ('name = "mine"', "", ["c.toml:1: [codebook] needs a name without a colon."]),
        (
            'name = "mine"',
            'name = "my:own"',
            ["c.toml:1: [codebook] needs a name without a colon."],
        ),
        (
            'id = "water"',
            'id = "wa:ter"',
            [
                "c.toml:4: each [[code]] needs an id "
                "without a colon, and patterns; wa:ter lacks them."
            ],
        ),
        (
            "[codebook]",
            "[kodebook]",
            [
                "c.toml:1: there is no [codebook]",
                "c.toml:1: the file has the unknown key 'kodebook'; did you mean 'codebook'?",
            ],
        ),
        (
            'id = "water"',
            'id = "water"\nexample = []',
            ["c.toml:6: code water has the unknown key 'example'; did you mean 'examples'?"],
        ),
        (
            'id = "water"',
            'id = "water"\ncolour = "blue"',
            [
                "c.toml:6: warning: code water has the unknown key 'colour'; Framebook does not read it."
            ],
        ),
        (
            'id = "water"',
            'id = "water"\nparent = "earth"',
            ["c.toml:6: code water: the parent 'earth' is neither another code"],
        ),
        (
            'definition = "Water is spoken of."',
            "",
            ["c.toml:4: warning: code water has no definition."],
        ),
        (
            '"The river rose."',
            '"The river rose.", "It rained."',
            ['c.toml:7: code water: no pattern matches the example "It rained."'],
        ),
        (
            'exclude = ["river bank account"]',
            "",
            ['c.toml:8: code water: pattern "river*" matches the counterexample "He opened a'],
        ),
        (
            '"dam ... broke"',
            '"dam ... broke",\n"river*"',
            ['c.toml:12: warning: code water, pattern "river*": listed twice'],
        ),
        (
            '"dam ... broke"',
            '"rivers"',
            ['c.toml:11: warning: code water, pattern "rivers": covered by "river*".'],
        ),
        (
            '"dam ... broke"',
            '"dam ...broke"',
            ["c.toml:11: code water, pattern \"dam ...broke\": '...broke' is never one word"],
        ),
        (
            '"dam ... broke"',
            '"dam, broke"',
            [
                "c.toml:11: code water, pattern \"dam, broke\": 'dam,' is never one word in a text, where "
                "it is read as “dam ,”."
            ],
        ),
        (
            '"dam ... broke"',
            '"dam ... ... broke"',
            ['c.toml:11: warning: code water, pattern "dam ... ... broke": two gaps'],
        ),
        (
            '"dam ... broke"',
            '"the river bank account"',
            [
                'c.toml:11: code water, pattern "the river bank account": never gives a cue, for the '
                'exclude "river bank account" holds it.'
            ],
        ),
        (
            'examples = ["The river rose."]',
            "examples = 3",
            ["c.toml:7: code water: examples must be a list of texts."],
        ),
        ('"dam ... broke"', '"…"', ["c.toml:4: code water: the pattern '…'"]),
        (
            '"dam ... broke"',
            '"***"',
            ["c.toml:4: code water: the pattern '***'"],
        ),
        ("patterns = [", "patterns = 3\nx = [", ["c.toml:4: a code is a table", "unknown key 'x'"]),
        (
            "patterns = [",
            '[code.decision]\nsentences = 0\nreason = "x"\n[code.y]\nz = [',
            [
                "c.toml:4: each [[code]] needs an id without a colon, and patterns",
                "unknown key 'y'",
            ],
        ),
    ],
)
def test_one_thing_wrong(tmp_path, old, new, lines):
    assert old in GOOD
    found = check(tmp_path, GOOD.replace(old, new))
    assert len(found) == len(lines)
    assert all(any(line in one for one in found) for line in lines), found


def test_two_codes_with_one_id(tmp_path):
    found = check(tmp_path, GOOD + GOOD.split("\n\n")[1])
    assert found == ["c.toml:14: code water: another code has this id."]


def test_a_file_that_is_no_text(tmp_path):
    assert check(tmp_path, b'[codebook]\nname = "\xff"\n') == [
        "c.toml:2: not UTF-8; save the file in that encoding."
    ]
    with pytest.raises(InputError, match="There is no codebook"):
        check_codebook(tmp_path / "none.toml")
    assert len(check(tmp_path, "")) == 2
    assert "not valid TOML" in check(tmp_path, "a = " + "[" * 100_000)[0]


def test_control_characters_are_escaped(tmp_path):
    text = GOOD.replace("dam ... broke", "\\u001b[31mred\\u0007\\u202e")
    found = check(tmp_path, text)
    assert found and all(line.isprintable() for line in found)
    assert "\\x1b" in found[0] and "\\u202e" in found[0]


@given(st.text(max_size=60))
def test_any_text_gives_lines_to_print(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "c.toml"
    path.write_text(text, encoding="utf-8", newline="")
    found = check_codebook(path)
    assert found and all(finding.describe(path.name).isprintable() for finding in found)
    assert all(1 <= finding.line <= text.count("\n") + text.count("\r") + 1 for finding in found)


def test_with_a_corpus(tmp_path):
    corpus = tmp_path / "news"
    corpus.mkdir()
    (corpus / "a.txt").write_text("The river rose. " * 30 + "It was fine. " * 20, encoding="utf-8")
    assert check(tmp_path, GOOD, corpus) == [
        'c.toml:11: warning: code water, pattern "river*": matches in 60% of the sentences.',
        'c.toml:11: warning: code water, pattern "river*": makes 100% of the code\'s cues.',
        'c.toml:11: warning: code water, pattern "dam ... broke": never matches in this corpus.',
    ]


@pytest.mark.parametrize("name", ["generic-news-frames", "war-and-reconstruction"])
def test_ours_pass(name):
    assert not [one for one in check_codebook(FOLDER / f"{name}.toml") if one.wrong]


LIWC = """%
1\tfeeling (Feelings)
\t2\tglad (Gladness)
\t3\tsad (Sadness)
4\tempty
%
cheer*\t1\t2
Weep*\t1\t3
out of luck\t3
catch 22\t3
like\t(02 134)125/464\t2
kind\t<of>3/2 1
:)\t2
stray\t9
"""
LEXICODER = """+POSITIVE+
 GOOD
 A JOY
+NEG_POSITIVE+
 NOT GOOD
++WEATHER++
 SUNNY*
"""
YOSHIKODER = """<?xml version="1.0"?>
<dictionary style="040607" patternengine="substring"><cnode name="Mood">
<pnode name="moody"/><cnode name="Glad"><pnode name="cheer*" score="0.5"/></cnode>
</cnode></dictionary>"""
YAML = """mood:
  glad: [cheer*, "out of luck", no, on]
  sad:
    - we?p
    - /gr[ie]+f/
    - deep:
      - grief
score:
  nice: 3.5
hollow:
"""


def imported(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    summary, *lost = import_codebook(path, tmp_path / "made.toml")
    book = load_codebook(tmp_path / "made.toml")
    notes = (tmp_path / "made.toml").read_text(encoding="utf-8")
    assert re.match(r"[\d,]+ of [\d,]+ entries were taken, [\d,]+ were not", summary)
    assert summary in notes
    found = [one for one in check_codebook(tmp_path / "made.toml") if one.wrong]
    assert found == []
    return book, lost


def codes_in(book, text):
    return sorted(code.partition(":")[2] for code in find_in_text(text, book).code)


def test_liwc(tmp_path):
    book, lost = imported(tmp_path, "feelings.dic", LIWC)
    assert [(c.id, c.label, c.parent, c.patterns) for c in book.codes] == [
        (
            "feeling_feelings",
            "feeling (Feelings)",
            "",
            ["cheer*", "weep*", "out of luck", "catch 22", "like", "kind"],
        ),
        ("glad_gladness", "glad (Gladness)", "feeling_feelings", ["cheer*", "like"]),
        ("sad_sadness", "sad (Sadness)", "feeling_feelings", ["weep*", "out of luck", "catch 22"]),
    ]
    assert codes_in(book, "They cheered.") == ["feeling_feelings", "glad_gladness"]
    assert codes_in(book, "We are Out of Luck.") == ["feeling_feelings", "sad_sadness"]
    assert lost == [
        "changed: capital letters: words match in any case (entries: 1)",
        "'like': the condition in '(02 134)125/464\\t2'",
        "'kind': the condition in '<of>3/2 1'",
        "':)': no word to look for",
        "'stray': a number that is not a category (a weight?): '9'",
        "'stray': in no category",
        "'empty': an empty category",
    ]


def test_liwc_with_spaces(tmp_path):
    book, lost = imported(
        tmp_path, "f.dic", "%\n1 glad\n2 sad\n%\ncheer*  1\nin 2 minds   1 2\nlone\t\n"
    )
    assert [c.patterns for c in book.codes] == [["cheer*", "in 2 minds"], ["in 2 minds"]]
    assert lost == ["'lone': in no category"]


def test_lexicoder(tmp_path):
    book, lost = imported(tmp_path, "tone.lc3", LEXICODER)
    assert [(c.id, c.parent, c.patterns, c.exclude) for c in book.codes] == [
        ("positive", "", ["good", "a joy"], ["not good", "sunny*"]),
        ("neg_positive", "", ["not good", "sunny*"], []),
        ("weather", "neg_positive", ["sunny*"], []),
    ]
    assert codes_in(book, "It was good.") == ["positive"]
    assert codes_in(book, "It was not good.") == ["neg_positive"]
    assert lost == ["changed: capital letters: words match in any case (entries: 4)"]


def test_yoshikoder(tmp_path):
    book, lost = imported(tmp_path, "mood.ykd", YOSHIKODER)
    assert [(c.id, c.parent, c.patterns) for c in book.codes] == [
        ("mood", "", ["*moody*", "cheer*"]),
        ("glad", "mood", ["cheer*"]),
    ]
    assert lost == [
        "changed: patternengine substring: read as a part of a word (entries: 1)",
        "'cheer*': the weight 0.5",
    ]


@pytest.mark.parametrize(
    "name, text, expected, told",
    [
        (
            "mac.dic",
            "%\r1\tcare\r2\tharm\r%\rshelter*\t1\rwound*\t2\r",
            {"care": ["shelter*"], "harm": ["wound*"]},
            "2 of 2 entries were taken, 0 were not",
        ),
        (
            "colours.lc3",
            "+negative#FF0000\n a lie\n abandon*\n+positive#00ff00\n abundan*\n",
            {"negative": ["a lie", "abandon*"], "positive": ["abundan*"]},
            "3 of 3 entries were taken, 0 were not",
        ),
        (
            "plus.lc3",
            "+Harbour\nquay\n++Boats\nferr*\n",
            {"Harbour": ["quay", "ferr*"], "Boats": ["ferr*"]},
            "2 of 2 entries were taken, 0 were not",
        ),
        (
            "stems.lcd",
            '<dictionary style="Lexicoder"><cnode name="k"><pnode name=" econom"/>'
            '<pnode name=" tax "/><pnode name="phobia "/><pnode name=" U.S."/></cnode></dictionary>',
            {"k": ["econom*", "tax", "*phobia", "u.s."]},
            "changed: no space at the end: read as the beginning of a word (entries: 1)",
        ),
        (
            "whole.lcd",
            '<dictionary><cnode name="k"><pnode name="tax rate"/></cnode></dictionary>',
            {"k": ["tax rate*"]},
            "changed: no space at the end: read as the beginning of a word (entries: 1)",
        ),
        (
            "right.dic",
            "A list of ours\r\n%\r\n  1\tharm\r\n 10\tcare\r\n%\r\n# words\r\nwound*\t1\r\nshelter 10\r\n",
            {"harm": ["wound*"], "care": ["shelter"]},
            "2 of 2 entries were taken, 0 were not; lost, a comment: 1; lost, a line above the "
            "categories: 1",
        ),
        (
            "brackets.dic",
            '%\n1 k\n%\n(kind of)\t1\nout of (control)\t1\n"good",\t1\nbad\t1:0.5\n',
            {"k": ["kind of", "good", "bad"]},
            "3 of 4 entries were taken, 1 were not; lost, brackets (a condition?): 1; lost, the "
            "weight: 1",
        ),
        (
            "list.cat",
            "HARM\r\n\tA_LIE (1)\r\n\tODD (0.5.51)\r\n\tWORSE\r\n\t\tVILE* (0.5)\r\n\t@RULE [BAD NEAR GOOD] (1)\r\n",
            {"HARM": ["a lie", "odd", "vile*"], "WORSE": ["vile*"]},
            "3 of 4 entries were taken, 1 were not; lost, a rule of proximity: 1; lost, the "
            "weight: 2",
        ),
        (
            "lost.dic",
            "%\n1 k\n%\ngood 1\n[a-z]+ 1\nstray 7\n",
            {"k": ["good"]},
            "1 of 3 entries were taken, 2 were not; lost, a number that is not a category (a weight?)"
            ": 1; lost, a regular expression, or signs that are not words: 1; lost, in no category: 1",
        ),
    ],
)
def test_dictionaries_as_they_are_published(tmp_path, name, text, expected, told):
    (tmp_path / name).write_bytes(text.encode())
    lines = import_codebook(tmp_path / name, tmp_path / "o.toml")
    book = load_codebook(tmp_path / "o.toml")
    assert {code.label: code.patterns for code in book.codes} == expected
    assert told in lines


def test_yaml(tmp_path):
    book, lost = imported(tmp_path, "mood.yml", YAML)
    assert {c.id: (c.parent, c.patterns) for c in book.codes} == {
        "mood": ("", ["cheer*", "out of luck", "no", "on", "we?p", "grief"]),
        "glad": ("mood", ["cheer*", "out of luck", "no", "on"]),
        "sad": ("mood", ["we?p", "grief"]),
        "deep": ("sad", ["grief"]),
        "score": ("", ["nice"]),
    }
    assert codes_in(book, "On they weep in grief.") == [
        "deep",
        "glad",
        "mood",
        "mood",
        "mood",
        "sad",
        "sad",
    ]
    assert lost == [
        "'/gr[ie]+f/': a regular expression, or signs that are not words",
        "'nice': the weight 3.5",
        "'hollow': an empty category",
    ]


def test_words_that_the_tokeniser_splits(tmp_path):
    book, lost = imported(tmp_path, "a.yml", "a: ['9/11', 'x/y*', 'don’t', \"mother's\"]\nA: [b]")
    assert [c.id for c in book.codes] == ["a", "a_2"]
    assert book.codes[0].patterns == ["9 / 11", "don't", "mother"]
    assert codes_in(book, "After 9/11 they don't ask.") == ["a", "a"]
    assert len(lost) == 1 and lost[0].startswith("'x/y*': 'x/y*' is never one word")


@pytest.mark.parametrize(
    "name, text, said",
    [
        ("a.odt", "x", "no known form"),
        ("a.dic", "cheer 1", "is not a LIWC dictionary"),
        ("a.lcd", "<a><b></a>", "is not a Yoshikoder dictionary"),
        ("a.lcd", '<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>', "is not a Yoshikoder dictionary"),
        ("a.yml", "- a\n- b", "must be keys with words"),
        ("a.yml", "a: &x [b]\nc: *x", "holds aliases"),
        ("a.yml", "a: [", "is not valid YAML"),
        ("a.yml", "a: " + "[" * 20_000, "is nested more than 50 deep"),
        ("a.yml", "a: " * 3_000_000, "is larger than 5 MB"),
        ("a.ykd", "<cnode name='a'>" * 60 + "</cnode>" * 60, "^The word list has categories more"),
        (
            "a.lc3",
            "".join(f"{'+' * n}a+\n" for n in range(1, 1500)),
            "categories more than 50 deep",
        ),
        (
            "a.dic",
            "%\n" + "".join(f"{' ' * n}{n} a\n" for n in range(1500)) + "%\n",
            "more than 50 d",
        ),
        ("a.dic", "%\n1 a\n%\nb " + "(1 " * 40_000, "holds no word"),
        ("a.yml", "a: !!python/object/apply:os.system [':)']", "holds no word"),
        ("a.lc3", "word", "holds no word"),
    ],
)
def test_refused_and_nothing_written(tmp_path, name, text, said):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        import_codebook(tmp_path / name, tmp_path / "o.toml")
    assert "\n" not in str(caught.value)
    assert [one.name for one in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "name, text, told",
    [
        ("a.dic", "%\nodd\n1 a\n%\ngood 1\n", "'odd': no category with a number and a name"),
        ("a.yml", "? [a]\n: b\nk: [good]\n", "a key that is not a text"),
    ],
)
def test_a_category_without_a_name_is_lost_and_told(tmp_path, name, text, told):
    book, lost = imported(tmp_path, name, text)
    assert lost == [told] and [code.patterns for code in book.codes] == [["good"]]


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "a.yml").write_text("a: [b]", encoding="utf-8")
    (tmp_path / "o.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is there already"):
        import_codebook(tmp_path / "a.yml", tmp_path / "o.toml")
    with pytest.raises(InputError, match=r"let it end in \.toml"):
        import_codebook(tmp_path / "a.yml", tmp_path / "o.txt")
    with pytest.raises(InputError, match="There is no file"):
        import_codebook(tmp_path / "b.yml", tmp_path / "p.toml")
    (tmp_path / "c.yml").write_bytes(b"a: [\0]")
    with pytest.raises(InputError, match="is not a text file"):
        import_codebook(tmp_path / "c.yml", tmp_path / "p.toml")
    assert (tmp_path / "o.toml").read_text(encoding="utf-8") == "mine"


@given(st.text(max_size=40), st.sampled_from(["a.yml", "a.dic", "a.lc3", "a.lcd"]))
def test_any_dictionary_loads_or_is_refused(tmp_path_factory, text, name):
    folder = tmp_path_factory.mktemp("any")
    before = {
        "a.yml": "k:\n - word\n - ",
        "a.dic": "%\n1 k\n%\nword 1\n",
        "a.lc3": "+K+\nword\n",
        "a.lcd": "",
    }[name]
    (folder / name).write_text(before + text, encoding="utf-8")
    try:
        lost = import_codebook(folder / name, folder / "o.toml")
    except InputError as error:
        assert not (folder / "o.toml").exists() and str(error).isprintable()
        return
    assert all(one.isprintable() for one in lost)
    assert load_codebook(folder / "o.toml").codes[0].patterns


def test_commands(tmp_path, capsys):
    (tmp_path / "tone.lc3").write_text(LEXICODER, encoding="utf-8")
    out = tmp_path / "tone.toml"
    assert cli.main(["codebook", "import", str(tmp_path / "tone.lc3"), "--out", str(out)]) == 0
    assert capsys.readouterr().out == (
        "4 of 4 entries were taken, 0 were not\n"
        f"changed: capital letters: words match in any case (entries: 4)\nThe codebook is in {out}\n"
    )
    assert cli.main(["codebook", "check", str(out)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert re.fullmatch(
        rf"{re.escape(str(out))}:\d+: warning: code positive has no definition and "
        "no examples and no counterexamples.",
        printed[0],
    )
    assert printed[-1] == "Nothing is wrong in the codebook; 3 warnings."
    out.write_text(GOOD.replace("The river rose.", "Rain."), encoding="utf-8")
    assert cli.main(["codebook", "check", str(out)]) == 2
    told = capsys.readouterr()
    assert told.out == f'{out}:7: code water: no pattern matches the example "Rain.".\n'
    assert told.err == "framebook: 1 of the 1 lines above must be corrected in the codebook.\n"
    assert cli.main(["codebook", "import", "none.dic", "--out", str(tmp_path / "x.toml")]) == 2


@pytest.mark.parametrize(
    "old, new",
    [('id = "water"', 'id = "wa:ter"'), ('id = "water"', 'id = "water"\nmine = "\\u001b[31m"')],
)
def test_what_is_refused_when_loaded_is_found(tmp_path, old, new):
    found = check(tmp_path, GOOD.replace(old, new))
    assert found and all(line.isprintable() for line in found)


def test_words_without_a_wildcard_are_compared_with_no_other(tmp_path, monkeypatch):
    """A list of ten thousand words would else take minutes."""
    compared = []
    monkeypatch.setattr(checking, "_covers", lambda *two: compared.append(two))
    words = ", ".join(f'"w{n}"' for n in range(500))
    (tmp_path / "c.toml").write_text(
        f'[codebook]\nname = "c"\n[[code]]\nid = "x"\npatterns = ["w*", {words}]\n'
    )
    check_codebook(tmp_path / "c.toml")
    assert 0 < len(compared) <= 500
