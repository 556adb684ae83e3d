"""What an office that takes a call is told may be known already, while it types."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from districts import rulebook
from districts.placement import read_lonlat
from gis_core.http import BadRequest
from gis_core.positions import Position
from incidents.actors import actor_of
from incidents.dossier.reading import office_sees
from incidents.duplicates import wording
from incidents.duplicates.candidates import candidates
from incidents.duplicates.likeness import Case
from incidents.errors import PermissionDenied
from incidents.permissions import Act, Reach

MOST_WORDS = 4000


@require_safe
@login_required
@never_cache
def similar(request: HttpRequest) -> JsonResponse:
    """What may be the same, as the API tells it, and besides what only offices see.

    Raises PermissionDenied, BadRequest, UnknownCategory, and what is wrong with a position.
    """
    actor, asked = actor_of(request.user), request.GET
    if actor.reach(Act.MERGE) is Reach.NONE:
        raise PermissionDenied
    try:
        lon, lat, accuracy = (float(asked.get(name, "")) for name in ("lon", "lat", "accuracy"))
    except ValueError:
        raise BadRequest from None
    position = Position(read_lonlat(lon, lat), accuracy)
    category = rulebook.current().category(asked.get("category", ""))
    case = Case(
        id="",
        category=category.code,
        lonlat=position.lonlat,
        accuracy_m=position.accuracy_m,
        opened=timezone.now(),
        words=wording.words(asked.get("text", "")[:MOST_WORDS]),
    )
    found = candidates(case, actor=actor)
    ours = office_sees(actor).filter(pk__in=[one.incident_id for one in found])
    office = set(ours.values_list("pk", flat=True))
    return JsonResponse({"incidents": [
        {
            "id": one.incident_id,
            "category": one.category,
            "status": one.status,
            "distance_m": one.distance_m,
            "since": one.opened.isoformat(),
            "position": {"lon": round(one.lonlat.lon, 6), "lat": round(one.lonlat.lat, 6)},
            "office": one.incident_id in office,
        }
        for one in found
    ]})  # fmt: skip
