"""Two periods are compared street by street, asset by asset, cluster by cluster."""

from __future__ import annotations

from datetime import date

import geopandas
import pytest
from shapely import LineString, Point, box

from gis_core.errors import DomainError
from incidents.analyses import comparing, files
from incidents.exports.formats import FORMATS
from incidents.exports.frames import write_frame
from incidents.models import Run
from tests.incidents.test_analyses import asked

EAST, NORTH = 603_000.0, 1_191_000.0
"""Metres of the city, in ward 103."""


def run(name, method, rows, since, **changes):
    """Return a run that is done, with this layer."""
    layer = geopandas.GeoDataFrame(rows, geometry="geometry", crs=9210)
    files.keep(name, layer.assign(spot=range(1, len(layer) + 1)))
    asked_of = asked(method=method, parameters={}, **changes)
    days = asked_of.over((date(2026, since, 1), date(2026, since, 28)))
    return Run(question=days.as_json(), result=name)


def both(method, before, after, **changes):
    one, two = run("before", method, before, 1), run("after", method, after, 2, **changes)
    layer = comparing.compared(one, two)
    return layer, comparing.table(layer)


def stretch(number, count, kind):
    line = LineString([(EAST, NORTH + 50 * number), (EAST + 200, NORTH + 50 * number)])
    return {"kind": kind, "value": count / 0.2, "count": count, "p": 0.01, "geometry": line}


def asset(code, count, kind):
    place = Point(EAST + 100 * int(code), NORTH)
    return {
        "kind": kind, "value": float(count), "count": count, "asset_code": f"lamp/{code}",
        "asset": f"Đèn {code}", "geometry": place,
    }  # fmt: skip


def cluster(west, east, count):
    hull = box(EAST + west, NORTH, EAST + east, NORTH + 100)
    days = {"first": "2026-01-02", "last": "2026-01-05"}
    return {"kind": "cluster", "value": float(count), "count": count, "geometry": hull, **days}


def kinds(layer, by):
    return dict(zip(layer[by], layer["kind"], strict=True))


def test_a_stretch_of_street_is_held_against_itself(town):
    """The first stays, the second is new, the third is gone, the fourth never stood out."""
    before = [stretch(1, 8, "hot"), stretch(2, 1, "some"), stretch(3, 9, "hot")]
    after = [stretch(1, 12, "hot"), stretch(2, 10, "hot"), stretch(4, 2, "some")]
    layer, lines = both("along_streets", before, after)
    told = {
        one["kind"]: (one["before"], one["count"], one["per_km_before"], one["per_km"])
        for one in lines
    }
    assert told == {
        "stayed": (8, 12, 40.0, 60.0),
        "appeared": (1, 10, 5.0, 50.0),
        "gone": (9, 0, 45.0, 0.0),
    }
    assert len(layer) == 3
    assert all(abs(one["lon"] - 106.9) < 1 for one in lines)


def test_an_asset_that_a_run_did_not_tell_failed_fewer_times_than_is_known(town, tmp_path):
    layer, lines = both(
        "repeats",
        [asset("1", 4, "hot"), asset("2", 5, "hot")],
        [asset("1", 6, "hot"), asset("3", 7, "hot"), asset("4", 2, "some")],
    )
    assert kinds(layer, "asset_code") == {
        "lamp/1": "stayed", "lamp/2": "gone", "lamp/3": "appeared",
    }  # fmt: skip
    told = {one["asset"]: (one["before"], one["count"], one["change"]) for one in lines}
    assert told == {"Đèn 1": (4, 6, 2), "Đèn 2": (5, None, None), "Đèn 3": (None, 7, None)}
    for form in FORMATS:
        write_frame(layer, form, tmp_path / f"changes.{form}", name="analysis")
    read = geopandas.read_file(tmp_path / "changes.gpkg")
    assert sorted(read["asset_code"]) == ["lamp/1", "lamp/2", "lamp/3"]
    assert read["count_before"].isna().sum() == 1
    assert files.as_drawn(layer).count(b'"Feature"') == 3


def test_a_cluster_is_new_that_shares_no_ground_with_any_before(town):
    """Two before are one now; one split in two; what only touches is another cluster."""
    before = [cluster(0, 100, 10), cluster(100, 200, 20), cluster(1_000, 1_300, 30),
              cluster(3_000, 3_100, 5)]  # fmt: skip
    after = [cluster(50, 150, 40), cluster(1_000, 1_100, 8), cluster(1_200, 1_300, 9),
             cluster(1_300, 1_400, 7)]  # fmt: skip
    layer, lines = both("space_time", before, after)
    told = sorted((one["kind"], one["before"], one["count"]) for one in lines)
    assert told == [
        ("appeared", 0, 7), ("gone", 5, 0),
        ("stayed", 30, 8), ("stayed", 30, 9), ("stayed", 30, 40),
    ]  # fmt: skip
    assert lines[0]["first"] < lines[0]["last"]
    assert len(layer) == 5
    assert both("hierarchical", before, before)[0]["kind"].eq("stayed").all()


def test_runs_that_differ_in_more_than_their_days_are_not_compared(town):
    with pytest.raises(DomainError) as refused:
        both("space_time", [cluster(0, 1, 3)], [cluster(0, 1, 3)], categories=["pothole"])
    assert refused.value.code == "analysis.not_comparable"
    rows = [asset("1", 4, "hot")]
    older = [{name: value for name, value in row.items() if name != "asset_code"} for row in rows]
    with pytest.raises(DomainError) as refused:
        both("repeats", older, rows)
    assert refused.value.code == "analysis.not_comparable"
