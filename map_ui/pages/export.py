"""Taking incidents out: what, how many that is, and in which format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from incidents import coarse
from incidents.actors import actor_of
from incidents.api.exports import download
from incidents.exports import rows
from incidents.exports.delivering import MOST_FOR_ANYBODY, is_office, most_rows
from incidents.exports.formats import FORMATS, Format
from incidents.workflow import Status
from map_ui import catalogue, statuses
from map_ui.agency_choices import agency_options
from map_ui.map_filters import map_filters
from map_ui.ward_choices import ward_options

COUNTED: Final = 2_000_000
"""So far is counted before an office takes anything out."""
LISTS: Final = ("sector", "category", "status")

USES: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "csv": (
        _("For tables and programs. Columns lon and lat hold the position."),
        _("UTF-8 with a mark for Excel; what looks like a formula is preceded by an apostrophe."),
    ),
    "xlsx": (
        _("For Excel and LibreOffice, with real dates."),
        _("1,048,575 rows a sheet; what is more goes on in the next sheet."),
    ),
    "gpkg": (_("For QGIS and ArcGIS: the best choice for maps."), ""),
    "geojson": (_("For maps on the web and for programs."), _("Large files are slow to open.")),
    "geojsonl": (_("One feature a line, for programs that read line by line."), ""),
    "parquet": (
        _("For analyses: GeoPandas, DuckDB, Spark. The smallest file."),
        _("Spreadsheets cannot open it."),
    ),
    "shp.zip": (
        _("For older map software."),
        _(
            "Names of columns are cut to 10 characters, dates have no hours, at most 2 GB; a text "
            "inside tells what is called how. Better take the GeoPackage."
        ),
    ),
}
"""For what each format is good, and what it cannot do."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A format as the page shows it; ``address`` is empty where there are too many rows for it."""

    format: Format
    use: str | Promise
    limits: str | Promise
    address: str
    most: int | None


@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Show what the address asks for, how many rows that is, and every format. Raises BadFilter."""
    wish = _wish(request)
    counted = COUNTED if is_office(wish.actor) else MOST_FOR_ANYBODY
    count = rows.count(wish, counted)
    chosen = {name: _words(request, name) for name in LISTS}
    agency, ward = _joined(request, "agency"), _joined(request, "ward")
    context = {
        "chosen": chosen,
        "since": wish.filters.since,
        "until": wish.filters.until,
        "bbox": request.GET.get("bbox", ""),
        "sectors": catalogue.sectors(public_only=not is_office(wish.actor)),
        "statuses": _statuses(wish),
        "agency": agency,
        "agencies": agency_options(catalogue.language(), agency),
        "ward": ward,
        "wards": ward_options(catalogue.language(), ward),
        "count": min(count, counted),
        "more": count > counted,
        "offers": [_offer(request, wish, one, count) for one in FORMATS.values()],
        "may_be_exact": wish.actor.role not in rows.NEVER_EXACT,
        "exact": wish.exact,
        "cells_left_out": coarse.are_left_out(wish.filters),
        "fewest": coarse.FEWEST,
    }
    return render(request, "map_ui/export.html", context)


@require_GET
def file(request: HttpRequest, extension: str) -> StreamingHttpResponse:
    """Send the file. Raises BadFilter, NoSuchFormat, TooManyRows, TooManyTries, ExportsBusy."""
    return download(request, _wish(request), extension)


def _wish(request: HttpRequest) -> rows.Wish:
    exact = request.GET.get("sensitive") == "exact"
    return rows.Wish(actor_of(request.user), map_filters(request.GET), exact=exact)


def _words(request: HttpRequest, name: str) -> frozenset[str]:
    return frozenset(word for part in request.GET.getlist(name) for word in part.split(","))


def _joined(request: HttpRequest, name: str) -> str:
    return ",".join(filter(None, request.GET.getlist(name)))


def _offer(request: HttpRequest, wish: rows.Wish, one: Format, count: int) -> Offer:
    most = most_rows(wish.actor, one)
    address = reverse("pages:export_file", args=(one.extension,))
    query = request.GET.urlencode()
    fits = most is None or count <= most
    use, limits = USES[one.extension]
    return Offer(one, use, limits, (f"{address}?{query}" if query else address) * fits, most)


def _statuses(wish: rows.Wish) -> list[statuses.StatusMark]:
    nobodys = {Status.MERGED} if is_office(wish.actor) else {Status.MERGED, Status.REJECTED}
    return [mark for mark in statuses.MARKS.values() if mark.code not in nobodys]
