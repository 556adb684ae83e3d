"""Two incidents are found to be one, and are not after all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gis_core.positions import LonLat, Position
from incidents import pipeline, services
from incidents.models import Membership
from incidents.report import Statement
from tests.incidents.dumps import tables

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 5, tzinfo=UTC)


def reported(key, *, category="pothole", where=(106.7052, 10.7653), minutes=0, **more):
    place = Position(LonLat(*where), 12)
    said = Statement("web", key, category, "", place, NOON + timedelta(minutes=minutes), **more)
    report = pipeline.receive(said).report_id
    return Membership.objects.get(report=report, to_event=None).incident


def test_the_earlier_opened_survives_with_the_reports_of_both(town, operator):
    one, other = reported("a", minutes=5), reported("b", minutes=1)
    survivor = services.merge(operator, one.pk, other.pk)
    assert survivor.pk == other.pk
    assert survivor.report_count == 2
    assert survivor.memberships.filter(to_event=None).count() == 2
    one.refresh_from_db()
    assert (one.status, one.merged_into_id, one.report_count) == ("merged", other.pk, 0)


def test_what_is_undone_is_as_if_it_had_never_been_merged(town, operator):
    one, other = reported("a", minutes=5), reported("b", minutes=1)
    before = tables()
    services.merge(operator, one.pk, other.pk)
    assert tables() != before
    services.undo(operator, one.pk)
    assert tables() == before
