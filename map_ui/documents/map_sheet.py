"""A map as a sheet of paper: PNG and PDF, drawn by matplotlib without a display.

Only figures and canvases of one's own are used, never pyplot, which keeps them for the process.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import override

from districts import city
from gis_core.errors import N_, DomainError
from map_ui.documents.map_document import MapDocument, check_size
from map_ui.documents.paper import Paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RESOLUTIONS: Final = (150, 300)
"""Dots per inch of a picture."""
PATIENCE_S: Final = 10.0
_drawing = threading.Lock()
"""One sheet at a time in a process: the largest picture takes 150 MB while it is drawn."""


class SheetsBusy(DomainError):
    """Others are waiting for their sheets, too."""

    code = "map.sheets_busy"
    status = 503
    message = N_("Several maps are being drawn just now. Try again in a minute.")


class NoSuchResolution(DomainError):
    """A picture is made in one of a few resolutions."""

    code = "map.no_such_resolution"
    status = 422
    message = N_("A picture has %(possible)s dots per inch, not %(dpi)s.")


def sheet_png(document: MapDocument, paper: Paper = Paper.A4_ACROSS, dpi: int = 150) -> bytes:
    """Return the sheet as a picture. Raises MapTooLarge, NoSuchResolution, SheetsBusy."""
    if dpi not in RESOLUTIONS:
        raise NoSuchResolution(dpi=dpi, possible=", ".join(map(str, RESOLUTIONS)))
    told = {"Title": document.title, "Author": "Wardwise", "Software": None}
    return _printed(document, paper, format="png", dpi=dpi, metadata=told)


def sheet_pdf(document: MapDocument, paper: Paper = Paper.A4_ACROSS) -> bytes:
    """Return the sheet as PDF, its words as text, its letters inside.

    Raises MapTooLarge, SheetsBusy.
    """
    told = {"Title": document.title, "Subject": document.about, "Author": "Wardwise"}
    return _printed(document, paper, format="pdf", metadata=told)


def _printed(document: MapDocument, paper: Paper, **how: Any) -> bytes:
    check_size(document)
    file = io.BytesIO()
    with _turn(), override(document.language):
        _drawn(document, paper).savefig(file, **how)
    return file.getvalue()


def _drawn(document: MapDocument, paper: Paper) -> Figure:
    from map_ui.documents.sheet_drawing import drawn  # noqa: PLC0415  heavy: brings matplotlib

    here = city.current()
    return drawn(document, paper, document.view() or here.extent, here.metric_srid)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one's turn to draw. Raises SheetsBusy."""
    if not _drawing.acquire(timeout=PATIENCE_S):
        raise SheetsBusy
    try:
        yield
    finally:
        _drawing.release()
