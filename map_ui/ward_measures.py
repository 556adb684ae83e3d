"""By what wards can be compared: incidents, for each km², kilometre of street, 1,000 residents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.residents import LEAST_TOLD, residents
from districts.ward_sizes import ward_sizes
from incidents.analyses import street_km
from map_ui.resident_words import residents_told

COUNT, AREA, STREET, RESIDENT = "count", "area", "street", "resident"
UNITS: Final[Mapping[str, str | Promise]] = {
    COUNT: _("incidents"),
    AREA: _("incidents per km²"),
    STREET: _("incidents per km of street"),
    RESIDENT: _("incidents per 1,000 residents"),
}


def offered() -> tuple[str, ...]:
    """Return the measures that can be had: by streets and residents once these are known."""
    return (COUNT, AREA, *(measure for measure in (STREET, RESIDENT) if _sizes(measure)))


def measured(counts: Mapping[str, int], measure: str) -> dict[str, float]:
    """Return the value of each ward by its code; without those whose measure is not known."""
    if measure == COUNT:
        return {code: counts.get(code, 0) for code in sorted(ward_sizes())}
    by = _sizes(measure)
    return {code: counts.get(code, 0) / by[code] for code in sorted(by)}


def not_known(measure: str) -> list[str]:
    """Return the codes of the wards that ``measured`` leaves out."""
    return [] if measure == COUNT else sorted(ward_sizes().keys() - _sizes(measure).keys())


def places(measure: str) -> int:
    """Return to how many decimals values are told: one incident in 100 km is not none."""
    return 0 if measure == COUNT else 2


def notes(measure: str) -> tuple[str, ...]:
    """Return what a reader of these values must know, in sentences."""
    if measure == STREET:
        return (gettext("Nothing is told of wards with less than 1 km of known street."),)
    if measure != RESIDENT:
        return ()
    few = gettext("Nothing is told of wards with fewer than %(least)s residents.")
    return residents_told(), few % {"least": LEAST_TOLD}


def _sizes(measure: str) -> Mapping[str, float]:
    if measure == AREA:
        return ward_sizes()
    if measure == STREET:
        return street_km.kept()
    return {code: many / 1000 for code, many in residents().items() if many >= LEAST_TOLD}
