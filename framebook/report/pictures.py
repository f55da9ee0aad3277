"""A chart of the report as a picture for a slide or a paper: SVG and PNG from one drawing.

Matplotlib would take half a second for each; these are bars with labels, drawn by hand.
"""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from textwrap import fill

import pandas as pd
from markupsafe import escape

WIDTH, ROW, EDGE = 760, 26, 14  # px of 1/96 inch
SCALE = 300 / 96  # pixels of a PNG for one of the screen: 300 dots per inch
MOST = 20  # rows that a picture shows
INK, SOFT, BAR, DOT = "#1d1c1a", "#5a5751", "#9ac7e0", "#0072b2"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


@cache
def _font(size, bold=False):
    from PIL import ImageFont

    folder = Path(find_spec("matplotlib").origin).with_name("mpl-data") / "fonts" / "ttf"
    return ImageFont.truetype(folder / f"DejaVuSans{'-Bold' * bold}.ttf", size)


def _lines(text, width):
    return fill(CONTROL.sub(" ", str(text)), width).split("\n")


def draw_bars(rows, title, note, form, axis, signed=False):
    """Return (shapes, height) of a picture: a bar or, if `signed`, a dot per row, with its interval.

    `rows` has label, value, low and high (null where there is none); `axis` gives the place of a
    value in per cent, `form` its text. A shape is a kind with its places in px, and a colour.
    """
    shown = rows.head(MOST)
    labels = [_lines(row.label, 30) for row in shown.itertuples()]
    said = [
        form(row.value) + (f" ({form(row.low)} to {form(row.high)})" if pd.notna(row.low) else "")
        for row in shown.itertuples()
    ]
    left = EDGE + 10 + max((_font(12).getlength(x) for own in labels for x in own), default=0)
    right = WIDTH - EDGE - 10 - max(map(_font(12).getlength, said), default=0)
    shapes, y = [], EDGE + 8
    for line in _lines(title, 72):
        shapes.append(("text", EDGE, y, line, 15, True, "l", INK))
        y += 20
    top = y + 4

    def place(value):
        return left + (right - left) * axis(value) / 100

    y = top
    for row, own, text in zip(shown.itertuples(), labels, said, strict=True):
        high = max(ROW, 16 * len(own) + 6)
        middle = y + high / 2
        for n, line in enumerate(own):
            at = middle + 16 * (n - (len(own) - 1) / 2)
            shapes.append(("text", left - 10, at, line, 12, False, "r", SOFT))
        if pd.notna(row.value) and not signed:
            shapes.append(("rect", left, middle - 8, place(row.value) - left, 16, BAR))
        if pd.notna(row.low):
            low, end = place(row.low), place(row.high)
            shapes.append(("rect", low, middle - 0.75, end - low, 1.5, INK))
        if pd.notna(row.value) and signed:
            shapes.append(("dot", place(row.value), middle, 4.5, DOT))
        shapes.append(("text", right + 10, middle, text, 12, False, "l", INK))
        y += high
    shapes.insert(0, ("rect", place(0), top, 1, y - top, SOFT))
    for n, line in enumerate(_lines(note, 118)):
        shapes.append(("text", EDGE, y + 18 + 14 * n, line, 10, False, "l", SOFT))
    return shapes, round(y + 18 + 14 * (n + 1))


def save_picture(shapes, height, title, alt, path):
    """Write a drawing as SVG and PNG, with title and description; return the two paths."""
    from PIL import Image, ImageDraw, PngImagePlugin

    alt = CONTROL.sub(" ", alt)
    size = round(WIDTH * SCALE), round(height * SCALE)
    image, parts = Image.new("RGB", size, "white"), []
    brush = ImageDraw.Draw(image)
    for kind, x, y, *rest, colour in shapes:
        if kind == "text":
            text, px, bold, side = rest
            anchor, look = {"l": "start", "r": "end"}[side], ' font-weight="bold"' * bold
            parts.append(
                f'<text x="{x:.1f}" y="{y + 0.36 * px:.1f}" font-size="{px}" fill="{colour}" '
                f'text-anchor="{anchor}"{look}>{escape(text)}</text>'
            )
            font = _font(px * SCALE, bold)
            brush.text((x * SCALE, y * SCALE), text, colour, font, f"{side}m")
        elif kind == "dot":
            r = rest[0]
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="{colour}"/>')
            brush.ellipse([SCALE * one for one in (x - r, y - r, x + r, y + r)], colour)
        else:
            w, h = rest
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{colour}"/>'
            )
            brush.rectangle([SCALE * one for one in (x, y, x + w, y + h)], colour)
    svg = path.with_name(f"{path.name}.svg")
    svg.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="DejaVu Sans, sans-serif" role="img">'
        f"<title>{escape(CONTROL.sub(' ', title))}</title><desc>{escape(alt)}</desc>"
        f'<rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n',
        "utf-8",
        newline="\n",
    )
    told, png = PngImagePlugin.PngInfo(), path.with_name(f"{path.name}.png")
    told.add_itxt("Description", alt)
    image.save(png, pnginfo=told, dpi=(300, 300))
    return svg, png
