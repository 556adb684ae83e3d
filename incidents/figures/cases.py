"""The cases behind a figure: as many as it says, with what leaders may read, and no contact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from incidents.answers import Named
from incidents.deadlines import is_late
from incidents.figures import counting, measures
from incidents.figures.naming import By, names_of
from incidents.figures.scope import Scope
from incidents.figures.tallies import DAY
from incidents.models import Custody, Incident, Rating

PER_PAGE = 50
OF_INCIDENT = ("pk", "category", "status", "agency", "ward", "opened_at", "due_at", "closed_at")
OF_CUSTODY = (
    "began_at", "ended_at", "due_at", "used", "ended_by", "proven", "reopened_at", "promised_at",
    "contractor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One row behind a figure: an incident, with the custody or rating that was counted."""

    incident: int
    category: str
    status: str
    agency: Named | None
    """Whose custody it was; of an incident, who has it."""
    ward: str
    opened: datetime
    due: datetime | None
    began: datetime | None = None
    ended: datetime | None = None
    ended_by: str = ""
    used: float | None = None
    proven: bool | None = None
    reopened: datetime | None = None
    promised: datetime | None = None
    contractor: Named | None = None
    stars: int | None = None

    @property
    def days(self) -> float:
        """How long the custody lasted, or the incident has been open."""
        since = self.began or self.opened
        return ((self.ended or timezone.now()) - since) / DAY

    @property
    def late(self) -> bool:
        """Whether the limit was, or is, used up."""
        if self.used is not None:
            return self.used > 1
        return self.ended is None and is_late(self.due, timezone.now())

    @property
    def promise_broken(self) -> bool:
        """Whether it took longer than the agency promised."""
        if self.promised is None:
            return False
        return self.promised < (self.ended or timezone.now())


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the cases behind a figure."""

    figure: str
    total: int
    number: int
    pages: int
    cases: tuple[Case, ...]


def page_of(scope: Scope, figure: str, number: int, language: str) -> Page:
    """Return a page of what a figure counts; pages from 1, what lies beyond is the last one.

    Raises UnknownFigure.
    """
    rows = measures.behind(scope, figure)
    total = rows.count()
    pages = max(-(-total // PER_PAGE), 1)
    number = min(max(number, 1), pages)
    order = ("opened_at", "pk") if rows.model is Incident else ("incident__opened_at", "pk")
    shown = rows.order_by(*order)[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Page(figure, total, number, pages, read(shown, language))


def oldest(scope: Scope, many: int, language: str) -> tuple[Case, ...]:
    """Return what has stood open longest."""
    return read(counting.backlog(scope).order_by("opened_at", "pk")[:many], language)


def read(rows: QuerySet[Any], language: str) -> tuple[Case, ...]:
    """Return rows of incidents, custodies or ratings as cases, in their order."""
    to = "" if rows.model is Incident else "incident__"
    paths = {f"incident_{field}": f"{to}{field}" for field in OF_INCIDENT}
    if rows.model is Custody:
        paths |= {field: field for field in (*OF_CUSTODY, "agency")}
    if rows.model is Rating:
        paths |= {"stars": "stars"}
    found = [dict(zip(paths, values, strict=True)) for values in rows.values_list(*paths.values())]
    names = _Names(found, language)
    return tuple(_case(told, names) for told in found)


class _Names:
    """The names that rows need, three queries for however many rows."""

    def __init__(self, found: Iterable[dict[str, Any]], language: str) -> None:
        rows = list(found)
        holders = {row.get(field) for row in rows for field in ("agency", "contractor")}
        holders |= {row["incident_agency"] for row in rows}
        categories = {row["incident_category"] for row in rows}
        self.categories = names_of(By.CATEGORY, categories, language)
        self.wards = names_of(By.WARD, {row["incident_ward"] for row in rows}, language)
        self._agencies = names_of(By.AGENCY, holders - {None}, language)

    def agency(self, key: int | None) -> Named | None:
        """Return an agency's name."""
        return Named(*self._agencies[key]) if key in self._agencies else None


def _case(told: dict[str, Any], names: _Names) -> Case:
    held = "began_at" in told
    return Case(
        incident=told["incident_pk"],
        category=names.categories[told["incident_category"]][1],
        status=told["incident_status"],
        agency=names.agency(told["agency"] if held else told["incident_agency"]),
        ward=names.wards.get(told["incident_ward"], ("", ""))[1],
        opened=told["incident_opened_at"],
        due=told["due_at"] if held else told["incident_due_at"],
        began=told.get("began_at"),
        ended=told["ended_at"] if held else told["incident_closed_at"],
        ended_by=told.get("ended_by", ""),
        used=told.get("used"),
        proven=told.get("proven"),
        reopened=told.get("reopened_at"),
        promised=told.get("promised_at"),
        contractor=names.agency(told.get("contractor")),
        stars=told.get("stars"),
    )
