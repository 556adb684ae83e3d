"""Exports: processor time and peak memory of a process that writes one, in every format.

First of the database, as ``manage.py export_incidents`` writes it; then of a million made-up rows,
through the same writers. ``same_answer``: GDAL, or Arrow for GeoParquet, reads so many rows back.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from scripts.benchmarks import harness
from scripts.benchmarks.harness import ROOT, Line, say

STORED, MADE_UP, QUICK = 100_000, 1_000_000, 1_000
OPENED: Final = {"shp.zip": "zip://{}", "geojsonl": "GeoJSONSeq:{}"}
ALLOWED_MB: Final = 300


def run(*, quick: bool) -> Iterator[Line]:
    """Yield two lines a format, or one in a quick run: peak memory, processor time beside it."""
    with harness.scratch_database("exports") as address, TemporaryDirectory() as folder:
        harness.with_django()
        harness.load_city()
        from incidents.actors import ANYBODY  # noqa: PLC0415  once the site is set up
        from incidents.exports.formats import FORMATS  # noqa: PLC0415
        from incidents.exports.rows import Wish, count  # noqa: PLC0415
        from incidents.filters import Filters  # noqa: PLC0415
        from scripts.benchmarks import crowd  # noqa: PLC0415

        crowd.fill(address, QUICK if quick else STORED)
        stored = count(Wish(ANYBODY, Filters()), STORED * 2)
        made_up = QUICK if quick else MADE_UP
        for extension in ("csv",) if quick else FORMATS:
            path = Path(folder) / f"incidents.{extension}"
            yield _line(f"{stored:,} rows of the database, {extension}", 0, path, stored)
        for extension in ("gpkg",) if quick else FORMATS:
            path = Path(folder) / f"incidents.{extension}"
            yield _line(f"{made_up:,} made-up rows, {extension}", made_up, path, made_up)


def _line(case: str, made_up: int, path: Path, rows: int) -> Line:
    say(case)
    extension = path.name.partition(".")[2]
    command = ["-m", "scripts.benchmarks.one_export", extension, str(made_up), str(path)]
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    used = json.loads(done.stdout)
    more = {
        "processor_s": harness.rounded(used["processor_s"]),
        "file_mb": harness.rounded(path.stat().st_size / 2**20),
        "allowed_mb": ALLOWED_MB,
    }
    same = _count(path) == rows
    path.unlink()
    return Line(
        bench="exports",
        case=case,
        unit="MB peak",
        ours=used["peak_mb"],
        same_answer=same,
        more=more,
    )


def _count(path: Path) -> int:
    """Return how many rows a reader that is not ours finds."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq  # noqa: PLC0415  not in every benchmark's process

        return int(pq.ParquetFile(path).metadata.num_rows)
    import pyogrio  # noqa: PLC0415

    extension = path.name.partition(".")[2]
    source = OPENED.get(extension, "{}").format(path)
    return int(pyogrio.read_info(source, force_feature_count=True)["features"])
