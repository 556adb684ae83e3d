"""How likely people mean a place when its name fits, 0 to 1: a rule of thumb, for ties. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping

ROADS: Mapping[str, float] = {
    "motorway": 0.8, "trunk": 0.85, "primary": 0.8, "secondary": 0.7, "tertiary": 0.6,
    "unclassified": 0.45, "residential": 0.4, "living_street": 0.35, "pedestrian": 0.45,
    "road": 0.35, "service": 0.2, "track": 0.15, "footway": 0.15, "cycleway": 0.15, "path": 0.1,
}  # fmt: skip
"""By OpenStreetMap's class of a road."""

LANDMARKS: Mapping[str, float] = {
    "amenity/marketplace": 0.8, "amenity/hospital": 0.8, "amenity/university": 0.75,
    "amenity/bus_station": 0.75, "amenity/college": 0.6, "amenity/school": 0.55,
    "amenity/kindergarten": 0.4, "amenity/place_of_worship": 0.5, "amenity/townhall": 0.6,
    "amenity/police": 0.5, "amenity/post_office": 0.5, "amenity/theatre": 0.5,
    "amenity/cinema": 0.5, "amenity/ferry_terminal": 0.7, "amenity/clinic": 0.4,
    "amenity/library": 0.5, "amenity/courthouse": 0.5, "amenity/community_centre": 0.4,
    "amenity/fuel": 0.35, "amenity/bank": 0.3, "amenity/atm": 0.1,
    "shop/mall": 0.7, "shop/supermarket": 0.5, "shop/department_store": 0.5,
    "leisure/park": 0.7, "leisure/stadium": 0.75, "leisure/sports_centre": 0.5,
    "railway/station": 0.75, "railway/halt": 0.5, "aeroway/aerodrome": 0.85,
    "highway/bus_stop": 0.35, "public_transport/station": 0.6,
    "tourism/museum": 0.6, "tourism/attraction": 0.5, "tourism/zoo": 0.7, "tourism/hotel": 0.35,
    "historic/monument": 0.5, "place/square": 0.7, "place/locality": 0.5,
    "landuse/industrial": 0.5, "landuse/cemetery": 0.5, "landuse/residential": 0.35,
    "building/apartments": 0.4,
}  # fmt: skip
"""By class and value; what people meet at."""

CLASSES: Mapping[str, float] = {
    "bridge": 0.7, "tunnel": 0.7, "junction": 0.75, "waterway": 0.4, "natural": 0.3,
    "amenity": 0.25, "shop": 0.2, "tourism": 0.25, "office": 0.25, "leisure": 0.3,
    "place": 0.4, "railway": 0.4, "historic": 0.4, "building": 0.3, "highway": 0.3,
}  # fmt: skip
"""By class alone, where the table above says nothing."""

LONG_M = 10_000.0


def road_weight(sort: str, length_m: float) -> float:
    """Return a street's weight by its class, up to 0.1 more for its length."""
    value = sort.rpartition("/")[2].removesuffix("_link")
    share = math.log1p(length_m) / math.log1p(LONG_M)
    return round(ROADS.get(value, 0.3) + 0.1 * min(1.0, share), 3)


def landmark_weight(sort: str) -> float:
    """Return a landmark's weight by its class."""
    return LANDMARKS.get(sort, CLASSES.get(sort.partition("/")[0], 0.2))
