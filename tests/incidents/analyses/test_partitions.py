"""Statistics over partitions are those over all, in one process and on a cluster of two."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import dask_geopandas
import geopandas as gpd
import numpy as np
import pytest
from distributed import LocalCluster
from pandas.testing import assert_frame_equal

from gis_core.hotspots.getis_ord import gi_star
from gis_core.hotspots.grid import Grid
from incidents.analyses.partitions import METHODS, Task, analysed
from incidents.exports.frames import write_frame

# Dask warns of pandas' plans, and of machines that are slow today: neither is ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")
SRID = 32648
GRID = Grid(600_000.0, 1_190_000.0, 250.0, 24, 20)
METHOD_PARAMETERS = {"bandwidth_m": 600.0, "distance_m": 120.0, "period_days": 20, "fewest": 4}


@pytest.fixture(scope="module")
def incidents():
    """3,000 incidents of three months: half of them around one market, floods in March."""
    rng = np.random.default_rng(11)
    anywhere = rng.uniform((599_800, 1_189_800), (606_200, 1_195_200), (1_500, 2))
    market = rng.normal((603_000, 1_192_000), 150, (1_500, 2))
    xy = np.concatenate([anywhere, market])
    opened = np.datetime64("2026-01-01T18:00") + rng.integers(0, 90 * 1440, 3_000)
    lonlat = gpd.GeoSeries(gpd.points_from_xy(*xy.T, crs=SRID)).to_crs(4326)
    frame = gpd.GeoDataFrame(
        {
            "category": np.where(rng.random(3_000) < 0.4, "flood", "pothole"),
            "opened": opened.astype("datetime64[ms]"),
        },
        # Files hold a millionth of a degree.
        geometry=gpd.points_from_xy(lonlat.x.round(6), lonlat.y.round(6), crs=4326),
    )
    frame["opened"] = frame["opened"].dt.tz_localize("UTC")
    return frame


@pytest.fixture(scope="module")
def folder(incidents, tmp_path_factory):
    folder = tmp_path_factory.mktemp("partitions")
    months = incidents["opened"].dt.strftime("%Y-%m")
    for month, part in incidents.groupby(months):
        write_frame(part, "parquet", folder / f"{month}.parquet")
    return folder


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp://",
        host="127.0.0.1", dashboard_address="127.0.0.1:0",
    ) as made:  # fmt: skip
        yield made.scheduler_address


@pytest.mark.parametrize("method", METHODS)
def test_two_workers_answer_what_one_process_answers(folder, cluster, method):
    task = Task(method, GRID, SRID, parameters=METHOD_PARAMETERS)
    alone = analysed(folder, task)
    assert len(alone) > 5
    together = analysed(folder, task, cluster)
    assert_frame_equal(together.to_wkb(), alone.to_wkb(), check_exact=True)
    assert together.crs == alone.crs


def test_readers_that_ask_arrow_for_the_schema_know_where_the_shapes_are(incidents, folder):
    """Such as dask-geopandas' own."""
    frames = dask_geopandas.read_parquet(folder)
    assert frames.crs == incidents.crs
    assert len(frames) == len(incidents)


def test_gi_star_of_partitions_is_that_of_all_incidents(incidents, folder):
    ward = np.zeros(GRID.shape, bool)
    ward[:, :18] = True
    found = analysed(folder, Task("gi_star", GRID, SRID, inside=ward))
    moved = incidents.geometry.to_crs(SRID)
    counts = GRID.count(moved.x.to_numpy(), moved.y.to_numpy())
    z = gi_star(counts, 2, ward | (counts > 0)).z
    middles = found.geometry.centroid
    column = ((middles.x - GRID.west_m) // GRID.cell_m).astype(int)
    row = ((middles.y - GRID.south_m) // GRID.cell_m).astype(int)
    assert found["z"].tolist() == z[row, column].tolist()
    assert found["count"].tolist() == counts[row, column].tolist()
    assert found["count"].sum() == counts.sum()
    hot = found[found["hot"]]
    assert hot.union_all().covers(gpd.points_from_xy([603_000], [1_192_000])[0])


def test_categories_and_periods_narrow_it(incidents, folder):
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    since, until = (datetime(2026, 2, day, tzinfo=zone) for day in (1, 15))
    task = Task(
        "density", GRID, SRID, categories=frozenset({"flood"}), since=since, until=until,
        parameters=METHOD_PARAMETERS,
    )  # fmt: skip
    told = incidents[
        (incidents["category"] == "flood")
        & (incidents["opened"] >= since.astimezone(UTC))
        & (incidents["opened"] < until.astimezone(UTC))
    ]
    moved = told.geometry.to_crs(SRID)
    inside = GRID.count(moved.x.to_numpy(), moved.y.to_numpy()).sum()
    assert analysed(folder, task)["count"].sum() == inside > 100


def test_days_of_clusters_are_the_citys(tmp_path):
    """What was opened at 18:00 UTC was opened on the next day here."""
    gpd.GeoDataFrame(
        {"category": "flood", "opened": [datetime(2026, 3, 1, 18, tzinfo=UTC)] * 5},
        geometry=gpd.points_from_xy([603_000] * 5, [1_192_000] * 5, crs=SRID).to_crs(4326),
    ).to_parquet(tmp_path / "2026-03.parquet")
    [told] = analysed(tmp_path, Task("clusters", GRID, SRID, zone="Asia/Ho_Chi_Minh")).itertuples()
    assert (told.count, f"{told.first:%Y-%m-%d}") == (5, "2026-03-02")


def test_a_folder_without_partitions_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no \.parquet"):
        analysed(tmp_path, Task("gi_star", GRID, SRID))
