"""The agencies of today as the groups of a list to choose from."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TypedDict

from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as N_  # noqa: N812  the customary name

from districts import rulebook
from districts.models import Agency
from districts.models.agency import AgencyClass
from incidents.answers import Named


class AgencyGroup(TypedDict):
    """Agencies of one class."""

    name: str
    agencies: list[Named]


_GROUPS = {
    AgencyClass.DEPARTMENT: N_("Departments"),
    AgencyClass.COMMITTEE: N_("Committees of wards and communes"),
    AgencyClass.UTILITY: N_("Utilities and contractors"),
}


def agency_groups(language: str) -> list[AgencyGroup]:
    """Return the agencies that exist today, by class and name."""
    return _groups(rulebook.newest_version(), timezone.localdate(), language)


@lru_cache(maxsize=4)
def _groups(_version: int, day: date, language: str) -> list[AgencyGroup]:
    rows = list(Agency.objects.filter(valid__contains=day).order_by("name"))
    with override(language):
        return [
            AgencyGroup(
                name=gettext(name),
                agencies=[_named(one, language) for one in rows if one.agency_class == kind],
            )
            for kind, name in _GROUPS.items()
        ]


def _named(row: Agency, language: str) -> Named:
    return Named(row.code, row.name if language == "vi" else row.name_en or row.name)
