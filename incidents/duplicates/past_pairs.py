"""Pairs of a whole history into a CSV file; stopped and begun again, the file becomes the same."""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final

from incidents.duplicates import checkpoints, stored
from incidents.duplicates import terms as numbers
from incidents.duplicates.checkpoints import Asked, Checkpoint, Place
from incidents.duplicates.history import Replay, Suggestion
from incidents.duplicates.likeness import Case, Likeness, apart_m
from incidents.duplicates.open_places import Incident, OpenPlaces
from incidents.duplicates.stored import Span, Told

HEADER: Final = (
    "duplicate_id", "original_id", "duplicate_incident", "original_incident", "probability",
    "distance_m", "days", "category", "original_category", "factors",
)  # fmt: skip
SPELL: Final = 5_000
"""Reports between two moments at which what is long past is forgotten."""
REST_S: Final = 20.0
"""At least so long between two checkpoints."""
DAY: Final = timedelta(days=1)
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Found:
    """A report of one incident that may be about another one; numbers of the database."""

    case: Case
    incident: int
    other: Case
    other_incident: int
    likeness: Likeness

    def row(self) -> tuple[object, ...]:
        """Return what the file says of it."""
        facts = (f"{one.name}:{one.log_odds:.2f}" for one in self.likeness.factors if one.log_odds)
        return (
            self.case.id, self.other.id, self.incident, self.other_incident,
            f"{self.likeness.probability:.4f}",
            f"{apart_m(self.case.lonlat, self.other.lonlat):.1f}",
            f"{(self.case.opened - self.other.opened) / DAY:.2f}",
            self.case.category, self.other.category, " ".join(facts),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where the pairs go, and from which moment on reports are asked about."""

    out: Path
    since: datetime | None = None
    keep: Callable[[Sequence[Found]], object] | None = None
    """Called now and then with what was found; what was there before may come again."""
    spell: int = SPELL
    rest_s: float = REST_S

    @property
    def state(self) -> Path:
        """The file that a run goes on from."""
        return self.out.with_name(f"{self.out.name}.going")


@dataclass(slots=True)
class _Run:
    wanted: Wanted
    span: Span
    asked: Asked
    replay: Replay
    incident_of: dict[str, int] = field(default_factory=dict)
    things: dict[int, Incident] = field(default_factory=dict)
    """What is held, by the number of its stored incident."""
    place: Place = field(default_factory=Place)

    def take(self, told: Told) -> list[Found]:
        """Take the next report in; return what it may be about, if it is asked about."""
        done = self.replay.take(told.case, self.things.get(told.incident))
        self.incident_of[told.case.id] = told.incident
        self.things.setdefault(told.incident, done.incident)
        at = self.place
        self.place = replace(at, done=at.done + 1, last=(told.case.opened, int(told.case.id)))
        since = self.wanted.since
        if since and told.case.opened < since:
            return []
        return list(self._found(told, done.suggestions))

    def _found(self, told: Told, suggestions: Sequence[Suggestion]) -> Iterator[Found]:
        for one in suggestions:
            other = self.incident_of[one.member.id]
            if other != told.incident:
                yield Found(told.case, told.incident, one.member, other, one.likeness)

    def forget(self) -> None:
        """Let go of what nothing looks back to any more."""
        if self.place.last:
            self.replay.open.forget(self.place.last[0])
        held = list(self.replay.open.members())
        self.incident_of = {case.id: self.incident_of[case.id] for case, _ in held}
        self.things = {self.incident_of[case.id]: thing for case, thing in held}

    def checkpoint(self, file: IO[str]) -> None:
        """Write down how far it is."""
        file.flush()
        os.fsync(file.fileno())
        self.place = replace(self.place, size=os.fstat(file.fileno()).st_size)
        kept = Checkpoint(
            self.asked, self.span.newest, self.place, self.replay.open, self.incident_of
        )
        kept.write(self.wanted.state)


def find_pairs(wanted: Wanted, tell: Tell) -> Place:
    """Write the pairs of the stored history, beginning anew or where a run was stopped.

    Reports that come in meanwhile are left to the next run.
    """
    run = _begun(wanted)
    total = stored.count(run.span)
    with _opened(wanted.out, run.place) as file:
        _go(run, file, total, tell)
    wanted.state.unlink(missing_ok=True)
    return run.place


def _begun(wanted: Wanted) -> _Run:
    lately = timedelta(days=numbers.current().time.closed_days)
    alive_at = wanted.since - lately if wanted.since else None
    asked = {"since": wanted.since.isoformat() if wanted.since else None}
    held = OpenPlaces(lately)
    kept = checkpoints.read(wanted.state, asked, held)
    newest = kept.newest if kept else stored.newest_report()
    span = Span(newest, alive_at)
    run = _Run(wanted, span, asked, Replay(stored.learnt(span), held))
    if kept:
        run.place, run.incident_of = kept.place, kept.incident_of
        run.things = {run.incident_of[case.id]: thing for case, thing in held.members()}
    return run


def _opened(out: Path, place: Place) -> IO[str]:
    file = out.open("a+" if place.done else "w", encoding="utf-8", newline="")
    if place.done:
        file.truncate(place.size)
    else:
        csv.writer(file).writerow(HEADER)
    return file


def _go(run: _Run, file: IO[str], total: int, tell: Tell) -> None:
    rows, batch, kept_at = csv.writer(file), list[Found](), time.monotonic()
    for told in stored.history(run.span, run.place.last):
        found = run.take(told)
        rows.writerows(one.row() for one in found)
        run.place = replace(run.place, rows=run.place.rows + len(found))
        batch += found
        if run.place.done % run.wanted.spell == 0:
            run.forget()
            _keep(run, batch)
            tell(run.place.done, total, "reports")
            if time.monotonic() - kept_at >= run.wanted.rest_s:
                run.checkpoint(file)
                kept_at = time.monotonic()
    _keep(run, batch)
    tell(run.place.done, max(total, run.place.done), "reports")


def _keep(run: _Run, batch: list[Found]) -> None:
    if run.wanted.keep and batch:
        run.wanted.keep(batch)
    batch.clear()
