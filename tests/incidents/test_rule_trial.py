"""Before rules go live an operator sees which past incidents they would give to whom."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.catalogue_files import FOLDER
from districts.models import CatalogueChange, Rule
from districts.trial_rules import read_rules
from gis_core.positions import LonLat, Position
from incidents import pipeline, services
from incidents.models import Decision, Event, Incident
from incidents.report import Statement
from incidents.rereading.rule_trial import A_PERSON, NOBODY, try_rules
from tests import zoo

SINCE = datetime(2025, 7, 1, tzinfo=UTC)
LITTER = """
[[rule]]
code = "litter-trial"
basis = "area"
priority = 1
categories = ["litter"]
assign = "agency"
agency = "{agency}"
area_codes = ["ward:101"]
valid_from = 2025-07-01
source = "a trial"
"""
EVERYWHERE = LITTER.replace('area_codes = ["ward:101"]\n', "").replace(
    "valid_from = 2025-07-01\n", ""
)


def reported(key, lon=106.7052, lat=10.7653, category="litter", *, at=None, accuracy_m=0.0):
    place = Position(LonLat(lon, lat), accuracy_m)
    at = at or datetime(2026, 3, 2, 5, tzinfo=UTC)
    receipt = pipeline.receive(Statement("web", key, category, "", place, at))
    return Incident.objects.get(memberships__report=receipt.report_id)


@pytest.fixture
def rules(tmp_path):
    """The catalogue's rules, and what a test adds to them."""

    def written(more="", *, agency="tt-1022"):
        file = tmp_path / "rules.toml"
        text = (FOLDER / "rules.toml").read_text(encoding="utf-8")
        file.write_text(text + more.format(agency=agency), encoding="utf-8")
        return file

    return written


def command(file, *options):
    said = StringIO()
    call_command("try_rules", str(file), "--since", "2025-07-01", *options, stdout=said)
    return said.getvalue()


def moves(trial):
    return [(one.before, one.after, one.count) for one in trial.moves]


def test_the_rules_that_stand_move_nothing(town, rules):
    for number, category in enumerate(("litter", "pothole", "flooding", "noise")):
        reported(f"r{number}", category=category)
    trial = try_rules(read_rules(rules()), SINCE)
    assert (trial.tried, trial.moves, trial.placed_anew) == (4, (), 0)


def test_what_a_new_rule_would_move_is_told_from_whom_to_whom(town, rules):
    first = reported("a")
    reported("b", 106.7053, 10.7654)
    reported("elsewhere", 106.7152, 10.7653)
    reported("other", category="noise")
    said = command(rules(LITTER))
    assert "4 incidents tried, 2 would move (50.0%)" in said
    assert "(ubnd-101) -> " in said
    assert "(tt-1022)" in said
    assert f"litter 2; e.g. {first.pk}" in said


def test_nothing_is_written(town, rules):
    reported("a")
    before = state()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        command(rules(LITTER))
    assert state() == before
    assert all(one["sql"].lstrip().startswith(("SELECT", "--", "PREPARE", "EXECUTE"))
               for one in queries)  # fmt: skip


def state():
    models = (Incident, Decision, Event, Rule, CatalogueChange)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_only_incidents_since_the_day_are_tried(town, rules):
    reported("old", at=datetime(2026, 1, 31, 12, tzinfo=UTC))
    reported("new", at=datetime(2026, 2, 1, 12, tzinfo=UTC))
    trial = try_rules(read_rules(rules(LITTER)), datetime(2026, 2, 1, tzinfo=UTC))
    assert trial.tried == 1


def test_after_a_persons_choice_the_routed_placement_still_counts(town, rules, operator):
    incident = reported("a")
    services.assign(operator, incident.pk, "tt-1022", "because")
    trial = try_rules(read_rules(rules(LITTER)), SINCE)
    assert moves(trial) == [("ubnd-101", "tt-1022", 1)]
    assert trial.placed_anew == 0


def test_an_incident_that_kept_no_placement_is_placed_anew(town, rules):
    reported("a")
    Decision.objects.update(inputs={})
    trial = try_rules(read_rules(rules(LITTER)), SINCE)
    assert (moves(trial), trial.placed_anew) == ([("ubnd-101", "tt-1022", 1)], 1)


def test_a_doubt_that_arises_or_ends_is_a_move_too(town, rules):
    reported("on the border", 106.71, 10.7653, accuracy_m=20.0)
    trial = try_rules(read_rules(rules(EVERYWHERE)), SINCE)
    assert moves(trial) == [(A_PERSON, "tt-1022", 1)]


def test_a_rule_that_was_not_yet_in_effect_is_named(town, rules):
    reported("a")
    later = EVERYWHERE + "valid_from = 2027-01-01\n"
    said = command(rules(later))
    assert "0 would move" in said
    assert "litter-trial" in said


def test_a_committee_may_be_named_although_no_file_lists_it(town, rules):
    reported("a")
    trial = try_rules(read_rules(rules(LITTER, agency="ubnd-102")), SINCE)
    assert moves(trial) == [("ubnd-101", "ubnd-102", 1)]


def test_rules_that_lead_nowhere_are_seen(town, rules, tmp_path):
    reported("a")
    file = tmp_path / "one.toml"
    file.write_text(LITTER.format(agency="tt-1022").replace("ward:101", "ward:102"))
    trial = try_rules([], SINCE)
    assert moves(trial) == [("ubnd-101", NOBODY, 1)]
    with pytest.raises(CommandError, match=r"catalogue\.broken"):
        command(file)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('agency = "nobody-knows"', "nobody-knows"),
        ('agency = "tt-1022"\nsectrs = ["traffic"]', "sectrs"),
    ],
)
def test_a_broken_file_is_refused_with_its_places(town, rules, wrong, told):
    file = rules(LITTER.replace('agency = "{agency}"', wrong))
    with pytest.raises(CommandError, match=told):
        command(file)


def test_the_old_days_are_decided_as_of_their_day(town, rules):
    """What was reported under one edition is not decided by the rules of another's day."""
    zoo.edition(name="zoo-2019", since=date(2019, 1, 1), until=date(2025, 7, 1))
    reported("then", at=datetime(2024, 3, 2, tzinfo=UTC))
    ended = EVERYWHERE + "valid_to = 2025-01-01\n"
    trial = try_rules(read_rules(rules(ended)), datetime(2020, 1, 1, tzinfo=UTC))
    assert [(after, count) for _, after, count in moves(trial)] == [("tt-1022", 1)]
