"""Incidents as partitioned GeoParquet, for analyses on many machines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from districts.management.telling import day, failing_clearly
from incidents.actors import ANYBODY, Actor, actor_of
from incidents.filters import Filters


class Command(BaseCommand):
    """Read the incidents once, in order, and write a file for each month or stretch of the city."""

    help = (
        "Write incidents as GeoParquet files into an empty folder, without anything personal or "
        "sensitive: what everybody may see, or with --user what that person may."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--by", choices=("month", "place"), default="month")
        parser.add_argument("--user", metavar="NAME", help="whose rights hold")
        parser.add_argument("--since", type=day, metavar="DAY", help="the first day")
        parser.add_argument("--until", type=day, metavar="DAY", help="the last day")

    def handle(self, *_args: str, **options: Any) -> None:
        """Write, and say how many files there are."""
        from incidents.analyses.writing_partitions import By, write_partitions  # noqa: PLC0415  heavy: geopandas

        filters = Filters(since=options["since"], until=options["until"])
        with failing_clearly(self.stderr):
            files = write_partitions(
                _actor(options["user"]), filters, options["folder"], By(options["by"])
            )
        self.stdout.write(f"{len(files)} files in {options['folder']}")


def _actor(name: str | None) -> Actor:
    if not name:
        return ANYBODY
    try:
        return actor_of(User.objects.get(username=name))
    except User.DoesNotExist:
        raise CommandError(f"There is no user {name}.") from None
