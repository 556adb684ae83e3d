"""Assets that fail again and again: how often, how soon, and whether that is more than chance.

Did all assets of a kind fail alike, an asset's count would be Poisson about the kind's failures
times its share of the kind's exposure: S. Ross, "Introduction to Probability Models", section 5.3.
Which of many are significant: ``significance.significant``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis_core.hotspots import poisson

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Repeats:
    """By asset; those that never failed too."""

    count: Longs
    """Failures, without what came too soon after another one of the same asset."""
    median_days: Floats
    """Half of the times between two of its failures are shorter; NaN where it failed only once."""
    expected: Floats
    """Failures that an asset of its kind has in the period, by its exposure."""
    p: Floats
    """How likely chance alone is to bring as many failures or more."""


def repeats(
    asset: Longs, days: Longs, kind: Longs, *, exposure: Floats | None = None, apart_days: int = 1
) -> Repeats:
    """Return how often each asset failed.

    ``asset``: (n,), of each failure the position of its asset; ``days``: (n,), whole numbers;
    ``kind``: (m,), the number from 0 of each asset's kind, those that never failed too, or every
    count looks usual. ``exposure``: (m,), what failures grow with, such as metres or years in
    service; None: all assets of a kind alike. What follows less than ``apart_days`` days after what
    came before it at the same asset is the same failure: with 1 whatever happens on one day. Raises
    ValueError for exposures that are negative or not finite.
    """
    shares = np.ones(len(kind)) if exposure is None else np.asarray(exposure, np.float64)
    if not (np.isfinite(shares).all() and (shares >= 0).all() and len(shares) == len(kind)):
        msg = "exposure must be finite, not negative, and one for each asset"
        raise ValueError(msg)
    order = np.lexsort((days, asset))
    asset, days = np.asarray(asset, np.int64)[order], np.asarray(days, np.int64)[order]
    new = np.r_[True, asset[1:] != asset[:-1]][: len(asset)]
    apart = np.diff(days, prepend=days[:1])
    counted = new | (apart >= apart_days)
    asset, days = asset[counted], days[counted]
    count = np.bincount(asset, minlength=len(kind)).astype(np.int64)
    expected = _expected(count, kind, shares)
    return Repeats(count, _medians(asset, days, count), expected, poisson.at_least(count, expected))


def _expected(count: Longs, kind: Longs, shares: Floats) -> Floats:
    """Spread each kind's failures over its assets, by their exposure."""
    failures, exposed = np.bincount(kind, count), np.bincount(kind, shares)
    rate = np.divide(failures, exposed, out=np.zeros(len(exposed)), where=exposed > 0)
    return rate[kind] * shares


def _medians(asset: Longs, days: Longs, count: Longs) -> Floats:
    """Return by asset the median of the days between failures, which come sorted."""
    same = np.flatnonzero(asset[1:] == asset[:-1])
    gap, owner = (days[1:] - days[:-1])[same], asset[1:][same]
    gap = gap[np.lexsort((gap, owner))].astype(np.float64)
    gaps = np.maximum(count - 1, 0)
    median = np.full(len(count), np.nan)
    [some] = np.nonzero(gaps)
    begin = (np.cumsum(gaps) - gaps)[some]
    low, high = begin + (gaps[some] - 1) // 2, begin + gaps[some] // 2
    median[some] = (gap[low] + gap[high]) / 2
    return median
