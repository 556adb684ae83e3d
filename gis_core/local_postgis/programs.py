"""Where this machine keeps PostgreSQL's programs, and which packages bring them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gis_core.local_postgis.facts import LocalPostgisError

INSTALL = """Install PostgreSQL and PostGIS:
  Debian 12:     apt-get install postgresql-15 postgresql-15-postgis-3
  Ubuntu 24.04:  apt-get install postgresql-16 postgresql-16-postgis-3
  macOS:         brew install postgresql@17 postgis
or name a PostGIS server of your own in DATABASE_URL."""


class PostgresMissing(LocalPostgisError):
    """PostgreSQL or PostGIS is not installed; the message names the packages."""


@dataclass(frozen=True, slots=True)
class Programs:
    """One installed PostgreSQL that has PostGIS."""

    folder: Path

    def path(self, name: str) -> Path:
        """Return the path of a program such as ``pg_ctl``."""
        return self.folder / name


def find_programs(version: str | None = None) -> Programs:
    """Return the newest PostgreSQL with PostGIS, of major ``version`` if that is given.

    Raises PostgresMissing.
    """
    for folder in _folders():
        if _major(folder) == (version or _major(folder)) and _has_postgis(folder):
            return Programs(folder)
    wanted = f"PostgreSQL {version}" if version else "PostgreSQL"
    raise PostgresMissing(f"{wanted} with PostGIS was not found on this machine.\n{INSTALL}")


def _folders() -> Iterator[Path]:
    if named := os.environ.get("WARDWISE_PG_BINDIR"):
        yield Path(named)
        return
    packaged = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if _complete(path)]
    yield from sorted(packaged, key=lambda path: float(path.parent.name), reverse=True)
    if found := shutil.which("pg_ctl"):
        yield Path(found).resolve().parent


def _complete(folder: Path) -> bool:
    return all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres", "psql"))


def _major(folder: Path) -> str:
    answer = _ask([str(folder / "postgres"), "--version"])
    found = re.search(r"\d+", answer)
    return found.group() if found else ""


def _has_postgis(folder: Path) -> bool:
    share = _ask([str(folder / "pg_config"), "--sharedir"]).strip()
    return bool(share) and (Path(share) / "extension" / "postgis.control").exists()


def _ask(command: list[str]) -> str:
    try:
        return subprocess.run(  # noqa: S603  paths that we found ourselves
            command, capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return ""
