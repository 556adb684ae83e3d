"""Files of named places, into the gazetteer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from districts.geocoding.loading import load_tables
from districts.management.telling import failing_clearly, reloaded_line


class Command(BaseCommand):
    """Read streets, landmarks, stops and addresses; store what is new or changed."""

    help = "Load the places that people name from GeoJSON or CSV with a mapping; again to update."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("files", type=Path, nargs="+")
        parser.add_argument("--mapping", type=Path, required=True, help="TOML: what columns hold")
        parser.add_argument(
            "--again", action="store_true", help="compare every place though no file changed"
        )

    def handle(self, *_args: str, **options: Any) -> None:
        """Load, and say what changed."""
        with failing_clearly(self.stderr):
            done = load_tables(
                options["files"], options["mapping"], actor="load_gazetteer", again=options["again"]
            )
        said = "These files are loaded already; nothing to do."
        self.stdout.write(reloaded_line("Places", done) if done else said)
