"""A copy of the database that only reads, for what reads much and may be some seconds old.

Where none is configured, or it is away or too far behind, the database itself is read.
"""

from __future__ import annotations

import logging
from typing import Final

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from gis_core import sql

ALIAS: Final = "replica"
FURTHEST_BEHIND_S: Final = 30.0
log = logging.getLogger(__name__)


def alias() -> str:
    """Return the alias to read from: for ``QuerySet.using``."""
    if ALIAS not in connections.databases:
        return DEFAULT_DB_ALIAS
    try:
        return ALIAS if behind_s() <= FURTHEST_BEHIND_S else DEFAULT_DB_ALIAS
    except DatabaseError as fault:
        log.warning("The replica cannot be read: %s", type(fault).__name__)
        connections[ALIAS].close()
        return DEFAULT_DB_ALIAS


def behind_s() -> float:
    """Return how old what the replica shows is, in seconds: 0 where it has all that is written.

    Raises DatabaseError.
    """
    [(written,)] = sql.rows("gis_core", "written_until", {})
    [(seconds,)] = sql.rows("gis_core", "replayed_until", {"written": written}, using=ALIAS)
    return float(seconds)
