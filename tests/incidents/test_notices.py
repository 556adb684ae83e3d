"""What people are told: once, on the way they gave, also when a worker dies or a server is down."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from gis_core.positions import LonLat, Position
from incidents import pipeline, services
from incidents.actors import Actor
from incidents.models import Contact, Notice, NoticeState, Report
from incidents.notifications import outbox, quiet, recipients, worker
from incidents.notifications.message import CarrierFault
from incidents.notifications.outbox import News
from incidents.notifications.recipients import Audience, Way
from incidents.permissions import Role
from incidents.report import ContactDetails, Statement
from incidents.services import Said
from incidents.workflow import Step
from tests.incidents.conftest import INSIDE

NOON = datetime(2026, 6, 1, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def say(key="lan-1", *, email="", phone="", language="vi"):
    """Send a report as Lan does; return its row."""
    said = Statement(
        "web", key, "pothole", "Ổ gà", Position(LonLat(*INSIDE), 10), NOON, language,
        ContactDetails("Lan", phone, email),
    )  # fmt: skip
    return Report.objects.get(pk=pipeline.receive(said).report_id)


def ways_to(report):
    return recipients.reporters(Report.objects.filter(pk=report.pk))


def due_now():
    Notice.objects.filter(state="ready").update(due_at=Now() - timedelta(seconds=1))


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon():
    """Nothing here is told at night unless the test says so."""
    with time_machine.travel(NOON, tick=True):
        yield


def test_a_reporter_is_told_of_receipt_and_hand_over_and_end_by_mail(town, operator, mailbox):
    report = say(email="lan@example.vn")
    incident = report.memberships.get().incident
    agency = Actor(operator.user_id, Role.AGENCY_STAFF, frozenset({incident.agency_id}))
    services.take(agency, incident.pk, Step.CLAIM_DONE, Said(words="Đã vá"))
    services.confirm(Actor(incident=incident.pk), incident.pk, report.pk)
    due_now()
    assert worker.drain() == 4
    subjects = [mail["Subject"] for mail in mailbox.mails]
    assert [words.split()[0] for words in subjects] == ["Đã", "Phản", "Phản", "Phản"]
    received, assigned, *_ = mailbox.mails
    assert received["To"] == "lan@example.vn"
    assert received["From"] == "1022@example.vn"
    assert f"/t/{report.code[:4]}-{report.code[4:]}" in received.get_content()
    assert str(incident.agency) in assigned.get_content()
    assert worker.drain() == 0


def test_a_reporter_reads_the_language_they_wrote_in(town, mailbox):
    say(email="lan@example.vn", language="en")
    worker.drain()
    assert mailbox.mails[0]["Subject"].startswith("Your report")


def test_who_gave_a_number_gets_an_sms_and_who_gave_nothing_gets_nothing(town, gateway):
    say("lan-1", phone="+84903123456")
    say("lan-2")
    worker.drain()
    kinds = [said["text"].split()[2] for _, said in gateway.requests]
    assert len(kinds) == 2
    headers, said = gateway.requests[0]
    assert said["to"] == "+84903123456"
    assert headers["Authorization"] == "Bearer token"
    assert headers["Idempotency-Key"] == said["key"]


def test_a_notice_is_written_with_what_it_tells_or_not_at_all(town):
    report = say(email="lan@example.vn")
    before = Notice.objects.count()
    with transaction.atomic():
        outbox.put(ways_to(report), News("closed"))
        transaction.set_rollback(True)
    assert Notice.objects.count() == before


def test_the_same_news_is_told_once(town):
    report = say(email="lan@example.vn")
    before = Notice.objects.count()
    outbox.put(ways_to(report), News("closed", about="event-7"))
    outbox.put(ways_to(report), News("closed", about="event-7"))
    outbox.put(ways_to(report), News("closed", about="event-9"))
    assert Notice.objects.count() == before + 2


def test_a_busy_server_is_tried_again_later_and_ever_later(town, mailbox):
    say(email="lan@example.vn")
    Notice.objects.exclude(kind="received").delete()
    mailbox.refusals = ["451 busy"] * 2
    waits = []
    for _ in range(2):
        worker.drain()
        notice = Notice.objects.get()
        waits.append(Notice.objects.values_list(F("due_at") - Now(), flat=True).get())
        assert notice.state == NoticeState.READY
        assert "451" in notice.last_error
        assert "lan" not in notice.last_error
        due_now()
    assert timedelta(seconds=7) < waits[0] < timedelta(seconds=23)
    assert timedelta(seconds=14) < waits[1] < timedelta(seconds=46)
    worker.drain()
    assert Notice.objects.get().state == NoticeState.SENT
    assert len(mailbox.mails) == 1


def test_what_is_refused_for_good_is_a_dead_letter_and_can_be_sent_again(town, mailbox):
    say(email="lan@example.vn")
    Notice.objects.exclude(kind="received").delete()
    mailbox.refusals = ["554 no such mailbox"]
    worker.drain()
    notice = Notice.objects.get()
    assert notice.state == NoticeState.DEAD
    assert not mailbox.mails
    assert outbox.send_again(notice.pk)
    assert not outbox.send_again(notice.pk)
    worker.drain()
    assert Notice.objects.get().state == NoticeState.SENT


def test_an_address_that_no_mail_can_bear_stops_nobody_elses_mail(town, mailbox):
    say("lan-1", email="lan@example.vn")
    Contact.objects.update(email='"a\x0bb"@example.com')
    say("mai-1", email="mai@example.vn")
    worker.drain()
    assert {mail["To"] for mail in mailbox.mails} == {"mai@example.vn"}
    dead = Notice.objects.filter(state=NoticeState.DEAD)
    assert dead.count() == 2
    assert not dead.filter(last_error__contains="example").exists()


def test_a_fault_that_nobody_foresaw_stops_nobody_elses_mail(town, mailbox, caplog):
    strange = say("lan-1", email="lan@example.vn")
    Notice.objects.update(kind="no-such-kind")
    say("mai-1", email="mai@example.vn")
    worker.drain()
    assert {mail["To"] for mail in mailbox.mails} == {"mai@example.vn"}
    notice = Notice.objects.filter(report=strange).earliest("pk")
    assert (notice.state, notice.last_error) == (NoticeState.READY, "KeyError")
    assert "no-such-kind" not in caplog.text


def test_a_server_that_is_down_costs_attempts_and_ends_among_the_dead_letters(town, settings):
    settings.WARDWISE_SMTP_URL = "smtp://127.0.0.1:9"
    say(email="lan@example.vn")
    Notice.objects.exclude(kind="received").delete()
    for _ in range(outbox.MOST_ATTEMPTS):
        assert Notice.objects.get().state == NoticeState.READY
        worker.drain()
        due_now()
    assert Notice.objects.get().state == NoticeState.DEAD


def test_a_worker_that_dies_while_sending_leaves_the_notice_to_the_next(town, gateway):
    say(phone="+84903123456")
    Notice.objects.exclude(kind="received").delete()
    [claimed] = outbox.claim()  # and now the worker is killed
    assert outbox.claim() == []
    lease = Notice.objects.values_list(F("due_at") - Now(), flat=True).get()
    assert outbox.LEASE - timedelta(seconds=10) < lease <= outbox.LEASE
    due_now()  # the lease has run out
    assert [notice.pk for notice in outbox.claim()] == [claimed.pk]


def test_a_notice_that_kills_every_worker_is_buried(town):
    say(email="lan@example.vn")
    Notice.objects.exclude(kind="received").delete()
    for _ in range(outbox.MOST_ATTEMPTS):
        assert len(outbox.claim()) == 1
        due_now()
    assert outbox.claim() == []
    assert Notice.objects.get().state == NoticeState.DEAD


def test_a_lost_answer_makes_no_second_sms_where_the_gateway_honours_keys(town, gateway):
    say(phone="+84903123456")
    Notice.objects.exclude(kind="received").delete()
    gateway.answers = [599]
    worker.drain()
    due_now()
    worker.drain()
    assert len(gateway.requests) == 2
    assert len(gateway.sent) == 1
    assert Notice.objects.get().state == NoticeState.SENT


@pytest.mark.parametrize(
    ("answer", "state"),
    [(400, "dead"), (410, "dead"), (408, "ready"), (429, "ready"), (503, "ready"), (598, "ready")],
)
def test_the_gateways_answer_decides_whether_to_try_again(town, gateway, answer, state):
    say(phone="+84903123456")
    Notice.objects.exclude(kind="received").delete()
    gateway.answers = [answer]
    worker.drain()
    notice = Notice.objects.get()
    assert notice.state == state
    assert notice.last_error.startswith("gateway")


def test_a_contact_that_was_erased_is_told_nothing(town, mailbox):
    say(email="lan@example.vn")
    Contact.objects.all().delete()
    worker.drain()
    assert not mailbox.mails
    assert set(Notice.objects.values_list("state", flat=True)) == {"dropped"}


def test_without_a_carrier_nothing_goes_out_and_nothing_is_lost(town):
    say(email="lan@example.vn")
    worker.drain()
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("20:59", "20:59"),
        ("21:00", "+07:00"),
        ("23:30", "+07:00"),
        ("06:59", "07:00"),
        ("07:00", "07:00"),
    ],
)
def test_no_telephone_rings_at_night(said, told):
    hour, minute = map(int, said.split(":"))
    moment = NOON.replace(hour=hour, minute=minute)
    later = quiet.not_before(moment, Way(Audience.REPORT, 1, "sms"))
    assert f"{'+' if later.day > moment.day else ''}{later:%H:%M}" == told
    assert quiet.not_before(moment, Way(Audience.REPORT, 1, "email")) == moment


def in_minutes():
    """Return when each notice is due, in minutes from now, by id."""
    rows = Notice.objects.order_by("pk").values_list(F("due_at") - Now(), flat=True)
    return [round(one.total_seconds() / 60) for one in rows]


def test_what_failed_in_the_evening_is_tried_again_in_the_morning(town, gateway):
    say(phone="+84903123456")
    Notice.objects.exclude(kind="received").delete()
    gateway.answers = [503]
    with time_machine.travel(NOON.replace(hour=20, minute=59, second=59), tick=False):
        worker.drain()
    assert in_minutes() == [pytest.approx(10 * 60, abs=1)]
    assert len(gateway.requests) == 1


def test_dead_letters_that_ring_wait_for_the_morning_and_others_do_not(town):
    say("lan-1", phone="+84903123456")
    say("mai-1", email="mai@example.vn")
    Notice.objects.exclude(kind="received").delete()
    Notice.objects.update(state=NoticeState.DEAD)
    with time_machine.travel(NOON.replace(hour=23), tick=False):
        assert outbox.send_all_again() == 2
    assert in_minutes() == [pytest.approx(8 * 60, abs=1), pytest.approx(0, abs=1)]


def test_a_worker_whose_lease_ran_out_sends_nothing_that_another_has_sent(town, gateway):
    say(phone="+84903123456")
    slow = outbox.claim()
    due_now()  # the lease has run out
    worker.drain()
    for notice in slow:
        worker.handle(notice)
    assert len(gateway.requests) == len(slow) == 2


@pytest.mark.parametrize("permanent", [False, True])
def test_a_worker_whose_lease_ran_out_ends_nothing_that_another_is_sending(town, permanent):
    say(phone="+84903123456")
    slow, *_others = outbox.claim()
    due_now()  # the lease has run out
    theirs = next(notice for notice in outbox.claim() if notice.pk == slow.pk)
    outbox.failed(slow, CarrierFault("no end within 60 s", permanent=permanent))
    held = Notice.objects.get(pk=slow.pk)
    assert (held.state, held.due_at) == ("ready", theirs.due_at)
    outbox.sent(theirs)
    assert Notice.objects.get(pk=slow.pk).state == "sent"


def test_the_lease_of_a_slow_batch_begins_anew_with_each_message(town, gateway):
    say(phone="+84903123456")
    last = outbox.claim()[-1]
    due_now()
    assert outbox.renewed(last)
    assert last.pk not in {notice.pk for notice in outbox.claim()}


@contextmanager
def dawdler():
    """A mail server that goes on greeting without an end; yields its address."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet():
            link, _ = server.accept()
            with link, suppress(OSError):
                while not over.wait(0.02):
                    link.sendall(b"220-one moment\r\n")

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield f"smtp://127.0.0.1:{server.getsockname()[1]}"
        over.set()
        thread.join(10)


def test_a_server_that_never_comes_to_an_end_holds_no_message_longer_than_its_lease(
    town, settings, monkeypatch
):
    assert outbox.LEASE.total_seconds() > worker.LONGEST_S
    monkeypatch.setattr(worker, "LONGEST_S", 0.2)
    say(email="lan@example.vn")
    with dawdler() as settings.WARDWISE_SMTP_URL:
        notice, *_others = outbox.claim()
        worker.handle(notice)
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == ("ready", "no end within 0.2 s")


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work_and_send_nothing_twice(town, gateway):
    for number in range(12):
        say(f"lan-{number}", phone="+84903123456")
    assert Notice.objects.count() == 24

    def work():
        worker.drain()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(gateway.requests) == 24
    assert len(gateway.sent) == 24


@pytest.mark.django_db(transaction=True)
def test_a_worker_outlives_its_connection_and_hears_of_the_next_notice(town, gateway):
    going, pids = [True], []

    def work():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.extend(cursor.fetchone())
        worker.serve(lambda: bool(going))
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        say("lan-1", phone="+84903123456")
        assert soon(lambda: len(gateway.sent) == 2)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", pids)
        say("lan-2", phone="+84903123456")
        assert soon(lambda: len(gateway.sent) == 4)
    finally:
        going.clear()
        with connection.cursor() as cursor:
            cursor.execute("NOTIFY outbox")
        thread.join()


def soon(happened, seconds=20):
    """Tell whether it happens within some seconds of real time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not happened():
        time.sleep(0.05)
    return happened()
