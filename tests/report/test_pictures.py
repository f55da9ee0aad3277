"""Pictures of the report's charts: the same shapes as SVG and PNG, and no text that is markup."""

import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from attacks import ALL
from PIL import Image

from framebook.report.blocks import make_axis, percent
from framebook.report.pictures import MOST, WIDTH, draw_bars, save_picture

ROWS = pd.DataFrame(
    {"label": ["Quay", "Dam & Co"], "value": [0.5, 0.25], "low": [0.4, None], "high": [0.6, None]}
)


def draw(rows, signed=False, title="Cues", note="n = 3."):
    return draw_bars(rows, title, note, percent, make_axis(rows, signed), signed)


def test_bars_are_as_long_as_their_values():
    shapes, _ = draw(ROWS)
    first, second = (shape for shape in shapes if shape[0] == "rect" and shape[4] == 16)
    assert first[3] == pytest.approx(2 * second[3], rel=0.01) and first[1] == second[1]
    assert [shape[3] for shape in shapes if shape[0] == "text"] == [
        "Cues",
        "Quay",
        "50% (40% to 60%)",
        "Dam & Co",
        "25%",
        "n = 3.",
    ]


def test_means_are_dots_on_either_side_of_zero():
    shapes, _ = draw(ROWS.assign(value=[0.1, -0.1], low=None, high=None), signed=True)
    zero = next(shape[1] for shape in shapes if shape[0] == "rect")
    right, left = (shape[1] for shape in shapes if shape[0] == "dot")
    assert left < zero < right


def test_svg_and_png_show_the_same_and_are_the_same_again(tmp_path):
    rows = pd.concat([ROWS] * 15, ignore_index=True)
    shapes, height = draw(rows)
    assert sum(shape[0] == "text" and shape[3] == "Quay" for shape in shapes) == MOST / 2
    for name in ("a", "b"):
        svg, png = save_picture(shapes, height, "Cues", "Quay 50%", tmp_path / name)
    root = ET.parse(svg).getroot()
    with Image.open(png) as image:
        assert image.text["Description"] == "Quay 50%"
        assert image.width / image.height == pytest.approx(WIDTH / height, rel=0.01)
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    assert (pixels == [0x9A, 0xC7, 0xE0]).all(axis=1).any()
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == [shape[3] for shape in shapes if shape[0] == "text"]
    for kind in ("svg", "png"):
        one, other = ((tmp_path / f"{name}.{kind}").read_bytes() for name in "ab")
        assert one == other


def test_nothing_and_hostile_texts_are_drawn(tmp_path):
    shapes, height = draw(ROWS[:0])
    save_picture(shapes, height, "", "", tmp_path / "none")
    for number, attack in enumerate([*ALL, "\ud800 a\x00b"]):
        label = attack.encode("utf-8", "replace").decode()
        shapes, height = draw(ROWS.assign(label=label), title=attack, note=attack)
        svg, _ = save_picture(shapes, height, attack, attack, tmp_path / str(number % 3))
        names = {one.tag.rpartition("}")[2] for one in ET.parse(svg).getroot().iter()}
        assert names <= {"svg", "title", "desc", "rect", "text", "circle"}
