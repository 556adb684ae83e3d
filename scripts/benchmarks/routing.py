"""Place and route one position, against an empty statement prepared on the same connection."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from scripts.benchmarks import harness
from scripts.benchmarks.harness import Line, percentile

DAY = date(2026, 3, 2)
DENSE = (106.60, 10.72, 106.75, 10.87)
"""West, south, east, north of the old city's core, where wards are small."""
CATEGORIES = ("pothole", "fallen-tree", "water-leak", "litter", "street-lamp-out")
ACCURACIES = (0, 10, 50, 200)


def run(*, quick: bool) -> Iterator[Line]:
    """Yield a line per accuracy; ``more`` says how many go to a person."""
    with harness.scratch_database("routing"):
        harness.with_django()
        _load_city()
        pins = 300 if quick else 5000
        for accuracy in ACCURACIES:
            yield _line(accuracy, pins)


def _load_city() -> None:
    from django.core.management import call_command  # noqa: PLC0415  after with_django

    harness.load_city()
    if data := os.environ.get("WARDWISE_TEST_DATA"):
        parks = Path(data) / "assets" / "osm2018_parks.geojson"
        call_command(
            "load_assets", str(parks), "--kind", "park", "--code-field", "osm_id",
            "--name-field", "name", "--maintainer", "cay-xanh", verbosity=0, stdout=sys.stderr,
        )  # fmt: skip


def _line(accuracy: int, pins: int) -> Line:
    work, empty, agree = _work(accuracy), _empty_statement(), _agreement()
    draw = random.Random(accuracy)  # noqa: S311  places, not secrets
    ours, floor, triage, same = [], [], 0, True
    for number in range(pins + 100):
        lon, lat = draw.uniform(DENSE[0], DENSE[2]), draw.uniform(DENSE[1], DENSE[3])
        category = CATEGORIES[number % len(CATEGORIES)]
        answer: list[tuple[str, bool]] = []
        floor += harness.timed(empty, 1, warm_up=0)
        ours += harness.timed(lambda: answer.append(work(lon, lat, category)), 1, warm_up=0)  # noqa: B023  called at once
        ward, asked = answer[0]
        triage += asked
        same = same and (number % 20 > 0 or ward == agree(lon, lat))
    ours, floor = ours[100:], floor[100:]
    return Line(
        bench="routing",
        case=f"place + route, accuracy {accuracy} m, p50 of {pins}",
        unit="ms",
        ours=percentile(ours, 0.5),
        peer="select 1, prepared",
        peer_value=percentile(floor, 0.5),
        same_answer=same,
        more={
            "p99": harness.rounded(percentile(ours, 0.99)),
            "peer_p99": harness.rounded(percentile(floor, 0.99)),
            "times_the_peer": harness.rounded(percentile(ours, 0.5) / percentile(floor, 0.5)),
            "triage_share": harness.rounded(triage / (pins + 100)),
        },
    )


def _work(accuracy: int) -> Callable[[float, float, str], tuple[str, bool]]:
    from districts import rulebook  # noqa: PLC0415
    from districts.placement import OutsideCity, place  # noqa: PLC0415
    from districts.routing import route  # noqa: PLC0415
    from gis_core.positions import LonLat, Position  # noqa: PLC0415

    def work(lon: float, lat: float, category: str) -> tuple[str, bool]:
        try:
            placement = place(Position(LonLat(lon, lat), accuracy), DAY)
        except OutsideCity:
            return "", False
        book = rulebook.current(placement.version)
        decision = route(placement, book.category(category), book.rules_for[category])
        ward = placement.here.ward
        return ward.code if ward else "", decision.needs_triage

    return work


def _empty_statement() -> Callable[[], object]:
    from django.db import connection  # noqa: PLC0415, TID251  the floor of the very connection

    connection.ensure_connection()
    cursor = connection.connection.cursor()
    cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = 'nothing'")
    if cursor.fetchone() == (0,):
        cursor.execute("PREPARE nothing AS SELECT 1")

    def empty() -> object:
        cursor.execute("EXECUTE nothing")
        return cursor.fetchall()

    return empty


def _agreement() -> Callable[[float, float], str]:
    """Return shapely's answer over every ward's polygon: the smallest code that covers."""
    import shapely  # noqa: PLC0415

    from districts.models import Area  # noqa: PLC0415

    wards = Area.objects.filter(edition__published=True, edition__level="ward").order_by("code")
    codes = [ward.code for ward in wards]
    shapes = shapely.from_wkb([bytes(ward.shape.wkb) for ward in wards])
    shapely.prepare(shapes)

    def agree(lon: float, lat: float) -> str:
        covering = shapely.covers(shapes, shapely.Point(lon, lat)).nonzero()[0]
        return codes[covering[0]] if len(covering) else ""

    return agree
