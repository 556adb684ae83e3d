"""Two parts of the trials at once, that a machine of two cores has less to wait for."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

from scripts.benchmarks.harness import Line

Part = Callable[[], Iterator[Line]]


def at_once(*parts: Part) -> Iterator[Line]:
    """Yield the lines of all parts as they come. Raises what the first part that fails raised."""
    told: queue.SimpleQueue[Line | Exception | None] = queue.SimpleQueue()
    threads = [threading.Thread(target=_tell, args=(part, told), daemon=True) for part in parts]
    for thread in threads:
        thread.start()
    going = len(threads)
    while going:
        said = told.get()
        if isinstance(said, Exception):
            raise said
        if said is None:
            going -= 1
        else:
            yield said


def _tell(part: Part, told: queue.SimpleQueue[Line | Exception | None]) -> None:
    from django.db import connections  # noqa: PLC0415, TID251  this thread's own, to be closed

    try:
        for line in part():
            told.put(line)
    except Exception as fault:  # noqa: BLE001  the thread that asked raises it
        told.put(fault)
    finally:
        connections.close_all()
        told.put(None)
