"""When the line drops, the page reloads or the map cannot be drawn, nothing is lost."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from incidents.models import Photo, Report
from tests.browser import hold
from tests.map_ui.conftest import photo, send
from tests.map_ui.test_journeys import open_report

pytestmark = pytest.mark.browser
FIRST_VIEW_BYTES = 200_000


def fill(page, site):
    open_report(page, site)
    page.fill("#search-text", "10.7653, 106.7052")
    page.press("#search-text", "Enter")
    expect(page.locator("#lat")).to_have_value("10.7653")
    page.fill("#category-search", "o ga")
    page.press("#category-search", "Enter")
    choose_photo(page)
    expect(page.locator("#photo-previews img")).to_have_count(1)
    page.fill("#text", "Ổ gà sâu")
    expect(page.locator("#draft-note")).to_contain_text("Đã giữ bản nháp")


def choose_photo(page, **how):
    files = [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(**how)}]
    page.set_input_files("#photos", files)


KEPT_PHOTOS = """() => new Promise((tell) => {
  const opening = indexedDB.open("wardwise");
  opening.onsuccess = () => {
    const all = opening.result.transaction("photos").objectStore("photos").getAll();
    all.onsuccess = () => { opening.result.close(); tell(all.result.flat().length); };
  };
})"""


def test_a_reload_loses_neither_words_nor_place_nor_photos(site, page):
    fill(page, site)
    page.wait_for_function(KEPT_PHOTOS)
    page.reload()
    expect(page.locator("#text")).to_have_value("Ổ gà sâu")
    expect(page.locator("#lat")).to_have_value("10.7653")
    expect(page.locator("#chosen-name")).to_have_text("Ổ gà, mặt đường hư")
    expect(page.locator("#photo-previews img")).to_have_count(1)


def test_what_is_entered_before_the_page_listens_counts(site, page):
    held = hold(page, "**/report_page*.js")
    page.goto(f"{site}/report", wait_until="commit")
    page.fill("#lat", "10,7653")
    page.fill("#lon", "106,7052")
    page.locator(".sector-choice summary").first.click()
    page.locator("input[value=pothole]").check(force=True)
    choose_photo(page)
    held().continue_()
    expect(page.locator("#verdict .ward")).to_have_text("Phường Zoo 101")
    expect(page.locator("#chosen-name")).to_have_text("Ổ gà, mặt đường hư")
    expect(page.locator("#photo-previews img")).to_have_count(1)
    page.click("#send")
    page.wait_for_url("**/receipt")
    assert Photo.objects.filter(report=Report.objects.get()).count() == 1


SEND_AT_ONCE = """() => document.querySelector("#photos")
    .addEventListener("change", () => document.querySelector("#send").click())"""


def test_a_photo_chosen_just_before_sending_travels_along(site, page):
    open_report(page, site)
    page.click("#in-words summary")
    page.fill("#address", "12 Lê Lợi")
    page.fill("#category-search", "o ga")
    page.press("#category-search", "Enter")
    page.evaluate(SEND_AT_ONCE)
    choose_photo(page)
    page.wait_for_url("**/receipt")
    assert Photo.objects.filter(report=Report.objects.get()).count() == 1


BUSY_FROM_NOW_ON = """() => {
  const work = () => {
    const end = performance.now() + 25;
    while (performance.now() < end);
    document.body.style.outlineColor = `rgb(0 0 ${Math.random() * 255})`;
    requestAnimationFrame(work);
  };
  const list = document.querySelector("#photo-previews");
  window.order = [];
  new MutationObserver(() => order.push("photo")).observe(list, { childList: true });
  document.querySelector("#photos").addEventListener("change", () => {
    requestAnimationFrame(work);
    document.createElement("canvas").toBlob(() => order.push("idle"), "image/jpeg");
  });
}"""


def test_a_photo_is_shown_though_the_page_never_rests(site, page):
    """Drawing a map may leave no idle moment, on a cheap phone, for seconds."""
    open_report(page, site)
    page.evaluate(BUSY_FROM_NOW_ON)
    choose_photo(page, size=(400, 300))
    page.wait_for_function("() => order.length === 2")
    assert page.evaluate("order") == ["photo", "idle"]


def test_a_report_sent_without_a_line_arrives_once_when_the_line_is_back(site, page):
    fill(page, site)
    page.context.set_offline(True)
    page.click("#send")
    expect(page.locator("#send-state")).to_contain_text("Mất kết nối")
    page.context.set_offline(False)
    page.wait_for_url("**/receipt")
    assert Report.objects.count() == 1
    assert Photo.objects.count() == 1


def test_an_answer_lost_on_the_way_does_not_make_a_second_report(site, page):
    lost = []

    def lose_the_first(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    fill(page, site)
    page.route("**/api/v1/reports*", lose_the_first)
    page.click("#send")
    page.wait_for_url("**/receipt")
    assert lost[0].status == 201
    assert Report.objects.count() == 1


def test_a_refusal_stands_beside_its_field_with_the_code_small(site, page):
    fill(page, site)
    page.click("#contact summary")
    page.fill("#phone", "12")
    page.click("#send")
    expect(page.locator("#error-contact")).to_contain_text("số điện thoại")
    expect(page.locator("#error-contact small")).to_have_text("contact.bad_phone")
    expect(page.locator("#phone")).to_be_focused()
    page.fill("#phone", "0903 123 456")
    page.click("#send")
    page.wait_for_url("**/receipt")


def test_a_place_outside_the_city_is_refused_before_anything_is_sent(site, page):
    open_report(page, site)
    page.click("#typed-place summary")
    page.fill("#lat", "10,5")
    page.fill("#lon", "106,9")
    page.press("#lon", "Enter")
    expect(page.locator("#verdict")).to_contain_text("nằm ngoài")
    assert not Report.objects.exists()


def test_where_no_map_can_be_drawn_the_list_takes_its_place(site, page):
    send(text="")
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(site)
    expect(page.locator("#incident-list a")).to_have_count(1)
    expect(page.get_by_text("Trình duyệt này không vẽ được bản đồ")).to_be_visible()
    page.click("#incident-list a")
    expect(page.locator("#card-title")).to_have_text("Ổ gà, mặt đường hư")
    page.goto(f"{site}/report")
    expect(page.locator("#lat")).to_be_visible()


def test_without_javascript_the_essential_form_still_makes_a_report(site, chromium):
    context = chromium.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{site}/report")
    page.fill("#lat", "10,7653")
    page.fill("#lon", "106,7052")
    page.locator(".sector-choice summary").first.click()
    page.locator("input[value=pothole]").check(force=True)
    page.fill("#text", "Ổ gà sâu")
    page.set_input_files(
        "#photos", [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
    )
    page.click("#send")
    page.wait_for_url("**/receipt")
    assert Photo.objects.filter(report=Report.objects.get()).count() == 1
    context.close()


def test_the_first_view_is_light_without_the_map_library(site, page, record_property):
    """What a phone downloads, compressed as the server does it, map library and tiles apart."""
    for path in ("/", "/report"):
        weighed = {}
        page.on("requestfinished", lambda asked, kept=weighed: _weigh(asked, kept))
        page.goto(f"{site}{path}")
        expect(page.locator("#map-message")).to_be_hidden()
        page.wait_for_load_state("networkidle")
        total = sum(weighed.values())
        record_property(f"first view of {path}", total)
        print(f"first view of {path}: {total / 1000:.1f} kB in {len(weighed)} files")
        assert len(weighed) > 10
        assert total < FIRST_VIEW_BYTES, weighed


def _weigh(asked, kept):
    response = asked.response()
    if _counts(response):
        kept[response.url] = len(gzip.compress(response.body()))


def _counts(response):
    return response.status == 200 and not any(
        part in response.url for part in ("maplibre", "/tiles/", "blob:", "data:")
    )


STYLE = {
    "version": 8,
    "sources": {},
    "layers": [{"id": "sea", "type": "background", "paint": {"background-color": "#ff0000"}}],
}


@pytest.mark.parametrize("answers", [True, False])
def test_the_wards_are_the_map_when_the_basemap_does_not_answer(
    site, page, settings, answers, picture
):
    settings.WARDWISE_BASEMAP_STYLE = "https://tiles.example.vn/style.json"
    settings.WARDWISE_BASEMAP_STYLE_DARK = ""
    send(text="")
    asked = []

    def basemap(route):
        asked.append(route.request.url)
        return route.fulfill(json=STYLE) if answers else route.abort()

    page.route("https://tiles.example.vn/**", basemap)
    page.goto(f"{site}/#13/10.7753/106.7152")
    expect(page.locator("#map-message")).to_be_hidden()
    expect(page.locator("#legend-total")).to_contain_text("1 sự cố")
    for _ in range(80):  # the basemap comes after our own layers, when it comes
        page.wait_for_timeout(250)
        if not asked:
            continue
        share = red_share(picture(page, f"basemap-{answers}"))
        if share > 0.2 or not answers:
            break
    assert asked == ["https://tiles.example.vn/style.json"]
    assert (share > 0.2) is answers


def red_share(path):
    """Return how much of a picture is the basemap's sea."""
    with Image.open(path) as image:
        red, green, _ = np.moveaxis(np.asarray(image.convert("RGB")), 2, 0)
    return float(((red > 200) & (green < 120)).mean())
