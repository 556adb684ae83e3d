"""Which of many tests are significant: chance alone finds some, if nobody counts the tests.

False discovery rate: Y. Benjamini and Y. Hochberg, "Controlling the False Discovery Rate", Journal
of the Royal Statistical Society B 57, 1995, section 3, formula (1); under any dependence: Y.
Benjamini and D. Yekutieli, "The Control of the False Discovery Rate in Multiple Testing under
Dependency", Annals of Statistics 29, 2001, theorem 1.3. For neighbouring cells' Gi*: M. C. Castro
and B. H. Singer, "Controlling the False Discovery Rate", Geographical Analysis 38, 2006.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Control = Literal["fdr", "fdr_any", "bonferroni", "none"]
"""``fdr`` is Benjamini and Hochberg's, ``fdr_any`` Benjamini and Yekutieli's."""


def significant(p: Floats, share: float = 0.05, control: Control = "fdr") -> Flags:
    """Return which tests are significant, in the shape of ``p``; where p is NaN nothing was tested.

    ``share`` is what part of the findings may be false (fdr), the chance of any false one
    (bonferroni), or the chance of each (none). Raises ValueError for one not within 0 and 1.
    """
    if not 0 < share < 1:
        msg = "share must lie between 0 and 1"
        raise ValueError(msg)
    found: Flags = adjusted(p, control) <= share
    return found


def adjusted(p: Floats, control: Control = "fdr") -> Floats:
    """Return for each test the smallest share at which it would be significant; NaN stays NaN."""
    told = np.asarray(p, np.float64)
    tested = ~np.isnan(told)
    answer = np.full(told.shape, np.nan)
    answer[tested] = _CONTROLS[control](told[tested])
    return answer


def two_sided(z: Floats) -> Floats:
    """Return how likely a normal deviate is to be at least so far from 0, on either side."""
    chance: Floats = special.erfc(np.abs(z) / np.sqrt(2.0))
    return chance


def _hochberg(p: Floats) -> Floats:
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    answer = np.empty_like(p)
    answer[order] = np.minimum(np.minimum.accumulate(p[order] * len(p) / ranks), 1.0)
    return answer


def _yekutieli(p: Floats) -> Floats:
    harmonic = (1.0 / np.arange(1, len(p) + 1)).sum()
    told: Floats = np.minimum(_hochberg(p) * harmonic, 1.0)
    return told


def _bonferroni(p: Floats) -> Floats:
    return np.minimum(p * len(p), 1.0)


def _alone(p: Floats) -> Floats:
    return p


_CONTROLS = {
    "fdr": _hochberg,
    "fdr_any": _yekutieli,
    "bonferroni": _bonferroni,
    "none": _alone,
}
