"""Store service areas: checked whole, changed rows superseded, unchanged ones left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from districts import coverage, soundness
from districts.loading.agencies import AgencyBook
from districts.loading.checking import let_in
from districts.loading.ground import selected
from districts.loading.journal import Facts, fingerprint, period, record_changes, take_turn
from districts.loading.superseding import Reloaded, plan
from districts.models import Agency, Category, ServiceArea
from districts.reading import Row
from districts.soundness import Lengths, Outline, Problem
from gis_core.errors import N_
from gis_core.shapes import to_geos_multi

LENGTHS = Lengths(code=300, name=200)
NO_AGENCY = N_("Row %(row)s names no agency. Give one for all with --agency.")
UNKNOWN_CATEGORY = N_('There is no category "%(category)s" in the catalogue.')

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ServiceAreaColumns:
    """Which columns hold what; "" where the file has no such column."""

    agency: str = ""
    name: str = ""
    """Without it a service area is called as its agency is in the file."""

    def names(self) -> list[str]:
        """Return the columns that the file must have."""
        return [name for name in (self.agency, self.name) if name]


@dataclass(frozen=True, slots=True)
class ServiceAreaFacts:
    """What holds for every service area of a load."""

    categories: tuple[str, ...]
    source: str
    agency: str = ""
    """Agency code where the file names none."""
    valid_from: date | None = None
    valid_to: date | None = None
    """The day after the last."""
    only: Mapping[str, str] = field(default_factory=dict)
    agency_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Draft:
    agency: str
    name: str
    shape: BaseGeometry | None


def load_service_areas(
    rows: Sequence[Row],
    columns: ServiceAreaColumns,
    facts: ServiceAreaFacts,
    *,
    repair: bool = False,
    actor: str = "",
) -> tuple[Reloaded, list[Problem]]:
    """Store the rows as service areas, all or none; return what was done and each repair.

    Service areas of the same source that are no longer in the rows are closed. They may overlap,
    those of one agency too. Raises Unsound with every fault found.
    """
    book = AgencyBook.current(facts.agency_names)
    drafts = [_draft(row, columns, facts) for row in selected(rows, facts.only)]
    sound, repairs = _checked(drafts, facts, book, repair=repair)
    made = [_service_area(draft, facts, cast("Agency", book.find(draft.agency))) for draft in sound]
    return _store({_key(area): area for area in made}, facts, actor), repairs


def _draft(row: Row, columns: ServiceAreaColumns, facts: ServiceAreaFacts) -> _Draft:
    agency = (row.values[columns.agency] if columns.agency else "") or facts.agency
    name = row.values[columns.name] if columns.name else agency
    return _Draft(agency, name, row.shape)


def _checked(
    drafts: Sequence[_Draft], facts: ServiceAreaFacts, book: AgencyBook, *, repair: bool
) -> tuple[list[_Draft], list[Problem]]:
    outlines = [Outline(f"{one.agency}/{one.name}", one.name, one.shape) for one in drafts]
    faults = soundness.rows_problems(outlines, LENGTHS)
    faults += [
        Problem(NO_AGENCY, {"row": row}) for row, one in enumerate(drafts, 1) if not one.agency
    ]
    faults += book.problems(one.agency for one in drafts) + _category_problems(facts.categories)
    sound, repairs = let_in(outlines, facts.source, faults, repair=repair)
    pairs = zip(drafts, sound, strict=True)
    return [replace(draft, shape=outline.shape) for draft, outline in pairs], repairs


def _category_problems(categories: Sequence[str]) -> list[Problem]:
    known = set(Category.objects.filter(code__in=categories).values_list("code", flat=True))
    return [
        Problem(UNKNOWN_CATEGORY, {"category": code}) for code in categories if code not in known
    ]


def _service_area(draft: _Draft, facts: ServiceAreaFacts, agency: Agency) -> ServiceArea:
    return ServiceArea(
        agency=agency,
        name=draft.name,
        categories=sorted(facts.categories),
        shape=to_geos_multi(cast("BaseGeometry", draft.shape)),
        valid=DateRange(facts.valid_from, facts.valid_to),
        source=facts.source,
    )


def _key(area: ServiceArea) -> Key:
    return area.agency.code, area.name


@transaction.atomic
def _store(wanted: Mapping[Key, ServiceArea], facts: ServiceAreaFacts, actor: str) -> Reloaded:
    take_turn()
    stored = ServiceArea.objects.filter(superseded_at=None).select_related("agency")
    current = {_key(area): area for area in stored}
    steps = plan(
        {key: service_area_facts(area) for key, area in current.items()},
        {key: service_area_facts(area) for key, area in wanted.items()},
        frozenset(key for key, area in current.items() if area.source == facts.source),
    )
    closed = [current[key].pk for key in steps.closed]
    ServiceArea.objects.filter(pk__in=closed).update(superseded_at=timezone.now())
    made = ServiceArea.objects.bulk_create([wanted[key] for key in steps.written])
    coverage.cover_service_areas([area.pk for area in made])
    record_changes(
        "service-area",
        [
            ("/".join(key), _said(current.get(key)), _said(wanted.get(key)))
            for key in (*steps.written, *steps.gone)
        ],
        actor,
    )
    return steps.counted()


def _said(area: ServiceArea | None) -> Facts | None:
    return service_area_facts(area) if area else None


def service_area_facts(area: ServiceArea) -> Facts:
    """Return what a service area says; two that say the same need not be told apart.

    Its legal period counts only by its end: it begins with the load that first brought it.
    """
    ends = period(area.valid)
    return {
        "categories": sorted(area.categories),
        "until": ends[1] if ends else None,
        "shape": fingerprint(area.shape),
    }
