"""System checks: the site refuses to start on a foundation that would fail it later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.postgresql.psycopg_any import is_psycopg3

EXTENSIONS = frozenset({"postgis", "pg_trgm", "unaccent", "btree_gist"})


@register(Tags.compatibility)
def psycopg2_is_loaded(**_: Any) -> list[CheckMessage]:
    """gis_core.E001: psycopg 3 in the environment is taken silently, and is half as fast."""
    if not is_psycopg3:
        return []
    hint = "Something installed psycopg 3 beside it: pip uninstall psycopg"
    return [Error("Django loaded psycopg 3 instead of psycopg2.", hint=hint, id="gis_core.E001")]


@register(Tags.database, deploy=True)
def extensions_are_there(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """gis_core.E002: the server lacks an extension; for releases, as the migrations make them."""
    if not databases or "default" not in databases:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        missing = EXTENSIONS - {name for (name,) in cursor.fetchall()}
    if not missing:
        return []
    hint = "As superuser in this database: " + " ".join(
        f"CREATE EXTENSION {name};" for name in sorted(missing)
    )
    return [Error("PostgreSQL extensions are missing.", hint=hint, id="gis_core.E002")]
