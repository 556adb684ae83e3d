"""Signing in by a code: to one's own reports alone, and nobody learns who reports."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from incidents import keys, pipeline
from incidents.intake.web import WebForm, WebPayload
from incidents.models import Contact, Event, Follower, LoginCode, Notice, Report
from incidents.reaching import read_address
from incidents.services.erasing import erase_contacts
from incidents.services.following import Following, follow
from incidents.services.forgetting import forget_stale
from incidents.services.logging_in import (
    MOST_AN_HOUR,
    MOST_ATTEMPTS,
    CodeDoesNotFit,
    ask_for_code,
    sign_in,
)
from tests.incidents.conftest import INSIDE

LAN = read_address("lan@example.vn")


def report(email="", phone=""):
    """Return the row of a report by somebody who gave this contact."""
    lon, lat = INSIDE
    said = WebPayload(
        lon=lon, lat=lat, category="pothole", reported_at=timezone.now(), language="vi",
        email=email, phone=phone,
    )  # fmt: skip
    return Report.objects.get(pk=pipeline.receive(WebForm().statement(said)).report_id)


def wrong(login):
    return f"{(int(keys.code_of(login)) + 1) % 10**6:06}"


@pytest.fixture
def login(town):
    report(email="lan@example.vn")
    return LoginCode.objects.get(pk=ask_for_code(LAN))


def test_the_code_that_was_sent_opens_once(login):
    typed = keys.code_of(login)
    assert sign_in(login.pk, f" {typed[:3]} {typed[3:]}").contact.email == "lan@example.vn"
    with pytest.raises(CodeDoesNotFit):
        sign_in(login.pk, typed)


def test_a_code_is_good_for_ten_minutes(login):
    later = timezone.now() + timedelta(minutes=11)
    with time_machine.travel(later), pytest.raises(CodeDoesNotFit):
        sign_in(login.pk, keys.code_of(login))


def test_five_wrong_tries_use_a_code_up(login):
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(CodeDoesNotFit):
            sign_in(login.pk, wrong(login))
    with pytest.raises(CodeDoesNotFit):
        sign_in(login.pk, keys.code_of(login))


def test_an_address_gets_three_codes_an_hour_over_all_its_reports(login):
    report(email="LAN@example.vn")
    asked = [ask_for_code(LAN) for _ in range(MOST_AN_HOUR)]
    assert [bool(one) for one in asked] == [True, True, False]
    assert Notice.objects.filter(login__isnull=False).count() == MOST_AN_HOUR


def test_who_is_not_known_gets_nothing_and_opens_nothing(login):
    assert ask_for_code(read_address("minh@example.vn")) == 0
    with pytest.raises(CodeDoesNotFit):
        sign_in(0, keys.code_of(login))


def test_codes_differ_and_are_kept_nowhere(login):
    other = LoginCode.objects.get(pk=ask_for_code(LAN))
    assert keys.code_of(login) != keys.code_of(other) or login.nonce != other.nonce
    kept = str(list(LoginCode.objects.values()) + list(Notice.objects.values()))
    assert keys.code_of(login) not in kept


def test_codes_that_are_over_are_not_kept(login):
    assert forget_stale(timezone.now() + timedelta(hours=1)) == 0
    assert forget_stale(timezone.now() + timedelta(hours=3)) > 0
    assert not LoginCode.objects.exists()


def test_erasing_a_contact_keeps_the_reports_and_nobody_elses_contact(town):
    mine, others = report(email="lan@example.vn"), report(email="minh@example.vn")
    follow(others.memberships.get().incident_id, Following(email="lan@example.vn"))
    assert erase_contacts(LAN) == 1
    assert Report.objects.count() == 2
    assert [contact.report for contact in Contact.objects.all()] == [others]
    assert not Follower.objects.exclude(email="").exists()
    erased = Event.objects.get(kind="contact_erased")
    assert (erased.report, erased.data) == (mine, {})
