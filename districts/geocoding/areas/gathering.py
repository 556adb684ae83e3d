"""Every area that is known: of the published editions, and those of which only the name is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import shapely
from django.contrib.gis.db.models.functions import AsWKB
from shapely.geometry.base import BaseGeometry

from districts import city
from districts.geocoding.areas.known import KnownArea, Plot, Successor
from districts.models import Area, FormerArea, Lineage
from districts.rulebook import EditionFacts, Rulebook
from districts.territory import AreaRef
from gis_core.names import spelled

Key = tuple[str, str, str]
"""District, kind and name, as spelled: the same for one area in several editions."""
COVERS = 0.8
"""Of a district's own polygon, from which on its wards together are taken for it."""


class _Plots:
    """The ground of areas, alone or together, one plot for the same ones."""

    def __init__(self, grounds: Mapping[int, bytes]) -> None:
        """``grounds`` are WKB by id: asked for one by one they would be questions to each text."""
        self._grounds = grounds
        self._kept: dict[tuple[int, ...], Plot] = {}

    def of(self, areas: Iterable[int]) -> Plot:
        """Return the ground of areas together; empty for none."""
        ids = tuple(sorted(areas))
        if ids not in self._kept:
            self._kept[ids] = Plot(
                partial(_alone, self._grounds[ids[0]])
                if len(ids) == 1
                else partial(_together, [self.of([one]) for one in ids])
            )
        return self._kept[ids]

    def of_district(self, district: int, wards: Sequence[int]) -> Plot:
        """Return the ground of a district: its wards' if they fill it, for they are drawn finer."""
        return Plot(partial(_filled, self.of([district]), self.of(wards)))


def _alone(ground: bytes) -> BaseGeometry:
    return shapely.from_wkb(ground)


def _together(plots: Sequence[Plot]) -> BaseGeometry:
    return shapely.union_all(shapely.make_valid([one.polygon for one in plots]))


def _filled(own: Plot, together: Plot) -> BaseGeometry:
    filled = together.polygon.area >= COVERS * own.polygon.area
    return together.polygon if filled else own.polygon


@dataclass(frozen=True, slots=True)
class _Source:
    """What areas are gathered from: the territory's editions, as they stand on a day."""

    book: Rulebook
    editions: Mapping[int, EditionFacts]
    day: date
    plots: _Plots

    def refs(self, level: str) -> list[tuple[EditionFacts, AreaRef]]:
        """Return the areas of one level."""
        rows = self.book.areas.values()
        return [
            (self.editions[edition], ref)
            for edition, ref in rows
            if edition in self.editions and ref.level == level
        ]


def gather(book: Rulebook, territory: str, day: date) -> list[KnownArea]:
    """Return every area of the territory that a published edition or a table of names knows.

    Present ones first, then the newest. Of two with one name, kind and district the newer is kept:
    an area that only grew.
    """
    editions = {one.id: one for one in book.editions if one.territory == territory}
    source = _Source(book, editions, day, _Plots(_grounds(editions)))
    named = {_key(one): one for one in _named(source, territory)}
    drawn = [_with_successors(one, named.get(_key(one))) for one in _drawn(source)]
    found: dict[Key, KnownArea] = {}
    for one in [*sorted(drawn, key=_newest_first), *named.values()]:
        found.setdefault(_key(one), one)
    return list(found.values())


def _newest_first(area: KnownArea) -> tuple[bool, int, str, str]:
    begins = area.valid_from or date.min
    return not area.is_present, -begins.toordinal(), area.level, area.code


def _key(area: KnownArea) -> Key:
    return spelled(area.within), spelled(area.kind), spelled(area.name)


def _with_successors(drawn: KnownArea, named: KnownArea | None) -> KnownArea:
    """Take the successors of the table of names where no lineage was computed."""
    if drawn.successors or named is None:
        return drawn
    return replace(drawn, successors=named.successors)


def _drawn(source: _Source) -> list[KnownArea]:
    town = city.current()
    wards, districts = source.refs(town.ward_level), source.refs(town.district_level)
    inside = _wards_inside(wards, districts)
    within = {ward: ref.full_name for _, ref in districts for ward in inside[ref.id]}
    became = _successors(source)
    areas = [_area(edition, ref, within.get(ref.id, ""), became, source) for edition, ref in wards]
    for edition, ref in districts:
        plot = source.plots.of_district(ref.id, inside[ref.id])
        areas.append(replace(_area(edition, ref, "", became, source), plot=plot))
    return areas


def _area(
    edition: EditionFacts,
    ref: AreaRef,
    within: str,
    became: Mapping[int, Sequence[Successor]],
    source: _Source,
) -> KnownArea:
    present = edition.in_force_on(source.day)
    itself = (Successor(ref, 1.0, 1.0),)
    return KnownArea(
        name=ref.name,
        kind=ref.kind,
        level=ref.level,
        code=ref.code,
        within=within,
        valid_from=edition.valid_from,
        valid_to=edition.valid_to,
        is_present=present,
        successors=itself if present else tuple(became.get(ref.id, ())),
        approximate=ref.approximate,
        ref=ref,
        plot=source.plots.of([ref.id]),
    )


def _wards_inside(
    wards: Sequence[tuple[EditionFacts, AreaRef]], districts: Sequence[tuple[EditionFacts, AreaRef]]
) -> dict[int, list[int]]:
    """Return the wards of each district: of the same years, with their label in it."""
    found: dict[int, list[int]] = {}
    for edition, ref in districts:
        alike = {other.id for other, _ in wards if _share_a_day(edition, other)}
        outer = Area.objects.only("shape").get(pk=ref.id).shape
        inner = Area.objects.filter(edition__in=alike, label_point__coveredby=outer)
        found[ref.id] = list(inner.order_by("code").values_list("pk", flat=True))
    return found


def _share_a_day(one: EditionFacts, other: EditionFacts) -> bool:
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    return begins < min(one.valid_to or date.max, other.valid_to or date.max)


def _successors(source: _Source) -> dict[int, list[Successor]]:
    found: dict[int, list[Successor]] = {}
    rows = Lineage.objects.order_by("-area_share", "to_area__code")
    shares = rows.values_list("from_area", "to_area", "area_share", "back_share")
    for old, new, share, back_share in shares:
        edition, ref = source.book.areas.get(new, (0, None))
        facts = source.editions.get(edition)
        if ref and facts and facts.in_force_on(source.day):
            found.setdefault(old, []).append(Successor(ref, share, back_share))
    return found


def _named(source: _Source, territory: str) -> Iterable[KnownArea]:
    """Return the areas of which only the name and the successors are known."""
    present = {
        ref.code: ref
        for edition, ref in source.refs(city.current().ward_level)
        if edition.in_force_on(source.day)
    }
    for row in FormerArea.objects.filter(territory=territory).order_by("pk"):
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
            successors=tuple(after),
            approximate=True,
            ref=None,
            plot=source.plots.of(one.area.id for one in after),
        )


def _grounds(editions: Iterable[int]) -> dict[int, bytes]:
    rows = Area.objects.filter(edition__in=editions).annotate(wkb=AsWKB("shape"))
    return {area: bytes(wkb) for area, wkb in rows.values_list("pk", "wkb")}
