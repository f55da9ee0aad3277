"""Evidence to look at: text with marks, as HTML in which everything from a text is escaped."""

from html import escape

import pandas as pd

STYLE = """<style>
.fb-text{line-height:1.9;max-width:46em}.fb-text li{margin:.3em 0}
.fb-text mark{background:none;color:inherit;padding:0 .08em}
.fb-cue{border-bottom:2px solid #0072b2}
.fb-source{border-bottom:3px double #d55e00}
.fb-verb{border:1px dashed #767676;border-radius:3px}
.fb-content{border-bottom:2px dotted #009e73}
.fb-text sub{font-size:.68em;margin-left:.15em;color:inherit}
</style>"""


def mark(text, marks):
    """Return a text as HTML with marks (start, end, look, label): shape, and label in words.

    Looks are cue, source, verb and content. Marks may overlap; each label stands where its
    mark ends.
    """
    cuts = sorted({0, len(text), *(c for a, b, *_ in marks for c in (a, b) if 0 <= c <= len(text))})
    parts = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        looks = [look for a, b, look, _ in marks if a <= start and end <= b]
        labels = [label for _, b, _, label in marks if b == end and label]
        piece = escape(text[start:end])
        for look in dict.fromkeys(looks):
            piece = f'<mark class="fb-{look}">{piece}</mark>'
        parts.append(piece + (f"<sub>{escape(', '.join(labels))}</sub>" if labels else ""))
    return "".join(parts)


def _listed(rows, more):
    from IPython.display import HTML

    items = "".join(f'<li value="{number}">{text}</li>' for number, text in rows)
    rest = f"<p>… and {more:,} more sentences.</p>" if more > 0 else ""
    return HTML(f'{STYLE}<ol class="fb-text">{items}</ol>{rest}')


def show_cues(documents, sentences, spans, labels, only_hits=True, limit=40):
    """Return sentences as HTML, each cue underlined and named; `labels` is {code: label}."""
    spans = spans[spans.code.isin(labels)]
    numbers = pd.Series(range(1, len(sentences) + 1), index=sentences.index)
    shown = sentences[sentences.sent_id.isin(spans.sent_id)] if only_hits else sentences
    texts = dict(zip(documents.doc_id, documents.text, strict=True))
    rows = []
    for row in shown.head(limit).itertuples():
        own = spans[spans.sent_id == row.sent_id]
        marks = [(a - row.start, b - row.start, "cue", labels[code])
                 for a, b, code in zip(own.start, own.end, own.code, strict=True)]
        rows.append((numbers[row.Index], mark(texts[row.doc_id][row.start:row.end], marks)))
    return _listed(rows, len(shown) - limit)


def show_voices(documents, sentences, voices, only_hits=True, limit=40):
    """Return sentences as HTML with source, cue and content of each attribution marked."""
    numbers = pd.Series(range(1, len(sentences) + 1), index=sentences.index)
    shown = sentences[sentences.sent_id.isin(voices.sent_id)] if only_hits else sentences
    texts = dict(zip(documents.doc_id, documents.text, strict=True))
    rows = []
    for row in shown.head(limit).itertuples():
        marks = []
        for voice in voices[voices.sent_id == row.sent_id].itertuples():
            speaker = voice.speaker if isinstance(voice.speaker, str) else "source unspecified"
            act = voice.act if voice.source else f"{voice.act}, {speaker}"
            for look, ranges, label in (("source", voice.source, speaker),
                                        ("verb", voice.cue, act),
                                        ("content", voice.content, "")):
                marks += [(a - row.start, b - row.start, look, label) for a, b in ranges]
        rows.append((numbers[row.Index], mark(texts[row.doc_id][row.start:row.end], marks)))
    return _listed(rows, len(shown) - limit)
