"""The wards in force today, by code and by the name that people write."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from districts import city, rulebook
from districts.explanation import area_name
from districts.territory import AreaRef
from gis_core.errors import N_, DomainError
from gis_core.names import folded


class WardNotFound(DomainError):
    """No ward in force has this code."""

    code = "ward.not_found"
    status = 404
    message = N_("There is no ward %(ward)s today. Choose one from the list.")


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward in force: its row, its code, and its name in a language."""

    id: int
    code: str
    name: str


def wards(language: str) -> list[Ward]:
    """Return the wards in force today, by name; none where no edition is."""
    found = [Ward(ref.id, ref.code, area_name(ref, language)) for ref in _in_force()]
    return sorted(found, key=lambda ward: (folded(ward.name), ward.code))


def ward(code: str, language: str) -> Ward:
    """Return the ward of this code. Raises WardNotFound."""
    for one in wards(language):
        if one.code == code:
            return one
    raise WardNotFound(ward=code[:40])


def ward_named(typed: str, language: str) -> Ward | None:
    """Return the one ward of this name, with its kind or without, marks or not; else None.

    In any of the city's languages, whichever the page speaks.
    """
    asked = folded(typed)
    found = [ref for ref in _in_force() if asked and asked in _names(ref)]
    if len(found) != 1:
        return None
    return Ward(found[0].id, found[0].code, area_name(found[0], language))


def _names(ref: AreaRef) -> set[str]:
    whole = {folded(area_name(ref, spoken)) for spoken in city.current().languages}
    return whole | {folded(ref.name), ref.code}


def _in_force() -> list[AreaRef]:
    here, book = city.current(), rulebook.current()
    edition = book.in_force(here.territory, here.ward_level, timezone.localdate())
    return [ref for of, ref in book.areas.values() if edition and of == edition.id]
