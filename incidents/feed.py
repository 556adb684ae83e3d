"""What happened to incidents, to be followed without gaps: the one read behind live pages.

A cursor is (transaction, event id). Events are handed out in that order and only below the oldest
transaction that is still writing, so that one that commits late is never passed over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from gis_core import sql
from incidents.workflow import Status

AT_A_TIME: Final = 500
_LAST_ID: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the sequence of events."""

    transaction: int
    event: int

    def __str__(self) -> str:
        return f"{self.transaction}-{self.event}"

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """Return the cursor that was written as text, None where it is none."""
        parts = text.split("-")
        if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
            return None
        transaction, event = (min(int(part[:20]), _LAST_ID) for part in parts)
        return cls(transaction, event)


@dataclass(frozen=True, slots=True)
class Change:
    """One event and its incident as it stands now; no words, no names.

    Has what ``actors.Held`` asks for, so that ``Actor.may`` can judge it.
    """

    cursor: Cursor
    kind: str
    at: datetime
    pk: int
    agency_id: int | None
    ward_id: int | None
    district_id: int | None
    public: bool
    status: str
    category: str
    version: int
    lon: float
    lat: float
    from_agency: int | None = None
    """Who had it until this event."""
    from_ward: int | None = None
    from_district: int | None = None
    """Where its pin stood until this event moved it."""
    was_public: bool | None = None
    """Whether its category was everybody's to see until this event gave it another one."""

    @property
    def before(self) -> Change:
        """The incident as it was held before this event, so far as that is known.

        One that is merged or was just rejected stood by itself: whoever saw it then is told that it
        is gone.
        """
        hidden = self.status == Status.MERGED or self.kind == Status.REJECTED
        return replace(
            self,
            agency_id=self.from_agency or self.agency_id,
            ward_id=self.from_ward or self.ward_id,
            district_id=self.from_district or self.district_id,
            public=self.public if self.was_public is None else self.was_public,
            status=Status.RECEIVED.value if hidden else self.status,
        )


def changes_after(cursor: Cursor, limit: int = AT_A_TIME) -> list[Change]:
    """Return at most ``limit`` changes after a cursor, in order."""
    asked = {"transaction": cursor.transaction, "id": cursor.event, "count": limit}
    return [
        Change(Cursor(transaction, event), *rest)
        for transaction, event, *rest in sql.rows("incidents", "changes_after", asked)
    ]


def now() -> Cursor:
    """Return the cursor of all that has happened up to now and can be followed."""
    [(transaction,)] = sql.rows("incidents", "newest_change", {})
    return Cursor(transaction, _LAST_ID)
