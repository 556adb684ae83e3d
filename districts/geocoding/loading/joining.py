"""The pieces of one name as one place: a street, an alley, a bridge."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from districts.geocoding.alley_names import alley_name
from districts.geocoding.keys import number_key, place_key
from districts.geocoding.loading.features import Feature, Name, PlaceRecord
from districts.geocoding.loading.grouping import Reach, grouped, reach_of
from districts.geocoding.loading.weighing import landmark_weight, road_weight
from districts.models import NameUse, PlaceKind
from gis_core.names import spelled
from gis_core.planes import to_metres

PIECES_REACH = Reach(150.0, 150.0)
"""Of an alley, a bridge, a river drawn in pieces."""
ALLEY_WEIGHT = 0.1
STREET_WORD = "đường "

_TWIN = re.compile(r"(?P<name>\S+ (?!số).{2,}) \d", re.IGNORECASE)


def joined_by_name(
    features: Sequence[Feature], metric_srid: int, reach: Reach | None = PIECES_REACH
) -> list[list[Feature]]:
    """Return the features that are pieces of one place, in groups.

    Without a ``reach`` each name's own: that of a street.
    """
    by_key: dict[str, list[int]] = {}
    for at, feature in enumerate(features):
        by_key.setdefault(place_key(feature.name), []).append(at)
    shapes = to_metres(np.array([one.shape for one in features], dtype=object), metric_srid)
    return [
        [features[same[at]] for at in group]
        for key, same in by_key.items()
        for group in grouped(
            shapes[same],
            [_own_words(features[at].name) for at in same],
            reach or reach_of(key),
        )
    ]


def _own_words(name: str) -> tuple[str, ...]:
    return tuple(spelled(name).removeprefix(STREET_WORD).split())


def street_of(pieces: Sequence[Feature], metric_srid: int) -> PlaceRecord:
    """Return the street of these pieces, of the class that most of it has."""
    shape, names = _joined(pieces), joined_names(pieces)
    metres = to_metres(np.array([shape], dtype=object), metric_srid)[0].length
    lengths: dict[str, float] = {}
    for piece in pieces:
        lengths[piece.sort] = lengths.get(piece.sort, 0.0) + piece.shape.length
    sort = max(sorted(lengths), key=lambda one: lengths[one])
    return PlaceRecord(
        reference=f"street:{_first(pieces)}",
        kind=PlaceKind.STREET,
        sort=sort,
        name=names[0].name,
        shape=shape,
        weight=road_weight(sort, metres),
        names=names,
        street_key=place_key(names[0].name),
    )


def alley_of(pieces: Sequence[Feature]) -> PlaceRecord:
    """Return the alley of these pieces; its number and street are in its name."""
    names = joined_names(pieces)
    said = alley_name(names[0].name)
    return PlaceRecord(
        reference=f"alley:{_first(pieces)}",
        kind=PlaceKind.ALLEY,
        sort=pieces[0].sort,
        name=names[0].name,
        shape=_joined(pieces),
        weight=ALLEY_WEIGHT,
        names=names,
        number=said.number[:40] if said else "",
        street_key=said.street_key if said else "",
    )


def landmark_of(pieces: Sequence[Feature], kind: PlaceKind) -> PlaceRecord:
    """Return the landmark, junction or stop that is drawn so."""
    first = min(pieces, key=lambda piece: piece.reference)
    sort = first.sort
    if kind == PlaceKind.JUNCTION:
        sort = f"junction/{first.sort.rpartition('/')[2]}"
    elif first.bridge:
        sort = f"bridge/{first.sort.rpartition('/')[2]}"
    names = _with_whole_bridge(joined_names(pieces), sort)
    return PlaceRecord(
        reference=first.reference,
        kind=kind,
        sort=sort,
        name=names[0].name,
        shape=_joined(pieces),
        weight=landmark_weight(sort),
        names=names,
        number=number_key(first.number)[:40],
        street_key=place_key(first.street) if first.street else "",
    )


def _with_whole_bridge(names: tuple[Name, ...], sort: str) -> tuple[Name, ...]:
    """Return a bridge's names with what people call it and its twin: "Cầu Sài Gòn 1"."""
    whole = _TWIN.fullmatch(names[0].name) if sort.startswith("bridge/") else None
    return (*names, Name(whole["name"], NameUse.SHORT)) if whole else names


def joined_names(pieces: Sequence[Feature]) -> tuple[Name, ...]:
    """Return every name of the pieces once, the official one first: the longest that has marks.

    Of two spellings with one key the second says nothing new and is left out.
    """
    lengths: dict[str, float] = {}
    for piece in pieces:
        lengths[piece.name] = lengths.get(piece.name, 0.0) + piece.shape.length
    best = max(lengths, key=lambda name: (_is_marked(name), lengths[name], name))
    others = [Name(name, NameUse.OTHER) for name in sorted(lengths) if name != best]
    others += [name for piece in pieces for name in piece.names[1:]]
    known = {place_key(best), ""}
    kept = [next(piece.names[0] for piece in pieces if piece.name == best)]
    for name in others:
        if (key := place_key(name.name)) not in known:
            known.add(key)
            kept.append(name)
    return tuple(kept)


def _is_marked(name: str) -> bool:
    apart = unicodedata.normalize("NFD", name.replace("đ", "d\u0300"))
    return any(unicodedata.combining(letter) for letter in apart)


def _joined(pieces: Sequence[Feature]) -> BaseGeometry:
    if len(pieces) == 1:
        return pieces[0].shape
    whole = shapely.union_all([piece.shape for piece in pieces])
    return shapely.line_merge(whole) if shapely.get_dimensions(whole) == 1 else whole


def _first(pieces: Sequence[Feature]) -> str:
    return min(piece.reference for piece in pieces)
