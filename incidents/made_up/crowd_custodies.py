"""Who had the made-up crowd's incidents, one after the other; what came back; what people thought.

Agencies differ: each has a pace, a share of work that is proven, and a share that comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from incidents.made_up.crowd_clocks import Reckoning
from incidents.made_up.crowd_fates import DAY_S, NEVER, Fates, lasting
from incidents.workflow import Status

Bits = NDArray[np.bool_]
Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

NOBODY = np.int64(-1)
HANDED_ON, AGAIN, RATED, DELEGATED = 0.07, 0.18, 0.2, 0.15
ENDINGS: Final = ("", "declined", "claimed_done", "rejected")
OPEN, DECLINED, CLAIMED, REJECTED = range(4)
ROUTED, CHOSEN, CLAIMED_FIRST, REOPENED, CLAIMED_LAST, REFUSED = 2, 4, 10, 11, 12, 13
"""An incident's events have numbers in the order in which they may happen; see crowd_events.sql.
An agency declines in 5 and 7, and the next one gets the incident in 6 and 8."""
TAKEN: Final = (6, 8)


@dataclass(frozen=True, slots=True)
class Ways:
    """How the agencies work, as arrays by the agency's number."""

    pace: Floats
    """How many times as long as usual they take."""
    proven: Floats
    returned: Floats
    pleasing: Floats
    nearby: Longs
    """Shape (agencies, 3): to whom others send on what one of them declined."""
    contractor: Longs


@dataclass(frozen=True, slots=True)
class Custodies:
    """Custodies in order of incident and time, as arrays; NEVER for what has not happened."""

    incident: Longs
    agency: Longs
    """Number, as ``Ways`` has them."""
    contractor: Longs
    began: Longs
    ended: Longs
    ending: Longs
    """Position in ENDINGS."""
    reopened: Longs
    from_slot: Longs
    to_slot: Longs


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What is told of each custody beside, in the same order: clock, proof, promise."""

    due: Longs
    used: Floats
    """Minus one while it lasts."""
    proven: Longs
    """1, 0, or -1 where nothing was claimed."""
    promised: Longs


@dataclass(frozen=True, slots=True)
class Opinions:
    """What reporters think, by incident; NEVER and 0 where they said nothing."""

    at: Longs
    stars: Longs


def draw_ways(busy: Floats, contractors: Longs, chance: Generator) -> Ways:
    """Return how agencies work; ``busy`` is the share of all incidents that each gets."""
    many = len(busy)
    near = np.stack([chance.choice(many, many, p=busy) for _ in range(3)], axis=1)
    near = np.where(near == np.arange(many)[:, None], (near + 1) % many, near)
    return Ways(
        pace=chance.lognormal(-0.1, 0.35, many),
        proven=chance.beta(12, 3, many),
        returned=chance.beta(2, 30, many),
        pleasing=chance.normal(0, 0.4, many),
        nearby=near,
        contractor=chance.choice(contractors, many),
    )


def draw_custodies(
    ready: Longs, agency: Longs, fates: Fates, ways: Ways, now: int, chance: Generator
) -> Custodies:
    """Return who held what; ``ready`` is when the first agency got it, by its number."""
    many = len(ready)
    until = np.where(fates.ended != NEVER, fates.ended, now)
    until = np.where(fates.began != NEVER, fates.began, until)
    parts: list[Custodies] = []
    begin, holder, slot = ready, agency, np.where(fates.chosen != NEVER, CHOSEN, ROUTED)
    moves = fates.held
    for turn, share in enumerate((HANDED_ON, AGAIN)):
        moves = moves & (chance.random(many) < share)
        declined = begin + ((until - begin) * chance.uniform(0.1, 0.6, many)).astype(np.int64)
        parts.append(_part(moves, holder, begin, declined, DECLINED, slot, 5 + 2 * turn))
        near = ways.nearby[holder, chance.choice(3, many, p=(0.6, 0.3, 0.1))]
        other = np.where(near == agency, ways.contractor[agency], near)
        holder = np.where(moves, other, holder)
        begin, slot = np.where(moves, declined, begin), np.where(moves, 6 + 2 * turn, slot)
    closed = (fates.claimed != NEVER) & (fates.ended != NEVER)
    back = closed & (chance.random(many) < ways.returned[holder])
    first = fates.began + (fates.claimed - fates.began) // 2
    again = first + (fates.claimed - first) // 3
    parts += [
        _part(back, holder, begin, first, CLAIMED, slot, CLAIMED_FIRST, again),
        *_last(np.where(back, again, begin), holder, np.where(back, REOPENED, slot), fates),
    ]
    return _delegated(_together(parts), ways, chance)


def _last(begin: Longs, holder: Longs, slot: Longs, fates: Fates) -> list[Custodies]:
    """Return each incident's last custody: claimed done, rejected, or still open."""
    claimed = fates.held & (fates.claimed != NEVER)
    lasts = fates.held & ~claimed & ~fates.rejected
    never = np.full_like(begin, NEVER)
    return [
        _part(claimed, holder, begin, fates.claimed, CLAIMED, slot, CLAIMED_LAST),
        _part(fates.held & fates.rejected, holder, begin, fates.ended, REJECTED, slot, REFUSED),
        _part(lasts, holder, begin, never, OPEN, slot, int(NEVER)),
    ]


def _part(  # noqa: PLR0913, PLR0917  one value a column
    where: Bits, holder: Longs, begin: Longs, end: Longs, ending: int, slot: Longs, to: int,
    reopened: Longs | None = None,
) -> Custodies:  # fmt: skip
    n = np.flatnonzero(where)
    same = np.ones_like(n)
    return Custodies(
        incident=n, agency=holder[n], contractor=same * NOBODY, began=begin[n], ended=end[n],
        ending=same * ending, reopened=same * NEVER if reopened is None else reopened[n],
        from_slot=slot[n], to_slot=same * to,
    )  # fmt: skip


def _together(parts: list[Custodies]) -> Custodies:
    columns = {
        column.name: np.concatenate([getattr(part, column.name) for part in parts])
        for column in fields(Custodies)
    }
    order = np.lexsort((columns["from_slot"], columns["incident"]))
    return Custodies(**{name: column[order] for name, column in columns.items()})


def _delegated(held: Custodies, ways: Ways, chance: Generator) -> Custodies:
    """Give a part of the work to each agency's contractor."""
    works = (held.ending != DECLINED) & (chance.random(len(held.agency)) < DELEGATED)
    theirs = ways.contractor[held.agency]
    held.contractor[:] = np.where(works & (theirs != held.agency), theirs, NOBODY)
    return held


def forwarded(held: Custodies, opened: Longs, limit_s: float | None) -> Floats:
    """Return which share of the service's own limit was used up when each first custody began.

    Minus one for what was not the first, and where there is no limit.
    """
    if limit_s is None:
        return np.full(len(held.began), -1.0)
    first = np.isin(held.from_slot, (ROUTED, CHOSEN))
    return np.where(first, (held.began - opened[held.incident]) / limit_s, -1.0)


def draw_afterwards(
    held: Custodies, reckoning: Reckoning, ways: Ways, chance: Generator
) -> Afterwards:
    """Return what is told of each custody."""
    many = len(held.incident)
    due = reckoning.due(held.began)
    ended = held.ended != NEVER
    until = np.where(ended, held.ended, held.began)
    used = reckoning.used(held.began, until)
    claimed = held.ending == CLAIMED
    proven = (chance.random(many) < ways.proven[held.agency]).astype(np.int64)
    late = (used > 1) | ~ended
    promised = due + chance.integers(1, 10, many) * DAY_S
    return Afterwards(
        due=due,
        used=np.where(ended, used, -1.0),
        proven=np.where(claimed, proven, -1),
        promised=np.where(late & (chance.random(many) < 0.3), promised, NEVER),
    )


def draw_opinions(
    held: Custodies, used: Floats, fates: Fates, ways: Ways, now: int, chance: Generator
) -> Opinions:
    """Return ratings of some closed ones: worse where it came late or came back."""
    many = len(fates.ended)
    closed = np.isin(fates.status, [list(Status).index(Status.CLOSED)])
    at = fates.ended + lasting(0.5, 0.8, many, chance)
    told = closed & (at <= now) & (chance.random(many) < RATED)
    mood = np.full(many, 4.3) + chance.normal(0, 0.9, many)
    np.add.at(mood, held.incident, -1.0 * (held.reopened != NEVER))
    last = held.ending == CLAIMED
    mood[held.incident[last]] += ways.pleasing[held.agency[last]] - 0.9 * (used[last] > 1)
    stars = np.clip(np.rint(mood), 1, 5).astype(np.int64)
    return Opinions(np.where(told, at, NEVER), np.where(told, stars, 0))
