"""Wards in force today as features; geometry is text from the database, never decoded."""

from __future__ import annotations

import json
from typing import Any, Final

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import QuerySet
from django.utils import timezone

from districts import city, rulebook
from districts.explanation import kind_and_name
from districts.models import Area
from incidents.ogc.pages import DIGITS, Page, within
from incidents.ogc.parameters import Asked

_COLUMNS: Final = ("code", "kind", "name", "edition__name", "edition__valid", "geometry")


def page(asked: Asked) -> Page:
    """Return a page in the order of codes; the cursor is the last code."""
    rows = _in_force().filter(within(asked.boxes, "shape"))
    if asked.cursor:
        rows = rows.filter(code__gt=asked.cursor)
    found = list(_told(rows.order_by("code"))[: asked.limit + 1])
    shown = found[: asked.limit]
    return Page([_feature(*row) for row in shown], shown[-1][0] if len(found) > asked.limit else "")


def one(feature_id: str) -> str | None:
    """Return the ward of this code."""
    if "\x00" in feature_id:
        return None
    return next((_feature(*row) for row in _told(_in_force().filter(code=feature_id))), None)


def _in_force() -> QuerySet[Area]:
    here = city.current()
    today = timezone.localdate()
    edition = rulebook.current().in_force_or_former(here.territory, here.ward_level, today)
    return Area.objects.filter(edition=edition.id) if edition else Area.objects.none()


def _told(rows: QuerySet[Area]) -> Any:  # noqa: ANN401  a query set of tuples
    return rows.annotate(geometry=AsGeoJSON("shape", precision=DIGITS)).values_list(*_COLUMNS)


def _feature(code: str, kind: str, name: str, edition: str, valid: Any, geometry: str) -> str:  # noqa: ANN401  a row
    properties = {
        "code": code,
        "name": name,
        "full_name": kind_and_name(kind, name, "vi"),
        "kind": kind,
        "edition": edition,
        "valid_from": valid.lower and valid.lower.isoformat(),
    }
    told = json.dumps(properties, ensure_ascii=False)
    number = json.dumps(code)
    return f'{{"type":"Feature","id":{number},"geometry":{geometry},"properties":{told}}}'
