"""In a real browser: an operator merges three and undoes one, and a citizen's page follows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from incidents import services
from incidents.actors import actor_of
from incidents.duplicates.comparing import seen
from incidents.duplicates.likeness import likeness
from incidents.duplicates.terms import current
from incidents.models import Incident, Membership, Pair
from tests.map_ui.conftest import HERE, photo, send
from tests.map_ui.test_case_everyone import checked  # noqa: F401  a fixture
from tests.map_ui.test_desk_journeys import sign_in
from tests.map_ui.test_everyone import check, ready

pytestmark = pytest.mark.browser
LON, LAT = HERE


def report(lon=LON, lat=LAT, text="Ổ gà sâu trước số 12", photos=()):
    return send(place=(lon, lat), text=text, photos=photos)


def suggest(*reports):
    """Let each later report's incident wait beside the first one's; returns the pairs."""
    first, *later = [Incident.objects.get(pk=one.incident) for one in reports]
    Pair.objects.all().delete()
    return [Pair.objects.create(**_pair(one, first)) for one in later]


def _pair(newer, older):
    members = [Membership.objects.get(incident=one).report for one in (newer, older)]
    found = likeness(seen(members[0], newer), seen(members[1], older), current())
    factors = [[one.name, one.value, one.log_odds] for one in found.factors]
    return {
        "newer": newer, "older": older, "report": members[0],
        "probability": found.probability, "factors": factors,
    }  # fmt: skip


def open_queue(page, site, user, path="/duplicates"):
    sign_in(page, site, user)
    page.goto(f"{site}{path}")
    ready(page)
    expect(page.locator("html[data-duplicates=ready]")).to_be_attached()


def look_at(page, site, told, sentence):
    page.goto(f"{site}/t/{told.code}")
    expect(page.locator(".timeline li").last).to_contain_text(sentence)


def test_three_are_merged_one_is_undone_and_the_citizens_page_follows(
    site, hoa, desk, page, picture
):
    first = report(photos=[photo()])
    second = report(LON + 0.00008, text="Ổ gà lớn trước nhà 12")
    third = report(LON - 0.00009, text="Có ổ gà sâu trước số 12")
    suggest(first, second, third)
    look_at(page, site, third, "Đã chuyển đến")
    open_queue(desk, site, hoa)
    expect(desk.locator("#work-title")).to_contain_text("3 sự cố có thể là một việc")
    expect(desk.locator(".dup-member input:checked")).to_have_count(3)
    picture(desk, "group")

    desk.keyboard.press("m")
    expect(desk.locator(".dup-told")).to_contain_text(f"vào #{first.incident}")
    expect(desk.locator(".dup-list .empty-state")).to_be_visible()
    survivor = Incident.objects.get(pk=first.incident)
    assert survivor.report_count == 3
    look_at(page, site, third, "Có người khác cũng báo việc này")
    expect(page.locator(".standing .status")).to_have_text("Đã chuyển")
    picture(page, "merged")

    desk.goto(f"{site}/case/{third.incident}")
    expect(desk).to_have_url(f"{site}/case/{first.incident}")
    undo = desk.locator(f".case-merged button[value='{third.incident}']")
    undo.click()
    expect(desk.locator(".case-told")).to_contain_text(f"#{third.incident}")
    expect(undo).to_have_count(0)
    picture(desk, "undone")
    look_at(page, site, third, "lại được xử lý riêng")
    look_at(page, site, second, "hóa ra nói về việc khác")
    assert Incident.objects.get(pk=third.incident).status == "assigned"
    assert Incident.objects.get(pk=first.incident).report_count == 2


def test_a_pair_is_judged_by_keys_and_the_last_word_taken_back(site, hoa, desk, picture):
    one, other = report(photos=[photo()]), report(LON + 0.00005, photos=[photo()])
    far = [report(LAT and LON, LAT + shift, text="Hố sâu") for shift in (0.002, 0.0021)]
    [pair] = suggest(one, other)
    [next_pair] = [Pair.objects.create(**_pair(*(Incident.objects.get(pk=i.incident)
                                                  for i in reversed(far))))]  # fmt: skip
    open_queue(desk, site, hoa, f"/duplicates?pair={pair.pk}")
    expect(desk.locator(".dup-side")).to_have_count(2)
    expect(desk.locator(".dup-factors tbody tr").first).to_be_visible()
    picture(desk, "pair")
    desk.keyboard.press("x")
    expect(desk.locator(".dup-told")).to_contain_text("Đã giữ riêng")
    expect(desk.locator("#work-title")).to_be_focused()
    desk.keyboard.press("l")
    expect(desk.locator(".dup-told")).to_contain_text("Đã để sau")
    expect(desk.locator(".dup-list .empty-state")).to_be_visible()
    for kept in (pair, next_pair):
        kept.refresh_from_db()
    assert (pair.verdict, next_pair.verdict) == ("apart", "later")
    desk.keyboard.press("u")
    expect(desk.locator(".dup-row")).to_have_count(1)
    desk.keyboard.press("u")
    expect(desk.locator(".dup-row")).to_have_count(2)
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    desk.keyboard.press("?")
    expect(desk.locator("#help")).to_be_visible()


def draw_around(page, *numbers):
    """Draw a lasso around some of the marks on the map."""
    boxes = [page.locator(f".dup-mark[data-mark='{one}']").bounding_box() for one in numbers]
    left, top = (min(box[side] for box in boxes) - 4 for side in ("x", "y"))
    right = max(box["x"] + box["width"] for box in boxes) + 4
    bottom = max(box["y"] + box["height"] for box in boxes) + 4
    page.keyboard.press("s")
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=3)
    page.mouse.up()


def test_a_lasso_chooses_of_a_group_and_beside_it_makes_one(site, hoa, desk, picture):
    first, second = report(), report(LON + 0.0003)
    third, alone = report(LON + 0.0006), report(LON, LAT + 0.02)
    suggest(first, second, third)
    open_queue(desk, site, hoa)
    expect(desk.locator("#map-message")).to_be_hidden()
    draw_around(desk, 1, 2)
    expect(desk.locator(".dup-member input:checked")).to_have_count(2)
    expect(desk.locator("#chosen-count")).to_have_text("Đã chọn 2")
    expect(desk.locator("#lasso")).to_have_attribute("aria-pressed", "false")
    picture(desk, "lasso")
    desk.keyboard.press("m")
    expect(desk.locator(".dup-told")).to_contain_text(f"#{second.incident} vào #{first.incident}")
    desk.fill("#by-hand", f"{first.incident}, {third.incident}, {alone.incident}")
    desk.press("#by-hand", "Enter")
    expect(desk.locator(".dup-member")).to_have_count(3)


def test_what_two_agencies_hold_asks_and_what_changed_meanwhile_is_said(site, hoa, desk, picture):
    first, second = report(), report(LON + 0.00008)
    suggest(first, second)
    services.assign(actor_of(hoa), second.incident, "ubnd-102", "Gần hơn")
    open_queue(desk, site, hoa)
    services.assign(actor_of(hoa), second.incident, "ubnd-103", "Gần hơn nữa")
    desk.keyboard.press("m")
    expect(desk.locator("#trouble")).to_contain_text("incident.changed")
    picture(desk, "changed")
    desk.keyboard.press("Escape")
    expect(desk.locator("#work-title")).to_be_focused()
    desk.keyboard.press("m")
    expect(desk.locator("#trouble")).to_contain_text("incident.agencies_differ")
    picture(desk, "consent")
    desk.locator("#trouble button.primary").click()
    expect(desk.locator(".dup-told")).to_contain_text("Đã gộp")
    assert Incident.objects.get(pk=second.incident).merged_into_id == first.incident


def choose_pothole(page, site):
    page.goto(f"{site}/report?lat={LAT}&lon={LON}")
    ready(page)
    page.fill("#category-search", "o ga")
    page.locator(".category-tile:visible").first.click()


def test_a_citizen_is_told_what_is_known_and_follows_it_instead(site, page, picture):
    known = report()
    choose_pothole(page, site)
    line = page.locator(".known-one")
    expect(line).to_contain_text("Đã chuyển")
    expect(page.locator("#known-news")).to_contain_text("1 việc")
    expect(page.locator(".candidate-mark")).to_have_count(1)
    page.locator("#known").scroll_into_view_if_needed()
    picture(page, "known")
    line.locator("a.button").tap()
    expect(page).to_have_url(f"{site}/i/{known.incident}/follow")
    assert Incident.objects.count() == 1


def test_whoever_says_that_it_is_something_else_is_taken_at_once(site, page):
    report()
    choose_pothole(page, site)
    page.locator("[data-other]").tap()
    expect(page.locator(".known-list")).to_be_hidden()
    expect(page.locator("[data-again]")).to_be_focused()
    page.locator("#send").tap()
    page.wait_for_url("**/receipt")
    assert Incident.objects.count() == 2


def test_what_could_not_be_shown_before_is_asked_on_sending_and_sent_again_it_is_taken(site, page):
    report()
    page.route("**/api/v1/incidents/similar*", lambda route: route.abort())
    choose_pothole(page, site)
    page.locator("#send").tap()
    expect(page.locator("#send-state")).to_contain_text("có thể đã có người báo")
    expect(page.locator("#known h2")).to_be_focused()
    expect(page.locator(".known-one")).to_have_count(1)
    page.locator("#send").tap()
    page.wait_for_url("**/receipt")


def test_these_pages_are_for_everyone(site, hoa, checked, picture):  # noqa: F811
    first, second = report(photos=[photo()]), report(LON + 0.00008, photos=[photo()])
    third = report(LON - 0.00009)
    [pair, _] = suggest(first, second, third)
    for path, name in (("/duplicates", "group"), (f"/duplicates?pair={pair.pk}", "pair")):
        open_queue(checked, site, hoa, path)
        check(checked)
        picture(checked, name)
    checked.keyboard.press("m")
    expect(checked.locator(".dup-told")).to_contain_text("Đã gộp")
    checked.goto(f"{site}/case/{first.incident}")
    ready(checked)
    expect(checked.locator(".case-merged")).to_be_visible()
    check(checked)
    checked.goto(f"{site}/t/{second.code}")
    ready(checked)
    check(checked)
    choose_pothole(checked, site)
    expect(checked.locator(".known-one").first).to_be_visible()
    check(checked)
    picture(checked, "known")


def test_what_others_find_and_merge_is_told_and_shown_when_it_is_asked_for(
    site, hoa, desk, picture
):
    reports = [
        report(),
        report(LON + 0.00005),
        report(LON, LAT + 0.003),
        report(LON, LAT + 0.00305),
    ]
    [pair] = suggest(*reports[:2])
    # Without a stream the page asks every quarter of a minute, on a clock that the test turns.
    desk.clock.install()
    open_queue(desk, site, hoa)
    field = desk.locator("#by-hand")
    field.fill("7, 8")
    expect(desk.locator("#dup-news button")).to_have_count(0)
    far = [Incident.objects.get(pk=one.incident) for one in reports[2:]]
    other = Pair.objects.create(**_pair(far[1], far[0]))
    services.merge(actor_of(hoa), pair.newer_id, pair.older_id)
    desk.clock.run_for(16_000)
    news = desk.locator("#dup-news button")
    expect(news).to_contain_text("Mới trong danh sách: 1")
    expect(news).to_contain_text("Đã xong trong lúc này: 1")
    expect(field).to_be_focused()
    expect(desk.locator(f'.dup-link[href^="?pair={other.pk}"]')).to_have_count(0)
    picture(desk, "news")
    field.blur()
    desk.keyboard.press("r")
    expect(desk.locator(".dup-link")).to_have_count(1)
    expect(desk.locator(f'.dup-link[href^="?pair={other.pk}"]')).to_be_visible()
    expect(field).to_have_value("7, 8")
    expect(news).to_have_count(0)
