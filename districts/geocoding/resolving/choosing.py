"""All that the mentions may mean -> candidates, each with the share of the chance that is its."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from districts.geocoding.areas import ward_at
from districts.geocoding.found import Candidate, Means, Part
from districts.geocoding.resolving.finding import Finding, Text
from districts.geocoding.resolving.plane import XY
from districts.geocoding.resolving.settings import Settings
from gis_core.positions import Position

SAME_M = 150.0
SHOWN_APART_M = 60.0
MOST = 10
LEAST_SHARE = 0.01
LEAST_CHANCE = 1e-4
INSIDE_M = 30.0
BESIDE_M = 1_000.0


def candidates(text: Text, found: Sequence[Finding], areas: Sequence[Finding]) -> list[Candidate]:
    """Return the places that the text may mean, most likely first; ties by the places' ids."""
    unknown = text.settings.choosing.unknown
    pool = [*_supported(text, found), *((one, one.fit + unknown) for one in areas)]
    if not areas:
        pool = [(one, fit) for one, fit in pool if fit > unknown]
    if not pool:
        return []
    shares = _shares(pool, 0.0 if areas else math.exp(unknown))
    likely = [(one, share) for (one, _), share in zip(pool, shares, strict=True)]
    ranked = sorted(
        ((_confidence(one, share, text.settings), share, one) for one, share in likely),
        key=lambda three: (-three[0], -three[1], three[2].places, three[2].at),
    )
    return [
        _candidate(text, one, confidence, share) for confidence, share, one in _distinct(ranked)
    ]


def _supported(text: Text, found: Sequence[Finding]) -> Iterator[tuple[Finding, float]]:
    """Yield the findings with how well they fit, better where another mention's is beside them."""
    own = text.settings.choosing
    for one in found:
        gain = text.settings.specific.get(one.means.value, 0.0)
        beside = any(
            other.mention is not one.mention
            and not set(other.places) & set(one.places)
            and math.dist(one.at, other.at) < own.beside_m
            for other in found
        )
        yield one, one.fit + gain + own.beside * beside


def _shares(pool: Sequence[tuple[Finding, float]], nothing: float) -> list[float]:
    """Return for each finding the share of the chance that lies at its place."""
    fits = np.exp(np.array([fit for _, fit in pool]))
    total = float(fits.sum()) + nothing
    at = np.array([one.at for one, _ in pool])
    area = np.array([one.means is Means.AREA for one, _ in pool])
    near = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) <= SAME_M
    near &= area[:, None] == area[None]
    together: list[float] = ((near * fits[None]).sum(axis=1) / total).tolist()
    return together


def _confidence(one: Finding, share: float, settings: Settings) -> float:
    constant, by_share, by_near = settings.confidence[one.means.value]
    odds = constant + by_share * _log_odds(share) + by_near * _log_odds(one.near)
    return round(1.0 / (1.0 + math.exp(-odds)), 3)


def _log_odds(chance: float) -> float:
    bounded = min(max(chance, LEAST_CHANCE), 1 - LEAST_CHANCE * 100)
    return math.log(bounded / (1 - bounded))


def _distinct(
    ranked: Sequence[tuple[float, float, Finding]],
) -> Iterator[tuple[float, float, Finding]]:
    """Yield what a person would see as another answer, the likeliest first."""
    shown: list[XY] = []
    for confidence, share, one in ranked:
        if shown and share < LEAST_SHARE:
            continue
        if all(math.dist(one.at, other) > SHOWN_APART_M for other in shown):
            shown.append(one.at)
            yield confidence, share, one
        if len(shown) == MOST:
            return


def _candidate(text: Text, one: Finding, confidence: float, share: float) -> Candidate:
    means, settings = one.means.value, text.settings
    radius = settings.radius_m[means] + settings.radius_share.get(means, 1.0) * one.spread_m
    lonlat = text.plane.back(one.at)
    ward = ward_at(lonlat)
    label = one.label
    if ward is not None and ward.full_name not in label:
        label = f"{label}, {ward.full_name}"
    return Candidate(
        position=Position(lonlat, min(round(radius, 1), Position.LARGEST_RADIUS_M), "geocoded"),
        label=label,
        means=one.means,
        confidence=confidence,
        ward=ward,
        parts=tuple(_parts(text, one)),
        why=tuple(dict.fromkeys([*one.why, *_why(text, one, share)])),
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
            whole[start:end], start, end, match.hit.kind.value, match.hit.official,
            match.hit.closeness,
        )  # fmt: skip
    for reading in text.ground.readings[:1]:
        used = sorted(reading.tokens)
        start, end = tokens[used[0]].start, tokens[used[-1]].end
        name = ", ".join(area.full_name for area in reading.areas)
        yield Part(whole[start:end], start, end, "area", name, reading.closeness)
