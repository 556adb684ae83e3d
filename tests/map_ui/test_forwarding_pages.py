"""What no agency has yet shows how long it may still wait, wherever operators look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from incidents import pipeline, services
from incidents.actors import Actor
from incidents.models import Incident
from incidents.permissions import Role
from incidents.said import Said
from incidents.workflow import Step
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


@pytest.mark.parametrize(
    ("spoken", "open_words", "ended_words"),
    [
        ("vi", "Bạn đã gửi phản ánh 9 ngày làm việc trước, trong đó tạm dừng 3 ngày.",
         "Từ lúc bạn gửi đến khi xong mất 9 ngày làm việc, trong đó tạm dừng 3 ngày."),
        ("en", "You reported it 9 working days ago, of which the work was paused for 3.",
         "It took 9 working days from your report on, of which the work was paused for 3."),
    ],
    ids=["vi", "en"],
)  # fmt: skip
def test_reporters_read_how_long_they_have_waited_over_all_agencies(
    clock, client, spoken, open_words, ended_words
):
    clock.move_to(datetime(2026, 6, 1, 3, tzinfo=UTC))
    code = send().code
    incident = Incident.objects.get()

    def holder():
        incident.refresh_from_db()
        return Actor(None, Role.AGENCY_STAFF, agencies=frozenset({incident.agency_id}))

    clock.shift(timedelta(days=1))
    pipeline.decline(holder(), incident.pk, Said("not_ours", "của phường bên"))
    incident.refresh_from_db()
    if incident.agency is None:
        boss = Actor(None, Role.ADMINISTRATOR)
        services.assign(boss, incident.pk, "ubnd-101", "gần nhất")
    clock.move_to(datetime(2026, 6, 4, 3, tzinfo=UTC))
    services.take(holder(), incident.pk, Step.PAUSE, Said("weather"))
    clock.move_to(datetime(2026, 6, 9, 3, tzinfo=UTC))
    services.take(holder(), incident.pk, Step.RESUME)
    clock.move_to(datetime(2026, 6, 12, 4, tzinfo=UTC))
    client.cookies["django_language"] = spoken
    assert open_words in shown(client.get(f"/t/{code}"))
    Incident.objects.update(status="closed", closed_at=datetime(2026, 6, 12, 4, tzinfo=UTC))
    clock.shift(timedelta(days=30))
    assert ended_words in shown(client.get(f"/t/{code}"))


def test_a_report_of_today_is_not_zero_days_old(clock, client):
    code = send().code
    assert "Bạn mới gửi phản ánh, chưa đầy một ngày làm việc." in shown(client.get(f"/t/{code}"))


def test_what_was_no_case_took_no_time(clock, client):
    code = send().code
    Incident.objects.update(status="rejected", closed_at=NOON)
    clock.shift(timedelta(days=30))
    page = shown(client.get(f"/t/{code}"))
    assert "how-long" not in page
