"""A small town with the city's real catalogue, and the people who use it."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.db import connection
from PIL import Image

from incidents.actors import ANYBODY, actor_of
from incidents.models import Staff
from incidents.permissions import Role
from tests.incidents.peers import gateway, mailbox  # noqa: F401  fixtures
from tests.kept_rows import town_again

INSIDE = (106.7052, 10.7653)
"""In the middle of ward 101."""


@pytest.fixture
def town(db):
    """Nine square wards with their committees, and everything that can be reported."""
    return town_again()


@pytest.fixture
def thousands(db):
    """Plan for many rows, for a test that writes them in one transaction.

    What earlier tests took back leaves word that the tables are empty, and with that each reference
    would be looked up by reading a whole table, or the whole of an index that only ends in its key.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; DISCARD PLANS")
    yield
    # Now all references are checked that wait for the transaction's end.
    if not connection.needs_rollback:
        counted()


def counted():
    """Let the database know how many rows there are by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE incidents_incident, incidents_report, incidents_event, incidents_decision, "
            "incidents_contact; DISCARD PLANS"
        )


@pytest.fixture
def anybody():
    return ANYBODY


@pytest.fixture
def hoa(db):
    """Hoa is an operator."""
    user = User.objects.create_user("hoa", password="hoa")
    Staff.objects.create(user=user, role=Role.OPERATOR)
    return user


@pytest.fixture
def operator(hoa):
    return actor_of(hoa)


@pytest.fixture
def administrator(db):
    return actor_of(User.objects.create_superuser("admin", password="admin"))


def picture(kind="JPEG", size=(64, 48), colour="red", mode="RGB", **save):
    """Return a picture's bytes."""
    file = BytesIO()
    Image.new(mode, size, colour).save(file, kind, **save)
    return file.getvalue()
