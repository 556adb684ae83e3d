"""How many reports a person has to look at: street points, common problems, three accuracies."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import shapely

from districts import reading, rulebook
from districts.placement import OutsideCity, place
from districts.routing import route
from districts.territory import Placement
from gis_core.planes import to_degrees, to_metres
from gis_core.positions import LonLat, Position

DAY = date(2026, 11, 20)
SEED = 1022
POINTS = 600
ACCURACIES = (10, 50, 200)
COMMON = (
    "pothole", "flooding", "litter", "sidewalk-encroachment", "illegal-parking", "noise",
    "street-lamp-out", "tree-pruning", "water-leak", "no-water", "power-outage",
    "manhole-cover", "fallen-tree", "construction-unsafe",
)  # fmt: skip
BY_WARD = frozenset({"sidewalk-encroachment", "illegal-parking", "noise"})
ONE_FOR_ALL = frozenset({"street-lamp-out", "tree-pruning"})


def street_points(data: Path) -> list[LonLat]:
    """Return points along named streets, each metre of street as likely as any other."""
    rows = reading.read([data / "gazetteer/osm2018_roads.geojson"])
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


def told(at: dict[int, dict[str, tuple[float, float]]]) -> str:
    """Return the shares at each accuracy as a table."""
    lines = [f"{POINTS} street points; sent to triage (checked after) at {ACCURACIES} m"]
    for code in COMMON:
        parts = [f"{at[m][code][0]:6.1%} ({at[m][code][1]:5.1%})" for m in ACCURACIES]
        lines.append(" ".join([f"  {code:22}", *parts]))
    overall = [f"{mean(at[m], frozenset(COMMON)):6.1%}" for m in ACCURACIES]
    return "\n".join([*lines, f"  all of them            {'          '.join(overall)}"])
