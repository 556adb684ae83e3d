"""What a new report may be about, out of the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_core.positions import LonLat
from incidents.actors import ANYBODY
from incidents.duplicates import wording
from incidents.duplicates.candidates import candidates
from incidents.duplicates.likeness import Case
from incidents.duplicates.near import near as around
from incidents.duplicates.terms import current
from incidents.models import Incident
from incidents.workflow import Status
from tests.incidents.test_dossier import HERE, METRE, opened

pytestmark = pytest.mark.django_db


def new(north_m=0.0, **known):
    place = LonLat(HERE[0], HERE[1] + north_m * METRE)
    given = {"id": "", "category": "pothole", "lonlat": place, "opened": timezone.now()}
    return Case(**given | known)


def closed(incident, days, status=Status.CLOSED):
    when = timezone.now() - timedelta(days=days)
    Incident.objects.filter(pk=incident.pk).update(status=status.value, closed_at=when)


@pytest.fixture
def near(town):
    return opened("near", north_m=6, category="pothole", text="ổ gà trước cổng trường")


@pytest.fixture
def off(near):
    return opened("off", north_m=45, category="pothole", text="ổ gà giữa đường")


@pytest.fixture
def one_thing(town):
    return opened("one", category="pothole")


def ids(case, **more):
    return [one.incident_id for one in candidates(case, **more)]


def test_the_likeliest_comes_first_with_its_distance_and_reasons(near, off):
    first, *_ = candidates(new(words=wording.words("o ga truoc cong truong")))
    assert first.incident_id == near.pk
    assert first.distance_m == pytest.approx(6, abs=0.2)
    said = {factor.name: factor for factor in first.likeness.factors}
    assert said["wording"].value == 1.0
    assert said["wording"].log_odds > 0


def test_what_is_far_of_an_unrelated_category_or_its_own_is_none(near):
    assert ids(new(north_m=900)) == []
    assert ids(new(category="noise")) == []
    assert ids(new(), without=near.pk) == []


def test_what_is_easily_mixed_up_is_found(near):
    assert ids(new(category="road-subsidence")) == [near.pk]


def test_what_was_closed_lately_is_found_and_what_was_long_ago_or_rejected_is_not(near):
    closed(near, 3)
    assert ids(new()) == [near.pk]
    closed(near, 200)
    assert ids(new()) == []
    closed(near, 3, Status.REJECTED)
    assert ids(new()) == []


def test_no_more_are_given_than_asked_for(near, off):
    assert len(ids(new(north_m=20), limit=1)) == 1


def test_whoever_asks_is_shown_only_what_this_one_may_see(near):
    assert ids(new(), actor=ANYBODY) == [near.pk]
    Incident.objects.filter(pk=near.pk).update(public=False)
    assert ids(new(), actor=ANYBODY) == []
    assert ids(new()) == [near.pk]


FILLED = """
INSERT INTO incidents_incident (category_id, status, public, position, cell, opened_at, closed_at,
    accuracy_m, needs_triage, check_after, report_count, updated_at, version)
SELECT CASE WHEN n %% 7 = 0 THEN 'pothole' ELSE 'litter' END,
    CASE WHEN n %% 9 = 0 THEN 'assigned' ELSE 'closed' END, true,
    ST_Translate(position, n * 1e-4, 0), cell + n * 1000000::bigint, opened_at,
    CASE WHEN n %% 9 > 0 THEN opened_at - n * interval '1 day' END, 5, false, false, 1, now(), 1
FROM incidents_incident, generate_series(1, 6000) AS n WHERE id = %s
"""


def test_one_prepared_statement_with_one_plan_asks_both_indexes(near):
    with connection.cursor() as cursor:
        cursor.execute(FILLED, [near.pk])
        # Of so few rows the planner would read what it takes to be as cheap.
        cursor.execute("DROP INDEX incident_cell, incident_category")
        cursor.execute("ANALYZE incidents_incident")
        for metres in range(8):
            candidates(new(north_m=metres))
        cursor.execute(
            "SELECT generic_plans > 6, custom_plans FROM pg_prepared_statements"
            " WHERE name = 'incidents_candidates'"
        )
        assert cursor.fetchall() == [(True, 0)]
        cursor.execute(
            "EXPLAIN EXECUTE incidents_candidates (ARRAY['pothole'], 106.7, 10.7, 0.002, 0.002,"
            " now(), now(), ARRAY[163], ARRAY[0::bigint], ARRAY[1::bigint], 0, 24, 16)"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "incident_alike_open" in plan
    assert "incident_alike_closed" in plan, plan


def test_the_questions_do_not_grow_with_what_is_around(near):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            candidates(new(north_m=3))
        return len(queries)

    asked()
    for number in range(6):
        opened(f"more-{number}", north_m=number, category="pothole")
    asked()  # prepares what counts at a point
    assert asked() <= 2


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    north=st.floats(-240, 240), east=st.floats(-240, 240), days=st.floats(0, 59.9),
    accuracy=st.floats(0, 300),
)  # fmt: skip
def test_what_was_closed_is_seen_wherever_the_curve_jumps(one_thing, north, east, days, accuracy):
    """The ranges of cells and slices of time leave nothing out, whatever edge lies between."""
    here = LonLat(HERE[0] + east * METRE, HERE[1] + north * METRE)
    case = Case(id="", category="pothole", lonlat=here, opened=timezone.now(), accuracy_m=accuracy)
    for ended in (False, True):
        when = timezone.now() - timedelta(days=days) if ended else None
        status = Status.CLOSED if ended else Status.ASSIGNED
        Incident.objects.filter(pk=one_thing.pk).update(status=status.value, closed_at=when)
        assert [one.held.pk for one in around(case, 0, current())] == [one_thing.pk]
