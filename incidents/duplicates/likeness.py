"""How likely a report is about a thing that is known already, and from what. Pure.

Log odds of independent facts are added to the odds before any of them (I. P. Fellegi and
A. B. Sunter, "A Theory for Record Linkage", Journal of the American Statistical Association 64,
1969): each is ln(how probable it is for one thing / for two that meet by chance). Where a factor
says 0 it tells nothing either way. The numbers are in ``terms.toml``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from gis_core.positions import EARTH_RADIUS_M, LonLat
from incidents.duplicates import wording
from incidents.duplicates.photos import NEAR, SAME, bits_apart
from incidents.duplicates.terms import Terms
from incidents.duplicates.wording import Weights

DAY: Final = timedelta(days=1)
KM2: Final = 1e6
LIMITS: Final = (-12.0, 9.0)
"""Log odds that one factor may give: none of them is ever certain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a report, or an incident, is known by. Positions WGS 84, lengths in metres."""

    id: str
    category: str
    lonlat: LonLat
    opened: datetime
    closed: datetime | None = None
    accuracy_m: float = 0.0
    extent_m: float | None = None
    """None: what the terms say of the category."""
    kind: str = ""
    """A finer word for the category, where the source has one."""
    words: frozenset[str] = frozenset()
    address: str = ""
    photo_hashes: tuple[int, ...] = ()
    asset: str = ""
    reporter: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What else is near: by how many such things a neighbour could be another one by chance."""

    per_km2: float
    at_point: int = 0
    """At a default point: how many open ones stand on that very point; else 0."""
    weights: Weights | None = None
    """What the words weigh among reports of this category."""
    shared: float = 0.0
    """How many unrelated ones are to be expected on the very point."""


class Factor(NamedTuple):
    """One fact, as it is shown to a person."""

    name: str
    value: float | str
    log_odds: float


NOT_CLOSED: Final = Factor("days since closing", 0.0, 0.0)
NO_WORDS: Final = Factor("wording", "", 0.0)
NO_ADDRESS: Final = Factor("address", "", 0.0)
NO_PHOTOS: Final = Factor("photos", "", 0.0)
NO_ASSET: Final = Factor("asset", "", 0.0)
NO_REPORTER: Final = Factor("reporter", "", 0.0)


@dataclass(frozen=True, slots=True)
class Likeness:
    """The probability that two are one, and what led to it, the odds before any fact first."""

    probability: float
    factors: tuple[Factor, ...]

    @property
    def odds(self) -> float:
        """Return the probability as odds; finite, for no factor is ever certain."""
        return self.probability / max(1 - self.probability, 1e-12)


def worth_showing(found: Iterable[Likeness], category: str, terms: Terms) -> float:
    """Return from which probability on candidates for one report are shown.

    A report is about one thing at most, so the odds that it is about any of them add up (Sutherland
    and Saunders, as below). Among many equal neighbours none is likely, though one of them is: then
    the best are shown. Beside one that is far likelier the others are left out.
    """
    odds = sorted(one.odds for one in found)
    total = sum(odds[-terms.most :])
    showing = terms.showing(category)
    if total / (1 + total) < showing.review:
        return math.inf
    least = odds[-1] / showing.behind
    return max(showing.least, least / (1 + least))


def surely(found: Iterable[Likeness]) -> float:
    """Return how probable it is that a report is about the likeliest, not another nor none."""
    odds = [one.odds for one in found]
    return max(odds, default=0.0) / (1 + sum(odds))


def likeness(new: Case, known: Case, terms: Terms, around: Around | None = None) -> Likeness:
    """Return how likely ``new`` is about the same thing as ``known``."""
    here = around or Around(terms.position.chance_per_km2)
    factors = (
        Factor("before", terms.share, math.log(terms.share / (1 - terms.share))),
        _distance(new, known, terms, here),
        _age(new, known, terms),
        _closing(new, known, terms),
        _category(new, known, terms),
        _wording(new, known, terms, here.weights),
        _address(new, known, terms),
        _photos(new, known, terms),
        _asset(new, known, terms),
        _reporter(new, known, terms),
    )
    return Likeness(_probability(sum([factor.log_odds for factor in factors])), factors)


def apart_m(one: LonLat, other: LonLat) -> float:
    """Return the metres between two positions of a city, on the plane that touches there."""
    middle = math.cos(math.radians((one.lat + other.lat) / 2))
    east = math.radians(one.lon - other.lon) * middle
    return EARTH_RADIUS_M * math.hypot(east, math.radians(one.lat - other.lat))


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def _limited(log_odds: float) -> float:
    return min(max(log_odds, LIMITS[0]), LIMITS[1])


def _distance(new: Case, known: Case, terms: Terms, around: Around) -> Factor:
    """Density of one thing's positions at this distance over the density of chance neighbours.

    ln(f(d) / n) with f a sum of round normal distributions (W. Sutherland and W. Saunders, "On the
    likelihood ratio for source identification", MNRAS 259, 1992): as wide as both accuracies and
    the thing's extent, a narrow one for points out of the same geocoder, a wide one for strays.
    """
    metres, at = apart_m(new.lonlat, known.lonlat), terms.position
    # A radius holds nearly all of a normal distribution at twice its standard deviation; the
    # extent counts once, as the mean of both cases' squares.
    variance = at.floor_m**2 + (new.accuracy_m**2 + known.accuracy_m**2) / 4
    variance += (_extent(new, terms) ** 2 + _extent(known, terms) ** 2) / 8
    stray = max(at.stray_m**2, 4 * variance)
    usual = 1 - at.exact_share - at.stray_share
    density = (
        at.exact_share * _normal(metres, at.exact_m**2)
        + usual * _normal(metres, variance)
        + at.stray_share * _normal(metres, stray)
    )
    # Things lie along streets: those on one's own street are nearer than the same number anywhere.
    along = 1 + 1 / (math.pi * at.streets_km_per_km2 / 1000 * math.sqrt(variance))
    chance = along * around.per_km2 / KM2
    if around.at_point:
        chance += around.at_point * _normal(0.0, at.exact_m**2)
    if around.shared:
        chance += around.shared * _normal(metres, at.exact_m**2)
    found = math.log(max(density, 1e-300) / max(chance, 1e-12))
    return Factor("distance", round(metres, 1), _limited(found))


def _extent(case: Case, terms: Terms) -> float:
    return terms.extent(case.category) if case.extent_m is None else case.extent_m


def _normal(metres: float, variance: float) -> float:
    return math.exp(-metres * metres / (2 * variance)) / (2 * math.pi * variance)


def _age(new: Case, known: Case, terms: Terms) -> Factor:
    """Interest in a thing fades by half in the category's half-life, to a floor while it lasts."""
    days = abs(new.opened - known.opened) / DAY
    half = min(terms.half_life(new.category), terms.half_life(known.category))
    left = terms.time.floor + (1 - terms.time.floor) * 0.5 ** (days / half)
    return Factor("days", round(days, 2), math.log(terms.time.fresh * left))


def _closing(new: Case, known: Case, terms: Terms) -> Factor:
    """What was closed before fades by its own half-life; what comes again may be new."""
    if known.closed is None or known.closed >= new.opened:
        return NOT_CLOSED
    days = (new.opened - known.closed) / DAY
    faded = -math.log(2) * (1 + days / terms.time.closed_half_life_days)
    return Factor("days since closing", round(days, 2), max(faded, terms.time.closed_least))


def _category(new: Case, known: Case, terms: Terms) -> Factor:
    value = f"{new.category}, {known.category}"
    if new.category != known.category:
        found = math.log(terms.confusion(new.category, known.category))
        return Factor("category", value, _limited(found))
    other = bool(new.kind and known.kind and new.kind != known.kind)
    return Factor("category", value, terms.category.other_kind if other else 0.0)


def _wording(new: Case, known: Case, terms: Terms, weights: Weights | None) -> Factor:
    met = wording.alike(new.words, known.words, weights) if new.words and known.words else None
    if met is None:
        return NO_WORDS
    at = terms.wording
    found = at.least + (at.most - at.least) * met.share
    if weights is not None:
        # Sharing a word that one in n has is at most n times likelier of one thing: sentences that
        # everybody writes may be equal and tell nothing.
        found = min(found, max(met.rarest - at.common, 0.0))
    return Factor("wording", round(met.share, 2), found)


def _address(new: Case, known: Case, terms: Terms) -> Factor:
    if not new.address or new.address != known.address:
        return NO_ADDRESS
    return Factor("address", "same", terms.wording.same_address)


def _photos(new: Case, known: Case, terms: Terms) -> Factor:
    if not (new.photo_hashes and known.photo_hashes):
        return NO_PHOTOS
    pairs = [bits_apart(one, two) for one in new.photo_hashes for two in known.photo_hashes]
    least, other = min(pairs), terms.other
    near = other.photo_near if least <= NEAR else other.photo_other
    return Factor("photos", least, other.photo_same if least <= SAME else near)


def _asset(new: Case, known: Case, terms: Terms) -> Factor:
    if not (new.asset and known.asset):
        return NO_ASSET
    same = new.asset == known.asset
    said = terms.other.same_asset if same else terms.other.other_asset
    return Factor("asset", "same" if same else "other", said)


def _reporter(new: Case, known: Case, terms: Terms) -> Factor:
    if not new.reporter or new.reporter != known.reporter:
        return NO_REPORTER
    return Factor("reporter", "same", terms.other.same_reporter)
