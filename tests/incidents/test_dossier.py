"""What an office reads about an incident: all that it may, nothing that it may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from districts.models import Agency, Area
from gis_core.errors import DomainError
from gis_core.positions import LonLat, Position
from incidents import pipeline, services
from incidents.actors import ANYBODY, Actor
from incidents.dossier.casebook import SENTENCES, sentence_of
from incidents.dossier.lent import holder, lent
from incidents.dossier.reading import dossier, link_token
from incidents.dossier.replies import replies_for
from incidents.due_clocks import Standing
from incidents.errors import (
    IncidentNotFound,
    PermissionDenied,
    PhotoNotFound,
)
from incidents.models import Event, Incident, Membership
from incidents.permissions import Act, Role
from incidents.report import CleanPhoto, ContactDetails
from incidents.said import Said
from incidents.services import take
from incidents.services.working import EVENTS
from incidents.shown_photos import may_see_photo
from incidents.workflow import Status, Step
from tests import zoo
from tests.incidents.test_receiving import SAID

pytestmark = pytest.mark.django_db
HERE = (106.7052, 10.7653)
LAN = ContactDetails(name="Lan", phone="0901234567", email="lan@example.com")
METRE = 1 / 111_195
"""A degree of latitude has about so many parts."""


def opened(key="lan", *, north_m=0.0, **changed):
    """Return the incident of a report that was just received."""
    place = Position(LonLat(HERE[0], HERE[1] + north_m * METRE), changed.pop("accuracy", 5))
    said = replace(SAID, key=key, position=place, reported_at=timezone.now(), **changed)
    report = pipeline.receive(said).report_id
    return Membership.objects.get(report=report).incident


@pytest.fixture
def incident(town):
    return opened(contact=LAN)


def actor(role, **reach):
    user = User.objects.create_user(f"{role}-{User.objects.count()}", first_name="Minh")
    return Actor(user.pk, role, **reach)


@pytest.fixture
def minh(incident):
    """Minh works for the agency that has it."""
    return actor(Role.AGENCY_STAFF, agencies=frozenset({incident.agency_id}))


def picture(seed=b"after"):
    return CleanPhoto(seed, seed.hex().ljust(64, "0")[:64], 10, 10)


# ---- who reads what ----


def test_an_agency_reads_words_contacts_and_who_did_what(incident, minh):
    take(minh, incident.pk, Step.ACCEPT)
    found = dossier(minh, incident.pk, "vi")
    [told] = found.reports
    assert told.words.text == "Ổ gà sâu"
    assert (told.contact.name, told.contact.phone) == ("Lan", "0901234567")
    assert found.timeline[-1].name == "Minh"
    assert found.timeline[-1].role == "agency_staff"
    assert found.why.rule == "local-road"
    assert found.why.candidates[0].agency.code == "ubnd-101"


@pytest.mark.parametrize(
    ("role", "words", "contacts", "names"),
    [
        (Role.PLANNER, False, False, False),
        (Role.LEADER, True, False, True),
        (Role.OVERSIGHT, True, False, True),
        (Role.OPERATOR, True, True, True),
    ],
)
def test_others_read_what_their_office_allows(incident, minh, role, words, contacts, names):
    take(minh, incident.pk, Step.PAUSE, Said(reason="weather", words="Nhà số 5 nói vậy"))
    services.add_note(minh, incident.pk, "Gọi lại cho chị Lan")
    opened("other", contact=LAN, north_m=900)
    found = dossier(actor(role), incident.pk, "vi")
    paused = next(one for one in found.timeline if one.kind == "paused")
    assert bool(found.reports[0].words) == words
    assert bool(found.reports[0].contact) == bool(found.others) == contacts
    assert bool(paused.name) == names
    assert bool(paused.words) == words
    assert paused.reason == "Thời tiết không cho phép thi công"
    assert bool(found.notes) == (role is Role.OPERATOR)


def test_another_office_has_no_page_of_it_although_it_is_public(incident, town):
    other = Agency.objects.exclude(pk=incident.agency_id).first()
    elsewhere = Area.objects.exclude(pk=incident.ward_id).first()
    nobodys = [
        ANYBODY,
        actor(Role.CITIZEN),
        actor(Role.AGENCY_STAFF, agencies=frozenset({other.pk})),
        actor(Role.WARD_STAFF, areas=frozenset({elsewhere.pk})),
    ]
    for one in nobodys:
        with pytest.raises(IncidentNotFound):
            dossier(one, incident.pk, "vi")


def test_every_event_that_steps_record_has_a_sentence():
    besides = ["assigned", "split", "delegated", "link_ended", "moved", "recategorised", "noted"]
    answers = ["escalated", "promised", "confirmed", "disputed", "rated"]
    assert {*EVENTS.values(), *besides, *answers} <= set(SENTENCES)


# ---- what lies around ----


def test_each_rung_of_the_ladder_has_a_sentence_of_its_own():
    def told(**data):
        with override("vi"):
            return sentence_of(Event(kind="escalated", data=data), {}, "vi")

    assert told(step="near_due").startswith("Đã dùng 80% thời hạn")
    assert told(step="overdue").startswith("Đã quá thời hạn")
    assert told(step="long_overdue").startswith("Đã dùng 300% thời hạn mà chưa xong")
    assert told(step="a-rung-of-former-years").startswith("Sắp hết hoặc đã quá thời hạn")


def test_a_promised_day_is_written_as_the_reader_writes_days():
    promised = Event(kind="promised", data={"promised": "2026-12-01"})
    with override("vi"):
        assert "01/12/2026" in sentence_of(promised, {}, "vi")


def test_neighbours_are_open_or_closed_lately_within_the_radius_nearest_first(incident, minh):
    near, nearer = opened("near", north_m=40), opened("nearer", north_m=20)
    opened("far", north_m=90)
    long_ago = opened("old", north_m=10)
    Incident.objects.filter(pk=long_ago.pk).update(
        status=Status.CLOSED, closed_at=timezone.now() - timedelta(days=400)
    )
    hidden = opened("hidden", north_m=5)
    Incident.objects.filter(pk=hidden.pk).update(public=False, agency=None)
    found = dossier(minh, incident.pk, "vi").nearby
    assert [one.id for one in found] == [nearer.pk, near.pk]
    assert [round(one.metres) for one in found] == [20, 40]


def test_an_asset_tells_how_often_the_same_happened_to_it(town):
    """This manhole failed before."""
    zoo.asset("drain", (106.7051, 10.7652, 106.7053, 10.7654), owner="ubnd-101")
    on_it = opened("one")
    opened("two", north_m=5)
    beside = opened("beside", north_m=30)
    opened("other-kind", category="litter")
    unsure = opened("unsure", north_m=9, accuracy=40)
    last = opened("last")
    looking = actor(Role.OPERATOR)
    [asset] = dossier(looking, last.pk, "vi").assets
    assert (asset.kind, asset.code, asset.same_category) == ("drain", "1", 3)
    assert [one.id for one in asset.cases][-1] == on_it.pk
    assert unsure.pk in {one.id for one in asset.cases}
    assert dossier(looking, beside.pk, "vi").assets == ()


def test_the_same_number_written_otherwise_is_the_same_person(incident, minh):
    other = opened("again", north_m=200, contact=replace(LAN, phone="+84901234567", email=""))
    theirs = opened("theirs", north_m=300, contact=LAN)
    Incident.objects.filter(pk=theirs.pk).update(agency=None)
    opened("stranger", north_m=400, contact=replace(LAN, phone="0907654321", email="x@y.vn"))
    found = dossier(minh, incident.pk, "vi").others
    assert [one.incident for one in found] == [other.pk]


# ---- custody ----


def test_custodies_tell_who_had_it_with_pauses_and_how_much_was_used(town):
    monday = datetime(2026, 6, 1, 3, tzinfo=UTC)
    with time_machine.travel(monday, tick=False) as clock:
        incident = opened(contact=LAN)
        minh = actor(Role.AGENCY_STAFF, agencies=frozenset({incident.agency_id}))
        take(minh, incident.pk, Step.PAUSE, Said(reason="weather"))
        clock.shift(timedelta(days=1))
        take(minh, incident.pk, Step.RESUME)
        clock.shift(timedelta(days=2))
        take(minh, incident.pk, Step.CLAIM_DONE, Said(words="Đã vá", photos=(picture(),)))
        found = dossier(minh, incident.pk, "vi")
    [hold] = found.holds
    assert hold.agency.code == "ubnd-101"
    assert (hold.ended_by, hold.proven, hold.late) == ("claimed_done", True, False)
    assert 0 < hold.share < 1
    [pause] = hold.pauses
    assert (pause.end - pause.begin, pause.reason) == (
        timedelta(days=1), "Thời tiết không cho phép thi công",
    )  # fmt: skip
    assert found.head.due.at is None
    assert [one.shows for one in found.pictures] == ["after"]
    assert found.timeline[-1].photos == found.pictures


def test_a_late_case_says_so_and_asks_for_more(incident, minh):
    with time_machine.travel(incident.due_at + timedelta(hours=1), tick=False):
        found = dossier(minh, incident.pk, "vi")
        assert found.head.due.late
        assert found.head.due.share > 1
        assert found.late_needs_more
        day = timezone.localdate() + timedelta(days=3)
        said = Said(words="Chờ nhựa", photos=(picture(),), promised=day)
        services.promise(minh, incident.pk, said)
        found = dossier(minh, incident.pk, "vi")
        assert found.head.due.late
        assert not found.late_needs_more
        assert found.head.due.promised is not None


# ---- contractors ----


def test_a_contractor_sees_the_work_and_no_person(incident, minh):
    token = services.delegate(minh, incident.pk, "ubnd-102", "Vá ổ gà trước số 12", 3)
    [one] = dossier(minh, incident.pk, "vi").delegations
    assert one.open
    assert link_token(minh, incident.pk, one.id) == token
    who, link = holder(token)
    work = lent(who, link, "vi")
    assert (work.task, work.contractor.code) == ("Vá ổ gà trước số 12", "ubnd-102")
    assert set(work.offered) == {Act.START, Act.CLAIM_DONE, Act.NOTE}
    assert "Lan" not in repr(work)
    assert "0901234567" not in repr(work)
    with pytest.raises(PermissionDenied):
        take(who, opened("other", north_m=700).pk, Step.START)
    services.end_link(minh, one.id)
    assert link_token(minh, incident.pk, one.id) == ""
    with pytest.raises(DomainError, match="used already, or was taken back"):
        holder(token)


# ---- photos of the work ----


def test_a_contractor_is_told_that_the_work_is_late(incident, minh):
    token = services.delegate(minh, incident.pk, "ubnd-102", "Vá", 90)
    Incident.objects.update(due_at=timezone.now() - timedelta(days=4))
    told = lent(*holder(token), "vi")
    assert (told.clock.standing, told.clock.due) == (Standing.LATE, told.due)
    take(minh, incident.pk, Step.CLAIM_DONE, Said(words="Đã vá", photos=(picture(),)))
    assert lent(*holder(token), "vi").clock.standing is Standing.NONE


def test_photos_of_finished_work_are_public_others_are_for_those_who_read_words(incident, minh):
    before, after = picture(b"before"), picture(b"after")
    take(minh, incident.pk, Step.START, Said(photos=(before,)))
    take(minh, incident.pk, Step.CLAIM_DONE, Said(words="Xong", photos=(after,)))
    assert may_see_photo(ANYBODY, after.sha256, None) is True
    assert may_see_photo(minh, before.sha256, None) is False
    with pytest.raises(PhotoNotFound):
        may_see_photo(ANYBODY, before.sha256, None)
    with pytest.raises(PhotoNotFound):
        may_see_photo(actor(Role.PLANNER), before.sha256, None)
    Incident.objects.update(public=False)
    with pytest.raises(PhotoNotFound):
        may_see_photo(ANYBODY, after.sha256, None)
    assert may_see_photo(minh, after.sha256, None) is False


# ---- replies, speed ----


def test_sentences_of_the_sector_come_first(town):
    codes = [one.code for one in replies_for(Act.CLAIM_DONE, "traffic", "vi")]
    assert codes == ["patched", "repaired"]
    assert replies_for(Act.CLAIM_DONE, "lighting", "en")[0].code == "lamp_on"


def test_a_long_history_asks_no_more_of_the_database_than_a_short_one(incident, minh):
    def asked():
        dossier(minh, incident.pk, "vi")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            dossier(minh, incident.pk, "vi")
        return len(queries)

    zoo.asset("drain", (106.7051, 10.7652, 106.7053, 10.7654), owner="ubnd-101")
    first = asked()
    for n in range(4):
        opened(f"near-{n}", north_m=3 * n, contact=LAN)
        services.add_note(minh, incident.pk, f"Ghi chú {n}")
        services.delegate(minh, incident.pk, "ubnd-102", "Vá", 3)
        take(minh, incident.pk, Step.PAUSE, Said(reason="weather", photos=(picture(b"%d" % n),)))
        take(minh, incident.pk, Step.RESUME)
    assert asked() == first <= 30
