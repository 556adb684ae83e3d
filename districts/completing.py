"""Areas that a source draws too small, completed from the areas of another edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import shapely
from shapely.geometry.base import BaseGeometry

from districts.models import Area
from districts.records import AreaRecord
from gis_core.errors import N_, DomainError
from gis_core.shapes import from_geos


class NothingToComplete(DomainError):
    """The edition from which a source is completed is not loaded."""

    code = "boundaries.nothing_to_complete"
    status = 409
    message = N_(
        "%(area)s is completed from areas of %(edition)s, and these are not loaded: %(codes)s. "
        "Load that edition first: python manage.py fetch_boundaries %(edition)s"
    )


@dataclass(frozen=True, slots=True)
class Completion:
    """An area's whole ground: what the source draws, and these areas of another edition."""

    edition: str
    areas: tuple[str, ...]


def completed(
    records: Sequence[AreaRecord], completions: Mapping[str, Completion]
) -> list[AreaRecord]:
    """Return the records with the areas named by code completed.

    What the neighbours hold stays theirs; holes between them and the completed area, where two
    sources draw one border differently, go to the completed area. Raises NothingToComplete.
    """
    shapes = {record.code: record.shape for record in records if record.shape is not None}
    for code, completion in completions.items():
        others = shapely.union_all([shape for other, shape in shapes.items() if other != code])
        shapes[code] = _completed(shapes[code], _ground(code, completion), others)
    return [replace(record, shape=shapes.get(record.code)) for record in records]


def _ground(code: str, completion: Completion) -> BaseGeometry:
    rows = Area.objects.filter(edition__name=completion.edition, code__in=completion.areas)
    found = {row.code: from_geos(row.shape) for row in rows}
    if missing := sorted(set(completion.areas) - set(found)):
        raise NothingToComplete(area=code, edition=completion.edition, codes=", ".join(missing))
    return shapely.union_all(shapely.make_valid(list(found.values())))


def _completed(own: BaseGeometry, more: BaseGeometry, others: BaseGeometry) -> BaseGeometry:
    whole = _surfaces(shapely.difference(shapely.union(own, more), others))
    together = shapely.union(whole, others)
    rings = [ring for part in shapely.get_parts(together) for ring in part.interiors]
    holes = [hole for hole in shapely.polygons(rings) if hole.intersects(whole)] if rings else []
    return _surfaces(shapely.difference(shapely.union_all([whole, *holes]), others))


def _surfaces(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a shape; a difference may leave lines where borders touch."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return cast("BaseGeometry", shapely.multipolygons(parts))
