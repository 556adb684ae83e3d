"""Where the columns of a database are kept."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings


def home() -> Path:
    """Return the folder of this database's columns, whether it is there or not."""
    database = settings.DATABASES["default"]
    named = (str(database.get(part) or "") for part in ("HOST", "PORT", "NAME"))
    return _home(settings.WARDWISE_COLUMNS_DIR, *named)


@lru_cache(maxsize=8)
def _home(within: Path, *named: str) -> Path:
    return within / sha256("|".join(named).encode()).hexdigest()[:16]
