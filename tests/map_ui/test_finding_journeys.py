"""In a real browser: a place typed, chosen and reported; words alone, and the operator's key."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from incidents.models import Incident, Report
from tests import streets
from tests.browser import hold
from tests.map_ui.test_everyone import SHAPES, check, ready
from tests.map_ui.test_journeys import decide, sign_in, tab_to

pytestmark = pytest.mark.browser
LON, LAT = streets.HANG_XANH
METRES_PER_DEGREE = 111_195


@pytest.fixture
def site(site):
    streets.lay()
    return site


@pytest.fixture(params=[("phone", "light"), ("desk", "dark")], ids="-".join)
def checked(request, chromium):
    """Open a page as this reader sees it; its policy is set aside for axe alone."""
    shape, colours = request.param
    context = chromium.new_context(
        viewport=SHAPES[shape], color_scheme=colours, bypass_csp=True, locale="vi-VN"
    )
    yield context.new_page()
    context.close()


def metres(point):
    """Return how far a point is from the junction."""
    return ((point.x - LON) ** 2 + (point.y - LAT) ** 2) ** 0.5 * METRES_PER_DEGREE


def open_report(page, site):
    page.goto(f"{site}/report")
    ready(page)


def test_a_junction_typed_and_chosen_by_keys_is_where_the_incident_lands(site, desk, picture):
    open_report(desk, site)
    tab_to(desk, "#search-text")
    desk.keyboard.type("nga tu hang xanh", delay=30)
    options = desk.locator("#search-results [role=option]")
    expect(options.first).to_contain_text("Ngã tư Hàng Xanh")
    expect(desk.locator("#search [role=status]")).to_have_text(re.compile("1 gợi ý"))
    expect(desk.locator("#search-text")).to_have_attribute("aria-expanded", "true")
    desk.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    active = desk.locator("#search-text").get_attribute("aria-activedescendant")
    assert options.first.get_attribute("id") == active
    picture(desk, "suggested")
    desk.keyboard.press("Enter")
    expect(desk.locator("#verdict .ward")).to_have_text("Phường Zoo 105")
    crossing = re.compile("Hàng Xanh|Xô Viết Nghệ Tĩnh")
    expect(desk.locator("#verdict .place-in-words")).to_have_text(crossing)
    expect(options).to_have_count(0)
    tab_to(desk, "#category-search")
    desk.keyboard.type("o ga")
    desk.keyboard.press("Enter")
    expect(desk.locator("#verdict")).to_contain_text("sẽ xử lý")
    picture(desk, "chosen")
    tab_to(desk, "#send")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/receipt")
    incident, report = Incident.objects.get(), Report.objects.get()
    assert metres(incident.position) <= incident.accuracy_m <= 60
    assert report.position_method == "geocoded"


def test_enter_asks_the_whole_geocoder_and_several_places_are_marked(site, page, picture):
    page.goto(f"{site}/")
    ready(page)
    page.fill("#search-text", "đường Lê Lợi")
    page.press("#search-text", "Enter")
    expect(page.locator(".candidate-number")).to_have_count(2)
    expect(page.locator(".candidate-mark")).to_have_count(2)
    expect(page.locator("#search [role=status]")).to_contain_text("2 vị trí có thể")
    expect(page.locator(".search-sources")).to_have_text("© Zoo")
    picture(page, "several")
    page.locator("#search-results [role=option]").nth(1).tap()
    expect(page.locator(".candidate-mark")).to_have_count(1)
    expect(page.locator("#search-results")).to_be_hidden()


def test_escape_takes_the_suggestions_back_and_letters_bring_them_again(site, desk):
    desk.goto(f"{site}/")
    ready(desk)
    desk.fill("#search-text", "le l")
    expect(desk.locator("#search-results [role=option]").first).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator(".search-panel")).to_be_hidden()
    expect(desk.locator("#search-text")).to_have_value("le l")
    desk.keyboard.type("o")
    expect(desk.locator("#search-results [role=option]").first).to_be_visible()


def test_a_slow_answer_to_what_was_typed_before_is_dropped(site, desk):
    desk.goto(f"{site}/")
    ready(desk)
    slow = hold(desk, "**/api/v1/suggest?q=hang*")
    desk.fill("#search-text", "hang")
    expect(desk.locator(".search-note")).to_contain_text("Đang tìm")
    answer = slow()
    desk.fill("#search-text", "cho ben")
    options = desk.locator("#search-results [role=option]")
    expect(options.first).to_contain_text("Chợ Bến Thành")
    answer.continue_()
    desk.wait_for_timeout(900)
    expect(options.first).to_contain_text("Chợ Bến Thành")


def test_suggestions_that_come_after_enter_or_escape_stay_away(site, desk):
    desk.goto(f"{site}/")
    ready(desk)
    slow = hold(desk, "**/api/v1/suggest?q=*L%C3%AA*")
    desk.fill("#search-text", "đường Lê Lợi")
    answer = slow()
    desk.press("#search-text", "Enter")
    expect(desk.locator(".candidate-number")).to_have_count(2)
    with desk.expect_response("**/api/v1/suggest?q=*"):
        answer.continue_()
    desk.wait_for_timeout(300)
    expect(desk.locator(".candidate-number")).to_have_count(2)

    slow = hold(desk, "**/api/v1/suggest?q=le*")
    desk.fill("#search-text", "le loi")
    answer = slow()
    desk.press("#search-text", "Escape")
    with desk.expect_response("**/api/v1/suggest?q=*"):
        answer.continue_()
    desk.wait_for_timeout(300)
    expect(desk.locator(".search-panel")).to_be_hidden()


def test_what_is_not_found_is_put_by_hand(site, page, picture):
    open_report(page, site)
    page.fill("#search-text", "xyzzy plugh")
    page.press("#search-text", "Enter")
    expect(page.locator(".search-note")).to_have_text(
        "Chúng tôi chưa tìm ra chỗ này. Kéo bản đồ đến đúng nơi rồi bấm Xong."
    )
    picture(page, "not-found")
    page.tap(".search-done")
    expect(page.locator("#lat")).not_to_have_value("")


def test_words_alone_wait_until_an_operator_chooses_by_key(site, hoa, page, desk, picture):
    open_report(page, site)
    page.tap("#in-words summary")
    page.fill("#address", "đường Lê Lợi, trước quán cà phê")
    page.fill("#category-search", "o ga")
    page.locator(".category-tile:visible").first.tap()
    picture(page, "in-words")
    page.tap("#send")
    page.wait_for_url("**/receipt")
    code = page.locator("#receipt-code").inner_text()
    expect(page.locator("#receipt")).to_contain_text("Người trực")
    assert not Incident.objects.exists()

    sign_in(desk, site)
    desk.goto(f"{site}/console/locate")
    ready(desk)
    expect(desk.locator(".approve-words mark")).to_have_text("Lê Lợi")
    expect(desk.locator(".candidate-mark")).to_have_count(2)
    desk.wait_for_timeout(300)
    picture(desk, "candidates")
    chosen = desk.locator("#candidates li").nth(1)
    lon, lat = (float(chosen.get_attribute(f"data-{axis}")) for axis in ("lon", "lat"))
    decide(desk, "2")
    expect(desk.get_by_role("status").first).to_contain_text("Đã lên bản đồ")
    expect(desk.get_by_role("heading", name="Không còn gì chờ.")).to_be_visible()
    incident = Incident.objects.get()
    assert (incident.position.x, incident.position.y) == pytest.approx((lon, lat), abs=1e-6)
    page.goto(f"{site}/t/{code}")
    expect(page.locator(".timeline")).to_contain_text("Đã tìm ra vị trí")


def test_an_operator_pins_by_keys_and_the_next_report_comes_by_itself(site, hoa, desk):
    for key in ("1", "2"):
        desk.request.post(
            f"{site}/api/v1/reports", form={"category": "pothole", "text": f"chỗ cũ {key}"}
        )
    sign_in(desk, site)
    desk.goto(f"{site}/console/locate")
    ready(desk)
    expect(desk.locator(".approve-words")).to_have_text("chỗ cũ 1")
    decide(desk, "p")
    expect(desk.locator("#pinning-bar")).to_be_visible()
    expect(desk.locator("#map canvas")).to_be_focused()
    for _ in range(3):
        desk.keyboard.press("+")
    desk.keyboard.press("ArrowRight")
    desk.wait_for_timeout(300)
    desk.keyboard.press("Enter")
    expect(desk.locator(".approve-words")).to_have_text("chỗ cũ 2")
    expect(desk.locator("#locate-title")).to_be_focused()
    decide(desk, "n")
    expect(desk.get_by_role("heading", name="Không còn gì chờ.")).to_be_visible()
    states = dict(Report.objects.values_list("text", "state"))
    assert states == {"chỗ cũ 1": "incident", "chỗ cũ 2": "inquiry"}
    assert Report.objects.get(text="chỗ cũ 1").position_method == "operator"


def test_everyone_can_search_and_choose(site, checked):
    page = checked
    open_report(page, site)
    page.fill("#search-text", "le loi")
    expect(page.locator("#search-results [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    check(page)
    page.press("#search-text", "Escape")
    page.fill("#search-text", "đường Lê Lợi")
    page.press("#search-text", "Enter")
    expect(page.locator(".candidate-mark")).to_have_count(2)
    check(page)
    page.fill("#search-text", "xyzzy plugh")
    page.press("#search-text", "Enter")
    expect(page.locator(".search-done")).to_be_visible()
    page.click("#in-words summary")
    check(page)
    page.goto(f"{site}/find?q=le+loi")
    check(page)


def test_everyone_can_locate(site, checked, hoa):
    page = checked
    for words in ("đường Lê Lợi", "chỗ cũ"):
        page.request.post(f"{site}/api/v1/reports", form={"category": "pothole", "text": words})
    page.goto(f"{site}/console/locate")
    page.fill("#username", "hoa")
    page.fill("#password", "hoa-hoa")
    page.press("#password", "Enter")
    ready(page)
    expect(page.locator(".candidate-mark")).to_have_count(2)
    check(page)
    page.click("#own-pin")
    check(page)
    page.goto(f"{site}/console/locate?at=1")
    ready(page)
    check(page)
