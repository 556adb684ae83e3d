"""What an office sees on maps: its list on its own desk's, and what is private in its reach."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
import time_machine
from django.contrib.gis.geos import Point

from districts.models import Area, Category
from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents import tile_selectors
from incidents.actors import ANYBODY
from incidents.desk import queue as desk
from incidents.desk import tiles as desk_tiles
from incidents.desk.filters import DeskFilter, Tab
from incidents.errors import PermissionDenied
from incidents.filters import Filters
from incidents.listing import filtered
from incidents.models import Incident, OwnArea
from incidents.selectors import visible_to
from incidents.visibility import Act, reached
from incidents.workflow import Status
from tests import mvt, zoo
from tests.incidents.test_desk import NOW, cast, incident  # noqa: F401  a fixture
from tests.incidents.test_tile_selectors import CORNER, square_of, tiles_around, total

OFFICES = ("minh", "tu", "nga", "hoa")
SPREAD = 0.008


@pytest.fixture
def crowd(cast):  # noqa: F811
    """Five hundred of every category and status around a corner of tiles, held by anybody."""
    chance = random.Random(9)
    wards, districts = (list(Area.objects.filter(edition__level=e)) for e in ("ward", "district"))
    agencies = [zoo.agency("ubnd-101"), zoo.agency("ubnd-102"), None]
    categories = list(Category.objects.all())

    def one():
        place = LonLat(*(centre + chance.gauss(0, SPREAD) for centre in (CORNER.lon, CORNER.lat)))
        category = chance.choice(categories)
        return incident(
            category=category, public=category.public and not category.sensitive,
            status=chance.choice(list(Status)).value, ward=chance.choice(wards),
            district=chance.choice([*districts, None]), agency=chance.choice(agencies),
            position=Point(place.lon, place.lat, srid=4326), cell=cell_code(place),
            due_at=chance.choice([None, NOW + timedelta(hours=chance.randrange(-99, 99))]),
            opened_at=NOW - timedelta(days=chance.randrange(200)),
        )  # fmt: skip

    Incident.objects.bulk_create(one() for _ in range(500))
    return cast


def inside(rows, tile):
    return [row for row in rows if square_of(row.position, tile.z) == (tile.x, tile.y)]


def shown(body, tile):
    return {one.properties["id"] for one in mvt.features(body, "incidents", tile)}


@pytest.mark.parametrize("who", OFFICES)
@time_machine.travel(NOW, tick=False)
def test_the_desks_map_holds_what_its_list_holds(crowd, who, monkeypatch):
    actor = getattr(crowd, who)
    area = OwnArea.objects.create(
        owner_id=actor.user_id, name="x", shape=Area.objects.get(code="105").shape
    )
    filters = [DeskFilter(tab=tab) for tab in Tab]
    filters += [
        DeskFilter(own_area=area.pk),
        DeskFilter(categories=frozenset({"pothole"}), sectors=frozenset({"drainage"})),
        DeskFilter(ward=Area.objects.get(code="101").pk),
        DeskFilter(agencies=frozenset({zoo.agency("ubnd-101").pk})),
    ]
    seen = 0
    for wanted in filters:
        ids = desk.page(actor, wanted, size=1_000).ids
        rows = Incident.objects.filter(pk__in=ids)
        if wanted.tab is Tab.ENDED:
            rows = rows.filter(opened_at__gte=NOW - desk_tiles.ENDED_SHOWN)
        for z in (9, 14, 16):
            for tile in tiles_around(z):
                here = {row.pk for row in inside(rows, tile)}
                monkeypatch.setattr(desk_tiles, "SINGLE_UP_TO", 1_000)
                assert shown(desk_tiles.tile(tile, wanted, actor), tile) == here
                monkeypatch.setattr(desk_tiles, "SINGLE_UP_TO", 0)
                if z < desk_tiles.SINGLE_FROM_ZOOM:
                    body = desk_tiles.tile(tile, wanted, actor)
                    assert total(body, "clusters", tile) == len(here)
                seen += len(here)
    assert seen > 200


@time_machine.travel(NOW, tick=False)
def test_a_dot_says_what_is_late(crowd):
    [tile] = tiles_around(9)
    wanted = DeskFilter(ward=Area.objects.get(code="101").pk)
    dots = mvt.features(desk_tiles.tile(tile, wanted, crowd.hoa), "incidents", tile)
    late = Incident.objects.filter(pk__in=desk.page(crowd.hoa, wanted, size=999).ids)
    expected = set(late.filter(due_at__lt=NOW).values_list("pk", flat=True))
    assert {one.properties["id"] for one in dots if one.properties["late"]} == expected != set()


def test_citizens_have_no_desk_on_the_map_either(town):
    [tile] = tiles_around(9)
    with pytest.raises(PermissionDenied):
        desk_tiles.tile(tile, DeskFilter(), ANYBODY)


@pytest.mark.parametrize("who", ["minh", "tu", "nga"])
def test_the_public_map_shows_an_office_besides_what_is_private_in_its_reach(crowd, who):
    actor = getattr(crowd, who)
    hidden = reached(actor, Act.SEE)
    assert Incident.objects.filter(hidden, public=False).exists()
    for z in (9, 13, 15, 16):
        for tile in tiles_around(z):
            body = tile_selectors.tile(tile, Filters(), actor)
            rows = inside(visible_to(actor), tile)
            sensitive = Incident.objects.filter(category__sensitive=True, category__public=True)
            others = inside(sensitive.exclude(hidden), tile)
            counted = total(body, "heat", tile)
            assert len(rows) <= counted <= len(rows) + len(others)
            if z >= 15:
                assert shown(body, tile) == {row.pk for row in rows}


@pytest.mark.parametrize("who", ["minh", "tu", "nga"])
@pytest.mark.parametrize(
    "filters",
    [
        Filters(agencies=frozenset({"ubnd-101"})),
        Filters(agencies=frozenset({"ubnd-102"}), statuses=frozenset({"closed", "rejected"})),
        Filters(wards=frozenset({"101", "105"})),
    ],
)
def test_under_an_agency_or_a_ward_an_office_sees_one_by_one_or_not_at_all(crowd, who, filters):
    """Its own and what is public; nothing of what others have that is sensitive, also in groups."""
    actor, seen = getattr(crowd, who), 0
    for z in (9, 13, 15, 16):
        for tile in tiles_around(z):
            body = tile_selectors.tile(tile, filters, actor)
            rows = inside(filtered(visible_to(actor), filters), tile)
            assert total(body, "heat", tile) == len(rows)
            if z >= 15:
                assert shown(body, tile) == {row.pk for row in rows}
            else:
                assert total(body, "clusters", tile) == len(rows)
            seen += sum(not row.public for row in rows)
    assert (
        seen
        or not Incident.objects.filter(
            reached(actor, Act.SEE), public=False, agency__code__in=filters.agencies
        ).exists()
    )
