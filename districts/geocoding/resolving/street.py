"""A street as numbers are looked for on it: its spine, and what is known along it; kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from districts.geocoding import gazetteer
from districts.geocoding.gazetteer import Alley, House, NameHit
from districts.geocoding.keys import place_key
from districts.geocoding.resolving import numbering
from districts.geocoding.resolving.house_numbers import along_street
from districts.geocoding.resolving.kept import Kept
from districts.geocoding.resolving.plane import XY, Plane
from districts.geocoding.resolving.settings import Numbering
from districts.geocoding.resolving.spine import spine

Floats = NDArray[np.float64]

SAMPLE_M = 15.0
MOST_SAMPLES = 500
KEPT = 4_000
"""Streets in memory: some 10 kB each."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """What is known of the numbers of all streets with one key, in metres."""

    houses: tuple[tuple[House, XY], ...]
    alleys: tuple[tuple[Alley, BaseGeometry], ...]


@dataclass(eq=False)
class StreetLine:
    """A street in metres. What is known along it is worked out when it is first asked for."""

    place: int
    drawn: BaseGeometry
    keys: tuple[str, ...]
    """Of its names: under which its houses and alleys are kept."""
    streets: Streets = field(repr=False)

    @cached_property
    def line(self) -> LineString:
        """The spine."""
        return spine(self.drawn)

    @cached_property
    def samples(self) -> Floats:
        """Metres along the spine."""
        length = float(self.line.length)
        return np.linspace(0.0, length, int(min(MOST_SAMPLES, max(2, length / SAMPLE_M))))

    @cached_property
    def spots(self) -> Floats:
        """The points of the spine at the samples, shape ``(n, 2)``."""
        return shapely.get_coordinates(shapely.line_interpolate_point(self.line, self.samples))

    @cached_property
    def _houses(self) -> list[tuple[House, XY]]:
        return _houses_on(self.drawn, [one for key in self._numbers for one in key.houses])

    @cached_property
    def _alleys(self) -> list[tuple[Alley, BaseGeometry]]:
        known = [one for key in self._numbers for one in key.alleys]
        return [one for one in known if one[1].dwithin(self.drawn, ALLEY_REACH_M)]

    @cached_property
    def _numbers(self) -> list[Numbers]:
        numbers = self.streets.numbers(self.keys)
        return [numbers[key] for key in self.keys]

    @cached_property
    def known(self) -> numbering.Known:
        """The numbers along the street and where they stand."""
        own = self.streets.settings
        pairs = [
            *_numbered_houses(self._houses, self.drawn, self.line, own.off_street_m),
            *_numbered_mouths(self._alleys, self.drawn, self.line),
        ]
        return numbering.known(pairs, own.same_m)

    @cached_property
    def houses(self) -> Mapping[str, tuple[tuple[int, XY], ...]]:
        """Number -> places that bear it, and where."""
        return _grouped((house.number, (house.place, at)) for house, at in self._houses)

    @cached_property
    def alleys(self) -> Mapping[str, tuple[tuple[int, BaseGeometry], ...]]:
        """Number -> the alleys that bear it, and how they run."""
        return _grouped((alley.number, (alley.place, way)) for alley, way in self._alleys)

    def at(self, along: float) -> XY:
        """Return the point of the spine at so many metres."""
        point = self.line.interpolate(along)
        return float(point.x), float(point.y)


class Streets:
    """Streets read from the gazetteer, those asked for last kept; of one version and plane."""

    def __init__(self, version: int, plane: Plane, settings: Numbering) -> None:
        """Start with none."""
        self.version = version
        self.plane = plane
        self.settings = settings
        self._lines: Kept[int, StreetLine] = Kept(KEPT)
        self._numbers: Kept[str, Numbers] = Kept(KEPT)
        self._shapes: Kept[int, BaseGeometry] = Kept(KEPT)

    def of(self, hits: Iterable[NameHit]) -> dict[int, StreetLine]:
        """Return the streets of these hits, by place; read at once where they are not yet kept."""
        wanted = {hit.place: hit for hit in hits}
        return self._lines.of(wanted, lambda some: self._read([wanted[place] for place in some]))

    def shapes(self, places: Iterable[int]) -> dict[int, BaseGeometry]:
        """Return the shapes of landmarks in metres, by place."""
        return self._shapes.of(places, self._read_shapes)

    def numbers(self, keys: Iterable[str]) -> dict[str, Numbers]:
        """Return what is known of the numbers of the streets with these keys, drawn or not."""
        return self._numbers.of(keys, self._read_numbers)

    def _read_shapes(self, places: Sequence[int]) -> dict[int, BaseGeometry]:
        read = gazetteer.shapes(places)
        return {place: self.plane.shape(shape) for place, shape in read.items()}

    def _read_numbers(self, keys: Sequence[str]) -> dict[str, Numbers]:
        houses, alleys = defaultdict(list), defaultdict(list)
        known = gazetteer.numbered(keys)
        for house in known.houses:
            houses[house.street_key].append((house, self.plane.forward(house.lonlat)))
        for alley in known.alleys:
            alleys[alley.street_key].append((alley, self.plane.shape(alley.shape)))
        return {key: Numbers(tuple(houses[key]), tuple(alleys[key])) for key in keys}

    def _read(self, hits: Sequence[NameHit]) -> dict[int, StreetLine]:
        shapes = self._read_shapes([hit.place for hit in hits])
        return {
            hit.place: StreetLine(
                hit.place,
                shapes[hit.place],
                tuple(sorted({hit.asked, place_key(hit.official)})),
                self,
            )
            for hit in hits
            if hit.place in shapes
        }


HOUSE_REACH_M = 400.0
"""A house this far from its street still is of it: at the end of a long alley."""
ALLEY_REACH_M = 600.0
MOUTH_M = 60.0


def _houses_on(drawn: BaseGeometry, houses: Sequence[tuple[House, XY]]) -> list[tuple[House, XY]]:
    if not houses:
        return []
    away = shapely.distance(drawn, shapely.points([at for _, at in houses]))
    return [one for one, gap in zip(houses, away, strict=True) if gap <= HOUSE_REACH_M]


def _numbered_houses(
    houses: Sequence[tuple[House, XY]], drawn: BaseGeometry, line: LineString, off_m: float
) -> list[tuple[float, float]]:
    pairs = []
    for house, at in houses:
        number, point = along_street(house.number), shapely.Point(at)
        # A house in an alley says where the alley's mouth is, the less the deeper it lies.
        if number and drawn.dwithin(point, MOUTH_M if "/" in house.number else off_m):
            pairs.append((float(number), float(line.project(point))))
    return pairs


def _numbered_mouths(
    alleys: Sequence[tuple[Alley, BaseGeometry]], drawn: BaseGeometry, line: LineString
) -> list[tuple[float, float]]:
    """Return where alleys leave the street: alley 602 does so beside house 602."""
    pairs = []
    for alley, way in alleys:
        number = along_street(alley.number) if "/" not in alley.number else None
        if number and way.dwithin(drawn, MOUTH_M):
            mouth = shapely.shortest_line(way, drawn).coords[1]
            pairs.append((float(number), float(line.project(shapely.Point(mouth)))))
    return pairs


def _grouped(pairs: Iterable[tuple[str, object]]) -> dict:  # type: ignore[type-arg]
    groups = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
