"""Areas of one's own: drawn on the map, sent as a file, or picked by their wards."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.gis.geos import MultiPolygon
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_core.errors import DomainError
from gis_core.http import sentence
from incidents.actors import actor_of
from incidents.desk import kept as desk_kept
from incidents.desk import own_shapes
from incidents.desk.reach import desks
from incidents.intake.web import refuse_nul
from incidents.services.own_areas import keep_area, remove_area, tell_of_area
from map_ui import catalogue, desk_choices
from map_ui.page_setup import page_setup
from map_ui.pages.console import number

SHOWN_DEGREES = 0.00002
"""To about two metres: what is drawn on the desk's map."""


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def own_areas(request: HttpRequest) -> HttpResponse:
    """The areas, and the form that adds one; what was refused keeps what was typed."""
    told: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            area = _keep(request)
        except DomainError as error:
            told, status = {"error": sentence(error), "typed": request.POST}, error.status
        else:
            return HttpResponseRedirect(f"{reverse('pages:desk')}?area={area}")
    return _page(request, told, status)


@require_POST
@login_required
@never_cache
def change(request: HttpRequest, area_id: int) -> HttpResponse:
    """Begin or end to be told of an area, or take it away. Raises NothingKept."""
    actor = actor_of(request.user)
    if request.POST.get("what") == "remove":
        remove_area(actor, area_id)
    else:
        tell_of_area(actor, area_id, tells=request.POST.get("what") == "tell")
    return HttpResponseRedirect(reverse("pages:own_areas"))


@require_safe
@login_required
@never_cache
def shapes(request: HttpRequest) -> HttpResponse:
    """One's own areas as GeoJSON. Raises PermissionDenied."""
    features = [
        {
            "type": "Feature",
            "id": area.pk,
            "properties": {"name": area.name},
            "geometry": json.loads(area.shape.simplify(SHOWN_DEGREES, True).geojson),  # noqa: FBT003
        }
        for area in desk_kept.areas_of(desks(actor_of(request.user)))
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _keep(request: HttpRequest) -> int:
    tells = request.POST.get("tells") == "1"
    name = request.POST.get("name", "")
    refuse_nul({"name": name})
    return keep_area(desks(actor_of(request.user)), name, _shape(request), tells=tells)


def _shape(request: HttpRequest) -> MultiPolygon:
    """Return what was drawn, else the file's area, else the wards'."""
    if drawn := request.POST.get("drawn", ""):
        return own_shapes.read_shape(drawn)
    if sent := request.FILES.get("file"):
        written = sent.read(own_shapes.LARGEST_FILE + 1)
        return own_shapes.read_shape(written.decode("utf-8", errors="replace"))
    return own_shapes.shape_of_wards(number(pk) for pk in request.POST.getlist("ward"))


def _page(request: HttpRequest, told: dict[str, Any], status: int) -> HttpResponse:
    actor = desks(actor_of(request.user))
    chosen = desk_choices.choices(actor, catalogue.language())
    context = {
        "own_areas": desk_kept.areas_of(actor),
        "wards": chosen["wards"],
        "setup": {
            **page_setup("own_area"),
            "desk": {
                "areas": reverse("pages:own_area_shapes"),
                "box": desk_choices.box_of(actor),
                "title": gettext("Own areas"),
            },
        },
        **told,
    }
    return render(request, "map_ui/own_areas.html", context, status=status)
