"""Files of named places, into the gazetteer."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from districts.geocoding.loading import NoMapping, load_extracts, load_tables
from districts.management.telling import CountLine, failing_clearly, reloaded_line


class Command(BaseCommand):
    """Read streets, landmarks, stops and addresses; store what is new or changed."""

    help = (
        "Load the places that people name: an OpenStreetMap extract, or GeoJSON and CSV with a "
        "mapping. Again to update; files that are loaded already cost nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("files", type=Path, nargs="+", help=".osm.pbf, or .geojson and .csv")
        parser.add_argument("--mapping", type=Path, help="TOML: what the columns of tables hold")
        parser.add_argument(
            "--again", action="store_true", help="compare every place though no file changed"
        )

    def handle(self, *_args: str, **options: Any) -> None:
        """Load, and say what changed."""
        tell = CountLine(self.stdout)
        files, mapping = options["files"], options["mapping"]
        with failing_clearly(self.stderr):
            if mapping is None:
                load = partial(load_extracts, [_extract(path) for path in files])
            else:
                load = partial(load_tables, files, mapping)
            done = load(actor="load_gazetteer", again=options["again"], tell=tell)
        tell.end()
        said = "These files are loaded already; nothing to do."
        self.stdout.write(reloaded_line("Places", done) if done else said)


def _extract(path: Path) -> Path:
    if path.name.endswith((".pbf", ".osm", ".osm.bz2", ".osm.gz")):
        return path
    raise NoMapping(file=path.name)
