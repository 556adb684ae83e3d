"""Numbers in a few steps of colour, each with the numbers that it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from map_ui import figure_words
from map_ui.documents.map_document import Step

WARM: Final = ("#fee391", "#fec44f", "#fe9929", "#d94801", "#8c2d04")
"""ColorBrewer's YlOrBr, safe for colour-blind eyes and in grey: https://colorbrewer2.org."""
NONE: Final = Step("0", "#f2f4f3")
"""Where there is nothing."""
UNKNOWN: Final = "#8d9893"
"""Lines where nobody knows how much there is; see ``Step.hatched``."""


@dataclass(frozen=True, slots=True)
class Graded:
    """The steps, and the position of each value's."""

    steps: tuple[Step, ...]
    of: tuple[int, ...]


def graded(values: Sequence[float], *, colours: Sequence[str] = WARM, places: int = 0) -> Graded:
    """Return at most one step a colour, about as many values in each; a first one for zeros.

    ``values`` are not negative; they are rounded to ``places`` decimals first, so that what the
    legend says is true of each. Values that are equal are in one step.
    """
    rounded = np.asarray(values, np.float64).round(places).astype(np.float64)
    some = rounded[rounded > 0]
    lows = _lows(some, len(colours))
    empty = bool((rounded <= 0).any())
    steps = [NONE] if empty else []
    for at, low in enumerate(lows):
        inside = some[(some >= low) & (some < lows[at + 1] if at + 1 < len(lows) else some >= low)]
        steps.append(Step(_said(low, float(inside.max()), places), _colour(colours, at, len(lows))))
    found = np.searchsorted(lows, rounded, side="right") - (0 if empty else 1)
    return Graded(tuple(steps), tuple(int(at) for at in found))


def _lows(some: NDArray[np.float64], many: int) -> NDArray[np.float64]:
    """Return the smallest value of each step: each value, of many quantiles, equal ones once."""
    each = np.unique(some)
    if len(each) <= many:
        return each
    shares = np.linspace(0, 1, many, endpoint=False)
    return np.unique(np.quantile(some, shares, method="higher"))


def _colour(colours: Sequence[str], at: int, many: int) -> str:
    """Return the colour of a step: the palette's ends are used where steps are few."""
    if many == 1:
        return colours[len(colours) // 2]
    return colours[round(at * (len(colours) - 1) / (many - 1))]


def _said(low: float, high: float, places: int) -> str:
    def number(value: float) -> str:
        return figure_words.decimal(value, places) if places else figure_words.whole(int(value))

    return number(low) if low == high else f"{number(low)}–{number(high)}"
