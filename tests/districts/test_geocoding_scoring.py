"""The figures of the geocoder, by hand; a strict judge counts what is missing as wrong."""

from __future__ import annotations

import random

import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from districts.geocoding import scoring
from districts.geocoding.score_files import (
    BadScoreRow,
    NoScoreColumn,
    NoScoreFile,
    read_truths,
)
from districts.geocoding.scoring import Answer, Marked, Truth
from gis_core.positions import LonLat

HERE = LonLat(106.7, 10.77)
DEGREE_M = 111_195.0
"""Metres of a degree of latitude on the mean sphere."""


def truth(kind="house", tolerance=150.0, wards=("101",), tags=(), name="T1"):
    place = None if kind == "none" else HERE
    return Truth(name, "34 Lê Duẩn", kind, place, tolerance, frozenset(wards), tags)


def answer(off_m=0.0, ward="101", radius=50.0, confidence=0.9):
    return Answer(LonLat(106.7, 10.77 + off_m / DEGREE_M), radius, confidence, ward)


NOTHING = truth("none", 0.0, ())
WARD_ONLY = truth("ward_only", 0.0)
ROWS = [
    Marked(truth(), answer(off_m=20)),
    Marked(truth(tags=("typo",)), answer(off_m=110, confidence=0.7)),
    Marked(truth(tags=("typo", "upper")), answer(off_m=140, ward="102", confidence=0.7)),
    Marked(truth("alley", 250.0), answer(off_m=400)),
    Marked(truth("alley", 250.0), None),
    Marked(WARD_ONLY, answer(off_m=900, radius=400.0, confidence=0.3)),
    Marked(NOTHING, None),
    Marked(NOTHING, answer(confidence=0.1)),
]


def test_the_main_figures_by_hand():
    told = scoring.figures(ROWS)
    assert (told.rows, told.answered) == (8, 5)
    assert told.ward_right == pytest.approx(4 / 6)  # not the one in 102, not the missing one
    assert told.within_tolerance == pytest.approx(3 / 5)  # ward_only says nothing of distances
    assert told.none_right == pytest.approx(1 / 2)
    assert told.median_error_m == pytest.approx(140, abs=0.5)  # of 20, 110, 140, 400, never
    assert told.within_radius_twice == pytest.approx(1 / 5)  # 110, 140, 400 > 100; 900 > 800


def test_a_row_is_right_when_all_that_it_asks_for_is():
    assert [one.right for one in ROWS] == [True, True, False, False, False, True, True, False]


def test_kinds_and_tags_are_groups_and_a_row_counts_under_each_of_its_tags():
    kinds = scoring.by_kind(ROWS)
    assert {kind: told.rows for kind, told in kinds.items()} == {
        "alley": 2, "house": 3, "none": 2, "ward_only": 1,
    }  # fmt: skip
    assert kinds["none"].ward_right is None
    assert kinds["ward_only"].within_tolerance is None
    tags = scoring.by_tag(ROWS)
    assert {tag: told.rows for tag, told in tags.items()} == {"typo": 2, "upper": 1}
    assert tags["typo"].ward_right == 0.5


def test_calibration_counts_answers_where_none_was_wanted_as_wrong():
    bins = {(one.low, one.high): one for one in scoring.calibration(ROWS)}
    assert set(bins) == {(0.0, 0.2), (0.2, 0.4), (0.6, 0.8), (0.9, 1.0)}
    assert bins[0.0, 0.2].true == 0.0
    assert (bins[0.6, 0.8].answers, bins[0.6, 0.8].true) == (2, 0.5)
    assert bins[0.9, 1.0].stated == pytest.approx(0.9)


def test_full_confidence_lies_in_the_last_bin():
    (one,) = scoring.calibration([Marked(truth(), answer(confidence=1.0))])
    assert (one.low, one.high) == (0.9, 1.0)


def test_where_most_answers_are_missing_there_is_no_median():
    missing = [Marked(truth(), None)] * 2
    assert scoring.figures([*missing, Marked(truth(), answer())]).median_error_m is None


def test_no_rows_give_no_shares():
    assert scoring.summary(scoring.figures([])) == {
        "rows": 0, "ward_right": None, "within_tolerance": None, "none_right": None,
        "median_error_m": None,
    }  # fmt: skip


@given(st.floats(106.3, 107.1), st.floats(10.3, 11.2), st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_distances_agree_with_the_ellipsoid(lon, lat, dlon, dlat):
    one, other = LonLat(lon, lat), LonLat(lon + dlon, lat + dlat)
    _, _, exact = pyproj.Geod(ellps="WGS84").inv(one.lon, one.lat, other.lon, other.lat)
    assert scoring.distance_m(one, other) == pytest.approx(exact, rel=0.006, abs=0.01)


@given(st.lists(st.sampled_from(ROWS)), st.randoms(use_true_random=False))
def test_shares_are_shares_and_the_order_of_rows_says_nothing(rows, draw: random.Random):
    told = scoring.figures(rows)
    shares = [told.ward_right, told.within_tolerance, told.none_right, told.within_radius_twice]
    assert all(share is None or 0 <= share <= 1 for share in shares)
    shuffled = draw.sample(rows, len(rows))
    assert scoring.figures(shuffled) == told


HEADER = "id,text,kind,lat,lon,tolerance_m,ward_code,accept_ward_codes,tags\n"


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "rows.csv"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_rows_are_read_as_they_stand(tmp_path, encoding):
    body = '7,"34 Lê Duẩn, Q.1",house,10.77,106.7,150,101,102|103,typo|nfd\n8,alo,none,,,,,,\n'
    assert read_truths(written(tmp_path, HEADER + body, encoding)) == [
        Truth("7", "34 Lê Duẩn, Q.1", "house", HERE, 150.0, frozenset({"101", "102", "103"}),
              ("typo", "nfd")),
        Truth("8", "alo", "none"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("7,here,house,,106.7,150,101,101,", "Line 2"),
        ("7,here,house,10.77,106.7,150,,,", "no ward"),
        ("7,here,house,10.77,106.7,-1,101,101,", "-1"),
        ("7,here,house,10.77,106.7,nan,101,101,", "nan"),
        ("7,here,house,106.7,1077,150,101,101,", "globe"),
        ("7,here,house", "Line 2"),
    ],
)
def test_a_row_without_a_true_position_is_named(tmp_path, row, told):
    with pytest.raises(BadScoreRow, match=told):
        read_truths(written(tmp_path, HEADER + row + "\n"))


def test_a_file_without_the_columns_is_refused_with_their_names(tmp_path):
    with pytest.raises(NoScoreColumn, match="tolerance_m, accept_ward_codes"):
        read_truths(written(tmp_path, "text,kind,lat,lon\n"))


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path):
    with pytest.raises(NoScoreFile, match="No such file"):
        read_truths(tmp_path / "none.csv")
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(NoScoreFile, match="UTF-8"):
        read_truths(path)
