"""The desk's stream: what its office reaches, and what leaves it, from the process itself."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from districts.models import Area
from gis_core.positions import LonLat, Position
from incidents import pipeline, services
from incidents.actors import ANYBODY, Actor, actor_of
from incidents.models import Incident, Staff
from incidents.permissions import Role
from incidents.services import Said
from incidents.workflow import Step
from tests import zoo
from tests.map_ui.conftest import send
from tests.map_ui.test_live import Reader, all_readers_closed, process, server, town  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
ELSEWHERE = (106.7152, 10.7653)
MINE = "&mine=1"


@pytest.fixture
def cast(process):  # noqa: F811
    """Minh serves ward 101 and its committee, Tú ward 102 and its own."""
    return [staff(name, code) for name, code in (("minh", "101"), ("tu", "102"))]


def staff(name, code):
    user = User.objects.create_user(name)
    agency = zoo.agency(f"ubnd-{code}")
    member = Staff.objects.create(user=user, role=Role.AGENCY_STAFF, agency=agency)
    member.areas.add(Area.objects.get(code=code))
    return actor_of(user)


def test_a_desk_hears_of_its_own_alone(process, cast):  # noqa: F811
    minh, tu = (Reader(process, one, more=MINE) for one in cast)
    public = Reader(process, cast[1])
    mine, theirs = send("litter", text="").incident, send("litter", ELSEWHERE, text="").incident
    for reader in (minh, tu, public):
        reader.wait_for("change")
    public.wait_for("change", 4)
    assert {*minh.changes()} == {mine}
    assert {*tu.changes()} == {theirs}
    assert {*public.changes()} == {mine, theirs}


def test_what_an_agency_had_is_gone_for_it_although_nobody_followed_before(process, cast):  # noqa: F811
    mine = send("litter", text="").incident
    minh = Reader(process, cast[0], more=MINE)
    pipeline.decline(cast[0], mine, Said(reason="not_ours"))
    minh.wait_for("gone")
    assert minh.frames[-1] == ("gone", {"id": mine})
    assert Incident.objects.get(pk=mine).agency_id not in cast[0].agencies


def test_after_an_interruption_it_is_gone_too(process, cast):  # noqa: F811
    mine = send("litter", text="").incident
    minh = Reader(process, cast[0], more=MINE)
    last = minh.ids[-1]
    minh.close()
    Reader.open.remove(minh)
    pipeline.decline(cast[0], mine, Said(reason="not_ours"))
    back = Reader(process, cast[0], more=f"{MINE}&after={last}")
    back.wait_for("gone")
    services.add_note(cast[0], send("litter", text="").incident, "x")
    back.wait_for("change", 2)


def test_what_is_moved_out_of_a_ward_is_gone_for_it_also_after_an_interruption(process, town):  # noqa: F811
    hoa = User.objects.create_user("hoa")
    member = Staff.objects.create(user=hoa, role=Role.DISTRICT_OPERATOR)
    member.areas.add(Area.objects.get(code="101"))
    mine = send("litter", text="").incident
    reader = Reader(process, actor_of(hoa), more=MINE)
    last = reader.ids[-1]
    reader.close()
    Reader.open.remove(reader)
    there, operator = Position(LonLat(*ELSEWHERE), 5), Actor(None, Role.ADMINISTRATOR)
    pipeline.change(operator, mine, position=there, agency="ubnd-102")
    back = Reader(process, actor_of(hoa), last, more=MINE)
    back.wait_for("gone")
    assert {facts["id"] for event, facts in back.frames if event == "gone"} == {mine}


def test_what_is_rejected_or_becomes_private_is_gone_for_the_public(process, town):  # noqa: F811
    first, second = (send("litter", text="").incident for _ in range(2))
    public = Reader(process, ANYBODY)
    last = public.ids[-1]
    public.close()
    Reader.open.remove(public)
    operator = Actor(None, Role.ADMINISTRATOR)
    services.take(operator, first, Step.REJECT, Said("abuse"))
    pipeline.change(operator, second, category="noise", agency="ubnd-101")
    back = Reader(process, ANYBODY, last)
    back.wait_for("gone", 2)
    assert {facts["id"] for event, facts in back.frames if event == "gone"} == {first, second}
    assert not back.changes()


@pytest.mark.parametrize("broken", ["nonsense", "1-", "-", "9" * 60])
def test_with_a_broken_last_id_the_address_says_where_to_begin(process, cast, broken):  # noqa: F811
    minh = Reader(process, cast[0], more=MINE)
    last = minh.ids[-1]
    minh.close()
    Reader.open.remove(minh)
    missed = send("litter", text="").incident
    back = Reader(process, cast[0], broken, more=f"{MINE}&after={last}")
    back.wait_for("change")
    assert {*back.changes()} == {missed}


def test_what_is_merged_is_gone_and_comes_back_when_that_is_undone(process, cast, town):  # noqa: F811
    first, second = (send("litter", text="").incident for _ in range(2))
    minh, public = Reader(process, cast[0], more=MINE), Reader(process, cast[1])
    services.merge(services.BY_ITSELF, first, second)
    for reader in (minh, public):
        reader.wait_for("gone")
        assert ("gone", {"id": second}) in reader.frames
    before = len(minh.changes())
    services.undo(services.BY_ITSELF, second)
    while second not in minh.changes()[before:]:
        minh.wait_for("change", len(minh.changes()) + 1)
