"""Streets, a junction, a market and houses of the made-up town, stored as a gazetteer is loaded.

Lê Lợi runs through ward 101 and, another one, through ward 109; Điện Biên Phủ crosses Xô Viết Nghệ
Tĩnh at Hàng Xanh in the middle of ward 105.
"""

from __future__ import annotations

from shapely import LineString, Point

from districts import city
from districts.geocoding.loading.assembling import assembled
from districts.geocoding.loading.features import Feature, GazetteerFacts, Name
from districts.geocoding.loading.storing import store
from districts.models import NameUse, PlaceKind

HANG_XANH = (106.715, 10.775)
FACTS = GazetteerFacts(code="zoo", title="Zoo", attribution="© Zoo", licence="MIT", source="")


def lay(*more: Feature) -> None:
    """Store the places, and ``more``; the wards must be there."""
    assembly = assembled([*features(), *more], city.current().metric_srid)
    store(FACTS, assembly, fingerprint=f"zoo-{len(more)}", actor="tests")


def features() -> list[Feature]:
    """Return what a source would say of the town."""
    return [
        _street("ll-1", (106.7012, 10.7653), (106.7088, 10.7653), Name("Lê Lợi"),
                Name("Bonard", NameUse.FORMER)),
        _street("ll-2", (106.722, 10.785), (106.728, 10.785), Name("Lê Lợi")),
        _street("dbp", (106.711, 10.775), (106.719, 10.775), Name("Điện Biên Phủ")),
        _street("xvnt", (106.715, 10.771), (106.715, 10.779), Name("Xô Viết Nghệ Tĩnh")),
        point("hx", "junction/yes", HANG_XANH, "Ngã tư Hàng Xanh", PlaceKind.JUNCTION),
        point("cho", "amenity/marketplace", (106.7052, 10.7681), "Chợ Bến Thành"),
        *(_house(number, lon) for number, lon in ((12, 106.7024), (45, 106.7052), (88, 106.7076))),
    ]  # fmt: skip


def _street(reference, begin, end, *names):
    return Feature(reference, "highway/primary", LineString([begin, end]), tuple(names))


def point(reference, sort, place, name, kind=None):
    return Feature(reference, sort, Point(place), (Name(name),), kind=kind)


def _house(number, lon):
    where = Point(lon, 10.7654)
    return Feature(f"h-{number}", "address", where, number=str(number), street="Lê Lợi")
