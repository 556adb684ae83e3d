"""Counts are compared by residents, streets, who reports: named, and only where it is known."""

from __future__ import annotations

from datetime import date, timedelta

import geopandas
import numpy as np
import pytest

from districts.lineage import compute_lineage
from districts.models import Area, CatalogueChange, Edition
from districts.models.residents import ResidentCount, Residents
from gis_core.errors import DomainError
from gis_core.hotspots.getis_ord import gi_star_permuted
from gis_core.hotspots.grid import Grid
from gis_core.hotspots.local_moran import local_moran
from incidents.analyses import rates, territory
from incidents.analyses.classes import drawing_told
from incidents.analyses.question import AskedArea
from incidents.analyses.ward_squares import ward_squares
from incidents.exports.formats import FORMATS
from incidents.exports.frames import write_frame
from incidents.models import Event, Incident, Membership, Report
from map_ui.analysis_words import warning
from tests import zoo
from tests.districts.test_residents import HALVES, count
from tests.incidents.test_analyses import (  # noqa: F401  two fixtures
    answer,
    asked,
    make,
    planner,
    planted,
)

PEOPLE = {str(code): 2_000 for code in range(101, 109)}
"""All wards but 109."""


def live(people):
    """Tell how many people live in the wards."""
    edition = Edition.objects.get(level="ward")
    ResidentCount.objects.all().delete()
    count = ResidentCount.objects.create(edition=edition, year=2025, source="Sổ dân cư")
    Residents.objects.bulk_create(
        Residents(count=count, area=area, people=people[area.code])
        for area in Area.objects.filter(edition=edition, code__in=people)
    )
    CatalogueChange.objects.create(kind="residents", code="zoo")


def repeat(incidents, after_days):
    """Let each incident be reported once more after so many days."""
    Incident.objects.filter(pk__in=[one.pk for one in incidents]).update(report_count=2)
    events = Event.objects.bulk_create(Event(kind="reported", incident=one) for one in incidents)
    reports = Report.objects.bulk_create(
        Report(
            code=f"R{one.pk:07}", channel="web", key=str(one.pk), category_id=one.category_id,
            reported_at=one.opened_at + timedelta(days=after_days),
        )
        for one in incidents
    )  # fmt: skip
    Membership.objects.bulk_create(
        Membership(report=report, incident=one, from_event=event)
        for one, event, report in zip(incidents, events, reports, strict=True)
    )


@pytest.fixture
def alike(town):
    """Forty incidents in each ward, everywhere in it."""
    chance = np.random.default_rng(3)
    return {
        code: make(chance.uniform((west, south), (east, north), (40, 2)), days=40, ward=ward)
        for code, (west, south, east, north) in zoo.ward_boxes().items()
        for ward in [Area.objects.get(code=code)]
    }


@pytest.mark.parametrize("cell_m", [200.0, 5_000.0])
def test_every_resident_lives_in_one_square_of_the_ward(town, cell_m):
    live(PEOPLE)
    grid = territory.grid_over(territory.territory(AskedArea()), cell_m)
    laid = rates.thousands(grid, AskedArea())
    assert laid.sum() == pytest.approx(8 * 2.0)
    squares = ward_squares(grid)
    if cell_m < 1_000:
        of_101 = laid.ravel()[squares.place[squares.ward == 0]]
        assert np.ptp(of_101) == 0
        assert len(of_101) == squares.squares[0] > 20


def test_a_part_of_the_city_has_its_share_of_the_residents(town):
    live(PEOPLE)
    grid = territory.grid_over(territory.territory(AskedArea()), 100.0)
    half = Grid(grid.west_m, grid.south_m, 100.0, grid.columns // 2, grid.rows)
    whole, part = (rates.thousands(one, AskedArea()) for one in (grid, half))
    assert np.array_equal(whole[:, : half.columns], part)


def test_where_fewer_people_live_as_many_incidents_are_hot(planner, alike, tmp_path):  # noqa: F811
    live(PEOPLE | {"101": 600, "105": 20_000})
    bare, told = answer(planner), answer(planner, exposure="residents")
    assert not bare.table
    assert told.table[0]["ward"].endswith("101")
    warned = {one.code: one.facts for one in told.warnings}
    assert warned["residents"] | {"incidents": 0} == {
        "source": "Sổ dân cư", "year": "2025", "incidents": 0,
    }  # fmt: skip
    assert warned["residents"]["incidents"] >= 40, "ward 109 is not known"
    assert set(told.layer["by_exposure"]) == {"residents"}
    rows = told.layer[told.layer["exposure"] > 0]
    assert np.allclose(rows["rate"], rows["count"] / rows["exposure"])
    for form in FORMATS:
        write_frame(told.layer, form, tmp_path / f"result.{form}", name="analysis")
    read = geopandas.read_file(tmp_path / "result.gpkg")
    assert read["rate"].sum() == pytest.approx(told.layer["rate"].sum())
    assert answer(planner, exposure="residents", correction="small_numbers").warnings[-1].code


def test_who_was_counted_in_former_wards_is_told_to_be_shared_out(planner, alike):  # noqa: F811
    former = zoo.edition(HALVES, name="zoo-2019", since=date(2019, 1, 1), until=zoo.SINCE)
    count(former, {"1": 9_000, "2": 18_000})
    compute_lineage(former, Edition.objects.get(name="zoo-2025"))
    warned = {one.code: one.facts for one in answer(planner, exposure="residents").warnings}
    assert warned["shared_by_area"] == {"edition": "zoo-2019"}
    assert "zoo-2019" in warning("shared_by_area", warned["shared_by_area"])


def test_what_few_report_is_raised_where_few_report(planner, alike):  # noqa: F811
    with pytest.raises(DomainError) as refused:
        answer(planner, reporting="heard")
    assert refused.value.code == "analysis.nothing_repeated"
    assert not rates.possible("heard")
    for code, incidents in alike.items():
        repeat(incidents[: 4 if code == "105" else 36], 1)
    assert rates.possible("heard")
    told = answer(planner, reporting="heard", categories=["garbage", "pothole"][1:])
    squares = told.layer.groupby("heard")["count"].sum()
    assert len(squares) == 10, "nine wards, and what lies in none"
    least = told.layer[told.layer["heard"] == told.layer["heard"].min()]
    middle = least.to_crs(4326).union_all().centroid
    west, south, east, north = zoo.ward_boxes()["105"]
    assert west < middle.x < east
    assert south < middle.y < north
    assert (told.layer["rate"] >= told.layer["count"]).all()
    facts = next(one.facts for one in told.warnings if one.code == "heard")
    assert 0 < facts["least"] < facts["most"] <= 1


def test_what_is_not_known_here_is_not_offered_and_refused_by_its_code(planner, planted):  # noqa: F811
    assert [rates.possible(code) for code in ("none", "road_km", "residents", "heard")] == [
        True, False, False, False,
    ]  # fmt: skip
    for exposure, code in (("residents", "no_residents"), ("road_km", "no_streets")):
        with pytest.raises(DomainError) as refused:
            answer(planner, exposure=exposure)
        assert refused.value.code == f"analysis.{code}"


@pytest.mark.parametrize("method", ["local_moran", "getis_ord"])
def test_permutations_tell_the_same_again_and_say_so(planner, planted, method):  # noqa: F811
    asked_of = {"cell_m": 200, "chance": "9999", "seed": 7, "share": 0.2}
    one, again = (answer(planner, method=method, parameters=asked_of) for _ in range(2))
    other = answer(planner, method=method, parameters=asked_of | {"seed": 8})
    assert one.layer.equals(again.layer)
    assert (one.layer["p"] != other.layer["p"]).any()
    assert one.layer["p"].min() == 2 / 10_000
    assert one.table[0]["ward"].endswith("103")
    assert set(one.layer["by_chance"]) == {"permutations=9999 seed=7"}
    assert {w.code: w.facts for w in one.warnings}["permuted"]["seed"] == 7


def test_a_guard_that_permutations_cannot_satisfy_is_told(town):
    strict, usual = (
        asked(control=control, parameters={"chance": "999"}) for control in ("bonferroni", "fdr")
    )
    assert [one.code for one in drawing_told(strict, 30)] == ["permuted", "permuted_too_few"]
    assert [one.code for one in drawing_told(usual, 30)] == ["permuted", "permuted_needs"]
    assert drawing_told(usual, 2_500)[1].facts["needed"] == 100
    assert drawing_told(asked(), 30) == []


def test_squares_that_are_alike_are_not_told_apart_by_rounding():
    """Sums of fractions hang on their order; permutations compare sums."""
    counts = np.zeros((40, 40))
    counts[5:8, 5:9] = np.random.default_rng(1).integers(0, 4, (3, 4))
    share = counts / 7.3
    assert np.array_equal(gi_star_permuted(counts, 1).p, gi_star_permuted(share, 1).p)
    drawn = (local_moran(values, 1, permutations=199).p for values in (counts, share))
    assert np.array_equal(*drawn)
