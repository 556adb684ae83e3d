"""Position codes of many positions at once: ``gis_core.tiles`` over arrays."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from gis_core.tiles import CELLS, interleave


def cell_codes(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the code of each WGS 84 position, shape ``(len(lons),)``.

    Equal to ``tiles.cell_code``, but for positions within a rounding of a cell's edge.
    """
    sine = np.clip(np.sin(np.radians(lats)), -0.9999999999, 0.9999999999)
    columns = _clamped((lons + 180.0) / 360.0)
    rows = _clamped(0.5 - np.arctanh(sine) / (2 * np.pi))
    # Bits are spread by the same shifts, whether of one number or of an array.
    return cast("NDArray[np.int64]", interleave(cast("int", columns), cast("int", rows)))


def _clamped(share: NDArray[np.float64]) -> NDArray[np.int64]:
    cells: NDArray[np.int64] = np.clip(np.floor(share * CELLS), 0, CELLS - 1).astype(np.int64)
    return cells
