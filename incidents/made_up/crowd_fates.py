"""What becomes of the made-up crowd's incidents: when a person chose, work began, it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from incidents.workflow import Status

Bits = NDArray[np.bool_]
Floats = NDArray[np.float64]
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
    claimed: Longs
    """When the agency said that it is done, for the last time."""
    ended: Longs
    approved: Longs
    rejected: Bits
    status: Longs
    """Position in STATUSES."""

    @property
    def held(self) -> Bits:
        """Which ones an agency has, or had."""
        held: Bits = self.status != _NUMBER[Status.RECEIVED]
        return held


def draw_fates(
    opened: Longs, triage: Bits, working_days: Floats, now: int, chance: Generator
) -> Fates:
    """Return what has happened by ``now``: old cases have ended, young ones are on their way.

    ``working_days`` is how long each agency usually takes for such a case.
    """
    many = len(opened)
    rejected = chance.random(many) < 0.05
    forgotten = chance.random(many) < 0.004
    chosen = _by(now, opened + lasting(0.7, 0.8, many, chance), where=triage & ~forgotten)
    waits = triage & (chosen == NEVER)
    ready = np.where(triage, chosen, opened)
    goes_on = ~waits & ~forgotten
    usual = ready + lasting(working_days * 0.3, 0.6, many, chance)
    began = _by(now, usual, where=goes_on & ~rejected)
    done = began + lasting(working_days * 0.6, 0.7, many, chance)
    claimed = _by(now, done, where=began != NEVER)
    after = np.where(rejected, ready, claimed)
    may_end = goes_on & np.where(rejected, rejected, claimed != NEVER)
    ended = _by(now, after + lasting(1.0, 0.7, many, chance), where=may_end)
    approved = _by(now, opened + lasting(0.2, 1.0, many, chance), where=chance.random(many) < 0.7)
    rejected &= ended != NEVER
    reached = [
        (waits, Status.RECEIVED), (rejected, Status.REJECTED), (ended != NEVER, Status.CLOSED),
        (claimed != NEVER, Status.CLAIMED_DONE), (began != NEVER, Status.IN_PROGRESS),
    ]  # fmt: skip
    status = np.select(
        [where for where, _ in reached],
        [_NUMBER[status] for _, status in reached],
        _NUMBER[Status.ASSIGNED],
    )
    return Fates(chosen, began, claimed, ended, approved, rejected, status)


def lasting(days: float | Floats, spread: float, many: int, chance: Generator) -> Longs:
    """Return times of about ``days`` in seconds, with a long tail."""
    seconds: Longs = (days * DAY_S * chance.lognormal(0, spread, many)).astype(np.int64)
    return seconds


def _by(now: int, when: Longs, *, where: Bits) -> Longs:
    return np.where(where & (when <= now), when, NEVER)
