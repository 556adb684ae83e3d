"""All history can be read in other boundaries; what was is not touched, a crash costs a batch."""

from datetime import UTC, date, datetime
from io import StringIO
from threading import Thread

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from districts.models import Area, Category, Edition
from gis_core import sql
from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents.models import Event, Incident, IncidentArea, Rejoining
from incidents.rereading import rejoined
from incidents.services import rejoining
from incidents.services.rejoining import RejoinRunning, rejoin
from tests import zoo
from tests.kept_rows import town_again

OLD = {"1": (106.70, 10.76, 106.715, 10.79), "2": (106.715, 10.76, 106.73, 10.79)}


def incident(lon, lat, ward=None):
    return Incident(
        category=Category.objects.get(pk="pothole"),
        position=Point(lon, lat, srid=4326),
        cell=cell_code(LonLat(lon, lat)),
        opened_at=datetime(2025, 8, 1, tzinfo=UTC),
        ward=ward,
    )


@pytest.fixture
def old(town):
    """Before the wards there were two halves of the town, west and east."""
    return zoo.edition(OLD, name="zoo-2019", since=date(2019, 1, 1), until=zoo.SINCE)


@pytest.fixture
def crowd(town, old):
    """Sixty incidents in a row from west to east; the last lies outside every boundary."""
    ward = Area.objects.get(edition=town, code="101")
    made = [incident(round(106.7002 + n * 0.0005, 6), 10.7652, ward) for n in range(60)]
    Incident.objects.bulk_create([*made, incident(106.60, 10.7652)])
    return Incident.objects.order_by("pk")


def command(name, *options):
    said = StringIO()
    call_command(name, *options, stdout=said)
    return said.getvalue()


def joined(edition):
    rows = IncidentArea.objects.filter(edition=edition).order_by("incident")
    return list(rows.values_list("incident", "area__code", "how"))


def test_every_incident_gets_the_area_of_the_edition_that_was_asked_for(crowd, old):
    said = command("rejoin", "--edition", "zoo-2019")
    assert "61 incidents joined" in said
    assert "60 inside, 1 outside" in said
    for one, (pk, code, how) in zip(crowd, joined(old), strict=True):
        assert one.pk == pk
        if one.position.x < 106.70:
            assert (code, how) == (None, "outside")
        else:
            assert (code, how) == ("1" if one.position.x < 106.715 else "2", "inside")
    assert rejoined.by_area(old.pk) == {"1": 30, "2": 30}


def test_what_was_known_before_is_not_touched(crowd, old, town):
    before = list(crowd.values())
    command("rejoin", "--edition", "zoo-2019")
    assert list(crowd.values()) == before
    assert not Event.objects.exists()


def test_a_second_run_adds_only_what_is_new(crowd, old):
    rejoin(old)
    incident(106.7202, 10.7652).save()
    done = rejoin(old)
    assert (done.joined, done.before) == (1, 61)
    assert len(joined(old)) == 62


def test_cut_off_it_goes_on_where_it_ended(crowd, old, monkeypatch):
    monkeypatch.setattr(rejoining, "BATCH", 10)
    real, calls = sql.copy, []

    def dies(*arguments):
        calls.append(arguments)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(sql, "copy", dies)
    with pytest.raises(KeyboardInterrupt):
        rejoin(old)
    assert len(joined(old)) == 30
    assert Rejoining.objects.get().finished_at is None
    done = rejoin(old)
    assert (done.joined, done.before) == (31, 30)
    resumed = joined(old)
    rejoin(old, again=True)
    assert joined(old) == resumed
    assert Rejoining.objects.get().finished_at is not None


def test_an_incident_that_was_committed_late_is_not_passed_over(crowd, old):
    late = crowd.first()
    pk = late.pk
    late.delete()
    rejoin(old)
    late.pk = pk
    late.save(force_insert=True)
    assert rejoin(old).joined == 1
    assert len(joined(old)) == 61


@pytest.mark.django_db(transaction=True)
def test_two_runs_do_not_write_at_once(transactional_db, monkeypatch):
    town_again()
    edition = Edition.objects.get()
    incident(106.7052, 10.7653).save()
    Rejoining.objects.create(edition=edition)
    met = []

    def second():
        try:
            rejoin(edition)
        except RejoinRunning as error:
            met.append(error.code)
        finally:
            connection.close()

    with transaction.atomic():
        Rejoining.objects.select_for_update().get()
        other = Thread(target=second)
        other.start()
        other.join(20)
    assert met == ["rejoin.running"]


def test_an_edition_that_is_not_there_is_said(town):
    with pytest.raises(CommandError, match="zoo-1900"):
        command("rejoin", "--edition", "zoo-1900")
