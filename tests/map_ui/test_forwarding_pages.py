"""What no agency has yet shows how long it may still wait, wherever operators look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from incidents.models import Incident
from tests import zoo
from tests.map_ui.conftest import HERE, send
from tests.map_ui.test_finding import waiting
from tests.map_ui.test_pages import shown

NOON = datetime(2026, 6, 6, 5, tzinfo=UTC)
BORDER = (zoo.ward_boxes()["101"][2], HERE[1])


@pytest.fixture
def clock(town):
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize(
    ("minutes", "said", "looks"),
    [(1, "còn 4 phút", "left"), (4.5, "còn 0 phút", "soon"), (12, "quá hạn 7 phút", "late")],
)
def test_the_queues_and_the_desk_show_the_clock(clock, client, hoa, minutes, said, looks):
    send(place=BORDER, accuracy=50)
    waiting(client)
    client.force_login(hoa)
    clock.shift(timedelta(minutes=minutes))
    for address in ("/console/triage", "/console/locate", "/desk"):
        page = shown(client.get(address))
        assert said in page, address
        assert f"due-{looks}" in page, address


def test_what_an_agency_has_shows_the_agencys_clock_alone(clock, client, hoa):
    send()
    client.force_login(hoa)
    clock.shift(timedelta(minutes=12))
    assert "7 phút" not in shown(client.get("/desk"))
    assert Incident.objects.get().agency is not None
