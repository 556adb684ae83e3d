"""What the settings take from the environment as a whole: read anew by a program of its own."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("city", "language"), [("hcmc", "vi"), ("baltimore", "en"), ("nowhere", "vi")]
)
def test_a_city_speaks_its_own_first_language_when_nobody_chose(city, language):
    told = subprocess.run(
        [sys.executable, "-c", "from gis_core import settings; print(settings.LANGUAGE_CODE)"],
        env={**os.environ, "WARDWISE_CITY": city},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == language
