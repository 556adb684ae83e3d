"""What the database knows of a report, and of an incident, as cases that can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gis_core import sql
from gis_core.names import folded
from gis_core.positions import LonLat
from incidents.duplicates import wording
from incidents.duplicates.likeness import Case
from incidents.models import Incident, Report
from incidents.reaching import EMAIL, SMS, Address

SIGN: Final = 1 << 64


def seen(report: Report, incident: Incident | None = None) -> Case:
    """Return a stored report as a case; with its incident, where and what an office says it is.

    Raises ValueError for a report without a position that is in no incident.
    """
    held = incident or report
    place = held.position
    if place is None:
        raise ValueError("a report without a position cannot be compared")
    [(phone, email, hashes)] = sql.prepared("incidents", "report_signs", (report.pk,))
    inputs = incident.decision.inputs if incident and incident.decision else {}
    assets = inputs.get("here", {}).get("assets", [])
    return Case(
        id=str(report.pk),
        category=held.category_id,
        lonlat=LonLat(place.x, place.y),
        accuracy_m=held.accuracy_m,
        opened=report.reported_at,
        words=wording.words(report.text),
        address=folded(report.address),
        photo_hashes=tuple(as_unsigned(one) for one in hashes),
        asset=asset_of([f"{one['kind']}:{one['code']}" for one in assets]),
        reporter=reporter_of(phone, email),
    )


def asset_of(under: Sequence[str]) -> str:
    """Return the one asset under a pin; none where it lies on several."""
    return under[0] if len(under) == 1 else ""


def reporter_of(phone: str, email: str) -> str:
    """Return what a reporter is recognised by, as a keyed hash; "" where nothing is known."""
    if phone:
        return Address(SMS, phone).digest
    return Address(EMAIL, email).digest if email else ""


def as_signed(phash: int) -> int:
    """Return a hash of 64 bits as the database keeps it."""
    return phash - SIGN if phash >= SIGN >> 1 else phash


def as_unsigned(phash: int) -> int:
    """Return a hash of 64 bits as it was before it was kept."""
    return phash % SIGN
