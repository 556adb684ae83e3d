"""The wards of today as the groups of a list to choose from."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils import timezone

from districts import city, rulebook
from districts.explanation import kind_and_name
from districts.wards_today import wards_today
from gis_core.names import folded
from map_ui.agency_choices import Choice, ChoiceGroup


def ward_options(language: str, chosen: str = "") -> list[ChoiceGroup]:
    """Return the wards in force today by kind and name; before them what is ``chosen`` besides.

    A choice is the name alone, so that typing it finds it. Several wards may be chosen, with
    commas, as a link may ask for them.
    """
    groups = list(_groups(rulebook.newest_version(), timezone.localdate(), language))
    offered = {code for _name, choices in groups for code, _ in choices}
    if chosen and chosen not in offered:
        named = ", ".join(ward_names(chosen.split(","), language))
        groups.insert(0, ("", [(chosen, named)]))
    return groups


def ward_names(codes: list[str], language: str) -> list[str]:
    """Return how wards of today are called in full; a code that none has stands for itself."""
    known = wards_today()
    wanted = [code.strip() for code in codes]
    return [
        kind_and_name(known[code].kind, known[code].name, language) if code in known else code
        for code in wanted
    ]


@lru_cache(maxsize=4)
def _groups(_version: int, _day: date, language: str) -> tuple[ChoiceGroup, ...]:
    kinds: dict[str, list[Choice]] = {}
    for code, ward in sorted(wards_today().items(), key=lambda one: folded(one[1].name)):
        kinds.setdefault(ward.kind, []).append((code, ward.name))
    spoken = city.current()
    return tuple(
        (spoken.kind_names(kind)[language].capitalize(), choices)
        for kind, choices in sorted(kinds.items(), key=lambda one: -len(one[1]))
    )
