"""All that the mentions may mean -> candidates, each with the share of the chance that is its."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from districts.geocoding.areas import ward_at
from districts.geocoding.found import Candidate, Means, Part
from districts.geocoding.resolving import only_areas
from districts.geocoding.resolving.finding import Finding, Text
from districts.geocoding.resolving.settings import Settings
from gis_core.positions import Position

ALONG_STREETS = frozenset({Means.INTERPOLATED, Means.ALLEY_MOUTH, Means.STREET})
SAME_M = 120.0
MOST = 10
LEAST_SHARE = 0.01
LEAST_RIGHT = 0.05
ALIKE = 1.0
INSIDE_M = 30.0
BESIDE_M = 1_000.0


@dataclass(frozen=True, slots=True)
class _Choice:
    """A finding with the share of the chance that lies at its place, its neighbours' included."""

    finding: Finding
    share: float
    confidence: float


def candidates(text: Text, found: Sequence[Finding]) -> list[Candidate]:
    """Return the places that the text may mean, most likely first; ties by the places' ids.

    An area is one only where nothing in it is found that is nearly sure.
    """
    unknown = text.settings.choosing.unknown
    pool = list(_weighed(text, found))
    sure = any(math.exp(unknown - fit) < LEAST_SHARE for _, fit in pool)
    areas = [] if sure else only_areas.findings(text)
    if areas:
        pool += [(one, one.fit + unknown) for one in areas]
    else:
        pool = [(one, fit) for one, fit in pool if fit > unknown]
    pool.sort(key=lambda pair: (-pair[1], pair[0].places, pair[0].at))
    choices = _choices(pool, 0.0 if areas else math.exp(unknown), text.settings)
    choices.sort(key=lambda one: (-one.confidence, -one.share, one.finding.places))
    return [_candidate(text, one) for one in _surest(choices, text.settings)[:MOST]]


def _surest(choices: Sequence[_Choice], settings: Settings) -> list[_Choice]:
    """Return the choices, the first one surer by what is known of first ones; none above it."""
    if not choices:
        return []
    best = choices[0]
    power = settings.confidence[best.finding.means.value][0]
    sure = round(best.confidence * best.share ** (power - 1.0), 3)
    others = [
        replace(one, confidence=round(min(one.confidence, 1.0 - sure), 3)) for one in choices[1:]
    ]
    return [replace(best, confidence=sure), *others]


def _weighed(text: Text, found: Sequence[Finding]) -> Iterator[tuple[Finding, float]]:
    """Yield the findings with how well they fit beside the others.

    Better where another mention's place is near, worse where a longer name takes in all its words:
    "Bến xe Ngã tư Ga" is no crossing.
    """
    own = text.settings.choosing
    words = [_words(one) for one in found]
    for one, used in zip(found, words, strict=True):
        gain = text.settings.specific.get(one.means.value, 0.0)
        beside = any(
            other.mention is not one.mention
            and not set(other.places) & set(one.places)
            and math.dist(one.at, other.at) < own.beside_m
            for other in found
        )
        taken_in = any(
            used < more and other.fit > one.fit - own.longer
            for other, more in zip(found, words, strict=True)
        )
        yield one, one.fit + gain + own.beside * beside - own.taken_in * taken_in


def _words(one: Finding) -> frozenset[int]:
    return frozenset(at for match in one.matches for at in range(match.first, match.last))


def _choices(
    pool: Sequence[tuple[Finding, float]], nothing: float, settings: Settings
) -> list[_Choice]:
    """Return the best finding of each place, with the chance of all that lie there."""
    fits = np.exp(np.array([fit for _, fit in pool]))
    total = float(fits.sum()) + nothing
    free = list(range(len(pool)))
    choices: list[_Choice] = []
    while free:
        first = pool[free[0]][0]
        near = [at for at in free if _same(first, pool[at][0])]
        share = float(fits[near].sum()) / total
        if choices and share < LEAST_SHARE:
            break
        first = _between(first, [pool[at] for at in near])
        choices.append(_Choice(first, share, _confidence(first, share, settings)))
        free = [at for at in free if at not in near]
    return choices


def _between(first: Finding, near: Sequence[tuple[Finding, float]]) -> Finding:
    """Return the finding, halfway to others that nothing tells from it.

    Two streets that meet twice nearby: nobody can say which crossing is meant.
    """
    best = near[0][1]
    alike = [one.at for one, fit in near if one.places == first.places and fit > best - ALIKE]
    if len(alike) < 2 or first.means is not Means.JUNCTION:
        return first
    x, y = np.mean(np.array(alike), axis=0)
    away = max(math.dist((x, y), other) for other in alike)
    return replace(first, at=(float(x), float(y)), spread_m=first.spread_m + away)


def _same(one: Finding, other: Finding) -> bool:
    """Tell whether two findings are one place for who goes there."""
    if (one.means is Means.AREA) != (other.means is Means.AREA):
        return False
    return math.dist(one.at, other.at) <= SAME_M


def _confidence(one: Finding, share: float, settings: Settings) -> float:
    """Return the share times how often such a place is right, by how near its chance lies."""
    _, least, by_near = settings.confidence[one.means.value]
    right = min(max(least + by_near * one.near, LEAST_RIGHT), 1.0)
    return round(min(share, 1.0) * right, 3)


def _candidate(text: Text, choice: _Choice) -> Candidate:
    one = choice.finding
    means, settings = one.means.value, text.settings
    radius = settings.radius_m[means] + settings.radius_share.get(means, 1.0) * one.spread_m
    spot = text.ground.drawn_in(one.at) if one.means in ALONG_STREETS else one.at
    lonlat = text.plane.back(spot)
    ward = ward_at(lonlat)
    label = one.label
    if ward is not None and ward.full_name not in label:
        label = f"{label}, {ward.full_name}"
    return Candidate(
        position=Position(lonlat, min(round(radius, 1), Position.LARGEST_RADIUS_M), "geocoded"),
        label=label,
        means=one.means,
        confidence=choice.confidence,
        ward=ward,
        parts=tuple(_parts(text, one)),
        why=tuple(dict.fromkeys([*one.why, *_why(text, one, choice.share)])),
        places=one.places,
        line=text.plane.shape_back(one.line) if one.line is not None else None,
    )


def _why(text: Text, one: Finding, share: float) -> Iterator[str]:
    if any(match.hit.closeness < 1 for match in one.matches):
        yield "typo"
    if text.ground.is_named and one.means is not Means.AREA:
        away = text.ground.distance(one.at)
        yield (
            "in_named_area"
            if away <= INSIDE_M
            else "beside_named_area"
            if away <= BESIDE_M
            else "outside_named_area"
        )
    if share < 0.5:
        yield "several_places"


def _parts(text: Text, one: Finding) -> Iterator[Part]:
    tokens, whole = text.parsed.tokens, text.parsed.text
    for match in one.matches:
        start, end = tokens[match.first].start, tokens[match.last - 1].end
        yield Part(
            whole[start:end], start, end, match.hit.kind.value, match.name,
            match.hit.closeness,
        )  # fmt: skip
    for reading in text.ground.readings[:1]:
        used = sorted(reading.tokens)
        start, end = tokens[used[0]].start, tokens[used[-1]].end
        name = ", ".join(area.full_name for area in reading.areas)
        yield Part(whole[start:end], start, end, "area", name, reading.closeness)
