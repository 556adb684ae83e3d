"""In a real browser: a citizen answers on a phone, with a photo; everybody can use these pages."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from incidents import keys, links, services
from incidents.actors import actor_of
from incidents.made_up import crowd
from incidents.models import (
    AreaAlert,
    Contact,
    Follower,
    Incident,
    Link,
    LoginCode,
    Report,
    WorkPhoto,
)
from incidents.photos import clean
from incidents.said import Said
from incidents.workflow import Step
from map_ui.pages import results
from tests.map_ui.conftest import HERE, photo, send
from tests.map_ui.test_everyone import SHAPES, check

pytestmark = pytest.mark.browser


@pytest.fixture
def claimed(site):
    """A report whose agency says, with a photo, that it is fixed."""
    report = send(photos=[photo()])
    Contact.objects.create(report=Report.objects.get(), email="lan@example.vn")
    claim()
    return report


def claim():
    admin = actor_of(User.objects.create_superuser("admin", password="admin"))
    said = Said(words="Đã vá xong mặt đường, rải nhựa mới.", photos=(clean(photo()),))
    services.take(admin, Incident.objects.get().pk, Step.CLAIM_DONE, said)


def answer_link(site):
    return f"{site}/a/{links.token_of(Link.objects.get(purpose='answer'))}"


def test_a_citizen_disputes_with_a_photo_by_the_link_of_the_notice(site, claimed, page, picture):
    page.goto(answer_link(site))
    picture(page, "link")
    page.click(".not-fixed summary")
    page.fill("#dispute-words", "Mưa xong lại lún, vẫn còn ổ gà.")
    still = photo(size=(1200, 900))
    files = [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": still}]
    page.set_input_files("#photos-dispute", files)
    expect(page.locator("#dispute [data-previews] img")).to_have_count(1)
    picture(page, "dispute")
    page.click("button[value=dispute]")
    page.wait_for_url(f"**/t/{claimed.code}?thanks=dispute")
    expect(page.locator(".thanks")).to_contain_text("đã được mở lại")
    expect(page.locator(".standing .status")).to_have_text("Đã chuyển")
    sent = page.locator(f'.timeline img[src*="{WorkPhoto.objects.last().sha256}"]')
    sent.scroll_into_view_if_needed()
    assert sent.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    picture(page, "disputed")
    page.goto(answer_link(site))
    expect(page.locator("h1")).to_have_text("Liên kết này đã hết hiệu lực")
    picture(page, "over")


def test_a_citizen_thanks_and_rates_with_one_thumb(site, claimed, page, picture):
    page.goto(f"{site}/t/{claimed.code}")
    picture(page, "asked")
    page.click("button[value=confirm]")
    page.wait_for_url("**?thanks=confirm")
    page.click(".star >> nth=3")
    page.click(".rating .chip >> nth=0")
    page.locator("#rate").scroll_into_view_if_needed()
    picture(page, "rating")
    page.click("button[value=rate]")
    expect(page.locator(".rated")).to_contain_text("4 trên 5 sao")
    assert Incident.objects.get().status == "closed"


def test_me_too_is_counted_on_the_map(site, page, picture):
    send()
    incident = Incident.objects.get()
    page.goto(f"{site}/#17/{incident.position.y}/{incident.position.x}")
    expect(page.locator("#incident-list a")).to_have_count(1)
    page.evaluate("document.querySelector('#incident-list a').click()")
    too = page.locator("[data-too] button")
    too.click()
    expect(too).to_have_attribute("aria-pressed", "true")
    expect(too).to_be_focused()
    picture(page, "card")
    assert Incident.objects.get().too_count == 1
    too.click()
    expect(too).to_have_attribute("aria-pressed", "false")


def test_a_circle_is_put_on_the_map_by_a_touch(site, page, picture):
    page.goto(f"{site}/alerts?lat={HERE[1]}&lon={HERE[0]}")
    expect(page.locator("#map-message")).to_be_hidden()
    page.locator(".circle-map").scroll_into_view_if_needed()
    page.tap("#map", position={"x": 100, "y": 100})
    expect(page.locator("#lon")).not_to_have_value(str(HERE[0]))
    page.wait_for_timeout(800)
    picture(page, "circle")
    page.fill("#address", "lan@example.vn")
    page.click("main form button.primary >> nth=-1")
    expect(page.locator(".notice-calm")).to_be_visible()
    assert AreaAlert.objects.get().radius_m == 500


@pytest.fixture(params=["light phone", "dark desk"])
def reader(request, chromium, site):
    """Whoever reads: on a phone by day, at a desk by night; axe needs the policy set aside."""
    colours, shape = request.param.split()
    context = chromium.new_context(
        viewport=SHAPES[shape], color_scheme=colours, bypass_csp=True, locale="vi-VN"
    )
    yield context.new_page()
    context.close()


def test_the_answers_pages_are_for_everyone(site, claimed, reader, picture):
    reader.goto(answer_link(site))
    reader.click(".not-fixed summary")
    check(reader)
    reader.goto(f"{site}/t/{claimed.code}?thanks=rate")
    expect(reader.locator("html[data-map=ready]")).to_be_attached()
    check(reader)
    picture(reader, "track")
    reader.goto(f"{site}/a/nothing")
    check(reader)


def test_following_and_alerts_are_for_everyone(site, reader, picture):
    send()
    incident = Incident.objects.get()
    reader.goto(f"{site}/i/{incident.pk}/follow")
    reader.fill("#address", "lan")
    reader.click("main form button.primary")
    check(reader)
    reader.fill("#address", "lan@example.vn")
    reader.click("main form button.primary")
    check(reader)
    reader.goto(f"{site}/f/{keys.token_of(Follower.objects.get())}")
    check(reader)
    picture(reader, "following")
    reader.goto(f"{site}/alerts?ward=101")
    reader.click(".circle summary")
    expect(reader.locator("html[data-map=ready]")).to_be_attached()
    reader.click("details.panel summary")
    check(reader)
    picture(reader, "alerts")
    reader.fill("#address", "lan@example.vn")
    reader.click("main form button.primary >> nth=-1")
    expect(reader.locator(".notice-calm")).to_be_visible()
    reader.goto(f"{site}/alerts/{keys.token_of(AreaAlert.objects.get())}")
    check(reader)
    picture(reader, "alert")


def test_my_reports_are_for_everyone(site, claimed, reader, picture):
    reader.goto(f"{site}/me")
    check(reader)
    picture(reader, "sign-in")
    reader.fill("#address", "lan@example.vn")
    reader.press("#address", "Enter")
    expect(reader.locator("#code")).to_be_visible()
    check(reader)
    picture(reader, "code")
    reader.fill("#code", keys.code_of(LoginCode.objects.get()))
    reader.press("#code", "Enter")
    expect(reader.locator(".my-line")).to_have_count(1)
    check(reader)
    picture(reader, "list")
    reader.goto(f"{site}/me/erase")
    check(reader)
    picture(reader, "erase")


def test_the_results_are_for_everyone(site, reader, picture):
    crowd.make(800, 5)
    results.forget()
    reader.goto(f"{site}/results")
    check(reader)
    reader.select_option("#by", "honest")
    reader.click(".results-choice button")
    expect(reader.locator("table.results >> nth=0")).to_contain_text("%")
    picture(reader, "results")
