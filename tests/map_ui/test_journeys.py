"""In a real browser: from a hole in the road to a pin with its words on the public map."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import expect

from incidents.models import Incident, Report
from tests.map_ui.conftest import photo

pytestmark = pytest.mark.browser
ELSEWHERE = (106.7251, 10.7852)


@pytest.fixture
def hosts(page, desk):
    """Every host that the pages asked for anything."""
    asked: set[str] = set()
    for one in (page, desk):
        one.on("request", lambda request: asked.add(urlsplit(request.url).hostname or "data"))
    return asked


def open_report(page, site):
    page.goto(f"{site}/report")
    expect(page.locator("html[data-map=ready]")).to_be_attached()


def drag(page, frame, dx, dy):
    """Move the map under a thumb."""
    box = page.locator(frame).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=6)
    page.mouse.up()


def test_a_citizen_reports_by_thumb_and_an_operator_puts_the_words_on_the_map(
    site, hoa, page, desk, hosts, picture
):
    fill_by_thumb(page, site)
    picture(page, "filled")
    page.click("#send")
    code = keep_the_receipt(page)
    picture(page, "receipt")
    track(page, site, code)
    picture(page, "track")
    incident = Incident.objects.get()
    page.goto(f"{site}/i/{incident.pk}")
    expect(page.locator("#card")).to_contain_text("sau khi người trực đã xem")
    expect(page.locator("#card")).not_to_contain_text("xe máy hay té")

    sign_in(desk, site)
    expect(desk.locator(".approve-words")).to_contain_text("xe máy hay té")
    picture(desk, "approve")
    decide(desk, "a")
    expect(desk.get_by_role("status")).to_contain_text("Đã duyệt")

    page.goto(f"{site}/#17/{incident.position.y}/{incident.position.x}")
    expect(page.locator("html[data-map=ready]")).to_be_attached()
    expect(page.locator("#list-summary")).to_contain_text("1 sự cố")
    touch_centre_until_card(page)
    expect(page.locator("#card .card-words")).to_contain_text("xe máy hay té")
    assert seen(page.locator("#card img"))
    picture(page, "card")
    assert hosts <= {"127.0.0.1", "localhost", "data"}, hosts


def fill_by_thumb(page, site):
    """Put the pin, choose, photograph, write; the answer is read on the way."""
    open_report(page, site)
    page.fill("#search-text", "10.7653, 106.7052")
    page.press("#search-text", "Enter")
    expect(page.locator("#verdict .ward")).to_have_text("Phường Zoo 101")
    drag(page, "#pin-frame", 40, 25)
    expect(page.locator("#lat")).not_to_have_value("10.7653")
    expect(page.locator("#verdict")).to_contain_text("Chọn loại sự cố")
    page.fill("#category-search", "o ga")
    page.locator(".category-tile:visible").first.click()
    expect(page.locator("#chosen-name")).to_have_text("Ổ gà, mặt đường hư")
    expect(page.locator("#verdict")).to_contain_text("sẽ xử lý")
    files = [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(ELSEWHERE)}]
    page.set_input_files("#photos", files)
    expect(page.locator("#photo-previews img")).to_have_count(1)
    expect(page.locator("#photo-place")).to_be_visible()
    page.click("#keep-pin")
    page.fill("#text", "Ổ gà sâu trước số 12, xe máy hay té.")


def keep_the_receipt(page):
    """Return the code, once the receipt was kept as a picture."""
    page.wait_for_url("**/receipt")
    code = page.locator("#receipt-code").inner_text()
    assert re.fullmatch(r"[2-9C-Y]{4}-[2-9C-Y]{4}", code)
    expect(page.locator(".qr svg")).to_be_visible()
    with page.expect_download() as kept:
        page.click("#keep-picture")
    assert kept.value.suggested_filename == f"wardwise-{code}.png"
    return code


def track(page, site, code):
    """Type the code as people do, and read where the report stands."""
    page.goto(f"{site}/t/")
    page.fill("#code", code.lower().replace("-", " "))
    page.press("#code", "Enter")
    page.wait_for_url(f"**/t/{code}")
    expect(page.locator(".standing .status")).to_have_text("Đã chuyển")
    expect(page.locator(".timeline")).to_contain_text("Đã chuyển đến")
    assert seen(page.locator(".photo-strip img"))


def seen(image):
    """Whether the picture has arrived and can be decoded."""
    return image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def touch_centre_until_card(page):
    """Tap the pin: it is drawn when its tile and its picture are there."""
    box = page.locator("#map").bounding_box()
    for _ in range(40):
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        with suppress(TooLate):
            return page.locator("#card").wait_for(timeout=1000)
    return pytest.fail("the pin cannot be tapped")


def sign_in(page, site):
    page.goto(f"{site}/console/approve")
    page.fill("#username", "hoa")
    page.fill("#password", "hoa-hoa")
    page.press("#password", "Enter")
    # The address of the sign-in page names this one too.
    expect(page.locator("html[data-keys=ready]")).to_be_attached()


def decide(page, key):
    """Press a key of the operators' queue, once the page listens."""
    expect(page.locator("html[data-keys=ready]")).to_be_attached()
    page.keyboard.press(key)


def test_the_same_by_keyboard_alone(site, hoa, desk, hosts):
    report_by_keys(desk, site)
    desk.wait_for_url("**/receipt")
    code = desk.locator("#receipt-code").inner_text()
    tab_to(desk, "a[href$='/t/']")
    desk.keyboard.press("Enter")
    expect(desk.locator("#code")).to_be_visible()
    tab_to(desk, "#code")
    desk.keyboard.type(code)
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/t/{code}")
    expect(desk.locator(".timeline li")).to_have_count(3)
    approve_by_keys(desk, site)
    tab_to(desk, ".brand")
    desk.keyboard.press("Enter")
    read_by_keys(desk)
    assert Report.objects.get().text == "Tắt ba đêm"
    assert hosts <= {"127.0.0.1", "localhost", "data"}, hosts


def report_by_keys(page, site):
    open_report(page, site)
    tab_to(page, "#search-text")
    page.keyboard.type("10.7653, 106.7052")
    expect(page.locator("#search-results li")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#verdict .ward")).to_have_text("Phường Zoo 101")
    tab_to(page, "#map canvas")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#lon")).not_to_have_value("106.7052")
    tab_to(page, "#category-search")
    page.keyboard.type("den duong")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_contain_text("sẽ xử lý")
    tab_to(page, "#text")
    page.keyboard.type("Tắt ba đêm")
    tab_to(page, "#send")
    page.keyboard.press("Enter")


def approve_by_keys(page, site):
    page.goto(f"{site}/login/")
    tab_to(page, "#username")
    page.keyboard.type("hoa")
    page.keyboard.press("Tab")
    page.keyboard.type("hoa-hoa")
    page.keyboard.press("Enter")
    expect(page.locator(".approve-words")).to_have_text("Tắt ba đêm")
    decide(page, "a")
    expect(page.get_by_role("heading", name="Không còn gì chờ.")).to_be_visible()


def read_by_keys(page):
    expect(page.locator("#incident-list a")).to_have_count(1)
    tab_to(page, "#incident-list a")
    page.keyboard.press("Enter")
    expect(page.locator("#card .card-words")).to_have_text("Tắt ba đêm")
    expect(page.locator("#card-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()
    expect(page.locator("#incident-list a")).to_be_focused()


def tab_to(page, selector):
    """Press Tab until the element has the focus, as somebody without a mouse must."""
    for _ in range(80):
        if page.locator(f"{selector}:focus").count():
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} cannot be reached with Tab")
