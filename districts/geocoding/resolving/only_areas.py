"""Where nothing smaller than a ward or a district is known: a point well inside it."""

from __future__ import annotations

import math
from functools import lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

from districts.geocoding.areas import KnownArea, Plot, Reading, kept
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
from districts.geocoding.resolving.ground import simple_outline
from districts.geocoding.resolving.plane import XY, Plane

LARGEST_M = 40_000.0
TOLERANCE_M = 25.0
UNREAD = 0.5
"""The chance that the area says enough where a street or a house was named that is not known."""


def findings(text: Text) -> list[Finding]:
    """Return the areas that the text names, in every way to understand it."""
    found = []
    near = UNREAD if has_unread_names(text) else 1.0
    for reading, drawn in zip(text.ground.readings, text.ground.outlines, strict=True):
        at, reach = _inside(reading.plots, _mainly(reading.area), text.plane)
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
                line=drawn.shape,
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


def _mainly(area: KnownArea) -> Plot | None:
    """Return the present ward that got most of an area that is gone; None of other areas."""
    if area.is_present or not area.successors:
        return None
    first = area.successors[0].area.id
    wards = (ward for ward in kept().wards if ward.ref is not None and ward.ref.id == first)
    return next((ward.plot for ward in wards), None)


@lru_cache(maxsize=512)
def _inside(plots: tuple[Plot, ...], mainly: Plot | None, plane: Plane) -> tuple[XY, float]:
    """Return a point well inside, and the metres to the farthest part.

    Of an area that is gone, a point in what became the largest part of it.
    """
    drawn = simple_outline(plots, plane)
    if drawn is None:
        return (0.0, 0.0), 0.0
    shape = drawn.shape
    core = shape if mainly is None else _common(shape, plane.shape(mainly.polygon))
    largest = max(shapely.get_parts(core), key=shapely.area)
    centre = shapely.maximum_inscribed_circle(largest, tolerance=TOLERANCE_M).coords[0]
    reach = math.sqrt(shape.area / math.pi)
    return (float(centre[0]), float(centre[1])), reach


def _common(shape: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """Return what two shapes have in common; the first one where that is nothing."""
    common = shapely.intersection(shape, other)
    parts = [part for part in shapely.get_parts(common) if part.area > 0]
    return shapely.union_all(parts) if parts else shape
