"""Sums over the cells around each cell: squares by prefix sums, discs by rows of prefix sums."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Window = Literal["square", "disc"]
"""All cells at most ``reach`` rows and columns away; or with their middles within that distance."""


def sums(values: Floats, reach: int, window: Window = "square") -> Floats:
    """Return for each cell the sum over its window, itself included; beyond the edge is nothing.

    ``values`` has the shape (…, rows, columns). Whole numbers below 2**53 add up exactly: prefix
    sums (F. C. Crow, "Summed-Area Tables for Texture Mapping", SIGGRAPH 1984).
    """
    if window == "square":
        return _along(_along(values, reach, -1), reach, -2)
    summed = _along(values, reach, -1)
    for step in range(1, reach + 1):
        row = _along(values, int(np.sqrt(reach * reach - step * step)), -1)
        summed[..., step:, :] += row[..., :-step, :]
        summed[..., :-step, :] += row[..., step:, :]
    return summed


def around(values: Floats, held: Flags, reach: int, window: Window = "square") -> Floats:
    """Return ``sums`` for the cells held alone, in their order; values elsewhere must be 0.

    Shape (…, cells held). Empty parts of the grid are passed over. Raises ValueError for a reach
    below 0.
    """
    if reach < 0:
        msg = "reach must be 0 cells or more"
        raise ValueError(msg)
    told = [
        sums(values[(..., *block)], reach, window)[..., held[block]]
        for block in blocks(held, reach)
    ]
    return np.concatenate([values[..., :0, 0], *told], axis=-1)


def blocks(filled: Flags, reach: int) -> Iterator[tuple[slice, slice]]:
    """Yield parts that hold all that is filled and ``reach`` cells around it, none in two parts.

    Bands of rows: a city may have islands far away, and nothing but sea between.
    """
    rows = np.flatnonzero(filled.any(axis=1))
    if not len(rows):
        return
    for some in np.split(rows, np.flatnonzero(np.diff(rows) > 2 * reach) + 1):
        band = _wider(some, reach)
        yield band, _wider(np.flatnonzero(filled[band].any(axis=0)), reach)


def _wider(filled: NDArray[np.intp], reach: int) -> slice:
    return slice(max(int(filled[0]) - reach, 0), int(filled[-1]) + reach + 1)


def _along(values: Floats, reach: int, axis: int) -> Floats:
    """Return the sums of at most ``2 * reach + 1`` neighbours along one of the last two axes."""
    length = values.shape[axis]
    shape = list(values.shape)
    shape[axis] += 2 * reach + 1
    before = np.zeros(shape)

    def part(first: int, last: int | None) -> tuple[Any, ...]:
        return (..., slice(first, last), *(slice(None),) * (-axis - 1))

    first, last = reach + 1, reach + 1 + length
    np.cumsum(values, axis, out=before[part(first, last)])
    before[part(last, None)] = before[part(last - 1, last)]
    summed: Floats = before[part(2 * reach + 1, None)] - before[part(0, length)]
    return summed


def counted(counts: NDArray[np.generic], inside: Flags | None) -> tuple[Floats, Flags]:
    """Return the counts with nothing outside, and which cells are inside.

    Raises ValueError where the two have not the same shape, or fewer than two dimensions.
    """
    values = np.asarray(counts, np.float64)
    held = np.ones(values.shape[-2:], np.bool_) if inside is None else np.asarray(inside, np.bool_)
    if values.ndim < 2 or held.shape != values.shape[-2:]:
        msg = f"a grid of {values.shape} counts cannot have a mask of {held.shape}"
        raise ValueError(msg)
    return (values if inside is None else np.where(held, values, 0.0)), held
