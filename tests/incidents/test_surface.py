"""While a slider moves the city is told the same as by an analysis of the same squares."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from django.utils import timezone

from districts.models import Area, Category
from gis_core.hotspots.grid import Grid
from incidents.analyses import interactive, picture, running
from incidents.analyses.errors import BadQuestion
from incidents.analyses.points import in_metres
from incidents.columns import reading
from incidents.columns.folder import home
from incidents.columns.keeping import Keeper
from incidents.errors import PermissionDenied
from incidents.permissions import Role
from tests import zoo
from tests.incidents.analyses.test_rates import PEOPLE, live, repeat
from tests.incidents.test_analyses import (  # noqa: F401  two fixtures
    DEFAULT,
    PLANTED,
    asked,
    lay_streets,
    make,
    planner,
    planted,
    staff,
)

QUESTIONS = {
    "getis_ord": {"cell_m": 200, "reach": 2},
    "local_moran": {"cell_m": 200},
    "density": {"cell_m": 100, "bandwidth_m": 400},
}


@pytest.fixture
def patient(monkeypatch):
    """However slow the machine is, what was kept up a while ago is read, and found at once."""
    monkeypatch.setattr(reading, "SILENT_S", 600.0)
    monkeypatch.setattr(reading, "LOOK_AGAIN_S", 0.0)


@pytest.fixture
def columns(patient):
    """Somebody keeps the columns."""
    keeper = Keeper(home())
    while keeper.look():
        pass
    yield keeper
    keeper.close()


def told(actor, method, **changes):
    question = asked(method=method, **{"parameters": QUESTIONS[method], **changes})
    return interactive.answer(actor, question, timezone.localdate())


@pytest.fixture
def known(planted):  # noqa: F811
    """Residents, streets and who reports are known; some things lie just beyond the border."""
    make([(zoo.WEST - 0.0004, zoo.SOUTH + 0.005)] * 7)
    live(PEOPLE)
    lay_streets()
    for code, (west, south, _east, _north) in zoo.ward_boxes().items():
        places = np.add((west, south), [(0.004, 0.005)] * 4)
        made = make(places, opened_before=5, ward=Area.objects.get(code=code))
        repeat(made[: int(code) % 4], 2)


@pytest.mark.parametrize("method", QUESTIONS)
def test_every_square_is_told_as_by_the_analysis(planner, planted, columns, method):  # noqa: F811
    same_squares(planner, method)


def test_so_is_it_whatever_is_done_to_the_counts(planner, known, columns):  # noqa: F811
    """Also by permutations: the draw is the question's."""
    small = {"cell_m": 100, "reach": 1}
    drawn = {"chance": "9999", "seed": 5, "share": 0.1}
    same_squares(planner, "getis_ord", exposure="residents", correction="small_numbers")
    same_squares(planner, "getis_ord", exposure="road_km", control="none", parameters=small)
    same_squares(
        planner, "local_moran", reporting="heard", control="none", parameters={**small, **drawn}
    )


def same_squares(planner, method, **changes):  # noqa: F811
    surface = told(planner, method, **changes)
    question = asked(method=method, **{"parameters": QUESTIONS[method], **changes})
    question = question.settled(timezone.localdate())
    result = running.run(planner, question)
    assert surface.source == "columns"
    assert surface.incidents == result.facts["incidents"]
    legend = {step["code"]: step["places"] for step in surface.legend()}
    assert legend == {step.code: step.places for step in result.legend}
    assert sum(legend.values()) > 0
    names = np.array(["", *surface.codes])
    rows = result.layer["row"] - round(surface.grid.south_m / surface.grid.cell_m)
    lines = result.layer["column"] - round(surface.grid.west_m / surface.grid.cell_m)
    assert (names[surface.kind[rows, lines]] == result.layer["kind"]).all()


@pytest.mark.parametrize(
    "area",
    [
        {"kind": "wards", "wards": ["103", "104"]},
        {"kind": "shape", "shape": shapely.geometry.mapping(shapely.Point(PLANTED).buffer(0.006))},
    ],
    ids=["wards", "shape"],
)
def test_a_part_of_the_city_is_told_by_its_own_incidents(planner, planted, columns, area):  # noqa: F811
    surface = told(planner, "density", area=area)
    changes = {"method": "density", "parameters": QUESTIONS["density"], "area": area}
    result = running.run(planner, asked(**changes).settled(timezone.localdate()))
    assert surface.source == "columns"
    # Along its border an own area ends at whole squares.
    assert surface.incidents == pytest.approx(result.facts["incidents"], abs=6)
    filled = int((surface.kind > 0).sum())
    assert filled == pytest.approx(sum(step.places for step in result.legend), rel=0.05)
    assert filled > 20


def test_without_columns_rows_tell_the_same(planner, planted, patient):  # noqa: F811
    by_rows = told(planner, "getis_ord")
    keeper = Keeper(home())
    while keeper.look():
        pass
    by_columns = told(planner, "getis_ord")
    keeper.close()
    assert (by_rows.source, by_columns.source) == ("rows", "columns")
    assert by_rows.incidents == by_columns.incidents > 0
    assert np.array_equal(by_rows.kind, by_columns.kind)


def test_what_is_sensitive_or_stands_on_a_default_point_is_not_drawn(
    planner, planted, columns  # noqa: F811
):  # fmt: skip
    before = told(planner, "density")
    secret = Category.objects.filter(sensitive=True).first().pk
    make([PLANTED] * 40, category=secret)
    plain = Category.objects.filter(sensitive=False).values_list("code", flat=True)
    make([DEFAULT] * 60, category=list(plain[:12]))
    columns.close()
    made = Keeper(home())
    made.anew("more incidents")
    after = told(planner, "density")
    made.close()
    assert after.incidents == before.incidents
    assert np.array_equal(after.kind, before.kind)


def test_whoever_sees_no_figures_is_refused_and_slow_methods_too(planner, planted):  # noqa: F811
    with pytest.raises(BadQuestion, match="emerging"):
        interactive.answer(planner, asked(method="emerging", parameters={}), timezone.localdate())
    with pytest.raises(PermissionDenied):
        told(staff("an", Role.AGENCY_STAFF), "getis_ord")


def test_each_pixel_shows_the_square_that_its_middle_lies_in(town):
    east, south = (float(side[0]) for side in in_metres(*(np.array([of]) for of in PLANTED)))
    grid = Grid(east - 40_000, south - 30_000, 500.0, 160, 120)
    kind = np.random.default_rng(3).integers(0, 7, grid.shape).astype(np.uint8)
    view = picture.sized((106.3, 10.5, 107.2, 11.1), 700)
    seen = picture.pixels(kind, grid, view)
    assert seen.shape == (view.high, view.wide)
    assert view.wide == 700
    west, low, right, top = view.box
    across, down = np.meshgrid(np.arange(view.wide) + 0.5, np.arange(view.high) + 0.5)
    north, bottom = (np.arctanh(np.sin(np.radians(side))) for side in (top, low))
    up = north + (bottom - north) * down / view.high
    lon = west + (right - west) * across / view.wide
    x, y = in_metres(lon.ravel(), np.degrees(np.arctan(np.sinh(up))).ravel())
    column, row = (x - grid.west_m) / 500, (y - grid.south_m) / 500
    inside = (column >= 0) & (column < 160) & (row >= 0) & (row < 120)
    clear = np.minimum(abs(column - np.rint(column)), abs(row - np.rint(row))) > 0.001
    expected = np.where(
        inside, kind[row.clip(0, 119).astype(int), column.clip(0, 159).astype(int)], 0
    )
    assert (seen.ravel() == expected)[clear].all()
    assert clear.mean() > 0.99
    whole = picture.view_of(grid)
    assert whole.box[0] < 106.7 < whole.box[2]
    assert (picture.pixels(kind + 1, grid, whole) > 0).mean() > 0.95
