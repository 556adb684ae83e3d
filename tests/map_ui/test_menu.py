"""The menu leads an office to its pages, and to no other."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from incidents.models import Staff
from incidents.permissions import Role

PAGES = ("desk", "approve", "duplicates", "overview", "analysis", "oversight")
OPENS = {
    Role.WARD_STAFF: {"desk", "duplicates"},
    Role.AGENCY_STAFF: {"desk", "duplicates"},
    Role.DISTRICT_OPERATOR: {"desk", "approve", "duplicates"},
    Role.OPERATOR: {"desk", "approve", "duplicates", "overview", "analysis"},
    Role.PLANNER: {"desk", "overview", "analysis"},
    Role.LEADER: {"desk", "overview", "analysis", "oversight"},
    Role.OVERSIGHT: {"desk", "overview", "analysis", "oversight"},
    Role.ADMINISTRATOR: set(PAGES),
}


def led_to(page):
    """Return the pages that the menu of a page leads to."""
    menu = page.content.decode().split("</header>")[0]
    return {name for name in PAGES if f'href="{reverse(f"pages:{name}")}"' in menu}


@pytest.mark.parametrize("role", OPENS)
def test_every_page_of_the_menu_opens(town, client, role):
    user = User.objects.create_user("lan", password="lan-lan")
    Staff.objects.create(user=user, role=role)
    client.post("/login/", {"username": "lan", "password": "lan-lan"})
    assert led_to(client.get("/t/")) == OPENS[role]
    for name in OPENS[role]:
        page = client.get(reverse(f"pages:{name}"))
        assert page.status_code == 200
        assert led_to(page) == OPENS[role]


def test_who_is_not_signed_in_has_the_pages_for_all_alone(town, client):
    assert led_to(client.get("/t/")) == set()
