"""What a posted form of an incident's page does: read it, then one verb of the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Final

from django.http import HttpRequest, QueryDict

from districts import city
from districts.placement import read_lonlat
from gis_core.positions import Position
from incidents import pipeline, services
from incidents.actors import Actor
from incidents.intake.web import read_photos, refuse_nul
from incidents.permissions import Act
from incidents.said import CheckIn, Part, Said
from incidents.work_errors import BadPromise
from incidents.workflow import Step
from map_ui.case_forms import PARTS
from map_ui.pages.console import number
from map_ui.pages.report import read_pair

DAYS: Final = 14
"""How long a contractor's link is good for, where the form says nothing."""
LONGEST_PROMISE: Final = 365


def do(actor: Actor, incident_id: int, act: Act, request: HttpRequest) -> str:
    """Do what a form asks for; return a new contractor's token, "" for everything else.

    Raises whatever the services raise, and what cannot be read.
    """
    refuse_nul(request.POST.dict())
    return _VERBS.get(act, partial(_take, act))(actor, incident_id, request)


def said_in(request: HttpRequest) -> Said:
    """Return what a form says. Raises what is wrong with a photo, a position or a day."""
    said = request.POST
    return Said(
        reason=said.get("reason", ""),
        words=said.get("words", ""),
        version=number(said.get("version")),
        photos=read_photos([one.read() for one in request.FILES.getlist("photos") if one.size]),
        check_in=_check_in(said),
        promised=_day(said.get("promised", "")),
    )


def _check_in(said: QueryDict) -> CheckIn | None:
    lat, lon, accuracy = (said.get(f"here_{name}", "") for name in ("lat", "lon", "accuracy"))
    if not (lat and lon):
        return None
    lat_, lon_ = read_pair(lat, lon)
    return CheckIn(read_lonlat(lon_, lat_), float(accuracy) if _is_number(accuracy) else 0.0)


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 12


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise BadPromise(most=LONGEST_PROMISE) from None


def _take(act: Act, actor: Actor, incident_id: int, request: HttpRequest) -> str:
    services.take(actor, incident_id, Step(act.value), said_in(request))
    return ""


def _decline(actor: Actor, incident_id: int, request: HttpRequest) -> str:
    pipeline.decline(actor, incident_id, said_in(request))
    return ""


def _assign(actor: Actor, incident_id: int, request: HttpRequest) -> str:
    said = said_in(request)
    services.assign(actor, incident_id, request.POST.get("agency", ""), said.words, said.version)
    return ""


def _promise(actor: Actor, incident_id: int, request: HttpRequest) -> str:
    services.promise(actor, incident_id, said_in(request))
    return ""


def _split(actor: Actor, incident_id: int, request: HttpRequest) -> str:
    services.split(actor, incident_id, _parts(request.POST), said_in(request))
    return ""


def _parts(said: QueryDict) -> list[Part]:
    rows = [
        [said.get(f"{name}_{row}", "") for name in ("part_agency", "part_category", "part_words")]
        for row in range(1, PARTS + 1)
    ]
    return [Part(agency, category, words) for agency, category, words in rows if agency]


def _delegate(actor: Actor, incident_id: int, request: HttpRequest) -> str:
    said = request.POST
    days, version = number(said.get("days")) or DAYS, number(said.get("version"))
    return services.delegate(
        actor, incident_id, said.get("agency", ""), said.get("words", ""), days, version
    )


def _move(actor: Actor, incident_id: int, request: HttpRequest) -> str:
    said = request.POST
    agreed = said.get("agreed") or None
    pipeline.change(actor, incident_id, said_in(request), position=read_pin(said), agency=agreed)
    return ""


def read_pin(said: QueryDict) -> Position:
    """Return where a form puts the pin: from the map with its accuracy, or typed."""
    lat, lon = read_pair(said.get("lat", ""), said.get("lon", ""))
    accuracy = said.get("accuracy", "")
    typed = city.current().accuracy_m["typed"]
    return Position(read_lonlat(lon, lat), float(accuracy) if _is_number(accuracy) else typed)


def _recategorise(actor: Actor, incident_id: int, request: HttpRequest) -> str:
    said = request.POST
    pipeline.change(
        actor,
        incident_id,
        said_in(request),
        category=said.get("category", ""),
        agency=said.get("agreed") or None,
    )
    return ""


def _note(actor: Actor, incident_id: int, request: HttpRequest) -> str:
    services.add_note(actor, incident_id, request.POST.get("words", ""))
    return ""


_VERBS: Final[Mapping[Act, Callable[[Actor, int, HttpRequest], str]]] = {
    Act.DECLINE: _decline,
    Act.ASSIGN: _assign,
    Act.PROMISE: _promise,
    Act.SPLIT: _split,
    Act.DELEGATE: _delegate,
    Act.MOVE: _move,
    Act.RECATEGORISE: _recategorise,
    Act.NOTE: _note,
}
