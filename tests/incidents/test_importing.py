"""A file of reports becomes what its rows would become one by one; a kill costs nothing."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from districts import rulebook
from districts.catalogue_loading import load_catalogue
from districts.territory import How
from gis_core.errors import DomainError
from incidents import pipeline
from incidents.imports import mapping as mappings
from incidents.imports import read_mapping
from incidents.imports.rows import reader
from incidents.models import Decision, Event, Incident, Membership, Report
from tests import zoo

NOW = datetime(2026, 11, 1, tzinfo=UTC)
COLUMNS = ["no", "when", "x", "y", "kind", "words", "state", "who", "ended", "place"]
MAPPING = """
name = "old-desk"

[columns]
external_id = "no"
reported_at = "when"
lon = "x"
lat = "y"
category = "kind"
text = "words"
status = "state"
agency = "who"
closed_at = "ended"
address = "place"

[time]
format = "%d/%m/%Y %H:%M"

[position]
accuracy_m = 30

[category_map]
default = "litter"
Hole = "pothole"
Tree = "fallen-tree"
Leak = "water-leak"

[status_map]
Done = "closed"
Working = "in_progress"
New = "received"
Refused = "rejected"

[agency_map]
PARKS = "cay-xanh"
"""


def row(no, x=106.7052, y=10.7653, kind="Hole", **more):
    known = {"no": no, "when": "02/03/2026 08:00", "x": x, "y": y, "kind": kind}
    return dict.fromkeys(COLUMNS, "") | known | more


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def desk(tmp_path):
    """Calls the command on rows, and returns what it said and what it rejected."""
    plan = tmp_path / "desk.toml"
    plan.write_text(MAPPING, encoding="utf-8")

    def run(rows, said=""):
        source = write(tmp_path / "reports.csv", rows) if isinstance(rows, list) else rows
        out, rejects = StringIO(), tmp_path / "rejects.csv"
        call_command(
            "import_reports", source, "--mapping", said or plan, "--rejects", rejects, stdout=out
        )
        with rejects.open(encoding="utf-8", newline="") as file:
            return out.getvalue().splitlines()[-1], list(csv.DictReader(file))

    run.plan = plan
    return run


def mixed(count, seed=1):
    """Rows of every kind: inside, near borders, on them, outside, on days without wards."""
    draw = random.Random(seed)
    places = [106.70, 106.705, 106.71, 106.72]
    for n in range(count):
        x = draw.choice([draw.uniform(106.699, 106.731), draw.choice(places)])
        y = draw.choice([draw.uniform(10.759, 10.791), 10.765, 10.78005])
        day = draw.choice(["02/03/2026 08:00", "30/06/2025 23:59", "01/07/2025 00:00"])
        kind = draw.choice(["Hole", "Tree", "Leak", "Other"])
        yield row(f"R{n}", f"{x:.7f}", f"{y:.7f}", kind, when=day, words=f"Lời thứ {n}")


WHAT_DECIDES = (
    "agency", "rule", "basis", "certainty", "threshold", "needs_triage", "because", "because_en",
    "question", "question_en", "candidates", "inputs",
)  # fmt: skip
WHAT_STANDS = (
    "category", "status", "agency", "ward", "district", "accuracy_m", "cell", "needs_triage",
    "check_after", "public", "report_count", "opened_at", "closed_at", "version",
)  # fmt: skip
WHAT_WAS_SAID = (
    "state", "state_reason", "category", "text", "language", "accuracy_m", "position_method",
    "reported_at", "fingerprint", "approved_at",
)  # fmt: skip


def tables(channel):
    """All that the reports led to, by external id, without the numbers drawn for each run."""
    told = {}
    reports = Report.objects.filter(channel=channel, state="incident").order_by("key")
    for report in reports:
        [member] = Membership.objects.filter(report=report).select_related("from_event")
        rows = Incident.objects.filter(pk=member.incident_id)
        incident = rows.get()
        decision = Decision.objects.filter(pk=incident.decision_id)
        events = [
            (event.kind, event.actor_kind, event.data.get("agency"))
            for event in Event.objects.filter(report=report).order_by("pk")
        ]
        told[report.key] = (
            Report.objects.filter(pk=report.pk).values(*WHAT_WAS_SAID).get(),
            report.position.coords,
            rows.values(*WHAT_STANDS).get(),
            incident.position.coords,
            decision.values(*WHAT_DECIDES).get(),
            Decision.objects.filter(incident=incident).count(),
            events,
            member.from_event.kind,
        )
    return told


@pytest.fixture
def furnished(town):
    zoo.asset("park", (106.702, 10.762, 106.708, 10.768), code="p1", maintainer="cay-xanh")
    zoo.service_area("water-east", (106.705, 10.755, 106.74, 10.80), ["water-leak"])
    zoo.service_area("water-west", (106.69, 10.755, 106.7055, 10.80), ["water-leak"])
    return town


def received(rows, plan):
    """Take the same rows the way of one report; return the codes of those refused."""
    read, refused = reader(read_mapping(plan), NOW), {}
    for line, one in enumerate(rows, start=2):
        cells = {name: str(one[column]) for name, column in read.mapping.columns.items()}
        try:
            pipeline.receive(replace(read.case(line, cells).statement, channel="web"))
        except DomainError as fault:
            refused[one["no"]] = fault.code
    return refused


def test_many_rows_are_decided_as_one_report_at_a_time(furnished, thousands, desk) -> None:
    rows = list(mixed(250))
    _, rejects = desk(rows)
    imported = tables("import:old-desk")

    refused = received(rows, desk.plan)

    assert {one["no"]: one["code"] for one in rejects} == refused
    web = tables("web")
    # Two libraries measure the same metres; rounded to centimetres they may differ by one.
    margins = [
        [one[4]["inputs"].pop("margin_m") for one in told.values()] for told in (imported, web)
    ]
    assert margins[0] == pytest.approx(margins[1], abs=0.011)
    assert imported == web
    assert len(imported) + len(refused) == 250
    assert len({one[4]["agency"] for one in imported.values()}) > 4
    assert any(one[4]["needs_triage"] for one in imported.values())
    assert {one[4]["inputs"]["how"] for one in imported.values()} == set(How)


@pytest.mark.django_db
def test_what_the_other_system_knows_is_kept_beside_our_own_decision(town, desk) -> None:
    desk([
        row(
            "A", state="Done", who="PARKS", ended="05/03/2026 10:00", words="Ổ gà",
            place="1 Lê Lợi",
        ),
        row("B", state="Working"),
        row("C", state="New"),
        row("D", state="Refused", ended="05/03/2026 10:00"),
    ])  # fmt: skip

    of = {report.key: report.memberships.get().incident for report in Report.objects.all()}
    done = of["A"]
    assert (done.status, done.agency.code) == ("closed", "cay-xanh")
    assert done.closed_at == datetime(2026, 3, 5, 3, tzinfo=UTC)
    ours, theirs = done.decisions.order_by("pk")
    assert (theirs.basis, theirs.agency.code) == ("imported", "cay-xanh")
    assert ours.agency.code != "cay-xanh"
    assert Report.objects.get(key="A").text == "Ổ gà\n1 Lê Lợi"
    assert (of["B"].status, of["B"].agency) == ("in_progress", of["B"].decision.agency)
    assert of["C"].status == "assigned"
    assert of["D"].status == "rejected"
    assert of["B"].closed_at is None
    assert Event.objects.get(report__key="A", kind="imported").data["agency"] == "cay-xanh"


@pytest.mark.django_db
def test_bad_rows_are_rejected_with_line_code_and_sentence(town, desk) -> None:
    bad = {
        "import.missing": row("b1", x=""),
        "import.bad_number": row("b2", x="east"),
        "import.whole_degrees": row("b3", x="106", y="10"),
        "position.null_island": row("b4", x="0", y="0"),
        "position.outside_city": row("b5", x="106.5"),
        "position.swapped": row("b6", x="10.7653", y="106.7052"),
        "position.out_of_range": row("b7", x="nan"),
        "import.bad_time": row("b8", when="2026-03-02"),
        "import.bad_id": row("b" * 101),
        "text.nul": row("b10", words="a\0b"),
        "text.too_long": row("b11", words="a" * 4001),
        "import.unknown_word": row("b12", who="nobody"),
        "import.other_content": row("good", words="and now something else"),
    }
    said, rejects = desk(
        [row("good", words="two\nlines"), *bad.values(), row("good", words="two\nlines")]
    )

    assert said.startswith(f"15 rows: 1 stored, 1 there already, {len(bad)} rejected, see ")
    assert [one["code"] for one in rejects] == list(bad)
    # The first report takes two lines of the file.
    assert [one["line"] for one in rejects] == [str(4 + n) for n in range(len(bad))]
    assert all(one["reason"].endswith(".") for one in rejects)
    assert rejects[1]["x"] == "east"


@pytest.mark.django_db
def test_a_corrected_file_of_rejects_is_taken_and_nothing_twice(town, desk, tmp_path) -> None:
    rows = [row("a"), row("b", x="106.5")]
    assert desk(rows)[0].startswith("2 rows: 1 stored, 0 there already, 1 rejected")
    assert desk(rows)[0].startswith("2 rows: 0 stored, 1 there already, 1 rejected")
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8").replace("106.5,", "106.705,")
    mended = tmp_path / "mended.csv"
    mended.write_text(text, encoding="utf-8")

    assert desk(mended)[0] == "1 rows: 1 stored, 0 there already, 0 rejected."
    assert set(Report.objects.values_list("channel", "key")) == {
        ("import:old-desk", "a"), ("import:old-desk", "b"),
    }  # fmt: skip


@pytest.mark.django_db
def test_an_imported_report_cannot_be_read_by_a_stranger(town, desk, client) -> None:
    desk([row("a", words="private words")])
    report = Report.objects.get()

    assert report.approved_at is None
    assert "private words" not in client.get("/api/v1/incidents").content.decode()


@pytest.mark.django_db
def test_the_file_is_named_when_a_column_is_missing(town, desk, tmp_path) -> None:
    source = tmp_path / "other.csv"
    source.write_text("no,when,x,y\n")
    with pytest.raises(CommandError, match=r"no column ended, kind, .*columns are: no, when, x, y"):
        desk(source)
    with pytest.raises(CommandError, match=r"nothing\.csv cannot be read"):
        desk(tmp_path / "nothing.csv")


@pytest.mark.django_db
def test_a_mapping_to_unknown_codes_stops_before_the_first_row(town, desk, tmp_path) -> None:
    plan = tmp_path / "wrong.toml"
    plan.write_text(MAPPING.replace("fallen-tree", "fallen-moon").replace("cay-xanh", "nobody"))
    with pytest.raises(CommandError, match="fallen-moon, nobody"):
        desk([row("a")], plan)
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("old-desk", "Old Desk"), "name: small letters"),
        (('external_id = "no"', ""), "[columns] external_id is missing"),
        (("Hole =", "Hole = 3 #"), '"Hole" must be a code'),
        (('"closed"', '"gone"'), '"Done" must be one of assigned, closed'),
        (("accuracy_m = 30", "accuracy_m = -1"), "accuracy_m must be metres"),
        (("[time]", '[time]\nzone = "Mars/Base"'), '"Mars/Base" is not a time zone'),
        (("[time]", "[times]"), "times is not known"),
        (("[columns]", "[columns"), "line"),
    ],
)
def test_every_fault_of_a_mapping_is_named(tmp_path, change, told) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(MAPPING.replace(*change), encoding="utf-8")
    with pytest.raises(mappings.BrokenMapping) as caught:
        read_mapping(plan)
    assert told in str(caught.value)


@pytest.mark.django_db
def test_batches_are_committed_one_by_one_and_memory_holds_one(town, desk, monkeypatch) -> None:
    monkeypatch.setattr("incidents.imports.files.BATCH", 7)
    said, _ = desk([row(f"r{n}") for n in range(20)])
    assert said.startswith("20 rows: 20 stored")
    codes = Report.objects.values_list("code", flat=True)
    assert len(set(codes)) == 20


# --- killed ----------------------------------------------------------------------------------

ROWS = int(os.environ.get("WARDWISE_IMPORT_ROWS", "1200"))
SMALL_BATCHES = """
import sys
import django; django.setup()
from django.core.management import execute_from_command_line
from incidents.imports import files
files.BATCH = int(sys.argv[1])
execute_from_command_line(["manage.py", *sys.argv[2:], "--skip-checks"])
"""
"""The command, which stores more often, so that fewer rows show what comes between two batches.

It begins without looking at all pages first, which takes longer than its rows.
"""


@pytest.fixture
def real_town(transactional_db):
    load_catalogue()
    zoo.edition()
    rulebook.current()


def start(source, plan, rejects):
    named = settings.DATABASES["default"] | connection.settings_dict
    url = (
        f"postgis://{named['USER']}:{named['PASSWORD'] or ''}@{named['HOST'].replace('/', '%2F')}"
        f":{named['PORT'] or ''}/{named['NAME']}"
    )
    environment = os.environ | {
        "DATABASE_URL": url, "WARDWISE_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "gis_core.settings",
    }  # fmt: skip
    root = Path(__file__).resolve().parent.parent.parent
    return subprocess.Popen(
        [sys.executable, "-c", SMALL_BATCHES, str(ROWS // 8), "import_reports", source,
         "--mapping", plan, "--rejects", rejects],
        cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def test_killed_three_times_it_ends_as_if_never(real_town, tmp_path) -> None:
    rows = list(mixed(ROWS, seed=9))
    source = write(tmp_path / "many.csv", rows)
    plan = tmp_path / "desk.toml"
    plan.write_text(MAPPING, encoding="utf-8")
    half = []
    for kill in range(3):
        process = start(source, plan, tmp_path / "killed.csv")
        _wait_for((kill + 1) * ROWS // 5, process)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        half.append(Report.objects.count())
    process = start(source, plan, tmp_path / "killed.csv")
    said, _ = process.communicate()
    assert process.returncode == 0, said
    assert 0 < half[0] <= half[1] <= half[2] < ROWS
    killed, killed_rejects = tables_by_sql(), (tmp_path / "killed.csv").read_text("utf-8")

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE incidents_membership, incidents_event, incidents_decision, "
            "incidents_incident, incidents_report CASCADE"
        )
    process = start(source, plan, tmp_path / "clean.csv")
    said, _ = process.communicate()
    assert process.returncode == 0, said

    assert tables_by_sql() == killed
    assert (tmp_path / "clean.csv").read_text("utf-8") == killed_rejects
    assert Report.objects.count() + killed_rejects.count("position.") == ROWS


def _wait_for(reports, process):
    until = time.monotonic() + 300
    while Report.objects.count() < reports and process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.02)


def tables_by_sql():
    """Everything of every table but what is drawn anew: ids, codes, moments of storing."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT md5(string_agg(one::text, '|' ORDER BY key)), count(*) FROM (
                SELECT r.key, r.fingerprint, r.state, r.category_id, r.text, r.position,
                    r.reported_at, i.status, i.agency_id, i.ward_id, i.district_id, i.cell,
                    i.opened_at, i.closed_at, i.needs_triage, i.check_after, i.public,
                    d.agency_id AS chosen, d.rule_id, d.basis, d.certainty, d.because,
                    d.question, d.candidates, d.inputs,
                    (SELECT string_agg(e.kind, ',' ORDER BY e.id) FROM incidents_event AS e
                     WHERE e.report_id = r.id) AS events,
                    (SELECT count(*) FROM incidents_decision AS o WHERE o.incident_id = i.id)
                FROM incidents_report AS r
                JOIN incidents_membership AS m ON m.report_id = r.id
                JOIN incidents_incident AS i ON i.id = m.incident_id
                JOIN incidents_decision AS d ON d.id = i.decision_id
            ) AS one
        """)
        return cursor.fetchone()


def test_two_at_once_store_each_row_once(real_town, tmp_path) -> None:
    source = write(tmp_path / "many.csv", list(mixed(750, seed=2)))
    plan = tmp_path / "desk.toml"
    plan.write_text(MAPPING, encoding="utf-8")

    both = [start(source, plan, tmp_path / f"{n}.csv") for n in range(2)]
    said = [one.communicate()[0] for one in both]

    assert [one.returncode for one in both] == [0, 0], said
    assert Report.objects.count() == Incident.objects.count() == Membership.objects.count()
    assert (tmp_path / "0.csv").read_text("utf-8") == (tmp_path / "1.csv").read_text("utf-8")


def test_a_moment_in_the_future_is_refused(tmp_path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(MAPPING, encoding="utf-8")
    read = reader(read_mapping(plan), NOW)
    late = (NOW + timedelta(days=2)).strftime("%d/%m/%Y %H:%M")
    cells = {
        name: str(row("a", when=late)[column]) for name, column in read.mapping.columns.items()
    }
    with pytest.raises(DomainError) as caught:
        read.case(2, cells)
    assert caught.value.code == "import.bad_time"
