"""Every area that is known, in memory, as one version of the catalogue has it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from itertools import chain

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from districts import bulk_placement, city, rulebook
from districts.geocoding.areas.known import KnownArea, Successor
from districts.models import Area, FormerArea, Lineage
from districts.rulebook import EditionFacts, Rulebook
from districts.territory import AreaRef
from gis_core.names import folded, spelled
from gis_core.positions import LonLat

STALE_S = 1.0
"""How long ``kept`` trusts the version it asked for last."""
LEAST_SHARE = 0.02
"""Of a present ward's ground, from which on it is said to lie in an old district."""
Key = tuple[str, str, str]
"""District, kind and name, as spelled: the same for one area in several editions."""


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
    own = [one for one in book.editions if one.territory == town.territory]
    present = book.in_force(town.territory, town.ward_level, day)
    refs = {pk: ref for pk, (_, ref) in book.areas.items()}
    drawn = _drawn(book, own, day)
    by_name = {_key(one) for one in drawn}
    ours = {
        ref.code: ref for edition, ref in book.areas.values() if present and edition == present.id
    }
    named = [one for one in _named(town.territory, ours) if _key(one) not in by_name]
    areas = _newest_of_each(sorted(chain(drawn, named), key=_newest_first))
    return AreaBook(
        book.version, day, tuple(areas), town.ward_level, town.district_level, present, refs
    )


def _common_share(ward: KnownArea, district: KnownArea) -> float:
    whole = ward.polygon.area
    return ward.polygon.intersection(district.polygon).area / whole if whole else 0.0


def _newest_of_each(areas: Iterable[KnownArea]) -> list[KnownArea]:
    """Leave out the older of two areas with one name, kind and district: one that only grew."""
    found: dict[Key, KnownArea] = {}
    for one in areas:
        found.setdefault(_key(one), one)
    return list(found.values())


def _newest_first(area: KnownArea) -> tuple[bool, int, str, str]:
    begins = area.valid_from or date.min
    return not area.is_present, -begins.toordinal(), area.level, area.code


def _key(area: KnownArea) -> Key:
    return spelled(area.within), spelled(area.kind), spelled(area.name)


def _drawn(book: Rulebook, editions: Sequence[EditionFacts], day: date) -> list[KnownArea]:
    """Return the areas of the published editions."""
    facts = {one.id: one for one in editions}
    within = _districts_of(book, editions)
    successors = _successors(book, facts, day)
    return [
        KnownArea(
            name=ref.name,
            kind=ref.kind,
            level=ref.level,
            code=ref.code,
            within=within.get(pk, ""),
            valid_from=facts[edition].valid_from,
            valid_to=facts[edition].valid_to,
            is_present=facts[edition].in_force_on(day),
            successors=(
                (Successor(ref, 1.0, 1.0),)
                if facts[edition].in_force_on(day)
                else tuple(successors.get(pk, ()))
            ),
            approximate=ref.approximate,
            ref=ref,
            shaped=partial(_shapes, (pk,)),
        )
        for pk, (edition, ref) in book.areas.items()
        if edition in facts
    ]


def _shapes(areas: Sequence[int]) -> BaseGeometry:
    rows = Area.objects.filter(pk__in=areas).annotate(wkb=AsWKB("shape"))
    shapes = [shapely.from_wkb(bytes(wkb)) for wkb in rows.values_list("wkb", flat=True)]
    return shapes[0] if len(shapes) == 1 else shapely.union_all(shapely.make_valid(shapes))


def _districts_of(book: Rulebook, editions: Sequence[EditionFacts]) -> dict[int, str]:
    """Return the name of each old ward's district: of the same years, around the ward's label."""
    town, found = city.current(), {}
    wards = [one for one in editions if one.level == town.ward_level]
    for outer in (one for one in editions if one.level == town.district_level):
        alike = [one.id for one in wards if _share_a_day(one, outer)]
        pairs = Area.objects.filter(edition=outer.id).values_list("pk", "shape")
        for pk, shape in pairs:
            inner = Area.objects.filter(edition__in=alike, label_point__coveredby=shape)
            name = book.areas[pk][1].full_name
            found.update(dict.fromkeys(inner.values_list("pk", flat=True), name))
    return found


def _share_a_day(one: EditionFacts, other: EditionFacts) -> bool:
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    return begins < min(one.valid_to or date.max, other.valid_to or date.max)


def _successors(
    book: Rulebook, facts: Mapping[int, EditionFacts], day: date
) -> dict[int, list[Successor]]:
    found: dict[int, list[Successor]] = {}
    rows = Lineage.objects.order_by("-area_share", "to_area__code")
    shares = rows.values_list("from_area", "to_area", "area_share", "back_share")
    for old, new, share, back_share in shares:
        edition, ref = book.areas.get(new, (0, None))
        if ref and edition in facts and facts[edition].in_force_on(day):
            found.setdefault(old, []).append(Successor(ref, share, back_share))
    return found


def _named(territory: str, present: Mapping[str, AreaRef]) -> Iterable[KnownArea]:
    """Return the areas of which only the name and the successors are known."""
    for row in FormerArea.objects.filter(territory=territory):
        after = [
            Successor(present[code], share, back_share)
            for code, share, back_share in row.successors
            if code in present
        ]
        yield KnownArea(
            name=row.name,
            kind=row.kind,
            level=row.level,
            code=row.code,
            within=row.within,
            valid_from=None,
            valid_to=row.valid_to,
            is_present=False,
            successors=tuple(sorted(after, key=lambda one: (-one.share, one.area.code))),
            approximate=True,
            ref=None,
            shaped=partial(_shapes, tuple(one.area.id for one in after)),
        )
