"""What analyses are called and told in, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts import rulebook
from districts.explanation import area_name
from gis_core.errors import DomainError, all_errors
from gis_core.http import sentence
from incidents.analyses.kept import RunState
from incidents.analyses.methods import Method, choices
from incidents.analyses.question import CHOICES, CITY, WARDS, Question, ward_edition
from map_ui import catalogue
from map_ui.figure_words import decimal, percent, whole

PERIODS: Final[Mapping[str, str | Promise]] = MappingProxyType({
    "last_30_days": _("the last 30 days"),
    "last_90_days": _("the last 90 days"),
    "last_365_days": _("the last 365 days"),
    "last_month": _("the month that ended"),
    "year_to_date": _("this year until today"),
    "last_year": _("last year"),
})  # fmt: skip
AREAS: Final[Mapping[str, str | Promise]] = MappingProxyType({
    "city": _("the whole city"),
    "wards": _("wards that I choose"),
    "shape": _("an area that I draw or send"),
})  # fmt: skip
CONTROLS: Final[Mapping[str, str | Promise]] = MappingProxyType({
    "fdr": _("share of false finds (recommended)"),
    "bonferroni": _("no false find at all (strict)"),
    "none": _("each place by itself (many false finds)"),
})  # fmt: skip
DONE: Final[Mapping[str, str | Promise]] = MappingProxyType({
    "exposure": _("Compare"),
    "reporting": _("Who reports"),
    "correction": _("Small numbers"),
})  # fmt: skip
"""What choices are about that change counts before they are compared."""
UNITS: Final[Mapping[str, str | Promise]] = MappingProxyType({
    "m": "m",
    "cells": _("squares"),
    "days": _("days"),
    "incidents": _("incidents"),
    "": "",
})  # fmt: skip
STATES: Final[Mapping[str, str | Promise]] = MappingProxyType({
    RunState.WAITING: _("waits for its turn"),
    RunState.RUNNING: _("being reckoned"),
    RunState.DONE: _("done"),
    RunState.FAILED: _("failed"),
    RunState.CANCELLED: _("cancelled"),
})  # fmt: skip
WARNINGS: Final[Mapping[str, str | Promise]] = MappingProxyType({
    "default_points": _(
        "%(incidents)s incidents stand on %(places)s default points, such as an office's address: "
        "they say nothing of where things are and were left out."
    ),
    "outside": _("%(incidents)s incidents lie outside of the area and were left out."),
    "sensitive_few": _(
        "%(incidents)s incidents of sensitive categories are too few in one place to be told."
    ),
    "sensitive": _("Sensitive categories are left out: choose them by name to count them."),
    "coarse": _(
        "Sensitive incidents stand in the middle of a coarse square; places with fewer than "
        "%(fewest)s are not told."
    ),
    "few": _("Only %(incidents)s incidents: with fewer than %(few)s chance decides much."),
    "nothing_significant": _(
        "No place differs from the others by more than chance explains. That is an answer, too: "
        "look at a longer period, or at more categories together."
    ),
    "far_from_streets": _("%(incidents)s incidents are not beside any street that is loaded."),
    "permuted": _(
        "Chance was told by %(permutations)s permutations, draw %(seed)s: run again, the answer is "
        "the same. No p is below %(smallest)s."
    ),
    "shared_by_area": _(
        "Residents were counted in the wards of %(edition)s and shared out to today's wards by "
        "area."
    ),
    "shared_by_addresses": _(
        "Residents were counted in the wards of %(edition)s and shared out to today's wards by "
        "addresses."
    ),
    "permuted_needs": _(
        "Among %(squares)s squares this guard names any place only once %(needed)s or more are as "
        "extreme as permutations can tell. Choose more permutations, larger squares or a smaller "
        "area if nothing stands out."
    ),
    "permuted_too_few": _(
        "Among %(squares)s squares this guard asks for a smaller p than so many permutations can "
        "tell: nothing can stand out. Choose another guard, more permutations or larger squares."
    ),
    "hidden_few": _("Places with too few incidents to be told are left out."),
})  # fmt: skip
CHANGES: Final[Mapping[str, str | Promise]] = MappingProxyType({
    "appeared": _("Newly stands out"),
    "gone": _("Stands out no more"),
    "stayed": _("Still stands out"),
})  # fmt: skip
CLUSTER_CHANGES: Final[Mapping[str, str | Promise]] = MappingProxyType({
    "appeared": _("New cluster"),
    "gone": _("Cluster is gone"),
    "stayed": _("Cluster stays"),
})  # fmt: skip
COMPARED: Final[Mapping[str, str | Promise]] = MappingProxyType({
    "cells": _("The same square of both periods is compared; squares that touch are one place."),
    "lines": _(
        "The same stretch of street is compared by its incidents for each km. It stands out where "
        "it has clearly more than all streets together in that period."
    ),
    "assets": _(
        "The same asset is compared. It stands out where it failed clearly more often than others "
        "of its kind in that period."
    ),
    "areas": _(
        "A cluster is new where its outline shares no ground with any cluster before, and gone "
        "where it shares none with any after. A cluster that stays is held against all clusters "
        "before that it shares ground with."
    ),
})  # fmt: skip
"""What is the same place in two periods, by a method's form."""
SHARES: Final = frozenset({"share"})
BOUNDS: Final = frozenset({"least", "most"})
DECIMALS: Final = frozenset({"peak", "mean"})


def state(code: str, seconds: int, *, blind: bool) -> str:
    """Return where a run stands; while it is reckoned, since when, and what nobody can tell."""
    if code != RunState.RUNNING:
        return str(STATES[code])
    many = {"seconds": whole(seconds)}
    if not blind:
        return gettext("being reckoned for %(seconds)s s") % many
    words = gettext(
        "being reckoned for %(seconds)s s; how far it is, this method cannot tell. It can be "
        "cancelled."
    )
    return words % many


def says(method: Method, facts: Mapping[str, Any], language: str) -> str:
    """Return the sentence that says what came of it."""
    told = {name: _fact(name, value) for name, value in facts.items()}
    return method.says.said(language).format_map(told)


def _fact(name: str, value: Any) -> str:  # noqa: ANN401  a number or a text
    if name in SHARES or (name in BOUNDS and isinstance(value, float)):
        return percent(value)
    if name == "smallest":
        return decimal(value, 4)
    if isinstance(value, float) or name in DECIMALS:
        return decimal(value)
    return whole(value) if isinstance(value, int) else str(value)


TELLS_WHAT_WAS_DONE: Final = {"permuted", "permuted_needs", "shared_by_area", "shared_by_addresses"}


def is_done(code: str) -> bool:
    """Tell whether a reader is told what was done, rather than warned."""
    return code in TELLS_WHAT_WAS_DONE or any(code in choices(one) for one in CHOICES)


def warning(code: str, facts: Mapping[str, Any]) -> str:
    """Return what a reader must know: what was done to the counts, or what they do not say."""
    told = {name: _fact(name, value) for name, value in facts.items()}
    for field in CHOICES:
        if code in choices(field):
            return choices(field)[code].told.said(catalogue.language()).format_map(told)
    return str(WARNINGS[code]) % told


def fault(code: str, facts: Mapping[str, Any]) -> str:
    """Return the sentence of the error by which a run failed."""
    kinds = {one.code: one for one in all_errors()}
    return sentence(kinds.get(code, DomainError)(**facts))


def legend(method: Method, steps: list[Mapping[str, Any]], language: str) -> list[dict[str, Any]]:
    """Return the classes with their words, or their numbers, and how many places each has."""
    return [
        {**step, "name": _class(method, step, language), "places": whole(step["places"])}
        for step in steps
    ]


def _class(method: Method, step: Mapping[str, Any], language: str) -> str:
    if step["code"] in method.classes:
        return method.classes[step["code"]].said(language)
    low, high = step["low"], step["high"]
    places = 0 if low >= 10 else 2
    if high is None:
        return gettext("from %(low)s") % {"low": decimal(low, places)}
    return f"{decimal(low, places)} – {decimal(high, places)}"


def kind(method: Method, code: str, language: str) -> str:
    """Return a place's class in words; "" for steps, which are told by their number."""
    return method.classes[code].said(language) if code in method.classes else ""


def chance(p: float | None) -> str:
    """Return a probability as tables write it."""
    if p is None:
        return ""
    return f"< {decimal(0.001, 3)}" if p < 0.001 else decimal(p, 3)


def days(since: str, until: str) -> str:
    """Return two days as people write them."""
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    return f"{formats.date_format(first, 'd/m/Y')} – {formats.date_format(last, 'd/m/Y')}"


def period(question: Question) -> str:
    """Return a question's period in words."""
    if question.period:
        return str(PERIODS[question.period])
    since, until = question.days
    return days(since.isoformat(), until.isoformat())


def what(question: Question) -> str:
    """Return what incidents a question is about."""
    names = [catalogue.category(code)["name"] for code in sorted(question.categories)]
    sectors = {one["code"]: one["name"] for one in catalogue.sectors()}
    names += [sectors.get(code, code) for code in sorted(question.sectors)]
    return _some(names) or gettext("all categories")


def where(question: Question, language: str) -> str:
    """Return which area a question is about."""
    if question.area.kind == WARDS:
        refs = [ref for of, ref in rulebook.current().areas.values() if of == ward_edition()]
        known = {ref.code: area_name(ref, language) for ref in refs}
        return _some([known.get(code, code) for code in question.area.wards])
    return gettext("the whole city") if question.area.kind == CITY else gettext("an own area")


def _some(names: list[str]) -> str:
    most = 3
    more = len(names) - most
    return ", ".join(names[:most]) + (f" +{more}" if more > 0 else "")


def name(question: Question, language: str) -> str:
    """Return what an analysis is called until somebody names it."""
    parts = (question.asked_of.name.said(language), what(question), where(question, language))
    return " · ".join((*parts, period(question)))[:120]
