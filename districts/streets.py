"""The streets and alleys of an area as lines in metres, from whatever gazetteers are loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import Polygon
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from districts import city
from districts.models import Place, PlaceKind
from gis_core.planes import to_degrees, to_metres

KINDS: Final = (PlaceKind.STREET.value, PlaceKind.ALLEY.value)
MARGIN_M: Final = 50.0
"""A box in metres is no box in degrees: looked at a little further, then cut exactly."""


@dataclass(frozen=True, slots=True)
class StreetLines:
    """Streets in the order of their numbers; three columns of one length."""

    ids: NDArray[np.int64]
    """Of the gazetteer's places."""
    names: tuple[str, ...]
    shapes: NDArray[Any]
    """LineStrings and MultiLineStrings in the city's metric CRS, cut at the area's border."""


def streets_within(area: Sequence[BaseGeometry]) -> StreetLines:
    """Return what lies of each street in an area, given as polygons in the city's metric CRS.

    Empty where no gazetteer with streets is loaded. A street is all its pieces within reach of one
    another; cut it into segments with ``gis_core.hotspots.along_streets.segments``.
    """
    if not len(area):
        return StreetLines(np.empty(0, np.int64), (), np.empty(0, object))
    srid = city.current().metric_srid
    ground = shapely.union_all(np.asarray(area, object))
    [around] = to_degrees(np.asarray([shapely.box(*ground.bounds).buffer(MARGIN_M)], object), srid)
    found = Place.objects.filter(
        kind__in=KINDS, shape__bboverlaps=Polygon.from_bbox(around.bounds)
    ).order_by("pk")
    rows = list(found.annotate(wkb=AsWKB("shape")).values_list("pk", "name", "wkb"))
    lines = to_metres(np.asarray(shapely.from_wkb([bytes(row[2]) for row in rows]), object), srid)
    shapes = _clipped(lines, ground)
    kept = np.flatnonzero(shapely.length(shapes) > 0)
    ids = np.asarray([row[0] for row in rows], np.int64)
    return StreetLines(ids[kept], tuple(rows[one][1] for one in kept), shapes[kept])


def _clipped(lines: NDArray[Any], ground: BaseGeometry) -> NDArray[Any]:
    """Return what lies of each line in the ground; its points alone are left out."""
    shapely.prepare(ground)
    across = ~shapely.covers(ground, lines)
    clipped = lines.copy()
    clipped[across] = [_lines_of(one) for one in shapely.intersection(ground, lines[across])]
    return clipped


def _lines_of(shape: BaseGeometry) -> Any:  # noqa: ANN401  shapely's
    parts = shapely.get_parts(shape)
    return shapely.multilinestrings(parts[shapely.get_dimensions(parts) == 1])
