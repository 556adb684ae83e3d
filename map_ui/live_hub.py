"""One follower for many streams: reads new events once and deals them out."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from django.db import DatabaseError, close_old_connections

from incidents import feed
from incidents.actors import Actor
from incidents.feed import Change, Cursor
from incidents.permissions import Act
from incidents.timeline import SENTENCES

LOOK_S: Final = 0.5
"""Asking costs one indexed read. Notifications would not spare it, since an event becomes readable
when the oldest writer ends and not when its own does; and they line up all commits at one lock."""
QUEUE: Final = 256
REMEMBERED: Final = 20_000
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Stream:
    """One reader: who, since when, and what is still to be sent. None in the queue ends it."""

    actor: Actor
    joined_at: Cursor
    mine: bool = False
    """Whether only what its office reaches is asked for, and not all that is public."""
    queue: asyncio.Queue[list[str] | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def sees(self, change: Change) -> bool:
        """Tell whether a change belongs into this stream."""
        return self.actor.may(Act.SEE, change) if self.mine else self.actor.sees(change)


class Hub:
    """Follows the events in one thread and fills every stream's queue in the loop's own."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.cursor = self._read = Cursor(0, 0)
        self.seen: OrderedDict[int, Change] = OrderedDict()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._going = False

    def prepare(self) -> None:
        """Take the present as the place to begin at; asks the database."""
        self.cursor = self._read = feed.now()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to follow, and to deal out in this loop."""
        self._loop, self._going = loop, True
        threading.Thread(target=self._run, name="events", daemon=True).start()

    def stop(self) -> None:
        """End the follower after its next look, and every stream."""
        self._going = False
        for stream in self.streams:
            stream.queue.put_nowait(None)

    @contextmanager
    def joined(self, actor: Actor, *, mine: bool = False) -> Iterator[Stream]:
        """Yield a stream that gets everything after its ``joined_at``."""
        stream = Stream(actor, self.cursor, mine)
        self.streams.add(stream)
        try:
            yield stream
        finally:
            self.streams.discard(stream)

    def _run(self) -> None:
        while self._going:
            try:
                self.look()
            except DatabaseError as fault:
                log.warning("The database is away: %s", type(fault).__name__)
                close_old_connections()
            time.sleep(LOOK_S)

    def look(self) -> None:
        """Deal out everything that has become readable.

        What was dealt stays dealt, also where the database goes away before the next batch. Raises
        DatabaseError.
        """
        while changes := feed.changes_after(self._read):
            self._read = changes[-1].cursor
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._deal, changes)

    def _deal(self, changes: Sequence[Change]) -> None:
        """Fill the queues; runs in the loop, so that joining never comes between."""
        self.cursor = changes[-1].cursor
        before = {change.pk: self.seen.get(change.pk) for change in changes}
        for stream in list(self.streams):
            lines = frames(changes, stream, before)
            if lines and not self._offer(stream, lines):
                self.streams.discard(stream)
        for change in changes:
            self.seen[change.pk] = change
            self.seen.move_to_end(change.pk)
        while len(self.seen) > REMEMBERED:
            self.seen.popitem(last=False)

    def _offer(self, stream: Stream, lines: list[str]) -> bool:
        """Add to a stream's queue; a stream that is full is emptied and ended."""
        if not stream.queue.full():
            stream.queue.put_nowait(lines)
            return True
        while not stream.queue.empty():
            stream.queue.get_nowait()
        stream.queue.put_nowait(None)
        return False


def frames(
    changes: Sequence[Change], stream: Stream, before: dict[int, Change | None] | None = None
) -> list[str]:
    """Return the changes that a stream may see as SSE frames, and what has left its sight."""
    return [line for change in changes if (line := _frame(change, stream, before or {}))]


def _frame(change: Change, stream: Stream, before: dict[int, Change | None]) -> str | None:
    if stream.sees(change):
        return _line(change, "change", _facts(change))
    if any(one and stream.sees(one) for one in (before.get(change.pk), change.before)):
        return _line(change, "gone", {"id": change.pk})
    return None


def _line(change: Change, event: str, facts: dict[str, object]) -> str:
    return f"id: {change.cursor}\nevent: {event}\ndata: {json.dumps(facts)}\n\n"


def _facts(change: Change) -> dict[str, object]:
    return {
        "id": change.pk,
        "kind": change.kind if change.kind in SENTENCES else "changed",
        "status": change.status,
        "category": change.category,
        "version": change.version,
        "lon": change.lon,
        "lat": change.lat,
        "at": change.at.isoformat(),
    }
