"""Documents as files to download."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpResponse

from gis_core.http import NoSuchPage
from map_ui.documents.document import Document


def _pdf(document: Document) -> bytes:
    from map_ui.documents.pdf import pdf  # noqa: PLC0415  heavy: what sets the type

    return pdf(document)


def _xlsx(document: Document) -> bytes:
    from map_ui.documents.workbook import xlsx  # noqa: PLC0415  heavy: what writes workbooks

    return xlsx(document)


TYPES: Final = {
    "pdf": ("application/pdf", _pdf),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
}


def files(address_of: Callable[[str], str]) -> dict[str, str]:
    """Return the address of each form of a file."""
    return {form: address_of(form) for form in TYPES}


def file(document: Document, form: str, name: str) -> HttpResponse:
    """Return a document as a file of a form. Raises NoSuchPage."""
    if form not in TYPES:
        raise NoSuchPage
    kind, write = TYPES[form]
    response = HttpResponse(write(document), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
