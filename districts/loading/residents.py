"""Store how many people live in an edition's areas: checked whole, replaced whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from districts import city
from districts.loading.journal import Facts, record_change, take_turn
from districts.loading.publishing import find_edition
from districts.models import Area, Edition, ResidentCount, Residents
from districts.resident_files import Line, people_of
from districts.residents import Shares
from gis_core.errors import N_, DomainError

YEARS = range(1900, 2101)
MOST_SOURCE = 300


class BadYear(DomainError):
    """A year in which nobody was counted."""

    code = "residents.bad_year"
    status = 422
    message = N_("%(year)s is not a year between %(first)s and %(last)s.")


class NoSource(DomainError):
    """Nobody said who counted, or not briefly enough to be told beside numbers."""

    code = "residents.no_source"
    status = 422
    message = N_(
        "Say in 1 to %(most)s characters who counted, or where it was published: with --source."
    )


@dataclass(frozen=True, slots=True)
class CountFacts:
    """What holds for all lines of a file."""

    edition: str
    """Its name; of the city's ward level."""
    year: int
    source: str
    shares: Shares = Shares.AREA
    """By what people are shared out when these are not today's wards."""


@dataclass(frozen=True, slots=True)
class LoadedResidents:
    """What was stored, or would be."""

    edition: Edition
    people: Mapping[str, int]
    """By code of the areas that are known."""
    unknown: Sequence[str]
    """The codes of all others."""
    replaced: bool
    pk: int | None = None
    """The count's; None where it was only tried."""


def load_residents(
    lines: Iterable[Line],
    facts: CountFacts,
    *,
    file: str,
    dry_run: bool = False,
    actor: str = "",
) -> LoadedResidents:
    """Store the count of one edition and year, all or none, instead of the one that was stored.

    ``file`` is its name in errors. With ``dry_run`` all is checked and nothing is written. Raises
    NoEdition, BadYear, NoSource, ResidentsRefused, NoResidents.
    """
    _check(facts)
    with transaction.atomic():
        if not dry_run:
            take_turn()
        edition = find_edition(facts.edition, city.current().ward_level)
        areas = dict(Area.objects.filter(edition=edition).values_list("code", "pk"))
        people = people_of(lines, areas, file=file, edition=edition.name)
        former = ResidentCount.objects.filter(edition=edition, year=facts.year).first()
        pk = None if dry_run else _store(edition, facts, areas, people, former, actor)
    unknown = sorted(areas.keys() - people.keys())
    return LoadedResidents(edition, people, unknown, former is not None, pk)


def _check(facts: CountFacts) -> None:
    if facts.year not in YEARS:
        raise BadYear(year=facts.year, first=YEARS[0], last=YEARS[-1])
    if not 1 <= len(facts.source.strip()) <= MOST_SOURCE:
        raise NoSource(most=MOST_SOURCE)


def _store(
    edition: Edition,
    facts: CountFacts,
    areas: Mapping[str, int],
    people: Mapping[str, int],
    former: ResidentCount | None,
    actor: str,
) -> int:
    before = count_facts(former) if former else None
    if former:
        former.delete()
    count = ResidentCount.objects.create(
        edition=edition, year=facts.year, source=facts.source.strip(), shares=facts.shares.value
    )
    Residents.objects.bulk_create(
        Residents(count=count, area_id=areas[code], people=many) for code, many in people.items()
    )
    record_change("residents", count_code(count), before, count_facts(count), actor)
    return count.pk


def count_code(count: ResidentCount) -> str:
    """Return the code under which changes of a count are recorded."""
    return f"{count.edition.name}/{count.year}"


def count_facts(count: ResidentCount) -> Facts:
    """Return what a change says of a count: all but the single numbers."""
    people = list(count.residents.values_list("people", flat=True))
    return {
        "source": count.source,
        "shares": count.shares,
        "areas": len(people),
        "people": sum(people),
    }
