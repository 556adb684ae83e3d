"""Incidents per 1,000 residents: offered once residents are known, what is not known said so."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from districts.lineage import compute_lineage
from districts.loading import CountFacts, load_residents
from districts.models import Edition
from districts.resident_files import Line
from incidents.filters import Filters
from map_ui import public_map_document
from tests import zoo
from tests.map_ui.conftest import HERE, send
from tests.map_ui.test_everyone import SHAPES, check

ADDRESS = "/map/wards.json?measure=resident"
HALVES = {"1": (106.70, 10.76, 106.715, 10.79), "2": (106.715, 10.76, 106.73, 10.79)}


def load(people, edition="zoo-2025"):
    lines = [Line(at, code, str(many)) for at, (code, many) in enumerate(people.items())]
    load_residents(lines, CountFacts(edition, 2024, "Census of the zoo"), file="people.csv")


def test_the_measure_is_offered_once_residents_are_known(town, client):
    assert client.get(ADDRESS).status_code == 422
    assert 'value="resident"' not in client.get("/").content.decode()
    load({"101": 4000})
    assert client.get(ADDRESS).status_code == 200
    page = client.get("/?lang=en").content.decode()
    assert 'value="resident"' in page
    assert "Residents: Census of the zoo, 2024." in page


def test_a_ward_s_value_is_per_thousand_residents_to_two_decimals(town, client):
    load({"101": 7000, "102": 3000})
    send()
    told = client.get(ADDRESS).json()
    assert {code: row[1:] for code, row in told["wards"].items()} == {
        "101": [1, 0.14], "102": [0, 0],
    }  # fmt: skip
    assert told["steps"] == ["0", "0,14"]


def test_wards_that_are_not_known_or_have_few_people_are_told_as_not_known(town, client):
    load({"101": 499, "102": 500, "103": 0})
    send()
    told = client.get(ADDRESS).json()
    assert list(told["wards"]) == ["102"]
    assert told["unknown"] == {
        code: int(code == "101") for code in zoo.ward_boxes() if code != "102"
    }
    assert told["names"]["101"] == "Phường Zoo 101"
    assert "fewer than 500 residents" in client.get("/?lang=en").content.decode()


def test_where_only_few_people_live_anywhere_the_measure_is_not_offered(town, client):
    load({"101": 499})
    assert client.get(ADDRESS).status_code == 422


def test_the_page_says_that_people_were_shared_out(town, client):
    old = zoo.edition(HALVES, name="zoo-2019", since=date(2019, 1, 1), until=zoo.SINCE)
    load({"1": 9000, "2": 9000}, "zoo-2019")
    compute_lineage(old, Edition.objects.get(name="zoo-2025"))
    said = "Residents: Census of the zoo, 2024; shared out from the wards of zoo-2019 by area."
    assert said in client.get("/?lang=en").content.decode()
    assert (
        "chia từ các phường, xã của zoo-2019 theo diện tích"
        in client.get("/?lang=vi").content.decode()
    )
    assert len(client.get(ADDRESS).json()["wards"]) == 9


def test_a_map_to_keep_hatches_what_is_not_known_and_says_where_numbers_come_from(town, client):
    load({"101": 4000, "102": 3000})
    send()
    document = public_map_document.document(Filters(), measure="resident")
    shaded = document.layers[0]
    assert [shaded.steps[one.step].hatched for one in shaded.shapes] == [False] * 2 + [True] * 7
    assert any("Census of the zoo, 2024" in note for note in document.notes)
    for form in ("html", "png"):
        address = f"/export/map.{form}?measure=resident&layers=shading"
        assert client.get(address).status_code == 200


@pytest.mark.browser
@pytest.mark.parametrize(
    ("shape", "colours", "spoken"), [("phone", "light", "vi"), ("desk", "dark", "en")]
)
def test_wards_per_resident_by_keyboard(chromium, site, picture, shape, colours, spoken):
    """The legend names what is not known; the table has every ward, in the order of values."""
    load({"101": 7000, "102": 3000, "104": 400})
    send()
    context = chromium.new_context(
        viewport=SHAPES[shape], color_scheme=colours, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site}/?lang={spoken}#13/{HERE[1]}/{HERE[0]}")
    expect(page.locator("html[data-map=ready]")).to_be_attached()
    page.click("#open-filters")
    page.check("[name=layers][value=shading]")
    page.select_option("[name=measure]", "resident")
    picture(page, "sheet")
    page.click(".sheet-footer .primary")
    page.locator("#legend > summary").press("Enter")
    expect(page.locator("#shading-steps li")).to_have_count(3)
    page.locator(".ward-table summary").press("Enter")
    rows = page.locator("#ward-rows tr")
    expect(rows).to_have_count(9)
    known = "not known" if spoken == "en" else "chưa rõ"
    expect(rows.nth(0)).to_contain_text("101")
    expect(rows.nth(8)).to_contain_text(known)
    expect(page.locator("#shading-steps li").nth(2)).to_contain_text("7")
    expect(page.locator("#legend-total")).to_contain_text("1")
    check(page)
    picture(page, "map")
    context.close()
