"""In a real browser: a planner asks, moves a slider, reads the answer and takes it along."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import expect

from districts.models import Category
from incidents.actors import actor_of
from incidents.analyses import asking, question, reckoning
from incidents.models import Run, Staff
from incidents.permissions import Role
from tests.browser import PICTURES
from tests.incidents.test_analyses import PLANTED, make, planted_places
from tests.map_ui import test_everyone as everyone
from tests.map_ui.test_desk_journeys import sign_in
from tests.map_ui.test_everyone import SHAPES

pytestmark = pytest.mark.browser


@pytest.fixture
def chi(transactional_db):
    """Chi is a planner."""
    user = User.objects.create_user("chi", password="chi")
    Staff.objects.create(user=user, role=Role.PLANNER)
    return user


def open_page(page, site, user, path="/analysis"):
    sign_in(page, site, user)
    page.goto(f"{site}{path}")
    everyone.ready(page)
    expect(page.locator("html[data-analysis=ready]")).to_be_attached()


def another():
    """A category beside potholes that is not sensitive."""
    known = Category.objects.filter(sensitive=False, active=True).exclude(pk="pothole")
    return known.first().pk


def slide(page, field, presses, key="ArrowRight"):
    slider = page.locator(f'[id="{field}"]')
    slider.focus()
    for _ in range(presses):
        page.keyboard.press(key)


def test_a_planner_asks_with_sliders_and_filters_and_takes_the_answer_along(
    site, chi, desk, picture, tmp_path
):
    make(planted_places())
    make([PLANTED] * 3, category=another())
    open_page(desk, site, chi)
    slide(desk, "getis_ord.cell_m", 1, "ArrowLeft")
    expect(desk.locator('output[for="getis_ord.cell_m"]')).to_have_text("200 m")
    expect(desk.locator("#live")).to_have_attribute("data-asked", re.compile("cell_m=200"))
    expect(desk.locator("#live-words")).to_contain_text("213 sự cố")
    expect(desk.locator("#draw-frame")).to_have_attribute("data-surface", "yes")
    picture(desk, "live")
    desk.locator(".pick summary").first.click()
    desk.locator("label.chip", has=desk.locator('input[value="pothole"]')).click()
    desk.locator("#run").click()
    expect(desk.locator("#progress")).to_be_visible()
    assert reckoning.reckon_next(timezone.now())
    expect(desk.locator("#says")).to_contain_text("210 sự cố")
    expect(desk.locator("#draw-frame")).to_have_attribute("data-places", re.compile("[1-9]"))
    first = desk.locator("#ranked tbody tr").first
    expect(first).to_contain_text("103")
    first.locator(".place").focus()
    desk.keyboard.press("Enter")
    expect(first).to_have_class("chosen")
    picture(desk, "result")
    with desk.expect_download() as taken:
        desk.locator(".downloads a", has_text="GeoJSON").first.click()
    path = Path(tmp_path / "result.geojson")
    taken.value.save_as(path)
    told = json.loads(path.read_text(encoding="utf-8"))
    assert sum(one["properties"]["count"] for one in told["features"]) == 210
    assert Run.objects.get().question["parameters"]["cell_m"] == 200


@pytest.mark.parametrize(("shape", "colours"), [("phone", "light"), ("desk", "dark")])
def test_these_pages_are_for_everyone(site, chi, chromium, shape, colours, picture):
    make(planted_places())
    planner, today = actor_of(chi), timezone.localdate()
    asked = question.read({"method": "getis_ord", "parameters": {"cell_m": 200}})
    run = asking.ask(planner, asked, "Ổ gà quanh phường")
    after, before = (
        asking.ask_again(
            planner, run.analysis.token, tuple(today - timedelta(days=n) for n in days)
        )
        for days in ((30, 0), (61, 31))
    )
    while reckoning.reckon_next(timezone.now()):
        pass
    # The policy is set aside for axe alone.
    context = chromium.new_context(
        viewport=SHAPES[shape], color_scheme=colours, bypass_csp=True, locale="vi-VN"
    )
    page, one = context.new_page(), f"/analysis/{run.analysis.token}"
    open_page(page, site, chi, f"{one}?run={run.pk}")
    expect(page.locator("#draw-frame")).to_have_attribute("data-places", re.compile("[1-9]"))
    everyone.check(page)
    page.screenshot(path=PICTURES / f"analysis-{shape}-{colours}.png", full_page=True)
    page.goto(f"{site}{one}/compare?run={after.pk}&with={before.pk}")
    everyone.ready(page)
    expect(page.locator("#draw-frame")).to_have_attribute("data-places", re.compile("[0-9]"))
    picture(page, "compare")
    everyone.check(page)
    page.goto(f"{site}/analysis")
    everyone.ready(page)
    expect(page.locator("#live-words")).to_contain_text("210")
    page.locator("#period").scroll_into_view_if_needed()
    picture(page, "start")
    everyone.check(page)
    context.close()
