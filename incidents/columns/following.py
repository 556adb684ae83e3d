"""An image and its delta, kept up with events by the one process that writes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np

from gis_core import sql
from incidents.columns import image
from incidents.columns.building import Book
from incidents.columns.delta import FILE, Delta
from incidents.columns.image import Image
from incidents.columns.merging import standing
from incidents.columns.rows import ENTRY

AT_A_TIME: Final = 5_000
"""Events read at once."""
LOOK_BACK: Final = 200
"""Looking ahead begins so many ids earlier: of two who write at once the second may be first."""


class Live:
    """An image that is followed. Not for several threads."""

    def __init__(self, base: Image, delta: Delta, book: Book) -> None:
        self.base, self.delta, self.book = base, delta, book
        self.ahead: int | None = None
        """Up to this event's id it was looked ahead; None where not yet."""
        self.anchor: int | None = None
        """From which event's id on another one has to look ahead to know as much."""
        named, stands = standing(*delta.seen(len(delta)))
        self._later: dict[int, bytes | None] = dict.fromkeys(named.tolist())
        self._later |= _by_id(stands)

    @classmethod
    def begin(cls, folder: Path, cursor: tuple[int, int] | None = None) -> Live:
        """Open an image that was just written, with an empty delta.

        ``cursor``: up to where events are in the image, where it is not what its facts say.
        """
        base = image.opened(folder)
        delta = Delta.create(folder, cursor or base.facts.cursor)
        return cls(base, delta, Book.of(base.facts))

    @classmethod
    def adopt(cls, home: Path) -> Live | None:
        """Open the current image and go on with its delta; None where it cannot be trusted."""
        base = image.current(home)
        if base is None:
            return None
        try:
            delta = Delta(base.folder / FILE, writing=True)
        except (FileNotFoundError, ValueError):
            return None
        if not (delta.is_of_this_start() and base.is_whole()):
            return None
        return cls(base, delta, Book.of(base.facts))

    def follow(self) -> bool:
        """Take in the next events; return whether there may be more of them.

        Raises Full where the delta has no room, UnknownWord where the words have to be read anew.
        """
        transaction, event = self.delta.cursor
        asked = {"transaction": transaction, "id": event, "count": AT_A_TIME}
        events = sql.rows("incidents", "columns_changed", asked)
        if events:
            self._take_in({incident for _, _, incident in events if incident is not None})
            self.delta.follow(events[-1][:2])
        return len(events) == AT_A_TIME

    def anchor_at(self, event: int) -> None:
        """Say that everything up to an event's id is in it, and that nobody writes just now."""
        self.ahead = self.anchor = event

    def look_ahead(self) -> bool:
        """Take in what cannot be followed yet; return whether there may be more of it.

        While somebody writes for long, what others commit is seen all the same. The cursor stays
        where it is, and brings what is passed over here.
        """
        if self.ahead is None:
            return False
        asked = {"id": self.ahead - LOOK_BACK, "count": AT_A_TIME}
        events = sql.rows("incidents", "columns_ahead", asked)
        if events:
            self._take_in({incident for _, incident in events if incident is not None})
            self.ahead = max(self.ahead, events[-1][0])
        return len(events) == AT_A_TIME

    def behind(self, bound: int) -> int:
        """Return how many events are still to be taken in, counted up to a bound."""
        transaction, event = self.delta.cursor
        asked = {"transaction": transaction, "id": event, "bound": bound}
        [(count,)] = sql.rows("incidents", "columns_behind", asked)
        return int(count)

    def _take_in(self, ids: Iterable[int]) -> None:
        """Write down what of these incidents is not as it was; what is as it was costs nothing."""
        ordered = sorted(ids)
        after = _by_id(self.book.entries(ordered)) if ordered else {}
        before = self._known(ordered)
        changed = [pk for pk in ordered if before.get(pk) != after.get(pk)]
        signed = [
            (entry, weight)
            for pk in changed
            for entry, weight in ((before.get(pk), -1), (after.get(pk), 1))
            if entry is not None
        ]
        if signed:
            entries = np.frombuffer(b"".join(entry for entry, _ in signed), ENTRY)
            self.delta.append(entries, np.array([weight for _, weight in signed], np.int8))
        self._later |= {pk: after.get(pk) for pk in changed}

    def _known(self, ids: list[int]) -> dict[int, bytes | None]:
        asked = np.array([pk for pk in ids if pk not in self._later], np.int64)
        places = self.base.places(asked)
        based = _by_id(self.base.rows.entries(places[places >= 0]))
        return {**based, **{pk: self._later[pk] for pk in ids if pk in self._later}}


def _by_id(entries: np.ndarray[tuple[int, ...], np.dtype[np.void]]) -> dict[int, bytes]:
    packed, width = entries.tobytes(), ENTRY.itemsize
    return {
        pk: packed[at : at + width]
        for pk, at in zip(entries["id"].tolist(), range(0, len(packed), width), strict=True)
    }
