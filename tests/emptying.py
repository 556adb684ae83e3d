"""Emptying the database after a test that committed.

Django's way, TRUNCATE, makes 340 files anew, waits until each is on the disk and until autovacuum
gives up, and then looks for every permission again: about a second. Few rows are deleted sooner.
"""

from __future__ import annotations

import time

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

KEPT = {"django_content_type", "auth_permission"}
"""What follows from the code alone, and is the same for every test."""

WRITERS = """
SELECT array_agg(query) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND backend_xid IS NOT NULL
"""
SWOLLEN = """
SELECT array_agg(oid::regclass::text) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 500000
"""
PATIENCE_S = 60


def can_empty(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether our role may set keys and triggers aside."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        return cursor.fetchone() == ("on",)


def empty(connection: BaseDatabaseWrapper) -> None:
    """Delete every row that a test may have left, once whoever still writes has ended."""
    found = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted(connection.ops.quote_name(name) for name in set(found) - KEPT)
    deleting = "".join(f"DELETE FROM {table}; " for table in tables)
    _wait_for_writers(connection)
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = replica; {deleting}")


def give_room_back(connection: BaseDatabaseWrapper) -> None:
    """Clear away what was written and rolled back or deleted; not within a transaction.

    Left there, whoever looks for what is near goes through all of it: fifteen times as long.
    """
    with connection.cursor() as cursor:
        cursor.execute(SWOLLEN)
        for table in cursor.fetchone()[0] or ():
            cursor.execute(f"VACUUM {table}")


def _wait_for_writers(connection: BaseDatabaseWrapper) -> None:
    """Wait for what threads or processes of the test have begun to write."""
    end = time.monotonic() + PATIENCE_S
    with connection.cursor() as cursor:
        cursor.execute(WRITERS)
        while writers := cursor.fetchone()[0]:
            assert time.monotonic() < end, f"somebody still writes after the test: {writers}"
            time.sleep(0.01)
            cursor.execute(WRITERS)
