"""Evidence as HTML: escaped, balanced, and with the text unchanged."""

import re
from html import unescape
from html.parser import HTMLParser

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from framebook.framing import find_cues, load_codebook
from framebook.loading import make_documents
from framebook.marking import mark, show_cues, show_voices
from framebook.tables import empty
from framebook.tokenising import tokenise

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
    """The text of a fragment without tags and without the labels."""
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<sub>.*?</sub>", "", html, flags=re.S)))


def test_plain_text_is_escaped():
    assert mark("a <b> & \"c\" 'd'", []) == "a &lt;b&gt; &amp; &quot;c&quot; &#x27;d&#x27;"
    assert mark("", []) == ""


def test_a_label_stands_after_its_mark():
    assert mark("They won it.", [(5, 8, "cue", "Conflict")]) == (
        'They <mark class="fb-cue">won</mark><sub>Conflict</sub> it.')


def test_two_labels_that_end_together_stand_together():
    html = mark("They won it.", [(5, 8, "cue", "Conflict"), (0, 8, "cue", "Morality")])
    assert html.count("<sub>") == 1
    assert '</mark><sub>Conflict, Morality</sub> it.' in html


def test_labels_are_escaped():
    html = mark("They won", [(5, 8, "cue", "<i>&\"")])
    assert html.endswith("<sub>&lt;i&gt;&amp;&quot;</sub>")


def test_overlapping_marks_are_balanced():
    html = mark("one two three", [(0, 7, "source", "A"), (4, 13, "content", "B")])
    assert html == ('<mark class="fb-source">one </mark>'
                    '<mark class="fb-content"><mark class="fb-source">two</mark></mark><sub>A</sub>'
                    '<mark class="fb-content"> three</mark><sub>B</sub>')
    Balance(html)


MARKS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from(LOOKS),
                           st.sampled_from(["", "A & B", "<x>"])), max_size=6)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=30), MARKS)
def test_any_text_and_marks_give_balanced_html_with_the_same_text(text, marks):
    marks = [(min(a, b), min(max(a, b), len(text)), look, label) for a, b, look, label in marks]
    html = mark(text, [m for m in marks if m[0] < m[1]])
    assert set(Balance(html).seen) <= {"mark", "sub"}
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
    assert '<li value="2">' in html and "Nothing here" not in html
    every = show_cues(documents, sentences, spans, {code: "Conflict"}, only_hits=False).data
    assert '<li value="1">Nothing here.</li>' in every


def test_show_cues_says_what_it_leaves_out():
    documents, sentences, tokens = tables(*["They won."] * 5)
    spans = find_cues(tokens, [load_codebook("generic-news-frames")])
    labels = {"generic-news-frames:conflict": "C"}
    html = show_cues(documents, sentences, spans, labels, limit=2).data
    assert html.count("<li ") == 2 and "… and 3 more sentences." in html


def test_show_voices_escapes_the_speaker():
    text = "<b>Ann</b> said it was over."
    documents, sentences, _ = tables(text)
    voices = pd.DataFrame([{
        **dict.fromkeys(empty("voices").columns), "sent_id": sentences.sent_id[0],
        "speaker": "<b>Ann</b>", "act": "say", "source": [[0, 10]], "cue": [[11, 15]],
        "content": [[16, len(text)]]}])
    html = show_voices(documents, sentences, voices).data
    assert "<b>" not in html
    assert "<sub>&lt;b&gt;Ann&lt;/b&gt;</sub>" in html and "<sub>say</sub>" in html
    voices["speaker"] = None
    assert "source unspecified" in show_voices(documents, sentences, voices).data


def test_nothing_to_show():
    documents, sentences, _ = tables("Nothing here.")
    assert "<li" not in show_cues(documents, sentences, empty("spans"), {}).data
    assert "<li" not in show_voices(documents, sentences, empty("voices")).data
