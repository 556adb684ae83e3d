"""How a due clock is read out: in the unit people would use, never more than is left."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from incidents.deadlines import Runs
from incidents.due_clocks import DueClock, Standing, Unit, due_clock
from incidents.working_time import DAY, WorkingCalendar
from map_ui.due_words import ICONS, due_words

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
WEEK = WorkingCalendar(CITY, decreed={date(2026, 6, 4): False})
"""Without holidays; Thursday 4 June is off."""

NOW = datetime(2026, 6, 3, 10, tzinfo=CITY)
"""A Wednesday."""


def read(**apart):
    return due_clock(NOW + timedelta(**apart), Runs.WORKING_DAYS, NOW, WEEK, paused=False)


@pytest.mark.parametrize(
    ("apart", "vi", "en"),
    [
        ({"minutes": 12}, "còn 12 phút", "12 minutes left"),
        ({"hours": 5.9}, "còn 5 giờ", "5 hours left"),
        ({"hours": 30}, "còn 30 giờ", "30 hours left"),
        ({"days": 3}, "còn 1 ngày làm việc", "1 working day left"),
        ({"days": 7}, "còn 4 ngày làm việc", "4 working days left"),
        ({"seconds": 0}, "còn 0 phút", "0 minutes left"),
        ({"hours": -3}, "quá hạn 3 giờ", "3 hours late"),
        ({"days": -7}, "quá hạn 5 ngày làm việc", "5 working days late"),
        ({"days": -400}, "quá hạn 400 ngày", "400 days late"),
    ],
)
def test_it_is_said_as_people_say_it(apart, vi, en):
    clock = read(**apart)
    with override("vi"):
        assert due_words(clock) == vi
    with override("en"):
        assert due_words(clock) == en


def test_round_the_clock_nobody_speaks_of_working_days():
    for apart, said in ((30, (30, Unit.HOURS)), (80, (3, Unit.DAYS))):
        due = NOW + timedelta(hours=apart)
        clock = due_clock(due, Runs.ALWAYS, NOW, WEEK, paused=False)
        assert (clock.amount, clock.unit) == said


def test_a_clock_that_stands_and_one_that_never_ran_are_told_apart():
    stopped = due_clock(None, Runs.ALWAYS, NOW, WEEK, paused=True)
    none = due_clock(None, Runs.ALWAYS, NOW, WEEK, paused=False)
    assert (stopped, none) == (DueClock(Standing.PAUSED), DueClock(Standing.NONE))
    with override("vi"):
        assert due_words(stopped) != due_words(none)


def test_each_standing_has_a_shape_of_its_own():
    assert len(set(ICONS.values())) == len(Standing)


@given(
    apart=st.timedeltas(min_value=timedelta(days=-90), max_value=timedelta(days=90)),
    runs=st.sampled_from(Runs),
)
def test_it_never_says_more_than_there_is(apart, runs):
    clock = due_clock((NOW + apart).astimezone(UTC), runs, NOW, WEEK, paused=False)
    unit = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}
    whole = clock.amount * unit.get(clock.unit, DAY)
    assert timedelta(0) <= whole <= abs(apart)
    assert (clock.standing is Standing.LATE) == (apart < timedelta(0))
    assert (clock.standing is Standing.SOON) == (timedelta(0) <= apart < DAY)
