"""06 Visualisation: figures with their numbers, their method and their alternative text.

charts.py draws counts and means, by_source.py compares outlets and times, marked_text.py shows
sentences with their marks, figure.py holds the one style and saves a figure with its CSV.
"""

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
)
from framebook.visualisation.figure import STYLE, finish, save, show
from framebook.visualisation.marked_text import show_behind, show_cues, show_voices
