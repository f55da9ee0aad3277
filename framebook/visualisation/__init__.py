"""06 Visualisation: figures with their numbers and their alternative text."""

from framebook.visualisation.by_source import (
    cues_per_document,
    group_values,
    plot_groups,
    plot_panels,
)
from framebook.visualisation.charts import (
    plot_bars,
    plot_matrix,
    plot_sequence,
    plot_shares,
    plot_tone,
    plot_type_token,
)
from framebook.visualisation.figure import STYLE, finish, save, show
from framebook.visualisation.marked_text import show_behind, show_cues, show_voices

__all__ = [
    "STYLE",
    "cues_per_document",
    "finish",
    "group_values",
    "plot_bars",
    "plot_groups",
    "plot_matrix",
    "plot_panels",
    "plot_sequence",
    "plot_shares",
    "plot_tone",
    "plot_type_token",
    "save",
    "show",
    "show_behind",
    "show_cues",
    "show_voices",
]
