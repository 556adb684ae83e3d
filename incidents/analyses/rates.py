"""Counts of squares as they are compared: bare, or by what there is, drawn to the mean, corrected.

What may be done is in ``methods.toml``; what was done is named in every answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from districts import residents
from gis_core.hotspots import exposure
from gis_core.hotspots.grid import Grid
from incidents.analyses import heard
from incidents.analyses.errors import NoResidents
from incidents.analyses.methods import terms
from incidents.analyses.network import road_km, streets_known
from incidents.analyses.question import AskedArea, Question
from incidents.analyses.results import Fact, Warned
from incidents.analyses.ward_squares import ward_squares

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Compared:
    """``values`` are compared in the squares of ``inside``; both have the shape of the grid.

    ``more``: what each square was divided by, as columns of the layer. ``told``: what was done.
    """

    values: Floats
    inside: Bools
    more: Mapping[str, Floats] = field(default_factory=dict)
    told: tuple[Warned, ...] = ()


def thousands(grid: Grid, _area: AskedArea) -> Floats:
    """Return the thousands of residents of each square. Raises NoResidents."""
    people = residents.residents()
    if not people:
        raise NoResidents
    return ward_squares(grid).shared_out(people, grid) / 1_000


EXPOSURES: Final[Mapping[str, Callable[[Grid, AskedArea], Floats]]] = MappingProxyType({
    "road_km": road_km,
    "residents": thousands,
})  # fmt: skip
_KNOWN: Final[Mapping[str, Callable[[], bool]]] = MappingProxyType({
    "road_km": streets_known,
    "residents": lambda: bool(residents.residents()),
    "heard": heard.known,
})  # fmt: skip


def possible(code: str) -> bool:
    """Tell whether what a choice needs is known here."""
    return code not in _KNOWN or _KNOWN[code]()


def compared(question: Question, grid: Grid, counts: Floats, inside: Bools) -> Compared:
    """Return what is compared in each square, and which squares are.

    Squares of which nothing is known that counts could be divided by are left out, and told.
    ``small_numbers``: empirical Bayes, see ``exposure.empirical_bayes``. Raises NoStreets,
    NoResidents, NothingRepeated.
    """
    if all(choice == "none" for choice in question.done().values()):
        return Compared(counts, inside)
    exposed, shares = _exposed(question, grid), _shares(question, grid)
    held = inside & (exposed > 0)
    values = np.zeros(grid.shape)
    values[held] = exposure.rate(
        counts[held],
        exposed[held],
        question.exposure,
        heard=None if shares is None else shares[held],
        smoothed=question.correction != "none",
    ).values
    aside = round(float(counts[inside & ~held].sum()))
    more = {"exposure": exposed} if question.exposure != "none" else {}
    more |= {"heard": shares} if shares is not None else {}
    seen = None if shares is None else shares[held]
    return Compared(values, held, {**more, "rate": values}, _told(question, aside, seen))


def _exposed(question: Question, grid: Grid) -> Floats:
    if question.exposure == "none":
        return np.ones(grid.shape)
    return EXPOSURES[question.exposure](grid, question.area)


def _shares(question: Question, grid: Grid) -> Floats | None:
    if question.reporting == "none":
        return None
    shares = heard.heard(question)
    return ward_squares(grid).told(shares.wards, shares.city, grid)


def _told(question: Question, aside: int, shares: Floats | None) -> tuple[Warned, ...]:
    said = list(_divided(question, aside))
    if shares is not None and len(shares):
        least, most = float(shares.min()), float(shares.max())
        said.append(Warned("heard", {"least": least, "most": most, "days": terms().heard_days}))
    if question.correction != "none":
        said.append(Warned(question.correction))
    return tuple(said)


def _divided(question: Question, aside: int) -> Iterator[Warned]:
    source = residents.told() if question.exposure == "residents" else None
    facts: dict[str, Fact] = {"incidents": aside}
    facts |= {"source": source.source, "year": str(source.year)} if source else {}
    if question.exposure != "none":
        yield Warned(question.exposure, facts)
    if source and source.shared_by:
        yield Warned(f"shared_by_{source.shared_by.value}", {"edition": source.edition})
