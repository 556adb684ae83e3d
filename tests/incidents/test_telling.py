"""Whom something is told: reporters, followers, staff, who watches an area; and never others."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.gis.geos import MultiPolygon, Point
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.models import Agency
from incidents import keys, services
from incidents.actors import Actor
from incidents.models import (
    AreaAlert,
    Contact,
    Custody,
    Event,
    Follower,
    Incident,
    LoginCode,
    Notice,
    OwnArea,
    PushSubscription,
    Staff,
)
from incidents.models.staff import Told
from incidents.notifications import digests, worker
from incidents.notifications.composing import compose
from incidents.permissions import Role
from incidents.services import telling
from incidents.services.following import Following, confirm_following, follow
from incidents.workflow import Step
from tests import zoo
from tests.incidents.conftest import INSIDE
from tests.incidents.test_notices import NOON, due_now, say

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=True):
        yield


def person(name, role=Role.AGENCY_STAFF, agency=None, told=Told.EACH, *, areas=()):
    """Return somebody's user, who works as this for that agency and has a mailbox."""
    user = User.objects.create_user(name, email=f"{name}@example.vn")
    Staff.objects.create(user=user, role=role, agency=agency, told=told).areas.set(areas)
    return user


@pytest.fixture
def case(town):
    """An incident that Lan reported, without the notices that this brought."""
    incident = say(email="lan@example.vn").memberships.get().incident
    Notice.objects.all().delete()
    return incident


def happened(incident, kind="closed", **more):
    return Event.objects.create(kind=kind, incident=incident, **more)


def told(**which):
    """Return who was told: users by name, others by what they are."""
    rows = Notice.objects.filter(**which).select_related("user").order_by("pk")
    return [row.user.username if row.user else row.kind for row in rows]


def follower(incident, *, confirmed=True, **more):
    return Follower.objects.create(
        incident=incident, nonce="n", confirmed_at=timezone.now() if confirmed else None, **more
    )


def test_followers_are_told_what_reporters_are_and_can_end_it(case, mailbox):
    one = follower(case, email="mai@example.vn", language="en")
    follower(case, email="not-hers@example.vn", confirmed=False)
    follower(case, email="gone@example.vn").delete()
    telling.tell_all(happened(case), case)
    worker.drain()
    assert sorted(mail["To"] for mail in mailbox.mails) == ["lan@example.vn", "mai@example.vn"]
    hers = next(mail for mail in mailbox.mails if mail["To"] == "mai@example.vn")
    assert "is closed" in hers["Subject"]
    telling.tell_all(happened(case, "reopened"), case)
    worker.drain()
    again = next(mail for mail in mailbox.mails[2:] if mail["To"] == "mai@example.vn")
    assert f"/f/{keys.token_of(one)}" in again.get_content()


def test_a_follower_gets_nothing_but_the_question_until_the_address_is_proven(case, gateway):
    token = follow(case.pk, Following(phone="+84903000001"))
    telling.tell_all(happened(case), case)
    worker.drain()
    [(_, asked)] = [one for one in gateway.requests if one[1]["to"] == "+84903000001"]
    assert f"/f/{token}" in asked["text"]
    confirm_following(token)
    telling.tell_all(happened(case), case)
    worker.drain()
    assert sum(one[1]["to"] == "+84903000001" for one in gateway.requests) == 2


def test_followers_of_what_is_not_public_are_told_nothing(case):
    follower(case, email="mai@example.vn")
    case.public = False
    telling.tell_all(happened(case), case)
    assert told(follower__isnull=False) == []


@pytest.mark.parametrize("change", [{"public": False}, {"status": "rejected"}])
def test_what_was_hidden_before_it_was_sent_goes_to_reporters_alone(case, mailbox, change):
    follower(case, email="mai@example.vn")
    around = AreaAlert.objects.create(
        email="son@example.vn", nonce="n", area=case.ward, confirmed_at=timezone.now()
    )
    telling.tell_all(happened(case), case)
    telling.tell_alerts(happened(case, "opened"), case)
    assert told(alert=around) == ["new_nearby"]
    Incident.objects.filter(pk=case.pk).update(**change)
    worker.drain()
    assert [mail["To"] for mail in mailbox.mails] == ["lan@example.vn"]
    assert set(Notice.objects.filter(report=None).values_list("state", flat=True)) == {"dropped"}


def test_followers_of_what_was_rejected_hear_that_and_no_more(case, mailbox):
    follower(case, email="mai@example.vn")
    case.status = "rejected"
    case.save()
    telling.tell_all(happened(case, "rejected"), case)
    telling.tell_all(happened(case, "promised"), case)
    assert told(follower__isnull=False) == ["rejected"]
    worker.drain()
    assert "mai@example.vn" in [mail["To"] for mail in mailbox.mails]


def test_many_followers_cost_as_many_questions_as_few(case):
    def asked():
        event = happened(case)
        with CaptureQueriesContext(connection) as queries:
            telling.tell_all(event, case)
        return len(queries)

    follower(case, email="mai@example.vn")
    few = asked()
    Follower.objects.bulk_create(
        Follower(incident=case, nonce="n", email=f"mai-{n}@example.vn", confirmed_at=timezone.now())
        for n in range(200)
    )
    assert asked() == few
    assert Notice.objects.count() == 2 + 202


def test_a_new_case_is_told_as_each_member_of_staff_chose(case):
    agency = case.agency
    person("binh", agency=agency, told=Told.EACH)
    person("dung", agency=agency, told=Told.DIGEST)
    person("giang", agency=agency, told=Told.NEVER)
    person("khanh", agency=Agency.objects.exclude(pk=agency.pk).first())
    event = happened(case, "assigned")
    telling.tell_agency(event, case, "new_case")
    assert told() == ["binh"]
    telling.tell_agency(event, case, "disputed")
    assert told(kind="disputed") == ["binh", "dung"]


def test_a_danger_is_told_at_once_at_any_hour(case):
    person("dung", agency=case.agency, told=Told.DIGEST)
    case.category.danger = True
    with time_machine.travel(NOON.replace(hour=2)):
        telling.tell_agency(happened(case, "assigned"), case, "new_case")
    assert told() == ["dung"]


def test_where_an_agency_has_nobody_the_nearest_above_it_is_told(case):
    root = Agency.objects.create(code="root", name="Root", valid=("2020-01-01", None))
    case.agency.parent = root
    case.agency.save()
    person("binh", agency=root)
    telling.tell_agency(happened(case, "assigned"), case, "new_case")
    assert told() == ["binh"]
    person("dung", agency=case.agency)
    telling.tell_agency(happened(case, "assigned"), case, "new_case")
    assert told()[1:] == ["dung"]


def test_nobody_is_told_what_they_did_themselves(case):
    binh = person("binh", agency=case.agency)
    person("dung", agency=case.agency)
    telling.tell_agency(happened(case, "reopened", actor=binh), case, "reopened")
    assert told() == ["dung"]


def test_who_left_is_told_nothing(case):
    binh = person("binh", agency=case.agency)
    telling.tell_agency(happened(case, "assigned"), case, "new_case")
    User.objects.filter(pk=binh.pk).update(is_active=False)
    assert compose(Notice.objects.get()) is None
    telling.tell_agency(happened(case, "assigned"), case, "new_case")
    assert len(told()) == 1


def test_a_rung_tells_those_it_names(case):
    parent = Agency.objects.create(code="root", name="Root", valid=("2020-01-01", None))
    case.agency.parent = parent
    person("binh", agency=case.agency, told=Told.DIGEST)
    person("cuc", agency=parent)
    person("hoa", Role.OPERATOR)
    person("tam", Role.DISTRICT_OPERATOR, areas=[case.ward])
    person("elsewhere", Role.DISTRICT_OPERATOR)
    person("lam", Role.LEADER)
    person("quan", Role.PLANNER)
    event = happened(case, "escalated")
    for roles, names in [
        (("agency",), ["binh"]),
        (("parent",), ["cuc"]),
        (("operator",), ["hoa", "tam"]),
        (("leader",), ["lam"]),
        (("agency", "operator", "leader"), ["binh", "hoa", "tam", "lam"]),
    ]:
        Notice.objects.all().delete()
        telling.tell_roles(event, case, roles, "escalated_overdue")
        assert sorted(told()) == sorted(names)


def test_a_rung_that_the_texts_do_not_know_is_told_all_the_same(case):
    person("hoa", Role.OPERATOR)
    telling.tell_roles(happened(case, "escalated"), case, ["operator"], "escalated_half_time")
    assert compose(Notice.objects.get()).subject.startswith("Cần chú ý")


def alert(**more):
    return AreaAlert.objects.create(
        nonce="n", confirmed_at=timezone.now(), **{"email": "mai@example.vn", **more}
    )


def test_who_watches_an_area_hears_of_new_incidents_in_it(case):
    ward, near = alert(area=case.ward), Point(INSIDE[0] + 0.001, INSIDE[1], srid=4326)
    circle = alert(centre=near, radius_m=200, email="minh@example.vn")
    category = alert(area=case.ward, categories=[case.category_id], email="hoa@example.vn")
    alert(centre=near, radius_m=50)
    alert(area=case.ward, categories=["flooding"])
    alert(area=case.ward, ended_at=timezone.now())
    AreaAlert.objects.create(nonce="n", email="mai@example.vn", area=case.ward)  # not confirmed
    telling.tell_alerts(happened(case, "opened"), case)
    found = Notice.objects.order_by("alert").values_list("alert", flat=True)
    assert list(found) == [ward.pk, circle.pk, category.pk]
    message = compose(Notice.objects.first())
    assert f"/i/{case.pk}" in message.body
    assert f"/alerts/{keys.token_of(ward)}" in message.body


def test_one_address_hears_of_an_incident_once_however_many_of_its_areas_hold_it(case):
    first = alert(area=case.ward)
    alert(centre=case.position, radius_m=200)
    alert(area=case.ward, categories=[case.category_id], email="MAI@example.vn")
    telling.tell_alerts(happened(case, "opened"), case)
    assert Notice.objects.get().alert == first


def test_an_alert_outlives_the_boundaries_it_was_asked_for_under(case):
    """A ward's next edition has rows of its own; whoever watches the old one watches its ground."""
    west, south, east, north = case.ward.shape.extent
    before = zoo.edition(
        {"old": (west, south, east, north), "far": (west - 1, south - 1, west - 0.9, south - 0.9)},
        name="zoo-2019", since=date(2019, 1, 1), until=date(2020, 1, 1),
    )  # fmt: skip
    there, far = (before.areas.get(code=code) for code in ("old", "far"))
    kept = alert(area=there)
    alert(area=far, email="minh@example.vn")
    telling.tell_alerts(happened(case, "opened"), case)
    assert Notice.objects.get().alert == kept


def test_what_is_not_public_is_told_to_nobody_outside(case):
    alert(area=case.ward)
    case.public = False
    telling.tell_alerts(happened(case, "opened"), case)
    assert told() == []


def test_staff_hear_of_the_areas_they_drew_where_they_may_see_it(case):
    around = MultiPolygon(case.position.buffer(0.001))
    binh = person("binh", agency=case.agency)
    khanh = person("khanh", agency=Agency.objects.exclude(pk=case.agency_id).first())
    dung = person("dung", agency=case.agency)
    for user in (binh, khanh):
        OwnArea.objects.create(owner=user, name="Mine", shape=around, tells=True)
    OwnArea.objects.create(owner=dung, name="Mine", shape=around, tells=False)
    case.public = False
    case.save()
    telling.tell_alerts(happened(case, "opened"), case)
    assert told() == ["binh"]


def login(**more):
    contact = Contact.objects.get()
    soon = timezone.now() + timedelta(minutes=10)
    return LoginCode.objects.create(
        contact=contact, **{"carrier": "email", "nonce": "n", "expires_at": soon, **more}
    )


def test_a_login_code_goes_out_at_any_hour_and_only_while_it_is_good(case, mailbox):
    with time_machine.travel(NOON.replace(hour=3)):
        code = login()
        telling.tell_login(code)
        worker.drain()
    [mail] = mailbox.mails
    assert keys.code_of(code) in mail.get_content()
    telling.tell_login(login(expires_at=timezone.now() - timedelta(seconds=1)))
    telling.tell_login(login(used_at=timezone.now()))
    due_now()
    worker.drain()
    assert len(mailbox.mails) == 1


def test_rows_hold_no_address_and_no_words(case):
    person("binh", agency=case.agency)
    follower(case, email="mai@example.vn")
    telling.tell_all(happened(case, data={"agency": case.agency.code, "name": "Lan"}), case)
    telling.tell_agency(happened(case, "assigned"), case, "new_case")
    for row in Notice.objects.values():
        text = repr({name: value for name, value in row.items() if name != "created_at"})
        assert "example.vn" not in text
        assert "Lan" not in text


def test_notices_go_with_the_transaction_that_they_tell_of(case):
    person("binh", agency=case.agency)
    with transaction.atomic():
        telling.tell_agency(happened(case, "assigned"), case, "new_case")
        transaction.set_rollback(True)
    assert told() == []


def test_a_claim_brings_the_reporter_a_link_to_answer_once(case, operator):
    actor = Actor(operator.user_id, Role.AGENCY_STAFF, frozenset({case.agency_id}))
    for step in ("accept", "start", "claim_done"):
        services.take(actor, case.pk, Step(step), services.Said(words="Đã vá"))
    notice = Notice.objects.get(kind="claimed_done")
    assert "/a/" in compose(notice).body


def at(day, hour=8, minute=0):
    return datetime.combine(day, time(hour, minute), ZONE)


MONDAY = date(2026, 6, 1)


@pytest.fixture
def digest_of(case):
    return person("dung", agency=case.agency, told=Told.DIGEST)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (at(MONDAY, 7, 29), 0),
        (at(MONDAY, 7, 30), 1),
        (at(MONDAY, 15), 1),
        (at(date(2026, 6, 6)), 0),  # a Saturday
        (at(date(2026, 2, 17)), 0),  # Tet
        (at(date(2026, 1, 10)), 1),  # a Saturday that is worked by decree
    ],
)
def test_a_digest_is_for_working_mornings(digest_of, moment, written):
    digests.Mornings().look(moment)
    assert len(told(kind="digest")) == written


def test_a_day_has_one_digest_however_many_workers_look(digest_of):
    first, second = digests.Mornings(), digests.Mornings()
    for look in (first, second, first):
        look.look(at(MONDAY))
    assert told(kind="digest") == ["dung"]
    first.look(at(MONDAY + timedelta(days=1)))
    assert told(kind="digest") == ["dung", "dung"]


def test_who_has_no_mailbox_gets_the_digest_by_push(digest_of, case):
    binh = person("binh", agency=case.agency, told=Told.DIGEST)
    for user in (binh, digest_of):
        PushSubscription.objects.create(
            user=user, endpoint=f"https://push.example/{user.pk}", language="en"
        )
    User.objects.filter(pk=binh.pk).update(email="")
    digests.put_digests(MONDAY)
    carriers = Notice.objects.order_by("user__username").values_list("user__username", "carrier")
    assert list(carriers) == [("binh", "push"), ("dung", "email")]
    assert compose(Notice.objects.get(carrier="push")).subject.startswith("Today:")


def test_a_digest_counts_what_its_reader_answers_for(digest_of, case):
    now = timezone.now()
    Incident.objects.filter(pk=case.pk).update(due_at=now - timedelta(days=2), held_since=now)
    elsewhere = Incident.objects.get(pk=case.pk)
    elsewhere.pk, elsewhere.agency = None, Agency.objects.exclude(pk=case.agency_id).first()
    elsewhere.save(force_insert=True)
    Custody.objects.update(reopened_at=now)
    digests.put_digests(MONDAY)
    message = compose(Notice.objects.get())
    assert message.subject == "Việc trong ngày: 1 quá hạn, 0 sắp đến hạn, 1 mới"
    assert "Đang mở: 1" in message.body
    assert "30/05/2026" in message.body
    assert "nói chưa khắc phục: 1" in message.body
    assert message.link.endswith("/desk?tab=late")


def test_who_has_nothing_open_gets_no_digest(digest_of, case, mailbox):
    Incident.objects.update(status="closed")
    digests.put_digests(MONDAY)
    worker.drain()
    assert mailbox.mails == []
    assert Notice.objects.get().state == "dropped"
