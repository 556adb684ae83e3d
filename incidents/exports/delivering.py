"""An export as it goes out: bounded in rows, in how many go at once, and in time; and recorded."""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final, cast

from django.utils import timezone

from districts import rulebook
from gis_core.errors import N_, DomainError
from incidents.actors import Actor
from incidents.exports import rows
from incidents.exports.formats import Format, format_of
from incidents.exports.table import Row, Table
from incidents.permissions import Act, Reach

MOST_FOR_ANYBODY: Final = 200_000
"""Rows of one export without an office; more is asked for in parts, or page by page."""
AT_ONCE: Final = 2
"""Exports that one process sends at a time: each keeps a thread of the web server."""
LONGEST_S: Final = 1_800.0
"""Whoever reads more slowly than this is cut off: an open export keeps old rows alive."""
WAIT_S: Final = 20
PIECE: Final = 262_144

log = logging.getLogger(__name__)
# Who took out what is to be found afterwards, however little else is kept.
log.setLevel(logging.INFO)
_free = threading.BoundedSemaphore(AT_ONCE)


class TooManyRows(DomainError):
    """More rows than this format holds, or than everybody may take at once."""

    code = "export.too_many_rows"
    status = 422
    message = N_(
        "These are more than %(most)s rows, the most that one file may have here. "
        "Choose a shorter period, a sector or an area, and take them in parts."
    )


class ExportsBusy(DomainError):
    """As many exports as are sent at once are being sent."""

    code = "export.busy"
    status = 503
    message = N_("Other exports are being written right now. Try again in %(seconds)s seconds.")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file on its way. ``pieces`` must be closed, also when it was never begun."""

    name: str
    media_type: str
    pieces: Sending


class Sending:
    """Bytes of a file, and what is done when they are through or nobody wants them any more."""

    def __init__(self, pieces: Iterator[bytes], done: Callable[[], None]) -> None:
        self._pieces, self._done, self._open = pieces, done, True
        self._until = time.monotonic() + LONGEST_S

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if time.monotonic() > self._until:
            self.close()
        if not self._open:
            raise TimeoutError
        try:
            return next(self._pieces)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End it, once."""
        if self._open:
            self._open = False
            close = getattr(self._pieces, "close", None)
            if close:
                close()
            self._done()


def most_rows(actor: Actor, form: Format) -> int | None:
    """Return how many rows one file may have; None: any number."""
    bounds = [form.most, None if is_office(actor) else MOST_FOR_ANYBODY]
    return min((one for one in bounds if one is not None), default=None)


def deliver(wish: rows.Wish, extension: str) -> Delivery:
    """Begin an export. Raises NoSuchFormat, TooManyRows, ExportsBusy."""
    form = format_of(extension)
    most = most_rows(wish.actor, form)
    if most is not None and rows.count(wish, most) > most:
        raise TooManyRows(most=most)
    if not _free.acquire(blocking=False):
        raise ExportsBusy(seconds=WAIT_S)
    counted = _Counted(rows.table(wish))
    try:
        pieces = form.pieces(counted.table) if form.streams else _from_file(form, counted.table)
    except BaseException:
        counted.close()
        _free.release()
        raise
    name = f"wardwise-{rows.NAME}-{timezone.localdate():%Y%m%d}.{extension}"

    def done() -> None:
        counted.close()
        _free.release()
        _record(wish, extension, counted.rows)

    return Delivery(name, form.media_type, Sending(pieces, done))


class _Counted:
    """A table that counts the rows that were read of it."""

    def __init__(self, table: Table) -> None:
        self.rows = 0
        self._read = self._batches(table)
        self.table = replace(table, batches=self._read)

    def close(self) -> None:
        """End the transaction in which rows are read, before the connection is given back."""
        self._read.close()

    def _batches(self, table: Table) -> Generator[Sequence[Row]]:
        with closing(cast("Generator[Sequence[Row]]", table.batches)) as batches:
            for batch in batches:
                self.rows += len(batch)
                yield batch


def _from_file(form: Format, table: Table) -> Iterator[bytes]:
    """Write a file, and return its bytes; it has no name any more when the first is read."""
    with tempfile.TemporaryDirectory(prefix="wardwise-export-") as folder:
        path = Path(folder) / f"{rows.NAME}.{form.extension}"
        form.write(table, path)
        file = path.open("rb")
    return _read(file)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def is_office(actor: Actor) -> bool:
    """Tell whether somebody may see more than everybody does."""
    return actor.reach(Act.SEE) is not Reach.PUBLIC


def _record(wish: rows.Wish, extension: str, count: int) -> None:
    """Say who took out what: ids, codes and counts, no name and no address."""
    asked = wish.filters
    told = {
        "box": asked.box,
        "sectors": sorted(asked.sectors),
        "categories": sorted(asked.categories),
        "statuses": sorted(asked.statuses),
        "agencies": rulebook.current().topmost_agencies(asked.agencies),
        "since": asked.since and asked.since.isoformat(),
        "until": asked.until and asked.until.isoformat(),
        "exact": wish.exact,
    }
    log.info(
        "Exported %s rows as %s; role %s, user %s, asked for %s",
        count, extension, wish.actor.kind, wish.actor.user_id or "-",
        {name: value for name, value in told.items() if value},
    )  # fmt: skip
