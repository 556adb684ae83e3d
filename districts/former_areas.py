"""Names of areas that are gone, into the database: so old names find their place out of the box."""

from __future__ import annotations

from datetime import date
from importlib.metadata import version

from django.db import transaction

from districts import city, obtaining
from districts.approximate.former import FormerName, former_names
from districts.loading.journal import record_change, take_turn
from districts.models import FormerArea

LIBRARY = "vietnamadminunits"
READING = 6
"""Raised whenever ``former_names`` reads the same tables otherwise, so that they are read anew."""


def name_former_areas(*, actor: str = "") -> int:
    """Store the names of the current city's former areas; return how many, 0 where none is new.

    Only for a city whose manifest says where its tables are. The same release of the tables is read
    once. Raises NoTables.
    """
    here = city.current().territory
    found = 0
    for source in obtaining.manifest().values():
        if source.city == here and source.approximation:
            gone = source.facts.valid_from or date.max
            found += _store(here, source.approximation.province, gone, actor)
    return found


def _store(territory: str, province: str, gone: date, actor: str) -> int:
    source = f"{LIBRARY} {version(LIBRARY)}, reading {READING}: {province}"
    if FormerArea.objects.filter(territory=territory, source=source).exists():
        return 0
    rows = [_row(one, territory, gone, source) for one in former_names(province)]
    with transaction.atomic():
        take_turn()
        FormerArea.objects.filter(territory=territory).delete()
        FormerArea.objects.bulk_create(rows)
        record_change("former_areas", territory, None, {"areas": len(rows), "of": source}, actor)
    return len(rows)


def _row(one: FormerName, territory: str, gone: date, source: str) -> FormerArea:
    town = city.current()
    levels = {"ward": town.ward_level, "district": town.district_level}
    return FormerArea(
        territory=territory,
        level=levels.get(one.level, one.level),
        code=one.code,
        name=one.name,
        kind=one.kind,
        within=one.within,
        valid_to=one.gone or gone,
        successors=[(part.code, part.share, part.back_share) for part in one.became],
        source=source,
    )
