"""An edition that is loaded, into use."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from districts.loading import publish_edition
from districts.management.telling import failing_clearly, published_lines


class Command(BaseCommand):
    """Put a loaded edition into use in one step."""

    help = "Publish a loaded edition; from then on positions are placed in it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("name")
        parser.add_argument("--level", default="", help="where the name has several")
        parser.add_argument(
            "--replaces",
            action="append",
            default=[],
            metavar="NAME",
            help="take this edition out of use in the same step; may be repeated",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *_args: str, **options: Any) -> None:
        """Publish, or say what publishing would do."""
        with failing_clearly(self.stderr):
            done = publish_edition(
                options["name"],
                options["level"],
                replaces=options["replaces"],
                dry_run=options["dry_run"],
                actor="publish_edition",
            )
        self.stdout.write("\n".join(published_lines(done, would=options["dry_run"])))
