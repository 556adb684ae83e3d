"""How many reports a person has to look at: street points, common problems, three accuracies."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest
import shapely

from districts import reading, rulebook
from districts.placement import OutsideCity, place
from districts.routing import route
from districts.territory import Placement
from gis_core.planes import to_degrees, to_metres
from gis_core.positions import LonLat, Position
from tests.districts.cases import ground

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)
SEED = 1022
POINTS = 2000
ACCURACIES = (10, 50, 200)
COMMON = (
    "pothole", "flooding", "litter", "sidewalk-encroachment", "illegal-parking", "noise",
    "street-lamp-out", "tree-pruning", "water-leak", "no-water", "power-outage",
    "manhole-cover", "fallen-tree", "construction-unsafe",
)  # fmt: skip
BY_WARD = frozenset({"sidewalk-encroachment", "illegal-parking", "noise"})
ONE_FOR_ALL = frozenset({"street-lamp-out", "tree-pruning"})


@pytest.fixture(scope="module", autouse=True)
def city(django_db_setup, django_db_blocker, test_data):
    with ground.laid(django_db_blocker, lambda: ground.lay_all(test_data)):
        yield


@pytest.fixture(scope="module")
def street_points(test_data) -> list[LonLat]:
    """Points along named streets, each metre of street as likely as any other."""
    rows = reading.read([test_data / "gazetteer/osm2018_roads.geojson"])
    lines = to_metres(np.array([row.shape for row in rows]), 9210)
    rng = np.random.default_rng(SEED)
    lengths = shapely.length(lines)
    which = rng.choice(len(lines), POINTS, p=lengths / lengths.sum())
    along = shapely.line_interpolate_point(lines[which], rng.uniform(0, lengths[which]))
    return [LonLat(point.x, point.y) for point in to_degrees(along, 9210)]


def placed(points: list[LonLat], accuracy_m: float) -> list[Placement]:
    """Return where the points lie; streets that lead out of the city are left out."""
    found = []
    for point in points:
        try:
            found.append(place(Position(point, accuracy_m), DAY))
        except OutsideCity:
            continue
    return found


def shares(placements: list[Placement]) -> dict[str, tuple[float, float]]:
    """Return for each category the shares sent to triage and checked after."""
    book = rulebook.current()
    asked: Counter[str] = Counter()
    checked: Counter[str] = Counter()
    for placement in placements:
        for code in COMMON:
            decision = route(placement, book.category(code), book.rules_for[code])
            asked[code] += decision.needs_triage
            checked[code] += decision.check_after
    count = len(placements)
    return {code: (asked[code] / count, checked[code] / count) for code in COMMON}


def mean(found: dict[str, tuple[float, float]], codes: frozenset[str]) -> float:
    return float(np.mean([found[code][0] for code in codes]))


def test_few_reports_need_a_person(street_points) -> None:
    at = {metres: shares(placed(street_points, metres)) for metres in ACCURACIES}

    print(f"\n{POINTS} street points; sent to triage (checked after) at {ACCURACIES} m")
    for code in COMMON:
        parts = [f"{at[m][code][0]:6.1%} ({at[m][code][1]:5.1%})" for m in ACCURACIES]
        print(f"  {code:22}", *parts)
    overall = {metres: mean(found, frozenset(COMMON)) for metres, found in at.items()}
    print("  all of them           ", *(f"{overall[m]:6.1%}         " for m in ACCURACIES))

    assert overall[10] < overall[50] < overall[200]
    assert overall[10] < 0.06
    assert overall[50] < 0.15
    assert overall[200] < 0.40
    for metres in ACCURACIES:
        assert mean(at[metres], ONE_FOR_ALL) < 0.02
        assert mean(at[metres], ONE_FOR_ALL) <= mean(at[metres], BY_WARD)
    assert at[200]["construction-unsafe"][0] == 0
    assert at[200]["construction-unsafe"][1] == at[200]["noise"][0] > 0
    assert 0.02 < mean(at[50], BY_WARD) < 0.35
