"""Where along a street a house number stands, as a spread of likelihood. Pure.

Houses count up along a street from one of its ends, odd on one side and even on the other, about
one number to two or three metres; but ends were extended, numbering starts anew at a district's
border, and some signs are wrong. So nothing is interpolated blindly: every way of counting (either
direction, five paces) says where the number should stand given each known number, the ways are
weighed by how well the known numbers agree with them, and one number that disagrees counts little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from districts.geocoding.resolving.settings import Numbering

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Known:
    """Numbers known on a street and how far along it they stand, in metres; sorted by number."""

    numbers: Floats
    along_m: Floats

    def __len__(self) -> int:
        return len(self.numbers)

    def without(self, number: float) -> Known:
        """Return the others: for asking where a known number would have been put."""
        kept = self.numbers != number
        return Known(self.numbers[kept], self.along_m[kept])


def known(pairs: Sequence[tuple[float, float]], same_m: float) -> Known:
    """Return (number, metres along) pairs as Known; told twice at one place counts once."""
    kept: list[tuple[float, float]] = []
    for number, along in sorted(pairs):
        twins = (other for other in reversed(kept) if other[0] == number)
        if all(abs(along - twin[1]) >= same_m for twin in twins):
            kept.append((number, along))
    table = np.array(kept, dtype=float).reshape(-1, 2)
    return Known(table[:, 0], table[:, 1])


def likelihood(
    number: float,
    among: Known,
    samples: Floats,
    here: Floats,
    *,
    settings: Numbering,
    first_end: float,
) -> Floats:
    """Return the log-likelihood, up to a constant, that ``number`` stands at each sample.

    ``samples`` are metres along the street, from 0 to its length, shape ``(n,)`` as is the answer.
    ``here`` says of each how well it fits the area named, 0 to 1: numbers known there count more.
    ``first_end`` is the chance that numbers count up along the street's line.
    """
    length = max(float(samples[-1]), settings.shortest_m)
    ways = _ways(settings)
    fit = ways.chance + np.log(np.where(ways.direction > 0, first_end, 1 - first_end))
    fit = fit + _agreement(among, ways, length, settings)
    spread = _from_the_end(number, ways, samples, length, settings)
    if len(among):
        spread = spread + _from_known(number, among, ways, (samples, here), settings)
    answer: Floats = np.logaddexp.reduce(spread + fit[:, None], axis=0)
    return answer


@dataclass(frozen=True, slots=True)
class _Ways:
    """The ways in which numbers may count along a street, shape ``(w,)`` each."""

    direction: Floats
    pace_m: Floats
    chance: Floats

    @property
    def step_m(self) -> Floats:
        return self.direction * self.pace_m


@cache
def _ways(settings: Numbering) -> _Ways:
    paces = np.array(settings.paces_m)
    chances = np.log(np.array(settings.pace_chances))
    return _Ways(np.repeat([1.0, -1.0], len(paces)), np.tile(paces, 2), np.tile(chances, 2))


def _agreement(among: Known, ways: _Ways, length: float, settings: Numbering) -> Floats:
    """Return how well the known numbers agree with each way, one with the next."""
    steps, moved = np.diff(among.numbers), np.diff(among.along_m)
    width = settings.width_m + settings.drift * ways.pace_m[:, None] * steps[None]
    off = moved[None] - ways.step_m[:, None] * steps[None]
    agreed: Floats = _robust(off, width, length, settings.wrong).sum(axis=1)
    return settings.agreement * agreed


def _from_the_end(
    number: float, ways: _Ways, samples: Floats, length: float, settings: Numbering
) -> Floats:
    """Return what the street's end says, where counting may begin: shape ``(w, n)``."""
    begin = np.where(ways.direction > 0, 0.0, float(samples[-1]))
    width = settings.end_width_m + settings.end_drift * ways.pace_m * number
    off = samples[None] - (begin + ways.step_m * number)[:, None]
    return settings.end_weight * _robust(off, width[:, None], length, settings.end_wrong)


def _from_known(
    number: float, among: Known, ways: _Ways, street: tuple[Floats, Floats], settings: Numbering
) -> Floats:
    """Return what the nearest known numbers say, the nearest most: shape ``(w, n)``."""
    samples, here = street
    away = np.abs(among.numbers - number)
    # Numbering starts anew at a district's border.
    away = away + settings.elsewhere * (1.0 - np.interp(among.along_m, samples, here))
    # The other side of the street counts at its own pace.
    away = away + settings.other_side * ((among.numbers - number) % 2)
    nearest = np.argsort(away, kind="stable")[: settings.asked]
    expected = among.along_m[nearest] + ways.step_m[:, None] * (number - among.numbers[nearest])
    width = settings.width_m + settings.drift * ways.pace_m[:, None] * away[nearest]
    off = samples[None, None] - expected[:, :, None]
    length = max(float(samples[-1]), settings.shortest_m)
    said = _robust(off, width[:, :, None], length, settings.wrong)
    weights = 1.0 / (1.0 + settings.fading * np.arange(len(nearest)))
    total: Floats = np.einsum("wmn,m->wn", said, weights)
    return total


def _robust(off: Floats, width: Floats, length: float, wrong: float) -> Floats:
    """Return the log of a bell of ``width``, on a floor: a share ``wrong`` may be anywhere."""
    bell = (1 - wrong) * np.exp(-0.5 * (off / width) ** 2) / width
    answer: Floats = np.log(bell + wrong / length)
    return answer
