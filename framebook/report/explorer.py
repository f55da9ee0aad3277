"""Cues by corpus, codebook and voice, with their sentences: by menus, or all voices in a table.

The menus are ipywidgets, in a live notebook. In a report, and where ipywidgets is missing, the
same numbers stand in one table. Whatever comes from a text is escaped.
"""

import os
from base64 import b64encode
from html import escape
from importlib import import_module
from io import BytesIO

import pandas as pd

from framebook import STATIC
from framebook.chain import get_tables
from framebook.common.errors import InputError
from framebook.common.folders import PROJECT
from framebook.framing.cues import count_sentences, label_codes
from framebook.loading.articles import find_path, is_corpus
from framebook.visualisation.charts import plot_bars
from framebook.visualisation.figure import settled, tabulate
from framebook.visualisation.marked_text import show_cues
from framebook.voices.by_voice import name_voices

NAMES = "documents", "sentences", "spans", "voices"
OURS = set(
    "benchmarks build dist docs executed-report figures framebook my-figures notebooks "
    "tests tools wheels".split()
)
NOTE = "Cues by the patterns of {}. A cue is not a frame. Not validated here."


def list_corpora(corpus):
    """Return {name: path} of a corpus, the corpora within it, and the folders beside seeds/.

    Folders that a command of Framebook made are passed over.
    """
    path = find_path(corpus)
    found = {path.name: path}
    if path.is_dir():
        found |= {
            f"{path.name}/{own.relative_to(path).as_posix()}": own
            for own in sorted(path.glob("*/**"))
            if is_corpus(own)
        }
    if path.parent == PROJECT:
        found |= {
            one.name: one
            for one in sorted(PROJECT.iterdir())
            if one.is_dir()
            and one.name[0] not in "._"
            and one.name not in OURS
            and not (one / "manifest.json").exists()
        }
    return found


def list_voices(spans, voices):
    """Return all, narrator, attributed, and the speaker classes of the cues in order."""
    classes = name_voices(spans.voice_id.dropna(), voices).unique()
    return ["all", "narrator", "attributed", *sorted(classes)]


def select_cues(spans, voices, voice):
    """Return the spans that a voice answers for, one of `list_voices`."""
    if voice in ("all", "narrator", "attributed"):
        return spans[
            {
                "all": spans.sent_id.notna(),
                "narrator": spans.voice_id.isna(),
                "attributed": spans.voice_id.notna(),
            }[voice]
        ]
    return spans[name_voices(spans.voice_id, voices) == voice]


def label_cues(spans):
    """Return {codebook: {code: label}} of the codebooks that have a cue in `spans`."""
    books = {}
    for layer in spans.layer.unique():
        for code, label in label_codes(spans, layer).items():
            books.setdefault(code.rpartition(":")[0], {})[code] = label
    return books


def render_choice(tables, codebook, voice, limit=20):
    """Return as HTML the figure of one choice, its numbers and the first `limit` sentences."""
    documents, sentences, spans, voices = tables
    labels, spans = label_cues(spans)[codebook], select_cues(spans, voices, voice)
    counts = count_sentences(spans, sentences, labels).n_sentences
    title = f"Sentences with a cue: {codebook}, {voice}".replace("_", " ")
    ax = plot_bars(counts, len(sentences), title, note=NOTE.format(codebook))
    numbers, alt, buffer = tabulate(ax), escape(ax.figure.alt), BytesIO()
    with settled(ax.figure):
        ax.figure.savefig(buffer, format="png", dpi=110)
    picture = b64encode(buffer.getvalue()).decode()
    return (
        f'<img alt="{alt}" style="max-width:100%" src="data:image/png;base64,{picture}">'
        f"{numbers}{show_cues(documents, sentences, spans, labels, limit=limit).data}"
    )


def render_all(tables, limit=10):
    """Return as HTML what the menus offer of a corpus: sentences with a cue, by code and voice.

    A closed part for each codebook, with the first `limit` of its sentences.
    """
    documents, sentences, spans, voices = tables
    who = name_voices(spans.voice_id, voices).rename("voice")
    by_class = spans.groupby(["code", who]).sent_id.nunique().unstack()
    found = {
        voice.replace("_", " "): by_class[voice]
        if voice in by_class
        else select_cues(spans, voices, voice).groupby("code").sent_id.nunique()
        for voice in list_voices(spans, voices)
    }
    parts = []
    for book, labels in label_cues(spans).items():
        counts = pd.DataFrame(found).reindex(list(labels)).fillna(0).astype(int)
        counts.insert(0, "code", list(labels.values()))
        caption = f"Sentences with a cue of {escape(book)}, by who answers for it"
        table = counts.to_html(index=False, border=0).replace(
            "<thead>", f"<caption>{caption}</caption><thead>", 1
        )
        n = f"n = {len(sentences):,} sentences; several voices may share one. {NOTE.format(book)}"
        parts.append(
            f"<details><summary>{escape(book)}</summary>{table}<p>{escape(n)}</p>"
            f"{show_cues(documents, sentences, spans, labels, limit=limit).data}"
            "</details>"
        )
    return "".join(parts) or "<p>No cue was found.</p>"


def explore(corpus="seeds", tables="", codebooks=()):
    """Display menus of corpus, codebook and voice in a live notebook, else all of it at once."""
    from IPython.display import HTML, display

    if _can_show_menus():
        display(make_menus(corpus, tables, codebooks))
    else:
        display(HTML(render_all(get_tables(corpus, tables, *NAMES, codebooks=codebooks))))


def _can_show_menus():
    try:
        import_module("ipywidgets")
    except ImportError:
        return False
    return STATIC not in os.environ


def make_menus(corpus="seeds", tables="", codebooks=()):
    """Return the menus and the view below them, as a widget."""
    from ipywidgets import HTML, Dropdown, HBox, VBox

    places, read, view = list_corpora(corpus), {}, HTML()
    choose = {
        "corpus": Dropdown(description="corpus", options=list(places)),
        "codebook": Dropdown(description="codebook"),
        "voice": Dropdown(description="voice"),
    }

    def load(_=None):
        name = choose["corpus"].value
        try:
            if name not in read:
                view.value = "<p>Reading …</p>"
                own = tables if name == next(iter(places)) else ""
                read[name] = get_tables(places[name], own, *NAMES, codebooks=codebooks)
        except InputError as error:
            view.value = f"<p>{escape(str(error))}</p>"
            return
        _, _, spans, voices = read[name]
        for menu, options in (
            ("codebook", list(label_cues(spans))),
            ("voice", list_voices(spans, voices)),
        ):
            one, kept = choose[menu], choose[menu].value
            one.unobserve(draw, "value")  # what is drawn waits for both
            one.options = [(option.replace("_", " "), option) for option in options]
            one.value = kept if kept in options else next(iter(options), None)
            one.observe(draw, "value")
        draw()

    def draw(_=None):
        name, codebook, voice = (one.value for one in choose.values())
        if name in read:
            view.value = (
                render_choice(read[name], codebook, voice)
                if codebook
                else "<p>No cue was found.</p>"
            )

    for menu, what in (("corpus", load), ("codebook", draw), ("voice", draw)):
        choose[menu].observe(what, "value")
    load()
    return VBox([HBox(list(choose.values())), view])
