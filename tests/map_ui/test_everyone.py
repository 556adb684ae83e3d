"""Everyone can use every page: axe's WCAG 2.2 AA rules, a phone in the dark, a desk in light."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.map_ui.axe import violations
from tests.map_ui.conftest import HERE, photo, send

pytestmark = pytest.mark.browser
AT_REST = """() => Promise.all(document.getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
    .map(({ finished }) => finished.catch(() => undefined)))"""
SHAPES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}


@pytest.fixture(params=[("phone", "dark"), ("desk", "light")], ids="-".join)
def look(request):
    """Shape and colours: those of offices' pages are asked for the other way round."""
    return request.param


@pytest.fixture
def shape(look):
    return look[0]


@pytest.fixture
def colours(look):
    return look[1]


@pytest.fixture
def checked(chromium, colours, shape, site):
    """Open a page as this reader sees it; its policy is set aside for axe alone."""
    context = chromium.new_context(
        viewport=SHAPES[shape], color_scheme=colours, bypass_csp=True, locale="vi-VN"
    )
    page = context.new_page()
    faults = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert not faults, faults


def check(page):
    """Fail with what axe finds: the rule, and where."""
    # axe reads colours half-way through a slide, or while an answer is renewed, as too pale
    expect(page.locator(".stale")).to_have_count(0)
    page.evaluate(AT_REST)
    lines = violations(page)
    assert not lines, "\n".join(lines)


def ready(page):
    expect(page.locator("html[data-map=ready]")).to_be_attached()


def test_the_map_its_filters_its_list_and_a_card(site, checked, shape):
    page = checked
    send(text="")
    page.goto(f"{site}/#15/{HERE[1]}/{HERE[0]}")
    ready(page)
    expect(page.locator("#incident-list a")).to_have_count(1)
    page.click("#legend summary")
    check(page)
    page.click("#open-filters")
    page.click(".sector summary >> nth=0")
    check(page)
    page.keyboard.press("Escape")
    if shape == "phone":
        page.click("#toggle-list")
        check(page)
    page.click("#incident-list a")
    expect(page.locator("#card-title")).to_be_visible()
    check(page)


def test_the_report_from_empty_to_full_of_errors(site, checked):
    page = checked
    page.goto(f"{site}/report")
    ready(page)
    check(page)
    page.click("#send")
    expect(page.locator("#error-category")).to_contain_text("Hãy chọn một loại")
    page.fill("#search-text", "10.7653, 106.7052")
    page.press("#search-text", "Enter")
    page.locator(".sector-choice:has([data-danger]) summary").first.click()
    page.locator(".category-tile:has([data-danger])").first.click()
    expect(page.locator("#emergency")).to_be_visible()
    page.set_input_files(
        "#photos", [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
    )
    page.click("#contact summary")
    expect(page.locator("#photo-previews img")).to_have_count(1)
    check(page)


def test_receipt_tracking_and_look_up(site, checked):
    page = checked
    code = send(photos=[photo()]).code
    page.goto(f"{site}/t/{code}/receipt")
    check(page)
    page.goto(f"{site}/t/{code}")
    ready(page)
    check(page)
    page.goto(f"{site}/t/")
    check(page)


def test_the_console_and_signing_in(site, checked, hoa):
    page = checked
    send(photos=[photo()])
    send(place=(106.7100, 10.7653), accuracy=60)
    page.goto(f"{site}/console/approve")
    check(page)
    page.fill("#username", "hoa")
    page.fill("#password", "hoa-hoa")
    page.press("#password", "Enter")
    expect(page.locator(".approve-card")).to_be_visible()
    check(page)
    page.goto(f"{site}/console/triage")
    expect(page.locator(".candidates button").first).to_be_visible()
    check(page)


def test_a_picture_without_words_is_told(page):
    page.set_content("<html lang=vi><title>A</title><main><h1>A</h1><img src='data:,'></main>")
    [line] = violations(page)
    assert line.startswith("image-alt: <img")
