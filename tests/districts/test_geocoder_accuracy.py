"""The floor under the geocoder: real texts of the middle of the city, on its real places."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command

from districts.geocoding import scoring
from districts.geocoding.geocoder import geocode
from districts.geocoding.score_files import read_truths
from districts.management.commands.score_geocoder import marked
from tests.geocoding_rows.clipping import TABLES, clipped, holds

BOX = (106.64, 10.74, 106.72, 10.82)


@pytest.fixture
def city(db, test_data, tmp_path):
    """The present wards, the names of the old ones, and the places in the box."""
    wards = test_data / "boundaries" / "hcmc_wards_2025_as_published.zip"
    call_command("prepare_city", "--from", str(wards), verbosity=0)
    for mapping, names in TABLES.items():
        files = [str(clipped(test_data / name, tmp_path, BOX)) for name in names]
        told = settings.BASE_DIR / "data" / "gazetteers" / mapping
        call_command("load_gazetteer", *files, mapping=told, verbosity=0)


@pytest.mark.slow
def test_nine_in_ten_wards_and_four_in_five_places_are_right(city, test_data):
    truths = read_truths(test_data / "geocoding_vi_dev.csv")
    truths = [
        one for one in truths if one.lonlat is None or holds(BOX, one.lonlat.lon, one.lonlat.lat)
    ]
    assert len(truths) > 40
    told = scoring.figures([marked(one) for one in truths])
    assert told.ward_right >= 0.9
    assert told.within_tolerance >= 0.8
    assert told.none_right == 1.0
    assert told.within_radius_twice >= 0.8
    again = [geocode(one.text) for one in truths]
    assert again == [geocode(one.text) for one in truths]
