"""The public map as a file: HTML that opens without a network, and sheets as PNG and PDF."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core.http import NoSuchPage
from incidents.actors import actor_of
from incidents.api.asker import address
from incidents.errors import BadFilter
from incidents.exports.delivering import is_office
from incidents.services.tries import Trying, count_try
from map_ui import public_map_document, ward_measures
from map_ui.documents.folium_map import folium_html
from map_ui.documents.map_document import MapDocument
from map_ui.documents.map_sheet import RESOLUTIONS, sheet_pdf, sheet_png
from map_ui.documents.paper import Paper
from map_ui.map_filters import map_filters
from map_ui.public_map_document import BY_WARD, HEAT, LAYERS

FORMS: Final = {"html": "text/html; charset=utf-8", "png": "image/png", "pdf": "application/pdf"}
PAPERS: Final = {paper.name.lower().replace("_", "-"): paper for paper in Paper}


@never_cache
@require_safe
def map_file(request: HttpRequest, form: str) -> HttpResponse:
    """Give what everybody sees on the map, whoever asks, as ``html``, ``png`` or ``pdf``.

    Raises BadFilter, BadBox, MapTooLarge, TooManyTries, SheetsBusy, NoSuchPage.
    """
    if form not in FORMS:
        raise NoSuchPage
    if not is_office(actor_of(request.user)):
        count_try(Trying.EXPORT, address(request))
    filters, layers = map_filters(request.GET), _words(request.GET, "layers")
    shown = [one for one in LAYERS if one in layers] or [HEAT]
    document = public_map_document.document(
        filters,
        shown if form == "html" else _printed(shown),
        measure=_one_of(request.GET, "measure", list(ward_measures.offered())),
    )
    name = f"wardwise-map-{timezone.localdate():%Y-%m-%d}"
    return sent(written(document, form, request.GET), form, name)


def written(document: MapDocument, form: str, asked: QueryDict) -> str | bytes:
    """Return a map as a file; sheets on the ``paper`` and with the ``dpi`` asked for.

    Raises NoSuchPage, BadFilter, MapTooLarge, SheetsBusy.
    """
    if form == "html":
        return folium_html(document)
    paper = PAPERS[_one_of(asked, "paper", list(PAPERS))]
    if form == "pdf":
        return sheet_pdf(document, paper)
    if form != "png":
        raise NoSuchPage
    dpi = int(_one_of(asked, "dpi", [str(one) for one in RESOLUTIONS]))
    return sheet_png(document, paper, dpi)


def sent(file: str | bytes, form: str, name: str) -> HttpResponse:
    """Return a file to download."""
    response = HttpResponse(file, content_type=FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _printed(layers: list[str]) -> list[str]:
    """On paper one lies over the other: wards hide cells, and dots stand over either."""
    ground = BY_WARD if BY_WARD in layers else HEAT
    return [ground] if ground in layers else layers


def _words(asked: QueryDict, field: str) -> list[str]:
    return [word for part in asked.getlist(field) for word in part.split(",")]


def _one_of(asked: QueryDict, field: str, possible: list[str]) -> str:
    """Return a word of the query, the first one possible where nothing is said."""
    said = asked.get(field) or possible[0]
    if said not in possible:
        raise BadFilter(field=field, value=said[:60], possible=", ".join(possible))
    return said
