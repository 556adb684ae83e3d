"""Incidents as GeoJSON, a page at a time; geometry is text from the database, never decoded."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import Polygon
from django.db.models import Q, QuerySet

from districts import rulebook
from districts.explanation import kind_and_name
from districts.wards_today import in_wards
from gis_core.languages import in_language
from incidents.actors import Actor
from incidents.errors import BadCursor
from incidents.filters import Filters
from incidents.models import Incident
from incidents.selectors import visible_to

MOST = 1000
DEGREE_DIGITS = 6
"""A tenth of a metre."""

COLUMNS = (
    "id", "opened_at", "geometry", "category_id", "category__sector_id", "status", "agency__code",
    "agency__name", "agency__name_en", "ward__code", "ward__name", "ward__kind", "report_count",
    "needs_triage",
)  # fmt: skip

Cursor = tuple[datetime, int]


def filtered(rows: QuerySet[Incident], filters: Filters) -> QuerySet[Incident]:
    """Return those of ``rows`` that the filters ask for; points on the box's edge are in it."""
    wanted = Q()
    if filters.box:
        wanted &= Q(position__intersects=Polygon.from_bbox(filters.box))
    if filters.sectors:
        wanted &= Q(category__sector__in=filters.sectors)
    if filters.categories:
        wanted &= Q(category__in=filters.categories)
    if filters.statuses:
        wanted &= Q(status__in=filters.statuses)
    if filters.agencies:
        codes = rulebook.current().agency_codes
        wanted &= Q(agency__in=[pk for pk, code in codes.items() if code in filters.agencies])
    if since := filters.opened_from():
        wanted &= Q(opened_at__gte=since)
    if before := filters.opened_before():
        wanted &= Q(opened_at__lt=before)
    found = rows.filter(wanted)
    return in_wards(found, filters.wards) if filters.wards else found


def collection(
    actor: Actor, filters: Filters, *, limit: int, cursor: str | None, language: str
) -> bytes:
    """Return a FeatureCollection of what ``actor`` may see, newest first, by (opened, id).

    ``next`` is the cursor of the following page, null on the last one. Raises BadCursor.
    """
    rows = filtered(visible_to(actor), filters)
    if cursor:
        opened, last = read_cursor(cursor)
        rows = rows.filter(Q(opened_at__lt=opened) | Q(opened_at=opened, id__lt=last))
    rows = rows.annotate(geometry=AsGeoJSON("position", precision=DEGREE_DIGITS))
    page = list(rows.order_by("-opened_at", "-id").values_list(*COLUMNS)[: limit + 1])
    shown = page[:limit]
    following = write_cursor(shown[-1][1], shown[-1][0]) if len(page) > limit else None
    features = ",".join(_feature(row, language) for row in shown)
    return (
        f'{{"type":"FeatureCollection","features":[{features}],"next":{json.dumps(following)}}}'
    ).encode()


def _feature(row: Sequence[Any], language: str) -> str:
    (pk, opened, geometry, category, sector, status, agency, name, name_en, ward, ward_name,
     kind, reports, triage) = row  # fmt: skip
    properties = {
        "id": pk,
        "category": category,
        "sector": sector,
        "status": status,
        "agency": agency,
        "agency_name": in_language(language, name, name_en),
        "ward": ward,
        "ward_name": kind_and_name(kind, ward_name, language) if ward else None,
        "opened": opened.isoformat(),
        "report_count": reports,
        "needs_triage": triage,
    }
    written = json.dumps(properties, ensure_ascii=False)
    return f'{{"type":"Feature","id":{pk},"geometry":{geometry},"properties":{written}}}'


def write_cursor(opened: datetime, pk: int) -> str:
    """Return the place in the order as an opaque word."""
    return base64.urlsafe_b64encode(f"{opened.isoformat()}|{pk}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Cursor:
    """Return the place that ``write_cursor`` wrote. Raises BadCursor."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        opened, pk = base64.urlsafe_b64decode(padded).decode().split("|")
        moment, number = datetime.fromisoformat(opened), int(pk)
    except ValueError:
        raise BadCursor from None
    if moment.tzinfo is None or not 0 <= number < 1 << 63:
        raise BadCursor
    return moment, number
