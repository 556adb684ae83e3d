"""Assets of today as features: of the kinds that the city's file opens to everybody, no others.

Nothing about an asset itself says whether everybody may see it. Who owns or maintains it is not
told.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import QuerySet
from django.utils import timezone

from districts import city
from districts.models import Asset
from incidents.ogc.errors import BadParameter
from incidents.ogc.pages import DIGITS, LARGEST_ID, Page, within
from incidents.ogc.parameters import Asked


def are_there() -> bool:
    """Tell whether the city opens any."""
    return bool(city.current().public_assets)


def page(asked: Asked) -> Page:
    """Return a page in the order of their numbers; the cursor is the last. Raises BadParameter."""
    rows = _open().filter(within(asked.boxes, "shape"))
    if kinds := asked.words.get("kind"):
        rows = rows.filter(kind__in=kinds)
    if asked.cursor:
        rows = rows.filter(pk__gt=_number(asked.cursor))
    found = list(_told(rows.order_by("pk"))[: asked.limit + 1])
    shown = found[: asked.limit]
    more = len(found) > asked.limit
    return Page([_feature(*row) for row in shown], str(shown[-1][0]) if more else "")


def one(feature_id: str) -> str | None:
    """Return the asset of this number, None where nobody may see it."""
    if not _is_number(feature_id):
        return None
    return next((_feature(*row) for row in _told(_open().filter(pk=int(feature_id)))), None)


def queryables() -> Mapping[str, Collection[str]]:
    """Return the kinds to filter by."""
    return {"kind": city.current().public_assets}


def _open() -> QuerySet[Asset]:
    return Asset.objects.filter(
        superseded_at=None,
        valid__contains=timezone.localdate(),
        kind__in=city.current().public_assets,
    )


def _number(cursor: str) -> int:
    if not _is_number(cursor):
        possible = "the link to the next page"
        raise BadParameter(parameter="cursor", value=cursor[:60], possible=possible)
    return int(cursor)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) <= LARGEST_ID


def _told(rows: QuerySet[Asset]) -> Any:  # noqa: ANN401  a query set of tuples
    written = rows.annotate(geometry=AsGeoJSON("shape", precision=DIGITS))
    return written.values_list("pk", "kind", "code", "name", "geometry")


def _feature(pk: int, kind: str, code: str, name: str, geometry: str) -> str:
    told = json.dumps({"kind": kind, "code": code, "name": name}, ensure_ascii=False)
    return f'{{"type":"Feature","id":{pk},"geometry":{geometry},"properties":{told}}}'
