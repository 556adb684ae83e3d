"""The committee of every ward, made from the boundaries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from districts import city as cities
from districts.catalogue_ledger import Change, Facts, Ledger, Shelf, What
from districts.catalogue_records import City, CommitteeNames
from districts.models import Agency, AgencyClass, Area, Edition

ACTOR = "make_committees"


@transaction.atomic
def make_committees(edition: Edition, city: City | None = None) -> list[Change]:
    """Give every ward of ``edition`` its committee as an agency; return what changed.

    A committee's code holds the day on which the edition begins, so that a ward code that is used
    again is another agency, while two editions of the same wards share theirs; between those the
    published one says the names, and an exact one before an approximate one. Wards that have a
    committee keep it. Does nothing for a level, territory or city without ward committees.
    """
    city = city or cities.current()
    names = city.committees
    if names is None or (edition.level, edition.territory) != (city.ward_level, city.territory):
        return []
    wards = _wards(edition, names)
    current = agencies_now(wards)
    wanted = _wanted(wards, edition, city, names)
    ledger = Ledger(ACTOR, ("agency",), overwrite=True)
    for code, before in current.items():
        wanted[code] = _kept(
            before, wanted[code], edition, untouched=ledger.untouched("agency", code)
        )
    ledger.reconcile(Shelf("agency", wanted, current, write_agency))
    if joined := _join(wards):
        ledger.note("edition", edition.name, What.CHANGED, None, {"committees_of": joined})
    return ledger.close()


def committee_code(names: CommitteeNames, ward_code: str, edition: Edition) -> str:
    """Return the code of a ward's committee: ``ubnd-26740-2025-07-01``."""
    begins = f"-{edition.valid.lower}" if edition.valid.lower else ""
    return f"{names.code}-{ward_code}{begins}"


def _wards(edition: Edition, names: CommitteeNames) -> dict[str, Area]:
    """Return the wards whose committee is made here, by its code: those that have no other."""
    columns = ("code", "name", "kind", "committee__code")
    areas = edition.areas.select_related("committee").only(*columns)
    coded = {committee_code(names, area.code, edition): area for area in areas}
    return {
        code: area
        for code, area in coded.items()
        if area.committee is None or area.committee.code == code
    }


def _wanted(
    wards: dict[str, Area], edition: Edition, city: City, names: CommitteeNames
) -> dict[str, Facts]:
    parent = names.parent if Agency.objects.filter(code=names.parent).exists() else ""
    return {
        code: _facts(area, edition, city, names) | {"parent": parent}
        for code, area in wards.items()
    }


def _kept(before: Facts, facts: Facts, edition: Edition, *, untouched: bool) -> Facts:
    """Return what becomes of a committee that exists: what the city wrote there stays."""
    if untouched and _speaks(edition):
        return facts | {name: before[name] for name in ("phone", "email", "website")}
    interval = {name: facts[name] for name in ("valid_from", "valid_to")}
    return (
        before
        | (interval if _speaks(edition) else {})
        | {"parent": before["parent"] or facts["parent"]}
    )


def _facts(area: Area, edition: Edition, city: City, names: CommitteeNames) -> Facts:
    first, *others = [city.kind_names(area.kind)[language] for language in city.languages]
    kind_en = others[0] if others else first
    return {
        "agency_class": AgencyClass.COMMITTEE.value,
        "name": names.name.format(kind=first, name=area.name),
        # As pages write the ward itself: a name has its marks in every language.
        "name_en": names.name_en.format(kind=kind_en, name=area.name),
        "phone": "",
        "email": "",
        "website": "",
        "source": "made from the boundaries",
        "valid_from": _day(edition.valid.lower),
        "valid_to": _day(edition.valid.upper),
    }


def _speaks(edition: Edition) -> bool:
    """Whether no other edition of the same wards has more right to say their names."""
    same = Edition.objects.filter(
        level=edition.level, territory=edition.territory, valid__startswith=edition.valid.lower
    )
    ranks = {(one.published, not one.approximate, one.pk): one.pk for one in same}
    return ranks[max(ranks)] == edition.pk


def _join(wards: dict[str, Area]) -> list[str]:
    """Write each ward's committee where it has none; return the codes of those wards."""
    ids = dict(Agency.objects.filter(code__in=wards).values_list("code", "pk"))
    without = [(code, area) for code, area in wards.items() if area.committee_id is None]
    for code, area in without:
        area.committee_id = ids[code]
    Area.objects.bulk_update([area for _, area in without], ["committee"])
    return sorted(area.code for _, area in without)


def agencies_now(codes: Iterable[str] | None = None) -> dict[str, Facts]:
    """Return what the database says of these agencies, or of all, by code."""
    rows = Agency.objects.select_related("parent")
    if codes is not None:
        rows = rows.filter(code__in=list(codes))
    return {row.code: _agency_facts(row) for row in rows}


def _agency_facts(row: Agency) -> Facts:
    return {
        "agency_class": row.agency_class,
        "name": row.name,
        "name_en": row.name_en,
        "parent": row.parent.code if row.parent else "",
        "phone": row.phone,
        "email": row.email,
        "website": row.website,
        "source": row.source,
        "valid_from": _day(row.valid.lower),
        "valid_to": _day(row.valid.upper),
    }


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def write_agency(code: str, facts: Facts | None) -> None:
    """Make the agency's row say this; agencies are closed by their interval, never removed."""
    columns = dict(facts or {})
    parent = columns.pop("parent")
    interval = DateRange(columns.pop("valid_from"), columns.pop("valid_to"))
    above = Agency.objects.get(code=parent) if parent else None
    Agency.objects.update_or_create(
        code=code, defaults={**columns, "parent": above, "valid": interval}
    )
