"""An edition that is loaded, into use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from districts.loading import publish_edition
from districts.management.telling import failing_clearly, published_lines
from incidents.rereading.handover import Handover, Move, try_publication

ACTOR = "publish_edition"
LISTED = 20


class Command(BaseCommand):
    """Put a loaded edition into use in one step."""

    help = "Publish a loaded edition; from then on positions are placed in it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("name")
        parser.add_argument("--level", default="", help="where the name has several")
        parser.add_argument(
            "--replaces",
            action="append",
            default=[],
            metavar="NAME",
            help="take this edition out of use in the same step; may be repeated",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="only say what would happen, and which open incidents would change hands",
        )

    def handle(self, *_args: str, **options: Any) -> None:
        """Publish, or say what publishing would do."""
        asked = {"replaces": options["replaces"], "actor": ACTOR}
        with failing_clearly(self.stderr):
            if options["dry_run"]:
                done, handover = try_publication(options["name"], options["level"], **asked)
            else:
                done = publish_edition(options["name"], options["level"], **asked)
                handover = None
        self.stdout.write("\n".join(published_lines(done, would=options["dry_run"])))
        if handover:
            self.stdout.write("\n".join(_lines(handover)))


def _lines(handover: Handover) -> list[str]:
    return [
        f"{handover.looked_at:,} open incidents looked at.",
        *_listed("another area", handover.areas),
        *_listed("another agency", handover.agencies),
    ]


def _listed(what: str, moves: Sequence[Move]) -> list[str]:
    total = sum(move.count for move in moves)
    lines = [f"{total:,} would come to {what}{':' if moves else '.'}"]
    for move in moves[:LISTED]:
        examples = ", ".join(str(one) for one in move.examples)
        lines.append(f"  {move.count:>7,}  {move.before} -> {move.after}  (incidents {examples} …)")
    if len(moves) > LISTED:
        rest = sum(move.count for move in moves[LISTED:])
        lines.append(f"  {rest:>7,}  in {len(moves) - LISTED} other moves")
    return lines
