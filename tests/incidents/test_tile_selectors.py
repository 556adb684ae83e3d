"""What the tiles show is what ``visible_to`` lets the asker see, counted exactly."""

from __future__ import annotations

import math
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.gis.geos import Point
from pyproj import Transformer

from districts.models import Agency, Category
from gis_core.positions import LonLat
from gis_core.tiles import HALF_WORLD_M, Tile, cell_code, tile_of
from incidents import tile_selectors
from incidents.filters import Filters
from incidents.listing import filtered
from incidents.models import Incident
from incidents.selectors import visible_to
from incidents.workflow import OPEN, Status
from tests import mvt

TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
TO_DEGREES = Transformer.from_crs("EPSG:3857", "EPSG:4326", always_xy=True)
FIRST_DAY = datetime(2026, 1, 1, 1, tzinfo=UTC)
CORNER = LonLat(*TO_DEGREES.transform(*Tile(14, 13047, 7698).bounds_m()[:2]))
"""Where four tiles of zoom 14 meet, near the middle of the made-up town."""

FILTERS = {
    "everything": Filters(),
    "one sector": Filters(sectors=frozenset({"traffic"})),
    "two statuses": Filters(statuses=frozenset({"assigned", "closed"})),
    "rejected": Filters(statuses=frozenset({"rejected"})),
    "a month": Filters(since=date(2026, 2, 1), until=date(2026, 2, 28)),
    "an agency": Filters(agencies=frozenset({"ubnd-101"})),
    "all at once": Filters(
        sectors=frozenset({"traffic"}), statuses=frozenset({"closed"}), since=date(2026, 1, 15)
    ),
}


def incident(category, lonlat, *, status="assigned", day=0, agency=None):
    """Return an unsaved incident of a public, sensitive or hidden category."""
    return Incident(
        category=category,
        status=status,
        position=Point(lonlat.lon, lonlat.lat, srid=4326),
        cell=cell_code(lonlat),
        public=category.public and not category.sensitive,
        opened_at=FIRST_DAY + timedelta(days=day),
        agency=agency,
    )


def answering():
    """Return who answers, in turn: one for half of the incidents, another, and nobody."""
    one, other = Agency.objects.filter(code__in=["ubnd-101", "ubnd-102"]).order_by("code")
    return [one, other, one, None]


@pytest.fixture
def crowd(town):
    """Eight hundred incidents of every category and status, dense around a corner of tiles."""
    chance = random.Random(1022)
    categories = list(Category.objects.all())
    places = [
        LonLat(CORNER.lon + chance.gauss(0, 0.01), CORNER.lat + chance.gauss(0, 0.01))
        for _ in range(800)
    ]
    agencies = answering()
    Incident.objects.bulk_create(
        incident(chance.choice(categories), place, status=chance.choice(list(Status)), day=day % 90,
                 agency=agencies[day % 4])
        for day, place in enumerate(places)
    )  # fmt: skip


def sector_codes():
    return set(Category.objects.values_list("sector_id", flat=True))


def square_of(shape_or_point, z):
    """Return the (x, y) of the tile at zoom ``z``, by arithmetic of its own."""
    x, y = TO_METRES.transform(shape_or_point.x, shape_or_point.y)
    side = 2 * HALF_WORLD_M / 2**z
    return math.floor((x + HALF_WORLD_M) / side), math.floor((HALF_WORLD_M - y) / side)


def sensitive_in(filters, tile):
    """Return how many sensitive incidents a tile may count: five or more of a kind in a square.

    None under a filter by days, status or agency: one taken off another could be a single case.
    """
    if filters.agencies or filters.statuses or filters.since or filters.until:
        return 0
    rows = filtered(
        Incident.objects.filter(category__sensitive=True, category__public=True), filters
    )
    squares = Counter(
        (row.category_id, square_of(row.position, 17)) for row in rows.exclude(status="rejected")
    )
    up = 17 - tile.z
    return sum(
        many
        for (_, (x, y)), many in squares.items()
        if many >= 5 and (x >> up, y >> up) == (tile.x, tile.y)
    )


def seen_in(actor, filters, tile):
    rows = filtered(visible_to(actor), filters)
    return [row for row in rows if square_of(row.position, tile.z) == (tile.x, tile.y)]


def tiles_around(z):
    """Return the tiles that meet at the corner, or the one that holds it."""
    around = [(-1e-7, -1e-7), (-1e-7, 1e-7), (1e-7, -1e-7), (1e-7, 1e-7)]
    return {tile_of(LonLat(CORNER.lon + dx, CORNER.lat + dy), z) for dx, dy in around}


def total(body, layer, tile, column="count"):
    return sum(feature.properties[column] for feature in mvt.features(body, layer, tile))


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("who", ["anybody", "operator"])
def test_counts_are_those_of_visible_to(crowd, request, who, name):
    actor, filters = request.getfixturevalue(who), FILTERS[name]
    assert filters.sectors <= sector_codes()
    counted = 0
    for z in (0, 5, 9, 12, 14, 15, 16):
        for tile in tiles_around(z):
            body = tile_selectors.tile(tile, filters, actor)
            rows = seen_in(actor, filters, tile)
            more = 0 if actor.sees_everything else sensitive_in(filters, tile)
            assert total(body, "heat", tile) == len(rows) + more
            if z < 15:
                assert total(body, "clusters", tile) == len(rows) + more
            else:
                singles = mvt.features(body, "incidents", tile)
                assert {one.properties["id"] for one in singles} == {row.pk for row in rows}
            counted += len(rows)
    assert counted > 0 or (who, name) == ("anybody", "rejected")


def test_clusters_say_how_many_are_still_open(crowd, operator):
    [tile] = tiles_around(9)
    body = tile_selectors.tile(tile, Filters(), operator)
    still_open = Incident.objects.filter(status__in=OPEN).count()
    assert total(body, "clusters", tile, "open") == still_open


@pytest.mark.parametrize("z", [9, 13, 14])
def test_a_cluster_lies_at_the_mean_of_its_incidents(crowd, operator, z):
    """To 1/128 of the tile, the grid on which means are taken."""
    for tile in tiles_around(z):
        body = tile_selectors.tile(tile, Filters(), operator)
        groups = {}
        for row in seen_in(operator, Filters(), tile):
            place = TO_METRES.transform(row.position.x, row.position.y)
            groups.setdefault(square_of(row.position, z + 3), []).append(place)
        expected = sorted(
            (sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places))
            for places in groups.values()
        )
        drawn = sorted((one.shape.x, one.shape.y) for one in mvt.features(body, "clusters", tile))
        reach = 2 * HALF_WORLD_M / 2**z / 128
        assert len(drawn) == len(expected)
        assert all(any(math.dist(place, mean) <= reach for mean in expected) for place in drawn)


@pytest.mark.parametrize("z", [10, 14, 16])
def test_heat_lies_in_the_middle_of_a_grid_of_64(crowd, operator, z):
    for tile in tiles_around(z):
        heat = mvt.features(tile_selectors.tile(tile, Filters(), operator), "heat", tile)
        west, _, _, north = tile.bounds_m()
        side = 2 * HALF_WORLD_M / 2**z / 64
        drawn = {
            (round((one.shape.x - west) / side, 3), round((north - one.shape.y) / side, 3)): (
                one.properties["count"]
            )
            for one in heat
        }
        rows = Counter(square_of(row.position, z + 6) for row in seen_in(operator, Filters(), tile))
        expected = {
            (x - tile.x * 64 + 0.5, y - tile.y * 64 + 0.5): many for (x, y), many in rows.items()
        }
        assert drawn == expected


def test_a_single_point_says_what_its_marker_needs(town, anybody):
    category = Category.objects.filter(public=True, sensitive=False).first()
    here = LonLat(106.7052, 10.7653)
    row = incident(category, here, status="in_progress")
    row.save()
    tile = tile_of(here, 16)
    [point] = mvt.features(tile_selectors.tile(tile, Filters(), anybody), "incidents", tile)
    del point.properties["mvt_id"]
    assert point.properties == {
        "id": row.pk,
        "category": category.code,
        "sector": category.sector_id,
        "status": "in_progress",
        "opened": "2026-01-01T01:00:00Z",
    }
    x, y = TO_METRES.transform(here.lon, here.lat)
    assert math.dist((point.shape.x, point.shape.y), (x, y)) < 0.3


@pytest.fixture
def sensitive(town):
    """Return a function that puts ``many`` sensitive incidents in one street."""
    kinds = list(Category.objects.filter(sensitive=True, public=True))

    def put(many, status="assigned", kind=0):
        Incident.objects.bulk_create(
            incident(kinds[kind], LonLat(106.7052 + step * 1e-5, 10.7653), status=status)
            for step in range(many)
        )

    return put


def test_what_is_sensitive_is_not_shown_below_five(sensitive, anybody):
    sensitive(4)
    for z in (9, 14, 16):
        assert tile_selectors.tile(tile_of(LonLat(106.7052, 10.7653), z), Filters(), anybody) == b""


def test_five_sensitive_ones_are_counted_in_the_middle_of_a_coarse_cell(sensitive, anybody):
    sensitive(5)
    tile = tile_of(LonLat(106.7052, 10.7653), 16)
    body = tile_selectors.tile(tile, Filters(), anybody)
    [heat] = mvt.features(body, "heat", tile)
    assert mvt.layers(body) == {"heat"}
    assert heat.properties["count"] == 5
    west, south, east, north = tile_of(LonLat(106.7052, 10.7653), 17).bounds_m()
    middle = ((west + east) / 2, (south + north) / 2)
    # The middle is a corner of four cells of the grid; the one to its south-east is drawn.
    assert math.dist((heat.shape.x, heat.shape.y), middle) < (east - west) / 32


@pytest.mark.parametrize(
    "narrowed",
    [
        {"statuses": frozenset({"closed"})},
        {"since": date(2020, 1, 1)},
        {"until": date(2100, 1, 1)},
        {"agencies": frozenset({"sxd"})},
        {"wards": frozenset({"101"})},
    ],
    ids=str,
)
def test_no_difference_of_two_answers_tells_of_a_single_sensitive_one(sensitive, anybody, narrowed):
    """However many: six less those before a day, or those closed, could be one neighbour's case."""
    sensitive(6, status="closed")
    sensitive(6, status="assigned")
    tile = tile_of(LonLat(106.7052, 10.7653), 12)
    assert total(tile_selectors.tile(tile, Filters(), anybody), "heat", tile) == 12
    kinds = Category.objects.filter(sensitive=True).values_list("code", flat=True)
    of_kind = Filters(categories=frozenset(kinds))
    assert total(tile_selectors.tile(tile, of_kind, anybody), "heat", tile) == 12
    assert tile_selectors.tile(tile, Filters(**narrowed), anybody) == b""


def test_five_of_different_kinds_are_not_five_of_one(sensitive, anybody):
    sensitive(4, kind=0)
    sensitive(4, kind=1)
    tile = tile_of(LonLat(106.7052, 10.7653), 12)
    assert tile_selectors.tile(tile, Filters(), anybody) == b""


def test_an_operator_sees_what_is_sensitive_at_its_place(sensitive, operator):
    sensitive(1)
    tile = tile_of(LonLat(106.7052, 10.7653), 16)
    body = tile_selectors.tile(tile, Filters(), operator)
    assert len(mvt.features(body, "incidents", tile)) == 1


def test_a_category_that_is_never_public_is_not_even_counted(town, anybody):
    hidden = Category.objects.filter(public=False).first()
    here = LonLat(106.7052, 10.7653)
    Incident.objects.bulk_create(incident(hidden, here) for _ in range(9))
    assert tile_selectors.tile(tile_of(here, 14), Filters(), anybody) == b""


@pytest.mark.parametrize("z", [9, 16])
def test_a_tile_is_one_query(crowd, anybody, django_assert_num_queries, z):
    with django_assert_num_queries(1):
        tile_selectors.tile(tile_of(CORNER, z), Filters(), anybody)
