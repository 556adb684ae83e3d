"""A gazetteer for the nine wards of the zoo: few streets, each there for a reason.

Ward 101 is the south-western square. Positions are metres east and north of (106.70, 10.76).
"""

from __future__ import annotations

import json

from django.conf import settings

from districts.geocoding.loading import load_tables
from tests import zoo

EAST_M, NORTH_M = 1 / 109_220, 1 / 110_620
"""A metre in degrees, about, at the city's latitude."""
WARD_M = 1_100
"""About the side of a ward."""

ROADS = {
    # Runs through wards 104, 105, 106; its houses count from the west, 2.5 m a number.
    "Lê Văn Sỹ": [((0, 1600), (3200, 1600))],
    # Crosses it in ward 105.
    "Trần Quang Diệu": [((1600, 1200), (1600, 2900))],
    # The same name in wards 101 and 109.
    "Hoà Bình": [((100, 500), (900, 500)), ((2400, 2700), (3200, 2700))],
    "Nguyễn Thị Minh Khai": [((2700, 100), (2700, 1500))],
    "Hẻm 100 Lê Văn Sỹ": [((250, 1605), (250, 1800))],
}
HOUSES = {"Lê Văn Sỹ": [(n, n * 2.5, 1600 + (8 if n % 2 else -8)) for n in range(11, 1200, 40)]}
PLACES = [
    ("Chợ Tân Định", "amenity/marketplace", 500, 700),
    ("Bệnh viện Nhi Đồng", "amenity/hospital", 2600, 600),
    # Of one syllable; and one that bears the name of a street elsewhere.
    ("Lài", "amenity/hospital", 2600, 2600),
    ("Trần Quang Diệu", "amenity/hospital", 1700, 2400),
]


def at(east, north):
    """Return longitude and latitude of metres east and north."""
    return zoo.WEST + east * EAST_M, zoo.SOUTH + north * NORTH_M


def metres(lonlat):
    """Return metres east and north of a position."""
    return (lonlat.lon - zoo.WEST) / EAST_M, (lonlat.lat - zoo.SOUTH) / NORTH_M


def build(folder):
    """Publish the wards and load the gazetteer."""
    zoo.edition()
    paths = [_roads(folder), _places(folder), _houses(folder)]
    load_tables(paths, settings.BASE_DIR / "data/gazetteers/osm_tables.toml", actor="test")


def _roads(folder):
    columns = ("alt_name", "old_name", "name_en", "bridge")
    features = [
        {
            "type": "Feature",
            "properties": dict.fromkeys(columns, "")
            | {"osm_id": number, "name": name, "highway": "tertiary"},
            "geometry": {"type": "LineString", "coordinates": [at(*point) for point in line]},
        }
        for number, (name, line) in enumerate(
            (name, line) for name, lines in ROADS.items() for line in lines
        )
    ]
    path = folder / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def _places(folder):
    lines = ["osm_type,osm_id,class,value,name,name_en,alt_name,lat,lon,housenumber,street"]
    for number, (name, sort, east, north) in enumerate(PLACES):
        lon, lat = at(east, north)
        lines.append(f"node,{number},{sort.replace('/', ',')},{name},,,{lat},{lon},,")
    path = folder / "pois.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


def _houses(folder):
    lines = ["osm_id,housenumber,street,lat,lon"]
    for street, houses in HOUSES.items():
        for number, east, north in houses:
            lon, lat = at(east, north)
            lines.append(f"{number},{number},{street},{lat},{lon}")
    path = folder / "addresses.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path
