"""The columns as every process reads them: mapped once, then a look at one header a question."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from incidents.columns import image
from incidents.columns.delta import FILE, Delta
from incidents.columns.folder import home
from incidents.columns.image import Image
from incidents.columns.rows import Columns

SILENT_S: Final = 5.0
"""What nobody has kept up for so long is not read."""
LOOK_AGAIN_S: Final = 0.25
"""Where there is nothing to read, the folder is looked at no more often than this."""


class View:
    """An image and its delta, mapped; the same for all threads."""

    def __init__(self, base: Image, delta: Delta) -> None:
        self.base, self.delta = base, delta
        self._seen = self._columns(len(delta))

    def columns(self) -> Columns:
        """Return all that is written by now."""
        count, seen = len(self.delta), self._seen
        if len(seen.delta) != count:
            self._seen = seen = self._columns(count)
        return seen

    def _columns(self, count: int) -> Columns:
        rows, weight = self.delta.seen(count)
        revision = f"{self.base.name.removeprefix(image.PREFIX)}-{count}"
        return Columns(self.base.rows, rows, weight, self.base.facts.words, revision)


@dataclass(slots=True)
class _Kept:
    """What this process has open, of which folder, and when it looked at that last."""

    home: Path
    view: View | None
    looked_at: float


_kept: _Kept | None = None
_lock = threading.Lock()


def current() -> Columns | None:
    """Return the columns as they stand.

    None where there are none, or nobody has kept them up for ``SILENT_S``: ask PostGIS then.
    """
    kept, here = _kept, home()
    if kept is None or kept.home != here or not _is_kept_up(kept.view):
        kept = _looked_again(here)
    return kept.view.columns() if kept.view and _is_kept_up(kept.view) else None


def open_view(where: Path) -> View | None:
    """Open the current image of a folder, kept up or not; None where there is none."""
    base = image.current(where)
    if base is None:
        return None
    try:
        return View(base, Delta(base.folder / FILE))
    except (FileNotFoundError, ValueError):
        return None


def _is_kept_up(view: View | None) -> bool:
    return view is not None and view.delta.silent_s() <= SILENT_S


def _looked_again(here: Path) -> _Kept:
    global _kept  # noqa: PLW0603  one view a process, replaced whole
    with _lock:
        kept = _kept
        due = kept is None or kept.home != here
        if kept is None or due or time.monotonic() - kept.looked_at >= LOOK_AGAIN_S:
            kept = _kept = _Kept(here, open_view(here), time.monotonic())
        return kept
