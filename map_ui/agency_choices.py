"""The agencies of today as the groups of a list to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TypedDict

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as N_  # noqa: N812  the customary name

from districts import rulebook
from districts.models import Agency
from districts.models.agency import AgencyClass
from gis_core.languages import in_language
from incidents.answers import Named

Choice = tuple[str, str | Promise]
"""A word of an address, and its name."""

ChoiceGroup = tuple[str | Promise, Sequence[Choice]]
"""Choices under a name; "" for none."""


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


def agency_options(language: str, chosen: str = "") -> list[ChoiceGroup]:
    """Return the same as choices by code; before them what is ``chosen``, where it is none of them.

    That may be an agency of before, or several with commas, as a link may ask for them.
    """
    groups: list[ChoiceGroup] = [
        (group["name"], choices_of(group["agencies"])) for group in agency_groups(language)
    ]
    offered = {code for _name, choices in groups for code, _ in choices}
    if chosen and chosen not in offered:
        groups.insert(0, ("", [(chosen, _called(chosen, language))]))
    return groups


def contractor_options(language: str, chosen: str) -> list[Choice]:
    """Return whom work is lent to as choices by code; before them ``chosen``, if it is no such."""
    groups = dict(zip(_GROUPS, agency_groups(language), strict=True))
    offered = choices_of(groups[AgencyClass.UTILITY]["agencies"])
    if chosen and chosen not in {code for code, _ in offered}:
        offered.insert(0, (chosen, _called(chosen, language)))
    return offered


def _called(codes: str, language: str) -> str:
    known = rulebook.current().agencies
    each = [code.strip() for code in codes.split(",")]
    return ", ".join(known[one].in_language(language) if one in known else one for one in each)


def choices_of(agencies: Sequence[Named]) -> list[Choice]:
    """Return agencies as choices by code."""
    return [(one.code, one.name) for one in agencies]


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
    return Named(row.code, in_language(language, row.name, row.name_en))
