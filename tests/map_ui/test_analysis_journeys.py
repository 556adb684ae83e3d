"""In a real browser: a planner asks, moves a slider, reads the answer and takes it along."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import expect

from incidents.analyses import reckoning
from incidents.models import Run, Staff
from incidents.permissions import Role
from tests.incidents.test_analyses import PLANTED, make, planted_places
from tests.map_ui.test_case_everyone import checked  # noqa: F401  a fixture
from tests.map_ui.test_desk_journeys import sign_in
from tests.map_ui.test_everyone import ready

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
    ready(page)
    expect(page.locator("html[data-analysis=ready]")).to_be_attached()


def slide(page, field, presses, key="ArrowRight"):
    slider = page.locator(f'[id="{field}"]')
    slider.focus()
    for _ in range(presses):
        page.keyboard.press(key)


def test_a_planner_asks_with_sliders_and_filters_and_takes_the_answer_along(
    site, chi, desk, picture, tmp_path
):
    make(planted_places())
    make([PLANTED] * 3, category="noise")
    open_page(desk, site, chi)
    picture(desk, "empty")
    slide(desk, "getis_ord.cell_m", 1, "ArrowLeft")
    expect(desk.locator('output[for="getis_ord.cell_m"]')).to_have_text("200 m")
    desk.locator(".pick summary").first.click()
    desk.locator("label.chip", has=desk.locator('input[value="pothole"]')).click()
    desk.locator("#run").click()
    expect(desk.locator("#progress")).to_be_visible()
    picture(desk, "waiting")
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
