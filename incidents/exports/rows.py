"""One definition of an exported row, and of who gets which; the same in every format.

No contact, no words of anybody, no note, no photo: nothing but what the catalogue calls things.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.contrib.gis.db.models.functions import GeoFunc
from django.db import transaction
from django.db.models import F, FloatField, QuerySet
from django.utils import timezone

from districts.models import Category
from gis_core import sql
from incidents.actors import Actor
from incidents.errors import PermissionDenied
from incidents.exports import coarse_rows
from incidents.exports.names import Names
from incidents.exports.table import BATCH, Field, Kind, Row, Table, point
from incidents.filters import Filters
from incidents.listing import filtered
from incidents.models import Incident
from incidents.permissions import Act, Reach, Role
from incidents.selectors import visible_to

FIELDS: Final = (
    Field("id", Kind.WHOLE),
    Field("category", Kind.TEXT),
    Field("category_name", Kind.TEXT, "cat_name"),
    Field("category_name_en", Kind.TEXT, "cat_nameen"),
    Field("sector", Kind.TEXT),
    Field("sector_name", Kind.TEXT, "sect_name"),
    Field("status", Kind.TEXT),
    Field("agency", Kind.TEXT),
    Field("agency_name", Kind.TEXT, "agcy_name"),
    Field("ward", Kind.TEXT),
    Field("ward_name", Kind.TEXT),
    Field("ward_edition", Kind.TEXT, "ward_editn"),
    Field("district", Kind.TEXT),
    Field("district_name", Kind.TEXT, "dist_name"),
    Field("opened", Kind.MOMENT),
    Field("closed", Kind.MOMENT),
    Field("due", Kind.MOMENT),
    Field("late", Kind.TRUTH),
    Field("report_count", Kind.WHOLE, "reports"),
    Field("too_count", Kind.WHOLE),
    Field("blurred", Kind.TRUTH),
    Field("incident_count", Kind.WHOLE, "incidents"),
)
"""``docs/exports.md`` says what each holds."""

NAME: Final = "incidents"
NEVER_EXACT: Final = frozenset({Role.CITIZEN, Role.CONTRACTOR, Role.PLANNER})
"""Whose exports never hold a sensitive incident by itself, whatever they see on the screen."""
_COLUMNS: Final = (
    "id", "category_id", "status", "agency_id", "ward_id", "district_id", "opened_at", "closed_at",
    "due_at", "report_count", "too_count", "lon", "lat",
)  # fmt: skip


class _X(GeoFunc):
    function = "ST_X"
    output_field = FloatField()


class _Y(GeoFunc):
    function = "ST_Y"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to take out.

    ``exact``: sensitive incidents each by itself, as far as one's office reaches, in place of
    counts in coarse cells.
    """

    actor: Actor
    filters: Filters
    exact: bool = False

    def __post_init__(self) -> None:
        """Raise PermissionDenied where ``exact`` is not theirs."""
        if self.exact and self.actor.role in NEVER_EXACT:
            raise PermissionDenied


def export_rows(actor: Actor, filters: Filters) -> Iterator[Sequence[Row]]:
    """Yield batches of rows, see ``FIELDS`` and ``table.Row``, all as of one moment."""
    return _batches(Wish(actor, filters))


def table(wish: Wish) -> Table:
    """Return what a wish asks for; nothing is read before its batches are."""
    return Table(NAME, FIELDS, _batches(wish))


def one_by_one(wish: Wish) -> QuerySet[Incident]:
    """Return the incidents that leave each by itself."""
    rows = visible_to(wish.actor)
    if not wish.exact:
        # By their codes: a join would have all rows hashed and sorted before the first is sent.
        hidden = Category.objects.filter(sensitive=True).values_list("code", flat=True)
        rows = rows.exclude(category__in=list(hidden))
    return filtered(rows, wish.filters)


def count(wish: Wish, most: int) -> int:
    """Return how many rows there are, ``most`` + 1 where there are more than ``most``."""
    cells = 0 if wish.exact else len(coarse_rows.cells(wish.filters))
    return min(one_by_one(wish)[: most + 1].count() + cells, most + 1)


def read(rows: QuerySet[Incident], actor: Actor) -> Generator[Row]:
    """Yield the rows of incidents, in the order given; on the server they are one snapshot."""
    values = rows.annotate(lon=_X(F("position")), lat=_Y(F("position"))).values_list(*_COLUMNS)
    names, now, reach = Names(), timezone.now(), _Office(actor)
    for one in values.iterator(chunk_size=BATCH):
        yield _row(one, names, now, reach)


def _batches(wish: Wish) -> Iterator[Sequence[Row]]:
    # In a transaction the server keeps the place in the answer: rows come as they are read.
    alone = not transaction.get_connection().in_atomic_block
    with transaction.atomic():
        if alone:
            sql.run("incidents", "one_snapshot", {})
        # Closed inside: the cursor is the transaction's.
        with closing(read(one_by_one(wish).order_by("pk"), wish.actor)) as rows:
            while batch := list(islice(rows, BATCH)):
                yield batch
        if not wish.exact and (cells := coarse_rows.rows(wish.filters)):
            yield cells


@dataclass(frozen=True, slots=True)
class _Office:
    """Whether the reader's office has to do with a case: only offices read when it is due."""

    actor: Actor

    def reaches(self, agency: int | None, ward: int | None, district: int | None) -> bool:
        reach = self.actor.reach(Act.SEE)
        held = agency in self.actor.agencies
        inside = bool({ward, district} & self.actor.areas)
        return {
            Reach.ALL: True,
            Reach.AGENCY: held,
            Reach.AREA: inside,
            Reach.OFFICE: held or inside,
        }.get(reach, False)


def _row(one: Sequence[Any], names: Names, now: datetime, office: _Office) -> Row:
    pk, category, status, agency, ward, district, opened, closed, due, *counted, lon, lat = one
    theirs = office.reaches(agency, ward, district)
    return (
        pk,
        *names.category(category),
        status,
        *names.agency(agency),
        *names.area(ward),
        *names.area(district)[:2],
        _local(opened),
        _local(closed),
        _local(due) if theirs else None,
        bool(due and due < now) if theirs else None,
        *counted,
        False,
        1,
        point(lon, lat),
    )


def _local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment).replace(microsecond=0) if moment else None
