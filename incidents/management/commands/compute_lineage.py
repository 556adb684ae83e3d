"""What became of the areas of an old edition in a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.core.management.base import BaseCommand, CommandParser

from districts import reading
from districts.lineage import LEAST, Points, compute_lineage
from districts.loading.publishing import find_edition
from districts.management.telling import failing_clearly
from incidents.rereading import positions


class Command(BaseCommand):
    """Overlay two editions, and store how the old areas are spread over the new ones."""

    help = "Store what became of an edition's areas in another: shares of ground and of people."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("old", help="an edition's name, hcmc-2021")
        parser.add_argument("new", help="an edition's name, hcmc-2025")
        parser.add_argument("--old-level", default="", help="where the name has several")
        parser.add_argument("--new-level", default="")
        parser.add_argument(
            "--addresses", type=Path, help="a file of points: share of addresses besides of ground"
        )

    def handle(self, *_args: str, **options: Any) -> None:
        """Compute, store, and name the old areas that were divided."""
        with failing_clearly(self.stderr):
            old = find_edition(options["old"], options["old_level"])
            new = find_edition(options["new"], options["new_level"])
            made = compute_lineage(
                old,
                new,
                addresses=_points(options["addresses"]) if options["addresses"] else None,
                incidents=positions.of_all(),
                actor="compute_lineage",
            )
        parts = [pair for pair in made if pair.area_share >= LEAST]
        olds = {pair.from_area_id for pair in parts}
        whole = {pair.from_area_id for pair in parts if pair.area_share >= 0.95}
        self.stdout.write(
            f"{old} -> {new}: {len(made)} pairs. Of {len(olds)} old areas {len(whole)} went into "
            f"one new area with at least 95 % of their ground, {len(olds - whole)} were divided."
        )


def _points(path: Path) -> Points:
    shapes = [row.shape for row in reading.read([path]) if row.shape is not None]
    lonlat = shapely.get_coordinates(shapely.point_on_surface(np.asarray(shapes, object)))
    return Points(lonlat[:, 0], lonlat[:, 1])
