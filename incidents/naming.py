"""Agencies, areas, categories and reasons by the names that a reader knows them by."""

from __future__ import annotations

from django.utils import timezone

from districts.explanation import kind_and_name
from districts.models import Agency, Area, Category, Sector
from gis_core.languages import in_language
from incidents.answers import AreaName, Named
from incidents.models import Incident


def because_of(incident: Incident, language: str) -> str:
    """Return the sentence that says why its agency has it; "" without a decision."""
    if incident.decision is None:
        return ""
    return incident.decision.because if language == "vi" else incident.decision.because_en


def area_of(area: Area | None, incident: Incident, language: str) -> AreaName | None:
    """Return an incident's ward or district; former where it was so on the day of the report."""
    if area is None:
        return None
    last = area.edition.valid.upper
    former = last is not None and last <= timezone.localdate(incident.opened_at)
    full_name = kind_and_name(area.kind, area.name, language)
    return AreaName(area.code, area.name, full_name, area.kind, former=former)


def agency_of(agency: Agency | None, language: str) -> Named | None:
    """Return an agency, None for none."""
    return named(agency, language) if agency else None


def named(row: Agency | Category | Sector, language: str) -> Named:
    """Return a row of the catalogue."""
    return Named(row.code, in_language(language, row.name, row.name_en))
