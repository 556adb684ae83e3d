"""Tiles made of columns are those that PostGIS makes for everybody, feature by feature."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.utils import timezone

from districts import bulk_placement, rulebook
from districts.models import Agency, Area, CatalogueChange, Category
from districts.wards_today import edition_today, wards_today
from gis_core.positions import LonLat
from gis_core.tiles import Tile, tile_of
from incidents import tile_selectors
from incidents.columns import tiles
from incidents.columns.rows import COLUMNS, NO_DAY, NOWHERE, Columns, Rows, Words, day_of, kind_of
from incidents.filters import Filters
from incidents.models import Incident
from incidents.workflow import Status
from tests import mvt, zoo
from tests.incidents.test_tile_selectors import (
    CORNER,
    FILTERS,
    FIRST_DAY,
    answering,
    incident,
    tiles_around,
)

STATUSES = tuple(Status)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def rows_of(incidents, categories, agencies):
    """Return incidents as columns, in the order given."""

    def kind(one):
        status = STATUSES.index(one.status)
        return kind_of(categories.index(one.category_id), status, public=one.public)

    local = [timezone.localtime(one.opened_at).date() for one in incidents]
    made = {
        "code": [one.cell for one in incidents],
        "x": [0.0] * len(incidents),
        "y": [0.0] * len(incidents),
        "id": [one.pk for one in incidents],
        "kind": [kind(one) for one in incidents],
        "agency": [agencies.get(one.agency_id, NOWHERE) for one in incidents],
        "ward": wards_of(incidents),
        "day": [day_of(day) for day in local],
        "closed": [NO_DAY] * len(incidents),
        "version": [0] * len(incidents),
        "moment": [int((one.opened_at - EPOCH).total_seconds()) for one in incidents],
    }
    return Rows(**{name: np.array(made[name], kind) for name, kind in COLUMNS.items()})


def wards_of(incidents):
    """Return the place of each one's ward of today, as it is found when columns are built."""
    edition = edition_today()
    lons, lats = np.array([one.position.coords for one in incidents]).reshape(-1, 2).T.copy()
    area = bulk_placement.of_edition(edition.id).place(lons.copy(), lats.copy()).area
    return np.where(area < 0, NOWHERE, area)


def columns_of(base, came=(), went=()):
    """Return what stands when ``came`` were added to ``base`` and ``went`` taken off it."""
    known = dict(Category.objects.order_by("code").values_list("code", "sector_id"))
    categories, sectors = tuple(known), tuple(known.values())
    codes = dict(Agency.objects.order_by("pk").values_list("pk", "code"))
    agencies = {pk: number for number, pk in enumerate(codes)}
    answer = tuple(codes.values())
    wards = tuple(sorted(wards_today()))
    words = Words(categories, STATUSES, answer, wards, "zoo", (0.0, 0.0), 32648, sectors)
    changes = [*went, *came]
    return Columns(
        rows_of(sorted(base, key=lambda one: (one.cell, one.pk)), categories, agencies),
        rows_of(changes, categories, agencies),
        np.array([-1] * len(went) + [1] * len(came), np.int8),
        words,
        f"image-{len(changes)}",
    )


@pytest.fixture
def crowd(town):
    """Of every category and status; half of it dense, a third of sensitive and hidden kinds.

    A third was reported in the ward where it lies, a third in a ward of before, the rest in none.
    """
    chance = random.Random(1022)
    former = zoo.edition({"101": (106.6, 10.6, 106.8, 10.8)}, name="before", since=date(2020, 1, 1),
                         until=zoo.SINCE).areas.get()  # fmt: skip
    wards = {one.code: one for one in Area.objects.filter(edition=edition_today().id)}
    categories = list(Category.objects.all())
    private = [one for one in categories if one.sensitive or not one.public]
    agencies, made = answering(), []
    for number in range(1500):
        spread = 0.01 if number % 2 else 0.0015
        place = LonLat(CORNER.lon + chance.gauss(0, spread), CORNER.lat + chance.gauss(0, spread))
        category = chance.choice(private if number % 3 == 0 else categories)
        status = chance.choice(list(Status))
        agency = agencies[chance.randrange(4)]
        made.append(incident(category, place, status=status, day=number % 90, agency=agency))
    codes = sorted(wards)
    for number, (one, at) in enumerate(zip(made, wards_of(made).tolist(), strict=True)):
        today = None if at == NOWHERE else wards[codes[at]]
        one.ward = (today, former, None)[number % 3]
    return Incident.objects.bulk_create(made)


@pytest.fixture
def some_changed(crowd):
    """The same crowd as columns, half a hundred rows of it still as they were in the image."""
    chance = random.Random(7)
    agencies, before, after = answering(), [], []
    for one in chance.sample(crowd, 60):
        was = Incident(pk=one.pk, category_id=one.category_id, status=chance.choice(STATUSES),
                       position=one.position, cell=one.cell, public=one.public,
                       opened_at=one.opened_at, agency=agencies[chance.randrange(4)])  # fmt: skip
        before.append(was)
        after.append(one)
    changed = {one.pk for one in after}
    return columns_of([one for one in crowd if one.pk not in changed] + before, after, before)


def drawn(body, place):
    """Return every feature of a tile: its layer, its place and its properties."""
    return sorted(
        (name, one.shape.x, one.shape.y, sorted(told.items()))
        for name in ("heat", "clusters", "incidents")
        for one in mvt.features(body, name, place)
        if (told := {key: value for key, value in one.properties.items() if key != "mvt_id"})
    )


def random_filters(chance):
    codes = list(Category.objects.values_list("code", flat=True))
    sectors = list(Category.objects.values_list("sector_id", flat=True).distinct())
    since = FIRST_DAY.date() + timedelta(days=chance.randrange(90))
    return Filters(
        categories=frozenset(chance.sample(codes, chance.choice([0, 0, 8, 20]))),
        sectors=frozenset(chance.sample(sectors, chance.choice([0, 0, 2]))),
        statuses=frozenset(chance.sample(STATUSES, chance.choice([0, 0, 2, 5]))),
        agencies=frozenset(chance.choice([(), (), ("ubnd-101",), ("ubnd-102", "ubnd-103")])),
        wards=frozenset(chance.choice([(), (), ("101",), ("102", "103", "104")])),
        since=chance.choice([None, since]),
        until=chance.choice([None, since + timedelta(days=chance.randrange(60))]),
    )


@pytest.mark.parametrize("who", ["anybody", "administrator"])
@pytest.mark.parametrize("z", [0, 9, 12, 14, 15, 16])
def test_tiles_are_those_that_postgis_makes(some_changed, request, z, who):
    actor = request.getfixturevalue(who)
    chance = random.Random(z)
    many = 0
    for filters in [*FILTERS.values(), *(random_filters(chance) for _ in range(4))]:
        for place in tiles_around(z):
            expected = drawn(tile_selectors.tile(place, filters, actor), place)
            assert drawn(tiles.tile(some_changed, place, filters, actor), place) == expected
            many += len(expected)
    assert many >= 18


def test_a_crowded_tile_keeps_its_groups_one_zoom_longer(some_changed, anybody, monkeypatch):
    monkeypatch.setattr(tiles, "MOST_SINGLE", 3)
    for z, layers in (
        (14, {"heat", "clusters"}),
        (15, {"heat", "clusters"}),
        (16, {"heat", "incidents"}),
    ):
        place = tile_of(CORNER, z)
        body = tiles.tile(some_changed, place, Filters())
        assert mvt.layers(body) == layers
        expected = tile_selectors.tile(place, Filters(), anybody)
        assert mvt.features(body, "heat", place)
        assert len(mvt.features(body, "heat", place)) == len(mvt.features(expected, "heat", place))


def test_a_tile_names_what_it_was_made_of(some_changed, town):
    """Its revision changes with what changes in the tile itself, and with the catalogue."""
    [here] = tiles_around(9)
    elsewhere = Tile(9, here.x + 1, here.y)
    before = replace(some_changed, delta=some_changed.delta.first(100))
    before = replace(before, weight=some_changed.weight[:100], revision="image-100")
    assert tiles.revision(some_changed, here) != tiles.revision(before, here)
    assert tiles.revision(some_changed, elsewhere) == tiles.revision(before, elsewhere)
    told = tiles.revision(some_changed, here)
    CatalogueChange.objects.create()
    rulebook.current()
    assert tiles.revision(some_changed, here) != told
