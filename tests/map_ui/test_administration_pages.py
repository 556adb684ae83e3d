"""The administrators' pages in a browser: usable by everyone, nothing loaded from elsewhere."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from playwright.sync_api import expect

from districts.loading import CountFacts, load_residents
from districts.models import (
    Agency,
    Area,
    Asset,
    CatalogueChange,
    Category,
    Edition,
    ResidentCount,
    Rule,
    ServiceArea,
)
from districts.resident_files import Line
from tests import zoo
from tests.map_ui.axe import WCAG, violations
from tests.map_ui.test_everyone import SHAPES

pytestmark = pytest.mark.browser


@pytest.fixture
def thu(site):
    """Thu administers; she is in the group and no superuser."""
    made = User.objects.create_user("thu", password="thu-thu")
    made.groups.add(Group.objects.get_or_create(name="administrator")[0])
    zoo.asset("road", (106.701, 10.761, 106.709, 10.762), owner="tt-gtht")
    zoo.service_area("cay-xanh", (106.702, 10.762, 106.71, 10.77), ["fallen-tree"])
    lines = [Line(at, code, "12000") for at, code in enumerate(zoo.ward_boxes())]
    load_residents(lines, CountFacts("zoo-2025", 2024, "Census"), file="a.csv", actor="thu")
    return site


def sign_in(page, site):
    page.goto(f"{site}/admin/")
    page.fill("#username", "thu")
    page.fill("#password", "thu-thu")
    page.press("#password", "Enter")
    expect(page.locator("#site-name")).to_be_visible()


def addresses():
    """Yield the pages that are looked at, by name."""
    rule = Rule.objects.get(code="telecom", superseded_at=None)
    rows = {
        "edition": Edition.objects.get(),
        "area": Area.objects.get(code="101"),
        "agency": Agency.objects.get(code="tt-gtht"),
        "category": Category.objects.get(code="pothole"),
        "rule": rule,
        "asset": Asset.objects.first(),
        "service-area": ServiceArea.objects.first(),
        "residents": ResidentCount.objects.get(),
        "catalogue_change": CatalogueChange.objects.filter(kind="rule").first(),
    }
    yield "index", reverse("admin:index")
    for name, row in rows.items():
        model = f"admin:districts_{row._meta.model_name}"
        yield f"{name}-list", reverse(f"{model}_changelist")
        yield name, reverse(f"{model}_change", args=[row.pk])
    yield "residents-file", reverse("admin:districts_residentcount_add")
    yield "history", reverse("admin:districts_rule_history", args=[rule.pk])


@pytest.mark.parametrize(("shape", "colours"), [("phone", "light"), ("desk", "dark")])
def test_everyone_can_use_the_pages(chromium, thu, shape, colours):
    context = chromium.new_context(
        viewport=SHAPES[shape], color_scheme=colours, bypass_csp=True, locale="vi-VN"
    )
    page = context.new_page()
    sign_in(page, thu)
    faults = {}
    for name, address in addresses():
        page.goto(thu + address)
        faults |= {name: lines} if (lines := violations(page, WCAG)) else {}
    context.close()
    assert not faults, "\n".join(f"{name}: {line}" for name in faults for line in faults[name])


@pytest.mark.parametrize("screen", ["page", "desk"])
def test_the_pages_as_they_are_seen(request, thu, picture, screen):
    """No page leaves the site, breaks the policy or is wider than the screen."""
    page = request.getfixturevalue(screen)
    asked = []
    page.on("request", lambda one: asked.append(one.url))
    sign_in(page, thu)
    for name, address in addresses():
        page.goto(thu + address)
        picture(page, name)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} px wider than the screen"
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {thu.split("/")[2]}


def test_a_rule_is_compared_and_then_saved(thu, desk, picture):
    rule = Rule.objects.get(code="telecom", superseded_at=None)
    sign_in(desk, thu)
    desk.goto(thu + reverse("admin:districts_rule_change", args=[rule.pk]))
    desk.fill("#id_priority", "45")
    desk.click("input[name=_save]")
    expect(desk.locator(".diff-table .changed")).to_have_count(1)
    picture(desk, "compared")
    desk.click("button[name=_confirmed]")
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert Rule.objects.get(code="telecom", superseded_at=None).priority == 45
    desk.goto(thu + reverse("admin:districts_rule_change", args=[rule.pk]))
    picture(desk, "former")
