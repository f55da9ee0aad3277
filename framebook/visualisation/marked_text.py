"""Evidence to look at: text with marks, as HTML in which everything from a text is escaped.

No script: a link leads to the id of a sentence. Ids are made from what a view shows, so that
the same view has the same ones and two views of a page have none in common.
"""

from collections.abc import Iterable
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from framebook.tables import text_of

if TYPE_CHECKING:
    from IPython.display import HTML

STYLE = f"<style>\n{Path(__file__).with_name('marks.css').read_text('utf-8')}</style>"
SAID = {"source": "source", "verb": "cue", "content": "content"}  # a cue's label says it itself
NO_MATHS = "mathjax_ignore tex2jax_ignore"  # or JupyterLab would set what stands between $ and $
KEY = (
    '<p>Key: <mark class="fb-source">source</mark>, <mark class="fb-verb">cue</mark>, '
    '<mark class="fb-content">content</mark>; unmarked, the narrator’s.</p>'
)
ALL = "A report has all of them in evidence.csv and in tables/."


def _said(words):
    return f'<span class="fb-said">{words}: </span>' if words else ""


def mark(text, marks):
    """Return a text as HTML with marks (start, end, look, label): shape, and label in words.

    Looks are cue, source, verb and content. Marks may overlap; each label stands where its
    mark ends. Where source, verb and content begin and end is also said to screen readers.
    """
    cuts = sorted({0, len(text), *(c for a, b, *_ in marks for c in (a, b) if 0 <= c <= len(text))})
    parts, within = [], False
    for start, end in zip(cuts, cuts[1:], strict=False):
        looks = [look for a, b, look, _ in marks if a <= start and end <= b]
        begun = [
            f"{SAID[look]} {label}".strip()
            for a, b, look, label in marks
            if look in SAID and max(a, 0) == start < b
        ]
        if SAID.keys() & set(looks):
            within = True
        elif within and any(map(str.isalpha, text[start:end])):
            begun, within = [" unmarked"], False
        piece = escape(text[start:end])
        for look in dict.fromkeys(looks):
            piece = f'<mark class="fb-{look}">{piece}</mark>'
        ended = [(look, label) for _, b, look, label in marks if b == end and label]
        labels = escape(", ".join(dict.fromkeys(label for _, label in ended)))
        hidden = ' aria-hidden="true"' if SAID.keys() >= {look for look, _ in ended} else ""
        parts.append(
            _said(escape(", ".join(dict.fromkeys(begun))))
            + piece
            + (f"<sub{hidden}>{labels}</sub>" if labels else "")
        )
    return "".join(parts)


def _number(sentences):
    """Return {sent_id: its number, from 1}."""
    return dict(zip(sentences.sent_id, range(1, len(sentences) + 1), strict=True))


def _listed(documents, sentences, found, only_hits, limit, content, key=""):
    """Sentences as a numbered list of `content(row, text, rows found)`; with {sent_id: anchor}."""
    from IPython.display import HTML

    numbers = _number(sentences)
    shown = sentences[sentences.sent_id.isin(found.sent_id)] if only_hits else sentences
    first = shown.head(limit)
    contents = [
        content(row, text, found[found.sent_id == row.sent_id])
        for row, text in zip(first.itertuples(), text_of(documents, first), strict=True)
    ]
    own = sha256("".join(contents).encode("utf-8", "replace")).hexdigest()[:8]
    anchors = {sent_id: f"fb-{own}-{numbers[sent_id]}" for sent_id in first.sent_id}
    items = "".join(
        f'<li value="{numbers[sent_id]}" id="{anchor}" tabindex="-1">{content}</li>'
        for (sent_id, anchor), content in zip(anchors.items(), contents, strict=True)
    )
    more = len(shown) - limit
    rest = f"<p>{limit:,} of {len(shown):,} sentences are shown. {ALL}</p>" if more > 0 else ""
    room = 1.2 + 0.6 * len(str(len(sentences)))  # for the list's numbers
    view = HTML(
        f'{STYLE}<div class="fb-text{" fb-wide" if key else ""} {NO_MATHS}">'
        f'{key if items else ""}<ol style="padding-left:{room:.1f}em">{items}</ol>'
        f"{rest}</div>"
    )
    view.anchors = anchors
    return view


def show_cues(
    documents: pd.DataFrame,
    sentences: pd.DataFrame,
    spans: pd.DataFrame,
    labels: dict[str, str],
    only_hits: bool = True,
    limit: int = 40,
) -> "HTML":
    """Return sentences as HTML, each cue underlined and named; `labels` is {code: label}.

    The first `limit` sentences with a cue, or of all if not `only_hits`.

    >>> from framebook.tables import make_documents
    >>> documents = make_documents(["Floods came."])
    >>> sentences = pd.DataFrame({"doc_id": 0, "sent_id": [0], "start": 0, "end": 12})
    >>> spans = sentences.assign(end=6, code="mine:flood")
    >>> "Floods</mark><sub" in show_cues(documents, sentences, spans, {"mine:flood": "Flood"}).data
    True
    """

    def content(row, text, own):
        return mark(
            text,
            [
                (a - row.start, b - row.start, "cue", labels[code])
                for a, b, code in zip(own.start, own.end, own.code, strict=True)
            ],
        )

    spans = spans[spans.code.isin(labels)]
    return _listed(documents, sentences, spans, only_hits, limit, content)


def show_voices(
    documents: pd.DataFrame,
    sentences: pd.DataFrame,
    voices: pd.DataFrame,
    only_hits: bool = True,
    limit: int = 40,
) -> "HTML":
    """Return sentences as HTML, the parts of attributions marked, with who answers in the margin.

    The first `limit` sentences with an attribution, or of all if not `only_hits`.

    >>> from framebook.chain import derive_from
    >>> from framebook.tables import make_documents
    >>> documents = make_documents(["“It floods,” said Ada Brook."])
    >>> made = derive_from(documents, [], {"voices"})
    >>> "<b>Ada Brook</b>" in show_voices(documents, made["sentences"], made["voices"]).data
    True
    """

    def content(row, text, own):
        marks, notes = [], []
        for n, voice in enumerate(own.itertuples(), start=1):
            label = str(n) if len(own) > 1 else ""
            marks += [
                (a - row.start, b - row.start, look, label)
                for look, ranges in (
                    ("source", voice.source),
                    ("verb", voice.cue),
                    ("content", voice.content),
                )
                for a, b in ranges
            ]
            speaker = voice.speaker if isinstance(voice.speaker, str) else "source unspecified"
            kind = f" ({voice.speaker_class})".replace("_", " ").replace(" (unspecified)", "")
            notes.append(
                f"{label} <b>{escape(speaker)}</b>{escape(kind)}: "
                f"{escape(voice.act)}, {escape(voice.form)}".strip()
            )
        notes = "".join(f"<p>{note}</p>" for note in notes or ["the narrator’s"])
        return (
            f'<div class="fb-beside"><p>{mark(text, marks)}</p>'
            f'<div class="fb-margin">{_said("Who answers")}{notes}</div></div>'
        )

    return _listed(documents, sentences, voices, only_hits, limit, content, KEY)


def show_behind(
    documents: pd.DataFrame,
    sentences: pd.DataFrame,
    rows: pd.DataFrame,
    by: str | list[str],
    keys: Iterable,
    labels: dict | None = None,
    view: "HTML | None" = None,
    limit: int = 3,
) -> "HTML":
    """Return as HTML, folded, the sentences behind each number of a figure.

    A number is that of the `rows` whose column `by` has one of the `keys` (columns and tuples
    for a matrix); `labels` name them. Its sentences are links into `view`, as `show_voices` or
    `show_cues` returned it; of those that it lacks, the first `limit` are given in full.

    >>> from framebook.tables import make_documents
    >>> documents = make_documents(["Floods came."])
    >>> rows = pd.DataFrame({"doc_id": 0, "sent_id": [0], "start": 0, "end": 12, "code": "flood"})
    >>> "<b>flood</b>: 1" in show_behind(documents, rows, rows, "code", ["flood"]).data
    True
    """
    from IPython.display import HTML

    numbers = _number(sentences)
    texts = dict(zip(documents.doc_id, documents.text, strict=True))
    groups, anchors = dict(iter(rows.groupby(by).sent_id)), getattr(view, "anchors", {})
    items = []
    for key in (key for key in keys if key in groups):
        found = list(dict.fromkeys(groups[key]))
        names = [str((labels or {}).get(k, k)) for k in (key if isinstance(key, tuple) else [key])]
        links = [
            f'<a href="#{anchors[sent_id]}" aria-label="sentence {numbers[sent_id]}">'
            f"{numbers[sent_id]}</a>"
            for sent_id in found
            if sent_id in anchors
        ]
        others = [numbers[sent_id] for sent_id in found if sent_id not in anchors]
        first = sentences.iloc[[n - 1 for n in others[:limit]]].itertuples()
        full = [
            f"<li>({n}) {escape(texts[row.doc_id][row.start : row.end])}</li>"
            for n, row in zip(others, first, strict=False)
        ]
        if len(others) > limit:
            shown = len(found) - len(others) + limit
            full.append(f"<li>{shown:,} of {len(found):,} are shown. {ALL}</li>")
        n = "" if len(found) == len(groups[key]) else f"{len(found):,} "
        items.append(
            f"<li><b>{escape(', '.join(names).replace('_', ' '))}</b>: "
            f"{len(groups[key]):,}, in {n}sentence{'s' * (len(found) != 1)}: "
            + " ".join(links)
            + (f"<ul>{''.join(full)}</ul>" if full else "")
            + "</li>"
        )
    return HTML(
        f'{STYLE}<details class="fb-behind {NO_MATHS}"><summary>The sentences behind this'
        f" figure</summary><ul>{''.join(items) or '<li>None.</li>'}</ul></details>"
    )
