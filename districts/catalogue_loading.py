"""The verb that makes the database say what the catalogue's files say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from districts import committees
from districts.catalogue_checks import area_codes
from districts.catalogue_files import FOLDER, read_catalogue
from districts.catalogue_ledger import Change, Facts, Ledger, Shelf
from districts.catalogue_records import AgencyRecord, Catalogue
from districts.models import Agency, Category, Edition, Rule, Sector
from gis_core import crs, sql

ACTOR = "load_catalogue"
SECTOR_COLUMNS = ("name", "name_en", "icon", "position")
CATEGORY_COLUMNS = (
    "sector_id", "name", "name_en", "icon", "position", "words", "danger", "public",
    "sensitive", "certainty_threshold", "duplicate_radius_m", "duplicate_window_days",
    "working_days", "active",
)  # fmt: skip


@transaction.atomic
def load_catalogue(
    city_code: str = "", folder: Path = FOLDER, *, overwrite: bool = False
) -> list[Change]:
    """Load a city's catalogue (by default the current one's) and return what changed.

    A second load returns nothing. Rules are superseded, never updated; a category that is no
    longer in its file becomes inactive, a rule superseded; agencies and sectors stay, because old
    decisions name them. Rows that somebody has edited since are left alone unless ``overwrite``.
    Raises BrokenCatalogue before anything is written.
    """
    catalogue = read_catalogue(city_code or settings.WARDWISE_CITY, folder)
    sql.rows("districts", "lock_catalogue", {})
    crs.register(catalogue.city.metric_srid)
    ledger = Ledger(ACTOR, ("sector", "category", "agency", "rule"), overwrite=overwrite)
    for shelf in (_sectors, _categories, _agencies, _rules):
        ledger.reconcile(shelf(catalogue))
    changes = ledger.close()
    for edition in Edition.objects.filter(published=True).order_by("pk"):
        changes += committees.make_committees(edition, catalogue.city)
    return changes


def _sectors(catalogue: Catalogue) -> Shelf:
    return Shelf(
        kind="sector",
        wanted={
            one.code: _columns(asdict(one) | {"position": place}, SECTOR_COLUMNS)
            for place, one in enumerate(catalogue.sectors)
        },
        current=sectors_now(),
        write=write_sector,
    )


def sectors_now() -> dict[str, Facts]:
    """Return what the database says of every sector, by code."""
    return {row["code"]: _columns(row, SECTOR_COLUMNS) for row in Sector.objects.values()}


def write_sector(code: str, facts: Facts | None) -> None:
    """Make the sector's row say this."""
    Sector.objects.update_or_create(code=code, defaults=facts)


def _categories(catalogue: Catalogue) -> Shelf:
    return Shelf(
        kind="category",
        wanted={
            one.code: _columns(
                asdict(one) | {"sector_id": one.sector, "position": place, "active": True},
                CATEGORY_COLUMNS,
            )
            for place, one in enumerate(catalogue.categories)
        },
        current=categories_now(),
        write=write_category,
        gone=lambda facts: facts | {"active": False},
    )


def categories_now() -> dict[str, Facts]:
    """Return what the database says of every category, by code."""
    return {row["code"]: _columns(row, CATEGORY_COLUMNS) for row in Category.objects.values()}


def write_category(code: str, facts: Facts | None) -> None:
    """Make the category's row say this."""
    Category.objects.update_or_create(code=code, defaults=facts)


def _columns(row: Mapping[str, object], columns: Sequence[str]) -> Facts:
    return {column: row[column] for column in columns}


def _agencies(catalogue: Catalogue) -> Shelf:
    return Shelf(
        kind="agency",
        wanted={one.code: _agency_facts(one) for one in _parents_first(catalogue.agencies)},
        current=committees.agencies_now(),
        write=committees.write_agency,
    )


def _parents_first(agencies: Sequence[AgencyRecord]) -> Iterator[AgencyRecord]:
    """Yield every agency after its parent; the files were checked for circles."""
    children: dict[str, list[AgencyRecord]] = {}
    for agency in agencies:
        children.setdefault(agency.parent, []).append(agency)
    waiting = list(children.get("", ()))
    while waiting:
        agency = waiting.pop(0)
        yield agency
        waiting += children.get(agency.code, ())


def _agency_facts(agency: AgencyRecord) -> Facts:
    facts = asdict(agency)
    del facts["code"]
    facts["agency_class"] = agency.agency_class.value
    return facts | _interval(agency.valid_from, agency.valid_to)


def _interval(start: date | None, end: date | None) -> Facts:
    return {"valid_from": _day(start), "valid_to": _day(end)}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _rules(catalogue: Catalogue) -> Shelf:
    return Shelf(
        kind="rule",
        wanted={
            rule.code: {
                "basis": rule.basis.value,
                "assign": rule.assign.value,
                "priority": rule.priority,
                "sectors": sorted(rule.sectors),
                "categories": sorted(rule.categories),
                "asset_kinds": sorted(rule.asset_kinds),
                "area_codes": list(area_codes(rule, catalogue)),
                "agency": rule.agency,
                "source": rule.source,
                **_interval(rule.valid_from, rule.valid_to),
            }
            for rule in catalogue.rules
        },
        current=rules_now(),
        write=supersede_rule,
        gone=lambda _: None,
    )


def rules_now() -> dict[str, Facts]:
    """Return what every current rule says, by code."""
    current = Rule.objects.filter(superseded_at=None).select_related("agency")
    return {rule.code: rule_facts(rule) for rule in current}


def rule_facts(rule: Rule) -> Facts:
    """Return what a rule says."""
    lists = {
        name: sorted(getattr(rule, name))
        for name in ("sectors", "categories", "asset_kinds", "area_codes")
    }
    return {
        "basis": rule.basis,
        "assign": rule.assign,
        "priority": rule.priority,
        **lists,
        "agency": rule.agency.code if rule.agency else "",
        "source": rule.source,
        **_interval(rule.valid.lower, rule.valid.upper),
    }


def supersede_rule(code: str, facts: Facts | None) -> None:
    """Close the rule as it was recorded, and record it as it is now."""
    Rule.objects.filter(code=code, superseded_at=None).update(superseded_at=timezone.now())
    if facts is None:
        return
    columns = dict(facts)
    agency = columns.pop("agency")
    interval = DateRange(columns.pop("valid_from"), columns.pop("valid_to"))
    named = Agency.objects.get(code=agency) if agency else None
    Rule.objects.create(code=code, agency=named, valid=interval, **columns)
