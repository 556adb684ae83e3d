"""OpenStreetMap extracts (.osm.pbf, .osm) -> features, with memory that does not grow with them.

Where the nodes of the whole extract lie is kept in a file of its own while reading; of what is read
only named things and addresses inside the extent come out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import osmium
import shapely
from shapely.geometry.base import BaseGeometry

from districts.geocoding.loading.features import Feature, Name, named
from districts.models import NameUse
from gis_core.errors import N_, DomainError

CLASSES = (
    "junction", "amenity", "shop", "tourism", "leisure", "healthcare", "historic", "railway",
    "aeroway", "public_transport", "office", "craft", "man_made", "military", "power", "place",
    "landuse", "waterway", "natural", "building", "highway",
)  # fmt: skip
"""Keys that say what a thing is, the first that is there counts."""

NAMES: Mapping[str, NameUse] = {
    "name": NameUse.OFFICIAL,
    "name:vi": NameUse.OTHER,
    "official_name": NameUse.OTHER,
    "alt_name": NameUse.OTHER,
    "loc_name": NameUse.OTHER,
    "bridge:name": NameUse.OTHER,
    "short_name": NameUse.SHORT,
    "old_name": NameUse.FORMER,
    "old_name:vi": NameUse.FORMER,
    "name:en": NameUse.ENGLISH,
}

Extent = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
Tags = Mapping[str, str]


class UnreadableExtract(DomainError):
    """A file is no OpenStreetMap extract, or is cut off."""

    code = "gazetteer.unreadable_extract"
    status = 422
    message = N_(
        "%(file)s cannot be read as an OpenStreetMap extract: %(reason)s. Fetch it again, or give "
        "a whole .osm.pbf file."
    )


def read_extract(path: Path, extent: Extent, scratch: Path) -> Iterator[Feature]:
    """Yield the named things and the addresses of the extract that touch the extent.

    Roads are lines as drawn, areas polygons, all else points. ``scratch`` is a folder with room for
    16 bytes a node. Raises UnreadableExtract.
    """
    if not path.is_file():
        raise UnreadableExtract(file=path.name, reason="there is no such file")
    with tempfile.TemporaryDirectory(prefix="nodes-", dir=scratch) as folder:
        try:
            yield from _features(path, Path(folder) / "locations", extent)
        except RuntimeError as error:
            raise UnreadableExtract(file=path.name, reason=error) from error


def _features(path: Path, locations: Path, extent: Extent) -> Iterator[Feature]:
    wanted = osmium.filter.KeyFilter("name", "addr:housenumber")
    objects = (
        osmium.FileProcessor(str(path))
        .with_locations(f"sparse_file_array,{locations}")
        .with_areas(osmium.filter.TagFilter(("type", "multipolygon")))
        .with_filter(wanted)
    )
    shapes = osmium.geom.WKBFactory()
    for one in objects:
        tags = dict(one.tags)
        if (feature := _feature(one, tags, shapes)) and _touches(feature.shape, extent):
            yield feature


def _feature(one: Any, tags: Tags, shapes: osmium.geom.WKBFactory) -> Feature | None:  # noqa: ANN401
    """Return an object as a feature, None for what is drawn otherwise or nameless."""
    kind = one.type_str()
    shape = _shape(one, kind, tags, shapes)
    if shape is None:
        return None
    number, street = tags.get("addr:housenumber", ""), tags.get("addr:street", "")
    sort = next((f"{key}/{tags[key]}" for key in CLASSES if key in tags), "")
    names = _names(tags) if sort else ()
    if not names and not (number and street):
        return None
    return Feature(
        reference=_reference(one, kind),
        sort=sort[:80] or "address",
        shape=shape,
        names=names,
        number=number,
        street=street,
        bridge=tags.get("bridge", "no") != "no" or tags.get("tunnel", "no") != "no",
    )


def _shape(
    one: Any,  # noqa: ANN401
    kind: str,
    tags: Tags,
    shapes: osmium.geom.WKBFactory,
) -> BaseGeometry | None:
    try:
        if kind == "n":
            return shapely.from_wkb(bytes.fromhex(shapes.create_point(one)))
        if kind == "w" and _is_line(tags):
            return shapely.from_wkb(bytes.fromhex(shapes.create_linestring(one)))
        if kind == "a" and not _is_line(tags):
            return shapely.from_wkb(bytes.fromhex(shapes.create_multipolygon(one)))
    except (RuntimeError, osmium.InvalidLocationError):
        # A way whose nodes the extract does not hold, a ring that does not close.
        return None
    return None


def _is_line(tags: Tags) -> bool:
    return ("highway" in tags or "waterway" in tags) and tags.get("area", "no") == "no"


def _reference(one: Any, kind: str) -> str:  # noqa: ANN401
    if kind == "a":
        return f"{'way' if one.from_way() else 'relation'}/{one.orig_id()}"
    return f"{'node' if kind == 'n' else 'way'}/{one.id}"


def _names(tags: Tags) -> tuple[Name, ...]:
    names = named(*((tags.get(key, ""), use) for key, use in NAMES.items()))
    # Without a name a thing may still have a former one; nobody finds it by that alone.
    return names if "name" in tags else ()


def _touches(shape: BaseGeometry, extent: Extent) -> bool:
    west, south, east, north = shape.bounds
    return west <= extent[2] and east >= extent[0] and south <= extent[3] and north >= extent[1]
