"""Many points on one edition at once: the answers of ``placement.place``, by the cell index."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from django.contrib.gis.db.models.functions import AsWKB
from numpy.typing import NDArray
from shapely import from_wkb
from shapely.geometry.base import BaseGeometry

from districts import border_tree, city
from districts.border_tree import BorderTree
from districts.loading.publishing import find_edition
from districts.models import Edition

if TYPE_CHECKING:
    from gis_core.cell_index import PointIndex

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

KEPT = 6
"""Editions kept in memory: a city has two levels, and history a few more."""


class Found(IntEnum):
    """How a point came to its area, or why it came to none."""

    INSIDE = 0
    EDGE = 1
    """Several areas cover it; the smaller code was taken."""
    SLIVER = 2
    """None covers it; the nearest within the city's tolerance was taken."""
    OUTSIDE = 3
    SWAPPED = 4
    """None is near, but with its two numbers exchanged it lies in one."""
    INVALID = 5
    """Its numbers are no position on the globe, in either order."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of many points, arrays in the order given."""

    area: Ints
    """Position in ``EditionIndex.areas``; -1 for none."""
    how: Bytes
    """A ``Found`` each."""


@dataclass(frozen=True, slots=True)
class IndexedArea:
    """An area of the edition; areas come in the order of their codes."""

    id: int
    code: str
    name: str


@dataclass(frozen=True)
class EditionIndex:
    """One edition in memory; nothing of it changes once built, apart from the borders' arrival."""

    areas: Sequence[IndexedArea]
    shapes: Sequence[BaseGeometry]
    index: PointIndex
    sliver_m: float
    metric_srid: int

    @cached_property
    def borders(self) -> BorderTree:
        """The areas' borders, built when the first point needs them."""
        return border_tree.build(self.shapes, self.metric_srid)

    def place(self, lons: Floats, lats: Floats) -> Placed:
        """Return the area of each WGS 84 point, and how it was found."""
        area = np.full(len(lons), -1, np.int32)
        how = np.full(len(lons), Found.OUTSIDE, np.uint8)
        points, areas = self.index.pairs(lons, lats)
        again = np.zeros(len(points), np.bool_)
        again[1:] = points[1:] == points[:-1]
        area[points[~again]] = areas[~again]
        how[points] = Found.INSIDE
        how[points[again]] = Found.EDGE
        self._reach_over_slivers(lons, lats, area, how)
        self._tell_swapped(lons, lats, how)
        return Placed(area, how)

    def _reach_over_slivers(self, lons: Floats, lats: Floats, area: Ints, how: Bytes) -> None:
        on_globe = (np.abs(lons) <= 180) & (np.abs(lats) <= 90)
        how[~on_globe] = Found.INVALID
        [left] = np.nonzero(on_globe & (area < 0))
        if len(left):
            area[left] = self.borders.nearest_owner(lons[left], lats[left], self.sliver_m)
            how[left[area[left] >= 0]] = Found.SLIVER

    def _tell_swapped(self, lons: Floats, lats: Floats, how: Bytes) -> None:
        [left] = np.nonzero((how == Found.OUTSIDE) | (how == Found.INVALID))
        inside = self.index.first(lats[left], lons[left]) >= 0
        how[left[inside]] = Found.SWAPPED


_kept: OrderedDict[int, EditionIndex] = OrderedDict()


def of_edition(edition_id: int) -> EditionIndex:
    """Return the index of an edition, from memory where it was asked for lately.

    An edition's areas never change under its id: another load makes another edition.
    """
    if edition_id not in _kept:
        _kept[edition_id] = _build(edition_id)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(edition_id)
    return _kept[edition_id]


def named(name: str, level: str = "") -> EditionIndex:
    """Return the index of the edition of this name. Raises NoEdition, WhichLevel."""
    return of_edition(find_edition(name, level).pk)


def _build(edition_id: int) -> EditionIndex:
    from gis_core import cell_index  # noqa: PLC0415  heavy: its compiler takes 65 MB

    edition = Edition.objects.get(pk=edition_id)
    rows = edition.areas.annotate(wkb=AsWKB("shape")).values_list("pk", "code", "name", "wkb")
    # Ordered here, for the database may sort codes by the rules of a language.
    ordered = sorted(rows, key=lambda row: (row[1], row[0]))
    shapes = [from_wkb(bytes(row[3])) for row in ordered]
    town = city.current()
    return EditionIndex(
        areas=[IndexedArea(*row[:3]) for row in ordered],
        shapes=shapes,
        index=cell_index.build(shapes),
        sliver_m=town.sliver_m,
        metric_srid=town.metric_srid,
    )
