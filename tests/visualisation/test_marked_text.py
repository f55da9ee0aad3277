"""Evidence as HTML: escaped, balanced, with the text unchanged; links that hit their sentence."""

import re
from html import unescape
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from framebook.framing.codebook import load_codebook
from framebook.framing.cues import find_cues
from framebook.tables import empty, make_documents
from framebook.tokenising.bulk import tokenise
from framebook.visualisation.charts import plot_matrix
from framebook.visualisation.marked_text import (
    KEY,
    NO_MATHS,
    STYLE,
    mark,
    show_behind,
    show_cues,
    show_voices,
)
from framebook.voices.voices import find_voices

NASTY = "<script>alert('x')</script> & \"won\" &amp; <b>the war</b>"
LOOKS = ["cue", "source", "verb", "content"]


class Balance(HTMLParser):
    """Collects the elements of a fragment and fails when they are not nested."""

    def __init__(self, html):
        super().__init__()
        self.open, self.seen = [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def text_of(html):
    """The text of a fragment without tags, without the labels and what is said only."""
    html = re.sub(r"<sub.*?</sub>|<span.*?</span>", "", html, flags=re.S)
    return unescape(re.sub(r"<[^>]*>", "", html))


def heard(html):
    """What a screen reader says: without tags and what is hidden from it."""
    html = re.sub(r'<sub aria-hidden="true">.*?</sub>', "", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def test_plain_text_is_escaped():
    assert mark("a <b> & \"c\" 'd'", []) == "a &lt;b&gt; &amp; &quot;c&quot; &#x27;d&#x27;"
    assert mark("", []) == ""


def test_a_label_stands_after_its_mark():
    assert mark("They won it.", [(5, 8, "cue", "Conflict")]) == (
        'They <mark class="fb-cue">won</mark><sub>Conflict</sub> it.'
    )


def test_two_labels_that_end_together_stand_together():
    html = mark("They won it.", [(5, 8, "cue", "Conflict"), (0, 8, "cue", "Morality")])
    assert html.count("<sub>") == 1
    assert "</mark><sub>Conflict, Morality</sub> it." in html


def test_labels_are_escaped():
    html = mark("They won", [(5, 8, "cue", '<i>&"')])
    assert html.endswith("<sub>&lt;i&gt;&amp;&quot;</sub>")


def test_overlapping_marks_are_balanced():
    html = mark("one two three", [(0, 7, "source", "A"), (4, 13, "content", "B")])
    assert html == (
        '<span class="fb-said">source A: </span><mark class="fb-source">one </mark>'
        '<span class="fb-said">content B: </span><mark class="fb-content">'
        '<mark class="fb-source">two</mark></mark><sub aria-hidden="true">A</sub>'
        '<mark class="fb-content"> three</mark><sub aria-hidden="true">B</sub>'
    )
    Balance(html)


MARKS = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.integers(0, 30),
        st.sampled_from(LOOKS),
        st.sampled_from(["", "A & B", "<x>"]),
    ),
    max_size=6,
)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=30), MARKS)
def test_any_text_and_marks_give_balanced_html_with_the_same_text(text, marks):
    marks = [(min(a, b), min(max(a, b), len(text)), look, label) for a, b, look, label in marks]
    html = mark(text, [m for m in marks if m[0] < m[1]])
    assert set(Balance(html).seen) <= {"mark", "span", "sub"}
    assert text_of(html) == text


def tables(*texts):
    documents = make_documents(texts)
    sentences, tokens = tokenise(documents)
    return documents, sentences, tokens


def test_show_cues_marks_and_escapes():
    documents, sentences, tokens = tables("Nothing here.", NASTY)
    book = load_codebook("generic-news-frames")
    spans = find_cues(tokens, [book])
    code = "generic-news-frames:conflict"
    html = show_cues(documents, sentences, spans, {code: "<Conflict>"}).data
    assert "<script" not in html and "<b>" not in html and "&lt;script&gt;" in html
    assert "<sub>&lt;Conflict&gt;</sub>" in html
    assert '<li value="2" id=' in html and "Nothing here" not in html
    every = show_cues(documents, sentences, spans, {code: "Conflict"}, only_hits=False).data
    assert re.search('<li value="1" id="fb-[0-9a-f]{8}-1" tabindex="-1">Nothing here.</li>', every)


def test_show_cues_says_what_it_leaves_out():
    documents, sentences, tokens = tables(*["They won."] * 5)
    spans = find_cues(tokens, [load_codebook("generic-news-frames")])
    labels = {"generic-news-frames:conflict": "C"}
    html = show_cues(documents, sentences, spans, labels, limit=2).data
    assert html.count("<li ") == 2 and "2 of 5 sentences are shown." in html


def voices_of(*texts):
    documents, sentences, tokens = tables(*texts)
    return documents, sentences, find_voices(documents, sentences, tokens)[0]


def test_who_answers_stands_in_the_margin():
    documents, sentences, voices = voices_of(
        "“The dam,” Mayor Ada Venn said, “will hold.” It is old."
    )
    view = show_voices(documents, sentences, voices, only_hits=False)
    one, two = view.anchors.values()
    assert re.fullmatch("fb-[0-9a-f]{8}-1", one) and two == one[:-1] + "2"
    assert view.data == (
        f'{STYLE}<div class="fb-text fb-wide {NO_MATHS}">{KEY}<ol style="padding-left:1.8em">'
        f'<li value="1" id="{one}" tabindex="-1"><div class="fb-beside"><p>'
        '<span class="fb-said">content: </span><mark class="fb-content">“The dam,”</mark> '
        '<span class="fb-said">source: </span><mark class="fb-source">Mayor Ada Venn</mark> '
        '<span class="fb-said">cue: </span><mark class="fb-verb">said</mark>, '
        '<span class="fb-said">content: </span><mark class="fb-content">“will hold.”</mark></p>'
        '<div class="fb-margin"><span class="fb-said">Who answers: </span>'
        "<p><b>Ada Venn</b> (government): say, quoted</p></div></div></li>"
        f'<li value="2" id="{two}" tabindex="-1"><div class="fb-beside"><p>It is old.</p>'
        '<div class="fb-margin"><span class="fb-said">Who answers: </span>'
        "<p>the narrator’s</p></div></div></li></ol></div>"
    )


def test_what_a_screen_reader_says():
    documents, sentences, voices = voices_of(
        "The plan, which was described as a folly, is dead, Ada Venn said."
    )
    said = heard(show_voices(documents, sentences, voices).data.partition("<ol")[2])
    assert len(voices) == 2, "the example"
    for words in (
        "cue 1: was described",
        "content 1: as a folly",
        "source 2: Ada Venn",
        "cue 2: said",
        "Who answers: 1 source unspecified: frame, paraphrased",
        "2 Ada Venn",
    ):
        assert words in said, said
    assert heard(mark("so they say it", [(3, 7, "source", ""), (8, 11, "verb", "")])) == (
        "so source: they cue: say unmarked: it"
    )


def test_show_voices_escapes_everything():
    documents, sentences, _ = tables(NASTY)
    voices = pd.DataFrame(
        [
            {
                **dict.fromkeys(empty("voices").columns, NASTY),
                "sent_id": sentences.sent_id[0],
                "source": [[0, 10]],
                "cue": [[11, 15]],
                "content": [[16, len(NASTY)]],
            }
        ]
    )
    html = show_voices(documents, sentences, voices).data
    assert not set(Balance(html).seen) & {"script"}
    assert html.count("<b>") == 1 and html.count("&lt;script&gt;alert(&#x27;x&#x27;)") == 4
    voices["speaker"] = None
    assert "<b>source unspecified</b>" in show_voices(documents, sentences, voices).data


def test_views_of_a_page_share_no_id():
    documents, sentences, voices = voices_of("Ada Venn said it rained.", "It snowed. Ada was glad.")
    views = [
        show_voices(documents, sentences, voices, only_hits=False),
        show_voices(documents, sentences, voices),
        show_cues(documents, sentences, empty("spans"), {}, only_hits=False),
    ]
    ids = [name for view in views for name in re.findall(r' id="([^"]*)"', view.data)]
    assert len(ids) == len(set(ids)) == 3 + 1 + 3
    assert ids == [name for view in views for name in view.anchors.values()]


def test_sentences_behind_a_number():
    documents, sentences, voices = voices_of("One. Two <b>. Three. Four. Five.")
    view = show_voices(documents, sentences.head(2), voices, only_hits=False)
    one, two = view.anchors.values()
    ids = sentences.sent_id.tolist()
    rows = pd.DataFrame(
        {"code": ["b:x"] * 3 + ["a_<"] * 4, "sent_id": [ids[0], ids[1], ids[1], *ids[1:]]}
    )
    html = show_behind(
        documents, sentences, rows, "code", ["b:x", "none", "a_<"], {"b:x": "<X>"}, view, limit=2
    ).data
    Balance(html)
    assert html == (
        f'{STYLE}<details class="fb-behind {NO_MATHS}"><summary>The sentences behind this figure'
        "</summary><ul>"
        f'<li><b>&lt;X&gt;</b>: 3, in 2 sentences: <a href="#{one}" aria-label="sentence 1">1</a> '
        f'<a href="#{two}" aria-label="sentence 2">2</a></li>'
        f'<li><b>a &lt;</b>: 4, in sentences: <a href="#{two}" aria-label="sentence 2">2</a>'
        "<ul><li>(3) Three.</li><li>(4) Four.</li><li>3 of 4 are shown. A report "
        "has all of them in evidence.csv and in tables/.</li></ul></li></ul></details>"
    )
    alone = show_behind(documents, sentences, rows, "code", ["b:x"]).data
    assert "<a " not in alone and "<li>(2) Two &lt;b&gt;.</li>" in alone
    assert "<li>None.</li>" in show_behind(documents, sentences, rows.head(0), "code", ["b:x"]).data


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 9)),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=30)
def test_a_figure_and_the_list_below_it_agree(rows):
    documents, sentences, voices = voices_of("It rained. " * 10)
    rows = pd.DataFrame(rows, columns=["row", "column", "sent_id"])
    rows["sent_id"] = sentences.sent_id.to_numpy()[rows.sent_id]
    table = pd.crosstab(rows.row, rows.column)
    alt = plot_matrix(table, "T", "n").figure.alt
    plt.close("all")
    view = show_voices(documents, sentences, voices, only_hits=False, limit=5)
    html = show_behind(
        documents, sentences, rows, ["row", "column"], table.stack().index, view=view, limit=9
    ).data
    lines = re.findall(r"<b>(.), (.)</b>: (\d+), in (\d*) ?sentences?: (.*?)(?=<li><b|</det)", html)
    drawn = [
        (row, *cell)
        for row, cells in re.findall(r"(.): ([^;.]*)[;.]", alt)
        for cell in re.findall(r"(.) (\d+)", cells)
    ]
    assert [line[:3] for line in lines] == drawn
    for row, column, n, n_sentences, behind in lines:
        own = rows.sent_id[(rows.row == row) & (rows.column == column)]
        found = re.findall(r'href="#([^"]*)"', behind) + re.findall(r"<li>", behind)
        assert int(n) == len(own) and len(found) == int(n_sentences or n) == own.nunique()
        assert set(found) - {"<li>"} <= set(view.anchors.values())


def test_nothing_to_show():
    documents, sentences, _ = tables("Nothing here.")
    assert "<li" not in show_cues(documents, sentences, empty("spans"), {}).data
    assert "<li" not in show_voices(documents, sentences, empty("voices")).data
