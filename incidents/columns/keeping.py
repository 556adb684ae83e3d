"""The one process that writes: when the columns are followed, merged, and built anew."""

from __future__ import annotations

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from districts.wards_today import edition_today
from incidents.columns import building, image
from incidents.columns.building import State, Tell, UnknownWord
from incidents.columns.delta import Full
from incidents.columns.following import Live
from incidents.columns.merging import Merged

MERGE_AT: Final = 50_000
"""Entries in the delta from which on it is merged into a new base."""
MOST_BEHIND: Final = 200_000
"""With more events to take in than this, all is read anew: that is sooner done."""
_TICK_S: Final = 0.5
log = logging.getLogger(__name__)
Cursor = tuple[int, int]


class Keeper:
    """Keeps the columns of one folder; hold its lock, see ``only_writer``."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.live: Live | None = None
        self._pool = ThreadPoolExecutor(1, "columns")
        self._merging: Future[tuple[Path, Cursor]] | None = None
        self._looked_at_home = False

    def look(self) -> bool:
        """Bring the columns up to date; return whether there is more to do at once.

        Raises DatabaseError where the database is away: readers see that nobody keeps up. Raises
        OSError where nothing can be written: nobody reads what is there any more.
        """
        try:
            return self._look()
        except UnknownWord:
            # It came up while all was read, or since: read the words again.
            self._retire()
            return True
        except OSError:
            self._retire()
            raise

    def anew(self, why: str, tell: Tell = lambda _count, _what: None) -> Live:
        """Read all incidents and begin with them; nobody reads what was, meanwhile."""
        log.info("Columns are built anew: %s", why)
        self._retire()
        image.clear(_made(self.home))
        newest = State.read().newest_event
        live = Live.begin(building.build(self.home, tell))
        live.anchor_at(newest)
        return self._in_place(live)

    def close(self) -> None:
        """Wait for a merge that is under way."""
        self._pool.shutdown()

    def _look(self) -> bool:
        state, live = State.read(), self._kept()
        why = _why_anew(live, state)
        if live is None or why:
            self.anew(why)
            return False
        try:
            more = live.follow() or _seen_ahead(live, state)
        except Full:
            self._merge(live)
            self._swap(live)
            return True
        if more and live.behind(MOST_BEHIND) >= MOST_BEHIND:
            self.anew("too many events to take in")
            return False
        if not more:
            live.delta.beat()
        self._make_room(live)
        return more

    def _kept(self) -> Live | None:
        """What is kept; the first time, what an earlier process left."""
        if not self._looked_at_home:
            self._looked_at_home = True
            self.live = Live.adopt(self.home)
        return self.live

    def _make_room(self, live: Live) -> None:
        if self._merging and self._merging.done():
            self._swap(live)
        elif len(live.delta) >= MERGE_AT:
            self._merge(live)

    def _merge(self, live: Live) -> None:
        """Begin to write base and delta as a new base, beside all else."""
        if self._merging is None:
            self._merging = self._pool.submit(_merged, live)

    def _swap(self, before: Live) -> None:
        """Go on with the new base, when it knows as much as the one before."""
        if self._merging:
            done, self._merging = self._merging, None
            live = Live.begin(*done.result())
            _look_ahead_as(before, live)
            self._in_place(live)
            before.delta.retire()

    def _in_place(self, live: Live) -> Live:
        """Take in what happened meanwhile, then let everybody read it."""
        while True:
            try:
                while live.follow() or live.look_ahead():
                    pass
                break
            except Full:
                live, before = Live.begin(*_merged(live)), live
                _look_ahead_as(before, live)
        live.delta.beat()
        image.publish(live.base.folder)
        self.live = live
        return live

    def _retire(self) -> None:
        """Let nobody read what is kept; what comes next is read anew."""
        if self._merging:
            with suppress(Exception):
                self._merging.result()
            self._merging = None
        if self.live:
            self.live.delta.retire()
            self.live = None


def _merged(live: Live) -> tuple[Path, Cursor]:
    """Write base and delta as a new base; return its folder, and up to where events are in it."""
    # The cursor first: what is written after it is read again, and changes nothing.
    cursor = live.delta.cursor
    columns = Merged(live.base, *live.delta.seen(len(live.delta)))
    return image.write(live.base.folder.parent, columns, live.base.facts), cursor


def _seen_ahead(live: Live, state: State) -> bool:
    """Look ahead where somebody writes; return whether there may be more."""
    if state.held_up:
        return live.look_ahead()
    live.anchor_at(state.newest_event)
    return False


def _look_ahead_as(before: Live, live: Live) -> None:
    """Let one that was just begun know what the one before saw ahead of the cursor."""
    if before.anchor is not None:
        live.anchor_at(before.anchor)


def _why_anew(live: Live | None, state: State) -> str:
    """Say why all has to be read anew; nothing where it has not."""
    if live is None:
        return "there are none that can be gone on with"
    facts, edition = live.base.facts, edition_today()
    sectors = building.sectors_today()
    reasons = {
        "their folder is gone": not live.base.folder.exists(),
        "another database": facts.database != state.database
        or live.delta.cursor[0] >= state.readable_before,
        "incidents went without an event": facts.epoch != state.epoch,
        "another ward edition": facts.edition_id != (edition.id if edition else None),
        "a category of another sector": facts.words.sectors
        != tuple(sectors.get(code) for code in facts.words.categories),
    }
    return next((why for why, holds in reasons.items() if holds), "")


@contextmanager
def only_writer(home: Path, go_on: Callable[[], bool] = lambda: False) -> Iterator[Keeper | None]:
    """Yield the keeper of a folder, None where another process has it.

    Waits for that one to end as long as ``go_on`` says so.
    """
    with (_made(home) / "lock").open("a") as lock:
        while not _locked(lock.fileno()):
            if not go_on():
                yield None
                return
            time.sleep(_TICK_S)
        keeper = Keeper(home)
        try:
            yield keeper
        finally:
            keeper.close()


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _made(home: Path) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    return home
