"""What was changed in the catalogue, kept for ever; its newest id is the catalogue's version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Protocol

from django.contrib.gis.geos import GEOSGeometry

from districts.models import CatalogueChange, Edition
from gis_core import sql

Facts = dict[str, object]
CODE_LENGTH = 120


class Interval(Protocol):
    """A range of days as the database gives it."""

    @property
    def lower(self) -> date | None: ...
    @property
    def upper(self) -> date | None: ...


def take_turn() -> None:
    """Wait for other loads, until the transaction ends; so ids of changes are in commit order.

    Readers keep what they know by the newest id: an older one must not appear after it.
    """
    sql.rows("districts", "lock_catalogue", {})


def record_change(
    kind: str, code: str, before: Facts | None, after: Facts | None, actor: str
) -> None:
    """Record one change; call it inside the transaction that makes the change."""
    CatalogueChange.objects.create(kind=kind, code=code, before=before, after=after, actor=actor)


def record_changes(
    kind: str, changes: Iterable[tuple[str, Facts | None, Facts | None]], actor: str
) -> None:
    """Record changes given as (code, before, after); call it inside their transaction."""
    CatalogueChange.objects.bulk_create(
        CatalogueChange(kind=kind, code=code[:CODE_LENGTH], before=before, after=after, actor=actor)
        for code, before, after in changes
    )


def edition_facts(edition: Edition) -> Facts:
    """Return what a change says of an edition: all but its shapes."""
    return {
        "level": edition.level,
        "territory": edition.territory,
        "valid": period(edition.valid),
        "areas": edition.areas.count(),
        "published": edition.published,
        "approximate": edition.approximate,
        "sha256": edition.sha256,
    }


def period(interval: Interval | None) -> list[str | None] | None:
    """Return an interval's first day and the day after its last, None where it is open."""
    return None if interval is None else [_day(interval.lower), _day(interval.upper)]


def fingerprint(shape: GEOSGeometry) -> str:
    """Return a short name for a shape's exact coordinates."""
    return hashlib.sha256(bytes(shape.wkb)).hexdigest()[:16]


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
