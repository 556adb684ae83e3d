"""In a real browser: wards by numbers, time that plays, an address that keeps what is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from incidents.models import Incident
from tests.map_ui.conftest import HERE, send
from tests.map_ui.test_everyone import SHAPES, check

pytestmark = pytest.mark.browser


@pytest.fixture
def days(site):
    """Four incidents of two wards, opened on four days; the site's address."""
    for number in range(4):
        report = send(text="", place=(HERE[0] + number % 2 * 0.008, HERE[1] + number * 1e-4))
        opened = timezone.now() - timedelta(days=3 * number)
        Incident.objects.filter(pk=report.incident).update(opened_at=opened)
    return site


@pytest.fixture(params=[("phone", "light"), ("desk", "dark")], ids="-".join)
def reader(request, days, chromium):
    """The map near the four, before whoever asked for calm; the policy is set aside for axe."""
    shape, colours = request.param
    context = chromium.new_context(
        viewport=SHAPES[shape], color_scheme=colours, bypass_csp=True, locale="vi-VN",
        reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{days}/#14/{HERE[1]}/{HERE[0]}")
    expect(page.locator("html[data-map=ready]")).to_be_attached()
    yield page
    context.close()


def test_wards_take_colours_time_goes_on_and_the_address_keeps_it(reader, picture):
    page = reader
    choose_layers(page, picture)
    expect(page.locator("#shading-steps li")).not_to_have_count(0)
    expect(page.locator("#shading-title")).to_contain_text("km²")
    expect(page.locator("#time-said")).to_contain_text("4")
    expect(page.locator("#time-bars rect")).to_have_count(10)
    go_through_time(page, picture)
    shown = page.url
    page.goto("about:blank")
    page.goto(shown)
    expect(page.locator("#time-bars rect.chosen")).to_have_count(1)
    page.click("#time-all")
    expect(page.locator("#incident-list a")).to_have_count(4)
    assert "since=" not in page.url
    choose_a_ward(page, picture)
    choose_an_agency(page, picture)
    assert page.evaluate(WEEK_AT_NIGHT) == "since=2026-11-16"


WEEK_AT_NIGHT = """async () => {
  const { asQuery, readFilters } = await import("wardwise/filters");
  const clock = Date.now;
  Date.now = () => Date.parse("2026-11-22T20:00:00Z");
  try { return asQuery(readFilters("?period=7")); } finally { Date.now = clock; }
}"""
"""In the city it is the 23rd, three in the morning."""


def choose_layers(page, picture):
    page.click("#open-filters")
    page.check("[name=layers][value=shading]")
    page.select_option("[name=measure]", "area")
    page.check("[name=layers][value=time]")
    check(page)
    picture(page, "sheet")
    page.click(".sheet-footer .primary")
    page.click("#legend summary")


def go_through_time(page, picture):
    """With a button, which does not play for whoever asked for calm, and with the keyboard."""
    page.click("#time-play")
    expect(page.locator("#incident-list a")).to_have_count(1)
    picture(page, "first")
    page.locator("#time-at").press("ArrowRight")
    expect(page.locator("#incident-list a")).to_have_count(0)
    assert "since=" in page.url
    check(page)
    picture(page, "second")


def choose_a_ward(page, picture):
    """Two of the four lie in it; by keyboard, as somebody types who knows its name."""
    page.click("#open-filters")
    page.focus("[name=ward]")
    page.keyboard.type("Zoo 101")
    expect(page.locator("[name=ward]")).to_have_value("101")
    picture(page, "ward")
    expect(page.locator("#incident-list a")).to_have_count(2)
    assert "ward=101" in page.url
    check(page)
    page.select_option("[name=ward]", "")
    expect(page.locator("#incident-list a")).to_have_count(4)
    page.click(".sheet-footer .primary")


def choose_an_agency(page, picture):
    """Two of the four are its own; the address keeps it, and leads to the same two as a table."""
    page.click("#open-filters")
    page.select_option("[name=agency]", "ubnd-101")
    picture(page, "agency")
    expect(page.locator("#incident-list a")).to_have_count(2)
    assert "agency=ubnd-101" in page.url
    page.reload()
    expect(page.locator("[name=agency]")).to_have_value("ubnd-101")
    expect(page.locator("#incident-list a")).to_have_count(2)
    page.click("#open-filters")
    page.click("[formaction$='/export']")
    expect(page.locator("#agency")).to_have_value("ubnd-101")
    expect(page.locator("#formats-title")).to_contain_text("2")
    check(page)
