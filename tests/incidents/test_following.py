"""Following and "me too": counted once, told only after the address was proven, ended for good."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from gis_core import sql
from incidents import keys, pipeline
from incidents.errors import IncidentNotFound
from incidents.intake.web import WebForm, WebPayload
from incidents.models import AreaAlert, Contact, Event, Follower, Incident, Notice, Report
from incidents.notifications import recipients, worker
from incidents.notifications.outbox import News, put
from incidents.reaching import read_address
from incidents.services.alerting import (
    MOST_OF_ONE,
    AlertWish,
    AlertWithoutArea,
    ask_for_alert,
    confirm_alert,
)
from incidents.services.following import Following, confirm_following, follow, unfollow
from incidents.services.forgetting import forget_stale
from incidents.services.tries import ALLOWED, TooManyTries, Trying, count_try
from tests.incidents.conftest import INSIDE

LAN = Following(email="Lan@example.vn")
AGAIN = Following(email="lan@EXAMPLE.vn")


@pytest.fixture
def incident(town):
    """A pothole that everybody sees."""
    lon, lat = INSIDE
    said = WebPayload(
        lon=lon, lat=lat, category="pothole", reported_at=timezone.now(), language="vi"
    )
    pipeline.receive(WebForm().statement(said))
    return Incident.objects.get()


def too(incident):
    incident.refresh_from_db()
    return incident.too_count


def test_me_too_counts_and_can_be_taken_back(incident):
    first, second = (follow(incident.pk, Following(too=True)) for _ in range(2))
    assert too(incident) == 2
    unfollow(first)
    unfollow(first)
    assert too(incident) == 1
    unfollow(second)
    assert too(incident) == 0


def test_a_mail_program_gets_the_link_that_stops_and_reporters_mails_have_no_such(
    incident, mailbox
):
    token = follow(incident.pk, LAN)
    Contact.objects.create(report=Report.objects.get(), email="minh@example.vn")
    put(recipients.reporters(Report.objects.all()), News("received"))
    worker.drain()
    said = {mail["To"]: (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"])
            for mail in mailbox.mails}  # fmt: skip
    assert said == {
        "Lan@example.vn": (f"<http://localhost:8000/f/{token}>", "List-Unsubscribe=One-Click"),
        "minh@example.vn": (None, None),
    }


def test_the_count_disturbs_nobody_who_works_on_the_incident(incident):
    before = incident.version
    follow(incident.pk, Following(too=True))
    incident.refresh_from_db()
    assert incident.version == before


def test_one_address_follows_once_however_it_is_written(incident):
    assert follow(incident.pk, LAN) == follow(incident.pk, AGAIN)
    for phone in ("0903 123 456", "+84 903 123 456", "84903123456"):
        follow(incident.pk, Following(phone=read_address(phone).phone))
    assert Follower.objects.count() == 2


def test_an_address_hears_of_the_link_alone_until_it_is_confirmed(incident):
    token = follow(incident.pk, LAN)
    [notice] = Notice.objects.filter(follower__isnull=False)
    assert notice.kind == "confirm_following"
    assert confirm_following(token).confirmed_at is not None


def test_who_lost_the_link_gets_a_fresh_one_after_an_hour(incident):
    first = follow(incident.pk, LAN)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        second = follow(incident.pk, LAN)
    assert second != first
    assert Notice.objects.filter(follower__isnull=False).count() == 2
    assert Follower.objects.filter(ended_at=None).count() == 1


def test_a_link_that_waited_too_long_confirms_nothing(incident):
    token = follow(incident.pk, LAN)
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        with pytest.raises(keys.ConfirmedTooLate):
            confirm_following(token)
        assert unfollow(token).ended_at is not None


def test_an_address_that_nobody_confirmed_is_forgotten(incident, town):
    kept = follow(incident.pk, Following(email="minh@example.vn"))
    confirm_following(kept)
    follow(incident.pk, LAN)
    ask_for_alert(AlertWish(read_address("lan@example.vn"), ward=town.areas.first().pk))
    assert forget_stale(timezone.now()) == 0
    assert forget_stale(timezone.now() + timedelta(days=4)) == 2
    assert [one.email for one in Follower.objects.exclude(email="")] == ["minh@example.vn"]
    assert not AreaAlert.objects.exclude(email="").exists()


def test_unfollowing_forgets_the_address(incident):
    token = follow(incident.pk, LAN)
    confirm_following(token)
    assert unfollow(token).email == ""
    assert confirm_following(token).ended_at is not None, "an ended one does not come back"


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + "_", lambda t: t.split("-")[0], lambda _: "x"]
)
def test_a_token_cannot_be_made_up(incident, change):
    token = follow(incident.pk, LAN)
    with pytest.raises(keys.LinkNotKnown):
        unfollow(change(token))


def test_the_token_of_one_row_opens_no_other(incident):
    token = follow(incident.pk, LAN)
    follow(incident.pk, Following(email="minh@example.vn"))
    other = Follower.objects.get(email="minh@example.vn")
    with pytest.raises(keys.LinkNotKnown):
        unfollow(f"{other.pk}-{token.split('-', 1)[1]}")


def test_what_is_not_public_cannot_be_followed(incident):
    Incident.objects.update(public=False)
    with pytest.raises(IncidentNotFound):
        follow(incident.pk, LAN)


def test_events_name_no_address(incident):
    unfollow(follow(incident.pk, Following(email="lan@example.vn", too=True)))
    told = str(list(Event.objects.values_list("kind", "reason", "data")))
    assert "followed" in told
    assert "lan@" not in told


def test_nobody_is_pestered_with_links_for_what_others_typed(incident, town):
    wards = list(town.areas.order_by("code"))
    for ward in wards:
        ask_for_alert(AlertWish(read_address("lan@example.vn"), ward=ward.pk))
    assert Notice.objects.filter(alert__isnull=False).count() == ALLOWED[Trying.LINK_SENT]
    follow(incident.pk, LAN)
    assert not Notice.objects.filter(follower__isnull=False).exists()


def test_asking_anew_each_hour_sends_no_more_links_within_a_day(incident):
    for hour in range(0, 20, 2):
        with time_machine.travel(timezone.now() + timedelta(hours=hour)):
            token = follow(incident.pk, LAN)
    links = Notice.objects.filter(follower__isnull=False)
    assert links.count() == ALLOWED[Trying.LINK_SENT]
    with time_machine.travel(timezone.now() + timedelta(hours=20)):
        assert confirm_following(token).ended_at is None, "the last link that went out stays good"


def test_who_confirms_each_link_gets_as_many_as_they_ask_for(town):
    for ward in town.areas.order_by("code"):
        confirm_alert(ask_for_alert(AlertWish(read_address("lan@example.vn"), ward=ward.pk)))
    assert Notice.objects.filter(alert__isnull=False).count() == town.areas.count()
    assert town.areas.count() > ALLOWED[Trying.LINK_SENT]


def test_what_others_typed_takes_no_alert_from_the_owner_of_the_address(town):
    lan, ward = read_address("lan@example.vn"), town.areas.first()
    for n in range(MOST_OF_ONE):
        AreaAlert.objects.create(area=ward, email="lan@example.vn", nonce=f"n{n}", categories=["x"])
    assert confirm_alert(ask_for_alert(AlertWish(lan, ward=ward.pk))).confirmed_at
    AreaAlert.objects.update(confirmed_at=timezone.now())
    assert ask_for_alert(AlertWish(lan, ward=ward.pk, categories=("pothole",))) == ""


@pytest.mark.django_db(transaction=True)
def test_who_confirms_while_a_fresh_link_is_asked_for_stays_confirmed(incident):
    token = follow(incident.pk, LAN)
    Follower.objects.update(made_at=timezone.now() - timedelta(hours=2))
    confirmed, done = threading.Event(), threading.Event()

    def confirm():
        with transaction.atomic():
            confirm_following(token)
            confirmed.set()
            done.wait(1)
        connection.close()

    owner = threading.Thread(target=confirm)
    owner.start()
    confirmed.wait(5)
    assert follow(incident.pk, LAN) == token
    done.set()
    owner.join()
    row = Follower.objects.get()
    assert row.confirmed_at
    assert row.ended_at is None


@pytest.mark.django_db(transaction=True)
def test_the_same_wish_twice_at_once_is_one_alert(town):
    wish = AlertWish(read_address("lan@example.vn"), ward=town.areas.first().pk)
    tokens: list[str] = []
    begun = threading.Barrier(2)

    def ask():
        begun.wait()
        tokens.append(ask_for_alert(wish))
        connection.close()

    both = [threading.Thread(target=ask) for _ in range(2)]
    with transaction.atomic():
        # Held here, so that both are under way before either may write.
        sql.rows("incidents", "lock_address", {"digest": wish.address.digest})
        for one in both:
            one.start()
        both[0].join(0.3)
        assert not tokens
    for one in both:
        one.join()
    assert len(set(tokens)) == AreaAlert.objects.count() == 1


def test_the_same_alert_twice_is_one(town):
    ward = town.areas.first()
    wish = AlertWish(read_address("lan@example.vn"), ward=ward.pk, categories=("pothole",))
    assert ask_for_alert(wish) == ask_for_alert(wish)
    token = ask_for_alert(AlertWish(read_address("lan@example.vn"), ward=ward.pk))
    assert AreaAlert.objects.count() == 2
    assert confirm_alert(token).confirmed_at


@pytest.mark.parametrize("wish", [{}, {"ward": 0}])
def test_an_alert_needs_an_area(town, wish):
    with pytest.raises(AlertWithoutArea):
        ask_for_alert(AlertWish(read_address("lan@example.vn"), **wish))


def test_a_flood_from_one_address_of_the_net_is_stopped(db):
    for _ in range(ALLOWED[Trying.ALERT]):
        count_try(Trying.ALERT, "203.0.113.7")
    with pytest.raises(TooManyTries):
        count_try(Trying.ALERT, "203.0.113.7")
    count_try(Trying.FOLLOW, "203.0.113.7")
