"""The rules, agencies and categories as plain values, kept in memory by catalogue version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Max

from districts import models
from districts.routing import Assign, Basis, CategoryFacts, Rule
from gis_core.errors import N_, DomainError


class UnknownCategory(DomainError):
    """No active category has this code."""

    code = "category.unknown"
    status = 422
    message = N_(
        "There is no category %(category)s. /api/v1/catalogue lists the categories to choose from."
    )


@dataclass(frozen=True, slots=True)
class AgencyNames:
    """An agency as people read it."""

    code: str
    name: str
    name_en: str

    def in_language(self, language: str) -> str:
        """The name in ``language``; Vietnamese where there is no other."""
        return self.name if language == "vi" else self.name_en or self.name


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What routing reads, as one version of the catalogue had it."""

    version: int
    rules: tuple[Rule, ...]
    agencies: Mapping[str, AgencyNames]
    categories: Mapping[str, CategoryFacts]

    def category(self, code: str) -> CategoryFacts:
        """Return the category of this code; raises UnknownCategory."""
        try:
            return self.categories[code]
        except KeyError:
            raise UnknownCategory(category=code) from None

    def agency(self, code: str) -> AgencyNames:
        """Return the names of an agency."""
        return self.agencies[code]


_kept: Rulebook | None = None


def current(version: int | None = None) -> Rulebook:
    """Return the rulebook of the catalogue as it stands.

    ``version`` is the one that placement has just read; without it one query asks. The rows are
    only read again when the version moved, so a change is seen by the next report everywhere.
    """
    global _kept  # noqa: PLW0603  one value a process, replaced whole, keyed by its version
    wanted = version if version is not None else newest_version()
    if _kept is None or _kept.version != wanted:
        _kept = _read(wanted)
    return _kept


def newest_version() -> int:
    """Return the id of the newest catalogue change; 0 for an empty catalogue."""
    return models.CatalogueChange.objects.aggregate(newest=Max("id"))["newest"] or 0


def _read(version: int) -> Rulebook:
    agencies = models.Agency.objects.values_list("code", "name", "name_en")
    categories = models.Category.objects.filter(active=True).values_list(
        "code", "sector_id", "danger", "certainty_threshold"
    )
    rules = models.Rule.objects.filter(superseded_at=None).select_related("agency")
    return Rulebook(
        version=version,
        rules=tuple(as_value(rule) for rule in rules),
        agencies={code: AgencyNames(code, name, name_en) for code, name, name_en in agencies},
        categories={row[0]: CategoryFacts(*row) for row in categories},
    )


def as_value(row: models.Rule) -> Rule:
    """Return a rule's row as the plain value that routing reads."""
    return Rule(
        code=row.code,
        id=row.pk,
        basis=Basis(row.basis),
        assign=Assign(row.assign),
        priority=row.priority,
        sectors=frozenset(row.sectors),
        categories=frozenset(row.categories),
        asset_kinds=frozenset(row.asset_kinds),
        area_codes=frozenset(row.area_codes),
        agency=row.agency.code if row.agency else None,
        valid_from=row.valid.lower,
        valid_to=row.valid.upper,
    )
