"""Figures are what a person would count by hand, and each has the list of what it counts."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from districts.models import Agency, Area, Category
from incidents import figures
from incidents.actors import ANYBODY, Actor
from incidents.errors import BadFilter, PermissionDenied
from incidents.figures import By, Kind, Period, Share, Stars, grouping, read_period, read_scope
from incidents.figures.intervals import median_rank, wilson
from incidents.figures.measures import MEASURES, UnknownFigure, behind
from incidents.figures.overview import ranked
from incidents.figures.public import FEWEST
from incidents.figures.scope import UnknownArea
from incidents.figures.tallies import Line, Tally
from incidents.models import Custody, Event, Incident, Rating, Report
from incidents.permissions import Role
from tests import zoo

BOSS = Actor(1, Role.LEADER)
MONTH = read_period("2026-03")
SINCE, UNTIL = datetime(2026, 2, 28, 17, tzinfo=UTC), datetime(2026, 3, 31, 17, tzinfo=UTC)
"""The month's moments, on the city's clock."""
DAY = timedelta(days=1)
AGENCIES = ("tt-gtht", "so-xay-dung", "ubnd-101")
"""The first is below the second in the tree."""

custody = st.fixed_dictionaries({
    "agency": st.sampled_from(AGENCIES),
    "contractor": st.sampled_from([None, None, "tt-htkt"]),
    "days": st.integers(0, 40),
    "ended_by": st.sampled_from(["declined", "claimed_done", "claimed_done", "rejected"]),
    "used": st.sampled_from([0.2, 1.0, 1.5, None]),
    "proven": st.sampled_from([True, True, False, None]),
    "reopened": st.booleans(),
    "promised": st.sampled_from([None, -1, 3]),
})  # fmt: skip
case = st.fixed_dictionaries({
    "category": st.sampled_from(["pothole", "flooding", "bribery"]),
    "ward": st.sampled_from(["101", "102"]),
    "opened": st.integers(-40, 40),
    "custodies": st.lists(custody, min_size=1, max_size=3),
    "open": st.booleans(),
    "stars": st.sampled_from([None, 1, 3, 5]),
    "public": st.booleans(),
    "merged": st.sampled_from([False, False, False, True]),
})  # fmt: skip
worlds = st.lists(case, min_size=1, max_size=8)


def built(world):
    """Store a world and return its rows as plain things: incidents, custodies, ratings.

    What was merged is stored and not returned: no figure counts it.
    """
    agencies = {one.code: one for one in Agency.objects.all()}
    wards = {one.code: one for one in Area.objects.all()}
    categories = {one.code: one for one in Category.objects.all()}
    told, nothing = (SimpleNamespace(incidents=[], custodies=[], ratings=[]) for _ in range(2))
    for number, one in enumerate(world, start=Report.objects.count()):
        kind = categories.get(one["category"]) or categories["litter"]
        opened = SINCE + one["opened"] * DAY
        incident = Incident.objects.create(
            category=kind, ward=wards[one["ward"]], opened_at=opened, public=one["public"],
            position="SRID=4326;POINT(106.7 10.76)", cell=0, status="received",
        )  # fmt: skip
        at, kept = opened, told if not one.get("merged") else nothing
        for last, held in ((h is one["custodies"][-1], h) for h in one["custodies"]):
            ends = None if last and one["open"] else at + held["days"] * DAY
            row = stored_custody(incident, agencies, held, at, ends)
            kept.custodies.append(row)
            at = ends or at
        incident.agency = row.agency
        incident.closed_at = None if one["open"] else at
        incident.status = "assigned" if one["open"] else "closed"
        if one.get("merged"):
            incident.status = "merged"
        incident.save()
        kept.incidents.append(incident)
        if one["stars"] and not one["open"]:
            kept.ratings.append(stored_rating(incident, number, at, one["stars"]))
    return told


def stored_custody(incident, agencies, held, began, ended):
    first = Event.objects.create(kind="assigned", incident=incident)
    kind = held["ended_by"] if ended else ""
    claimed = kind == "claimed_done"
    row = Custody.objects.create(
        incident=incident, agency=agencies[held["agency"]], began_at=began, ended_at=ended,
        contractor=agencies[held["contractor"]] if held["contractor"] else None,
        from_event=first, ended_by=kind, due_at=began + 5 * DAY, limit_s=5 * 86_400,
        to_event=Event.objects.create(kind=kind, incident=incident) if ended else None,
        runs="working_days", rule="answer", rule_version=1, used=held["used"] if ended else None,
        proven=held["proven"] if claimed else None,
        reopened_at=ended + DAY if claimed and held["reopened"] else None,
        promised_at=began + held["promised"] * DAY if held["promised"] else None,
        forward_used=None if incident.custodies.exists() else held["used"],
    )  # fmt: skip
    row.incident = incident
    return row


def stored_rating(incident, number, at, stars):
    report = Report.objects.create(
        code=f"C{number:07}", channel="web", key=f"{number}", fingerprint="", category_id="pothole",
        reported_at=at,
    )  # fmt: skip
    event = Event.objects.create(kind="rated", incident=incident, report=report)
    rating = Rating.objects.create(report=report, incident=incident, event=event, stars=stars)
    Rating.objects.filter(pk=rating.pk).update(at=at)
    rating.at = at
    return rating


def by_hand(told):
    """Count every figure of March the slow way: sets of rows' ids."""
    ended = [c for c in told.custodies if c.ended_at and SINCE <= c.ended_at < UNTIL]
    done = [c for c in ended if c.ended_by == "claimed_done"]
    in_time = [c for c in done if c.used is not None and c.used <= 1]
    declined = [c for c in ended if c.ended_by == "declined"]
    rated = [r for r in told.ratings if SINCE <= r.at < UNTIL]
    standing = [
        i for i in told.incidents
        if i.opened_at < UNTIL and not (i.closed_at and i.closed_at < UNTIL)
    ]  # fmt: skip
    forwarded = [
        c for c in told.custodies
        if c.forward_used is not None and SINCE <= c.incident.opened_at < UNTIL
    ]  # fmt: skip
    return {
        "forwarded": forwarded,
        "forwarded_in_time": [c for c in forwarded if c.forward_used <= 1],
        "forwarded_late": [c for c in forwarded if c.forward_used > 1],
        "solved": [
            i for i in told.incidents
            if i.status == "closed" and i.closed_at and SINCE <= i.closed_at < UNTIL
        ],
        "reported": [i for i in told.incidents if SINCE <= i.opened_at < UNTIL],
        "ended": ended,
        "handled": done,
        "on_time": in_time,
        "honest": [c for c in in_time if c.proven and not c.reopened_at],
        "late": [c for c in done if c.used is not None and c.used > 1],
        "unproven": [c for c in done if not c.proven],
        "reopened": [c for c in done if c.reopened_at],
        "declined": declined,
        "again": [
            c for c in declined
            if any(o.incident_id == c.incident_id and o.ended_by == "declined" and o.pk < c.pk
                   for o in told.custodies)
        ],
        "broken": [c for c in ended if c.promised_at and c.promised_at < c.ended_at],
        "rated": rated,
        "displeased": [r for r in rated if r.stars <= 2],
        "backlog": standing,
        "overdue": [
            c for c in told.custodies
            if c.began_at < UNTIL and c.due_at < UNTIL
            and not (c.ended_at and c.ended_at < UNTIL)
        ],
    }  # fmt: skip


def counted(scope):
    return {figure: set(behind(scope, figure).values_list("pk", flat=True)) for figure in MEASURES}


def ids(rows):
    return {row.pk for row in rows}


few = settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@pytest.fixture
def ground(town):
    for code in ("tt-gtht", "so-xay-dung"):
        assert Agency.objects.filter(code=code).exists()


@few
@given(worlds)
def test_every_figure_counts_what_a_person_would_and_lists_just_that(ground, world):
    with transaction.atomic():
        told = built(world)
        scope = read_scope(BOSS, MONTH)
        wanted = by_hand(told)
        assert counted(scope) == {figure: ids(rows) for figure, rows in wanted.items()}
        shown = figures.overview(scope, By.AGENCY, "vi")
        for figure in vars_of(shown.now.tally):
            assert getattr(shown.now.tally, figure) == len(wanted[figure]), figure
        assert (shown.overdue, shown.again) == (len(wanted["overdue"]), len(wanted["again"]))
        waited = shown.waiting[0]
        share = Share(len(wanted["forwarded_in_time"]), len(wanted["forwarded"]))
        assert (waited.forwarded, waited.solved.cases) == (share, len(wanted["solved"]))
        for figure, rows in wanted.items():
            page = figures.page_of(scope, figure, 1, "vi")
            assert (page.total, len(page.cases)) == (len(rows), len(rows))
        assert sum(pair.cases for pair in shown.pairs) == len(wanted["declined"])
        transaction.set_rollback(True)


@settings(few, max_examples=3)
@given(worlds)
def test_a_trend_shows_each_period_as_its_own_overview_would(ground, world):
    with transaction.atomic():
        built(world)
        trend = figures.overview(read_scope(BOSS, MONTH), By.AGENCY, "vi").trend
        assert [bucket.period for bucket in trend] == list(MONTH.trend())
        for bucket in trend[-4:]:
            alone = read_scope(BOSS, bucket.period)
            for figure in ("reported", "handled", "rated", "backlog"):
                assert getattr(bucket.tally, figure) == behind(alone, figure).count(), figure
        transaction.set_rollback(True)


@settings(few, max_examples=3)
@given(worlds)
def test_lines_asked_for_together_are_those_asked_for_alone(ground, world):
    with transaction.atomic():
        built(world)
        scope, both = read_scope(BOSS, MONTH), (By.AGENCY, By.WARD)
        alone = {by: grouping.lines(scope, by, "vi") for by in both}
        assert grouping.lines_by(scope, both, "vi") == alone
        transaction.set_rollback(True)


def vars_of(tally):
    return [name for name in tally.__slots__ if name != "stars"]


@settings(few, max_examples=3)
@given(worlds)
def test_lines_are_the_figures_of_each_one_alone_and_their_lists_too(ground, world):
    with transaction.atomic():
        built(world)
        scope = read_scope(BOSS, MONTH)
        for by, narrow in ((By.AGENCY, "agency"), (By.SECTOR, "sector"), (By.WARD, "area")):
            for line in figures.overview(scope, by, "vi").lines:
                alone = read_scope(BOSS, MONTH, **{narrow: line.key, "only": "1"})
                for figure in vars_of(line.tally):
                    assert getattr(line.tally, figure) == behind(alone, figure).count(), figure
        for pair in figures.overview(scope, By.AGENCY, "vi").pairs:
            taker = pair.taker.code if pair.taker else "-"
            both = read_scope(BOSS, MONTH, agency=pair.giver.code, only="1", taker=taker)
            assert behind(both, "declined").count() == pair.cases
        transaction.set_rollback(True)


@few
@given(worlds)
def test_an_agency_stands_for_itself_and_all_below_it(ground, world):
    with transaction.atomic():
        told = built(world)
        wanted = by_hand(told)
        department = read_scope(BOSS, MONTH, agency="so-xay-dung")
        own = {"so-xay-dung", "tt-gtht"}
        assert counted(department)["ended"] == ids(
            c for c in wanted["ended"] if c.agency.code in own
        )
        lent = read_scope(BOSS, MONTH, contractor="tt-htkt")
        assert counted(lent)["ended"] == ids(c for c in wanted["ended"] if c.contractor_id)
        transaction.set_rollback(True)


@few
@given(worlds)
def test_a_file_of_faults_holds_every_fault_once(ground, world):
    with transaction.atomic():
        wanted = by_hand(built(world))
        file = figures.sanction_file(read_scope(BOSS, MONTH), "vi")
        faulty = [wanted[figure] for figure in ("late", "broken", "reopened", "unproven")]
        assert len(file.lines) == len({row.pk for rows in faulty for row in rows})
        assert (file.tally.late, file.broken) == (len(wanted["late"]), len(wanted["broken"]))
        assert file.left_out == 0
        transaction.set_rollback(True)


@few
@given(worlds)
def test_the_public_reads_of_public_cases_alone_and_of_no_few(ground, world):
    with transaction.atomic():
        told = built(world * 3)
        done = [c for c in by_hand(told)["handled"] if c.incident.public]
        of = {}
        for one in done:
            of.setdefault(one.agency.code, []).append(one)
        results = figures.public_results(MONTH, "vi")
        assert {line.key: line.tally.handled for line in results.agencies} == {
            code: len(rows) for code, rows in of.items() if len(rows) >= FEWEST
        }
        assert all(line.tally.backlog == 0 for line in (*results.agencies, *results.wards))
        transaction.set_rollback(True)


def test_ages_are_the_median_the_ninetieth_percentile_and_the_oldest(ground):
    world = [
        {"category": "pothole", "ward": "101", "opened": -day, "open": True, "stars": None,
         "public": True, "custodies": [HOLD]}
        for day in range(1, 12)
    ]  # fmt: skip
    built(world)
    told = figures.overview(read_scope(BOSS, MONTH), By.AGENCY, "vi")
    assert told.ages.median == pytest.approx(31 + 6)
    assert told.ages.ninetieth == pytest.approx(31 + 10)
    assert told.ages.oldest == pytest.approx(31 + 11)
    opened = [case.opened for case in told.slowest]
    assert opened == sorted(opened)
    assert len(opened) == 10


HOLD = {
    "agency": "tt-gtht", "contractor": None, "days": 2, "ended_by": "claimed_done", "used": 0.5,
    "proven": True, "reopened": False, "promised": None,
}  # fmt: skip


def test_a_solution_takes_as_long_as_its_reporter_waited_for_it(ground):
    """From the report to the closing, in days of the calendar; a part has no reporter."""
    for took in (1, 2, 3, 4, 10):
        solved = Incident.objects.create(
            category_id="pothole", opened_at=SINCE - took * DAY, closed_at=SINCE, status="closed",
            position="SRID=4326;POINT(106.7 10.76)", cell=0,
        )  # fmt: skip
    part = Incident.objects.get(pk=solved.pk)
    part.pk, part.parent, part.opened_at = None, solved, SINCE
    part.save(force_insert=True)
    now, before, _ = figures.overview(read_scope(BOSS, MONTH), By.AGENCY, "vi").waiting
    assert (now.solved.cases, now.solved.median) == (5, 3)
    assert now.solved.ninetieth == pytest.approx(7.6)
    assert before.solved == figures.Solved()


def line(key, handled, honest):
    tally = Tally(handled=handled, on_time=honest, honest=honest, ended=handled)
    return Line(key, key, tally)


def test_lines_of_few_cases_top_nothing_although_all_of_them_went_wrong():
    lines = (line("four", 4, 0), line("two", 2, 0), line("slow", 132, 85), line("fair", 40, 36))
    assert [one.key for one in ranked(lines)] == ["slow", "fair", "four", "two"]


def test_who_passes_on_one_case_of_two_does_not_top_who_passes_on_nine_of_a_hundred(ground):
    given_back = HOLD | {"ended_by": "declined"}
    once = {"category": "pothole", "ward": "101", "opened": 1, "open": False, "stars": None,
            "public": True}  # fmt: skip
    built(
        [once | {"custodies": [given_back | {"agency": "ubnd-101"}, HOLD]}]
        + [once | {"custodies": [given_back, HOLD | {"agency": "so-xay-dung"}]}] * 3
        + [once | {"custodies": [HOLD]}] * 30
    )
    pairs = figures.overview(read_scope(BOSS, MONTH), By.AGENCY, "vi").pairs
    assert [(pair.giver.code, pair.few) for pair in pairs] == [
        ("tt-gtht", False),
        ("ubnd-101", True),
    ]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40))
def test_the_share_that_holds_a_median_shrinks_to_the_half(values):
    rank = median_rank(len(values))
    assert 0.5 < rank <= 1
    assert rank > median_rank(4 * len(values)) or rank == 1
    assert median_rank(10_000) == pytest.approx(0.5098, abs=1e-4)


def test_days_to_close_come_with_what_they_surely_do_not_exceed(ground):
    once = {"category": "pothole", "ward": "101", "opened": 1, "open": False, "stars": None,
            "public": True}  # fmt: skip
    built([once | {"custodies": [HOLD | {"days": days}]} for days in range(1, 18)])
    [told] = grouping.lines(read_scope(BOSS, MONTH), By.AGENCY, "vi")
    # Of 17, 1/2 + 1.96 / (2 √17) = 74 %: the next share asked for is 75 %, of 1 … 17 days 13.
    assert (told.median_days, told.median_at_most) == (9, 13)


def test_ten_of_ten_do_not_top_990_of_1000():
    assert Share(10, 10).interval.low < Share(990, 1000).interval.low
    assert Stars(15, 3).interval.low < Stars(4_500, 1000).interval.low


def test_slow_is_whoever_surely_is(ground):
    late = HOLD | {"used": 2.0}
    once = {"category": "pothole", "ward": "101", "opened": 1, "open": False, "stars": None,
            "public": True}  # fmt: skip
    built(
        [once | {"custodies": [late | {"agency": "ubnd-101"}]}]
        + [once | {"custodies": [late]}] * 8
        + [once | {"custodies": [HOLD]}] * 4
    )
    lines = figures.overview(read_scope(BOSS, MONTH), By.AGENCY, "vi").lines
    assert [line.key for line in lines] == ["tt-gtht", "ubnd-101"]


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_interval_solves_wilson_s_equation_and_holds_the_share(hits, more):
    of = hits + more
    bounds = wilson(hits, of)
    assert 0 <= bounds.low <= bounds.high <= 1
    if of == 0:
        return
    share = hits / of
    assert bounds.low <= share <= bounds.high
    for bound in (bounds.low, bounds.high):
        if 0 < bound < 1:
            # A bound is the truth from which the share is just z standard errors away.
            assert abs(share - bound) == pytest.approx(
                1.959964 * math.sqrt(bound * (1 - bound) / of), abs=1e-9
            )


@given(
    st.sampled_from(Kind), st.integers(1995, 2100), st.integers(1, 12), st.integers(1, 28)
)  # fmt: skip
def test_periods_follow_one_another_and_read_what_they_write(kind, year, month, day):
    period = figures.period_of(date(year, month, day), kind)
    assert period.first <= date(year, month, day) <= period.last
    assert read_period(period.code) == period
    assert period.before.after == period.first
    assert period.year_before.first == period.first.replace(year=year - 1)
    assert period.year_before in period.trend()
    assert period.trend()[-1] == period
    for earlier, later in zip(period.trend(), period.trend()[1:], strict=False):
        assert earlier.after == later.first


@pytest.mark.parametrize("text", ["", "2026-13", "2026-00", "2026-Q5", "26-01", "0001", "2026-1x"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(figures.BadPeriod):
        read_period(text)


@pytest.mark.parametrize("role", Role)
def test_figures_are_for_those_who_may_see_them(ground, role):
    actor = Actor(1, role)
    allowed = {Role.OPERATOR, Role.PLANNER, Role.LEADER, Role.OVERSIGHT, Role.ADMINISTRATOR}
    if role in allowed:
        assert read_scope(actor, MONTH)
    else:
        with pytest.raises(PermissionDenied):
            read_scope(actor, MONTH)
    with pytest.raises(PermissionDenied):
        read_scope(ANYBODY, MONTH)


def test_a_filter_that_nothing_can_match_is_refused(ground):
    for narrowed in ({"agency": "nobody"}, {"sector": "x"}):
        with pytest.raises(BadFilter):
            read_scope(BOSS, MONTH, **narrowed)
    for narrowed in ({"area": "7x"}, {"area": "0"}, {"within": "99999999"}):
        with pytest.raises(UnknownArea):
            read_scope(BOSS, MONTH, **narrowed)
    with pytest.raises(UnknownFigure):
        figures.page_of(read_scope(BOSS, MONTH), "nothing", 1, "vi")


def test_as_many_questions_for_many_cases_as_for_one(ground):
    one = {"category": "pothole", "ward": "101", "opened": 1, "open": False, "stars": 5,
           "public": True, "custodies": [HOLD | {"ended_by": "declined"}, HOLD]}  # fmt: skip
    scope = read_scope(BOSS, MONTH)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            figures.overview(scope, By.AGENCY, "vi")
            figures.page_of(scope, "handled", 1, "vi")
            figures.sanction_file(scope, "vi")
        return len(queries)

    built([one])
    figures.overview(scope, By.AGENCY, "vi")
    first = asked()
    built([one | {"ward": ward} for ward in ("101", "102", "103") * 4])
    assert asked() == first


def test_what_is_open_now_is_counted_now(ground):
    built([{"category": "pothole", "ward": "101", "opened": 1, "open": True, "stars": None,
            "public": True, "custodies": [HOLD]}])  # fmt: skip
    now = read_scope(BOSS, figures.month_of(timezone.localdate()))
    assert now.standing_at() is None
    assert behind(now, "backlog").count() == behind(now, "overdue").count() == 1
    assert Period(Kind.MONTH, zoo.DAY.replace(day=1)) == MONTH
