"""Small drawings of figures: numbers in, places in a drawing's own units out. Pure.

The templates write them as SVG, each beside a table of the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

Values = Sequence[float | None]
SPARK: Final = (120.0, 32.0)
WIDE: Final = (640.0, 240.0)
LEFT, RIGHT, TOP, BOTTOM = 64.0, 12.0, 12.0, 28.0
TICKS: Final = 4


@dataclass(frozen=True, slots=True)
class Spark:
    """A line without axes; where nothing is known it is broken."""

    lines: tuple[str, ...]
    """Points, as ``polyline`` takes them."""
    dot: tuple[str, str] | None
    """Where the last value stands."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across a chart, and what it stands for."""

    y: str
    value: float


@dataclass(frozen=True, slots=True)
class Bar:
    """An upright bar."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars beside each other, or lines with their bands, over one axis of periods."""

    ticks: tuple[Tick, ...]
    places: tuple[str, ...]
    """Where each period stands."""
    bars: tuple[tuple[Bar, ...], ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()
    dots: tuple[tuple[tuple[str, str], ...], ...] = ()
    bands: tuple[str, ...] = ()
    """Outlines, as ``polygon`` takes them."""


@dataclass(frozen=True, slots=True)
class Whisker:
    """Two shares on a line from 0 to 100, one of them with its interval."""

    low: str
    high: str
    value: str
    other: str


def spark(values: Values) -> Spark:
    """Return the line of some values, from its lowest at the bottom to its highest at the top."""
    known = [value for value in values if value is not None]
    if not known:
        return Spark((), None)
    low, high = min(known), max(known)
    width, height = SPARK
    step = (width - 8) / max(len(values) - 1, 1)
    reach = (high - low) or 1.0
    points = [
        None if value is None
        else (4 + step * at, height - 4 - (height - 8) * (value - low) / reach)
        for at, value in enumerate(values)
    ]  # fmt: skip
    last = points[-1]
    return Spark(_pieces(points), (_said(last[0]), _said(last[1])) if last else None)


def bars(*rows: Values) -> Chart:
    """Return rows of values as bars, the rows of one period side by side, from 0 on."""
    top = nice(max((value or 0 for row in rows for value in row), default=0))
    axis = _Axis(0, top, len(rows[0]))
    width = axis.step * 0.76 / len(rows)
    drawn = tuple(
        tuple(_bar(axis, at, number, width, value or 0) for at, value in enumerate(row))
        for number, row in enumerate(rows)
    )
    return Chart(axis.ticks(), axis.places(), bars=drawn)


def shares(rows: Sequence[Values], bands: Sequence[Sequence[tuple[float, float]]]) -> Chart:
    """Return rows of shares, 0 to 1, as lines, and pairs of bounds as bands behind them.

    The axis begins low enough for the whole of every band.
    """
    said = [value - 0.1 for row in rows for value in row if value is not None]
    bounds = [low for band in bands for low, _ in band]
    low = math.floor(max(min(said + bounds, default=0.0), 0.0) * 5) / 5
    axis = _Axis(low, 1.0, len(rows[0]))
    placed = [[axis.point(at, value) for at, value in enumerate(row)] for row in rows]
    return Chart(
        axis.ticks(),
        axis.places(),
        lines=tuple(_pieces(points) for points in placed),
        dots=tuple(tuple((_said(p[0]), _said(p[1])) for p in row if p) for row in placed),
        bands=tuple(_outline(axis, band) for band in bands),
    )


def whisker(low: float, high: float, value: float, other: float) -> Whisker:
    """Return shares of 0 to 1 as places on a line of 100, four units from its ends."""
    return Whisker(*(_said(4 + 100 * share) for share in (low, high, value, other)))


def nice(value: float) -> float:
    """Return the next number of form 1, 2, 4, 6 or 8 times a power of ten; the least is 4."""
    if value <= TICKS:
        return float(TICKS)
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * lead for lead in (1, 2, 4, 6, 8, 10) if value <= power * lead)


@dataclass(frozen=True, slots=True)
class _Axis:
    low: float
    high: float
    many: int

    @property
    def step(self) -> float:
        return (WIDE[0] - LEFT - RIGHT) / self.many

    def x(self, at: int) -> float:
        return LEFT + self.step * (at + 0.5)

    def y(self, value: float) -> float:
        reach = WIDE[1] - TOP - BOTTOM
        held = min(max(value, self.low), self.high)
        return WIDE[1] - BOTTOM - reach * (held - self.low) / (self.high - self.low)

    def point(self, at: int, value: float | None) -> tuple[float, float] | None:
        return None if value is None else (self.x(at), self.y(value))

    def ticks(self) -> tuple[Tick, ...]:
        values = (self.low + (self.high - self.low) * n / TICKS for n in range(TICKS + 1))
        return tuple(Tick(_said(self.y(value)), value) for value in values)

    def places(self) -> tuple[str, ...]:
        return tuple(_said(self.x(at)) for at in range(self.many))


def _bar(axis: _Axis, at: int, number: int, width: float, value: float) -> Bar:
    left = axis.x(at) - axis.step * 0.38 + number * width
    top, foot = axis.y(value), axis.y(0)
    return Bar(_said(left), _said(top), _said(max(width - 1.5, 1)), _said(foot - top))


def _outline(axis: _Axis, band: Sequence[tuple[float, float]]) -> str:
    over = [(axis.x(at), axis.y(high)) for at, (_, high) in enumerate(band)]
    under = [(axis.x(at), axis.y(low)) for at, (low, _) in enumerate(band)]
    return _points([*over, *reversed(under)])


def _pieces(points: Sequence[tuple[float, float] | None]) -> tuple[str, ...]:
    """Return the stretches between unknown points."""
    pieces: list[list[tuple[float, float]]] = []
    for before, point in pairwise((None, *points)):
        if point and before:
            pieces[-1].append(point)
        elif point:
            pieces.append([point])
    return tuple(_points(piece) for piece in pieces)


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_said(x)},{_said(y)}" for x, y in points)


def _said(number: float) -> str:
    """A number of a drawing, whatever the reader's language writes for a point."""
    return f"{number:.1f}"
