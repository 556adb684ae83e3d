"""What a pin would lead to."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from districts.explanation import area_name
from districts.placement import read_lonlat
from districts.territory import AreaRef
from gis_core import languages
from gis_core.positions import Position
from incidents import pipeline
from incidents.answers import AreaName
from incidents.api import schemas

router = Router(tags=["position"])


@router.get(
    "/preview",
    response=schemas.Preview,
    openapi_extra=schemas.described(422, 503),
    summary="Ward, agency and why, of a position",
)
def preview(
    request: HttpRequest,
    lon: Annotated[float, Query(examples=[106.7004])],
    lat: Annotated[float, Query(examples=[10.7769])],
    accuracy: Annotated[float, Query(description="Radius in metres")] = 0,
    category: Annotated[str | None, Query(examples=["pothole"])] = None,
) -> dict[str, Any]:
    """Say what a report at this position would lead to; nothing is stored."""
    position = Position(read_lonlat(lon, lat), accuracy)
    return answer(pipeline.preview(position, category or None, timezone.now()), languages.active())


def answer(found: pipeline.Preview, lang: str) -> dict[str, Any]:
    """Return a preview as the API tells it."""
    place, here = found.placement, found.placement.here
    edition = here.ward and {"name": here.ward.edition, "approximate": here.ward.approximate}
    return {
        "ward": _area(here.ward, lang),
        "district": _area(here.district, lang),
        "how": str(place.how),
        "margin_m": None if place.margin_m is None else round(place.margin_m, 1),
        "edition": edition,
        "assets": [{"kind": one.kind, "name": one.name} for one in here.assets],
        **_choice(found, lang),
    }


def _choice(found: pipeline.Preview, lang: str) -> dict[str, Any]:
    decision, why, book = found.decision, found.explanation, found.rulebook
    if decision is None or why is None:
        return {}
    names = {one.agency: book.agency(one.agency).in_language(lang) for one in decision.candidates}
    return {
        "agency": {"code": decision.agency, "name": names[decision.agency]},
        "because": why.because[lang],
        "certainty": round(decision.certainty, 4),
        "needs_triage": decision.needs_triage,
        "question": why.question.get(lang, ""),
        "candidates": [
            {"agency": one.agency, "name": names[one.agency], "share": round(one.share, 4)}
            for one in decision.candidates
        ],
    }


def _area(area: AreaRef | None, lang: str) -> AreaName | None:
    if area is None:
        return None
    return AreaName(area.code, area.name, area_name(area, lang), area.kind, former=area.former)
