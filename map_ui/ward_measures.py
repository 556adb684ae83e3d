"""By what wards can be compared: how many there are, for each km², for each kilometre of street."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from districts.ward_sizes import ward_sizes
from incidents.analyses import street_km

COUNT, AREA, STREET = "count", "area", "street"
UNITS: Final[Mapping[str, str | Promise]] = {
    COUNT: _("incidents"),
    AREA: _("incidents per km²"),
    STREET: _("incidents per km of street"),
}


def offered() -> tuple[str, ...]:
    """Return the measures that can be had: that by streets once their lengths are known."""
    return (COUNT, AREA, STREET) if street_km.kept() else (COUNT, AREA)


def measured(counts: Mapping[str, int], measure: str) -> dict[str, float]:
    """Return the value of each ward by its code; without those whose measure is not known."""
    sizes = ward_sizes()
    if measure == COUNT:
        return {code: counts.get(code, 0) for code in sorted(sizes)}
    by = sizes if measure == AREA else street_km.kept()
    return {code: counts.get(code, 0) / by[code] for code in sorted(by)}


def places(measure: str) -> int:
    """Return to how many decimals values are told: one incident in 100 km is not none."""
    return 0 if measure == COUNT else 2
