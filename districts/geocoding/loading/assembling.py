"""Features -> places: streets and alleys of many pieces, landmarks, junctions, stops, houses."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from districts.geocoding.alley_names import alley_name, is_alley
from districts.geocoding.keys import key_words, number_key, place_key
from districts.geocoding.loading.features import Feature, Name, PlaceRecord
from districts.geocoding.loading.grouping import grouped, reach_of
from districts.geocoding.loading.housing import houses_of, with_streets
from districts.geocoding.loading.weighing import landmark_weight, road_weight
from districts.models import NameUse, PlaceKind
from gis_core.names import folded, spelled
from gis_core.planes import to_metres

ALLEY_REACH_M = 150.0
ALLEY_WEIGHT = 0.1
JUNCTION_KEYS = ("nga3", "nga4", "nga5", "nga6", "nga7", "vongxoay")
AREA_SORTS = frozenset(
    f"place/{value}"
    for value in ("city", "town", "county", "district", "state", "province", "country", "region",
                  "suburb", "municipality", "borough", "village")
)  # fmt: skip
"""Wards and districts come from the editions, not from here."""


def assembled(features: Iterable[Feature], metric_srid: int) -> list[PlaceRecord]:
    """Return the places of a source, each reference once, in a stable order."""
    piles: dict[PlaceKind, list[Feature]] = {kind: [] for kind in PlaceKind}
    for feature in features:
        if kind := kind_of(feature):
            piles[kind].append(feature)
        if feature.name and number_key(feature.number) and feature.street:
            piles[PlaceKind.HOUSE].append(feature)
    streets = _grouped_by_name(piles[PlaceKind.STREET], metric_srid)
    alleys = _grouped_by_name(piles[PlaceKind.ALLEY], metric_srid)
    records = [_street(one, metric_srid) for one in streets]
    records += with_streets([_alley(one) for one in alleys], records, metric_srid)
    for kind in (PlaceKind.LANDMARK, PlaceKind.JUNCTION, PlaceKind.STOP):
        records += [_landmark(feature, kind) for feature in piles[kind]]
    records += houses_of(piles[PlaceKind.HOUSE])
    return list({record.reference: record for record in records}.values())


def kind_of(feature: Feature) -> PlaceKind | None:
    """Return what a feature is to people; None for what nobody would name."""
    if feature.kind or not feature.name:
        mere_house = number_key(feature.number) and feature.street
        return feature.kind or (PlaceKind.HOUSE if mere_house else None)
    if feature.sort in AREA_SORTS:
        return None
    if feature.sort == "highway/bus_stop":
        return PlaceKind.STOP
    key = place_key(feature.name)
    if key.startswith(JUNCTION_KEYS):
        return PlaceKind.JUNCTION
    if feature.shape.geom_type.endswith("LineString") and not _is_bridge(feature):
        return PlaceKind.ALLEY if is_alley(feature.name) else PlaceKind.STREET
    return PlaceKind.LANDMARK if key else None


def _is_bridge(feature: Feature) -> bool:
    return feature.sort.startswith("bridge/") and folded(feature.name).startswith("cau ")


def _grouped_by_name(features: Sequence[Feature], metric_srid: int) -> list[list[Feature]]:
    by_key: dict[str, list[Feature]] = {}
    for feature in features:
        by_key.setdefault(place_key(feature.name), []).append(feature)
    shapes = to_metres(np.array([one.shape for one in features], dtype=object), metric_srid)
    metric = dict(zip((id(one) for one in features), shapes, strict=True))
    groups = []
    for key, same in by_key.items():
        reach = ALLEY_REACH_M if is_alley(same[0].name) else reach_of(key)
        lines = np.array([metric[id(one)] for one in same], dtype=object)
        words = [tuple(spelled_words(one.name)) for one in same]
        groups += [[same[at] for at in group] for group in grouped(lines, words, reach)]
    return groups


def spelled_words(name: str) -> list[str]:
    """Return the words of a street's own name as spelled: without "Đường"."""
    words, own = spelled(name).split(), key_words(name)
    return words[-len(own) :] if own else words


def _street(pieces: Sequence[Feature], metric_srid: int) -> PlaceRecord:
    shape, names, first = _joined(pieces)
    metres = to_metres(np.array([shape], dtype=object), metric_srid)[0].length
    return PlaceRecord(
        reference=f"street:{first.reference}",
        kind=PlaceKind.STREET,
        sort=first.sort,
        name=names[0].name,
        shape=shape,
        weight=road_weight(first.sort, metres),
        names=names,
        street_key=place_key(names[0].name),
    )


def _alley(pieces: Sequence[Feature]) -> PlaceRecord:
    shape, names, first = _joined(pieces)
    said = alley_name(names[0].name)
    return PlaceRecord(
        reference=f"alley:{first.reference}",
        kind=PlaceKind.ALLEY,
        sort=first.sort,
        name=names[0].name,
        shape=shape,
        weight=ALLEY_WEIGHT,
        names=names,
        number=said.number[:40] if said else "",
        street_key=said.street_key if said else "",
    )


def _joined(pieces: Sequence[Feature]) -> tuple[BaseGeometry, tuple[Name, ...], Feature]:
    """Return the lines of all pieces as one, their names, and the longest piece."""
    lines = shapely.line_merge(shapely.union_all([piece.shape for piece in pieces]))
    longest = max(pieces, key=lambda piece: (piece.shape.length, piece.reference))
    first = min(piece.reference for piece in pieces)
    return lines, joined_names(pieces), replace(longest, reference=first)


def joined_names(pieces: Sequence[Feature]) -> tuple[Name, ...]:
    """Return every name of the pieces once, the official one first: the longest under it.

    Of two spellings the one with marks is the name; another of the same key is left out.
    """
    lengths: dict[str, float] = {}
    for piece in pieces:
        lengths[piece.name] = lengths.get(piece.name, 0.0) + piece.shape.length
    best = max(lengths, key=lambda name: (name != folded_like(name), lengths[name], name))
    found = {best: Name(best)}
    for name in sorted(lengths):
        found.setdefault(name, Name(name, NameUse.OTHER))
    for piece in pieces:
        for other in piece.names[1:]:
            found.setdefault(other.name, other)
    known = {place_key(best)}
    return tuple(
        name for name in found.values() if name.name == best or _adds(place_key(name.name), known)
    )


def _adds(key: str, known: set[str]) -> bool:
    if not key or key in known:
        return False
    known.add(key)
    return True


def folded_like(name: str) -> str:
    """Return the name without its marks, letters and case as they were."""
    apart = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _landmark(feature: Feature, kind: PlaceKind) -> PlaceRecord:
    sort = f"junction/{feature.sort}" if kind == PlaceKind.JUNCTION else feature.sort
    return PlaceRecord(
        reference=feature.reference,
        kind=kind,
        sort=feature.sort,
        name=feature.name,
        shape=feature.shape,
        weight=landmark_weight(sort),
        names=joined_names([feature]),
        number=number_key(feature.number)[:40],
        street_key=place_key(feature.street) if feature.street else "",
    )
