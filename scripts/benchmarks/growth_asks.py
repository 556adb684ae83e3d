"""What is asked of incidents and events, by our own code; it answers from the copy that is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyogrio

from gis_core import sql
from gis_core.positions import LonLat
from gis_core.tiles import tile_of
from incidents import tile_selectors
from incidents.actors import Actor
from incidents.desk import queue
from incidents.desk.filters import DeskFilter
from incidents.figures import counting
from incidents.figures.periods import month_of
from incidents.figures.scope import Scope
from incidents.filters import Filters
from incidents.models import Event, Incident
from incidents.permissions import Role
from scripts.benchmarks.growth_tables import run

EACH = 200
"""Rows that are asked for one by one."""
FEW = 100


@dataclass(frozen=True, slots=True)
class Ask:
    """What asks; how many answers it gives at once; and an answer as it is compared."""

    ask: Callable[[], Any]
    answers: int = 1
    told: Callable[[Any], Any] = lambda answer: answer


def of_incidents() -> Mapping[str, Ask]:
    """Return what is asked of the incidents' table."""
    operator = Actor(role=Role.OPERATOR)
    [(agency,)] = run(
        "SELECT agency_id FROM source WHERE agency_id IS NOT NULL"
        " GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    [(day, lon, lat)] = run(
        "SELECT date_trunc('month', max(opened_at))::date - 1,"
        " percentile_disc(0.5) WITHIN GROUP (ORDER BY ST_X(position)),"
        " percentile_disc(0.5) WITHIN GROUP (ORDER BY ST_Y(position)) FROM source"
    )
    staff = Actor(role=Role.AGENCY_STAFF, agencies=frozenset({agency}))
    place = tile_of(LonLat(lon, lat), 13)
    scope = Scope(operator, month_of(day))
    ids = _ids()
    return {
        "the desk's list, everything": Ask(lambda: queue.page(operator, DeskFilter())),
        "the desk's list, the fullest agency": Ask(lambda: queue.page(staff, DeskFilter())),
        "a map tile at zoom 13": Ask(
            lambda: tile_selectors.tile(place, Filters(), operator), told=_features
        ),
        "one incident by its id": Ask(lambda: _each(Incident, ids), len(ids)),
        "the newest fifty": Ask(
            lambda: list(Incident.objects.order_by("-opened_at", "-id").values_list("id")[:50])
        ),
        "a month's figures with the trend": Ask(lambda: counting.trend(scope)),
        "how old a month's backlog was": Ask(lambda: counting.ages(scope)),
    }


def of_events() -> Mapping[str, Ask]:
    """Return what is asked of the event log."""
    ids = _ids()
    [(first,)] = run("SELECT percentile_disc(0.99) WITHIN GROUP (ORDER BY id) FROM source")
    [(transaction,)] = run("SELECT transaction::text::bigint FROM source WHERE id = %s", first)
    cursor = {"transaction": transaction, "id": first, "count": FEW}
    incidents = [
        row for (row,) in run(
            "SELECT incident_id FROM source WHERE id = ANY(%s) AND incident_id IS NOT NULL", ids
        )
    ]  # fmt: skip
    return {
        "an incident's history": Ask(lambda: [_history(one) for one in incidents], len(incidents)),
        "one event by its id": Ask(lambda: _each(Event, ids), len(ids)),
        "the next hundred after a cursor": Ask(
            lambda: sql.rows("incidents", "columns_changed", cursor)
        ),
    }


def _features(body: bytes) -> dict[str, list[str]]:
    """Return each layer's features, sorted: a tile may hold them in any order.

    As text, for an id that is missing is no number, and equals nothing.
    """
    found = {}
    for layer, _ in pyogrio.list_layers(body):
        _, _, shapes, columns = pyogrio.raw.read(body, layer=layer)
        rows = zip(shapes, *(one.tolist() for one in columns), strict=True)
        found[layer] = sorted(map(repr, rows))
    return found


def _ids() -> list[int]:
    """Return ids of rows drawn alike from all times."""
    found = run(
        "SELECT id FROM ("
        " SELECT id, row_number() OVER (ORDER BY ctid) AS n, count(*) OVER () AS many FROM source"
        ") AS s WHERE n %% greatest(many / %s, 1) = 0 LIMIT %s",
        EACH, EACH,
    )  # fmt: skip
    return [row for (row,) in found]


def _each(model: type[Incident] | type[Event], ids: list[int]) -> list[Any]:
    return [model.objects.filter(pk=pk).values_list().get() for pk in ids]


def _history(incident: int) -> list[Any]:
    return list(Event.objects.filter(incident=incident).order_by("at", "id").values_list("id"))
