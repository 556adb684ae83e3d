"""Boundaries from the manifest's address, into use."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from districts import obtaining
from districts.fetching import fetch
from districts.loading import publish_edition
from districts.management.telling import (
    ProgressLine,
    failing_clearly,
    loaded_lines,
    published_lines,
)
from districts.manifest import Source


class Command(BaseCommand):
    """Fetch an edition of the manifest, prove every byte, load and publish it."""

    help = "Fetch boundaries named in data/boundaries/manifest.toml, load and publish them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        flag = argparse.BooleanOptionalAction
        parser.add_argument("name", help="the edition's name in the manifest, hcmc-2025")
        parser.add_argument("--from", dest="origin", default="", metavar="URL|FOLDER|ZIP")
        parser.add_argument("--load", action=flag, default=True)
        parser.add_argument("--publish", action=flag, default=True)
        parser.add_argument("--if-needed", action="store_true", help="not when it is published")
        parser.add_argument("--again", action="store_true", help="fetch files anew that are there")

    def handle(self, *_args: str, **options: Any) -> None:
        """Fetch, then load and publish unless told not to."""
        with failing_clearly(self.stderr):
            source = obtaining.known_source(options["name"])
            if options["if_needed"] and obtaining.is_published(source.name, source.facts.level):
                self.stdout.write(f"{source.name} is published already.")
                return
            self._fetch(source, options)

    def _fetch(self, source: Source, options: dict[str, Any]) -> None:
        target = obtaining.folder_of(source)
        if options["again"]:
            for file in source.files:
                (target / file.name).unlink(missing_ok=True)
        paths = fetch(
            source,
            target,
            options["origin"],
            tell=ProgressLine(self.stdout, "Fetching"),
        )
        self.stdout.write(f"{len(paths)} files, every sum right.")
        if not options["load"]:
            return
        loaded = obtaining.load_source(source, paths, actor="fetch_boundaries")
        self.stdout.write("\n".join(loaded_lines(loaded)))
        if options["publish"]:
            done = publish_edition(source.name, source.facts.level, actor="fetch_boundaries")
            self.stdout.write("\n".join(published_lines(done)))
