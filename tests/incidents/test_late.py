"""At its very due moment a case is in time; a moment later it is late, wherever one looks."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User

from districts.models import Area
from gis_core.tiles import Tile
from incidents.actors import Actor
from incidents.desk import queue, rows, tiles
from incidents.desk.filters import DeskFilter, Tab
from incidents.due_clocks import Standing
from incidents.figures import page_of, read_period, read_scope
from incidents.models import Custody, Event, Incident
from incidents.models.incident import past_due
from incidents.notifications import digests
from incidents.permissions import Role
from tests import mvt, zoo
from tests.incidents.test_desk import NOW, cast, incident  # noqa: F401  a fixture
from tests.incidents.test_tile_selectors import square_of

BOSS = Actor(1, Role.LEADER)


@pytest.fixture
def held(cast):  # noqa: F811
    """An incident of ward 101's committee that is due now."""
    ward = Area.objects.get(code="101")
    one = incident(agency=zoo.agency("ubnd-101"), ward=ward, due_at=NOW, held_since=NOW)
    one.save()
    begun = Event.objects.create(kind="assigned", incident=one)
    Custody.objects.create(
        incident=one, agency=one.agency, from_event=begun, began_at=one.opened_at, due_at=NOW,
        limit_s=1, runs="always", rule="answer", rule_version=1,
    )  # fmt: skip
    return one


def dot(actor, one):
    tile = Tile(15, *square_of(one.position, 15))
    [found] = mvt.features(tiles.tile(tile, DeskFilter(), actor), "incidents", tile)
    return found


@pytest.mark.parametrize(("after", "late"), [(timedelta(0), False), (timedelta(seconds=1), True)])
def test_the_list_the_map_the_digest_and_the_figures_say_the_same(cast, held, after, late):  # noqa: F811
    with time_machine.travel(NOW + after, tick=False):
        [row] = rows.rows(cast.minh, [held.pk], "vi")
        told = {
            "clock": row.clock.standing is Standing.LATE,
            "tab": queue.count(cast.minh, DeskFilter(tab=Tab.LATE)) == 1,
            "map": dot(cast.minh, held).properties["late"],
            "rows": Incident.objects.filter(past_due(NOW + after)).exists(),
            "figures": page_of(read_scope(BOSS, read_period("2026-06")), "overdue", 1, "vi").total,
            "case": any(c.late for c in page_of(
                read_scope(BOSS, read_period("2026-06")), "backlog", 1, "vi").cases),
            "digest": digests.facts(User.objects.get(username="minh"), "vi")["late"] == "1",
        }  # fmt: skip
    assert {name: bool(said) for name, said in told.items()} == dict.fromkeys(told, late)
