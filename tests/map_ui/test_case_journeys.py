"""In a real browser: an officer claims done with a photo, by thumb and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from incidents import services
from incidents.actors import actor_of
from incidents.models import Incident, WorkPhoto
from incidents.permissions import Role
from incidents.workflow import Step
from tests.map_ui.conftest import photo, send
from tests.map_ui.test_case_pages import officer

pytestmark = pytest.mark.browser
FILE = {"name": "after.jpg", "mimeType": "image/jpeg"}


@pytest.fixture
def incident(site):
    send(photos=[photo()])
    return Incident.objects.get()


def sign_in(page, site, name, then):
    page.goto(f"{site}/login/?next={then}")
    page.fill("#username", name)
    page.fill("#password", f"{name}-{name}")
    page.press("#password", "Enter")
    expect(page.locator("#case-title")).to_be_visible()


def test_an_officer_claims_done_by_thumb_with_a_photo(site, incident, page, picture):
    officer("minh", Role.AGENCY_STAFF, agency=incident.agency)
    sign_in(page, site, "minh", f"/case/{incident.pk}")
    expect(page.locator("html[data-map=ready]")).to_be_attached()
    picture(page, "opened")
    page.locator("[data-step=accept] button").tap()
    expect(page.locator(".case-told")).to_contain_text("Đã nhận việc")
    page.locator("[data-step=claim_done] summary").tap()
    page.set_input_files(
        "[data-step=claim_done] [data-camera]", [{**FILE, "buffer": photo(size=(3000, 2000))}]
    )
    expect(page.locator("[data-step=claim_done] .photo-previews img")).to_have_count(1)
    form = page.locator(".case-form[data-step=claim_done]")
    form.locator("[data-reply]").select_option(label="Đã vá mặt đường")
    expect(form.locator("textarea")).to_have_value(
        "Mặt đường đã được vá và dọn sạch, xe cộ đi lại bình thường."
    )
    picture(page, "claim")
    form.locator("button.primary").tap()
    expect(page.locator(".case-marks .status")).to_have_text("Báo đã xong")
    expect(page.locator(".case .photo-strip img").first).to_be_visible()
    picture(page, "claimed")
    kept = WorkPhoto.objects.get()
    assert (kept.shows, max(kept.width, kept.height)) == ("after", 1600)


def test_the_same_by_keyboard_at_a_desk(site, incident, desk, picture):
    officer("minh", Role.AGENCY_STAFF, agency=incident.agency)
    sign_in(desk, site, "minh", f"/case/{incident.pk}")
    expect(desk.locator("html[data-map=ready]")).to_be_attached()
    desk.locator("[data-step=claim_done] summary").focus()
    desk.keyboard.press("Enter")
    desk.set_input_files(
        ".case-form[data-step=claim_done] [data-gallery]", [{**FILE, "buffer": photo()}]
    )
    expect(desk.locator("[data-step=claim_done] .photo-previews img")).to_have_count(1)
    desk.locator("#words-claim_done").focus()
    desk.keyboard.type("Đã vá ổ gà")
    picture(desk, "claim")
    desk.locator(".case-form[data-step=claim_done] button.primary").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".case-marks .status")).to_have_text("Báo đã xong")
    expect(desk.locator("[data-focus]")).to_be_focused()
    picture(desk, "claimed")


def test_what_others_do_is_shown_unless_something_was_typed(site, incident, desk):
    minh = officer("minh", Role.AGENCY_STAFF, agency=incident.agency)
    sign_in(desk, site, "minh", f"/case/{incident.pk}")
    services.add_note(actor_of(minh), incident.pk, "Gọi lại trước khi đến")
    come_back(desk)
    expect(desk.locator(".case")).to_contain_text("Gọi lại trước khi đến")
    desk.locator("[data-step=claim_done] summary").click()
    desk.fill("#words-claim_done", "Đã vá ổ gà")
    services.take(actor_of(minh), incident.pk, Step.ACCEPT)
    come_back(desk)
    expect(desk.locator(".case-told")).to_contain_text("vừa có người")
    desk.locator(".case-form[data-step=claim_done] button.primary").click()
    expect(desk.locator(".case-form[data-step=claim_done]")).to_contain_text("incident.changed")
    expect(desk.locator("#words-claim_done")).to_have_value("Đã vá ổ gà")
    expect(desk.locator(".case-marks .status")).to_have_text("Đã tiếp nhận")


def come_back(page):
    """As if the window had been hidden and is looked at again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
