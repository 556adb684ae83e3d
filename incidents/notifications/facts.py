"""What texts may name of a report and of an incident; a dash where nothing is known."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from districts import city, rulebook
from districts.explanation import kind_and_name
from districts.models import Category
from gis_core.languages import begun, in_language, in_sentence
from gis_core.names import folded
from incidents import codes
from incidents.models import Incident, Notice, Report

UNKNOWN = "–"
A_MOMENT = timedelta(microseconds=1)


def of_report(report: Report, language: str) -> dict[str, str]:
    """Return a report's code and category."""
    return {"code": codes.shown(report.code), **_category(report.category, language)}


def of_incident(notice: Notice, language: str) -> dict[str, str]:
    """Return what a notice's incident is, where, whose, and till when; little where it has none."""
    book = rulebook.current()
    incident = _incident(notice)
    code = notice.data.get("agency") or (
        incident and book.agency_codes.get(incident.agency_id or 0)
    )
    agency = book.agencies.get(str(code))
    known = {
        **of_agency(agency.in_language(language) if agency else UNKNOWN, language),
        "due": last_day(_due(notice, incident), language),
        "promised": _written(parse_date(str(notice.data.get("promised") or "")), language),
        "place": _place(incident, language),
        "number": str(incident.pk) if incident else UNKNOWN,
    }
    return known | (_category(incident.category, language) if incident else {})


def of_agency(name: str, language: str) -> dict[str, str]:
    """Return an agency's name by itself, within a sentence, and where a sentence begins with it."""
    within = in_sentence(language, name)
    return {"agency_name": name, "agency": within, "Agency": begun(within)}


def of_waiting(notice: Notice, language: str) -> dict[str, str]:
    """Return what waits to be given to an agency: its category, and since which minute."""
    rows = Category.objects.filter(code=notice.data.get("category", ""))
    category = rows.first()
    since = parse_datetime(str(notice.data.get("since") or ""))
    told = {"since": minute(since, language), "category": UNKNOWN, "plain": UNKNOWN}
    return told | (_category(category, language) if category else {})


def minute(moment: datetime | None, language: str) -> str:
    """Return a moment to the minute on the city's clock, as people write it."""
    if moment is None:
        return UNKNOWN
    here = moment.astimezone(ZoneInfo(city.current().time_zone))
    return f"{here:%H:%M} {_written(here.date(), language)}"


def last_day(end: datetime | None, language: str) -> str:
    """Return the last day before a moment on the city's clock, as people write it.

    A limit of working days ends at midnight: with the day before.
    """
    zone = ZoneInfo(city.current().time_zone)
    return _written(timezone.localdate(end - A_MOMENT, zone) if end else None, language)


def _written(on: date | None, language: str) -> str:
    if on is None:
        return UNKNOWN
    return f"{on:%d/%m/%Y}" if language == "vi" else f"{on.day} {on:%B %Y}"


def _incident(notice: Notice) -> Incident | None:
    """The incident without its ward's thousands of vertices."""
    found = Incident.objects.select_related("category", "ward").filter(pk=notice.incident_id or 0)
    return found.defer("ward__shape", "ward__label_point").first()


def _category(category: Category, language: str) -> dict[str, str]:
    name = in_language(language, category.name, category.name_en)
    return {"category": name, "plain": folded(name)}


def _place(incident: Incident | None, language: str) -> str:
    ward = incident.ward if incident else None
    return kind_and_name(ward.kind, ward.name, language) if ward else UNKNOWN


def _due(notice: Notice, incident: Incident | None) -> datetime | None:
    said = parse_datetime(str(notice.data.get("due") or ""))
    return said or (incident.due_at if incident else None)
