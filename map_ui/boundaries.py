"""What the pages say about the boundaries in force, and the wards that people can look for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.gis.db.models.functions import Envelope
from django.utils import timezone

from districts import city, rulebook
from districts.models import Area, Edition

APPROXIMATE = "-approximate"


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The ward edition in force, as a page speaks of it."""

    id: int
    name: str
    approximate: bool
    attribution: str

    @property
    def replaced_by(self) -> str:
        """The edition whose real boundaries stand in for these."""
        return self.name.removesuffix(APPROXIMATE)


def in_force() -> Boundaries | None:
    """Return the ward edition in force today; None where the database holds none."""
    here = city.current()
    edition = rulebook.current().in_force(here.territory, here.ward_level, timezone.localdate())
    if edition is None:
        return None
    attribution = Edition.objects.values_list("attribution", flat=True).get(pk=edition.id)
    return Boundaries(edition.id, edition.name, edition.approximate, attribution)


def places() -> list[dict[str, Any]]:
    """Return the wards in force: ``label``, its ``lon`` and ``lat``, ``box`` in degrees."""
    edition = in_force()
    return _wards(edition.id, rulebook.newest_version()) if edition else []


@lru_cache(maxsize=2)
def _wards(edition_id: int, _version: int) -> list[dict[str, Any]]:
    areas = Area.objects.filter(edition=edition_id).defer("shape").annotate(box=Envelope("shape"))
    return [
        {
            "label": str(area),
            "lon": round(area.label_point.x, 6),
            "lat": round(area.label_point.y, 6),
            "box": [round(degrees, 5) for degrees in area.box.extent],
        }
        for area in areas
    ]
