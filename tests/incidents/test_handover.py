"""Before an edition is published an operator sees which open incidents would change hands."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange

from districts.models import Agency, Area, CatalogueChange, Category, Edition
from gis_core.positions import LonLat, Position
from gis_core.tiles import cell_code
from incidents import pipeline
from incidents.models import Event, Incident
from incidents.report import Statement
from incidents.rereading.handover import NOBODY, try_publication
from tests import zoo

NEXT = date(2026, 7, 1)
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def today(time_machine):
    time_machine.move_to(datetime(2026, 6, 1, 9, tzinfo=UTC))


def reported(key, lon, lat, category="litter"):
    pipeline.receive(
        Statement("web", key, category, "", Position(LonLat(lon, lat)), datetime.now(UTC))
    )


@pytest.fixture
def merged(town):
    """From the first of July wards 101 and 102 are one, under a new code; the rest stays."""
    Edition.objects.filter(pk=town.pk).update(valid=DateRange(zoo.SINCE, NEXT))
    boxes = zoo.ward_boxes()
    west, south, _, _ = boxes.pop("101")
    _, _, east, north = boxes.pop("102")
    boxes["201"] = (west, south, east, north)
    edition = zoo.edition(boxes, name="zoo-2026", since=NEXT)
    Edition.objects.filter(pk=edition.pk).update(published=False)
    zoo.changed("edition", "zoo-2026")
    return edition


def dry_run(*options):
    said = StringIO()
    call_command("publish_edition", "zoo-2026", "--dry-run", *options, stdout=said)
    return said.getvalue()


def test_open_incidents_that_change_ward_and_agency_are_counted_and_listed(merged):
    reported("a", 106.7052, 10.7653)
    reported("b", 106.7152, 10.7653)
    reported("c", 106.7153, 10.7654)
    reported("stays", 106.7252, 10.7653)
    _, handover = try_publication("zoo-2026")
    assert handover.looked_at == 4
    assert [(move.before, move.after, move.count) for move in handover.areas] == [
        ("102 Phường Zoo 102", "201 Phường Zoo 201", 2),
        ("101 Phường Zoo 101", "201 Phường Zoo 201", 1),
    ]
    assert [(move.before, move.after, move.count) for move in handover.agencies] == [
        ("ubnd-102", "ubnd-201", 2), ("ubnd-101", "ubnd-201", 1),
    ]  # fmt: skip
    assert all(set(move.examples) <= set(ids()) for move in handover.areas)


def ids():
    return Incident.objects.values_list("pk", flat=True)


def test_the_command_lists_them_and_nothing_is_written(merged):
    reported("a", 106.7052, 10.7653)
    before = state()
    said = dry_run()
    assert "would be published: 8 areas" in said
    assert "1 would come to another area" in said
    assert "101 Phường Zoo 101 -> 201 Phường Zoo 201" in said
    assert "ubnd-101 -> ubnd-201" in said
    assert state() == before
    assert not Edition.objects.get(name="zoo-2026").published


def state():
    return (
        list(CatalogueChange.objects.values_list("pk", flat=True)),
        list(Agency.objects.order_by("pk").values()),
        list(Area.objects.order_by("pk").values_list("pk", "committee")),
        list(Incident.objects.order_by("pk").values()),
        Event.objects.count(),
    )


def test_what_is_closed_stays_where_it_was(merged):
    reported("a", 106.7052, 10.7653)
    Incident.objects.update(status="closed")
    _, handover = try_publication("zoo-2026")
    assert (handover.looked_at, handover.areas) == (0, ())


def test_an_edition_of_the_past_concerns_only_what_was_reported_then(town):
    reported("a", 106.7052, 10.7653)
    past = zoo.edition(
        {"1": (106.70, 10.76, 106.73, 10.79)}, name="zoo-2021",
        since=date(2021, 1, 1), until=zoo.SINCE,
    )  # fmt: skip
    Edition.objects.filter(pk=past.pk).update(published=False)
    place = Point(106.7052, 10.7653, srid=4326)
    old = Incident.objects.create(
        category=Category.objects.get(pk="litter"), position=place,
        cell=cell_code(LonLat(place.x, place.y)), opened_at=datetime(2024, 5, 1, tzinfo=UTC),
    )  # fmt: skip
    _, handover = try_publication("zoo-2021")
    assert handover.looked_at == 1
    [move] = handover.areas
    assert (move.before, move.after, move.examples) == (NOBODY, "1 Phường Zoo 1", (old.pk,))


def test_what_publishing_would_refuse_the_dry_run_refuses(town):
    rival = zoo.edition(name="zoo-2026x", since=date(2010, 1, 1), until=date(2011, 1, 1))
    Edition.objects.filter(pk=rival.pk).update(published=False, valid=DateRange(zoo.SINCE, None))
    with pytest.raises(CommandError, match=r"boundaries\.editions_overlap"):
        call_command("publish_edition", "zoo-2026x", "--dry-run")


def test_without_dry_run_it_is_published(merged):
    call_command("publish_edition", "zoo-2026", stdout=StringIO())
    assert Edition.objects.get(name="zoo-2026").published
