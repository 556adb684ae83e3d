"""How well duplicates are found, by pairs that people named."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from districts.management.telling import ProgressLine, failing_clearly
from incidents.duplicates import terms
from incidents.duplicates.scoring import Score, percentile, score
from incidents.imports import read_mapping
from incidents.imports.as_cases import ReadFile, read_cases
from incidents.imports.named_pairs import check_pairs, read_pairs


class Command(BaseCommand):
    """Replay a file of reports and mark pairs; reads files only, of any city."""

    help = "Say how often the true original is among the candidates that would have been shown."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("reports", type=Path)
        parser.add_argument("pairs", type=Path, help="CSV with duplicate_id, original_id")
        parser.add_argument("--mapping", type=Path, required=True, help="TOML; docs/importing.md")
        parser.add_argument("--json", action="store_true", help="one line for programs")

    def handle(self, *_args: str, **options: Any) -> None:
        """Read, replay, and say how many originals were found."""
        with failing_clearly(self.stderr):
            mapping, pairs = read_mapping(options["mapping"]), read_pairs(options["pairs"])
            path, quiet = options["reports"], options["json"]
            reading = _silent if quiet else ProgressLine(self.stdout, "Reading")
            found = read_cases(path, mapping, timezone.now(), reading)
            check_pairs(options["pairs"], pairs, found.cases)
            replaying = _silent if quiet else ProgressLine(self.stdout, "Replaying")
            done = score(found.cases, pairs, terms.current(), replaying)
        if quiet:
            self.stdout.write(json.dumps(done.row()))
            return
        self._tell(done, found)

    def _tell(self, done: Score, found: ReadFile) -> None:
        unread = f" (most: {found.reason})" if found.reason and found.unread else ""
        ranks = Counter(done.ranks)
        at = ", ".join(f"{rank}: {count}" for rank, count in sorted(ranks.items()))
        self.stdout.write(
            f"{len(found.cases):,} reports, "
            f"{found.unread:,} rows without id, time or place{unread}\n"
            f"{done.pairs:,} pairs, {done.missing:,} more with a report that is not there\n"
            f"recall at the review threshold: {done.recall:.3f}\n"
            f"rank of the true original: {at or '-'}\n"
            f"candidates per duplicate: {_spread(done.candidates)}\n"
            f"candidates per report: {_spread(done.of_all)}"
        )


def _spread(counts: tuple[int, ...]) -> str:
    return f"median {percentile(counts, 50)}, p95 {percentile(counts, 95)}"


def _silent(_done: int, _total: int, _name: str) -> None:
    pass
