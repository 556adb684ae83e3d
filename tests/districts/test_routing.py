"""Who answers: the tiers, the circle's certainty, and laws that hold for any rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districts.routing import Assign, Basis, CategoryFacts, NoRule, Rule, route
from districts.territory import (
    AreaRef,
    AssetRef,
    How,
    Placement,
    ServiceAreaRef,
    Share,
    Surroundings,
)
from gis_core.positions import LonLat, Position

DAY = date(2026, 3, 2)
TREE = CategoryFacts("fallen_tree", "trees")
LEAK = CategoryFacts("water_leak", "water_supply")

WARD = AreaRef(1, "ward", "101", "Một", "Phường", "zoo", "ubnd-101")
NEXT_WARD = AreaRef(2, "ward", "102", "Hai", "Phường", "zoo", "ubnd-102")
PARK = AssetRef(7, "park", "p", "Công viên", owner="city", maintainer="gardeners")
OTHER_PARK = AssetRef(8, "park", "q", "Vườn hoa", owner="city", maintainer="florists")
PIPES = ServiceAreaRef(3, "water-east", "East", frozenset({"water_leak"}))

TREES_IN_PARKS = Rule(
    "park-trees", Basis.ASSET, Assign.MAINTAINER, asset_kinds=frozenset({"park"}),
    sectors=frozenset({"trees"}),
)  # fmt: skip
OWNER_OF_PARK = replace(TREES_IN_PARKS, code="park-owner", assign=Assign.OWNER, priority=200)
WATER = Rule("water", Basis.SERVICE_AREA, Assign.SERVICE_AREA, sectors=frozenset({"water_supply"}))
COMMITTEES = Rule("ward", Basis.AREA, Assign.COMMITTEE)
CENTRE = Rule("centre", Basis.FALLBACK, Assign.AGENCY, agency="centre-1022")
RULES = (CENTRE, COMMITTEES, WATER, OWNER_OF_PARK, TREES_IN_PARKS)


def placed(*shares: tuple[float, Surroundings]) -> Placement:
    """Return a placement whose circle has these parts."""
    return Placement(
        position=Position(LonLat(106.7, 10.77), 10), on=DAY, here=shares[0][1], how=How.INSIDE,
        margin_m=5, shares=tuple(Share(*one) for one in shares), version=1,
    )  # fmt: skip


def in_ward(*assets: AssetRef, areas: tuple[ServiceAreaRef, ...] = ()) -> Surroundings:
    return Surroundings(WARD, None, assets, areas)


def test_the_maintainer_of_the_asset_comes_first() -> None:
    decision = route(placed((1.0, in_ward(PARK, areas=(PIPES,)))), TREE, RULES)

    assert (decision.agency, decision.claim.rule, decision.certainty) == (
        "gardeners",
        "park-trees",
        1.0,
    )
    assert decision.claim.asset == PARK


def test_without_a_contract_on_the_day_the_owner_answers() -> None:
    unmaintained = replace(PARK, maintainer=None)

    assert route(placed((1.0, in_ward(unmaintained))), TREE, RULES).agency == "city"


def test_the_network_comes_before_the_ward() -> None:
    assert route(placed((1.0, in_ward(PARK, areas=(PIPES,)))), LEAK, RULES).agency == "water-east"


def test_a_service_area_for_other_categories_is_not_asked() -> None:
    power = replace(PIPES, agency="power", categories=frozenset({"no_power"}))

    assert route(placed((1.0, in_ward(areas=(power,)))), LEAK, RULES).agency == "ubnd-101"


def test_where_no_ward_is_known_the_coordination_centre_answers() -> None:
    assert route(placed((1.0, Surroundings(None, None))), TREE, RULES).agency == "centre-1022"


def test_two_overlapping_owners_go_to_a_person() -> None:
    decision = route(placed((1.0, in_ward(PARK, OTHER_PARK))), TREE, RULES)

    assert decision.needs_triage
    assert [(one.agency, one.share) for one in decision.candidates] == [
        ("florists", 0.5),
        ("gardeners", 0.5),
    ]


def test_certainty_is_the_share_of_the_circle() -> None:
    east = Surroundings(NEXT_WARD, None)
    decision = route(placed((0.7, in_ward()), (0.3, east)), TREE, RULES)

    assert (decision.agency, decision.certainty) == ("ubnd-101", 0.7)
    assert decision.needs_triage


def test_two_wards_under_one_agency_are_not_ambiguous() -> None:
    together = Surroundings(replace(NEXT_WARD, committee="ubnd-101"), None)
    decision = route(placed((0.7, in_ward()), (0.3, together)), TREE, RULES)

    assert decision.certainty == pytest.approx(1.0)
    assert not decision.needs_triage


def test_danger_is_assigned_at_once_and_checked_after() -> None:
    danger = replace(TREE, danger=True)
    decision = route(placed((0.6, in_ward()), (0.4, Surroundings(NEXT_WARD, None))), danger, RULES)

    assert (decision.needs_triage, decision.check_after) == (False, True)


def test_a_rule_counts_only_in_its_period() -> None:
    ended = replace(TREES_IN_PARKS, valid_to=DAY)
    begins = replace(TREES_IN_PARKS, valid_from=DAY)

    assert route(placed((1.0, in_ward(PARK))), TREE, [ended, COMMITTEES]).agency == "ubnd-101"
    assert route(placed((1.0, in_ward(PARK))), TREE, [begins, COMMITTEES]).agency == "gardeners"


def test_a_rule_for_some_areas_counts_only_there() -> None:
    only_there = Rule(
        "there", Basis.AREA, Assign.AGENCY, priority=1, agency="special",
        area_codes=frozenset({"ward:102"}),
    )  # fmt: skip
    east = Surroundings(NEXT_WARD, None)

    assert route(placed((1.0, in_ward())), TREE, [only_there, COMMITTEES]).agency == "ubnd-101"
    assert route(placed((1.0, east)), TREE, [only_there, COMMITTEES]).agency == "special"


def test_a_catalogue_without_fallback_says_so() -> None:
    with pytest.raises(NoRule, match="fallback"):
        route(placed((1.0, Surroundings(None, None))), TREE, [COMMITTEES])


codes = st.sampled_from(["a", "b", "c", "d", "e", "f"])
rules = st.builds(
    Rule,
    code=codes,
    basis=st.sampled_from(Basis),
    assign=st.sampled_from(Assign),
    id=st.integers(1, 99),
    priority=st.sampled_from([1, 2, 100]),
    sectors=st.frozensets(st.sampled_from(["trees", "water_supply"])),
    asset_kinds=st.just(frozenset({"park"})),
    agency=st.sampled_from(["x", "y", "z"]),
)
rule_sets = st.lists(rules, max_size=8, unique_by=lambda rule: rule.code).map(
    lambda some: [*some, CENTRE]
)
places = st.builds(
    Surroundings,
    ward=st.sampled_from([WARD, NEXT_WARD, None]),
    district=st.none(),
    assets=st.sampled_from([(), (PARK,), (PARK, OTHER_PARK)]),
    service_areas=st.sampled_from([(), (PIPES,)]),
)
circles = st.lists(st.tuples(st.floats(0.01, 1), places), min_size=1, max_size=4).map(
    lambda parts: placed(*[(part / sum(p for p, _ in parts), place) for part, place in parts])
)
categories = st.builds(
    CategoryFacts,
    code=st.sampled_from(["fallen_tree", "water_leak"]),
    sector=st.sampled_from(["trees", "water_supply"]),
    danger=st.booleans(),
    certainty_threshold=st.floats(0.5, 1),
)


@given(circles, categories, rule_sets, st.randoms())
def test_the_order_of_rules_changes_nothing(placement, category, some, random) -> None:
    shuffled = random.sample(some, len(some))

    assert route(placement, category, shuffled) == route(placement, category, some)


@given(circles, categories, rule_sets)
def test_every_place_has_an_agency_and_the_shares_are_a_whole(placement, category, some) -> None:
    decision = route(placement, category, some)

    assert sum(one.share for one in decision.candidates) == pytest.approx(1.0)
    assert decision.certainty == pytest.approx(max(one.share for one in decision.candidates))
    assert decision.agency == decision.candidates[0].agency


@given(circles, categories, rule_sets)
def test_a_danger_never_waits_for_a_person(placement, category, some) -> None:
    decision = route(placement, category, some)

    assert not (category.danger and decision.needs_triage)
    unsure = decision.certainty < decision.threshold
    assert unsure == (decision.needs_triage or decision.check_after)


@given(circles, categories, rule_sets)
def test_a_weaker_basis_never_wins_over_a_stronger_one(placement, category, some) -> None:
    asset_only = [rule for rule in some if rule.basis is Basis.ASSET and rule.concerns(category)]
    whole = replace(placement, shares=(Share(1.0, in_ward(PARK)),))
    claimed = [rule for rule in asset_only if rule.assign is not Assign.COMMITTEE]

    if claimed:
        assert route(whole, category, some).claim.basis is Basis.ASSET
