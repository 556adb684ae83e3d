"""A question becomes a result: its incidents, the method, the places' names, what it means.

Nothing is written here. ``tell`` is called with the share that is done, from 0 to 1, and raises
where the run is to stop; what was reckoned until then is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from districts import city
from gis_core.hotspots.telling import Tell, between, silent
from incidents.actors import Actor
from incidents.analyses import cells, classes, points, territory
from incidents.analyses.cells import Found, Ground
from incidents.analyses.errors import NothingToCount
from incidents.analyses.methods import terms
from incidents.analyses.place_names import place_names
from incidents.analyses.points import Points
from incidents.analyses.question import Question
from incidents.analyses.results import (
    GATHERED,
    NAMED,
    RECKONED,
    Fact,
    Result,
    Row,
    Step,
    Warned,
)
from incidents.analyses.spots import Spot
from incidents.analyses.territory import Territory
from incidents.coarse import FEWEST
from incidents.columns.rows import day_of

if TYPE_CHECKING:
    from incidents.analyses.shapes import Shaped

SHORT_DAYS, LONG_DAYS = 45, 400
"""Up to so many days are drawn day by day; up to so many, week by week."""


def run(actor: Actor, question: Question, tell: Tell = silent) -> Result:
    """Return what came of a question whose days are filled in.

    Raises NothingToCount, TooManyCells, TooFine and what else the method refuses.
    """
    ground = territory.territory(question.area)
    taken = points.gather(actor, question, ground, between(tell, 0.0, GATHERED))
    if not len(taken):
        raise NothingToCount
    tell(GATHERED)
    if question.method in cells.METHODS:
        return _over_cells(question, taken, ground, tell)
    return _as_shapes(actor, question, taken, tell)


def _over_cells(question: Question, taken: Points, ground: Territory, tell: Tell) -> Result:
    grid = territory.grid_over(ground, question.number("cell_m"))
    counts = grid.count(taken.x, taken.y)
    # A square whose middle lies beyond the border still has the incidents on this side of it.
    counted = Ground(grid, counts, territory.inside(ground, grid) | (counts > 0))
    found = cells.METHODS[question.method](question, counted, taken, _part(tell))
    tell(RECKONED)
    told = (counts > 0) | (found.kind > 0)
    if taken.coarse:
        told &= counts >= FEWEST
    layer = _layer(question, counted, found, told)
    tell(NAMED)
    table = _table(question, counted, found, taken)
    facts = _facts(question, taken) | dict(found.facts)
    return Result(
        layer=layer,
        table=table,
        series=series(taken.day, question.days),
        facts=facts,
        legend=_legend(question, found),
        warnings=[
            *_warnings(taken, significant=bool(found.spots) or not question.asked_of.tests),
            *found.told,
        ],
    )


def _as_shapes(actor: Actor, question: Question, taken: Points, tell: Tell) -> Result:
    from incidents.analyses import shapes  # noqa: PLC0415  heavy: scikit-learn

    found = shapes.METHODS[question.method](actor, question, taken, _part(tell))
    tell(RECKONED)
    order = _ranked(found)
    layer = _shape_layer(found, order)
    table = _shape_table(found, order[: terms().ranked])
    tell(NAMED)
    steps = [Step(code, found.kind.count(code)) for code in question.asked_of.classes]
    warned = [Warned(why, {"incidents": many}) for why, many in found.warned.items() if many]
    significant = not question.asked_of.tests or "hot" in found.kind
    return Result(
        layer=layer,
        table=table,
        series=series(taken.day, question.days),
        facts=_facts(question, taken) | dict(found.facts),
        legend=steps,
        warnings=[*_warnings(taken, significant=significant), *warned],
    )


def _part(tell: Tell) -> Tell:
    return between(tell, GATHERED, RECKONED)


def _ranked(found: Shaped) -> NDArray[np.intp]:
    """What differs from the others comes first, the surest before; of alike ones the higher."""
    usual = np.asarray([kind != "hot" for kind in found.kind], np.bool_)
    chance = np.asarray(found.more.get("p", np.zeros(len(usual))), np.float64)
    return np.lexsort((-found.count, -found.value, np.where(usual, 0, chance), usual))


def _shape_layer(found: Shaped, order: NDArray[np.intp]) -> Any:  # noqa: ANN401  a GeoDataFrame
    import geopandas  # noqa: PLC0415  heavy

    rank = np.arange(1, len(order) + 1)
    data: dict[str, Any] = {
        "kind": [found.kind[n] for n in order],
        "value": found.value[order],
        "count": found.count[order],
        "spot": np.where(rank <= terms().ranked, rank, 0),
    }
    data |= {name: [values[n] for n in order] for name, values in found.more.items()}
    srid = city.current().metric_srid
    return geopandas.GeoDataFrame(data, geometry=list(found.shapes[order]), crs=srid)


def _shape_table(found: Shaped, order: NDArray[np.intp]) -> list[Row]:
    places = _named([(float(x), float(y)) for x, y in found.at[order]])
    return [
        {
            "rank": rank,
            **place,
            "value": float(found.value[n]),
            "count": int(found.count[n]),
            "kind": found.kind[n],
            **{name: values[n] for name, values in found.more.items()},
        }
        for rank, (n, place) in enumerate(zip(order, places, strict=True), start=1)
    ]


def _layer(question: Question, ground: Ground, found: Found, told: NDArray[np.bool_]) -> Any:  # noqa: ANN401  a GeoDataFrame
    """Return the squares that are told, in the city's metres."""
    import geopandas  # noqa: PLC0415  heavy

    rows, columns = np.nonzero(told)
    names = np.asarray(["", *(question.asked_of.classes or _numbered(found))], object)
    data: dict[str, Any] = {
        "row": rows + round(ground.grid.south_m / ground.grid.cell_m),
        "column": columns + round(ground.grid.west_m / ground.grid.cell_m),
        "kind": names[found.kind[told]],
        "value": found.value[told],
        "count": np.rint(ground.counts[told]).astype(np.int64),
        "spot": found.spot[told],
    }
    data |= {name: values[told] for name, values in found.more.items()}
    data |= _named_choices(question)
    shapes = territory.squares(ground.grid, rows, columns)
    return geopandas.GeoDataFrame(data, geometry=shapes, crs=city.current().metric_srid)


def _named_choices(question: Question) -> dict[str, str]:
    """Return what was done to the counts, for whoever has the file alone; nothing for nothing."""
    done = {f"by_{name}": code for name, code in question.done().items() if code != "none"}
    drawn = classes.permutations(question) if "chance" in question.parameters else 0
    seed = question.parameters.get("seed")
    return done | ({"by_chance": f"permutations={drawn} seed={seed}"} if drawn else {})


def _numbered(found: Found) -> Sequence[str]:
    return [f"step_{number}" for number in range(1, len(found.lows) + 1)]


def _table(question: Question, ground: Ground, found: Found, taken: Points) -> list[Row]:
    spots = [one for one in found.spots if not taken.coarse or one.count >= FEWEST]
    spots = spots[: terms().ranked]
    places = _named([_place(ground, one, taken) for one in spots])
    classes = ["", *(question.asked_of.classes or _numbered(found))]
    return [
        {
            "rank": rank,
            **place,
            "value": one.value,
            "count": one.count,
            "cells": one.cells,
            "kind": classes[int(found.kind[one.top])],
            **_p(found, one),
        }
        for rank, (one, place) in enumerate(zip(spots, places, strict=True), start=1)
    ]


def _p(found: Found, spot: Spot) -> dict[str, float]:
    return {"p": float(found.more["p"][spot.top])} if "p" in found.more else {}


def _place(ground: Ground, spot: Spot, taken: Points) -> tuple[float, float]:
    """Return the middle of the incidents in a spot's fullest square, in metres."""
    row, column = spot.place
    west = ground.grid.west_m + column * ground.grid.cell_m
    south = ground.grid.south_m + row * ground.grid.cell_m
    east, north = west + ground.grid.cell_m, south + ground.grid.cell_m
    here = (taken.x >= west) & (taken.x < east) & (taken.y >= south) & (taken.y < north)
    if here.any():
        return float(taken.x[here].mean()), float(taken.y[here].mean())
    return (west + east) / 2, (south + north) / 2


def _named(places: Sequence[tuple[float, float]]) -> list[dict[str, Any]]:
    """Return position in degrees, street and ward of places in metres."""
    lons, lats = points.in_degrees(*np.asarray(places, np.float64).reshape(-1, 2).T.copy())
    degrees = [(float(lon), float(lat)) for lon, lat in zip(lons, lats, strict=True)]
    return [
        {"street": name.street, "ward": name.ward, "ward_code": name.ward_code,
         "lon": round(lon, 6), "lat": round(lat, 6)}
        for (lon, lat), name in zip(degrees, place_names(degrees, "vi"), strict=True)
    ]  # fmt: skip


def series(day: NDArray[np.int64], days: tuple[date, date]) -> dict[str, Any]:
    """Return how many incidents there were by day, week or month of a period.

    Weeks are counted back from the last day, so that the last one is whole.
    """
    since, until = days
    length = (until - since).days + 1
    if length <= SHORT_DAYS:
        starts = [since + timedelta(days=n) for n in range(length)]
        step = "day"
    elif length <= LONG_DAYS:
        starts = [until - timedelta(days=6 + 7 * n) for n in range(length // 7)][::-1]
        step = "week"
    else:
        starts, step = _months(since, until), "month"
    edges = np.asarray([day_of(one) for one in [*starts, until + timedelta(days=1)]])
    counts, _ = np.histogram(day, edges)
    return {
        "step": step,
        "days": [one.isoformat() for one in starts],
        "counts": [int(one) for one in counts],
    }


def _months(since: date, until: date) -> list[date]:
    starts = [since]
    while True:
        at = starts[-1]
        after = date(at.year + at.month // 12, at.month % 12 + 1, 1)
        if after > until:
            return starts
        starts.append(after)


def _facts(question: Question, taken: Points) -> dict[str, Fact]:
    since, until = question.days
    return {
        "incidents": len(taken),
        "days": (until - since).days + 1,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "source": taken.source,
    }


def _legend(question: Question, found: Found) -> list[Step]:
    codes = list(question.asked_of.classes or _numbered(found))
    many = np.bincount(found.kind.ravel(), minlength=len(codes) + 1)
    highs = (*found.lows[1:], None)
    if found.lows:
        pairs = zip(codes, found.lows, highs, strict=True)
        return [Step(code, int(many[n]), low, high) for n, (code, low, high) in enumerate(pairs, 1)]
    return [Step(code, int(many[n])) for n, code in enumerate(codes, 1)]


def _warnings(taken: Points, *, significant: bool) -> list[Warned]:
    few = terms().few
    told = [
        Warned(reason, {"incidents": many, "places": taken.defaults})
        for reason, many in taken.left_out.items()
    ]
    if len(taken) < few:
        told.append(Warned("few", {"incidents": len(taken), "few": few}))
    if not significant:
        told.append(Warned("nothing_significant"))
    if taken.coarse:
        told.append(Warned("coarse", {"fewest": FEWEST}))
    return told
