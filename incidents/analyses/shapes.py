"""Methods whose places are shapes of their own: clusters' hulls, stretches of street, assets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final, TypeVar

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry
from numpy.typing import NDArray

from districts import city
from districts.models import Asset
from gis_core.apart import apart
from gis_core.hotspots import along_streets as streets
from gis_core.hotspots import hierarchical as unequal
from gis_core.hotspots import hulls, significance
from gis_core.hotspots import space_time as cylinders
from gis_core.hotspots.telling import Tell, silent
from gis_core.planes import to_metres
from incidents.actors import Actor
from incidents.analyses.asset_failures import asset_failures
from incidents.analyses.classes import control
from incidents.analyses.errors import NothingToCount
from incidents.analyses.network import network
from incidents.analyses.points import Points, rows_of
from incidents.analyses.question import CITY, Question
from incidents.analyses.results import Fact
from incidents.analyses.territory import parts
from incidents.columns.rows import FIRST_DAY

Answer = TypeVar("Answer")
Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
LONG_SPACE_TIME: Final = 500_000
LONG_HIERARCHY: Final = 8_000
"""From so many incidents on it takes longer than to begin a process for it."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """Columns of one length: shapes in metres, their class, value, count, and where each is named.

    ``more``: further columns of layer and table. ``warned``: reasons with how many incidents.
    """

    shapes: NDArray[Any]
    kind: list[str]
    value: Floats
    count: Longs
    at: Floats
    """(n, 2), metres."""
    facts: Mapping[str, Fact]
    more: Mapping[str, list[Any]] = field(default_factory=dict)
    warned: Mapping[str, int] = field(default_factory=dict)


Method = Callable[[Actor, Question, Points, Tell], Shaped]


def space_time(_actor: Actor, question: Question, points: Points, tell: Tell = silent) -> Shaped:
    """Return clusters of what is near in space and in time."""
    xy = np.column_stack([points.x, points.y])
    asked = (
        question.number("distance_m"),
        int(question.number("period_days")),
        int(question.number("fewest")),
    )
    long = len(points) > LONG_SPACE_TIME
    found = _reckoned(long, tell, cylinders.clusters, xy, points.day, *asked)
    return _clusters(xy, points.day, found.labels)


def hierarchical(_actor: Actor, question: Question, points: Points, tell: Tell = silent) -> Shaped:
    """Return clusters of unequal density. Raises TooManyForHierarchy."""
    xy, fewest = np.column_stack([points.x, points.y]), int(question.number("fewest"))
    long = LONG_HIERARCHY < len(points) <= unequal.MOST
    return _clusters(xy, points.day, _reckoned(long, tell, unequal.clusters, xy, fewest))


def _reckoned(long: bool, tell: Tell, work: Callable[..., Answer], *asked: Any) -> Answer:  # noqa: FBT001
    """Return the work's answer; what takes long is waited for, and may be ended."""
    return apart(lambda: tell(0.0), work, *asked) if long else work(*asked)


def _clusters(xy: Floats, day: Longs, labels: Longs) -> Shaped:
    found = hulls.summaries(xy, day, np.asarray(labels, np.int64))
    counts = [one.count for one in found]
    facts: dict[str, Fact] = {
        "clusters": len(found),
        "largest": max(counts, default=0),
        "share": sum(counts) / len(xy),
    }
    return Shaped(
        shapes=_array([one.hull for one in found]),
        kind=["cluster"] * len(found),
        value=np.asarray(counts, np.float64),
        count=np.asarray(counts, np.int64),
        at=np.asarray([one.centre for one in found], np.float64).reshape(-1, 2),
        facts=facts,
        more={
            "first": [_day(one.first) for one in found],
            "last": [_day(one.last) for one in found],
        },
    )


def _day(number: int) -> str:
    return (FIRST_DAY + timedelta(days=int(number))).isoformat()


def along_streets(_actor: Actor, question: Question, points: Points, tell: Tell = silent) -> Shaped:
    """Return stretches of street with incidents, and which have clearly more. Raises NoStreets."""
    segments = network(question.area)
    xy = np.column_stack([points.x, points.y])
    told = streets.rates(segments, xy, question.number("snap_m"), tell)
    holds = significance.significant(told.p, question.number("share"), control(question))
    some = np.flatnonzero(told.count > 0)
    hot = holds[some] & (told.z[some] > 0)
    snapped = int((told.segment >= 0).sum())
    return Shaped(
        shapes=segments[some],
        kind=[("hot" if one else "some") for one in hot],
        value=told.per_km[some],
        count=told.count[some],
        at=shapely.get_coordinates(
            shapely.line_interpolate_point(segments[some], 0.5, normalized=True)
        ),
        facts={"snapped": snapped, "hot": int(hot.sum())},
        more={"p": told.p[some].tolist()},
        warned={"far_from_streets": len(points) - snapped},
    )


def repeats(actor: Actor, question: Question, _points: Points, tell: Tell = silent) -> Shaped:
    """Return the assets that failed again, and which did clearly more often than their kind."""
    assets, incidents = Asset.objects.filter(superseded_at=None), rows_of(actor, question)
    if question.area.kind != CITY:
        # Of both: an asset is compared with its kind in the same area.
        ground = GEOSGeometry(shapely.union_all(parts(question.area)).wkb_hex, srid=4326)
        assets = assets.filter(shape__intersects=ground)
        incidents = incidents.filter(position__intersects=ground)
    found = asset_failures(incidents, assets, tell)
    if not len(found.asset):
        raise NothingToCount
    told = found.repeats(apart_days=int(question.number("apart_days")))
    holds = significance.significant(told.p, question.number("share"), control(question))
    some = np.flatnonzero(told.count >= question.number("fewest"))
    shapes = _asset_shapes([int(found.ids[n]) for n in some])
    facts: dict[str, Fact] = {
        "assets": int((told.count > 0).sum()), "hot": int(holds[some].sum()),
    }  # fmt: skip
    return Shaped(
        shapes=shapes,
        kind=[("hot" if one else "some") for one in holds[some]],
        value=told.count[some].astype(np.float64),
        count=told.count[some],
        at=shapely.get_coordinates(shapely.point_on_surface(shapes)).reshape(-1, 2),
        facts=facts,
        more={
            "asset_code": [f"{found.kinds[n]}/{found.codes[n]}" for n in some],
            "asset": [found.names[n] or found.codes[n] for n in some],
            "median_days": [_known(told.median_days[n]) for n in some],
            "expected": [round(float(told.expected[n]), 2) for n in some],
            "p": [float(told.p[n]) for n in some],
        },
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _asset_shapes(ids: list[int]) -> NDArray[Any]:
    rows = Asset.objects.filter(pk__in=ids).annotate(wkb=AsWKB("shape"))
    shapes = {pk: shapely.from_wkb(bytes(wkb)) for pk, wkb in rows.values_list("pk", "wkb")}
    return to_metres(_array([shapes[pk] for pk in ids]), city.current().metric_srid)


def _array(shapes: list[Any]) -> NDArray[Any]:
    told = np.empty(len(shapes), object)
    told[:] = shapes
    return told


METHODS: Final[Mapping[str, Method]] = MappingProxyType({
    "space_time": space_time,
    "hierarchical": hierarchical,
    "along_streets": along_streets,
    "repeats": repeats,
})  # fmt: skip
