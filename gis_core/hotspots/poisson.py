"""How likely chance alone is to bring so many, where events are independent and come evenly.

The upper tail of Poisson's distribution, P(X >= k) = P(k, mean), the regularised lower incomplete
gamma function: M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions", 26.4.21.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


def at_least(count: Longs, expected: Floats) -> Floats:
    """Return the chance of each count or more, given its mean; 1 for a count of 0."""
    chance: Floats = special.gammainc(np.maximum(count, 1), expected)
    return np.where(count > 0, chance, 1.0)
