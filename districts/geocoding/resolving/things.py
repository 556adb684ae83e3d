"""Whatever a window may name, street or landmark, as a shape with how well it fits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from districts.geocoding.parsed import Window
from districts.geocoding.resolving.finding import Text
from districts.geocoding.resolving.matching import Match, best_per_place
from districts.geocoding.resolving.named_streets import streets_bearing
from districts.models import PlaceKind

Floats = NDArray[np.float64]

LANDMARKS = frozenset({PlaceKind.LANDMARK, PlaceKind.STOP, PlaceKind.JUNCTION})
WORSE = 5.0


@dataclass(frozen=True, eq=False)
class Thing:
    """A street or a landmark. ``fit`` is the log of how well the name fits; areas left aside."""

    match: Match
    shape: BaseGeometry
    """In metres."""
    fit: float

    @property
    def place(self) -> int:
        return self.match.hit.place

    @property
    def name(self) -> str:
        return self.match.name


def streets(text: Text, window: Window) -> list[Thing]:
    """Return every street that a window may name."""
    known = streets_bearing(text, window)
    return [Thing(match, street.drawn, fit) for street, match, fit in known]


def landmarks(text: Text, window: Window) -> list[Thing]:
    """Return the landmarks, stops and named junctions that a window may name, likeliest first.

    Those of one name that stand together are one: the two stops of a bus across the street.
    """
    own = text.settings.choosing
    found = best_per_place(text.matcher.matches(window)).values()
    fits = [
        (match, match.fit - own.weight * (1 - match.hit.weight))
        for match in found
        if match.hit.kind in LANDMARKS
    ]
    best = max((fit for _, fit in fits), default=0.0)
    fits = [pair for pair in fits if pair[1] > best - WORSE]
    if not fits:
        return []
    spots = np.array([text.plane.forward(match.hit.lonlat) for match, _ in fits])
    rough = text.ground.log_chance(spots)
    order = sorted(
        range(len(fits)), key=lambda at: (-(fits[at][1] + rough[at]), fits[at][0].hit.place)
    )
    first = _apart(order, spots, own.apart_m)[: own.most]
    return [Thing(fits[at][0], shapely.Point(spots[at]), fits[at][1]) for at in first]


def _apart(order: Sequence[int], spots: Floats, apart_m: float) -> list[int]:
    kept: list[int] = []
    for at in order:
        if not any(math.dist(spots[at], spots[other]) <= apart_m for other in kept):
            kept.append(at)
    return kept


def anything(text: Text, window: Window) -> list[Thing]:
    """Return the streets, and after them the landmarks, that a window may name."""
    cost = text.settings.choosing.other_kind
    others = landmarks(text, window)
    drawn = text.streets.shapes(one.place for one in others)
    shaped = [Thing(one.match, drawn.get(one.place, one.shape), one.fit - cost) for one in others]
    return [*streets(text, window), *shaped]
