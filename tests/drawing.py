"""What a figure draws, as lines of text: every mark with its place, so that none can slip.

A test keeps the lines of its figures in a file next to it; `write` makes the file again, to be
read where a figure is meant to look otherwise.
"""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_hex
from matplotlib.transforms import TransformedBbox


def spell(values):
    """Return numbers as short text: five significant digits, the same on every machine."""
    flat = np.ma.filled(np.ma.asarray(values, float), np.nan).ravel()
    flat = [0.0 if abs(x) < 1e-9 else x for x in flat.tolist()]
    if len(flat) > 60:  # of many marks: how many, their sums, and the ends
        sums = [sum(flat), sum(x * x for x in flat), sum(n * x for n, x in enumerate(flat))]
        return f"{len(flat)}: {spell([*sums, *flat[:6], *flat[-6:]])}"
    return " ".join(f"{x:.5g}" for x in flat)


def colours(array):
    return " ".join(dict.fromkeys(to_hex(one, keep_alpha=True) for one in np.atleast_2d(array)))


def list_marks(ax):
    """Return the lines of one Axes and of those set into it."""
    lines = [f"x {spell(ax.get_xlim())}, y {spell(ax.get_ylim())}, {'on' if ax.axison else 'off'}"]
    lines.append(f"title {ax.get_title(loc='left')!r} {ax.get_title()!r}")
    for name, axis in (("x", ax.xaxis), ("y", ax.yaxis)):
        labels = [label.get_text() for label in axis.get_ticklabels()]
        turned = {label.get_rotation() for label in axis.get_ticklabels()}
        bold = [label.get_text() for label in axis.get_ticklabels() if label.get_weight() == "bold"]
        lines.append(
            f"{name} {axis.label.get_text()!r}: {spell(axis.get_ticklocs())} {labels} "
            f"{sorted(turned)} bold {bold}"
        )
    for line in ax.lines:
        look = f"{line.get_color()} {line.get_linestyle()} {line.get_marker()} "
        look += f"{line.get_linewidth():g} {line.get_markersize():g} z{line.get_zorder():g}"
        lines.append(f"line {look}: {spell(line.get_xdata())} / {spell(line.get_ydata())}")
    for one in ax.collections:
        kind = type(one).__name__
        if hasattr(one, "get_segments"):
            places = " / ".join(spell(part) for part in one.get_segments())
        else:
            places = f"{spell(one.get_offsets())} size {spell(one.get_sizes())}"
        look = f"{colours(one.get_edgecolor())} {spell(one.get_linewidth())} z{one.get_zorder():g}"
        lines.append(f"{kind} {look}: {places}")
    for one in ax.patches:
        box = (one.get_x(), one.get_y(), one.get_width(), one.get_height())
        look = (
            f"{to_hex(one.get_facecolor())} {to_hex(one.get_edgecolor())} {one.get_linewidth():g}"
        )
        lines.append(f"bar {look}: {spell(box)}")
    for one in ax.images:
        lines.append(f"image {spell(one.get_clim())}: {spell(one.get_array())}")
    for one in ax.texts:
        place = spell(one.xy) if hasattr(one, "xy") else spell(one.get_position())
        shift = spell(one.xyann) if hasattr(one, "xyann") else ""
        look = f"{one.get_ha()} {one.get_va()} {one.get_fontsize():g} {one.get_color()} "
        look += f"{one.get_weight()}"
        lines.append(f"text {place} {shift} {look}: {one.get_text()!r}")
    for n, inner in enumerate(ax.child_axes):
        box = inner.get_axes_locator()(inner, None)
        within = ax.figure.transFigure + ax.transAxes.inverted()
        place = TransformedBbox(box, within).bounds
        lines += [f"panel {n} at {spell(place)}", *(f"  {line}" for line in list_marks(inner))]
    return lines


def draw(ax):
    """Return what a figure of ours has, as lines, and close it."""
    figure = ax.figure
    lines = [
        f"size {spell(figure.get_size_inches())}",
        f"note {figure._supxlabel.get_text()!r}",
        f"alt {figure.alt!r}",
        *(f"data {line}" for line in figure.data.round(6).to_csv(index=False).splitlines()),
        *list_marks(ax),
    ]
    plt.close(figure)
    return "\n".join(line.rstrip() for line in lines)


def read(path):
    """Return {name: lines} of a file of figures."""
    blocks = path.read_text("utf-8").rstrip("\n").split("\n\n") if path.exists() else []
    return dict(block.split("\n", 1) for block in blocks)


def write(path, figures):
    """Write the lines of {name: a function that draws} into a file."""
    told = [f"{name}\n{draw(function())}" for name, function in figures.items()]
    path.write_text("\n\n".join(told) + "\n", "utf-8")
