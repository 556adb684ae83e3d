"""Reports that came in words alone and have no place yet; reads only."""

from __future__ import annotations

from django.db.models import QuerySet

from gis_core.languages import in_language
from gis_core.positions import LonLat, Position
from incidents import forward_clocks
from incidents.actors import Actor
from incidents.answers import Named, ToLocate, WaitingReport
from incidents.models import Report
from incidents.permissions import Act
from incidents.report import ReportState
from incidents.services import NO_POSITION


def waiting_for_place(actor: Actor, language: str, *, limit: int = 100) -> list[ToLocate]:
    """Return the reports whose place a person has to find: dangers first, then the oldest.

    Raises PermissionDenied.
    """
    actor.must(Act.LOCATE)
    rows = _without_place().select_related("category").prefetch_related("photos")
    return [_to_locate(one, language) for one in rows[:limit]]


def how_many(actor: Actor) -> int:
    """Return how many reports wait for this one to find their place."""
    return _without_place().count() if actor.may(Act.LOCATE) else 0


def one_waiting(report_id: int, language: str) -> ToLocate | None:
    """Return a report that waits for a place; None where it does not, or not any more."""
    rows = _without_place().select_related("category").prefetch_related("photos")
    return next((_to_locate(one, language) for one in rows.filter(pk=report_id)), None)


def not_looked_for() -> list[tuple[int, str]]:
    """Return (report, its words) of what a crash left before its words were looked at."""
    rows = _without_place().filter(state_reason=NO_POSITION)
    return [(one.pk, one.address or one.text) for one in rows]


def waiting_report(report_id: int) -> WaitingReport | None:
    """Return a report that waits and has a place; None for any other."""
    rows = Report.objects.filter(pk=report_id, state=ReportState.WAITING.value)
    one = rows.exclude(position=None).first()
    if one is None or one.position is None:
        return None
    lonlat = LonLat(one.position.x, one.position.y)
    position = Position(lonlat, one.accuracy_m, one.position_method)
    return WaitingReport(one.pk, one.category_id, position, one.reported_at)


def _without_place() -> QuerySet[Report]:
    waiting = Report.objects.filter(state=ReportState.WAITING.value, position=None)
    return waiting.order_by("-category__danger", "received_at", "id")


def _to_locate(one: Report, language: str) -> ToLocate:
    category = one.category
    name = in_language(language, category.name, category.name_en)
    return ToLocate(
        report_id=one.pk,
        category=Named(category.code, name),
        icon=category.icon,
        danger=category.danger,
        received=one.received_at,
        address=one.address,
        text=one.text,
        photos=tuple(photo.sha256 for photo in one.photos.all()),
        clock=forward_clocks.of_report(one),
    )
