"""Every area that is known, in memory, as one version of the catalogue has it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from django.utils import timezone

from districts import bulk_placement, city, rulebook
from districts.geocoding.areas.gathering import gather
from districts.geocoding.areas.known import KnownArea
from districts.rulebook import EditionFacts, Rulebook
from districts.territory import AreaRef
from gis_core.names import folded
from gis_core.positions import LonLat

STALE_S = 1.0
"""How long ``kept`` trusts the version it asked for last."""
HALF = 0.5
PROVINCE = "province"
"""The level of provinces that the city absorbed; they are known by name only."""
LEAST_SHARE = 0.02
"""Of a present ward's ground, from which on it is said to lie in an old district."""


@dataclass(frozen=True, eq=False)
class AreaBook:
    """Every area that is known; nothing of it changes once read, shapes arrive when asked for."""

    version: int
    day: date
    areas: tuple[KnownArea, ...]
    """Present ones first, then the newest."""
    ward_level: str
    district_level: str
    present: EditionFacts | None
    """The ward edition in force."""
    refs: Mapping[int, AreaRef]

    @cached_property
    def wards(self) -> tuple[KnownArea, ...]:
        """The present wards."""
        return tuple(one for one in self.areas if one.is_present and one.level == self.ward_level)

    @cached_property
    def _back_shares(self) -> dict[tuple[int, int], float]:
        return {
            (id(one), after.area.id): after.back_share
            for one in self.areas
            for after in one.successors
        }

    def overlap(self, ward: KnownArea, district: KnownArea) -> float:
        """Return the share (0 to 1) of a present ward's ground that was the old district's."""
        if ward.ref is None:
            return 0.0
        pair = id(district), ward.ref.id
        if pair not in self._back_shares:
            # Where no lineage was computed the shapes are asked, once for a pair.
            known = bool(district.successors)
            self._back_shares[pair] = 0.0 if known else _common_share(ward, district)
        return self._back_shares[pair]

    def lies_in(self, area: KnownArea, province: KnownArea) -> bool:
        """Tell whether most of what became of an area became of a former province."""
        wards = {one.area.id for one in province.successors}
        return sum(one.share for one in area.successors if one.area.id in wards) > HALF

    def fits(self, ward: KnownArea, district: KnownArea) -> bool:
        """Tell whether a ward lay in a district, or is made of its ground."""
        if ward.within:
            return folded(ward.within) == folded(district.full_name)
        return self.overlap(ward, district) >= LEAST_SHARE

    def ward_at(self, lonlat: LonLat) -> AreaRef | None:
        """Return the present ward that covers the point, or the nearest across a sliver."""
        if self.present is None:
            return None
        edition = bulk_placement.of_edition(self.present.id)
        lons, lats = np.array([lonlat.lon]), np.array([lonlat.lat])
        at = int(edition.index.first(lons, lats)[0])
        if at < 0:
            at = int(edition.place(lons, lats).area[0])
        return self.refs[edition.areas[at].id] if at >= 0 else None


_kept: AreaBook | None = None
_asked_at = 0.0


def known(version: int | None = None) -> AreaBook:
    """Return the areas as the catalogue stands; read again only when its version or day moved.

    ``version`` is the one that the caller has just read; without it one query asks.
    """
    global _kept, _asked_at  # noqa: PLW0603  one value a process, replaced whole
    wanted = version if version is not None else rulebook.newest_version()
    day = timezone.localdate()
    if _kept is None or (_kept.version, _kept.day) != (wanted, day):
        _kept = _read(rulebook.current(wanted), day)
    _asked_at = time.monotonic()
    return _kept


def kept() -> AreaBook:
    """Return the areas in memory, asking for the catalogue's version at most once a second."""
    if _kept is None or time.monotonic() - _asked_at > STALE_S:
        return known()
    return _kept


def ward_at(lonlat: LonLat) -> AreaRef | None:
    """Return the present ward of a point; None outside. In memory, see ``kept``."""
    return kept().ward_at(lonlat)


def _read(book: Rulebook, day: date) -> AreaBook:
    town = city.current()
    return AreaBook(
        version=book.version,
        day=day,
        areas=tuple(gather(book, town.territory, day)),
        ward_level=town.ward_level,
        district_level=town.district_level,
        present=book.in_force(town.territory, town.ward_level, day),
        refs={pk: ref for pk, (_, ref) in book.areas.items()},
    )


def _common_share(ward: KnownArea, district: KnownArea) -> float:
    whole = ward.polygon.area
    return ward.polygon.intersection(district.polygon).area / whole if whole else 0.0
