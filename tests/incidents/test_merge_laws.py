"""What holds of merging whatever is merged, undone and taken out, in any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_core.positions import LonLat, Position
from incidents import pipeline, services
from incidents.families import root_of
from incidents.merge_errors import SameIncident
from incidents.models import Incident, Membership, Report
from incidents.photos import clean
from incidents.report import Statement
from incidents.said import Said
from incidents.services import BY_ITSELF
from incidents.services.following import Following, confirm_following, follow
from incidents.workflow import Step
from tests.incidents.conftest import picture
from tests.incidents.dumps import tables

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 5, tzinfo=UTC)
MOST = 5
PAIRS = list(combinations(range(MOST), 2))
QUICK = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
PICTURE = clean(picture())
YES = Said(words="cùng một chỗ")


def example(run):
    """Run it and take it back."""
    with transaction.atomic():
        run()
        transaction.set_rollback(True)


@pytest.fixture
def ids(town):
    """Five incidents at one spot, each with followers and a note, in several states."""
    ids = []
    for number, minute in enumerate((3, 1, 4, 1, 5)):
        place = Position(LonLat(106.7052 + number / 1e5, 10.7653), 12)
        at = NOON + timedelta(minutes=minute)
        said = Statement("web", f"k{number}", "pothole", "Ổ gà", place, at)
        report = pipeline.receive(said).report_id
        incident = Membership.objects.get(report=report, to_event=None).incident_id
        services.add_note(BY_ITSELF, incident, f"ghi chú {number}")
        follow(incident, Following(browser=f"b{number}", too=number % 2 == 0))
        confirm_following(follow(incident, Following(email=f"n{number}@example.vn")))
        ids.append(incident)
    services.take(BY_ITSELF, ids[0], Step.ACCEPT)
    services.take(BY_ITSELF, ids[1], Step.START, Said(words="làm", photos=(PICTURE,)))
    services.take(BY_ITSELF, ids[2], Step.PAUSE, Said("weather", "mưa"))
    return ids


def join(one, other):
    """Merge two, unless they are one already."""
    try:
        services.merge(BY_ITSELF, one, other, YES, agency="ubnd-101")
    except SameIncident:
        assert root_of(one) == root_of(other)


def partition(ids):
    """Return which reports are with which incident."""
    rows = Membership.objects.filter(to_event=None, incident__in=ids)
    return sorted(rows.values_list("incident", "report"))


def counts_add_up():
    for one in Incident.objects.all():
        assert one.report_count == one.memberships.filter(to_event=None).count()
        assert one.too_count == one.followers.filter(too=True).count()
        assert (one.merged_into_id is not None) == (one.status == "merged")
    for report in Report.objects.all():
        assert report.memberships.filter(to_event=None).count() == 1


@QUICK
@given(pairs=st.lists(st.sampled_from(PAIRS), min_size=1, max_size=7), data=st.data())
def test_any_order_of_merges_gives_the_same_incidents_with_the_same_reports(ids, pairs, data):
    found = []

    def run(order):
        for one, other in order:
            join(ids[one], ids[other])
        counts_add_up()
        found.append((partition(ids), [root_of(pk) for pk in ids]))

    for order in (pairs, data.draw(st.permutations(pairs))):
        example(lambda order=order: run(order))
    assert found[0] == found[1]


@QUICK
@given(pairs=st.lists(st.sampled_from(PAIRS), min_size=1, max_size=7), data=st.data())
def test_merging_and_undoing_all_of_it_in_any_order_changes_nothing(ids, pairs, data):
    def run():
        before = tables()
        for one, other in pairs:
            join(ids[one], ids[other])
        merged = list(Incident.objects.filter(status="merged").values_list("pk", flat=True))
        for pk in data.draw(st.permutations(merged)):
            services.undo(BY_ITSELF, pk)
            counts_add_up()
        assert tables() == before

    example(run)
