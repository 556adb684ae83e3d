"""In a real browser: a planner asks, moves a slider, reads the answer and takes it along."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import geopandas
import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from districts.models import Category
from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents.actors import actor_of
from incidents.analyses import asking, files, question, reckoning
from incidents.models import Run, Staff
from incidents.permissions import Role
from tests import zoo
from tests.browser import PICTURES
from tests.incidents.test_analyses import PLANTED, make, planted_places
from tests.incidents.test_surface import patient  # noqa: F401  a fixture
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


def many(number):
    """Open so many incidents, most of them everywhere, a tenth within 200 m of one place."""
    chance = np.random.default_rng(5)
    south_of_the_gap = (zoo.WEST + 0.03, zoo.SOUTH + 0.02)
    places = chance.uniform((zoo.WEST, zoo.SOUTH), south_of_the_gap, (number, 2))
    few = number // 10
    places[:few] = np.asarray(PLANTED) + chance.normal(0, 0.001, (few, 2))
    cells = [cell_code(LonLat(*place)) for place in places.tolist()]
    with connection.cursor() as cursor:
        cursor.execute(MANY, [*places.T.tolist(), cells, another()])


MANY = """
INSERT INTO incidents_incident (category_id, status, public, position, cell, opened_at, accuracy_m,
    needs_triage, check_after, report_count, updated_at, version)
SELECT CASE WHEN n %% 3 = 0 THEN other ELSE 'pothole' END, 'assigned', true,
    ST_SetSRID(ST_MakePoint(lon, lat), 4326), cell, now() - n %% 60 * interval '1 day', 5, false,
    false, 1, now(), 1
FROM unnest(%s::float8[], %s::float8[], %s::bigint[]) WITH ORDINALITY AS t (lon, lat, cell, n),
    (SELECT %s::text AS other) AS o
"""


def test_a_planner_asks_with_sliders_and_filters_and_takes_the_answer_along(
    site, chi, desk, picture, tmp_path, patient  # noqa: F811
):  # fmt: skip
    many(30_000)
    call_command("columns", "build", verbosity=0)
    open_page(desk, site, chi)
    expect(desk.locator("#live-words")).to_contain_text("30.000 sự cố")
    expect(desk.locator("#draw-frame")).to_have_attribute("data-surface", "yes")
    shown = desk.locator("#live-steps").inner_text()
    desk.evaluate("window.loadedOnce = true")
    with desk.expect_response(re.compile(r"surface\?.*cell_m=200")) as answer:
        slide(desk, "getis_ord.cell_m", 1, "ArrowLeft")
    assert json.loads(answer.value.headers["wardwise-surface"])["source"] == "columns"
    expect(desk.locator("#live")).to_have_attribute("data-asked", re.compile("cell_m=200"))
    assert desk.locator("#live-steps").inner_text() != shown
    assert desk.evaluate("window.loadedOnce")
    desk.locator(".pick summary").first.click()
    desk.locator("label.chip", has=desk.locator('input[value="pothole"]')).click()
    desk.locator("#run").click()
    expect(desk.locator("#says")).to_contain_text("20.000 sự cố")
    expect(desk.locator("#draw-frame")).to_have_attribute("data-places", re.compile("[1-9]"))
    first = desk.locator("#ranked tbody tr", has_text="103").first
    first.locator(".place").focus()
    desk.keyboard.press("Enter")
    expect(first).to_have_class("chosen")
    picture(desk, "result")
    with desk.expect_download() as taken:
        desk.locator(".downloads a", has_text="GeoPackage").click()
    taken.value.save_as(tmp_path / "result.gpkg")
    told, run = geopandas.read_file(tmp_path / "result.gpkg"), Run.objects.get()
    assert len(told) == len(files.layer(run.result)) > 100
    assert told["count"].sum() == 20_000
    assert run.question["parameters"]["cell_m"] == 200


def test_what_takes_longer_tells_how_far_it_is_until_it_is_there(site, chi, page, picture):
    make(planted_places())
    open_page(page, site, chi)
    page.locator("#method").select_option("space_time")
    page.locator("#run").click()
    expect(page.locator("#progress")).to_be_visible()
    run = Run.objects.get()
    Run.objects.update(state="running", progress=40, began_at=timezone.now(), leased_until=None)
    expect(page.locator("#state-words")).to_contain_text("không cho biết đã đến đâu")
    expect(page.locator("#bar:not([value])")).to_be_visible()
    picture(page, "blind")
    Run.objects.update(state="waiting")
    assert reckoning.reckon_next(timezone.now(), run.pk)
    expect(page.locator("#says")).to_contain_text("210 sự cố")
    page.locator("#period").select_option("free")
    assert page.evaluate("document.documentElement.scrollWidth") == 390, "nothing goes sideways"
    assert page.locator(".scroll").first.evaluate("it => it.scrollWidth <= it.clientWidth")
    page.locator("#table-title").scroll_into_view_if_needed()
    picture(page, "cards")


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


def test_the_open_page_is_in_sight_in_a_menu_wider_than_the_phone(site, chi, chromium):
    Staff.objects.update(role=Role.ADMINISTRATOR)
    page = chromium.new_context(viewport=SHAPES["phone"], locale="vi-VN").new_page()
    page.goto(f"{site}/login/?next=/analysis")
    page.fill("#username", "chi")
    page.fill("#password", "chi")
    page.press("#password", "Enter")
    everyone.ready(page)
    menu = page.locator(".site-header nav")
    assert menu.evaluate("it => it.scrollWidth > it.clientWidth")
    expect(menu.locator("[aria-current]")).to_be_in_viewport(ratio=1)
    page.context.close()
