"""Assets by failures: for offices, of what each may see, counted where a map is near enough."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from incidents import asset_layer
from incidents.models import Incident, Staff
from incidents.permissions import Role
from tests import zoo
from tests.map_ui.conftest import HERE, send
from tests.map_ui.test_desk_journeys import sign_in
from tests.map_ui.test_everyone import SHAPES, check

ADDRESS = "/map/assets.json?bbox=106.70,10.76,106.72,10.78"
METRE = 1 / 111_000


def lay():
    """A lamp with two failures, a drain with an older one, a tree without; all are near HERE."""
    lon, lat = HERE
    for place, (kind, code) in enumerate((("lamp", "L-1"), ("drain", "D-1"), ("tree", "T-1"))):
        west = lon + 200 * place * METRE
        zoo.asset(kind, (west, lat, west + 8 * METRE, lat + 8 * METRE), code=code)
    near = [(0, 0), (5 * METRE, 0), (210 * METRE, 0), (300 * METRE, 0)]
    made = [
        send(place=(lon + east, lat + north), text=str(n)) for n, (east, north) in enumerate(near)
    ]
    old = timezone.now() - timedelta(days=60)
    Incident.objects.filter(pk=made[2].incident).update(opened_at=old)
    return made


def client_of(role, **office):
    user = User.objects.create_user(role)
    Staff.objects.create(user=user, role=role, **office)
    client = Client()
    client.force_login(user)
    return client


def counts(answer):
    """Return what is told of each asset, in order: name, incidents, step."""
    told = answer.json()
    points = [one for one in told["shapes"]["features"] if one["geometry"]["type"] == "Point"]
    return [
        (
            one["properties"]["name"],
            one["properties"]["count"],
            told["steps"][one["properties"]["step"]],
        )
        for one in points
    ]


@pytest.mark.django_db
def test_an_office_sees_its_assets_by_failures_and_nobody_else_does(town, monkeypatch):
    operator = client_of(Role.OPERATOR)
    assert 'value="assets"' not in operator.get("/").content.decode()
    made = lay()
    assert 'value="assets"' in operator.get("/").content.decode()
    answer = operator.get(ADDRESS)
    assert counts(answer) == [("lamp L-1", 2, "2"), ("drain D-1", 1, "1"), ("tree T-1", 0, "0")]
    since = (timezone.localdate() - timedelta(days=30)).isoformat()
    assert [n for _, n, _ in counts(operator.get(f"{ADDRESS}&since={since}"))] == [2, 0, 0]
    # Half of the lamp is in view; what happened at the other half counts as well.
    beside = f"{HERE[0] + 4 * METRE},10.76,106.7065,10.78"
    assert counts(operator.get(f"/map/assets.json?bbox={beside}"))[0][:2] == ("lamp L-1", 2)

    anybody = Client()
    assert anybody.get(ADDRESS).status_code == 403
    assert 'value="assets"' not in anybody.get("/").content.decode()
    Incident.objects.filter(pk=made[0].incident).update(public=False)
    elsewhere = client_of(Role.AGENCY_STAFF, agency=zoo.agency("water"))
    assert counts(elsewhere.get(ADDRESS))[0][:2] == ("drain D-1", 1)
    monkeypatch.setattr(asset_layer, "MOST_INCIDENTS", 2)
    assert operator.get(ADDRESS).json()["too_many"]


@pytest.mark.browser
def test_the_layer_says_in_words_what_it_colours(site, chromium, picture):
    lay()
    context = chromium.new_context(
        viewport=SHAPES["phone"], color_scheme="dark", bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    sign_in(page, site, User.objects.create_superuser("lan"))
    page.goto(f"{site}/?layers=assets,wards#15/{HERE[1]}/{HERE[0]}")
    expect(page.locator("html[data-map=ready]")).to_be_attached()
    page.click("#legend summary")
    expect(page.locator("#asset-steps li")).to_have_count(3)
    expect(page.locator("#asset-list li").first).to_contain_text("lamp L-1")
    check(page)
    picture(page, "legend")
    page.click("#open-filters")
    check(page)
    picture(page, "sheet")
    context.close()
