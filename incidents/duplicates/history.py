"""A history of reports, replayed: what each could have been attached to when it arrived.

Reports are taken in the order of their times. Each is held against what is open then, or closed
lately; one that is surely about a known thing joins it, by its likeness to that thing's first
report alone, so that chains of neighbours do not grow into one. Default points join nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from incidents.duplicates import confusion, wording
from incidents.duplicates.coarseness import (
    Shared,
    cell_m,
    knowing_cells,
    say_nothing,
    shared,
)
from incidents.duplicates.default_points import Point, point, standing_out
from incidents.duplicates.likeness import (
    Around,
    Case,
    Likeness,
    likeness,
    surely,
    worth_showing,
)
from incidents.duplicates.open_places import (
    Incident,
    Member,
    OpenPlaces,
    around_per_km2,
    compared,
)
from incidents.duplicates.terms import Terms
from incidents.duplicates.wording import Weights

COMPARED: Final = 40
"""Reports that one is held against in full."""
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An incident that a report may be about, by the member that is most like it."""

    incident: Incident
    member: Case
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Replayed:
    """A report, what could be shown for it, in that order, and what it became part of."""

    case: Case
    suggestions: tuple[Suggestion, ...]
    incident: Incident


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a history as a whole says of each of its reports."""

    terms: Terms
    defaults: frozenset[Point]
    shared: Shared
    weights: Mapping[str, Weights]


@dataclass(slots=True)
class Replay:
    """A history under way: what is open by now."""

    learnt: Learnt
    open: OpenPlaces

    @property
    def terms(self) -> Terms:
        """The numbers, with what the history taught."""
        return self.learnt.terms

    def take(self, case: Case, into: Incident | None = None) -> Replayed:
        """Take the next report in; ``into`` what it is known to belong to."""
        suggestions, around = self._suggestions(case)
        if into:
            into.add(case)
            suggestions = tuple(one for one in suggestions if one.incident is not into)
        incident = (
            into
            or self._joined(case, suggestions, around)
            or Incident(case, case.closed, case.opened, like=self._like(suggestions))
        )
        self.open.add(case, incident)
        return Replayed(case, suggestions, incident)

    def _suggestions(self, case: Case) -> tuple[tuple[Suggestion, ...], Around]:
        at, terms = self.terms.position, self.terms
        accuracy = min(case.accuracy_m, at.search_m)
        places = self.open.near(case, at.search_m + accuracy, at.other_search_m + accuracy)
        if not places:
            return (), Around(at.chance_per_km2)
        around = self._around(places, case)
        best: dict[int, Suggestion] = {}
        for known, incident in compared(places, case, COMPARED):
            found = likeness(case, _lasting(known, incident), terms, around)
            before = best.get(id(incident))
            if before is None or found.probability > before.likeness.probability:
                best[id(incident)] = Suggestion(incident, known, found)
        return tuple(_shown(best.values(), case.category, terms)), around

    def _around(self, places: list[list[Member]], case: Case) -> Around:
        at = self.terms.position
        here = point(case.lonlat)
        alike = {
            id(incident)
            for place in places
            if here in self.learnt.defaults and point(place[0][0].lonlat) == here
            for known, incident in place
            if known.category == case.category and incident.is_open(case.opened)
        }
        density = around_per_km2(places, case, at.search_m, at.chance_per_km2)
        weights = self.learnt.weights.get(case.category)
        return Around(density, len(alike), weights, self.learnt.shared.expected(case))

    def _joined(
        self, case: Case, suggestions: Sequence[Suggestion], around: Around
    ) -> Incident | None:
        if not suggestions or point(case.lonlat) in self.learnt.defaults:
            return None
        incident = min(suggestions, key=_rank).incident
        first = replace(incident.first, opened=incident.latest, closed=incident.closed)
        to_first = likeness(case, first, self.terms, around)
        sure = surely(one.likeness for one in suggestions)
        if min(sure, to_first.probability) < self.terms.same:
            return None
        incident.add(case)
        return incident

    def _like(self, suggestions: Sequence[Suggestion]) -> str:
        """Return what stands for a new incident where both are candidates for a later report."""
        sure = max((one.likeness.probability for one in suggestions), default=0.0)
        return suggestions[0].incident.first.id if sure >= self.terms.stands else ""


def replay(
    cases: Sequence[Case], terms: Terms, tell: Callable[[int, int, str], None] | None = None
) -> Iterator[Replayed]:
    """Yield the reports in time order, each with its suggestions; ``cases`` ordered by time."""
    run = Replay(learn(cases, terms), OpenPlaces(timedelta(days=terms.time.closed_days)))
    for number, case in enumerate(cases, 1):
        yield run.take(case)
        if tell and number % 500 == 0:
            tell(number, len(cases), "reports")


def learn(cases: Sequence[Case], terms: Terms) -> Learnt:
    """Return what a history in memory teaches; ``cases`` ordered by time."""
    placed = [(case.lonlat, case.opened, case.category) for case in cases]
    cell = cell_m([case.lonlat for case in cases])
    known = terms.knowing(confusion.learnt(placed, terms))
    return Learnt(
        knowing_cells(known, cell, unsaid=say_nothing(cases)),
        standing_out((lonlat, category) for lonlat, _, category in placed),
        shared(cases),
        _weights(cases),
    )


def _weights(cases: Sequence[Case]) -> dict[str, Weights]:
    by: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for case in cases:
        by[case.category].append(case.words)
    return {category: wording.rarity(texts) for category, texts in by.items()}


def _lasting(known: Case, incident: Incident) -> Case:
    """A report closed as a duplicate at once is about a thing that may go on."""
    return known if known.closed == incident.closed else replace(known, closed=incident.closed)


def _shown(found: Iterable[Suggestion], category: str, terms: Terms) -> list[Suggestion]:
    ranked = sorted(found, key=_rank)
    least = worth_showing((one.likeness for one in ranked), category, terms)
    shown = [one for one in ranked if one.likeness.probability >= least]
    able = terms.showing(category).least
    beside = [one for one in ranked if one.likeness.probability >= able]
    return _earliest_first(shown, beside)[: terms.most]


def _earliest_first(shown: Sequence[Suggestion], beside: Sequence[Suggestion]) -> list[Suggestion]:
    """Return what is shown, each after the earliest of those that it is likely one with itself.

    Of five reports of one thing that nobody has merged yet the first one is what a sixth is about,
    and what all of them are to be merged into; the later ones must not crowd it out.
    """
    by_first = {one.incident.first.id: one for one in beside}

    def standing(one: Suggestion) -> Suggestion:
        while earlier := by_first.get(one.incident.like):
            one = earlier
        return one

    return list({id(one): one for one in [*map(standing, shown), *shown]}.values())


def _rank(one: Suggestion) -> tuple[float, float, str]:
    first = one.incident.first
    return -one.likeness.probability, first.opened.timestamp(), first.id
