"""The wards in force today, by code and by the name that people write."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from districts import city, rulebook
from districts.explanation import area_name
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
    here, book = city.current(), rulebook.current()
    edition = book.in_force(here.territory, here.ward_level, timezone.localdate())
    found = [
        Ward(pk, ref.code, area_name(ref, language))
        for pk, (of, ref) in book.areas.items()
        if edition and of == edition.id
    ]
    return sorted(found, key=lambda ward: (folded(ward.name), ward.code))


def ward(code: str, language: str) -> Ward:
    """Return the ward of this code. Raises WardNotFound."""
    for one in wards(language):
        if one.code == code:
            return one
    raise WardNotFound(ward=code[:40])


def ward_named(typed: str, language: str) -> Ward | None:
    """Return the one ward of this name, with its kind or without, marks or not; else None."""
    asked = folded(typed)
    found = [one for one in wards(language) if asked and asked in _names(one)]
    return found[0] if len(found) == 1 else None


def _names(ward: Ward) -> set[str]:
    whole = folded(ward.name)
    return {whole, whole.partition(" ")[2], ward.code}
