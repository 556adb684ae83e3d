"""A likelihood spread along a line -> the one point to answer with, and its reach. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NEAR_M = 150.0
"""As near as a crew must be brought to see what was reported."""
_LIKE = 0.02


@dataclass(frozen=True, slots=True)
class Spread:
    """Chances (summing to 1) that a place lies at samples along a line, in metres, ascending."""

    samples: Floats
    chances: Floats

    @property
    def middle(self) -> float:
        """Half of the chance lies before, half behind."""
        return float(self.samples[np.searchsorted(np.cumsum(self.chances), 0.5)])

    def near(self) -> Floats:
        """Return the chance within NEAR_M of each sample."""
        total = np.concatenate([[0.0], np.cumsum(self.chances)])
        first = np.searchsorted(self.samples, self.samples - NEAR_M, "left")
        last = np.searchsorted(self.samples, self.samples + NEAR_M, "right")
        within: Floats = total[last] - total[first]
        return within

    def best(self) -> tuple[float, float]:
        """Return the sample around which most chance lies, and how much.

        Of many that are alike, as on a street of which only the name is known, the one nearest to
        the middle.
        """
        within = self.near()
        alike = np.flatnonzero(within >= within.max() - _LIKE)
        chosen = alike[np.argmin(np.abs(self.samples[alike] - self.middle))]
        return float(self.samples[chosen]), float(within[chosen])

    def reach(self, along: float, share: float) -> float:
        """Return the metres around ``along`` that hold ``share`` of the chance."""
        away = np.abs(self.samples - along)
        order = np.argsort(away, kind="stable")
        held = np.cumsum(self.chances[order])
        return float(away[order][min(int(np.searchsorted(held, share)), len(order) - 1)])


def spread(samples: Floats, log_likelihood: Floats) -> tuple[Spread, float]:
    """Return the spread, and the log of the mean likelihood: how well the line fits at all."""
    top = float(log_likelihood.max())
    raw = np.exp(log_likelihood - top)
    return Spread(samples, raw / raw.sum()), top + float(np.log(raw.mean()))
