"""Bring a city's territory into use: real boundaries if they can be had, approximate if not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from districts import city, obtaining
from districts.approximate import approximate_wards
from districts.fetching import Progress, fetch, silent
from districts.loading import load_edition, publish_edition
from districts.manifest import Approximation, Source
from districts.sources import MissingFile, NoAnswer, SourceFailed, WrongSum
from gis_core.errors import DomainError

ACTOR = "prepare_city"
UNOBTAINABLE = (NoAnswer, SourceFailed, MissingFile, WrongSum)


class Readiness(StrEnum):
    """How a city's boundaries stand after they were prepared."""

    EXACT_ALREADY = "exact_already"
    EXACT_NOW = "exact_now"
    APPROXIMATE_ALREADY = "approximate_already"
    APPROXIMATE_NOW = "approximate_now"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What one edition's boundaries are now, and why they are only approximate."""

    edition: str
    readiness: Readiness
    areas: int = 0
    reason: DomainError | None = None

    @property
    def is_approximate(self) -> bool:
        """Whether real boundaries are still to be fetched."""
        return self.readiness in {Readiness.APPROXIMATE_ALREADY, Readiness.APPROXIMATE_NOW}


def prepare(origin: str = "", *, again: bool = False, tell: Progress = silent) -> list[Prepared]:
    """Put every edition of the current city into use for which the manifest has an address.

    Those whose files have to be given are for ``fetch_boundaries NAME --from``.

    A source that did not answer is not asked a second time, unless ``again`` or an ``origin`` of
    one's own says so: the approximate edition in use stands for its silence. Where there is no
    approximate edition, or ``origin`` was given, the error is raised.
    """
    sources = obtaining.manifest().values()
    here = city.current().territory
    return [_prepare(one, origin, again, tell) for one in sources if one.city == here and one.url]


def _prepare(source: Source, origin: str, again: bool, tell: Progress) -> Prepared:  # noqa: FBT001
    level, stand_in = source.facts.level, source.approximation
    if obtaining.is_published(source.name, level):
        return Prepared(source.name, Readiness.EXACT_ALREADY)
    stands_in = stand_in is not None and obtaining.is_published(stand_in.name, level)
    if stands_in and not (origin or again):
        return Prepared(source.name, Readiness.APPROXIMATE_ALREADY)
    try:
        paths = fetch(source, obtaining.folder_of(source), origin, tell=tell)
    except UNOBTAINABLE as reason:
        if origin or stand_in is None:
            raise
        if stands_in:
            return Prepared(source.name, Readiness.APPROXIMATE_ALREADY, reason=reason)
        return _approximate(source, stand_in, reason)
    loaded = obtaining.put_into_use(source, paths, actor=ACTOR)
    return Prepared(source.name, Readiness.EXACT_NOW, loaded.areas)


def _approximate(source: Source, stand_in: Approximation, reason: DomainError) -> Prepared:
    facts = source.facts_of(stand_in)
    records = approximate_wards(stand_in.province, city.current().metric_srid)
    loaded = load_edition(records, facts, actor=ACTOR)
    publish_edition(facts.name, facts.level, actor=ACTOR)
    return Prepared(source.name, Readiness.APPROXIMATE_NOW, loaded.areas, reason)
