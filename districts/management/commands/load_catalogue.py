"""Load the city's catalogue into the database."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from districts.catalogue_files import BrokenCatalogue, UnknownCity
from districts.catalogue_ledger import Change
from districts.catalogue_loading import load_catalogue


class Command(BaseCommand):
    """Sectors, categories, agencies and rules from districts/catalogue/."""

    help = "Load the city's catalogue from its files and say what changed. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--city", default="", help="city file; default: WARDWISE_CITY")
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="let the files win over rows that were edited since they were last loaded",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            changes = load_catalogue(options["city"], overwrite=options["overwrite"])
        except (BrokenCatalogue, UnknownCity) as error:
            raise CommandError(str(error)) from error
        self._tell(changes, every=options["verbosity"] > 1)

    def _tell(self, changes: list[Change], *, every: bool) -> None:
        counted = Counter((change.kind, change.what.value) for change in changes)
        for (kind, what), times in sorted(counted.items()):
            self.stdout.write(f"{kind}: {times} {what}")
        for change in changes:
            if every or change.what not in {"added"}:
                self.stdout.write(f"  {change}")
        if not changes:
            self.stdout.write("The catalogue is up to date.")
