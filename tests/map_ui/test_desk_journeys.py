"""In a real browser: the desk fills by itself, is worked by keys, and everybody can use it."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import expect

from incidents import pipeline
from incidents.actors import actor_of
from incidents.models import Incident, OwnArea, Staff
from incidents.permissions import Role
from incidents.services import Said
from map_ui import live_tokens
from map_ui.pages import desk as desk_page
from tests import zoo
from tests.map_ui.conftest import send
from tests.map_ui.test_everyone import SHAPES, check, checked  # noqa: F401  a fixture
from tests.map_ui.test_live import server  # noqa: F401  a fixture

pytestmark = pytest.mark.browser
ELSEWHERE = (106.7152, 10.7653)


@pytest.fixture
def live(site, server, settings):  # noqa: F811
    """The address of a served town whose desks are live."""
    settings.WARDWISE_EVENTS_PORT = server
    return site


@pytest.fixture
def away(site, settings):
    """The address of a served town whose events process does not answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.WARDWISE_EVENTS_PORT = probe.getsockname()[1]
    return site


def officer(name, code):
    """Return somebody of a ward's committee, who sees what it holds."""
    user = User.objects.create_user(name)
    Staff.objects.create(user=user, role=Role.AGENCY_STAFF, agency=zoo.agency(f"ubnd-{code}"))
    return user


def sign_in(page, site, user):
    """Sign in by a cookie."""
    client = Client()
    client.force_login(user)
    value = client.cookies[site_settings.SESSION_COOKIE_NAME].value
    host = urlsplit(site).hostname
    cookie = {"name": site_settings.SESSION_COOKIE_NAME, "value": value, "domain": host}
    page.context.add_cookies([{**cookie, "path": "/"}])


def open_desk(page, site, user, path="/desk"):
    """Open the desk as this user."""
    sign_in(page, site, user)
    page.goto(f"{site}{path}")
    expect(page.locator("html[data-map]")).to_be_attached()


def row(page, pk):
    return page.locator(f"#row-{pk}")


def test_the_desk_fills_by_itself_and_is_worked_by_keys(live, desk, page, picture):
    minh, tu = officer("minh", "101"), officer("tu", "102")
    first, second = (send("litter", text="").incident for _ in range(2))
    open_desk(desk, live, minh)
    open_desk(page, live, tu)
    for one in (desk, page):
        expect(one.locator("#live-sign[data-state=live]")).to_contain_text("Trực tiếp")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    expect(row(desk, second).locator(".row-link")).to_be_focused()
    expect(desk.locator(".chosen-dot")).to_have_count(1)

    third = send("litter", text="").incident
    expect(desk.locator("#arrived-rows .desk-row")).to_have_count(1)
    expect(desk.locator("#live-news")).to_have_text("1 sự cố mới")
    expect(row(desk, third)).to_contain_text("Phường Zoo 101")
    expect(row(desk, second).locator(".row-link")).to_be_focused()
    expect(desk.locator("[data-tab=open] .tab-count")).to_have_text("3")
    picture(desk, "arrived")

    desk.keyboard.press("a")
    expect(row(desk, second)).to_contain_text("Đã tiếp nhận")
    expect(row(desk, second).locator(".row-link")).to_be_focused()
    assert Incident.objects.get(pk=second).status == "accepted"

    desk.keyboard.press("k")
    desk.keyboard.press("d")
    desk.locator("#act-decline select").select_option("not_ours")
    desk.locator("#act-decline .primary").click()
    expect(row(desk, first)).to_have_count(0)
    expect(page.locator(".desk-row")).to_have_count(0)


def test_what_another_takes_away_disappears_and_the_next_one_has_the_focus(live, desk):
    minh = officer("minh", "101")
    first, second = (send("litter", text="").incident for _ in range(2))
    open_desk(desk, live, minh, "/desk?tab=new")
    expect(desk.locator("#live-sign[data-state=live]")).to_be_attached()
    desk.keyboard.press("j")
    expect(row(desk, first).locator(".row-link")).to_be_focused()
    pipeline.decline(actor_of(minh), first, Said(reason="not_ours"))
    expect(row(desk, first)).to_have_count(0)
    expect(row(desk, second).locator(".row-link")).to_be_focused()


def test_many_are_selected_with_shift_and_done_together(live, desk, picture):
    minh = officer("minh", "101")
    ids = [send("litter", text="").incident for _ in range(4)]
    open_desk(desk, live, minh)
    expect(desk.locator("#bulk-bar")).to_be_hidden()
    row(desk, ids[0]).locator("input").click()
    row(desk, ids[2]).locator("input").click(modifiers=["Shift"])
    expect(desk.locator("#bulk-count")).to_have_text("Đã chọn 3")
    Incident.objects.filter(pk=ids[1]).update(version=9)
    desk.click("#bulk-bar [data-act=accept]")
    expect(desk.locator("#outcome h2")).to_contain_text("2 sự cố")
    expect(desk.locator(".failed-list li")).to_contain_text(f"#{ids[1]}")
    picture(desk, "outcome")
    desk.keyboard.press("Escape")
    expect(desk.locator("#bulk-bar")).to_be_hidden()
    desk.keyboard.press("?")
    expect(desk.locator("#help")).to_be_visible()


def test_filters_and_tabs_change_the_list_and_the_address_without_loading(live, desk):
    minh = officer("minh", "101")
    litter, weeds = send("litter", text="").incident, send("pothole", text="").incident
    area = OwnArea.objects.create(
        owner=minh, name="Góc", shape=zoo.box(106.7001, 10.7601, 106.7002, 10.7602)
    )
    open_desk(desk, live, minh)
    desk.evaluate("window.loadedOnce = true")
    desk.click("#toggle-filters")
    desk.select_option("#filter-category", "litter")
    expect(desk.locator(".desk-row")).to_have_count(1)
    expect(row(desk, litter)).to_be_visible()
    assert "category=litter" in desk.url
    desk.select_option("#filter-category", "")
    desk.select_option("#filter-area", str(area.pk))
    expect(desk.locator("#desk-empty")).to_contain_text("bộ lọc")
    desk.go_back()
    desk.click("#desk-tabs [data-tab=ended]")
    expect(desk.locator("#map-note")).to_be_visible()
    expect(desk.locator("#desk-empty")).to_be_visible()
    desk.go_back()
    expect(desk.locator(".desk-row")).not_to_have_count(0)
    assert desk.evaluate("window.loadedOnce")
    assert weeds


def test_a_case_opens_beside_the_list_and_closes_where_one_was(live, desk):
    minh = officer("minh", "101")
    pk = send("litter", text="").incident
    open_desk(desk, live, minh)
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.locator("#desk-case .case")).to_be_visible()
    desk.locator("#desk-case [data-step=accept] button").click()
    expect(row(desk, pk)).to_contain_text("Đã tiếp nhận")
    desk.keyboard.press("Escape")
    expect(desk.locator("#desk-case")).to_be_hidden()
    expect(row(desk, pk).locator(".row-link")).to_be_focused()


def test_what_could_not_be_asked_at_once_is_asked_again(live, desk, monkeypatch):
    monkeypatch.setattr(desk_page, "MOST_AT_ONCE", 2)
    minh, refused = officer("minh", "101"), []

    def once(route):
        refused.append(route.request.url)
        route.abort() if len(refused) == 1 else route.continue_()

    desk.route("**/desk/rows?*", once)
    open_desk(desk, live, minh)
    expect(desk.locator("#live-sign[data-state=live]")).to_be_attached()
    for pk in [send("litter", text="").incident for _ in range(5)]:
        expect(row(desk, pk)).to_be_visible()
    assert len(refused) > 3


def test_while_the_stream_is_away_a_sign_says_so_and_loading_again_works(away, desk):
    minh = officer("minh", "101")
    open_desk(desk, away, minh)
    expect(desk.locator("#live-sign[data-state=away]")).to_contain_text("Mất đường trực tiếp")
    pk = send("litter", text="").incident
    desk.click("#reload")
    expect(row(desk, pk)).to_be_visible()


def test_with_a_permission_that_is_too_old_it_fetches_another_and_misses_nothing(
    live, desk, monkeypatch
):
    minh, sound, missed = officer("minh", "101"), live_tokens.token_for, []

    def stale_at_first(actor):
        """Let something happen after the list was read, before anybody listens."""
        if missed:
            return sound(actor)
        missed.append(send("litter", text="").incident)
        return "stale"

    monkeypatch.setattr(live_tokens, "token_for", stale_at_first)
    open_desk(desk, live, minh)
    expect(desk.locator("#live-sign[data-state=live]")).to_be_attached()
    expect(row(desk, missed[0])).to_be_visible()


def test_an_area_is_drawn_by_keys_alone(site, desk, picture):
    minh = officer("minh", "101")
    send("litter", text="")
    open_desk(desk, site, minh, "/desk/areas")
    desk.fill("#area-name", "Quanh chợ")
    desk.locator("#map canvas").focus()
    for key in ("ArrowLeft", "ArrowUp", "ArrowRight"):
        for _ in range(3):
            desk.keyboard.press(key)
        desk.wait_for_timeout(500)
        desk.keyboard.press("Space")
    expect(desk.locator("#corner-count")).to_contain_text("3 góc")
    picture(desk, "drawn")
    desk.click("main form#own-area-form > .primary")
    desk.wait_for_url("**/desk?area=*")
    assert OwnArea.objects.get().name == "Quanh chợ"


@pytest.fixture(params=[("light", "phone"), ("dark", "desk")], ids=["phone", "desk"])
def dressing(request):
    return request.param


@pytest.fixture
def colours(dressing):
    return dressing[0]


@pytest.fixture
def shape(dressing):
    return dressing[1]


def test_everybody_can_use_the_desk(live, checked, shape, picture):  # noqa: F811
    page, minh = checked, officer("minh", "101")
    for category in ("litter", "pothole"):
        send(category, text="")
    Incident.objects.filter(category="pothole").update(
        due_at="2026-01-01T00:00Z", needs_triage=True
    )
    open_desk(page, live, minh)
    check(page)
    page.click("#toggle-filters")
    page.click("#views summary")
    page.locator(".desk-row input").first.check()
    picture(page, shape)
    check(page)
    page.click("#bulk-bar [data-act=decline]")
    check(page)
    page.keyboard.press("Escape")
    page.click("#open-help")
    check(page)
    page.keyboard.press("Escape")
    if shape == "phone":
        page.click(".desk-switch [data-side=map]")
        check(page)
    page.goto(f"{live}/desk/areas")
    expect(page.locator("html[data-map=ready]")).to_be_attached()
    check(page)
