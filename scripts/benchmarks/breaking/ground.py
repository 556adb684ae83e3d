"""A private PostGIS server with a small town, which these trials alone may break."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from gis_core.local_postgis import Server
from scripts.benchmarks import harness

INSIDE = (106.7052, 10.7653)
"""In the middle of the first of the town's nine square wards."""
BORDER = 106.71
"""Degrees east, between the first ward and the second."""


@contextmanager
def town() -> Iterator[Server]:
    """Yield a server with the town in it; DATABASE_URL names it, and Django is set up for it."""
    folder = Path(tempfile.mkdtemp(prefix="wardwise-faults-"))
    server = Server(folder / "pg")
    before = os.environ.get("DATABASE_URL")
    try:
        os.environ["DATABASE_URL"] = server.ensure_running().url
        os.environ.setdefault("WARDWISE_LOG_LEVEL", "CRITICAL")
        harness.with_django()
        _fill()
        yield server
    finally:
        _forget_connections()
        server.stop()
        shutil.rmtree(server.place, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        os.environ.pop("DATABASE_URL")
        if before is not None:
            os.environ["DATABASE_URL"] = before


def _fill() -> None:
    from django.contrib.auth.models import User  # noqa: PLC0415  Django is set up now

    from districts.catalogue_loading import load_catalogue  # noqa: PLC0415
    from districts.models import Agency  # noqa: PLC0415
    from incidents.models import Staff  # noqa: PLC0415
    from incidents.permissions import Role  # noqa: PLC0415
    from tests import zoo  # noqa: PLC0415

    harness.say("making a town on a server of its own")
    load_catalogue()
    zoo.edition()
    for agency in Agency.objects.filter(code__startswith="ubnd-"):
        officer = User.objects.create_user(f"officer-{agency.code}", email="officer@example.vn")
        Staff.objects.create(user=officer, role=Role.AGENCY_STAFF, agency=agency, told="each")
    operator = User.objects.create_user("operator", email="operator@example.vn")
    Staff.objects.create(user=operator, role=Role.OPERATOR)


def _forget_connections() -> None:
    from django.db import connections  # noqa: PLC0415, TID251  to be closed

    connections.close_all()


def report() -> int:
    """Return the id of a report with both addresses, whose own notices are gone."""
    from incidents.models import Contact, Notice  # noqa: PLC0415

    made = receive(uuid4().hex)
    Contact.objects.filter(report=made).update(email="lan@example.vn", phone="+84903123456")
    Notice.objects.all().delete()
    return made


def receive(key: str, *, unsure: bool = False) -> int:
    """Send a report of a pothole in the first ward, or on its border; return its id.

    Each lies in a place of its own, which the key gives: they are not to be taken for one another.
    """
    from django.utils import timezone  # noqa: PLC0415

    from gis_core.positions import LonLat, Position  # noqa: PLC0415
    from incidents import pipeline  # noqa: PLC0415
    from incidents.report import ContactDetails, Statement  # noqa: PLC0415

    spot = random.Random(key)  # noqa: S311  the same for each attempt
    lon, lat = (degrees + spot.uniform(-0.004, 0.004) for degrees in INSIDE)
    where = Position(LonLat(BORDER, lat), 50) if unsure else Position(LonLat(lon, lat), 10)
    said = Statement(
        "web", key, "pothole", f"Ổ gà {key}", where, timezone.now(), "vi",
        ContactDetails("Lan", "", "lan@example.vn"),
    )  # fmt: skip
    return pipeline.receive(said).report_id


def kill(pid: int) -> None:
    """Kill a process, if it is still there."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
