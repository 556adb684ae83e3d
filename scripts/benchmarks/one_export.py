"""One export in a process of its own: ``EXTENSION ROWS FILE``; 0 rows: those of the database.

Its peak of memory is that of the export and of the site's start. Other rows nobody reported.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import django
import numpy as np

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST = datetime(2024, 1, 1, tzinfo=ZONE)
TOGETHER = 2_000


def rows(many: int) -> Iterator[list[tuple[object, ...]]]:
    """Yield batches of what an export holds, a place of its own for each row."""
    from incidents.exports.table import point  # noqa: PLC0415  once the site is set up

    chance = np.random.default_rng(7)
    for first in range(0, many, TOGETHER):
        ids = range(first, min(first + TOGETHER, many))
        places = chance.uniform((106.5, 10.6), (106.9, 11.0), (len(ids), 2)).tolist()
        yield [_row(one, point(lon, lat)) for one, (lon, lat) in zip(ids, places, strict=True)]


def _row(one: int, position: bytes) -> tuple[object, ...]:
    ward = 26_740 + one % 168
    opened = FIRST + timedelta(seconds=37 * one)
    return (
        one + 1, "pothole", "Ổ gà, mặt đường hư", "Pothole, broken road surface", "traffic",
        "Giao thông", "assigned", f"ubnd-{ward}-2025-07-01", f"UBND Phường số {ward}", str(ward),
        f"Phường số {ward}", "hcmc-2025", None, None, opened,
        opened + timedelta(days=3) if one % 2 else None, None, None, 1 + one % 3, 0, False, 1,
        position,
    )  # fmt: skip


def export(extension: str, many: int, path: Path) -> None:
    """Write a file: of so many made-up rows, or, without any, of what the database holds."""
    from django.core.management import call_command  # noqa: PLC0415  once the site is set up

    from incidents.exports.formats import format_of  # noqa: PLC0415
    from incidents.exports.rows import FIELDS, NAME  # noqa: PLC0415
    from incidents.exports.table import Table  # noqa: PLC0415

    if many:
        format_of(extension).write(Table(NAME, FIELDS, rows(many)), path)
    else:
        call_command("export_incidents", output=path, stdout=sys.stderr)


def peak_mb() -> float:
    """Return the most memory that this process has had; what it was forked of does not count."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    [line] = [line for line in lines if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    django.setup()
    export(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
    print(json.dumps({"peak_mb": peak_mb(), "processor_s": time.process_time()}))
