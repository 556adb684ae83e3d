"""Store an edition: checked whole, beside the others, unpublished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast

import shapely
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from shapely.geometry.base import BaseGeometry

from districts import city, coverage, soundness
from districts.loading.checking import let_in
from districts.loading.journal import edition_facts, record_change, take_turn
from districts.models import Area, Edition
from districts.records import AreaRecord, EditionFacts
from districts.soundness import Lengths, Problem
from gis_core.errors import N_, DomainError
from gis_core.shapes import to_geos_multi, to_geos_point

LENGTHS = Lengths(code=40, name=120)


class BadInterval(DomainError):
    """A period ends before it begins."""

    code = "boundaries.bad_interval"
    status = 422
    message = N_("The period from %(valid_from)s to %(valid_to)s has no day in it.")


class EditionInUse(DomainError):
    """A published edition would be changed."""

    code = "boundaries.edition_in_use"
    status = 409
    message = N_(
        "%(name)s (%(level)s) is published and differs from what is being loaded. Load this under "
        "another name, then publish that one with --replaces %(name)s."
    )


class Outcome(StrEnum):
    """What became of an edition that was loaded."""

    STORED = "stored"
    REPLACED = "replaced"
    SAME = "same"
    """It was there already; nothing was written."""


@dataclass(frozen=True, slots=True)
class Options:
    """How strict the check is, and whether invalid shapes may be mended."""

    tolerance_m2: float = soundness.TOLERANCE_M2
    repair: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """The edition as stored, what became of it, and one note for each repair."""

    edition: Edition
    outcome: Outcome
    areas: int
    repairs: Sequence[Problem] = ()


def load_edition(
    records: Sequence[AreaRecord],
    facts: EditionFacts,
    options: Options | None = None,
    *,
    actor: str = "",
) -> Loaded:
    """Store an edition unpublished, whole or not at all.

    An unpublished edition of the same name and level is replaced; one that already says the same
    is left as it is. Raises Unsound with every fault found, BadInterval, EditionInUse.
    """
    _check_interval(facts)
    known = Edition.objects.filter(name=facts.name, level=facts.level).first()
    if known and facts.sha256 and _says_the_same(known, records, facts):
        return Loaded(known, Outcome.SAME, len(records))
    if known and known.published:
        raise EditionInUse(name=facts.name, level=facts.level)
    sound, repairs = checked(records, facts.name, options or Options())
    edition, outcome = _store(sound, facts, actor)
    return Loaded(edition, outcome, len(sound), repairs)


def checked(
    records: Sequence[AreaRecord], source: str, options: Options
) -> tuple[list[AreaRecord], list[Problem]]:
    """Return the records fit to be stored, and the repairs that were made. Raises Unsound."""
    outlines = [record.outline() for record in records]
    sound, repairs = let_in(
        outlines,
        source,
        soundness.rows_problems(outlines, LENGTHS),
        repair=options.repair,
        tolerance_m2=options.tolerance_m2,
    )
    pairs = zip(records, sound, strict=True)
    return [replace(record, shape=outline.shape) for record, outline in pairs], repairs


def _check_interval(facts: EditionFacts) -> None:
    if facts.valid_from and facts.valid_to and facts.valid_from >= facts.valid_to:
        raise BadInterval(valid_from=facts.valid_from, valid_to=facts.valid_to)


def _says_the_same(edition: Edition, records: Sequence[AreaRecord], facts: EditionFacts) -> bool:
    """Compare all but the shapes, for which the files' sum stands."""
    period = (edition.valid.lower, edition.valid.upper)
    if period != (facts.valid_from, facts.valid_to) or edition.sha256 != facts.sha256:
        return False
    stored = set(edition.areas.values_list("code", "name", "name_en", "kind"))
    return stored == {(one.code, one.name, one.name_en, one.kind) for one in records}


def _interval(facts: EditionFacts) -> DateRange:
    return DateRange(facts.valid_from, facts.valid_to)


@transaction.atomic
def _store(
    records: Sequence[AreaRecord], facts: EditionFacts, actor: str
) -> tuple[Edition, Outcome]:
    take_turn()
    before = _remove_unpublished(facts)
    edition = Edition.objects.create(
        name=facts.name,
        level=facts.level,
        territory=city.current().territory,
        valid=_interval(facts),
        approximate=facts.approximate,
        source=facts.source,
        licence=facts.licence,
        attribution=facts.attribution,
        sha256=facts.sha256,
    )
    Area.objects.bulk_create([_area(edition, record) for record in records])
    coverage.cover_edition(edition.pk)
    record_change("edition", edition.name, before, edition_facts(edition), actor)
    return edition, Outcome.REPLACED if before else Outcome.STORED


def _remove_unpublished(facts: EditionFacts) -> dict[str, object] | None:
    """Remove the edition that is being replaced; return what it said. Raises EditionInUse."""
    known = Edition.objects.filter(name=facts.name, level=facts.level).first()
    if known is None:
        return None
    if known.published:
        raise EditionInUse(name=facts.name, level=facts.level)
    before = edition_facts(known)
    known.delete()
    return before


def _area(edition: Edition, record: AreaRecord) -> Area:
    shape = cast("BaseGeometry", record.shape)  # the check refused what has none
    return Area(
        edition=edition,
        code=record.code,
        name=record.name,
        name_en=record.name_en,
        kind=record.kind,
        shape=to_geos_multi(shape),
        label_point=to_geos_point(shapely.point_on_surface(shape)),
    )
