"""A house, an alley or all of a street -> where it may be, on every street of that name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from districts.geocoding.found import Means
from districts.geocoding.parsed import Mention, Relation, Street
from districts.geocoding.resolving.finding import Finding, Text
from districts.geocoding.resolving.house_numbers import (
    along_street,
    as_said,
    enclosing,
    inner,
    path_of,
)
from districts.geocoding.resolving.named_streets import OnStreet, streets_named
from districts.geocoding.resolving.numbering import likelihood
from districts.geocoding.resolving.off_map import landmarks_for, undrawn
from districts.geocoding.resolving.plane import XY
from districts.geocoding.resolving.spine import spine
from districts.geocoding.resolving.spread import spread
from districts.geocoding.resolving.street import StreetLine

Floats = NDArray[np.float64]

DEEP_M = 70.0
"""How far a house may lie from the mouth of its alley."""
PREFIX_M = 60.0
FOUR_FIFTHS = 0.8
PASSING, FAR_OUT = 0.7, 3.0
"""Logs of the chance, by the areas named, of what still is in them, and of what surely is not."""
ALLEY_PACE_M = 2.5
NEIGHBOURS = 6


def findings(text: Text, mention: Street) -> list[Finding]:
    """Return where the house, the alley or the street may be."""
    path = path_of(mention.alleys, mention.house)
    named = streets_named(text, mention.name, cued=mention.cued or bool(path))
    if not path:
        return [whole(mention, one) for one in named] or landmarks_for(text, mention)
    found = [finding for one in named for finding in _numbered(text, mention, one, path)]
    seen = {place for finding in found for place in finding.places}
    found += undrawn(text, mention, path, seen)
    return found or landmarks_for(text, mention)


def whole(
    mention: Mention, one: OnStreet, *, cost: float = 0.0, why: tuple[str, ...] = ()
) -> Finding:
    """Return the street, cut to the areas named: its middle there."""
    chances, _ = spread(one.street.samples, one.ground)
    along, near = chances.best()
    return Finding(
        mention=mention,
        at=one.street.at(along),
        means=Means.STREET,
        label=one.match.name,
        fit=one.number_free - cost,
        near=near,
        spread_m=chances.reach(along, FOUR_FIFTHS),
        matches=(one.match,),
        why=why,
        places=(one.street.place,),
        line=one.street.drawn,
    )


def _numbered(text: Text, mention: Street, one: OnStreet, path: str) -> Iterator[Finding]:
    exact = list(_houses(text, mention, one, path))
    known = exact if mention.house else []
    if not known and mention.alleys:
        known = _alley(text, mention, one, path)
    yield from known
    if known and not _only_outside(text, one, known):
        return
    if finding := _counted(text, mention, one, path):
        yield finding
    elif exact and not known:
        yield from exact


def _only_outside(text: Text, one: OnStreet, known: Sequence[Finding]) -> bool:
    """Tell whether the street passes the area named, but the number is known elsewhere on it."""
    passes = float(one.ground.max()) > -PASSING
    spots = np.array([finding.at for finding in known])
    return passes and bool((text.ground.log_chance(spots) < -FAR_OUT).all())


def _houses(text: Text, mention: Street, one: OnStreet, path: str) -> Iterator[Finding]:
    own = text.settings.choosing
    spots = _merged(one.street.houses.get(path, ()), own.apart_m)
    for place, at in spots:
        ground = text.ground.log_chance_at(at)
        yield _finding(
            mention,
            one,
            at,
            Means.HOUSE,
            fit=one.fit + ground + own.known_number - math.log(len(spots)),
            label=f"{path} {one.match.name}",
            why=("number_known",),
            places=(place,),
        )


def _merged(houses: Sequence[tuple[int, XY]], apart_m: float) -> list[tuple[int, XY]]:
    """Return one of each group of houses of the same number that stand together."""
    kept: list[tuple[int, XY]] = []
    for place, at in houses:
        if all(math.dist(at, other) > apart_m for _, other in kept):
            kept.append((place, at))
    return kept


def _alley(text: Text, mention: Street, one: OnStreet, path: str) -> list[Finding]:
    """Return the alley, else the innermost one known around it, else houses known in it."""
    whole = [path] if not mention.house else []
    for number in [*whole, *enclosing(path)]:
        ways = one.street.alleys.get(number, ())
        spots = _inside(one.street, number)
        beside = min((abs(spot[0] - (inner(path, number) or 0)) for spot in spots), default=None)
        if beside is not None and (not ways or beside <= NEIGHBOURS):
            return [_among(text, mention, one, path, (number, spots))]
        if ways:
            return [_in_alley(text, mention, one, (path, number), way) for way in ways]
    return []


def _in_alley(
    text: Text,
    mention: Street,
    one: OnStreet,
    numbers: tuple[str, str],
    way: tuple[int, BaseGeometry],
) -> Finding:
    (path, alley), (place, drawn) = numbers, way
    line = spine(drawn)
    mouth = float(line.project(shapely.shortest_line(drawn, one.street.drawn).interpolate(0)))
    from_mouth = line if mouth <= line.length / 2 else line.reverse()
    share = _how_deep(mention, inner(path, alley), float(line.length))
    point = from_mouth.interpolate(share, normalized=True)
    ground = float(text.ground.log_chances([drawn])[0])
    return _finding(
        mention,
        one,
        (float(point.x), float(point.y)),
        Means.ALLEY,
        fit=one.fit + ground + text.settings.choosing.known_number,
        label=f"{as_said(path, mention.house)} {one.match.name}",
        why=("alley_known",),
        places=(place,),
        spread_m=float(line.length) * max(share, 1 - share),
        line=drawn,
    )


def _how_deep(mention: Street, house: int | None, length: float) -> float:
    """Return how far into an alley of ``length`` metres the place is, from 0 to 1.

    Houses count up from the mouth, but numbers in alleys often run on from elsewhere: half trusted.
    """
    if house is None:
        return {Relation.MOUTH: 0.3, Relation.DEPTH: 0.8}.get(mention.relation, 0.5)
    counted = min(house * ALLEY_PACE_M / max(length, 1.0), 1.0)
    return (0.5 + counted) / 2


def _inside(street: StreetLine, alley: str) -> list[tuple[int, int, XY]]:
    """Return (number in the alley, place, where) of the houses known in an alley."""
    return [
        (number, place, at)
        for path, houses in street.houses.items()
        if (number := inner(path, alley)) is not None
        for place, at in houses
    ]


def _among(
    text: Text,
    mention: Street,
    one: OnStreet,
    path: str,
    known: tuple[str, list[tuple[int, int, XY]]],
) -> Finding:
    """Return the house of the same alley whose number is nearest."""
    alley, spots = known
    wanted = inner(path, alley) or 0
    number, place, at = min(spots, key=lambda spot: (abs(spot[0] - wanted), spot[1]))
    ground = text.ground.log_chance_at(at)
    return _finding(
        mention,
        one,
        at,
        Means.INTERPOLATED,
        fit=one.fit + ground + text.settings.choosing.known_number / 2,
        label=f"{as_said(path, mention.house)} {one.match.name}",
        why=("neighbour_known",),
        places=(place,),
        near=0.7,
        spread_m=PREFIX_M + min(abs(number - wanted), 60),
    )


def _counted(text: Text, mention: Street, one: OnStreet, path: str) -> Finding | None:
    """Return where the number is expected along the street; None for what is no number."""
    number = along_street(path)
    if number is None:
        return None
    by_number = _by_number(text, one, number)
    by_area = text.settings.numbering.area_weight * one.ground
    chances, _ = spread(one.street.samples, by_number + by_area)
    along, near = chances.best()
    deep = DEEP_M if "/" in path or (mention.alleys and not mention.house) else 0.0
    return _finding(
        mention,
        one,
        one.street.at(along),
        Means.ALLEY_MOUTH if deep else Means.INTERPOLATED,
        fit=one.fit + _fitting(one.ground, by_number) - _too_high(text, one.street, number),
        label=f"{as_said(path, mention.house)} {one.match.name}",
        why=_counted_why(one.street, number, deep=bool(deep)),
        near=near,
        spread_m=chances.reach(along, FOUR_FIFTHS) + deep,
    )


def _too_high(text: Text, street: StreetLine, number: int) -> float:
    """Return what it costs that a street is short for the number, unless such ones are known."""
    if len(street.known) and float(street.known.numbers.max()) >= number:
        return 0.0
    needed = number * text.settings.choosing.metres_a_number / max(float(street.line.length), 1.0)
    return text.settings.choosing.too_high * min(max(math.log(needed), 0.0), 2.0)


def _by_number(text: Text, one: OnStreet, number: int) -> Floats:
    settings, street = text.settings.numbering, one.street
    ends = [math.dist(street.at(along), text.centre) for along in (0.0, street.line.length)]
    first_end = settings.from_centre if ends[0] <= ends[1] else 1 - settings.from_centre
    return likelihood(
        float(number),
        street.known,
        street.samples,
        np.exp(one.ground),
        first_end=first_end,
        settings=settings,
    )


def _fitting(ground: Floats, by_number: Floats) -> float:
    """Return how well the areas named fit: half by the number, half by the street's best."""
    chances = np.exp(by_number - by_number.max())
    expected = float(np.log((chances * np.exp(ground)).sum() / chances.sum() + 1e-12))
    return float(np.logaddexp(expected, float(ground.max()))) - math.log(2)


def _counted_why(street: StreetLine, number: int, *, deep: bool) -> tuple[str, ...]:
    near = int(np.sum(np.abs(street.known.numbers - number) <= 30)) if len(street.known) else 0
    how = "between_known_numbers" if near else "few_known_numbers"
    return ("alley_unknown", how) if deep else (how,)


def _finding(
    mention: Street,
    one: OnStreet,
    at: XY,
    means: Means,
    *,
    places: tuple[int, ...] = (),
    **more: object,
) -> Finding:
    bare = Finding(mention, at, means, "", 0.0, matches=(one.match,))
    return replace(bare, places=(one.street.place, *places), **more)  # type: ignore[arg-type]
