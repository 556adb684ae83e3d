"""The ground under every test: the private server, closed sockets, the reference data."""

from __future__ import annotations

import gc
import os
import socket
import sys
from ipaddress import ip_address
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase, override_settings

from gis_core import local_postgis
from tests.emptying import can_empty, empty, give_room_back

hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("dev")


def pytest_configure(config):
    if not os.environ.get("DATABASE_URL"):
        local_postgis.ensure_running()


def pytest_collection_finish():
    """Leave what is imported by now out of all later collections of garbage: none of it is."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _loopback_only():
    """A test that asks the outside world fails here, at once and by name."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
    patch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))
    yield
    patch.undo()


def _guarded(connect):
    def guarded(self, address):
        if isinstance(address, tuple) and not _is_loopback(address[0]):
            pytest.fail(f"a test tried to reach {address[0]}")
        return connect(self, address)

    return guarded


def _is_loopback(host):
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session", autouse=True)
def _quick_logins():
    """Hash passwords in no time."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Empty the database quickly after tests that commit, where our role may."""
    slowly = TransactionTestCase._fixture_teardown

    def emptied(case):
        mine = [connections[alias] for alias in case._databases_names(include_mirrors=False)]
        if all(map(can_empty, mine)):
            for connection in mine:
                empty(connection)
        else:
            slowly(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptied)
        yield


@pytest.fixture(scope="module", autouse=True)
def _room(django_db_blocker):
    """Give back, after each file of tests, the room of the rows that came and went."""
    yield
    with django_db_blocker.unblock():
        for connection in connections.all(initialized_only=True):
            if connection.connection and not connection.in_atomic_block:
                give_room_back(connection)


@pytest.fixture(autouse=True)
def _nothing_outside(settings, tmp_path):
    """No manifest, no basemap; uploads in a folder of the test's own."""
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.WARDWISE_COLUMNS_DIR = tmp_path / "columns"
    settings.WARDWISE_ANALYSES_DIR = tmp_path / "analyses"
    settings.WARDWISE_BASEMAP_STYLE = ""
    # A client of Django's would list and measure all static files anew in every test.
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """What is kept for a while, whatever becomes of the rows, was of the test before."""
    if book := sys.modules.get("districts.geocoding.areas.book"):
        book._kept = None
    for name in ("incidents.promises", "map_ui.pages.results"):
        if keeping := sys.modules.get(name):
            keeping.forget()


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of reference data that WARDWISE_TEST_DATA names; skips where there is none."""
    if settings.WARDWISE_TEST_DATA is None:
        pytest.skip("WARDWISE_TEST_DATA names no folder of reference data")
    return settings.WARDWISE_TEST_DATA
