"""What becomes of the made-up crowd's incidents: when a person chose, work began, it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from incidents.workflow import Status

Bits = NDArray[np.bool_]
Longs = NDArray[np.int64]

DAY_S = 86_400
NEVER = np.int64(-1)
STATUSES: Final = tuple(status.value for status in Status)
_NUMBER: Final = {status: np.int64(number) for number, status in enumerate(Status)}


@dataclass(frozen=True, slots=True)
class Fates:
    """Unix times as arrays of one length, NEVER where it has not happened."""

    chosen: Longs
    """When a person chose the agency of what waited for one."""
    began: Longs
    ended: Longs
    approved: Longs
    rejected: Bits
    status: Longs
    """Position in STATUSES."""


def draw_fates(
    opened: Longs, triage: Bits, working_days: Sequence[int] | Longs, now: int, chance: Generator
) -> Fates:
    """Return what has happened by ``now``: old cases have ended, young ones are on their way."""
    many, days = len(opened), np.asarray(working_days, float)
    rejected = chance.random(many) < 0.05
    forgotten = chance.random(many) < 0.02
    chosen = _by(now, opened + _lasting(0.7, 0.8, many, chance), where=triage & ~forgotten)
    waits = triage & (chosen == NEVER)
    ready = np.where(triage, chosen, opened)
    goes_on = ~waits & ~forgotten
    began = _by(now, ready + _lasting(days * 0.3, 0.6, many, chance), where=goes_on & ~rejected)
    after = np.where(rejected, ready, began)
    may_end = goes_on & (rejected | (began != NEVER))
    ended = _by(now, after + _lasting(days * 0.8, 0.7, many, chance), where=may_end)
    approved = _by(now, opened + _lasting(0.2, 1.0, many, chance), where=chance.random(many) < 0.7)
    return Fates(
        chosen, began, ended, approved, rejected & (ended != NEVER),
        status=np.select(
            [waits, ended == NEVER, rejected],
            [
                _NUMBER[Status.RECEIVED],
                np.where(began == NEVER, _NUMBER[Status.ASSIGNED], _NUMBER[Status.IN_PROGRESS]),
                _NUMBER[Status.REJECTED],
            ],
            _NUMBER[Status.CLOSED],
        ),
    )  # fmt: skip


def _lasting(
    days: float | NDArray[np.float64], spread: float, many: int, chance: Generator
) -> Longs:
    """Return times of about ``days`` in seconds, with a long tail."""
    seconds: Longs = (days * DAY_S * chance.lognormal(0, spread, many)).astype(np.int64)
    return seconds


def _by(now: int, when: Longs, *, where: Bits) -> Longs:
    return np.where(where & (when <= now), when, NEVER)
