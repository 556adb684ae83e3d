"""Score a file of rows with the gazetteer's own points of the tested houses taken away.

    .venv/bin/python -m tests.geocoding_rows.without_houses var/houses.csv

How well a number is found between known ones. The points are deleted in a transaction that is
rolled back at the end; the application database stays as it was.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django


def main(file: Path) -> None:
    """Print what ``score_geocoder`` says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  Django must be set up first
    from django.db import transaction  # noqa: PLC0415

    from districts.geocoding.score_files import read_truths  # noqa: PLC0415

    with transaction.atomic():
        gone = sum(_without(truth.lonlat) for truth in read_truths(file) if truth.lonlat)
        print(f"{gone} points taken away")
        call_command("score_geocoder", file)
        transaction.set_rollback(True)


def _without(lonlat) -> int:
    """Delete the houses within two metres, and those of the same number near by."""
    from django.contrib.gis.geos import Point  # noqa: PLC0415
    from django.contrib.gis.measure import D  # noqa: PLC0415

    from districts.models import Place, PlaceKind  # noqa: PLC0415

    here = Point(lonlat.lon, lonlat.lat, srid=4326)
    box = here.buffer(0.003)
    houses = Place.objects.filter(kind=PlaceKind.HOUSE, point__intersects=box)
    at = houses.filter(point__distance_lte=(here, D(m=2)))
    same = [houses.filter(street_key=one.street_key, number=one.number) for one in at]
    return sum(found.delete()[0] for found in same)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
