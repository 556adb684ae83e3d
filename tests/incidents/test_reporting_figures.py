"""How fast people report is counted from what is stored, by ward and by category."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.models import Area
from incidents import figures
from incidents.actors import Actor
from incidents.errors import PermissionDenied
from incidents.figures import By, read_period, read_scope
from incidents.figures.reporting import FEWEST
from incidents.models import Event, Incident, Membership, Report
from incidents.permissions import Role

BOSS = Actor(1, Role.PLANNER)
MARCH = read_period("2026-03")
OPENED = datetime(2026, 3, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def wards(town):
    return {one.code: one for one in Area.objects.all()}


def told(ward, repeats=(), category="pothole", **changed):
    """Store an incident of ten days, told of again after so many days each."""
    known = {"opened_at": OPENED, "closed_at": OPENED + 10 * DAY, "status": "closed"} | changed
    incident = Incident.objects.create(
        category_id=category, ward=ward, position="SRID=4326;POINT(106.7 10.76)", cell=0,
        report_count=1 + len(repeats), **known,
    )  # fmt: skip
    event = Event.objects.create(kind="reported", incident=incident)
    for after in (0, *repeats):
        number = Report.objects.count()
        report = Report.objects.create(
            code=f"C{number:07}", channel="web", key=f"{number}", category_id=category,
            reported_at=known["opened_at"] + after * DAY,
        )  # fmt: skip
        Membership.objects.create(report=report, incident=incident, from_event=event)
    return incident


def asked(by=By.WARD, **filters):
    return figures.reporting(read_scope(BOSS, MARCH, **filters), by, "vi")


def line(found, ward):
    return next(one for one in found.lines if one.key == str(ward.pk)).rate


def test_reports_that_follow_the_first_are_counted_until_the_thing_was_done(wards):
    for _ in range(FEWEST):
        told(wards["101"], (1, 9, 11))
        told(wards["102"], claimed_at=OPENED + 4 * DAY)
    found = asked()
    quick, slow = line(found, wards["101"]), line(found, wards["102"])
    assert (quick.incidents, quick.repeats, quick.days) == (FEWEST, 2 * FEWEST, 10.0 * FEWEST)
    assert (slow.repeats, slow.days) == (0, 4.0 * FEWEST)
    assert quick.delay_days < slow.delay_days
    assert found.city.repeats == 2 * FEWEST
    assert [one.key for one in found.lines] == [str(wards[w].pk) for w in ("102", "101")]


def test_what_nobody_mends_is_watched_for_sixty_days(wards):
    for _ in range(FEWEST):
        told(wards["101"], (59, 61), closed_at=None, status="received")
    rate = line(asked(), wards["101"])
    assert (rate.repeats, rate.days) == (FEWEST, 60.0 * FEWEST)


def test_rejected_merged_and_other_months_incidents_and_reports_taken_out_count_nothing(wards):
    for _ in range(FEWEST):
        told(wards["101"], (2,))
    told(wards["101"], (2,), status="rejected")
    told(wards["101"], (2,), opened_at=OPENED - 40 * DAY, closed_at=OPENED)
    told(wards["101"], status="merged")
    away = told(wards["101"], (2,))
    event = Event.objects.create(kind="taken_out", incident=away)
    last = Membership.objects.filter(incident=away).latest("pk")
    Membership.objects.filter(pk=last.pk).update(to_event=event)
    rate = line(asked(), wards["101"])
    assert (rate.incidents, rate.repeats) == (FEWEST + 1, FEWEST)


def test_few_incidents_make_no_line_but_count_for_the_city(wards):
    for _ in range(FEWEST - 1):
        told(wards["101"], (2,))
    found = asked()
    assert found.lines == ()
    assert found.left_out == 1
    assert found.city.incidents == FEWEST - 1


def test_categories_stand_beside_the_whole_city(wards):
    for _ in range(FEWEST):
        told(wards["101"], (1, 2, 3))
        told(wards["102"], category="litter")
    found = asked(By.CATEGORY)
    slow, quick = (one.rate for one in found.lines)
    assert (slow.repeats, quick.repeats) == (0, 3 * FEWEST)
    assert slow.factor < 1 < quick.factor
    assert [one.key for one in asked(By.CATEGORY, category="litter").lines] == ["litter"]


def test_of_nothing_nothing_is_said(wards):
    found = asked()
    assert (found.city, found.lines) == (None, ())


def test_as_many_questions_for_a_few_as_for_many(wards):
    def questions():
        scope = read_scope(BOSS, MARCH)
        with CaptureQueriesContext(connection) as queries:
            figures.reporting(scope, By.WARD, "vi")
        return len(queries)

    told(wards["101"], (1,))
    questions()
    few = questions()
    for code in ("101", "102", "103"):
        for _ in range(6):
            told(wards[code], (1, 2))
    assert questions() == few <= 4


def test_agency_staff_read_none_of_it(wards):
    with pytest.raises(PermissionDenied):
        read_scope(Actor(1, Role.AGENCY_STAFF), MARCH)
