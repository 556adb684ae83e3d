"""A hundred and more hand-written cases: a real place, a problem, a day -> who answers, and why.

The answers stand in cases/cases.csv. They were worked out from the rules and the map, not from the
program.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date

import pytest

from districts import rulebook
from districts.explanation import area_name, explain
from districts.models import Category
from districts.placement import place, read_lonlat
from districts.routing import Basis, Decision, route
from districts.territory import Placement
from gis_core.errors import DomainError
from gis_core.positions import Position
from tests.districts.cases import ground, triage

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Case:
    place: str
    lon: float
    lat: float
    accuracy_m: float
    category: str
    on: date
    ward: str
    agency: str
    rule: str
    outcome: str
    """assigned, triage, check (assigned and checked after), or refused with an error's code."""
    why: str

    @property
    def position(self) -> Position:
        return Position(read_lonlat(self.lon, self.lat), self.accuracy_m)


def read_case(row: dict[str, str]) -> Case:
    numbers = (float(row["lon"]), float(row["lat"]), float(row["accuracy_m"]))
    texts = (row["ward"], row["agency"], row["rule"], row["outcome"], row["why"])
    day = date.fromisoformat(row["date"])
    return Case(row["place"], *numbers, row["category"], day, *texts)


with (ground.HERE / "cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = [read_case(row) for row in csv.DictReader(file)]

ANSWERED = [case for case in CASES if case.outcome != "refused"]
REFUSED = [case for case in CASES if case.outcome == "refused"]


def words(case: Case) -> str:
    return f"{case.place}, {case.accuracy_m:g} m, {case.category}, {case.on}: {case.why}"


@pytest.fixture(scope="module", autouse=True)
def city(django_db_setup, django_db_blocker, test_data):
    with ground.laid(django_db_blocker, lambda: ground.lay_all(test_data)):
        yield


def decided(case: Case) -> tuple[Placement, Decision]:
    placement = place(case.position, case.on)
    book = rulebook.current(placement.version)
    return placement, route(placement, book.category(case.category), book.rules_for[case.category])


def outcome(decision: Decision) -> str:
    if decision.needs_triage:
        return "triage"
    return "check" if decision.check_after else "assigned"


@pytest.mark.parametrize("case", ANSWERED, ids=words)
def test_the_right_agency_answers_by_the_right_rule(case) -> None:
    placement, decision = decided(case)

    ward = placement.here.ward.code if placement.here.ward else ""
    found = (ward, decision.agency, decision.claim.rule, outcome(decision))
    assert found == (case.ward, case.agency, case.rule, case.outcome), decision.candidates


def test_every_answer_is_a_whole_sentence_in_both_languages() -> None:
    """Nothing unfilled; the agency is named, or the ward whose committee it is."""
    book = rulebook.current()
    for case in ANSWERED:
        placement, decision = decided(case)
        why = explain(decision, placement, book)
        for language in ("vi", "en"):
            named = book.agency(decision.agency).in_language(language)
            ward = decision.claim.area
            area = area_name(ward, language) if ward else named
            told = why.because[language]
            assert named in told or area in told, told
            asked = why.question.get(language, "")
            assert bool(asked) == (case.outcome in {"triage", "check"})
            assert not set("{}") & set(told + asked)


@pytest.mark.parametrize("case", REFUSED, ids=words)
def test_a_place_outside_is_refused_by_name(case) -> None:
    with pytest.raises(DomainError) as told:
        decided(case)
    assert told.value.code == case.agency


def test_the_cases_ask_every_category_every_rule_basis_and_outcome() -> None:
    """A category added to the catalogue wants its case here."""
    asked = {case.category for case in ANSWERED}

    assert set(Category.objects.values_list("code", flat=True)) == asked
    print(f"\n{len(CASES)} cases by outcome: {dict(Counter(case.outcome for case in CASES))}")
    assert len(CASES) >= 100
    assert {case.outcome for case in CASES} == {"assigned", "triage", "check", "refused"}


def test_the_cases_ask_every_rule_of_the_catalogue() -> None:
    rules = {rule.code for rule in rulebook.current().rules}
    unasked = rules - {case.rule for case in CASES}

    by_basis = Counter(decided(case)[1].claim.basis for case in ANSWERED)
    print(f"\n{len(rules)} rules, not asked: {sorted(unasked)}; cases by basis: {dict(by_basis)}")
    # Every category has a rule before the last one, and wards are in force since July 2025.
    assert unasked <= {"coordination-centre", "road-department"}
    assert set(by_basis) == set(Basis) - {Basis.FALLBACK}


@pytest.mark.parametrize(
    ("lon", "lat", "on", "code", "former"),
    [
        (106.7009, 10.7769, date(2026, 11, 20), "760", True),
        (106.7009, 10.7769, date(2025, 6, 30), "760", False),
        (106.953, 10.411, date(2026, 11, 20), "787", True),
        (107.09, 10.337, date(2026, 11, 20), None, None),
    ],
)
def test_the_former_district_is_given_as_former(lon, lat, on, code, former) -> None:
    district = place(Position(read_lonlat(lon, lat)), on).here.district

    assert (district and district.code, district and district.former) == (code, former)


@pytest.mark.parametrize(("lon", "lat"), [(0.0, 0.0), (2.35, 48.86)])
def test_before_the_first_wards_too_another_continent_is_refused(lon, lat) -> None:
    with pytest.raises(DomainError):
        place(Position(read_lonlat(lon, lat)), date(2024, 5, 5))


def test_few_reports_need_a_person(test_data) -> None:
    """Street points, common problems, three accuracies."""
    points = triage.street_points(test_data)
    at = {m: triage.shares(triage.placed(points, m)) for m in triage.ACCURACIES}
    print(f"\n{triage.told(at)}")
    overall = {m: triage.mean(found, frozenset(triage.COMMON)) for m, found in at.items()}
    assert overall[10] < overall[50] < overall[200]
    assert overall[10] < 0.06
    assert overall[50] < 0.15
    assert overall[200] < 0.40
    for metres in triage.ACCURACIES:
        one_for_all = triage.mean(at[metres], triage.ONE_FOR_ALL)
        assert one_for_all < 0.02
        assert one_for_all <= triage.mean(at[metres], triage.BY_WARD)
    assert at[200]["construction-unsafe"][0] == 0
    assert at[200]["construction-unsafe"][1] == at[200]["noise"][0] > 0
    assert 0.02 < triage.mean(at[50], triage.BY_WARD) < 0.35
