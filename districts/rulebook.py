"""Rules, agencies, categories, editions and areas as plain values, kept by catalogue version."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from districts import models
from districts.routing import Assign, Basis, CategoryFacts, Rule
from districts.territory import AreaRef, ServiceAreaRef
from gis_core import sql
from gis_core.errors import N_, DomainError
from gis_core.languages import in_language, in_sentence


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
        return in_language(language, self.name, self.name_en)

    def in_sentence(self, language: str) -> str:
        """The name as it stands within a sentence, with the article that English wants."""
        return in_sentence(language, self.in_language(language))


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """A published edition and its half-open interval; None is no bound."""

    id: int
    name: str
    level: str
    territory: str
    approximate: bool
    valid_from: date | None
    valid_to: date | None

    def begun_on(self, day: date) -> bool:
        """Whether the edition's interval has begun on ``day``."""
        return self.valid_from is None or self.valid_from <= day

    def in_force_on(self, day: date) -> bool:
        """Whether the edition's interval holds ``day``."""
        return self.begun_on(day) and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class DatedServiceArea:
    """A service area and the period in which it counts."""

    ref: ServiceAreaRef
    valid_from: date | None
    valid_to: date | None

    def in_force_on(self, day: date) -> bool:
        """Whether the service area counts on ``day``."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What placement and routing keep in memory, as one version of the catalogue had it."""

    version: int
    rules: tuple[Rule, ...]
    rules_for: Mapping[str, tuple[Rule, ...]]
    """By category code: the rules that speak of it, so that a pin does not ask the others."""
    agencies: Mapping[str, AgencyNames]
    agency_codes: Mapping[int, str]
    agencies_above: Mapping[str, str | None]
    """By an agency's code: the code of the one above it."""
    categories: Mapping[str, CategoryFacts]
    editions: tuple[EditionFacts, ...]
    """Published ones, newest first."""
    areas: Mapping[int, tuple[int, AreaRef]]
    """By area id: the edition's id and the area."""
    service_areas: Mapping[int, DatedServiceArea]

    def in_force(self, territory: str, level: str, day: date) -> EditionFacts | None:
        """Return the edition of this level whose interval holds ``day``."""
        own = self._editions(territory, level)
        return next((one for one in own if one.in_force_on(day)), None)

    def in_force_or_former(self, territory: str, level: str, day: date) -> EditionFacts | None:
        """Return the edition in force, else the last one that had begun by ``day``."""
        own = self._editions(territory, level)
        return next((one for one in own if one.begun_on(day)), None)

    def _editions(self, territory: str, level: str) -> list[EditionFacts]:
        return [one for one in self.editions if (one.territory, one.level) == (territory, level)]

    def category(self, code: str) -> CategoryFacts:
        """Return the category of this code; raises UnknownCategory."""
        try:
            return self.categories[code]
        except KeyError:
            raise UnknownCategory(category=code) from None

    def agency(self, code: str) -> AgencyNames:
        """Return the names of an agency."""
        return self.agencies[code]

    def agencies_under(self, codes: Collection[str]) -> frozenset[str]:
        """Return these agencies and all below them in the tree, as codes."""
        found = newest = frozenset(codes)
        while newest:
            below = (code for code, above in self.agencies_above.items() if above in newest)
            newest = frozenset(below) - found
            found |= newest
        return found

    def topmost_agencies(self, codes: Collection[str]) -> list[str]:
        """Return those of the agencies that are below none of the others, as codes in order."""
        return sorted(code for code in codes if self.agencies_above[code] not in codes)


_kept: Rulebook | None = None
_version_asked: ContextVar[list[int] | None] = ContextVar("version_asked", default=None)


def kept() -> Rulebook:
    """Return the rulebook in memory without asking whether it is the newest.

    For placement, whose own statement says which version it read.
    """
    return _kept or current()


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
    """Return the id of the newest catalogue change; 0 for an empty catalogue.

    Within ``one_version`` it is asked for once.
    """
    asked = _version_asked.get()
    if asked is None:
        return _newest()
    if not asked:
        asked.append(_newest())
    return asked[0]


@contextmanager
def one_version(known: int | None = None) -> Iterator[None]:
    """Speak of one version of the catalogue within, of a known one; not for what changes it."""
    before = _version_asked.set([] if known is None else [known])
    try:
        yield
    finally:
        _version_asked.reset(before)


def _newest() -> int:
    return int(sql.prepared("districts", "newest_version", [])[0][0])


def _read(version: int) -> Rulebook:
    agencies = list(
        models.Agency.objects.values_list("pk", "code", "name", "name_en", "parent__code")
    )
    categories = models.Category.objects.filter(active=True).values_list(
        "code", "sector_id", "danger", "certainty_threshold"
    )
    rows = models.Rule.objects.filter(superseded_at=None).select_related("agency")
    rules = tuple(as_value(row) for row in rows)
    facts = [CategoryFacts(*row) for row in categories]
    return Rulebook(
        version=version,
        rules=rules,
        rules_for={one.code: tuple(rule for rule in rules if rule.concerns(one)) for one in facts},
        agencies={code: AgencyNames(code, *names) for _, code, *names, _above in agencies},
        agency_codes={pk: code for pk, code, *_ in agencies},
        agencies_above={code: above for _, code, *_names, above in agencies},
        categories={one.code: one for one in facts},
        editions=_editions(),
        areas=_areas(),
        service_areas=_service_areas(),
    )


def _editions() -> tuple[EditionFacts, ...]:
    facts = [
        EditionFacts(
            id=row.pk,
            name=row.name,
            level=row.level,
            territory=row.territory,
            approximate=row.approximate,
            valid_from=row.valid.lower,
            valid_to=row.valid.upper,
        )
        for row in models.Edition.objects.filter(published=True)
    ]
    return tuple(sorted(facts, key=lambda one: one.valid_from or date.min, reverse=True))


def _areas() -> dict[int, tuple[int, AreaRef]]:
    rows = models.Area.objects.filter(edition__published=True)
    known = rows.select_related("edition", "committee").defer("shape", "label_point")
    return {row.pk: (row.edition_id, row.ref()) for row in known}


def _service_areas() -> dict[int, DatedServiceArea]:
    rows = models.ServiceArea.objects.filter(superseded_at=None).values_list(
        "pk", "agency__code", "name", "categories", "valid"
    )
    return {
        pk: DatedServiceArea(
            ServiceAreaRef(pk, agency, name, frozenset(categories)), valid.lower, valid.upper
        )
        for pk, agency, name, categories, valid in rows
    }


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
