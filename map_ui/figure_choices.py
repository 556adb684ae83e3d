"""What figures can be narrowed to, as a form offers it, and how that is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext

from districts import city, rulebook
from districts.explanation import area_name
from incidents import figures
from incidents.figures import Kind, Period, Scope
from map_ui import catalogue
from map_ui.agency_choices import Choice, ChoiceGroup, agency_options, contractor_options
from map_ui.figure_words import period_name

BACK: Final = {Kind.MONTH: 25, Kind.QUARTER: 8, Kind.YEAR: 4}
"""How many periods of each kind are offered."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The form's lists; a choice is a word of the address and its name."""

    periods: tuple[tuple[Choice, ...], ...]
    sectors: tuple[Choice, ...]
    agencies: list[ChoiceGroup]
    contractors: list[Choice]
    wards: tuple[Choice, ...]
    districts: tuple[Choice, ...]


def choices(scope: Scope) -> Choices:
    """Return what the form offers; the period asked for is among the periods."""
    spoken, town = catalogue.language(), city.current()
    return Choices(
        tuple(_periods(scope.period, kind) for kind in Kind),
        tuple((one["code"], one["name"]) for one in catalogue.sectors()),
        agency_options(spoken),
        contractor_options(spoken, scope.contractor),
        _areas(town.ward_level, spoken),
        _areas(town.district_level, spoken),
    )


def narrowed(scope: Scope, language: str) -> tuple[str, ...]:
    """Return the names of what a scope is narrowed to."""
    return tuple(_names(scope, language))


def _names(scope: Scope, language: str) -> Iterator[str]:
    book = rulebook.current()
    if scope.sector:
        yield next(one["name"] for one in catalogue.sectors() if one["code"] == scope.sector)
    if scope.category:
        yield catalogue.category(scope.category)["name"]
    for code in filter(None, (scope.agency, scope.contractor)):
        yield book.agency(code).in_language(language)
    for area in (scope.area, scope.within):
        if area in book.areas:
            yield area_name(book.areas[area][1], language)
    if scope.taker:
        taker = book.agencies.get(scope.taker)
        yield f"→ {taker.in_language(language) if taker else gettext('nobody yet')}"


def _periods(asked: Period, kind: Kind) -> tuple[Choice, ...]:
    offered = [figures.period_of(timezone.localdate(), kind)]
    while len(offered) < BACK[kind]:
        offered.append(offered[-1].before)
    if asked.kind is kind and asked not in offered:
        offered.append(asked)
    return tuple((period.code, period_name(period)) for period in offered)


def _areas(level: str | None, language: str) -> tuple[Choice, ...]:
    book, town = rulebook.current(), city.current()
    if not level:
        return ()
    edition = book.in_force_or_former(town.territory, level, timezone.localdate())
    own = [area for of, area in book.areas.values() if edition and of == edition.id]
    return tuple(sorted(((str(a.id), area_name(a, language)) for a in own), key=lambda c: c[1]))
