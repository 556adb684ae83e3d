"""The streets that a window of the text may name, weighed by name, importance and areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from districts.geocoding.parsed import Window
from districts.geocoding.resolving.finding import Text
from districts.geocoding.resolving.matching import Match, best_per_place
from districts.geocoding.resolving.street import StreetLine
from districts.models import PlaceKind

Floats = NDArray[np.float64]

STREETS = frozenset({PlaceKind.STREET, PlaceKind.ALLEY})
WORSE = 7.0
"""Names that fit this much worse than the best are not looked at."""


@dataclass(frozen=True, eq=False)
class OnStreet:
    """One street of the name, with how well the name and the areas named fit it."""

    street: StreetLine
    match: Match
    fit: float
    """The name's and the place's own."""
    ground: Floats
    """The log-chance of every sample, by the areas named."""

    @property
    def number_free(self) -> float:
        """The fit of the street as a whole."""
        return self.fit + float(self.ground.max())


def streets_bearing(text: Text, window: Window) -> list[tuple[StreetLine, Match, float]]:
    """Return every street that a window may name, with the fit of the name and the place."""
    found = best_per_place(text.matcher.matches(window)).values()
    matches = [one for one in found if one.hit.kind in STREETS]
    best = max((one.fit for one in matches), default=0.0)
    matches = [one for one in matches if one.fit > best - WORSE]
    lines = text.streets.of(one.hit for one in matches)
    weight = text.settings.choosing.weight
    return [
        (lines[one.hit.place], one, one.fit - weight * (1 - one.hit.weight))
        for one in matches
        if one.hit.place in lines
    ]


def streets_named(text: Text, window: Window, *, cued: bool = True) -> list[OnStreet]:
    """Return the streets that a window may name, the likeliest first; the areas named decide."""
    own = text.settings.choosing
    known = streets_bearing(text, window)
    if not known:
        return []
    rough = text.ground.log_chances([street.drawn for street, _, _ in known])
    order = sorted(
        range(len(known)), key=lambda at: (-(known[at][2] + rough[at]), known[at][0].place)
    )
    cost = 0.0 if cued else own.other_kind / 2
    return [
        OnStreet(street, match, fit - cost, text.ground.log_chance(street.spots))
        for street, match, fit in (known[at] for at in order[: own.most])
    ]
