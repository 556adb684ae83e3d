"""Send what people are to be told, until stopped; --once sends what is due and ends."""

from __future__ import annotations

import signal
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandParser

from incidents.notifications import worker


class Command(BaseCommand):
    """The worker that drains the outbox."""

    help = "Send notices as they come, until stopped. Several may run; none is sent by two."
    # The others read every page of the site into memory: 30 MB of which no worker has any use.
    requires_system_checks = (Tags.compatibility,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due, then end")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Drain once, or serve until SIGTERM or SIGINT; the notice under way is finished."""
        if options["once"]:
            self.stdout.write(f"Notices handled: {worker.drain()}.")
            return
        stopped: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda signum, _frame: stopped.append(signum))
        worker.serve(lambda: not stopped)
