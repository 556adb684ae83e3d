"""What every other test stands on."""

from __future__ import annotations

import asyncio
import socket

import pytest
from django.conf import settings
from django.contrib.gis.gdal import gdal_version
from django.contrib.gis.geos import GEOSGeometry, geos_version


@pytest.mark.parametrize(
    "address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0), ("example.org", 80)]
)
def test_nothing_outside_is_asked(address):
    family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
    with socket.socket(family) as outside, pytest.raises(pytest.fail.Exception, match="tried to"):
        outside.connect(address)


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_the_libraries_are_those_of_the_wheels():
    """A system's GDAL may be older than Django's security check asks for."""
    assert "pyogrio.libs" in settings.GDAL_LIBRARY_PATH
    assert "shapely.libs" in settings.GEOS_LIBRARY_PATH
    assert gdal_version()
    assert geos_version()


def test_a_transformation_agrees_with_the_survey():
    """The city's metric system, VN-2000 / TM-3 105-45, by the wheels' own tables of datums."""
    point = GEOSGeometry("SRID=4326;POINT (106.7009 10.7769)")
    east, north = point.transform(9210, clone=True).coords
    assert 590_000 < east < 610_000
    assert 1_180_000 < north < 1_200_000


@pytest.mark.browser
def test_the_browser_is_a_phone_that_draws_maps(page):
    page.set_content("<meta name=viewport content='width=device-width'>")
    assert page.evaluate("[innerWidth, innerHeight, devicePixelRatio]") == [390, 844, 2]
    assert page.evaluate("document.createElement('canvas').getContext('webgl2') !== null")


@pytest.fixture(scope="module")
def loop_of_a_module(chromium):
    """What a fixture of a whole file sees that is set up while the browser is open."""
    return asyncio._get_running_loop()


@pytest.mark.browser
def test_no_file_is_set_up_beside_the_loop_of_a_browser(loop_of_a_module):
    """Django would lay its rows through another connection than the one that tests read through."""
    assert loop_of_a_module is None
