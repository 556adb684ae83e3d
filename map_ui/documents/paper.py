"""Sizes of paper, and where on it a map, its words and its legend stand. Millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

MARGIN: Final = 10.0
GAP: Final = 5.0
LEGEND_WIDE: Final = 62.0
"""Beside the map on a sheet across."""
LEGEND_HIGH: Final = 62.0
"""Under the map on an upright one."""
FOOT_HIGH: Final = 9.0
MM_PER_INCH: Final = 25.4


class Paper(Enum):
    """ISO 216 sizes, width first."""

    A4_ACROSS = (297.0, 210.0)
    A4_UPRIGHT = (210.0, 297.0)
    A3_ACROSS = (420.0, 297.0)
    A3_UPRIGHT = (297.0, 420.0)

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height."""
        width, height = self.value
        return width / MM_PER_INCH, height / MM_PER_INCH

    @property
    def across(self) -> bool:
        """Whether it is wider than high."""
        return self.value[0] > self.value[1]


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of a sheet: its lower left corner and its size."""

    left: float
    bottom: float
    width: float
    height: float


def map_frame(paper: Paper, title_high: float) -> Frame:
    """Return where the map stands under a title of so many millimetres."""
    width, height = paper.value
    high = height - 2 * MARGIN - title_high - GAP - FOOT_HIGH
    if paper.across:
        wide = width - 2 * MARGIN - LEGEND_WIDE - GAP
        return Frame(MARGIN, MARGIN + FOOT_HIGH, wide, high)
    bottom = MARGIN + FOOT_HIGH + LEGEND_HIGH + GAP
    return Frame(MARGIN, bottom, width - 2 * MARGIN, high - LEGEND_HIGH - GAP)


def legend_columns(paper: Paper, held: Frame) -> list[Frame]:
    """Return where legend, parameters and notes stand beside a map's frame, or under it."""
    if paper.across:
        left = held.left + held.width + GAP
        return [Frame(left, held.bottom, LEGEND_WIDE, held.height)]
    bottom = MARGIN + FOOT_HIGH
    wide = (held.width - 2 * GAP) / 3
    return [Frame(MARGIN + at * (wide + GAP), bottom, wide, LEGEND_HIGH) for at in range(3)]
