"""A file of how many people live in each ward, into the territory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from districts.loading import CountFacts, LoadedResidents, load_residents
from districts.management.telling import failing_clearly
from districts.outlines import ward_edition
from districts.resident_files import ResidentColumns, read_lines
from districts.residents import Shares, of_today
from districts.ward_sizes import ward_sizes
from gis_core.errors import listed


class Command(BaseCommand):
    """Read a file of residents, check it whole, store it in place of the one before."""

    help = "Load how many people live in the wards of an edition; again to replace."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path, help="CSV in UTF-8, or GeoJSON")
        parser.add_argument("--edition", required=True, help="whose wards: hcmc-2025, hcmc-2019")
        parser.add_argument("--year", type=int, required=True, help="in which people were counted")
        parser.add_argument("--source", required=True, help="who counted; told beside the numbers")
        parser.add_argument("--code-column", default="code", help="wards' codes (code)")
        parser.add_argument("--people-column", default="people", help="residents (people)")
        parser.add_argument(
            "--shares",
            choices=[one.value for one in Shares],
            default=Shares.AREA.value,
            help="by what people of former wards are shared out to today's",
        )
        parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")

    def handle(self, *_args: str, **options: Any) -> None:
        """Load, or try; say how many wards are known, and what that makes of today's."""
        shares = Shares(options["shares"])
        with failing_clearly(self.stderr):
            columns = ResidentColumns(options["code_column"], options["people_column"])
            done = load_residents(
                read_lines(options["file"], columns),
                CountFacts(options["edition"], options["year"], options["source"], shares),
                file=options["file"].name,
                dry_run=options["dry_run"],
                actor="load_residents",
            )
        for line in [*_counted(done, options["year"]), *_today(done, shares)]:
            self.stdout.write(line)


def _counted(done: LoadedResidents, year: int) -> list[str]:
    what = "replaced" if done.replaced else "stored"
    verb = what if done.pk is not None else f"would be {what}"
    sums = f"{len(done.people)} wards known, {len(done.unknown)} not known"
    people = f"{sum(done.people.values()):,} people"
    told = [f"Residents of {done.edition}, {year}, {verb}: {sums}, {people}."]
    return [*told, f"Not known: {listed(done.unknown)}"] if done.unknown else told


def _today(done: LoadedResidents, shares: Shares) -> list[str]:
    today, former = ward_edition(), done.edition
    if today is None or today.id == former.pk:
        return []
    found = of_today(done.people, former.pk, shares)
    if not found:
        ask = f"manage.py compute_lineage {former.name} {today.name}"
        return [f"No ward of {today.name} is known by it yet. What became of wards tells: {ask}"]
    known = f"{len(found)} known, {len(ward_sizes()) - len(found)} not known"
    people = f"{sum(found.values()):,.0f} people"
    return [f"Shared out by {shares.value} to the wards of {today.name}: {known}, {people}."]
