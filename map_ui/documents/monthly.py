"""The monthly report as a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext

from incidents.figures import By, Interval, Line, Overview, Pair, Share, Tally
from incidents.figures.intervals import FEWEST_RANKED
from incidents.figures.monthly import MonthlyReport
from map_ui import figure_words
from map_ui.documents.document import Column, Document, Kind, Picture, Table, Value
from map_ui.documents.making import made_today
from map_ui.figure_addresses import listed, listed_of_line, listed_of_pair
from map_ui.overview_tiles import charts_of

Whole = Callable[[str], str]
"""Makes a whole address of a path: files are read elsewhere."""
COUNTED = (
    "", "handled", "on_time", "honest", "", "", "backlog", "backlog", "declined", "reopened",
    "unproven", "rated", "rated",
)  # fmt: skip
"""Which figure each cell of a line leads to."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A figure in the period, in the one before, and a year before; ``figure`` names its list."""

    name: str
    kind: Kind
    values: Sequence[float | None]
    figure: str = ""
    interval: Interval | None = None


def document(report: MonthlyReport, narrowed: Sequence[str], whole: Whole) -> Document:
    """Return the report's tables: the figures, then agencies, sectors, wards, pairs, slowest.

    Every figure leads to the list of what it counts. ``narrowed`` are the names of what the report
    is narrowed to.
    """
    told = report.overview
    return Document(
        gettext("Monthly report"),
        " · ".join((figure_words.period_name(told.scope.period), *narrowed)),
        made_today(),
        (
            _figures(told, whole),
            _lines(told, By.AGENCY, gettext("Agencies"), told.lines, whole),
            _lines(told, By.SECTOR, gettext("Sectors"), report.sectors, whole),
            _lines(told, By.WARD, gettext("Wards"), report.wards, whole),
            _pairs(told, whole),
            _slowest(told, whole),
        ),
        _pictures(told),
    )


def _pictures(told: Overview) -> tuple[Picture, Picture]:
    drawn, names = charts_of(told), figure_words.FIGURES
    return (
        Picture(
            gettext("Cases that came, and work said to be done"), drawn.flow, drawn.periods,
            lambda many: figure_words.decimal(many, 0),
            (str(names["reported"]), str(names["handled"])),
        ),
        Picture(
            gettext("On time: by the clock, and honestly"), drawn.punctual, drawn.periods,
            lambda share: f"{figure_words.decimal(share * 100, 0)}%",
            (gettext("By the clock"), gettext("Honestly")),
        ),
    )  # fmt: skip


def _figures(told: Overview, whole: Whole) -> Table:
    buckets = (told.now, told.before, told.year_before)
    rows = tuple(_figure_rows(told, [bucket.tally for bucket in buckets]))
    scopes = [replace(told.scope, period=bucket.period) for bucket in buckets]
    return Table(
        gettext("The figures"),
        (
            Column(gettext("Figure"), Kind.TEXT, 3),
            *(Column(figure_words.period_name(b.period), Kind.COUNT, 1.4) for b in buckets),
            Column(gettext("95 %, at least"), Kind.COUNT),
            Column(gettext("95 %, at most"), Kind.COUNT),
        ),
        tuple((row.name, *row.values, *_bounds(row.interval)) for row in rows),
        tuple(
            ("", *(whole(listed(scope, row.figure)) for scope in scopes)) if row.figure else ()
            for row in rows
        ),
        gettext(
            "Honestly on time: within the limit, proven by a photo or on the spot, and not "
            "reopened. Intervals are Wilson's, for 95 %."
        ),
        tuple(row.kind for row in rows),
    )


def _bounds(interval: Interval | None) -> tuple[float | None, float | None]:
    return (interval.low, interval.high) if interval else (None, None)


def _figure_rows(told: Overview, tallies: list[Tally]) -> Iterator[_Row]:
    yield _counted("reported", [tally.reported for tally in tallies])
    yield _counted("handled", [tally.handled for tally in tallies])
    yield _shared("on_time", [tally.raw_share for tally in tallies])
    yield _shared("honest", [tally.honest_share for tally in tallies])
    yield _shared("declined", [tally.declined_share for tally in tallies])
    yield _shared("reopened", [tally.reopened_share for tally in tallies])
    yield _shared("unproven", [tally.unproven_share for tally in tallies])
    yield from _waiting_rows(told)
    yield _counted("backlog", [tally.backlog for tally in tallies])
    yield from _age_rows(told)
    stars = [tally.satisfaction for tally in tallies]
    sure = stars[0].interval if stars[0].count else None
    name = gettext("Satisfaction, 1 to 5 stars")
    yield _Row(name, Kind.STARS, [one.value for one in stars], "rated", sure)


def _counted(figure: str, values: Sequence[int]) -> _Row:
    return _Row(str(figure_words.FIGURES[figure]), Kind.COUNT, values, figure)


def _shared(figure: str, shares: Sequence[Share]) -> _Row:
    values, sure = [share.value for share in shares], shares[0].interval if shares[0].of else None
    return _Row(str(figure_words.FIGURES[figure]), Kind.SHARE, values, figure, sure)


def _waiting_rows(told: Overview) -> Iterator[_Row]:
    yield _shared("forwarded_in_time", [one.forwarded for one in told.waiting])
    solved = [one.solved for one in told.waiting]
    name = gettext("From report to solution, median, days")
    yield _Row(name, Kind.DAYS, [one.median for one in solved], "solved")
    name = gettext("From report to solution, 90th percentile, days")
    yield _Row(name, Kind.DAYS, [one.ninetieth for one in solved], "solved")


def _age_rows(told: Overview) -> Iterator[_Row]:
    ages = told.ages
    for name, age in (
        (gettext("Age of what is open, median, days"), ages.median),
        (gettext("90th percentile, days"), ages.ninetieth),
        (gettext("Oldest, days"), ages.oldest),
    ):
        yield _Row(name, Kind.DAYS, (age, None, None), "backlog")


def _lines(told: Overview, by: By, title: str, lines: Sequence[Line], whole: Whole) -> Table:
    columns = (
        Column(str(figure_words.GROUPS[by]), Kind.TEXT, 3.4),
        Column(gettext("Said to be done"), Kind.COUNT),
        Column(gettext("By the clock"), Kind.SHARE),
        Column(gettext("Honestly"), Kind.SHARE),
        Column(gettext("Honestly, at least"), Kind.SHARE),
        Column(gettext("Honestly, at most"), Kind.SHARE),
        Column(gettext("Still open"), Kind.COUNT),
        Column(gettext("Median age, days"), Kind.DAYS),
        Column(gettext("Passed on"), Kind.SHARE),
        Column(gettext("Came back"), Kind.SHARE),
        Column(gettext("Without proof"), Kind.SHARE),
        Column(gettext("Stars"), Kind.STARS),
        Column(gettext("Ratings"), Kind.COUNT),
    )
    links = tuple(
        tuple(code and whole(listed_of_line(told.scope, by, line.key, code)) for code in COUNTED)
        for line in lines
    )
    last = gettext("Lines of fewer than %(few)s cases stand last: they are too few to rank.")
    note = last % {"few": FEWEST_RANKED} if any(line.tally.few for line in lines) else ""
    return Table(title, columns, tuple(_line(line) for line in lines), links, note)


def _line(line: Line) -> tuple[Value, ...]:
    tally = line.tally
    honest = tally.honest_share
    return (
        line.name,
        tally.handled,
        tally.raw_share.value,
        honest.value,
        honest.interval.low if honest.of else None,
        honest.interval.high if honest.of else None,
        tally.backlog,
        line.ages.median,
        tally.declined_share.value,
        tally.reopened_share.value,
        tally.unproven_share.value,
        tally.satisfaction.value,
        tally.rated,
    )


def _pairs(told: Overview, whole: Whole) -> Table:
    columns = (
        Column(gettext("Said: not ours"), Kind.TEXT, 3),
        Column(gettext("Got it then"), Kind.TEXT, 3),
        Column(gettext("Cases"), Kind.COUNT),
        Column(gettext("Of what it had"), Kind.SHARE),
    )
    links = tuple(("", "", whole(listed_of_pair(told.scope, pair))) for pair in told.pairs)
    rows = tuple(_pair(pair) for pair in told.pairs)
    return Table(gettext("Passed on: not ours"), columns, rows, links)


def _pair(pair: Pair) -> tuple[Value, ...]:
    taker = pair.taker.name if pair.taker else gettext("nobody yet")
    return pair.giver.name, taker, pair.cases, pair.share.value


def _slowest(told: Overview, whole: Whole) -> Table:
    columns = (
        Column(gettext("Case"), Kind.TEXT, 2.4),
        Column(gettext("Where"), Kind.TEXT, 2),
        Column(gettext("Agency"), Kind.TEXT, 3),
        Column(gettext("Reported"), Kind.MOMENT, 1.6),
        Column(gettext("Days"), Kind.DAYS),
    )
    rows = tuple(
        (f"{case.category} {case.incident}", case.ward, case.agency.name if case.agency else None,
         case.opened, case.days)
        for case in told.slowest
    )  # fmt: skip
    links = tuple((whole(reverse("pages:case", args=(case.incident,))),) for case in told.slowest)
    return Table(gettext("Open longest"), columns, rows, links)
