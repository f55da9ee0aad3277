"""Agreement cards: how far a measure agreed with human codes, on which texts, and the stamp.

Agreement is not validity: two coders, or a coder and a program, may agree on the wrong thing.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from framebook.common.errors import InputError
from framebook.common.folders import write_json
from framebook.framing.codebook import FOLDER, Codebook, load_codebook
from framebook.validation.design import hash_corpus, hash_patterns
from framebook.visualisation.figure import BLUE, RED, finish, finish_empty, label_text, styled
from framebook.visualisation.marked_text import NO_MATHS

if TYPE_CHECKING:
    from IPython.display import HTML
    from matplotlib.axes import Axes

CAUTIONS = ["Whether this transfers to other texts is unknown.", "Agreement is not validity."]
NOT_VALIDATED = "Not validated here."
MACHINE_SCORES = ["precision", "recall", "f1", "machine_alpha"]
STYLE = """<style>.fb-cards{border-collapse:collapse;font-size:.9em}
.fb-cards caption{text-align:left;font-weight:bold;padding:.3em 0}
.fb-cards th,.fb-cards td{text-align:left;vertical-align:top;padding:.25em .7em .25em 0;
border-bottom:1px solid #767676}</style>"""


@dataclass
class Card:
    """How one code's measure agreed with human codes.

    Estimates are [value, low, high], 95 %, with null for what is undefined: alpha (−1 to 1) of
    the coders; prevalence, precision, recall, f1 (0 to 1) and machine_alpha of the program
    against the decided codes, weighted to the corpus. n: units that two coders or more coded;
    agreement: the share of their pairs that agree; positives: units decided as 1.
    """

    measure: str  # codebook:code
    codebook_version: str
    patterns: str  # checksum of what the code looks for
    label: str
    construct: str  # the definition
    unit: str
    n_units: int  # of the corpus
    n_documents: int
    corpus: str  # checksum of its texts
    n_coders: int
    n: int
    agreement: float | None
    alpha: list
    decided: int
    positives: int
    undecided: int
    prevalence: list
    precision: list
    recall: list
    f1: list
    machine_alpha: list
    resampled: str  # what the intervals come from, or why there are none
    simulated: bool
    current: bool = False  # in a report: of the very codebook that its cues were found with
    # Of each machine coder: its examination (text), the units that it answered, its MACHINE_SCORES.
    machines: dict = field(default_factory=dict)


def write_cards(cards, path):
    """Write the cards as JSON, with what each of them does not say."""
    data = {"cautions": CAUTIONS, "cards": [asdict(card) for card in cards]}
    write_json(data, path)


def read_cards(path: str | Path) -> list[Card]:
    """Return the cards in a file, or in cards.json of a folder that `framebook agree` wrote.

    Raises InputError when there are no cards or they cannot be read.

    >>> read_cards("nowhere")
    Traceback (most recent call last):
    framebook.common.errors.InputError: There are no cards in nowhere; framebook agree writes them.
    """
    path = Path(path) / "cards.json" if Path(path).is_dir() else Path(path)
    try:
        cards = [Card(**card) for card in json.loads(path.read_text(encoding="utf-8"))["cards"]]
        if all(map(_is_whole, cards)):
            return cards
    except OSError:
        raise InputError(f"There are no cards in {path}; framebook agree writes them.") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise InputError(
        f"{path} holds no agreement cards that this version of Framebook reads; "
        "make them again with framebook agree."
    )


def _is_whole(card):
    machines = card.machines.values() if isinstance(card.machines, dict) else [None]
    if not all(isinstance(getattr(card, one.name), one.type) for one in fields(card)) or not all(
        isinstance(own, dict)
        and set(own) == {"examination", "answered", *MACHINE_SCORES}
        and isinstance(own["examination"], str)
        and isinstance(own["answered"], int)
        and all(isinstance(own[name], list) for name in MACHINE_SCORES)
        for own in machines
    ):
        return False
    return all(
        len(one) == 3 and all(isinstance(x, int | float | None) for x in one)
        for values in (vars(card), *machines)
        for one in values.values()
        if isinstance(one, list)
    )


def examinations_of(cards):
    """Return {machine coder: what became of its examination}, of all cards."""
    return {name: own["examination"] for card in cards for name, own in card.machines.items()}


def is_current(card, books=()):
    """Return whether a card was made with the code as it now is in `books`, or else in ours.

    Of a codebook that is neither, it is taken to be so.
    """
    name, _, code_id = card.measure.partition(":")
    book = next((book for book in books if book.name == name), None)
    if book is None and (FOLDER / f"{name}.toml").exists():
        book = load_codebook(name)
    codes = {code.id: hash_patterns(code) for code in book.codes} if book else {}
    return book is None or (
        card.codebook_version == str(book.version) and card.patterns == codes.get(code_id)
    )


def stamp(
    codes: Iterable[str],
    cards: Iterable[Card],
    books: Iterable[Codebook] = (),
    documents: pd.DataFrame | None = None,
) -> str:
    """Return the sentence on validation for the note of a figure that shows `codes`.

    A card counts if it `is_current`, or was so when its report was made. `books` are codebooks as
    they are now; with `documents`, the sentence says if the human codes are about other texts.

    >>> stamp(["generic-news-frames:conflict"], [])
    'Not validated here.'
    """
    found = {card.measure: card for card in cards if card.measure in set(codes)}
    valid = [card for card in found.values() if card.current or is_current(card, books)]
    older = [card.label for card in found.values() if card not in valid]
    parts = []
    if valid:
        kind = "SIMULATED" if any(card.simulated for card in valid) else "human"
        other = documents is not None and valid[0].corpus != hash_corpus(documents)
        told = "; ".join(
            f"{card.label} F1 {state(card.f1)}, coders’ alpha "
            f"{state(card.alpha[:1])}, n = {card.decided}"
            for card in valid
        )
        parts.append(f"Agreement with {kind} codes{' on other texts' * other}: {told}")
    if older:
        parts.append(f"{', '.join(older)} validated for another version")
    if not parts:
        return NOT_VALIDATED
    rest = len(set(codes)) > len(found)
    return "; ".join(parts) + ("; the others not validated here." if rest else ".")


def state(estimate):
    """Return ".71 [.60, .80]" of [value, low, high], without an interval where there is none."""
    value, *bounds = estimate
    if value is None:
        return "undefined"
    interval = bounds and None not in bounds
    return _short(value) + (f" [{_short(bounds[0])}, {_short(bounds[1])}]" if interval else "")


def _short(value):
    value = round(value, 2) + 0.0
    return f"{abs(value):.2f}".removeprefix("0").join(["−" if value < 0 else "", ""])


def describe_cards(cards):
    """Return the cards as plain lines to print."""
    lines = []
    for card in cards:
        simulated = ", SIMULATED codes" * card.simulated
        share = "undefined" if card.agreement is None else f"{100 * card.agreement:.0f} %"
        lines += [
            f"{card.label} ({card.measure}, version {card.codebook_version}{simulated})",
            f"    {card.n_coders} coders: alpha {state(card.alpha)}, agreement {share}, "
            f"n = {card.n}",
            f"    decided {card.decided}, positive {card.positives}, undecided {card.undecided}; "
            f"prevalence {state(card.prevalence)}",
            f"    cues: precision {state(card.precision)}, recall {state(card.recall)}, "
            f"F1 {state(card.f1)}, alpha {state(card.machine_alpha)}",
        ]
        lines += [
            f"    {name}: precision {state(own['precision'])}, recall {state(own['recall'])}, "
            f"F1 {state(own['f1'])}, alpha {state(own['machine_alpha'])}, n = {own['answered']}"
            for name, own in card.machines.items()
        ]
    lines += [f"Examination of {name}: {said}." for name, said in examinations_of(cards).items()]
    return "\n".join([*lines, _describe_corpus(cards), *CAUTIONS])


def _describe_corpus(cards):
    first = cards[0]
    return (
        f"Unit: {first.unit}. Corpus: {first.n_units:,} units in {first.n_documents:,} "
        f"documents. Intervals: {first.resampled}."
    )


def show_cards(cards: Sequence[Card]) -> "HTML":
    """Return the cards as an HTML table, with the definitions and cautions below it.

    >>> table = show_cards(measure(*read_coded("notebooks/codes"), draws=10))
    >>> table.data.count('<th scope="row">')
    5
    """
    from IPython.display import HTML

    head = [
        "Code",
        "Coders’ alpha",
        "Their agreement",
        "Decided (positive)",
        "Precision",
        "Recall",
        "F1",
        "Alpha of the cues",
        "Prevalence",
    ]
    rows = []
    for card in cards:
        share = "undefined" if card.agreement is None else f"{100 * card.agreement:.0f} %"
        cells = [
            f"{state(card.alpha)}, n = {card.n}",
            share,
            f"{card.decided} ({card.positives})",
            *map(
                state, (card.precision, card.recall, card.f1, card.machine_alpha, card.prevalence)
            ),
        ]
        rows.append(
            f'<tr><th scope="row">{escape(card.label)}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in cells).replace(", ", ",&nbsp;")
            + "</tr>"
        )
    kind = "SIMULATED codes" if any(card.simulated for card in cards) else "human codes"
    titles = "".join(f'<th scope="col">{name}</th>' for name in head)
    terms = "".join(
        f"<dt>{escape(card.label)} ({escape(card.measure)}, version "
        f"{escape(card.codebook_version)})</dt><dd>{escape(card.construct)}</dd>"
        for card in cards
    )
    below = escape(" ".join([_describe_corpus(cards), *CAUTIONS]))
    return HTML(
        f'{STYLE}<table class="fb-cards {NO_MATHS}">'
        f"<caption>Agreement of cues with {kind}</caption>"
        f"<thead><tr>{titles}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        f'<p>{below}</p><details class="{NO_MATHS}"><summary>Definitions</summary>'
        f"<dl>{terms}</dl></details>"
    )


@styled
def plot_cards(cards: Sequence[Card], ax: "Axes | None" = None) -> "Axes":
    """Return the Axes of a figure: per code the coders' alpha (square) and the cues' F1 (dot).

    Lines are the cards' intervals. `ax.figure.data` has columns code, n, and alpha and f1 (up
    to 1), each with _low and _high.

    >>> ax = plot_cards(measure(*read_coded("notebooks/codes"), draws=10))
    >>> ax.figure.data.code.iloc[0]
    'Conflict'
    """
    title = "Agreement of coders, and of cues with their codes"
    kind = "SIMULATED codes" if any(card.simulated for card in cards) else "Human codes"
    note = f"{kind}. n = {max(card.n for card in cards)} {cards[0].unit}s coded. Intervals: "
    note += f"{cards[0].resampled}; none where it is undefined. Agreement is not validity."
    drawn = [card for card in cards if card.alpha[0] is not None or card.f1[0] is not None][::-1]
    if not drawn:
        return finish_empty(ax, title, note, "Nothing is defined.")
    lowest = min(x for card in drawn for x in card.alpha + card.f1 if x is not None)
    for name, place, look, colour in (("alpha", 0.16, "s", RED), ("f1", -0.16, "o", BLUE)):
        for y, card in enumerate(drawn):
            value, low, high = getattr(card, name)
            if low is not None:
                ax.plot([low, high], [y + place] * 2, color=colour, linewidth=1.2)
            if value is not None:
                ax.plot(value, y + place, look, color=colour)
                ax.annotate(
                    _short(value),
                    (1.02, y + place),
                    va="center",
                    fontsize=8,
                    xycoords=("axes fraction", "data"),
                    annotation_clip=False,
                )
    ax.axvline(0, color="#666666", linewidth=0.8)
    ax.set_yticks(range(len(drawn)), [label_text(card.label) for card in drawn])
    ax.set(
        xlim=(min(-0.25, lowest - 0.05), 1.02),
        ylim=(-0.6, len(drawn) - 0.4),
        xlabel="square: coders’ alpha; dot: F1 of the cues (1 is perfect agreement)",
    )
    listed = "; ".join(
        f"{card.label}: coders’ alpha {state(card.alpha)}, F1 {state(card.f1)}" for card in cards
    )
    data = pd.DataFrame(
        [
            {
                "code": card.label,
                "alpha": card.alpha[0],
                "alpha_low": card.alpha[1],
                "alpha_high": card.alpha[2],
                "f1": card.f1[0],
                "f1_low": card.f1[1],
                "f1_high": card.f1[2],
                "n": card.n,
            }
            for card in cards
        ],
        dtype=object,
    )
    return finish(ax, title, note, f"{listed}.", data, height=1.4 + 0.5 * len(drawn))
