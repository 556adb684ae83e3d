"""What a catalogue's rows must hold between them; yields every problem. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from string import Formatter
from typing import Protocol
from zoneinfo import ZoneInfo

from districts.catalogue_records import (
    AgencyRecord,
    Catalogue,
    CategoryRecord,
    City,
    RuleRecord,
    Words,
)
from districts.catalogue_rows import Problem
from districts.routing import Assign, Basis

ASSIGNS: Mapping[Basis, Collection[Assign]] = {
    Basis.ASSET: (Assign.MAINTAINER, Assign.OWNER, Assign.AGENCY),
    Basis.SERVICE_AREA: (Assign.SERVICE_AREA, Assign.AGENCY),
    Basis.AREA: (Assign.COMMITTEE, Assign.AGENCY),
    Basis.FALLBACK: (Assign.AGENCY,),
}
"""Whom a rule of each basis may name."""

QUESTIONS = ("border", "border_many", "overlap")
NOTES = ("edge", "sliver", "uncovered", "former", "approximate", "check_after", "needs_triage")

PLACES_WHY = {"agency", "asset", "service_area", "area"}
PLACES_ASKED = {"agency_a", "agency_b", "share_a", "share_b", "accuracy"}
PLACES_NOTED = {"area"}
PLACES_COMMITTEE = {"kind", "name"}

_CODE = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


def problems_in(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield everything that is wrong between the rows of ``catalogue``."""
    yield from _codes(catalogue)
    yield from _city(catalogue)
    yield from _categories(catalogue)
    yield from _agencies(catalogue.agencies)
    for rule in catalogue.rules:
        for what in _rule(rule, catalogue):
            yield Problem("rules.toml", f"rule {rule.code}", what)
    yield from _fallback(catalogue)
    yield from _sentences(catalogue)


def _codes(catalogue: Catalogue) -> Iterator[Problem]:
    for file, rows in _by_file(catalogue).items():
        for code, times in Counter(rows).items():
            if times > 1:
                yield Problem(file, code, f"stands {times} times")
            if not _CODE.fullmatch(code):
                yield Problem(file, code, "a code is small letters, digits and hyphens")


def _by_file(catalogue: Catalogue) -> dict[str, list[str]]:
    sentences = catalogue.explanations
    return {
        "sectors.toml": [one.code for one in catalogue.sectors],
        "categories.toml": [one.code for one in catalogue.categories],
        "agencies.toml": [one.code for one in catalogue.agencies],
        "rules.toml": [
            *(one.code for one in catalogue.rules),
            *(one.code for one in catalogue.area_groups),
        ],
        "explanations.toml": [
            *(one.code for one in sentences.questions),
            *(one.code for one in sentences.notes),
            *(one.code for one in sentences.asset_kinds),
        ],
    }


def _city(catalogue: Catalogue) -> Iterator[Problem]:
    city, file = catalogue.city, f"{catalogue.city.code}.toml"
    agencies = {one.code for one in catalogue.agencies}
    categories = {one.code for one in catalogue.categories}
    if city.fallback_agency not in agencies:
        yield Problem(file, "fallback_agency", _unknown("agency", city.fallback_agency))
    if city.committees and city.committees.parent not in {"", *agencies}:
        yield Problem(file, "committees: parent", _unknown("agency", city.committees.parent))
    for line in city.emergency_lines:
        for code in sorted(set(line.categories) - categories):
            yield Problem(file, f"emergency_line {line.number}", _unknown("category", code))
    for key, what in _measures(city):
        yield Problem(file, key, what)


def _measures(city: City) -> Iterator[tuple[str, str]]:
    west, south, east, north = city.extent
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        yield "extent", "must be west, south, east, north in degrees"
    elif not (west <= city.view.centre[0] <= east and south <= city.view.centre[1] <= north):
        yield "map: centre", "lies outside the extent; longitude comes first"
    if city.sliver_m < 0 or min(city.accuracy_m.values(), default=0) < 0:
        yield "sliver_m, accuracy_m", "metres must not be negative"
    if not 0 < city.locating.confidence <= 1 or city.locating.accuracy_m <= 0:
        yield "locating", "confidence is a share above 0 and up to 1, accuracy_m metres above 0"
    if not city.languages:
        yield "languages", "names no language"
    if not _known_zone(city.time_zone):
        yield "time_zone", f'"{city.time_zone}" is not a time zone'
    for text in (city.committees.name, city.committees.name_en) if city.committees else ():
        yield from (("committees", what) for what in _strange_places(text, PLACES_COMMITTEE))


def _known_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def _categories(catalogue: Catalogue) -> Iterator[Problem]:
    sectors = {one.code for one in catalogue.sectors}
    for category in catalogue.categories:
        where = f"category {category.code}"
        if category.sector not in sectors:
            yield Problem("categories.toml", where, _unknown("sector", category.sector))
        for what in _limits(category):
            yield Problem("categories.toml", where, what)
    for code in sorted(sectors - {one.sector for one in catalogue.categories}):
        yield Problem("sectors.toml", f"sector {code}", "has no category")


def _limits(category: CategoryRecord) -> Iterator[str]:
    if not 0 < category.certainty_threshold <= 1:
        yield "certainty_threshold is a share, above 0 and at most 1"
    if category.duplicate_radius_m <= 0 or category.duplicate_window_days < 1:
        yield "duplicate_radius_m and duplicate_window_days must be above 0"
    if category.working_days < 1:
        yield "working_days must be at least 1"


def _agencies(agencies: Sequence[AgencyRecord]) -> Iterator[Problem]:
    parents = {one.code: one.parent for one in agencies}
    for agency in agencies:
        where = f"agency {agency.code}"
        if agency.parent and agency.parent not in parents:
            yield Problem("agencies.toml", where, _unknown("agency", agency.parent))
        if _above_itself(agency.code, parents):
            yield Problem("agencies.toml", where, "is above itself, by way of its parents")
        if not _in_order(agency.valid_from, agency.valid_to):
            yield Problem("agencies.toml", where, "valid_from must be before valid_to")


def _above_itself(code: str, parents: Mapping[str, str]) -> bool:
    above = parents.get(code, "")
    for _ in parents:
        if above in {"", code}:
            break
        above = parents.get(above, "")
    return above == code


def _in_order(start: date | None, end: date | None) -> bool:
    return start is None or end is None or start < end


def _rule(rule: RuleRecord, catalogue: Catalogue) -> Iterator[str]:
    yield from _references(rule, catalogue)
    yield from _fits(rule)
    yield from _places(rule, catalogue)
    if not _in_order(rule.valid_from, rule.valid_to):
        yield "valid_from must be before valid_to"
    named = next((one for one in catalogue.agencies if one.code == rule.agency), None)
    if named and not _within(rule, named):
        yield f'holds on days on which the agency "{named.code}" does not exist'


def _references(rule: RuleRecord, catalogue: Catalogue) -> Iterator[str]:
    known = {
        "sector": (rule.sectors, _all_codes(catalogue.sectors)),
        "category": (rule.categories, _all_codes(catalogue.categories)),
        "asset kind": (rule.asset_kinds, _all_codes(catalogue.explanations.asset_kinds)),
        "area group": (rule.areas, _all_codes(catalogue.area_groups)),
        "agency": ((rule.agency,) if rule.agency else (), _all_codes(catalogue.agencies)),
    }
    for kind, (used, rows) in known.items():
        for code in sorted(set(used) - rows):
            yield _unknown(kind, code)


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


def _all_codes(rows: Iterable[_Coded]) -> set[str]:
    return {one.code for one in rows}


def _fits(rule: RuleRecord) -> Iterator[str]:
    allowed = ASSIGNS[rule.basis]
    if rule.assign not in allowed:
        yield f'a rule of basis "{rule.basis}" assigns one of: {", ".join(allowed)}'
    if bool(rule.agency) != (rule.assign is Assign.AGENCY):
        yield 'names an agency exactly when it assigns "agency"'
    if bool(rule.asset_kinds) != (rule.basis is Basis.ASSET):
        yield 'names asset_kinds exactly when its basis is "asset"'


def _places(rule: RuleRecord, catalogue: Catalogue) -> Iterator[str]:
    levels = {catalogue.city.ward_level, catalogue.city.district_level}
    codes = area_codes(rule, catalogue)
    for code in codes:
        level, _, rest = code.partition(":")
        if level not in levels or not rest:
            yield f'the area "{code}" must be written level:code, the level one of {sorted(levels)}'
    wards = any(code.startswith(f"{catalogue.city.ward_level}:") for code in codes)
    if wards and rule.valid_from is None:
        yield "a rule for wards needs valid_from, because codes of wards are used again"


def area_codes(rule: RuleRecord, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the areas of a rule, those of its groups included, sorted."""
    groups = {group.code: group.area_codes for group in catalogue.area_groups}
    grouped = {code for name in rule.areas for code in groups.get(name, ())}
    return tuple(sorted(grouped | set(rule.area_codes)))


def _within(rule: RuleRecord, agency: AgencyRecord) -> bool:
    begins = agency.valid_from is None or (
        rule.valid_from is not None and agency.valid_from <= rule.valid_from
    )
    ends = agency.valid_to is None or (
        rule.valid_to is not None and rule.valid_to <= agency.valid_to
    )
    return begins and ends


def _fallback(catalogue: Catalogue) -> Iterator[Problem]:
    wanted = (catalogue.city.fallback_agency, None, None)
    rules = [rule for rule in catalogue.rules if rule.basis is Basis.FALLBACK]
    whole = [one for one in rules if not (one.sectors or one.categories or one.areas)]
    if wanted not in [(one.agency, one.valid_from, one.valid_to) for one in whole]:
        what = f'no fallback rule gives everything, at all times, to "{wanted[0]}"'
        yield Problem("rules.toml", "", what)


def _sentences(catalogue: Catalogue) -> Iterator[Problem]:
    said, file = catalogue.explanations, "explanations.toml"
    pairs = Counter((one.basis, one.assign) for one in said.because)
    for basis, assign in [(basis, one) for basis, all_ in ASSIGNS.items() for one in all_]:
        if pairs[basis, assign] != 1:
            times = pairs[basis, assign]
            yield Problem(
                file, f"because {basis} {assign}", f"stands {times} times instead of once"
            )
    for missing in sorted(set(QUESTIONS) - {one.code for one in said.questions}):
        yield Problem(file, f"question {missing}", "is missing")
    for missing in sorted(set(NOTES) - {one.code for one in said.notes}):
        yield Problem(file, f"note {missing}", "is missing")
    texts: list[tuple[str, Words, set[str]]] = [
        *((f"because {one.basis} {one.assign}", one.sentence, PLACES_WHY) for one in said.because),
        *((f"question {one.code}", one.sentence, PLACES_ASKED) for one in said.questions),
        *((f"note {one.code}", one.sentence, PLACES_NOTED) for one in said.notes),
    ]
    for where, words, allowed in texts:
        for language, text in words.items():
            for what in _strange_places(text, allowed):
                yield Problem(file, f"{where}: {language}", what)


def _strange_places(text: str, allowed: Collection[str]) -> Iterator[str]:
    try:
        found = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        yield f"has a stray brace: {error}"
        return
    for name in sorted(found - set(allowed)):
        yield f"{{{name}}} is not a place it may have; those are {', '.join(sorted(allowed))}"


def _unknown(kind: str, code: str) -> str:
    return f'names an unknown {kind} "{code}"'
