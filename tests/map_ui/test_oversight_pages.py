"""Auditors read the record of events; a browser shows it as they see it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from incidents.models import Incident, Staff
from incidents.permissions import Role
from tests.map_ui.axe import violations
from tests.map_ui.conftest import send

pytestmark = pytest.mark.browser
LOOKS = [
    ({"width": 390, "height": 844}, "light", "vi-VN"),
    ({"width": 1440, "height": 900}, "dark", "en-US"),
]


@pytest.fixture
def an(transactional_db):
    """An's office is oversight."""
    user = User.objects.create_user("an", password="an-an")
    Staff.objects.create(user=user, role=Role.OVERSIGHT)
    return user


@pytest.mark.parametrize(("viewport", "colours", "locale"), LOOKS, ids=["phone", "desk"])
def test_an_auditor_follows_an_event_to_its_incident(chromium, site, an, viewport, colours, locale):
    send()
    incident = Incident.objects.get()
    context = chromium.new_context(
        viewport=viewport, color_scheme=colours, locale=locale, bypass_csp=True
    )
    page = context.new_page()
    page.goto(f"{site}/oversight")
    page.fill("#username", "an")
    page.fill("#password", "an-an")
    page.press("#password", "Enter")
    expect(page.locator(".ledger tbody tr")).to_have_count(3)
    assert not violations(page)
    page.click(f".ledger a >> text={incident.pk}")
    expect(page.locator(".verdict-on")).to_have_count(2)
    assert not violations(page)
    context.close()
