"""Incidents into a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from districts.management.telling import ProgressLine, day, failing_clearly
from incidents.actors import ANYBODY, Actor, actor_of
from incidents.exports import rows
from incidents.exports.formats import FORMATS, format_of
from incidents.exports.table import Row, Table
from incidents.filters import read_filters

LISTS: Final = ("sector", "category", "status", "agency", "ward")


class Command(BaseCommand):
    """Write what a user, or everybody, may take out; docs/exports.md."""

    help = "Write incidents into a file: CSV, XLSX, GeoPackage, GeoJSON, GeoParquet, Shapefile."
    # They read every page of the site into memory: 60 MB of which no export has any use.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("-o", "--output", type=Path, required=True)
        parser.add_argument("--format", choices=FORMATS, help="else by the file's name")
        parser.add_argument("--user", help="a login: what this one's office may take out")
        parser.add_argument("--exact", action="store_true", help="sensitive ones by themselves")
        parser.add_argument("--bbox", default="", help="west,south,east,north")
        for name in LISTS:
            parser.add_argument(f"--{name}", action="append", default=[])
        for name in ("since", "until"):
            parser.add_argument(f"--{name}", type=day)

    def handle(self, *_args: str, **options: Any) -> None:
        """Write, and say how many rows there were."""
        with failing_clearly(self.stderr):
            form = format_of(options["format"] or _extension(options["output"]))
            asked = {name: options[name] for name in ("bbox", *LISTS)}
            filters = read_filters(**asked, days=(options["since"], options["until"]))
            wish = rows.Wish(_actor(options["user"]), filters, exact=options["exact"])
            told = _Told(rows.table(wish), rows.count(wish, 1 << 62), self)
            form.write(told.table, options["output"])
        self.stdout.write(f"{told.done:,} rows in {options['output']}.")


class _Told:
    """A table that tells how much of it was read."""

    def __init__(self, table: Table, total: int, command: BaseCommand) -> None:
        self.done, self.total = 0, max(total, 1)
        self.line = ProgressLine(command.stdout, "Exporting")
        self.table = replace(table, batches=self._batches(table))

    def _batches(self, table: Table) -> Iterator[Sequence[Row]]:
        for batch in table.batches:
            self.done += len(batch)
            self.line(min(self.done, self.total), self.total, "")
            yield batch


def _extension(path: Path) -> str:
    """Return the format that a name ends with; Shapefiles are known by .shp.zip."""
    return next((one for one in FORMATS if path.name.endswith(f".{one}")), path.suffix[1:])


def _actor(login: str | None) -> Actor:
    if not login:
        return ANYBODY
    user = User.objects.filter(username=login, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no user {login}.")
    return actor_of(user)
