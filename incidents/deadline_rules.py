"""The city's limits, its working days and the reasons people may give, from their data files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Annotated, Final, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from districts import catalogue_files, city
from districts.catalogue_records import Code, Longest, Source, Spoken, Weekday
from districts.catalogue_rows import Reader
from incidents.closing import Terms
from incidents.deadlines import Limit, Runs, Step
from incidents.models import DecreedDay
from incidents.workflow import Step as WorkflowStep
from incidents.working_time import WorkingCalendar


class Tells(StrEnum):
    """Whom a step of the ladder tells."""

    AGENCY = "agency"
    PARENT = "parent"
    OPERATOR = "operator"
    LEADER = "leader"


class Waits(StrEnum):
    """Whom a step of the ladder tells while no agency has a report."""

    OPERATOR = "operator"
    LEADER = "leader"


class Dated(Protocol):
    """A row that holds from one day to another, the last one not with it."""

    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


def in_force(row: Dated, on: date) -> bool:
    """Tell whether a row holds on a day."""
    return (row.valid_from or date.min) <= on < (row.valid_to or date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRecord:
    """One limit and what it is for."""

    code: Code
    version: int = 1
    days: float | None = None
    hours: float | None = None
    category: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    danger: bool | None = None
    pause_days: float = 0.0
    valid_from: date | None = None
    valid_to: date | None = None
    source: Source = ""

    def fits(self, case: Case) -> bool:
        """Tell whether the row speaks of the case."""
        return (
            (not self.category or case.code in self.category)
            and (not self.sector or case.sector_id in self.sector)
            and self.danger in {None, case.danger}
        )

    @property
    def says(self) -> tuple[bool, bool, bool, date]:
        """How much it says: what names a category goes before a sector, and that before danger."""
        return (
            bool(self.category),
            bool(self.sector),
            self.danger is not None,
            self.valid_from or date.min,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingRecord:
    """How long the service itself may take to hand a report to an agency."""

    code: Code
    minutes: float
    version: int = 1
    valid_from: date | None = None
    valid_to: date | None = None
    source: Source = ""

    @property
    def limit(self) -> Limit:
        """The row as the rules of clocks read it."""
        return Limit(timedelta(minutes=self.minutes), Runs.ALWAYS, self.code, self.version)


class Case(Protocol):
    """What of a category decides its limit; a ``Category``."""

    @property
    def code(self) -> str: ...
    @property
    def sector_id(self) -> str: ...
    @property
    def danger(self) -> bool: ...
    @property
    def working_days(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """A rung of the ladder."""

    code: Code
    share: float
    tells: tuple[Tells, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardStepRecord:
    """A rung of the ladder of what no agency has yet; it may tell nobody."""

    code: Code
    share: float
    tells: tuple[Waits, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecreedRecord:
    """A day that is worked, or not, by decree."""

    day: date
    works: bool
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRecord:
    """A reason that a step may have."""

    code: Annotated[str, Longest(30)]
    step: WorkflowStep
    names: Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingReasonRecord:
    """What a reporter may tick beside the stars."""

    code: Annotated[str, Longest(30)]
    names: Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingRecord:
    """When a claim counts as true, for some sectors or for all others."""

    code: Code
    evidence: bool
    silence_days: float
    answer_days: float
    check_in_m: float
    sector: tuple[str, ...] = ()

    @property
    def terms(self) -> Terms:
        """The row as the rules of closing read it."""
        silence, answer = timedelta(days=self.silence_days), timedelta(days=self.answer_days)
        return Terms(silence, answer, self.evidence, self.check_in_m)


@dataclass(frozen=True, slots=True)
class Rules:
    """All of the files."""

    deadlines: tuple[DeadlineRecord, ...]
    ladder: tuple[Step, ...]
    decreed: tuple[DecreedRecord, ...]
    reasons: tuple[ReasonRecord, ...]
    closing: tuple[ClosingRecord, ...]
    rating_reasons: tuple[RatingReasonRecord, ...]
    forwarding: tuple[ForwardingRecord, ...] = ()
    forward_ladder: tuple[Step, ...] = ()

    def deadline(self, case: Case, on: date) -> DeadlineRecord:
        """Return the row that says most about the case on a day.

        For what was before the first rule, the first one.
        """
        fitting = [row for row in self.deadlines if row.fits(case)]
        begun = [row for row in fitting if in_force(row, on)]
        if not begun:
            first = min(row.valid_from or date.min for row in fitting)
            begun = [row for row in fitting if (row.valid_from or date.min) == first]
        return max(begun, key=lambda row: row.says)

    def limit(self, case: Case, on: date) -> Limit:
        """Return what an agency is allowed that takes the case over on a day."""
        row = self.deadline(case, on)
        if row.hours is not None:
            return Limit(timedelta(hours=row.hours), Runs.ALWAYS, row.code, row.version)
        days = case.working_days if row.days is None else row.days
        return Limit(timedelta(days=days), Runs.WORKING_DAYS, row.code, row.version)

    def forward_limit(self, on: date) -> Limit | None:
        """Return what the service allows itself for a report of a day; None where it says nothing.

        Of the rows in force the one that came into force last.
        """
        rows = [row for row in self.forwarding if in_force(row, on)]
        return max(rows, key=lambda row: row.valid_from or date.min).limit if rows else None

    def terms(self, case: Case) -> Terms:
        """Return what the city asks for before such a case is closed."""
        fitting = (row for row in self.closing if not row.sector or case.sector_id in row.sector)
        return max(fitting, key=lambda row: bool(row.sector)).terms

    def reasons_for(self, step: WorkflowStep) -> tuple[ReasonRecord, ...]:
        """Return the closed list of a step."""
        return tuple(reason for reason in self.reasons if reason.step is step)


_NUMBERS: Final = {day: number for number, day in enumerate(Weekday)}


def rules() -> Rules:
    """Return the current city's rules. Raises BrokenCatalogue."""
    return _rules(settings.WARDWISE_CITY)


def calendar(known_at: datetime | None = None) -> WorkingCalendar:
    """Return the current city's working days; what administrators decreed goes before the file.

    With ``known_at`` as they were known at that moment: without what was entered later.
    """
    town = city.current()
    decreed = {row.day: row.works for row in rules().decreed}
    entered = DecreedDay.objects.all()
    if known_at:
        entered = entered.filter(Q(entered_at=None) | Q(entered_at__lte=known_at))
    decreed.update(entered.values_list("day", "works"))
    return WorkingCalendar(
        ZoneInfo(town.time_zone),
        town.working_days.country,
        frozenset(_NUMBERS[day] for day in town.working_days.weekend),
        decreed,
    )


@cache
def _rules(code: str) -> Rules:
    town = catalogue_files.read_city(code)
    home = catalogue_files.FOLDER / town.catalogue
    limits = Reader(home / "deadlines.toml", town.languages)
    said = Reader(home / "reasons.toml", town.languages)
    found = Rules(
        limits.table("deadline", DeadlineRecord),
        tuple(_step(row) for row in limits.table("escalation", StepRecord)),
        limits.table("decreed_day", DecreedRecord, needed=False),
        said.table("reason", ReasonRecord),
        limits.table("closing", ClosingRecord),
        said.table("rating_reason", RatingReasonRecord),
        limits.table("forwarding", ForwardingRecord, needed=False),
        tuple(
            _step(row)
            for row in limits.table("forward_escalation", ForwardStepRecord, needed=False)
        ),
    )
    _refuse_problems((limits, said))
    return found


def _step(row: StepRecord | ForwardStepRecord) -> Step:
    return Step(row.code, row.share, tuple(row.tells))


def _refuse_problems(readers: Iterable[Reader]) -> None:
    problems = []
    for reader in readers:
        reader.refuse_unread()
        problems += reader.problems
    if problems:
        raise catalogue_files.BrokenCatalogue(problems)
