"""The areas heard in a text -> readings: which ward of which district is meant, by weight. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from districts.geocoding.areas.hearing import Heard
from districts.geocoding.areas.known import KnownArea, Plot
from districts.geocoding.areas.spellings import Hit
from gis_core.positions import LonLat

PRESENT, FORMER = 1.0, 0.35
"""How likely a ward of today is meant, and one that is gone, where a text fits both."""
OLDER = 0.7
"""What is left for an area that was gone before others of the name were: Quận Thủ Đức, 2020."""
BARE_WARD = 0.5
"""What is left for a ward where no kind was written: old districts are still the usual measure."""
MIXED = 0.3
"""A present ward with an old district around it: what is left beside an old ward of the two."""
WARD_WRONG = 0.12
"""How often the ward beside a right district is wrong, of readings that agree."""
DISAGREE = 0.5
"""What is left of either where the ward named does not lie in the district named."""
OUT_OF_PROVINCE = 0.1
"""What is left of an area that does not lie in the province named beside it."""
READINGS = 12

Fits = Callable[[KnownArea, KnownArea], bool]
"""Whether a ward lay in a district, or is made of its ground."""


@dataclass(frozen=True, eq=False)
class Reading:
    """One way to understand the areas named: the place lies in each of ``areas``."""

    areas: tuple[KnownArea, ...]
    """Innermost first: the ward, then the district."""
    weight: float
    """0 to 1; those of all readings sum to 1."""
    closeness: float
    """1 where the names are written as they are, less for marks, kinds or letters that differ."""
    tokens: frozenset[int]
    cued: bool = True
    """Whether a kind was written beside each name."""
    why: tuple[str, ...] = ()
    """What speaks against it: ``ward_not_in_district``, ``ward_ignored``."""

    @property
    def area(self) -> KnownArea:
        """The innermost area."""
        return self.areas[0]

    @property
    def plots(self) -> tuple[Plot, ...]:
        """The ground of each area; only of the innermost where it lay in the others by name."""
        return tuple(one.plot for one in self.areas[: 1 if self.area.within else None])

    def covers(self, lonlat: LonLat) -> bool:
        """Tell whether a point lies in each of the areas."""
        return bool(shapely.intersects_xy(common_ground(self.plots), lonlat.lon, lonlat.lat))


def common_ground(plots: Sequence[Plot]) -> BaseGeometry:
    """Return what plots have in common, WGS 84; the first one where that is nothing."""
    if len(plots) == 1:
        return plots[0].polygon
    common = shapely.intersection_all([one.polygon for one in plots])
    return common if common.area else plots[0].polygon


@dataclass(frozen=True, slots=True)
class _Named:
    """An area that was heard, and where."""

    hit: Hit
    heard: Heard

    @property
    def tokens(self) -> frozenset[int]:
        return frozenset(range(self.heard.first, self.heard.last))


def combined(heard: Sequence[Heard], fits: Fits, lies_in: Fits) -> tuple[Reading, ...]:
    """Return the readings of what was heard, the likeliest first; none where nothing was.

    ``lies_in`` tells whether an area lies in a province.
    """
    provinces = _of_level("province", heard)
    others = [one for one in heard if not any(_same_words(one, other.heard) for other in provinces)]
    wards, districts = _of_level("ward", others), _of_level("district", others)
    pairs = list(_pairs(wards, districts, fits))
    readings = [*pairs, *_alone(wards, districts, agree=bool(pairs))]
    if provinces and not readings:
        # "Bình Dương" alone: the former province, or the ward that has its name.
        readings = [_reading((one,), 1.0) for one in provinces]
        readings += _alone(_of_level("ward", heard), [], agree=False)
    elif provinces:
        readings = [_by_province(one, provinces, lies_in) for one in readings]
    ranked = sorted(readings, key=lambda one: -one.weight)[:READINGS]
    total = sum(one.weight for one in ranked)
    return tuple(_weighing(one, one.weight / total) for one in ranked)


def _of_level(level: str, heard: Sequence[Heard]) -> list[_Named]:
    return [_Named(hit, one) for one in heard if one.level == level for hit in one.hits]


def _same_words(one: Heard, province: Heard) -> bool:
    return one.level != "province" and province.first <= one.first and one.last <= province.last


def _by_province(one: Reading, provinces: Sequence[_Named], lies_in: Fits) -> Reading:
    if any(lies_in(one.area, province.hit.area) for province in provinces):
        return one
    return _weighing(one, one.weight * OUT_OF_PROVINCE)


def _pairs(wards: Sequence[_Named], districts: Sequence[_Named], fits: Fits) -> Iterator[Reading]:
    for ward in wards:
        for district in districts:
            if ward.tokens & district.tokens:
                continue
            fit = _fit(ward.hit.area, district.hit.area, fits) * _sureness(ward)
            if fit:
                yield _reading((ward, district), fit)


def _fit(ward: KnownArea, district: KnownArea, fits: Fits) -> float:
    """Return how well a ward and a district go together, 0 where not at all."""
    if not fits(ward, district):
        return 0.0
    return 1.0 if ward.within else MIXED


def _alone(
    wards: Sequence[_Named], districts: Sequence[_Named], *, agree: bool
) -> Iterator[Reading]:
    """Read only the ward, or only the district, where the two do not go together or may not."""
    both = bool(wards and districts)
    cued = any(one.heard.cued for one in wards)
    if not (both and agree):
        for one in wards:
            rest = _numbered(one) if both else 1.0
            why = ("ward_not_in_district",) if both and _apart(one, districts) else ()
            yield _reading((one,), rest * _sureness(one) * _era(one.hit.area), why)
    for one in districts:
        age = _age(one, districts)
        weight = 1.0 if not both else WARD_WRONG if agree and cued else DISAGREE
        why = ("ward_ignored",) if both and not agree and _apart(one, wards) else ()
        yield _reading((one,), weight * age, why)


def _sureness(ward: _Named) -> float:
    return 1.0 if ward.heard.cued else BARE_WARD


def _age(one: _Named, others: Sequence[_Named]) -> float:
    gone = one.hit.area.valid_to or date.max
    last = max(other.hit.area.valid_to or date.max for other in others)
    return 1.0 if gone == last else OLDER


def _apart(one: _Named, others: Sequence[_Named]) -> bool:
    return any(not one.tokens & other.tokens for other in others)


def _numbered(one: _Named) -> float:
    """A number is borne by so many wards that without its district it says next to nothing."""
    return DISAGREE * (0.1 if one.hit.area.name.isdigit() else 1.0)


def _era(area: KnownArea) -> float:
    return PRESENT if area.is_present else FORMER


def _reading(named: Sequence[_Named], weight: float, why: tuple[str, ...] = ()) -> Reading:
    closeness = 1.0
    for one in named:
        closeness *= one.hit.closeness
    return Reading(
        areas=tuple(one.hit.area for one in named),
        weight=weight * closeness,
        closeness=closeness,
        tokens=frozenset().union(*(one.tokens for one in named)),
        cued=all(one.heard.cued for one in named),
        why=why,
    )


def _weighing(one: Reading, weight: float) -> Reading:
    return Reading(one.areas, weight, one.closeness, one.tokens, one.cued, one.why)
