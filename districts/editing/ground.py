"""Change what is said of an asset, a service area, an area or an edition; shapes come from files.

Assets and service areas are superseded: the old row keeps what it said, the new one takes its
place on the ground.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from districts import coverage
from districts.editing.verbs import EditedMeanwhile
from districts.loading.assets import asset_facts
from districts.loading.journal import CODE_LENGTH, Facts, period, record_change, take_turn
from districts.loading.service_areas import service_area_facts
from districts.models import Agency, Area, Asset, Edition, ServiceArea
from gis_core.errors import N_, DomainError

Row = TypeVar("Row", Asset, ServiceArea)


class RowSuperseded(DomainError):
    """What was to be edited is history: another row has taken its place."""

    code = "catalogue.row_superseded"
    status = 409
    message = N_("%(row)s is an older state and is kept as it was. Edit the current one.")


@dataclass(frozen=True, slots=True)
class AssetEdit:
    """What may be said anew of an asset."""

    name: str
    owner: Agency | None
    maintainer: Agency | None
    contract: tuple[date | None, date | None]
    """First day and the day after the last; both None: no contract is known."""


@dataclass(frozen=True, slots=True)
class ServiceAreaEdit:
    """What may be said anew of a service area."""

    categories: Sequence[str]
    valid: tuple[date | None, date | None]
    source: str


@dataclass(frozen=True, slots=True)
class AreaEdit:
    """What may be said anew of an area."""

    name: str
    name_en: str
    kind: str
    committee: Agency | None


@dataclass(frozen=True, slots=True)
class EditionEdit:
    """What may be said anew of an edition."""

    source: str
    licence: str
    attribution: str


@transaction.atomic
def edit_asset(pk: int, said: AssetEdit, actor: str) -> Asset:
    """Supersede an asset by one that says this; return the row that is current afterwards.

    Raises RowSuperseded.
    """
    take_turn()
    row = _current(Asset.objects.select_related("owner", "maintainer").get(pk=pk))
    before, old = _asset_says(row), row.pk
    row.name, row.owner, row.maintainer = said.name, said.owner, said.maintainer
    row.contract = DateRange(*said.contract) if any(said.contract) else None
    if _asset_says(row) == before:
        return row
    _supersede(row, coverage.cover_assets)
    record_change("asset", asset_code(row), before, _asset_says(row, old), actor)
    return row


@transaction.atomic
def edit_service_area(pk: int, said: ServiceAreaEdit, actor: str) -> ServiceArea:
    """Supersede a service area by one that says this; return the current row.

    Raises RowSuperseded.
    """
    take_turn()
    row = _current(ServiceArea.objects.select_related("agency").get(pk=pk))
    before, old = _service_area_says(row), row.pk
    row.categories, row.source = sorted(said.categories), said.source
    row.valid = DateRange(*said.valid)
    if _service_area_says(row) == before:
        return row
    _supersede(row, coverage.cover_service_areas)
    record_change(
        "service-area", service_area_code(row), before, _service_area_says(row, old), actor
    )
    return row


def _current(row: Row) -> Row:
    if row.superseded_at is not None:
        raise RowSuperseded(row=str(row))
    return row


def _supersede(row: Row, cover: Callable[[list[int]], object]) -> None:
    """Close the stored row and write ``row`` as a new one in its place."""
    now = timezone.now()
    closed = type(row).objects.filter(pk=row.pk, superseded_at=None).update(superseded_at=now)
    if not closed:
        raise EditedMeanwhile(row=str(row))
    row.pk = None
    row._state.adding = True  # noqa: SLF001  Django's own way to copy a row
    row.save(force_insert=True)
    cover([row.pk])


def _asset_says(row: Asset, replaces: int | None = None) -> Facts:
    return asset_facts(row) | ({"replaces": replaces} if replaces else {})


def _service_area_says(row: ServiceArea, replaces: int | None = None) -> Facts:
    said = service_area_facts(row) | {"since": (period(row.valid) or [None])[0]}
    return said | {"source": row.source} | ({"replaces": replaces} if replaces else {})


@transaction.atomic
def edit_area(pk: int, said: AreaEdit, actor: str) -> Area:
    """Change an area's names and committee; what they were is in the record."""
    take_turn()
    row = Area.objects.select_related("edition", "committee").get(pk=pk)
    before = _area_facts(row)
    row.name, row.name_en, row.kind = said.name, said.name_en, said.kind
    row.committee = said.committee
    if _area_facts(row) != before:
        row.save(update_fields=["name", "name_en", "kind", "committee"])
        record_change("area", area_code(row), before, _area_facts(row), actor)
    return row


@transaction.atomic
def edit_edition(pk: int, said: EditionEdit, actor: str) -> Edition:
    """Change where an edition comes from, as people read it; its shapes and days stay."""
    take_turn()
    row = Edition.objects.get(pk=pk)
    before = _edition_facts(row)
    row.source, row.licence, row.attribution = said.source, said.licence, said.attribution
    if _edition_facts(row) != before:
        row.save(update_fields=["source", "licence", "attribution"])
        record_change("edition", row.name, before, _edition_facts(row), actor)
    return row


def _area_facts(row: Area) -> Facts:
    committee = row.committee.code if row.committee else None
    return {"name": row.name, "name_en": row.name_en, "kind": row.kind, "committee": committee}


def _edition_facts(row: Edition) -> Facts:
    said = {"source": row.source, "licence": row.licence, "attribution": row.attribution}
    return {"level": row.level, **said}


def asset_code(row: Asset) -> str:
    """Return the code under which changes of an asset are recorded."""
    return f"{row.kind}/{row.code}"[:CODE_LENGTH]


def service_area_code(row: ServiceArea) -> str:
    """Return the code under which changes of a service area are recorded."""
    return f"{row.agency.code}/{row.name}"[:CODE_LENGTH]


def area_code(row: Area) -> str:
    """Return the code under which changes of an area are recorded."""
    return f"{row.edition.name}/{row.edition.level}/{row.code}"[:CODE_LENGTH]
