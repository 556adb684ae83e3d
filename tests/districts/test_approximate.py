"""Wards computed from tables stand in for real ones: sound, named right, and mostly right."""

import hashlib
import sys
import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from districts import reading, soundness
from districts.approximate import approximate_wards
from districts.approximate.drawing import drawn
from districts.approximate.growing import NOBODY, Raster
from districts.approximate.tables import NoTables
from districts.records import AreaFields, area_records
from gis_core.planes import to_metres
from gis_core.polygons import repaired

SRID = 9210
PROVINCE = "thanhphohochiminh"
EXTENT = soundness.Extent(106.0, 8.4, 107.7, 11.6)
CORE = {"1", "3", "4", "5", "6", "8", "10", "11"} | {
    "Phú Nhuận", "Bình Thạnh", "Gò Vấp", "Tân Bình", "Tân Phú",
}  # fmt: skip


@pytest.fixture(scope="module")
def wards():
    return approximate_wards(PROVINCE, SRID)


def test_the_approximate_wards_are_a_sound_tiling(wards):
    outlines = [ward.outline() for ward in wards]
    assert soundness.rows_problems(outlines, soundness.Lengths(40, 120)) == []
    assert soundness.shape_problems(outlines, EXTENT) == []
    assert soundness.tiling_problems(outlines, SRID, 1.0) == []


def test_they_bear_the_codes_and_names_of_the_168(wards):
    assert len(wards) == 168
    kinds = {ward.code: f"{ward.kind} {ward.name}" for ward in wards}
    assert kinds["26740"] == "Phường Sài Gòn"
    assert [ward.code for ward in wards] == sorted(kinds)


def test_they_are_the_same_each_time_and_quick(wards):
    began = time.process_time()
    again = approximate_wards(PROVINCE, SRID)
    assert time.process_time() - began < 10
    assert sums(again) == sums(wards)


def sums(wards):
    return hashlib.sha256(b"".join(ward.shape.wkb for ward in wards)).hexdigest()


def test_the_library_is_not_imported_for_its_tables(wards):
    assert "vietnamadminunits" not in sys.modules


def test_a_province_that_the_tables_do_not_know_is_named():
    with pytest.raises(NoTables, match="atlantis"):
        approximate_wards("atlantis", SRID)


def read(path, **fields):
    names = AreaFields(**fields)
    records = area_records(reading.read([path], names.columns()), names)
    shapes = to_metres(np.array([repaired(one.shape) for one in records]), SRID)
    return records, shapes


def test_most_of_the_area_is_in_the_right_ward(wards, test_data, capsys):
    records, real = read(test_data / "boundaries/hcmc_wards_2025.geojson")
    ours = {ward.code: ward for ward in wards}
    assert set(ours) == {record.code for record in records}
    mine = to_metres(np.array([ours[record.code].shape for record in records]), SRID)
    right = shapely.intersection(mine, real)
    districts, shapes = read(test_data / "boundaries/hcmc_districts_2021.geojson", kind="type")
    core = shapely.union_all(
        [shape for one, shape in zip(districts, shapes, strict=True) if one.name in CORE]
    )
    share = shapely.area(right).sum() / shapely.area(real).sum()
    in_core = shapely.area(shapely.intersection(right, core)).sum()
    share_core = in_core / shapely.area(shapely.intersection(real, core)).sum()
    with capsys.disabled():
        print(f"\napproximate wards: {share:.1%} of the area right, {share_core:.1%} in the core")
    assert share > 0.87
    assert share_core > 0.80


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_any_raster_is_drawn_as_a_sound_tiling(seed, count):
    rng = np.random.default_rng(seed)
    coarse = rng.integers(NOBODY, count, (5, 6)).astype(np.int16)
    raster = Raster(590_000, 1_190_000, 50.0, np.kron(coarse, np.ones((4, 4), np.int16)))
    shapes = drawn([raster], [1e6] * count)
    placed = [
        soundness.Outline(str(n), "", shape) for n, shape in enumerate(shapes) if not shape.is_empty
    ]
    assert all(one.shape.is_valid for one in placed)
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes)
    common = shapely.area(
        shapely.intersection(shapes[left[left < right]], shapes[right[left < right]])
    )
    assert common.max(initial=0) < 1e-3
    whole = shapely.get_parts(shapely.union_all(shapes))
    assert not [ring for part in whole for ring in part.interiors]
    assert {int(n) for n in np.unique(coarse) if n != NOBODY} == {int(one.code) for one in placed}
