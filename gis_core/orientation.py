"""On which side of a line a point lies, exactly. Compiled by numba where that is installed."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, TypeVar, cast

import numpy as np

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

COMPILED = find_spec("numba") is not None


def compiled(function: Kernel) -> Kernel:
    """Compile a kernel, keep it on disk, and let it run beside other threads."""
    if not COMPILED:
        return function
    from numba import njit  # noqa: PLC0415  half a second, and not installed everywhere

    return cast("Kernel", njit(nogil=True, cache=True, error_model="numpy")(function))


ERROR_BOUND = (3.0 + 16.0 * 2.0**-53) * 2.0**-53
"""Shewchuk 1997, "Adaptive precision floating-point arithmetic", bound A of ORIENT2D."""

SPLITTER = 134217729.0
"""2**27 + 1: cuts a double into two halves whose products are exact (Dekker 1971)."""


@compiled
def orientation(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """Return 1 where (p) lies left of the line from (a) to (b), -1 right of it, 0 exactly on it."""
    left = (ax - px) * (by - py)
    right = (ay - py) * (bx - px)
    determinant = left - right
    bound = ERROR_BOUND * (abs(left) + abs(right))
    if determinant > bound:
        return 1
    if determinant < -bound:
        return -1
    return _exactly(ax, ay, bx, by, px, py)


@compiled
def shifted_side(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """Return 1 or -1, never 0: the side of (a, b) on which (p) + (d, e) lies, 0 < d << e << 1."""
    side = orientation(ax, ay, bx, by, px, py)
    if side != 0:
        return side
    if ax != bx:
        return 1 if bx > ax else -1
    return -1 if by > ay else 1


@compiled
def _exactly(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """The sign of the determinant, from an expansion that holds it without rounding."""
    expansion = np.zeros(17)
    length = 0
    for sign, u0, u1, v0, v1 in (
        (1.0, ax, px, by, py),
        (-1.0, ay, py, bx, px),
    ):
        u_high, u_low = _difference(u0, u1)
        v_high, v_low = _difference(v0, v1)
        for u in (u_high, u_low):
            for v in (v_high, v_low):
                high, low = _product(sign * u, v)
                length = _grow(expansion, length, low)
                length = _grow(expansion, length, high)
    for place in range(length - 1, -1, -1):
        if expansion[place] != 0.0:
            return 1 if expansion[place] > 0.0 else -1
    return 0


@compiled
def _difference(a: float, b: float) -> tuple[float, float]:
    """``a - b`` as a rounded value and its exact error (Knuth's two-sum)."""
    high = a - b
    virtual = a - high
    return high, (a - (high + virtual)) + (virtual - b)


@compiled
def _product(a: float, b: float) -> tuple[float, float]:
    """``a * b`` as a rounded value and its exact error (Dekker, Veltkamp)."""
    high = a * b
    scaled = SPLITTER * a
    a_high = scaled - (scaled - a)
    a_low = a - a_high
    scaled = SPLITTER * b
    b_high = scaled - (scaled - b)
    b_low = b - b_high
    error = high - a_high * b_high - a_low * b_high - a_high * b_low
    return high, a_low * b_low - error


@compiled
def _grow(expansion: np.ndarray, length: int, term: float) -> int:
    """Add ``term`` to an expansion in place (Shewchuk's grow-expansion); return its new length."""
    carried = term
    for place in range(length):
        total = carried + expansion[place]
        virtual = total - carried
        expansion[place] = (carried - (total - virtual)) + (expansion[place] - virtual)
        carried = total
    expansion[length] = carried
    return length + 1
