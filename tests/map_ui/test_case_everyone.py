"""Everyone can use an incident's page and a contractor's: axe, light phone and dark desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from incidents import services
from incidents.actors import actor_of
from incidents.models import Incident
from incidents.permissions import Role
from incidents.said import Said
from incidents.services import take
from incidents.workflow import Step
from tests.map_ui.conftest import photo, send
from tests.map_ui.test_case_journeys import sign_in
from tests.map_ui.test_case_pages import officer
from tests.map_ui.test_everyone import SHAPES, check, ready

pytestmark = pytest.mark.browser


@pytest.fixture(params=[("phone", "light"), ("desk", "dark")], ids="-".join)
def checked(request, chromium, site):
    """A page as this reader sees it; its policy is set aside for axe alone."""
    shape, colours = request.param
    context = chromium.new_context(
        viewport=SHAPES[shape], color_scheme=colours, bypass_csp=True, locale="vi-VN"
    )
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert not faults, faults


@pytest.fixture
def incident(site):
    """One with a past: near another, declined words, paused, noted, lent."""
    send(photos=[photo()])
    send(text="Ổ gà nữa", place=(106.7052, 10.7655))
    return Incident.objects.order_by("pk").first()


OPEN_ALL = """() => { for (const one of document.querySelectorAll("details.step-form")) {
    one.removeAttribute("name");
    one.open = true;
} }"""


def test_an_incident_with_all_its_forms(site, incident, checked, picture):
    minh = actor_of(officer("minh", Role.AGENCY_STAFF, agency=incident.agency))
    take(minh, incident.pk, Step.PAUSE, Said(reason="weather", words="Mưa lớn"))
    take(minh, incident.pk, Step.RESUME)
    services.add_note(minh, incident.pk, "Gọi lại trước khi đến")
    services.delegate(minh, incident.pk, "ubnd-102", "Vá ổ gà", 3)
    officer("an", Role.ADMINISTRATOR)
    sign_in(checked, site, "an", f"/case/{incident.pk}")
    ready(checked)
    check(checked)
    picture(checked, "closed")
    checked.evaluate(OPEN_ALL)
    expect(checked.locator("[data-pin] canvas")).to_be_visible()
    form = checked.locator(".case-form[data-step=claim_done]")
    form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    expect(checked.locator(".case-form[data-step=claim_done] .field-error").first).to_contain_text(
        "reason.missing"
    )
    checked.evaluate(OPEN_ALL)
    check(checked)
    picture(checked, "open")


def test_the_contractors_page_and_a_link_that_is_gone(site, incident, checked, picture):
    minh = actor_of(officer("minh", Role.AGENCY_STAFF, agency=incident.agency))
    token = services.delegate(minh, incident.pk, "ubnd-102", "Vá ổ gà trước số 12", 3)
    checked.goto(f"{site}/c/{token}")
    ready(checked)
    checked.locator("[data-step=claim_done] summary").click()
    check(checked)
    picture(checked, "contractor")
    checked.goto(f"{site}/c/1-AAAAAAAAAAAAAAAAAAAAAA")
    expect(checked.locator("h1")).to_have_text("Đường dẫn này không dùng được")
    check(checked)
