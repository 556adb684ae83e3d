"""The country's OpenStreetMap extract, into the gazetteer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from districts.geocoding.loading import ExtractDownload, extract_url, load_extracts
from districts.management.telling import (
    CountLine,
    ProgressLine,
    failing_clearly,
    reloaded_line,
)


class Command(BaseCommand):
    """Fetch the extract that the manifest of gazetteers names; load the city's part of it."""

    help = "Fetch OpenStreetMap's streets and landmarks, and load those of the city."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("--from", dest="origin", default="", metavar="URL|FILE")
        parser.add_argument("--no-load", action="store_true", help="fetch only")

    def handle(self, *_args: str, **options: Any) -> None:
        """Fetch, then load unless told not to."""
        with failing_clearly(self.stderr):
            path = self._obtained(options["origin"])
            self.stdout.write(f"{path.name}: {path.stat().st_size:,} bytes.")
            if options["no_load"]:
                return
            tell = CountLine(self.stdout)
            done = load_extracts([path], actor="fetch_gazetteer", tell=tell)
        tell.end()
        said = "This extract is loaded already; nothing to do."
        self.stdout.write(reloaded_line("Places", done) if done else said)

    def _obtained(self, origin: str) -> Path:
        if origin and not origin.startswith(("http://", "https://")):
            return Path(origin)
        url = origin or extract_url()
        folder = Path(settings.VAR) / "gazetteers"
        return ExtractDownload(url, folder, ProgressLine(self.stdout, "Fetching, MB")).fetch()
