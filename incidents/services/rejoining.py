"""Read all incidents in the boundaries of another edition, in batches that a crash cannot undo."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from django.db import DatabaseError, transaction
from django.utils import timezone

from districts import bulk_placement
from districts.bulk_placement import EditionIndex, Found
from districts.models import Edition
from gis_core import sql
from gis_core.errors import N_, DomainError
from incidents.models import Incident, Rejoining

BATCH = 20_000
"""Incidents a transaction: a fraction of a second's work is what a crash costs."""

HOW = {Found.INSIDE: "inside", Found.EDGE: "edge", Found.SLIVER: "sliver"}
Tell = Callable[[int, int], None]


class RejoinRunning(DomainError):
    """Another process re-joins to the same edition at this moment."""

    code = "rejoin.running"
    status = 409
    message = N_("A re-join to %(edition)s is running already. Wait until it is done.")


@dataclass(frozen=True, slots=True)
class Rejoined:
    """How many incidents this run joined, and how many were joined before it."""

    joined: int
    before: int


def rejoin(edition: Edition, *, again: bool = False, tell: Tell | None = None) -> Rejoined:
    """Say for every incident where it lies in ``edition``; go on where an earlier run ended.

    ``Incident.ward`` stays what it was. Incidents that came since the last run are added. With
    ``again`` what was joined is thrown away first. Raises RejoinRunning.
    """
    if again:
        _forget(edition)
    index = bulk_placement.of_edition(edition.pk)
    before = Rejoining.objects.get_or_create(edition=edition)[0].joined
    total = Incident.objects.count()
    done = before
    for step in (_next_batch, _left_behind):
        while joined := step(edition, index):
            done += joined
            if tell:
                tell(min(done, total), total)
    Rejoining.objects.filter(edition=edition).update(finished_at=timezone.now())
    return Rejoined(done - before, before)


@transaction.atomic
def _forget(edition: Edition) -> None:
    state = _locked(edition)
    if state:
        sql.run("incidents", "forget_incident_areas", {"edition": edition.pk})
        state.delete()


def _locked(edition: Edition) -> Rejoining | None:
    try:
        return Rejoining.objects.select_for_update(nowait=True).filter(edition=edition).first()
    except DatabaseError:
        raise RejoinRunning(edition=edition) from None


@transaction.atomic
def _next_batch(edition: Edition, index: EditionIndex) -> int:
    """Join the next incidents by id and move on, in one commit; return how many."""
    state = _locked(edition)
    if state is None:
        return 0
    asked = {"after": state.last_incident, "limit": BATCH}
    rows = sql.rows("incidents", "positions_after", asked)
    if rows:
        state.last_incident = rows[-1][0]
        state.finished_at = None
        _write(edition, index, rows, state)
    return len(rows)


@transaction.atomic
def _left_behind(edition: Edition, index: EditionIndex) -> int:
    state = _locked(edition)
    if state is None:
        return 0
    asked = {"edition": edition.pk, "upto": state.last_incident, "limit": BATCH}
    rows = sql.rows("incidents", "positions_not_joined", asked)
    if rows:
        _write(edition, index, rows, state)
    return len(rows)


def _write(edition: Edition, index: EditionIndex, rows: list[sql.Row], state: Rejoining) -> None:
    ids, lons, lats = zip(*rows, strict=True)
    placed = index.place(np.array(lons), np.array(lats))
    areas = [str(area.id) for area in index.areas] + ["\\N"]  # position -1 is the last
    lines = (
        f"{edition.pk}\t{incident}\t{areas[area]}\t{HOW.get(how, 'outside')}\n"
        for incident, area, how in zip(
            ids, placed.area.tolist(), map(Found, placed.how.tolist()), strict=True
        )
    )
    sql.copy("incidents", "copy_incident_areas", _file(lines))
    state.joined += len(rows)
    state.save(update_fields=["last_incident", "joined", "finished_at"])


def _file(lines: Iterable[str]) -> io.StringIO:
    return io.StringIO("".join(lines))
