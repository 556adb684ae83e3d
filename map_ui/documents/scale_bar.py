"""How long a scale bar is, and how it is written. Pure."""

from __future__ import annotations

import math
from typing import Final

LONGEST: Final = 0.3
"""Share of the map's width."""


def round_length(ground_m: float) -> float:
    """Return the longest of 1, 2 and 5 times a power of ten metres within 0.3 of a width.

    ``ground_m``: how many metres of ground the map is wide, above 0.
    """
    longest = ground_m * LONGEST
    power = 10.0 ** math.floor(math.log10(longest))
    return max(step * power for step in (1, 2, 5) if step * power <= longest)


def round_up(least: float) -> float:
    """Return the shortest of 1, 2 and 5 times a power of ten that is not under a length above 0."""
    power = 10.0 ** math.floor(math.log10(least))
    return min(step * power for step in (1, 2, 5, 10) if step * power >= least)


def said(length_m: float, comma: str = ",") -> str:
    """Return a length as people read it: ``500 m``, ``2 km``."""
    if length_m >= 1000:
        return f"{length_m / 1000:g} km".replace(".", comma)
    return f"{length_m:g} m".replace(".", comma)
