"""Another city is files: boundaries, catalogue, past reports; the program is the same."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from districts import catalogue_files, city
from districts.catalogue_loading import load_catalogue
from incidents.imports import read_mapping
from incidents.models import Decision, Incident, Membership, Report
from tests.incidents import deriving
from tests.kept_rows import held

ROOT = Path(__file__).resolve().parent.parent.parent
PLAN = ROOT / "data" / "imports" / "baltimore-311.toml"
RULES = catalogue_files.FOLDER / "baltimore" / "rules.toml"


@pytest.fixture(scope="module")
def baltimore():
    with override_settings(WARDWISE_CITY="baltimore"):
        yield city.current()


@pytest.fixture(scope="module")
def held_town(baltimore, django_db_setup, django_db_blocker, test_data):
    with held(django_db_blocker, lambda: lay_boundaries(test_data)):
        yield


@pytest.fixture
def town(held_town, db):
    """The city with its boundaries, as it was before any test."""


@pytest.fixture
def rows(test_data):
    path = test_data / "reports" / "baltimore_311_sample.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["request_id"]: row for row in csv.DictReader(file)}


def boundaries(test_data, file, level, *columns):
    """Load a file; the harbour is a gap of six square kilometres."""
    call_command(
        "load_boundaries", test_data / "reports" / file, "--edition", level, "--level", level,
        *columns, "--repair", "--tolerance-m2", "1e7", "--publish", stdout=StringIO(),
    )  # fmt: skip


def lay_boundaries(test_data):
    load_catalogue()
    boundaries(
        test_data, "baltimore_police_districts.geojson", "police-district",
        "--code-field", "number", "--name-field", "district",
    )  # fmt: skip
    boundaries(
        test_data, "baltimore_neighborhoods.geojson", "neighborhood",
        "--code-field", "name", "--name-field", "name",
    )  # fmt: skip
    # What earlier tests left in the statistics speaks of tables that are empty by now.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.fixture
def imported(town, thousands, test_data, tmp_path):
    out, rejects = StringIO(), tmp_path / "rejects.csv"
    call_command(
        "import_reports", test_data / "reports" / "baltimore_311_sample.csv",
        "--mapping", PLAN, "--rejects", rejects, stdout=out,
    )  # fmt: skip
    with rejects.open(encoding="utf-8", newline="") as file:
        return {row["request_id"]: row for row in csv.DictReader(file)}


def pairs(rows):
    plan = read_mapping(PLAN)
    default = plan.categories["default"]
    return [
        (plan.categories.get(row["type"], default), plan.agencies[row["agency"]]) for row in rows
    ]


def test_the_catalogue_of_the_second_city_is_whole(baltimore) -> None:
    catalogue = catalogue_files.read_catalogue("baltimore")

    assert (baltimore.metric_srid, baltimore.time_zone) == (26985, "America/New_York")
    assert set(read_mapping(PLAN).categories.values()) == {
        category.code for category in catalogue.categories
    }


def test_its_rules_are_those_read_off_every_second_row(rows) -> None:
    odd = list(rows.values())[::2]
    assert RULES.read_text(encoding="utf-8") == deriving.rules_toml(deriving.majorities(pairs(odd)))


def test_reports_fall_in_their_own_district_and_to_their_own_agency(rows, imported, capsys):
    members = Membership.objects.prefetch_related(
        "report", "incident__district", "incident__ward", "incident__decision__agency"
    )
    incidents = {member.report.key: member.incident for member in members}
    assert len(incidents) == len(members) == Report.objects.count()
    assert {member.report.channel for member in members} == {"import:baltimore-311"}
    assert len(incidents) + len(imported) == len(rows)

    own = {key: rows[key]["police_district"] for key in incidents if rows[key]["police_district"]}
    same = sum(incidents[key].district.name == district for key, district in own.items())
    hoods = {key: rows[key]["neighborhood"] for key in incidents if rows[key]["neighborhood"]}
    homes = sum(incidents[key].ward.name == hood for key, hood in hoods.items())
    even = [key for number, key in enumerate(rows, start=1) if number % 2 == 0 and key in incidents]
    agencies = dict(
        zip(even, (agency for _, agency in pairs(rows[key] for key in even)), strict=True)
    )
    agree = sum(incidents[key].decision.agency.code == agencies[key] for key in even)
    why = Counter(row["code"] for row in imported.values())
    with capsys.disabled():
        print(
            f"\nBaltimore: {len(incidents)} of {len(rows)} rows stored; district {same}/{len(own)}"
            f" = {same / len(own):.2%}; neighbourhood {homes}/{len(hoods)} ="
            f" {homes / len(hoods):.2%}; agency on the other half {agree}/{len(even)} ="
            f" {agree / len(even):.2%}; rejected {dict(why)}"
        )

    assert same / len(own) >= 0.99
    assert homes / len(hoods) >= 0.97
    assert agree / len(even) >= 0.95


def test_cut_and_missing_coordinates_are_rejected_with_their_reason(rows, imported) -> None:
    missing = {key for key, row in rows.items() if not row["lon"]}
    cut = {
        key for key, row in rows.items()
        if row["lon"] and float(row["lon"]).is_integer() and float(row["lat"]).is_integer()
    }  # fmt: skip
    of = {key: row["code"] for key, row in imported.items()}

    assert (len(missing), len(cut)) == (300, 451)
    assert {key for key, code in of.items() if code == "import.missing"} == missing
    assert {key for key, code in of.items() if code == "import.whole_degrees"} == cut
    rest = {code for key, code in of.items() if key not in missing | cut}
    assert rest <= {"position.outside_city"}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_its_pages_and_answers_stand_in_both_languages_of_the_site(town, client, language) -> None:
    pin = {"lon": -76.6122, "lat": 39.2904, "accuracy": 30, "category": "pothole"}
    answer = client.get("/api/v1/preview", pin | {"lang": language}).json()

    assert answer["district"]["name"] == "Central"
    assert answer["ward"]["name"] == "Downtown"
    assert answer["agency"]["code"] == "transportation"
    assert answer["because"] == (
        "This kind of problem is handled here by the Department of Transportation."
    )
    for page in ("/", "/report", "/login/"):
        assert client.get(page, {"lang": language}).status_code == 200
    sent = client.post(
        "/api/v1/reports", pin | {"text": "A deep hole"}, headers={"accept-language": language}
    )
    assert sent.status_code == 201
    assert client.get(f"/t/{sent.json()['code']}").status_code == 200
    assert Incident.objects.get().decision.because == Decision.objects.get().because_en


def test_people_read_times_on_the_clock_of_their_city(town, client) -> None:
    moment = datetime(2026, 1, 15, 3, 30, tzinfo=UTC)  # the evening before, in Baltimore
    with time_machine.travel(moment, tick=False):
        pin = {"lon": -76.6122, "lat": 39.2904, "accuracy": 30, "category": "pothole"}
        code = client.post("/api/v1/reports", pin).json()["code"]
        page = client.get(f"/t/{code}", headers={"accept-language": "en"}).content.decode()

    assert "22:30" in page
    assert "10:30" not in page
