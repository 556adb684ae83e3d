"""A file of points, placed on an edition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from districts import bulk_placement
from districts.management.telling import ProgressLine, failing_clearly
from districts.point_files import PointColumns, place_file


class Command(BaseCommand):
    """Read a CSV file of any length, write the area of every row."""

    help = "Say in which ward every point of a CSV file lies: ward_code, ward_name, how."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--edition", required=True, help="the edition's name, hcmc-2025")
        parser.add_argument("--level", default="", help="where the name has several")
        parser.add_argument("--id", default="id", help="the column that is kept")
        parser.add_argument("--lon", default="lon")
        parser.add_argument("--lat", default="lat")
        parser.add_argument("-o", "--output", type=Path, required=True)

    def handle(self, *_args: str, **options: Any) -> None:
        """Place every row, and say how many lie where."""
        columns = PointColumns(options["id"], options["lon"], options["lat"])
        with failing_clearly(self.stderr):
            index = bulk_placement.named(options["edition"], options["level"])
            tell = ProgressLine(self.stdout, "Placing")
            counts = place_file(options["file"], options["output"], index, columns, tell)
        told = ", ".join(f"{count:,} {how.name.lower()}" for how, count in counts.items() if count)
        self.stdout.write(f"{options['output']}: {sum(counts.values()):,} rows; {told or 'empty'}.")
