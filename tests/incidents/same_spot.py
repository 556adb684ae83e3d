"""Incidents at one spot: what people report twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gis_core.positions import LonLat, Position
from incidents import pipeline
from incidents.models import Incident, Membership
from incidents.report import ContactDetails, Statement
from tests.incidents.conftest import INSIDE

NOON = datetime(2026, 6, 1, 5, tzinfo=UTC)


def reported(key, *, minutes=0, category="pothole", where=INSIDE, email=""):
    """Report it so many minutes after noon, and return the incident that came of it."""
    report = pipeline.receive(
        Statement(
            "web", key, category, "Ổ gà", Position(LonLat(*where), 12),
            NOON + timedelta(minutes=minutes), contact=ContactDetails(email=email),
        )
    ).report_id  # fmt: skip
    return Membership.objects.get(report=report, to_event=None).incident


def now(incident):
    """Return the incident as it stands."""
    return Incident.objects.select_related("agency").get(pk=incident.pk)


def report_of(incident, number=0):
    """Return the id of one of the reports that belong to it today."""
    rows = Membership.objects.filter(incident=incident, to_event=None).order_by("report_id")
    return rows.values_list("report_id", flat=True)[number]
