"""A made-up crowd of any size says that it is made up, and is like what the verbs write."""

import re
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Max, Min, Prefetch, Q
from django.utils import timezone

from districts.catalogue_loading import load_catalogue
from gis_core import sql
from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents import deadline_rules, selectors
from incidents.actors import ANYBODY
from incidents.deadlines import Clock, Limit, Runs
from incidents.made_up import crowd, crowd_fates, demo
from incidents.models import Custody, Decision, Event, Incident, Membership, Rating, Report
from incidents.services import crowding
from incidents.services.working import EVENTS
from incidents.workflow import ARROWS, OPEN, Status, Step
from tests import zoo
from tests.incidents.test_demo import real_report

pytestmark = pytest.mark.usefixtures("thousands")

MANY = 2_000
STEPS = {kind: step for step, kind in EVENTS.items()} | {"assigned": Step.ASSIGN}
REFERRING = """
    SELECT DISTINCT conrelid::regclass::text FROM pg_constraint
    WHERE contype = 'f' AND confrelid::regclass::text IN (
        'incidents_incident', 'incidents_report', 'incidents_event', 'incidents_contact',
        'incidents_decision')
"""
REACH = 25 / 109_000


def make_demo(*options):
    said = StringIO()
    call_command("make_demo", *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def filled(town):
    make_demo("--incidents", str(MANY), "--seed", "5")


def indexes():
    """Return all indexes and constraints as text, without the casts that PostgreSQL moves about."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'incidents%'")
        found = cursor.fetchall()
        cursor.execute(
            "SELECT conrelid::regclass || conname || pg_get_constraintdef(oid) || convalidated "
            "FROM pg_constraint WHERE conrelid::regclass::text LIKE 'incidents%'"
        )
        found += cursor.fetchall()
    return sorted(re.sub(r"::[a-z]+( varying)?(\[\])?|[()]", "", text) for (text,) in found)


def test_every_report_says_that_it_is_made_up(filled):
    reports = Report.objects.filter(channel=crowd.CHANNEL)
    assert reports.count() == MANY
    assert not reports.exclude(text__startswith="[Dữ liệu mẫu]").exists()
    assert not reports.exclude(state="incident").exists()


def test_rows_hang_together_as_the_verbs_leave_them(filled):
    assert Incident.objects.count() == Membership.objects.count() == MANY
    assert not Membership.objects.exclude(
        from_event__kind="opened",
        from_event__incident=F("incident"),
        from_event__report=F("report"),
    ).exists()
    assert not Incident.objects.exclude(decision__incident=F("pk")).exists()
    for incident in Incident.objects.order_by("pk")[:50]:
        place = LonLat(incident.position.x, incident.position.y)
        assert incident.cell == cell_code(place)
        public = incident.category.public and not incident.category.sensitive
        assert incident.public is public
        kinds = list(incident.events.exclude(kind="rated").values_list("kind", flat=True))
        assert kinds[:2] in (["opened", "assigned"], ["opened", "triage"])
        if incident.closed_at:
            assert kinds[-1] == incident.status or "words_approved" in kinds


def test_events_walk_the_arrows_of_the_workflow(filled):
    for incident in Incident.objects.prefetch_related("events")[:200]:
        at = Status.RECEIVED
        for event in incident.events.order_by("id"):
            if step := STEPS.get(event.kind):
                assert at in ARROWS[step].sources, (at, event.kind)
                at = ARROWS[step].target
        assert at == incident.status


def test_every_case_that_an_agency_has_or_had_is_in_one_hand_after_the_other(filled):
    custodies = Custody.objects.select_related("from_event", "to_event")
    held = Incident.objects.exclude(status="received").prefetch_related(
        Prefetch("custodies", custodies.order_by("from_event_id"))
    )
    assert not Custody.objects.filter(incident__status="received").exists()
    for incident in held[:400]:
        *earlier, last = incident.custodies.all()
        for one, following in pairwise((*earlier, last)):
            assert one.ended_at <= following.began_at
            assert (one.ended_by == "declined") == (following.agency_id != one.agency_id)
            assert (one.reopened_at is None) == (one.ended_by == "declined")
        for one in (*earlier, last):
            assert one.from_event.kind in {"assigned", "reopened"}
            assert one.from_event.at == one.began_at
            assert (one.to_event.kind if one.to_event else "") == one.ended_by
        assert last.agency_id == incident.agency_id
        assert last.ended_at is None or last.due_at
        open_now = incident.status in {"assigned", "in_progress"}
        assert (last.to_event is None) == open_now
        assert (incident.held_since, incident.due_at) == (
            (last.began_at, last.due_at) if open_now else (None, None)
        )


def test_past_clocks_tell_what_one_clock_would(filled):
    calendar = deadline_rules.calendar()
    ended = Custody.objects.exclude(ended_at=None).select_related("incident__category")
    for one in ended.order_by("pk")[:300]:
        limit = Limit(timedelta(seconds=one.limit_s), Runs(one.runs))
        clock = Clock(one.began_at, limit)
        assert clock.due(calendar) == one.due_at
        assert clock.share(one.ended_at, calendar) == pytest.approx(one.used, abs=1e-9)


def test_the_services_own_clock_ended_with_each_first_hand_over_or_still_runs(filled):
    five = timedelta(minutes=5)
    held = Custody.objects.select_related("incident").order_by("from_event_id")
    seen, used = set(), []
    for one in held:
        first = one.incident_id not in seen
        seen.add(one.incident_id)
        wanted = (one.began_at - one.incident.opened_at) / five if first else None
        assert one.forward_used == (wanted if wanted is None else pytest.approx(wanted))
        used += [one.forward_used] if first else []
    assert 0.5 < sum(share <= 1 for share in used) / len(used) < 1


def test_what_waits_for_a_person_has_waited_too_long(town, monkeypatch):
    drawn = crowd_fates.lasting

    def never_chosen(days, *more):
        return drawn(9_999.0 if isinstance(days, float) and days == 0.7 else days, *more)

    monkeypatch.setattr(crowd_fates, "lasting", never_chosen)
    make_demo("--incidents", str(MANY), "--seed", "5")
    waits = Report.objects.filter(forward_by__isnull=False)
    assert {one.forward_by - one.received_at for one in waits} == {timedelta(minutes=5)}
    assert set(waits) == set(Report.objects.filter(memberships__incident__status="received"))
    assert not Report.objects.exclude(next_step_at=None).exists(), "the watch is left in peace"


def test_the_past_has_everything_that_figures_tell_of(filled):
    ways = set(Custody.objects.values_list("ended_by", flat=True))
    assert ways == {"", "declined", "claimed_done", "rejected"}
    assert Custody.objects.filter(used__gt=1).count() > 100
    assert Custody.objects.exclude(reopened_at=None).exists()
    assert Custody.objects.filter(proven=False).exists()
    assert Custody.objects.exclude(contractor=None).exists()
    assert Custody.objects.filter(promised_at__lt=F("ended_at")).exists()
    assert set(Rating.objects.values_list("stars", flat=True)) >= {2, 3, 4, 5}
    assert not Rating.objects.exclude(incident__status="closed").exists()


def test_whatever_hangs_on_a_report_or_an_incident_is_taken_away_with_it(db):
    removal = sql.text("incidents", "remove_made_up")
    with connection.cursor() as cursor:
        cursor.execute(REFERRING)
        tables = {table for (table,) in cursor.fetchall()}
    assert "incidents_custody" in tables
    for table in tables:
        assert f"DELETE FROM {table} AS" in removal, table


def test_open_ones_are_open_and_closed_ones_have_ended(filled):
    open_ones = Q(status__in=[status.value for status in OPEN])
    assert not Incident.objects.filter(open_ones).exclude(closed_at=None).exists()
    assert not Incident.objects.exclude(open_ones).filter(closed_at=None).exists()
    assert not Incident.objects.filter(status="received").exclude(agency=None).exists()
    assert not Incident.objects.exclude(status="received").filter(agency=None).exists()
    statuses = set(Incident.objects.values_list("status", flat=True))
    assert statuses >= {"assigned", "in_progress", "closed", "rejected"}


def test_five_years_with_the_rain_in_them(filled):
    told = Incident.objects.aggregate(first=Min("opened_at"), last=Max("opened_at"))
    assert told["last"] <= timezone.now()
    assert timedelta(days=1700) < timezone.now() - told["first"] < timedelta(days=1828)
    wet = Q(opened_at__month__gte=5, opened_at__month__lte=11)
    floods = Incident.objects.filter(category__in=["flooding", "blocked-drain"])
    others = Incident.objects.filter(category__in=["litter", "noise"])
    assert share(floods, wet) > 0.8 > share(others, wet)


def share(rows, part):
    return rows.filter(part).count() / rows.count()


def test_they_stand_along_lines_inside_the_wards(filled):
    assert not Incident.objects.filter(ward=None).exists()
    assert Incident.objects.values("ward").distinct().count() == 9
    near = Incident.objects.annotate(spot=F("cell") / 4**8).values("spot").annotate(n=Count("pk"))
    # Spread evenly over nine square kilometres hardly two would share a cell of 40 m.
    assert near.aggregate(most=Max("n"))["most"] > 15


def test_the_ward_is_the_one_that_a_pin_there_gets(filled):
    boxes = zoo.ward_boxes()
    for incident in Incident.objects.select_related("ward")[:300]:
        west, south, east, north = boxes[incident.ward.code]
        # What falls a few metres beside the town is taken into it.
        assert west - REACH <= incident.position.x <= east + REACH
        assert south - REACH <= incident.position.y <= north + REACH


def test_doubt_at_borders_went_to_a_person(filled):
    unsure = Decision.objects.filter(needs_triage=True)
    assert unsure.exists()
    for decision in unsure.select_related("incident"):
        assert decision.certainty < decision.threshold
        assert decision.question
        chosen = decision.incident.decision
        assert decision.incident.needs_triage or chosen.basis == "person"


def test_the_same_seed_makes_the_same_crowd(town):
    make_demo("--incidents", "200", "--seed", "5")
    first = places()
    make_demo("--remove")
    assert not Incident.objects.exists()
    make_demo("--incidents", "200", "--seed", "5")
    assert places() == first
    make_demo("--remove")
    make_demo("--incidents", "200", "--seed", "6")
    assert places() != first


def places():
    rows = Incident.objects.order_by("pk").values_list("category", "cell", "ward__code")
    return list(rows)


def test_a_second_run_adds_nothing(filled):
    assert "are there" in make_demo("--incidents", "10")
    assert Incident.objects.count() == MANY


def test_a_large_crowd_leaves_every_index_and_key_as_it_was(town, monkeypatch):
    monkeypatch.setattr(crowding, "MANY", 100)
    before = indexes()
    make_demo("--incidents", "500")
    assert indexes() == before
    told = make_demo("--remove")
    assert [line.strip() for line in told.splitlines()[:2]] == [
        "laying keys aside …", "looking for all that came of them …",
    ]  # fmt: skip
    assert indexes() == before
    assert not Event.objects.exists()


def test_what_is_real_stays(town, monkeypatch):
    monkeypatch.setattr(crowding, "MANY", 100)
    report = real_report()
    events = Event.objects.count()
    make_demo("--incidents", "300")
    assert Report.objects.count() == 301
    assert real_report("real-2") != report
    make_demo("--remove")
    assert Report.objects.count() == Incident.objects.count() == 2
    assert Event.objects.count() == events * 2


def test_small_demo_and_crowd_do_not_know_each_other(town, monkeypatch):
    monkeypatch.setattr(demo, "SMALL", 5)
    make_demo("--incidents", "50")
    make_demo("--small")
    assert Report.objects.count() == 55


def test_its_reports_are_followed_like_any_other(filled):
    report = Report.objects.order_by("pk").first()
    told = selectors.track(report.code, "en")
    assert told.incident
    assert told.agency
    assert told.timeline
    assert selectors.card(ANYBODY, selectors.visible_to(ANYBODY).first().pk, "vi").ward


def test_without_wards_it_says_what_to_do(db):
    load_catalogue()
    with pytest.raises(CommandError, match="prepare_city"):
        make_demo("--incidents", "10")
