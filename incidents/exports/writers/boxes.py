"""The boxes around shapes that are known as WKB: west, east, south, north in degrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from incidents.exports.table import POINT

NOWHERE: Final = np.array([np.inf, -np.inf, np.inf, -np.inf])
"""The box around nothing: any other one widens it."""
_AS_POINT: Final = np.dtype([("head", "V5"), ("at", "<f8", (2,))])
_NO_POINT: Final = b"\x01\x01\x00\x00\x00" + np.full(2, np.nan).tobytes()


def boxes(wkb: Sequence[bytes | None], shape: str) -> NDArray[np.float64]:
    """Return an array (n, 4); NaN where there is no shape, or an empty one."""
    if shape == POINT:
        packed = b"".join([one or _NO_POINT for one in wkb])
        return np.repeat(np.frombuffer(packed, _AS_POINT)["at"], 2, axis=1)
    found = shapely.bounds(shapely.from_wkb(np.array(wkb, object)))
    return np.asarray(found, np.float64)[:, [0, 2, 1, 3]]


def known(found: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which of the boxes there are, an array (n,)."""
    return np.asarray(np.isfinite(found).all(axis=1))


def around(whole: NDArray[np.float64], found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the box around one and all others, none of them NaN."""
    both = np.vstack([whole, found])
    return np.array([both[:, 0].min(), both[:, 1].max(), both[:, 2].min(), both[:, 3].max()])
