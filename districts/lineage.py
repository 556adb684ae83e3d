"""What became of the areas of an old edition: overlaid with a new one, in the city's metres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from django.db import transaction
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from districts import bulk_placement, city
from districts.border_tree import STRAIGHT_DEGREES
from districts.bulk_placement import EditionIndex
from districts.loading.journal import record_change, take_turn
from districts.models import Edition, Lineage
from gis_core.errors import N_, DomainError
from gis_core.planes import to_metres

LEAST = 0.01
"""A pair is kept from this share on, on either side: below lie the borders' own errors."""

Floats = NDArray[np.float64]
Pair = tuple[int, int]


class SameEdition(DomainError):
    """An edition cannot descend from itself."""

    code = "lineage.same_edition"
    status = 422
    message = N_("%(edition)s is given as the old and as the new edition. Name two editions.")


@dataclass(frozen=True, slots=True)
class Points:
    """Many WGS 84 positions: two arrays of one length."""

    lons: Floats
    lats: Floats


@dataclass(frozen=True, slots=True)
class Descent:
    """A pair of areas by position in their editions' indexes; shares run from 0 to 1."""

    old: int
    new: int
    area_share: float
    back_share: float
    address_share: float | None = None
    incident_share: float | None = None

    @property
    def counts(self) -> bool:
        """Whether the pair is more than two borders that were drawn a little differently."""
        shares = (self.area_share, self.back_share, self.address_share, self.incident_share)
        return any(share is not None and share >= LEAST for share in shares)


@dataclass(frozen=True, slots=True)
class Overlay:
    """Square metres: of each old and new area, and of each pair's common ground."""

    old: Floats
    new: Floats
    common: Mapping[Pair, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Shares:
    """How the points of each old area are spread over the new ones."""

    by_pair: Mapping[Pair, float] = field(default_factory=dict)
    known: frozenset[int] = frozenset()
    """The old areas in which there is any point."""

    def of(self, pair: Pair) -> float | None:
        """Return the share of a pair; None where the old area has no points."""
        return self.by_pair.get(pair, 0.0) if pair[0] in self.known else None


@transaction.atomic
def compute_lineage(
    old: Edition,
    new: Edition,
    *,
    addresses: Points | None = None,
    incidents: Points | None = None,
    actor: str = "",
) -> list[Lineage]:
    """Store what became of ``old``'s areas in ``new``, instead of what was stored; return it.

    Shares of addresses and incidents are None where none of them lies in the old area. Raises
    SameEdition.
    """
    if old.pk == new.pk:
        raise SameEdition(edition=old)
    before, after = bulk_placement.of_edition(old.pk), bulk_placement.of_edition(new.pk)
    pairs = descents(before, after, addresses, incidents)
    take_turn()
    stale = Lineage.objects.filter(from_area__edition=old, to_area__edition=new)
    removed, _ = stale.delete()
    made = Lineage.objects.bulk_create(_row(pair, before, after) for pair in pairs)
    facts: dict[str, object] = {"pairs": len(made)}
    record_change(
        "lineage", f"{old.name}>{new.name}", {"pairs": removed} if removed else None, facts, actor
    )
    return made


def _row(pair: Descent, before: EditionIndex, after: EditionIndex) -> Lineage:
    return Lineage(
        from_area_id=before.areas[pair.old].id,
        to_area_id=after.areas[pair.new].id,
        area_share=pair.area_share,
        back_share=pair.back_share,
        address_share=pair.address_share,
        incident_share=pair.incident_share,
    )


def descents(
    before: EditionIndex,
    after: EditionIndex,
    addresses: Points | None = None,
    incidents: Points | None = None,
) -> list[Descent]:
    """Return the pairs that count, ordered by old area, largest share first."""
    ground = overlay(before.shapes, after.shapes, city.current().metric_srid)
    by_address, by_incident = (
        _point_shares(before, after, points) for points in (addresses, incidents)
    )
    pairs = [
        Descent(
            *pair,
            area_share=(common := ground.common.get(pair, 0.0)) / ground.old[pair[0]],
            back_share=common / ground.new[pair[1]],
            address_share=by_address.of(pair),
            incident_share=by_incident.of(pair),
        )
        for pair in {*ground.common, *by_address.by_pair, *by_incident.by_pair}
    ]
    pairs.sort(key=lambda pair: (pair.old, -pair.area_share, pair.new))
    return [pair for pair in pairs if pair.counts]


def overlay(old: Sequence[BaseGeometry], new: Sequence[BaseGeometry], metric_srid: int) -> Overlay:
    """Return the areas of WGS 84 polygons and of what each two have in common."""
    olds, news = _metric(old, metric_srid), _metric(new, metric_srid)
    ours, theirs = shapely.STRtree(news).query(olds, predicate="intersects")
    common = shapely.area(shapely.intersection(olds[ours], news[theirs]))
    pairs = zip(ours.tolist(), theirs.tolist(), common.tolist(), strict=True)
    return Overlay(
        shapely.area(olds),
        shapely.area(news),
        {(one, other): square_m for one, other, square_m in pairs if square_m > 0},
    )


def _metric(shapes: Sequence[BaseGeometry], metric_srid: int) -> NDArray[np.object_]:
    # A straight edge in degrees is not straight in metres: cut it first. Moved borders may touch
    # themselves by a rounding, hence make_valid.
    cut = shapely.segmentize(np.asarray(shapes, object), STRAIGHT_DEGREES)
    return np.asarray(shapely.make_valid(to_metres(cut, metric_srid)), object)


def _point_shares(before: EditionIndex, after: EditionIndex, points: Points | None) -> _Shares:
    if points is None:
        return _Shares()
    old = before.place(points.lons, points.lats).area
    new = after.place(points.lons, points.lats).area
    inside = (old >= 0) & (new >= 0)
    totals = np.bincount(old[old >= 0], minlength=len(before.areas))
    both, counts = np.unique(np.stack((old[inside], new[inside])), axis=1, return_counts=True)
    pairs = zip(*both.tolist(), counts.tolist(), strict=True)
    return _Shares(
        {(one, other): count / int(totals[one]) for one, other, count in pairs},
        frozenset(np.flatnonzero(totals).tolist()),
    )
