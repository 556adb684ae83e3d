"""One mail a working morning to an agency's address of record, at its hour and not in its night."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from districts.models import Agency
from incidents.models import AgencyNotices, Incident, Notice, PushSubscription
from incidents.models.staff import Told
from incidents.notifications import digests, quiet, worker
from incidents.notifications.composing import compose
from incidents.notifications.quiet import Hours
from incidents.notifications.recipients import Audience, Way
from tests.incidents.test_notices import due_now, say
from tests.incidents.test_telling import person

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = date(2026, 6, 1)


def at(day, hour=8, minute=0):
    return datetime.combine(day, time(hour, minute), ZONE)


@pytest.fixture
def clock(town):
    with time_machine.travel(at(MONDAY, 7), tick=False) as traveller:
        yield traveller


@pytest.fixture
def case(clock):
    """An incident of ward 101's committee, which has an address of record and wants a digest."""
    one = say(email="").memberships.get().incident
    Agency.objects.filter(pk=one.agency_id).update(email="ubnd@example.vn")
    Notice.objects.all().delete()
    return Incident.objects.get(pk=one.pk)


@pytest.fixture
def wanted(case):
    return AgencyNotices.objects.create(agency=case.agency)


def written():
    return list(Notice.objects.filter(agency__isnull=False).values_list("agency__email", flat=True))


def test_an_agency_that_did_not_ask_for_one_gets_none(case):
    digests.Mornings().look(at(MONDAY))
    assert written() == []


def test_one_mail_a_day_however_many_workers_look_and_begin_anew(wanted):
    first = digests.Mornings()
    for look in (first, first, digests.Mornings()):
        look.look(at(MONDAY, 7, 30))
        look.look(at(MONDAY, 7, 31))
        look.look(at(MONDAY, 15))
    assert written() == ["ubnd@example.vn"]
    first.look(at(MONDAY + timedelta(days=1), 7, 29))
    assert len(written()) == 1
    first.look(at(MONDAY + timedelta(days=1), 7, 30))
    assert len(written()) == 2


@pytest.mark.parametrize(
    ("moment", "many"),
    [
        (at(MONDAY, 9, 59), 0),
        (at(MONDAY, 10), 1),
        (at(date(2026, 6, 6), 11), 0),  # a Saturday
        (at(date(2026, 1, 10), 11), 1),  # a Saturday that is worked by decree
    ],
)
def test_each_agency_says_when_and_only_working_days_count(wanted, moment, many):
    AgencyNotices.objects.update(digest_from=time(10))
    digests.Mornings().look(moment)
    assert len(written()) == many


def test_an_hour_that_is_chosen_during_the_day_counts_the_same_day(wanted):
    AgencyNotices.objects.update(digest_from=time(16))
    mornings = digests.Mornings()
    mornings.look(at(MONDAY, 9))
    AgencyNotices.objects.update(digest_from=time(10))
    mornings.look(at(MONDAY, 11))
    assert len(written()) == 1


def test_it_goes_beside_each_members_own_and_counts_the_agency_with_all_below_it(
    wanted, case, clock, mailbox
):
    person("dung", agency=case.agency, told=Told.DIGEST)
    below = Incident.objects.get()
    below.pk, below.agency = None, Agency.objects.get(code="ubnd-102")
    below.due_at = at(MONDAY) - timedelta(days=1)
    below.save(force_insert=True)
    Agency.objects.filter(code="ubnd-102").update(parent=case.agency)
    clock.move_to(at(MONDAY))
    digests.Mornings().look(timezone.now())
    due_now()
    worker.drain()
    mails = {mail["To"]: mail for mail in mailbox.mails}
    assert set(mails) == {"dung@example.vn", "ubnd@example.vn"}
    assert mails["ubnd@example.vn"]["Subject"] == (
        "UBND Phường 101: 1 việc quá hạn, 0 sắp đến hạn, 2 mới"
    )


def test_who_wants_none_any_more_or_has_nothing_open_gets_none(wanted, mailbox):
    digests.put_agency_digests(MONDAY, [wanted.pk])
    wanted.digest = False
    wanted.save()
    worker.drain()
    assert Notice.objects.get().state == "dropped"
    AgencyNotices.objects.update(digest=True)
    Incident.objects.update(status="closed")
    digests.put_agency_digests(MONDAY + timedelta(days=1), [wanted.pk])
    worker.drain()
    assert mailbox.mails == []


def test_an_agency_without_an_address_is_not_written_to(wanted):
    Agency.objects.update(email="")
    digests.Mornings().look(at(MONDAY))
    assert written() == []


def test_what_could_not_be_sent_all_day_is_not_sent_at_night(wanted, case, clock, mailbox):
    """The next morning's digest tells it."""
    person("dung", agency=case.agency, told=Told.DIGEST)
    clock.move_to(at(MONDAY))
    digests.Mornings().look(timezone.now())
    clock.move_to(at(MONDAY, 20, 30))
    due_now()
    worker.drain()
    assert mailbox.mails == []
    assert set(Notice.objects.values_list("state", flat=True)) == {"dropped"}


def test_quiet_hours_that_begin_between_claim_and_sending_are_kept(wanted, clock, mailbox):
    clock.move_to(at(MONDAY, 20, 59))
    digests.put_agency_digests(MONDAY, [wanted.pk])
    [claimed] = worker.outbox.claim()
    clock.move_to(at(MONDAY, 21))
    worker.handle(claimed)
    assert mailbox.mails == []
    notice = Notice.objects.get()
    assert (notice.state, notice.attempts) == ("ready", 0), "it cost no attempt"
    clock.move_to(at(MONDAY + timedelta(days=1), 7))
    due_now()
    worker.drain()
    assert [mail["To"] for mail in mailbox.mails] == ["ubnd@example.vn"]


def test_the_agencys_own_hours_hold_for_its_mail_and_its_staffs_telephones_alone(wanted, case):
    AgencyNotices.objects.update(quiet_from=time(11), quiet_until=time(13))
    dung, lan = person("dung", agency=case.agency), person("lan")
    noon = at(MONDAY, 12)
    ways = [
        Way(Audience.AGENCY, wanted.pk, "email"), Way(Audience.USER, dung.pk, "push"),
        Way(Audience.USER, dung.pk, "email"), Way(Audience.USER, lan.pk, "push"),
        Way(Audience.REPORT, dung.pk, "sms"),
    ]  # fmt: skip
    hours = quiet.hours_of(ways)
    assert [quiet.not_before(noon, way, hours).hour for way in ways] == [13, 13, 12, 12, 12]
    night = [quiet.not_before(at(MONDAY, 22), way, hours).hour for way in ways]
    assert night == [22, 22, 22, 7, 7]


def test_a_push_to_the_agencys_staff_waits_for_the_end_of_its_hours(wanted, case, clock):
    AgencyNotices.objects.update(quiet_from=time(6), quiet_until=time(9))
    dung = person("dung", agency=case.agency, told=Told.DIGEST)
    dung.email = ""
    dung.save()
    PushSubscription.objects.create(user=dung, endpoint="https://push.example/1", language="vi")
    digests.put_digests(MONDAY)
    assert compose(Notice.objects.get()).browser.endpoint == "https://push.example/1"
    [claimed] = worker.outbox.claim() or [None]
    assert claimed is None


def test_an_administrator_says_so_on_a_page(case, client):
    client.force_login(User.objects.create_superuser("thu"))
    said = {
        "agency": case.agency_id, "digest": "on", "digest_from": "08:15", "quiet_from": "20:00",
        "quiet_until": "06:30",
    }  # fmt: skip
    assert client.post("/admin/incidents/agencynotices/add/", said).status_code == 302
    assert AgencyNotices.objects.get().digest_from == time(8, 15)
    assert "ubnd@example.vn" in client.get("/admin/incidents/agencynotices/").content.decode()


TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@given(TIMES, TIMES, st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)))  # noqa: DTZ001
def test_quiet_hours_end_at_their_end_and_within_a_day(begin, end, moment):
    here = moment.replace(tzinfo=ZONE)
    ended = Hours(begin, end).ended(here)
    inside = begin <= here.time() < end if begin <= end else not end <= here.time() < begin
    assert (ended > here) == inside
    assert ended - here <= timedelta(days=1)
    if inside:
        assert ended.astimezone(ZONE).time() == end
