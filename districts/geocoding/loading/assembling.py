"""Features -> places: streets and alleys of many pieces, landmarks, junctions, stops, houses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from districts.geocoding.alley_names import is_alley
from districts.geocoding.keys import JUNCTION_KEYS, number_key, place_key
from districts.geocoding.loading.features import Feature, PlaceRecord
from districts.geocoding.loading.former_names import FormerName, renamed
from districts.geocoding.loading.housing import houses_of, with_known_streets, with_streets
from districts.geocoding.loading.joining import alley_of, joined_by_name, landmark_of, street_of
from districts.geocoding.loading.junctions import with_junctions
from districts.geocoding.loading.meeting import Meeting, meetings
from districts.geocoding.loading.surroundings import NOWHERE, Surroundings
from districts.models import PlaceKind
from gis_core.names import folded

AREAS = frozenset(
    {"city", "town", "county", "district", "state", "province", "country", "region", "suburb",
     "municipality", "borough", "village"}
)  # fmt: skip
"""Values of ``place``: wards and districts come from the editions, not from here."""
DRAWN_IN_PIECES = frozenset({"highway", "waterway", "natural", "bridge", "railway", "landuse"})
NAMELESS = frozenset(
    {"hem", "duong", "so", "cau", "cauvuot", "cauduong", "ham", "hamchui", "rach", "kenh", "song",
     "muong", "ho", "ao", "cho", "chua", "dinh", "mieu", "nhatho", "benhvien", "truong",
     "truonghoc", "tramyte", "congvien", "atm", "baidauxe", "nhavesinh", "wc", "toilet", "quan",
     "cafe", "caphe", "nhahang", "khachsan", "congty", "cuahang", *JUNCTION_KEYS}
)  # fmt: skip
"""Keys of words that name nothing in particular."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """The places of a source, and where its streets meet, by positions in ``records``."""

    records: Sequence[PlaceRecord]
    met: Sequence[Meeting]


def assembled(
    features: Iterable[Feature],
    metric_srid: int,
    former: Sequence[FormerName] = (),
    elsewhere: Callable[[], Surroundings] = lambda: NOWHERE,
) -> Assembly:
    """Return the places of a source, each reference once, in a stable order, streets first.

    A source that draws no streets takes those that ``elsewhere`` gives for its stops and addresses.
    """
    piles = _piles(features)
    pieces = renamed(piles[PlaceKind.STREET], former)
    streets = [street_of(one, metric_srid) for one in joined_by_name(pieces, metric_srid, None)]
    met = meetings(streets, metric_srid)
    around = Surroundings(streets, met) if streets else elsewhere()
    alleys = [alley_of(one) for one in joined_by_name(piles[PlaceKind.ALLEY], metric_srid)]
    others = with_streets(alleys, around.streets, metric_srid)
    others += houses_of(piles[PlaceKind.HOUSE])
    records = [*streets, *with_known_streets(others, around.streets, metric_srid)]
    for kind in (PlaceKind.LANDMARK, PlaceKind.JUNCTION, PlaceKind.STOP):
        records += _landmarks(piles[kind], kind, metric_srid)
    records = with_junctions(records, around, metric_srid)
    once = {record.reference: record for record in reversed(records)}
    return Assembly(list(reversed(once.values())), met)


def _piles(features: Iterable[Feature]) -> dict[PlaceKind, list[Feature]]:
    piles: dict[PlaceKind, list[Feature]] = {kind: [] for kind in PlaceKind}
    for feature in features:
        if kind := kind_of(feature):
            piles[kind].append(feature)
        if kind != PlaceKind.HOUSE and number_key(feature.number) and feature.street:
            piles[PlaceKind.HOUSE].append(feature)
    return piles


def kind_of(feature: Feature) -> PlaceKind | None:
    """Return what a feature is to people; None for what nobody would name."""
    if feature.kind:
        return feature.kind
    key = place_key(feature.name)
    cls, _, value = feature.sort.partition("/")
    if not key or key in NAMELESS:
        return PlaceKind.HOUSE if number_key(feature.number) and feature.street else None
    if cls == "place" and value in AREAS:
        return None
    return PlaceKind.STOP if value == "bus_stop" else _named_kind(feature, key, cls)


def _named_kind(feature: Feature, key: str, cls: str) -> PlaceKind:
    if key.startswith(JUNCTION_KEYS) and cls in {"highway", "junction", "place"}:
        return PlaceKind.JUNCTION
    if cls == "highway" and feature.shape.geom_type.endswith("LineString"):
        if feature.bridge and folded(feature.name).startswith(("cau ", "ham ")):
            return PlaceKind.LANDMARK
        return PlaceKind.ALLEY if is_alley(feature.name) else PlaceKind.STREET
    return PlaceKind.LANDMARK


def _landmarks(features: Sequence[Feature], kind: PlaceKind, metric_srid: int) -> list[PlaceRecord]:
    """Return a place for each feature, but one for a bridge or a river drawn in pieces."""
    pieces = [one for one in features if _is_piece(one)]
    whole = [[one] for one in features if not _is_piece(one)]
    return [landmark_of(one, kind) for one in (*whole, *joined_by_name(pieces, metric_srid))]


def _is_piece(feature: Feature) -> bool:
    return feature.shape.geom_type != "Point" and feature.sort.split("/")[0] in DRAWN_IN_PIECES
