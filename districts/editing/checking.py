"""The database as a catalogue, so that one edited row is held to what the files are held to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from districts import city as cities
from districts import committees
from districts.catalogue_checks import problems_in
from districts.catalogue_ledger import Facts
from districts.catalogue_loading import categories_now, rules_now, sectors_now
from districts.catalogue_records import (
    AgencyKind,
    AgencyRecord,
    Catalogue,
    CategoryRecord,
    RuleRecord,
    SectorRecord,
)
from districts.catalogue_rows import Problem
from districts.routing import Assign, Basis
from gis_core.errors import N_, DomainError

Rows = Mapping[str, Facts]
_Said = Mapping[str, Any]
"""Facts, of which the columns say the types."""


class EditRefused(DomainError):
    """The row, as edited, would contradict the rest of the catalogue; nothing was saved."""

    code = "catalogue.edit_refused"
    status = 422
    message = N_("This cannot be saved, for %(count)s reasons:\n%(problems)s")

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        listed = "\n".join(f"{problem.where}: {problem.what}" for problem in problems)
        super().__init__(count=len(problems), problems=listed)


def problems_after(kind: str, code: str, facts: Facts) -> list[Problem]:
    """Return what would be wrong once this row said ``facts``, and is not wrong already."""
    rows = _everything()
    standing = set(problems_in(_catalogue(rows)))
    after = problems_in(_catalogue({**rows, kind: {**rows[kind], code: facts}}))
    return [problem for problem in after if problem not in standing]


def _everything() -> dict[str, Rows]:
    return {
        "sector": sectors_now(),
        "category": categories_now(),
        "agency": committees.agencies_now(),
        "rule": rules_now(),
    }


def _catalogue(rows: Mapping[str, Rows]) -> Catalogue:
    city = cities.current()
    categories = {code: one for code, one in rows["category"].items() if one["active"]}
    return Catalogue(
        city=city,
        sectors=_records(rows["sector"], _sector),
        categories=_records(categories, _category),
        agencies=_records(rows["agency"], _agency),
        area_groups=(),
        rules=_records(rows["rule"], _rule),
        explanations=cities.explanations(),
    )


def _records(rows: Rows, build: Callable[[str, Any], Any]) -> tuple[Any, ...]:
    return tuple(build(code, facts) for code, facts in rows.items())


def _sector(code: str, facts: _Said) -> SectorRecord:
    return SectorRecord(code=code, name=facts["name"], name_en=facts["name_en"], icon=facts["icon"])


def _category(code: str, facts: _Said) -> CategoryRecord:
    said = {name: value for name, value in facts.items() if name not in _NOT_IN_FILES}
    return CategoryRecord(code=code, sector=facts["sector_id"], **said)


_NOT_IN_FILES = {"sector_id", "position", "active"}


def _agency(code: str, facts: _Said) -> AgencyRecord:
    kind = AgencyKind(facts["agency_class"])
    said = {name: value for name, value in facts.items() if name != "agency_class"}
    return AgencyRecord(code=code, agency_class=kind, **(said | _interval(facts)))


def _rule(code: str, facts: _Said) -> RuleRecord:
    lists = ("sectors", "categories", "asset_kinds", "area_codes")
    said: dict[str, Any] = {name: tuple(facts[name]) for name in lists} | _interval(facts)
    return RuleRecord(
        code=code,
        basis=Basis(facts["basis"]),
        assign=Assign(facts["assign"]),
        priority=facts["priority"],
        agency=facts["agency"],
        source=facts["source"],
        **said,
    )


def _interval(facts: _Said) -> dict[str, date | None]:
    return {name: _day(facts[name]) for name in ("valid_from", "valid_to")}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
