"""All history, read in the boundaries of another edition."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from districts.loading.publishing import find_edition
from districts.management.telling import ProgressLine, failing_clearly
from incidents.rereading import rejoined
from incidents.services.rejoining import rejoin


class Command(BaseCommand):
    """Join every incident to an edition; go on where an earlier run was cut off."""

    help = (
        "Say for every incident where it lies in an edition. The ward it was reported in stays "
        "what it was. Cut off, it goes on where it ended; a second run adds what is new."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("--edition", required=True, help="the edition's name, hcmc-2021")
        parser.add_argument("--level", default="", help="where the name has several")
        parser.add_argument("--again", action="store_true", help="forget what was joined before")

    def handle(self, *_args: str, **options: Any) -> None:
        """Join, and say how."""
        line = ProgressLine(self.stdout, "Joining")
        with failing_clearly(self.stderr):
            edition = find_edition(options["edition"], options["level"])
            done = rejoin(
                edition,
                again=options["again"],
                tell=lambda joined, total: line(joined, total, ""),
            )
        went_on = f" {done.before:,} were joined before." if done.before else ""
        self.stdout.write(f"{edition}: {done.joined:,} incidents joined.{went_on}")
        hows = ", ".join(f"{many:,} {how}" for how, many in rejoined.by_how(edition.pk))
        self.stdout.write(f"In all: {hows or 'none'}.")
