"""The desk's list: what an office reaches, in the order in which it is due, page by page."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.gis.geos import Point

from districts.models import Area, Category
from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents.actors import ANYBODY, Actor, actor_of
from incidents.answers import Named
from incidents.desk import known
from incidents.desk import queue as desk
from incidents.desk import rows as desk_rows
from incidents.desk.filters import STATUSES, DeskFilter, Due, Tab, read_desk_filter
from incidents.desk.rows import Mark
from incidents.due_clocks import Standing, Unit
from incidents.errors import BadCursor, BadFilter, PermissionDenied
from incidents.models import Incident, Membership, OwnArea, Report, Staff
from incidents.permissions import Act, Role
from incidents.visibility import reached
from incidents.workflow import OPEN, Status, Step
from tests import zoo
from tests.incidents.conftest import INSIDE

NOW = datetime(2026, 6, 3, 3, tzinfo=UTC)
"""A Wednesday, ten in the morning in the city."""


@dataclass(frozen=True)
class Cast:
    """Minh serves ward 101, Tú its committee alone, Nga the former district, Hoa everybody."""

    minh: Actor
    tu: Actor
    nga: Actor
    hoa: Actor


def staff(name, role, *, agency=None, areas=()):
    user = User.objects.create_user(name)
    Staff.objects.create(user=user, role=role, agency=agency).areas.set(areas)
    return actor_of(user)


@pytest.fixture
def cast(town):
    ward = Area.objects.get(code="101")
    former = zoo.edition(
        {"760": (106.70, 10.76, 106.72, 10.79)}, name="old", level="district",
        since=date(2021, 1, 1), until=date(2025, 7, 1),
    ).areas.get()  # fmt: skip
    committee = zoo.agency("ubnd-101")
    return Cast(
        minh=staff("minh", Role.WARD_STAFF, agency=committee, areas=[ward]),
        tu=staff("tu", Role.AGENCY_STAFF, agency=committee),
        nga=staff("nga", Role.DISTRICT_OPERATOR, areas=[former]),
        hoa=staff("hoa", Role.OPERATOR),
    )


def incident(**facts):
    """Return an unsaved incident of ward 101."""
    given = {
        "category_id": "pothole", "status": "assigned", "position": Point(*INSIDE, srid=4326),
        "cell": cell_code(LonLat(*INSIDE)), "opened_at": NOW - timedelta(days=3), **facts,
    }  # fmt: skip
    return Incident(**given)


@pytest.fixture
def many(cast):
    """Three hundred incidents of any status, ward, agency and limit; many share a moment."""
    chance = random.Random(5)
    wards = list(Area.objects.filter(edition__level="ward"))
    districts = [*Area.objects.filter(edition__level="district"), None]
    agencies = [zoo.agency("ubnd-101"), zoo.agency("ubnd-102"), None]
    categories = list(Category.objects.all())
    Incident.objects.bulk_create(
        incident(
            category=chance.choice(categories), status=chance.choice(list(Status)).value,
            ward=chance.choice(wards), district=chance.choice(districts),
            agency=chance.choice(agencies), public=chance.random() < 0.5,
            due_at=chance.choice([None, NOW + timedelta(hours=chance.randrange(-9, 200, 24))]),
            opened_at=NOW - timedelta(days=chance.randrange(9)),
        )
        for _ in range(300)
    )  # fmt: skip


def expected(actor, wanted):
    """Return the ids in order, by the permission's own question and by sorting in memory."""
    rows = Incident.objects.filter(reached(actor, Act.SEE), status__in=STATUSES[wanted.tab])
    if before := wanted.due_before(NOW):
        rows = rows.filter(due_at__lt=before)
    if wanted.categories:
        rows = rows.filter(category__in=wanted.categories)
    if wanted.tab is Tab.ENDED:
        return [row.pk for row in sorted(rows, key=lambda i: (i.opened_at, i.pk), reverse=True)]
    late = datetime.max.replace(tzinfo=UTC)
    return [row.pk for row in sorted(rows, key=lambda i: (i.due_at or late, i.opened_at, i.pk))]


def all_pages(actor, wanted, size):
    ids, cursor = [], None
    while True:
        found = desk.page(actor, wanted, cursor, size)
        assert len(found.ids) <= size
        ids += found.ids
        cursor = found.following
        if cursor is None:
            return ids


@pytest.mark.parametrize("who", ["minh", "tu", "nga", "hoa"])
@time_machine.travel(NOW, tick=False)
def test_the_pages_together_are_what_the_permission_reaches_in_order(many, cast, who):
    actor, found = getattr(cast, who), 0
    for tab in Tab:
        wanted = DeskFilter(tab=tab)
        ids = all_pages(actor, wanted, 7)
        assert ids == expected(actor, wanted)
        assert desk.count(actor, wanted) == len(ids)
        found += len(ids)
    assert found > 30


@pytest.mark.parametrize("due", Due)
@time_machine.travel(NOW, tick=False)
def test_what_is_due_is_reckoned_in_the_citys_days(many, cast, due):
    for who in (cast.minh, cast.hoa):
        wanted = DeskFilter(due=due)
        ids = all_pages(who, wanted, 20)
        assert ids == expected(who, wanted)
        assert desk.among(who, wanted, [*ids, 0]) == set(ids)
    midnight = datetime(2026, 6, 3, 17, tzinfo=UTC)
    assert DeskFilter(due=Due.TODAY).due_before(NOW) > midnight, "it is due with the day's end"
    assert DeskFilter(due=Due.TODAY).due_before(NOW) - midnight < timedelta(seconds=1)


def test_citizens_have_no_desk(town):
    for ask in (desk.page, desk.count, lambda a, w: desk.among(a, w, [1])):
        with pytest.raises(PermissionDenied):
            ask(ANYBODY, DeskFilter())


def test_an_office_without_agency_and_areas_has_an_empty_desk(many, town):
    nobody = staff("new", Role.WARD_STAFF)
    for tab in Tab:
        assert desk.page(nobody, DeskFilter(tab=tab)).ids == ()
        assert desk.count(nobody, DeskFilter(tab=tab)) == 0


def test_filters_narrow_by_kind_agency_ward_number_code_and_own_area(cast):
    ward, other = Area.objects.get(code="101"), Area.objects.get(code="102")
    mine = incident(ward=ward, agency=zoo.agency("ubnd-101"))
    away = incident(
        ward=other, agency=zoo.agency("ubnd-102"), category_id="litter",
        position=Point(106.7152, 10.7653, srid=4326),
    )  # fmt: skip
    for one in (mine, away):
        one.save()
    report = Report.objects.create(
        code="K7M2P9XT", channel="web", category_id="litter", reported_at=NOW, key="k"
    )
    opened = away.events.create(kind="opened", actor_kind="system")
    Membership.objects.create(report=report, incident=away, from_event=opened)
    area = OwnArea.objects.create(owner_id=cast.hoa.user_id, name="x", shape=other.shape)
    asked = {
        "category": "litter", "agency": "ubnd-102", "ward": str(other.pk), "q": "k7m2-p9xt",
        "area": str(area.pk),
    }  # fmt: skip
    for field, value in asked.items():
        assert desk.page(cast.hoa, read_desk_filter({field: value})).ids == (away.pk,), field
    assert desk.page(cast.hoa, read_desk_filter({"q": str(mine.pk)})).ids == (mine.pk,)
    sector = f"sector:{Category.objects.get(pk='pothole').sector_id}"
    assert mine.pk in desk.page(cast.hoa, read_desk_filter({"category": sector})).ids
    # Another's own area holds nothing, and no filter leads beyond one's reach.
    assert desk.page(cast.minh, DeskFilter(own_area=area.pk)).ids == ()
    assert desk.page(cast.minh, DeskFilter(ward=other.pk)).ids == ()
    assert desk.page(cast.tu, read_desk_filter({"agency": "ubnd-102"})).ids == ()


@pytest.mark.parametrize(
    "query",
    [{"tab": "x"}, {"due": "x"}, {"agency": "x"}, {"ward": "x"}, {"area": "-1"}, {"category": "x"},
     {"ward": "1" * 30}],
)  # fmt: skip
def test_a_filter_that_nothing_can_match_is_refused(town, query):
    with pytest.raises(BadFilter):
        read_desk_filter(query)


@pytest.mark.parametrize("cursor", ["x", "é", "MXwyfDM", "fHx8", "=", "OTk5OQ"])
@pytest.mark.parametrize("tab", [Tab.OPEN, Tab.ENDED])
def test_a_broken_cursor_is_refused(cast, cursor, tab):
    with pytest.raises(BadCursor):
        desk.page(cast.minh, DeskFilter(tab=tab), cursor)


def test_counting_stops_when_there_are_many(cast, monkeypatch):
    Incident.objects.bulk_create(incident() for _ in range(12))
    monkeypatch.setattr(desk, "COUNTED_TO", 9)
    assert desk.count(cast.hoa, DeskFilter()) == 10


def test_the_number_of_queries_does_not_grow(many, cast, django_assert_num_queries):
    known.known()  # is read once for many
    for size in (3, 40):
        with django_assert_num_queries(1):
            found = desk.page(cast.minh, DeskFilter(), size=size)
        with django_assert_num_queries(6):
            assert len(desk_rows.rows(cast.minh, found.ids, "vi")) == len(found.ids) > 2
    with django_assert_num_queries(1):
        desk.counts(cast.minh, DeskFilter())


def test_what_is_open_is_in_one_of_its_parts():
    parts = [STATUSES[tab] for tab in desk.PARTS_OF_OPEN]
    assert frozenset().union(*parts) == STATUSES[Tab.OPEN]
    assert sum(map(len, parts)) == len(STATUSES[Tab.OPEN])


@pytest.mark.parametrize("who", ["minh", "tu", "nga", "hoa"])
@pytest.mark.parametrize("wanted", [DeskFilter(), DeskFilter(due=Due.WEEK), DeskFilter(text="7")])
def test_each_tab_is_counted_as_if_alone(many, cast, who, wanted, monkeypatch):
    actor = getattr(cast, who)
    for most in (desk.COUNTED_TO, 3):
        monkeypatch.setattr(desk, "COUNTED_TO", most)
        counted = desk.counts(actor, wanted)
        assert counted == {tab: desk.count(actor, wanted.at(tab)) for tab in counted}
        assert counted.keys() == set(Tab) - {Tab.ENDED}


def test_a_row_names_an_agency_that_is_newer_than_what_is_in_memory(cast):
    known.known()
    one = incident(agency=zoo.agency("newest", name="Trạm mới"))
    one.save()
    [row] = desk_rows.rows(cast.hoa, [one.pk], "vi")
    assert row.agency == Named("newest", "Trạm mới")


@time_machine.travel(NOW, tick=False)
def test_a_row_says_where_how_late_and_what_can_be_done(cast):
    ward = Area.objects.get(code="101")
    one = incident(
        ward=ward, agency=zoo.agency("ubnd-101"), due_at=NOW - timedelta(hours=3),
        held_since=NOW - timedelta(days=8), needs_triage=True, public=False, report_count=2,
        too_count=3,
    )  # fmt: skip
    one.save()
    [row] = desk_rows.rows(cast.minh, [one.pk], "vi")
    assert (row.ward.full_name, row.agency.code, row.reports) == ("Phường Zoo 101", "ubnd-101", 5)
    assert (row.clock.standing, row.clock.amount, row.clock.unit) == (
        Standing.LATE, 3, Unit.HOURS,
    )  # fmt: skip
    assert row.marks == (Mark.TRIAGE, Mark.PRIVATE)
    assert row.steps == {Step.ACCEPT, Step.DECLINE, Step.PAUSE, Step.CLAIM_DONE}
    [seen] = desk_rows.rows(cast.nga, [one.pk], "en")
    assert seen.steps == set()
    assert Status(one.status) in OPEN
