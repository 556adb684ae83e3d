"""Before a rule is saved in the administration, the page says which incidents would move."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from districts.models import Agency, Rule
from gis_core.positions import LonLat, Position
from incidents import pipeline
from incidents.models import Incident
from incidents.report import Statement
from tests.kept_rows import town_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def thu(client):
    town_again()
    client.force_login(User.objects.create_user("thu", is_superuser=True))
    return client


def reported(category, number):
    place = Position(LonLat(106.7052, 10.7653), 5.0)
    at = datetime(2026, 3, number, 5, tzinfo=UTC)
    pipeline.receive(Statement("web", f"{category}-{number}", category, "", place, at))


def asked(client, **changes):
    """Return the page that asks before the telecom rule is saved."""
    rule = Rule.objects.get(code="telecom", superseded_at=None)
    address = reverse("admin:districts_rule_change", args=[rule.pk])
    form = client.get(address).context["adminform"].form
    values = {one.html_name: one.value() for one in form} | changes
    return client.post(address, {key: value for key, value in values.items() if value})


def test_the_page_counts_what_would_move_and_from_whom_to_whom(thu):
    for number in (1, 2):
        reported("hanging-cable", number)
    reported("pothole", 1)
    page = asked(thu, agency=Agency.objects.get(code="vnpt").pk).content.decode()
    assert "2 trong 3 sự cố mới nhất sẽ chuyển" in page
    assert "2: Sở Khoa học và Công nghệ (so-khcn) → VNPT Thành phố Hồ Chí Minh (vnpt)" in page
    assert set(Incident.objects.values_list("agency__code", flat=True)) == {"so-khcn", "ubnd-101"}


def test_a_change_of_words_moves_nothing(thu):
    reported("hanging-cable", 1)
    page = asked(thu, source="asked on the telephone").content.decode()
    assert "0 trong 1 sự cố mới nhất" in page


def test_without_incidents_there_is_nothing_to_move(thu):
    assert "0 trong 0 sự cố" in asked(thu, priority="45").content.decode()
