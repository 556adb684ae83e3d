"""What was changed in the catalogue, kept for ever; its newest id is the catalogue's version."""

from __future__ import annotations

from districts.models import CatalogueChange, Edition
from gis_core import sql

Facts = dict[str, object]


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


def edition_facts(edition: Edition) -> Facts:
    """Return what a change says of an edition: all but its shapes."""
    return {
        "level": edition.level,
        "territory": edition.territory,
        "valid": [_day(edition.valid.lower), _day(edition.valid.upper)],
        "areas": edition.areas.count(),
        "published": edition.published,
        "approximate": edition.approximate,
        "sha256": edition.sha256,
    }


def _day(value: object) -> str | None:
    return None if value is None else str(value)
