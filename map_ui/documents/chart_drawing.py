"""Charts as a PDF draws them: the same places as on the page, in lines and letters of a print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reportlab.graphics.shapes import (
    Circle,
    Drawing,
    Line,
    Polygon,
    PolyLine,
    Rect,
    Shape,
    String,
)
from reportlab.lib.colors import Color, HexColor, white

from map_ui import charts
from map_ui.charts import Bar, Chart
from map_ui.documents.document import Picture

GREY, GREEN, GRID, SOFT = (HexColor(code) for code in ("#74807b", "#00665c", "#d5dcd8", "#4f5b56"))
BAND: Final = HexColor("#d6e7e4")
LETTERS: Final = 11.0
"""Size, in a chart's own units."""
LEGEND: Final = 22.0
"""Height of the line below a chart that says what is what, in the same units."""


def drawing(picture: Picture, width: float, font: str) -> Drawing:
    """Return a chart as wide as ``width`` points."""
    across, down = charts.WIDE
    scale = width / across
    made = Drawing(width, (down + LEGEND) * scale)
    made.scale(scale, scale)
    for shape in (*_axes(picture, font), *_marks(picture.chart), *_legend(picture, font)):
        made.add(shape)
    return made


def _up(y: str | float) -> float:
    """Pages count downwards, prints upwards."""
    return charts.WIDE[1] + LEGEND - float(y)


def _axes(picture: Picture, font: str) -> Iterator[Shape]:
    right = charts.WIDE[0] - charts.RIGHT
    for tick in picture.chart.ticks:
        y = _up(tick.y)
        yield Line(charts.LEFT, y, right, y, strokeColor=GRID, strokeWidth=1)
        yield _word(charts.LEFT - 6, y - 4, picture.said(tick.value), font, "end")
    for place, period in zip(picture.chart.places, picture.periods, strict=True):
        yield _word(float(place), _up(charts.WIDE[1] - 10), period, font, "middle")


def _marks(chart: Chart) -> Iterator[Shape]:
    for bars, colour in zip(chart.bars, (GREY, GREEN), strict=False):
        yield from (_bar(bar, colour) for bar in bars)
    for band in chart.bands:
        yield Polygon(_points(band), fillColor=BAND, strokeColor=None)
    for lines, (colour, dashes) in zip(chart.lines, ((SOFT, [6, 4]), (GREEN, None)), strict=False):
        for line in lines:
            yield PolyLine(
                _points(line), strokeColor=colour, strokeWidth=2.5, strokeDashArray=dashes
            )
    for dots, (edge, inside) in zip(chart.dots, ((SOFT, white), (GREEN, GREEN)), strict=False):
        for x, y in dots:
            yield Circle(float(x), _up(y), 3.5, fillColor=inside, strokeColor=edge, strokeWidth=2)


def _bar(bar: Bar, colour: Color) -> Shape:
    height = float(bar.height)
    foot = _up(float(bar.y) + height)
    return Rect(float(bar.x), foot, float(bar.width), height, fillColor=colour, strokeColor=None)


def _legend(picture: Picture, font: str) -> Iterator[Shape]:
    lines = bool(picture.chart.lines)
    middles = (charts.LEFT, charts.WIDE[0] / 2)
    for x, colour, words in zip(
        middles, (SOFT if lines else GREY, GREEN), picture.keys, strict=True
    ):
        yield _key(x, colour, dashed=lines and colour is SOFT)
        yield _word(x + 24, 4, words, font, "start")


def _key(x: float, colour: Color, *, dashed: bool) -> Shape:
    if dashed:
        return Line(x, 8, x + 18, 8, strokeColor=colour, strokeWidth=2.5, strokeDashArray=[6, 4])
    return Rect(x, 3, 18, 10, fillColor=colour, strokeColor=None)


def _word(x: float, y: float, words: str, font: str, anchor: str) -> Shape:
    return String(x, y, words, fontName=font, fontSize=LETTERS, fillColor=SOFT, textAnchor=anchor)


def _points(said: str) -> list[float]:
    """Return the corners of a line as a print has them, one number after another."""
    pairs = (corner.split(",") for corner in said.split())
    return [number for x, y in pairs for number in (float(x), _up(y))]
