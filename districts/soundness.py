"""Whether shapes may be stored: every fault found, named and placed, before anything is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis_core.errors import N_, DomainError
from gis_core.planes import Shapes, to_degrees, to_metres
from gis_core.polygons import repaired

TOLERANCE_M2 = 50.0
"""Overlaps and gaps up to this size are drawing noise: nobody's house fits in one."""

POLYGONS = frozenset({"Polygon", "MultiPolygon"})


class Extent(NamedTuple):
    """Degrees: the box in which a city's shapes must at least partly lie."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Outline:
    """A shape under its code and name, in WGS 84 degrees; None where the file gave no shape."""

    code: str
    name: str
    shape: BaseGeometry | None

    @property
    def called(self) -> str:
        """Code and name, as problems say them."""
        return f"{self.code} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault, in one sentence, with its place (longitude, latitude) where it has one."""

    message: str
    facts: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.facts


class Unsound(DomainError):
    """Shapes were refused. ``problems`` holds every fault found."""

    code = "boundaries.unsound"
    status = 422
    message = N_("%(source)s was refused, nothing was stored. Problems found: %(count)s.")

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(source=source, count=len(problems))


NOTHING = N_("There is no feature in it.")
NO_CODE = N_('Row %(row)s ("%(name)s") has no code.')
NO_NAME = N_("Row %(row)s (code %(code)s) has no name.")
SAME_CODE = N_("Code %(code)s is used by %(count)s rows: %(names)s.")
TOO_LONG = N_("Row %(row)s: a code may have %(code)s characters, a name %(name)s.")
NO_SHAPE = N_("%(what)s has no shape.")
NOT_POLYGON = N_("%(what)s is a %(type)s; a polygon is needed. For assets, --buffer makes one.")
OFF_GLOBE = N_(
    "%(what)s has coordinates that are not degrees (%(x)s, %(y)s). "
    "Name the file's system with --crs EPSG:xxxx."
)
SWAPPED = N_(
    "%(what)s has latitude and longitude exchanged near %(x)s, %(y)s. "
    "Save the file with longitude first."
)
ELSEWHERE = N_("%(what)s lies at %(lon)s, %(lat)s, outside the city's extent.")
INVALID = N_("%(what)s is invalid: %(reason)s. --repair mends it.")
OVERLAP = N_("%(what)s and %(other)s overlap by %(m2)s m2 at %(lon)s, %(lat)s.")
GAP = N_("A gap of %(m2)s m2 at %(lon)s, %(lat)s lies between %(codes)s.")
REPAIRED = N_("%(what)s was repaired: %(reason)s. Its area changed by %(m2)s m2.")


class Lengths(NamedTuple):
    """How many characters a code and a name may have."""

    code: int
    name: int


def rows_problems(
    outlines: Sequence[Outline], lengths: Lengths, *, named: bool = True
) -> list[Problem]:
    """Return what is wrong with codes and, where rows must be ``named``, names; counted from 1."""
    found = []
    for row, outline in enumerate(outlines, start=1):
        if not outline.code:
            found.append(Problem(NO_CODE, {"row": row, "name": outline.name}))
        if named and not outline.name:
            found.append(Problem(NO_NAME, {"row": row, "code": outline.code}))
        if len(outline.code) > lengths.code or len(outline.name) > lengths.name:
            found.append(Problem(TOO_LONG, {"row": row, **lengths._asdict()}))
    return found + repeated_codes(outlines)


def repeated_codes(outlines: Iterable[Outline]) -> list[Problem]:
    """Return one problem for each code, not empty, that several rows bear."""
    rows = list(outlines)
    counts = Counter(outline.code for outline in rows if outline.code)
    return [
        Problem(SAME_CODE, {"code": code, "count": count, "names": _names(rows, code)})
        for code, count in counts.items()
        if count > 1
    ]


def _names(outlines: Sequence[Outline], code: str) -> str:
    return ", ".join(outline.name for outline in outlines if outline.code == code)


def shape_problems(outlines: Sequence[Outline], extent: Extent) -> list[Problem]:
    """Return what is wrong with each shape by itself, in the order given; one fault a shape."""
    faults = (_shape_problem(outline, extent) for outline in outlines)
    return [fault for fault in faults if fault]


def _shape_problem(outline: Outline, extent: Extent) -> Problem | None:
    shape = outline.shape
    facts: dict[str, object] = {"what": outline.called}
    if shape is None or shape.is_empty:
        return Problem(NO_SHAPE, facts)
    if elsewhere := _where_problem(facts, shape, extent):
        return elsewhere
    if not _has_area(shape):
        return Problem(NOT_POLYGON, facts | {"type": shape.geom_type})
    if not shape.is_valid:
        return Problem(INVALID, facts | {"reason": _reason(shape)})
    return None


def _where_problem(facts: dict[str, object], shape: BaseGeometry, extent: Extent) -> Problem | None:
    west, south, east, north = shape.bounds
    x, y = round((west + east) / 2, 6), round((south + north) / 2, 6)
    if shapely.box(*extent).intersects(shapely.box(*shape.bounds)):
        return None
    if shapely.box(*extent).intersects(shapely.box(south, west, north, east)):
        return Problem(SWAPPED, facts | {"x": x, "y": y})
    if not (-180 <= west <= east <= 180 and -180 <= south <= north <= 180):
        return Problem(OFF_GLOBE, facts | {"x": x, "y": y})
    return Problem(ELSEWHERE, facts | {"lon": x, "lat": y})


def _reason(shape: BaseGeometry) -> str:
    """Return why a shape is invalid, and where, as "Self-intersection at 106.617394 10.788084"."""
    return shapely.is_valid_reason(shape).replace("[", " at ").rstrip("]")


def mended(outlines: Sequence[Outline], metric_srid: int) -> tuple[list[Outline], list[Problem]]:
    """Return the outlines with invalid shapes repaired, and one note for each repair.

    A shape of which no area is left becomes None, so that the check that follows refuses it.
    """
    notes, result = [], []
    for outline in outlines:
        if outline.shape is None or outline.shape.is_valid or not _is_measurable(outline.shape):
            result.append(outline)
            continue
        whole = repaired(outline.shape)
        notes.append(_note(outline, outline.shape, whole, metric_srid))
        result.append(Outline(outline.code, outline.name, None if whole.is_empty else whole))
    return result, notes


def _has_area(shape: BaseGeometry) -> bool:
    return shape.geom_type in POLYGONS


def _is_measurable(shape: BaseGeometry | None) -> bool:
    """Whether a shape is a polygon all of whose coordinates are on the globe."""
    if shape is None or not _has_area(shape):
        return False
    xy = shapely.get_coordinates(shape)
    return bool(np.isfinite(xy).all() and (np.abs(xy) <= (180, 90)).all())


def _note(outline: Outline, shape: BaseGeometry, whole: BaseGeometry, metric_srid: int) -> Problem:
    before, after = shapely.area(to_metres(np.array([shape, whole]), metric_srid))
    facts = {"what": outline.called, "reason": _reason(shape)}
    return Problem(REPAIRED, facts | {"m2": _m2(after - before)})


def tiling_problems(
    outlines: Sequence[Outline], metric_srid: int, tolerance_m2: float = TOLERANCE_M2
) -> list[Problem]:
    """Return every overlap of two shapes and every gap enclosed by them above the tolerance.

    Measured by exact overlay in EPSG:``metric_srid``, largest first. Invalid shapes are compared
    as a repair would leave them; what is no polygon on the globe is left out.
    """
    with_area = [one for one in outlines if _is_measurable(one.shape)]
    whole = np.array([_without_fault(one.shape) for one in with_area], dtype=object)
    shapes = to_metres(whole, metric_srid)
    return [
        *_overlaps(with_area, shapes, metric_srid, tolerance_m2),
        *_gaps(with_area, shapes, metric_srid, tolerance_m2),
    ]


def _without_fault(shape: BaseGeometry | None) -> BaseGeometry | None:
    """Return the shape itself where it is valid, so that no coordinate of it changes."""
    return shape if shape is None or shape.is_valid else repaired(shape)


def _overlaps(
    outlines: Sequence[Outline], shapes: Shapes, srid: int, tolerance_m2: float
) -> list[Problem]:
    left, right = shapely.STRtree(shapes).query(shapes)
    once = left < right
    left, right = left[once], right[once]
    common = shapely.intersection(shapes[left], shapes[right])
    areas = shapely.area(common)
    order = [int(i) for i in np.argsort(-areas, kind="stable") if areas[i] > tolerance_m2]
    places = _places(common[order], srid)
    return [
        Problem(
            OVERLAP,
            _pair(outlines[left[i]], outlines[right[i]]) | {"m2": _m2(areas[i])} | at,
        )
        for i, at in zip(order, places, strict=True)
    ]


def _pair(one: Outline, other: Outline) -> dict[str, object]:
    return {"what": one.called, "other": other.called}


def _gaps(
    outlines: Sequence[Outline], shapes: Shapes, srid: int, tolerance_m2: float
) -> list[Problem]:
    parts = shapely.get_parts(shapely.union_all(shapes))
    rings = [ring for part in parts for ring in part.interiors]
    holes = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    areas = shapely.area(holes)
    order = [int(i) for i in np.argsort(-areas, kind="stable") if areas[i] > tolerance_m2]
    places = _places(holes[order], srid)
    tree = shapely.STRtree(shapes)
    return [
        Problem(GAP, {"m2": _m2(areas[i]), "codes": _around(outlines, tree, holes[i])} | at)
        for i, at in zip(order, places, strict=True)
    ]


def _around(outlines: Sequence[Outline], tree: shapely.STRtree, hole: BaseGeometry) -> str:
    touching = tree.query(hole, predicate="dwithin", distance=0.01)
    return ", ".join(sorted(outlines[i].code for i in touching))


def _places(shapes: Shapes, srid: int) -> list[dict[str, object]]:
    """Return for each shape a longitude and latitude that lie on it."""
    points = to_degrees(shapely.point_on_surface(shapes), srid)
    return [{"lon": round(point.x, 6), "lat": round(point.y, 6)} for point in points]


def _m2(area: float) -> float:
    return round(float(area), 1)
