"""What a changed rule set would do to past incidents; nothing is written."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from districts import rulebook
from districts.many_pins import Pin, place_many
from districts.routing import CategoryFacts, NoRule, Rule, route
from districts.territory import Placement
from gis_core import sql
from gis_core.positions import LonLat, Position
from incidents.pipeline import local_day
from incidents.rereading.recall import Memory

AT_A_TIME = 20_000
EXAMPLES = 3
A_PERSON = "?"
"""Stands for: nobody is sure, a person decides."""
NOBODY = "-"
"""Stands for: no rule names anyone."""

Tell = Callable[[int], None]


@dataclass(slots=True)
class Move:
    """Incidents that would go from one agency to another."""

    before: str
    after: str
    categories: Counter[str] = field(default_factory=Counter)
    examples: list[int] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many incidents move."""
        return self.categories.total()


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried: how many incidents, placed anew where nothing was kept, and what moves."""

    tried: int
    placed_anew: int
    moves: tuple[Move, ...]
    """The most frequent first; ``before`` is what today's rules decide."""
    not_yet: tuple[str, ...]
    """Rules of the file that hold on no day of these incidents: they begin later or have ended."""


class _Kept(NamedTuple):
    id: int
    category: str
    opened_at: datetime
    lon: float
    lat: float
    accuracy_m: float
    on: str | None
    shares: str | None


def try_rules(rules: Sequence[Rule], since: datetime, tell: Tell = lambda _: None) -> Trial:
    """Decide every incident opened since ``since`` by today's rules and by ``rules``.

    Both read the placement that the incident's own decision was made from, on its own day, so that
    nothing but the rules differs. Incidents without one are placed anew.
    """
    court = _Court(rules)
    for number, rows in enumerate(_batches(since), start=1):
        court.judge(rows)
        tell(min(number * AT_A_TIME, court.tried))
    return court.verdict()


def _batches(since: datetime) -> Iterator[list[_Kept]]:
    after = 0
    while True:
        asked = {"after": after, "since": since, "limit": AT_A_TIME}
        rows = [_Kept(*row) for row in sql.rows("incidents", "routed_after", asked)]
        if not rows:
            return
        after = rows[-1].id
        yield rows


class _Court:
    """Decides twice; equal placements of one category, under the same rules, only once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.book = rulebook.current()
        self.sets = (self.book.rules, tuple(rules))
        self.memory = Memory.read()
        self.tried = self.placed_anew = 0
        self.moves: defaultdict[tuple[str, str], Move] = defaultdict(lambda: Move("", ""))
        self.known: dict[tuple[str, str, int], tuple[str, str]] = {}
        self.concerning: dict[str, tuple[list[Rule], ...]] = {}
        bounds = {day for one in self.sets for rule in one for day in _bounds(rule)}
        self.bounds = sorted(bounds)
        self.periods: set[int] = set()

    def judge(self, rows: Sequence[_Kept]) -> None:
        """Decide a batch."""
        without: list[_Kept] = []
        for row in rows:
            answer = self._from_kept(row) if row.on and row.shares else None
            if answer is None:
                without.append(row)
            else:
                self._note(row, answer)
        self._anew(without)

    def _from_kept(self, row: _Kept) -> tuple[str, str] | None:
        on = date.fromisoformat(row.on or "")
        key = row.category, row.shares or "", self._period(on)
        if key not in self.known:
            placement = self.memory.placement(on, json.loads(row.shares or "[]"))
            if placement is None:
                return None
            self.known[key] = self._both(row.category, placement)
        return self.known[key]

    def _anew(self, rows: Sequence[_Kept]) -> None:
        pins = [
            Pin(Position(LonLat(row.lon, row.lat), row.accuracy_m), local_day(row.opened_at))
            for row in rows
        ]
        for row, pin, placed in zip(rows, pins, place_many(pins), strict=True):
            self._period(pin.on)
            self.placed_anew += 1
            if isinstance(placed, Placement):
                self._note(row, self._both(row.category, placed))
            else:
                self._note(row, (NOBODY, NOBODY))

    def _period(self, on: date) -> int:
        """Return the number of the stretch of days in which no rule begins or ends."""
        period = bisect_right(self.bounds, on)
        self.periods.add(period)
        return period

    def _both(self, category: str, placement: Placement) -> tuple[str, str]:
        facts = self.book.categories.get(category) or CategoryFacts(category, "")
        if category not in self.concerning:
            self.concerning[category] = tuple(
                [rule for rule in one if rule.concerns(facts)] for one in self.sets
            )
        before, after = (_decided(placement, facts, of) for of in self.concerning[category])
        return before, after

    def _note(self, row: _Kept, answer: tuple[str, str]) -> None:
        self.tried += 1
        before, after = answer
        if before == after:
            return
        move = self.moves[answer]
        move.before, move.after = answer
        move.categories[row.category] += 1
        if len(move.examples) < EXAMPLES:
            move.examples.append(row.id)

    def verdict(self) -> Trial:
        """Return what came of all batches."""
        moves = sorted(self.moves.values(), key=lambda one: (-one.count, one.before, one.after))
        idle = (rule.code for rule in self.sets[1] if not self._ever_held(rule))
        return Trial(self.tried, self.placed_anew, tuple(moves), tuple(sorted(idle)))

    def _ever_held(self, rule: Rule) -> bool:
        days = [self.bounds[period - 1] if period else date.min for period in self.periods]
        return any(rule.holds_on(day) for day in days)


def _bounds(rule: Rule) -> tuple[date, ...]:
    return tuple(day for day in (rule.valid_from, rule.valid_to) if day)


def _decided(placement: Placement, facts: CategoryFacts, rules: Sequence[Rule]) -> str:
    try:
        decision = route(placement, facts, rules)
    except NoRule:
        return NOBODY
    return A_PERSON if decision.needs_triage else decision.agency
