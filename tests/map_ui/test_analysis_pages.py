"""What the planners' workspace offers, and what it says while it reckons and of two periods."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from incidents.actors import actor_of
from incidents.analyses import asking, reckoning
from incidents.models import Run, Staff
from incidents.models.analysis import RunState
from incidents.permissions import Role
from map_ui.analysis_map_document import document
from tests import zoo
from tests.incidents.analyses.test_rates import PEOPLE, live, repeat
from tests.incidents.analyses.test_runs import gone
from tests.incidents.test_analyses import asked, lay_streets, make, planted_places

DAY = timedelta(days=1)


@pytest.fixture
def chi(client, town):
    """Chi is a planner, and signed in."""
    user = User.objects.create_user("chi")
    Staff.objects.create(user=user, role=Role.PLANNER)
    client.force_login(user)
    return actor_of(user)


def test_only_what_is_known_here_is_offered_with_what_it_is_for(client, chi):
    bare = client.get("/analysis").content.decode()
    assert 'value="road_km"' not in bare
    assert 'value="residents"' not in bare
    assert 'value="heard"' not in bare
    assert 'value="small_numbers"' in bare
    live(PEOPLE)
    lay_streets()
    repeat(make(planted_places()[:3]), 1)
    page = client.get("/analysis").content.decode()
    for code in ("road_km", "residents", "heard"):
        assert f'value="{code}"' in page
        assert f'data-of="{code}"' in page
    assert "dân được chia đều cho mọi ô của phường" in page


def test_what_was_done_to_the_counts_stands_above_the_map(client, chi):
    make(planted_places())
    live(PEOPLE)
    run = asking.ask(chi, asked(exposure="residents"), "Theo dân")
    assert reckoning.reckon_next(timezone.now())
    page = client.get(f"/analysis/{run.analysis.token}").content.decode()
    assert "chia cho số dân (Sổ dân cư, 2025)" in page
    run.refresh_from_db()
    assert "sự cố trên mỗi nghìn dân" in dict(document(run).parameters).values()


def test_a_run_says_since_when_and_whether_it_can_tell_how_far_it_is(client, chi):
    slow, steady = (
        asking.ask(chi, asked(method=method, parameters={}), method)
        for method in ("hierarchical", "emerging")
    )
    began = timezone.now() - timedelta(seconds=12)
    Run.objects.update(state=RunState.RUNNING, began_at=began, progress=40)
    told = [client.get(f"/analysis/{run.analysis.token}/state").json() for run in (slow, steady)]
    assert [one["blind"] for one in told] == [True, False]
    since = [int(re.search(r"đã (\d+) giây", one["words"])[1]) for one in told]
    assert all(12 <= seconds < 300 for seconds in since)
    assert "không cho biết đã đến đâu" in told[0]["words"]
    page = client.get(f"/analysis/{slow.analysis.token}").content.decode()
    assert '<progress id="bar" max="100" aria' in page


def test_a_map_names_the_draw_only_where_chance_was_drawn(client, chi):
    make(planted_places())
    for chance in ("normal", "999"):
        parameters = {"cell_m": 200, "chance": chance}
        run = asking.ask(chi, asked(parameters=parameters), chance)
        assert reckoning.reckon_next(timezone.now())
        run.refresh_from_db()
        assert ("Lượt xáo trộn" in dict(document(run).parameters)) == (chance == "999")


def test_what_was_asked_of_a_ward_that_is_gone_can_still_be_read(client, chi):
    make(planted_places())
    run = asking.ask(chi, asked(area={"kind": "wards", "wards": ["103"]}), "Phường cũ")
    assert reckoning.reckon_next(timezone.now())
    gone(run.analysis)
    address = f"/analysis/{run.analysis.token}"
    assert "điểm nóng" in client.get(address).content.decode()
    assert client.get(f"{address}/state").json()["state"] == "done"
    assert client.get(f"{address}/map.html").status_code == 200
    again = client.post(address + "/act", {"what": "again"})
    assert again.status_code == 422
    assert "999" in again.content.decode()


@pytest.mark.parametrize(
    ("method", "says"),
    [("along_streets", "/km"), ("space_time", "Cụm mới"), ("repeats", "tài sản")],
)
def test_two_periods_of_any_method_are_held_against_each_other(client, chi, method, says):
    make(planted_places())
    lay_streets()
    zoo.asset("park", zoo.ward_boxes()["103"])
    zoo.asset("park", zoo.ward_boxes()["101"], code="2")
    run = asking.ask(chi, asked(method=method, parameters={}), "Đường")
    today = timezone.localdate()
    before = asking.ask_again(chi, run.analysis.token, (today - 150 * DAY, today - 20 * DAY))
    while reckoning.reckon_next(timezone.now()):
        pass
    address = f"/analysis/{run.analysis.token}/compare?run={run.pk}&with={before.pk}"
    assert (
        address.partition("?")[0] in client.get(f"/analysis/{run.analysis.token}").content.decode()
    )
    page = client.get(address)
    assert page.status_code == 200
    assert says in page.content.decode()
    file = client.get(address.replace("/compare", "/changes.geojson"))
    assert file.status_code == 200
