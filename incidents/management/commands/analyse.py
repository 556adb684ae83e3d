"""A city-wide statistic over partitioned GeoParquet, here or on a cluster, into a file."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from districts import bulk_placement, city, rulebook
from districts.management.telling import day, failing_clearly
from gis_core.hotspots.grid import Grid
from gis_core.planes import Shapes, to_metres

METHODS: Final = ("gi_star", "density", "clusters")
PARAMETERS: Final = {
    "reach": "gi_star: cells on each side that count along (2)",
    "share": "gi_star: what part of the findings may be false (0.05)",
    "bandwidth_m": "density: so far is each incident spread (500)",
    "distance_m": "clusters: apart at most (150)",
    "period_days": "clusters: days apart at most (14)",
    "fewest": "clusters: incidents that begin one (5)",
}


class Command(BaseCommand):
    """Count each partition where it is read, reckon once, write the result."""

    help = (
        "Find hotspots in the files that write_partitions wrote: in this process, or with "
        "--scheduler on a dask cluster whose workers see the folder under the same path."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("--parquet", type=Path, required=True, metavar="DIR")
        parser.add_argument("--method", choices=METHODS, required=True)
        parser.add_argument("--scheduler", metavar="tcp://HOST:8786")
        parser.add_argument("--cell-m", type=float, default=250.0, help="side of a cell (250)")
        for name, told in PARAMETERS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", type=float, help=told)
        parser.add_argument("--category", action="append", default=[], metavar="CODE")
        parser.add_argument("--since", type=day, metavar="DAY", help="the first day")
        parser.add_argument("--until", type=day, metavar="DAY", help="the last day")
        parser.add_argument("-o", "--out", type=Path, required=True, metavar="OUT.gpkg")

    def handle(self, *_args: str, **options: Any) -> None:
        """Reckon, write, and say how many places there are."""
        from incidents.analyses.partitions import analysed  # noqa: PLC0415  heavy: geopandas
        from incidents.exports.frames import write_frame  # noqa: PLC0415  heavy

        out: Path = options["out"]
        with failing_clearly(self.stderr):
            try:
                found = analysed(options["parquet"], _task(options), options["scheduler"])
            except (OSError, ImportError) as error:
                raise CommandError(str(error)) from error
            write_frame(found, out.name.partition(".")[2], out, name=options["method"])
        self.stdout.write(f"{found['count'].sum():,} incidents, {len(found):,} places in {out}")


def _task(options: dict[str, Any]) -> Any:  # noqa: ANN401  a Task, whose module is heavy
    from incidents.analyses.partitions import Task  # noqa: PLC0415

    wards, until = _wards(), options["until"]
    grid = _grid(wards, options["cell_m"])
    return Task(
        method=options["method"],
        grid=grid,
        srid=city.current().metric_srid,
        inside=grid.within(*wards),
        categories=frozenset(options["category"]),
        since=_midnight(options["since"]),
        until=_midnight(until + timedelta(days=1) if until else None),
        zone=city.current().time_zone,
        parameters={name: options[name] for name in PARAMETERS if options[name] is not None},
    )


def _wards() -> Shapes:
    """Return the wards of today in metres; where no edition is, the box that holds the city."""
    here = city.current()
    edition = rulebook.current().in_force_or_former(
        here.territory, here.ward_level, timezone.localdate()
    )
    box = [shapely.box(*here.extent)]
    shapes = bulk_placement.of_edition(edition.id).shapes if edition else box
    return to_metres(np.asarray(shapes, object), here.metric_srid)


def _grid(shapes: Shapes, cell_m: float) -> Grid:
    """Return a grid over shapes whose lines stand at whole multiples of ``cell_m``."""
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return Grid.over((west // cell_m * cell_m, south // cell_m * cell_m, east, north), cell_m)


def _midnight(of: date | None) -> datetime | None:
    return datetime.combine(of, time(), ZoneInfo(city.current().time_zone)) if of else None
