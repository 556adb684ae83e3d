"""The wards and districts that people may name, of today and of before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from districts.territory import AreaRef
from gis_core.positions import LonLat

Floats = NDArray[np.float64]
Shaper = Callable[[], BaseGeometry]


@dataclass(frozen=True, slots=True)
class Successor:
    """A present ward, the share of the old area's ground (0 to 1) that went into it, and back."""

    area: AreaRef
    share: float
    back_share: float
    """The share of the present ward's ground that was the old area's."""


@dataclass(frozen=True, eq=False)
class Plot:
    """A piece of ground, the same object for all areas that lie on it: many names, one ward."""

    shaped: Shaper = field(repr=False)

    @cached_property
    def polygon(self) -> BaseGeometry:
        """The polygon in WGS 84 degrees, prepared for many questions; read when first asked for."""
        shape = self.shaped()
        shapely.prepare(shape)
        return shape


@dataclass(frozen=True, eq=False)
class KnownArea:
    """A ward or a district of any time. Two are the same only when they are the same object."""

    name: str
    """Without its kind: "Tân Hoà", "5"."""
    kind: str
    """Phường, Xã, Quận …"""
    level: str
    """``ward`` or ``district``, whatever the city calls its levels."""
    code: str
    within: str
    """The district of an old ward, "Quận Tân Bình"; "" for others."""
    valid_from: date | None
    valid_to: date | None
    """The day after the last; None where no end is set."""
    is_present: bool
    """Whether the area is in force."""
    successors: tuple[Successor, ...] = field(repr=False)
    """Largest share first; for a present ward itself, whole."""
    approximate: bool
    """Whether ``plot`` is only what took the area's place, or a stand-in."""
    ref: AreaRef | None = field(repr=False)
    """The polygon's own identity; None where only the name is known."""
    plot: Plot = field(repr=False)

    @property
    def full_name(self) -> str:
        """The name as people say it: "Phường 5"."""
        return f"{self.kind} {self.name}".strip()

    def in_force_on(self, day: date) -> bool:
        """Whether the area's time holds ``day``; never for one of which only the name is known."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.ref is not None and begun and (self.valid_to is None or day < self.valid_to)

    @property
    def polygon(self) -> BaseGeometry:
        """The polygon in WGS 84 degrees, prepared for many questions."""
        return self.plot.polygon

    def shape(self) -> BaseGeometry:
        """Return the polygon in WGS 84 degrees; empty where nothing is known of it."""
        return self.polygon

    def contains(self, lons: Floats, lats: Floats) -> NDArray[np.bool_]:
        """Tell for each WGS 84 point, shape ``(n,)``, whether the area or its edge covers it."""
        return np.asarray(shapely.intersects_xy(self.polygon, lons, lats))

    @cached_property
    def middle(self) -> LonLat | None:
        """A point well inside the area's largest part; None where there is no polygon."""
        if self.polygon.is_empty:
            return None
        largest = max(shapely.get_parts(self.polygon), key=shapely.area)
        line = shapely.maximum_inscribed_circle(largest, tolerance=0.0005)
        lon, lat = shapely.get_coordinates(line)[0]
        return LonLat(float(lon), float(lat))
