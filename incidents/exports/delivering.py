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
    length: int | None
    """Bytes; None where they are sent while they are written."""


class Sending:
    """Bytes of a file, and what is done when they are through or nobody wants them any more.

    What breaks off ends in ``broken``, for web servers end an answer of unknown length as if all
    had been well. Without it the error is raised: readers who know the length find less.
    """

    def __init__(
        self, pieces: Iterator[bytes], done: Callable[[], None], broken: bytes = b""
    ) -> None:
        self._pieces, self._done, self._broken = pieces, done, broken
        self._open = True
        self._until = time.monotonic() + LONGEST_S

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self._open:
            raise StopIteration
        try:
            self._check_time()
            return next(self._pieces)
        except StopIteration:
            self.close()
            raise
        except Exception:
            self.close()
            if not self._broken:
                raise
            log.exception("An export broke off")
            return self._broken

    def _check_time(self) -> None:
        if time.monotonic() > self._until:
            raise TimeoutError

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
        pieces, length = _begun(form, counted.table)
    except BaseException:
        counted.close()
        _free.release()
        raise
    name = f"wardwise-{rows.NAME}-{timezone.localdate():%Y%m%d}.{extension}"

    def done() -> None:
        counted.close()
        _free.release()
        _record(wish, extension, counted.rows)

    sending = Sending(pieces, done, form.broken if form.streams else b"")
    return Delivery(name, form.media_type, sending, length)


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


def _begun(form: Format, table: Table) -> tuple[Iterator[bytes], int | None]:
    """Return a file's bytes and how many they are, where that is known before they are sent.

    It is written first where the format asks for it, and has no name any more when it is read.
    """
    if form.streams:
        return form.pieces(table), None
    with tempfile.TemporaryDirectory(prefix="wardwise-export-") as folder:
        path = Path(folder) / f"{rows.NAME}.{form.extension}"
        form.write(table, path)
        return _read(path.open("rb")), path.stat().st_size


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
        "wards": sorted(asked.wards),
        "since": asked.since and asked.since.isoformat(),
        "until": asked.until and asked.until.isoformat(),
        "exact": wish.exact,
    }
    log.info(
        "Exported %s rows as %s; role %s, user %s, asked for %s",
        count, extension, wish.actor.kind, wish.actor.user_id or "-",
        {name: value for name, value in told.items() if value},
    )  # fmt: skip
