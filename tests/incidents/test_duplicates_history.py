"""Duplicates found in a replayed history, and marked by pairs that people named."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from pyproj import Transformer

from gis_core.positions import LonLat
from incidents.duplicates import confusion, terms
from incidents.duplicates.default_points import point, standing_out
from incidents.duplicates.history import replay
from incidents.duplicates.likeness import Case
from incidents.duplicates.open_places import HELD, Incident, OpenPlaces
from incidents.duplicates.scoring import percentile, score
from incidents.imports import read_mapping
from incidents.imports.as_cases import read_cases
from tests.duplicates_world.making import world
from tests.duplicates_world.marking import marked
from tests.duplicates_world.streets import _grid

TERMS = terms.current()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LAMP = Case(id="a", category="lamp", lonlat=LonLat(106.7, 10.78), opened=NOON)


def after(case, id_, hours, metres=0.0, **changed):
    there = LonLat(case.lonlat.lon, case.lonlat.lat + metres / 111_195)
    return replace(
        case, id=id_, opened=case.opened + timedelta(hours=hours), lonlat=there, **changed
    )


def found(cases, pairs):
    return score(sorted(cases, key=lambda case: case.opened), pairs, TERMS)


def test_in_a_made_up_year_originals_are_shown_and_few_others():
    marks = marked(world(_grid(), 1500, seed=3, days=90), TERMS)["all"]
    assert marks.repeated > 250
    assert marks.recall >= 0.95
    assert marks.precision >= 0.6
    assert marks.attached >= 5
    assert marks.automatic >= 0.99


def test_the_second_report_from_one_address_is_shown_the_first_and_joins_it():
    done = list(replay([LAMP, after(LAMP, "b", 5)], TERMS))
    assert [len(one.suggestions) for one in done] == [0, 1]
    assert done[1].incident is done[0].incident


def test_a_chain_of_neighbours_does_not_become_one_thing():
    chain = [after(LAMP, str(n), n, 30 * n) for n in range(10)]
    incidents = {id(one.incident) for one in replay(chain, TERMS)}
    assert len(incidents) > 3


def test_an_original_closed_before_is_shown_while_it_is_fresh():
    closed = replace(LAMP, closed=NOON + timedelta(days=1))
    assert found([closed, after(LAMP, "b", 48, 4)], [("b", "a")]).ranks == (1,)
    assert found([closed, after(LAMP, "b", 24 * 300, 4)], [("b", "a")]).ranks == ()


def test_an_original_filed_minutes_after_its_duplicate_is_found():
    assert found([LAMP, after(LAMP, "b", 0.2, 5)], [("a", "b")]).ranks == (1,)


def test_the_original_among_many_of_one_point_is_one_candidate():
    many = [LAMP, *(after(LAMP, f"b{n}", 3 * n + 1) for n in range(30))]
    done = found(many, [(f"b{n}", "a") for n in range(30)])
    assert done.recall == 1.0
    assert done.candidates[-1] == 1


def test_duplicates_closed_at_once_do_not_hide_that_the_thing_is_open():
    second = after(LAMP, "b", 24, closed=NOON + timedelta(hours=24))
    third = after(LAMP, "c", 24 * 40)
    assert found([LAMP, second, third], [("c", "b")]).ranks == (1,)


def test_no_more_are_shown_than_the_terms_say():
    crowd = [after(LAMP, str(n), n / 50, 23 * n) for n in range(40)]
    assert max(len(one.suggestions) for one in replay(crowd, TERMS)) <= TERMS.most


def test_categories_mixed_up_in_a_file_are_learnt_without_labels():
    told = []
    for n in range(60):
        here = LonLat(106.7 + n / 500, 10.78)
        when = NOON + timedelta(days=n)
        told += [
            (here, when, "tree"),
            (here, when + timedelta(hours=3), "branch" if n % 2 else "tree"),
        ]
        told += [(LonLat(106.7 + n / 500, 10.9), when, "noise")]
    shares = confusion.learnt(told, TERMS)
    assert shares[frozenset(("tree", "branch"))] > 0.2
    assert frozenset(("tree", "noise")) not in shares


@pytest.mark.parametrize(("share", "wanted"), [(50, 2), (95, 4), (25, 1), (100, 4)])
def test_percentiles_are_values_that_occurred(share, wanted):
    assert percentile([1, 2, 3, 4], share) == wanted
    assert percentile([], share) == 0


HEADER = ["sr", "kind", "made", "ended", "lon", "lat", "where"]
MAPPING = """
name = "elsewhere"
[columns]
external_id = "sr"
reported_at = "made"
lon = "lon"
lat = "lat"
category = "kind"
closed_at = "ended"
address = "where"
[time]
format = "%m/%d/%Y %I:%M:%S %p"
zone = "America/Chicago"
[category_map]
"""


@pytest.fixture
def city(tmp_path):
    rows = [
        ["A-1", "Pot Hole!", "03/01/2024 08:00:00 AM", "", "-87.65", "41.85", "1 W Lake St"],
        ["A-2", "Pot Hole!", "03/03/2024 09:30:00 PM", "03/03/2024 09:30:00 PM", "", "",
         "1 W LAKE ST"],
        ["A-3", "Rats", "03/03/2024 09:30:00 PM", "", "-87.60", "41.80", ""],
        ["A-4", "Rats", "yesterday", "", "-87.60", "41.80", ""],
        ["A-5", "Rats", "03/04/2024 09:30:00 AM", "nonsense", "-87.60001", "41.80", ""],
    ]  # fmt: skip
    _write(tmp_path / "reports.csv", HEADER, rows)
    pairs = [["A-2", "A-1"], ["A-5", "A-3"], ["A-4", "A-3"]]
    _write(tmp_path / "pairs.csv", ["duplicate_id", "original_id"], pairs)
    (tmp_path / "m.toml").write_text(MAPPING)
    return tmp_path


def _write(path, header, rows):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def scored(city, *more, pairs="pairs.csv"):
    out = io.StringIO()
    files = [str(city / "reports.csv"), str(city / pairs), "--mapping", str(city / "m.toml")]
    call_command("score_duplicates", *files, *more, stdout=out)
    return out.getvalue()


def test_any_citys_file_is_marked_without_its_categories_or_boundaries(city):
    told = scored(city, "--json")
    assert told.count("\n") == 1
    assert json.loads(told) == {
        "pairs": 2, "recall": 1.0, "candidates_p50": 1, "candidates_p95": 1,
    }  # fmt: skip


def test_people_read_what_was_found_and_what_could_not_be_read(city):
    told = scored(city)
    assert "4 reports, 1 rows without id, time or place" in told
    assert "2 pairs, 1 more with a report that is not there" in told
    assert "recall at the review threshold: 1.000" in told


def test_a_file_that_holds_no_pairs_is_named_with_the_column_that_is_missing(city):
    with pytest.raises(CommandError, match=r"duplicate_id.*import\.no_column"):
        scored(city, pairs="reports.csv")


# ---- how other cities write times and places ----


def written(city, *changes, moment="%Y-%m-%dT%H:%M:%S%z", at=repr):
    """Write the same three reports in another city's way, under a changed mapping."""
    made = [datetime(2024, 3, 1, 8, tzinfo=UTC), datetime(2024, 3, 13, 21, 30, tzinfo=UTC)]
    told = [moment(one) if callable(moment) else one.strftime(moment) for one in made]
    places = [(-76.6122, 39.2904), (-76.61221, 39.2904), (-76.60, 39.28)]
    rows = [
        [f"A-{number}", "Pot Hole!", told[number > 0], "", *map(at, place), ""]
        for number, place in enumerate(places)
    ]
    _write(city / "reports.csv", HEADER, rows)
    _write(city / "pairs.csv", ["duplicate_id", "original_id"], [["A-1", "A-0"]])
    mapping = MAPPING
    for before, after in changes:
        assert before in mapping
        mapping = mapping.replace(before, after)
    (city / "m.toml").write_text(mapping)


def silent(_done, _total, _name):
    pass


FORM = 'format = "%m/%d/%Y %I:%M:%S %p"'


@pytest.mark.parametrize(
    ("form", "moment"),
    [
        ("", "%Y-%m-%dT%H:%M:%S-05:00"),
        ("", "%Y-%m-%dT%H:%M:%S.000Z"),
        ('format = "epoch"', lambda one: str(one.timestamp())),
        ('format = "epoch_ms"', lambda one: str(int(one.timestamp() * 1000))),
        ('format = "%d/%m/%Y %H:%M"', "%d/%m/%Y %H:%M"),
        ('format = "%d.%m.%y"', "%d.%m.%y"),
    ],
)
def test_times_are_read_in_the_forms_that_cities_write(city, form, moment):
    written(city, (FORM, form), moment=moment)
    found = read_cases(city / "reports.csv", read_mapping(city / "m.toml"), NOON, silent)
    assert found.unread == 0
    first, second, _ = (case.opened for case in found.cases)
    assert (first.date(), second - first > timedelta(days=11)) == (date(2024, 3, 1), True)


@pytest.mark.parametrize("crs", ["EPSG:2248", "EPSG:26985", "EPSG:4326", "EPSG:3857"])
def test_feet_metres_and_degrees_mean_the_same_places(city, crs):
    """Maryland's plane in US survey feet and in metres, and the web's."""
    forward = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    written(city, (FORM, ""), ("[time]", f'[position]\ncrs = "{crs}"\n[time]'))
    with (city / "reports.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    for row in rows:
        row[4:6] = map(repr, forward.transform(float(row[4]), float(row[5])))
    _write(city / "reports.csv", header, [*rows, ["A-9", "x", rows[0][2], "", "0", "0", ""]])
    found = read_cases(city / "reports.csv", read_mapping(city / "m.toml"), NOON, silent)
    assert [round(found.cases[0].lonlat.lon, 6), round(found.cases[0].lonlat.lat, 6)] == [
        -76.6122, 39.2904,
    ]  # fmt: skip
    assert found.unread == 1
    assert json.loads(scored(city, "--json"))["recall"] == 1.0


@pytest.mark.parametrize(
    ("changes", "moment", "told"),
    [
        ([(FORM, 'format = "%m/%d/%Y"')], "%d/%m/%Y.", r"None of the 3.*made.*%m/%d/%Y"),
        ([(FORM, ""), ("[time]", '[position]\ncrs = "EPSG:1"\n[time]')], "%F", r"EPSG:1.*write"),
        ([(FORM, 'format = "day first"')], "%F", r"format must be a text such as"),
        ([(FORM, 'format = "epoch"')], "%F", r"None of the 3.*form epoch"),
        ([('lon = "lon"', 'lon = "where"'), (FORM, "")], "%FT%TZ", r"None of the 3.*where"),
    ],
)
def test_a_mapping_that_fits_no_row_is_told_with_its_reason(city, changes, moment, told):
    written(city, *changes, moment=moment)
    with pytest.raises(CommandError, match=f"(?s){told}"):
        scored(city, "--json")


# ---- what hid the true original in busy files ----


def test_an_original_filed_days_after_its_duplicate_is_shown_the_duplicate():
    later = after(LAMP, "b", 24 * 9, 5)
    assert found([LAMP, later], [("a", "b")]).ranks == (1,)


def test_later_reports_that_nobody_merged_do_not_crowd_out_the_original():
    """Nine pins around one lamp, none sure enough to be taken as one; the first is the original."""
    spots = [0, 22, -19, 25, -24, 18, -21, 24, 23]
    reports = [after(LAMP, str(n), n, metres) for n, metres in enumerate(spots)]
    done = found([*_elsewhere(), *reports], [(str(n), "0") for n in range(1, 9)])
    assert done.recall == 1.0
    assert done.candidates[-1] <= TERMS.most
    assert sum(rank == 1 for rank in done.ranks) >= 6


def _elsewhere():
    """Enough lamps far off for the file to say that its positions are unsure."""
    return [after(LAMP, f"far-{n}", n / 9, 2_000 + 300 * n) for n in range(220)]


KINDS = ("lamp", "tree", "noise", "litter", "sign", "drain")


def test_where_all_is_filed_at_crossings_a_busy_one_is_no_default_point_and_the_town_hall_is():
    crossings = [
        (LonLat(106.7 + n / 500, 10.78), KINDS[k % 6]) for n in range(60) for k in range(36)
    ]
    hall = [(LonLat(106.5, 10.5), KINDS[k % 6]) for k in range(900)]
    assert standing_out(crossings) == frozenset()
    assert standing_out([*crossings, *hall]) == {point(LonLat(106.5, 10.5))}


def test_a_default_point_stands_out_of_a_file_of_house_numbers_by_thirty_reports():
    houses = [(LonLat(106.7 + n / 9e4, 10.78), KINDS[n % 6]) for n in range(900)]
    hall = [(LonLat(106.5, 10.5), KINDS[k % 6]) for k in range(36)]
    assert standing_out([*houses, *hall]) == {point(LonLat(106.5, 10.5))}
    assert standing_out([]) == frozenset()


# ---- files that do not fit ----


def test_pairs_that_name_no_report_of_the_file_are_told_with_an_id_of_each(city):
    _write(city / "pairs.csv", ["duplicate_id", "original_id"], [["2", "1"]])
    with pytest.raises(CommandError, match=r"None of the 1 pairs.*2, 1.*A-1.*import\.no_pairs"):
        scored(city, "--json")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_file_may_part_its_cells_by_semicolons_or_tabs(city, separator):
    for name in ("reports.csv", "pairs.csv"):
        with (city / name).open(newline="") as file:
            rows = list(csv.reader(file))
        with (city / name).open("w", newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows)
    assert json.loads(scored(city, "--json"))["pairs"] == 2


def test_a_quotation_mark_that_never_ends_is_told_as_a_file_that_cannot_be_read(city):
    with (city / "reports.csv").open("a") as file:
        file.write('A-6,Rats,03/03/2024 09:30:00 PM,,-87.6,41.8,"' + "x" * 140_000)
    with pytest.raises(CommandError, match=r"import\.unreadable"):
        scored(city, "--json")


def test_of_a_default_point_s_crowd_the_first_and_the_latest_are_held_and_not_all():
    held = OpenPlaces(timedelta(days=60))
    told = [after(LAMP, str(n), n / 60) for n in range(HELD + 200)]
    for case in told:
        held.add(case, Incident(case, None, case.opened))
    [members] = held.near(told[-1], 10, 10)
    assert [case.id for case, _ in members[:2]] == ["0", "1"]
    assert members[-1][0] is told[-1]
    assert len(members) == HELD
