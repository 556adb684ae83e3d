"""A file of utility assets, into the territory."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from districts import reading
from districts.loading import AssetColumns, AssetFacts, load_assets
from districts.loading.agencies import read_agency_map
from districts.management.telling import (
    add_file_arguments,
    day,
    failing_clearly,
    reloaded_line,
)


class Command(BaseCommand):
    """Read a file of assets, check it whole, store what is new or changed."""

    help = "Load parks, roads, drains, lines … with their owner and maintainer; again to update."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("--kind", required=True, help="park, drain, power-line …")
        parser.add_argument(
            "--code-field", default="", help="several, with commas, where one is not unique"
        )
        parser.add_argument("--owner-field", default="")
        parser.add_argument("--maintainer-field", default="")
        parser.add_argument("--owner", default="", help="agency code, where the file has none")
        parser.add_argument("--maintainer", default="", help="likewise")
        parser.add_argument("--buffer", type=float, default=0.0, metavar="METRES")
        parser.add_argument("--contract-from", type=day)
        parser.add_argument("--contract-to", type=day, help="the day after the last")
        add_file_arguments(parser)

    def handle(self, *_args: str, **options: Any) -> None:
        """Load, and say what changed."""
        with failing_clearly(self.stderr):
            columns = _columns(options)
            taken = [column for column, _ in options["only"]]
            choice = reading.CrsChoice(options["crs"], options["transform"])
            rows = reading.read([options["file"]], [*columns.names(), *taken], choice)
            self.stdout.write(f"{len(rows)} features read, checking …")
            done, repairs = load_assets(
                rows, columns, _facts(options), repair=options["repair"], actor="load_assets"
            )
        for repair in repairs:
            self.stdout.write(f"  {repair}")
        self.stdout.write(reloaded_line(f"Assets of kind {options['kind']}", done))


def _columns(options: dict[str, Any]) -> AssetColumns:
    return AssetColumns(
        code=tuple(column for column in options["code_field"].split(",") if column),
        name=options["name_field"],
        owner=options["owner_field"],
        maintainer=options["maintainer_field"],
    )


def _facts(options: dict[str, Any]) -> AssetFacts:
    return AssetFacts(
        kind=options["kind"],
        source=options["source"] or options["file"].name,
        owner=options["owner"],
        maintainer=options["maintainer"],
        buffer_m=options["buffer"],
        valid_from=options["valid_from"],
        contract_from=options["contract_from"],
        contract_to=options["contract_to"],
        only=dict(options["only"]),
        agency_names=read_agency_map(options["agency_map"]) if options["agency_map"] else {},
    )
