"""What each office may see and do, incident by incident: the row filter and the question agree."""

from __future__ import annotations

from itertools import product

import pytest
from django.contrib.auth.models import User
from django.contrib.gis.geos import Point

from districts.models import Agency, Area
from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents.actors import ANYBODY, Actor, actor_of
from incidents.errors import PermissionDenied
from incidents.models import Incident, Staff
from incidents.permissions import Act, Role
from incidents.selectors import visible_to
from incidents.visibility import reached
from incidents.workflow import Status
from tests.incidents.conftest import INSIDE

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_wards(town):
    return list(Area.objects.order_by("code")[:2])


@pytest.fixture
def tree(town):
    """The city's committee, its coordination centre below, and somebody else."""
    child = Agency.objects.get(code="tt-1022")
    root = child.parent.parent
    other = Agency.objects.exclude(pk__in=[root.pk, child.pk, child.parent_id])
    return root, child, other.filter(parent=None).exclude(pk=root.pk).first()


@pytest.fixture
def incidents(two_wards, tree):
    """One of each kind: public or not, rejected or not, in each ward, held by each agency."""
    place, (_, child, other) = LonLat(*INSIDE), tree
    return [
        Incident.objects.create(
            category_id="pothole",
            status=status,
            ward=ward,
            agency=agency,
            public=public,
            position=Point(*INSIDE, srid=4326),
            cell=cell_code(place),
            opened_at="2026-06-01T00:00Z",
        )
        for status, ward, agency, public in product(
            (Status.ASSIGNED, Status.REJECTED),
            (*two_wards, None),
            (child, other, None),
            (True, False),
        )
    ]


@pytest.fixture
def everyone(two_wards, tree, incidents):
    """An actor of each role, for the first ward and the city's tree of agencies."""
    mine = {"agencies": frozenset({tree[0].pk, tree[1].pk}), "areas": frozenset({two_wards[0].pk})}
    return [Actor(1, role, **mine, incident=incidents[0].pk) for role in Role]


def test_the_filter_of_rows_says_of_each_incident_what_the_question_says(everyone, incidents):
    for actor, act in product(everyone, Act):
        found = set(Incident.objects.filter(reached(actor, act)).values_list("pk", flat=True))
        assert found == {one.pk for one in incidents if actor.may(act, one)}, (actor.role, act)


def test_whoever_may_do_something_to_an_incident_sees_it(everyone, incidents):
    for actor in everyone:
        seen = set(visible_to(actor).values_list("pk", flat=True))
        for act in set(Act) - {Act.RATE, Act.REOPEN, Act.CLOSE}:
            assert {one.pk for one in incidents if actor.may(act, one)} <= seen


def test_everybody_sees_what_the_lists_show_them(everyone, incidents):
    for actor in everyone:
        seen = set(visible_to(actor).values_list("pk", flat=True))
        assert seen == {one.pk for one in incidents if actor.sees(one)}


def test_staff_of_one_ward_see_nothing_private_of_another(everyone, two_wards):
    [ward_staff] = [actor for actor in everyone if actor.role is Role.WARD_STAFF]
    beyond = visible_to(ward_staff).exclude(ward=two_wards[0])
    assert beyond.exists()
    beyond = beyond.exclude(agency__in=ward_staff.agencies)
    assert not beyond.exclude(public=True).exists()
    assert not beyond.filter(status=Status.REJECTED).exists()
    assert visible_to(ward_staff).filter(ward=two_wards[0], public=False).exists()


def test_an_office_reaches_the_agencies_below_its_own(tree):
    root, child, other = tree
    minh = User.objects.create_user("minh")
    Staff.objects.create(user=minh, role=Role.AGENCY_STAFF, agency=root)
    actor = actor_of(minh)
    assert {root.pk, child.pk} <= actor.agencies
    assert other.pk not in actor.agencies


def test_an_office_has_its_areas_and_an_inactive_user_has_none(two_wards):
    minh = User.objects.create_user("minh")
    Staff.objects.create(user=minh, role=Role.WARD_STAFF).areas.set(two_wards)
    assert actor_of(minh).areas == {ward.pk for ward in two_wards}
    minh.is_active = False
    assert actor_of(minh) == ANYBODY


def test_what_a_role_may_not_do_is_refused(incidents):
    with pytest.raises(PermissionDenied):
        ANYBODY.must(Act.ACCEPT, incidents[0])
    with pytest.raises(PermissionDenied):
        Actor(1, Role.PLANNER).must(Act.LOCATE)
    assert Actor(1, Role.OPERATOR).must(Act.LOCATE)
