"""Placements again, from what a decision kept of them (``incidents.evidence``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from districts.models import Area, ServiceArea
from districts.territory import (
    AreaRef,
    AssetRef,
    How,
    Placement,
    ServiceAreaRef,
    Share,
    Surroundings,
)
from gis_core.positions import LonLat, Position


@dataclass(frozen=True, slots=True)
class Memory:
    """Every area and service area that a decision can have kept the id of, superseded ones too."""

    areas: Mapping[int, AreaRef]
    service_areas: Mapping[int, ServiceAreaRef]

    @classmethod
    def read(cls) -> Memory:
        """Return all that the database has."""
        areas = Area.objects.select_related("edition", "committee").defer("shape", "label_point")
        networks = ServiceArea.objects.values_list("pk", "agency__code", "name", "categories")
        return cls(
            {row.pk: row.ref() for row in areas},
            {pk: ServiceAreaRef(pk, code, name, frozenset(of)) for pk, code, name, of in networks},
        )

    def placement(self, on: date, shares: list[dict[str, Any]]) -> Placement | None:
        """Return a placement that routing decides as it decided then, its point unknown.

        None where something it names is no longer there.
        """
        try:
            parts = tuple(Share(one["share"], self._surroundings(one)) for one in shares)
        except KeyError:
            return None
        nowhere = Position(LonLat(0.0, 0.0))
        return Placement(nowhere, on, parts[0].surroundings, How.INSIDE, None, parts, 0)

    def _surroundings(self, kept: Mapping[str, Any]) -> Surroundings:
        return Surroundings(
            ward=self._area(kept["ward"]),
            district=self._area(kept["district"]),
            assets=tuple(
                AssetRef(one["id"], one["kind"], one["code"], "", one["owner"], one["maintainer"])
                for one in kept["assets"]
            ),
            service_areas=tuple(self.service_areas[one["id"]] for one in kept["service_areas"]),
        )

    def _area(self, kept: Mapping[str, Any] | None) -> AreaRef | None:
        return self.areas[kept["id"]] if kept else None
