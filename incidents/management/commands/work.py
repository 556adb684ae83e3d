"""What goes on in the background: notices, deadlines, seals, forgetting; as often as started."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from gis_core import logs

WORKERS: Final[Mapping[str, str]] = {
    "notices": "incidents.notifications.worker.serve",
    "deadlines": "incidents.background.deadlines",
    "seals": "incidents.background.seals",
    "stale": "incidents.background.stale",
    "pairs": "incidents.background.pairs",
    "columns": "incidents.background.columns",
    "analyses": "incidents.background.analyses",
    "streets": "incidents.background.streets",
}
"""Each is called with what says whether to go on, and returns soon after that says no."""
log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Each worker in a thread of its own, so that one process does for a small city."""

    help = "Send notices, watch deadlines, seal events, forget, compare, keep columns, analyse."
    # The others read every page of the site into memory: 30 MB of which no worker has any use.
    requires_system_checks = (Tags.compatibility,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "workers",
            nargs="*",
            metavar="WORKER",
            help=f"only these, of: {', '.join(WORKERS)}; all where none is named",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve until SIGTERM or SIGINT; what is under way is finished.

        Raises CommandError when a worker has died: who started the process starts it again, whole.
        """
        stopped, died = threading.Event(), list[str]()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _signum, _frame: stopped.set())
        threads = [_started(name, stopped, died) for name in options["workers"] or WORKERS]
        # Waking now and then: a signal that comes just as the process goes on after a stop
        # interrupts no wait, and would be heard at the next one only.
        while not stopped.wait(1):
            pass
        for thread in threads:
            thread.join()
        if died:
            raise CommandError(f"Died of a fault: {', '.join(died)}.")


def _started(name: str, stopped: threading.Event, died: list[str]) -> threading.Thread:
    thread = threading.Thread(target=_serve, args=(name, stopped, died), name=name)
    thread.start()
    return thread


def _serve(name: str, stopped: threading.Event, died: list[str]) -> None:
    serve: Callable[[Callable[[], bool]], None] = import_string(WORKERS[name])
    try:
        serve(lambda: not stopped.is_set())
    except Exception as fault:  # noqa: BLE001  a thread's fault ends nothing but the thread
        log.error("The worker %s died: %s", name, logs.told(fault))  # noqa: TRY400  no words
        died.append(name)
        stopped.set()
