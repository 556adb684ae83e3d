"""What of the stored history may be about one thing, into a CSV file."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandParser

from districts import city
from districts.management.telling import ProgressLine, day, failing_clearly
from incidents.duplicates.past_pairs import Wanted, find_pairs
from incidents.services.pairing import keep_past_pairs


class Command(BaseCommand):
    """Replay the stored reports in the order of their times; may be stopped and begun again."""

    help = "Write which stored reports may be about one thing; run it again to go on after a stop."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("-o", "--out", type=Path, required=True, metavar="PAIRS.csv")
        parser.add_argument("--since", type=day, metavar="DAY", help="reports from this day on")
        parser.add_argument(
            "--queue", action="store_true", help="show operators the pairs that are both open"
        )

    def handle(self, *_args: str, **options: Any) -> None:
        """Replay, and say how many reports and pairs there were."""
        keep = keep_past_pairs if options["queue"] else None
        wanted = Wanted(options["out"], _moment(options["since"]), keep)
        if wanted.state.exists():
            self.stdout.write(f"Going on where {wanted.state} says.")
        with failing_clearly(self.stderr):
            done = find_pairs(wanted, ProgressLine(self.stdout, "Comparing"))
        self.stdout.write(f"{done.done:,} reports, {done.rows:,} pairs in {wanted.out}")


def _moment(since: date | None) -> datetime | None:
    zone = ZoneInfo(city.current().time_zone)
    return datetime.combine(since, time(), zone) if since else None
