"""Made-up incidents in bulk: along straight streets, dense in the middle of the city."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents.workflow import Status
from scripts.benchmarks.harness import connect

CENTRE, SPREAD = (106.68, 10.82), (0.12, 0.10)
"""Degrees: about the reach of the built-up city."""

STREET, WIDTH = 0.008, 0.00008
"""Mean length of a street and the scatter across it, in degrees."""

SHARES = {
    Status.RECEIVED: 0.10, Status.ASSIGNED: 0.25, Status.IN_PROGRESS: 0.15, Status.CLOSED: 0.45,
    Status.REJECTED: 0.05,
}  # fmt: skip
FIRST_DAY, DAYS = datetime(2025, 1, 1, tzinfo=UTC), 690
COLUMNS = (
    "category_id, public, status, position, cell, opened_at, accuracy_m, needs_triage,"
    " check_after, report_count, updated_at, version"
)


def fill(address: str, many: int) -> None:
    """Write ``many`` incidents of the loaded catalogue's categories; the same ones every time."""
    connection = connect(address)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, public AND NOT sensitive FROM districts_category ORDER BY code"
        )
        lines = io.StringIO("\n".join(_rows(cursor.fetchall(), many)) + "\n")
        cursor.copy_expert(f"COPY incidents_incident ({COLUMNS}) FROM STDIN", lines)
        # As autovacuum leaves it some time after: the index alone answers.
        cursor.execute("VACUUM ANALYZE incidents_incident")
    connection.close()


def _rows(categories: list[tuple[str, bool]], many: int) -> Iterator[str]:
    chance = np.random.default_rng(1022)
    statuses = [status.value for status in SHARES]
    status = chance.choice(len(statuses), many, p=list(SHARES.values()))
    category = chance.integers(0, len(categories), many)
    seconds = chance.integers(0, DAYS * 86_400, many)
    for (lon, lat), kind, state, second in zip(
        places(chance, many).tolist(), category, status, seconds, strict=True
    ):
        code, public = categories[kind]
        opened = FIRST_DAY + timedelta(seconds=int(second))
        cell = cell_code(LonLat(lon, lat))
        yield (
            f"{code}\t{public}\t{statuses[state]}\tSRID=4326;POINT({lon} {lat})\t{cell}\t{opened}"
            f"\t10\tf\tf\t1\t{opened}\t1"
        )


def places(chance: np.random.Generator, many: int) -> np.ndarray:
    """Return ``(many, 2)`` longitudes and latitudes."""
    streets = max(many // 30, 1)
    begin = chance.normal(CENTRE, SPREAD, (streets, 2))
    angle = chance.uniform(0, 2 * np.pi, streets)
    along = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    along *= chance.exponential(STREET, (streets, 1))
    street = chance.integers(0, streets, many)
    scatter = chance.normal(0, WIDTH, (many, 2))
    return begin[street] + along[street] * chance.random((many, 1)) + scatter
