"""Runs of analyses: reckoned once, begun anew, cancelled, by the month, forgotten."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from gis_core.errors import DomainError
from incidents.actors import ANYBODY
from incidents.analyses import (
    asking,
    files,
    kept,
    question,
    reckoning,
    running,
    shapes,
)
from incidents.analyses.methods import terms
from incidents.analyses.results import GATHERED, RECKONED
from incidents.errors import PermissionDenied
from incidents.models import Analysis, Run
from incidents.models.analysis import RunState
from incidents.permissions import Role
from tests import zoo
from tests.incidents.test_analyses import (  # noqa: F401  two fixtures
    asked,
    lay_streets,
    planner,
    planted,
    staff,
)


def test_a_run_is_reckoned_once_and_its_files_hold_what_was_told(planner, planted):  # noqa: F811
    run = asking.ask(planner, asked(), "Ổ gà")
    assert reckoning.reckon_next(timezone.now())
    assert not reckoning.reckon_next(timezone.now())
    run.refresh_from_db()
    assert (run.state, run.progress) == (RunState.DONE, 100)
    layer = files.layer(run.result)
    assert layer["count"].sum() == run.told["facts"]["incidents"] == 210
    assert b"hot_sure" in files.drawn(run.result)
    asking.remove(planner, run.analysis.token)
    assert not list(files.folder().iterdir())


def test_a_killed_workers_run_is_begun_anew_and_at_last_given_up(planner, planted, monkeypatch):  # noqa: F811
    run = asking.ask(planner, asked(), "Ổ gà")
    monkeypatch.setattr(running, "run", _killed)
    now = timezone.now()
    with pytest.raises(KeyboardInterrupt):
        reckoning.reckon_next(now)
    assert not reckoning.reckon_next(now), "its worker may be alive"
    monkeypatch.undo()
    later = now + timedelta(seconds=terms().lease_s + 1)
    assert reckoning.reckon_next(later)
    run.refresh_from_db()
    assert (run.state, run.tries) == (RunState.DONE, 2)
    Run.objects.update(state=RunState.RUNNING, leased_until=now, tries=terms().most_tries)
    assert not reckoning.reckon_next(later)
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "analysis.gave_up")


def _killed(*_arguments):
    raise KeyboardInterrupt


def test_a_cancelled_run_stops(planner, planted):  # noqa: F811
    waiting = asking.ask(planner, asked(), "Ổ gà")
    asking.cancel(planner, waiting.analysis.token, waiting.pk)
    assert not reckoning.reckon_next(timezone.now())
    run = asking.ask(planner, asked(), "Ổ gà")
    Run.objects.filter(pk=run.pk).update(cancel=True)
    assert reckoning.reckon_next(timezone.now())
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert not run.result


@pytest.mark.parametrize("method", ["emerging", "along_streets", "repeats"])
def test_a_long_method_tells_how_far_it_is_and_ends_where_it_is_told_to(planner, planted, method):  # noqa: F811
    lay_streets()
    zoo.asset("park", zoo.ward_boxes()["103"])
    parameters = {"step_days": 5} if method == "emerging" else {}
    question = asked(method=method, parameters=parameters).settled(timezone.localdate())
    shares = []
    running.run(planner, question, shares.append)
    assert shares == sorted(shares)
    assert [share for share in shares if GATHERED < share < RECKONED] or shares.count(RECKONED) > 1

    def stop(share):
        if share > GATHERED:
            raise reckoning.Stopped

    with pytest.raises(reckoning.Stopped):
        running.run(planner, question, stop)


def test_a_method_that_cannot_tell_how_far_it_is_can_be_ended(planner, planted, monkeypatch):  # noqa: F811
    monkeypatch.setattr(shapes, "LONG_HIERARCHY", 0)
    question = asked(method="hierarchical", parameters={}).settled(timezone.localdate())
    heard = []

    def stop(share):
        heard.append(share)
        if heard.count(GATHERED) > 1:
            raise reckoning.Stopped

    with pytest.raises(reckoning.Stopped):
        running.run(planner, question, stop)
    assert max(heard) == GATHERED


def test_what_fails_says_why_and_too_many_are_refused(planner, town):  # noqa: F811
    run = asking.ask(planner, asked(), "Trống")
    reckoning.reckon_next(timezone.now())
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "analysis.nothing_to_count")
    for _ in range(asking.MOST_WAITING):
        asking.ask(planner, asked(), "Trống")
    with pytest.raises(DomainError) as refused:
        asking.ask(planner, asked(), "Trống")
    assert refused.value.code == "analysis.too_many_waiting"


def test_nobody_asks_or_opens_who_sees_no_figures(planner, town):  # noqa: F811
    run = asking.ask(planner, asked(), "Ổ gà")
    asking.save(planner, run.analysis.token, "Ổ gà", shared=True)
    for actor in (ANYBODY, staff("nam", Role.AGENCY_STAFF), staff("ba", Role.WARD_STAFF)):
        with pytest.raises(PermissionDenied):
            asking.ask(actor, asked(), "Ổ gà")
        with pytest.raises(PermissionDenied):
            kept.opened(actor, run.analysis.token)
    leader = staff("lan", Role.LEADER)
    assert kept.opened(leader, run.analysis.token) == run.analysis
    with pytest.raises(DomainError) as refused:
        asking.save(leader, run.analysis.token, "Của tôi")
    assert refused.value.code == "analysis.not_found"
    asking.save(planner, run.analysis.token, "Ổ gà")
    with pytest.raises(DomainError):
        kept.opened(leader, run.analysis.token)


def test_a_monthly_one_runs_once_over_the_month_that_ended(planner, town):  # noqa: F811
    run = asking.ask(planner, asked(period="last_30_days"), "Ổ gà")
    asking.save(planner, run.analysis.token, "Ổ gà", monthly=True)
    first = datetime(2026, 12, 1, 1, tzinfo=timezone.get_default_timezone())
    assert [asking.ask_monthly(first) for _ in range(2)] == [1, 0]
    newest = Run.objects.first()
    assert question.read(newest.question).days == (date(2026, 11, 1), date(2026, 11, 30))
    assert asking.ask_monthly(first + timedelta(days=31)) == 1


def test_one_that_cannot_be_asked_any_more_fails_by_itself(planner, town):  # noqa: F811
    """Wards are merged; what was asked of them is told to have failed, and all others run."""
    of_ward = asked(area={"kind": "wards", "wards": ["101"]})
    lost, other = (asking.ask(planner, one, "Ổ gà").analysis for one in (of_ward, asked()))
    for one in (lost, other):
        asking.save(planner, one.token, "Ổ gà", monthly=True)
    gone(lost)
    first = datetime(2026, 12, 1, 1, tzinfo=timezone.get_default_timezone())
    assert [asking.ask_monthly(first) for _ in range(2)] == [2, 0]
    failed, run = (one.runs.get(monthly=True) for one in (lost, other))
    assert (failed.state, failed.error) == (RunState.FAILED, "analysis.bad_value")
    assert failed.error_facts["field"] == "wards"
    assert run.state == RunState.WAITING


def gone(analysis):
    """Let an analysis have been asked of a ward that is no more."""
    area = {"kind": "wards", "wards": ["999"]}
    for one in (analysis, *analysis.runs.all()):
        one.question["area"] = area
        one.save(update_fields=["question"])


def test_old_ones_go_after_their_term(planner, planted):  # noqa: F811
    _unsaved, saved = (asking.ask(planner, asked(), "Ổ gà") for _ in range(2))
    asking.save(planner, saved.analysis.token, "Ổ gà")
    while reckoning.reckon_next(timezone.now()):
        pass
    now = timezone.now() + timedelta(days=terms().unsaved_days + 1)
    assert asking.forget_old(now) == 1
    assert [one.pk for one in Analysis.objects.all()] == [saved.analysis_id]
    assert asking.forget_old(now + timedelta(days=terms().result_days)) == 1
    saved.refresh_from_db()
    assert (saved.state, saved.result) == (RunState.DONE, "")
    assert not list(files.folder().iterdir())
