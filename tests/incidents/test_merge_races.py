"""Many merge and undo the same incidents at once, in transactions of their own: no harm comes."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier, Event

import pytest
from django.db import OperationalError, connection, transaction

from gis_core.errors import DomainError
from gis_core.positions import LonLat, Position
from incidents import pipeline, services
from incidents.errors import IncidentChanged
from incidents.families import root_of
from incidents.merge_errors import IncidentMerged, NothingLeft, NotMerged, SameIncident
from incidents.models import Follower, Incident, Membership, Report
from incidents.report import Statement
from incidents.services import BY_ITSELF
from incidents.services.following import Following, follow, unfollow
from incidents.workflow import ForbiddenStep, Step
from tests.incidents.conftest import INSIDE
from tests.incidents.test_merge_laws import counts_add_up

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 6, 1, 5, tzinfo=UTC)
MET = (SameIncident, NotMerged, NothingLeft, IncidentMerged, IncidentChanged, ForbiddenStep)
"""What somebody may be told who was not the first."""


@pytest.fixture
def ids(town):
    """Six incidents at one spot, each with somebody who said: me too."""
    return [reported(number) for number in range(6)]


def reported(number):
    place = Position(LonLat(*INSIDE), 12)
    said = Statement("web", f"k{number}", "pothole", "", place, NOON + timedelta(minutes=number))
    report = pipeline.receive(said).report_id
    return Membership.objects.get(report=report, to_event=None).incident_id


def at_once(*works):
    """Run all at once, each on a connection of its own; return what each came to or raised."""
    begun = Barrier(len(works))

    def run(work):
        begun.wait()
        try:
            return work()
        except (DomainError, OperationalError) as fault:
            return fault
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_overlapping_pairs_merged_at_once_become_one_incident(ids):
    chain = [*pairwise(ids), (ids[0], ids[-1])]
    works = [lambda one=one, other=other: services.merge(BY_ITSELF, one, other)
             for one, other in (*chain, *((b, a) for a, b in chain))]  # fmt: skip
    for came_to in at_once(*works):
        assert isinstance(came_to, Incident | SameIncident), came_to
    assert {root_of(pk) for pk in ids} == {ids[0]}
    assert Incident.objects.get(pk=ids[0]).report_count == len(ids)
    counts_add_up()


def something(chance, ids, tokens):
    """Do one thing to some of them, whatever is said of it."""
    one, other, third = chance.sample(ids, 3)
    what = chance.randrange(5)
    try:
        if what == 0:
            services.merge(BY_ITSELF, one, other)
        elif what == 1:
            services.merge_group(BY_ITSELF, [one, other, third])
        elif what == 2:
            services.undo(BY_ITSELF, one)
        elif what == 3:
            services.take(BY_ITSELF, root_of(one), Step.ACCEPT)
        else:
            unfollow(chance.choice(tokens))
    except MET as fault:
        return fault
    return None


def test_whoever_merges_undoes_works_and_stops_following_at_once_leaves_it_whole(ids):
    tokens = [follow(pk, Following(too=True, browser=f"b{pk}")) for pk in ids]

    def work(number):
        chance = random.Random(number)
        return [something(chance, ids, tokens) for _ in range(8)]

    for came_to in at_once(*(lambda number=number: work(number) for number in range(5))):
        assert isinstance(came_to, list), came_to
    counts_add_up()
    for one in Incident.objects.exclude(merged_into=None):
        assert one.merged_into.opened_at < one.opened_at
    assert Report.objects.count() == Membership.objects.filter(to_event=None).count()


def test_who_stops_following_while_it_is_merged_does_not_wait_in_a_circle(ids):
    token = follow(ids[1], Following(too=True, browser="b"))
    held, going = Event(), Event()

    def stop():
        with transaction.atomic():
            Follower.objects.select_for_update().get()
            held.set()
            going.wait(5)
            unfollow(token)
        connection.close()

    def merge():
        held.wait(5)
        going.set()
        return services.merge(BY_ITSELF, ids[0], ids[1])

    stopped, merged = at_once(stop, merge)
    assert stopped is None
    assert merged.pk == ids[0]
    counts_add_up()
    assert Incident.objects.get(pk=ids[0]).too_count == 0
