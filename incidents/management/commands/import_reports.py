"""A file of reports from another system, into this one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from districts.management.telling import ProgressLine, failing_clearly
from incidents.imports import import_file, read_mapping


class Command(BaseCommand):
    """Read a CSV file by a mapping; what is stored already is skipped."""

    help = "Import reports from a CSV file; run it again to go on, or after correcting the rejects."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="TOML; docs/importing.md")
        parser.add_argument("--rejects", type=Path, default=Path("REJECTS.csv"))

    def handle(self, *_args: str, **options: Any) -> None:
        """Import, and say how many rows were stored, were there, were rejected."""
        with failing_clearly(self.stderr):
            mapping = read_mapping(options["mapping"])
            tell = ProgressLine(self.stdout, "Importing")
            done = import_file(options["file"], mapping, options["rejects"], timezone.now(), tell)
        where = f", see {options['rejects']}" if done.rejected else ""
        self.stdout.write(
            f"{done.rows:,} rows: {done.stored:,} stored, {done.present:,} there already, "
            f"{done.rejected:,} rejected{where}."
        )
