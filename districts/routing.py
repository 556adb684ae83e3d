"""Placement and category in, agency and reasons out. Pure: no database, no clock, total order.

Rules are read in tiers, by (basis, priority): an asset's maintainer or owner first, then the
network's service area, then area and category, then the fallback. The first tier in which anyone
claims a point decides it; several claimants in that tier share it evenly, which is how two
overlapping owners become a question instead of a guess.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import groupby

from districts.territory import AreaRef, AssetRef, Placement, ServiceAreaRef, Surroundings
from gis_core.errors import N_, DomainError


class Basis(StrEnum):
    """What a rule rests on, strongest first."""

    ASSET = "asset"
    SERVICE_AREA = "service_area"
    AREA = "area"
    FALLBACK = "fallback"


class Assign(StrEnum):
    """Whom a rule names."""

    MAINTAINER = "maintainer"
    OWNER = "owner"
    SERVICE_AREA = "service_area"
    COMMITTEE = "committee"
    AGENCY = "agency"


NOBODY: frozenset[str] = frozenset()
BASIS_RANK = {basis: rank for rank, basis in enumerate(Basis)}


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """What routing needs to know of a category."""

    code: str
    sector: str
    danger: bool = False
    certainty_threshold: float = 0.8


@dataclass(frozen=True, slots=True)
class Rule:
    """One responsibility rule. Empty ``sectors`` and ``categories`` concern everything.

    ``area_codes`` are written ``level:code`` ("district:760"); empty means everywhere. The
    interval is half open, and None is no bound.
    """

    code: str
    basis: Basis
    assign: Assign
    id: int = 0
    priority: int = 100
    sectors: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    asset_kinds: frozenset[str] = frozenset()
    area_codes: frozenset[str] = frozenset()
    agency: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def tier(self) -> tuple[int, int]:
        """The rules of one tier are asked together."""
        return BASIS_RANK[self.basis], self.priority

    def concerns(self, category: CategoryFacts) -> bool:
        """Whether the rule speaks of this category."""
        everything = not self.sectors and not self.categories
        return everything or category.code in self.categories or category.sector in self.sectors

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in effect on ``day``."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Claim:
    """An agency that a rule names for a place, and the thing on the ground that the rule used."""

    agency: str
    rule: str
    rule_id: int
    basis: Basis
    assign: Assign
    share: float = 1.0
    contested: bool = False
    """Whether others of the same tier claim the same place."""
    asset: AssetRef | None = None
    service_area: ServiceAreaRef | None = None
    area: AreaRef | None = None

    @property
    def reason(self) -> tuple[object, ...]:
        """The rule and the thing it used: claims of one reason make one sentence."""
        return self.rule, self.rule_id, self.asset, self.service_area, self.area


@dataclass(frozen=True, slots=True)
class Decision:
    """The agency chosen, the claim it rests on, how sure, and who else it could be.

    ``certainty`` is the share of the position's circle that leads to ``agency``. With
    ``needs_triage`` the agency is a proposal and a person decides; with ``check_after`` the case is
    dangerous, went to the agency at once, and a person looks afterwards.
    """

    agency: str
    claim: Claim
    candidates: tuple[Claim, ...]
    """One claim an agency, largest share first, then by code."""
    certainty: float
    threshold: float
    needs_triage: bool
    check_after: bool
    overlap: bool
    """Whether the doubt is rather about who owns the place than about where it is."""


class NoRule(DomainError):
    """No rule, not even a fallback, names an agency: the catalogue is not complete."""

    code = "routing.no_rule"
    status = 500
    message = N_(
        "No rule says who answers for %(category)s here. An administrator has to add a fallback "
        "rule to the catalogue; the report is kept."
    )


def route(
    placement: Placement,
    category: CategoryFacts,
    rules: Iterable[Rule],
    without: frozenset[str] = NOBODY,
) -> Decision:
    """Return the agency that answers for ``category`` where ``placement`` is, on its day.

    The order of ``rules`` does not matter. Agencies named in ``without`` are passed over, so that
    the next claim decides. Raises NoRule where nobody is left, not even the fallback.
    """
    asked = tiers(rules, category, placement.on)
    claims = [
        _part_of(claim, part.share)
        for part in placement.shares
        for claim in claims_on(part.surroundings, category, asked, without)
    ]
    if not claims:
        raise NoRule(category=category.code)
    return decide(claims, category)


def _part_of(claim: Claim, share: float) -> Claim:
    """Return the claim on a part of the circle; most circles are one part, and copying costs."""
    return claim if share == 1.0 else replace(claim, share=claim.share * share)


def tiers(rules: Iterable[Rule], category: CategoryFacts, day: date) -> list[list[Rule]]:
    """Return the rules that concern ``category`` on ``day``, grouped in the order of asking."""
    asked = [rule for rule in rules if rule.concerns(category) and rule.holds_on(day)]
    asked.sort(key=lambda rule: (rule.tier, rule.code, rule.id))
    return [list(tier) for _, tier in groupby(asked, key=lambda rule: rule.tier)]


def claims_on(
    place: Surroundings,
    category: CategoryFacts,
    asked: Sequence[Sequence[Rule]],
    without: frozenset[str] = NOBODY,
) -> list[Claim]:
    """Return the claims of the first tier in which anyone claims ``place``; shares sum to 1."""
    for tier in asked:
        first: dict[str, Claim] = {}
        for rule in tier:
            for claim in claims_of(rule, category, place):
                if claim.agency not in without:
                    first.setdefault(claim.agency, claim)
        if len(first) == 1:
            return list(first.values())
        if first:
            share = 1 / len(first)
            return [replace(one, share=share, contested=True) for one in first.values()]
    return []


def claims_of(rule: Rule, category: CategoryFacts, place: Surroundings) -> list[Claim]:
    """Return what one rule claims of ``place``: nothing, one agency, or several."""
    if not _in_areas(rule, place):
        return []
    match rule.basis:
        case Basis.ASSET:
            return _asset_claims(rule, place)
        case Basis.SERVICE_AREA:
            return _service_area_claims(rule, category, place)
        case Basis.AREA | Basis.FALLBACK:
            return _area_claims(rule, place)


def _claim(rule: Rule, agency: str | None, **used: object) -> list[Claim]:
    if agency is None:
        return []
    return [Claim(agency, rule.code, rule.id, rule.basis, rule.assign, **used)]  # type: ignore[arg-type]


def _asset_claims(rule: Rule, place: Surroundings) -> list[Claim]:
    return [
        claim
        for asset in place.assets
        if asset.kind in rule.asset_kinds
        for claim in _claim(rule, _asset_agency(rule, asset), asset=asset)
    ]


def _asset_agency(rule: Rule, asset: AssetRef) -> str | None:
    match rule.assign:
        case Assign.MAINTAINER:
            return asset.maintainer
        case Assign.OWNER:
            return asset.owner
        case _:
            return rule.agency


def _service_area_claims(rule: Rule, category: CategoryFacts, place: Surroundings) -> list[Claim]:
    return [
        claim
        for area in place.service_areas
        if category.code in area.categories
        for claim in _claim(
            rule,
            area.agency if rule.assign is Assign.SERVICE_AREA else rule.agency,
            service_area=area,
        )
    ]


def _area_claims(rule: Rule, place: Surroundings) -> list[Claim]:
    if rule.assign is Assign.COMMITTEE:
        committee = place.ward.committee if place.ward else None
        return _claim(rule, committee, area=place.ward)
    return _claim(rule, rule.agency, area=place.ward or place.district)


def _in_areas(rule: Rule, place: Surroundings) -> bool:
    here = {f"{area.level}:{area.code}" for area in (place.ward, place.district) if area}
    return not rule.area_codes or bool(rule.area_codes & here)


def by_agency(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return one claim an agency: all its shares, and the reason that gave it the largest part.

    A reason's parts are added first: what else lies in the street cuts the circle into more parts,
    and must not change why.
    """
    reasons: defaultdict[str, dict[tuple[object, ...], Claim]] = defaultdict(dict)
    for claim in claims:
        own = reasons[claim.agency]
        known = own.get(claim.reason)
        own[claim.reason] = replace(claim, share=known.share + claim.share) if known else claim
    merged = [_merged(list(own.values())) for own in reasons.values()]
    return tuple(sorted(merged, key=lambda claim: (-round(claim.share, 9), claim.agency)))


def _merged(reasons: Sequence[Claim]) -> Claim:
    if len(reasons) == 1:
        return reasons[0]
    largest = max(reasons, key=lambda claim: claim.share)
    return replace(largest, share=sum(claim.share for claim in reasons))


def decide(claims: Sequence[Claim], category: CategoryFacts) -> Decision:
    """Return the decision for the largest share; unsure ones go to a person unless dangerous."""
    candidates = by_agency(claims)
    best = candidates[0]
    unsure = best.share < category.certainty_threshold
    others = [claim for claim in claims if claim.agency != best.agency]
    contested = sum(claim.share for claim in others if claim.contested)
    return Decision(
        agency=best.agency,
        claim=best,
        candidates=candidates,
        certainty=min(best.share, 1.0),
        threshold=category.certainty_threshold,
        needs_triage=unsure and not category.danger,
        check_after=unsure and category.danger,
        overlap=2 * contested > sum(claim.share for claim in others),
    )
