"""Squares that belong together become one line of the ranked table. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Spot:
    """Some squares. ``place``: where most happened, by row and column; ``top``: where ``value`` is.

    A square may be the highest for what lies around it, and be empty itself.
    """

    place: tuple[int, int]
    top: tuple[int, int]
    value: float
    count: int
    cells: int


def connected(
    group: Longs, value: Floats, counts: Floats, least: int = 0
) -> tuple[Longs, list[Spot]]:
    """Join squares of the same group, above 0, that touch, corners included; highest value first.

    Returns the spot of each square, 0 for none, and the spots: spot n is the n-th of them. Squares
    that have not ``least`` incidents together, as between two places, are no spot.
    """
    from scipy import ndimage  # noqa: PLC0415  heavy: its filters and labels

    labels, found = np.zeros(group.shape, np.int64), 0
    for one in np.unique(group[group > 0]):
        part, many = ndimage.label(group == one, structure=np.ones((3, 3), np.int8))
        enough = ndimage.sum_labels(counts, part, np.arange(1, many + 1)) >= least
        numbers = np.append(0, np.where(enough, found + np.cumsum(enough), 0))
        labels[part > 0] = numbers[part[part > 0]]
        found += int(enough.sum())
    return _ranked(labels, found, value, counts)


def peaks(value: Floats, counts: Floats, reach: int, least: float) -> tuple[Longs, list[Spot]]:
    """Return the squares that are highest within ``reach`` of them, with what lies so near.

    A square that two peaks reach belongs to the higher one. Only from ``least`` on.
    """
    from scipy import ndimage  # noqa: PLC0415  heavy, as above

    highest = ndimage.maximum_filter(value, size=2 * reach + 1) == value
    rows, columns = np.nonzero(highest & (value >= least) & (value > 0))
    order = np.lexsort((columns, rows, -value[rows, columns]))
    labels = np.zeros(value.shape, np.int64)
    taken = 0
    for row, column in zip(rows[order], columns[order], strict=True):
        if labels[row, column]:
            continue
        taken += 1
        around = np.s_[
            max(row - reach, 0) : row + reach + 1, max(column - reach, 0) : column + reach + 1
        ]
        labels[around] = np.where(labels[around] == 0, taken, labels[around])
    return _ranked(labels, taken, value, counts)


def _ranked(labels: Longs, found: int, value: Floats, counts: Floats) -> tuple[Longs, list[Spot]]:
    if not found:
        return labels, []
    from scipy import ndimage  # noqa: PLC0415  heavy, as above

    numbers = np.arange(1, found + 1)
    tops = np.asarray(ndimage.maximum_position(value, labels, numbers), np.int64)
    # Of squares with as many incidents the one with the higher value.
    most = counts + np.clip(value / (np.abs(value).max() + 1), 0, 1) / 2
    places = np.asarray(ndimage.maximum_position(most, labels, numbers), np.int64)
    rows, columns = tops.T
    highest = value[rows, columns]
    many = np.rint(ndimage.sum_labels(counts, labels, numbers)).astype(np.int64)
    sizes = np.bincount(labels.ravel(), minlength=found + 1)[1:]
    order = np.lexsort((columns, rows, -many, -highest))
    renamed = np.zeros(found + 1, np.int64)
    renamed[order + 1] = numbers
    return renamed[labels], [
        Spot(_at(places[n]), _at(tops[n]), float(highest[n]), int(many[n]), int(sizes[n]))
        for n in order
    ]


def _at(place: Longs) -> tuple[int, int]:
    return int(place[0]), int(place[1])
