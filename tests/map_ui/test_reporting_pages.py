"""Planners read how fast people report, as a page and as files; nobody else does."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from districts.models import Area
from incidents.figures import read_period
from incidents.models import Staff
from incidents.permissions import Role
from tests.incidents.test_reporting_figures import told
from tests.map_ui.test_everyone import SHAPES, check
from tests.map_ui.test_overview_pages import Seen, numbers, pdf_words, workbook

ADDRESS = "/overview/reporting?period=2026-03"
KINDS = ("pothole", "litter", "fallen-tree")


@pytest.fixture
def tam(db):
    """Tâm plans."""
    user = User.objects.create_user("tam", password="tam")
    Staff.objects.create(user=user, role=Role.PLANNER)
    return user


def two_wards():
    """Ward 101 tells of each thing four times in ten days, ward 102 hardly ever twice."""
    wards = {one.code: one for one in Area.objects.all()}
    for number in range(12):
        told(wards["101"], (1, 3, 6), KINDS[number % 3])
        told(wards["102"], (8,) if number == 0 else (), KINDS[number % 3])


@pytest.fixture
def reader(client, town, tam):
    two_wards()
    client.force_login(tam)
    return client


def page(client, address=ADDRESS):
    response = client.get(address)
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def test_the_slow_ward_comes_first_and_leads_to_its_incidents(reader):
    text = page(reader)
    slow, quick = (row for row in Seen(text).rows if len(row) == 8 and row[1].strip() == "12")
    assert "chắc chắn chậm hơn" in slow[6]
    assert "chắc chắn nhanh hơn" in quick[6]
    links = [link for link in Seen(text).links if "figure=reported" in link]
    assert len(links) == 2
    assert page(reader, links[0].replace("&amp;", "&"))


def test_the_map_shows_each_ward_by_its_reporting_with_words_for_it(reader):
    text = page(reader)
    assert text.count('<path class="shade-') == 2
    assert text.count('<path class="shade-slower"') == 1
    assert "<title>" in text.split("shades")[1]
    assert 'class="shade-' not in page(reader, f"{ADDRESS}&by=category").split("<table")[0]


def test_what_it_does_not_mean_stands_beside_what_it_means_in_both_languages(reader):
    assert "Điều nó không nói lên" in page(reader)
    reader.cookies["django_language"] = "en"
    text = page(reader)
    assert "What it does not mean" in text
    assert "surely slower" in text


def test_page_pdf_and_workbook_say_the_same(reader):
    rows = [row for row in Seen(page(reader)).rows if len(row) == 8 and row[1].strip() == "12"]
    files = ADDRESS.replace("reporting?", "reporting.FORM?")
    [sheet] = workbook(reader.get(files.replace("FORM", "xlsx")).content).values()
    pdf = pdf_words(reader.get(files.replace("FORM", "pdf")).content)
    for row, cells in zip(rows, sheet[1:], strict=True):
        assert row[0].strip() == cells[0]
        assert cells[0] in pdf
        assert float(numbers(row[2])[0].replace(",", ".")) == pytest.approx(cells[3], abs=0.006)
        assert float(numbers(row[3])[0].replace(",", ".")) == pytest.approx(cells[4], abs=0.06)
        assert numbers(row[3])[0] in pdf


def test_without_a_period_the_last_month_s_year_is_shown_and_nothing_breaks_where_nothing_is(
    client, town, tam
):
    client.force_login(tam)
    text = page(client, "/overview/reporting")
    assert "Năm " in text
    assert "Quá ít báo cáo" in text
    assert client.get("/overview/reporting.doc").status_code == 404
    assert client.get("/overview/reporting?period=x").status_code == 422


def test_the_overview_leads_to_it_and_only_for_those_who_see_figures(reader, client):
    assert 'href="/overview/reporting"' in page(reader, f"/overview?period={month()}")
    for role in (Role.AGENCY_STAFF, Role.WARD_STAFF, Role.OPERATOR):
        user = User.objects.create_user(role, password=role)
        Staff.objects.create(user=user, role=role)
        client.force_login(user)
        wanted = 403 if role is not Role.OPERATOR else client.get("/overview").status_code
        assert client.get(ADDRESS).status_code == wanted
    client.logout()
    assert client.get(ADDRESS).status_code == 302


def month():
    return read_period("2026-03").code


@pytest.mark.browser
@pytest.mark.parametrize("look", [("phone", "light"), ("desk", "dark")])
def test_everyone_can_read_it(site, chromium, client, tam, look, picture):
    two_wards()
    shape, colours = look
    client.force_login(tam)
    context = chromium.new_context(
        viewport=SHAPES[shape], color_scheme=colours, bypass_csp=True, locale="vi-VN"
    )
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    opened = context.new_page()
    opened.goto(f"{site}{ADDRESS}")
    expect(opened.locator("h1")).to_be_visible()
    check(opened)
    picture(opened, f"reporting-{shape}-{colours}")
    wide = opened.evaluate("document.querySelector('main').scrollWidth - innerWidth")
    assert wide <= 0, f"{wide} wider than the screen"
    context.close()
