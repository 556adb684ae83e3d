"""The city's working days, and limits that run on them: by hand from the published calendars.

The days off and the make-up Saturdays are those that the government announced for officials each
year; each worked example was counted on a paper calendar.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.deadlines import Clock, Limit, Pause, Runs, Step, is_late, steps_reached
from incidents.working_time import DAY, NOTHING, WorkingCalendar

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
DECREED = {date(2026, 1, 2): False, date(2026, 1, 10): True}
CITY = WorkingCalendar(SAIGON, "VN", decreed=DECREED)


def days(year: int, *spans: str) -> set[date]:
    """ "1.1 27.1-31.1" -> those days of the year."""
    found: set[date] = set()
    for span in " ".join(spans).split():
        first, _, last = span.partition("-")
        begin, end = (_day(year, one) for one in (first, last or first))
        found |= {begin + DAY * n for n in range((end - begin).days + 1)}
    return found


def _day(year: int, text: str) -> date:
    day, month = map(int, text.split("."))
    return date(year, month, day)


# New Year, Tết, the Hùng kings, Reunification and Labour Day, National Day, with the days given
# in place of a weekend, and the working days that were exchanged.
OFF_WEEKDAYS = {
    2017: days(2017, "2.1 26.1-27.1 30.1-1.2 6.4 1.5-2.5 4.9"),
    2018: days(2018, "1.1 14.2-16.2 19.2-20.2 25.4 30.4-1.5 3.9 31.12"),
    2019: days(2019, "1.1 4.2-8.2 15.4 29.4-1.5 2.9"),
    2020: days(2020, "1.1 23.1-24.1 27.1-29.1 2.4 30.4-1.5 2.9"),
    2021: days(2021, "1.1 10.2-12.2 15.2-16.2 21.4 30.4 3.5 2.9-3.9"),
    2022: days(2022, "3.1 31.1-4.2 11.4 2.5-3.5 1.9-2.9"),
    2023: days(2023, "2.1 20.1 23.1-26.1 1.5-3.5 1.9 4.9"),
    2024: days(2024, "1.1 8.2-9.2 12.2-14.2 18.4 29.4-1.5 2.9-3.9"),
    2025: days(2025, "1.1 27.1-31.1 7.4 30.4-2.5 1.9-2.9"),
    2026: days(2026, "1.1-2.1 16.2-20.2 27.4 30.4-1.5 31.8-2.9 24.11"),
}
MAKE_UP_SATURDAYS = {
    date(2019, 1, 5), date(2019, 5, 4), date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10),
    date(2026, 8, 22),
}  # fmt: skip


@pytest.mark.parametrize("year", OFF_WEEKDAYS)
def test_the_city_rests_on_the_published_days_and_on_no_other_weekday(year):
    whole = [date(year, 1, 1) + DAY * n for n in range(366)]
    off = {day for day in whole if day.year == year and not CITY.works_on(day)}
    assert {day for day in off if day.weekday() < 5} == OFF_WEEKDAYS[year]


def test_make_up_saturdays_are_worked_and_other_weekends_are_not():
    whole = [date(2017, 1, 1) + DAY * n for n in range(3652)]
    worked = {day for day in whole if day.weekday() > 4 and CITY.works_on(day)}
    assert worked == MAKE_UP_SATURDAYS


def at(text: str) -> datetime:
    """ "7.2.2024 16:00" on the city's clock."""
    return datetime.strptime(text, "%d.%m.%Y %H:%M").replace(tzinfo=SAIGON)


def five_days(begin: str, *pauses: tuple[str, str | None]) -> Clock:
    limit = Limit(timedelta(days=5), Runs.WORKING_DAYS)
    made = tuple(Pause(at(since), at(until) if until else None) for since, until in pauses)
    return Clock(at(begin), limit, made)


# Received on the last working afternoon before Tết, answered by the end of the fifth working day
# after it; "24:00" is the next day's first moment.
AROUND_TET = [
    ("1.2.2019 16:00", "16.2.2019 00:00"),  # Fri -> Mon 11 … Fri 15 February
    ("22.1.2020 16:00", "6.2.2020 00:00"),  # Wed -> Thu 30, Fri 31, Mon 3, Tue 4, Wed 5
    ("9.2.2021 16:00", "24.2.2021 00:00"),  # Tue -> Wed 17 … Fri 19, Mon 22, Tue 23
    ("28.1.2022 16:00", "12.2.2022 00:00"),  # Fri -> Mon 7 … Fri 11 February
    ("19.1.2023 16:00", "3.2.2023 00:00"),  # Thu -> Fri 27, Mon 30, Tue 31, Wed 1, Thu 2
    ("7.2.2024 16:00", "22.2.2024 00:00"),  # Wed -> Thu 15, Fri 16, Mon 19 … Wed 21
    ("24.1.2025 16:00", "8.2.2025 00:00"),  # Fri -> Mon 3 … Fri 7 February
    ("13.2.2026 16:00", "28.2.2026 00:00"),  # Fri -> Mon 23 … Fri 27 February
    # Received during Tết itself: as if on its last day.
    ("10.2.2024 09:00", "22.2.2024 00:00"),
    ("17.2.2026 00:30", "28.2.2026 00:00"),
    # Two days before: one working day is left.
    ("6.2.2024 08:00", "21.2.2024 00:00"),
    ("12.2.2026 23:59", "27.2.2026 00:00"),
]


@pytest.mark.parametrize(("received", "due"), AROUND_TET)
def test_five_working_days_around_tet(received, due):
    assert five_days(received).due(CITY) == at(due)


def test_make_up_saturdays_count():
    # Mon 22 April 2024 -> Tue 23 … Fri 26, then Thu 2 May is the fifth.
    assert five_days("22.4.2024 10:00").due(CITY) == at("3.5.2024 00:00")
    # Mon 29 April (off) -> Thu 2, Fri 3, Sat 4 (made up), Mon 6, Tue 7.
    assert five_days("29.4.2024 10:00").due(CITY) == at("8.5.2024 00:00")
    # Wed 31 December 2025 -> Mon 5 … Fri 9 January: the Friday after New Year was off.
    assert five_days("31.12.2025 10:00").due(CITY) == at("10.1.2026 00:00")
    # Mon 5 January 2026 -> Tue 6 … Fri 9 and Sat 10 (made up).
    assert five_days("5.1.2026 10:00").due(CITY) == at("11.1.2026 00:00")


def test_a_pause_moves_the_end_by_the_working_time_it_took():
    whole = five_days("1.6.2026 10:00")
    assert whole.due(CITY) == at("9.6.2026 00:00")
    # Friday noon to Monday noon holds half a working day and half a working day.
    paused = five_days("1.6.2026 10:00", ("5.6.2026 12:00", "8.6.2026 12:00"))
    assert paused.due(CITY) == at("10.6.2026 00:00")
    # A pause over a weekend costs nothing.
    idle = five_days("1.6.2026 10:00", ("6.6.2026 00:00", "8.6.2026 00:00"))
    assert idle.due(CITY) == whole.due(CITY)


def test_while_a_pause_lasts_nothing_is_due_and_nothing_is_used():
    clock = five_days("1.6.2026 10:00", ("3.6.2026 00:00", None))
    assert clock.due(CITY) is None
    assert clock.used(at("30.6.2026 09:00"), CITY) == DAY
    assert clock.paused_at(at("30.6.2026 09:00"))
    assert not clock.paused_at(at("2.6.2026 09:00"))


def test_danger_runs_round_the_clock_from_the_very_moment():
    limit = Limit(timedelta(hours=24), Runs.ALWAYS)
    assert Clock(at("14.2.2026 22:15"), limit).due(CITY) == at("15.2.2026 22:15")


def test_the_ladder_is_climbed_step_by_step():
    ladder = [Step("overdue", 1.0), Step("near_due", 0.8), Step("long_overdue", 3.0)]
    clock = five_days("1.6.2026 10:00")

    def codes(now: str) -> list[str]:
        return [step.code for step in steps_reached(ladder, clock, at(now), CITY)]

    assert codes("5.6.2026 23:59") == []
    assert codes("8.6.2026 00:01") == ["near_due"]
    assert codes("9.6.2026 00:00") == ["near_due"], "at its very end a limit is kept"
    assert codes("9.6.2026 00:01") == ["near_due", "overdue"]
    assert codes("23.6.2026 00:01") == ["near_due", "overdue", "long_overdue"]


def test_a_city_that_changes_its_clocks_counts_that_day_as_one():
    town = WorkingCalendar(ZoneInfo("America/New_York"), "US", weekend={5})
    begin = datetime(2026, 3, 7, 12, tzinfo=town.zone)  # clocks go forward on Sunday the 8th
    clock = Clock(begin, Limit(2 * DAY, Runs.WORKING_DAYS))
    assert clock.due(town) == datetime(2026, 3, 10, tzinfo=town.zone)
    nights = Clock(datetime(2026, 3, 8, 6, tzinfo=UTC), Limit(timedelta(hours=3), Runs.ALWAYS))
    assert nights.due(town) == datetime(2026, 3, 8, 9, tzinfo=UTC)


SINCE, UNTIL = datetime(2018, 1, 1), datetime(2026, 12, 1)  # noqa: DTZ001  given their zone below
MOMENTS = st.datetimes(SINCE, UNTIL, timezones=st.just(SAIGON))
AMOUNTS = st.timedeltas(NOTHING, timedelta(days=40))


@settings(max_examples=60)
@given(st.lists(MOMENTS, min_size=3, max_size=3))
def test_working_time_adds_up(moments):
    first, middle, last = sorted(moments)
    parts = CITY.between(first, middle) + CITY.between(middle, last)
    assert CITY.between(first, last) == parts


@settings(max_examples=60)
@given(MOMENTS, AMOUNTS)
def test_what_is_added_is_what_passed_and_not_a_moment_later(begin, amount):
    end = CITY.after(begin, amount)
    assert CITY.between(begin, end) == amount
    if amount:
        assert CITY.between(begin, end - timedelta(microseconds=1)) < amount


@st.composite
def clocks(draw) -> Clock:
    begin = draw(MOMENTS)
    runs = draw(st.sampled_from(Runs))
    cuts = sorted(draw(st.lists(AMOUNTS, max_size=6)))
    pauses = tuple(
        Pause(begin + one, begin + other) for one, other in zip(cuts[::2], cuts[1::2], strict=False)
    )
    return Clock(begin, Limit(draw(AMOUNTS) + DAY, runs), pauses)


@settings(max_examples=100)
@given(clocks())
def test_at_its_due_moment_exactly_the_limit_is_used(clock):
    due = clock.due(CITY)
    assert due is not None
    assert clock.used(due, CITY) == clock.limit.amount
    assert clock.used(due - timedelta(microseconds=1), CITY) <= clock.limit.amount


@settings(max_examples=100)
@given(clocks(), st.one_of(st.just(NOTHING), AMOUNTS), st.booleans())
def test_more_than_all_of_the_limit_is_used_exactly_when_it_is_late(clock, apart, after):
    due = clock.due(CITY)
    now = due + apart if after else due - apart
    assert is_late(due, now) == (now > due)
    assert (clock.share(now, CITY) > 1) == is_late(due, now)
    overdue = steps_reached([Step("overdue", 1.0)], clock, now, CITY)
    assert bool(overdue) == is_late(due, now)


def test_a_limit_that_ends_with_a_friday_is_late_on_saturday():
    clock = Clock(at("29.5.2026 10:00"), Limit(5 * DAY, Runs.WORKING_DAYS))
    assert clock.due(CITY) == at("6.6.2026 00:00")
    assert clock.share(at("6.6.2026 00:00"), CITY) == 1
    assert clock.share(at("7.6.2026 09:00"), CITY) > 1


@settings(max_examples=60)
@given(clocks(), MOMENTS, AMOUNTS)
def test_time_never_runs_backwards_and_a_pause_never_brings_the_end_nearer(clock, now, later):
    assert clock.used(now, CITY) <= clock.used(now + later, CITY)
    bare = Clock(clock.begin, clock.limit)
    assert bare.due(CITY) <= clock.due(CITY)
