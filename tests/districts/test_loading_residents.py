"""Files of residents: every bad line is named, a second load replaces, a trial writes nothing."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from districts import rulebook
from districts.lineage import compute_lineage
from districts.models import CatalogueChange, ResidentCount
from districts.residents import residents
from tests import zoo

GOOD = "code,people\n101,12000\n102,0\n103,\n"


@pytest.fixture
def wards(db):
    return zoo.edition()


@pytest.fixture
def load(tmp_path):
    def loading(text, *options, edition="zoo-2025", encoding="utf-8"):
        path = tmp_path / "people.csv"
        path.write_text(text, encoding=encoding)
        said, faults = StringIO(), StringIO()
        facts = ("--edition", edition, "--year", "2024", "--source", "Census")
        try:
            call_command("load_residents", str(path), *facts, *options, stdout=said, stderr=faults)
        except CommandError as error:
            return [*faults.getvalue().splitlines(), str(error)]
        return said.getvalue().splitlines()

    return loading


def test_what_is_loaded_is_told_and_seen_at_once(wards, load):
    assert residents() == {}
    version = rulebook.newest_version()
    counted, others = load(GOOD)
    assert counted == (
        "Residents of zoo-2025 (ward), 2024, stored: 2 wards known, 7 not known, 12,000 people."
    )
    assert others == "Not known: 103, 104, 105, 106, 107, 108, 109"
    assert residents() == {"101": 12_000, "102": 0}
    assert rulebook.newest_version() > version
    change = CatalogueChange.objects.get(kind="residents")
    assert (change.actor, change.before) == ("load_residents", None)
    assert change.after == {"source": "Census", "shares": "area", "areas": 2, "people": 12_000}


def test_a_trial_writes_nothing(wards, load):
    assert "would be stored: 2 wards known" in load(GOOD, "--dry-run")[0]
    assert (residents(), ResidentCount.objects.count()) == ({}, 0)


def test_loaded_again_it_replaces_the_whole_count(wards, load):
    load(GOOD)
    assert "replaced: 1 wards known" in load("code,people\n109,5\n")[0]
    assert residents() == {"109": 5}
    change = CatalogueChange.objects.filter(kind="residents").first()
    assert (change.before["people"], change.after["people"]) == (12_000, 5)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (",5", "Line 3 has no code of an area. [residents.no_code]"),
        ("999,5", '"999". [residents.unknown_area]'),
        ("102,many", '"many" is not a whole number'),
        ("102,-3", '"-3" is not a whole number'),
        ("102,12.345", '"12.345" is not a whole number'),
        ("102,1e5", "[residents.not_a_number]"),
        ("102,10000001", "[residents.too_many]"),
        ("101,7", "Line 3: 101 was on line 2 already. Keep one of the two. [residents.twice]"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_stored(wards, load, line, fault):
    said = load(f"code,people\n101,4\n{line}\n103,6\n")
    assert fault in said[0]
    assert "Line 3" in said[0]
    assert said[1].endswith("Lines at fault: 1. [residents.refused]")
    assert not ResidentCount.objects.exists()


def test_every_bad_line_is_named_at_once(wards, load):
    said = load("code,people\n998,1\n\n101,x\n999,2\n")
    assert [line.split(":")[0].strip() for line in said[:3]] == ["Line 2", "Line 4 (101)", "Line 5"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ward;people\n101;4\n", "residents.no_column"),
        ("", "residents.no_column"),
        ("code,people\n101,\n", "residents.nothing"),
        ("code,people\n", "residents.nothing"),
        ('code,people\n"101,4\n', "residents.unreadable"),
    ],
)
def test_a_file_that_says_nothing_is_refused(wards, load, text, code):
    assert load(text)[-1].endswith(f"[{code}]")


def test_a_file_in_other_letters_is_refused(wards, load):
    assert load("code,people,tên\n101,4,Đông\n", encoding="utf-16")[-1].endswith("unreadable]")


def test_what_is_asked_for_must_be_there(wards, load):
    assert load(GOOD, edition="zoo-1999")[-1].endswith("[boundaries.no_edition]")
    assert load(GOOD, "--year", "20")[-1].endswith("[residents.bad_year]")
    for source in (" ", "x" * 301):
        assert load(GOOD, "--source", source)[-1].endswith("[residents.no_source]")
    assert load(GOOD, "--people-column", "dân")[-1].endswith("[residents.no_column]")


@pytest.mark.parametrize("mark", [";", "\t", ","])
def test_columns_of_any_name_behind_any_mark(wards, load, mark):
    text = (
        mark.join(["mã", "Phường", "dân số"]) + "\r\n" + mark.join(["101", '"Bến, Nghé"', "70.0"])
    )
    load(text, "--code-column", "mã", "--people-column", "dân số", encoding="utf-8-sig")
    assert residents() == {"101": 70}


def test_what_follows_for_today_s_wards_is_told(wards, load):
    halves = {"1": (106.70, 10.76, 106.715, 10.79), "2": (106.715, 10.76, 106.73, 10.79)}
    old = zoo.edition(halves, name="zoo-2019", since=date(2019, 1, 1), until=zoo.SINCE)
    text = "code,people\n1,9000\n"
    assert "manage.py compute_lineage zoo-2019 zoo-2025" in load(text, edition="zoo-2019")[-1]
    compute_lineage(old, wards)
    said = load(text, "--dry-run", edition="zoo-2019")[-1]
    assert (
        said == "Shared out by area to the wards of zoo-2025: 3 known, 6 not known, 6,000 people."
    )
