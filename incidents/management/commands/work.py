"""What goes on in the background: notices, deadlines, seals, forgetting; as often as started."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

WORKERS: Final[Mapping[str, str]] = {
    "notices": "incidents.notifications.worker.serve",
    "deadlines": "incidents.background.deadlines",
    "seals": "incidents.background.seals",
    "stale": "incidents.background.stale",
}
"""Each is called with what says whether to go on, and returns soon after that says no."""


class Command(BaseCommand):
    """Each worker in a thread of its own, so that one process does for a small city."""

    help = "Send notices, watch deadlines, seal events, forget stale addresses, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "workers",
            nargs="*",
            metavar="WORKER",
            help=f"only these, of: {', '.join(WORKERS)}; all where none is named",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve until SIGTERM or SIGINT; what is under way is finished."""
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _signum, _frame: stopped.set())
        threads = [_started(name, stopped) for name in options["workers"] or WORKERS]
        stopped.wait()
        for thread in threads:
            thread.join()


def _started(name: str, stopped: threading.Event) -> threading.Thread:
    serve: Callable[[Callable[[], bool]], None] = import_string(WORKERS[name])
    thread = threading.Thread(target=serve, args=(lambda: not stopped.is_set(),), name=name)
    thread.start()
    return thread
