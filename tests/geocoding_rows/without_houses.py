"""Score a file of rows with the gazetteer's own points of the tested houses taken away.

    .venv/bin/python -m tests.geocoding_rows.without_houses var/heldout.csv --wrong

The reference data holds no address point of the houses in its own test rows: a number must be
found between known ones. Rows composed from the gazetteer's points are as hard only without them.
They are deleted in a transaction that is rolled back at the end; the application database stays as
it was. Whatever stands behind the file goes to ``score_geocoder``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django


def main(file: Path, arguments: list[str]) -> None:
    """Print what ``score_geocoder`` says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  Django must be set up first
    from django.db import transaction  # noqa: PLC0415

    from districts.geocoding.score_files import read_truths  # noqa: PLC0415

    houses = [one for one in read_truths(file) if one.kind == "house"]
    with transaction.atomic():
        for one in houses:
            _take_away(one.lonlat)
        call_command("score_geocoder", str(file), *arguments)
        transaction.set_rollback(True)


def _take_away(lonlat) -> None:
    from django.contrib.gis.geos import Polygon  # noqa: PLC0415

    from districts.models import Place, PlaceKind  # noqa: PLC0415

    two_metres = 2e-5
    box = Polygon.from_bbox(
        (
            lonlat.lon - two_metres, lonlat.lat - two_metres,
            lonlat.lon + two_metres, lonlat.lat + two_metres,
        )
    )  # fmt: skip
    Place.objects.filter(kind=PlaceKind.HOUSE, point__intersects=box).delete()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
