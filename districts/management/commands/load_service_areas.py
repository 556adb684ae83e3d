"""A file of service areas, into the territory."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from districts import reading
from districts.loading import ServiceAreaColumns, ServiceAreaFacts, load_service_areas
from districts.loading.agencies import read_agency_map
from districts.management.telling import (
    add_file_arguments,
    day,
    failing_clearly,
    reloaded_line,
)


class Command(BaseCommand):
    """Read a file of service areas, check it whole, store what is new or changed."""

    help = "Load the areas in which agencies answer for some categories; again to update."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--agency", default="", help="one agency code for all")
        who.add_argument("--agency-field", default="", help="the column that names it")
        parser.add_argument("--categories", required=True, help="codes, with commas")
        parser.add_argument("--valid-to", type=day, help="the day after the last")
        add_file_arguments(parser)

    def handle(self, *_args: str, **options: Any) -> None:
        """Load, and say what changed."""
        with failing_clearly(self.stderr):
            columns = ServiceAreaColumns(options["agency_field"], options["name_field"])
            taken = [column for column, _ in options["only"]]
            choice = reading.CrsChoice(options["crs"], options["transform"])
            rows = reading.read([options["file"]], [*columns.names(), *taken], choice)
            self.stdout.write(f"{len(rows)} features read, checking …")
            done, repairs = load_service_areas(
                rows, columns, _facts(options), repair=options["repair"], actor="load_service_areas"
            )
        for repair in repairs:
            self.stdout.write(f"  {repair}")
        self.stdout.write(reloaded_line("Service areas", done))


def _facts(options: dict[str, Any]) -> ServiceAreaFacts:
    return ServiceAreaFacts(
        categories=tuple(code.strip() for code in options["categories"].split(",") if code.strip()),
        source=options["source"] or options["file"].name,
        agency=options["agency"],
        valid_from=options["valid_from"],
        valid_to=options["valid_to"],
        only=dict(options["only"]),
        agency_names=read_agency_map(options["agency_map"]) if options["agency_map"] else {},
    )
