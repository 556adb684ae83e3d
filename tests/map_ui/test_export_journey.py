"""In a real browser: from the map to a file, under the same filters, and back as rows and a map."""

from __future__ import annotations

import geopandas as gpd
import pyogrio
import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import expect

from incidents.models import Incident, Staff
from incidents.permissions import Role
from tests.map_ui.conftest import HERE, send

pytestmark = pytest.mark.browser


@pytest.fixture
def planned(site, desk):
    """Two potholes and a flood in ward 101, a pothole in the next; Chi, a planner, is logged in."""
    for category, east in (("pothole", 0), ("pothole", 1e-4), ("flooding", 0), ("pothole", 0.008)):
        send(category, (HERE[0] + east, HERE[1]), text="")
    chi = User.objects.create_user("chi")
    Staff.objects.create(user=chi, role=Role.PLANNER)
    client = Client()
    client.force_login(chi)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    desk.context.add_cookies([{**cookie, "url": site}])
    desk.goto(f"{site}/?category=pothole&agency=ubnd-101#14/{HERE[1]}/{HERE[0]}")
    expect(desk.locator("html[data-map=ready]")).to_be_attached()
    expect(desk.locator("#incident-list a")).to_have_count(2)
    desk.click("#open-filters")
    return desk


def taken(page, selector, folder):
    """Return the file that is downloaded where this is clicked."""
    with page.expect_download() as waiting:
        page.click(selector)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_a_planner_takes_from_the_map_what_it_shows(planned, chromium, tmp_path, picture):
    file = taken(planned, "[formaction$='/export/map.html']", tmp_path)
    planned.click("[formaction$='/export']")
    expect(planned.locator("[name=category]:checked")).to_have_value("pothole")
    expect(planned.locator("#agency")).to_have_value("ubnd-101")
    expect(planned.locator("#formats-title")).to_contain_text("2")
    picture(planned, "export")
    wanted = Incident.objects.filter(category="pothole", agency__code="ubnd-101")
    for extension, read in (("gpkg", pyogrio.read_dataframe), ("parquet", gpd.read_parquet)):
        path = taken(planned, f"[href*='incidents.{extension}?']", tmp_path)
        rows = read(path)
        assert (set(rows["id"]), rows.crs.to_epsg()) == ({one.pk for one in wanted}, 4326)
        shown = {(one.x, one.y) for one in rows.geometry}
        assert shown == {tuple(round(d, 6) for d in one.position.coords) for one in wanted}
    look_offline(file, chromium, picture)


def look_offline(file, chromium, picture):
    """Its map shows the same two as one cluster, and says what it was asked for."""
    with chromium.new_context(offline=True, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        expect(page.locator(".leaflet-container canvas.leaflet-heatmap-layer")).to_be_attached()
        page.click("summary")
        told = page.locator(".about")
        for words in ("Ổ gà", "UBND Phường 101", "Nguồn: Wardwise", "ít", "1"):
            expect(told).to_contain_text(words)
        picture(page, "offline")
        page.click("summary")
        page.hover(".leaflet-control-layers")
        for box in page.locator(".leaflet-control-layers-selector").all():
            box.check()
        expect(page.locator(".group")).to_have_text("2")
        picture(page, "offline-all")
