"""A rules file that is not loaded, for trying it out: read, checked against what stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.conf import settings

from districts import rulebook
from districts.catalogue_checks import area_codes, problems_in
from districts.catalogue_files import BrokenCatalogue, read_catalogue
from districts.catalogue_records import AgencyRecord, AreaGroup, Catalogue, RuleRecord
from districts.catalogue_rows import Problem, Reader
from districts.routing import Rule


def read_rules(path: Path) -> tuple[Rule, ...]:
    """Return the rules of a file in the form of ``rules.toml``; they have no ids.

    What it names must be in the city's catalogue or, agencies, in the database. Raises
    BrokenCatalogue with every problem.
    """
    standing = read_catalogue(settings.WARDWISE_CITY)
    reader = Reader(path, standing.city.languages)
    tried = replace(
        standing,
        agencies=(*standing.agencies, *_more_agencies(standing)),
        area_groups=reader.table("area_group", AreaGroup, needed=False),
        rules=reader.table("rule", RuleRecord),
    )
    reader.refuse_unread()
    found = reader.problems or [one for one in problems_in(tried) if one.file == "rules.toml"]
    if found:
        raise BrokenCatalogue([Problem(path.name, one.where, one.what) for one in found])
    return tuple(rule_of(record, tried) for record in tried.rules)


def rule_of(record: RuleRecord, catalogue: Catalogue) -> Rule:
    """Return a rule of the catalogue's files as routing takes it."""
    return Rule(
        code=record.code,
        basis=record.basis,
        assign=record.assign,
        priority=record.priority,
        sectors=frozenset(record.sectors),
        categories=frozenset(record.categories),
        asset_kinds=frozenset(record.asset_kinds),
        area_codes=frozenset(area_codes(record, catalogue)),
        agency=record.agency or None,
        valid_from=record.valid_from,
        valid_to=record.valid_to,
    )


def _more_agencies(standing: Catalogue) -> list[AgencyRecord]:
    """Return agencies that only the database has: committees, and what people have added."""
    listed = {one.code for one in standing.agencies}
    example = standing.agencies[0]
    return [
        replace(example, code=code, parent="", valid_from=None, valid_to=None)
        for code in rulebook.current().agencies
        if code not in listed
    ]
