"""Where nothing smaller than a ward or a district is known: a point well inside it."""

from __future__ import annotations

import math
from functools import lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

from districts.geocoding.areas import KnownArea, Reading, kept
from districts.geocoding.found import Means
from districts.geocoding.parsed import (
    AreaName,
    Junction,
    Landmark,
    Mention,
    Side,
    Street,
    Stretch,
    Window,
)
from districts.geocoding.resolving.finding import Finding, Text
from districts.geocoding.resolving.ground import simple_shape
from districts.geocoding.resolving.plane import XY, Plane

LARGEST_M = 40_000.0
TOLERANCE_M = 25.0
UNREAD = 0.5
"""The chance that the area says enough where a street or a house was named that is not known."""


def findings(text: Text) -> list[Finding]:
    """Return the areas that the text names, in every way to understand it."""
    found = []
    near = UNREAD if has_unread_names(text) else 1.0
    for reading in text.ground.readings:
        at, reach = _inside(reading.areas, _Held(reading), text.plane)
        found.append(
            Finding(
                mention=_mention(text, reading),
                at=at,
                means=Means.AREA,
                label=_label(reading),
                fit=math.log(max(reading.weight, 1e-6)),
                near=near,
                spread_m=min(reach, LARGEST_M),
                why=("only_area", *reading.why),
                line=simple_shape(reading, text.plane),
            )
        )
    return found


def has_unread_names(text: Text) -> bool:
    """Tell whether the text names more than areas: a house, a street, a landmark not found."""
    return _has_unread_number(text) or any(_is_unread(text, one) for one in text.parsed.mentions)


def _has_unread_number(text: Text) -> bool:
    """Tell whether there is a number such as only houses have: "12/3 quận 5"."""
    tokens = enumerate(text.parsed.tokens)
    return any("/" in token.folded and at not in text.areas.tokens for at, token in tokens)


def _is_unread(text: Text, mention: Mention) -> bool:
    match mention:
        case Street():
            return bool(mention.house or mention.alleys) or _outside(text, mention.name) > 0
        case Junction():
            return any(_outside(text, name) for name in mention.streets)
        case Stretch():
            return _outside(text, mention.street) > 0
        case Landmark():
            return _outside(text, mention.name) > len(mention.cue.split())
        case _:
            return False


def _outside(text: Text, name: Window) -> int:
    """Return how many words of a name name no area."""
    return sum(at not in text.areas.tokens for at in range(name.first, name.last))


def _mention(text: Text, reading: Reading) -> AreaName:
    """Return the first mention that the reading rests on; an area read without one has its own."""
    for one in text.parsed.mentions:
        if isinstance(one, AreaName) and reading.tokens & set(range(one.name.first, one.name.last)):
            return one
    first, last = min(reading.tokens, default=0), max(reading.tokens, default=0)
    return AreaName(Window(first, last + 1, Side.WHOLE))


def _label(reading: Reading) -> str:
    names = [area.full_name for area in reading.areas]
    within = reading.area.within
    return ", ".join([*names, within] if within and within not in names else names)


class _Held:
    """A reading that does not count when its point is kept: the areas say all."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=1024)
def _inside(areas: tuple[KnownArea, ...], held: _Held, plane: Plane) -> tuple[XY, float]:
    """Return a point well inside, and the metres to the farthest part.

    Of an area that is gone, a point in what became the largest part of it.
    """
    shape = simple_shape(held.reading, plane)
    if shape is None:
        return (0.0, 0.0), 0.0
    core = _core(areas[0], shape, plane)
    largest = max(shapely.get_parts(core), key=shapely.area)
    centre = shapely.maximum_inscribed_circle(largest, tolerance=TOLERANCE_M).coords[0]
    reach = math.sqrt(shape.area / math.pi)
    return (float(centre[0]), float(centre[1])), reach


def _core(area: KnownArea, shape: BaseGeometry, plane: Plane) -> BaseGeometry:
    if area.is_present or not area.successors:
        return shape
    first = area.successors[0].area
    for ward in kept().wards:
        if ward.ref is not None and ward.ref.id == first.id:
            common = shapely.intersection(shape, plane.shape(ward.polygon))
            parts = [part for part in shapely.get_parts(common) if part.area > 0]
            return shapely.union_all(parts) if parts else shape
    return shape
