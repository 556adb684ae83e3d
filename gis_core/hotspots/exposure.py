"""Rates: what happened, for what there was that it could happen to.

More people, roads and pipes have more trouble, so counts alone show where the city is dense. A rate
divides by an exposure (km², km of road, residents); where that is small a rate jumps about by
chance, and is drawn to the city's: R. J. Marshall, "Mapping Disease and Mortality Rates Using
Empirical Bayes Estimators", Applied Statistics 40, 1991, section 3, equations (4) to (6), global.
Which counts are more than chance leaves: M. Choynowski, "Maps Based on Probabilities", Journal of
the American Statistical Association 54, 1959.

Who reports less has fewer reports of as many things. Where the share of things that anybody reports
is known by area (``incidents.duplicates.reporting_delay``: ``Rate.heard``), only that share of the
exposure is watched. Nothing is corrected unasked, and what was is named in the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SMOOTHED: Final = "empirical_bayes"
HEARD: Final = "under_reporting"


@dataclass(frozen=True, slots=True)
class Rates:
    """Events for one unit of exposure, an entry an area; NaN where there is none of it."""

    values: Floats
    exposure: str
    """What it was divided by, as the caller named it."""
    corrections: tuple[str, ...]
    """What was done to it: SMOOTHED, HEARD, or nothing."""
    city: float
    """All areas together."""


def rate(
    counts: Floats, exposure: Floats, name: str, *, heard: Floats | None = None,
    smoothed: bool = False,
) -> Rates:  # fmt: skip
    """Return each area's rate. ``heard`` is the share of things reported there, above 0 to 1.

    Raises ValueError for shapes that differ, or a share beyond that.
    """
    watched = _watched(counts, exposure, heard)
    raw, city = _raw(counts, watched)
    values = empirical_bayes(counts, watched) if smoothed else raw
    named = ((SMOOTHED, smoothed), (HEARD, heard is not None))
    return Rates(values, name, tuple(word for word, used in named if used), city)


def empirical_bayes(counts: Floats, exposure: Floats) -> Floats:
    """Return rates drawn to the city's, the more the less was exposed.

    ``m + (A / (A + m / exposure)) (rate - m)``, where m is the city's rate and A its areas' own
    variance, by the method of moments; where chance explains all of it, every rate is the city's.
    """
    raw, city = _raw(counts, exposure)
    told = ~np.isnan(raw)
    held = exposure[told]
    if not told.any() or city == 0:
        return raw
    spread = float((held * (raw[told] - city) ** 2).sum() / held.sum())
    own = max(spread - city / held.mean(), 0.0)
    smooth = raw.copy()
    smooth[told] = city + own / (own + city / held) * (raw[told] - city)
    return smooth


def excess_p(counts: Floats, exposure: Floats) -> Floats:
    """Return how likely so many or more are, had every area the city's rate (Poisson); else NaN."""
    from scipy import special  # noqa: PLC0415  heavy: a third of a second

    raw, city = _raw(counts, exposure)
    expected = np.where(np.isnan(raw), np.nan, exposure) * city
    above = np.asarray(counts, np.float64)
    chance: Floats = np.where(above > 0, special.gammainc(np.maximum(above, 1), expected), 1.0)
    chance[np.isnan(expected)] = np.nan
    return chance


def _watched(counts: Floats, exposure: Floats, heard: Floats | None) -> Floats:
    shares = np.ones(np.shape(counts)) if heard is None else np.asarray(heard, np.float64)
    if not np.shape(counts) == np.shape(exposure) == shares.shape:
        msg = "counts, exposure and heard must have one entry an area"
        raise ValueError(msg)
    if not ((shares > 0) & (shares <= 1)).all():
        msg = "what is heard must be a share above 0, at most 1"
        raise ValueError(msg)
    return np.asarray(exposure, np.float64) * shares


def _raw(counts: Floats, exposure: Floats) -> tuple[Floats, float]:
    told = np.isfinite(exposure) & (exposure > 0)
    raw = np.full(np.shape(counts), np.nan)
    np.divide(counts, exposure, out=raw, where=told)
    total = float(np.sum(exposure, where=told))
    return raw, float(np.sum(counts, where=told)) / total if total else 0.0
