"""A reporter's time runs through all hands, and only named pauses stop it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.citizen_clock import CitizenClock, lived, pauses_of
from incidents.deadlines import Clock, Limit, Pause, Runs
from incidents.working_time import DAY, NOTHING, WorkingCalendar

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
CITY = WorkingCalendar(SAIGON, "VN", decreed={date(2026, 1, 2): False, date(2026, 1, 10): True})
SINCE, UNTIL = datetime(2025, 1, 1), datetime(2026, 6, 1)  # noqa: DTZ001  given their zone below
MOMENTS = st.datetimes(SINCE, UNTIL, timezones=st.just(SAIGON))
HOURS = st.integers(0, 300).map(lambda hours: timedelta(hours=hours, minutes=7))


def at(text):
    return datetime.strptime(text, "%d.%m.%Y %H:%M").replace(tzinfo=SAIGON)


@dataclass
class Hold:
    """One agency's time, with its pauses."""

    begin: datetime
    end: datetime
    pauses: tuple[Pause, ...]


@st.composite
def ways(draw):
    """A report, and hands through which it goes with gaps between them, each with its pauses."""
    begin = draw(MOMENTS)
    moment, holds = begin, []
    for _ in range(draw(st.integers(0, 4))):
        start = moment + draw(HOURS)
        cuts = sorted(start + one for one in draw(st.lists(HOURS, max_size=4)))
        pauses = tuple(Pause(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False))
        moment = max([start, *cuts]) + draw(HOURS)
        holds.append(Hold(start, moment, pauses))
    return begin, holds, moment + draw(HOURS)


@settings(max_examples=120)
@given(ways())
def test_the_agencies_clocks_and_what_lies_between_add_up_to_it(way):
    """With the rest of the day of each hand-over, which an agency's own clock leaves out."""
    begin, holds, now = way
    whole = CitizenClock(begin, tuple(pause for hold in holds for pause in hold.pauses))
    parts, moment = NOTHING, begin
    for hold in holds:
        parts += CITY.between(moment, hold.begin)
        own = Clock(hold.begin, Limit(5 * DAY, Runs.WORKING_DAYS), hold.pauses)
        first = min(CITY.start_after(hold.begin), hold.end)
        parts += own.used(hold.end, CITY) + CITY.between(hold.begin, first)
        parts -= sum((CITY.between(p.begin, min(p.end, first)) for p in hold.pauses), NOTHING)
        moment = hold.end
    parts += CITY.between(moment, now)
    assert whole.used(now, CITY) == parts


@settings(max_examples=60)
@given(ways(), HOURS)
def test_it_never_runs_backwards_and_pauses_are_a_part_of_it(way, later):
    begin, holds, now = way
    clock = CitizenClock(begin, tuple(pause for hold in holds for pause in hold.pauses))
    assert NOTHING <= clock.paused(now, CITY) <= clock.lasted(now, CITY)
    assert clock.used(now, CITY) <= clock.used(now + later, CITY)
    ended = CitizenClock(begin, clock.pauses, now)
    assert ended.used(now + later, CITY) == clock.used(now, CITY)


def test_a_case_that_two_agencies_had_and_that_was_paused_once():
    told = [
        ("assigned", at("1.6.2026 10:00"), ""), ("declined", at("2.6.2026 10:00"), "not_ours"),
        ("assigned", at("3.6.2026 10:00"), ""), ("paused", at("4.6.2026 10:00"), "weather"),
        ("noted", at("8.6.2026 12:00"), ""), ("resumed", at("9.6.2026 10:00"), ""),
    ]  # fmt: skip
    clock = CitizenClock(at("1.6.2026 10:00"), pauses_of(told))
    said = lived(clock, at("12.6.2026 11:00"), CITY)
    assert (said.days, said.paused, said.ended) == (9, 3, False)


def test_a_pause_that_nobody_ended_ends_when_the_case_leaves_the_agency():
    told = [("paused", at("1.6.2026 10:00"), "weather"), ("declined", at("2.6.2026 10:00"), "x")]
    assert pauses_of(told) == (Pause(at("1.6.2026 10:00"), at("2.6.2026 10:00"), "weather"),)
    assert pauses_of(told[:1])[0].end is None
    open_one = CitizenClock(at("1.6.2026 00:00"), pauses_of(told[:1]))
    assert open_one.used(at("30.6.2026 00:00"), CITY) == timedelta(hours=10)


def test_between_a_closing_that_did_not_hold_and_the_reopening_it_runs():
    clock = CitizenClock(at("1.6.2026 10:00"))
    assert lived(clock, at("5.6.2026 10:00"), CITY).days == 4
