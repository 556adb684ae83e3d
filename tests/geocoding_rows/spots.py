"""True places of the shared data: what they are called there, and where they are."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from gis_core.names import folded
from tests.geocoding_rows.boundaries import Ward, Wards, in_degrees, in_metres

ALLEY = re.compile(r"(?i)^h[eẻ]m\s+(?:số\s+)?(\d+[\w/]*)\s+(\D.*)$")
GENERIC = re.compile(r"(?i)^(đường|duong|phố)\s+(?!\d|số|so\b)")
APART_M = 1_500.0


@dataclass(frozen=True)
class Spot:
    """One true place. ``street`` is bare of "Đường"; ``number`` a house's or an alley's."""

    kind: str
    source: str
    point: Point
    """UTM 48 N."""
    tolerance: int
    accepted: tuple[str, ...]
    now: Ward
    before: Ward | None
    """Of 2021."""
    older: Ward | None
    """Of 2019."""
    street: str = ""
    number: str = ""
    second: str = ""
    name: str = ""
    ambiguous: bool = False
    """The name occurs in distant places: without an area nobody could tell."""

    @property
    def degrees(self) -> tuple[float, float]:
        """Return longitude and latitude, as the file has them."""
        there = in_degrees(self.point)
        return round(there.x, 6), round(there.y, 6)


class Spots:
    """All true places by kind, in a fixed order."""

    def __init__(self, data: Path) -> None:
        """Read what all kinds need."""
        self.data = data
        self._known: dict[str, list[Spot]] = {}
        self.now, self.before, self.older = (Wards(data, year) for year in (2025, 2021, 2019))
        self.used = {
            (row["kind"], row["lat"], row["lon"]) for row in _csv(data / "geocoding_vi_dev.csv")
        }

    def of(self, source: str) -> list[Spot]:
        """Return the places of one source, "houses", read once."""
        if source not in self._known:
            self._known[source] = getattr(self, source)()
        return self._known[source]

    @cached_property
    def roads(self) -> dict[str, list[BaseGeometry]]:
        """Name as stored -> its lines, in metres."""
        path = self.data / "gazetteer" / "osm2018_roads.geojson"
        lines = defaultdict(list)
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            name = " ".join(feature["properties"]["name"].split())
            lines[name].append(in_metres(shape(feature["geometry"])))
        return dict(sorted(lines.items()))

    @cached_property
    def streets(self) -> dict[str, BaseGeometry]:
        """Bare name -> all its lines; no alleys, no names that are only a number or a letter."""
        parts = defaultdict(list)
        for name, lines in self.roads.items():
            if not folded(name).startswith("hem") and len(bare(name)) > 3 and "_" not in name:
                parts[bare(name)] += lines
        return {name: shapely.union_all(lines) for name, lines in parts.items()}

    @cached_property
    def extent(self) -> dict[str, float]:
        """Alike -> the longest jump in metres between its pieces, to tell distant namesakes."""
        return {name: _gap(line) for name, line in self.namesakes.items()}

    @cached_property
    def namesakes(self) -> dict[str, BaseGeometry]:
        """Alike -> all lines that bear the name in any spelling."""
        parts = defaultdict(list)
        for name, line in self.streets.items():
            parts[alike(name)].append(line)
        return {name: shapely.union_all(lines) for name, lines in parts.items()}

    def houses(self) -> list[Spot]:
        """Address points of the gazetteer."""
        rows = _csv(self.data / "gazetteer" / "osm2018_addresses.csv")
        spots = (
            self._spot(
                "house", "OSM 2018 address point", _point(row), (150, 40),
                street=bare(row["street"]), number=row["housenumber"].strip(),
                ambiguous=self.extent.get(alike(row["street"]), 0) > APART_M,
            )
            for row in rows
            if row["street"] and len(row["housenumber"]) < 14 and "." not in row["street"]
        )  # fmt: skip
        return [spot for spot in spots if spot]

    def alleys(self) -> list[Spot]:
        """Alleys named for their mouth; the middle of each."""
        spots = []
        for name, lines in self.roads.items():
            told = ALLEY.match(name)
            whole = shapely.line_merge(shapely.union_all(lines))
            if not told or _across(whole) > 500:
                continue
            longest = max(shapely.get_parts(whole), key=lambda part: part.length)
            spots.append(
                self._spot(
                    "alley", "OSM alley line 2018", longest.interpolate(0.5, normalized=True),
                    (250, 40), street=bare(told[2]), number=told[1],
                )
            )  # fmt: skip
        return [spot for spot in spots if spot]

    def crossings(self) -> list[Spot]:
        """Points where two named streets meet, once in the whole city."""
        names, lines = list(self.streets), list(self.streets.values())
        tree = shapely.STRtree(lines)
        left, right = tree.query(lines, predicate="intersects")
        spots = []
        for one, other in zip(left, right, strict=True):
            if alike(names[one]) >= alike(names[other]):
                continue
            met = lines[one].intersection(lines[other])
            if met.length < 1 and _across(met) < 120:
                spots.append(
                    self._spot(
                        "intersection", "OSM crossing 2018", met.centroid, (100, 60),
                        street=names[one], second=names[other],
                        ambiguous=self._met_elsewhere(names[one], names[other], met),
                    )
                )  # fmt: skip
        return [spot for spot in spots if spot]

    def _met_elsewhere(self, one: str, other: str, met: BaseGeometry) -> bool:
        """Tell whether streets of these names, in any spelling, meet in a second place."""
        points = self.namesakes[alike(one)].intersection(self.namesakes[alike(other)])
        return _across(shapely.union_all([met, points])) > 200

    def cameras(self) -> list[Spot]:
        """Cameras at crossings of two streets."""
        spots = []
        for row in _csv(self.data / "assets" / "traffic_cameras_2017.csv"):
            ends = re.sub(r"\s+\d+$|\s*\(.*\)", "", row["name"]).split(" - ")
            if len(ends) == 2 and all(bare(end) in self.streets for end in ends):
                one, other = map(bare, ends)
                spots.append(
                    self._spot(
                        "intersection", "traffic camera list 2017", _point(row), (150, 60),
                        street=one, second=other,
                    )
                )  # fmt: skip
        return [spot for spot in spots if spot]

    def landmarks(self) -> list[Spot]:
        """Points of interest of whose name a bus stop is near."""
        stops = defaultdict(list)
        for row in _csv(self.data / "bus" / "stops.csv"):
            stops[folded(row["name"])].append(_point(row))
        spots = []
        for row in _csv(self.data / "gazetteer" / "osm2018_pois.csv"):
            there = _point(row)
            near = any(there.dwithin(stop, 300) for stop in stops.get(folded(row["name"]), ()))
            if near and row["value"] not in {"bus_stop", "stop_position"}:
                name = " ".join(row["name"].split())
                source = "OSM 2018 POI confirmed by a bus stop name"
                spots.append(self._spot("landmark", source, there, (250, 110), name=name))
        once = {(folded(one.name), one.now.code): one for one in spots if one}
        return [one for one in once.values() if alike(one.name) not in self.namesakes]

    def stretches(self) -> list[Spot]:
        """Streets cut to a district of 2021."""
        districts = defaultdict(list)
        for ward in self.before.all:
            districts[ward.district].append(ward.shape)
        whole = [shapely.union_all(shapes) for _, shapes in sorted(districts.items())]
        tree = shapely.STRtree(whole)
        spots = []
        for street, line in self.streets.items():
            for district in sorted(tree.query(line, predicate="intersects")):
                part = line.intersection(whole[district])
                if part.length > max(150, 0.1 * line.length):
                    namesakes = self.namesakes[alike(street)].intersection(whole[district])
                    spots.append(self._along(street, part) if _gap(namesakes) < 500 else None)
        return [spot for spot in spots if spot]

    def _along(self, street: str, part: BaseGeometry) -> Spot | None:
        shares = self.now.shares(part)
        accepted = tuple(code for code, share in shares.items() if share > 0.05)
        longest = max(shapely.get_parts(part), key=lambda one: one.length)
        spot = self._spot(
            "street_only", "OSM 2018 street within a 2021 district",
            longest.interpolate(0.5, normalized=True), (0, 1), street=street,
        )  # fmt: skip
        return _accepting(spot, accepted) if spot and len(accepted) <= 6 else None

    def old_wards(self) -> list[Spot]:
        """Wards of 2021, whose 2025 wards are those that took a tenth of them or more."""
        return [self._of_old_ward(ward) for ward in self.before.all]

    def _of_old_ward(self, ward: Ward) -> Spot:
        shares = self.now.shares(ward.shape)
        accepted = tuple(code for code, share in shares.items() if share > 0.1)
        largest = self.now.by_code[max(shares, key=lambda code: shares[code])]
        point = ward.shape.representative_point()
        return Spot("ward_only", "2021 ward polygon", point, 0, accepted, largest, ward, ward)

    def new_wards(self) -> list[Spot]:
        """Wards of today; those of the two joined provinces too."""
        return [
            Spot(
                "ward_only", "2025 ward polygon", ward.shape.representative_point(), 0,
                (ward.code,), ward, None, None,
            )
            for ward in self.now.all
        ]  # fmt: skip

    def _spot(
        self, kind: str, source: str, point: Point, reach: tuple[int, int], **named: object
    ) -> Spot | None:
        """Return the place; None outside the city, and where the development rows have it."""
        tolerance, border = reach
        now = self.now.at(point)
        if now is None:
            return None
        accepted = tuple(ward.code for ward in self.now.near(point, border))
        spot = Spot(
            kind, source, point, tolerance, accepted, now, self.before.at(point),
            self.older.at(point), **named,
        )  # fmt: skip
        lon, lat = spot.degrees
        return None if (kind, str(lat), str(lon)) in self.used else spot


def bare(name: str) -> str:
    """Return a street's name without the word for a street, where the rest is a name."""
    return GENERIC.sub("", " ".join(name.split()))


def alike(name: str) -> str:
    """Return what spellings of one street's name share: "Đường số 4", "Số 4" and "đường 4"."""
    return re.sub(r"^(?:duong |so )+(?=\d)", "", folded(bare(name)))


def _accepting(spot: Spot, accepted: tuple[str, ...]) -> Spot:
    codes = tuple(sorted({*accepted, spot.now.code}))
    return replace(spot, accepted=codes)


def _across(shape_: BaseGeometry) -> float:
    west, south, east, north = shape_.bounds
    return max(east - west, north - south)


def _gap(lines: BaseGeometry) -> float:
    """Return the longest jump in metres that joins the pieces of a street into one."""
    pieces = list(shapely.get_parts(shapely.line_merge(lines)))
    longest, reached = 0.0, pieces.pop(0)
    while pieces:
        nearest = min(pieces, key=reached.distance)
        longest = max(longest, reached.distance(nearest))
        reached = reached.union(nearest)
        pieces.remove(nearest)
    return longest


def _point(row: dict[str, str]) -> Point:
    return in_metres(Point(float(row["lon"]), float(row["lat"])))


def _csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
