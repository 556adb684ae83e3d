"""What the settings take from the environment as a whole: read anew by a program of its own."""

import os
import subprocess
import sys

import pytest

PRINT = "from gis_core import settings; print(settings.LANGUAGE_CODE, settings.TIME_ZONE)"


@pytest.mark.parametrize(
    ("city", "language", "zone"),
    [
        ("hcmc", "vi", "Asia/Ho_Chi_Minh"),
        ("baltimore", "en", "America/New_York"),
        ("nowhere", "vi", "Asia/Ho_Chi_Minh"),
    ],
)
def test_a_city_speaks_its_own_first_language_and_keeps_its_own_time(city, language, zone):
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from gis_core import settings; print(settings.LANGUAGE_CODE, settings.TIME_ZONE)",
        ],
        env={**os.environ, "WARDWISE_CITY": city},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == [language, zone]
